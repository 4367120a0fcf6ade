//! Mermaid: a flowchart for each page, laid out by whoever shows it, within what code hosts show.
//!
//! Whatever is not plainly text is written as its number, `#34;`: Mermaid reads quotes, directives, Markdown and HTML
//! within labels, and which of them depends on its version.

use crate::MARK;
use crate::links::Links;
use crate::page::{Form, Page};
use crate::stroke::{Heads, Sure};
use crate::words::{Classes, PageWords, line_label, node_name};
use layout::Direction;
use model::NodeKind;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Code hosts show no text with more UTF-16 units than this: Mermaid's `maxTextSize`.
const MOST_TEXT: usize = 50_000;
/// Nor one with more lines between boxes: Mermaid's `maxEdges`.
const MOST_LINES: usize = 500;

/// How much of a page is written.
#[derive(Clone, Copy)]
struct Detail {
    /// What a node is, below its name.
    kinds: bool,
    /// Words on lines.
    labels: bool,
    /// At most so many boxes.
    boxes: usize,
}

/// Writes a page, with as much detail as there may be.
pub(crate) fn write(page: &Page<'_>, links: &Links) -> String {
    let all = page.view.nodes.len();
    let full = Detail { kinds: true, labels: true, boxes: all };
    let mut details = vec![full, Detail { kinds: false, ..full }, Detail { kinds: false, labels: false, ..full }];
    let halves = std::iter::successors(Some(all / 2), |n| (*n > 0).then_some(n / 2));
    details.extend(halves.map(|boxes| Detail { kinds: false, labels: false, boxes }));
    let mut text = String::new();
    for detail in details {
        text = Chart::new(page, links, detail).text();
        if text.encode_utf16().count() <= MOST_TEXT {
            break;
        }
    }
    text
}

/// One page with a degree of detail.
struct Chart<'a> {
    page: &'a Page<'a>,
    links: &'a Links,
    detail: Detail,
    words: PageWords,
    classes: Classes,
    /// Indices of the lines that are drawn.
    lines: Vec<usize>,
}

impl<'a> Chart<'a> {
    fn new(page: &'a Page<'a>, links: &'a Links, detail: Detail) -> Self {
        let among = |i: &usize| page.view.lines[*i].from.max(page.view.lines[*i].to) < detail.boxes;
        let mut drawn: Vec<usize> = (0..page.view.lines.len()).filter(among).collect();
        // What is least sure is left out first.
        drawn.sort_by_key(|i| (page.view.lines[*i].certainty, *i));
        drawn.truncate(MOST_LINES);
        drawn.sort_unstable();
        Self { page, links, detail, words: PageWords::new(page), classes: Classes::new(page), lines: drawn }
    }

    fn text(&self) -> String {
        let direction = match self.page.style.direction {
            Direction::Right => "LR",
            Direction::Down => "TB",
        };
        let mut out = format!("---\ntitle: \"{}\"\n---\n%% {MARK}\nflowchart {direction}\n", yaml(&self.page.title()));
        self.boxes(None, 1, &mut out);
        self.notes(&mut out);
        for i in &self.lines {
            self.line(*i, &mut out);
        }
        self.looks(&mut out);
        self.clicks(&mut out);
        out
    }

    /// The boxes of a group, and the groups in it.
    fn boxes(&self, group: Option<usize>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let nodes = self.page.view.nodes.iter().enumerate().take(self.detail.boxes);
        for (i, leaf) in nodes.filter(|(_, leaf)| leaf.group == group) {
            let text = &self.page.nodes[i];
            let mut lines = node_name(text);
            if self.detail.kinds {
                lines.push(text.sub.clone());
            }
            let (open, close) = shape(leaf.node.kind, text.form);
            let class = if leaf.ghost { "ghost" } else { self.classes.of(self.page, i) };
            let _ = writeln!(out, "{indent}{}{open}\"{}\"{close}:::{class}", self.words.nodes[i], label(&lines));
        }
        for (i, inner) in self.page.view.groups.iter().enumerate().filter(|(_, inner)| inner.parent == group) {
            let mut content = String::new();
            self.boxes(Some(i), depth + 1, &mut content);
            if !content.is_empty() {
                let title = coded(&self.page.groups[i].title);
                let word = &self.words.groups[i];
                let _ = write!(out, "{indent}subgraph {word}[\"{title}\"]\n{content}{indent}end\n");
                debug_assert_eq!(inner.parent, group);
            }
        }
    }

    /// What leads back, and what is left out.
    fn notes(&self, out: &mut String) {
        if self.leads_back() {
            let _ = writeln!(out, "  overview([\"↑ all pages\"]):::note");
        }
        let mut left_out = Vec::new();
        let (boxes, lines) = (self.page.view.nodes.len() - self.detail.boxes, self.page.view.lines.len());
        if boxes > 0 {
            left_out.push(format!("{boxes} boxes"));
        }
        if lines > self.lines.len() {
            left_out.push(format!("{} lines", lines - self.lines.len()));
        }
        if !self.detail.labels {
            left_out.push("words on lines".to_owned());
        }
        if !left_out.is_empty() {
            let words = format!("not shown, as code hosts limit the size of a chart: {}", left_out.join(", "));
            let _ = writeln!(out, "  left_out[\"{}\"]:::note", coded(&words));
        }
    }

    fn leads_back(&self) -> bool {
        self.links.first != self.page.view.id && self.links.file(&self.links.first).is_some()
    }

    fn line(&self, index: usize, out: &mut String) {
        let (line, text) = (&self.page.view.lines[index], &self.page.lines[index]);
        let (dashed, both) = (text.stroke.dashed || text.stroke.sure == Sure::Granted, text.stroke.heads);
        let arrow = match (dashed, both) {
            (false, Heads::Forward) => "-->",
            (true, Heads::Forward) => "-.->",
            (false, _) => "<-->",
            (true, _) => "<-.->",
        };
        let words = if self.detail.labels { coded(&line_label(line)) } else { String::new() };
        let words = if words.is_empty() { words } else { format!("|\"{words}\"|") };
        let (from, to) = (&self.words.nodes[line.from], &self.words.nodes[line.to]);
        let _ = writeln!(out, "  {from} {arrow}{words} {to}");
    }

    /// Colours that can be read on light and dark pages.
    fn looks(&self, out: &mut String) {
        let drawn = 0..self.detail.boxes;
        let used: BTreeSet<&str> = drawn.clone().map(|i| self.classes.of(self.page, i)).collect();
        for (name, _, colour) in self.classes.all.iter().filter(|(name, ..)| used.contains(name.as_str())) {
            let _ = writeln!(out, "  classDef {name} fill:#ffffff,stroke:{colour},stroke-width:2px,color:#232f3e");
        }
        if drawn.into_iter().any(|i| self.page.view.nodes[i].ghost) {
            out.push_str("  classDef ghost fill:#f5f7fa,stroke:#7d8896,color:#5a6c86,stroke-dasharray:4 3\n");
        }
        if out.contains(":::note\n") {
            out.push_str("  classDef note fill:none,stroke:#8a96a3,color:#8a96a3\n");
        }
        if out.contains("  subgraph ") {
            let drawn: Vec<&str> = self.words.groups.iter().map(String::as_str).collect();
            let drawn = drawn.into_iter().filter(|word| out.contains(&format!("subgraph {word}["))).collect::<Vec<_>>();
            out.push_str("  classDef group fill:none,stroke:#8a96a3\n");
            let _ = writeln!(out, "  class {} group", drawn.join(","));
        }
        self.strokes(out);
    }

    /// What arrows alone cannot say of lines.
    fn strokes(&self, out: &mut String) {
        let mut style = |of: &dyn Fn(&crate::stroke::Stroke) -> bool, css: &str| {
            let numbers = self.lines.iter().enumerate().filter(|(_, i)| of(&self.page.lines[**i].stroke));
            let numbers: Vec<String> = numbers.map(|(at, _)| at.to_string()).collect();
            if !numbers.is_empty() {
                let _ = writeln!(out, "  linkStyle {} {css}", numbers.join(","));
            }
        };
        // What is only read flows back: the head at the far end goes.
        style(&|s| s.heads == Heads::Back, "marker-end:none");
        style(&|s| s.step && s.sure == Sure::Yes, "stroke:#1f6fb2,stroke-width:2px");
        style(&|s| s.sure == Sure::Possible, "stroke:#9aa5b1");
        style(&|s| s.sure == Sure::Granted, "stroke:#9aa5b1,stroke-dasharray:1 4");
    }

    fn clicks(&self, out: &mut String) {
        let mut click = |word: &str, page: &str| {
            if let Some(file) = self.links.file(page) {
                let _ = writeln!(out, "  click {word} href \"{file}.mmd\"");
            }
        };
        if self.leads_back() {
            click("overview", &self.links.first);
        }
        for (i, leaf) in self.page.view.nodes.iter().enumerate().take(self.detail.boxes) {
            if let Some(page) = &leaf.page {
                click(&self.words.nodes[i], page);
            }
        }
    }
}

/// What stands around a label.
const fn shape(kind: NodeKind, form: Form) -> (&'static str, &'static str) {
    match (form, kind) {
        (Form::Pill, _) | (_, NodeKind::External | NodeKind::Schedule) => ("([", "])"),
        (Form::Choice, _) => ("{{", "}}"),
        (Form::Card, _) => ("(", ")"),
        (_, NodeKind::Table | NodeKind::Database | NodeKind::Cache | NodeKind::Bucket | NodeKind::Search) => {
            ("[(", ")]")
        }
        (_, NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebsocketApi | NodeKind::GraphqlApi) => ("{{", "}}"),
        (_, NodeKind::Queue | NodeKind::Stream | NodeKind::Topic | NodeKind::EventBus) => ("[/", "/]"),
        (_, NodeKind::StateMachine | NodeKind::Service) => ("[[", "]]"),
        _ => ("[", "]"),
    }
}

/// Lines of a label, none of which means anything but itself.
fn label(lines: &[String]) -> String {
    lines.iter().map(|line| coded(line)).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("<br>")
}

/// A line of text in which all that could be syntax is a number.
fn coded(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut before = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let within_word = [before, chars.peek().copied()].iter().all(|c| c.is_some_and(char::is_alphanumeric));
        let harmless = match c {
            // Markdown: emphasis begins or ends where an underscore is not inside a word.
            '_' => within_word,
            // A list begins with a hyphen or a number with a dot; an address with `www.`.
            '-' | '/' | ',' => before.is_some(),
            '.' => before.is_some() && !out.ends_with(|c: char| c.is_ascii_digit()) && !out.ends_with("www"),
            // These stand for `&` and `;` while Mermaid reads.
            'ﬂ' | '¶' => false,
            c => !c.is_ascii() || c.is_ascii_alphanumeric() || c == ' ',
        };
        if harmless {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
        before = Some(c);
    }
    out
}

/// Text for double quotes of YAML.
fn yaml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, ' ' | '-' | '_' | '.' | ',' | '/') {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Style;
    use model::view::{ViewOptions, pages};
    use model::{Certainty, Edge, FlowKind, Mode, Model};

    fn sample() -> Model {
        Model::from_json(include_str!("../tests/samples/small.json")).expect("a sample is a model")
    }

    fn first(model: &Model) -> String {
        let views = pages(model, &ViewOptions::default());
        write(&Page::unplaced(&views[0], Style::default()), &Links::new(&views))
    }

    #[test]
    fn what_could_be_syntax_is_a_number() {
        assert_eq!(coded("create_order"), "create_order");
        assert_eq!(coded("_a_ \"b\" #quot;"), "#95;a#95; #34;b#34; #35;quot#59;");
        assert_eq!(coded("%%{init"), "#37;#37;#123;init");
        assert_eq!(coded("1. a"), "1#46; a");
        assert_eq!(coded("- a-b/c"), "#45; a-b/c");
        assert_eq!(coded("www.example.com"), "www#46;example.com");
        assert_eq!(yaml("a: \"b\"\\"), "a\\u003a \\u0022b\\u0022\\u005c");
    }

    /// A system of many functions that all write to many tables.
    fn crowd(functions: usize, tables: usize, name: &str) -> Model {
        let mut model = sample();
        let of = |id: &str| model.nodes.iter().find(|n| n.id == id).expect("the sample has it").clone();
        let (function, table, edge) = (of("orders/CreateOrder"), of("orders/OrdersTable"), model.edges[0].clone());
        (model.nodes, model.edges) = (Vec::new(), Vec::new());
        for f in 0..functions {
            let id = format!("f{f}");
            model.nodes.push(model::Node {
                id: id.clone(),
                parent: None,
                name: format!("{name}{f}"),
                ..function.clone()
            });
            model.edges.extend((0..tables).map(|t| Edge {
                from: id.clone(),
                to: format!("t{t}"),
                kind: FlowKind::Write,
                mode: Mode::Sync,
                certainty: if t == 0 { Certainty::Possible } else { Certainty::Inferred },
                label: "\"PutItem\" and more that is long".to_owned(),
                ..edge.clone()
            }));
        }
        for t in 0..tables {
            model.nodes.push(model::Node { id: format!("t{t}"), parent: None, ..table.clone() });
        }
        model.unresolved.clear();
        model.sort();
        model
    }

    #[test]
    fn the_limits_of_code_hosts_are_kept_and_told() {
        let check = |model: &Model, expected: &str| {
            let text = first(model);
            assert!(text.encode_utf16().count() <= MOST_TEXT);
            let lines = text.lines().filter(|l| l.contains("-->")).count();
            assert!(lines <= MOST_LINES, "{lines}");
            let note = text.lines().find(|l| l.contains("left_out["));
            assert_eq!(note.is_some(), !expected.is_empty(), "{note:?}");
            assert!(note.unwrap_or_default().contains(expected), "{note:?}");
        };
        check(&sample(), "");
        check(&crowd(40, 5, "f"), "");
        check(&crowd(40, 20, "f"), "300 lines");
        check(&crowd(10, 60, "f"), "100 lines");
        check(&crowd(70, 7, &"{}\"\"/".repeat(500)), "words on lines");
    }

    #[test]
    fn the_least_sure_lines_are_left_out_first() {
        let text = first(&crowd(30, 18, "f"));
        assert!(!text.contains("n_f0 --> n_t0\n"), "{text}");
        assert!(text.contains(" n_t17\n"), "{text}");
    }
}
