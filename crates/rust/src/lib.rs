//! The Rust front end: source text in, [`facts::code::Unit`] out.
//!
//! Knows the Rust language, `syn` and Cargo's manifests, and nothing of libraries, clouds or templates. Start at
//! [`RUST`], the implementation of [`facts::Language`]. `locate` finds the binary that a function runs and the files that
//! modules are in, with `packages`, which reads manifests; `items`, `functions`,
//! `attributes`, `blocks`, `expressions`, `branches`, `patterns`, `paths`, `types` and `macros` turn syntax into the summary; `scope` follows local variables.

mod attributes;
mod blocks;
mod branches;
mod expressions;
mod functions;
mod items;
mod language;
mod locate;
mod macros;
mod packages;
mod paths;
mod patterns;
mod scope;
mod types;

pub use language::{RUST, Rust};
