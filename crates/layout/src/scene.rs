//! Where everything is: the result of a layout, in whole pixels from the top left of the page.

use crate::graph::{LayoutGraph, Size};
use serde::{Deserialize, Serialize};

/// A place on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Point {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
}

impl Point {
    /// The point at these coordinates.
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// How long a line of level and upright stretches to another point is at least.
    pub(crate) const fn distance(self, other: Self) -> i32 {
        (self.x - other.x).abs() + (self.y - other.y).abs()
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Rect {
    /// The rectangle of a size at a place.
    pub const fn new(x: i32, y: i32, size: Size) -> Self {
        Self { x, y, width: size.width, height: size.height }
    }

    /// The edge on the right.
    pub const fn right(&self) -> i32 {
        self.x + self.width
    }

    /// The edge at the bottom.
    pub const fn bottom(&self) -> i32 {
        self.y + self.height
    }

    /// The middle, rounded to the top left.
    pub const fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2, self.y + self.height / 2)
    }

    /// The smallest one around both.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// The same with more on each side.
    pub(crate) const fn grown(&self, by: i32) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2 * by, height: self.height + 2 * by }
    }

    /// Whether there is nothing inside.
    pub const fn is_empty(&self) -> bool {
        self.width <= 0 || self.height <= 0
    }

    /// Whether two rectangles share more than an edge; an empty one shares nothing.
    pub const fn overlaps(&self, other: &Self) -> bool {
        let some = self.width > 0 && self.height > 0 && other.width > 0 && other.height > 0;
        some && self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether another rectangle lies inside, edges included.
    pub const fn contains(&self, other: &Self) -> bool {
        self.x <= other.x && self.y <= other.y && self.right() >= other.right() && self.bottom() >= other.bottom()
    }

    /// Whether an upright or level segment passes through the inside, which its edges are not part of.
    pub fn crossed_by(&self, a: Point, b: Point) -> bool {
        let some = self.width > 0 && self.height > 0;
        some && a.x.min(b.x) < self.right()
            && a.x.max(b.x) > self.x
            && a.y.min(b.y) < self.bottom()
            && a.y.max(b.y) > self.y
    }

    /// Whether a point is on the outline.
    pub const fn has_on_outline(&self, p: Point) -> bool {
        let level = p.x >= self.x && p.x <= self.right();
        let upright = p.y >= self.y && p.y <= self.bottom();
        (level && (p.y == self.y || p.y == self.bottom())) || (upright && (p.x == self.x || p.x == self.right()))
    }
}

/// A placed page. The vectors run parallel to those of the [`LayoutGraph`](crate::LayoutGraph).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// The page: everything lies within, with a margin.
    pub size: Size,
    /// Frames.
    pub groups: Vec<Rect>,
    /// How far the titles of the groups are off the upper left corners of their frames.
    pub titles: Vec<Point>,
    /// Boxes with their captions.
    pub boxes: Vec<PlacedBox>,
    /// Routes with their labels.
    pub edges: Vec<Route>,
}

/// A placed box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedBox {
    /// The shape.
    pub shape: Rect,
    /// Its caption, below or to the right; empty when there is none.
    pub caption: Rect,
}

/// A routed edge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// At least two points; each next one is level with or straight above or below the one before. Empty for an edge
    /// whose end is missing.
    pub points: Vec<Point>,
    /// The label, if it has one.
    pub label: Option<Rect>,
}

impl Scene {
    /// Moves everything to the right and down, and lets the page grow with it.
    pub fn shift(&mut self, dx: i32, dy: i32) {
        self.each_corner(&mut |p| *p = Point::new(p.x + dx, p.y + dy));
        self.size = Size::new(self.size.width + dx, self.size.height + dy);
    }

    /// Where the title of a group stands.
    pub fn title(&self, group: usize, size: Size) -> Rect {
        let (frame, offset) = (self.groups[group], self.titles.get(group).copied().unwrap_or_default());
        Rect::new(frame.x + offset.x, frame.y + offset.y, size)
    }

    /// The same for all.
    pub(crate) fn title_rects(&self, graph: &LayoutGraph) -> Vec<Rect> {
        graph.groups.iter().enumerate().map(|(group, spec)| self.title(group, spec.title)).collect()
    }

    /// Moves everything so that it starts at the margin, and sets the size of the page.
    pub(crate) fn settle(&mut self, margin: i32) {
        let mut low = Point::new(i32::MAX, i32::MAX);
        let mut high = Point::new(i32::MIN, i32::MIN);
        self.each_corner(&mut |p| {
            low = Point::new(low.x.min(p.x), low.y.min(p.y));
            high = Point::new(high.x.max(p.x), high.y.max(p.y));
        });
        if low.x > high.x {
            self.size = Size::new(2 * margin, 2 * margin);
            return;
        }
        self.size = Size::default();
        self.shift(margin - low.x, margin - low.y);
        self.size = Size::new(high.x - low.x + 2 * margin, high.y - low.y + 2 * margin);
    }

    /// Swaps left and right with up and down.
    pub(crate) fn transpose(&mut self) {
        let swap = |p: &mut Point| *p = Point::new(p.y, p.x);
        let rect = |r: &mut Rect| *r = Rect { x: r.y, y: r.x, width: r.height, height: r.width };
        self.groups.iter_mut().for_each(rect);
        self.titles.iter_mut().for_each(swap);
        self.boxes.iter_mut().flat_map(|b| [&mut b.shape, &mut b.caption]).for_each(rect);
        self.edges.iter_mut().filter_map(|e| e.label.as_mut()).for_each(rect);
        self.edges.iter_mut().flat_map(|e| &mut e.points).for_each(swap);
        self.size = Size::new(self.size.height, self.size.width);
    }

    fn each_corner(&mut self, act: &mut dyn FnMut(&mut Point)) {
        let mut rect = |r: &mut Rect| {
            let (mut a, mut b) = (Point::new(r.x, r.y), Point::new(r.right(), r.bottom()));
            act(&mut a);
            act(&mut b);
            *r = Rect { x: a.x, y: a.y, width: b.x - a.x, height: b.y - a.y };
        };
        self.groups.iter_mut().for_each(&mut rect);
        for placed in &mut self.boxes {
            rect(&mut placed.shape);
            if placed.caption.width > 0 {
                rect(&mut placed.caption);
            }
        }
        self.edges.iter_mut().filter_map(|e| e.label.as_mut()).for_each(&mut rect);
        self.edges.iter_mut().flat_map(|e| e.points.iter_mut()).for_each(act);
    }
}
