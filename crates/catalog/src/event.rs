//! Events that services deliver: where in one the name of its source stands. From the services' documentation of
//! their events.

use std::sync::LazyLock;
use vocabulary::NodeKind;

/// The kind of source that is named at the end of a way of keys into an event: `Records`, `s3`, `bucket`, `name`
/// (indices left out). `Some(None)` is a source of any kind; `None` is no name of a source.
pub fn event_source(keys: &[&str]) -> Option<Option<NodeKind>> {
    type Row = (Vec<&'static str>, Option<NodeKind>);
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
        let lines = include_str!("../data/event_names.tsv").lines().filter(|l| !l.starts_with('#'));
        lines
            .filter_map(|l| l.split_once('\t'))
            .map(|(kind, way)| (way.split('.').collect(), NodeKind::parse(kind)))
            .collect()
    });
    ROWS.iter().find(|(way, _)| way == keys).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_in_events() {
        assert_eq!(event_source(&["Records", "s3", "bucket", "name"]), Some(Some(NodeKind::Bucket)));
        assert_eq!(event_source(&["Records", "eventSourceARN"]), Some(None));
        assert_eq!(event_source(&["bucket"]), None);
    }
}
