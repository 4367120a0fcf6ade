//! `connectome list`: the model as tables.

use crate::table::table;
use model::{Certainty, Location, Model, Node, NodeKind};
use std::collections::BTreeMap;

/// Services, nodes, flows and what is unresolved. Parts show in the flows that they are ends of.
pub(crate) fn list(model: &Model, granted: bool) -> String {
    let mut out = table("services", &["ID", "NAME", "NODES", "DECLARED"], &services(model));
    out.push('\n');
    let nodes: Vec<Vec<String>> = model.nodes.iter().filter(|n| is_node(n)).map(node).collect();
    out.push_str(&table("nodes", &["ID", "KIND", "NAME", "DECLARED"], &nodes));
    out.push('\n');
    let shown = model.edges.iter().filter(|e| granted || e.certainty != Certainty::Granted);
    let flows: Vec<Vec<String>> = shown
        .map(|e| {
            let place = e.evidence.first().map_or_else(String::new, |e| place(&e.at));
            let kind = format!("-{}->", e.kind);
            vec![e.from.clone(), kind, e.to.clone(), e.certainty.to_string(), e.label.clone(), place]
        })
        .collect();
    out.push_str(&table("flows", &["FROM", "", "TO", "CERTAINTY", "LABEL", "EVIDENCE"], &flows));
    let rows = model.unresolved.iter().map(|u| vec![u.node.clone(), u.what.clone(), u.why.clone(), place(&u.evidence)]);
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        out.push('\n');
        out.push_str(&table("unresolved", &["IN", "WHAT", "WHY", "EVIDENCE"], &rows));
    }
    out
}

/// Whether it counts as a node: neither a service nor a part.
pub(crate) fn is_node(node: &Node) -> bool {
    node.kind != NodeKind::Service && !node.kind.is_part()
}

/// `file:line`.
pub(crate) fn place(at: &Location) -> String {
    format!("{}:{}", at.file, at.line)
}

fn services(model: &Model) -> Vec<Vec<String>> {
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for parent in model.nodes.iter().filter(|n| is_node(n)).filter_map(|n| n.parent.as_deref()) {
        *held.entry(parent).or_default() += 1;
    }
    let row = |n: &Node| {
        let count = held.get(n.id.as_str()).copied().unwrap_or(0);
        vec![n.id.clone(), n.name.clone(), count.to_string(), declared(n)]
    };
    model.nodes.iter().filter(|n| n.kind == NodeKind::Service).map(row).collect()
}

fn node(node: &Node) -> Vec<String> {
    vec![node.id.clone(), node.kind.to_string(), node.name.clone(), declared(node)]
}

fn declared(node: &Node) -> String {
    node.declared.first().map_or_else(String::new, place)
}
