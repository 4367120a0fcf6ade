//! A page for one node whose parts are worth seeing: a state machine as a flow chart, an API with what answers each
//! route or field, a database with its tables, a bus with its events.

use super::hierarchy::Hierarchy;
use super::system::{assembled, empty, shown, title};
use super::{Leaf, Line, READABLE, View, ViewOptions};
use crate::{Certainty, Edge, Mode, Model, Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of nodes with a page, and how many parts make one worth having: fewer are told by the labels of lines.
const WORTH_SEEING: &[(NodeKind, usize)] = &[
    (NodeKind::StateMachine, 3),
    (NodeKind::RestApi, 6),
    (NodeKind::HttpApi, 6),
    (NodeKind::WebsocketApi, 6),
    (NodeKind::GraphqlApi, 6),
    (NodeKind::Database, 3),
    (NodeKind::EventBus, 3),
];

/// The nodes whose parts have a page, with the parts; ordered by id.
pub(super) fn worth_seeing(model: &Model) -> Vec<(&Node, Vec<&Node>)> {
    let hierarchy = Hierarchy::new(model);
    let mut parts: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
    for node in model.nodes.iter().filter(|n| n.kind.is_part()) {
        parts.entry(hierarchy.whole(&node.id)).or_default().push(node);
    }
    let enough =
        |node: &Node, count: usize| WORTH_SEEING.iter().any(|(kind, least)| *kind == node.kind && count >= *least);
    let nodes = parts.into_iter().filter_map(|(id, parts)| Some((hierarchy.node(id)?, parts)));
    nodes.filter(|(node, parts)| enough(node, parts.len())).collect()
}

/// The page of a node with its parts, as boxes in its frame, and what they have to do with. Of an API also what its
/// handlers do, where there is room for it.
pub(super) fn page<'a>(model: &'a Model, node: &'a Node, parts: &[&'a Node], options: ViewOptions) -> View<'a> {
    let mut hierarchy = Hierarchy::new(model);
    hierarchy.open(node);
    let mut flows = touching(&hierarchy, &shown(model, options), |id| hierarchy.whole(id) == node.id);
    if is_api(node.kind) {
        let further = of_handlers(&hierarchy, node, &shown(model, options), &flows);
        if ends(&hierarchy, &further).len() + parts.len() <= READABLE {
            flows = further;
        }
    }
    let mut boxes: BTreeSet<&str> = ends(&hierarchy, &flows);
    boxes.extend(parts.iter().map(|part| part.id.as_str()));
    let leaves: Vec<&Node> = boxes.iter().filter_map(|id| hierarchy.node(id)).collect();
    let mut view = assembled(&hierarchy, &leaves, &flows);
    for leaf in &mut view.nodes {
        leaf.ghost = leaf.group.is_none();
    }
    if node.kind == NodeKind::EventBus {
        // Everything here is an event that is put or delivered.
        view.lines.iter_mut().for_each(|line| line.labels.clear());
    }
    transitions(model, &mut view);
    view.id.clone_from(&node.id);
    view.title = format!("{} · {}", title(model), if node.name.is_empty() { &node.id } else { &node.name });
    view
}

const fn is_api(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebsocketApi | NodeKind::GraphqlApi)
}

/// The flows with an end of which `own` is true.
fn touching<'a>(hierarchy: &Hierarchy<'a>, all: &[&'a Edge], own: impl Fn(&str) -> bool) -> Vec<&'a Edge> {
    let known = |id: &str| hierarchy.node(id).is_some();
    all.iter().copied().filter(|e| known(&e.from) && known(&e.to) && (own(&e.from) || own(&e.to))).collect()
}

/// The same flows and those that start at what the node calls.
fn of_handlers<'a>(hierarchy: &Hierarchy<'a>, node: &Node, all: &[&'a Edge], flows: &[&'a Edge]) -> Vec<&'a Edge> {
    let called: BTreeSet<&str> =
        flows.iter().filter(|e| hierarchy.whole(&e.from) == node.id).map(|e| hierarchy.whole(&e.to)).collect();
    touching(hierarchy, all, |_| true)
        .into_iter()
        .filter(|e| {
            let (from, to) = (hierarchy.whole(&e.from), hierarchy.whole(&e.to));
            from == node.id || to == node.id || called.contains(from)
        })
        .collect()
}

/// The boxes at which flows end.
fn ends<'a>(hierarchy: &Hierarchy<'a>, flows: &[&'a Edge]) -> BTreeSet<&'a str> {
    flows.iter().flat_map(|e| [hierarchy.owner(&e.from), hierarchy.owner(&e.to)]).collect()
}

/// Adds that one part comes after another one, as lines without a flow.
fn transitions<'a>(model: &'a Model, view: &mut View<'a>) {
    let index: BTreeMap<&str, usize> =
        view.nodes.iter().enumerate().map(|(i, leaf): (usize, &Leaf<'a>)| (leaf.node.id.as_str(), i)).collect();
    let mut lines: BTreeMap<(usize, usize), Line<'a>> =
        std::mem::take(&mut view.lines).into_iter().map(|line| ((line.from, line.to), line)).collect();
    for transition in &model.transitions {
        let ends = (index.get(transition.from.as_str()), index.get(transition.to.as_str()));
        let (Some(&from), Some(&to)) = ends else { continue };
        let line = lines.entry((from, to)).or_insert_with(|| empty(from, to));
        (line.mode, line.certainty) = (Mode::Sync, Certainty::Declared);
        if !transition.when.is_empty() && !line.labels.contains(&transition.when) {
            line.labels.push(transition.when.clone());
        }
    }
    view.lines = lines.into_values().collect();
}
