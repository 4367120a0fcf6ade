//! Where a line may join others that look the same and have the same box at one end, as branches of a tree.

use crate::bundle;
use crate::check::runs_along;
use crate::graph::LayoutGraph;
use crate::route::length;
use crate::scene::{Point, Scene};
use std::collections::BTreeMap;

/// How far from the boxes at a line's ends another one may join it.
const FROM_BOX: i32 = 20;

/// A line as it is from the end that is its own to the one that it shares with others, or may share.
pub(crate) struct Strand {
    /// Whether the shared end is where the edge starts; its points are turned around then.
    pub(crate) start: bool,
    /// The part that is the line's own.
    pub(crate) own: Vec<Point>,
    /// How far it goes on on another line.
    pub(crate) rest: i32,
    /// Where it may join others.
    pub(crate) joints: Joints,
}

/// The stretches of other lines at which one may end.
#[derive(Default)]
pub(crate) struct Joints {
    /// By how far they are from the top.
    level: BTreeMap<i32, Vec<Joint>>,
    /// By how far they are from the left.
    upright: BTreeMap<i32, Vec<Joint>>,
}

struct Joint {
    /// Where it is along its stretch, from the own end of its line to the shared one.
    from: i32,
    to: i32,
    /// The far end of the stretch, and how much comes after it.
    end: i32,
    after: i32,
    onto: usize,
    /// The point of the line, turned like the strand, that follows.
    next: usize,
}

/// How a line goes on after a joint.
#[derive(Clone, Copy)]
pub(crate) struct Rest {
    pub(crate) length: i32,
    onto: usize,
    next: usize,
}

impl Strand {
    /// An edge's line, which shares the end that it shares already, or may share the given one. Nothing if it shares both.
    pub(crate) fn of(graph: &LayoutGraph, scene: &Scene, edge: usize, may: Option<bool>) -> Option<Self> {
        let shared = shared(graph, scene, edge);
        let start = match shared {
            [true, true] => return None,
            [true, false] => Some(true),
            [false, true] => Some(false),
            [false, false] => may,
        };
        let turn = start == Some(true);
        let mates: Vec<usize> = start.map_or_else(Vec::new, |start| mates(graph, edge, start).collect());
        let (own, rest) = own(&turned(&scene.edges[edge].points, turn), scene, &mates);
        let free = |mate: &usize| !shared_at(graph, scene, *mate, !turn);
        let joints = Joints::of(scene, mates.into_iter().filter(free), turn);
        Some(Self { start: turn, own, rest, joints })
    }
}

impl Joints {
    fn of(scene: &Scene, mates: impl Iterator<Item = usize>, turn: bool) -> Self {
        let mut joints = Self::default();
        for onto in mates {
            let points = turned(&scene.edges[onto].points, turn);
            // The label of a line stands where it is alone.
            let Some(first) = scene.edges[onto].label.map_or(Some(0), |l| bundle::at(&points, &l).map(|k| k + 1))
            else {
                continue;
            };
            for k in first..points.len().saturating_sub(1) {
                joints.add(&points, k, onto);
            }
        }
        joints
    }

    /// Adds a stretch of a line; the first and the last one keep away from the boxes.
    fn add(&mut self, points: &[Point], k: usize, onto: usize) {
        let (start, end) = (points[k], points[k + 1]);
        let level = start.y == end.y;
        let (all, at) = if level { (&mut self.level, start.y) } else { (&mut self.upright, start.x) };
        let (a, b) = if level { (start.x, end.x) } else { (start.y, end.y) };
        let step = (b - a).signum() * FROM_BOX;
        let from = if k == 0 { a + step } else { a };
        let to = if k + 2 == points.len() { b - step } else { b };
        if (to - from).signum() == step.signum() {
            let after = length(&points[k + 1..]);
            let joint = Joint { from: from.min(to), to: from.max(to), end: b, after, onto, next: k + 1 };
            all.entry(at).or_default().push(joint);
        }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.level.is_empty() && self.upright.is_empty()
    }

    /// The heights of level stretches, and how far upright ones are from the left.
    pub(crate) fn places(&self) -> (impl Iterator<Item = i32>, impl Iterator<Item = i32>) {
        (self.level.keys().copied(), self.upright.keys().copied())
    }

    /// The shortest way on from a place that a line comes to, level or upright.
    pub(crate) fn at(&self, place: Point, level: bool) -> Option<Rest> {
        let (joints, along) =
            if level { (self.upright.get(&place.x)?, place.y) } else { (self.level.get(&place.y)?, place.x) };
        let here = joints.iter().filter(|joint| joint.from <= along && along <= joint.to);
        here.map(|j| Rest { length: (j.end - along).abs() + j.after, onto: j.onto, next: j.next })
            .min_by_key(|rest| (rest.length, rest.onto))
    }
}

impl Rest {
    /// The points that follow the joint.
    pub(crate) fn points(self, scene: &Scene, turn: bool) -> Vec<Point> {
        turned(&scene.edges[self.onto].points, turn).split_off(self.next)
    }
}

/// Whether an edge runs on another one that has the same start, and on one that has the same end.
fn shared(graph: &LayoutGraph, scene: &Scene, edge: usize) -> [bool; 2] {
    [true, false].map(|start| shared_at(graph, scene, edge, start))
}

fn shared_at(graph: &LayoutGraph, scene: &Scene, edge: usize, start: bool) -> bool {
    let own = &scene.edges[edge].points;
    mates(graph, edge, start).any(|other| {
        let points = &scene.edges[other].points;
        own.windows(2).any(|s| points.windows(2).any(|t| runs_along((s[0], s[1]), (t[0], t[1]))))
    })
}

/// The other edges that look the same and have the same start, or the same end.
pub(crate) fn mates(graph: &LayoutGraph, edge: usize, start: bool) -> impl Iterator<Item = usize> {
    let end = move |e: usize| if start { graph.edges[e].from } else { graph.edges[e].to };
    let style = graph.edges[edge].style;
    (0..graph.edges.len()).filter(move |e| *e != edge && graph.edges[*e].style == style && end(*e) == end(edge))
}

/// A line up to where it first runs on one of these, and how much is left.
fn own(points: &[Point], scene: &Scene, mates: &[usize]) -> (Vec<Point>, i32) {
    for (k, s) in points.windows(2).enumerate() {
        let stretches = mates.iter().flat_map(|mate| scene.edges[*mate].points.windows(2));
        let met = stretches.filter(|t| runs_along((s[0], s[1]), (t[0], t[1])));
        // Of the stretch that both run on, the end that comes first.
        let first = met.flat_map(|t| [t[0], t[1]]).map(|p| clamped(p, s[0], s[1])).min_by_key(|p| s[0].distance(*p));
        if let Some(joint) = first {
            let mut own = points[..=k].to_vec();
            own.push(joint);
            return (own, joint.distance(s[1]) + length(&points[k + 1..]));
        }
    }
    (points.to_vec(), 0)
}

fn clamped(p: Point, a: Point, b: Point) -> Point {
    Point::new(p.x.clamp(a.x.min(b.x), a.x.max(b.x)), p.y.clamp(a.y.min(b.y), a.y.max(b.y)))
}

fn turned(points: &[Point], turn: bool) -> Vec<Point> {
    if turn { points.iter().rev().copied().collect() } else { points.to_vec() }
}
