//! Taking small steps out of lines. A line that steps aside by a few pixels looks like a mistake; most often one of the
//! two stretches has room to be on the height of the other.

use crate::compact::CORNER;
use crate::graph::LayoutGraph;
use crate::scene::{Point, Rect, Scene};

/// The largest step that is taken out.
const MOST: i32 = 8;

/// How far a moved stretch stays from other lines, from boxes and frames, and from labels and titles.
const LINE_GAP: i32 = 8;
const BOX_GAP: i32 = 8;
const TEXT_GAP: i32 = 3;

/// Takes out what steps can be, upright ones and level ones.
pub(crate) fn straighten(graph: &LayoutGraph, scene: &mut Scene) {
    let titles = scene.title_rects(graph);
    take_out(graph, scene, &titles);
    scene.transpose();
    let turned: Vec<Rect> = titles.iter().map(|r| Rect { x: r.y, y: r.x, width: r.height, height: r.width }).collect();
    take_out(graph, scene, &turned);
    scene.transpose();
}

/// The same for upright steps between level stretches.
fn take_out(graph: &LayoutGraph, scene: &mut Scene, titles: &[Rect]) {
    for edge in 0..scene.edges.len() {
        let mut step = 1;
        while step + 2 < scene.edges[edge].points.len() {
            if taken_out(graph, scene, titles, edge, step) {
                let points = std::mem::take(&mut scene.edges[edge].points);
                scene.edges[edge].points = crate::route::simplify(points);
                step = 1;
            } else {
                step += 1;
            }
        }
    }
}

/// Takes out the step that begins at a point, if it is one and there is room.
fn taken_out(graph: &LayoutGraph, scene: &mut Scene, titles: &[Rect], edge: usize, step: usize) -> bool {
    let [before, from, to, after] = [step - 1, step, step + 1, step + 2].map(|at| scene.edges[edge].points[at]);
    let height = to.y - from.y;
    let goes_on = (from.x - before.x).signum() * (after.x - to.x).signum() > 0;
    if from.x != to.x || height == 0 || height.abs() > MOST || !goes_on {
        return false;
    }
    [(step - 1, height), (step + 1, -height)]
        .into_iter()
        .any(|(first, by)| moved(graph, scene, titles, edge, first, by))
}

/// Moves a level stretch up or down, with what ends at it, where there is room.
fn moved(graph: &LayoutGraph, scene: &mut Scene, titles: &[Rect], edge: usize, first: usize, by: i32) -> bool {
    let points = &scene.edges[edge].points;
    let (a, b) = (points[first], points[first + 1]);
    let level = Level { left: a.x.min(b.x), right: a.x.max(b.x), from: a.y, to: a.y + by };
    let ends = [(first == 0, graph.edges[edge].from), (first + 2 == points.len(), graph.edges[edge].to)];
    let on_box = |index: usize| {
        let shape = scene.boxes[index].shape;
        level.to >= shape.y + CORNER && level.to <= shape.bottom() - CORNER
    };
    let own: Vec<usize> = ends.into_iter().filter(|(at_end, _)| *at_end).map(|(_, index)| index).collect();
    if !own.iter().all(|index| on_box(*index)) || !level.is_free(scene, titles, edge, &own) {
        return false;
    }
    let label = scene.edges[edge].label;
    let after = label.and_then(|label| level.label_with_it(label, scene, titles, edge));
    if label.is_some() && after.is_none() {
        return false;
    }
    let route = &mut scene.edges[edge];
    route.label = after;
    for point in &mut route.points[first..=first + 1] {
        *point = Point::new(point.x, level.to);
    }
    true
}

/// A level stretch that is to move.
struct Level {
    left: i32,
    right: i32,
    from: i32,
    to: i32,
}

impl Level {
    /// Whether nothing is in the way, and nothing runs along with it.
    fn is_free(&self, scene: &Scene, titles: &[Rect], edge: usize, own: &[usize]) -> bool {
        let boxes = scene.boxes.iter().enumerate().filter(|(index, _)| !own.contains(index));
        let boxes = boxes.flat_map(|(_, b)| [b.shape, b.caption]);
        let labels = scene.edges.iter().enumerate().filter(|(e, _)| *e != edge).filter_map(|(_, route)| route.label);
        let texts = labels.chain(titles.iter().copied());
        let edges_of = |frame: &Rect| [frame.y, frame.bottom()].map(|y| (frame.x, frame.right(), y));
        boxes.filter(|rect| self.is_below_or_above(rect)).all(|rect| self.clears(&rect, BOX_GAP))
            && texts.filter(|rect| self.is_below_or_above(rect)).all(|rect| self.clears(&rect, TEXT_GAP))
            && scene.groups.iter().flat_map(edges_of).all(|wall| self.clears_level(wall, BOX_GAP))
            && scene.edges.iter().enumerate().all(|(e, route)| {
                let mut stretches = route.points.windows(2).map(|s| (s[0], s[1]));
                stretches
                    .all(|(a, b)| if a.y == b.y { e == edge || self.clears_line(a, b) } else { self.keeps_apart(a, b) })
            })
    }

    fn is_below_or_above(&self, rect: &Rect) -> bool {
        !rect.is_empty() && rect.x < self.right && rect.right() > self.left
    }

    fn clears(&self, rect: &Rect, gap: i32) -> bool {
        self.to <= rect.y - gap || self.to >= rect.bottom() + gap
    }

    fn clears_level(&self, (left, right, y): (i32, i32, i32), gap: i32) -> bool {
        left >= self.right || right <= self.left || (self.to - y).abs() >= gap
    }

    /// Another level stretch: neither near where this one goes, nor on it now, as lines that share a trunk are.
    fn clears_line(&self, a: Point, b: Point) -> bool {
        let (left, right) = (a.x.min(b.x), a.x.max(b.x));
        let beside = left > self.right || right < self.left;
        beside || (a.y != self.from && (self.to - a.y).abs() >= LINE_GAP)
    }

    /// An upright stretch inside of this one is crossed before and after, or not at all and not nearly.
    fn keeps_apart(&self, a: Point, b: Point) -> bool {
        if a.x <= self.left || a.x >= self.right {
            return true;
        }
        let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
        let crossed = |y: i32| y > top && y < bottom;
        let near = (self.to - top).abs() < LINE_GAP || (self.to - bottom).abs() < LINE_GAP;
        crossed(self.from) == crossed(self.to) && !near
    }

    /// Where the edge's own label is afterwards: one that stands at this stretch goes with it. Nothing if it cannot.
    fn label_with_it(&self, label: Rect, scene: &Scene, titles: &[Rect], edge: usize) -> Option<Rect> {
        if !self.is_below_or_above(&label) {
            return Some(label);
        }
        let near = label.y - self.from <= MOST && self.from - label.bottom() <= MOST;
        if !near {
            return self.clears(&label, TEXT_GAP).then_some(label);
        }
        let moved = Rect { y: label.y + self.to - self.from, ..label };
        let around = moved.grown(2);
        let boxes = scene.boxes.iter().flat_map(|b| [b.shape, b.caption]);
        let labels = scene.edges.iter().enumerate().filter(|(e, _)| *e != edge).filter_map(|(_, route)| route.label);
        let covers = boxes.chain(labels).chain(titles.iter().copied()).any(|rect| rect.overlaps(&around));
        let lines = scene.edges.iter().enumerate().filter(|(e, _)| *e != edge);
        let crossed = lines.flat_map(|(_, r)| r.points.windows(2)).any(|s| around.crossed_by(s[0], s[1]));
        let own = scene.edges[edge].points.windows(2).filter(|s| s[0].x == s[1].x);
        let on_own = own.into_iter().any(|s| moved.crossed_by(s[0], s[1]));
        (!covers && !crossed && !on_own).then_some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, Size};
    use crate::scene::{PlacedBox, Route};

    fn check(points: &[(i32, i32)], others: &[&[(i32, i32)]], expected: &[(i32, i32)]) {
        let route = |points: &[(i32, i32)]| Route {
            points: points.iter().map(|p| Point::new(p.0, p.1)).collect(),
            label: None,
        };
        let shape = |x| PlacedBox { shape: Rect::new(x, 0, Size::new(60, 60)), ..PlacedBox::default() };
        let mut scene = Scene { boxes: vec![shape(0), shape(300)], ..Scene::default() };
        scene.edges.push(route(points));
        scene.edges.extend(others.iter().map(|points| route(points)));
        let edge = EdgeSpec { from: 0, to: 1, ..EdgeSpec::default() };
        let spec = BoxSpec { size: Size::new(60, 60), ..BoxSpec::default() };
        let edges = vec![edge; scene.edges.len()];
        let graph = LayoutGraph { boxes: vec![spec; 2], edges, ..LayoutGraph::default() };
        straighten(&graph, &mut scene);
        let got: Vec<(i32, i32)> = scene.edges[0].points.iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn small_steps_go() {
        check(&[(60, 30), (100, 30), (100, 33), (300, 33)], &[], &[(60, 33), (300, 33)]);
        // The end would leave its box.
        check(&[(60, 30), (100, 30), (100, 56), (300, 56)], &[], &[(60, 30), (100, 30), (100, 56), (300, 56)]);
        check(&[(60, 50), (100, 50), (100, 57), (300, 57)], &[], &[(60, 50), (300, 50)]);
    }

    #[test]
    fn steps_stay_where_there_is_no_room() {
        let stepping = [(60, 30), (100, 30), (100, 33), (300, 33)];
        let (above, below): (&[_], &[_]) = (&[(60, 40), (300, 40)], &[(60, 24), (300, 24)]);
        check(&stepping, &[above], &[(60, 30), (300, 30)]);
        check(&stepping, &[above, below], &stepping);
    }
}
