//! Leading single lines anew: a line that goes a long way round, steps aside or crosses others is taken up, and the
//! best way among all that stays is looked for.
//!
//! Places to bend and the search are those of Wybrow, Marriott and Stuckey, "Orthogonal Connector Routing" (Graph Drawing
//! 2009), whose cost is length and bends; here crossings cost too, and a way counts only if it has room for the label.

use crate::check::{crossing, runs_along};
use crate::compact::CORNER;
use crate::graph::{LayoutGraph, pixels};
use crate::grid::Grid;
use crate::route;
use crate::scene::{Point, Rect, Scene};
use crate::search::{BEND, CROSSING, search};
use crate::tracks::Board;

/// Only lines that cost more than the cheapest thinkable by as much, in pixels, are looked at, and so much must be won.
const WORSE: i32 = 100;
const GAIN: i32 = 90;

/// So many steps are searched for a page; what was found until then is kept.
const WORK: usize = 400_000;

/// Where there are more lines, nobody follows a single one.
const MANY: usize = 400;

/// Leads lines anew, the worst first, and says whether there were any. Lines that share a stretch with others stay where
/// they are.
pub(crate) fn reroute(graph: &LayoutGraph, scene: &mut Scene) -> bool {
    if graph.edges.len() > MANY {
        return false;
    }
    let titles = scene.title_rects(graph);
    let mut work = WORK;
    let mut any = false;
    // What was led away makes room.
    for _ in 0..2 {
        let worse = (0..graph.edges.len()).filter_map(|e| Some((worse(graph, scene, e)?, e)));
        let mut order: Vec<(i32, usize)> = worse.filter(|(by, _)| *by > WORSE).collect();
        order.sort_by_key(|(by, e)| (-by, *e));
        let mut changed = false;
        for (_, edge) in order {
            changed |= work > 0 && led_anew(graph, scene, &titles, edge, &mut work);
        }
        if !changed {
            break;
        }
        any = true;
    }
    any
}

/// By how much a line costs more than if nothing were in its way; nothing for one that stays.
fn worse(graph: &LayoutGraph, scene: &Scene, edge: usize) -> Option<i32> {
    let spec = &graph.edges[edge];
    let points = &scene.edges[edge].points;
    let (first, last) = (points.first()?, points.last()?);
    if spec.from == spec.to || shares(graph, scene, edge) {
        return None;
    }
    let side = |index: usize| {
        let shape = scene.boxes[index].shape;
        (shape.y + CORNER, shape.bottom() - CORNER)
    };
    let ((top, bottom), (upper, lower)) = (side(spec.from), side(spec.to));
    let climb = (upper - bottom).max(top - lower).max(0);
    let least = (first.x - last.x).abs() + climb + if climb > 0 { 2 * BEND } else { 0 };
    Some(cost(scene, edge) - least)
}

/// Whether a line runs on another one somewhere.
fn shares(graph: &LayoutGraph, scene: &Scene, edge: usize) -> bool {
    let own = &scene.edges[edge].points;
    let alike = |(other, _): &(usize, _)| *other != edge && graph.edges[*other].is_like(&graph.edges[edge]);
    scene.edges.iter().enumerate().filter(alike).any(|(_, route)| {
        own.windows(2).any(|s| route.points.windows(2).any(|t| runs_along((s[0], s[1]), (t[0], t[1]))))
    })
}

/// What a line costs where it is.
fn cost(scene: &Scene, edge: usize) -> i32 {
    let points = &scene.edges[edge].points;
    let length: i32 = points.windows(2).map(|s| (s[0].x - s[1].x).abs() + (s[0].y - s[1].y).abs()).sum();
    let others = scene.edges.iter().enumerate().filter(|(other, _)| *other != edge);
    let stretches = others.flat_map(|(_, route)| route.points.windows(2)).map(|t| (t[0], t[1]));
    let crossed = stretches.flat_map(|t| points.windows(2).filter_map(move |s| crossing((s[0], s[1]), t)));
    let mut places: Vec<Point> = crossed.collect();
    places.sort_unstable();
    places.dedup();
    length + BEND * pixels(points.len().saturating_sub(2)) + CROSSING * pixels(places.len())
}

/// Leads a line another way, if there is a better one that has room for its label.
fn led_anew(graph: &LayoutGraph, scene: &mut Scene, titles: &[Rect], edge: usize, work: &mut usize) -> bool {
    let board = Board::of(graph, scene, titles, edge);
    let Some(grid) = Grid::of(graph, scene, titles, edge) else { return false };
    let limit = cost(scene, edge) - GAIN;
    let Some(points) = search(&grid, &board, limit, work) else { return false };
    let before = scene.edges[edge].clone();
    scene.edges[edge].points = route::simplify(points);
    scene.edges[edge].label = None;
    let size = graph.edges[edge].label;
    if !size.is_empty() {
        scene.edges[edge].label = route::free_label(scene, titles, edge, size);
        if scene.edges[edge].label.is_none() {
            scene.edges[edge] = before;
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, Size};
    use crate::scene::{PlacedBox, Route};

    const SIZE: Size = Size::new(60, 60);

    /// Boxes at these places, and lines between two of them each.
    fn scene(boxes: &[(i32, i32)], lines: &[(usize, usize, &[(i32, i32)])]) -> (LayoutGraph, Scene) {
        let edges = lines.iter().map(|(from, to, _)| EdgeSpec { from: *from, to: *to, ..EdgeSpec::default() });
        let graph = LayoutGraph {
            boxes: vec![BoxSpec { size: SIZE, ..BoxSpec::default() }; boxes.len()],
            edges: edges.collect(),
            ..LayoutGraph::default()
        };
        let shape = |(x, y): &(i32, i32)| PlacedBox { shape: Rect::new(*x, *y, SIZE), ..PlacedBox::default() };
        let route = |points: &[(i32, i32)]| Route {
            points: points.iter().map(|(x, y)| Point::new(*x, *y)).collect(),
            label: None,
        };
        let scene = Scene {
            boxes: boxes.iter().map(shape).collect(),
            edges: lines.iter().map(|(.., points)| route(points)).collect(),
            ..Scene::default()
        };
        (graph, scene)
    }

    /// What becomes of the first line.
    fn check(boxes: &[(i32, i32)], lines: &[(usize, usize, &[(i32, i32)])], expected: &[(i32, i32)]) {
        let (graph, mut scene) = scene(boxes, lines);
        reroute(&graph, &mut scene);
        let got: Vec<(i32, i32)> = scene.edges[0].points.iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(got, expected);
        assert_eq!(scene.defects(&graph), []);
    }

    #[test]
    fn a_detour_for_nothing_goes() {
        let hat: &[_] = &[(60, 30), (100, 30), (100, -60), (200, -60), (200, 30), (300, 30)];
        check(&[(0, 0), (300, 0)], &[(0, 1, hat)], &[(60, 30), (300, 30)]);
    }

    #[test]
    fn what_is_in_the_way_is_gone_round() {
        // A box stands between the two, so that the line passes over or under it, but not as far away as before.
        let hat: &[_] = &[(60, 30), (100, 30), (100, -300), (330, -300), (330, 30), (400, 30)];
        let (graph, mut scene) = scene(&[(0, 0), (400, 0), (200, 0)], &[(0, 1, hat)]);
        assert!(reroute(&graph, &mut scene));
        let points = &scene.edges[0].points;
        assert!(points.len() <= 6 && points.iter().all(|p| p.y >= -40 && p.y <= 100), "{points:?}");
        assert_eq!(scene.defects(&graph), []);
    }

    #[test]
    fn crossings_go_where_it_costs_little() {
        // The first line ends under the second's end although it starts over the second's start.
        let crossing: &[_] = &[(60, 20), (150, 20), (150, 40), (300, 40)];
        let other: &[_] = &[(60, 120), (120, 120), (120, 10), (200, 10), (200, 20), (300, 20)];
        let (graph, mut scene) = scene(&[(0, 0), (300, 0), (0, 90)], &[(0, 1, crossing), (2, 1, other)]);
        assert!(scene.crossings() > 0);
        reroute(&graph, &mut scene);
        assert_eq!((scene.crossings(), scene.defects(&graph)), (0, vec![]));
    }

    #[test]
    fn good_lines_and_shared_ones_stay() {
        let straight: &[_] = &[(60, 30), (300, 30)];
        check(&[(0, 0), (300, 0)], &[(0, 1, straight)], straight);
        let hat: &[_] = &[(60, 30), (100, 30), (100, -60), (200, -60), (200, 30), (300, 30)];
        let onto: &[_] = &[(60, 180), (150, 180), (150, -60), (200, -60), (200, 30), (300, 30)];
        check(&[(0, 0), (300, 0), (0, 150)], &[(0, 1, hat), (2, 1, onto)], hat);
    }

    #[test]
    fn a_label_finds_room_or_the_line_stays() {
        let hat: &[_] = &[(60, 30), (70, 30), (70, -60), (130, -60), (130, 30), (140, 30)];
        for (width, moves) in [(50, true), (90, false)] {
            let (mut graph, mut scene) = scene(&[(0, 0), (140, 0)], &[(0, 1, hat)]);
            graph.edges[0].label = Size::new(width, 14);
            scene.edges[0].label = Some(Rect::new(75, -57, Size::new(width, 14)));
            assert_eq!(reroute(&graph, &mut scene), moves, "{width}");
            assert_eq!(scene.edges[0].points.len(), if moves { 2 } else { 6 });
            assert!(!moves || scene.defects(&graph).is_empty());
        }
    }
}
