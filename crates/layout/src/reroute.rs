//! Leading single lines anew: a line that goes a long way round, steps aside or crosses others is taken up, and the
//! best way among all that stays is looked for.
//!
//! Places to bend and the search are those of Wybrow, Marriott and Stuckey, "Orthogonal Connector Routing" (Graph Drawing
//! 2009), whose cost is length and bends; here crossings cost too, and a way counts only if it has room for the label.

use crate::bundle::{BUNDLE, shared_ends};
use crate::check::crossing;
use crate::compact::CORNER;
use crate::engine::Effort;
use crate::graph::{LayoutGraph, pixels};
use crate::grid::Grid;
use crate::joints::Strand;
use crate::route::{self, length};
use crate::scene::{Point, Rect, Route, Scene};
use crate::search::{BEND, CROSSING, SHARED, Way, search};
use crate::tracks::Board;

/// Only lines that cost more than the cheapest thinkable by as much, in pixels, are looked at, and so much must be won.
const WORSE: i32 = 100;
const GAIN: i32 = 90;

/// The same where there is little time for each page: only lines that nobody would draw so.
const MUCH_WORSE: i32 = 500;

/// So many steps are searched for a page; what was found until then is kept.
const WORK: usize = 400_000;

/// Where there are more lines, nobody follows a single one.
const MANY: usize = 200;

/// Leads lines anew, the worst first, and says whether there were any.
pub(crate) fn reroute(graph: &LayoutGraph, scene: &mut Scene, effort: Effort) -> bool {
    if graph.edges.len() > MANY {
        return false;
    }
    let titles = scene.title_rects(graph);
    let ends = shared_ends(graph, None, BUNDLE);
    let mut work = WORK;
    let mut any = false;
    // What was led away makes room for others.
    let (rounds, least) = match effort {
        Effort::Thorough => (2, WORSE),
        Effort::Swift => (1, MUCH_WORSE),
    };
    for _ in 0..rounds {
        let worse = (0..graph.edges.len()).filter_map(|e| Some((worse(graph, scene, e, ends[e])?, e)));
        let mut order: Vec<(i32, usize)> = worse.filter(|(by, _)| *by > least).collect();
        order.sort_by_key(|(by, e)| (-by, *e));
        let mut changed = false;
        for (_, edge) in order {
            changed |= work > 0 && led_anew(graph, scene, &titles, (edge, ends[edge]), &mut work).is_some();
        }
        if !changed {
            break;
        }
        any = true;
    }
    any
}

/// By how much a line costs more than if nothing were in its way; nothing for one that stays.
fn worse(graph: &LayoutGraph, scene: &Scene, edge: usize, end: Option<bool>) -> Option<i32> {
    let spec = &graph.edges[edge];
    let points = &scene.edges[edge].points;
    let (first, last) = (points.first()?, points.last()?);
    if spec.from == spec.to {
        return None;
    }
    let strand = Strand::of(graph, scene, edge, end)?;
    let side = |index: usize| {
        let shape = scene.boxes[index].shape;
        (shape.y + CORNER, shape.bottom() - CORNER)
    };
    let ((top, bottom), (upper, lower)) = (side(spec.from), side(spec.to));
    let climb = (upper - bottom).max(top - lower).max(0);
    let distance = (first.x - last.x).abs() + climb;
    let bends = if climb > 0 { 2 * BEND } else { 0 };
    let thinkable = if strand.joints.is_empty() { distance + bends } else { distance / SHARED };
    Some(cost(scene, edge, &strand) - thinkable)
}

/// What a line costs where it is.
fn cost(scene: &Scene, edge: usize, strand: &Strand) -> i32 {
    let points = &strand.own;
    let others = scene.edges.iter().enumerate().filter(|(other, _)| *other != edge);
    let stretches = others.flat_map(|(_, route)| route.points.windows(2)).map(|t| (t[0], t[1]));
    let crossed = stretches.flat_map(|t| points.windows(2).filter_map(move |s| crossing((s[0], s[1]), t)));
    let mut places: Vec<Point> = crossed.collect();
    places.sort_unstable();
    places.dedup();
    let bends = BEND * pixels(points.len().saturating_sub(2));
    length(points) + bends + CROSSING * pixels(places.len()) + strand.rest / SHARED
}

/// Leads a line another way, if there is a better one that has room for its label.
fn led_anew(
    graph: &LayoutGraph,
    scene: &mut Scene,
    titles: &[Rect],
    (edge, end): (usize, Option<bool>),
    work: &mut usize,
) -> Option<()> {
    let strand = Strand::of(graph, scene, edge, end)?;
    let limit = cost(scene, edge, &strand) - GAIN;
    let turn = strand.start;
    let joins = Some(turn).filter(|_| !strand.joints.is_empty());
    let board = Board::of(graph, scene, titles, (edge, joins));
    let grid = Grid::of(graph, scene, titles, edge, strand)?;
    let Way { mut points, rest } = search(&grid, &board, limit, work)?;
    let own = route::simplify(points.clone());
    points.extend(rest.into_iter().flat_map(|rest| rest.points(scene, turn)));
    let mut points = route::simplify(points);
    if turn {
        points.reverse();
    }
    let before = std::mem::replace(&mut scene.edges[edge], Route { points, label: None });
    let size = graph.edges[edge].label;
    let label = if size.is_empty() { None } else { route::free_label(scene, titles, edge, &own, size) };
    if label.is_none() && !size.is_empty() {
        scene.edges[edge] = before;
        return None;
    }
    scene.edges[edge].label = label;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, Size};
    use crate::scene::PlacedBox;

    const SIZE: Size = Size::new(60, 60);

    /// From which box to which one, and over which places.
    type Line<'a> = (usize, usize, &'a [(i32, i32)]);

    /// Boxes at these places, and lines between two of them each.
    fn scene(boxes: &[(i32, i32)], lines: &[Line<'_>]) -> (LayoutGraph, Scene) {
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
    fn check(boxes: &[(i32, i32)], lines: &[Line<'_>], expected: &[(i32, i32)]) {
        let (graph, mut scene) = scene(boxes, lines);
        reroute(&graph, &mut scene, Effort::Thorough);
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
        assert!(reroute(&graph, &mut scene, Effort::Thorough));
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
        reroute(&graph, &mut scene, Effort::Thorough);
        assert_eq!((scene.crossings(), scene.defects(&graph)), (0, vec![]));
    }

    #[test]
    fn a_good_line_stays() {
        let straight: &[_] = &[(60, 30), (300, 30)];
        check(&[(0, 0), (300, 0)], &[(0, 1, straight)], straight);
    }

    #[test]
    fn a_line_that_shares_an_end_is_led_to_another_joint() {
        // Both run over the top; the second may come to the first where that is straight.
        let straight: &[_] = &[(60, 30), (200, 30), (200, 20), (300, 20)];
        let onto: &[_] = &[(60, 180), (80, 180), (80, -60), (250, -60), (250, 20), (300, 20)];
        let (graph, mut scene) = scene(&[(0, 0), (300, 0), (0, 150)], &[(0, 1, straight), (2, 1, onto)]);
        assert!(reroute(&graph, &mut scene, Effort::Thorough));
        let [first, second] = [0, 1].map(|e: usize| &scene.edges[e].points);
        assert_eq!(second.last(), first.last());
        assert!(length(second) <= 380 && second.iter().all(|p| p.y > 0), "{second:?}");
        assert_eq!((scene.crossings(), scene.defects(&graph)), (0, vec![]));
    }

    #[test]
    fn lines_that_few_share_an_end_with_are_not_joined() {
        let long = |y: i32| {
            let (x, top, end) = (100 + y / 10, -60 - y / 10, y / 10 + 5);
            [(60, y), (x, y), (x, top), (x + 90, top), (x + 90, end), (300, end)]
        };
        for (count, joined) in [(3, false), (BUNDLE, true)] {
            let rows: Vec<i32> = (0..pixels(count)).collect();
            let boxes: Vec<(i32, i32)> = rows.iter().map(|i| (0, 150 * i)).chain([(300, 0)]).collect();
            let lines: Vec<_> = rows.iter().map(|i| long(150 * i + 30)).collect();
            let lines: Vec<_> = lines.iter().enumerate().map(|(i, line)| (i, count, line.as_slice())).collect();
            let (graph, mut scene) = scene(&boxes, &lines);
            reroute(&graph, &mut scene, Effort::Thorough);
            let mut ends: Vec<Option<&Point>> = scene.edges.iter().map(|edge| edge.points.last()).collect();
            ends.sort_unstable();
            ends.dedup();
            assert_eq!(ends.len() < count, joined, "{ends:?}");
        }
    }

    #[test]
    fn a_label_finds_room_or_the_line_stays() {
        let hat: &[_] = &[(60, 30), (70, 30), (70, -60), (130, -60), (130, 30), (140, 30)];
        for (width, moves) in [(50, true), (90, false)] {
            let (mut graph, mut scene) = scene(&[(0, 0), (140, 0)], &[(0, 1, hat)]);
            graph.edges[0].label = Size::new(width, 14);
            scene.edges[0].label = Some(Rect::new(75, -57, Size::new(width, 14)));
            assert_eq!(reroute(&graph, &mut scene, Effort::Thorough), moves, "{width}");
            assert_eq!(scene.edges[0].points.len(), if moves { 2 } else { 6 });
            assert!(!moves || scene.defects(&graph).is_empty());
        }
    }
}
