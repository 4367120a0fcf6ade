//! Which edges run against the flow: with those turned round, no level of the nesting has a cycle.
//!
//! The layered engine would find such edges by itself, but leads one that leaves a group around the whole page. Turned
//! round beforehand, it takes the short way.

use crate::graph::LayoutGraph;
use std::collections::BTreeMap;

/// A box, or a group with all that is in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Group(usize),
    Box(usize),
}

/// For each edge, whether it runs against the flow. The lightest edges of each cycle do.
pub(crate) fn against(graph: &LayoutGraph) -> Vec<bool> {
    let ends: Vec<Option<(Option<usize>, Item, Item)>> =
        graph.edges.iter().map(|e| siblings(graph, e.from, e.to)).collect();
    let mut levels: BTreeMap<Option<usize>, BTreeMap<(Item, Item), u32>> = BTreeMap::new();
    for (edge, end) in graph.edges.iter().zip(&ends) {
        if let Some((level, from, to)) = *end {
            *levels.entry(level).or_default().entry((from, to)).or_default() += 1 + edge.weight;
        }
    }
    let ranks: BTreeMap<Option<usize>, BTreeMap<Item, usize>> =
        levels.into_iter().map(|(level, arcs)| (level, order(&arcs))).collect();
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
    // From the outside in: the groups around each end, then the box itself.
    let path = |index: usize| {
        let mut items = vec![Item::Box(index)];
        let mut at = graph.boxes[index].group;
        while let Some(group) = at {
            items.push(Item::Group(group));
            at = graph.groups[group].parent;
        }
        items.reverse();
        items
    };
    let (a, b) = (path(from), path(to));
    let shared = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let level = shared.checked_sub(1).and_then(|i| if let Item::Group(g) = a[i] { Some(g) } else { None });
    Some((level, a[shared], b[shared]))
}

/// An order of the items in which little weight runs backward: sinks are taken to the end and sources to the start,
/// and where there is neither, the item that gives most more than it takes is next.
fn order(arcs: &BTreeMap<(Item, Item), u32>) -> BTreeMap<Item, usize> {
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

    fn check(groups: &[Option<usize>], edges: &[(usize, usize, u32)], expected: &[usize]) {
        let graph = LayoutGraph {
            groups: vec![GroupSpec::default(); 2],
            boxes: groups.iter().map(|g| BoxSpec { group: *g, ..BoxSpec::default() }).collect(),
            edges: edges
                .iter()
                .map(|(from, to, weight)| EdgeSpec { from: *from, to: *to, weight: *weight, ..EdgeSpec::default() })
                .collect(),
            ..LayoutGraph::default()
        };
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

    #[test]
    fn groups_have_one_direction_between_them() {
        check(&[Some(0), Some(0), Some(1), Some(1)], &[(0, 2, 9), (3, 1, 1), (0, 1, 1)], &[1]);
        // Within a group the order is its own.
        check(&[Some(0), Some(0), None], &[(0, 2, 1), (2, 1, 0), (1, 0, 3)], &[1]);
    }
}
