//! Numbers of a drawing: points, boxes and bends. They come from a file, so none is trusted to be sane.

use crate::xml::{Element, set};
use std::fmt::Write as _;

/// Nobody draws farther out.
const FAR: f64 = 10_000_000.0;

/// A point, or how far to move.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    pub(crate) fn far(self, other: Self) -> f64 {
        (self.x - other.x).abs() + (self.y - other.y).abs()
    }

    /// Whether two points are on one height.
    pub(crate) fn level(self, other: Self) -> bool {
        (self.y - other.y).abs() < 0.01
    }

    fn of(element: &Element) -> Self {
        Self::new(number(element, "x"), number(element, "y"))
    }

    fn element(self, role: Option<&str>) -> Element {
        let point = Element::new("mxPoint").with("x", &text(self.x)).with("y", &text(self.y));
        role.map_or_else(|| point.clone(), |role| point.clone().with("as", role))
    }
}

/// A box.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    pub(crate) fn of(element: &Element) -> Self {
        let size = |name| number(element, name).max(0.0);
        Self { x: number(element, "x"), y: number(element, "y"), width: size("width"), height: size("height") }
    }

    pub(crate) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn corner(self) -> Point {
        Point::new(self.x, self.y)
    }

    pub(crate) fn centre(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub(crate) fn at(self, corner: Point) -> Self {
        Self { x: corner.x, y: corner.y, ..self }
    }

    /// Whether two boxes are of one size.
    pub(crate) fn as_large(self, other: Self) -> bool {
        (self.width - other.width).abs() < 0.01 && (self.height - other.height).abs() < 0.01
    }

    pub(crate) fn moved(self, by: Point) -> Self {
        self.at(self.corner().plus(by))
    }

    /// With so much more room on each side.
    pub(crate) fn grown(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    pub(crate) fn holds(self, other: Self) -> bool {
        self.x <= other.x && self.y <= other.y && other.right() <= self.right() && other.bottom() <= self.bottom()
    }

    /// The smallest box around both.
    pub(crate) fn and(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// The smallest box around two points.
    pub(crate) fn around(a: Point, b: Point) -> Self {
        let (x, y) = (a.x.min(b.x), a.y.min(b.y));
        Self { x, y, width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
    }
}

/// A number of an element; nothing and nonsense are zero, as for the editor.
fn number(element: &Element, name: &str) -> f64 {
    let value = element.get(name).and_then(|v| v.trim().parse::<f64>().ok()).unwrap_or(0.0);
    if value.is_finite() { value.clamp(-FAR, FAR) } else { 0.0 }
}

/// A number with two decimals at most.
pub(crate) fn text(value: f64) -> String {
    let text = format!("{value:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

pub(crate) fn is_relative(geometry: &Element) -> bool {
    geometry.get("relative") == Some("1")
}

/// The bends of an arrow.
pub(crate) fn bends(geometry: &Element) -> Vec<Point> {
    let points = geometry.children.iter().find(|c| c.name == "Array" && c.get("as") == Some("points"));
    points.map(|array| array.children.iter().map(Point::of).collect()).unwrap_or_default()
}

/// A point by its role: `sourcePoint`, `targetPoint`, `offset`.
pub(crate) fn point(geometry: &Element, role: &str) -> Option<Point> {
    geometry.children.iter().find(|c| c.name == "mxPoint" && c.get("as") == Some(role)).map(Point::of)
}

/// Sets a point by its role.
pub(crate) fn set_point(geometry: &mut Element, role: &str, at: Point) {
    geometry.children.retain(|c| c.get("as") != Some(role));
    geometry.children.push(at.element(Some(role)));
}

/// The box of a container while it is collapsed, and only its small stand-in is seen.
pub(crate) fn expanded(geometry: &Element) -> Option<Rect> {
    geometry.children.iter().find(|c| c.name == "mxRectangle" && c.get("as") == Some("alternateBounds")).map(Rect::of)
}

/// Sets the box of a collapsed container.
pub(crate) fn set_expanded(geometry: &mut Element, rect: Rect) {
    if let Some(bounds) = geometry.children.iter_mut().find(|c| c.get("as") == Some("alternateBounds")) {
        set(&mut bounds.attributes, "width", &text(rect.width));
        set(&mut bounds.attributes, "height", &text(rect.height));
    }
}

/// The geometry of an arrow with these bends, and a label along it.
pub(crate) fn route(bends: &[Point], label: Option<(f64, Point)>) -> Element {
    let mut geometry = Element::new("mxGeometry");
    if let Some((along, _)) = label {
        geometry = geometry.with("x", &text(along));
    }
    geometry = geometry.with("relative", "1").with("as", "geometry");
    if !bends.is_empty() {
        let mut array = Element::new("Array").with("as", "points");
        array.children = bends.iter().map(|p| p.element(None)).collect();
        geometry.children.push(array);
    }
    if let Some((_, offset)) = label {
        geometry.children.push(offset.element(Some("offset")));
    }
    geometry
}

/// Moves everything that a geometry says in the coordinates of its container.
pub(crate) fn shift(geometry: &mut Element, by: Point, edge: bool) {
    let moved = |element: &mut Element| {
        let at = Point::of(element).plus(by);
        set(&mut element.attributes, "x", &text(at.x));
        set(&mut element.attributes, "y", &text(at.y));
    };
    if !edge && !is_relative(geometry) {
        moved(geometry);
    }
    for child in &mut geometry.children {
        match child.get("as") {
            Some("points") => child.children.iter_mut().for_each(moved),
            Some("sourcePoint" | "targetPoint") => moved(child),
            Some("alternateBounds") if !edge => moved(child),
            _ => {}
        }
    }
}

/// Whether two cells of these geometries are at the same place and of the same size, however it is written.
pub(crate) fn same(a: &Element, b: &Element) -> bool {
    let all = |g: &Element| (Rect::of(g), summary(g), expanded(g), is_relative(g));
    all(a) == all(b)
}

/// Where something is, or how it runs, in words that do not depend on how it is written. Sizes are not in it.
pub(crate) fn summary(geometry: &Element) -> String {
    let rect = Rect::of(geometry);
    let mut out = [rect.x, rect.y].map(text).join(" ");
    for bend in bends(geometry) {
        let _ = write!(out, " {} {}", text(bend.x), text(bend.y));
    }
    for role in ["sourcePoint", "targetPoint", "offset"] {
        if let Some(at) = point(geometry, role) {
            let _ = write!(out, " {role} {} {}", text(at.x), text(at.y));
        }
    }
    out
}
