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
    let [only] = &sets[..] else { return sets.len() > 1 };
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
        for part in &set {
            stands_for[*part] = set[0];
        }
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

/// Puts the parts of a node into an order: by what they are, then by path. The node itself is the head.
pub(super) fn ordered(view: &mut View<'_>) {
    let mut framed: Vec<usize> = (0..view.nodes.len()).filter(|i| view.nodes[*i].group.is_some()).collect();
    framed.sort_by_key(|i| {
        let node = view.nodes[*i].node;
        (node.kind.is_part(), node.kind, path(node))
    });
    for (place, at) in (1..).zip(framed) {
        view.nodes[at].order = place;
    }
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
    for set in &mut sets {
        by_path(set);
    }
    sets
}

/// By what a route stands in a list: its path, then its method.
pub(super) fn path(part: &Node) -> (&str, &str) {
    match part.name.split_once(' ') {
        Some((method, path)) => (path, method),
        None => (&part.name, ""),
    }
}

#[cfg(test)]
mod tests {
    use crate::view::tests::model;
    use crate::view::{ViewOptions, pages};

    /// The page of the API `a` as text: boxes in the order of their places with how many parts they list, and lines. There
    /// are `count` routes that `f` answers, and these further nodes and flows.
    fn check(count: usize, nodes: &[&str], edges: &[&str], expected: Option<&str>) {
        let routes: Vec<String> = (0..count).map(|i| format!("a/r{i} route a")).collect();
        let calls: Vec<String> = (0..count).map(|i| format!("a/r{i} invoke f declared A/R{i}")).collect();
        let all = ["a rest_api", "f function"]
            .into_iter()
            .chain(routes.iter().map(String::as_str))
            .chain(nodes.iter().copied());
        let flows = calls.iter().map(String::as_str).chain(edges.iter().copied());
        let system = model(&all.collect::<Vec<_>>(), &flows.collect::<Vec<_>>());
        let pages = pages(&system, &ViewOptions::default());
        let page = pages.iter().find(|page| page.id == "a");
        // A box leads to a page that there is.
        let led = pages[0].nodes.iter().any(|leaf| leaf.page.as_deref() == Some("a"));
        assert_eq!(led, page.is_some());
        let shown = page.map(|page| {
            let mut boxes: Vec<(u32, String)> =
                page.nodes.iter().map(|leaf| (leaf.order, format!("{} {}", leaf.node.id, leaf.parts.len()))).collect();
            boxes.sort();
            let boxes: Vec<String> = boxes.into_iter().map(|(order, text)| format!("{order} {text}")).collect();
            let id = |i: usize| page.nodes[i].node.id.as_str();
            let lines: Vec<String> =
                page.lines.iter().map(|l| format!("{}>{} {}", id(l.from), id(l.to), l.flows.len())).collect();
            assert!(page.lines.iter().all(|line| line.labels.is_empty()), "{:?}", page.lines);
            format!("{} | {}", boxes.join(", "), lines.join(", "))
        });
        assert_eq!(shown.as_deref(), expected);
    }

    #[test]
    fn many_routes_with_one_handler_are_one_card() {
        check(
            9,
            &["a/s route a", "g function"],
            &["a/s invoke g declared A/S"],
            Some("0 f 0, 0 g 0, 1 a/r0 9, 2 a/s 0 | a/r0>f 9, a/s>g 1"),
        );
        // What differs stands apart: `a/r0` is known to a caller.
        check(
            10,
            &["g function"],
            &["g invoke a/r0 declared"],
            Some("0 f 0, 0 g 0, 1 a/r0 0, 2 a/r1 9 | a/r0>f 1, a/r1>f 9, g>a/r0 1"),
        );
    }

    #[test]
    fn an_api_whose_routes_all_lead_to_one_thing_has_no_page() {
        check(6, &[], &[], None);
        check(20, &[], &[], None);
        check(5, &["a/s route a"], &[], None);
    }

    #[test]
    fn few_routes_stand_for_themselves() {
        check(
            5,
            &["a/s route a", "g function"],
            &["a/s invoke g declared A/S"],
            Some(
                "0 f 0, 0 g 0, 1 a/r0 0, 2 a/r1 0, 3 a/r2 0, 4 a/r3 0, 5 a/r4 0, 6 a/s 0 \
                 | a/r0>f 1, a/r1>f 1, a/r2>f 1, a/r3>f 1, a/r4>f 1, a/s>g 1",
            ),
        );
    }
}
