//! Lines that look the same and end at the same box may come together on their way to it, as branches of a tree.
//!
//! Done on finished routes: one line at a time is led onto another, wherever that makes the picture simpler and
//! neither adds a crossing nor touches anything.

use crate::check::{Segment, crossing};
use crate::graph::{EdgeSpec, LayoutGraph};
use crate::route;
use crate::scene::{Point, Rect, Scene};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// From this many lines of one style at one end, they may share their last stretch.
pub(crate) const BUNDLE: usize = 4;

/// How close a line passes by others and by boxes.
const CLEARANCE: i32 = 8;

/// How close a label is to its line.
const NEAR: i32 = 8;

/// What a crossing less is worth, and eight pixels less of lines.
const CROSSING: i64 = 120;
const LENGTH: i64 = 8;

/// More than this, in stretches looked at, is not worth its time: what is done until then is kept.
const WORK: usize = 10_000_000;

/// Of a line this many ways to join another are looked at, the most promising first.
const WAYS: usize = 60;

/// The end that an edge may share with others: its start or its end, where most edges of its style are, if those are at
/// least so many. An edge shares at most one: were both shared, lines of different pairs would run together and be read
/// as flows that are not there. Edges `against` the flow are apart from the others, if it is known which those are.
pub(crate) fn shared_ends(graph: &LayoutGraph, against: Option<&[bool]>, least: usize) -> Vec<Option<bool>> {
    let ends = |(e, edge): (usize, &EdgeSpec)| {
        let against = against.is_some_and(|a| a[e]);
        [(edge.from, true, against, edge.style), (edge.to, false, against, edge.style)]
    };
    let mut counts: BTreeMap<(usize, bool, bool, u32), usize> = BTreeMap::new();
    for end in graph.edges.iter().enumerate().filter(|(_, e)| e.from != e.to).flat_map(ends) {
        *counts.entry(end).or_default() += 1;
    }
    let shared = graph.edges.iter().enumerate().map(|(e, edge)| {
        let [out, into] = ends((e, edge)).map(|end| counts.get(&end).copied().unwrap_or(0));
        (edge.from != edge.to && out.max(into) >= least).then_some(out > into)
    });
    shared.collect()
}

/// Leads lines onto others.
pub(crate) fn bundle(graph: &LayoutGraph, scene: &mut Scene) {
    let mut bundles: BTreeMap<(usize, bool, u32), Vec<usize>> = BTreeMap::new();
    for (e, (edge, shared)) in graph.edges.iter().zip(shared_ends(graph, None, BUNDLE)).enumerate() {
        if let Some(start) = shared.filter(|_| scene.edges[e].points.len() > 1) {
            bundles.entry((if start { edge.from } else { edge.to }, start, edge.style)).or_default().push(e);
        }
    }
    let mut page = Page::new(graph, scene);
    for ((_, start, _), edges) in bundles.into_iter().filter(|(_, edges)| edges.len() >= 2) {
        // A pass makes room for another.
        for _ in 0..2 {
            if !page.pass(&edges, start) {
                break;
            }
        }
    }
    for (route, points) in scene.edges.iter_mut().zip(page.routes) {
        route.points = points;
    }
}

struct Page {
    routes: Vec<Vec<Point>>,
    /// Every stretch of every route.
    stretches: Index,
    /// What no line may touch.
    solid: Vec<Rect>,
    labels: Vec<Option<Rect>>,
    /// Where lines cross, and how many pairs of them do there.
    crossings: BTreeMap<Point, usize>,
    /// How many stretches have been looked at.
    work: Cell<usize>,
}

/// A way to join another line.
struct Join {
    onto: usize,
    /// The stretch that leads to the other line, and the one that it meets there.
    stretch: usize,
    met: usize,
    corner: Point,
    /// Where the other line begins to be shared.
    joint: Point,
    /// What it would be worth if it added no crossing.
    hope: i64,
}

impl Page {
    fn new(graph: &LayoutGraph, scene: &Scene) -> Self {
        let solid = scene.boxes.iter().flat_map(|b| [b.shape, b.caption]).chain(scene.title_rects(graph));
        let mut page = Self {
            routes: scene.edges.iter().map(|e| e.points.clone()).collect(),
            stretches: Index::default(),
            solid: solid.filter(|r| r.width > 0 && r.height > 0).collect(),
            labels: scene.edges.iter().map(|e| e.label).collect(),
            crossings: BTreeMap::new(),
            work: Cell::new(0),
        };
        for e in 0..page.routes.len() {
            page.stretches.add(e, &page.routes[e]);
        }
        for e in 0..page.routes.len() {
            for (other, place) in page.places(e, &page.routes[e]) {
                if other < e {
                    *page.crossings.entry(place).or_default() += 1;
                }
            }
        }
        page
    }

    /// With which other edges, and where, a line crosses.
    fn places(&self, edge: usize, points: &[Point]) -> BTreeSet<(usize, Point)> {
        let mut places = BTreeSet::new();
        for s in points.windows(2) {
            let others = self.stretches.across((s[0], s[1])).filter(|(e, _)| *e != edge);
            let others = others.inspect(|_| self.work.set(self.work.get() + 1));
            places.extend(others.filter_map(|(e, t)| Some((*e, crossing((s[0], s[1]), *t)?))));
        }
        places
    }

    /// Leads each line of a bundle onto the one where it gains most.
    fn pass(&mut self, edges: &[usize], start: bool) -> bool {
        let turned = |points: &[Point]| -> Vec<Point> {
            if start { points.iter().rev().copied().collect() } else { points.to_vec() }
        };
        let mut lines: BTreeMap<usize, Vec<Point>> = edges.iter().map(|e| (*e, turned(&self.routes[*e]))).collect();
        let mut changed = false;
        for &e in edges {
            if self.work.get() > WORK {
                return false;
            }
            let Some(points) = self.best(e, &lines) else { continue };
            for (_, place) in self.places(e, &self.routes[e]) {
                if let Some(count) = self.crossings.get_mut(&place) {
                    *count -= 1;
                }
            }
            self.crossings.retain(|_, count| *count > 0);
            for (_, place) in self.places(e, &points) {
                *self.crossings.entry(place).or_default() += 1;
            }
            self.stretches.remove(e, &self.routes[e]);
            self.routes[e] = turned(&points);
            self.stretches.add(e, &self.routes[e]);
            lines.insert(e, points);
            changed = true;
        }
        changed
    }

    /// The best route of an edge over another of its bundle, should that be an improvement.
    fn best(&self, edge: usize, lines: &BTreeMap<usize, Vec<Point>>) -> Option<Vec<Point>> {
        let line = &lines[&edge];
        let label = self.labels[edge].map_or(Some(0), |label| at(line, &label))?;
        // The crossings that a line loses with everything after a stretch.
        let mut places: BTreeMap<Point, usize> = BTreeMap::new();
        for (_, place) in self.places(edge, line) {
            *places.entry(place).or_default() += 1;
        }
        let only = |place: &Point, count: &usize| self.crossings.get(place).is_none_or(|all| all <= count);
        let own: Vec<Point> = places.iter().filter(|(p, c)| only(p, c)).map(|(p, _)| *p).collect();
        let mut joins = Vec::new();
        self.work.set(self.work.get() + 20 * lines.len());
        for (&onto, other) in lines.iter().filter(|(other, _)| **other != edge) {
            let Some(taken) = self.labels[onto].map_or(Some(0), |label| at(other, &label).map(|k| k + 1)) else {
                continue;
            };
            ways(line, (onto, other), (label, taken), &mut joins);
        }
        for join in &mut joins {
            join.hope += CROSSING * i64::try_from(lost(&own, line, join).count()).unwrap_or(0);
        }
        joins.retain(|j| j.hope > 0);
        joins.sort_by_key(|j| (std::cmp::Reverse(j.hope), j.onto, j.stretch, j.met));
        let mut best: Option<(i64, &Join)> = None;
        for join in joins.iter().take(WAYS) {
            if best.is_some_and(|(gain, _)| gain >= join.hope) {
                break;
            }
            let fresh = [(line[join.stretch], join.corner), (join.corner, join.joint)];
            if !self.is_free(edge, lines, &fresh) {
                continue;
            }
            let points = [line[join.stretch], join.corner, join.joint];
            let come: BTreeSet<Point> = self.places(edge, &points).into_iter().map(|(_, place)| place).collect();
            let come = come.iter().filter(|p| !self.crossings.contains_key(p)).count();
            let gone = lost(&own, line, join).count();
            let gain = join.hope - CROSSING * i64::try_from(come).unwrap_or(0);
            if come <= gone && gain > 0 && best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, join));
            }
        }
        let (_, join) = best?;
        let mut points = line[..=join.stretch].to_vec();
        points.push(join.corner);
        points.extend(&lines[&join.onto][join.met + 1..]);
        Some(points)
    }

    /// Whether stretches touch nothing, and keep their distance from what is not of their bundle.
    fn is_free(&self, edge: usize, lines: &BTreeMap<usize, Vec<Point>>, fresh: &[Segment]) -> bool {
        fresh.iter().filter(|s| s.0 != s.1).all(|&(a, b)| {
            let touched = |rect: &Rect, by: i32| rect.grown(by).crossed_by(a, b);
            // The first stretch begins at a box.
            let at_end = |rect: &Rect| rect.has_on_outline(a);
            let solid = self.solid.iter().any(|r| touched(r, if at_end(r) { 0 } else { CLEARANCE }));
            let label = self.labels.iter().flatten().any(|label| touched(label, 2));
            let near =
                |(other, t): &(usize, Segment)| *other != edge && !lines.contains_key(other) && is_close((a, b), *t);
            !solid && !label && !self.stretches.beside((a, b)).any(near)
        })
    }
}

/// Stretches by where they are, so that those in one place are found without looking at all.
#[derive(Default)]
struct Index {
    level: BTreeMap<i32, Vec<(usize, Segment)>>,
    upright: BTreeMap<i32, Vec<(usize, Segment)>>,
}

/// How wide a band of the index is.
const BAND: i32 = 32;

impl Index {
    fn add(&mut self, edge: usize, points: &[Point]) {
        for s in points.windows(2) {
            self.band((s[0], s[1])).push((edge, (s[0], s[1])));
        }
    }

    fn remove(&mut self, edge: usize, points: &[Point]) {
        for s in points.windows(2) {
            self.band((s[0], s[1])).retain(|(e, _)| *e != edge);
        }
    }

    fn band(&mut self, s: Segment) -> &mut Vec<(usize, Segment)> {
        let level = s.0.y == s.1.y;
        let bands = if level { &mut self.level } else { &mut self.upright };
        bands.entry((if level { s.0.y } else { s.0.x }).div_euclid(BAND)).or_default()
    }

    /// Those at a right angle that a stretch may cross.
    fn across(&self, s: Segment) -> impl Iterator<Item = &(usize, Segment)> {
        let level = s.0.y == s.1.y;
        let (a, b) = if level { (s.0.x, s.1.x) } else { (s.0.y, s.1.y) };
        let bands = if level { &self.upright } else { &self.level };
        bands.range(a.min(b).div_euclid(BAND)..=a.max(b).div_euclid(BAND)).flat_map(|(_, all)| all)
    }

    /// Those in the same direction that may be close to a stretch.
    fn beside(&self, s: Segment) -> impl Iterator<Item = &(usize, Segment)> {
        let level = s.0.y == s.1.y;
        let (at, bands) = if level { (s.0.y, &self.level) } else { (s.0.x, &self.upright) };
        let bands = bands.range((at - CLEARANCE).div_euclid(BAND)..=(at + CLEARANCE).div_euclid(BAND));
        bands.flat_map(|(_, all)| all)
    }
}

/// The stretch that a label is at.
pub(crate) fn at(line: &[Point], label: &Rect) -> Option<usize> {
    let above = Rect { x: label.x, y: label.y - NEAR, width: label.width, height: label.height + 2 * NEAR };
    let beside = Rect { x: label.x - NEAR, y: label.y, width: label.width + 2 * NEAR, height: label.height };
    line.windows(2).position(|s| {
        let spans = s[0].x.min(s[1].x) <= label.x && s[0].x.max(s[1].x) >= label.right();
        if s[0].y == s[1].y { spans && above.crossed_by(s[0], s[1]) } else { beside.crossed_by(s[0], s[1]) }
    })
}

/// Every way to lead a line onto another at a right angle. Neither label may come to stand where both run.
fn ways(line: &[Point], (onto, other): (usize, &[Point]), (label, taken): (usize, usize), all: &mut Vec<Join>) {
    let whole = length(line);
    for (stretch, s) in line.windows(2).enumerate().skip(label) {
        let level = s[0].y == s[1].y;
        for (met, t) in other.windows(2).enumerate().skip(taken).filter(|(_, t)| (t[0].y == t[1].y) != level) {
            let corner = if level { Point::new(t[0].x, s[0].y) } else { Point::new(s[0].x, t[0].y) };
            let joint = if level {
                Point::new(corner.x, corner.y.clamp(t[0].y.min(t[1].y), t[0].y.max(t[1].y)))
            } else {
                Point::new(corner.x.clamp(t[0].x.min(t[1].x), t[0].x.max(t[1].x)), corner.y)
            };
            let ahead = |a: i32, b: i32, c: i32| (b - a).signum() == (c - a).signum();
            let ahead = if level { ahead(s[0].x, s[1].x, corner.x) } else { ahead(s[0].y, s[1].y, corner.y) };
            // The stretch with the label keeps its length.
            let kept = stretch > label || distance(s[0], corner) >= distance(s[0], s[1]);
            if ahead && kept && corner != t[1] {
                let own = length(&line[..=stretch]) + distance(s[0], corner) + distance(corner, joint);
                all.push(Join { onto, stretch, met, corner, joint, hope: (whole - own) / LENGTH });
            }
        }
    }
}

/// Those places of a line's crossings that it does not pass after joining.
fn lost<'a>(own: &'a [Point], line: &'a [Point], join: &'a Join) -> impl Iterator<Item = &'a Point> {
    let on = |p: &Point, a: Point, b: Point| {
        p.x >= a.x.min(b.x) && p.x <= a.x.max(b.x) && p.y >= a.y.min(b.y) && p.y <= a.y.max(b.y)
    };
    own.iter().filter(move |p| {
        let kept = line[..=join.stretch].windows(2).any(|s| on(p, s[0], s[1]));
        !kept && !on(p, line[join.stretch], join.corner) && !on(p, join.corner, join.joint)
    })
}

/// Whether two stretches run beside each other too closely.
fn is_close(s: Segment, t: Segment) -> bool {
    let (level, other) = (s.0.y == s.1.y, t.0.y == t.1.y);
    if level != other {
        return false;
    }
    let across = if level { (s.0.y - t.0.y).abs() } else { (s.0.x - t.0.x).abs() };
    let along = |s: Segment| if level { (s.0.x, s.1.x) } else { (s.0.y, s.1.y) };
    let (one, two) = (along(s), along(t));
    across < CLEARANCE && one.0.min(one.1) <= two.0.max(two.1) && two.0.min(two.1) <= one.0.max(one.1)
}

fn length(points: &[Point]) -> i64 {
    i64::from(route::length(points))
}

fn distance(a: Point, b: Point) -> i64 {
    i64::from(a.distance(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::runs_along;
    use crate::graph::{BoxSpec, Size};
    use crate::scene::{PlacedBox, Route};

    /// Boxes one above the other on the left, and a hub on the right that each has a line of its own to.
    fn fan(sources: usize) -> (LayoutGraph, Scene) {
        let spec = BoxSpec { size: Size::new(60, 60), ..BoxSpec::default() };
        let edge = |from| EdgeSpec { from, to: sources, ..EdgeSpec::default() };
        let graph = LayoutGraph {
            boxes: vec![spec; sources + 1],
            edges: (0..sources).map(edge).collect(),
            ..LayoutGraph::default()
        };
        let at = |x, y| PlacedBox { shape: Rect::new(x, y, Size::new(60, 60)), caption: Rect::default() };
        let line = |i: i32| {
            let (x, from, to) = (100 + 14 * i, 100 * i + 50, 10 * i + 5);
            let points = [(60, from), (x, from), (x, to), (300, to)];
            Route { points: points.map(|(x, y)| Point::new(x, y)).to_vec(), label: None }
        };
        let rows: Vec<i32> = (0..i32::try_from(sources).expect("a few")).collect();
        let scene = Scene {
            boxes: rows.iter().map(|i| at(0, 100 * i)).chain([at(300, 0)]).collect(),
            edges: rows.iter().map(|i| line(*i)).collect(),
            ..Scene::default()
        };
        (graph, scene)
    }

    #[test]
    fn lines_to_a_hub_become_a_tree() {
        let (graph, mut scene) = fan(5);
        let before = (scene.crossings(), scene.ink());
        bundle(&graph, &mut scene);
        let ends: BTreeSet<Point> = scene.edges.iter().filter_map(|e| e.points.last().copied()).collect();
        assert!(ends.len() <= 3, "{ends:?}");
        assert!(scene.crossings() <= before.0 && scene.ink() < before.1 * 2 / 3, "{} of {}", scene.ink(), before.1);
        assert_eq!(scene.defects(&graph), []);
    }

    #[test]
    fn few_lines_and_unlike_ones_stay_apart() {
        let (graph, scene) = fan(3);
        let mut same = scene.clone();
        bundle(&graph, &mut same);
        assert_eq!(same, scene);
        let (mut graph, scene) = fan(6);
        for (i, edge) in graph.edges.iter_mut().enumerate() {
            edge.style = u32::from(i % 2 == 0);
        }
        let mut same = scene.clone();
        bundle(&graph, &mut same);
        assert_eq!(same, scene);
    }

    #[test]
    fn a_line_of_another_style_keeps_off_the_trunk() {
        let (mut graph, mut scene) = fan(6);
        graph.edges[2].style = 1;
        bundle(&graph, &mut scene);
        let stretches = |e: usize| scene.edges[e].points.windows(2).map(|s| (s[0], s[1]));
        let on = |e: usize| stretches(2).any(|s| stretches(e).any(|t| runs_along(s, t)));
        let together = |e: usize| e != 1 && stretches(1).any(|s| stretches(e).any(|t| runs_along(s, t)));
        assert!((0..6).filter(|e| *e != 2).any(together), "there is no trunk");
        assert!(!(0..6).filter(|e| *e != 2).any(on), "{:?}", scene.edges[2]);
        assert_eq!(scene.defects(&graph), []);
    }

    #[test]
    fn a_box_in_the_way_is_not_touched() {
        let (mut graph, mut scene) = fan(5);
        // Between the second and the third line, where each shared stretch would pass.
        graph.boxes.push(BoxSpec { size: Size::new(150, 20), ..BoxSpec::default() });
        let shape = Rect::new(110, 190, Size::new(150, 20));
        for route in &mut scene.edges[2..] {
            route.points = route.points.iter().map(|p| Point::new(p.x.max(270).min(p.x + 200), p.y)).collect();
        }
        scene.edges.iter_mut().for_each(|e| e.points[0].x = 60);
        scene.boxes.push(PlacedBox { shape, caption: Rect::default() });
        let through =
            |scene: &Scene| scene.edges.iter().any(|e| e.points.windows(2).any(|s| shape.crossed_by(s[0], s[1])));
        assert!(!through(&scene));
        bundle(&graph, &mut scene);
        assert!(!through(&scene));
    }
}
