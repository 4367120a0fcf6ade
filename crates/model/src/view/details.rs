//! A page for one node whose parts are worth seeing: a state machine as a flow chart, an API with what answers each
//! route or field, a database with its tables, a bus with its events, a crate with its modules.

use super::alike;
use super::chart;
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
    (NodeKind::Crate, 3),
];

/// Lines of a crate's page. With more, it shows how its modules hang together, and not which of them needs which other
/// crate: the overview tells what the crate needs, and the lines of the others say for what they need it.
const CROWDED: usize = 80;

/// Parts whose lines can be followed however they stand.
const FEW: usize = 8;

/// Makes the pages of nodes whose parts are worth seeing.
pub(super) struct Details<'a> {
    model: &'a Model,
    hierarchy: Hierarchy<'a>,
    /// The flows at each node or its parts.
    flows: BTreeMap<&'a str, Vec<&'a Edge>>,
}

impl<'a> Details<'a> {
    pub(super) fn new(model: &'a Model, options: ViewOptions) -> Self {
        let hierarchy = Hierarchy::new(model);
        let mut flows: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
        for edge in shown(model, options) {
            let (from, to) = (hierarchy.node(hierarchy.whole(&edge.from)), hierarchy.node(hierarchy.whole(&edge.to)));
            let (Some(from), Some(to)) = (from, to) else { continue };
            flows.entry(&from.id).or_default().push(edge);
            if from.id != to.id {
                flows.entry(&to.id).or_default().push(edge);
            }
        }
        Self { model, hierarchy, flows }
    }

    /// The nodes whose parts have a page, by id.
    fn worth_seeing(&self) -> Vec<&'a Node> {
        let least = |node: &Node| WORTH_SEEING.iter().find(|(kind, _)| *kind == node.kind).map(|(_, least)| *least);
        let enough = |(node, parts): &(&'a Node, &Vec<&'a Node>)| least(node).is_some_and(|least| parts.len() >= least);
        self.hierarchy.with_parts().filter(enough).map(|(node, _)| node).collect()
    }

    /// The pages of nodes whose parts have one, by id.
    pub(super) fn pages(&mut self) -> Vec<View<'a>> {
        let nodes = self.worth_seeing();
        nodes.into_iter().filter_map(|node| self.page(node)).collect()
    }

    /// The page of a node with its parts, as boxes in its frame, and what they have to do with. Of an API also what its
    /// handlers do, where there is room for it. Nothing where the overview tells it all.
    fn page(&mut self, node: &'a Node) -> Option<View<'a>> {
        let parts = self.hierarchy.lifted(node);
        self.hierarchy.open(node);
        let mut flows = self.at(&node.id);
        if is_api(node.kind) {
            let further = self.of_handlers(node, &flows);
            if ends(&self.hierarchy, &further).len() + parts.len() <= READABLE {
                flows = further;
            }
        }
        let crowded = node.kind == NodeKind::Crate && self.lines(&flows) > CROWDED;
        if crowded {
            flows.retain(|edge| self.hierarchy.whole(&edge.from) == self.hierarchy.whole(&edge.to));
        }
        let mut boxes: BTreeSet<&str> = ends(&self.hierarchy, &flows);
        boxes.extend(parts.iter().map(|part| part.id.as_str()));
        let is_start = |id: &str| id == node.id && node.kind == NodeKind::StateMachine;
        if self.model.transitions.iter().any(|transition| is_start(&transition.from)) {
            boxes.insert(&node.id);
        }
        let leaves: Vec<&Node> = boxes.iter().filter_map(|id| self.hierarchy.node(id)).collect();
        let mut view = assembled(&self.hierarchy, &leaves, &flows);
        for leaf in &mut view.nodes {
            leaf.ghost = leaf.group.is_none();
            leaf.start = is_start(&leaf.node.id);
        }
        if node.kind == NodeKind::EventBus {
            // Everything here is an event that is put or delivered; what the bus itself delivers, a rule's words tell.
            let own = |line: &Line<'_>| view.nodes[line.from].node.id == node.id;
            view.lines.iter_mut().filter(|line| !own(line)).for_each(|line| line.labels.clear());
        }
        alike::without_repetition(&mut view);
        if is_api(node.kind) && !alike::tells_parts_apart(&view) {
            return None;
        }
        if is_api(node.kind) {
            alike::listed(&mut view);
        }
        // An order that many lines have to cross one another for helps nobody to follow them.
        let parts = view.nodes.iter().filter(|leaf| leaf.group.is_some()).count();
        if (is_api(node.kind) || node.kind == NodeKind::Database) && (parts <= FEW || view.lines.len() <= parts) {
            alike::ordered(&mut view);
        }
        transitions(self.model, &mut view);
        if node.kind == NodeKind::StateMachine {
            chart::frames(&self.hierarchy, &mut view);
            let worth: BTreeSet<&str> = self.worth_seeing().iter().map(|node| node.id.as_str()).collect();
            chart::callees(&mut view, |node| worth.contains(node.id.as_str()));
        }
        view.id.clone_from(&node.id);
        let name = if node.name.is_empty() { &node.id } else { &node.name };
        view.title = format!("{} · {name}{}", title(self.model), if crowded { " (within)" } else { "" });
        Some(view)
    }

    /// How many lines some flows are.
    fn lines(&self, flows: &[&Edge]) -> usize {
        let ends =
            |edge: &&'_ Edge| (self.hierarchy.owner(&edge.from).to_owned(), self.hierarchy.owner(&edge.to).to_owned());
        flows.iter().map(ends).collect::<BTreeSet<_>>().len()
    }

    fn at(&self, id: &str) -> Vec<&'a Edge> {
        self.flows.get(id).cloned().unwrap_or_default()
    }

    /// The same flows and those that start at what the node calls, in the model's order.
    fn of_handlers(&self, node: &Node, flows: &[&'a Edge]) -> Vec<&'a Edge> {
        let whole = |id: &'a str| self.hierarchy.whole(id);
        let called: BTreeSet<&str> = flows
            .iter()
            .filter(|e| whole(&e.from) == node.id)
            .map(|e| whole(&e.to))
            .filter(|id| *id != node.id)
            .collect();
        let of_called = |id: &&str| self.at(id).into_iter().filter(|e| whole(&e.from) == *id).collect::<Vec<_>>();
        let mut all: Vec<&Edge> = flows.iter().copied().chain(called.iter().flat_map(of_called)).collect();
        all.sort_by_key(|edge| edge.key());
        all.dedup_by_key(|edge| edge.key());
        all
    }
}

const fn is_api(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebsocketApi | NodeKind::GraphqlApi)
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
    let mut always: BTreeSet<(usize, usize)> = BTreeSet::new();
    for transition in &model.transitions {
        let ends = (index.get(transition.from.as_str()), index.get(transition.to.as_str()));
        let (Some(&from), Some(&to)) = ends else { continue };
        let line = lines.entry((from, to)).or_insert_with(|| empty(from, to));
        (line.mode, line.certainty) = (Mode::Sync, Certainty::Declared);
        let way = chart::way(transition);
        line.way = Some(line.way.map_or(way, |other| other.min(way)));
        if transition.when.is_empty() {
            always.insert((from, to));
        } else if !line.labels.contains(&transition.when) {
            line.labels.push(transition.when.clone());
        }
    }
    // Where it goes on in any case, a condition alone would say too little.
    for (_, line) in lines.iter_mut().filter(|(ends, _)| always.contains(ends)) {
        line.labels.iter_mut().for_each(|label| *label = format!("also {label}"));
    }
    view.lines = lines.into_values().collect();
}
