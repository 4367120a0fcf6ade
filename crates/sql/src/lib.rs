//! SQL as far as it says what flows: which tables a text of statements reads and writes, which routines it calls, and
//! which it declares.
//!
//! Statements stand in mapping templates, in code and in files, of any dialect and with placeholders of any kind, so
//! they are read by tokens and not by a grammar: what is not understood is passed over. Text in, names out.

mod routines;
mod statements;
mod tokens;

pub use routines::routines;
pub use statements::{Statements, Use, read};

/// What may stand in a text for a piece that is not known: a name with it in it is no name.
pub const HOLE: &str = "${?}";
