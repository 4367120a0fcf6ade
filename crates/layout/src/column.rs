//! The engine of last resort: everything in one column, lines in lanes on the right. Never pretty, always valid.

use crate::engine::Engine;
use crate::graph::{LayoutGraph, Size, pixels};
use crate::scene::{PlacedBox, Point, Rect, Route, Scene};

const GAP: i32 = 28;
const INDENT: i32 = 24;
const CAPTION_GAP: i32 = 4;
const LANE: i32 = 14;

/// One box a row, groups as frames around their rows, each line in a lane of its own.
#[derive(Debug)]
pub struct Column;

impl Engine for Column {
    fn name(&self) -> &'static str {
        "column"
    }

    fn place(&self, graph: &LayoutGraph) -> Option<Scene> {
        Some(Self::scene(graph))
    }
}

impl Column {
    /// What [`Engine::place`] gives; it cannot fail.
    pub(crate) fn scene(graph: &LayoutGraph) -> Scene {
        let mut scene = Scene {
            groups: vec![Rect::default(); graph.groups.len()],
            boxes: vec![PlacedBox::default(); graph.boxes.len()],
            edges: vec![Route::default(); graph.edges.len()],
            ..Scene::default()
        };
        // Every box ends at the same right edge and every frame is as wide as the deepest needs.
        let deepest = (0..graph.groups.len()).map(|g| depth(graph, Some(g))).max().unwrap_or(0);
        let width = |b: &crate::graph::BoxSpec| b.size.width.max(b.caption.width);
        let inner = graph.boxes.iter().map(width).chain(graph.groups.iter().map(|g| g.title.width)).max().unwrap_or(0);
        let rows = Rows { graph, left: 0, right: inner, deepest };
        rows.stack(&mut scene, None, 0);
        lanes(graph, &mut scene, inner + (deepest + 1) * INDENT);
        scene
    }
}

fn depth(graph: &LayoutGraph, mut group: Option<usize>) -> i32 {
    let mut depth = 0;
    while let Some(g) = group {
        depth += 1;
        group = graph.groups[g].parent;
    }
    depth
}

struct Rows<'a> {
    graph: &'a LayoutGraph,
    left: i32,
    right: i32,
    deepest: i32,
}

impl Rows<'_> {
    /// Stacks the content of a group from a height on, and returns the height below it.
    fn stack(&self, scene: &mut Scene, group: Option<usize>, mut y: i32) -> i32 {
        for (i, spec) in self.graph.boxes.iter().enumerate().filter(|(_, b)| b.group == group) {
            let centre = i32::midpoint(self.left, self.right);
            let shape = Rect::new(centre - spec.size.width / 2, y, spec.size);
            let mut caption = Rect::default();
            y = shape.bottom();
            if !spec.caption.is_empty() {
                caption = Rect::new(centre - spec.caption.width / 2, y + CAPTION_GAP, spec.caption);
                y = caption.bottom();
            }
            scene.boxes[i] = PlacedBox { shape, caption };
            y += GAP;
        }
        for (i, spec) in self.graph.groups.iter().enumerate().filter(|(_, g)| g.parent == group) {
            let out = (self.deepest - depth(self.graph, Some(i)) + 1) * INDENT;
            let bottom = self.stack(scene, Some(i), y + spec.title.height + GAP);
            let size = Size::new(self.right - self.left + 2 * out, bottom - y);
            scene.groups[i] = Rect::new(self.left - out, y, size);
            y = bottom + GAP;
        }
        y
    }
}

/// Leads each edge from the right of its box to a lane of its own and back.
fn lanes(graph: &LayoutGraph, scene: &mut Scene, first: i32) {
    let mut ends = vec![0; graph.boxes.len()];
    let mut used = vec![0; graph.boxes.len()];
    for edge in &graph.edges {
        ends[edge.from] += 1;
        ends[edge.to] += 1;
    }
    let mut port = |scene: &Scene, at: usize| {
        used[at] += 1;
        let shape = scene.boxes[at].shape;
        Point::new(shape.right(), shape.y + shape.height * used[at] / (ends[at] + 1))
    };
    for (i, edge) in graph.edges.iter().enumerate() {
        let lane = first + LANE * (pixels(i) + 1);
        let (start, end) = (port(scene, edge.from), port(scene, edge.to));
        scene.edges[i].points = vec![start, Point::new(lane, start.y), Point::new(lane, end.y), end];
    }
}
