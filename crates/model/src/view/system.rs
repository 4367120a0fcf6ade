//! A page of boxes and lines, out of any choice of nodes and flows.

use super::hierarchy::Hierarchy;
use super::{Leaf, Line, View, ViewOptions};
use crate::{Certainty, Edge, Mode, Model, Node};
use std::collections::{BTreeMap, BTreeSet};

/// The id of the page that shows the whole system.
pub const SYSTEM: &str = "system";

/// The whole system on one page. The nodes of the model must be sorted.
pub fn system<'a>(model: &'a Model, options: &ViewOptions) -> View<'a> {
    let hierarchy = Hierarchy::new(model);
    let shown = shown(model, *options);
    let leaves = hierarchy.leaves(&shown);
    View { id: SYSTEM.to_owned(), title: title(model), ..assembled(&hierarchy, &leaves, &shown) }
}

/// The flows that are drawn.
pub(super) fn shown(model: &Model, options: ViewOptions) -> Vec<&Edge> {
    model.edges.iter().filter(|e| options.granted || e.certainty != Certainty::Granted).collect()
}

/// A page of these nodes and flows, without a name. The nodes must be sorted by id.
pub(super) fn assembled<'a>(hierarchy: &Hierarchy<'a>, leaves: &[&'a Node], shown: &[&'a Edge]) -> View<'a> {
    let (groups, group_index) = hierarchy.groups(leaves);
    let index: BTreeMap<&str, usize> = leaves.iter().enumerate().map(|(i, n)| (n.id.as_str(), i)).collect();
    let leaf = |node: &&'a Node| Leaf {
        node,
        group: hierarchy.group_of(node).and_then(|id| group_index.get(id).copied()),
        parts: hierarchy.lifted(node),
        unresolved: hierarchy.unresolved(node),
        ghost: false,
        page: None,
        order: 0,
        start: false,
        calls: None,
    };
    let nodes = leaves.iter().map(leaf).collect();
    let lines = lines(shown, hierarchy, &index);
    View { id: String::new(), title: String::new(), groups, nodes, lines }
}

pub(super) fn title(model: &Model) -> String {
    if model.name.is_empty() { "System".to_owned() } else { model.name.clone() }
}

/// Merges the flows between the same two boxes.
fn lines<'a>(shown: &[&'a Edge], hierarchy: &Hierarchy<'a>, index: &BTreeMap<&'a str, usize>) -> Vec<Line<'a>> {
    let mut lines: BTreeMap<(usize, usize), Line<'a>> = BTreeMap::new();
    for &edge in shown {
        let (from, to) = (hierarchy.owner(&edge.from), hierarchy.owner(&edge.to));
        let (Some(&from), Some(&to)) = (index.get(from), index.get(to)) else {
            continue;
        };
        // What happens between a machine and its own states is inside the box.
        if from == to && edge.from != edge.to {
            continue;
        }
        let line = lines.entry((from, to)).or_insert_with(|| empty(from, to));
        line.kinds.insert(edge.kind);
        line.mode = line.mode.min(edge.mode);
        line.certainty = line.certainty.min(edge.certainty);
        let label = hierarchy.label(edge);
        if !label.is_empty() && !line.labels.contains(&label) {
            line.labels.push(label);
        }
        line.flows.push(edge);
    }
    lines.into_values().collect()
}

/// A line that stands for no flow yet.
pub(super) fn empty<'a>(from: usize, to: usize) -> Line<'a> {
    let (mode, certainty) = (Mode::Async, Certainty::Granted);
    Line { from, to, kinds: BTreeSet::new(), mode, certainty, labels: Vec::new(), flows: Vec::new(), way: None }
}
