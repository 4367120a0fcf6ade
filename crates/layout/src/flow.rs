//! Which edges run against the flow: with those turned round, no level of the nesting has a cycle.
//!
//! The layered engine would find such edges by itself, but leads one that leaves a group around the whole page. Turned
//! round beforehand, it takes the short way.

use crate::graph::LayoutGraph;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A box, or a group with all that is in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Group(usize),
    Box(usize),
}

/// How much weight there is from one item of a level to another one.
type Arcs = BTreeMap<(Item, Item), u32>;

/// For each edge, whether it runs against the flow. Where a box says that the flow starts there, those edges do that lead
/// back to what came before them on the way from it; else the lightest edges of each cycle.
pub(crate) fn against(graph: &LayoutGraph) -> Vec<bool> {
    let ends: Vec<Option<(Option<usize>, Item, Item)>> =
        graph.edges.iter().map(|e| siblings(graph, e.from, e.to)).collect();
    let mut levels: BTreeMap<Option<usize>, Arcs> = BTreeMap::new();
    for (edge, end) in graph.edges.iter().zip(&ends) {
        if let Some((level, from, to)) = *end {
            *levels.entry(level).or_default().entry((from, to)).or_default() += 1 + edge.weight;
        }
    }
    let entries = graph.boxes.iter().any(|each| each.start).then(|| entries(graph));
    let ranked = |(level, arcs): (Option<usize>, Arcs)| {
        let ranks = match &entries {
            Some(entries) => walk(&arcs, entries.get(&level).map_or(&[], Vec::as_slice)),
            None => order(&arcs),
        };
        (level, ranks)
    };
    let ranks: BTreeMap<Option<usize>, BTreeMap<Item, usize>> = levels.into_iter().map(ranked).collect();
    let backward = |end: &Option<(Option<usize>, Item, Item)>| {
        end.is_some_and(|(level, from, to)| ranks[&level][&from] > ranks[&level][&to])
    };
    ends.iter().map(backward).collect()
}

/// The level at which the ends of an edge part, and what holds each end there; nothing when an edge stays at its box.
fn siblings(graph: &LayoutGraph, from: usize, to: usize) -> Option<(Option<usize>, Item, Item)> {
    if from == to {
        return None;
    }
    let (a, b) = (path(graph, from), path(graph, to));
    let shared = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    Some((level(&a, shared), a[shared], b[shared]))
}

/// From the outside in: the groups around a box, then the box itself.
fn path(graph: &LayoutGraph, index: usize) -> Vec<Item> {
    let mut items = vec![Item::Box(index)];
    let mut at = graph.boxes[index].group;
    while let Some(group) = at {
        items.push(Item::Group(group));
        at = graph.groups[group].parent;
    }
    items.reverse();
    items
}

/// The group in which an item of a path stands.
fn level(path: &[Item], at: usize) -> Option<usize> {
    let above = path.get(at.checked_sub(1)?)?;
    if let Item::Group(group) = above { Some(*group) } else { None }
}

/// Where the flow enters each level: at what holds a start, and where an edge comes in from outside.
fn entries(graph: &LayoutGraph) -> BTreeMap<Option<usize>, Vec<Item>> {
    let mut entries: BTreeMap<Option<usize>, Vec<Item>> = BTreeMap::new();
    for start in (0..graph.boxes.len()).filter(|i| graph.boxes[*i].start) {
        let path = path(graph, start);
        for (i, item) in path.iter().enumerate() {
            entries.entry(level(&path, i)).or_default().push(*item);
        }
    }
    for edge in &graph.edges {
        let (from, to) = (path(graph, edge.from), path(graph, edge.to));
        let shared = from.iter().zip(&to).take_while(|(x, y)| x == y).count();
        for i in shared + 1..to.len() {
            entries.entry(level(&to, i)).or_default().push(to[i]);
        }
    }
    entries
}

/// An order of the items in which only those arcs run backward that close a cycle on a walk into the depth from the
/// entries, then from what nothing leads to; of several ways the heavier one is gone first.
fn walk(arcs: &Arcs, entries: &[Item]) -> BTreeMap<Item, usize> {
    let mut next: BTreeMap<Item, Vec<(Reverse<u32>, Item)>> = BTreeMap::new();
    let mut reached: BTreeSet<Item> = BTreeSet::new();
    for ((from, to), weight) in arcs {
        next.entry(*from).or_default().push((Reverse(*weight), *to));
        next.entry(*to).or_default();
        reached.insert(*to);
    }
    for ways in next.values_mut() {
        ways.sort_unstable();
    }
    let sources = next.keys().filter(|item| !reached.contains(item));
    let roots: Vec<Item> = entries.iter().chain(sources).chain(next.keys()).copied().collect();
    let mut seen: BTreeSet<Item> = BTreeSet::new();
    // What is left last comes first.
    let mut left: Vec<Item> = Vec::new();
    for root in roots {
        let mut way = if seen.insert(root) { vec![(root, 0)] } else { Vec::new() };
        while let Some((item, tried)) = way.last_mut() {
            let ways = next.get(item).map_or(&[][..], Vec::as_slice);
            if let Some((_, to)) = ways.get(*tried) {
                *tried += 1;
                if seen.insert(*to) {
                    way.push((*to, 0));
                }
            } else {
                left.push(*item);
                way.pop();
            }
        }
    }
    left.into_iter().rev().enumerate().map(|(rank, item)| (item, rank)).collect()
}

/// An order of the items in which little weight runs backward: sinks are taken to the end and sources to the start,
/// and where there is neither, the item that gives most more than it takes is next.
fn order(arcs: &Arcs) -> BTreeMap<Item, usize> {
    let mut left: Vec<Item> = arcs.keys().flat_map(|(a, b)| [*a, *b]).collect();
    left.sort_unstable();
    left.dedup();
    let count = left.len();
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut balance: BTreeMap<Item, (i64, i64)> = left.iter().map(|i| (*i, (0, 0))).collect();
    let adjust = |balance: &mut BTreeMap<Item, (i64, i64)>, gone: Option<Item>, sign: i64| {
        for ((from, to), weight) in arcs.iter().filter(|((f, t), _)| gone.is_none_or(|g| *f == g || *t == g)) {
            let weight = i64::from(*weight) * sign;
            if let Some(entry) = balance.get_mut(from) {
                entry.0 += weight;
            }
            if let Some(entry) = balance.get_mut(to) {
                entry.1 += weight;
            }
        }
    };
    adjust(&mut balance, None, 1);
    while !left.is_empty() {
        let sink = left.iter().position(|i| balance[i].0 == 0);
        let source = left.iter().position(|i| balance[i].1 == 0);
        let strongest = || {
            let key = |(at, item): &(usize, &Item)| (balance[item].0 - balance[item].1, usize::MAX - at);
            left.iter().enumerate().max_by_key(key).map_or(0, |(at, _)| at)
        };
        let item = left.remove(sink.or(source).unwrap_or_else(strongest));
        if sink.is_some() {
            last.push(item);
        } else {
            first.push(item);
        }
        // What is gone no longer counts for those that remain.
        adjust(&mut balance, Some(item), -1);
    }
    first.extend(last.into_iter().rev());
    debug_assert_eq!(first.len(), count);
    first.into_iter().enumerate().map(|(rank, item)| (item, rank)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, GroupSpec};

    fn graph(groups: &[Option<usize>], edges: &[(usize, usize, u32)]) -> LayoutGraph {
        LayoutGraph {
            groups: vec![GroupSpec::default(); 2],
            boxes: groups.iter().map(|g| BoxSpec { group: *g, ..BoxSpec::default() }).collect(),
            edges: edges
                .iter()
                .map(|(from, to, weight)| EdgeSpec { from: *from, to: *to, weight: *weight, ..EdgeSpec::default() })
                .collect(),
            ..LayoutGraph::default()
        }
    }

    fn check(groups: &[Option<usize>], edges: &[(usize, usize, u32)], expected: &[usize]) {
        let graph = graph(groups, edges);
        let against = against(&graph);
        let found: Vec<usize> = (0..edges.len()).filter(|e| against[*e]).collect();
        assert_eq!(found, expected, "{edges:?}");
    }

    #[test]
    fn the_lightest_edge_of_a_cycle_is_turned() {
        check(&[None; 3], &[(0, 1, 0), (1, 2, 0)], &[]);
        check(&[None; 3], &[(0, 1, 9), (1, 2, 9), (2, 0, 1)], &[2]);
        check(&[None; 2], &[(0, 1, 1), (1, 0, 9)], &[0]);
        check(&[None; 1], &[(0, 0, 1)], &[]);
    }

    /// The same where the flow starts at a box.
    fn check_from(start: usize, groups: &[Option<usize>], edges: &[(usize, usize, u32)], expected: &[usize]) {
        let mut graph = graph(groups, edges);
        graph.boxes[start].start = true;
        let against = against(&graph);
        let found: Vec<usize> = (0..edges.len()).filter(|e| against[*e]).collect();
        assert_eq!(found, expected, "{edges:?} from {start}");
    }

    #[test]
    fn from_a_start_what_leads_back_is_turned() {
        // Wait, ask, choose: again, or done. However heavy it is, what leads back is "again".
        let polling = [(0, 1, 1), (1, 2, 1), (2, 0, 9), (2, 3, 1)];
        check_from(0, &[None; 4], &polling, &[2]);
        check_from(1, &[None; 4], &polling, &[0]);
        // What leads to the start from elsewhere does not lead back.
        check_from(0, &[None; 3], &[(0, 1, 1), (2, 0, 1)], &[]);
        // Into a group and round in it: the loop begins where it is entered.
        let inner = [None, Some(0), Some(0), Some(0), None];
        check_from(0, &inner, &[(0, 2, 1), (2, 3, 1), (3, 1, 1), (1, 2, 9), (0, 4, 1)], &[3]);
        // Of two ways into a cycle the heavier one tells where it begins.
        check_from(0, &[None; 3], &[(0, 1, 9), (0, 2, 1), (1, 2, 1), (2, 1, 1)], &[3]);
    }

    #[test]
    fn groups_have_one_direction_between_them() {
        check(&[Some(0), Some(0), Some(1), Some(1)], &[(0, 2, 9), (3, 1, 1), (0, 1, 1)], &[1]);
        // Within a group the order is its own.
        check(&[Some(0), Some(0), None], &[(0, 2, 1), (2, 1, 0), (1, 0, 3)], &[1]);
    }
}
