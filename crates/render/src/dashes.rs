//! Where the dashes of a line begin: lines that share a stretch must have them in the same places, or the gaps of one
//! are filled by the dashes of another, and the stretch looks solid.

use crate::stroke::Stroke;
use layout::Point;
use std::collections::BTreeMap;

/// Lengths are in thousandths, so that every machine finds the same.
const UNIT: i64 = 1000;
/// The length of a bend for each unit of its two legs, which is that of a quadratic curve.
const CURVE: i64 = 812;
/// Lines that run together for less than this are not seen to.
const LEAST: i32 = 4;

/// A straight piece of a line.
#[derive(Clone, Copy, Debug)]
struct Piece {
    line: usize,
    /// From where to where, in one direction of the page.
    from: i32,
    to: i32,
    /// How far along the line it begins.
    start: i64,
}

/// Which look, whether it is upright, where it is across, and which way it goes.
type Track = (u32, bool, i32, bool);

/// How much of its pattern each line has behind it where it begins, in thousandths. A pattern is as long as `period`
/// says, which is nothing for a line without dashes; `leg` is how much of a straight piece is part of a bend.
pub(crate) fn offsets(
    lines: &[(Stroke, &[Point])],
    period: impl Fn(Stroke) -> i64,
    leg: impl Fn(Point, Point) -> i32,
) -> Vec<i64> {
    let mut known: BTreeMap<Track, Vec<Piece>> = BTreeMap::new();
    let mut offsets = vec![0; lines.len()];
    for (line, (stroke, points)) in lines.iter().enumerate() {
        let period = period(*stroke) * UNIT;
        if period == 0 {
            continue;
        }
        let pieces = pieces(line, *stroke, points, &leg);
        let mut longest = LEAST - 1;
        for (track, piece) in &pieces {
            for other in known.get(track).into_iter().flatten() {
                let (low, high) = (piece.low().max(other.low()), piece.high().min(other.high()));
                if high - low > longest {
                    longest = high - low;
                    let here = offsets[other.line] + other.along(low) - piece.along(low);
                    offsets[line] = here.rem_euclid(period);
                }
            }
        }
        for (track, piece) in pieces {
            known.entry(track).or_default().push(piece);
        }
    }
    offsets
}

impl Piece {
    fn low(&self) -> i32 {
        self.from.min(self.to)
    }

    fn high(&self) -> i32 {
        self.from.max(self.to)
    }

    /// How far along the line a place on the piece is.
    fn along(&self, at: i32) -> i64 {
        self.start + i64::from((at - self.from).abs()) * UNIT
    }
}

/// The straight pieces between the bends of a line.
fn pieces(line: usize, stroke: Stroke, points: &[Point], leg: &impl Fn(Point, Point) -> i32) -> Vec<(Track, Piece)> {
    let mut out = Vec::new();
    let mut start = 0;
    for (i, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let upright = a.x == b.x;
        let (across, from, to) = if upright { (a.x, a.y, b.y) } else { (a.y, a.x, b.x) };
        let (first, last) = (i == 0, i + 2 == points.len());
        let (cut, cut_end) = (if first { 0 } else { leg(a, b) }, if last { 0 } else { leg(b, a) });
        let way = (to - from).signum();
        let piece = Piece { line, from: from + way * cut, to: to - way * cut_end, start };
        start += i64::from((piece.to - piece.from).abs()) * UNIT;
        if !last {
            start += i64::from(cut_end + leg(b, points[i + 2])) * CURVE;
        }
        out.push(((stroke.number(), upright, across, way > 0), piece));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stroke::{Heads, Sure};

    fn check(lines: &[&[(i32, i32)]], expected: &[i64]) {
        let stroke = Stroke { heads: Heads::Forward, dashed: true, sure: Sure::Yes, step: false };
        let points: Vec<Vec<Point>> =
            lines.iter().map(|line| line.iter().map(|(x, y)| Point::new(*x, *y)).collect()).collect();
        let lines: Vec<(Stroke, &[Point])> = points.iter().map(|points| (stroke, points.as_slice())).collect();
        assert_eq!(offsets(&lines, |stroke| if stroke.dashed { 10 } else { 0 }, |_, _| 0), expected);
    }

    #[test]
    fn lines_that_end_as_one_have_dashes_in_the_same_places() {
        check(&[&[(0, 0), (100, 0)], &[(7, 0), (100, 0)]], &[0, 7000]);
        check(&[&[(0, 0), (100, 0)], &[(50, 33), (50, 0), (100, 0)]], &[0, 7000]);
        check(&[&[(0, 0), (100, 0)], &[(0, 0), (100, 0)]], &[0, 0]);
    }

    #[test]
    fn lines_apart_or_against_each_other_begin_anew() {
        check(&[&[(0, 0), (100, 0)], &[(7, 1), (100, 1)]], &[0, 0]);
        check(&[&[(0, 0), (100, 0)], &[(107, 0), (3, 0)]], &[0, 0]);
        check(&[&[(0, 0), (100, 0)], &[(98, 0), (200, 0)]], &[0, 0]);
    }
}
