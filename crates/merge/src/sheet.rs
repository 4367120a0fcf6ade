//! The cells of a page by id, and where they are on the page: what a cell says is relative to its container.

use crate::cell::Cell;
use crate::geometry::{Point, Rect, bends, expanded, is_relative, point};
use crate::label;
use crate::style;
use std::collections::HashMap;

/// Containers in containers are followed so far; a file may hold a circle of them.
const MAX_DEPTH: usize = 64;

/// Cells of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) cells: Vec<Cell>,
    index: HashMap<String, usize>,
}

impl Sheet {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        let index = cells.iter().enumerate().map(|(i, cell)| (cell.id.clone(), i)).collect();
        Self { cells, index }
    }

    pub(crate) fn push(&mut self, cell: Cell) {
        self.index.insert(cell.id.clone(), self.cells.len());
        self.cells.push(cell);
    }

    /// Takes cells away.
    pub(crate) fn remove(&mut self, ids: &[String]) {
        let mut cells = std::mem::take(&mut self.cells);
        cells.retain(|cell| !ids.contains(&cell.id));
        *self = Self::new(cells);
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.index.contains_key(id)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Cell> {
        self.index.get(id).map(|i| &self.cells[*i])
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Cell> {
        self.index.get(id).map(|i| &mut self.cells[*i])
    }

    /// The cells around a cell, innermost first.
    pub(crate) fn around<'a>(&'a self, cell: &'a Cell) -> impl Iterator<Item = &'a Cell> {
        std::iter::successors(self.get(cell.parent()), |at| self.get(at.parent())).take(MAX_DEPTH)
    }

    /// Where the coordinates of what is in a cell start.
    pub(crate) fn origin(&self, id: &str) -> Point {
        let Some(cell) = self.get(id) else { return Point::default() };
        let corner = |cell: &Cell| match &cell.geometry {
            Some(geometry) if cell.is_vertex() && !is_relative(geometry) => Rect::of(geometry).corner(),
            _ => Point::default(),
        };
        self.around(cell).map(corner).fold(corner(cell), Point::plus)
    }

    /// Where a cell is on the page; `None` for arrows, layers and what hangs on an arrow or a border.
    pub(crate) fn rect(&self, id: &str) -> Option<Rect> {
        let cell = self.get(id)?;
        let geometry = cell.geometry.as_ref().filter(|g| cell.is_vertex() && !is_relative(g))?;
        let rect = Rect::of(geometry);
        Some(rect.moved(self.origin(cell.parent())))
    }

    /// The same, with the size that a collapsed container has when it is open.
    pub(crate) fn open_rect(&self, id: &str) -> Option<Rect> {
        let rect = self.rect(id)?;
        let cell = self.get(id)?;
        let open = cell.geometry.as_ref().filter(|_| cell.get("collapsed") == Some("1")).and_then(expanded);
        Some(open.map_or(rect, |open| Rect { width: open.width, height: open.height, ..rect }))
    }

    /// The room that a cell takes with its caption.
    pub(crate) fn room(&self, id: &str) -> Option<Rect> {
        let (cell, rect) = (self.get(id)?, self.open_rect(id)?);
        Some(rect.and(caption(cell, rect).unwrap_or(rect)))
    }

    /// What a cell covers: itself and its caption.
    pub(crate) fn covered(&self, id: &str) -> impl Iterator<Item = Rect> {
        let rect = self.open_rect(id);
        let caption = self.get(id).zip(rect).and_then(|(cell, rect)| caption(cell, rect));
        rect.into_iter().chain(caption)
    }

    /// The points of an arrow on the page, as far as the file says.
    pub(crate) fn route(&self, cell: &Cell) -> Vec<Point> {
        let Some(geometry) = &cell.geometry else { return Vec::new() };
        let origin = self.origin(cell.parent());
        let inner: Vec<Point> = bends(geometry).into_iter().map(|p| p.plus(origin)).collect();
        let end = |side: &str, role: &str, port: &str, next: Option<&Point>| {
            let rect = cell.get(side).and_then(|id| self.rect(id));
            let fixed = rect.and_then(|rect| self::port(cell.style(), port, rect));
            let free = || point(geometry, role).map(|p| p.plus(origin));
            let straight = || rect.map(|rect| next.map_or(rect.centre(), |next| nearest(rect, *next)));
            fixed.or_else(straight).or_else(free)
        };
        let first = end("source", "sourcePoint", "exit", inner.first());
        let last = end("target", "targetPoint", "entry", inner.last());
        first.into_iter().chain(inner.iter().copied()).chain(last).collect()
    }
}

/// Where an arrow with fixed ends leaves (`exit`) or enters (`entry`) a box.
fn port(style: &str, end: &str, rect: Rect) -> Option<Point> {
    let part = |name: &str| style::value(style, &format!("{end}{name}"))?.parse::<f64>().ok().filter(|v| v.abs() < 1e6);
    let (x, y) = (part("X")?, part("Y")?);
    Some(Point::new(rect.x + x * rect.width, rect.y + y * rect.height))
}

/// The point of a box that is nearest to a point outside.
fn nearest(rect: Rect, to: Point) -> Point {
    Point::new(to.x.clamp(rect.x, rect.right()), to.y.clamp(rect.y, rect.bottom()))
}

/// The words below an icon, or to the right of it.
fn caption(cell: &Cell, rect: Rect) -> Option<Rect> {
    let (width, height) = label::size(cell)?;
    if style::value(cell.style(), "verticalLabelPosition") == Some("bottom") {
        return Some(Rect { x: rect.centre().x - width / 2.0, y: rect.bottom(), width, height: height + 6.0 });
    }
    let beside = style::value(cell.style(), "labelPosition") == Some("right");
    beside.then(|| Rect { x: rect.right(), y: rect.centre().y - height / 2.0, width: width + 6.0, height })
}
