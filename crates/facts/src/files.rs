//! Files that code has beside it, as an interpreter of the code sees them.

use std::sync::Arc;

/// How a file or a text holds data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFormat {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// Sections with keys and texts.
    Ini,
}

/// Data without the format that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text, or a number that is not whole, as it is written.
    Text(Arc<str>),
    /// A list.
    List(Vec<Data>),
    /// A map, in source order.
    Map(Vec<(Arc<str>, Data)>),
}

/// The files of the scan for code that opens them.
pub trait Files: Sync {
    /// The text of a file by its path relative to the scanned root; `None` when it is not of the scan, or too large.
    fn text(&self, path: &str) -> Option<Arc<str>>;

    /// The data in a text; `None` when it is not of the format.
    fn data(&self, text: &Arc<str>, format: DataFormat) -> Option<Data>;
}

/// No files.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn text(&self, _path: &str) -> Option<Arc<str>> {
        None
    }

    fn data(&self, _text: &Arc<str>, _format: DataFormat) -> Option<Data> {
        None
    }
}
