//! What a block expects, compared with what is.

use crate::document::Block;
use crate::edges::{Line, written};
use crate::names::{find, short};
use crate::same::Same;
use facts::{Diagnostic, Severity};
use model::{Certainty, Model, NodeKind, Transition, Unresolved};
use pipeline::Outcome;
use std::collections::BTreeSet;

/// What a block is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// All flows but those that only a policy allows.
    Edges,
    /// All nodes, `id kind` a line; services and parts only where the block has any.
    Nodes,
    /// All that stays unresolved, `node: piece of the text or the reason` a line.
    Unresolved,
    /// All diagnostics, `code file:line` a line.
    Diagnostics,
    /// All that comes after what within nodes, `from > to: when` a line.
    Transitions,
    /// Several folders are the same system; the flows of the first.
    Same(Same),
}

impl Expectation {
    /// By the words after the fence.
    pub(crate) fn parse(words: &str) -> Option<Self> {
        match words {
            "edges" => Some(Self::Edges),
            "nodes" => Some(Self::Nodes),
            "unresolved" => Some(Self::Unresolved),
            "diagnostics" => Some(Self::Diagnostics),
            "transitions" => Some(Self::Transitions),
            _ => Some(Self::Same(Same::parse(words.strip_prefix("same ")?)?)),
        }
    }
}

/// Everything in which block and outcome differ.
pub(crate) fn compare(block: &Block, outcome: &Outcome) -> Vec<String> {
    let (_, missing, unexpected) = sort(block, outcome);
    let missing = missing.into_iter().map(|(line, why)| format!("missing     {line}   ({why})"));
    missing.chain(unexpected.into_iter().map(|line| format!("unexpected  {line}"))).collect()
}

/// The block's content as it has to be: lines that still hold stay as they are, new ones follow.
pub(crate) fn update(block: &Block, outcome: &Outcome) -> String {
    let (kept, _, unexpected) = sort(block, outcome);
    kept.into_iter().chain(unexpected).map(|line| line + "\n").collect()
}

/// Errors in the files of a scenario that expects none.
pub(crate) fn errors(outcome: &Outcome) -> Vec<String> {
    let errors = outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| format!("unexpected error: {} ({})", diagnostic(d), d.message)).collect()
}

/// Lines that hold, lines that do not with the reason, and lines that the block lacks.
pub(crate) type Sorted = (Vec<String>, Vec<(String, String)>, Vec<String>);

fn sort(block: &Block, outcome: &Outcome) -> Sorted {
    let lines: Vec<&str> = block.content.lines().filter(|l| !l.trim().is_empty()).collect();
    let model = &outcome.model;
    match block.expectation {
        Expectation::Edges => {
            let find = |line: &str| Line::parse(line).ok_or("this is not `From -kind-> To`".to_owned())?.find(model);
            let all: Vec<String> = model.edges.iter().map(|e| written(model, e)).collect();
            let happens = |i: usize| model.edges[i].certainty != Certainty::Granted;
            sorted(&lines, &all, find, happens)
        }
        Expectation::Nodes => {
            let kind = |line: &&str| NodeKind::parse(line.split(" # ").next()?.split_whitespace().last()?);
            let kinds = lines.iter().filter_map(kind);
            let kinds: BTreeSet<NodeKind> = kinds.collect();
            let all: Vec<String> = model.nodes.iter().map(|n| format!("{} {}", short(model, &n.id), n.kind)).collect();
            let counts = |kind: NodeKind| !(kind.is_part() || kind == NodeKind::Service) || kinds.contains(&kind);
            sorted(&lines, &all, |line| node(model, line), |i| counts(model.nodes[i].kind))
        }
        Expectation::Unresolved => {
            let one = |u: &Unresolved| format!("{}: {}", short(model, &u.node), u.why);
            let all: Vec<String> = model.unresolved.iter().map(one).collect();
            sorted(&lines, &all, |line| unresolved(model, line), |_| true)
        }
        Expectation::Transitions => {
            let one = |t: &Transition| {
                let ends = format!("{} > {}", short(model, &t.from), short(model, &t.to));
                if t.when.is_empty() { ends } else { format!("{ends}: {}", t.when) }
            };
            let all: Vec<String> = model.transitions.iter().map(one).collect();
            let find = |line: &str| all.iter().position(|t| t == line.trim()).ok_or("there is none".to_owned());
            sorted(&lines, &all, find, |_| true)
        }
        Expectation::Diagnostics | Expectation::Same(_) => {
            let all: Vec<String> = outcome.diagnostics.iter().map(diagnostic).collect();
            let find = |line: &str| all.iter().position(|d| d == line.trim()).ok_or("there is none".to_owned());
            // The same code may stand at a place twice; one line is for both.
            let claimed = |i: usize| !all[..i].contains(&all[i]);
            sorted(&lines, &all, find, claimed)
        }
    }
}

/// Sorts the lines by what `find` says of each; what no line claims and `counts` is lacking.
pub(crate) fn sorted(
    lines: &[&str],
    all: &[String],
    find: impl Fn(&str) -> Result<usize, String>,
    counts: impl Fn(usize) -> bool,
) -> Sorted {
    let mut claimed = BTreeSet::new();
    let (mut kept, mut missing) = (Vec::new(), Vec::new());
    for line in lines {
        match find(line) {
            Ok(index) => {
                claimed.insert(index);
                kept.push((*line).to_owned());
            }
            Err(why) => missing.push(((*line).to_owned(), why)),
        }
    }
    let lacking = (0..all.len()).filter(|i| !claimed.contains(i) && counts(*i));
    (kept, missing, lacking.map(|i| all[i].clone()).collect())
}

fn node(model: &Model, line: &str) -> Result<usize, String> {
    let (line, place) = line.split_once(" # ").map_or((line, None), |(line, place)| (line, Some(place.trim())));
    let (name, kind) = line.trim().rsplit_once(' ').ok_or("this is not `id kind`")?;
    let node = find(model, name.trim())?;
    if node.kind.as_str() != kind {
        return Err(format!("it is a {}", node.kind));
    }
    let places: Vec<String> = node.declared.iter().map(|at| format!("{}:{}", at.file, at.line)).collect();
    if place.is_some_and(|place| !places.iter().any(|p| p == place)) {
        return Err(format!("it is declared at {}", places.join(", ")));
    }
    model.nodes.iter().position(|n| n.id == node.id).ok_or_else(|| "there is none".to_owned())
}

fn unresolved(model: &Model, line: &str) -> Result<usize, String> {
    let (name, piece) = line.trim().split_once(": ").ok_or("this is not `node: text`")?;
    let id = &find(model, name)?.id;
    let piece = piece.trim();
    let says = |u: &Unresolved| u.node == *id && (u.what.contains(piece) || u.why.contains(piece));
    model.unresolved.iter().position(says).ok_or_else(|| "there is none".to_owned())
}

/// `code file:line`.
fn diagnostic(diagnostic: &Diagnostic) -> String {
    match &diagnostic.place {
        Some(place) => format!("{} {}:{}", diagnostic.code, place.file, place.line),
        None => diagnostic.code.to_owned(),
    }
}
