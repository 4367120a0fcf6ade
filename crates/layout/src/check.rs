//! What is wrong with a scene.

use crate::graph::LayoutGraph;
use crate::scene::{Point, Rect, Scene};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that a careful person would not have drawn. The numbers are indices into the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// Two boxes, or their captions, overlap.
    BoxOverBox(usize, usize),
    /// Two groups overlap although neither holds the other.
    GroupOverGroup(usize, usize),
    /// A box lies outside of its group, or reaches into one that is not its own.
    BoxOffGroup(usize, usize),
    /// A group leaves the one around it.
    GroupOffGroup(usize, usize),
    /// A group's title is covered by a box.
    BoxOverTitle(usize, usize),
    /// An edge is not made of level and upright stretches, or does not end at its boxes.
    EdgeOff(usize),
    /// An edge passes through a box.
    EdgeOverBox(usize, usize),
    /// An edge passes through a caption.
    EdgeOverCaption(usize, usize),
    /// An edge passes through a group's title.
    EdgeOverTitle(usize, usize),
    /// An edge runs on another one that looks different or shares no end with it.
    EdgeOverEdge(usize, usize),
    /// A label covers a box or caption.
    LabelOverBox(usize, usize),
    /// Two labels cover each other.
    LabelOverLabel(usize, usize),
    /// The label of the first edge covers the line of the second.
    LabelOverEdge(usize, usize),
    /// A label covers a group's title.
    LabelOverTitle(usize, usize),
}

impl Defect {
    /// Whether a reader would be misled, rather than find it merely ugly.
    pub const fn is_grave(&self) -> bool {
        matches!(
            self,
            Self::BoxOverBox(..)
                | Self::GroupOverGroup(..)
                | Self::BoxOffGroup(..)
                | Self::GroupOffGroup(..)
                | Self::EdgeOff(..)
                | Self::EdgeOverBox(..)
                | Self::EdgeOverEdge(..)
        )
    }
}

impl Scene {
    /// Everything wrong with this scene of a graph, in a fixed order.
    pub fn defects(&self, graph: &LayoutGraph) -> Vec<Defect> {
        let (graph, kept) = graph.sane();
        let check = Check { scene: self, graph: &graph, edges: kept };
        let mut found = Vec::new();
        check.boxes(&mut found);
        check.groups(&mut found);
        check.edges(&mut found);
        check.shared_lines(&mut found);
        check.labels(&mut found);
        found
    }

    /// At how many places lines cross each other.
    pub fn crossings(&self) -> usize {
        let mut places = BTreeSet::new();
        for (i, a) in self.edges.iter().enumerate() {
            for b in &self.edges[i + 1..] {
                for s in a.points.windows(2) {
                    places.extend(b.points.windows(2).filter_map(|t| crossing((s[0], s[1]), (t[0], t[1]))));
                }
            }
        }
        places.len()
    }

    /// At how many places lines bend; what several lines share counts once.
    pub fn bends(&self) -> usize {
        let inner = self.edges.iter().flat_map(|e| e.points.iter().skip(1).rev().skip(1));
        inner.collect::<BTreeSet<_>>().len()
    }

    /// The length of all lines in pixels; what several lines share counts once.
    pub fn ink(&self) -> i64 {
        let mut tracks: BTreeMap<(bool, i32), Vec<(i32, i32)>> = BTreeMap::new();
        for s in self.edges.iter().flat_map(|e| e.points.windows(2)) {
            let level = s[0].y == s[1].y;
            let (track, a, b) = if level { (s[0].y, s[0].x, s[1].x) } else { (s[0].x, s[0].y, s[1].y) };
            tracks.entry((level, track)).or_default().push((a.min(b), a.max(b)));
        }
        let mut total = 0;
        for mut spans in tracks.into_values() {
            spans.sort_unstable();
            let mut reached = i32::MIN;
            for (from, to) in spans {
                total += i64::from((to - from.max(reached)).max(0));
                reached = reached.max(to);
            }
        }
        total
    }
}

pub(crate) type Segment = (Point, Point);

/// Where two segments cross, ends not included.
pub(crate) fn crossing(s: Segment, t: Segment) -> Option<Point> {
    let (level, upright) = if s.0.y == s.1.y { (s, t) } else { (t, s) };
    if level.0.y != level.1.y || upright.0.x != upright.1.x {
        return None;
    }
    let (x, y) = (upright.0.x, level.0.y);
    let across = x > level.0.x.min(level.1.x) && x < level.0.x.max(level.1.x);
    let along = y > upright.0.y.min(upright.1.y) && y < upright.0.y.max(upright.1.y);
    (across && along).then_some(Point::new(x, y))
}

/// Whether two segments lie on each other for more than a point.
pub(crate) fn runs_along(s: Segment, t: Segment) -> bool {
    let overlap = |a: (i32, i32), b: (i32, i32)| a.0.max(a.1).min(b.0.max(b.1)) > a.0.min(a.1).max(b.0.min(b.1));
    let level = s.0.y == s.1.y && t.0.y == t.1.y && s.0.y == t.0.y;
    let upright = s.0.x == s.1.x && t.0.x == t.1.x && s.0.x == t.0.x;
    (level && overlap((s.0.x, s.1.x), (t.0.x, t.1.x))) || (upright && overlap((s.0.y, s.1.y), (t.0.y, t.1.y)))
}

struct Check<'a> {
    scene: &'a Scene,
    graph: &'a LayoutGraph,
    /// Where the sane graph's edges stand in the scene.
    edges: Vec<usize>,
}

impl Check<'_> {
    fn boxes(&self, found: &mut Vec<Defect>) {
        let parts = |i: usize| [self.scene.boxes[i].shape, self.scene.boxes[i].caption];
        for i in 0..self.scene.boxes.len() {
            for j in i + 1..self.scene.boxes.len() {
                if parts(i).iter().any(|a| parts(j).iter().any(|b| a.overlaps(b))) {
                    found.push(Defect::BoxOverBox(i, j));
                }
            }
            for (g, frame) in self.scene.groups.iter().enumerate() {
                let wrong = if self.graph.within(self.graph.boxes[i].group, g) {
                    parts(i).iter().any(|p| p.width > 0 && !frame.contains(p))
                } else {
                    parts(i).iter().any(|p| p.overlaps(frame))
                };
                if wrong {
                    found.push(Defect::BoxOffGroup(i, g));
                }
                if parts(i).iter().any(|p| p.overlaps(&self.title(g))) {
                    found.push(Defect::BoxOverTitle(i, g));
                }
            }
        }
    }

    fn title(&self, group: usize) -> Rect {
        self.scene.title(group, self.graph.groups[group].title)
    }

    fn groups(&self, found: &mut Vec<Defect>) {
        for (i, a) in self.scene.groups.iter().enumerate() {
            if let Some(parent) = self.graph.groups[i].parent
                && !self.scene.groups[parent].contains(a)
            {
                found.push(Defect::GroupOffGroup(i, parent));
            }
            for (j, b) in self.scene.groups.iter().enumerate().skip(i + 1) {
                let nested = self.graph.within(Some(i), j) || self.graph.within(Some(j), i);
                if !nested && a.overlaps(b) {
                    found.push(Defect::GroupOverGroup(i, j));
                }
            }
        }
    }

    fn edges(&self, found: &mut Vec<Defect>) {
        for (spec, &e) in self.graph.edges.iter().zip(&self.edges) {
            let points = &self.scene.edges[e].points;
            if !self.attached(spec.from, spec.to, points) {
                found.push(Defect::EdgeOff(e));
            }
            let passes = |rect: &Rect| points.windows(2).any(|s| rect.crossed_by(s[0], s[1]));
            for (b, placed) in self.scene.boxes.iter().enumerate() {
                if passes(&placed.shape) {
                    found.push(Defect::EdgeOverBox(e, b));
                }
                if passes(&placed.caption) {
                    found.push(Defect::EdgeOverCaption(e, b));
                }
            }
            found.extend(
                (0..self.scene.groups.len()).filter(|g| passes(&self.title(*g))).map(|g| Defect::EdgeOverTitle(e, g)),
            );
        }
    }

    fn attached(&self, from: usize, to: usize, points: &[Point]) -> bool {
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return false;
        };
        points.len() > 1
            && points.windows(2).all(|s| (s[0].x == s[1].x) != (s[0].y == s[1].y))
            && self.scene.boxes[from].shape.has_on_outline(*first)
            && self.scene.boxes[to].shape.has_on_outline(*last)
    }

    fn shared_lines(&self, found: &mut Vec<Defect>) {
        for (i, (a, &ea)) in self.graph.edges.iter().zip(&self.edges).enumerate() {
            for (b, &eb) in self.graph.edges.iter().zip(&self.edges).skip(i + 1) {
                if a.is_like(b) {
                    continue;
                }
                let (p, q) = (&self.scene.edges[ea].points, &self.scene.edges[eb].points);
                if p.windows(2).any(|s| q.windows(2).any(|t| runs_along((s[0], s[1]), (t[0], t[1])))) {
                    found.push(Defect::EdgeOverEdge(ea, eb));
                }
            }
        }
    }

    fn labels(&self, found: &mut Vec<Defect>) {
        for (e, route) in self.scene.edges.iter().enumerate() {
            let Some(label) = &route.label else { continue };
            for (b, placed) in self.scene.boxes.iter().enumerate() {
                if label.overlaps(&placed.shape) || label.overlaps(&placed.caption) {
                    found.push(Defect::LabelOverBox(e, b));
                }
            }
            found.extend(
                (0..self.scene.groups.len())
                    .filter(|g| self.title(*g).overlaps(label))
                    .map(|g| Defect::LabelOverTitle(e, g)),
            );
            for (other, line) in self.scene.edges.iter().enumerate() {
                if other > e && line.label.is_some_and(|l| l.overlaps(label)) {
                    found.push(Defect::LabelOverLabel(e, other));
                }
                if line.points.windows(2).any(|s| label.crossed_by(s[0], s[1])) {
                    found.push(Defect::LabelOverEdge(e, other));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{BoxSpec, EdgeSpec, GroupSpec, Size};
    use crate::scene::{PlacedBox, Route};

    const TITLE: Size = Size::new(50, 10);

    /// Two boxes in a group each, 100 apart, with a labelled edge between them.
    fn good() -> (LayoutGraph, Scene) {
        let edge = EdgeSpec { from: 0, to: 1, label: Size::new(20, 10), ..EdgeSpec::default() };
        let graph = LayoutGraph {
            groups: vec![GroupSpec { title: TITLE, ..GroupSpec::default() }; 2],
            boxes: (0..2).map(|g| BoxSpec { group: Some(g), ..BoxSpec::default() }).collect(),
            edges: vec![edge.clone(), EdgeSpec { style: 1, ..edge }],
            ..LayoutGraph::default()
        };
        let shape = |x| PlacedBox { shape: rect(x, 20, 40, 40), caption: rect(x, 64, 40, 10) };
        let line = |y, top| Route { points: points(&[(50, y), (110, y)]), label: Some(rect(70, top, 20, 10)) };
        let scene = Scene {
            size: Size::new(170, 100),
            titles: Vec::new(),
            groups: vec![rect(0, 0, 60, 90), rect(100, 0, 60, 90)],
            boxes: vec![shape(10), shape(110)],
            edges: vec![line(30, 18), line(50, 52)],
        };
        (graph, scene)
    }

    fn rect(x: i32, y: i32, width: i32, height: i32) -> Rect {
        Rect { x, y, width, height }
    }

    fn points(all: &[(i32, i32)]) -> Vec<Point> {
        all.iter().map(|p| Point::new(p.0, p.1)).collect()
    }

    /// What is found after one thing has been spoilt.
    fn check(spoil: impl FnOnce(&mut LayoutGraph, &mut Scene), expected: &[Defect]) {
        let (mut graph, mut scene) = good();
        spoil(&mut graph, &mut scene);
        assert_eq!(scene.defects(&graph), expected);
    }

    #[test]
    fn a_good_scene_has_none() {
        check(|_, _| {}, &[]);
        assert_eq!(Scene::default().defects(&LayoutGraph::default()), []);
    }

    #[test]
    fn things_that_overlap_are_found() {
        check(
            |_, s| s.boxes[1].caption = rect(45, 70, 10, 10),
            &[Defect::BoxOverBox(0, 1), Defect::BoxOffGroup(1, 0), Defect::BoxOffGroup(1, 1)],
        );
        check(|_, s| s.groups[0].width = 101, &[Defect::GroupOverGroup(0, 1)]);
        check(|_, s| s.boxes[0].caption = rect(10, 85, 40, 10), &[Defect::BoxOffGroup(0, 0)]);
        check(|g, _| g.groups[0].title.height = 25, &[Defect::BoxOverTitle(0, 0)]);
        check(|g, _| g.groups[1].parent = Some(0), &[Defect::BoxOffGroup(1, 0), Defect::GroupOffGroup(1, 0)]);
    }

    #[test]
    fn lines_that_go_wrong_are_found() {
        check(|_, s| s.edges[0].points = points(&[(50, 30), (109, 30)]), &[Defect::EdgeOff(0)]);
        check(|_, s| s.edges[0].points = points(&[(50, 30), (110, 31)]), &[Defect::EdgeOff(0)]);
        check(|_, s| s.edges[0].points.clear(), &[Defect::EdgeOff(0)]);
        check(|_, s| s.edges[0].points = points(&[(10, 30), (110, 30)]), &[Defect::EdgeOverBox(0, 0)]);
        let below = [(50, 30), (55, 30), (55, 68), (5, 68), (5, 30), (10, 30), (10, 28), (110, 28)];
        check(|_, s| s.edges[0].points = points(&below), &[Defect::EdgeOverBox(0, 0), Defect::EdgeOverCaption(0, 0)]);
        check(
            |_, s| s.edges[0].points = points(&[(50, 30), (55, 30), (55, 5), (105, 5), (105, 30), (110, 30)]),
            &[Defect::EdgeOverTitle(0, 1)],
        );
    }

    #[test]
    fn lines_share_a_stretch_only_when_alike() {
        let join = |_: &mut LayoutGraph, s: &mut Scene| {
            s.edges[1].points = points(&[(50, 30), (110, 30)]);
        };
        check(join, &[Defect::EdgeOverEdge(0, 1)]);
        check(
            |g, s| {
                g.edges[1].style = 0;
                join(g, s);
            },
            &[],
        );
    }

    #[test]
    fn labels_that_cover_something_are_found() {
        check(
            |_, s| s.edges[0].label = Some(rect(35, 5, 20, 20)),
            &[Defect::LabelOverBox(0, 0), Defect::LabelOverTitle(0, 0)],
        );
        check(|_, s| s.edges[0].label = Some(rect(70, 55, 20, 10)), &[Defect::LabelOverLabel(0, 1)]);
        check(|_, s| s.edges[0].label = Some(rect(70, 45, 20, 7)), &[Defect::LabelOverEdge(0, 1)]);
    }

    #[test]
    fn shared_ink_and_crossings_count_once() {
        let route = |all: &[(i32, i32)]| Route { points: points(all), label: None };
        let scene = Scene {
            edges: vec![
                route(&[(0, 10), (100, 10)]),
                route(&[(50, 10), (150, 10)]),
                route(&[(70, 0), (70, 20), (80, 20)]),
            ],
            ..Scene::default()
        };
        assert_eq!((scene.ink(), scene.crossings(), scene.bends()), (180, 1, 1));
    }
}
