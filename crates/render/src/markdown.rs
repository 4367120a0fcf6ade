//! Markdown: the pictures of all pages, and tables of what is on them, with links into the source.
//!
//! A code host shows it beside the source. Anchors are written out, since hosts differ in how they name headings.

use crate::MARK;
use crate::look::look;
use crate::page::Page;
use crate::registry::Document;
use crate::text::{plain, shorten};
use model::view::{Leaf, Line, OVERVIEW};
use model::{Certainty, Edge, FlowKind, Location, Mode, Model, Node, NodeKind};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Places that a cell of a table names before it only counts them.
const MOST: usize = 3;
/// The width of the widest text in a cell, in pixels.
const WIDEST: i32 = 560;

/// Writes the whole drawing as one text.
pub(crate) fn write(document: &Document<'_>) -> String {
    let mut out = format!("<!-- {MARK} -->\n\n");
    head(document, &mut out);
    let mut told = BTreeSet::new();
    for page in document.pages {
        Section { document, page }.write(&mut told, &mut out);
    }
    words(document, &mut out);
    out
}

/// What the words of the tables mean, those that stand there.
fn words(document: &Document<'_>, out: &mut String) {
    let shown = || document.model.edges.iter().filter(|e| document.granted || e.certainty != Certainty::Granted);
    let certainties: BTreeSet<Certainty> = shown().map(|edge| edge.certainty).collect();
    let modes: BTreeSet<Mode> = shown().map(|edge| edge.mode).collect();
    let certainties = certainties.iter().map(|word| (word.as_str(), word.meaning()));
    // Where nothing is asynchronous, such as between modules of a program, nobody asks who waits.
    let modes = modes.iter().filter(|_| modes.contains(&Mode::Async)).map(|word| (word.as_str(), word.meaning()));
    let rows: Vec<[String; 2]> = certainties.chain(modes).map(|(word, meaning)| [text(word), text(meaning)]).collect();
    table("Words", ["word", "meaning"], &rows, out);
}

/// The title, how much there is, and where.
fn head(document: &Document<'_>, out: &mut String) {
    let title = document.pages.first().map_or_else(String::new, |page| plain(&page.view.title));
    let Model { nodes, edges, unresolved, .. } = document.model;
    let services = nodes.iter().filter(|n| n.kind == NodeKind::Service).count();
    let boxes = nodes.iter().filter(|n| n.kind != NodeKind::Service && !n.kind.is_part()).count();
    let flows = edges.iter().filter(|e| document.granted || e.certainty != Certainty::Granted).count();
    let counts = [(services, "service"), (boxes, "node"), (flows, "flow")];
    let counts = counts.map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
    let _ = writeln!(out, "# {}\n\n{}, {} unresolved.\n", text(&title), counts.join(", "), unresolved.len());
    if document.pages.len() > 1 {
        for page in document.pages {
            let _ = writeln!(out, "- [{}](#{})", text(&page.title()), anchor(document, &page.view.id));
        }
        out.push('\n');
    }
}

/// The name that links within the text lead to.
fn anchor<'a>(document: &Document<'a>, page: &str) -> &'a str {
    document.links.file(page).unwrap_or(crate::links::NAME)
}

/// One page.
struct Section<'a> {
    document: &'a Document<'a>,
    page: &'a Page<'a>,
}

impl<'a> Section<'a> {
    /// Writes the page; each flow stands once, so those that an earlier page told are left out on pages about parts.
    fn write(&self, told: &mut BTreeSet<(&'a str, &'a str, FlowKind)>, out: &mut String) {
        let view = self.page.view;
        let (title, file) = (text(&self.page.title()), anchor(self.document, &view.id));
        let _ = writeln!(out, "<a id=\"{file}\"></a>\n\n## {title}\n");
        if let Some(ending) = self.document.picture {
            let _ = writeln!(out, "[![{title}]({file}.{ending})]({file}.{ending})\n");
        }
        self.services(out);
        self.nodes(out);
        if view.id == OVERVIEW {
            self.merged(out);
            return self.unresolved(out);
        }
        let is_new = |edge: &&Edge| !told.contains(&edge.key());
        let about_parts = self.document.model.node(&view.id).is_some_and(|n| n.kind != NodeKind::Service);
        let calls = self.own().filter_map(|leaf| leaf.calls.as_ref()).flat_map(|call| call.flows.iter().copied());
        let mut edges: Vec<&Edge> = self.own_lines().flat_map(|line| line.flows.iter().copied()).chain(calls).collect();
        if self.own().any(|leaf| leaf.calls.is_some()) {
            edges.sort_by_key(|edge| edge.key());
        }
        let all = edges.len();
        let edges: Vec<&Edge> = edges.into_iter().filter(|edge| !about_parts || is_new(edge)).collect();
        self.flows(&edges, out);
        if edges.len() < all {
            let is_step = |line: &Line<'_>| line.flows.is_empty();
            let is_table = !edges.is_empty() || self.own_lines().any(is_step);
            let which = if is_table { "The other flows" } else { "The flows" };
            let _ = writeln!(out, "{which} of this page are in the tables above.\n");
        }
        told.extend(edges.into_iter().map(Edge::key));
        self.unresolved(out);
    }

    /// What the page is about, and not what stands there for its sake.
    fn own(&self) -> impl Iterator<Item = &'a Leaf<'a>> {
        self.page.view.nodes.iter().filter(|leaf| !leaf.ghost && !stands_for_others(leaf))
    }

    fn own_lines(&self) -> impl Iterator<Item = &'a Line<'a>> {
        let nodes = &self.page.view.nodes;
        self.page.view.lines.iter().filter(|line| !(nodes[line.from].ghost && nodes[line.to].ghost))
    }

    fn services(&self, out: &mut String) {
        let view = self.page.view;
        let boxed = view.nodes.iter().filter(|leaf| !leaf.ghost && stands_for_others(leaf));
        let boxed = boxed.map(|leaf| (leaf.node, leaf.page.as_ref(), leaf.parts.len(), leaf.unresolved.len()));
        // A frame of ghosts says whose they are, and not how many there are.
        let framed = view.groups.iter().enumerate().filter(|(_, group)| !group.ghosts).map(|(i, group)| {
            let within: Vec<&Leaf<'_>> = self.own().filter(|leaf| leaf.group == Some(i)).collect();
            (group.node, group.page.as_ref(), within.len(), within.iter().map(|l| l.unresolved.len()).sum())
        });
        let framed = framed.filter(|(node, ..)| node.kind == NodeKind::Service);
        let rows: Vec<[String; 4]> = boxed
            .chain(framed)
            .map(|(node, page, nodes, unknown): (&Node, Option<&String>, usize, usize)| {
                let name = self.linked(&text(name(node)), page);
                [name, nodes.to_string(), unknown.to_string(), self.places(&node.declared)]
            })
            .collect();
        if rows.len() > 1 {
            table("Services", ["service", "nodes", "unresolved", "declared"], &rows, out);
        }
    }

    /// Lines between services, each way with how many flows it stands for.
    fn merged(&self, out: &mut String) {
        let rows = self.own_lines().flat_map(|line| {
            let forth = line.flows.iter().copied().filter(|flow| !line.back.contains(flow)).collect();
            let ways = [(line.from, line.to, forth), (line.to, line.from, line.back.clone())];
            ways.into_iter().filter_map(|(from, to, flows)| self.way(from, to, &flows))
        });
        let head = ["from", "kind", "to", "mode", "certainty", "flows"];
        table("Flows", head, &rows.collect::<Vec<_>>(), out);
    }

    /// The row of flows from one box to another.
    fn way(&self, from: usize, to: usize, flows: &[&Edge]) -> Option<[String; 6]> {
        let kinds: BTreeSet<FlowKind> = flows.iter().map(|flow| flow.kind).collect();
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let ends = [from, to].map(|i| &self.page.view.nodes[i]);
        let [from, to] = ends.map(|leaf| self.linked(&text(name(leaf.node)), leaf.page.as_ref()));
        let (mode, certainty) =
            (flows.iter().map(|flow| flow.mode).min()?, flows.iter().map(|flow| flow.certainty).min()?);
        Some([from, kinds.join(", "), to, mode.to_string(), certainty.to_string(), flows.len().to_string()])
    }

    fn nodes(&self, out: &mut String) {
        let service = |leaf: &Leaf<'_>| {
            let group = leaf.group.map(|group| self.page.view.groups[group].node);
            // What a page is about stands in its own frame.
            let own = group.filter(|group| group.id == leaf.node.id).and(leaf.node.parent.as_ref());
            let holder = own.map_or(group, |id| self.document.model.node(id));
            holder.map_or_else(String::new, |node| text(name(node)))
        };
        let rows = self.own().map(|leaf| {
            let named = self.linked(&text(name(leaf.node)), leaf.page.as_ref());
            [named, text(&look(leaf.node).sub), service(leaf), self.places(&leaf.node.declared)]
        });
        let rows: Vec<[String; 4]> = rows.collect();
        table("Nodes", ["node", "kind", "in", "declared"], &rows, out);
    }

    fn flows(&self, edges: &[&Edge], out: &mut String) {
        let flows = self.joined(edges);
        let steps = self.own_lines().filter(|line| line.flows.is_empty()).map(|line| {
            let [from, to] = [line.from, line.to].map(|i| text(name(self.page.view.nodes[i].node)));
            let labels = text(&line.labels.join(", "));
            [from, "then".to_owned(), to, labels, String::new(), line.certainty.to_string(), String::new()]
        });
        let rows: Vec<[String; 7]> = flows.into_iter().chain(steps).collect();
        table("Flows", ["from", "kind", "to", "what", "mode", "certainty", "source"], &rows, out);
    }

    /// The rows of flows; those that differ only in the verb of a route are one.
    fn joined(&self, edges: &[&Edge]) -> Vec<[String; 7]> {
        let mut rows: Vec<(Vec<&str>, [String; 7])> = Vec::new();
        for edge in edges {
            let places: Vec<&Location> = edge.evidence.iter().map(|evidence| &evidence.at).collect();
            let route =
                self.document.model.node(&edge.from).filter(|n| n.kind == NodeKind::Route).and_then(|n| verb(&n.name));
            let verb = route.map_or("", |(verb, _)| verb);
            let (from, label) = (self.named(&edge.from), text(&edge.label));
            let (from, label) = match verb {
                "" => (from, label),
                verb => (with_verb(&from, verb, VERB), with_verb(&label, verb, VERB)),
            };
            let (mode, certainty) = (edge.mode.to_string(), edge.certainty.to_string());
            let row =
                [from, edge.kind.to_string(), self.named(&edge.to), label, mode, certainty, self.all_places(&places)];
            match rows.iter_mut().find(|(verbs, known)| !verb.is_empty() && !verbs.is_empty() && *known == row) {
                Some((verbs, _)) => verbs.push(verb),
                None => rows.push((Some(verb).filter(|verb| !verb.is_empty()).into_iter().collect(), row)),
            }
        }
        let worded = |(verbs, [from, kind, to, label, mode, certainty, source]): (Vec<&str>, [String; 7])| {
            let all = verbs.join(", ");
            [from.replacen(VERB, &all, 1), kind, to, label.replacen(VERB, &all, 1), mode, certainty, source]
        };
        rows.into_iter().map(worded).collect()
    }

    fn unresolved(&self, out: &mut String) {
        let all = self.own().flat_map(|leaf| leaf.unresolved.iter().map(move |entry| (leaf, entry)));
        let rows = all.map(|(leaf, entry)| {
            [
                self.named(&leaf.node.id),
                code(&entry.what),
                prose(&entry.why),
                self.places(std::slice::from_ref(&entry.evidence)),
            ]
        });
        table("Unresolved", ["node", "what", "why", "source"], &rows.collect::<Vec<_>>(), out);
    }

    /// The node of an id, a part with what it belongs to, and a name that is not the only one of the page with its service.
    fn named(&self, id: &str) -> String {
        let Some(node) = self.document.model.node(id) else { return text(id) };
        let above = |node: &Node| node.parent.as_ref().and_then(|id| self.document.model.node(id));
        let owner = Some(node).filter(|node| node.kind.is_part()).and_then(above);
        let mut words = vec![text(name(node))];
        if let Some(owner) = owner.filter(|owner| owner.kind != NodeKind::Service) {
            words.insert(0, text(name(owner)));
        }
        let whole = owner.unwrap_or(node);
        let alike = self.page.view.nodes.iter().filter(|leaf| name(leaf.node) == name(whole)).count();
        let service = above(whole).filter(|service| alike > 1 && service.kind == NodeKind::Service);
        if let Some(service) = service {
            words.insert(0, text(name(service)));
        }
        words.join(" › ")
    }

    /// Text that leads to the section of a page, if there is one.
    fn linked(&self, text: &str, page: Option<&String>) -> String {
        match page.and_then(|page| self.document.links.file(page)) {
            Some(anchor) => format!("[{text}](#{anchor})"),
            None => text.to_owned(),
        }
    }

    fn places(&self, all: &[Location]) -> String {
        self.all_places(&all.iter().collect::<Vec<_>>())
    }

    /// The first places, each a link where a reader has the source, and how many more there are.
    fn all_places(&self, all: &[&Location]) -> String {
        let mut seen = BTreeSet::new();
        let lines: Vec<&&Location> = all.iter().filter(|at| seen.insert((&at.file, at.line))).collect();
        let mut shown: Vec<String> = lines.iter().take(MOST).map(|at| self.place(at)).collect();
        if lines.len() > MOST {
            shown.push(format!("+{}", lines.len() - MOST));
        }
        shown.join(", ")
    }

    fn place(&self, at: &Location) -> String {
        let words = format!("{}:{}", text(&at.file), at.line);
        match self.document.source {
            Some(before) => {
                format!("[{words}]({})", crate::links::source(before, at))
            }
            None => words,
        }
    }
}

/// Stands for the verb of a route; no text has it.
const VERB: &str = "\u{0}";

/// The verb of a route's name, and its path.
fn verb(name: &str) -> Option<(&str, &str)> {
    let (verb, path) = name.split_once(' ').unwrap_or((name, ""));
    (!verb.is_empty() && verb.chars().all(|c| c.is_ascii_uppercase())).then_some((verb, path))
}

/// Text with another verb at the beginning of its last part.
fn with_verb(text: &str, verb: &str, other: &str) -> String {
    let start = text.rfind(" › ").map_or(0, |at| at + " › ".len());
    match text[start..].strip_prefix(verb) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => format!("{}{other}{rest}", &text[..start]),
        _ => text.to_owned(),
    }
}

/// Whether a box is a service that has a page of its own.
fn stands_for_others(leaf: &Leaf<'_>) -> bool {
    leaf.node.kind == NodeKind::Service && !leaf.parts.is_empty()
}

fn name(node: &Node) -> &str {
    if plain(&node.name).is_empty() { &node.id } else { &node.name }
}

/// A table with a title; nothing when it is empty.
fn table<const N: usize>(title: &str, head: [&str; N], rows: &[[String; N]], out: &mut String) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "**{title}**\n\n| {} |\n|{}", head.join(" | "), " --- |".repeat(N));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push('\n');
}

/// Text that is neither Markdown nor HTML, on one line and not too long.
fn text(words: &str) -> String {
    let words = shorten(&plain(words), crate::page::NAME, WIDEST);
    let mut out = String::with_capacity(words.len());
    let mut before = ' ';
    let mut chars = words.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Within a word it is only itself.
            '_' if before.is_alphanumeric() && next.is_alphanumeric() => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            // Else a host makes a link of what looks like an address, or a picture of what looks like `:name:`.
            ':' => out.push_str("&#58;"),
            '.' if out.ends_with("www") => out.push_str("&#46;"),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A sentence in which names stand between ticks.
fn prose(words: &str) -> String {
    let pieces: Vec<&str> = words.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return text(words);
    }
    let piece = |(i, piece): (usize, &&str)| match (i % 2 == 1, piece.starts_with(' '), piece.ends_with(' ')) {
        (true, ..) => code(piece),
        (false, before, after) => {
            format!("{}{}{}", if before { " " } else { "" }, text(piece), if after { " " } else { "" })
        }
    };
    pieces.iter().enumerate().map(piece).collect::<String>().trim().to_owned()
}

/// Text as code, in a cell of a table.
fn code(words: &str) -> String {
    let words = shorten(&plain(words), crate::page::NAME, WIDEST).replace('|', "\\|");
    if words.is_empty() {
        return words;
    }
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{words}{fence}") } else { format!("{fence} {words} {fence}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_neither_markdown_nor_html() {
        assert_eq!(text("create_order"), "create_order");
        assert_eq!(text("_a_ *b* `c` | [d](e)"), "\\_a\\_ \\*b\\* \\`c\\` \\| \\[d\\](e)");
        assert_eq!(text("<script>&\n"), "&lt;script&gt;&amp;");
        assert_eq!(prose("as `a|b` is *x* `y`"), "as `a\\|b` is \\*x\\* `y`");
        assert_eq!(prose("a ` b"), "a \\` b");
        assert_eq!(text("http://www.example.com"), "http&#58;//www&#46;example.com");
    }

    #[test]
    fn verbs_stand_before_paths() {
        assert_eq!(verb("POST /orders"), Some(("POST", "/orders")));
        assert_eq!(verb("POST"), Some(("POST", "")));
        assert_eq!((verb("/orders"), verb("orders list"), verb("")), (None, None, None));
        assert_eq!(with_verb("Api › POST /orders", "POST", "x"), "Api › x /orders");
        assert_eq!(with_verb("Scan", "POST", "x"), "Scan");
    }

    #[test]
    fn code_is_fenced_by_more_ticks_than_it_holds() {
        assert_eq!(code("a | b"), "`a \\| b`");
        assert_eq!(code("`a``b`"), "``` `a``b` ```");
        assert_eq!(code(""), "");
    }
}
