//! The places of a page that matter to a line: beside what stands there, and beside the lines that run there.

use crate::compact::CORNER;
use crate::graph::LayoutGraph;
use crate::joints::{Joints, Strand};
use crate::scene::{Rect, Scene};
use crate::tracks::{BOX_GAP, TEXT_GAP, WALL_GAP};

/// How far a new line is from boxes and other lines where there is room; that is more than it must be.
const BOX: i32 = BOX_GAP + 4;
const LINE: i32 = 14;

/// How far apart places for ends are, from the middle of a box's side.
const PORT: i32 = 8;

/// How far apart places are at least.
const APART: i32 = 10;

/// How far outside of what is there a line may run.
const MARGIN: i32 = 40;

/// A larger grid is not searched.
const LARGEST: usize = 4_000_000;

/// Where a line may bend, the box that it leads from, and where it may end: at another box, or at a joint.
pub(crate) struct Grid {
    pub(crate) xs: Vec<i32>,
    pub(crate) ys: Vec<i32>,
    pub(crate) from: Rect,
    pub(crate) to: Rect,
    pub(crate) joints: Joints,
}

impl Grid {
    /// The places that matter to an edge, from its own end; nothing when there are too many.
    pub(crate) fn of(
        graph: &LayoutGraph,
        scene: &Scene,
        titles: &[Rect],
        edge: usize,
        Strand { start: turned, joints, .. }: Strand,
    ) -> Option<Self> {
        let spec = &graph.edges[edge];
        let (own, other) = if turned { (spec.to, spec.from) } else { (spec.from, spec.to) };
        let (from, to) = (scene.boxes[own].shape, scene.boxes[other].shape);
        let mut grid = Self { xs: Vec::new(), ys: Vec::new(), from, to, joints };
        grid.beside_things(scene, titles, edge);
        grid.beside_lines(scene, edge);
        let room = room(graph, scene, edge)?;
        grid.xs.retain(|x| *x >= room.x && *x <= room.right());
        grid.ys.retain(|y| *y >= room.y && *y <= room.bottom());
        thin(&mut grid.xs);
        thin(&mut grid.ys);
        let (level, upright) = grid.joints.places();
        grid.xs.extend(upright);
        grid.ys.extend(level);
        for shape in [&from, &to] {
            grid.xs.extend([shape.x, shape.right()]);
            let ports = (-8..=8).map(|k| shape.centre().y + k * PORT);
            grid.ys.extend(ports.filter(|y| on_side(shape, *y)));
        }
        for all in [&mut grid.xs, &mut grid.ys] {
            all.sort_unstable();
            all.dedup();
        }
        (grid.xs.len() * grid.ys.len() <= LARGEST / 4).then_some(grid)
    }

    fn beside_things(&mut self, scene: &Scene, titles: &[Rect], edge: usize) {
        let boxes = scene.boxes.iter().flat_map(|each| [(each.shape, BOX), (each.caption, BOX)]);
        let titles = titles.iter().map(|title| (*title, TEXT_GAP + 2));
        let frames = scene.groups.iter().flat_map(|frame| [WALL_GAP + 2, -WALL_GAP - 2].map(|by| (*frame, by)));
        let others = scene.edges.iter().enumerate().filter(|(other, _)| *other != edge);
        let labels = others.filter_map(|(_, route)| Some((route.label?, TEXT_GAP + 2)));
        for (rect, by) in boxes.chain(titles).chain(frames).chain(labels).filter(|(rect, _)| !rect.is_empty()) {
            let wide = rect.grown(by);
            self.xs.extend([wide.x, wide.right()]);
            self.ys.extend([wide.y, wide.bottom()]);
        }
    }

    fn beside_lines(&mut self, scene: &Scene, edge: usize) {
        for (other, route) in scene.edges.iter().enumerate() {
            let aside: &[i32] = if other == edge { &[0] } else { &[-LINE, LINE] };
            for s in route.points.windows(2) {
                let (all, at) = if s[0].x == s[1].x { (&mut self.xs, s[0].x) } else { (&mut self.ys, s[0].y) };
                all.extend(aside.iter().map(|by| at + by));
            }
        }
    }
}

/// Drops places that are hardly beside the one before.
fn thin(places: &mut Vec<i32>) {
    places.sort_unstable();
    places.dedup_by(|next, kept| *next - *kept < APART);
}

/// The part of the page where an edge may run: the innermost group that holds both of its boxes, or else all of it.
fn room(graph: &LayoutGraph, scene: &Scene, edge: usize) -> Option<Rect> {
    let ends = [graph.edges[edge].from, graph.edges[edge].to];
    let holds = |group: &usize| ends.iter().all(|index| graph.within(graph.boxes[*index].group, *group));
    let frames = (0..scene.groups.len()).filter(holds).map(|group| scene.groups[group]);
    let frame = frames.min_by_key(|frame| i64::from(frame.width) * i64::from(frame.height));
    let all = scene.groups.iter().copied().chain(scene.boxes.iter().map(|each| each.shape));
    frame.map(|frame| frame.grown(-WALL_GAP)).or_else(|| Some(all.reduce(|a, b| a.joined(&b))?.grown(MARGIN)))
}

/// Whether a height is one where a line may end at a side of a box.
pub(crate) fn on_side(shape: &Rect, y: i32) -> bool {
    y >= shape.y + CORNER && y <= shape.bottom() - CORNER
}
