//! A view with everything that a picture needs: wrapped texts, tooltips, looks, and a place for each thing.

use crate::Theme;
use crate::label::label;
use crate::look::{Look, look};
use crate::stroke::{Stroke, is_mutual, legend};
use crate::text;
use crate::tooltip;
use cache::Cache;
use layout::{BoxSpec, Direction, EdgeSpec, Effort, GroupSpec, LayoutGraph, Point, Rect, Scene, Size};
use model::view::{Call, Leaf, Line, View, Way};
use model::{FlowKind, Location, NodeKind};

/// The side of an icon. A power of two, so that fractions of it are exact in any file.
pub(crate) const ICON: i32 = 64;
/// Font size of names.
pub(crate) const NAME: i32 = 12;
/// Font size of what stands below a name.
pub(crate) const SUB: i32 = 10;
/// Font size of labels on lines.
pub(crate) const LABEL: i32 = 11;
/// Font size of group titles.
pub(crate) const GROUP: i32 = 13;
/// Font size of the page's title.
pub(crate) const TITLE: i32 = 20;
/// Room around everything.
pub(crate) const MARGIN: i32 = 24;
/// The widest that a line of text in a card may be.
const CARD: i32 = 180;
/// The widest that a name in a list may be.
const LIST: i32 = 300;
/// A page is made as wide as its title needs, up to this; the page's own name it always holds.
const TITLE_WIDTH: i32 = 600;
/// What stands between the system's name and the page's own.
const OF_SYSTEM: &str = " · ";
/// The height of the page's title with the space below it.
const HEADER: i32 = 36;
/// How far the points of a choice stand out.
pub(crate) const POINT: i32 = 14;
/// A flow chart whose longer side has more tenths of the shorter one than this points down, if that makes it better.
const STRETCHED: i32 = 25;
/// The length of a sample line in the legend.
pub(crate) const SAMPLE: i32 = 44;

/// What all pages of a drawing share.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    pub(crate) theme: Theme,
    pub(crate) direction: Direction,
}

/// One page, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Page<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) style: Style,
    /// Where a reader finds the source: what stands before the path of a file at the repository's host.
    pub(crate) host: Option<&'a str>,
    /// Parallel to the view's groups.
    pub(crate) groups: Vec<GroupText>,
    /// Parallel to the view's nodes.
    pub(crate) nodes: Vec<NodeText>,
    /// Parallel to the view's lines.
    pub(crate) lines: Vec<LineText>,
    /// Where they all are; parallel, too.
    pub(crate) scene: Scene,
    /// The samples at the bottom.
    pub(crate) legend: Vec<LegendEntry>,
}

#[derive(Clone, Debug)]
pub(crate) struct GroupText {
    pub(crate) title: String,
    pub(crate) tooltip: String,
}

#[derive(Clone, Debug)]
pub(crate) struct NodeText {
    /// The name, wrapped.
    pub(crate) name: Vec<String>,
    /// The name as it is, for a reader that wraps it itself; of a card that stands for several parts, the name of each.
    pub(crate) whole: Vec<String>,
    /// What it is, in small print.
    pub(crate) sub: String,
    pub(crate) tooltip: String,
    pub(crate) look: Look,
    /// How it is drawn.
    pub(crate) form: Form,
}

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An icon with its caption below, or beside it where flows point down.
    Icon,
    /// A part of a node: a card with its text inside.
    Card,
    /// A card with round ends: where something begins or ends.
    Pill,
    /// A card with points: where a way is chosen.
    Choice,
}

#[derive(Clone, Debug)]
pub(crate) struct LineText {
    /// The label, wrapped; empty for none.
    pub(crate) label: Vec<String>,
    pub(crate) tooltip: String,
    pub(crate) stroke: Stroke,
}

/// A sample line with what it means.
#[derive(Clone, Debug)]
pub(crate) struct LegendEntry {
    /// Nothing for a remark without a line.
    pub(crate) stroke: Option<Stroke>,
    pub(crate) text: &'static str,
    /// Sample and text together.
    pub(crate) rect: Rect,
}

/// The height of a line of text.
pub(crate) const fn line_height(size: i32) -> i32 {
    size + size / 4 + 1
}

/// The height of a caption's first lines, without the small print.
pub(crate) fn names_height(node: &NodeText) -> i32 {
    text::height(&node.name, line_height(NAME))
}

impl<'a> Page<'a> {
    /// Writes out a view's texts and lays it out.
    pub(crate) fn new(view: &'a View<'a>, style: Style, effort: Effort, cache: &dyn Cache) -> Self {
        let mut page = Self::placed(view, style, effort, cache);
        if page.is_chart() && style.direction == Direction::Right && page.stretch() > STRETCHED {
            let upright = Self::placed(view, Style { direction: Direction::Down, ..style }, effort, cache);
            page = if upright.stretch() < page.stretch() { upright } else { page };
        }
        page.scene.shift(0, HEADER);
        page.make_room_for_title();
        page.add_legend();
        page
    }

    /// Writes out a view's texts, for a reader that places things itself.
    pub(crate) fn unplaced(view: &'a View<'a>, style: Style) -> Self {
        let groups: Vec<GroupText> = view.groups.iter().map(|g| group_text(view, g)).collect();
        let nodes: Vec<NodeText> = view.nodes.iter().map(node_text).collect();
        let lines: Vec<LineText> = view.lines.iter().map(|l| line_text(view, l)).collect();
        Self { view, style, host: None, groups, nodes, lines, scene: Scene::default(), legend: Vec::new() }
    }

    fn placed(view: &'a View<'a>, style: Style, effort: Effort, cache: &dyn Cache) -> Self {
        let mut page = Self::unplaced(view, style);
        page.scene = layout::layout_with(&page.graph(), effort, cache);
        page.reach_outlines();
        page
    }

    /// Leads lines as far as the outline of what is no rectangle.
    fn reach_outlines(&mut self) {
        for (route, line) in self.scene.edges.iter_mut().zip(&self.view.lines) {
            let last = route.points.len().saturating_sub(1);
            for (end, at, near) in [(line.from, 0, 1), (line.to, last, last.saturating_sub(1))] {
                if last == 0 {
                    continue;
                }
                let (shape, upright) = (self.scene.boxes[end].shape, route.points[at].x == route.points[near].x);
                let (middle, point) = (shape.centre(), &mut route.points[at]);
                let by = hollow(self.nodes[end].form, shape, *point, upright);
                if upright {
                    point.y += if point.y <= middle.y { by } else { -by };
                } else {
                    point.x += if point.x <= middle.x { by } else { -by };
                }
            }
        }
    }

    /// Whether the page shows what comes after what.
    fn is_chart(&self) -> bool {
        self.view.nodes.iter().any(|leaf| leaf.start)
    }

    /// How many tenths of the shorter side the longer one has.
    fn stretch(&self) -> i32 {
        let Size { width, height } = self.scene.size;
        10 * width.max(height) / width.min(height).max(1)
    }

    fn graph(&self) -> LayoutGraph {
        let graph = graph(self.view, &self.groups, &self.nodes, &self.lines);
        LayoutGraph { direction: self.style.direction, ..graph }
    }

    /// The page's title, no longer than a line of the page: the name of the system gives way before the page's own.
    pub(crate) fn title(&self) -> String {
        let most = self.scene.size.width - 2 * MARGIN;
        let title = text::plain(&self.view.title);
        let Some((system, own)) = title.split_once(OF_SYSTEM).filter(|_| text::width(&title, TITLE) > most) else {
            return text::shorten(&title, TITLE, most);
        };
        let room = most - text::width(&format!("{OF_SYSTEM}{own}"), TITLE);
        // Less than a few letters are no name.
        if room < 4 * TITLE {
            return text::shorten(own, TITLE, most);
        }
        format!("{}{OF_SYSTEM}{own}", text::shorten(system, TITLE, room))
    }

    /// The address of the first of these lines of source, where there is a host.
    pub(crate) fn source<'l>(&self, mut places: impl Iterator<Item = &'l Location>) -> Option<String> {
        Some(crate::links::source(self.host?, places.next()?))
    }

    /// The same for what a line stands for.
    pub(crate) fn source_of(&self, line: &Line<'_>) -> Option<String> {
        self.source(line.flows.iter().flat_map(|flow| &flow.evidence).map(|evidence| &evidence.at))
    }

    /// Whether the page shows what a program is made of.
    fn is_code(&self) -> bool {
        self.view.nodes.iter().any(|leaf| matches!(leaf.node.kind, NodeKind::Crate | NodeKind::Module))
    }

    fn make_room_for_title(&mut self) {
        const WIDEST: i32 = 1600;
        let title = text::plain(&self.view.title);
        let own = title.split_once(OF_SYSTEM).map_or(0, |(_, own)| text::width(own, TITLE).min(WIDEST));
        let wanted = text::width(&title, TITLE).min(TITLE_WIDTH).max(own) + 2 * MARGIN;
        self.scene.size.width = self.scene.size.width.max(wanted);
    }

    /// Sets the samples in rows under the drawing.
    fn add_legend(&mut self) {
        let strokes: Vec<Stroke> = self.lines.iter().map(|l| l.stroke).collect();
        let mutual = self.view.lines.iter().any(is_mutual);
        let mut entries: Vec<(Option<Stroke>, &'static str)> =
            legend(&strokes, self.is_code(), mutual).into_iter().map(|(stroke, text)| (Some(stroke), text)).collect();
        if self.view.nodes.iter().any(|n| !n.unresolved.is_empty()) {
            entries.push((None, "“unknown”: flows whose target the source does not tell"));
        }
        if entries.is_empty() {
            return;
        }
        let sizes: Vec<i32> = entries
            .iter()
            .map(|(stroke, words)| stroke.map_or(0, |_| SAMPLE + 8) + text::width(words, LABEL) + 2)
            .collect();
        let widest = sizes.iter().copied().max().unwrap_or(0) + 2 * MARGIN;
        self.scene.size.width = self.scene.size.width.max(widest);
        let (mut x, mut y) = (MARGIN, self.scene.size.height);
        for ((stroke, text), width) in entries.into_iter().zip(sizes) {
            if x > MARGIN && x + width > self.scene.size.width - MARGIN {
                (x, y) = (MARGIN, y + 24);
            }
            self.legend.push(LegendEntry { stroke, text, rect: Rect::new(x, y, Size::new(width, 20)) });
            x += width + 28;
        }
        self.scene.size.height = y + 20 + MARGIN;
    }
}

fn group_text(view: &View<'_>, group: &model::view::Group<'_>) -> GroupText {
    let name = text::plain(group.title.as_ref().unwrap_or(&group.node.name));
    let title = text::shorten(if name.is_empty() { &group.node.id } else { &name }, GROUP, 320);
    GroupText { title, tooltip: tooltip::group(view, group) }
}

fn node_text(leaf: &Leaf<'_>) -> NodeText {
    let look = look(leaf.node);
    let name = text::plain(&leaf.node.name);
    let name = if name.is_empty() { text::plain(&leaf.node.id) } else { name };
    let mut sub = look.sub.clone();
    if leaf.node.kind == NodeKind::Service && !leaf.parts.is_empty() {
        sub = text::counted(leaf.parts.len(), "node");
    }
    if leaf.node.kind == NodeKind::Crate && leaf.parts.len() > 1 {
        sub = text::counted(leaf.parts.len(), "module");
    }
    if !leaf.unresolved.is_empty() {
        sub = format!("{sub} · {} unknown", leaf.unresolved.len());
    }
    let form = form(leaf);
    let (name, mut sub) = match name.rsplit_once('/').filter(|_| leaf.node.kind == NodeKind::EventType) {
        Some((source, event)) => (event.to_owned(), text::shorten(source, SUB, CARD)),
        None => (name, sub),
    };
    if let Some(serde_json::Value::String(type_name)) = leaf.node.details.get("type").filter(|_| form != Form::Icon) {
        sub = text::plain(type_name);
    }
    if let Some(call) = &leaf.calls {
        sub = text::shorten(&text::plain(&called(call)), SUB, CARD);
    }
    let widest = if form == Form::Icon { 118 } else { CARD };
    let tooltip = tooltip::node(leaf, look.title);
    let (name, whole) = match listed(leaf) {
        Some(names) => {
            sub = format!("{} {}s", names.len(), leaf.node.kind.as_str().replace('_', " "));
            (names.iter().map(|name| text::shorten(name, NAME, LIST)).collect(), names)
        }
        None => (text::wrap(&name, NAME, widest, 3), vec![name]),
    };
    NodeText { name, whole, sub, tooltip, look, form }
}

/// The names of the parts for which the card of one stands.
fn listed(leaf: &Leaf<'_>) -> Option<Vec<String>> {
    let stands_for_parts = leaf.node.kind.is_part() && !leaf.parts.is_empty();
    stands_for_parts.then(|| leaf.parts.iter().map(|part| text::plain(&part.name)).collect())
}

/// What a task calls, in few words: `Lambda: ChargePayment`, and of a service as a whole `Comprehend: DetectSentiment`.
fn called(call: &Call<'_>) -> String {
    let title = look(call.node).title;
    let words = crate::label::words(&call.labels).join(", ");
    let says_more = call.node.kind == NodeKind::EventBus || call.node.declared.is_empty() || call.node.name == title;
    let service = catalog::service(&call.node.platform).map(|service| service.title).filter(|title| !title.is_empty());
    match call.node.kind {
        NodeKind::EventBus if !words.is_empty() => format!("Event: {words}"),
        NodeKind::Ml | NodeKind::Other | NodeKind::Email if says_more && !words.is_empty() => {
            format!("{}: {words}", call.node.name)
        }
        NodeKind::Ml | NodeKind::Other | NodeKind::Email => format!("{title}: {}", call.node.name),
        _ => format!("{}: {}", service.unwrap_or(title), call.node.name),
    }
}

/// Parts are cards; the state of a machine shows what it does.
fn form(leaf: &Leaf<'_>) -> Form {
    if !leaf.node.kind.is_part() {
        return Form::Icon;
    }
    match leaf.node.details.get("type").and_then(serde_json::Value::as_str) {
        Some("Choice") => Form::Choice,
        Some("Succeed" | "Fail") => Form::Pill,
        _ => Form::Card,
    }
}

/// How far behind the border of its box the outline of a form is, where an upright or level line ends.
fn hollow(form: Form, shape: Rect, at: Point, upright: bool) -> i32 {
    let half = shape.height / 2;
    let beside = (at.x - shape.x).min(shape.right() - at.x).max(0);
    let off = (at.y - shape.centre().y).abs().min(half);
    match (form, upright) {
        (Form::Icon | Form::Card, _) => 0,
        (Form::Choice, true) => (POINT - beside).max(0) * half / POINT,
        (Form::Choice, false) => POINT * off / half.max(1),
        // The ends are half circles.
        (Form::Pill, true) => half - (half * half - (half - beside).max(0).pow(2)).isqrt(),
        (Form::Pill, false) => half - (half * half - off * off).isqrt(),
    }
}

/// The size of what a node is drawn as, and of the caption below or beside it.
fn sizes(text: &NodeText) -> (Size, Size) {
    if text.form == Form::Icon {
        return (Size::new(ICON, ICON), caption(text));
    }
    let inside = caption(text);
    // An even width and height, so that the middle of each side is a whole number.
    let sides = if text.form == Form::Choice { 44 } else { 24 };
    let width = (inside.width + sides).max(84);
    (Size::new((width + 1) & !1, (inside.height + 15) & !1), Size::default())
}

fn line_text(view: &View<'_>, line: &Line<'_>) -> LineText {
    LineText { label: label(line), tooltip: tooltip::line(view, line), stroke: Stroke::of(line) }
}

fn graph(view: &View<'_>, groups: &[GroupText], nodes: &[NodeText], lines: &[LineText]) -> LayoutGraph {
    let groups = view.groups.iter().zip(groups).map(|(group, text)| GroupSpec {
        parent: group.parent,
        title: Size::new(text::width(&text.title, GROUP) + 24, line_height(GROUP) + 12),
        ..GroupSpec::default()
    });
    // Cards in a frame stand under one another: all are as wide as the widest. States of a machine follow one another.
    let widest = |leaf: &Leaf<'_>| {
        let alike = |other: &Leaf<'_>| other.group == leaf.group && other.node.kind == leaf.node.kind;
        let all = view.nodes.iter().zip(nodes).filter(|(other, _)| alike(other));
        all.map(|(_, text)| sizes(text).0.width).max().unwrap_or_default()
    };
    let boxes = view.nodes.iter().zip(nodes).map(|(leaf, text)| {
        let (mut size, caption) = sizes(text);
        if text.form != Form::Icon && leaf.node.kind != NodeKind::State {
            size.width = widest(leaf);
        }
        BoxSpec { group: leaf.group, size, caption, start: leaf.start, end: is_outside(leaf), order: leaf.order }
    });
    let edges = view.lines.iter().zip(lines).map(|(line, text)| EdgeSpec {
        from: line.from,
        to: line.to,
        label: block(&text.label, LABEL),
        weight: weight(line),
        style: text.stroke.number(),
    });
    LayoutGraph { groups: groups.collect(), boxes: boxes.collect(), edges: edges.collect(), ..LayoutGraph::default() }
}

/// Whether a box is of nobody's: another company's service, or one of the cloud as a whole.
fn is_outside(leaf: &Leaf<'_>) -> bool {
    leaf.group.is_none() && leaf.node.parent.is_none() && leaf.node.kind != NodeKind::Service
}

/// What starts something points in the page's direction rather than what looks something up.
fn weight(line: &Line<'_>) -> u32 {
    match line.way {
        Some(Way::Main) => return 30,
        Some(Way::Choice) => return 20,
        Some(Way::Inner) => return 15,
        Some(Way::Error) => return 2,
        None => {}
    }
    let starts = |kind: &FlowKind| matches!(kind, FlowKind::Trigger | FlowKind::Publish | FlowKind::Invoke);
    if line.kinds.iter().any(starts) { 10 } else { 1 }
}

fn caption(text: &NodeText) -> Size {
    let names = block(&text.name, NAME);
    // An even width keeps the caption centred on the icon to the pixel.
    let width = (names.width.max(text::width(&text.sub, SUB)) + 5) & !1;
    Size::new(width, names_height(text) + line_height(SUB))
}

/// The size of lines of text.
fn block(lines: &[String], size: i32) -> Size {
    let widest = lines.iter().map(|l| text::width(l, size)).max();
    widest.map_or(Size::default(), |w| Size::new(w + 4, text::height(lines, line_height(size))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Model;
    use model::view::{ViewOptions, system};

    fn check(sample: &str, direction: Direction, allowed: usize) {
        let model = Model::from_json(sample).expect("a sample is a model");
        let view = system(&model, &ViewOptions::default());
        let style = Style { direction, ..Style::default() };
        let page = Page::new(&view, style, Effort::Thorough, &cache::Nothing);
        let graph = page.graph();
        let defects = page.scene.defects(&graph);
        assert!(!defects.iter().any(layout::Defect::is_grave), "{defects:?}");
        assert!(defects.len() <= allowed, "{defects:?}");
        let bounds = Rect::new(0, 0, page.scene.size);
        assert!(page.legend.iter().all(|entry| bounds.contains(&entry.rect)));
        assert!(page.scene.groups.iter().all(|g| bounds.contains(g)));
    }

    #[test]
    fn samples_have_no_defects() {
        for direction in [Direction::Right, Direction::Down] {
            check(include_str!("../tests/samples/small.json"), direction, 0);
            check(include_str!("../tests/samples/medium.json"), direction, 0);
            check(include_str!("../tests/samples/large.json"), direction, 0);
        }
    }

    #[test]
    fn lines_end_at_the_outline_of_a_form() {
        let shape = Rect { x: 100, y: 100, width: 120, height: 40 };
        let check = |form, x, y, upright| hollow(form, shape, Point::new(x, y), upright);
        assert_eq!(check(Form::Card, 105, 100, true), 0);
        assert_eq!(check(Form::Choice, 107, 100, true), 10);
        assert_eq!(check(Form::Choice, 100, 110, false), 7);
        assert_eq!(check(Form::Pill, 160, 100, true), 0);
        assert_eq!(check(Form::Pill, 104, 140, true), 8);
        assert_eq!(check(Form::Pill, 220, 120, false), 0);
        assert_eq!(check(Form::Pill, 220, 132, false), 4);
    }

    #[test]
    fn a_long_title_keeps_the_name_of_the_page() {
        let view = |title: &str| View {
            id: "p".to_owned(),
            title: title.to_owned(),
            groups: Vec::new(),
            nodes: Vec::new(),
            lines: Vec::new(),
        };
        let title = |system: &str, own: &str| {
            let view = view(&format!("{system} · {own}"));
            Page::new(&view, Style::default(), Effort::Thorough, &cache::Nothing).title()
        };
        assert_eq!(title("shop", "orders"), "shop · orders");
        let own = "a-service-with-a-rather-long-name";
        let shortened = title(&"system-".repeat(12), own);
        assert!(shortened.contains('…') && shortened.ends_with(&format!(" · {own}")), "{shortened}");
        let own = "service-".repeat(9);
        assert_eq!(title("system", &own), own);
    }
}
