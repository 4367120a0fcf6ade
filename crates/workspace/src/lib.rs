//! The architecture of a program: the crates of a Cargo workspace, their modules, and who uses whom.
//!
//! In go the files of a folder ([`facts::Sources`]), out comes a [`Model`] whose nodes are crates, whose parts are modules,
//! and whose flows are what `use` items and qualified paths name, each with its line. `manifest` reads `Cargo.toml`, `members`
//! says which packages belong together and what a dependency is called in code, `tree` reads the modules of a target by
//! `syntax`, `names` tells what a path names, `drawn` puts it together. Nothing is built or run, and neither Cargo nor the
//! network is asked. Tests are left out: what is only there under `cfg(test)`, targets for tests, examples and benchmarks,
//! and dependencies for development. They do not end in the program, and may form circles that the program does not have.
//!
//! It knows no types: a method that is called on a value of another crate is seen only where something names that crate.

mod drawn;
mod manifest;
mod members;
mod names;
mod paths;
mod syntax;
mod tokens;
mod tree;

use facts::{Diagnostic, Sources};
use model::Model;

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What people call the program.
    pub name: String,
    /// Also the crates that come from elsewhere, a node each.
    pub external: bool,
}

/// The crates, and what was left out or may be wrong, sorted by place.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The program.
    pub model: Model,
    /// What there is to say about the source.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the workspace, or the package, at the root of the folder; where there is none, each of the outermost below it.
/// Never fails: what cannot be understood is left out and named in a diagnostic.
pub fn read(sources: &dyn Sources, options: &Options) -> Outcome {
    let mut diagnostics = Vec::new();
    let packages = members::packages(sources, &mut diagnostics);
    let program = tree::program(packages, sources, &mut diagnostics);
    let model = drawn::model(&program, options, &mut diagnostics);
    diagnostics.sort();
    diagnostics.dedup();
    Outcome { model, diagnostics }
}
