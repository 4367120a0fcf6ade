//! Which files are in a folder.

use crate::skip::skips;
use facts::{Diagnostic, Place, Severity};
use ignore::overrides::Override;
use ignore::{DirEntry, WalkBuilder, WalkState};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

/// What the walk came upon.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Regular files, relative to the root with `/`, sorted.
    pub(crate) files: Vec<String>,
    /// Symbolic links, likewise.
    pub(crate) links: Vec<String>,
    /// What could not be walked.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

enum Item {
    File(String),
    Link(String),
    Problem(Diagnostic),
}

/// Walks everything below `root` that is neither ignored, excluded nor one of the `skipped` folders.
///
/// Only ignore files below the root count, not those above it nor the user's own: the same folder gives
/// the same files on every machine.
pub(crate) fn walk(root: &Path, exclude: Override, skipped: Vec<PathBuf>) -> Found {
    let mut builder = WalkBuilder::new(root);
    builder.hidden(false).parents(false).require_git(false).git_global(false).git_exclude(false).overrides(exclude);
    builder.filter_entry(move |entry| {
        let folder = entry.file_type().is_some_and(|t| t.is_dir()) && entry.depth() > 0;
        !(folder && (skips(entry.path()) || skipped.iter().any(|s| s == entry.path())))
    });
    let (sender, receiver) = mpsc::channel();
    builder.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            if let Some(item) = item(root, entry) {
                // The receiver outlives the walk.
                let _ = sender.send(item);
            }
            WalkState::Continue
        })
    });
    drop(sender);
    collect(receiver)
}

fn collect(items: impl IntoIterator<Item = Item>) -> Found {
    let mut found = Found::default();
    for item in items {
        match item {
            Item::File(path) => found.files.push(path),
            Item::Link(path) => found.links.push(path),
            Item::Problem(diagnostic) => found.diagnostics.push(diagnostic),
        }
    }
    found.files.sort_unstable();
    found.links.sort_unstable();
    found.diagnostics.sort_unstable();
    found
}

fn item(root: &Path, entry: Result<DirEntry, ignore::Error>) -> Option<Item> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return Some(Item::Problem(problem(root, &error))),
    };
    let kind = entry.file_type()?;
    if entry.depth() == 0 || !(kind.is_file() || kind.is_symlink()) {
        return None;
    }
    let path = entry.path().strip_prefix(root).ok()?;
    Some(match relative(path) {
        Some(path) if kind.is_symlink() => Item::Link(path),
        Some(path) => Item::File(path),
        None => Item::Problem(Diagnostic {
            place: None,
            severity: Severity::Warning,
            code: "path-not-utf8",
            message: format!("the name of `{}` is not UTF-8; the file is left out", path.display()),
            hint: Some("rename the file".to_owned()),
        }),
    })
}

/// The path with `/` between its parts; `None` when it is not UTF-8.
pub(crate) fn relative(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

fn problem(root: &Path, error: &ignore::Error) -> Diagnostic {
    let (path, reason) = about(error);
    let path = path.and_then(|p| p.strip_prefix(root).ok()).and_then(relative);
    Diagnostic {
        place: path.map(|p| Place::new(p, 1, 1)),
        severity: Severity::Warning,
        code: "not-walked",
        message: format!("cannot be read and is left out: {reason}"),
        hint: None,
    }
}

/// The path that an error is about, and its reason without that path, which may be absolute.
fn about(error: &ignore::Error) -> (Option<&Path>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), about(err).1),
        ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => about(err),
        ignore::Error::Partial(all) => all.first().map_or((None, error.to_string()), about),
        other => (None, other.io_error().map_or_else(|| other.to_string(), |io| io.kind().to_string())),
    }
}
