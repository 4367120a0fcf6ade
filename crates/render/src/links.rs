//! The files of a drawing's pages, by which they link to one another.

use model::view::View;
use std::collections::{BTreeMap, BTreeSet};

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
}
