//! A place for what is new: near what it is connected to, in its container, on nothing else, and nothing else moves.
//!
//! The spots around where it would stand if its neighbours stood as generated are tried from near to far. A container
//! may grow to the right and downwards where nothing is in its way. The search is bounded; what finds no spot stands
//! below everything.

use crate::cell::Cell;
use crate::geometry::{Point, Rect, set_expanded, text};
use crate::label;
use crate::mark::Mark;
use crate::page::Merge;
use crate::report::Event;
use crate::words;
use crate::xml::set;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Spots are on a grid of this size.
const STEP: f64 = 20.0;
/// So many steps away from the ideal spot in each direction.
const REACH: i32 = 60;
/// The room around each thing.
const GAP: f64 = 16.0;
/// The room inside of a container, and for its title.
const PADDING: f64 = 20.0;
const TITLE: f64 = 34.0;
/// No farther from a neighbour than this, or than the words on the arrow between them need, if there is room.
const NEAR: f64 = 90.0;
const BESIDE_WORDS: f64 = 40.0;
/// What stands this far out of line with something else is put in line with it.
const IN_LINE: f64 = 60.0;
/// A container that grows costs as much as so many units of distance, an arrow that is covered as many.
const GROWTH: f64 = 250.0;
const COVERED: f64 = 400.0;
/// And words that have no room between two things as many.
const CRAMPED: f64 = 200.0;
/// So many comparisons of boxes for a page.
const BUDGET: usize = 200_000_000;
/// So many things are placed one by one.
const MANY: usize = 400;

/// A box that is there already.
struct Taken {
    id: String,
    room: Rect,
    /// The containers around it.
    around: HashSet<String>,
}

/// What something is connected to, and how wide the words on the arrow are.
struct Neighbour {
    id: String,
    words: f64,
}

impl Neighbour {
    /// How far away something may stand for the sake of being near.
    fn near(&self) -> f64 {
        NEAR.max(self.words + BESIDE_WORDS)
    }
}

struct Search<'m, 'a> {
    merge: &'m mut Merge<'a>,
    taken: Vec<Taken>,
    lines: Vec<Rect>,
    lists: Vec<String>,
    neighbours: HashMap<String, Vec<Neighbour>>,
    budget: usize,
}

/// Gives everything that is unplaced its place.
pub(crate) fn place(merge: &mut Merge<'_>) {
    if merge.options.fresh || merge.unplaced.is_empty() {
        return;
    }
    let placed = |id: &str| !merge.unplaced.contains(id) && merge.new.rect(id).is_some();
    let nothing_yet = !merge.sheet.cells.iter().any(|c| placed(&c.id) && !is_lonely(merge, &c.id));
    let mut roots = roots(merge);
    let mut search = Search::new(merge);
    if nothing_yet || roots.len() > MANY {
        search.block(&roots);
        roots.clear();
    }
    while let Some(next) = search.best(&roots) {
        let id = roots.remove(next);
        search.place_one(&id);
    }
    for id in std::mem::take(&mut search.lists) {
        search.give_way(&id);
    }
}

/// Lists below the drawing, such as a legend, that stand where they were set: they give way to what is new.
fn lists(merge: &Merge<'_>) -> Vec<String> {
    let parents: HashSet<&str> = merge.new.cells.iter().map(Cell::parent).collect();
    let is_list = |c: &&Cell| c.is_vertex() && parents.contains(c.id.as_str()) && is_lonely(merge, &c.id);
    let as_set = |c: &&Cell| {
        let old = merge.old.get(&c.id);
        old.is_some_and(|old| Mark::read(old).is_some_and(|mark| mark.unmoved(old) && mark.in_place(old)))
    };
    merge.new.cells.iter().filter(is_list).filter(as_set).map(|c| c.id.clone()).collect()
}

/// A title says nothing about where things stand.
fn is_lonely(merge: &Merge<'_>, id: &str) -> bool {
    merge.new.get(id).is_none_or(|c| crate::xml::get(&c.data, crate::mark::MODEL).is_none())
}

/// What is unplaced in containers that have a place.
fn roots(merge: &Merge<'_>) -> Vec<String> {
    let root = |id: &str| {
        let cell = merge.sheet.get(id);
        cell.is_some_and(|c| !merge.unplaced.contains(c.parent())) && merge.sheet.rect(id).is_some()
    };
    merge.new.cells.iter().map(|c| c.id.clone()).filter(|id| merge.unplaced.contains(id) && root(id)).collect()
}

impl<'m, 'a> Search<'m, 'a> {
    fn new(merge: &'m mut Merge<'a>) -> Self {
        let (neighbours, lists) = (neighbours(merge), lists(merge));
        let mut search = Self { taken: Vec::new(), lines: Vec::new(), lists, neighbours, budget: BUDGET, merge };
        let sheet = &search.merge.sheet;
        for cell in &sheet.cells {
            let around: HashSet<String> = sheet.around(cell).map(|c| c.id.clone()).collect();
            let waits =
                search.merge.unplaced.contains(&cell.id) || around.iter().any(|c| search.merge.unplaced.contains(c));
            let gives_way = search.lists.contains(&cell.id) || around.iter().any(|c| search.lists.contains(c));
            if let (Some(room), false) = (sheet.room(&cell.id), waits || gives_way) {
                search.taken.push(Taken { id: cell.id.clone(), room, around });
            }
            if cell.is_edge() && search.merge.old.has(&cell.id) {
                let route = sheet.route(cell);
                search.lines.extend(route.windows(2).map(|pair| Rect::around(pair[0], pair[1])));
                search.lines.extend(label::rect(sheet, cell));
            }
        }
        let loose: Vec<Taken> = search.loose_ends().collect();
        search.taken.extend(loose);
        search
    }

    /// Where a person's arrows end at nothing, or will: what stood there would seem to be what they mean.
    fn loose_ends(&self) -> impl Iterator<Item = Taken> {
        let Merge { old, new, sheet, .. } = &*self.merge;
        let theirs = sheet.cells.iter().filter(|c| c.is_edge() && !new.has(&c.id));
        theirs.flat_map(|cell| {
            let route = old.route(cell);
            let is_loose = |end: &str| cell.get(end).is_none_or(|to| !sheet.has(to));
            let first = route.first().copied().filter(|_| is_loose("source"));
            let last = route.last().copied().filter(|_| is_loose("target"));
            first.into_iter().chain(last).map(|at| Taken {
                id: String::new(),
                room: Rect::around(at, at).grown(GAP),
                around: HashSet::new(),
            })
        })
    }

    /// The one that knows most of its neighbours; of several, the first.
    fn best(&self, roots: &[String]) -> Option<usize> {
        let known =
            |id: &String| self.neighbours.get(id).map_or(0, |n| n.iter().filter(|n| self.is_placed(&n.id)).count());
        (0..roots.len()).max_by_key(|i| (known(&roots[*i]), std::cmp::Reverse(*i)))
    }

    fn is_placed(&self, id: &str) -> bool {
        let sheet = &self.merge.sheet;
        let waits = |id: &str| self.merge.unplaced.contains(id);
        sheet.get(id).is_some_and(|cell| !waits(id) && !sheet.around(cell).any(|c| waits(&c.id)))
    }

    /// Where something would stand if its neighbours stood as generated, but near.
    fn ideal(&self, id: &str) -> Option<Point> {
        let own = self.merge.new.rect(id)?;
        let near = |other: &str, near: f64| {
            let (then, now) = (self.merge.new.rect(other)?, self.merge.sheet.rect(other)?);
            let by = own.corner().minus(then.corner());
            let x = by.x.clamp(-own.width - near, now.width + near);
            let y = by.y.clamp(-own.height - NEAR, now.height + NEAR);
            Some(now.corner().plus(Point::new(x, y)))
        };
        let known: Vec<Point> = self
            .neighbours
            .get(id)
            .into_iter()
            .flatten()
            .filter(|n| self.is_placed(&n.id))
            .filter_map(|n| near(&n.id, n.near()))
            .collect();
        if !known.is_empty() {
            let sum = known.iter().fold(Point::default(), |a, b| a.plus(*b));
            return Some(Point::new(sum.x / known.len() as f64, sum.y / known.len() as f64));
        }
        let parent = self.merge.new.get(id)?.parent();
        let siblings = self.merge.new.cells.iter().filter(|c| c.parent() == parent && c.id != id && c.is_vertex());
        let far = |c: &&str| self.merge.new.rect(c).map_or(f64::MAX, |rect| rect.corner().far(own.corner()));
        let mut siblings: Vec<&str> = siblings.map(|c| c.id.as_str()).filter(|c| self.is_placed(c)).collect();
        siblings.sort_by(|a, b| far(a).total_cmp(&far(b)));
        siblings.first().and_then(|nearest| near(nearest, NEAR))
    }

    /// The same place, but in line with things that are nearly above, below or beside it.
    fn in_line(&self, id: &str, at: Point) -> Point {
        let Some(own) = self.merge.new.rect(id) else { return at };
        let middle = own.moved(at.minus(own.corner())).centre();
        let parent = self.merge.sheet.get(id).map(Cell::parent);
        let beside = |c: &&Cell| c.is_vertex() && Some(c.parent()) == parent && self.is_placed(&c.id);
        let others = self.merge.new.cells.iter().filter_map(|c| self.merge.sheet.get(&c.id)).filter(beside);
        let others: Vec<Point> = others.filter_map(|c| Some(self.merge.sheet.rect(&c.id)?.centre())).collect();
        let shift = |off: fn(Point, Point) -> f64| {
            let near = others.iter().map(|other| off(*other, middle)).filter(|by| by.abs() <= IN_LINE);
            near.min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or_default()
        };
        at.plus(Point::new(shift(|a, b| a.x - b.x), shift(|a, b| a.y - b.y)))
    }

    fn place_one(&mut self, id: &str) {
        let Some((rect, room)) = self.merge.sheet.rect(id).zip(self.merge.sheet.room(id)) else { return };
        let chain: Vec<String> = self
            .merge
            .sheet
            .get(id)
            .into_iter()
            .flat_map(|c| self.merge.sheet.around(c))
            .map(|c| c.id.clone())
            .collect();
        let inside = chain.iter().find_map(|c| self.merge.sheet.open_rect(c));
        let first = inside.map(|inside| Point::new(inside.x + PADDING, inside.y + TITLE));
        let ideal = self.ideal(id).or(first).unwrap_or_else(|| rect.corner());
        let ideal = self.in_line(id, Point::new((ideal.x / 10.0).round() * 10.0, (ideal.y / 10.0).round() * 10.0));
        let words = self.with_words(id);
        let cramped = |rect: Rect| words.iter().filter(|wide| wide.overlaps(rect)).count() as f64 * CRAMPED;
        let (mut best, mut best_cost) = (None, f64::MAX);
        for &by in SPOTS.iter() {
            if by.far(Point::default()) >= best_cost || self.budget == 0 {
                break;
            }
            let at = ideal.plus(by);
            let moved = at.minus(rect.corner());
            if let Some((cost, grown)) = self.cost(room.moved(moved), &chain) {
                let cost = cost + by.far(Point::default()) + cramped(rect.moved(moved));
                if cost < best_cost {
                    (best, best_cost) = (Some((at, grown)), cost);
                }
            }
        }
        match best {
            Some((at, grown)) => {
                for (id, rect) in &grown {
                    self.grow(id, *rect);
                }
                self.put(id, at);
            }
            None => self.put_below(id, rect, room, &chain),
        }
    }

    /// What it costs to stand here, and what containers have to grow to; `None` if something is in the way.
    fn cost(&mut self, room: Rect, chain: &[String]) -> Option<(f64, Vec<(String, Rect)>)> {
        let around = |taken: &Taken| chain.contains(&taken.id);
        self.budget = self.budget.saturating_sub(self.taken.len());
        let wide = room.grown(GAP);
        if self.taken.iter().any(|taken| taken.room.overlaps(wide) && !around(taken)) {
            return None;
        }
        let (mut cost, mut grown, mut inner) = (0.0, Vec::new(), room);
        for id in chain {
            let Some(container) = self.merge.sheet.open_rect(id) else { continue };
            let top = inner.y - TITLE;
            let wanted = Rect { y: top, height: inner.height + TITLE, ..inner }.and(inner.grown(PADDING - 1.0));
            let wanted = Rect { y: top, height: wanted.bottom() - top, ..wanted };
            if wanted.x < container.x || wanted.y < container.y {
                return None;
            }
            if container.holds(wanted) {
                break;
            }
            let larger = container.and(wanted);
            self.budget = self.budget.saturating_sub(self.taken.len());
            let blocks = |taken: &Taken| {
                !around(taken)
                    && !taken.around.contains(id)
                    && taken.room.overlaps(larger.grown(GAP / 2.0))
                    && !taken.room.overlaps(container)
            };
            if self.taken.iter().any(blocks) {
                return None;
            }
            cost += GROWTH + (larger.width - container.width) + (larger.height - container.height);
            grown.push((id.clone(), larger));
            inner = larger;
        }
        let thin = room.grown(4.0);
        let covered = self.lines.iter().filter(|line| line.grown(0.5).overlaps(thin)).count();
        Some((cost + covered as f64 * COVERED, grown))
    }

    /// The room that something must keep free of: its neighbours, and the words on the arrows to them.
    fn with_words(&self, id: &str) -> Vec<Rect> {
        let wide = |other: &Neighbour| {
            let rect = self.merge.sheet.rect(&other.id).filter(|_| other.words > 0.0 && self.is_placed(&other.id))?;
            Some(Rect { x: rect.x - other.words - GAP, width: rect.width + 2.0 * (other.words + GAP), ..rect })
        };
        self.neighbours.get(id).into_iter().flatten().filter_map(wide).collect()
    }

    fn grow(&mut self, id: &str, rect: Rect) {
        let Some(cell) = self.merge.sheet.get_mut(id) else { return };
        let collapsed = cell.get("collapsed") == Some("1");
        let Some(geometry) = &mut cell.geometry else { return };
        if collapsed {
            set_expanded(geometry, rect);
        } else {
            set(&mut geometry.attributes, "width", &text(rect.width));
            set(&mut geometry.attributes, "height", &text(rect.height));
        }
        self.taken.iter_mut().filter(|taken| taken.id == id).for_each(|taken| taken.room = taken.room.and(rect));
    }

    /// Sets something down at a place on the page.
    fn put(&mut self, id: &str, at: Point) {
        let sheet = &mut self.merge.sheet;
        let origin = sheet.get(id).map(|c| sheet.origin(c.parent())).unwrap_or_default();
        let Some(cell) = sheet.get_mut(id) else { return };
        if let Some(geometry) = &mut cell.geometry {
            let at = at.minus(origin);
            set(&mut geometry.attributes, "x", &text(at.x));
            set(&mut geometry.attributes, "y", &text(at.y));
        }
        self.merge.unplaced.remove(id);
        let sheet = &self.merge.sheet;
        let around = sheet.get(id).into_iter().flat_map(|c| sheet.around(c)).map(|c| c.id.clone()).collect();
        if let Some(room) = sheet.room(id) {
            self.taken.push(Taken { id: id.to_owned(), room, around });
        }
    }

    /// Sets a list below everything, if something stands on it now.
    fn give_way(&mut self, id: &str) {
        let Some(room) = self.merge.sheet.room(id) else { return };
        let boxes = || self.taken.iter().map(|taken| taken.room);
        if boxes().any(|taken| taken.overlaps(room.grown(GAP / 2.0))) {
            let bottom = boxes().chain(self.lines.iter().copied()).map(Rect::bottom).fold(room.y, f64::max);
            self.put(id, Point::new(room.x, bottom + 2.0 * GAP));
        }
    }

    /// There is no room: below everything, and out of a container that cannot grow.
    fn put_below(&mut self, id: &str, rect: Rect, room: Rect, chain: &[String]) {
        let layer = chain.iter().find(|c| self.merge.sheet.get(c).is_some_and(Cell::is_layer));
        let layer = layer.map_or("1", String::as_str).to_owned();
        if self.merge.sheet.get(id).is_some_and(|c| c.parent() != layer) {
            let name = self.merge.sheet.get(id).map(words::name).unwrap_or_default();
            self.merge.set_parent(id, &layer);
            self.merge.report.say(self.merge.name, Event::Outside, name);
        }
        let bottom = self.taken.iter().map(|t| t.room.bottom()).fold(0.0, f64::max);
        let left = self.taken.iter().map(|t| t.room.x).fold(f64::MAX, f64::min).clamp(-1e6, 1e6);
        self.put(id, Point::new(left.max(0.0) + rect.x - room.x, bottom + 2.0 * GAP + rect.y - room.y));
    }

    /// Much is new, or nothing is known: all of it as it was generated, below what is there.
    fn block(&mut self, roots: &[String]) {
        let sheet = &self.merge.sheet;
        let rects: Vec<(String, Rect)> = roots
            .iter()
            .filter_map(|id| Some((id.clone(), self.merge.new.rect(id)?, sheet.room(id)?)))
            .map(|(id, rect, _)| (id, rect))
            .collect();
        let all = rects.iter().map(|(_, rect)| *rect).reduce(Rect::and).unwrap_or_default().grown(GAP);
        let blocked = self.taken.iter().any(|taken| taken.room.overlaps(all));
        let bottom = self.taken.iter().map(|t| t.room.bottom()).fold(0.0, f64::max);
        let by = Point::new(0.0, if blocked { bottom + GAP - all.y } else { 0.0 });
        for (id, rect) in rects {
            self.put(&id, rect.corner().plus(by));
        }
    }
}

/// Distances from the ideal spot, near ones first; of those, first to the right and below.
static SPOTS: LazyLock<Vec<Point>> = LazyLock::new(|| {
    let mut steps: Vec<(i32, i32)> = (-REACH..=REACH).flat_map(|x| (-REACH..=REACH).map(move |y| (x, y))).collect();
    steps.sort_by_key(|(x, y)| (x.abs() + y.abs(), -x, -y));
    steps.into_iter().map(|(x, y)| Point::new(f64::from(x) * STEP, f64::from(y) * STEP)).collect()
});

/// What each unplaced thing, or anything in it, is connected to outside of it.
fn neighbours(merge: &Merge<'_>) -> HashMap<String, Vec<Neighbour>> {
    let root_of = |id: &str| {
        let cell = merge.sheet.get(id)?;
        let chain = std::iter::once(cell).chain(merge.sheet.around(cell));
        chain.filter(|c| merge.unplaced.contains(&c.id)).last().map(|c| c.id.clone())
    };
    let mut out: HashMap<String, Vec<Neighbour>> = HashMap::new();
    for edge in merge.new.cells.iter().filter(|c| c.is_edge()) {
        let (Some(a), Some(b)) = (edge.get("source"), edge.get("target")) else { continue };
        let (from, to) = (root_of(a), root_of(b));
        if from == to {
            continue;
        }
        let words = label::size(edge).map_or(0.0, |(width, _)| width);
        for (root, other) in [(from, b), (to, a)] {
            if let Some(root) = root {
                out.entry(root).or_default().push(Neighbour { id: other.to_owned(), words });
            }
        }
    }
    out
}
