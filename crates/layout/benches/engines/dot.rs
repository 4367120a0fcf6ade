//! Graphviz `dot`: orthogonal lines and clusters. It cannot route around captions or reserve room for labels of such
//! lines, so a box is as large as its shape and caption together, and labels are what it calls external.

use crate::graphs::ICON;
use crate::run::{Outcome, run};
use crate::snap::snap;
use layout::{LayoutGraph, PlacedBox, Point, Rect, Route, Scene, Size};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Lays a graph out. The graph that comes back is the one to measure by: its boxes hold their captions.
pub(crate) fn place(graph: &LayoutGraph) -> Option<(LayoutGraph, Outcome)> {
    let mut whole = graph.clone();
    for each in &mut whole.boxes {
        each.size = Size::new(each.size.width.max(each.caption.width), ICON + 4 + each.caption.height);
        each.caption = Size::default();
    }
    let (output, time) = run("dot", &["-Tjson"], source(&whole).as_bytes())?;
    let scene = read(&whole, &serde_json::from_slice(&output).ok()?)?;
    Some((whole, Outcome { scene, time }))
}

fn source(graph: &LayoutGraph) -> String {
    let mut text = "digraph {\ngraph [rankdir=LR splines=ortho nodesep=0.5 ranksep=0.7]\n".to_owned();
    text += "node [shape=box fixedsize=true label=\"\"]\nedge [arrowhead=none]\n";
    inside(graph, None, &mut text);
    for (i, edge) in graph.edges.iter().enumerate() {
        let label = if edge.label.is_empty() { String::new() } else { format!(" xlabel={}", table(edge.label)) };
        let _ = writeln!(text, "b{} -> b{} [id=e{i}{label}]", edge.from, edge.to);
    }
    text + "}\n"
}

fn inside(graph: &LayoutGraph, group: Option<usize>, text: &mut String) {
    for (i, spec) in graph.groups.iter().enumerate().filter(|(_, g)| g.parent == group) {
        let title = table(spec.title);
        let _ = writeln!(text, "subgraph cluster_{i} {{ id=g{i} margin=20 labeljust=l label={title}");
        inside(graph, Some(i), text);
        text.push_str("}\n");
    }
    for (i, spec) in graph.boxes.iter().enumerate().filter(|(_, b)| b.group == group) {
        let (width, height) = (f64::from(spec.size.width) / 72.0, f64::from(spec.size.height) / 72.0);
        let _ = writeln!(text, "b{i} [id=b{i} width={width} height={height}]");
    }
}

/// A label of just this size.
fn table(size: Size) -> String {
    let Size { width, height } = size;
    format!(
        "<<table border=\"0\" cellborder=\"0\" cellpadding=\"0\" cellspacing=\"0\" fixedsize=\"true\" width=\"{width}\" \
         height=\"{height}\"><tr><td></td></tr></table>>"
    )
}

/// Reads places; Graphviz counts upwards from the bottom.
fn read(graph: &LayoutGraph, output: &Value) -> Option<Scene> {
    let mut scene = Scene {
        groups: vec![Rect::default(); graph.groups.len()],
        boxes: vec![PlacedBox::default(); graph.boxes.len()],
        edges: vec![Route::default(); graph.edges.len()],
        ..Scene::default()
    };
    let page = numbers(output["bb"].as_str()?)?;
    let (width, height) = (page[2] - page[0], page[3] - page[1]);
    scene.size = Size::new(width.round() as i32 + 48, height.round() as i32 + 48);
    let point = |x: f64, y: f64| Point::new(x.round() as i32 + 24, (height - y).round() as i32 + 24);
    for object in output["objects"].as_array()? {
        let Some((kind, index)) =
            object["id"].as_str().and_then(|id| Some((id.get(..1)?, id.get(1..)?.parse::<usize>().ok()?)))
        else {
            continue;
        };
        if kind == "g" {
            let frame = numbers(object["bb"].as_str()?)?;
            let (low, high) = (point(frame[0], frame[3]), point(frame[2], frame[1]));
            scene.groups[index] = Rect { x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y };
        } else {
            let centre = numbers(object["pos"].as_str()?)?;
            let centre = point(centre[0], centre[1]);
            let size = graph.boxes[index].size;
            let shape = Rect::new(centre.x - size.width / 2, centre.y - size.height / 2, size);
            scene.boxes[index].shape = shape;
        }
    }
    let routes: BTreeMap<&str, &Value> =
        output["edges"].as_array()?.iter().filter_map(|e| Some((e["id"].as_str()?, e))).collect();
    for (i, spec) in graph.edges.iter().enumerate() {
        let edge = routes.get(format!("e{i}").as_str())?;
        let all: Option<Vec<Vec<f64>>> = edge["pos"].as_str()?.split_whitespace().map(numbers).collect();
        // Of a Bézier curve that is a polyline, every third point is a corner.
        let points = all?.iter().step_by(3).map(|p| point(p[0], p[1])).collect();
        let ends = (scene.boxes[spec.from].shape, scene.boxes[spec.to].shape);
        let label = edge["xlp"].as_str().and_then(numbers).map(|p| point(p[0], p[1]));
        let label = label.map(|p| Rect::new(p.x - spec.label.width / 2, p.y - spec.label.height / 2, spec.label));
        scene.edges[i] = Route { points: fitted(points, ends), label };
    }
    Some(scene)
}

fn numbers(text: &str) -> Option<Vec<f64>> {
    text.split(',').filter(|n| *n != "e" && *n != "s").map(|n| n.parse().ok()).collect()
}

/// What rounding did is taken back, and ends are on outlines.
fn fitted(points: Vec<Point>, ends: (Rect, Rect)) -> Vec<Point> {
    let mut points = snap(points);
    let near = |a: i32, b: i32| if (a - b).abs() <= 2 { b } else { a };
    let onto = |p: &mut Point, r: Rect| {
        *p = Point::new(near(near(p.x, r.x), r.right()), near(near(p.y, r.y), r.bottom()));
    };
    if let [first, .., last] = points.as_mut_slice() {
        onto(first, ends.0);
        onto(last, ends.1);
    }
    points
}
