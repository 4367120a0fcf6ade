//! Which properties of a resource make a flow: `data/links.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use vocabulary::{FlowKind, Mode, NodeKind};

/// A flow that a resource type's properties declare.
///
/// Ways are dotted, `[]` is each item of a list, `*` each value of a map; `self` is the resource, and a way that
/// begins with a dot starts at each value of `each`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkRule {
    /// The way to the values that each make a flow; absent: the resource makes one.
    #[serde(default)]
    pub each: String,
    /// Who initiates; the first way that is there.
    pub from: Vec<String>,
    /// Who receives; the first way that is there.
    pub to: Vec<String>,
    /// The receiver that is named is only on the way: the flow goes on to what stands here in it, where the same template
    /// declares it (the functions that a group of targets has, the database that a connection leads to).
    #[serde(default)]
    pub through: String,
    /// What flows.
    pub kind: FlowKind,
    /// Whether the initiator waits.
    pub mode: Mode,
    /// The kinds that the initiator can be.
    #[serde(default)]
    pub from_wants: Vec<NodeKind>,
    /// The kinds that the receiver can be.
    #[serde(default)]
    pub to_wants: Vec<NodeKind>,
    /// Words on the arrow.
    #[serde(default)]
    pub label: String,
    /// The way to a value that must be there, or `Way=text` for one that must be that text; with `!` before it, it must not.
    #[serde(default)]
    pub when: String,
    /// `Way=text` of values, seen from the value of `each`, with which there is no flow.
    #[serde(default)]
    pub unless: Vec<String>,
    /// `Way=text` of values, seen from the value of `each`, without which there is no flow; `Way~text` of one that holds
    /// the text.
    #[serde(default)]
    pub only: Vec<String>,
    /// Counts only where nothing else in the template ends at the receiver: the declaration only allows the flow.
    #[serde(default)]
    pub otherwise: bool,
    /// The initiator when no way to it is there.
    #[serde(default)]
    pub from_default: String,
}

/// The flows that a resource type's properties declare.
pub fn link_rules(type_name: &str) -> &'static [LinkRule] {
    static RULES: LazyLock<BTreeMap<String, Vec<LinkRule>>> = LazyLock::new(|| {
        toml::from_str(include_str!("../data/links.toml")).expect("the catalog's own table is well formed")
    });
    RULES.get(type_name).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(link_rules("AWS::Lambda::EventSourceMapping")[0].kind, FlowKind::Trigger);
        assert!(link_rules("AWS::IAM::Role").is_empty());
    }
}
