//! A page of boxes and lines, out of any choice of nodes and flows.

use super::hierarchy::Hierarchy;
use super::{Leaf, Line, View, ViewOptions};
use crate::{Certainty, Edge, FlowKind, Mode, Model, Node};
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
    join_readers(&mut lines);
    lines.into_values().collect()
}

/// What triggers something that reads it, and does no more with it, is one line: the data goes the same way.
fn join_readers(lines: &mut BTreeMap<(usize, usize), Line<'_>>) {
    let only = |line: &Line<'_>, kind| line.kinds.len() == 1 && line.kinds.contains(&kind);
    let triggers: Vec<(usize, usize)> =
        lines.iter().filter(|(_, line)| only(line, FlowKind::Trigger)).map(|(ends, _)| *ends).collect();
    for (from, to) in triggers.into_iter().filter(|(from, to)| from != to) {
        if !lines.get(&(to, from)).is_some_and(|line| only(line, FlowKind::Read)) {
            continue;
        }
        let (Some(read), Some(line)) = (lines.remove(&(to, from)), lines.get_mut(&(from, to))) else { continue };
        if line.labels.is_empty() && !read.labels.is_empty() {
            line.labels.push("triggers".to_owned());
        }
        let new: Vec<String> = read.labels.iter().filter(|label| !line.labels.contains(label)).cloned().collect();
        line.labels.extend(new);
        line.both_ways(&read);
    }
}

/// A line that stands for no flow yet.
pub(super) fn empty<'a>(from: usize, to: usize) -> Line<'a> {
    let (mode, certainty) = (Mode::Async, Certainty::Granted);
    Line {
        from,
        to,
        kinds: BTreeSet::new(),
        mode,
        certainty,
        labels: Vec::new(),
        flows: Vec::new(),
        back: Vec::new(),
        way: None,
    }
}

impl<'a> Line<'a> {
    /// Lets it stand for another line between the same two or what stands for them, too.
    pub(super) fn merge(&mut self, line: &Self) {
        self.kinds.extend(&line.kinds);
        self.mode = self.mode.min(line.mode);
        self.certainty = self.certainty.min(line.certainty);
        self.flows.extend(&line.flows);
        self.flows.sort_by_key(|edge| edge.key());
        self.back.extend(&line.back);
        self.back.sort_by_key(|edge| edge.key());
    }

    /// The same for a line that points the other way.
    pub(super) fn both_ways(&mut self, other: &Self) {
        let forth: Vec<&'a Edge> = other.flows.iter().copied().filter(|edge| !other.back.contains(edge)).collect();
        self.merge(&Self { back: forth, ..other.clone() });
    }
}
