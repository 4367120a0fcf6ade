//! Where lines may run: for a height of the page, which parts of it are taken, and where a line there would cross others.

use crate::check::Segment;
use crate::graph::{LayoutGraph, pixels};
use crate::joints;
use crate::scene::{Point, Rect, Scene};
use std::collections::BTreeSet;

/// How far a new line stays from boxes, from lines, from frames, and from labels and titles.
pub(crate) const BOX_GAP: i32 = 14;
const LINE_GAP: i32 = 8;
pub(crate) const WALL_GAP: i32 = 10;
pub(crate) const TEXT_GAP: i32 = 4;

/// Near the box that both end at, lines are as close as their ends are.
const PORT_GAP: i32 = 5;
const PORTS: i32 = 30;

/// What is in the way of one line of a page, and what it may cross.
pub(crate) struct Board {
    /// What no line touches, and how far it stays away.
    solid: Vec<(Rect, i32)>,
    /// Sides of frames: a line crosses them, but does not run along.
    walls: Vec<Segment>,
    /// The stretches of the other lines.
    lines: Vec<Stretch>,
}

struct Stretch {
    ends: Segment,
    /// Around the box that the line shares with the one that is led.
    port: Option<Rect>,
    /// Whether that may join it.
    mate: bool,
}

/// A level or an upright line across the page.
#[derive(Clone)]
pub(crate) struct Track {
    /// What is taken, in order and without overlap.
    taken: Vec<(i32, i32)>,
    /// Where it crosses other lines, in order.
    crossings: Vec<i32>,
}

impl Board {
    /// What is there for an edge, whose own line is left out. It may join lines that have the same start (or the same
    /// end), if that is given.
    pub(crate) fn of(
        graph: &LayoutGraph,
        scene: &Scene,
        titles: &[Rect],
        (edge, joins): (usize, Option<bool>),
    ) -> Self {
        let spec = &graph.edges[edge];
        let foreign = |group: usize| {
            let holds = |index: usize| graph.within(graph.boxes[index].group, group);
            !holds(spec.from) && !holds(spec.to)
        };
        let mut solid: Vec<(Rect, i32)> = scene.boxes.iter().map(|each| (each.shape, BOX_GAP)).collect();
        solid.extend(scene.boxes.iter().map(|each| (each.caption, BOX_GAP)));
        solid.extend(titles.iter().map(|title| (*title, TEXT_GAP)));
        solid.extend((0..scene.groups.len()).filter(|g| foreign(*g)).map(|g| (scene.groups[g], WALL_GAP)));
        let others = || scene.edges.iter().enumerate().filter(|(other, _)| *other != edge);
        solid.extend(others().filter_map(|(_, route)| Some((route.label?, TEXT_GAP))));
        solid.retain(|(rect, _)| !rect.is_empty());
        let mates: BTreeSet<usize> = joins.into_iter().flat_map(|start| joints::mates(graph, edge, start)).collect();
        let mut lines = Vec::new();
        for (other, route) in others() {
            let ends = [graph.edges[other].from, graph.edges[other].to];
            let shared = ends.into_iter().find(|end| *end == spec.from || *end == spec.to);
            let port = shared.map(|index| widened(&scene.boxes[index].shape, PORTS));
            let mate = mates.contains(&other);
            lines.extend(route.points.windows(2).map(|s| Stretch { ends: (s[0], s[1]), port, mate }));
        }
        let walls = scene.groups.iter().flat_map(|frame| {
            let (a, c) = (Point::new(frame.x, frame.y), Point::new(frame.right(), frame.bottom()));
            let (b, d) = (Point::new(c.x, a.y), Point::new(a.x, c.y));
            [(a, b), (b, c), (d, c), (a, d)]
        });
        Self { solid, walls: walls.collect(), lines }
    }

    /// The level line at a height.
    pub(crate) fn level(&self, y: i32) -> Track {
        self.track(y, &|p| (p.x, p.y), &|r| (r.x, r.right(), r.y, r.bottom()))
    }

    /// The upright line at a distance from the left.
    pub(crate) fn upright(&self, x: i32) -> Track {
        self.track(x, &|p| (p.y, p.x), &|r| (r.y, r.bottom(), r.x, r.right()))
    }

    /// `along` gives a point's place on the track and across it; `sides` the same of both sides of a rectangle.
    fn track(
        &self,
        at: i32,
        along: &dyn Fn(Point) -> (i32, i32),
        sides: &dyn Fn(&Rect) -> (i32, i32, i32, i32),
    ) -> Track {
        let mut taken = Vec::new();
        let mut crossings = Vec::new();
        for (rect, gap) in &self.solid {
            let (from, to, low, high) = sides(rect);
            if at > low - gap && at < high + gap {
                taken.push((from, to));
            }
        }
        for (a, b) in &self.walls {
            let ((a, across), (b, other)) = (along(*a), along(*b));
            if across == other && (at - across).abs() < WALL_GAP {
                taken.push((a, b));
            }
        }
        for Stretch { ends: (a, b), port, mate } in &self.lines {
            let ((a, across), (b, other)) = (along(*a), along(*b));
            if across == other {
                let gap = if *mate { 0 } else { LINE_GAP };
                let (from, to) = (a.min(b) - gap, a.max(b) + gap);
                let apart = (at - across).abs();
                match port.as_ref().map(sides) {
                    _ if apart < PORT_GAP => taken.push((from, to)),
                    _ if apart >= LINE_GAP => {}
                    Some((left, right, low, high)) if across > low && across < high => {
                        taken.extend([(from, to.min(left)), (from.max(right), to)].iter().filter(|(a, b)| a < b));
                    }
                    _ => taken.push((from, to)),
                }
            } else if across.min(other) < at && across.max(other) > at {
                crossings.push(a);
            }
        }
        taken.sort_unstable();
        taken.dedup_by(|next, before| {
            let joined = next.0 <= before.1;
            if joined {
                before.1 = before.1.max(next.1);
            }
            joined
        });
        crossings.sort_unstable();
        crossings.dedup();
        Track { taken, crossings }
    }
}

impl Track {
    /// Whether nothing is in the way between two places.
    pub(crate) fn is_free(&self, from: i32, to: i32) -> bool {
        let first = self.taken.partition_point(|(_, end)| *end <= from);
        self.taken.get(first).is_none_or(|(start, _)| *start >= to)
    }

    /// At how many places lines are crossed from one place on and before another.
    pub(crate) fn crossed(&self, from: i32, to: i32) -> i32 {
        let before = |at: i32| self.crossings.partition_point(|crossing| *crossing < at);
        let after = |at: i32| self.crossings.partition_point(|crossing| *crossing <= at);
        pixels(if from < to { before(to) - before(from) } else { after(from) - after(to) })
    }
}

fn widened(rect: &Rect, by: i32) -> Rect {
    Rect { x: rect.x - by, width: rect.width + 2 * by, ..*rect }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, Size};
    use crate::scene::{PlacedBox, Route};

    #[test]
    fn a_track_tells_what_is_taken_and_crossed() {
        let size = Size::new(60, 60);
        let shape = |x, y| PlacedBox { shape: Rect::new(x, y, size), ..PlacedBox::default() };
        let edge = |from, to| EdgeSpec { from, to, ..EdgeSpec::default() };
        let graph = LayoutGraph {
            boxes: vec![BoxSpec { size, ..BoxSpec::default() }; 4],
            edges: vec![edge(0, 1), edge(2, 3)],
            ..LayoutGraph::default()
        };
        let points = [(260, 30), (330, 30), (330, 230), (400, 230)].map(|(x, y)| Point::new(x, y)).to_vec();
        let scene = Scene {
            boxes: vec![shape(0, 200), shape(600, 200), shape(200, 0), shape(400, 200)],
            edges: vec![Route::default(), Route { points, label: None }],
            ..Scene::default()
        };
        let board = Board::of(&graph, &scene, &[], (0, None));
        // Under the third box, over all others.
        let under = board.level(100);
        assert!(under.is_free(-1000, 1000));
        assert_eq!((under.crossed(0, 600), under.crossed(0, 330), under.crossed(330, 600)), (1, 0, 1));
        // Too close to the box, then through it; and along the line's second level stretch.
        assert!(!board.level(60 + BOX_GAP - 1).is_free(0, 600));
        assert!(board.level(60 + BOX_GAP).is_free(0, 600));
        assert!(!board.level(30).is_free(100, 201));
        assert!(board.level(30).is_free(100, 200));
        assert!(!board.level(230 + LINE_GAP - 1).is_free(325, 395));
        assert!(board.level(230 + LINE_GAP).is_free(325, 395));
        assert!(!board.upright(330).is_free(100, 110));
    }
}
