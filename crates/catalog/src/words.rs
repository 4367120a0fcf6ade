//! Words in names that say what is named, not which one.

use crate::table::rows;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use vocabulary::NodeKind;

/// Words that people put into names of things of a kind; in lower case, longest first.
pub fn kind_words(kind: NodeKind) -> &'static [&'static str] {
    static WORDS: LazyLock<BTreeMap<NodeKind, Vec<&'static str>>> = LazyLock::new(|| {
        let lines = include_str!("../data/kind_words.tsv").lines().filter(|l| !l.starts_with('#'));
        let read = |line: &'static str| {
            let (kind, words) = line.split_once('\t')?;
            let mut words: Vec<&str> = words.split(' ').collect();
            words.sort_by_key(|w| (std::cmp::Reverse(w.len()), *w));
            Some((NodeKind::parse(kind)?, words))
        };
        lines.map(|line| read(line).expect("the catalog's own table is well formed")).collect()
    });
    WORDS.get(&kind).map_or(&[], Vec::as_slice)
}

/// Whether a text says that there is nothing which it could name: `none`, `NotDeployed`, `N/A`.
pub fn is_no_name(text: &str) -> bool {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    rows::<1>(include_str!("../data/no_names.tsv")).any(|[word]| word == plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing() {
        assert!(is_no_name("none") && is_no_name("NotDeployed") && is_no_name("N/A"));
        assert!(!is_no_name("") && !is_no_name("none-orders") && !is_no_name("default"));
        crate::table::assert_sorted("no_names", include_str!("../data/no_names.tsv"), 1);
    }

    #[test]
    fn words_of_a_kind() {
        assert_eq!(kind_words(NodeKind::Topic), ["topic", "sns"]);
        assert!(kind_words(NodeKind::Service).is_empty());
    }
}
