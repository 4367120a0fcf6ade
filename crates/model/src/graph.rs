//! The model as a graph, for questions about ways and neighbours.

use crate::Model;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// A directed graph over the nodes of a model. Indices never leave this type: they depend on nothing that a
/// reader could know.
pub struct Graph<'a> {
    model: &'a Model,
    arcs: DiGraph<usize, usize>,
    index: BTreeMap<&'a str, NodeIndex>,
}

impl<'a> Graph<'a> {
    /// Builds the graph; edges whose ends are missing are left out.
    pub fn new(model: &'a Model) -> Self {
        let mut arcs = DiGraph::new();
        let index: BTreeMap<&str, NodeIndex> =
            model.nodes.iter().enumerate().map(|(i, n)| (n.id.as_str(), arcs.add_node(i))).collect();
        for (i, edge) in model.edges.iter().enumerate() {
            if let (Some(&from), Some(&to)) = (index.get(edge.from.as_str()), index.get(edge.to.as_str())) {
                arcs.add_edge(from, to, i);
            }
        }
        Self { model, arcs, index }
    }

    /// The edges that leave or enter a node, in the model's order.
    pub fn touching(&self, id: &str) -> Vec<&'a crate::Edge> {
        self.touching_indices(id).into_iter().map(|i| &self.model.edges[i]).collect()
    }

    /// The same edges as indices into [`Model::edges`].
    pub fn touching_indices(&self, id: &str) -> Vec<usize> {
        let Some(&node) = self.index.get(id) else {
            return Vec::new();
        };
        let both = [petgraph::Direction::Outgoing, petgraph::Direction::Incoming];
        let mut edges: Vec<usize> =
            both.iter().flat_map(|d| self.arcs.edges_directed(node, *d).map(|e| *e.weight())).collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_finds_both_directions_and_survives_missing_ends() {
        let text = r#"{"name":"x","nodes":[{"id":"a","kind":"function","name":"a"},{"id":"b","kind":"table","name":"b"}],"edges":[
            {"from":"a","to":"b","kind":"write","mode":"sync","certainty":"inferred","evidence":[]},
            {"from":"a","to":"gone","kind":"write","mode":"sync","certainty":"inferred","evidence":[]},
            {"from":"a","to":"a","kind":"invoke","mode":"async","certainty":"inferred","evidence":[]}]}"#;
        let model: Model = serde_json::from_str(text).unwrap();
        let graph = Graph::new(&model);
        assert_eq!(graph.touching("a").iter().map(|e| e.to.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(graph.touching("b").len(), 1);
        assert!(graph.touching("gone").is_empty());
    }
}
