//! What a front end has to be. Two kinds: of configuration, and of a programming language.

use crate::code::Unit;
use crate::{Declarations, Entry, SourceFile, Sources};
use serde::Serialize;
use std::sync::Arc;

/// Reads one configuration format.
pub trait ConfigFrontend: Sync {
    /// Stable name, used in diagnostics.
    fn name(&self) -> &'static str;

    /// A cheap check on the path: may a file of this name be of the format? Decides nothing about content.
    fn wants(&self, path: &str) -> bool;

    /// Adds what the file declares; adds nothing for a file that turns out not to be of the format.
    /// Other files that it names (includes, definitions, code) are looked up in `sources`.
    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations);
}

/// Where an entry starts, found by a language front end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Start {
    /// The file.
    pub path: Arc<str>,
    /// The function in it, dotted for a method; empty when the file itself is run; an app as [`crate::Handler::App`]
    /// names it.
    pub function: Arc<str>,
    /// The folders on the module search path, first wins.
    pub roots: Vec<Arc<str>>,
}

/// A request to find an imported module.
#[derive(Clone, Copy, Debug)]
pub struct ImportRequest<'a> {
    /// The file that imports.
    pub from: &'a str,
    /// The module, as [`crate::code::Unit::imports`] gives it.
    pub module: &'a str,
    /// The folders on the module search path, first wins.
    pub roots: &'a [Arc<str>],
}

/// Reads one programming language.
pub trait Language: Sync {
    /// Stable name, used in diagnostics and as [`Unit::language`].
    fn name(&self) -> &'static str;

    /// Where the entry starts, when it is of this language and its code is in the scan. `Err` holds the
    /// reason why it cannot be found, for an entry that is surely of this language; `None` when it is not.
    fn locate(&self, entry: &Entry, sources: &dyn Sources) -> Option<Result<Start, String>>;

    /// Summarises one file. Never fails: what does not parse is left out and named in a diagnostic.
    fn summarise(&self, file: &SourceFile) -> Unit;

    /// The file of the scan that an import means, if there is one.
    fn import(&self, request: ImportRequest<'_>, sources: &dyn Sources) -> Option<Arc<str>>;
}
