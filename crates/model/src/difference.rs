//! What changed between two models of a system.

use crate::{Edge, Location, Model, Node, Transition, Unresolved};
use std::collections::BTreeMap;

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// It is new.
    Appeared,
    /// It is gone.
    Vanished,
    /// It says something else.
    Changed,
    /// It is the same, and its source stands elsewhere.
    Moved,
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// How.
    pub how: How,
    /// The node by kind and id, or the flow: `function orders/Create`, `orders/Create -write-> orders/Table`.
    pub what: String,
    /// What is other, in words; empty for what appeared, vanished or moved.
    pub why: String,
    /// The source: the new one, or what it was.
    pub at: Option<Location>,
}

/// All that changed from one model to the other, by how and what; nothing for two models of the same system.
pub fn difference(old: &Model, new: &Model) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut rename = |old: &str, new: &str, what: &str| {
        if old != new {
            let why = format!("{what} was `{old}` and is `{new}`");
            changes.push(Change { how: How::Changed, what: "the system".to_owned(), why, at: None });
        }
    };
    rename(&old.name, &new.name, "its name");
    let nodes = |model: &'_ Model| model.nodes.iter().map(|n| (n.id.clone(), n.clone())).collect();
    compare(nodes(old), nodes(new), node, &mut changes);
    let edges = |model: &'_ Model| {
        model.edges.iter().map(|e| ((e.from.clone(), e.to.clone(), e.kind.to_string()), e.clone())).collect()
    };
    compare(edges(old), edges(new), edge, &mut changes);
    let transitions = |model: &'_ Model| model.transitions.iter().map(|t| (t.clone(), t.clone())).collect();
    compare(transitions(old), transitions(new), transition, &mut changes);
    let unresolved = |model: &'_ Model| {
        let key = |u: &Unresolved| (u.node.clone(), u.what.clone(), u.why.clone());
        model.unresolved.iter().map(|u| (key(u), u.clone())).collect()
    };
    compare(unresolved(old), unresolved(new), unknown, &mut changes);
    changes.sort();
    changes
}

/// What a thing is called, where it stands, what it says, and all of its places.
struct Said {
    what: String,
    at: Option<Location>,
    says: Vec<(&'static str, String)>,
    places: Vec<Location>,
}

fn compare<K: Ord, T>(
    old: BTreeMap<K, T>,
    mut new: BTreeMap<K, T>,
    said: impl Fn(&T) -> Said,
    changes: &mut Vec<Change>,
) {
    for (key, old) in old {
        let was = said(&old);
        let Some(is) = new.remove(&key).as_ref().map(&said) else {
            changes.push(Change { how: How::Vanished, what: was.what, why: String::new(), at: was.at });
            continue;
        };
        let others: Vec<String> = was
            .says
            .iter()
            .zip(&is.says)
            .filter(|(was, is)| was != is)
            .map(|((name, was), (_, is))| format!("{name} was `{was}` and is `{is}`"))
            .collect();
        let how = match (others.is_empty(), was.places == is.places) {
            (true, true) => continue,
            (true, false) => How::Moved,
            (false, _) => How::Changed,
        };
        // Of what moved, a place that is new; ways to a call are no places that one could go to.
        let moved = |at: &&Location| how == How::Moved && at.line > 0 && !was.places.contains(at);
        let at = is.places.iter().find(moved).cloned().or(is.at);
        changes.push(Change { how, what: is.what, why: others.join("; "), at });
    }
    for (_, new) in new {
        let is = said(&new);
        changes.push(Change { how: How::Appeared, what: is.what, why: String::new(), at: is.at });
    }
}

fn node(node: &Node) -> Said {
    let details: Vec<String> = node.details.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    Said {
        what: format!("{} {}", node.kind, node.id),
        at: node.declared.first().cloned(),
        says: vec![
            ("its kind", node.kind.to_string()),
            ("its name", node.name.clone()),
            ("its parent", node.parent.clone().unwrap_or_default()),
            ("its platform", node.platform.clone()),
            ("what it is also called", node.names.join(", ")),
            ("its details", details.join(", ")),
        ],
        places: node.declared.clone(),
    }
}

fn edge(edge: &Edge) -> Said {
    let calls: Vec<&str> = edge.evidence.iter().map(|e| e.what.as_str()).collect();
    // Lines of source stand in the ways to a call, too: they are places.
    let ways = edge.evidence.iter().map(|e| format!("{:?}{:?}", e.via, e.how));
    let mut places: Vec<Location> = edge.evidence.iter().map(|e| e.at.clone()).collect();
    places.extend(ways.map(|file| Location { file, line: 0, column: 0 }));
    Said {
        what: format!("{} -{}-> {}", edge.from, edge.kind, edge.to),
        at: edge.evidence.first().map(|e| e.at.clone()),
        says: vec![
            ("its mode", edge.mode.to_string()),
            ("its certainty", edge.certainty.to_string()),
            ("its label", edge.label.clone()),
            ("what does it", calls.join("; ")),
        ],
        places,
    }
}

fn transition(transition: &Transition) -> Said {
    let when = if transition.when.is_empty() { String::new() } else { format!(" ({})", transition.when) };
    let what = format!("{} then {}{when}", transition.from, transition.to);
    Said { what, at: None, says: Vec::new(), places: Vec::new() }
}

fn unknown(unresolved: &Unresolved) -> Said {
    Said {
        what: format!("unresolved in {}: {} ({})", unresolved.node, unresolved.what, unresolved.why),
        at: Some(unresolved.evidence.clone()),
        says: Vec::new(),
        places: vec![unresolved.evidence.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::model;

    fn check(change: impl Fn(&mut Model), expected: &[&str]) {
        let old = model(&["f function", "t table"], &["f read t inferred Get"]);
        let mut new = old.clone();
        change(&mut new);
        let text = |c: &Change| {
            format!("{:?} {}{}", c.how, c.what, if c.why.is_empty() { String::new() } else { format!(": {}", c.why) })
        };
        let changes: Vec<String> = difference(&old, &new).iter().map(text).collect();
        assert_eq!(changes, expected);
    }

    #[test]
    fn everything_that_changes_is_told_once() {
        check(|_| {}, &[]);
        check(|m| m.nodes[0].name = "G".to_owned(), &["Changed function f: its name was `F` and is `G`"]);
        check(
            |m| {
                m.nodes[1].id = "u".to_owned();
                m.edges[0].to = "u".to_owned();
            },
            &["Appeared f -read-> u", "Appeared table u", "Vanished f -read-> t", "Vanished table t"],
        );
        check(|m| m.edges[0].evidence[0].at.line = 9, &["Moved f -read-> t"]);
        check(|m| m.edges[0].evidence[0].via = vec!["f (a.py:2)".to_owned()], &["Moved f -read-> t"]);
        let mut new = model(&["f function", "t table"], &["f read t inferred Get"]);
        let mut old = new.clone();
        let more = old.edges[0].evidence[0].clone();
        old.edges[0].evidence.push(more.clone());
        new.edges[0].evidence.push(more);
        new.edges[0].evidence[1].at.line = 77;
        let at = difference(&old, &new)[0].at.clone();
        assert_eq!(at.map(|at| at.line), Some(77), "the place is the one that is new");
        check(|m| m.edges[0].label = "Query".to_owned(), &["Changed f -read-> t: its label was `Get` and is `Query`"]);
        check(|m| m.name = "n".to_owned(), &["Changed the system: its name was `` and is `n`"]);
    }
}
