//! D2: containers and connections for each page, laid out by whoever draws it.
//!
//! Everything that a model says stands in double quotes, where `\` and `$` are the only characters that mean something;
//! ids are words of ours, for D2 reads a dot, a dash or an arrow in one.

use crate::links::Links;
use crate::page::{Form, Page};
use crate::stroke::{Heads, Sure};
use crate::words::{Classes, PageWords, line_label, node_name};
use crate::{MARK, Theme};
use layout::Direction;
use model::NodeKind;
use std::fmt::Write as _;

/// Writes a page.
pub(crate) fn write(page: &Page<'_>, links: &Links) -> String {
    let words = PageWords::new(page);
    let classes = Classes::new(page);
    let mut out = format!("# {MARK}\n");
    head(page, &classes, &mut out);
    title(page, links, &mut out);
    let sheet = Sheet { page, links, words, classes };
    sheet.boxes(None, 0, &mut out);
    for index in 0..page.view.lines.len() {
        sheet.line(index, &mut out);
    }
    out
}

/// Options, and what boxes of a kind have in common. What has no colour here follows the theme, light or dark.
fn head(page: &Page<'_>, classes: &Classes, out: &mut String) {
    let (light, dark) = match page.style.theme {
        Theme::Auto => (1, 200),
        Theme::Light => (1, 1),
        Theme::Dark => (200, 200),
    };
    let direction = match page.style.direction {
        Direction::Right => "right",
        Direction::Down => "down",
    };
    let _ = write!(
        out,
        "vars: {{\n  d2-config: {{\n    theme-id: {light}\n    dark-theme-id: {dark}\n    layout-engine: elk\n  }}\n}}\n\
         direction: {direction}\nclasses: {{\n"
    );
    for (name, kind, colour) in &classes.all {
        let shape = shape(*kind);
        let _ = writeln!(out, "  {name}: {{shape: {shape}; style.stroke: \"{colour}\"; style.stroke-width: 2}}");
    }
    out.push_str("}\n");
}

/// The title; on a page that is not the first, it leads there.
fn title(page: &Page<'_>, links: &Links, out: &mut String) {
    let back = links.file(&links.first).filter(|_| links.first != page.view.id);
    let link = back.map_or_else(String::new, |file| format!("; link: \"{file}.svg\""));
    let title = quoted(&page.title());
    let _ = writeln!(out, "title: {title} {{shape: text; near: top-center; style.font-size: 24{link}}}");
}

/// A page with its words.
struct Sheet<'a> {
    page: &'a Page<'a>,
    links: &'a Links,
    words: PageWords,
    classes: Classes,
}

impl Sheet<'_> {
    /// The boxes of a group, and the groups in it.
    fn boxes(&self, group: Option<usize>, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        for (i, _) in self.page.view.nodes.iter().enumerate().filter(|(_, leaf)| leaf.group == group) {
            self.node(i, &indent, out);
        }
        for (i, inner) in self.page.view.groups.iter().enumerate().filter(|(_, inner)| inner.parent == group) {
            let title = quoted(&self.page.groups[i].title);
            let _ = writeln!(out, "{indent}{}: {title} {{", self.words.groups[i]);
            if let Some(file) = inner.page.as_ref().and_then(|page| self.links.file(page)) {
                let _ = writeln!(out, "{indent}  link: \"{file}.svg\"");
            }
            self.boxes(Some(i), depth + 1, out);
            let _ = writeln!(out, "{indent}}}");
        }
    }

    fn node(&self, index: usize, indent: &str, out: &mut String) {
        let (leaf, text) = (&self.page.view.nodes[index], &self.page.nodes[index]);
        let mut lines = node_name(text);
        lines.push(text.sub.clone());
        let label = quoted(&lines.join("\n"));
        let mut marks = vec![format!("class: {}", self.classes.of(self.page, index))];
        match text.form {
            Form::Choice => marks.push("shape: hexagon".to_owned()),
            Form::Pill => marks.push("style.border-radius: 99".to_owned()),
            Form::Card => marks.push("style.border-radius: 6".to_owned()),
            Form::Icon => {}
        }
        if leaf.ghost {
            marks.push("style.stroke-dash: 4".to_owned());
        }
        if let Some(file) = leaf.page.as_ref().and_then(|page| self.links.file(page)) {
            marks.push(format!("link: \"{file}.svg\""));
        }
        let _ = writeln!(out, "{indent}{}: {label} {{{}}}", self.words.nodes[index], marks.join("; "));
    }

    fn line(&self, index: usize, out: &mut String) {
        let (line, text) = (&self.page.view.lines[index], &self.page.lines[index]);
        let arrow = if text.stroke.heads == Heads::Forward { "->" } else { "<->" };
        let mut marks = Vec::new();
        if text.stroke.heads == Heads::Back {
            marks.push("target-arrowhead: {shape: circle; style.filled: false}".to_owned());
        }
        match (text.stroke.sure, text.stroke.dashed) {
            (Sure::Granted, _) => marks.push("style.stroke-dash: 2".to_owned()),
            (_, true) => marks.push("style.stroke-dash: 5".to_owned()),
            (_, false) => {}
        }
        if text.stroke.sure != Sure::Yes || text.stroke.step {
            marks.push(format!("style.stroke: \"{}\"", text.stroke.colour()));
        }
        let label = line_label(line);
        let label = if label.is_empty() { label } else { format!(" {}", quoted(&label)) };
        let marks = if marks.is_empty() { String::new() } else { format!(" {{{}}}", marks.join("; ")) };
        let colon = if label.is_empty() && marks.is_empty() { "" } else { ":" };
        let (from, to) = (self.path(line.from), self.path(line.to));
        let _ = writeln!(out, "{from} {arrow} {to}{colon}{label}{marks}");
    }

    /// A box by its name within its containers.
    fn path(&self, index: usize) -> String {
        let mut path = vec![self.words.nodes[index].as_str()];
        let mut at = self.page.view.nodes[index].group;
        while let Some(group) = at {
            path.push(&self.words.groups[group]);
            at = self.page.view.groups[group].parent;
        }
        path.reverse();
        path.join(".")
    }
}

const fn shape(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Table | NodeKind::Database | NodeKind::Cache | NodeKind::Bucket | NodeKind::Search => "cylinder",
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebsocketApi | NodeKind::GraphqlApi => "hexagon",
        NodeKind::Queue | NodeKind::Stream | NodeKind::Topic | NodeKind::EventBus => "queue",
        NodeKind::Schedule => "oval",
        NodeKind::External => "cloud",
        NodeKind::Service => "package",
        NodeKind::StateMachine => "step",
        _ => "rectangle",
    }
}

/// Text in double quotes, in which nothing is an escape or a substitution.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_means_itself() {
        assert_eq!(quoted("a"), "\"a\"");
        assert_eq!(quoted("\"${x}\" \\n\n\t\u{1}"), "\"\\\"\\${x}\\\" \\\\n\\n \"");
    }
}
