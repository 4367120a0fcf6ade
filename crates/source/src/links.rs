//! Symbolic links: second names of files that the walk found, never a way out of the root.

use crate::walk::relative;
use facts::{Diagnostic, Place};
use std::collections::BTreeMap;
use std::path::Path;

/// More second names than this are not followed: links to links could multiply without end.
const MAX_ALIASES: usize = 50_000;

/// The second names that `links` give to `files`, with the real path of each, and what is said about the links
/// that are not followed. `files` and `links` are sorted and relative to `root`, which is canonical.
pub(crate) fn aliases(root: &Path, files: &[String], links: &[String]) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let mut aliases = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for link in links {
        let mut note =
            |code, message: &str| diagnostics.push(Diagnostic::note(code, Place::new(&**link, 1, 1), message));
        let Ok(target) = root.join(link).canonicalize() else {
            note("link-broken", "this link points to nothing and is left out");
            continue;
        };
        let Some(target) = target.strip_prefix(root).ok().and_then(relative) else {
            note("link-outside", "this link leaves the scanned folder and is not followed");
            continue;
        };
        if target.is_empty() || link.starts_with(&format!("{target}/")) {
            note("link-loop", "this link leads to a folder that holds it and is not followed");
            continue;
        }
        let named = second_names(files, link, &target);
        if aliases.len() + named.len() > MAX_ALIASES {
            note("link-limit", "there are too many files behind links; this one is not followed");
            continue;
        }
        aliases.extend(named);
    }
    (aliases, diagnostics)
}

/// The link itself when its target is a file, or each file below it when that is a folder.
fn second_names(files: &[String], link: &str, target: &str) -> Vec<(String, String)> {
    if files.binary_search_by(|f| f.as_str().cmp(target)).is_ok() {
        return vec![(link.to_owned(), target.to_owned())];
    }
    let prefix = format!("{target}/");
    let start = files.partition_point(|f| *f < prefix);
    files[start..]
        .iter()
        .map_while(|f| f.strip_prefix(&prefix).map(|rest| (format!("{link}/{rest}"), f.clone())))
        .collect()
}
