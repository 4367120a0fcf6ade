//! The Python front end: source text in, [`facts::code::Unit`] out.
//!
//! Knows the Python language and tree-sitter, and nothing of libraries, clouds or templates. Start at
//! [`PYTHON`], the implementation of [`facts::Language`]. `locate` finds files for handlers and imports; `lower`,
//! `statements`, `matching`, `imports`, `expressions` and `strings` turn syntax into the summary; `scope` follows local variables;
//! `recovery` finds what is fine in a broken file.

mod dump;
mod expressions;
mod grammar;
mod imports;
mod language;
mod locate;
mod lower;
mod matching;
mod patterns;
mod recovery;
mod repeats;
mod scope;
mod statements;
mod strings;

pub use dump::dump;
pub use language::{PYTHON, Python, summarise_inline};
