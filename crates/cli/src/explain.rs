//! `connectome explain`: why a node or an arrow is there.

use crate::args::Common;
use crate::input::{Input, load};
use crate::list::place;
use crate::safe::{excerpt, safe};
use crate::{lookup, output, report};
use facts::Sources;
use model::graph::Graph;
use model::{Edge, Evidence, Location, Mode, Model, Node};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// The widest line of source that is shown.
const WIDTH: usize = 110;

/// Explains what the words mean: the path, if any, then one node or two.
pub(crate) fn explain(words: &[String], common: &Common) -> anyhow::Result<ExitCode> {
    let (input, text) = match words {
        [path, nodes @ ..] if words.len() == 3 => answer(path, nodes, common)?,
        // A service is often called like the folder that it is in, so this may also be two nodes.
        [path, nodes @ ..] if words.len() == 2 && Path::new(path).exists() => {
            answer(path, nodes, common).or_else(|error| answer(".", words, common).map_err(|_| error))?
        }
        [path, _] if path.contains('/') => answer(".", words, common)
            .map_err(|error| anyhow::anyhow!("{error:#}; nor is `{path}` a folder or a file"))?,
        [path] if Path::new(path).is_dir() => answer(".", words, common)
            .map_err(|error| anyhow::anyhow!("{error:#}; to look into the folder `{path}`, name a node after it"))?,
        _ => answer(".", words, common)?,
    };
    output::print(&text)?;
    // Diagnostics are for `draw`; here they would bury the answer.
    let quiet = Common { quiet: !common.verbose, ..common.clone() };
    let code = report::report(&input, &quiet);
    input.close();
    Ok(code)
}

/// The model of the path and what there is to say of one node or two.
fn answer(path: &str, nodes: &[String], common: &Common) -> anyhow::Result<(Input, String)> {
    let input = load(Path::new(path), common, &[])?;
    let text = match nodes {
        [one] => about_node(&input, lookup::node(&input.model, one)?),
        [one, other] => about_flows(&input, lookup::node(&input.model, one)?, lookup::node(&input.model, other)?),
        _ => anyhow::bail!("name one node or two"),
    };
    Ok((input, text))
}

fn about_node(input: &Input, node: &Node) -> String {
    let mut out = format!("{} is {}", safe(&node.id), one(&words(node.kind.as_str())));
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
    if node.declared.is_empty() {
        line(&mut out, "declared", "nowhere in what was scanned");
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
        let _ = writeln!(out, "\nunresolved ({}): flows whose other end the source does not tell", all.len());
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
        unresolved(&mut out, input, &ones.union(&others).copied().collect());
    }
    out
}

fn about_edge(out: &mut String, input: &Input, edge: &Edge) {
    let gap = if out.is_empty() { "" } else { "\n" };
    let _ = writeln!(out, "{gap}{}", headline(edge));
    let _ = writeln!(out, "  {}: {}", edge.certainty, edge.certainty.meaning());
    if edge.mode == Mode::Async {
        let _ = writeln!(out, "  {}: {}", edge.mode, edge.mode.meaning());
    }
    let mut told: Option<&[String]> = None;
    for evidence in &edge.evidence {
        let _ = writeln!(out, "\n  {}  {}", safe(&place(&evidence.at)), excerpt(&evidence.what, WIDTH));
        source(out, input, &evidence.at);
        way(out, input, evidence, handler(&input.model, &edge.from));
        let again = told.replace(&evidence.how) == Some(&evidence.how);
        how(out, edge, evidence, again);
    }
}

/// The steps from what stands there to the ends of the flow; those that were told just now are not told again.
fn how(out: &mut String, edge: &Edge, evidence: &Evidence, again: bool) {
    // Code is where it is, and names whom it calls.
    let code = format!("why it is {}", safe(&edge.to));
    if evidence.how.is_empty() {
        // Where nothing had to be looked up: an address that is written there, a service that has nothing of one's own.
        if !evidence.via.is_empty() {
            let _ = writeln!(out, "    {code}: the call itself says so");
        }
        return;
    }
    let why = if evidence.via.is_empty() { "how the two ends are known" } else { &code };
    if again {
        let _ = writeln!(out, "    {why}: as above");
        return;
    }
    let _ = writeln!(out, "    {why}:");
    for (number, step) in evidence.how.iter().enumerate() {
        let _ = writeln!(out, "      {}. {}", number + 1, safe(step));
    }
}

/// The functions on the way to the call, outermost first, each with the line at which it calls on.
fn way(out: &mut String, input: &Input, evidence: &Evidence, handler: Option<&str>) {
    let Some((last, before)) = evidence.via.split_last() else { return };
    let from = evidence.via.iter().position(|step| is_handler(function_and_line(step).0, handler));
    let role = |number: usize| match from {
        Some(at) if number < at => ", which is wrapped around the handler",
        Some(at) if number == at => ", the handler",
        _ => "",
    };
    if before.is_empty() {
        let (function, _) = function_and_line(last);
        return line(out, "in the function", &format!("{function}{}", role(0)));
    }
    let _ = writeln!(out, "    how the code gets there:");
    for (number, step) in evidence.via.iter().enumerate() {
        let (function, at) = function_and_line(step);
        let verb = match number {
            0 => "starts with",
            _ => "calls",
        };
        let _ = writeln!(out, "      {verb} {}{}", safe(function), role(number));
        let Some(at) = at.filter(|_| number + 1 < evidence.via.len()) else { continue };
        let text = line_of(input, &at).map_or_else(String::new, |text| format!(" | {text}"));
        let _ = writeln!(out, "        at {}{text}", safe(&place(&at)));
    }
}

/// The handler that configuration names for the node, or for what it is a part of.
fn handler<'a>(model: &'a Model, id: &str) -> Option<&'a str> {
    let node = model.nodes.iter().find(|n| n.id == id)?;
    let own = node.details.get("handler").and_then(|handler| handler.as_str());
    own.or_else(|| node.parent.as_deref().filter(|_| node.kind.is_part()).and_then(|parent| handler(model, parent)))
}

/// Whether the function `app.main` is the handler `src/app.main`.
fn is_handler(function: &str, handler: Option<&str>) -> bool {
    let ends = |handler: &str| handler.strip_suffix(function).is_some_and(|r| r.is_empty() || r.ends_with(['/', '.']));
    handler.is_some_and(ends)
}

/// `app.save (app.py:3)` as the function and the line.
fn function_and_line(step: &str) -> (&str, Option<Location>) {
    let at = |(function, place): (&'_ str, &str)| -> Option<(usize, Location)> {
        let (file, line) = place.strip_suffix(')')?.rsplit_once(':')?;
        let at = Location { file: file.to_owned(), line: line.parse().ok()?, column: 1 };
        Some((function.len(), at))
    };
    match step.split_once(" (").and_then(at) {
        Some((end, at)) => (&step[..end], Some(at)),
        None => (step, None),
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
    if let Some(text) = line_of(input, at) {
        let _ = writeln!(out, "    {:>5} | {text}", at.line);
    }
}

fn line_of(input: &Input, at: &Location) -> Option<String> {
    let file = input.folder.as_ref()?.read(&at.file).ok()?;
    let text = file.text.lines().nth((at.line as usize).saturating_sub(1))?;
    Some(excerpt(text, WIDTH))
}

fn line(out: &mut String, what: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "    {}: {}", safe(what), safe(value));
    }
}

/// A kind with its article: a queue, an event bus.
fn one(what: &str) -> String {
    // No `u`: it is a user pool.
    let article = if what.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {what}")
}

/// `state_machine` as words.
fn words(kind: &str) -> String {
    kind.replace('_', " ")
}
