//! What a team wants to see of a system: kinds left out, other names, other groups. The model itself stays as it is.

use crate::{Edge, Model, Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// By what nodes are put into groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// The service that declares them.
    #[default]
    Service,
    /// The folder of the file that declares them.
    Folder,
    /// The value of this tag; what has none stays in its service.
    Tag(String),
}

/// How a drawing shows a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Kinds of nodes that are left out, with the flows that end at them.
    pub hidden: BTreeSet<NodeKind>,
    /// Other names for nodes, by id or name.
    pub names: BTreeMap<String, String>,
    /// The groups.
    pub grouping: Grouping,
}

impl Arrangement {
    /// The model as it is to be shown: sorted and consistent if the one given is. `None` when nothing is other.
    pub fn of(&self, model: &Model) -> Option<Model> {
        if *self == Self::default() {
            return None;
        }
        let mut shown = model.clone();
        self.hide(&mut shown);
        for node in &mut shown.nodes {
            if let Some(name) = self.names.get(&node.id).or_else(|| self.names.get(&node.name)) {
                node.names.push(std::mem::replace(&mut node.name, name.clone()));
            }
        }
        match &self.grouping {
            Grouping::Service => {}
            Grouping::Folder => regroup(&mut shown, folder),
            Grouping::Tag(tag) => regroup(&mut shown, |node| tagged(node, tag)),
        }
        shown.sort();
        Some(shown)
    }

    /// What is to have another name and is not there, neither as an id nor as a name.
    pub fn unknown_names(&self, model: &Model) -> Vec<&str> {
        let known: BTreeSet<&str> = model.nodes.iter().flat_map(|n| [n.id.as_str(), n.name.as_str()]).collect();
        self.names.keys().map(String::as_str).filter(|name| !known.contains(name)).collect()
    }

    /// The tag to group by, if nothing has it.
    pub fn unknown_tag(&self, model: &Model) -> Option<&str> {
        match &self.grouping {
            Grouping::Tag(tag) if !model.nodes.iter().any(|node| tagged(node, tag).is_some()) => Some(tag),
            _ => None,
        }
    }

    fn hide(&self, model: &mut Model) {
        let parents: BTreeMap<&str, &Node> = model.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
        let hidden = |node: &Node| {
            // A part goes with what it is a part of.
            let whole = node.parent.as_deref().filter(|_| node.kind.is_part()).and_then(|id| parents.get(id));
            self.hidden.contains(&node.kind) || whole.is_some_and(|whole| self.hidden.contains(&whole.kind))
        };
        let gone: BTreeSet<String> = model
            .nodes
            .iter()
            .filter(|node| node.kind != NodeKind::Service && hidden(node))
            .map(|node| node.id.clone())
            .collect();
        model.nodes.retain(|node| !gone.contains(&node.id));
        model.edges.retain(|Edge { from, to, .. }| !gone.contains(from) && !gone.contains(to));
        model.transitions.retain(|t| !gone.contains(&t.from) && !gone.contains(&t.to));
        model.unresolved.retain(|u| !gone.contains(&u.node));
    }
}

/// Puts nodes into other services than their own: `group` gives the name of a node's.
fn regroup(model: &mut Model, group: impl Fn(&Node) -> Option<String>) {
    let mut groups: BTreeMap<String, Node> = BTreeMap::new();
    let mut left: BTreeSet<String> = BTreeSet::new();
    let taken: BTreeSet<String> = model.nodes.iter().map(|n| n.id.clone()).collect();
    for node in model.nodes.iter_mut().filter(|n| !n.kind.is_part() && n.kind != NodeKind::Service) {
        let Some(name) = group(node) else { continue };
        // Ids of nodes are paths of files and names; this is none.
        let mut id = format!("group:{name}");
        while taken.contains(&id) {
            id.push('\'');
        }
        left.extend(node.parent.replace(id.clone()));
        groups.entry(id.clone()).or_insert_with(|| Node {
            id,
            kind: NodeKind::Service,
            name,
            names: Vec::new(),
            parent: None,
            platform: String::new(),
            details: BTreeMap::new(),
            declared: Vec::new(),
        });
    }
    model.nodes.extend(groups.into_values());
    drop_emptied(model, &left);
}

/// Leaves out the services of `left`, which all nodes went out of, and those that held nothing else.
fn drop_emptied(model: &mut Model, left: &BTreeSet<String>) {
    let mut left = left.clone();
    loop {
        let held: BTreeSet<&str> = model.nodes.iter().filter_map(|n| n.parent.as_deref()).collect();
        let ends = model.edges.iter().flat_map(|e| [e.from.as_str(), e.to.as_str()]);
        let needed: BTreeSet<&str> =
            held.into_iter().chain(ends).chain(model.unresolved.iter().map(|u| u.node.as_str())).collect();
        let is_empty = |n: &Node| left.contains(&n.id) && !needed.contains(n.id.as_str());
        let gone: BTreeSet<String> = model.nodes.iter().filter(|n| is_empty(n)).map(|n| n.id.clone()).collect();
        if gone.is_empty() {
            return;
        }
        let above = model.nodes.iter().filter(|n| gone.contains(&n.id)).filter_map(|n| n.parent.clone());
        left.extend(above.collect::<Vec<_>>());
        model.nodes.retain(|n| !gone.contains(&n.id));
    }
}

fn folder(node: &Node) -> Option<String> {
    let file = &node.declared.first()?.file;
    Some(file.rsplit_once('/').map_or("/", |(folder, _)| folder).to_owned())
}

fn tagged(node: &Node, tag: &str) -> Option<String> {
    node.details.get("tags")?.get(tag)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Location;
    use crate::view::tests::model;

    /// Nodes as `id name parent`, edges as `from>to`.
    fn check(arrangement: &Arrangement, expected: &str) {
        let mut system = model(
            &["s service", "s/f function s", "s/f/r route s/f", "s/p parameter s", "x external"],
            &["s/f read s/p inferred", "s/f/r invoke x inferred"],
        );
        system.nodes[1].declared.push(Location { file: "code/a.yaml".to_owned(), line: 1, column: 1 });
        system.nodes[1].details.insert("tags".to_owned(), serde_json::json!({"team": "red"}));
        let shown = arrangement.of(&system).unwrap_or(system);
        assert_eq!(shown.check(), Ok(()));
        let node = |n: &Node| format!("{} {} {}", n.id, n.name, n.parent.as_deref().unwrap_or("-"));
        let mut text: Vec<String> = shown.nodes.iter().map(node).collect();
        text.extend(shown.edges.iter().map(|e| format!("{}>{}", e.from, e.to)));
        assert_eq!(text.join("; "), expected);
    }

    #[test]
    fn a_drawing_shows_what_is_wanted() {
        let same = "s S -; s/f S/F s; s/f/r S/F/R s/f; s/p S/P s; x X -; s/f>s/p; s/f/r>x";
        check(&Arrangement::default(), same);
        let hidden = |kind| Arrangement { hidden: BTreeSet::from([kind]), ..Arrangement::default() };
        check(&hidden(NodeKind::Parameter), "s S -; s/f S/F s; s/f/r S/F/R s/f; x X -; s/f/r>x");
        check(&hidden(NodeKind::Function), "s S -; s/p S/P s; x X -");
        check(&hidden(NodeKind::Service), same);
        let names = BTreeMap::from([("X".to_owned(), "Partner".to_owned())]);
        check(
            &Arrangement { names, ..Arrangement::default() },
            "s S -; s/f S/F s; s/f/r S/F/R s/f; s/p S/P s; x Partner -; s/f>s/p; s/f/r>x",
        );
        let grouping = |grouping| Arrangement { grouping, ..Arrangement::default() };
        check(
            &grouping(Grouping::Folder),
            "group:code code -; s S -; s/f S/F group:code; s/f/r S/F/R s/f; s/p S/P s; x X -; s/f>s/p; s/f/r>x",
        );
        check(
            &grouping(Grouping::Tag("team".to_owned())),
            "group:red red -; s S -; s/f S/F group:red; s/f/r S/F/R s/f; s/p S/P s; x X -; s/f>s/p; s/f/r>x",
        );
        // A service that all of its nodes have left is drawn no more.
        let emptied = Arrangement { hidden: BTreeSet::from([NodeKind::Parameter]), ..grouping(Grouping::Folder) };
        check(&emptied, "group:code code -; s/f S/F group:code; s/f/r S/F/R s/f; x X -; s/f/r>x");
    }

    #[test]
    fn what_is_not_there_is_told() {
        let system = model(&["s service", "s/f function s"], &[]);
        let names = ["s/f", "S/F", "nobody"].map(|name| (name.to_owned(), "other".to_owned())).into();
        let wanted = Arrangement { names, grouping: Grouping::Tag("team".to_owned()), ..Arrangement::default() };
        assert_eq!((wanted.unknown_names(&system), wanted.unknown_tag(&system)), (vec!["nobody"], Some("team")));
    }
}
