//! The files of a drawing's pages, by which they link to one another.

use model::Location;
use model::view::View;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The name of a drawing's files, before what tells its pages apart.
pub(crate) const NAME: &str = "architecture";

/// The names of the pages' files, without ending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    by_page: BTreeMap<String, String>,
    /// The page that comes first.
    pub(crate) first: String,
}

impl Links {
    /// Names the pages: the first one as the drawing, each other one after its id too.
    pub(crate) fn new(views: &[View<'_>]) -> Self {
        let mut links = Self::default();
        let mut taken = BTreeSet::new();
        for view in views {
            let name = if links.first.is_empty() { NAME.to_owned() } else { format!("{NAME}-{}", slug(&view.id)) };
            let mut free = name.clone();
            for n in 2.. {
                if taken.insert(free.clone()) {
                    break;
                }
                free = format!("{name}-{n}");
            }
            if links.first.is_empty() {
                links.first.clone_from(&view.id);
            }
            links.by_page.insert(view.id.clone(), free);
        }
        links
    }

    /// The name of a page's file, without ending; nothing for a page that there is not.
    pub(crate) fn file(&self, page: &str) -> Option<&str> {
        self.by_page.get(page).map(String::as_str)
    }
}

/// The address of a line of source, from what stands before its path: at a repository's host, or in a folder.
pub(crate) fn source(before: &str, at: &Location) -> String {
    // An address at a host is as a person wrote it.
    let before = if before.contains("://") { before.to_owned() } else { encoded(before, b"/:") };
    format!("{before}{}#L{}", encoded(&at.file, b"/"), at.line)
}

/// A path as a part of an address, in which only these bytes keep a meaning.
fn encoded(path: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Letters and digits in lower case, with a hyphen for all else.
fn slug(id: &str) -> String {
    const MOST: usize = 60;
    let mut out = String::new();
    for c in id.chars().take(MOST) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_differ() {
        let view = |id: &str| View {
            id: id.to_owned(),
            title: String::new(),
            groups: Vec::new(),
            nodes: Vec::new(),
            lines: Vec::new(),
        };
        let ids = ["overview", "a/Orders", "a orders", "../..", "ü"];
        let links = Links::new(&ids.map(view));
        let files: Vec<&str> = ids.iter().filter_map(|id| links.file(id)).collect();
        assert_eq!(
            files,
            ["architecture", "architecture-a-orders", "architecture-a-orders-2", "architecture-", "architecture--2"]
        );
        assert_eq!(links.file("gone"), None);
    }

    #[test]
    fn paths_lead_nowhere_else() {
        assert_eq!(encoded("a b/(c).py", b"/"), "a%20b/%28c%29.py");
        assert_eq!(encoded("javascript:x#y", b"/"), "javascript%3Ax%23y");
        assert_eq!(encoded("../", b"/:"), "../");
    }
}
