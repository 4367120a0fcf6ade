//! Where in the scanned repository something stands.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A position in a scanned file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Path relative to the scanned root, with `/` between its parts.
    pub file: Arc<str>,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

impl Place {
    /// A position in `file`; line and column count from 1.
    pub fn new(file: impl Into<Arc<str>>, line: u32, column: u32) -> Self {
        Self { file: file.into(), line, column }
    }

    /// File and line alone, as people say it.
    pub fn line_of_file(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The source that makes a flow happen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it stands.
    pub place: Place,
    /// The text at that place, shortened to one line: `table.put_item(...)`, `Events.Post`.
    pub what: Arc<str>,
    /// The chain of functions from the entry point to the place, outermost first; empty for configuration.
    pub via: Vec<Arc<str>>,
}
