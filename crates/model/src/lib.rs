//! What a system is: nodes, the parts of them, the flows between them, and the source behind each.
//!
//! [`Model`] is the only thing that leaves `resolve` and the only thing that drawings are made of. It is a
//! document first (`connectome/1`, see [`Model::to_json`] and [`Model::from_json`]) and a graph second
//! ([`graph::Graph`]). It knows no files, no syntax and no coordinates.

mod apart;
mod arrangement;
mod difference;
pub mod graph;
mod json;
mod shown;
pub mod view;

pub use arrangement::{Arrangement, Grouping};
pub use difference::{Change, How, difference};
pub use json::{JSON_SCHEMA, ModelError, SCHEMA};
pub use shown::shown_names;
pub use vocabulary::{Certainty, FlowKind, Mode, NodeKind};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// What people call the system.
    pub name: String,
    /// The revision of the source that it was read from, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Nodes and parts, by id.
    pub nodes: Vec<Node>,
    /// Flows, ordered by from, to, kind.
    pub edges: Vec<Edge>,
    /// What comes after what within a node: the states of a machine; ordered by their ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    /// What the source does that could not be told, ordered by node and place.
    #[serde(default)]
    pub unresolved: Vec<Unresolved>,
}

/// Something of the system, or a part of such a thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Stable: the service's path and the logical id; never a counter.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// What people call it.
    pub name: String,
    /// Every name known: logical id, physical-name pattern, host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The service that holds it, or the node that a part belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The platform's word, a key of the catalog: `aws.lambda`; empty for things outside.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub platform: String,
    /// Facts worth showing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, serde_json::Value>,
    /// Where it is declared; empty for what only code or a parameter names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<Location>,
}

/// A flow from one node to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// Who initiates.
    pub from: String,
    /// Who receives.
    pub to: String,
    /// What flows.
    pub kind: FlowKind,
    /// Whether the initiator waits.
    pub mode: Mode,
    /// How sure it is.
    pub certainty: Certainty,
    /// A few words: operations, routes, event names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The source that makes it happen; never empty.
    pub evidence: Vec<Evidence>,
}

/// A position in the scanned repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// Path relative to the scanned root.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

/// A line of source behind an edge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// Where.
    #[serde(flatten)]
    pub at: Location,
    /// The text there, shortened: `table.put_item(...)`.
    pub what: String,
    /// The chain of functions that leads there, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<String>,
    /// How the target's name was resolved, step by step, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub how: Vec<String>,
}

/// One part of a node comes after another one: control flow, where an [`Edge`] is a flow between nodes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Transition {
    /// The part that is done first; the node itself where it begins.
    pub from: String,
    /// The part that comes after it.
    pub to: String,
    /// When, in a few words; empty where it is always so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub when: String,
}

/// Something that a node does whose target could not be told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unresolved {
    /// The node.
    #[serde(rename = "in")]
    pub node: String,
    /// The text in question.
    pub what: String,
    /// Why, as a clause.
    pub why: String,
    /// Where.
    pub evidence: Location,
}

impl Model {
    /// Puts everything into its canonical order; two models of the same system then are the same bytes.
    pub fn sort(&mut self) {
        self.nodes.sort_by(|a, b| a.id.cmp(&b.id));
        for edge in &mut self.edges {
            edge.evidence.sort();
            edge.evidence.dedup();
        }
        self.edges.sort_by(|a, b| a.key().cmp(&b.key()));
        self.transitions.sort();
        self.transitions.dedup();
        self.unresolved.sort();
        self.unresolved.dedup();
    }

    /// The node of an id; the nodes must be sorted.
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.binary_search_by(|n| n.id.as_str().cmp(id)).ok().map(|i| &self.nodes[i])
    }
}

impl Edge {
    /// What makes an edge the same edge: its ends and its kind.
    pub fn key(&self) -> (&str, &str, FlowKind) {
        (&self.from, &self.to, self.kind)
    }
}
