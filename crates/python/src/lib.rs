//! The Python front end: source text in, [`facts::code::Unit`] out.
//!
//! Knows the Python language and its parser, and nothing of libraries, clouds or templates. Start at
//! [`PYTHON`], the implementation of [`facts::Language`]. `locate` finds files for handlers and imports, `search_path` folders that a program adds; `recovery` parses
//! and finds what is fine in a broken file, `nesting` what is nested too deeply for that. `lower` goes over the syntax
//! tree with `functions`, `classes`, `statements`, `branches`, `loops`, `assignments`, `matching`, `patterns`, `imports`, `expressions`, `calls`,
//! `comprehensions` and `strings`; `scope` follows local variables.

mod assignments;
mod branches;
mod calls;
mod classes;
mod comprehensions;
mod dump;
mod expressions;
mod functions;
mod imports;
mod language;
mod locate;
mod loops;
mod lower;
mod matching;
mod nesting;
mod patterns;
mod recovery;
mod scope;
mod search_path;
mod statements;
mod strings;

pub use dump::dump;
pub use language::{PYTHON, Python, summarise_inline};
