//! The layered engine: `elkrs`, a port of the Eclipse Layout Kernel, behind our trait.
//!
//! Groups and boxes are laid out in one run, so an edge between groups is routed like any other. Boxes are handed over
//! without their captions; those are labels outside, which lines go around.

use crate::aside::Aside;
use crate::bundle::shared_ends;
use crate::engine::Engine;
use crate::flow;
use crate::graph::{BoxSpec, Direction, EdgeSpec, GroupSpec, LayoutGraph, Size};
use crate::route;
use crate::scene::{PlacedBox, Point, Rect, Route, Scene};
use elkrs::core::Elk;
use elkrs::core::engine::RecursiveGraphLayoutEngine;
use elkrs::core::json::JsonImporter;
use elkrs::graph::graph::{ElkGraph, NodeId};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Space between a box and its caption.
const CAPTION_GAP: i32 = 4;

/// Space between a group's frame and what is in it, but for the title.
const PADDING: i32 = 26;

/// Left to right in layers, with one set of options.
#[derive(Debug)]
pub struct Layered {
    name: &'static str,
    options: &'static [(&'static str, &'static str)],
    /// From this many lines of one style at one end, they share their last stretch.
    bundle: usize,
    /// Whether boxes at which the flow ends are in the last layer.
    ends: bool,
}

/// How nodes of a layer are placed, see [`Layered::ALL`].
const PLACEMENT: &str = "org.eclipse.elk.layered.nodePlacement.strategy";
const SEED: &str = "org.eclipse.elk.randomSeed";
const THOROUGHNESS: &str = "org.eclipse.elk.layered.thoroughness";

/// From so many lines on, a box has no room for a place of its own for each.
const CROWD: usize = 12;

impl Layered {
    /// Every set of options. None is best for every graph, so they are tried side by side; the first is best for most.
    /// Placing within layers may be simple, as everything is moved together afterwards.
    pub const ALL: &'static [Self] = &[
        Self {
            name: "layered, lines together from the start",
            options: &[(SEED, "1"), (PLACEMENT, "LINEAR_SEGMENTS")],
            bundle: 4,
            ends: true,
        },
        Self { ends: true, ..Self::draft("layered, ends last", &[(SEED, "1"), (PLACEMENT, "SIMPLE")]) },
        Self::draft("layered, a second order", &[(SEED, "5"), (PLACEMENT, "SIMPLE")]),
        Self::draft("layered, a third order", &[(SEED, "9"), (PLACEMENT, "LINEAR_SEGMENTS")]),
    ];

    /// For graphs that the exact methods take too long for: their cost grows with the square of the size and more.
    pub const LARGE: &'static [Self] = &[
        Self::draft("layered, for many boxes", &[(SEED, "1"), (THOROUGHNESS, "5"), (PLACEMENT, "SIMPLE")]),
        Self::draft("layered, for many boxes", &[(SEED, "5"), (THOROUGHNESS, "5"), (PLACEMENT, "SIMPLE")]),
        Self::draft("layered, for many boxes", &[(SEED, "9"), (THOROUGHNESS, "5"), (PLACEMENT, "SIMPLE")]),
        Self::draft("layered, for many boxes", &[(SEED, "13"), (THOROUGHNESS, "5"), (PLACEMENT, "SIMPLE")]),
    ];

    /// For graphs that nobody can read anyway.
    pub const HUGE: &'static [Self] = &[Self::draft(
        "layered, for very many boxes",
        &[
            (SEED, "1"),
            (THOROUGHNESS, "1"),
            ("org.eclipse.elk.layered.layering.strategy", "LONGEST_PATH"),
            (PLACEMENT, "BRANDES_KOEPF"),
        ],
    )];

    const fn draft(name: &'static str, options: &'static [(&'static str, &'static str)]) -> Self {
        Self { name, options, bundle: CROWD, ends: false }
    }
}

/// The engine with the options that it knows. To fill it takes longer than to place a small page.
static ELK: LazyLock<Elk> = LazyLock::new(|| {
    let mut elk = Elk::new();
    elkrs::alg_layered::provider::register(&mut elk.options, &mut elk.algorithms);
    elk
});

/// Options that every set shares; the names and values are those of ELK's reference. A name that is not whole is searched
/// among all others, each time.
const COMMON: &[(&str, &str)] = &[
    ("org.eclipse.elk.algorithm", "layered"),
    ("org.eclipse.elk.direction", "RIGHT"),
    ("org.eclipse.elk.hierarchyHandling", "INCLUDE_CHILDREN"),
    ("org.eclipse.elk.edgeRouting", "ORTHOGONAL"),
    ("org.eclipse.elk.layered.mergeHierarchyEdges", "false"),
    (THOROUGHNESS, "7"),
    ("org.eclipse.elk.layered.nodePlacement.favorStraightEdges", "true"),
    ("org.eclipse.elk.aspectRatio", "1.6"),
];

/// Distances; nested graphs do not inherit them, so each group repeats them.
const SPACING: &[(&str, &str)] = &[
    ("org.eclipse.elk.spacing.nodeNode", "36"),
    ("org.eclipse.elk.spacing.edgeNode", "20"),
    ("org.eclipse.elk.spacing.edgeEdge", "14"),
    ("org.eclipse.elk.spacing.edgeLabel", "3"),
    ("org.eclipse.elk.spacing.labelNode", "4"),
    ("org.eclipse.elk.spacing.labelLabel", "6"),
    ("org.eclipse.elk.spacing.componentComponent", "40"),
    ("org.eclipse.elk.spacing.nodeSelfLoop", "16"),
    ("org.eclipse.elk.layered.spacing.nodeNodeBetweenLayers", "48"),
    ("org.eclipse.elk.layered.spacing.edgeNodeBetweenLayers", "22"),
    ("org.eclipse.elk.layered.spacing.edgeEdgeBetweenLayers", "14"),
];

impl Engine for Layered {
    fn name(&self) -> &'static str {
        self.name
    }

    fn place(&self, graph: &LayoutGraph) -> Option<Scene> {
        let aside = Aside::of(graph);
        let against = flow::against(graph);
        let mut placed = JsonImporter::new(&ELK.options).import_graph(&self.input(graph, &aside, &against)).ok()?;
        RecursiveGraphLayoutEngine::new(&ELK.algorithms).layout(&mut placed).ok()?;
        let mut scene = read(graph, &placed)?;
        for (route, _) in scene.edges.iter_mut().zip(&against).filter(|(_, against)| **against) {
            route.points.reverse();
        }
        for (route, spec) in scene.edges.iter_mut().zip(&graph.edges) {
            let ends = (scene.boxes[spec.from].shape, scene.boxes[spec.to].shape);
            route.points = route::straighten(std::mem::take(&mut route.points), ends);
        }
        aside.place(graph, &mut scene, |group| Room::of(graph, &graph.groups[group]).left, PADDING);
        Some(scene)
    }
}

impl Layered {
    /// The graph as the engine reads it. Ids are `g`, `b`, `e` and an index.
    fn input(&self, graph: &LayoutGraph, aside: &Aside, against: &[bool]) -> Value {
        let ports = Ports::of(graph, against, self.bundle);
        let content = Parts { graph, aside, ports: &ports, against, ends: self.ends };
        let mut options = options(COMMON.iter().chain(SPACING).chain(self.options));
        options.insert("org.eclipse.elk.padding".into(), "[top=0,left=0,bottom=0,right=0]".into());
        let edges: Vec<Value> = (0..graph.edges.len()).map(|e| ports.edge(graph, e, against[e])).collect();
        json!({
            "id": "page",
            "layoutOptions": options,
            "children": self.children(&content, None),
            "edges": edges,
        })
    }

    fn children(&self, parts: &Parts<'_>, group: Option<usize>) -> Vec<Value> {
        let groups = parts.graph.groups.iter().enumerate().filter(|(_, g)| g.parent == group);
        let groups = groups.map(|(i, spec)| {
            let mut options = options(SPACING.iter().chain(self.options));
            // Within a group the engine's own choice is the best.
            options.remove(PLACEMENT);
            if parts.graph.boxes.iter().any(|each| each.group == Some(i) && each.order > 0) {
                options
                    .insert("org.eclipse.elk.layered.crossingMinimization.forceNodeModelOrder".into(), "true".into());
            }
            let foot = parts.aside.room(i);
            let Room { left, top, width, height } = Room::of(parts.graph, spec);
            let children = self.children(parts, Some(i));
            let bottom = PADDING + foot.height + if children.is_empty() { 0 } else { foot.height.min(PADDING) };
            options.insert(
                "org.eclipse.elk.padding".into(),
                format!("[top={top},left={left},bottom={bottom},right={PADDING}]").into(),
            );
            options.insert("org.eclipse.elk.nodeSize.constraints".into(), "MINIMUM_SIZE".into());
            let (width, height) = (width.max(left + foot.width + PADDING), height.max(top + bottom));
            options.insert("org.eclipse.elk.nodeSize.minimum".into(), format!("({width},{height})").into());
            let mut value = json!({"id": format!("g{i}"), "layoutOptions": options, "children": children});
            if children_of(&value).is_empty() {
                value["width"] = width.into();
                value["height"] = height.into();
            }
            value
        });
        // The engine takes no box to the end that an edge leads on from.
        let leads_on = |i: usize| {
            let source = |(edge, against): (&EdgeSpec, &bool)| if *against { edge.to == i } else { edge.from == i };
            parts.graph.edges.iter().zip(parts.against).any(source)
        };
        let alone = |i: usize| parts.aside.has(i);
        let boxes = parts.graph.boxes.iter().enumerate().filter(|(i, b)| b.group == group && !alone(*i));
        let mut boxes: Vec<(usize, &BoxSpec)> = boxes.collect();
        boxes.sort_by_key(|(_, spec)| spec.order);
        let boxes = boxes.into_iter().map(|(i, spec)| {
            let mut value = json!({
                "id": format!("b{i}"), "width": spec.size.width, "height": spec.size.height,
                "ports": parts.ports.at(i),
            });
            let mut options = Map::new();
            if parts.ends && spec.end && group.is_none() && !leads_on(i) {
                options.insert("org.eclipse.elk.layered.layering.layerConstraint".into(), "LAST".into());
            }
            if !spec.caption.is_empty() {
                value["labels"] = json!([{"text": "c", "width": spec.caption.width, "height": spec.caption.height}]);
                options.insert("org.eclipse.elk.nodeLabels.placement".into(), "[H_CENTER, V_BOTTOM, OUTSIDE]".into());
            }
            value["layoutOptions"] = options.into();
            value
        });
        groups.chain(boxes).collect()
    }
}

/// The room that the title of a group takes.
struct Room {
    left: i32,
    top: i32,
    /// The least of the group.
    width: i32,
    /// The same.
    height: i32,
}

impl Room {
    fn of(graph: &LayoutGraph, spec: &GroupSpec) -> Self {
        let Size { width, height } = spec.title;
        match graph.direction {
            Direction::Right => Self { left: PADDING, top: height + 18, width: width + 16, height: 0 },
            Direction::Down if spec.apart => Self { left: PADDING, top: height + 8, width: width + 16, height: 0 },
            Direction::Down => Self { left: width + 18, top: PADDING, width: 0, height: height + 16 },
        }
    }
}

/// What the input is made from.
struct Parts<'a> {
    graph: &'a LayoutGraph,
    aside: &'a Aside,
    ports: &'a Ports,
    against: &'a [bool],
    ends: bool,
}

fn children_of(value: &Value) -> &[Value] {
    value["children"].as_array().map_or(&[], Vec::as_slice)
}

fn options<'a>(pairs: impl Iterator<Item = &'a (&'a str, &'a str)>) -> Map<String, Value> {
    pairs.map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect()
}

/// A box, whether edges start there, whether they run against the flow, and their style.
type Shared = (usize, bool, bool, u32);

/// The ends that several edges share.
struct Ports {
    /// Name of each shared end.
    names: BTreeMap<Shared, String>,
    /// For each edge, whether it shares its start or its end.
    shares: Vec<Option<bool>>,
}

impl Ports {
    fn of(graph: &LayoutGraph, against: &[bool], least: usize) -> Self {
        let mut ports = Self { names: BTreeMap::new(), shares: shared_ends(graph, Some(against), least) };
        for ((edge, &against), shares) in graph.edges.iter().zip(against).zip(&ports.shares) {
            if let Some(start) = *shares {
                let name = format!("p{}", ports.names.len());
                let at = if start { edge.from } else { edge.to };
                ports.names.entry((at, start, against, edge.style)).or_insert(name);
            }
        }
        ports
    }

    fn at(&self, index: usize) -> Vec<Value> {
        let here = self.names.range((index, false, false, 0)..(index + 1, false, false, 0));
        here.map(|(_, name)| json!({"id": name, "width": 0, "height": 0})).collect()
    }

    fn edge(&self, graph: &LayoutGraph, index: usize, against: bool) -> Value {
        let spec = &graph.edges[index];
        let shares = self.shares.get(index).copied().flatten();
        let end = |start: bool, at: usize| match self.names.get(&(at, start, against, spec.style)) {
            Some(name) if shares == Some(start) => name.clone(),
            _ => format!("b{at}"),
        };
        let (mut source, mut target) = (end(true, spec.from), end(false, spec.to));
        if against {
            std::mem::swap(&mut source, &mut target);
        }
        let mut value = json!({"id": format!("e{index}"), "sources": [source], "targets": [target]});
        if !spec.label.is_empty() {
            value["labels"] = json!([{
                "text": "l", "width": spec.label.width, "height": spec.label.height,
                "layoutOptions": {"org.eclipse.elk.edgeLabels.placement": "CENTER"},
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
            Some(shape) => Some(Rect::new(whole(base.0 + shape.x)?, whole(base.1 + shape.y)?, spec.label)),
            None => None,
        };
        scene.edges[e] = Route { points: points?, label };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_knows_every_option() {
        let sets = Layered::ALL.iter().chain(Layered::LARGE).chain(Layered::HUGE).flat_map(|set| set.options);
        for (id, value) in sets.chain(COMMON).chain(SPACING) {
            let known = ELK.options.option_by_id(id).unwrap_or_else(|| panic!("{id}"));
            assert!(known.parse_value(value).is_some(), "{id}: {value}");
        }
    }
}
