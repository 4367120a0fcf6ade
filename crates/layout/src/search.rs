//! The cheapest way of a line over a page: A* over a [`Grid`] of the places where it may bend.

use crate::grid::{Grid, on_side};
use crate::joints::Rest;
use crate::scene::{Point, Rect};
use crate::tracks::{Board, Track};
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a line costs, in pixels of its length. A detour of half a page is worse to follow than a crossing.
pub(crate) const BEND: i32 = 96;
pub(crate) const CROSSING: i32 = 300;

/// What it costs to leave a box on the side that is away from the other box, or to come to it on such a side.
const BACK: i32 = 120;

/// The four ways to go.
const STEPS: [(isize, isize); 4] = [(1, 0), (-1, 0), (0, 1), (0, -1)];
const RIGHT: usize = 0;
const LEFT: usize = 1;

/// What it costs to go on on another line, as a part of what it would cost to be alone.
pub(crate) const SHARED: i32 = 2;

/// A way that was found.
pub(crate) struct Way {
    /// From the start to the end, with places that are on the way anyway.
    pub(crate) points: Vec<Point>,
    /// How it goes on if it joins another line.
    pub(crate) rest: Option<Rest>,
}

/// The best way that costs less than a limit. Each state that is looked at takes one from `work`; there is no way when that
/// is used up.
pub(crate) fn search(grid: &Grid, board: &Board, limit: i32, work: &mut usize) -> Option<Way> {
    let mut search = Search::new(grid, board, limit);
    search.start();
    while let Some(Reverse((hope, _, at))) = search.queue.pop() {
        *work = work.checked_sub(1)?;
        if let Some(way) = search.joined(at) {
            return Some(way);
        }
        let state = search.state(at);
        if search.seen.cost(at).is_none_or(|spent| spent + search.ahead(state) != hope) {
            continue;
        }
        if search.is_goal(at, state) {
            return Some(Way { points: search.back(at), rest: None });
        }
        search.go_on(at, state);
    }
    None
}

/// A place on the grid, and the way to go there.
#[derive(Clone, Copy)]
struct State {
    x: usize,
    y: usize,
    way: usize,
}

struct Search<'a> {
    grid: &'a Grid,
    board: &'a Board,
    limit: i32,
    levels: Vec<OnceCell<Track>>,
    uprights: Vec<OnceCell<Track>>,
    seen: Seen,
    /// States by what a line through them costs at least, then by how much of that is to come.
    queue: BinaryHeap<Reverse<(i32, i32, usize)>>,
}

impl<'a> Search<'a> {
    fn new(grid: &'a Grid, board: &'a Board, limit: i32) -> Self {
        let (wide, high) = (grid.xs.len(), grid.ys.len());
        Self {
            grid,
            board,
            limit,
            levels: vec![OnceCell::new(); high],
            uprights: vec![OnceCell::new(); wide],
            // For each state another one, of a line that ends there at a joint.
            seen: Seen::new(8 * wide * high),
            queue: BinaryHeap::new(),
        }
    }

    fn index(&self, state: State) -> usize {
        (state.y * self.grid.xs.len() + state.x) * 4 + state.way
    }

    fn state(&self, index: usize) -> State {
        let (place, wide) = (index / 4, self.grid.xs.len());
        State { x: place % wide, y: place / wide, way: index % 4 }
    }

    fn place(&self, state: State) -> Point {
        Point::new(self.grid.xs[state.x], self.grid.ys[state.y])
    }

    /// How many states there are, without those of lines that end.
    fn states(&self) -> usize {
        4 * self.grid.xs.len() * self.grid.ys.len()
    }

    /// What it costs to leave a box, or to come to one, in a direction that is not the one of the other box.
    fn side(&self, way: usize) -> i32 {
        let (from, to) = (self.grid.from, self.grid.to);
        let away = if way == RIGHT { to.right() <= from.x } else { from.right() <= to.x };
        if away { BACK } else { 0 }
    }

    /// A line may leave its box anywhere at both sides.
    fn start(&mut self) {
        let from = self.grid.from;
        for (side, way) in [(from.right(), RIGHT), (from.x, LEFT)] {
            let cost = self.side(way);
            let Ok(x) = self.grid.xs.binary_search(&side) else { continue };
            for y in (0..self.grid.ys.len()).filter(|y| on_side(&from, self.grid.ys[*y])) {
                self.reach(State { x, y, way }, cost + off_middle(&from, self.grid.ys[y]), None);
            }
        }
    }

    fn is_goal(&self, index: usize, state: State) -> bool {
        let (to, place) = (self.grid.to, self.place(state));
        let side = (state.way == RIGHT && place.x == to.x) || (state.way == LEFT && place.x == to.right());
        side && on_side(&to, place.y) && self.seen.before(index).is_some()
    }

    fn go_on(&mut self, index: usize, state: State) {
        let Some(spent) = self.seen.cost(index) else { return };
        for (way, (dx, dy)) in STEPS.into_iter().enumerate() {
            // No line turns back on itself, and each leaves its box straight.
            let turned = way != state.way;
            if way == state.way ^ 1 || (turned && self.seen.before(index).is_none()) {
                continue;
            }
            let next = (state.x.checked_add_signed(dx), state.y.checked_add_signed(dy));
            let (Some(x), Some(y)) = next else { continue };
            if x >= self.grid.xs.len() || y >= self.grid.ys.len() {
                continue;
            }
            let next = State { x, y, way };
            if let Some(cost) = self.step(state, next) {
                let bend = if turned { BEND } else { 0 };
                self.reach(next, spent + cost + bend, Some(index));
            }
        }
    }

    /// What it costs to go from one place to the next; nothing if something is in the way.
    fn step(&self, from: State, to: State) -> Option<i32> {
        let (a, b) = (self.place(from), self.place(to));
        let (track, start, end) = if a.y == b.y {
            (self.levels[from.y].get_or_init(|| self.board.level(a.y)), a.x, b.x)
        } else {
            (self.uprights[from.x].get_or_init(|| self.board.upright(a.x)), a.y, b.y)
        };
        let comes = (to.way == RIGHT && b.x == self.grid.to.x) || (to.way == LEFT && b.x == self.grid.to.right());
        let side =
            if comes && on_side(&self.grid.to, b.y) { off_middle(&self.grid.to, b.y) + self.side(to.way) } else { 0 };
        let free = track.is_free(start.min(end), start.max(end));
        free.then(|| (end - start).abs() + CROSSING * track.crossed(start, end) + side)
    }

    fn reach(&mut self, state: State, cost: i32, before: Option<usize>) {
        let (index, ahead) = (self.index(state), self.ahead(state));
        let hope = cost + ahead;
        if hope < self.limit && self.seen.cost(index).is_none_or(|least| cost < least) {
            self.seen.set(index, cost, before);
            self.queue.push(Reverse((hope, ahead, index)));
            if let Some(rest) = before.and_then(|_| self.joint(state)) {
                let (index, cost) = (self.states() + index, cost + rest.length / SHARED);
                if cost < self.limit {
                    self.seen.set(index, cost, before);
                    self.queue.push(Reverse((cost, 0, index)));
                }
            }
        }
    }

    fn joint(&self, state: State) -> Option<Rest> {
        self.grid.joints.at(self.place(state), state.way == RIGHT || state.way == LEFT)
    }

    /// The way, if a state is of a line that ends at a joint.
    fn joined(&self, index: usize) -> Option<Way> {
        let state = index.checked_sub(self.states())?;
        let rest = self.joint(self.state(state));
        let mut points = self.back(self.seen.before(index)?);
        points.push(self.place(self.state(state)));
        Some(Way { points, rest })
    }

    /// The least that is to come: the distance, and the bends without which the box cannot be reached. Where a line may join
    /// others it is part of the distance.
    fn ahead(&self, state: State) -> i32 {
        let (to, at) = (self.grid.to, self.place(state));
        let sideways = (at.x - to.x).abs().min((at.x - to.right()).abs());
        let beside = on_side(&to, at.y);
        let upright = if beside { 0 } else { (at.y - to.y).abs().min((at.y - to.bottom()).abs()) };
        let straight = beside && ((state.way == RIGHT && at.x <= to.x) || (state.way == LEFT && at.x >= to.right()));
        let bends = match state.way {
            RIGHT | LEFT if straight => 0,
            RIGHT | LEFT => 2,
            _ => 1,
        };
        if self.grid.joints.is_empty() { sideways + upright + bends * BEND } else { (sideways + upright) / SHARED }
    }

    /// The way that led to a state.
    fn back(&self, index: usize) -> Vec<Point> {
        let states = std::iter::successors(Some(index), |at| self.seen.before(*at));
        let mut points: Vec<Point> = states.map(|at| self.place(self.state(at))).collect();
        points.reverse();
        points
    }
}

/// A little for ends that are not in the middle of a side; nothing where the side is not at all.
fn off_middle(shape: &Rect, y: i32) -> i32 {
    if on_side(shape, y) { (y - shape.centre().y).abs() / 4 } else { 0 }
}

/// What is known of each state: the least cost, and where it was reached from. Both are kept plus one, for memory that
/// starts as zeros costs nothing where it is not touched.
struct Seen {
    costs: Vec<i32>,
    before: Vec<u32>,
}

impl Seen {
    fn new(states: usize) -> Self {
        Self { costs: vec![0; states], before: vec![0; states] }
    }

    fn cost(&self, index: usize) -> Option<i32> {
        Some(self.costs[index] - 1).filter(|cost| *cost >= 0)
    }

    fn before(&self, index: usize) -> Option<usize> {
        self.before[index].checked_sub(1).map(|at| at as usize)
    }

    fn set(&mut self, index: usize, cost: i32, before: Option<usize>) {
        self.costs[index] = cost + 1;
        self.before[index] = before.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0);
    }
}
