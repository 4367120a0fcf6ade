//! The layered engine: `elkrs`, a port of the Eclipse Layout Kernel, behind our trait.
//!
//! Groups and boxes are laid out in one run, so an edge between groups is routed like any other. Boxes are handed over
//! without their captions; those are labels outside, which lines go around.

use crate::engine::Engine;
use crate::graph::LayoutGraph;
use crate::route;
use crate::scene::{PlacedBox, Point, Rect, Route, Scene};
use elkrs::core::Elk;
use elkrs::core::engine::RecursiveGraphLayoutEngine;
use elkrs::core::json::JsonImporter;
use elkrs::graph::graph::{ElkGraph, NodeId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Space between a box and its caption.
const CAPTION_GAP: i32 = 4;

/// From this many lines of one style at one end, they share their last stretch.
const BUNDLE: usize = 4;

/// Left to right in layers, with one set of options.
#[derive(Debug)]
pub struct Layered {
    name: &'static str,
    options: &'static [(&'static str, &'static str)],
    bundles: bool,
}

impl Layered {
    /// Every set of options, the best-looking first.
    pub(crate) const ALL: &'static [Self] = &[
        Self {
            name: "layered",
            options: &[("elk.layered.nodePlacement.strategy", "NETWORK_SIMPLEX")],
            bundles: true,
        },
        Self {
            name: "layered, unbundled",
            options: &[("elk.layered.nodePlacement.strategy", "BRANDES_KOEPF")],
            bundles: false,
        },
    ];
}

/// Options that every set shares; the names and values are those of ELK's reference.
const COMMON: &[(&str, &str)] = &[
    ("elk.algorithm", "layered"),
    ("elk.direction", "RIGHT"),
    ("elk.hierarchyHandling", "INCLUDE_CHILDREN"),
    ("elk.edgeRouting", "ORTHOGONAL"),
    ("elk.layered.mergeHierarchyEdges", "false"),
    ("elk.layered.thoroughness", "20"),
    ("elk.layered.nodePlacement.favorStraightEdges", "true"),
    ("elk.randomSeed", "1"),
    ("elk.aspectRatio", "1.6"),
];

/// Distances; nested graphs do not inherit them, so each group repeats them.
const SPACING: &[(&str, &str)] = &[
    ("elk.spacing.nodeNode", "36"),
    ("elk.spacing.edgeNode", "20"),
    ("elk.spacing.edgeEdge", "14"),
    ("elk.spacing.edgeLabel", "3"),
    ("elk.spacing.labelNode", "4"),
    ("elk.spacing.labelLabel", "6"),
    ("elk.spacing.componentComponent", "40"),
    ("elk.spacing.nodeSelfLoop", "16"),
    ("elk.layered.spacing.nodeNodeBetweenLayers", "48"),
    ("elk.layered.spacing.edgeNodeBetweenLayers", "22"),
    ("elk.layered.spacing.edgeEdgeBetweenLayers", "14"),
];

impl Engine for Layered {
    fn name(&self) -> &'static str {
        self.name
    }

    fn place(&self, graph: &LayoutGraph) -> Option<Scene> {
        let mut elk = Elk::new();
        elkrs::alg_layered::provider::register(&mut elk.options, &mut elk.algorithms);
        let mut placed = JsonImporter::new(&elk.options).import_graph(&self.input(graph)).ok()?;
        RecursiveGraphLayoutEngine::new(&elk.algorithms).layout(&mut placed).ok()?;
        read(graph, &placed)
    }
}

impl Layered {
    /// The graph as the engine reads it. Ids are `g`, `b`, `e` and an index.
    fn input(&self, graph: &LayoutGraph) -> Value {
        let ports = if self.bundles { Ports::of(graph) } else { Ports::default() };
        let mut options = options(COMMON.iter().chain(SPACING).chain(self.options));
        options.insert("elk.padding".into(), "[top=0,left=0,bottom=0,right=0]".into());
        let edges: Vec<Value> = (0..graph.edges.len()).map(|e| ports.edge(graph, e)).collect();
        json!({
            "id": "page",
            "layoutOptions": options,
            "children": self.children(graph, &ports, None),
            "edges": edges,
        })
    }

    fn children(&self, graph: &LayoutGraph, ports: &Ports, group: Option<usize>) -> Vec<Value> {
        let groups = graph.groups.iter().enumerate().filter(|(_, g)| g.parent == group);
        let groups = groups.map(|(i, spec)| {
            let mut options = options(SPACING.iter().chain(self.options));
            let top = spec.title.height + 18;
            options.insert("elk.padding".into(), format!("[top={top},left=26,bottom=22,right=26]").into());
            options.insert("elk.nodeSize.constraints".into(), "MINIMUM_SIZE".into());
            let minimum = format!("({},{})", spec.title.width + 16, top + 22);
            options.insert("elk.nodeSize.minimum".into(), minimum.into());
            json!({"id": format!("g{i}"), "layoutOptions": options, "children": self.children(graph, ports, Some(i))})
        });
        let boxes = graph.boxes.iter().enumerate().filter(|(_, b)| b.group == group);
        let boxes = boxes.map(|(i, spec)| {
            let mut value = json!({
                "id": format!("b{i}"), "width": spec.size.width, "height": spec.size.height,
                "ports": ports.at(i),
            });
            if !spec.caption.is_empty() {
                value["labels"] = json!([{"text": "c", "width": spec.caption.width, "height": spec.caption.height}]);
                value["layoutOptions"] = json!({"elk.nodeLabels.placement": "[H_CENTER, V_BOTTOM, OUTSIDE]"});
            }
            value
        });
        groups.chain(boxes).collect()
    }
}

fn options<'a>(pairs: impl Iterator<Item = &'a (&'a str, &'a str)>) -> Map<String, Value> {
    pairs.map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect()
}

/// The ends that several edges share. An edge shares at most one of its ends: were both shared, lines of
/// different pairs would run together and be read as flows that are not there.
#[derive(Default)]
struct Ports {
    /// (box, whether edges start there, style) → name.
    names: BTreeMap<(usize, bool, u32), String>,
    /// For each edge, whether it shares its start or its end.
    shares: Vec<Option<bool>>,
}

impl Ports {
    fn of(graph: &LayoutGraph) -> Self {
        let mut counts: BTreeMap<(usize, bool, u32), usize> = BTreeMap::new();
        for edge in graph.edges.iter().filter(|e| e.from != e.to) {
            *counts.entry((edge.from, true, edge.style)).or_default() += 1;
            *counts.entry((edge.to, false, edge.style)).or_default() += 1;
        }
        let mut ports = Self::default();
        for edge in &graph.edges {
            let count = |key| counts.get(&key).copied().unwrap_or(0);
            let (out, into) = (count((edge.from, true, edge.style)), count((edge.to, false, edge.style)));
            let start = out > into;
            let share = edge.from != edge.to && out.max(into) >= BUNDLE;
            ports.shares.push(share.then_some(start));
            if share {
                let end = if start { edge.from } else { edge.to };
                let name = format!("p{end}-{start}-{}", edge.style);
                ports.names.insert((end, start, edge.style), name);
            }
        }
        ports
    }

    fn at(&self, index: usize) -> Vec<Value> {
        let here = self.names.range((index, false, 0)..(index + 1, false, 0));
        here.map(|(_, name)| json!({"id": name, "width": 0, "height": 0})).collect()
    }

    fn edge(&self, graph: &LayoutGraph, index: usize) -> Value {
        let spec = &graph.edges[index];
        let shares = self.shares.get(index).copied().flatten();
        let end = |start: bool, at: usize| match self.names.get(&(at, start, spec.style)) {
            Some(name) if shares == Some(start) => name.clone(),
            _ => format!("b{at}"),
        };
        let mut value = json!({
            "id": format!("e{index}"), "sources": [end(true, spec.from)], "targets": [end(false, spec.to)],
        });
        if !spec.label.is_empty() {
            value["labels"] = json!([{
                "text": "l", "width": spec.label.width, "height": spec.label.height,
                "layoutOptions": {"elk.edgeLabels.placement": "CENTER"},
            }]);
        }
        value
    }
}

/// Reads the places back; nothing when a number is not one.
fn read(graph: &LayoutGraph, placed: &ElkGraph) -> Option<Scene> {
    let mut scene = Scene {
        groups: vec![Rect::default(); graph.groups.len()],
        boxes: vec![PlacedBox::default(); graph.boxes.len()],
        edges: vec![Route::default(); graph.edges.len()],
        ..Scene::default()
    };
    for (i, node) in placed.nodes.iter().enumerate() {
        let (x, y) = origin(placed, NodeId(u32::try_from(i).ok()?));
        let rect = rect((x, y), node.shape.width, node.shape.height)?;
        match index(node.identifier.as_deref()) {
            Some(('g', g)) => *scene.groups.get_mut(g)? = rect,
            Some(('b', b)) => {
                let spec = graph.boxes.get(b)?;
                let caption = Rect::new(
                    rect.x + (rect.width - spec.caption.width) / 2,
                    rect.bottom() + CAPTION_GAP,
                    spec.caption,
                );
                let caption = if spec.caption.is_empty() { Rect::default() } else { caption };
                *scene.boxes.get_mut(b)? = PlacedBox { shape: Rect::new(rect.x, rect.y, spec.size), caption };
            }
            _ => {}
        }
    }
    for edge in &placed.edges {
        let Some(('e', e)) = index(edge.identifier.as_deref()) else { continue };
        let base = origin(placed, edge.containing_node?);
        let section = placed.section(*edge.sections.first()?);
        let mut points = vec![(section.start_x, section.start_y)];
        points.extend(&section.bend_points);
        points.push((section.end_x, section.end_y));
        let points: Option<Vec<Point>> = points.into_iter().map(|p| point(base, p)).collect();
        let label = edge.labels.first().map(|l| &placed.label(*l).shape);
        let spec = graph.edges.get(e)?;
        let label = match label {
            Some(shape) => Some(Rect::new(
                whole(base.0 + shape.x)?,
                whole(base.1 + shape.y)?,
                spec.label,
            )),
            None => None,
        };
        let ends = (scene.boxes.get(spec.from)?.shape, scene.boxes.get(spec.to)?.shape);
        scene.edges[e] = Route { points: route::straighten(points?, ends), label };
    }
    Some(scene)
}

fn index(id: Option<&str>) -> Option<(char, usize)> {
    let id = id?;
    let kind = id.chars().next()?;
    Some((kind, id[kind.len_utf8()..].parse().ok()?))
}

/// Where a node's own coordinates start on the page.
fn origin(graph: &ElkGraph, node: NodeId) -> (f64, f64) {
    let (mut x, mut y) = (0.0, 0.0);
    let mut at = Some(node);
    while let Some(id) = at {
        let node = graph.node(id);
        x += node.shape.x;
        y += node.shape.y;
        at = node.parent;
    }
    (x, y)
}

fn rect(at: (f64, f64), width: f64, height: f64) -> Option<Rect> {
    let (x, y) = (whole(at.0)?, whole(at.1)?);
    let (right, bottom) = (whole(at.0 + width)?, whole(at.1 + height)?);
    Some(Rect { x, y, width: right - x, height: bottom - y })
}

fn point(base: (f64, f64), p: (f64, f64)) -> Option<Point> {
    Some(Point::new(whole(base.0 + p.0)?, whole(base.1 + p.1)?))
}

/// Nothing for what is not a number or off any page.
fn whole(value: f64) -> Option<i32> {
    let rounded = (value + 0.5).floor();
    (rounded.abs() < 1e7).then_some(rounded as i32)
}
