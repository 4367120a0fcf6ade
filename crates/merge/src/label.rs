//! Where the words on an arrow stand: beside one of its longer pieces, on as little else as can be.

use crate::cell::Cell;
use crate::geometry::{self, Point, Rect};
use crate::sheet::Sheet;
use crate::style;
use crate::words;
use std::collections::BTreeSet;

/// The room between words and line.
const BESIDE: f64 = 4.0;
/// So many of the longest pieces are tried, at these parts of each.
const PIECES: usize = 6;
const PARTS: [f64; 7] = [0.5, 0.35, 0.65, 0.25, 0.75, 0.15, 0.85];
/// What a line through words costs.
const STRUCK: usize = 4;
/// Words stand so much farther off the line, if there is no room beside it.
const FARTHER: [f64; 3] = [0.0, 12.0, 28.0];

/// About how large words are drawn.
pub(crate) fn size(cell: &Cell) -> Option<(f64, f64)> {
    if cell.label().is_empty() {
        return None;
    }
    let size = style::value(cell.style(), "fontSize").and_then(|s| s.parse::<f64>().ok()).unwrap_or(12.0);
    let size = size.clamp(4.0, 72.0);
    let (mut widest, mut count) = (0, 0);
    for line in cell.label().replace("<br/>", "<br>").split("<br>").flat_map(str::lines).take(50) {
        widest = widest.max(words::without_tags(line).chars().count().min(200));
        count += 1;
    }
    Some((widest as f64 * size * 0.58, f64::from(count) * size * 1.25))
}

/// The title of a container.
pub(crate) fn title(cell: &Cell, rect: Rect) -> Option<Rect> {
    let (width, height) = size(cell)?;
    Some(Rect { width: rect.width.min(width + 20.0), height: rect.height.min(height + 10.0), ..rect })
}

/// The words of an arrow on the page.
pub(crate) fn rect(sheet: &Sheet, cell: &Cell) -> Option<Rect> {
    let ((width, height), geometry) = (size(cell)?, cell.geometry.as_ref()?);
    let route = sheet.route(cell);
    let total: f64 = route.windows(2).map(|pair| pair[0].far(pair[1])).sum();
    let along = geometry.get("x").and_then(|x| x.parse::<f64>().ok()).unwrap_or(0.0).clamp(-1.0, 1.0);
    let mut left = f64::midpoint(along, 1.0) * total;
    for pair in route.windows(2) {
        let length = pair[0].far(pair[1]);
        if left <= length && length > 0.0 {
            let at = between(pair[0], pair[1], left / length);
            let at = at.plus(geometry::point(geometry, "offset").unwrap_or_default());
            return Some(Rect { x: at.x - width / 2.0, y: at.y - height / 2.0, width, height });
        }
        left -= length;
    }
    None
}

fn between(a: Point, b: Point, part: f64) -> Point {
    Point::new(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
}

/// A place along an arrow and off it, and the box on the page.
type Found = ((f64, Point), Rect);

/// What is around words on an arrow.
pub(crate) struct Around {
    /// What they must not cover.
    pub(crate) taken: Vec<Rect>,
    /// What they had better not cover.
    pub(crate) lines: Vec<(Point, Point)>,
    /// What they had better not leave.
    pub(crate) frame: Option<Rect>,
}

impl Around {
    /// Whether words in this box stand on nothing.
    pub(crate) fn is_free(&self, rect: Rect, route: &[Point]) -> bool {
        self.cost(rect, route) < STRUCK
    }

    /// What it costs that words stand in this box.
    fn cost(&self, rect: Rect, route: &[Point]) -> usize {
        let boxes = self.taken.iter().filter(|t| t.overlaps(rect)).count();
        let out = usize::from(self.frame.is_some_and(|frame| !frame.holds(rect)));
        let own = route.windows(2).map(|p| (p[0], p[1]));
        let all = self.lines.iter().copied().chain(own);
        let struck = all.filter(|(p, q)| Rect::around(*p, *q).grown(1.0).overlaps(rect));
        // Lines that run as one are seen as one.
        let seen: BTreeSet<(bool, i64)> =
            struck.map(|(p, q)| (p.level(q), if p.level(q) { p.y } else { p.x }.round() as i64)).collect();
        boxes * 100 + seen.len() * STRUCK + out * 3
    }
}

/// How far along a route words of a size stand, from -1 to 1, and how far off it; with the box that they cover.
pub(crate) fn best(route: &[Point], (width, height): (f64, f64), around: &Around) -> Option<Found> {
    let total: f64 = route.windows(2).map(|pair| pair[0].far(pair[1])).sum();
    let mut start = 0.0;
    let mut pieces = Vec::new();
    for pair in route.windows(2) {
        let length = pair[0].far(pair[1]);
        pieces.push((length, start, pair[0], pair[1]));
        start += length;
    }
    pieces.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best: Option<(usize, Found)> = None;
    for (length, start, a, b) in pieces.into_iter().take(PIECES) {
        let level = a.level(b);
        let short = usize::from(level && length < width);
        for (part, (farther, offset)) in
            PARTS.iter().flat_map(|part| beside(level, width, height).map(move |o| (part, o)))
        {
            let at = between(a, b, *part).plus(offset);
            let rect = Rect { x: at.x - width / 2.0, y: at.y - height / 2.0, width, height };
            let cost = around.cost(rect, route) + farther * 6 + short;
            if best.as_ref().is_none_or(|(known, _)| cost < *known) {
                let along = if total > 0.0 { 2.0 * (start + length * part) / total - 1.0 } else { 0.0 };
                best = Some((cost, ((along, offset), rect)));
            }
        }
        if best.as_ref().is_some_and(|(cost, _)| *cost == 0) {
            break;
        }
    }
    best.map(|(_, found)| found)
}

/// How far off a level or upright line words may stand, near ones first, each with how many steps that is too far.
fn beside(level: bool, width: f64, height: f64) -> impl Iterator<Item = (usize, Point)> {
    FARTHER.iter().enumerate().flat_map(move |(steps, farther)| {
        let off = if level {
            Point::new(0.0, height / 2.0 + BESIDE + farther)
        } else {
            Point::new(width / 2.0 + BESIDE + farther, 0.0)
        };
        [(steps, Point::default().minus(off)), (steps, off)]
    })
}
