//! What requests by HTTP do to things that are not made to be called: stores and pools.

use crate::table;
use vocabulary::{FlowKind, NodeKind};

/// What flows by a request to a node of this kind, told by its method and the words of its path, as far as they are
/// known. From `data/requests.tsv`; `None` where a request is a call.
pub fn request_kind(kind: NodeKind, method: &str, path: &str) -> Option<FlowKind> {
    let fits = |pattern: &str, word: &str| pattern == "*" || pattern == word;
    let in_path = |word: &str| word == "*" || path.split(['/', '?', '#', '&']).any(|piece| piece == word);
    let mut rows = table::rows::<4>(include_str!("../data/requests.tsv"));
    rows.find(|[of, by, word, _]| *of == kind.as_str() && fits(by, method) && in_path(word))
        .and_then(|[_, _, _, flow]| FlowKind::parse(flow))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_paths_tell_the_kind() {
        assert_eq!(request_kind(NodeKind::Bucket, "PUT", ""), Some(FlowKind::Write));
        assert_eq!(request_kind(NodeKind::Bucket, "GET", ""), Some(FlowKind::Read));
        assert_eq!(request_kind(NodeKind::Search, "POST", "/orders/_search?q=x"), Some(FlowKind::Read));
        assert_eq!(request_kind(NodeKind::Search, "POST", "/orders/_search_later"), Some(FlowKind::Write));
        assert_eq!(request_kind(NodeKind::Search, "HTTP", "/orders"), Some(FlowKind::Use));
        assert_eq!(request_kind(NodeKind::RestApi, "PUT", "/orders"), None);
    }

    #[test]
    fn every_row_reads() {
        for [kind, _, _, flow] in table::rows::<4>(include_str!("../data/requests.tsv")) {
            assert!(NodeKind::parse(kind).is_some() && FlowKind::parse(flow).is_some(), "{kind} {flow}");
        }
    }
}
