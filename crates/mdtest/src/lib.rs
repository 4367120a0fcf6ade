//! Literate tests: Markdown in which each heading is a scenario, whose blocks are the files of a repository and
//! what the program must see in it.
//!
//! In goes a folder of Markdown, out come [`Scenario`]s that run in memory. The format is described in
//! `tests/README.md`. Development only: this crate reads and, on request, rewrites those files.

mod document;
mod edges;
mod expect;
mod names;
mod same;

pub use document::{Block, Document, Scenario};

use std::path::{Path, PathBuf};

/// Why a folder of tests cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// A file is not in the format.
    #[error("{path}:{line}: {message}")]
    Format {
        /// Which.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// Every Markdown file below a folder, sorted by path.
pub fn load_folder(folder: &Path) -> Result<Vec<Document>, Error> {
    let mut paths = Vec::new();
    markdown_files(folder, &mut paths)?;
    paths.sort();
    paths.iter().map(|path| Document::load(folder, path)).collect()
}

/// Rewrites the expected blocks of every file below the folder to today's result. Returns the changed files.
pub fn update_folder(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut changed = Vec::new();
    for document in load_folder(folder)? {
        let text = document.updated();
        if text != document.text {
            let file = |reason| Error::File { path: document.path.clone(), reason };
            std::fs::write(&document.path, text).map_err(file)?;
            changed.push(document.path);
        }
    }
    Ok(changed)
}

fn markdown_files(folder: &Path, out: &mut Vec<PathBuf>) -> Result<(), Error> {
    let file = |reason| Error::File { path: folder.to_owned(), reason };
    for entry in std::fs::read_dir(folder).map_err(file)? {
        let path = entry.map_err(file)?.path();
        if path.is_dir() {
            markdown_files(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "md") {
            out.push(path);
        }
    }
    Ok(())
}
