//! Events that services deliver: where in one the name of its source stands. From the services' documentation of
//! their events.

use crate::table::rows;
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
    let alike = |way: &[&str]| way.len() == keys.len() && way.iter().zip(keys).all(|(a, b)| is_same_key(a, b));
    ROWS.iter().find(|(way, _)| alike(way)).map(|(_, kind)| *kind)
}

/// The property with which a type of resource is made to send its events to the default bus, and the source that they
/// name there.
pub fn sender_to_bus(type_name: &str) -> Option<(&'static str, &'static str)> {
    senders().find(|[known, ..]| *known == type_name).map(|[_, property, source, _]| (property, source))
}

/// Whether a way of keys into an event leads to the name of what sent it to the default bus, as events of a source have it.
pub fn names_sender_to_bus(source: &str, keys: &[&str]) -> bool {
    senders().any(|[_, _, known, way]| known == source && way.split('.').eq(keys.iter().copied()))
}

fn senders() -> impl Iterator<Item = [&'static str; 4]> {
    rows::<4>(include_str!("../data/bus_senders.tsv"))
}

/// Whether a key is called so, as it is or as a language spells its fields: `event_source_arn` is `eventSourceARN`.
fn is_same_key(key: &str, spelled: &str) -> bool {
    key == spelled
        || spelled
            .chars()
            .filter(|c| *c != '_')
            .map(|c| c.to_ascii_lowercase())
            .eq(key.chars().map(|c| c.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_in_events() {
        assert_eq!(event_source(&["Records", "s3", "bucket", "name"]), Some(Some(NodeKind::Bucket)));
        assert_eq!(event_source(&["Records", "eventSourceARN"]), Some(None));
        assert_eq!(event_source(&["bucket"]), None);
        assert!(sender_to_bus("AWS::S3::Bucket").is_some_and(|(_, source)| source == "aws.s3"));
        assert!(names_sender_to_bus("aws.s3", &["detail", "bucket", "name"]));
        assert!(!names_sender_to_bus("aws.ec2", &["detail", "bucket", "name"]));
        assert_eq!(sender_to_bus("AWS::SQS::Queue"), None);
        assert_eq!(event_source(&["records", "event_source_arn"]), Some(None));
    }
}
