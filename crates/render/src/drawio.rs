//! draw.io: plain XML, one cell a line, so that a diff can be read.
//!
//! Every cell of ours has an id made from ids of the model and never a number, which is what the editor gives to cells
//! that a person adds. Groups are containers, and a line belongs to the innermost group that holds both of its ends, so
//! that it moves with them: the editor leaves the bends of a line in another layer where they are. So layers hold what is in
//! no group, and tags tell the lines of groups apart too. Values are HTML inside XML: [`html`] escapes once, [`Attributes`] once more.

use crate::page::{Form, GROUP, GroupText, LABEL, LineText, NodeText, Page, SAMPLE, SUB, TITLE};
use crate::shape;
use crate::stroke::{Heads, Stroke, Sure};
use crate::tooltip;
use crate::xml::{Attributes, escape as html};
use layout::{Point, Rect, Route};
use model::Mode;
use model::view::{Leaf, Line, View};
use rayon::prelude::*;
use std::fmt::Write as _;

pub(crate) const INK: &str = "#232F3E";
pub(crate) const MUTED: &str = "#5A6C86";

/// Writes all pages as one file.
pub(crate) fn write(pages: &[Page<'_>]) -> String {
    let first = pages.first().map(|page| page.view.id.as_str());
    let diagrams = pages.par_iter().map(|page| {
        let mut out = String::new();
        diagram(page, first.filter(|first| *first != page.view.id), &mut out);
        out
    });
    let diagrams: Vec<String> = diagrams.collect();
    // What was written here is well-formed; without the marks it would still be a drawing.
    merge::stamp(&diagrams)
        .unwrap_or_else(|_| format!("<mxfile host=\"connectome\">\n{}</mxfile>\n", diagrams.concat()))
}

fn diagram(page: &Page<'_>, first: Option<&str>, out: &mut String) {
    let diagram = Attributes::default().with("id", &id("page", &page.view.id)).with("name", &page.title());
    let _ = writeln!(out, "<diagram{diagram}>");
    let size = page.scene.size;
    // Colours are those of a light page, so that it is one where the editor is dark, too; older ones know only the ground.
    let _ = writeln!(
        out,
        "<mxGraphModel dx=\"{0}\" dy=\"{1}\" grid=\"1\" gridSize=\"10\" guides=\"1\" tooltips=\"1\" connect=\"1\" \
         arrows=\"1\" fold=\"1\" page=\"0\" pageScale=\"1\" pageWidth=\"{0}\" pageHeight=\"{1}\" math=\"0\" \
         shadow=\"0\" background=\"#FFFFFF\" adaptiveColors=\"none\">",
        size.width, size.height
    );
    out.push_str("<root>\n<mxCell id=\"0\"/>\n<mxCell id=\"1\" parent=\"0\"/>\n");
    layers(page, out);
    title(page, first, out);
    for group in groups_outside_in(page.view) {
        group_cell(page, group, out);
    }
    for (i, leaf) in page.view.nodes.iter().enumerate() {
        node_cell(page, i, leaf, &page.nodes[i], out);
    }
    for i in 0..page.view.lines.len() {
        line_cell(page, i, &page.lines[i], &page.scene.edges[i], out);
    }
    legend(page, out);
    out.push_str("</root>\n</mxGraphModel>\n</diagram>\n");
}

/// What can be hidden by itself, where it is in no group: its layer's id and name, and the tag of its lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Ghosts,
    Flows,
    Asynchronous,
    Notes,
}

impl Layer {
    /// From the bottom to the top.
    const ALL: [Self; 4] = [Self::Ghosts, Self::Flows, Self::Asynchronous, Self::Notes];

    fn id(self) -> &'static str {
        match self {
            Self::Ghosts => "layer:ghosts",
            Self::Flows => "layer:flows",
            Self::Asynchronous => "layer:asynchronous",
            Self::Notes => "layer:notes",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ghosts => "Ghosts",
            Self::Flows => "Flows",
            Self::Asynchronous => "Asynchronous flows",
            Self::Notes => "Notes",
        }
    }

    /// That of a line.
    fn of(line: &Line<'_>) -> Self {
        if line.mode == Mode::Async { Self::Asynchronous } else { Self::Flows }
    }

    /// What the editor calls a line that is in this layer, or would be if it were in no group.
    fn tag(self) -> &'static str {
        if self == Self::Asynchronous { "asynchronous" } else { "synchronous" }
    }
}

/// The layers that hold something, above that of the groups and nodes.
fn layers(page: &Page<'_>, out: &mut String) {
    let view = page.view;
    let group = |node: usize| view.nodes[node].group;
    let outside = view.lines.iter().filter(|line| common_group(view, group(line.from), group(line.to)).is_none());
    let lines: Vec<Layer> = outside.map(Layer::of).collect();
    for layer in Layer::ALL {
        let holds = match layer {
            Layer::Ghosts => {
                view.nodes.iter().any(|node| node.ghost && node.group.is_none()) || view.groups.iter().any(|g| g.ghosts)
            }
            Layer::Flows | Layer::Asynchronous => lines.contains(&layer),
            Layer::Notes => true,
        };
        if holds {
            let cell = Attributes::default().with("id", layer.id()).with("value", layer.name()).with("parent", "0");
            let _ = writeln!(out, "<mxCell{cell}/>");
        }
    }
}

/// A link to another page of the file.
fn link(page: &str) -> String {
    format!("data:page/id,{}", id("page", page))
}

/// An id that no two things share and that is never a number. What is not plainly allowed is written as its bytes.
fn id(kind: &str, name: &str) -> String {
    let mut id = format!("{kind}:");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/') {
            id.push(char::from(byte));
        } else {
            let _ = write!(id, "~{byte:02X}");
        }
    }
    id
}

/// Parents must stand before their children.
fn groups_outside_in(view: &View<'_>) -> Vec<usize> {
    let depth = |mut at: usize| {
        let mut depth = 0;
        while let Some(parent) = view.groups[at].parent {
            (at, depth) = (parent, depth + 1);
        }
        depth
    };
    let mut order: Vec<usize> = (0..view.groups.len()).collect();
    order.sort_by_key(|g| depth(*g));
    order
}

/// The cell that holds what is in a group, or the layer of what is in none, and where its coordinates start.
fn parent(page: &Page<'_>, group: Option<usize>, layer: &str) -> (String, Point) {
    group.map_or((layer.to_owned(), Point::default()), |g| {
        let frame = page.scene.groups[g];
        (id("service", &page.view.groups[g].id), Point::new(frame.x, frame.y))
    })
}

fn geometry(rect: Rect, origin: Point) -> String {
    let Rect { x, y, width, height } = rect;
    let (x, y) = (x - origin.x, y - origin.y);
    format!("<mxGeometry x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" as=\"geometry\"/>")
}

/// The title; on a page that is not the first, it leads there.
fn title(page: &Page<'_>, first: Option<&str>, out: &mut String) {
    let style = format!(
        "text;html=1;align=left;verticalAlign=middle;strokeColor=none;fillColor=none;fontSize={TITLE};fontStyle=1;\
         fontColor={INK};connectable=0;"
    );
    let rect = Rect { x: 24, y: 16, width: crate::text::width(&page.title(), TITLE) + 8, height: 30 };
    let place = geometry(rect, Point::default());
    let words = html(&page.title());
    let notes = Layer::Notes.id();
    let _ = match first {
        None => {
            let cell = Attributes::default().with("id", "title").with("value", &words).with("style", &style);
            writeln!(out, "<mxCell{cell} vertex=\"1\" parent=\"{notes}\">{place}</mxCell>")
        }
        Some(first) => {
            let object = Attributes::default().with("label", &words).with("link", &link(first)).with("id", "title");
            let cell = Attributes::default().with("style", &style);
            writeln!(out, "<object{object}><mxCell{cell} vertex=\"1\" parent=\"{notes}\">{place}</mxCell></object>")
        }
    };
}

fn group_cell(page: &Page<'_>, index: usize, out: &mut String) {
    let group = &page.view.groups[index];
    let GroupText { title, tooltip } = &page.groups[index];
    let declared: Vec<String> = group.node.declared.iter().map(tooltip::place).collect();
    let object = Attributes::default()
        .with("label", &html(title))
        .with("connectome", &group.node.id)
        .with("kind", group.node.kind.as_str())
        .with("declared", &declared.join("\n"))
        .with("tooltip", &html(tooltip));
    let object = match group.page.as_deref().map(link).or_else(|| page.source(group.node.declared.iter())) {
        Some(link) => object.with("link", &link),
        None => object,
    };
    let object = object.with("id", &id("service", &group.id));
    // Beside the mark with which the editor folds a group.
    let indent = 14 + page.scene.titles.get(index).map_or(0, |offset| offset.x);
    let fill = match group {
        group if group.ghosts => "none",
        group if group.parent.is_none() => "#F5F7FA",
        _ => "#FFFFFF",
    };
    let ghosts = if group.ghosts { "strokeWidth=0.75;" } else { "" };
    let style = format!(
        "rounded=1;absoluteArcSize=1;arcSize=12;html=1;whiteSpace=wrap;container=1;collapsible=1;recursiveResize=0;\
         pointerEvents=0;fillColor={fill};strokeColor=#AEB9C6;verticalAlign=top;align=left;spacingLeft={indent};\
         spacingTop=4;fontSize={GROUP};fontStyle=1;fontColor={MUTED};{ghosts}"
    );
    let cell = Attributes::default().with("style", &style);
    let (parent, origin) = parent(page, group.parent, if group.ghosts { Layer::Ghosts.id() } else { "1" });
    let _ = writeln!(
        out,
        "<object{object}><mxCell{cell} vertex=\"1\" parent=\"{}\">{}</mxCell></object>",
        html(&parent),
        geometry(page.scene.groups[index], origin)
    );
}

fn node_cell(page: &Page<'_>, index: usize, leaf: &Leaf<'_>, text: &NodeText, out: &mut String) {
    let names: Vec<String> = text.name.iter().map(|l| html(l)).collect();
    let small = format!("<font color=\"{MUTED}\" style=\"font-size: {SUB}px\">{}</font>", html(&text.sub));
    let declared: Vec<String> = leaf.node.declared.iter().map(tooltip::place).collect();
    let mut object = Attributes::default()
        .with("label", &format!("{}<br>{small}", names.join("<br>")))
        .with("connectome", &leaf.node.id)
        .with("kind", leaf.node.kind.as_str())
        .with("platform", &leaf.node.platform)
        .with("declared", &declared.join("\n"))
        .with("details", &tooltip::details(leaf).join("\n"))
        .with("tooltip", &html(&text.tooltip));
    if let Some(link) = leaf.page.as_deref().map(link).or_else(|| page.source(leaf.node.declared.iter())) {
        object = object.with("link", &link);
    }
    let object = object.with("id", &id("node", &leaf.node.id));
    let style = shape::style(text, page.style.direction);
    let cell = Attributes::default().with("style", &if leaf.ghost { shape::traced(&style, text) } else { style });
    let (parent, origin) = parent(page, leaf.group, if leaf.ghost { Layer::Ghosts.id() } else { "1" });
    let _ = writeln!(
        out,
        "<object{object}><mxCell{cell} vertex=\"1\" parent=\"{}\">{}</mxCell></object>",
        html(&parent),
        geometry(page.scene.boxes[index].shape, origin)
    );
}

/// The innermost group that holds both ends of a line.
fn common_group(view: &View<'_>, from: Option<usize>, to: Option<usize>) -> Option<usize> {
    let around = |mut at: Option<usize>| {
        let mut above = Vec::new();
        while let Some(group) = at {
            above.push(group);
            at = view.groups[group].parent;
        }
        above
    };
    let others = around(to);
    around(from).into_iter().find(|g| others.contains(g))
}

fn line_cell(page: &Page<'_>, index: usize, text: &LineText, route: &Route, out: &mut String) {
    let line = &page.view.lines[index];
    let (from, to) = (&page.view.nodes[line.from], &page.view.nodes[line.to]);
    let (Some(&start), Some(&end)) = (route.points.first(), route.points.last()) else {
        return;
    };
    let kinds: Vec<&str> = line.kinds.iter().map(|k| k.as_str()).collect();
    let label: Vec<String> = text.label.iter().map(|l| html(l)).collect();
    let object = Attributes::default()
        .with("label", &label.join("<br>"))
        .with("connectome", &format!("{} → {}", from.node.id, to.node.id))
        .with("kind", &kinds.join(" "))
        .with("mode", line.mode.as_str())
        .with("certainty", line.certainty.as_str())
        .with("evidence", &tooltip::evidence(&line.flows).join("\n"))
        .with("tooltip", &html(&text.tooltip))
        .with("link", &page.source_of(line).unwrap_or_default())
        .with("tags", Layer::of(line).tag())
        .with("id", &format!("{}{}", id("flow", &from.node.id), id("", &to.node.id)));
    let ends = [("exit", start, line.from), ("entry", end, line.to)];
    let ends = ends.map(|(end, at, node)| fixed(end, at, page.scene.boxes[node].shape, page.nodes[node].form));
    let layer = Layer::of(line);
    let (group, origin) = parent(page, common_group(page.view, from.group, to.group), layer.id());
    let cell = Attributes::default()
        .with("style", &format!("{}{}", stroke(text.stroke), ends.concat()))
        .with("parent", &group)
        .with("source", &id("node", &from.node.id))
        .with("target", &id("node", &to.node.id));
    let geometry = route_geometry(route, origin);
    let _ = writeln!(out, "<object{object}><mxCell{cell} edge=\"1\">{geometry}</mxCell></object>");
}

/// The style of a line without its ends.
fn stroke(stroke: Stroke) -> String {
    let heads = match stroke.heads {
        Heads::Forward => "endArrow=block;endFill=1;startArrow=none;",
        Heads::Back => "startArrow=block;startFill=1;endArrow=oval;endFill=0;",
        Heads::Both => "startArrow=block;startFill=1;endArrow=block;endFill=1;",
    };
    let dashes = match (stroke.sure, stroke.dashed) {
        (Sure::Granted, _) => "dashed=1;dashPattern=1 4;",
        (_, true) => "dashed=1;dashPattern=6 4;",
        (_, false) => "",
    };
    let colour = stroke.colour();
    format!(
        "edgeStyle=orthogonalEdgeStyle;rounded=1;arcSize=8;html=1;jettySize=auto;orthogonalLoop=1;strokeColor={colour};\
         strokeWidth=1.25;fontSize={LABEL};fontColor={MUTED};labelBackgroundColor=none;startSize=5;endSize=5;{heads}{dashes}"
    )
}

/// A connection point as fractions of the box. Boxes are 64 wide, so that six decimals are exact.
fn fixed(end: &str, at: Point, shape: Rect, form: Form) -> String {
    let (x, y) = (fraction(at.x - shape.x, shape.width), fraction(at.y - shape.y, shape.height));
    // The editor takes a card with round ends for a rectangle, and leads lines to its border unless told not to.
    let inside = shape.x < at.x && at.x < shape.right() && shape.y < at.y && at.y < shape.bottom();
    let exact = if form == Form::Pill && inside { format!("{end}Perimeter=0;") } else { String::new() };
    format!("{end}X={x};{end}Y={y};{end}Dx=0;{end}Dy=0;{exact}")
}

/// A fraction with up to six decimals, by whole numbers alone.
fn fraction(part: i32, whole: i32) -> String {
    let millionths = (i64::from(part) * 1_000_000 + i64::from(whole) / 2).div_euclid(i64::from(whole.max(1)));
    let sign = if millionths < 0 { "-" } else { "" };
    let (int, rest) = (millionths.abs() / 1_000_000, millionths.abs() % 1_000_000);
    let text = format!("{sign}{int}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The bends, and the place of the label: how far along the line from -1 to 1, and how far off it.
fn route_geometry(route: &Route, origin: Point) -> String {
    let inner = &route.points[1..route.points.len() - 1];
    let mut points = String::new();
    if !inner.is_empty() {
        points.push_str("<Array as=\"points\">");
        for p in inner {
            let _ = write!(points, "<mxPoint x=\"{}\" y=\"{}\"/>", p.x - origin.x, p.y - origin.y);
        }
        points.push_str("</Array>");
    }
    let Some(label) = route.label else {
        return format!("<mxGeometry relative=\"1\" as=\"geometry\">{points}</mxGeometry>");
    };
    let (along, total, near) = nearest(&route.points, label.centre());
    let x = fraction(2 * along - total, total);
    let offset = (label.centre().x - near.x, label.centre().y - near.y);
    format!(
        "<mxGeometry x=\"{x}\" relative=\"1\" as=\"geometry\">{points}<mxPoint x=\"{}\" y=\"{}\" as=\"offset\"/></mxGeometry>",
        offset.0, offset.1
    )
}

/// The point of a route nearest to another one: its distance from the start, the length of the route, and the point.
fn nearest(points: &[Point], to: Point) -> (i32, i32, Point) {
    let mut best = (0, points[0], i32::MAX);
    let mut length = 0;
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let p = Point::new(to.x.clamp(a.x.min(b.x), a.x.max(b.x)), to.y.clamp(a.y.min(b.y), a.y.max(b.y)));
        let off = (p.x - to.x).abs() + (p.y - to.y).abs();
        if off < best.2 {
            best = (length + (p.x - a.x).abs() + (p.y - a.y).abs(), p, off);
        }
        length += (b.x - a.x).abs() + (b.y - a.y).abs();
    }
    (best.0, length, best.1)
}

/// The samples, in a group of their own, so that they move as one.
fn legend(page: &Page<'_>, out: &mut String) {
    let Some(frame) = page.legend.iter().map(|entry| entry.rect).reduce(around) else { return };
    let cell = Attributes::default().with("id", "legend").with("style", "group;connectable=0;");
    let place = geometry(frame, Point::default());
    let _ = writeln!(out, "<mxCell{cell} vertex=\"1\" parent=\"{}\">{place}</mxCell>", Layer::Notes.id());
    let origin = Point::new(frame.x, frame.y);
    let style = format!(
        "text;html=1;align=left;verticalAlign=middle;strokeColor=none;fillColor=none;fontSize={LABEL};\
         fontColor={MUTED};connectable=0;"
    );
    for entry in &page.legend {
        // By what it says: an entry keeps its id when others come and go.
        let name = id("legend", entry.text);
        let mut rect = entry.rect;
        if let Some(stroke) = entry.stroke {
            sample(&name, stroke, rect, origin, out);
            rect = Rect { x: rect.x + SAMPLE + 8, width: rect.width - SAMPLE - 8, ..rect };
        }
        let cell = Attributes::default().with("id", &name).with("value", &html(entry.text)).with("style", &style);
        let _ = writeln!(out, "<mxCell{cell} vertex=\"1\" parent=\"legend\">{}</mxCell>", geometry(rect, origin));
    }
}

/// The smallest box around two.
fn around(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let (right, bottom) = ((a.x + a.width).max(b.x + b.width), (a.y + a.height).max(b.y + b.height));
    Rect { x, y, width: right - x, height: bottom - y }
}

/// A sample line. It needs cells at its ends: an edge without any is not drawn.
fn sample(name: &str, look: Stroke, rect: Rect, origin: Point, out: &mut String) {
    const DOT: &str = "ellipse;fillColor=none;strokeColor=none;connectable=0;";
    let y = rect.y + rect.height / 2;
    for (end, x) in [("from", rect.x), ("to", rect.x + SAMPLE)] {
        let cell = Attributes::default().with("id", &format!("{name}:{end}")).with("style", DOT);
        let dot = geometry(Rect { x, y, width: 1, height: 1 }, origin);
        let _ = writeln!(out, "<mxCell{cell} vertex=\"1\" parent=\"legend\">{dot}</mxCell>");
    }
    let style = stroke(look).replace("edgeStyle=orthogonalEdgeStyle;", "edgeStyle=none;");
    let cell = Attributes::default()
        .with("id", &format!("{name}:line"))
        .with("style", &style)
        .with("parent", "legend")
        .with("source", &format!("{name}:from"))
        .with("target", &format!("{name}:to"));
    let _ = writeln!(out, "<mxCell{cell} edge=\"1\"><mxGeometry relative=\"1\" as=\"geometry\"/></mxCell>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_whenever_names_do() {
        assert_eq!(id("node", "orders/Create"), "node:orders/Create");
        assert_eq!(id("node", "a b"), "node:a~20b");
        assert_ne!(id("node", "a~20b"), id("node", "a b"));
        assert_eq!(id("node", "1"), "node:1");
    }

    #[test]
    fn fractions_are_exact_for_icons() {
        assert_eq!(fraction(64, 64), "1");
        assert_eq!(fraction(1, 64), "0.015625");
        assert_eq!(fraction(-1, 4), "-0.25");
        assert_eq!(fraction(0, 0), "0");
    }
}
