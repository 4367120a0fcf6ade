//! A way for arrows that are new, or whose ends moved: around the boxes, with few bends, crossing little.
//!
//! Where both ends stand to one another as they were generated, and nothing stands between, the generated way is
//! taken. Otherwise a bounded search on the lines that run along the boxes (A*) finds one; and if there is none, or the
//! search becomes too long, the arrow has no bends and the editor leads it.

use crate::cell::Cell;
use crate::geometry::{self, Point, Rect, shift};
use crate::label;
use crate::page::Merge;
use crate::sheet::Sheet;
use crate::style;
use crate::xml::set;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// How far from a box an arrow runs.
const LANE: f64 = 16.0;
/// How near it may come.
const CLEAR: f64 = 7.0;
/// What a bend costs, and a crossing, and a run along another arrow.
const BEND: f64 = 60.0;
const CROSSING: f64 = 40.0;
const ALONG: f64 = 200.0;
/// What words that are struck through cost.
const STRIKE: f64 = 120.0;
/// So many comparisons for all arrows of a page.
const BUDGET: usize = 150_000_000;
/// So far beyond its ends an arrow looks for a way.
const DETOUR: f64 = 500.0;

/// What arrows run around.
struct Ground {
    boxes: Vec<(String, Rect)>,
    lines: Vec<(Point, Point)>,
    /// Words on arrows.
    labels: Vec<Rect>,
    budget: usize,
}

/// Gives each of the arrows a way.
pub(crate) fn route(merge: &mut Merge<'_>, arrows: &[String]) {
    let mut ground = Ground::new(&merge.sheet, arrows);
    for id in arrows {
        let Some(new) = merge.new.get(id).cloned() else { continue };
        if !as_generated(merge, &new, &ground) {
            let found = ground.find(&merge.sheet, id);
            apply(merge, id, found, &ground);
        }
        ground.learn(&merge.sheet, id);
    }
}

/// Finds another place for the words of these arrows where they stand on something.
pub(crate) fn reword(merge: &mut Merge<'_>, arrows: &[String]) {
    let mut ground = Ground::new(&merge.sheet, arrows);
    for id in arrows {
        let Some(cell) = merge.sheet.get(id) else { continue };
        let (route, stands) = (merge.sheet.route(cell), label::rect(&merge.sheet, cell));
        let place = label::size(cell).and_then(|size| {
            let around = ground.around(&merge.sheet, cell, &route, size);
            let free = stands.is_some_and(|rect| around.is_free(rect, &route));
            label::best(&route, size, &around).filter(|_| !free)
        });
        if let Some(((along, offset), _)) = place
            && let Some(geometry) = merge.sheet.get_mut(id).and_then(|cell| cell.geometry.as_mut())
        {
            set(&mut geometry.attributes, "x", &geometry::text(along));
            geometry::set_point(geometry, "offset", offset);
        }
        ground.learn(&merge.sheet, id);
    }
}

/// Takes the generated way if it still fits.
fn as_generated(merge: &mut Merge<'_>, new: &Cell, ground: &Ground) -> bool {
    let Some(cell) = merge.sheet.get(&new.id).cloned() else { return true };
    let moved = |end: &str| {
        let (now, then) = (cell.get(end)?, new.get(end)?);
        let (now, then) = (merge.sheet.rect(now)?, merge.new.rect(then)?);
        now.as_large(then).then(|| now.corner().minus(then.corner()))
    };
    let (Some(by), Some(other)) = (moved("source"), moved("target")) else { return false };
    if by != other {
        return false;
    }
    let route: Vec<Point> = merge.new.route(new).into_iter().map(|p| p.plus(by)).collect();
    let ends = [cell.get("source"), cell.get("target")];
    let free = |pair: &[Point]| {
        let line = Rect::around(pair[0], pair[1]).grown(0.5);
        !ground.boxes.iter().any(|(id, rect)| !ends.contains(&Some(id.as_str())) && rect.overlaps(line))
    };
    if !route.windows(2).all(free) {
        return false;
    }
    let by = by.plus(merge.new.origin(new.parent())).minus(merge.sheet.origin(cell.parent()));
    let Some(changed) = merge.sheet.get_mut(&new.id) else { return true };
    changed.geometry.clone_from(&new.geometry);
    if let (Some(geometry), true) = (&mut changed.geometry, by != Point::default()) {
        shift(geometry, by, true);
    }
    let style = format!("{}{}", style::look(changed.style()), style::ports(new.style()));
    set(&mut changed.attributes, "style", &style);
    true
}

/// Writes a way down in the coordinates of the arrow's container.
fn apply(merge: &mut Merge<'_>, id: &str, route: Option<Vec<Point>>, ground: &Ground) {
    let Some(cell) = merge.sheet.get(id) else { return };
    let origin = merge.sheet.origin(cell.parent());
    let rect = |end: &str| cell.get(end).and_then(|id| merge.sheet.rect(id));
    let (look, ends) = (style::look(cell.style()), rect("source").zip(rect("target")));
    let size = label::size(cell);
    let (geometry, ports) = match (route, ends) {
        (Some(route), Some((source, target))) if route.len() > 1 => {
            let bends: Vec<Point> = route[1..route.len() - 1].iter().map(|p| p.minus(origin)).collect();
            let ports = format!("{}{}", port("exit", route[0], source), port("entry", route[route.len() - 1], target));
            let best = |size| label::best(&route, size, &ground.around(&merge.sheet, cell, &route, size));
            let words = size.and_then(best);
            (geometry::route(&bends, words.map(|(place, _)| place)), ports)
        }
        _ => (geometry::route(&[], None), String::new()),
    };
    let Some(cell) = merge.sheet.get_mut(id) else { return };
    cell.geometry = Some(geometry);
    set(&mut cell.attributes, "style", &format!("{look}{ports}"));
}

fn port(end: &str, at: Point, rect: Rect) -> String {
    let part = |at: f64, from: f64, size: f64| geometry::text(if size > 0.0 { (at - from) / size } else { 0.5 });
    let (x, y) = (part(at.x, rect.x, rect.width), part(at.y, rect.y, rect.height));
    format!("{end}X={x};{end}Y={y};{end}Dx=0;{end}Dy=0;")
}

type Spot = (usize, usize, usize);

impl Ground {
    fn new(sheet: &Sheet, arrows: &[String]) -> Self {
        let containers: std::collections::HashSet<&str> =
            sheet.cells.iter().filter(|c| c.is_vertex() && sheet.rect(&c.id).is_some()).map(Cell::parent).collect();
        let solid = |c: &&Cell| !containers.contains(c.id.as_str()) || c.get("collapsed") == Some("1");
        let boxes = sheet.cells.iter().filter(solid).filter_map(|c| Some((c.id.clone(), sheet.room(&c.id)?)));
        let waiting: std::collections::HashSet<&str> = arrows.iter().map(String::as_str).collect();
        let routed = sheet.cells.iter().filter(|c| c.is_edge() && !waiting.contains(c.id.as_str()));
        let (mut lines, mut labels) = (Vec::new(), Vec::new());
        for cell in routed {
            lines.extend(sheet.route(cell).windows(2).map(|pair| (pair[0], pair[1])));
            labels.extend(label::rect(sheet, cell));
        }
        let containers = sheet.cells.iter().filter(|c| containers.contains(c.id.as_str()));
        labels.extend(containers.filter_map(|c| label::title(c, sheet.rect(&c.id)?)));
        let boxes = boxes.filter(|(_, rect)| rect.width > 2.0 && rect.height > 2.0).collect();
        Self { boxes, lines, labels, budget: BUDGET }
    }

    /// What is around the words of an arrow, which are of this size.
    fn around(&self, sheet: &Sheet, cell: &Cell, route: &[Point], size: (f64, f64)) -> label::Around {
        let all = route.iter().map(|p| Rect::around(*p, *p)).reduce(Rect::and).unwrap_or_default();
        let near = all.grown(size.0.max(size.1) + LANE * 3.0);
        let boxes = self.boxes.iter().filter(|(_, room)| room.overlaps(near));
        let boxes = boxes.flat_map(|(id, _)| sheet.covered(id));
        let lines = self.lines.iter().copied().filter(|(p, q)| Rect::around(*p, *q).grown(1.0).overlaps(near));
        label::Around {
            taken: boxes.chain(self.labels.iter().copied().filter(|label| label.overlaps(near))).collect(),
            lines: lines.collect(),
            frame: sheet.open_rect(cell.parent()),
        }
    }

    /// An arrow has found its way, and its words their place.
    fn learn(&mut self, sheet: &Sheet, id: &str) {
        let Some(cell) = sheet.get(id) else { return };
        self.labels.extend(label::rect(sheet, cell));
        self.lines.extend(sheet.route(cell).windows(2).map(|pair| (pair[0], pair[1])));
    }

    /// A way from border to border.
    fn find(&mut self, sheet: &Sheet, id: &str) -> Option<Vec<Point>> {
        let cell = sheet.get(id)?;
        let (from, to) = (cell.get("source")?, cell.get("target")?);
        if from == to {
            return None;
        }
        let (a, b) = (sheet.rect(from)?, sheet.rect(to)?);
        let area = a.and(b).grown(DETOUR);
        let near: Vec<Rect> = self.boxes.iter().map(|(_, r)| *r).filter(|r| r.overlaps(area)).collect();
        let lines: Vec<(Point, Point)> =
            self.lines.iter().copied().filter(|(p, q)| Rect::around(*p, *q).grown(1.0).overlaps(area)).collect();
        let labels: Vec<Rect> = self.labels.iter().copied().filter(|l| l.overlaps(area)).collect();
        let around = Around { boxes: near, lines, labels };
        let (starts, goals) = (sides(a, sheet.room(from)?, &around), sides(b, sheet.room(to)?, &around));
        let grid = Grid::new(&around.boxes, &starts, &goals);
        let route = grid.search(&around, &starts, &goals, &mut self.budget)?;
        Some(straight(route))
    }
}

/// Where on a side an arrow may end, as parts of it: in the middle, or else beside what ends there already.
const PORTS: [f64; 5] = [0.5, 0.3125, 0.6875, 0.1875, 0.8125];

/// Where arrows may leave a box: the point on the border, and the one a lane away. Not through the words below an icon.
fn sides(rect: Rect, room: Rect, around: &Around) -> Vec<(Point, Point, usize)> {
    let (left, right) = (room.x.min(rect.x) - LANE, room.right().max(rect.right()) + LANE);
    let (x, y) = (|part: f64| rect.x + part * rect.width, |part: f64| rect.y + part * rect.height);
    let mut sides = vec![
        free(&|part| (Point::new(rect.right(), y(part)), Point::new(right, y(part)), 0), around),
        free(&|part| (Point::new(rect.x, y(part)), Point::new(left, y(part)), 2), around),
        free(&|part| (Point::new(x(part), rect.y), Point::new(x(part), rect.y - LANE), 3), around),
    ];
    if room.bottom() <= rect.bottom() {
        let below = rect.bottom() + LANE;
        sides.push(free(&|part| (Point::new(x(part), rect.bottom()), Point::new(x(part), below), 1), around));
    }
    sides
}

/// The port of a side on which the least ends already.
fn free(port: &dyn Fn(f64) -> (Point, Point, usize), around: &Around) -> (Point, Point, usize) {
    let cost = |(border, out, _): &(Point, Point, usize)| around.disturbance(*border, *out);
    let ports = PORTS.iter().map(|part| port(*part));
    ports.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or_else(|| port(0.5))
}

/// The same way without points on a straight line.
fn straight(route: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for point in route {
        while let [.., a, b] = out[..] {
            let level = (a.x - b.x).abs() < 0.01 && (b.x - point.x).abs() < 0.01;
            let upright = (a.y - b.y).abs() < 0.01 && (b.y - point.y).abs() < 0.01;
            if !level && !upright {
                break;
            }
            out.pop();
        }
        if out.last() != Some(&point) {
            out.push(point);
        }
    }
    out
}

/// The lines on which a way may run.
struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
}

impl Grid {
    fn new(boxes: &[Rect], starts: &[(Point, Point, usize)], goals: &[(Point, Point, usize)]) -> Self {
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for rect in boxes {
            for lane in [LANE, LANE + 10.0] {
                xs.extend([rect.x - lane, rect.right() + lane]);
                ys.extend([rect.y - lane, rect.bottom() + lane]);
            }
        }
        for (_, out, _) in starts.iter().chain(goals) {
            xs.push(out.x);
            ys.push(out.y);
        }
        for list in [&mut xs, &mut ys] {
            list.sort_by(f64::total_cmp);
            list.dedup();
        }
        Self { xs, ys }
    }

    fn spot(&self, at: Point, direction: usize) -> Option<Spot> {
        let find = |list: &[f64], value: f64| list.binary_search_by(|v| v.total_cmp(&value)).ok();
        Some((find(&self.xs, at.x)?, find(&self.ys, at.y)?, direction))
    }

    fn point(&self, spot: Spot) -> Point {
        Point::new(self.xs[spot.0], self.ys[spot.1])
    }

    /// The next spot in a direction: right, down, left, up.
    fn step(&self, (x, y, _): Spot, direction: usize) -> Option<Spot> {
        let (x, y) = match direction {
            0 => (x + 1, y),
            1 => (x, y + 1),
            2 => (x.checked_sub(1)?, y),
            _ => (x, y.checked_sub(1)?),
        };
        (x < self.xs.len() && y < self.ys.len()).then_some((x, y, direction))
    }

    fn search(
        &self,
        around: &Around,
        starts: &[(Point, Point, usize)],
        goals: &[(Point, Point, usize)],
        budget: &mut usize,
    ) -> Option<Vec<Point>> {
        let blocked = |line: Rect| around.boxes.iter().any(|b| b.grown(CLEAR).overlaps(line.grown(0.1)));
        let mut heap = BinaryHeap::new();
        let mut best: HashMap<Spot, (u64, Option<Spot>)> = HashMap::new();
        let left = |at: Point| goals.iter().map(|(_, out, _)| at.far(*out)).fold(f64::MAX, f64::min);
        let units = |cost: f64| (cost * 16.0) as u64;
        for (_, out, direction) in starts {
            let free = !blocked(Rect::around(*out, *out));
            if let Some(spot) = self.spot(*out, *direction).filter(|_| free) {
                best.insert(spot, (0, None));
                heap.push(Reverse((units(left(*out)), 0, spot)));
            }
        }
        while let Some(Reverse((_, cost, at))) = heap.pop() {
            if best.get(&at).is_some_and(|(known, _)| *known < cost) {
                continue;
            }
            let here = self.point(at);
            if let Some(goal) = goals.iter().find(|(_, out, side)| *out == here && at.2 == (side + 2) % 4) {
                return Some(self.walk(at, &best, starts, goal.0));
            }
            for direction in [at.2, (at.2 + 1) % 4, (at.2 + 3) % 4] {
                let Some(next) = self.step(at, direction) else { continue };
                let there = self.point(next);
                *budget = budget.checked_sub(around.boxes.len() + around.lines.len() + 1)?;
                if blocked(Rect::around(here, there)) {
                    continue;
                }
                let bend = if direction == at.2 { 0.0 } else { BEND };
                let cost = cost + units(here.far(there) + bend + around.disturbance(here, there));
                if best.get(&next).is_none_or(|(known, _)| cost < *known) {
                    best.insert(next, (cost, Some(at)));
                    heap.push(Reverse((cost + units(left(there)), cost, next)));
                }
            }
        }
        None
    }

    fn walk(
        &self,
        end: Spot,
        best: &HashMap<Spot, (u64, Option<Spot>)>,
        starts: &[(Point, Point, usize)],
        goal: Point,
    ) -> Vec<Point> {
        let mut route = vec![goal];
        let (mut at, mut first) = (Some(end), end);
        while let Some(spot) = at {
            route.push(self.point(spot));
            first = spot;
            at = best.get(&spot).and_then(|(_, before)| *before);
        }
        let start = starts.iter().find(|(_, out, side)| *out == self.point(first) && *side == first.2);
        route.extend(start.map(|(border, _, _)| *border));
        route.reverse();
        route
    }
}

/// What is near an arrow that looks for its way.
struct Around {
    boxes: Vec<Rect>,
    lines: Vec<(Point, Point)>,
    labels: Vec<Rect>,
}

impl Around {
    /// What crossing and covering others costs.
    fn disturbance(&self, a: Point, b: Point) -> f64 {
        let (level, own) = (a.level(b), Rect::around(a, b));
        let mut cost = self.labels.iter().filter(|label| label.overlaps(own.grown(1.0))).count() as f64 * STRIKE;
        for (p, q) in &self.lines {
            let other = Rect::around(*p, *q);
            let parallel = if level { (p.y - q.y).abs() < 0.5 } else { (p.x - q.x).abs() < 0.5 };
            if parallel && other.grown(3.0).overlaps(own.grown(0.1)) {
                cost += ALONG;
            } else if !parallel && other.grown(0.05).overlaps(own.grown(0.05)) {
                cost += CROSSING;
            }
        }
        cost
    }
}
