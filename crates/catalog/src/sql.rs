//! What statements of SQL do.

use crate::table;
use vocabulary::FlowKind;

/// What flows to a database by a statement, told by its first word in any case. From `data/sql_words.tsv`; `None` for
/// what is no flow (`BEGIN`, `SET`) and for what is not known.
pub fn statement_kind(word: &str) -> Option<FlowKind> {
    let word = word.to_ascii_lowercase();
    let mut rows = table::rows::<2>(include_str!("../data/sql_words.tsv"));
    rows.find(|[known, _]| *known == word).and_then(|[_, kind]| FlowKind::parse(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_the_kind() {
        table::assert_sorted("sql_words.tsv", include_str!("../data/sql_words.tsv"), 1);
        assert_eq!(statement_kind("SELECT"), Some(FlowKind::Read));
        assert_eq!(statement_kind("call"), Some(FlowKind::Invoke));
        assert_eq!(statement_kind("begin"), None);
    }
}
