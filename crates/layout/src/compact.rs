//! Moving everything together: first sideways, then up and down, as far as distances allow.
//!
//! What is to the left of something stays there wherever the two can see each other. So no line crosses more lines
//! afterwards than before, and nothing comes to lie on anything else.

use crate::graph::{LayoutGraph, Size};
use crate::scene::{Rect, Scene};
use crate::simplex::{Arc, minimise};
use std::collections::{BTreeMap, BTreeSet};
use view::View;

mod lines;
mod view;

/// Things that are this close above one another count as being beside each other.
const NEAR: i32 = 8;

/// How much the size of the page and the size of a group weigh; the length of a line weighs 2, see [`lines`].
const PAGE: i64 = 24;
const GROUP: i64 = 4;

/// How much it weighs that boxes that were in one column still are.
const COLUMN: i64 = 80;

/// How far apart the left edges of neighbours in a column may be before.
const RAGGED: i32 = 24;

/// How far a line stays from the corners of the box it ends at.
pub(crate) const CORNER: i32 = 6;

/// Moves everything together. Routes may have idle points afterwards.
pub(crate) fn compact(graph: &LayoutGraph, scene: &mut Scene) {
    let mut titles: Vec<Size> = graph.groups.iter().map(|g| g.title).collect();
    let (columns, rows) = (columns(graph, scene), rows(graph, scene));
    for _ in 0..2 {
        for aligned in [&columns, &rows] {
            Sideways::new(graph, scene, &titles, aligned).solve(scene);
            scene.transpose();
            for size in &mut titles {
                *size = Size::new(size.height, size.width);
            }
        }
    }
}

/// Neighbours in the columns of each group: boxes of one width that stand nearly above one another. An engine that makes
/// room for captions, which differ in width, leaves the boxes of a layer a little beside each other.
fn columns(graph: &LayoutGraph, scene: &Scene) -> Vec<(usize, usize)> {
    let alike = |i: usize| (graph.boxes[i].group, scene.boxes[i].shape.width);
    let left = |i: usize| scene.boxes[i].shape.x;
    let mut order: Vec<usize> = (0..scene.boxes.len()).collect();
    order.sort_by_key(|i| (alike(*i), left(*i)));
    let mut pairs = Vec::new();
    for same in order.chunk_by_mut(|a, b| alike(*a) == alike(*b) && left(*b) - left(*a) <= RAGGED) {
        same.sort_by_key(|i| (scene.boxes[*i].shape.y, *i));
        pairs.extend(same.windows(2).map(|pair| (pair[0], pair[1])));
    }
    pairs
}

/// Neighbours in the rows of boxes that no line touches, which nothing else holds in place.
fn rows(graph: &LayoutGraph, scene: &Scene) -> Vec<(usize, usize)> {
    let touched: BTreeSet<usize> = graph.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    let row = |i: usize| (graph.boxes[i].group, scene.boxes[i].shape.y);
    let mut alone: Vec<usize> = (0..scene.boxes.len()).filter(|i| !touched.contains(i)).collect();
    alone.sort_by_key(|i| (row(*i), scene.boxes[*i].shape.x, *i));
    alone.windows(2).filter(|pair| row(pair[0]) == row(pair[1])).map(|pair| (pair[0], pair[1])).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Box,
    Label,
    Line,
    Title,
    Wall,
}

/// How far two things stay apart, if they are not closer already.
fn distance(a: Kind, b: Kind) -> i32 {
    match (a.min(b), a.max(b)) {
        (Kind::Box, Kind::Box) => 30,
        (Kind::Box | Kind::Wall, Kind::Wall) => 22,
        (Kind::Box, Kind::Line) => 18,
        (Kind::Line, Kind::Line) | (Kind::Box, Kind::Title) | (Kind::Title, Kind::Wall) => 14,
        (Kind::Line, Kind::Wall) => 12,
        (Kind::Label, Kind::Line) => 5,
        _ => 6,
    }
}

/// A part of something that moves as a whole: how far it reaches to the left and right of where that is, and what it
/// spans from top to bottom.
struct Thing {
    kind: Kind,
    variable: usize,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// A place that is given by a variable.
#[derive(Clone, Copy)]
struct Place {
    variable: usize,
    offset: i32,
}

/// All that can move sideways.
struct Sideways {
    /// The left edge of the page, the right one, those of boxes, the left and right edges of groups, then upright
    /// lines and labels.
    positions: Vec<i32>,
    arcs: Vec<Arc>,
    things: Vec<Thing>,
    /// Where each point of each route is.
    routes: Vec<Vec<Place>>,
    labels: BTreeMap<usize, usize>,
    boxes: usize,
    /// Lines that a level stretch connects, and labels with their own lines: they may come to lie above one another.
    joined: BTreeSet<(usize, usize)>,
    /// Lines that end at boxes.
    centred: BTreeSet<(usize, usize)>,
}

const PAGE_LEFT: usize = 0;
const PAGE_RIGHT: usize = 1;
const BOXES: usize = 2;

impl Sideways {
    fn new(graph: &LayoutGraph, scene: &Scene, titles: &[Size], aligned: &[(usize, usize)]) -> Self {
        let mut all = Self {
            positions: vec![0, 0],
            arcs: Vec::new(),
            things: Vec::new(),
            routes: Vec::new(),
            labels: BTreeMap::new(),
            boxes: scene.boxes.len(),
            joined: BTreeSet::new(),
            centred: BTreeSet::new(),
        };
        all.place_boxes(scene);
        all.place_groups(scene, titles);
        all.place_lines(graph, scene);
        all.place_labels(scene);
        all.keep_apart();
        all.hold_in_page();
        all.align(aligned);
        all
    }

    fn place_boxes(&mut self, scene: &Scene) {
        for placed in &scene.boxes {
            let variable = self.variable(placed.shape.x);
            for part in [placed.shape, placed.caption].iter().filter(|r| r.width > 0 && r.height > 0) {
                self.thing(Kind::Box, variable, part);
            }
        }
    }

    fn place_groups(&mut self, scene: &Scene, titles: &[Size]) {
        for (group, (frame, title)) in scene.groups.iter().zip(titles).enumerate() {
            let (left, right) = (self.variable(frame.x), self.variable(frame.right()));
            let wall = |x| Rect { x, y: frame.y, width: 0, height: frame.height };
            self.thing(Kind::Wall, left, &wall(frame.x));
            self.thing(Kind::Wall, right, &wall(frame.right()));
            let title = scene.title(group, *title);
            self.thing(Kind::Title, left, &title);
            self.order(left, right, frame.width.min(title.right() - frame.x + 16), GROUP);
        }
    }

    /// Keeps the order and distance of all things that see each other.
    fn keep_apart(&mut self) {
        let things = std::mem::take(&mut self.things);
        let start = |t: &Thing| self.positions[t.variable] + t.left;
        let end = |t: &Thing| self.positions[t.variable] + t.right;
        let mut sorted: Vec<usize> = (0..things.len()).collect();
        sorted.sort_by_key(|t| (start(&things[*t]), end(&things[*t]), *t));
        let mut arcs: BTreeMap<(usize, usize), i32> = BTreeMap::new();
        let mut view = View::default();
        for &b in &sorted {
            let right = &things[b];
            for a in view.seen(right.top - NEAR, right.bottom + NEAR) {
                let left = &things[a];
                let gap = start(right) - end(left);
                let beside = left.top < right.bottom && right.top < left.bottom;
                let joined = self.joined.contains(&(left.variable, right.variable)) && !beside;
                if left.variable == right.variable || gap < 0 || joined {
                    continue;
                }
                let apart = distance(left.kind, right.kind).min(gap) + left.right - right.left;
                let arc = arcs.entry((left.variable, right.variable)).or_insert(apart);
                *arc = apart.max(*arc);
            }
            view.add(b, right.top, right.bottom);
        }
        self.things = things;
        self.arcs.extend(arcs.into_iter().map(|((from, to), distance)| Arc { from, to, distance, weight: 0 }));
    }

    fn hold_in_page(&mut self) {
        let edges = |t: &Thing| (self.positions[t.variable] + t.left, self.positions[t.variable] + t.right);
        let low = self.things.iter().map(|t| edges(t).0).min().unwrap_or(0);
        let high = self.things.iter().map(|t| edges(t).1).max().unwrap_or(0);
        (self.positions[PAGE_LEFT], self.positions[PAGE_RIGHT]) = (low, high);
        let page = |from, to, distance, weight| Arc { from, to, distance, weight };
        for thing in &self.things {
            self.arcs.push(page(PAGE_LEFT, thing.variable, -thing.left, 0));
            self.arcs.push(page(thing.variable, PAGE_RIGHT, thing.right, 0));
        }
        self.arcs.push(page(PAGE_LEFT, PAGE_RIGHT, 0, PAGE));
    }

    /// Pulls boxes towards one line: both of a pair are pulled to the one that is further to the left.
    fn align(&mut self, aligned: &[(usize, usize)]) {
        for &(a, b) in aligned {
            let leftmost = self.variable(self.positions[BOXES + a].min(self.positions[BOXES + b]));
            self.order(PAGE_LEFT, leftmost, 0, 0);
            self.order(leftmost, BOXES + a, 0, COLUMN);
            self.order(leftmost, BOXES + b, 0, COLUMN);
        }
    }

    fn variable(&mut self, position: i32) -> usize {
        self.positions.push(position);
        self.positions.len() - 1
    }

    fn thing(&mut self, kind: Kind, variable: usize, rect: &Rect) {
        let at = self.positions[variable];
        let (left, right) = (rect.x - at, rect.right() - at);
        self.things.push(Thing { kind, variable, left, right, top: rect.y, bottom: rect.bottom() });
    }

    fn order(&mut self, from: usize, to: usize, distance: i32, weight: i64) {
        self.arcs.push(Arc { from, to, distance, weight });
    }

    fn order_places(&mut self, a: Place, b: Place, distance: i32, weight: i64) {
        if a.variable != b.variable {
            self.order(a.variable, b.variable, distance + a.offset - b.offset, weight);
        }
    }

    fn tie(&mut self, a: Place, b: Place, distance: i32) {
        self.order_places(a, b, distance, 0);
        self.order_places(b, a, -distance, 0);
    }

    fn solve(mut self, scene: &mut Scene) {
        minimise(&mut self.positions, &self.arcs);
        let at = |variable: usize| self.positions[variable];
        for (i, placed) in scene.boxes.iter_mut().enumerate() {
            let by = at(BOXES + i) - placed.shape.x;
            placed.shape.x += by;
            placed.caption.x += by;
        }
        for (g, frame) in scene.groups.iter_mut().enumerate() {
            let left = BOXES + self.boxes + 2 * g;
            (frame.x, frame.width) = (at(left), at(left + 1) - at(left));
        }
        for (e, (route, places)) in scene.edges.iter_mut().zip(&self.routes).enumerate() {
            for (point, place) in route.points.iter_mut().zip(places) {
                point.x = at(place.variable) + place.offset;
            }
            if let (Some(label), Some(variable)) = (&mut route.label, self.labels.get(&e)) {
                label.x = at(*variable);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, GroupSpec};
    use crate::scene::{PlacedBox, Point, Route};

    fn shape(x: i32, y: i32) -> PlacedBox {
        PlacedBox { shape: Rect::new(x, y, Size::new(60, 60)), caption: Rect::new(x - 5, y + 64, Size::new(70, 16)) }
    }

    /// Two boxes in groups far apart, a labelled line between them that climbs, and a third box below the first.
    fn loose() -> (LayoutGraph, Scene) {
        let spec = |group| BoxSpec { group, size: Size::new(60, 60), caption: Size::new(70, 16), ..BoxSpec::default() };
        let edge = EdgeSpec { from: 0, to: 1, label: Size::new(50, 14), ..EdgeSpec::default() };
        let group = GroupSpec { title: Size::new(80, 20), ..GroupSpec::default() };
        let graph = LayoutGraph {
            groups: vec![group; 2],
            boxes: vec![spec(Some(0)), spec(Some(1)), spec(None)],
            edges: vec![edge],
            ..LayoutGraph::default()
        };
        let points = [(160, 230), (400, 230), (400, 130), (900, 130)].map(|(x, y)| Point::new(x, y)).to_vec();
        let scene = Scene {
            titles: Vec::new(),
            groups: vec![Rect::new(50, 100, Size::new(200, 300)), Rect::new(800, 0, Size::new(300, 400))],
            boxes: vec![shape(100, 200), shape(900, 100), shape(100, 700)],
            edges: vec![Route { points, label: Some(Rect::new(500, 112, Size::new(50, 14))) }],
            size: Size::new(1200, 900),
        };
        (graph, scene)
    }

    #[test]
    fn what_is_loose_comes_together() {
        let (graph, mut scene) = loose();
        assert_eq!(scene.defects(&graph), []);
        compact(&graph, &mut scene);
        scene.settle(0);
        let points = crate::route::simplify(scene.edges[0].points.clone());
        scene.edges[0].points.clone_from(&points);
        assert_eq!(scene.defects(&graph), []);
        assert!(scene.size.width < 500 && scene.size.height < 400, "{:?}", scene.size);
        // There is room for the label before the second group, and both ends can be at one height.
        assert_eq!(points.len(), 2);
        let label = scene.edges[0].label.expect("the label is kept");
        assert_eq!(points[0].y - label.bottom(), 4);
        // What was below still is.
        assert!(scene.boxes[2].shape.y > scene.groups[0].bottom());
    }

    #[test]
    fn doing_it_again_changes_no_size() {
        let (graph, mut scene) = loose();
        compact(&graph, &mut scene);
        scene.settle(0);
        let size = scene.size;
        compact(&graph, &mut scene);
        scene.settle(0);
        assert_eq!(scene.size, size);
    }

    #[test]
    fn columns_are_kept_where_nothing_speaks_against_it() {
        let spec = BoxSpec { size: Size::new(60, 60), caption: Size::new(70, 16), ..BoxSpec::default() };
        let graph = LayoutGraph { boxes: vec![spec; 3], ..LayoutGraph::default() };
        let boxes = vec![shape(0, 100), shape(200, 0), shape(200, 150)];
        let mut scene = Scene { boxes, ..Scene::default() };
        compact(&graph, &mut scene);
        assert_eq!(scene.boxes[1].shape.x, scene.boxes[2].shape.x);
        assert!(scene.boxes[1].shape.x < 200);
    }

    #[test]
    fn boxes_that_no_line_touches_stay_in_their_row() {
        let spec = |height| BoxSpec { size: Size::new(60, 60), caption: Size::new(70, height), ..BoxSpec::default() };
        let graph = LayoutGraph { boxes: vec![spec(16), spec(48), spec(16), spec(16)], ..LayoutGraph::default() };
        let below = |x, height| PlacedBox { caption: Rect::new(x - 5, 64, Size::new(70, height)), ..shape(x, 0) };
        // The second row moves up, to where the highest of the first row lets it.
        let boxes = vec![below(0, 16), below(100, 48), shape(0, 200), shape(100, 200)];
        let mut scene = Scene { boxes, ..Scene::default() };
        compact(&graph, &mut scene);
        let heights: Vec<i32> = scene.boxes.iter().map(|each| each.shape.y).collect();
        assert_eq!(heights, [0, 0, 142, 142]);
    }

    #[test]
    fn boxes_that_a_straight_line_connects_stand_on_one_axis() {
        let spec = |width, height| BoxSpec { size: Size::new(width, height), ..BoxSpec::default() };
        let edge = EdgeSpec { from: 0, to: 1, ..EdgeSpec::default() };
        let graph =
            LayoutGraph { boxes: vec![spec(60, 60), spec(60, 100)], edges: vec![edge], ..LayoutGraph::default() };
        let shape =
            |x, y, height| PlacedBox { shape: Rect::new(x, y, Size::new(60, height)), caption: Rect::default() };
        let points = vec![Point::new(60, 10), Point::new(200, 10)];
        let mut scene = Scene {
            boxes: vec![shape(0, 0, 60), shape(200, 0, 100)],
            edges: vec![Route { points, label: None }],
            ..Scene::default()
        };
        compact(&graph, &mut scene);
        let heights = scene.boxes.iter().map(|each| each.shape.centre().y).collect::<BTreeSet<_>>();
        assert_eq!(heights, scene.edges[0].points.iter().map(|p| p.y).collect());
    }
}
