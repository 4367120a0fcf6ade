//! Work on finished routes: making them exactly orthogonal in whole pixels, and finding room for labels.

use crate::graph::{LayoutGraph, Size, pixels};
use crate::scene::{Point, Rect, Scene};

/// Space between a line and its label.
const LABEL_GAP: i32 = 3;

/// How far a label stays from the ends of the stretch that it stands at, and from all else.
const LABEL_SIDE: i32 = 8;
const LABEL_FREE: i32 = 2;

/// Makes each stretch exactly level or upright after rounding, keeps both ends on their boxes, and drops points that
/// are on the way anyway.
pub(crate) fn straighten(mut points: Vec<Point>, ends: (Rect, Rect)) -> Vec<Point> {
    for i in 1..points.len() {
        let before = points[i - 1];
        let point = &mut points[i];
        if (point.x - before.x).abs() <= (point.y - before.y).abs() {
            point.x = before.x;
        } else {
            point.y = before.y;
        }
    }
    if let Some(first) = points.first_mut() {
        *first = onto(*first, ends.0);
    }
    if let Some(last) = points.last_mut() {
        *last = onto(*last, ends.1);
    }
    simplify(points)
}

/// The same point, moved by a pixel onto the outline if rounding took it off.
fn onto(mut p: Point, rect: Rect) -> Point {
    if (p.x - rect.x).abs() == 1 {
        p.x = rect.x;
    } else if (p.x - rect.right()).abs() == 1 {
        p.x = rect.right();
    }
    p
}

/// How long a line is.
pub(crate) fn length(points: &[Point]) -> i32 {
    points.windows(2).map(|s| s[0].distance(s[1])).sum()
}

/// Drops points that are on the way anyway.
pub(crate) fn simplify(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept[..]
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}

/// Gives every label a place that covers as little as possible; one that the engine put well stays.
pub(crate) fn place_labels(graph: &LayoutGraph, scene: &mut Scene) {
    let titles = scene.title_rects(graph);
    for e in 0..graph.edges.len() {
        let size = graph.edges[e].label;
        if size.is_empty() {
            scene.edges[e].label = None;
            continue;
        }
        let current = scene.edges[e].label.take();
        let candidates = current.into_iter().chain(candidates(&scene.edges[e].points, size));
        let mut best: Option<(usize, Rect)> = None;
        for rect in candidates {
            let cost = cost(scene, &titles, rect, None);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, rect));
            }
            if cost == 0 {
                break;
            }
        }
        scene.edges[e].label = best.map(|(_, rect)| rect);
    }
}

/// The best place for the label of an edge that covers nothing at all, beside a level stretch of a part of its line: under
/// it rather than over it, and where no other line is near enough to be mistaken for its own.
pub(crate) fn free_label(scene: &Scene, titles: &[Rect], edge: usize, part: &[Point], size: Size) -> Option<Rect> {
    let mut best: Option<(i32, Rect)> = None;
    for s in part.windows(2).filter(|s| s[0].y == s[1].y) {
        let (left, right) = (s[0].x.min(s[1].x), s[0].x.max(s[1].x));
        let room = right - left - size.width - 2 * LABEL_SIDE;
        if room < 0 {
            continue;
        }
        for part in 0..=8 {
            let x = left + LABEL_SIDE + room * part / 8;
            for (y, more) in [(s[0].y + LABEL_GAP, 0), (s[0].y - LABEL_GAP - size.height, 1)] {
                let place = Rect::new(x, y, size);
                let score = more + 4 * near(scene, edge, &place);
                if best.is_none_or(|(least, _)| score < least) && is_free(scene, titles, edge, &place) {
                    best = Some((score, place));
                }
            }
        }
    }
    best.map(|(_, place)| place)
}

/// Whether a label keeps its distance from everything; its own line it only does not cover.
fn is_free(scene: &Scene, titles: &[Rect], edge: usize, place: &Rect) -> bool {
    let covers_own = scene.edges[edge].points.windows(2).any(|s| place.crossed_by(s[0], s[1]));
    !covers_own && cost(scene, titles, place.grown(LABEL_FREE), Some(edge)) == 0
}

/// How many other level lines a reader could take for the label's own.
fn near(scene: &Scene, edge: usize, place: &Rect) -> i32 {
    let others = scene.edges.iter().enumerate().filter(|(e, _)| *e != edge);
    let around = Rect { y: place.y - 6, height: place.height + 12, ..*place };
    pixels(
        others
            .flat_map(|(_, r)| r.points.windows(2))
            .filter(|s| s[0].y == s[1].y && around.crossed_by(s[0], s[1]))
            .count(),
    )
}

/// Places along a route: beside its stretches, the longest level ones first.
fn candidates(points: &[Point], size: Size) -> Vec<Rect> {
    let mut stretches: Vec<(Point, Point)> = points.windows(2).map(|s| (s[0], s[1])).collect();
    stretches.sort_by_key(|(a, b)| (a.y != b.y, -(a.x - b.x).abs() - (a.y - b.y).abs()));
    let mut places = Vec::new();
    for (a, b) in stretches {
        for (part, whole) in [(1, 2), (1, 4), (3, 4)] {
            let x = a.x + (b.x - a.x) * part / whole;
            let y = a.y + (b.y - a.y) * part / whole;
            if a.y == b.y {
                let left = x - size.width / 2;
                places.push(Rect::new(left, y - size.height - LABEL_GAP, size));
                places.push(Rect::new(left, y + LABEL_GAP, size));
            } else {
                let top = y - size.height / 2;
                places.push(Rect::new(x + LABEL_GAP, top, size));
                places.push(Rect::new(x - size.width - LABEL_GAP, top, size));
            }
        }
    }
    places
}

/// How much a label would cover at a place; boxes and other labels weigh more than lines. One edge may not count.
fn cost(scene: &Scene, titles: &[Rect], rect: Rect, but: Option<usize>) -> usize {
    let edges = || scene.edges.iter().enumerate().filter(|(e, _)| Some(*e) != but).map(|(_, edge)| edge);
    let boxes = scene.boxes.iter().flat_map(|b| [b.shape, b.caption]).chain(titles.iter().copied());
    let covered = boxes.filter(|r| r.overlaps(&rect)).count();
    let labels = edges().filter(|e| e.label.is_some_and(|l| l.overlaps(&rect))).count();
    let lines = edges().filter(|e| e.points.windows(2).any(|s| rect.crossed_by(s[0], s[1]))).count();
    let frames = scene.groups.iter().filter(|frame| frame.overlaps(&rect) && !frame.contains(&rect)).count();
    covered * 100 + labels * 50 + lines * 5 + frames
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(points: &[(i32, i32)], expected: &[(i32, i32)]) {
        let boxes = (Rect { x: 0, y: 0, width: 10, height: 10 }, Rect { x: 100, y: 0, width: 10, height: 10 });
        let points = points.iter().map(|p| Point::new(p.0, p.1)).collect();
        let straight: Vec<(i32, i32)> = straighten(points, boxes).iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(straight, expected);
    }

    #[test]
    fn routes_become_orthogonal_and_lose_idle_points() {
        check(&[(10, 5), (100, 5)], &[(10, 5), (100, 5)]);
        check(&[(10, 5), (50, 6), (100, 6)], &[(10, 5), (100, 5)]);
        check(&[(10, 5), (51, 5), (50, 40), (101, 40)], &[(10, 5), (51, 5), (51, 40), (100, 40)]);
        check(&[(10, 5), (10, 5), (100, 5)], &[(10, 5), (100, 5)]);
    }
}
