//! Lines and their labels as things that move sideways.

use super::{BOXES, CORNER, Kind, NEAR, PAGE_LEFT, Place, Sideways};
use crate::graph::LayoutGraph;
use crate::scene::{Point, Rect, Scene};
use std::collections::BTreeSet;

/// How much the length of a line weighs.
const LINE: i64 = 2;

/// The same where it shares its way with others: less, so that what is a line's own is kept short, and its label is beside
/// the box that the line alone leads to.
const TRUNK: i64 = 1;

/// How much it weighs that a line ends in the middle of a side: less than any length, so that it only decides where all
/// else is equal. Boxes that a straight line connects come to stand on one axis by it.
const CENTRE: i64 = 1;

impl Sideways {
    /// Upright stretches that lie on each other are one line. Only lines that may share a stretch do.
    pub(super) fn place_lines(&mut self, graph: &LayoutGraph, scene: &Scene) {
        let mut upright: Vec<(i32, usize, usize, i32, i32)> = Vec::new();
        for (e, route) in scene.edges.iter().enumerate() {
            for (k, s) in route.points.windows(2).enumerate().filter(|(_, s)| s[0].x == s[1].x) {
                upright.push((s[0].x, e, k, s[0].y.min(s[1].y), s[0].y.max(s[1].y)));
            }
            self.routes.push(vec![Place { variable: PAGE_LEFT, offset: 0 }; route.points.len()]);
        }
        upright.sort_by_key(|(x, e, k, top, _)| (*x, *top, *e, *k));
        let mut lines: Vec<(usize, i32, i32, usize)> = Vec::new();
        let mut column = i32::MIN;
        for (x, e, k, top, bottom) in upright {
            if x != column {
                column = x;
                lines.clear();
            }
            let spec = &graph.edges[e];
            let alike = |other: usize| graph.edges[other].is_like(spec);
            let shared = lines.iter().find(|(other, from, to, _)| *from <= bottom && *to >= top && alike(*other));
            let variable = shared.map_or_else(|| self.variable(x), |(.., variable)| *variable);
            lines.push((e, top, bottom, variable));
            self.thing(Kind::Line, variable, &Rect { x, y: top, width: 0, height: bottom - top });
            self.routes[e][k] = Place { variable, offset: 0 };
            self.routes[e][k + 1] = Place { variable, offset: 0 };
        }
        let trunks = trunks(graph, scene);
        for (e, route) in scene.edges.iter().enumerate().filter(|(_, route)| route.points.len() > 1) {
            let last = route.points.len() - 1;
            self.end(e, 0, route.points[0], graph.edges[e].from, scene);
            self.end(e, last, route.points[last], graph.edges[e].to, scene);
            for (k, s) in route.points.windows(2).enumerate().filter(|(_, s)| s[0].y == s[1].y) {
                let (a, b) = (self.routes[e][k], self.routes[e][k + 1]);
                let (a, b) = if s[0].x <= s[1].x { (a, b) } else { (b, a) };
                self.order_places(a, b, 0, if trunks.contains(&(e, k)) { TRUNK } else { LINE });
                self.joined.insert((a.variable, b.variable));
            }
        }
    }

    /// An end that is level moves with its box; an upright one stays between the corners of its box.
    fn end(&mut self, edge: usize, point: usize, at: Point, index: usize, scene: &Scene) {
        let (variable, shape) = (BOXES + index, scene.boxes[index].shape);
        if self.routes[edge][point].variable == PAGE_LEFT {
            self.routes[edge][point] = Place { variable, offset: at.x - shape.x };
            return;
        }
        let line = self.routes[edge][point];
        let (left, right) = (Place { variable, offset: 0 }, Place { variable, offset: shape.width });
        self.order_places(left, line, CORNER.min(at.x - shape.x), 0);
        self.order_places(line, right, CORNER.min(shape.right() - at.x), 0);
        if self.centred.insert((line.variable, variable)) {
            let low = self.variable(self.positions[line.variable].min(shape.x + shape.width / 2));
            self.order(PAGE_LEFT, low, 0, 0);
            self.order(low, line.variable, 0, CENTRE);
            self.order(low, variable, -shape.width / 2, CENTRE);
        }
    }

    /// A label stays within the level stretch it is at, or beside the upright one.
    pub(super) fn place_labels(&mut self, scene: &Scene) {
        for (e, route) in scene.edges.iter().enumerate() {
            let Some(label) = route.label else { continue };
            let variable = self.variable(label.x);
            self.labels.insert(e, variable);
            self.thing(Kind::Label, variable, &label);
            // Where a line goes on beside its own label it may be straight: kept apart from it, it would step aside.
            for place in &self.routes[e] {
                self.joined.extend([(variable, place.variable), (place.variable, variable)]);
            }
            let (left, right) = (Place { variable, offset: 0 }, Place { variable, offset: label.width });
            for (k, s) in route.points.windows(2).enumerate() {
                let low = Point::new(s[0].x.min(s[1].x), s[0].y.min(s[1].y));
                let high = Point::new(s[0].x.max(s[1].x), s[0].y.max(s[1].y));
                let (a, b) = (self.routes[e][k], self.routes[e][k + 1]);
                if low.y == high.y && low.y >= label.y - NEAR && low.y <= label.bottom() + NEAR {
                    let (a, b) = if s[0].x <= s[1].x { (a, b) } else { (b, a) };
                    if low.x <= label.x && high.x >= label.right() {
                        self.order_places(a, left, 5.min(label.x - low.x), 0);
                        self.order_places(right, b, 5.min(high.x - label.right()), 0);
                        break;
                    }
                } else if low.x == high.x && low.y < label.bottom() && high.y > label.y {
                    if low.x <= label.x && label.x - low.x <= NEAR {
                        self.tie(a, left, label.x - low.x);
                        break;
                    } else if low.x >= label.right() && low.x - label.right() <= NEAR {
                        self.tie(right, a, low.x - label.right());
                        break;
                    }
                }
            }
        }
    }
}

/// The level stretches that lie on one of another line, by the line and their place in it.
fn trunks(graph: &LayoutGraph, scene: &Scene) -> BTreeSet<(usize, usize)> {
    let mut level: Vec<(i32, i32, i32, usize, usize)> = Vec::new();
    for (e, route) in scene.edges.iter().enumerate() {
        for (k, s) in route.points.windows(2).enumerate().filter(|(_, s)| s[0].y == s[1].y) {
            level.push((s[0].y, s[0].x.min(s[1].x), s[0].x.max(s[1].x), e, k));
        }
    }
    level.sort_unstable();
    let mut found = BTreeSet::new();
    for (i, (y, _, right, e, k)) in level.iter().enumerate() {
        for (.., other, at) in level[i + 1..].iter().take_while(|(height, left, ..)| height == y && left < right) {
            if graph.edges[*e].is_like(&graph.edges[*other]) {
                found.extend([(*e, *k), (*other, *at)]);
            }
        }
    }
    found
}
