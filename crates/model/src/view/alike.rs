//! Parts that nothing tells apart but their names: many routes of an API that one handler answers are one card.

use super::{Leaf, Line, View};
use crate::{Certainty, FlowKind, Mode, Node};
use std::collections::{BTreeMap, BTreeSet};

/// More parts than this that nothing tells apart are one card.
const MANY: usize = 8;

/// What has to do with a part: the other end, whether it starts there, and all that a reader sees of the line.
type Company<'v> = (usize, bool, &'v BTreeSet<FlowKind>, Mode, Certainty, &'v [String]);

/// Leaves out what a line says that its ends say already, word by word.
pub(super) fn without_repetition(view: &mut View<'_>) {
    for line in &mut view.lines {
        let parts = [line.from, line.to].map(|end| view.nodes[end].node).into_iter().filter(|node| node.kind.is_part());
        let names: Vec<&str> = parts.map(|node| node.name.as_str()).collect();
        line.labels.retain(|label| !names.contains(&label.as_str()));
    }
}

/// Whether the page tells more of the parts of a node than that all of them have to do with one and the same thing.
pub(super) fn tells_parts_apart(view: &View<'_>) -> bool {
    let sets = sets(view);
    let only = match &sets[..] {
        [only] => only,
        _ => return sets.len() > 1,
    };
    let ends: BTreeSet<usize> = view
        .lines
        .iter()
        .filter(|line| only.contains(&line.from) || only.contains(&line.to))
        .map(|line| if only.contains(&line.from) { line.to } else { line.from })
        .collect();
    ends.len() > 1
}

/// Makes one card of many parts that nothing tells apart. It stands for the first of them by path, and lists all.
pub(super) fn listed(view: &mut View<'_>) {
    let mut stands_for: Vec<usize> = (0..view.nodes.len()).collect();
    for set in sets(view).into_iter().filter(|set| set.len() > MANY) {
        set.iter().for_each(|part| stands_for[*part] = set[0]);
        let parts: Vec<&Node> = set.iter().map(|part| view.nodes[*part].node).collect();
        view.nodes[set[0]].parts = parts;
    }
    let kept: Vec<usize> = (0..view.nodes.len()).filter(|i| stands_for[*i] == *i).collect();
    let at: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let mut lines: BTreeMap<(usize, usize), Line<'_>> = BTreeMap::new();
    for line in std::mem::take(&mut view.lines) {
        let (from, to) = (at[&stands_for[line.from]], at[&stands_for[line.to]]);
        if let Some(known) = lines.get_mut(&(from, to)) {
            known.flows.extend(line.flows);
        } else {
            lines.insert((from, to), Line { from, to, ..line });
        }
    }
    view.lines = lines.into_values().collect();
    view.nodes = kept.iter().map(|i| view.nodes[*i].clone()).collect();
}

/// The parts on a page that have something to do with others, in sets that nothing tells apart; by path.
fn sets(view: &View<'_>) -> Vec<Vec<usize>> {
    let mut company: BTreeMap<usize, Vec<Company<'_>>> = BTreeMap::new();
    for line in &view.lines {
        for (part, other, out) in [(line.from, line.to, true), (line.to, line.from, false)] {
            let seen = (other, out, &line.kinds, line.mode, line.certainty, &line.labels[..]);
            company.entry(part).or_default().push(seen);
        }
    }
    let own = |leaf: &Leaf<'_>| leaf.node.kind.is_part() && !leaf.ghost && leaf.unresolved.is_empty();
    let mut sets: Vec<(String, Vec<Company<'_>>, Vec<usize>)> = Vec::new();
    for (part, company) in company.into_iter().filter(|(part, _)| own(&view.nodes[*part])) {
        let node = view.nodes[part].node;
        let what = format!("{} {:?}", node.kind, node.details);
        match sets.iter_mut().find(|(other, all, _)| *other == what && *all == company) {
            Some((.., set)) => set.push(part),
            None => sets.push((what, company, vec![part])),
        }
    }
    let by_path = |set: &mut Vec<usize>| set.sort_by_key(|part| path(view.nodes[*part].node));
    let mut sets: Vec<Vec<usize>> = sets.into_iter().map(|(.., set)| set).collect();
    sets.iter_mut().for_each(by_path);
    sets
}

/// By what a route stands in a list: its path, then its method.
pub(super) fn path(part: &Node) -> (&str, &str) {
    match part.name.split_once(' ') {
        Some((method, path)) => (path, method),
        None => (&part.name, ""),
    }
}
