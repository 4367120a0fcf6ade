//! The catalog's tables as files: a head line with `#`, then rows of columns with tabs between, sorted.

use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

/// The folder of the catalog's tables.
pub(crate) fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../catalog/data")
}

/// The text of one of them.
pub(crate) fn read(name: &str) -> Result<String> {
    std::fs::read_to_string(data().join(name)).with_context(|| format!("cannot read {name}"))
}

/// Replaces the text of one of them.
pub(crate) fn write(name: &str, text: &str) -> Result<()> {
    std::fs::write(data().join(name), text).with_context(|| format!("cannot write {name}"))
}

/// A table in memory.
pub(crate) struct Table {
    pub(crate) head: String,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty one.
    pub(crate) fn new(head: &str) -> Self {
        Self { head: head.to_owned(), rows: Vec::new() }
    }

    /// The committed one. Lines that begin with `#` are its head.
    pub(crate) fn open(name: &str) -> Result<Self> {
        let text = read(name)?;
        let (head, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
        let rows = rows.into_iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        Ok(Self { head: head.join("\n"), rows })
    }

    /// The row of this first column.
    pub(crate) fn row(&self, key: &str) -> Option<&Vec<String>> {
        self.rows.iter().find(|row| row[0] == key)
    }

    /// Writes it, sorted.
    pub(crate) fn save(mut self, name: &str) -> Result<()> {
        self.rows.sort();
        let mut text = self.head + "\n";
        for row in &self.rows {
            ensure!(!row.iter().any(|c| c.contains(['\t', '\n'])), "{name}: a column of {row:?} has a tab");
            text += &row.join("\t");
            text.push('\n');
        }
        write(name, &text)
    }
}
