//! Who holds whom, and which node stands as a box for another one.

use super::{Group, nested};
use crate::{Edge, FlowKind, Model, Node, NodeKind, Unresolved};
use std::collections::{BTreeMap, BTreeSet};

/// Who holds whom. Parents that are missing or form a cycle end the way up.
pub(super) struct Hierarchy<'a> {
    pub(super) model: &'a Model,
    by_id: BTreeMap<&'a str, &'a Node>,
    /// What each part belongs to, where that is another node.
    wholes: BTreeMap<&'a str, &'a str>,
    /// The parts of each node, in the model's order.
    parts: BTreeMap<&'a str, Vec<&'a Node>>,
    unresolved: BTreeMap<&'a str, Vec<&'a Unresolved>>,
    /// The node whose parts are boxes of their own, in a frame that stands for it.
    open: Option<&'a str>,
}

impl<'a> Hierarchy<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut hierarchy = Self {
            model,
            by_id: model.nodes.iter().map(|n| (n.id.as_str(), n)).collect(),
            wholes: BTreeMap::new(),
            parts: BTreeMap::new(),
            unresolved: BTreeMap::new(),
            open: None,
        };
        for part in model.nodes.iter().filter(|n| n.kind.is_part()) {
            let whole = hierarchy.above(part).into_iter().find(|n| !n.kind.is_part() && n.kind != NodeKind::Service);
            if let Some(whole) = whole {
                hierarchy.wholes.insert(&part.id, &whole.id);
                hierarchy.parts.entry(&whole.id).or_default().push(part);
            }
        }
        for unresolved in &model.unresolved {
            hierarchy.unresolved.entry(&unresolved.node).or_default().push(unresolved);
        }
        hierarchy
    }

    /// Shows the parts of this node, and of no other one.
    pub(super) fn open(&mut self, node: &'a Node) {
        self.open = Some(&node.id);
    }

    pub(super) fn node(&self, id: &str) -> Option<&'a Node> {
        self.by_id.get(id).copied()
    }

    /// Every node that has parts, with them.
    pub(super) fn with_parts(&self) -> impl Iterator<Item = (&'a Node, &Vec<&'a Node>)> {
        self.parts.iter().filter_map(|(id, parts)| Some((self.node(id)?, parts)))
    }

    /// The parts of the node of an id.
    pub(super) fn parts_of(&self, id: &str) -> &[&'a Node] {
        self.parts.get(id).map_or(&[], Vec::as_slice)
    }

    /// The parts for which the box of a node stands, too.
    pub(super) fn lifted(&self, node: &Node) -> Vec<&'a Node> {
        let closed = self.open != Some(&node.id);
        self.parts.get(node.id.as_str()).filter(|_| closed).cloned().unwrap_or_default()
    }

    /// What is unresolved in a node, and in those parts.
    pub(super) fn unresolved(&self, node: &Node) -> Vec<&'a Unresolved> {
        let parts = self.lifted(node);
        let ids = std::iter::once(node.id.as_str()).chain(parts.iter().map(|part| part.id.as_str()));
        let mut all: Vec<&Unresolved> = ids.filter_map(|id| self.unresolved.get(id)).flatten().copied().collect();
        all.sort();
        all
    }

    /// The nodes above one, nearest first.
    pub(super) fn above(&self, node: &'a Node) -> Vec<&'a Node> {
        let mut seen = BTreeSet::from([node.id.as_str()]);
        let mut above = Vec::new();
        let mut next = node.parent.as_deref();
        while let Some(parent) = next.and_then(|id| self.by_id.get(id)) {
            if !seen.insert(parent.id.as_str()) {
                break;
            }
            above.push(*parent);
            next = parent.parent.as_deref();
        }
        above
    }

    /// The box that stands for a node: the node itself, or what a part belongs to.
    pub(super) fn owner<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        let owner = self.whole(id);
        if self.open.is_some_and(|open| owner == open) { id } else { owner }
    }

    /// The node itself, or what a part belongs to.
    pub(super) fn whole<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.wholes.get(id).copied().unwrap_or(id)
    }

    /// The frame around a box.
    pub(super) fn group_of(&self, node: &'a Node) -> Option<&'a str> {
        if let Some(open) = self.open {
            return Some(open).filter(|open| self.whole(&node.id) == *open);
        }
        // A service that is an end of a flow is a box inside of its own frame.
        if node.kind == NodeKind::Service {
            return Some(&node.id);
        }
        self.above(node).into_iter().find(|n| n.kind == NodeKind::Service).map(|n| n.id.as_str())
    }

    /// Every node that gets a box: all but parts with an owner, and services unless a flow ends at them.
    pub(super) fn leaves(&self, shown: &[&Edge]) -> Vec<&'a Node> {
        let ends: BTreeSet<&str> = shown.iter().flat_map(|e| [e.from.as_str(), e.to.as_str()]).collect();
        let boxed = |n: &&Node| match n.kind {
            NodeKind::Service => ends.contains(n.id.as_str()),
            kind if kind.is_part() => self.owner(&n.id) == n.id,
            _ => true,
        };
        self.model.nodes.iter().filter(boxed).collect()
    }

    /// The frames around the leaves, and where each stands in the list.
    pub(super) fn groups(&self, leaves: &[&'a Node]) -> (Vec<Group<'a>>, BTreeMap<&'a str, usize>) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for leaf in leaves {
            if let Some(&service) = self.group_of(leaf).and_then(|id| self.by_id.get(id)) {
                used.insert(&service.id);
                if self.open.is_some() {
                    continue;
                }
                used.extend(self.above(service).iter().filter(|n| n.kind == NodeKind::Service).map(|n| n.id.as_str()));
            }
        }
        let index: BTreeMap<&str, usize> = used.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let groups = used
            .iter()
            .map(|id| {
                let node = self.by_id[id];
                let around = self.above(node).into_iter().find(|n| n.kind == NodeKind::Service);
                let around = around.filter(|n| !self.closes_cycle(node, n) && index.contains_key(n.id.as_str()));
                Group {
                    id: node.id.clone(),
                    node,
                    title: around.and_then(|outer| nested::title(node, outer)),
                    parent: around.and_then(|n| index.get(n.id.as_str()).copied()),
                    page: None,
                    ghosts: false,
                }
            })
            .collect();
        (groups, index)
    }

    /// Whether a service and the one around it hold each other; the first by id then stands outermost.
    fn closes_cycle(&self, node: &'a Node, around: &'a Node) -> bool {
        let above = self.above(around);
        above.iter().any(|n| n.id == node.id) && above.iter().chain([&around]).all(|n| node.id <= n.id)
    }

    /// What to write on an edge: the parts at its ends say more than the operation does.
    pub(super) fn label(&self, edge: &Edge) -> String {
        // Which modules of a crate it are, the page of the crate shows.
        if edge.kind == FlowKind::Use
            && self.by_id.get(self.whole(&edge.from)).is_some_and(|n| n.kind == NodeKind::Crate)
        {
            return String::new();
        }
        // There is one thing to read in a secret, and its icon says which.
        let told = |kind| matches!(kind, NodeKind::Secret | NodeKind::Parameter);
        if edge.kind == FlowKind::Read && self.by_id.get(edge.to.as_str()).is_some_and(|n| told(n.kind)) {
            return String::new();
        }
        let part = |id: &str| self.by_id.get(id).filter(|_| self.owner(id) != id).map(|n| short(n).to_owned());
        // Which route of a function does it is for the model to say: a line is drawn for the whole function.
        let by_function = self.by_id.get(self.owner(&edge.from)).is_some_and(|n| n.kind == NodeKind::Function);
        let from = part(&edge.from).filter(|_| !by_function);
        let parts: Vec<String> = [from, part(&edge.to)].into_iter().flatten().collect();
        if parts.is_empty() { edge.label.trim().to_owned() } else { parts.join(" → ") }
    }
}

/// What a line calls a part: an event by its type, since its source is told by where the line starts.
fn short(part: &Node) -> &str {
    match part.kind {
        NodeKind::EventType => part.name.rsplit_once('/').map_or(&part.name, |(_, event)| event),
        _ => &part.name,
    }
}
