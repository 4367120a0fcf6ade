//! DOT: a digraph for each page, with a cluster for each service.
//!
//! `dot` lays it out afresh. Everything has the place that it has on our own pages, too (`pos`, `bb`, `lp`), so that
//! `neato -n2` gives the same picture. Nodes are tables: a tile, at whose port lines end, over a name.

use crate::page::{Form, GROUP, LABEL, LineText, NAME, NodeText, Page, SUB, TITLE};
use crate::stroke::{Heads, Sure};
use crate::xml::escape as html;
use crate::{MARK, links::Links};
use layout::{Direction, PlacedBox, Point, Rect, Route, Size};
use model::view::{Leaf, Line};
use std::fmt::Write as _;

const INK: &str = "#232F3E";
const MUTED: &str = "#5A6C86";

/// Letters on a tile.
const ON_TILE: usize = 9;

/// How much of a line its arrow head covers.
const HEAD: f64 = 8.0;

/// Writes a page as a digraph.
pub(crate) fn write(page: &Page<'_>, _links: &Links) -> String {
    let size = page.scene.size;
    let rankdir = match page.style.direction {
        Direction::Right => "LR",
        Direction::Down => "TB",
    };
    let mut out = format!("// {MARK}\ndigraph {} {{\n", quoted(&page.view.id));
    let _ = writeln!(
        out,
        "  graph [label={}, labelloc=t, labeljust=l, fontname=\"Helvetica,Arial,sans-serif\", fontsize={TITLE}, rankdir={rankdir}, \
         newrank=true, ranksep=0.9, nodesep=0.35, compound=true, bb=\"0,0,{},{}\"];",
        quoted(&page.title()),
        size.width,
        size.height
    );
    let _ = writeln!(
        out,
        "  node [shape=plain, fontname=\"Helvetica,Arial,sans-serif\", fontsize={NAME}, fontcolor=\"{INK}\"];\n  edge \
         [color=\"#545B64\", arrowsize=0.7, fontname=\"Helvetica,Arial,sans-serif\", fontsize={LABEL}, fontcolor=\"{MUTED}\"];"
    );
    let sheet = Sheet { page, height: size.height };
    sheet.cluster(None, 1, &mut out);
    for i in 0..page.view.lines.len() {
        sheet.line(i, &mut out);
    }
    out.push_str("}\n");
    out
}

/// A quoted id or label. A backslash starts an escape and an ampersand an entity, in either.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An id: nothing in it is an escape or an entity, so whatever is not plain is written as its bytes.
fn id(name: &str) -> String {
    let mut id = String::from("\"");
    for c in name.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ' | ':') {
            id.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(id, "~{byte:02X}");
            }
        }
    }
    id.push('"');
    id
}

/// A page with its height: Graphviz counts from the bottom.
struct Sheet<'p> {
    page: &'p Page<'p>,
    height: i32,
}

impl Sheet<'_> {
    fn at(&self, point: Point) -> String {
        format!("{},{}", point.x, self.height - point.y)
    }

    fn cluster(&self, group: Option<usize>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        for (i, leaf) in self.page.view.nodes.iter().enumerate().filter(|(_, n)| n.group == group) {
            self.node(i, leaf, &indent, out);
        }
        for (i, inner) in self.page.view.groups.iter().enumerate().filter(|(_, g)| g.parent == group) {
            let frame = self.page.scene.groups[i];
            let name = id(&format!("cluster {}", inner.node.id));
            let title = self.page.scene.title(i, Size::default());
            let title =
                Point::new(title.x + 12 + crate::text::width(&self.page.groups[i].title, GROUP) / 2, title.y + 14);
            let _ = writeln!(out, "{indent}subgraph {name} {{");
            let _ = writeln!(
                out,
                "{indent}  graph [label={}, labeljust=l, style=\"rounded,filled\", fillcolor=\"{}\", color=\"#AEB9C6\", \
                 fontsize={GROUP}, fontcolor=\"{MUTED}\", tooltip={}, bb=\"{},{}\", lp=\"{}\"];",
                quoted(&self.page.groups[i].title),
                if depth == 1 { "#F5F7FA" } else { "#FFFFFF" },
                quoted(&self.page.groups[i].tooltip),
                self.at(Point::new(frame.x, frame.y + frame.height)),
                self.at(Point::new(frame.x + frame.width, frame.y)),
                self.at(title)
            );
            self.cluster(Some(i), depth + 1, out);
            let _ = writeln!(out, "{indent}}}");
        }
    }

    fn node(&self, index: usize, leaf: &Leaf<'_>, indent: &str, out: &mut String) {
        let text = &self.page.nodes[index];
        let placed = &self.page.scene.boxes[index];
        let (label, around) = match text.form {
            Form::Icon => (
                icon(text, self.page.style.direction, &tile(text, placed.shape, leaf.ghost), placed),
                whole(placed.shape, placed.caption),
            ),
            Form::Card | Form::Pill | Form::Choice => (card(text, placed.shape), placed.shape),
        };
        let _ = writeln!(
            out,
            "{indent}{} [label=<{label}>, pos=\"{}\", tooltip={}];",
            id(&leaf.node.id),
            self.at(around.centre()),
            quoted(&text.tooltip)
        );
    }

    fn line(&self, index: usize, out: &mut String) {
        let line = &self.page.view.lines[index];
        let (text, route) = (&self.page.lines[index], &self.page.scene.edges[index]);
        let mut attributes = looks(text);
        if let Some(spline) = self.spline(&self.to_borders(line, route), text.stroke.heads) {
            attributes.push(format!("pos=\"{spline}\""));
        }
        if let Some(label) = route.label {
            attributes.push(format!("lp=\"{}\"", self.at(label.centre())));
        }
        let (from, to) = (&self.page.view.nodes[line.from].node.id, &self.page.view.nodes[line.to].node.id);
        let _ = writeln!(out, "  {}:icon -> {}:icon [{}];", id(from), id(to), attributes.join(", "));
    }

    /// The points of a route, which ends at borders: here every card is a rectangle.
    fn to_borders(&self, line: &Line<'_>, route: &Route) -> Vec<Point> {
        let mut points = route.points.clone();
        let last = points.len().saturating_sub(1);
        for (node, at, near) in [(line.from, 0, 1), (line.to, last, last.saturating_sub(1))] {
            let shape = self.page.scene.boxes[node].shape;
            let Some((end, before)) = points.get(at).copied().zip(points.get(near)).filter(|_| last > 0) else {
                continue;
            };
            if end.x == before.x {
                points[at].y = before.y.clamp(shape.y, shape.bottom());
            } else {
                points[at].x = before.x.clamp(shape.x, shape.right());
            }
        }
        points
    }

    /// The route as a spline of straight pieces, with the points of arrow heads apart, which the line leaves free.
    fn spline(&self, points: &[Point], heads: Heads) -> Option<String> {
        let (&first, &last) = (points.first()?, points.last()?);
        let exact = |p: Point| (f64::from(p.x), f64::from(self.height - p.y));
        let mut all: Vec<(f64, f64)> = points.iter().map(|p| exact(*p)).collect();
        let count = all.len();
        let mut spline = String::new();
        // The head at the start stands before that at the end.
        if heads != Heads::Forward {
            let _ = write!(spline, "s,{} ", self.at(first));
            all[0] = towards(all[0], all[1]);
        }
        let _ = write!(spline, "e,{} ", self.at(last));
        all[count - 1] = towards(all[count - 1], all[count - 2]);
        let _ = write!(spline, "{:.1},{:.1}", all[0].0, all[0].1);
        for pair in all.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            for third in [1.0, 2.0, 3.0] {
                let part = |from: f64, to: f64| from + (to - from) * third / 3.0;
                let _ = write!(spline, " {:.1},{:.1}", part(from.0, to.0), part(from.1, to.1));
            }
        }
        Some(spline)
    }
}

/// A point moved by an arrow head's length, but not beyond the other one.
fn towards(point: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (other.0 - point.0, other.1 - point.1);
    let length = dx.abs() + dy.abs();
    let part = if length > 0.0 { (HEAD / length).min(0.5) } else { 0.0 };
    (point.0 + dx * part, point.1 + dy * part)
}

/// The box around a shape and its caption.
fn whole(shape: Rect, caption: Rect) -> Rect {
    let (left, right) = (shape.x.min(caption.x), (shape.x + shape.width).max(caption.x + caption.width));
    let (top, bottom) = (shape.y.min(caption.y), (shape.y + shape.height).max(caption.y + caption.height));
    Rect { x: left, y: top, width: right - left, height: bottom - top }
}

/// A tile of the category's colour with the kind's first words.
fn tile(text: &NodeText, shape: Rect, ghost: bool) -> String {
    let colour = text.look.colour;
    let line = format!("1\" COLOR=\"{colour}");
    let (ground, ink, border) = if ghost { ("#FFFFFF", colour, line.as_str()) } else { (colour, "#FFFFFF", "0") };
    let words = text.look.title.split(' ').take(2);
    let words: Vec<String> = words.map(|word| html(&word.chars().take(ON_TILE).collect::<String>())).collect();
    format!(
        "<TABLE BORDER=\"{border}\" CELLBORDER=\"0\" \
         CELLSPACING=\"0\" CELLPADDING=\"0\" STYLE=\"ROUNDED\" BGCOLOR=\"{ground}\" PORT=\"icon\" WIDTH=\"{0}\" HEIGHT=\"{1}\" \
         FIXEDSIZE=\"TRUE\"><TR><TD WIDTH=\"{2}\" HEIGHT=\"{3}\" FIXEDSIZE=\"TRUE\"><FONT COLOR=\"{ink}\" \
         POINT-SIZE=\"{SUB}\">{4}</FONT></TD></TR></TABLE>",
        shape.width,
        shape.height,
        // The border takes a pixel on each side.
        shape.width - if ghost { 2 } else { 0 },
        shape.height - if ghost { 2 } else { 0 },
        words.join("<BR/>")
    )
}

/// A tile with its caption below or, where flows point down, beside it.
fn icon(text: &NodeText, direction: Direction, tile: &str, placed: &PlacedBox) -> String {
    let (beside, align) = match direction {
        Direction::Right => ("</TD></TR><TR><TD>".to_owned(), ""),
        Direction::Down => {
            // As wide as was thought, or the tile would not stand where lines end.
            let width = whole(placed.shape, placed.caption).width - placed.shape.width;
            (format!("</TD><TD ALIGN=\"LEFT\" WIDTH=\"{width}\">"), " ALIGN=\"LEFT\"")
        }
    };
    format!(
        "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\"><TR><TD>{tile}{beside}{}</TD></TR></TABLE>",
        caption(text, align)
    )
}

/// A frame around the caption.
fn card(text: &NodeText, shape: Rect) -> String {
    format!(
        "<TABLE BORDER=\"1\" COLOR=\"{}\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\" STYLE=\"ROUNDED\" \
         BGCOLOR=\"#FFFFFF\" PORT=\"icon\"><TR><TD WIDTH=\"{}\" HEIGHT=\"{}\">{}</TD></TR></TABLE>",
        text.look.colour,
        shape.width,
        shape.height,
        caption(text, "")
    )
}

/// The lines of a caption, each with the mark that ends it.
fn caption(text: &NodeText, align: &str) -> String {
    let mut lines: Vec<String> =
        text.name.iter().filter(|line| !line.trim().is_empty()).map(|line| html(line)).collect();
    if !text.sub.trim().is_empty() {
        lines.push(format!("<FONT COLOR=\"{MUTED}\" POINT-SIZE=\"{SUB}\">{}</FONT>", html(&text.sub)));
    }
    let end = format!("<BR{align}/>");
    lines.into_iter().fold(String::new(), |all, line| all + &line + &end)
}

/// What a line looks like.
fn looks(text: &LineText) -> Vec<String> {
    let mut attributes = Vec::new();
    if !text.label.is_empty() {
        attributes.push(format!("label={}", quoted(&text.label.join("\n"))));
    }
    match text.stroke.heads {
        Heads::Forward => {}
        Heads::Back => attributes.push("dir=both, arrowtail=normal, arrowhead=odot".to_owned()),
        Heads::Both => attributes.push("dir=both, arrowtail=normal".to_owned()),
    }
    match (text.stroke.sure, text.stroke.dashed) {
        (Sure::Granted, _) => attributes.push("style=dotted".to_owned()),
        (_, true) => attributes.push("style=dashed".to_owned()),
        (_, false) => {}
    }
    if text.stroke.sure != Sure::Yes || text.stroke.step {
        attributes.push(format!("color=\"{}\"", text.stroke.colour()));
    }
    attributes.push(format!("tooltip={}", quoted(&text.tooltip)));
    attributes
}
