//! Names as a drawing shows them: short, and each saying something.
//!
//! A name of a template says where it is deployed as well (`arn:${AWS::Partition}:…`), a stack is often called after a folder
//! that every project has (`src`), and all of a system's stacks begin with the system's name. A drawing shows what is left;
//! the whole name stays among a node's names.

use crate::apart::tell_apart;
use crate::{Model, Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Folders that say nothing of what is in them.
const FOLDERS: &[&str] = &[
    "cfn",
    "cloudformation",
    "deploy",
    "deployment",
    "iac",
    "infra",
    "infrastructure",
    "sam",
    "source",
    "src",
    "template",
    "templates",
];

/// So many siblings make their common prefix one that says nothing.
const SIBLINGS: usize = 3;

/// The model with the names that a drawing shows; nothing when they are those that it has.
pub fn shown_names(model: &Model) -> Option<Model> {
    let mut shown = model.clone();
    for node in &mut shown.nodes {
        node.name = place(node).or_else(|| plain(&node.name)).unwrap_or_else(|| std::mem::take(&mut node.name));
    }
    tell_apart(&mut shown.nodes);
    strip(&mut shown.nodes);
    for (node, whole) in shown.nodes.iter_mut().zip(&model.nodes) {
        if node.name != whole.name && !whole.name.is_empty() && !node.names.contains(&whole.name) {
            node.names.push(whole.name.clone());
        }
    }
    (shown.nodes != model.nodes).then_some(shown)
}

/// The folder around one that says nothing, for a service that is called after that.
fn place(node: &Node) -> Option<String> {
    let says_nothing = |name: &str| FOLDERS.contains(&name.to_lowercase().as_str());
    let (above, last) = node.id.rsplit_once('/')?;
    if node.kind != NodeKind::Service || last != node.name || !says_nothing(last) {
        return None;
    }
    above.rsplit('/').find(|folder| !folder.is_empty() && !says_nothing(folder)).map(str::to_owned)
}

/// A name without what only says where it is deployed.
fn plain(name: &str) -> Option<String> {
    let mut rest = name;
    if name.starts_with("arn:") {
        let parts = pieces(name, &[':', '/']);
        rest = parts.into_iter().skip(5).rfind(|part| says_something(part))?;
    }
    let short = without_account(rest);
    let short = if short.is_empty() { rest } else { &short };
    let only = short.strip_prefix("${").and_then(|s| s.strip_suffix('}')).filter(|inner| !inner.contains(['{', '}']));
    let short =
        only.filter(|_| rest != name || short.contains("AWS::")).map_or(short, |s| s.trim_start_matches("AWS::"));
    (short != name && !short.is_empty()).then(|| short.to_owned())
}

fn says_something(part: &str) -> bool {
    part.contains(char::is_alphanumeric) && !is_account(part)
}

fn is_account(part: &str) -> bool {
    part.starts_with("${AWS::") && part.ends_with('}')
}

/// The pieces between separators, none of which is inside of `${…}`.
fn pieces<'n>(name: &'n str, separators: &[char]) -> Vec<&'n str> {
    let (mut depth, mut start, mut all) = (0usize, 0, Vec::new());
    for (at, c) in name.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            c if depth == 0 && separators.contains(&c) => {
                all.push(&name[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    all.push(&name[start..]);
    all
}

/// A name without the account, the region or the stack that it is in, and without what joined them to it.
fn without_account(name: &str) -> String {
    let mut out = name.to_owned();
    while let Some(start) = out.find("${AWS::") {
        let Some(end) = out[start..].find('}') else { break };
        let joins = |c: char| matches!(c, '-' | '_' | '.' | '/' | ':');
        let (before, after) = (out[..start].to_owned(), out[start + end + 1..].to_owned());
        out = match (before.trim_end_matches(joins), after.trim_start_matches(joins)) {
            ("", after) => after.to_owned(),
            (before, "") => before.to_owned(),
            (_, after) => format!("{before}{after}"),
        };
    }
    out
}

/// Takes away what most of the services beside one another begin with, and all functions of one service: what some of them
/// have in common (`get-orders`, `get-users`) says what they do.
fn strip(nodes: &mut [Node]) {
    let mut beside: BTreeMap<(NodeKind, Option<String>), Vec<usize>> = BTreeMap::new();
    for (i, node) in nodes.iter().enumerate() {
        if matches!(node.kind, NodeKind::Service | NodeKind::Function) {
            beside.entry((node.kind, node.parent.clone())).or_default().push(i);
        }
    }
    for ((kind, _), siblings) in beside {
        let names: Vec<&str> = siblings.iter().map(|i| nodes[*i].name.as_str()).collect();
        let least = if kind == NodeKind::Service { names.len() / 2 + 1 } else { names.len() };
        let Some(prefix) = prefix(&names, least.max(SIBLINGS)) else { continue };
        for i in siblings {
            if let Some(rest) = nodes[i].name.strip_prefix(&prefix).map(str::to_owned) {
                nodes[i].name = rest;
            }
        }
    }
}

/// The longest beginning that so many of some names share, where what is left of each says enough.
fn prefix(names: &[&str], least: usize) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        for piece in beginnings(name) {
            *counts.entry(piece).or_default() += 1;
        }
    }
    let mut shared: Vec<&str> =
        counts.into_iter().filter(|(_, count)| *count >= least).map(|(piece, _)| piece).collect();
    shared.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    shared.into_iter().find(|piece| says_enough(names, piece)).map(str::to_owned)
}

/// The stretches up to each hyphen or underscore.
fn beginnings(name: &str) -> Vec<&str> {
    let mut at = 0;
    let mut all: Vec<&str> = Vec::new();
    for piece in pieces(name, &['-', '_']) {
        at += piece.len() + 1;
        if at < name.len() {
            all.push(&name[..at]);
        }
    }
    all
}

/// Whether each name still is one without a beginning, and no other one's.
fn says_enough(names: &[&str], prefix: &str) -> bool {
    let mut left = BTreeSet::new();
    names.iter().all(|name| {
        let rest = name.strip_prefix(prefix);
        let readable = rest.is_none_or(|rest| rest.len() > 1 && rest.starts_with(char::is_alphabetic));
        left.insert(rest.unwrap_or(name).to_lowercase()) && readable
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::model;

    /// Nodes as `id kind parent` with their names, and what these become.
    fn check(nodes: &[(&str, &str)], expected: &[&str]) {
        let ids: Vec<&str> = nodes.iter().map(|(id, _)| *id).collect();
        let mut given = model(&ids, &[]);
        for (id, name) in nodes {
            let id = id.split(' ').next().unwrap_or_default();
            given.nodes.iter_mut().filter(|n| n.id == id).for_each(|n| n.name = (*name).to_owned());
        }
        let shown = shown_names(&given).unwrap_or(given);
        assert_eq!(shown.nodes.iter().map(|n| n.name.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn where_something_is_deployed_is_no_name() {
        let name = |name: &str| plain(name).unwrap_or_else(|| name.to_owned());
        assert_eq!(
            name("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:athena:getResults"),
            "getResults"
        );
        assert_eq!(name("arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Logs}"), "Logs");
        assert_eq!(name("arn:aws:s3:::uploads/*"), "uploads");
        assert_eq!(name("uploads-${AWS::Region}"), "uploads");
        assert_eq!(name("${AWS::StackName}-orders"), "orders");
        assert_eq!(name("a-${AWS::Region}-b"), "a-b");
        assert_eq!(name("${AWS::StackName}"), "StackName");
        assert_eq!(name("${Stage}-orders"), "${Stage}-orders");
        assert_eq!(name("arn:aws:s3:::*"), "arn:aws:s3:::*");
        assert_eq!(name("${AWS::"), "${AWS::");
    }

    #[test]
    fn a_folder_that_every_project_has_is_no_name() {
        check(
            &[("orders/src service", "src"), ("src service", "src"), ("users/api service", "api")],
            &["orders", "src", "api"],
        );
        check(
            &[("a/infra/template service", "template"), ("a/src service", "src")],
            &["a (infra/template)", "a (src)"],
        );
        check(&[("orders/src service", "Shop")], &["Shop"]);
    }

    #[test]
    fn what_most_siblings_begin_with_is_left_out() {
        check(
            &[
                ("a service", "my-shop-a"),
                ("b service", "my-shop-be"),
                ("c service", "my-shop-orders"),
                ("d service", "my-shop"),
            ],
            &["shop-a", "shop-be", "shop-orders", "shop"],
        );
        check(
            &[
                ("a service", "my-shop-users"),
                ("b service", "my-shop-be"),
                ("c service", "my-shop-orders"),
                ("d service", "my-shop"),
            ],
            &["users", "be", "orders", "my-shop"],
        );
        // Two are no habit, and what is left must be a name of its own.
        check(&[("a service", "my-users"), ("b service", "my-orders")], &["my-users", "my-orders"]);
        check(
            &[("a service", "my-users"), ("b service", "my-orders"), ("c service", "my-x1"), ("d service", "orders")],
            &["my-users", "my-orders", "my-x1", "orders"],
        );
        let verbs = [
            ("s service", "S"),
            ("s/a function s", "get-a1"),
            ("s/b function s", "get-b1"),
            ("s/c function s", "get-c1"),
        ];
        check(&verbs, &["S", "a1", "b1", "c1"]);
        check(&[&verbs[..], &[("s/d function s", "put-b1")]].concat(), &["S", "get-a1", "get-b1", "get-c1", "put-b1"]);
        check(
            &[("s service", "S"), ("s/a function s", "f-1"), ("s/b function s", "f-2"), ("s/c function s", "f-3")],
            &["S", "f-1", "f-2", "f-3"],
        );
    }
}
