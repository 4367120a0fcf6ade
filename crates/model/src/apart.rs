//! Names that tell services apart on a drawing.
//!
//! Services are often named after a file or folder that every one of them has (`server`, `shared-template`). On one drawing
//! such a name says nothing, so what differs in their ids is put behind it.

use crate::{Node, NodeKind};
use std::collections::BTreeMap;

/// Gives outermost services names that no two share.
pub(crate) fn tell_apart(nodes: &mut [Node]) {
    let mut called: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
    let outermost = |node: &&Node| node.kind == NodeKind::Service && node.parent.is_none() && !node.name.is_empty();
    for node in nodes.iter().filter(outermost) {
        called.entry(&node.name).or_default().push(node);
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (name, nodes) in called.into_iter().filter(|(_, nodes)| nodes.len() > 1) {
        let ids: Vec<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
        for (id, rest) in ids.iter().zip(differences(&ids)).filter(|(_, rest)| !rest.is_empty()) {
            names.insert((*id).to_owned(), format!("{name} ({rest})"));
        }
    }
    for node in nodes {
        if let Some(name) = names.remove(&node.id) {
            node.name = name;
        }
    }
}

/// The paths without the folders at the beginning and the end that all of them share.
fn differences(paths: &[&str]) -> Vec<String> {
    let mut split: Vec<Vec<&str>> = paths.iter().map(|path| path.split('/').rev().collect()).collect();
    without_beginning(&mut split);
    for path in &mut split {
        path.reverse();
    }
    without_beginning(&mut split);
    split.into_iter().map(|path| path.join("/")).collect()
}

/// Takes away what all of these begin with.
fn without_beginning(paths: &mut [Vec<&str>]) {
    let Some((first, others)) = paths.split_first() else { return };
    let shared = |other: &Vec<&str>| first.iter().zip(other).take_while(|(a, b)| a == b).count();
    let count = others.iter().map(shared).min().unwrap_or(0);
    for path in paths {
        path.drain(..count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::model;

    fn named(ids: &[(&str, &str)]) -> Vec<Node> {
        let nodes: Vec<String> = ids.iter().map(|(id, _)| format!("{id} service")).collect();
        let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
        let mut model = model(&nodes, &[]);
        for node in &mut model.nodes {
            ids.iter().filter(|(id, _)| *id == node.id).for_each(|(_, name)| node.name = (*name).to_owned());
        }
        model.nodes
    }

    fn check(ids: &[(&str, &str)], expected: &[&str]) {
        let mut nodes = named(ids);
        tell_apart(&mut nodes);
        assert_eq!(nodes.into_iter().map(|node| node.name).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_differs_stands_behind_the_name() {
        check(
            &[("a/server/app", "app"), ("b/a/server/app", "app"), ("b/server/app", "app"), ("other", "other")],
            &["app (a)", "app (b/a)", "app (b)", "other"],
        );
        check(&[("app", "app"), ("x/app", "app")], &["app", "app (x)"]);
    }

    #[test]
    fn names_of_their_own_stay() {
        check(&[("a", "a"), ("b", "b")], &["a", "b"]);
    }
}
