//! Whole pixels out of the numbers of other programs.

use layout::Point;

/// Takes back what rounding did: a stretch that was level or upright is so to the pixel.
pub(crate) fn snap(mut points: Vec<Point>) -> Vec<Point> {
    for i in 1..points.len() {
        let before = points[i - 1];
        let point = &mut points[i];
        if (point.x - before.x).abs() <= 1 {
            point.x = before.x;
        }
        if (point.y - before.y).abs() <= 1 {
            point.y = before.y;
        }
    }
    points.dedup();
    points
}
