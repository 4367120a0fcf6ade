//! Views: what one page of a drawing shows, made from the model once, whatever the format.
//!
//! In goes a model, out come nested groups (services), leaf nodes and the lines between them. Parts are lifted to the
//! node they belong to, and every flow from one node to another becomes one line that remembers all of them. There are
//! no coordinates here and no colours.

use crate::{Certainty, Edge, FlowKind, Mode, Node, Unresolved};
use std::collections::BTreeSet;

mod alike;
mod chapters;
mod chart;
mod details;
mod ghosts;
mod hierarchy;
mod nested;
mod pages;
mod split;
mod system;

pub use pages::{OVERVIEW, READABLE, pages};
pub use system::{SYSTEM, system};

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
    /// Services that hold something, and the node whose parts a page shows; ordered by id.
    pub groups: Vec<Group<'a>>,
    /// Boxes, ordered by id.
    pub nodes: Vec<Leaf<'a>>,
    /// Lines, ordered by their ends.
    pub lines: Vec<Line<'a>>,
}

/// A service drawn as a frame around its nodes, or a node around its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// Stable id of the frame, unique on its page: that of the node, unless a node has several frames.
    pub id: String,
    /// What is drawn as a frame.
    pub node: &'a Node,
    /// What stands at the frame, where that is not the node's name.
    pub title: Option<String>,
    /// Index of the group around it in [`View::groups`].
    pub parent: Option<usize>,
    /// The id of the page that it leads to.
    pub page: Option<String>,
    /// Whether only ghosts stand in it: it says to whom they belong.
    pub ghosts: bool,
}

/// A node drawn as a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf<'a> {
    /// The node.
    pub node: &'a Node,
    /// Index of its group in [`View::groups`]; nothing for what stands outside of every service.
    pub group: Option<usize>,
    /// The parts that are lifted to it, ordered by id; of a part, those for which its card stands, by path.
    pub parts: Vec<&'a Node>,
    /// What it does that could not be told.
    pub unresolved: Vec<&'a Unresolved>,
    /// Whether it stands here only because something of the page has to do with it.
    pub ghost: bool,
    /// The id of the page that shows it, or what is in it, when that is another one.
    pub page: Option<String>,
    /// Its place among the boxes of its frame, from 1; 0 where lines alone tell it.
    pub order: u32,
    /// Whether what the page shows starts here.
    pub start: bool,
    /// What it calls and the page does not show otherwise.
    pub calls: Option<Call<'a>>,
}

/// What a part of a node calls, told in few words instead of by a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Call<'a> {
    /// What is called.
    pub node: &'a Node,
    /// A few words for each flow, see [`Line::labels`].
    pub labels: Vec<String>,
    /// The flows, in the model's order.
    pub flows: Vec<&'a Edge>,
}

/// All flows from one box to another, drawn as one line; or, without any flow, that one part comes after another one.
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
    /// Those of them that start at the receiver, where one line stands for both ways.
    pub back: Vec<&'a Edge>,
    /// Where one part comes after another one, in what case.
    pub way: Option<Way>,
}

/// In what case one part comes after another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Where nothing speaks against it.
    Main,
    /// On a condition.
    Choice,
    /// For each item of something, or beside other parts.
    Inner,
    /// When something went wrong.
    Error,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Evidence, FlowKind, Location, Model, NodeKind};
    use std::collections::BTreeMap;

    /// Nodes as `id kind parent`, edges as `from kind to certainty label`.
    pub(crate) fn model(nodes: &[&str], edges: &[&str]) -> Model {
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
    fn what_starts_its_reader_is_one_line() {
        check(
            &["f function", "b bucket"],
            &["f read b inferred GetObject", "b trigger f declared"],
            "/b; /f; b>f trigger+read sync declared triggers,GetObject",
        );
        check(
            &["f function", "b bucket"],
            &["f read b inferred GetObject", "f write b inferred PutObject", "b trigger f declared created"],
            "/b; /f; b>f trigger sync declared created; f>b read+write sync inferred GetObject,PutObject",
        );
    }

    #[test]
    fn what_a_secret_is_asked_for_goes_without_saying() {
        check(
            &["f function", "p parameter", "s secret"],
            &[
                "f read p inferred GetParameter",
                "f read s inferred GetSecretValue",
                "f write s inferred PutSecretValue",
            ],
            "/f; /p; /s; f>p read sync inferred ; f>s read+write sync inferred PutSecretValue",
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
