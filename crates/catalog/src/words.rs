//! Words in names that say what is named, not which one.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_kind() {
        assert_eq!(kind_words(NodeKind::Topic), ["topic", "sns"]);
        assert!(kind_words(NodeKind::Service).is_empty());
    }
}
