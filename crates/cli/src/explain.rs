//! `connectome explain`: why a node or an arrow is there.

use crate::args::Common;
use crate::input::{Input, load};
use crate::list::place;
use crate::safe::{excerpt, safe};
use crate::{lookup, output, report};
use facts::Sources;
use model::graph::Graph;
use model::{Edge, Location, Model, Node};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The widest line of source that is shown.
const WIDTH: usize = 110;

/// Explains what the words mean: the path, if any, then one node or two.
pub(crate) fn explain(words: &[String], common: &Common) -> anyhow::Result<ExitCode> {
    let has_path = words.len() == 3 || (words.len() == 2 && Path::new(&words[0]).exists());
    let (path, nodes) = if has_path { (words[0].as_str(), &words[1..]) } else { (".", words) };
    let input = load(Path::new(path), common, &[])?;
    let text = match nodes {
        [one] => about_node(&input, lookup::node(&input.model, one)?),
        [one, other] => about_flows(&input, lookup::node(&input.model, one)?, lookup::node(&input.model, other)?),
        _ => anyhow::bail!("name one node or two"),
    };
    output::print(&text)?;
    // Diagnostics are for `draw`; here they would bury the answer.
    let quiet = Common { quiet: !common.verbose, ..common.clone() };
    Ok(report::report(&input, &quiet))
}

fn about_node(input: &Input, node: &Node) -> String {
    let mut out = format!("{} is a {}", safe(&node.id), words(node.kind.as_str()));
    if !node.platform.is_empty() {
        let _ = write!(out, " ({})", safe(&node.platform));
    }
    out.push('\n');
    let names: Vec<String> = node.names.iter().filter(|n| **n != node.name).map(|n| safe(n)).collect();
    line(&mut out, "called", &[&[safe(&node.name)], names.as_slice()].concat().join(", "));
    line(&mut out, "in", node.parent.as_deref().unwrap_or_default());
    for (key, value) in &node.details {
        line(&mut out, key, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    for at in &node.declared {
        line(&mut out, "declared", &place(at));
        source(&mut out, input, at);
    }
    let own = with_parts(&input.model, node);
    let graph = Graph::new(&input.model);
    let touching: BTreeSet<usize> = own.iter().flat_map(|id| graph.touching_indices(id)).collect();
    let edges: Vec<&Edge> = touching.into_iter().map(|i| &input.model.edges[i]).collect();
    flows(&mut out, "flows out", edges.iter().copied().filter(|e| own.contains(e.from.as_str())));
    flows(&mut out, "flows in", edges.iter().copied().filter(|e| !own.contains(e.from.as_str())));
    unresolved(&mut out, input, &own);
    out
}

fn unresolved(out: &mut String, input: &Input, own: &BTreeSet<&str>) {
    let all: Vec<_> = input.model.unresolved.iter().filter(|u| own.contains(u.node.as_str())).collect();
    if !all.is_empty() {
        let _ = writeln!(out, "\nunresolved ({})", all.len());
    }
    for one in all {
        let _ = writeln!(out, "  {}  {}", safe(&place(&one.evidence)), excerpt(&one.what, WIDTH));
        let _ = writeln!(out, "    because {}", safe(&one.why));
    }
}

fn flows<'a>(out: &mut String, title: &str, edges: impl Iterator<Item = &'a Edge>) {
    let edges: Vec<&Edge> = edges.collect();
    if !edges.is_empty() {
        let _ = writeln!(out, "\n{title} ({})", edges.len());
    }
    for edge in edges {
        let evidence = edge.evidence.first().map_or_else(String::new, |e| place(&e.at));
        let _ = writeln!(out, "  {}  {}", headline(edge), safe(&evidence));
    }
}

/// `a -write-> b  PutItem (inferred)`.
fn headline(edge: &Edge) -> String {
    let label = if edge.label.is_empty() { String::new() } else { format!("  {}", safe(&edge.label)) };
    format!("{} -{}-> {}{label}  ({})", safe(&edge.from), edge.kind, safe(&edge.to), edge.certainty)
}

fn about_flows(input: &Input, one: &Node, other: &Node) -> String {
    let (ones, others) = (with_parts(&input.model, one), with_parts(&input.model, other));
    let joins = |from: &BTreeSet<&str>, to: &BTreeSet<&str>, e: &Edge| {
        from.contains(e.from.as_str()) && to.contains(e.to.as_str())
    };
    let between = |e: &&Edge| joins(&ones, &others, e) || joins(&others, &ones, e);
    let mut out = String::new();
    for edge in input.model.edges.iter().filter(between) {
        about_edge(&mut out, input, edge);
    }
    if out.is_empty() {
        out = format!("nothing flows between {} and {}\n", safe(&one.id), safe(&other.id));
    }
    out
}

fn about_edge(out: &mut String, input: &Input, edge: &Edge) {
    let gap = if out.is_empty() { "" } else { "\n" };
    let _ = writeln!(out, "{gap}{}, {}", headline(edge), edge.mode);
    for evidence in &edge.evidence {
        let _ = writeln!(out, "  {}  {}", safe(&place(&evidence.at)), excerpt(&evidence.what, WIDTH));
        source(out, input, &evidence.at);
        if !evidence.via.is_empty() {
            let via: Vec<String> = evidence.via.iter().map(|f| safe(f)).collect();
            line(out, "called through", &via.join(" > "));
        }
        for (number, step) in evidence.how.iter().enumerate() {
            line(out, &format!("step {}", number + 1), &safe(step));
        }
    }
}

/// The node and all that it holds, at any depth.
fn with_parts<'a>(model: &'a Model, node: &'a Node) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::from([node.id.as_str()]);
    loop {
        let held = |n: &&Node| n.parent.as_deref().is_some_and(|p| all.contains(p)) && !all.contains(n.id.as_str());
        let more: Vec<&str> = model.nodes.iter().filter(held).map(|n| n.id.as_str()).collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// The line of source, when PATH is a folder.
fn source(out: &mut String, input: &Input, at: &Location) {
    let file = input.folder.as_ref().and_then(|f| f.read(&at.file).ok());
    let text = file.as_ref().and_then(|f| f.text.lines().nth((at.line as usize).saturating_sub(1)));
    if let Some(text) = text {
        let _ = writeln!(out, "    {:>5} | {}", at.line, excerpt(text, WIDTH));
    }
}

fn line(out: &mut String, what: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "    {}: {}", safe(what), safe(value));
    }
}

/// `state_machine` as words.
fn words(kind: &str) -> String {
    kind.replace('_', " ")
}
