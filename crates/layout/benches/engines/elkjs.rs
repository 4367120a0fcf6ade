//! `elkjs`, the Eclipse Layout Kernel for JavaScript, in Node. `benches/elkjs` holds its package and what calls it.

use crate::run::{Outcome, run};
use crate::snap::snap;
use layout::{LayoutGraph, PlacedBox, Point, Rect, Route, Scene, Size};
use serde::Deserialize;
use std::time::Duration;

/// Space between a box and its caption.
const CAPTION_GAP: i32 = 4;

/// What `place.mjs` prints.
#[derive(Deserialize)]
struct Placed {
    milliseconds: f64,
    width: f64,
    height: f64,
    groups: Vec<Area>,
    boxes: Vec<Area>,
    edges: Vec<Line>,
}

#[derive(Deserialize)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

#[derive(Deserialize)]
struct Line {
    points: Vec<Place>,
    label: Option<Place>,
}

#[derive(Clone, Copy, Deserialize)]
struct Place {
    x: f64,
    y: f64,
}

/// Lays a graph out.
pub(crate) fn place(graph: &LayoutGraph) -> Option<(LayoutGraph, Outcome)> {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/elkjs/place.mjs");
    let (output, _) = run("node", &[program], &serde_json::to_vec(graph).ok()?)?;
    let placed: Placed = serde_json::from_slice(&output).ok()?;
    let time = Duration::from_secs_f64(placed.milliseconds / 1e3);
    Some((graph.clone(), Outcome { scene: scene(graph, &placed), time }))
}

fn scene(graph: &LayoutGraph, placed: &Placed) -> Scene {
    let boxes = placed.boxes.iter().zip(&graph.boxes).map(|(area, spec)| {
        let shape = Rect { x: whole(area.x), y: whole(area.y), width: spec.size.width, height: spec.size.height };
        let left = shape.x + (shape.width - spec.caption.width) / 2;
        PlacedBox { shape, caption: Rect::new(left, shape.bottom() + CAPTION_GAP, spec.caption) }
    });
    let edges = placed.edges.iter().zip(&graph.edges).map(|(line, spec)| Route {
        points: snap(line.points.iter().map(|p| Point::new(whole(p.x), whole(p.y))).collect()),
        label: line.label.map(|p| Rect::new(whole(p.x), whole(p.y), spec.label)),
    });
    let groups = placed.groups.iter().map(|a| Rect {
        x: whole(a.x),
        y: whole(a.y),
        width: whole(a.x + a.width) - whole(a.x),
        height: whole(a.y + a.height) - whole(a.y),
    });
    Scene {
        size: Size::new(whole(placed.width), whole(placed.height)),
        groups: groups.collect(),
        boxes: boxes.collect(),
        edges: edges.collect(),
        ..Scene::default()
    }
}

fn whole(value: f64) -> i32 {
    (value + 0.5).floor() as i32
}
