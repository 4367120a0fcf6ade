//! Views: what one page of a drawing shows, made from the model once, whatever the format.
//!
//! In goes a model, out come nested groups (services), leaf nodes and the lines between them. Parts are lifted to the
//! node they belong to, and every flow from one node to another becomes one line that remembers all of them. There are
//! no coordinates here and no colours.

use crate::{Certainty, Edge, FlowKind, Mode, Model, Node, NodeKind, Unresolved};
use std::collections::{BTreeMap, BTreeSet};

mod pages;

pub use pages::{OVERVIEW, READABLE, pages};

/// What to show beyond the flows that happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewOptions {
    /// Also show flows that only a policy allows.
    pub granted: bool,
}

/// One page: everything in it borrows from the model and is ordered by id.
#[derive(Clone, Debug, PartialEq)]
pub struct View<'a> {
    /// Stable id of the page, unique within a drawing.
    pub id: String,
    /// The page's title.
    pub title: String,
    /// Services that hold something, ordered by id.
    pub groups: Vec<Group<'a>>,
    /// Boxes, ordered by id.
    pub nodes: Vec<Leaf<'a>>,
    /// Lines, ordered by their ends.
    pub lines: Vec<Line<'a>>,
}

/// A service drawn as a frame around its nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// The service.
    pub node: &'a Node,
    /// Index of the group around it in [`View::groups`].
    pub parent: Option<usize>,
}

/// A node drawn as a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf<'a> {
    /// The node.
    pub node: &'a Node,
    /// Index of its group in [`View::groups`]; nothing for what stands outside of every service.
    pub group: Option<usize>,
    /// The parts that are lifted to it, ordered by id.
    pub parts: Vec<&'a Node>,
    /// What it does that could not be told.
    pub unresolved: Vec<&'a Unresolved>,
    /// Whether it stands here only because something of the page has to do with it.
    pub ghost: bool,
    /// The id of the page that shows it, or what is in it, when that is another one.
    pub page: Option<String>,
}

/// All flows from one box to another, drawn as one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<'a> {
    /// Index of the initiator in [`View::nodes`].
    pub from: usize,
    /// Index of the receiver in [`View::nodes`].
    pub to: usize,
    /// What flows, each kind once.
    pub kinds: BTreeSet<FlowKind>,
    /// Asynchronous only when every flow is.
    pub mode: Mode,
    /// That of the most certain flow.
    pub certainty: Certainty,
    /// A few words for each flow, each once: the part that it starts or ends at, else the edge's own label.
    pub labels: Vec<String>,
    /// The flows, in the model's order.
    pub flows: Vec<&'a Edge>,
}

/// The whole system on one page. The nodes of the model must be sorted.
pub fn system<'a>(model: &'a Model, options: &ViewOptions) -> View<'a> {
    let hierarchy = Hierarchy::new(model);
    let shown: Vec<&Edge> =
        model.edges.iter().filter(|e| options.granted || e.certainty != Certainty::Granted).collect();
    let leaves = hierarchy.leaves(&shown);
    let (groups, group_index) = hierarchy.groups(&leaves);
    let index: BTreeMap<&str, usize> = leaves.iter().enumerate().map(|(i, n)| (n.id.as_str(), i)).collect();
    let mut nodes: Vec<Leaf<'a>> = leaves
        .iter()
        .map(|node| Leaf {
            node,
            group: hierarchy.group_of(node).and_then(|id| group_index.get(id).copied()),
            parts: Vec::new(),
            unresolved: Vec::new(),
            ghost: false,
            page: None,
        })
        .collect();
    for node in &model.nodes {
        if let Some(&owner) = index.get(hierarchy.owner(&node.id)).filter(|_| node.kind.is_part())
            && nodes[owner].node.id != node.id
        {
            nodes[owner].parts.push(node);
        }
    }
    for unresolved in &model.unresolved {
        if let Some(&owner) = index.get(hierarchy.owner(&unresolved.node)) {
            nodes[owner].unresolved.push(unresolved);
        }
    }
    let lines = lines(&shown, &hierarchy, &index);
    View { id: "system".to_owned(), title: title(model), groups, nodes, lines }
}

fn title(model: &Model) -> String {
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
        let line = lines.entry((from, to)).or_insert_with(|| Line {
            from,
            to,
            kinds: BTreeSet::new(),
            mode: Mode::Async,
            certainty: Certainty::Granted,
            labels: Vec::new(),
            flows: Vec::new(),
        });
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

/// Who holds whom. Parents that are missing or form a cycle end the way up.
struct Hierarchy<'a> {
    model: &'a Model,
    by_id: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Hierarchy<'a> {
    fn new(model: &'a Model) -> Self {
        Self { model, by_id: model.nodes.iter().map(|n| (n.id.as_str(), n)).collect() }
    }

    /// The nodes above one, nearest first.
    fn above(&self, node: &'a Node) -> Vec<&'a Node> {
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
    fn owner<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        let Some(&node) = self.by_id.get(id).filter(|n| n.kind.is_part()) else {
            return id;
        };
        let owner = self.above(node).into_iter().find(|n| !n.kind.is_part() && n.kind != NodeKind::Service);
        owner.map_or(id, |n| n.id.as_str())
    }

    fn group_of(&self, node: &'a Node) -> Option<&'a str> {
        // A service that is an end of a flow is a box inside of its own frame.
        if node.kind == NodeKind::Service {
            return Some(&node.id);
        }
        self.above(node).into_iter().find(|n| n.kind == NodeKind::Service).map(|n| n.id.as_str())
    }

    /// Every node that gets a box: all but parts with an owner, and services unless a flow ends at them.
    fn leaves(&self, shown: &[&Edge]) -> Vec<&'a Node> {
        let ends: BTreeSet<&str> = shown.iter().flat_map(|e| [e.from.as_str(), e.to.as_str()]).collect();
        let boxed = |n: &&Node| match n.kind {
            NodeKind::Service => ends.contains(n.id.as_str()),
            kind if kind.is_part() => self.owner(&n.id) == n.id,
            _ => true,
        };
        self.model.nodes.iter().filter(boxed).collect()
    }

    /// The services around the leaves, and where each stands in the list.
    fn groups(&self, leaves: &[&'a Node]) -> (Vec<Group<'a>>, BTreeMap<&'a str, usize>) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for leaf in leaves {
            if let Some(&service) = self.group_of(leaf).and_then(|id| self.by_id.get(id)) {
                used.insert(&service.id);
                used.extend(self.above(service).iter().filter(|n| n.kind == NodeKind::Service).map(|n| n.id.as_str()));
            }
        }
        let index: BTreeMap<&str, usize> = used.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let groups = used
            .iter()
            .map(|id| {
                let node = self.by_id[id];
                let around = self.above(node).into_iter().find(|n| n.kind == NodeKind::Service);
                let around = around.filter(|n| !self.closes_cycle(node, n));
                Group { node, parent: around.and_then(|n| index.get(n.id.as_str()).copied()) }
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
    fn label(&self, edge: &Edge) -> String {
        let part = |id: &str| self.by_id.get(id).filter(|_| self.owner(id) != id).map(|n| n.name.clone());
        // Which route of a function does it is for the model to say: a line is drawn for the whole function.
        let by_function = self.by_id.get(self.owner(&edge.from)).is_some_and(|n| n.kind == NodeKind::Function);
        let from = part(&edge.from).filter(|_| !by_function);
        let parts: Vec<String> = [from, part(&edge.to)].into_iter().flatten().collect();
        if parts.is_empty() { edge.label.trim().to_owned() } else { parts.join(" → ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evidence, Location};

    /// Nodes as `id kind parent`, edges as `from kind to certainty label`.
    fn model(nodes: &[&str], edges: &[&str]) -> Model {
        let at = Location { file: "a.py".to_owned(), line: 1, column: 1 };
        let node = |text: &&str| {
            let words: Vec<&str> = text.split(' ').collect();
            Node {
                id: words[0].to_owned(),
                kind: NodeKind::parse(words[1]).unwrap(),
                name: words[0].to_uppercase(),
                names: Vec::new(),
                parent: words.get(2).map(|p| (*p).to_owned()),
                platform: String::new(),
                details: BTreeMap::new(),
                declared: Vec::new(),
            }
        };
        let edge = |text: &&str| {
            let words: Vec<&str> = text.split(' ').collect();
            Edge {
                from: words[0].to_owned(),
                kind: FlowKind::parse(words[1]).unwrap(),
                to: words[2].to_owned(),
                mode: if words[1] == "publish" { Mode::Async } else { Mode::Sync },
                certainty: Certainty::parse(words[3]).unwrap(),
                label: words.get(4).map_or(String::new(), |l| (*l).to_owned()),
                evidence: vec![Evidence { at: at.clone(), what: String::new(), via: Vec::new(), how: Vec::new() }],
            }
        };
        let mut model = Model { nodes: nodes.iter().map(node).collect(), ..Model::default() };
        model.edges = edges.iter().map(edge).collect();
        model.sort();
        model
    }

    /// A view as text: groups `[parent/id]`, nodes `group/id`, lines `from>to kinds mode certainty labels`.
    fn check(nodes: &[&str], edges: &[&str], expected: &str) {
        check_with(ViewOptions::default(), nodes, edges, expected);
    }

    fn check_with(options: ViewOptions, nodes: &[&str], edges: &[&str], expected: &str) {
        let model = model(nodes, edges);
        let view = system(&model, &options);
        let group = |g: Option<usize>| g.map_or("", |g| view.groups[g].node.id.as_str());
        let mut text: Vec<String> =
            view.groups.iter().map(|g| format!("[{}/{}]", group(g.parent), g.node.id)).collect();
        text.extend(view.nodes.iter().map(|n| format!("{}/{}", group(n.group), n.node.id)));
        for line in &view.lines {
            let kinds: Vec<&str> = line.kinds.iter().map(|k| k.as_str()).collect();
            let ends = (&view.nodes[line.from].node.id, &view.nodes[line.to].node.id);
            let labels = line.labels.join(",");
            text.push(format!("{}>{} {} {} {} {labels}", ends.0, ends.1, kinds.join("+"), line.mode, line.certainty));
        }
        assert_eq!(text.join("; ").trim_end(), expected);
    }

    #[test]
    fn services_are_groups_and_empty_ones_vanish() {
        check(&["s service", "t service s", "f function t", "u service", "x external"], &[], "[/s]; [s/t]; t/f; /x");
    }

    #[test]
    fn flows_between_two_boxes_are_one_line() {
        check(
            &["f function", "t table"],
            &["f read t possible GetItem", "f write t inferred PutItem"],
            "/f; /t; f>t read+write sync inferred GetItem,PutItem",
        );
        check(
            &["f function", "q queue"],
            &["f publish q inferred", "q trigger f declared"],
            "/f; /q; f>q publish async inferred ; q>f trigger sync declared",
        );
    }

    #[test]
    fn parts_are_lifted_to_their_owner_and_named_on_the_line() {
        check(
            &["a rest_api", "a/r route a", "f function"],
            &["a/r invoke f declared ANY"],
            "/a; /f; a>f invoke sync declared A/R",
        );
        // What happens between the parts of one node is not a line, but a function that calls itself is.
        check(
            &["m state_machine", "m/1 state m", "m/2 state m", "f function"],
            &["m/1 invoke m/2 declared", "f invoke f inferred"],
            "/f; /m; f>f invoke sync inferred",
        );
        // A part that belongs to nothing is a box, and its name is there already.
        check(&["r route", "f function"], &["r invoke f declared ANY"], "/f; /r; r>f invoke sync declared ANY");
    }

    #[test]
    fn what_is_only_allowed_is_drawn_on_request() {
        let (nodes, edges) = (["f function", "t table"], ["f read t granted"]);
        check(&nodes, &edges, "/f; /t");
        check_with(ViewOptions { granted: true }, &nodes, &edges, "/f; /t; f>t read sync granted");
    }

    #[test]
    fn contradictions_do_no_harm() {
        // Ends and parents that are missing, services that hold each other, a service as an end.
        check(&["f function nowhere"], &["f invoke gone inferred"], "/f");
        check(&["a service b", "b service a", "f function a"], &[], "[/a]; [a/b]; a/f");
        check(&["s service", "f function s"], &["f invoke s inferred"], "[/s]; s/f; s/s; f>s invoke sync inferred");
    }
}
