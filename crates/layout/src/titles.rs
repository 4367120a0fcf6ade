//! Titles of groups. A title stands at the beginning of its side, unless a line enters the group there: then it moves along
//! the side to where none does. Lines that point down need that often, others seldom.

use crate::graph::{Direction, LayoutGraph};
use crate::scene::{Point, Rect, Scene};

/// Space between a line and a title that stands aside for it.
const GAP: i32 = 2;

/// Moves each title that something covers to where it is free, if there is such a place. In a graph that points down the
/// side is the left one, as that is the upper one when the scene is transposed.
pub(crate) fn place(graph: &LayoutGraph, scene: &mut Scene) {
    scene.titles = vec![Point::default(); graph.groups.len()];
    for group in 0..graph.groups.len() {
        let frame = scene.groups[group];
        let size = graph.groups[group].title;
        let free = |offset: &Point| {
            let rect = Rect::new(frame.x + offset.x, frame.y + offset.y, size);
            frame.contains(&rect) && !covered(scene, group, &rect)
        };
        let offsets = candidates(graph.direction, scene, frame);
        scene.titles[group] = offsets.into_iter().find(free).unwrap_or_default();
    }
}

/// The corner, and next to each line that crosses the side.
fn candidates(direction: Direction, scene: &Scene, frame: Rect) -> Vec<Point> {
    let mut along: Vec<i32> = scene
        .edges
        .iter()
        .flat_map(|edge| &edge.points)
        .map(|p| match direction {
            Direction::Right => p.x - frame.x + GAP,
            Direction::Down => p.y - frame.y + GAP,
        })
        .filter(|offset| *offset > 0)
        .chain([0])
        .collect();
    along.sort_unstable();
    along.dedup();
    let point = |offset| match direction {
        Direction::Right => Point::new(offset, 0),
        Direction::Down => Point::new(0, offset),
    };
    along.into_iter().map(point).collect()
}

fn covered(scene: &Scene, group: usize, title: &Rect) -> bool {
    let lines = scene.edges.iter().flat_map(|edge| edge.points.windows(2));
    let inner = scene.groups.iter().enumerate().filter(|(g, frame)| *g != group && scene.groups[group].contains(frame));
    lines.into_iter().any(|pair| title.crossed_by(pair[0], pair[1]))
        || scene.boxes.iter().flat_map(|b| [b.shape, b.caption]).any(|rect| rect.overlaps(title))
        || inner.into_iter().any(|(_, frame)| frame.overlaps(title))
}
