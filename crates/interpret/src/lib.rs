//! What deployed code does: from an entry point through the summaries of its files to its effects.
//!
//! An abstract interpreter over [`facts::code`]. It walks from one entry with symbolic arguments, keeps
//! objects and module globals, asks the catalog what a library call means, and yields [`facts::RunTime`].
//! It knows no syntax and no configuration: environment variables stay symbolic for `resolve` to fill in.
//!
//! `machine` holds the state and runs statements, `evaluate` computes values, `members` reads attributes and
//! elements, `calls` enters functions, `classes` makes classes and instances, `lineage` finds what they inherit, `libraries` and `actions` apply the
//! catalog's rules, `operations` turns calls of service APIs into effects, `statements` reads SQL, `sdk` reads the SDK's
//! resource models, `declared` is for classes that a library gives their methods, `servers` finds the host that a client
//! is for, `cuts` cuts texts, `generators` tells what runs only when it is read, `loops` takes turns, `documents` reads what is asked of a GraphQL API, `typed` follows written types, `decorators` is for functions that a library makes
//! something of, `settings` and `injected` follow values through libraries for settings and for dependency injection.

mod actions;
mod addresses;
mod apps;
mod calls;
mod cases;
mod classes;
mod conditions;
mod cuts;
mod declared;
mod decorators;
mod documents;
mod evaluate;
mod files;
mod generators;
mod heap;
mod injected;
mod keys;
mod libraries;
mod lineage;
mod loops;
mod machine;
mod members;
mod modules;
mod operations;
mod predicates;
mod requests;
mod routes;
mod sdk;
mod servers;
mod settings;
mod statements;
mod text;
mod typed;
mod value;

use facts::code::Unit;
use facts::{Entry, Files, RunTime, Start};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All code that entries of a scan can reach.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Summaries by path.
    pub units: BTreeMap<Arc<str>, Arc<Unit>>,
    /// For each module search path: the file that a module means to the file that imports it.
    pub imports: BTreeMap<Roots, Imports>,
}

/// Folders on a module search path, first wins.
pub type Roots = Vec<Arc<str>>;

/// The path of a module's file by importing file and module name; what is not here is not of the scan.
pub type Imports = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Arc<str>>>;

/// Everything that `entry` does when it runs from `start`, with `files` beside its code. Terminates on any program: work, depth and sizes
/// are limited, and a limit that is hit is among the diagnostics.
pub fn run(entry: &Entry, start: &Start, program: &Program, files: &dyn Files) -> RunTime {
    machine::Machine::new(entry, start, program, files).run()
}
