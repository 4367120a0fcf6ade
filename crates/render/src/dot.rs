//! DOT: a digraph with a cluster for each service, laid out by whoever reads it.

use crate::page::Page;
use crate::stroke::{Heads, Sure};
use model::NodeKind;
use std::fmt::Write as _;

/// Writes a page as a digraph.
pub(crate) fn write(page: &Page<'_>) -> String {
    let title = quoted(&crate::text::plain(&page.view.title));
    let mut out = format!(
        "digraph {} {{\n  graph [label={title}, labelloc=t, labeljust=l, fontname=\"Helvetica,Arial,sans-serif\", \
         fontsize=20, rankdir=LR, newrank=true, ranksep=0.9, nodesep=0.35, compound=true];\n",
        quoted(&page.view.id)
    );
    out.push_str(
        "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#FFFFFF\", color=\"#5A6C86\", penwidth=1.5, \
         fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, fontcolor=\"#232F3E\"];\n  edge [color=\"#545B64\", \
         arrowsize=0.7, fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, fontcolor=\"#5A6C86\"];\n",
    );
    cluster(page, None, 1, &mut out);
    for i in 0..page.view.lines.len() {
        line(page, i, &mut out);
    }
    out.push_str("}\n");
    out
}

/// A quoted id or label. A backslash starts an escape and an ampersand an entity, in either.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An id: nothing in it is an escape or an entity, so whatever is not plain is written as its bytes.
fn id(name: &str) -> String {
    let mut id = String::from("\"");
    for c in name.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ' | ':') {
            id.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(id, "~{byte:02X}");
            }
        }
    }
    id.push('"');
    id
}

fn cluster(page: &Page<'_>, group: Option<usize>, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for (i, leaf) in page.view.nodes.iter().enumerate().filter(|(_, n)| n.group == group) {
        let text = &page.nodes[i];
        let mut lines = text.name.clone();
        lines.push(text.sub.clone());
        let _ = writeln!(
            out,
            "{indent}{} [label={}, color=\"{}\", shape={}, tooltip={}];",
            id(&leaf.node.id),
            quoted(&lines.join("\n")),
            text.look.colour,
            shape(leaf.node.kind),
            quoted(&text.tooltip)
        );
    }
    for (i, inner) in page.view.groups.iter().enumerate().filter(|(_, g)| g.parent == group) {
        let name = id(&format!("cluster {}", inner.node.id));
        let _ = writeln!(out, "{indent}subgraph {name} {{");
        let _ = writeln!(
            out,
            "{indent}  graph [label={}, labeljust=l, style=\"rounded,filled\", fillcolor=\"{}\", color=\"#AEB9C6\", \
             fontsize=13, fontcolor=\"#5A6C86\", tooltip={}];",
            quoted(&page.groups[i].title),
            if depth == 1 { "#F5F7FA" } else { "#FFFFFF" },
            quoted(&page.groups[i].tooltip)
        );
        cluster(page, Some(i), depth + 1, out);
        let _ = writeln!(out, "{indent}}}");
    }
}

const fn shape(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Table | NodeKind::Database | NodeKind::Cache | NodeKind::Bucket | NodeKind::Search => "cylinder",
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebsocketApi | NodeKind::GraphqlApi => "hexagon",
        NodeKind::Queue | NodeKind::Stream => "cds, margin=\"0.25,0.1\"",
        NodeKind::StateMachine => "component",
        NodeKind::External => "ellipse",
        _ => "box",
    }
}

fn line(page: &Page<'_>, index: usize, out: &mut String) {
    let line = &page.view.lines[index];
    let text = &page.lines[index];
    let mut attributes = Vec::new();
    if !text.label.is_empty() {
        attributes.push(format!("label={}", quoted(&text.label.join("\n"))));
    }
    match text.stroke.heads {
        Heads::Forward => {}
        Heads::Back => attributes.push("dir=both, arrowtail=normal, arrowhead=odot".to_owned()),
        Heads::Both => attributes.push("dir=both, arrowtail=normal".to_owned()),
    }
    match (text.stroke.sure, text.stroke.dashed) {
        (Sure::Granted, _) => attributes.push("style=dotted".to_owned()),
        (_, true) => attributes.push("style=dashed".to_owned()),
        (_, false) => {}
    }
    if text.stroke.sure != Sure::Yes {
        attributes.push(format!("color=\"{}\"", text.stroke.colour()));
    }
    attributes.push(format!("tooltip={}", quoted(&text.tooltip)));
    let (from, to) = (&page.view.nodes[line.from].node.id, &page.view.nodes[line.to].node.id);
    let _ = writeln!(out, "  {} -> {} [{}];", id(from), id(to), attributes.join(", "));
}
