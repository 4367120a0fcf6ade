//! Parts of a graph that nothing connects: each is laid out by itself, and then they are set in rows.

use crate::graph::{LayoutGraph, Size};
use crate::scene::{PlacedBox, Point, Rect, Route, Scene};
use std::collections::BTreeMap;

/// Space between parts.
const GAP: i32 = 40;

/// A part, and where its things stand in the whole graph.
pub(crate) struct Component {
    pub(crate) graph: LayoutGraph,
    groups: Vec<usize>,
    boxes: Vec<usize>,
    edges: Vec<usize>,
}

/// Splits a graph at its outermost level. Boxes outside of every group that no edge touches are one part, the last.
pub(crate) fn split(graph: &LayoutGraph) -> Vec<Component> {
    let mut sets = Sets::new(graph);
    for edge in &graph.edges {
        sets.join(sets.of_box(graph, edge.from), sets.of_box(graph, edge.to));
    }
    let mut alone = vec![true; graph.boxes.len()];
    for edge in &graph.edges {
        alone[edge.from] = false;
        alone[edge.to] = false;
    }
    let mut parts: BTreeMap<usize, [Vec<usize>; 3]> = BTreeMap::new();
    for group in 0..graph.groups.len() {
        let set = sets.find(sets.outermost(graph, group));
        parts.entry(set).or_default()[0].push(group);
    }
    for (i, spec) in graph.boxes.iter().enumerate() {
        let set = if alone[i] && spec.group.is_none() { usize::MAX } else { sets.find(sets.of_box(graph, i)) };
        parts.entry(set).or_default()[1].push(i);
    }
    for (i, edge) in graph.edges.iter().enumerate() {
        let set = sets.find(sets.of_box(graph, edge.from));
        parts.entry(set).or_default()[2].push(i);
    }
    parts.into_values().map(|[groups, boxes, edges]| Component::of(graph, groups, boxes, edges)).collect()
}

impl Component {
    fn of(graph: &LayoutGraph, groups: Vec<usize>, boxes: Vec<usize>, edges: Vec<usize>) -> Self {
        let group_at: BTreeMap<usize, usize> = groups.iter().enumerate().map(|(i, g)| (*g, i)).collect();
        let box_at: BTreeMap<usize, usize> = boxes.iter().enumerate().map(|(i, b)| (*b, i)).collect();
        let mut part = LayoutGraph { direction: graph.direction, ..LayoutGraph::default() };
        for &group in &groups {
            let mut spec = graph.groups[group].clone();
            spec.parent = spec.parent.map(|p| group_at[&p]);
            part.groups.push(spec);
        }
        for &index in &boxes {
            let mut spec = graph.boxes[index].clone();
            spec.group = spec.group.map(|g| group_at[&g]);
            part.boxes.push(spec);
        }
        for edge in edges.iter().map(|&i| &graph.edges[i]) {
            let (from, to) = (box_at[&edge.from], box_at[&edge.to]);
            part.edges.push(crate::graph::EdgeSpec { from, to, ..edge.clone() });
        }
        Self { graph: part, groups, boxes, edges }
    }
}

/// Sets the parts in rows, the largest first and boxes that stand alone last, and gives the scene of the whole graph.
pub(crate) fn pack(graph: &LayoutGraph, parts: Vec<(Component, Scene)>) -> Scene {
    let mut whole = Scene {
        groups: vec![Rect::default(); graph.groups.len()],
        titles: vec![Point::default(); graph.groups.len()],
        boxes: vec![PlacedBox::default(); graph.boxes.len()],
        edges: vec![Route::default(); graph.edges.len()],
        ..Scene::default()
    };
    let area = |size: Size| i64::from(size.width) * i64::from(size.height);
    let total: i64 = parts.iter().map(|(_, scene)| area(scene.size)).sum();
    let widest = parts.iter().map(|(_, scene)| scene.size.width).max().unwrap_or(0);
    let most = widest.max(i32::try_from((total * 2).max(0).isqrt()).unwrap_or(i32::MAX));
    let mut order: Vec<(Component, Scene)> = parts;
    let alone = |part: &Component| part.groups.is_empty() && part.edges.is_empty();
    order.sort_by_key(|(part, scene)| (alone(part), std::cmp::Reverse(area(scene.size))));
    let (mut at, mut row) = (Point::default(), 0);
    for (part, mut scene) in order {
        if at.x > 0 && (at.x + scene.size.width > most || alone(&part)) {
            at = Point::new(0, at.y + row + GAP);
            row = 0;
        }
        let size = scene.size;
        scene.shift(at.x, at.y);
        at.x += size.width + GAP;
        row = row.max(size.height);
        for ((rect, title), &i) in scene.groups.iter().zip(&scene.titles).zip(&part.groups) {
            whole.groups[i] = *rect;
            whole.titles[i] = *title;
        }
        for (placed, &i) in scene.boxes.iter().zip(&part.boxes) {
            whole.boxes[i] = *placed;
        }
        for (route, &i) in scene.edges.drain(..).zip(&part.edges) {
            whole.edges[i] = route;
        }
    }
    whole
}

/// Disjoint sets of what stands at the outermost level: groups first, then boxes.
struct Sets {
    above: Vec<usize>,
    groups: usize,
}

impl Sets {
    fn new(graph: &LayoutGraph) -> Self {
        Self { above: (0..graph.groups.len() + graph.boxes.len()).collect(), groups: graph.groups.len() }
    }

    fn outermost(&self, graph: &LayoutGraph, mut group: usize) -> usize {
        debug_assert!(group < self.groups);
        while let Some(parent) = graph.groups[group].parent {
            group = parent;
        }
        group
    }

    fn of_box(&self, graph: &LayoutGraph, index: usize) -> usize {
        graph.boxes[index].group.map_or(self.groups + index, |g| self.outermost(graph, g))
    }

    fn find(&self, mut at: usize) -> usize {
        while self.above[at] != at {
            at = self.above[at];
        }
        at
    }

    /// The smaller number stands for both.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.above[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, GroupSpec};

    fn check(parents: &[Option<usize>], groups: &[Option<usize>], edges: &[(usize, usize)], expected: &[&[usize]]) {
        let graph = LayoutGraph {
            groups: parents.iter().map(|p| GroupSpec { parent: *p, ..GroupSpec::default() }).collect(),
            boxes: groups.iter().map(|g| BoxSpec { group: *g, ..BoxSpec::default() }).collect(),
            edges: edges.iter().map(|(from, to)| EdgeSpec { from: *from, to: *to, ..EdgeSpec::default() }).collect(),
            ..LayoutGraph::default()
        };
        let boxes: Vec<Vec<usize>> = split(&graph).into_iter().map(|c| c.boxes).collect();
        assert_eq!(boxes, expected);
    }

    #[test]
    fn parts_are_what_edges_and_groups_hold_together() {
        check(&[], &[None; 4], &[(0, 1), (2, 3)], &[&[0, 1], &[2, 3]]);
        check(&[None, Some(0)], &[Some(0), Some(1), None], &[], &[&[0, 1], &[2]]);
        check(&[None, None], &[Some(0), Some(1)], &[(1, 0)], &[&[0, 1]]);
        check(&[], &[None; 3], &[(1, 1)], &[&[1], &[0, 2]]);
        check(&[], &[], &[], &[]);
    }
}
