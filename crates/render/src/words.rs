//! Ids and classes for languages in which an id is a word: Mermaid and D2.
//!
//! A word says what it stands for, so that a change of the drawing can be read in the text.

use crate::label;
use crate::page::{LABEL, NAME, NodeText, Page};
use crate::text;
use model::NodeKind;
use model::view::Line;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Hands out words, each once. Words that differ in case alone are the same word to D2.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// How often each has been asked for, in lower case.
    taken: BTreeMap<String, usize>,
}

impl Words {
    /// A word of letters, digits and underscores, made from an id of the model. The prefix keeps it from being one that
    /// means something to the language.
    pub(crate) fn word(&mut self, prefix: &str, id: &str) -> String {
        const MOST: usize = 48;
        let mut word = prefix.to_owned();
        for c in id.chars() {
            if word.len() >= MOST {
                break;
            }
            if c.is_ascii_alphanumeric() {
                word.push(c);
            } else if !word.ends_with('_') {
                word.push('_');
            }
        }
        let word = word.trim_end_matches('_').to_owned();
        let mut free = word.clone();
        loop {
            let times = self.taken.entry(free.to_lowercase()).or_default();
            *times += 1;
            if *times == 1 {
                return free;
            }
            // `a`, `a`, `a_2`: the third is asked for as `a_2` too, and becomes `a_2_2`.
            free = format!("{word}_{times}");
        }
    }
}

/// The words of a page: for each of its groups and nodes.
pub(crate) struct PageWords {
    pub(crate) groups: Vec<String>,
    pub(crate) nodes: Vec<String>,
}

impl PageWords {
    pub(crate) fn new(page: &Page<'_>) -> Self {
        let mut words = Words::default();
        let groups = page.view.groups.iter().map(|group| words.word("s_", &group.id)).collect();
        let nodes = page.view.nodes.iter().map(|leaf| words.word("n_", &leaf.node.id)).collect();
        Self { groups, nodes }
    }
}

/// The label of a line where there is room: a few words of it, and how many more there are.
pub(crate) fn line_label(line: &Line<'_>) -> String {
    const MOST: usize = 3;
    let words = label::words(&line.labels);
    let mut shown: Vec<String> = words.iter().take(MOST).map(|word| text::shorten(word, LABEL, 260)).collect();
    if words.len() > MOST {
        shown.push(format!("+{}", words.len() - MOST));
    }
    shown.join(", ")
}

/// The name of a node where there is room, in lines.
pub(crate) fn node_name(node: &NodeText) -> Vec<String> {
    let lines = if node.whole.len() > 1 { 1 } else { 2 };
    node.whole.iter().flat_map(|name| text::wrap(name, NAME, 260, lines)).collect()
}

/// What the nodes of a page have in common: a class for each kind, and one more where a kind comes in several colours.
pub(crate) struct Classes {
    /// Name, kind and colour, in the order of kinds.
    pub(crate) all: Vec<(String, NodeKind, &'static str)>,
}

impl Classes {
    pub(crate) fn new(page: &Page<'_>) -> Self {
        let mut looks: Vec<(NodeKind, &'static str)> =
            page.view.nodes.iter().zip(&page.nodes).map(|(leaf, text)| (leaf.node.kind, text.look.colour)).collect();
        looks.sort_unstable();
        looks.dedup();
        let mut all: Vec<(String, NodeKind, &'static str)> = Vec::new();
        for (kind, colour) in looks {
            let mut name = kind.as_str().to_owned();
            if all.iter().any(|(_, other, _)| *other == kind) {
                let _ = write!(name, "_{}", colour.trim_start_matches('#'));
            }
            all.push((name, kind, colour));
        }
        Self { all }
    }

    /// The class of a node of the page.
    pub(crate) fn of(&self, page: &Page<'_>, node: usize) -> &str {
        let look = (page.view.nodes[node].node.kind, page.nodes[node].look.colour);
        self.all.iter().find(|(_, kind, colour)| (*kind, *colour) == look).map_or("other", |(name, ..)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain_and_differ() {
        let mut words = Words::default();
        let mut word = |id: &str| words.word("n_", id);
        assert_eq!(word("orders/CreateOrder"), "n_orders_CreateOrder");
        assert_eq!(word("orders.createOrder"), "n_orders_createOrder_2");
        assert_eq!(word("end"), "n_end");
        assert_eq!(word("\"><script>"), "n_script");
        assert_eq!(word("שלום"), "n");
        assert_eq!(word("…"), "n_2");
        assert_eq!(word("n_2"), "n_n_2");
        assert_eq!(word(&"x".repeat(300)).len(), 48);
        let mut words = Words::default();
        let all = ["a", "a", "a_2", "a", "a 2"].map(|id| words.word("", id));
        assert_eq!(all, ["a", "a_2", "a_2_2", "a_3", "a_2_3"]);
    }
}
