//! `connectome/1`: the model as JSON and back.

use crate::{Model, Transition};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name and major version of the format.
pub const SCHEMA: &str = "connectome/1";

/// The JSON Schema (draft 2020-12) of the format.
pub const JSON_SCHEMA: &str = include_str!("../schema/connectome-1.schema.json");

/// Why a document is not a model that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is not JSON, or not of the shape that the schema says.
    #[error("it is no model that `connectome model` wrote")]
    Shape(#[from] serde_json::Error),
    /// It is of another format or major version.
    #[error("the model says it is `{0}`; this version reads `{SCHEMA}`")]
    Version(String),
    /// An edge ends at a node that is not there, a parent is missing, an id stands twice.
    #[error("the model contradicts itself: {0}")]
    Inconsistent(String),
}

#[derive(Serialize)]
struct DocumentOut<'a> {
    schema: &'static str,
    #[serde(flatten)]
    model: &'a Model,
}

#[derive(Deserialize)]
struct Head {
    schema: String,
}

impl Model {
    /// The document, pretty-printed, with a newline at its end.
    #[expect(clippy::missing_panics_doc, reason = "every map of a model has text as its keys")]
    pub fn to_json(&self) -> String {
        let document = DocumentOut { schema: SCHEMA, model: self };
        let mut text = serde_json::to_string_pretty(&document).expect("a model has only string keys");
        text.push('\n');
        text
    }

    /// Reads a document of [`Model::to_json`], whoever wrote it. What comes back is sorted and consistent.
    pub fn from_json(text: &str) -> Result<Self, ModelError> {
        let head: Head = serde_json::from_str(text)?;
        if head.schema != SCHEMA {
            return Err(ModelError::Version(head.schema));
        }
        let mut model: Self = serde_json::from_str(text)?;
        model.sort();
        model.check().map_err(ModelError::Inconsistent)?;
        Ok(model)
    }

    /// Whether everything that a sorted model refers to is there; if not, the first contradiction in words.
    pub fn check(&self) -> Result<(), String> {
        if let Some(pair) = self.nodes.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(format!("the node `{}` stands twice", pair[0].id));
        }
        self.check_parents()?;
        for edge in &self.edges {
            let name = format!("the edge from `{}` to `{}` ({})", edge.from, edge.to, edge.kind);
            if let Some(end) = [&edge.from, &edge.to].into_iter().find(|end| self.node(end).is_none()) {
                return Err(format!("{name} ends at `{end}`, which is not there"));
            }
            if edge.evidence.is_empty() {
                return Err(format!("{name} has no evidence"));
            }
        }
        if let Some(pair) = self.edges.windows(2).find(|pair| pair[0].key() == pair[1].key()) {
            let (from, to, kind) = pair[0].key();
            return Err(format!("the edge from `{from}` to `{to}` ({kind}) stands twice"));
        }
        for Transition { from, to, .. } in &self.transitions {
            if let Some(end) = [from, to].into_iter().find(|end| self.node(end).is_none()) {
                return Err(format!("the transition from `{from}` to `{to}` ends at `{end}`, which is not there"));
            }
        }
        match self.unresolved.iter().find(|u| self.node(&u.node).is_none()) {
            Some(u) => Err(format!("`{}` is unresolved in `{}`, which is not there", u.what, u.node)),
            None => Ok(()),
        }
    }

    /// Parents exist, hold only what they can, and the ways up end.
    fn check_parents(&self) -> Result<(), String> {
        let parents: BTreeMap<&str, &str> =
            self.nodes.iter().filter_map(|n| Some((n.id.as_str(), n.parent.as_deref()?))).collect();
        for node in &self.nodes {
            match &node.parent {
                Some(parent) if self.node(parent).is_none() => {
                    return Err(format!("the parent `{parent}` of `{}` is not there", node.id));
                }
                None if node.kind.is_part() => {
                    return Err(format!("the {} `{}` is a part of nothing", node.kind, node.id));
                }
                _ => {}
            }
            let mut up = node.id.as_str();
            let mut steps = 0;
            while let Some(next) = parents.get(up) {
                (up, steps) = (next, steps + 1);
                if steps > MAX_DEPTH {
                    return Err(format!("`{}` is held by too many others, or by itself", node.id));
                }
            }
        }
        Ok(())
    }
}

/// Deeper nesting of services than this is taken for a cycle.
const MAX_DEPTH: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Certainty, Edge, Evidence, FlowKind, Location, Mode, Node, NodeKind, Unresolved};
    use proptest::prelude::*;

    fn node(id: &str, kind: NodeKind, parent: Option<&str>) -> Node {
        Node {
            id: id.to_owned(),
            kind,
            name: id.to_owned(),
            names: Vec::new(),
            parent: parent.map(str::to_owned),
            platform: String::new(),
            details: BTreeMap::new(),
            declared: Vec::new(),
        }
    }

    fn edge(from: &str, to: &str, evidence: Vec<Evidence>) -> Edge {
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            kind: FlowKind::Write,
            mode: Mode::Sync,
            certainty: Certainty::Inferred,
            label: String::new(),
            evidence,
        }
    }

    fn evidence() -> Vec<Evidence> {
        let at = Location { file: "a.py".to_owned(), line: 1, column: 1 };
        vec![Evidence { at, what: "w()".to_owned(), via: Vec::new(), how: Vec::new() }]
    }

    /// Writes the model and reads it back; `expected` is a piece of the error.
    fn check(nodes: Vec<Node>, edges: Vec<Edge>, expected: Option<&str>) {
        let model = Model { nodes, edges, ..Model::default() };
        let error = Model::from_json(&model.to_json()).err().map(|e| e.to_string());
        match (expected, &error) {
            (Some(expected), Some(error)) => assert!(error.contains(expected), "{error}"),
            (None, None) => {}
            _ => panic!("expected {expected:?}, got {error:?}"),
        }
    }

    #[test]
    fn contradictions_are_errors() {
        let (a, b) = (|| node("a", NodeKind::Function, None), || node("b", NodeKind::Table, None));
        check(vec![a(), b()], vec![edge("a", "b", evidence())], None);
        check(vec![a(), a()], vec![], Some("the node `a` stands twice"));
        check(vec![a()], vec![edge("a", "b", evidence())], Some("ends at `b`"));
        check(vec![a(), b()], vec![edge("a", "b", vec![])], Some("no evidence"));
        check(vec![a(), b()], vec![edge("a", "b", evidence()), edge("a", "b", evidence())], Some("stands twice"));
        check(vec![node("a", NodeKind::Function, Some("s"))], vec![], Some("the parent `s` of `a`"));
        check(vec![node("a", NodeKind::Route, None)], vec![], Some("a part of nothing"));
        let circle = vec![node("a", NodeKind::Service, Some("b")), node("b", NodeKind::Service, Some("a"))];
        check(circle, vec![], Some("held by too many others, or by itself"));
    }

    #[test]
    fn other_documents_are_errors() {
        let error = |text: &str| {
            let error = Model::from_json(text).unwrap_err();
            let why = std::error::Error::source(&error).map_or_else(String::new, |why| format!(": {why}"));
            format!("{error}{why}")
        };
        assert!(error("{").starts_with("it is no model"));
        assert!(error(r#"{"schema":"connectome/2","name":"x","nodes":[],"edges":[]}"#).contains("`connectome/2`"));
        assert!(error(r#"{"openapi":"3.0.0"}"#).contains("missing field `schema`"));
    }

    fn text() -> impl Strategy<Value = String> {
        any::<Vec<char>>().prop_map(|chars| chars.into_iter().collect())
    }

    prop_compose! {
        fn location()(file in text(), line in 1..u32::MAX, column in 1..u32::MAX) -> Location {
            Location { file: format!("f{file}"), line, column }
        }
    }

    prop_compose! {
        fn any_evidence()(at in location(), what in text(), via in prop::collection::vec(text(), 0..3), how in prop::collection::vec(text(), 0..3)) -> Evidence {
            Evidence { at, what, via, how }
        }
    }

    prop_compose! {
        fn any_node()(kind in prop::sample::select(NodeKind::ALL), name in text(), names in prop::collection::vec(text(), 0..3),
            platform in text(), detail in text(), declared in prop::collection::vec(location(), 0..2)) -> Node {
            let details = BTreeMap::from([(detail.clone(), serde_json::json!({"n": 1, "t": detail}))]);
            Node { id: String::new(), kind, name, names, parent: None, platform, details, declared }
        }
    }

    prop_compose! {
        fn any_edge()(ends in (0..5_usize, 0..5_usize), kind in prop::sample::select(FlowKind::ALL), mode in prop::sample::select(Mode::ALL),
            certainty in prop::sample::select(Certainty::ALL), label in text(), evidence in prop::collection::vec(any_evidence(), 1..3)) -> Edge {
            Edge { from: format!("n{}", ends.0), to: format!("n{}", ends.1), kind, mode, certainty, label, evidence }
        }
    }

    prop_compose! {
        fn model()(name in text(), revision in prop::option::of(text()), mut nodes in prop::collection::vec(any_node(), 5),
            edges in prop::collection::vec(any_edge(), 0..6), unresolved in prop::collection::vec((text(), text(), location()), 0..3),
            steps in prop::collection::vec((0..5_usize, 0..5_usize, text()), 0..4)) -> Model {
            for (i, node) in nodes.iter_mut().enumerate() {
                node.id = format!("n{i}");
                node.parent = node.kind.is_part().then(|| "s".to_owned());
            }
            nodes.push(super::tests::node("s", NodeKind::Service, None));
            let edges: BTreeMap<_, _> = edges.into_iter().map(|e| ((e.from.clone(), e.to.clone(), e.kind), e)).collect();
            let unresolved = unresolved.into_iter().map(|(what, why, evidence)| Unresolved { node: "s".to_owned(), what, why, evidence });
            let step = |(from, to, when)| Transition { from: format!("n{from}"), to: format!("n{to}"), when };
            let transitions = steps.into_iter().map(step).collect();
            let mut model = Model { name, revision, nodes, edges: edges.into_values().collect(), transitions, unresolved: unresolved.collect() };
            model.sort();
            model
        }
    }

    proptest! {
        #[test]
        fn the_round_trip_loses_nothing_and_follows_the_schema(model in model()) {
            let json = model.to_json();
            let validator = jsonschema::validator_for(&serde_json::from_str(JSON_SCHEMA).unwrap()).unwrap();
            let document = serde_json::from_str(&json).unwrap();
            if let Err(error) = validator.validate(&document) {
                panic!("{error} at {}", error.instance_path());
            }
            prop_assert_eq!(Model::from_json(&json).unwrap(), model);
        }
    }

    #[test]
    fn the_schema_has_every_word() {
        let schema: serde_json::Value = serde_json::from_str(JSON_SCHEMA).unwrap();
        let words = |pointer: &str| {
            schema.pointer(pointer).unwrap().as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(
            words("/$defs/node/properties/kind/enum"),
            NodeKind::ALL.iter().map(|k| k.as_str()).collect::<Vec<_>>()
        );
        assert_eq!(
            words("/$defs/edge/properties/kind/enum"),
            FlowKind::ALL.iter().map(|k| k.as_str()).collect::<Vec<_>>()
        );
        assert_eq!(words("/$defs/edge/properties/mode/enum"), Mode::ALL.iter().map(|k| k.as_str()).collect::<Vec<_>>());
        assert_eq!(
            words("/$defs/edge/properties/certainty/enum"),
            Certainty::ALL.iter().map(|k| k.as_str()).collect::<Vec<_>>()
        );
    }
}
