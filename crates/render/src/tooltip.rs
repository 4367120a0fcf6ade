//! What a reader sees on pointing at something: the whole name, where it is declared, and the evidence. Plain text.

use crate::text::counted;
use model::view::{Group, Leaf, Line, View};
use model::{Edge, Evidence, Location, NodeKind};

/// How many lines of source are listed before "and more".
const MOST: usize = 10;

/// `file:line`.
pub(crate) fn place(at: &Location) -> String {
    format!("{}:{}", at.file, at.line)
}

/// `file:line what`, as it stands in tooltips and attributes.
pub(crate) fn evidence(edges: &[&Edge]) -> Vec<String> {
    let all: Vec<&Evidence> = edges.iter().flat_map(|e| &e.evidence).collect();
    capped(all.iter().map(|e| format!("{} {}", place(&e.at), e.what)), all.len())
}

/// The details of a node as `key: value`.
pub(crate) fn details(leaf: &Leaf<'_>) -> Vec<String> {
    leaf.node
        .details
        .iter()
        .map(|(key, value)| match value {
            serde_json::Value::String(text) => format!("{key}: {text}"),
            serde_json::Value::Object(entries) => {
                let entry = |(name, value): (&String, &serde_json::Value)| match value.as_str() {
                    Some(text) => format!("{name}={text}"),
                    None => format!("{name}={value}"),
                };
                format!("{key}: {}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            other => format!("{key}: {other}"),
        })
        .collect()
}

/// Of a service.
pub(crate) fn group(view: &View<'_>, group: &Group<'_>) -> String {
    let at = view.groups.iter().position(|g| g.id == group.id);
    let count = view.nodes.iter().filter(|n| n.group.is_some() && n.group == at).count();
    let what = match group.node.kind {
        NodeKind::Crate => format!("Crate with {}", counted(count, "module")),
        NodeKind::State | NodeKind::StateMachine => counted(count, "state"),
        _ if group.ghosts => format!("Service, {} of which stand here", counted(count, "node")),
        _ => format!("Service with {}", counted(count, "node")),
    };
    let mut lines = vec![
        group.title.as_ref().filter(|_| group.node.kind == NodeKind::State).unwrap_or(&group.node.name).clone(),
        what,
    ];
    lines.extend(group.node.declared.iter().take(MOST).map(place));
    lines.join("\n")
}

/// Of a node.
pub(crate) fn node(leaf: &Leaf<'_>, title: &str) -> String {
    let mut lines = vec![leaf.node.name.clone(), title.to_owned()];
    let others: Vec<&str> = leaf.node.names.iter().map(String::as_str).filter(|n| *n != leaf.node.name).collect();
    if !others.is_empty() {
        lines.push(format!("also {}", others.join(", ")));
    }
    lines.extend(details(leaf));
    if let Some(call) = &leaf.calls {
        lines.extend(flows(&call.flows).into_iter().map(|flow| format!("{flow} → {}", call.node.name)));
        lines.extend(evidence(&call.flows));
    }
    lines.extend(capped(leaf.parts.iter().map(|p| format!("{} {}", p.kind, p.name)), leaf.parts.len()));
    lines.extend(leaf.node.declared.iter().take(MOST).map(|at| format!("declared at {}", place(at))));
    let unknown = leaf.unresolved.iter().map(|u| format!("unknown: {} ({}) at {}", u.what, u.why, place(&u.evidence)));
    lines.extend(capped(unknown, leaf.unresolved.len()));
    lines.join("\n")
}

/// Of a line: each flow with its evidence.
pub(crate) fn line(view: &View<'_>, line: &Line<'_>) -> String {
    let name = |i: usize| &view.nodes[i].node.name;
    let arrow = if crate::stroke::is_mutual(line) { '↔' } else { '→' };
    let mut lines = vec![format!("{} {arrow} {}", name(line.from), name(line.to))];
    lines.extend(flows(&line.flows));
    lines.extend(evidence(&line.flows));
    lines.join("\n")
}

/// What flows, with how sure that is.
fn flows(all: &[&Edge]) -> Vec<String> {
    let flow = |flow: &&Edge| {
        let label = if flow.label.is_empty() { String::new() } else { format!(" {}", flow.label) };
        format!("{}{label} ({}, {})", flow.kind, flow.mode, flow.certainty)
    };
    capped(all.iter().map(flow), all.len())
}

fn capped(lines: impl Iterator<Item = String>, count: usize) -> Vec<String> {
    let mut shown: Vec<String> = lines.take(MOST).collect();
    if count > MOST {
        shown.push(format!("and {} more", count - MOST));
    }
    shown
}
