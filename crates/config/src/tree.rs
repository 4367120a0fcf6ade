//! A configuration file as a tree in which each value knows its place. YAML and JSON give the same tree.
//!
//! Aliases are expanded with a budget, merge keys are merged, a repeated key keeps its last value, and a short
//! tag is its long form: `!GetAtt A.Arn` is `{"Fn::GetAtt": "A.Arn"}`.

use crate::json;
use facts::{Diagnostic, Expr, Place, SourceFile};
use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values that one file may have after its aliases are expanded.
const MAX_VALUES: usize = 400_000;

/// Values inside one another.
pub(crate) const MAX_DEPTH: usize = 200;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree {
    /// Where it is written.
    pub(crate) place: Place,
    /// The value.
    pub(crate) node: Node,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// Nothing.
    Null,
    /// A text, number or truth value, as it is written; `true` where it was in quotes.
    Scalar(Arc<str>, bool),
    /// A list.
    List(Vec<Tree>),
    /// A map, in source order.
    Map(Vec<(Key, Tree)>),
    /// A text that is known in part: what a variable of another format stands for.
    Symbol(Expr),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    /// The key's text.
    pub(crate) text: Arc<str>,
    /// Where it is written.
    pub(crate) place: Place,
}

/// Values that a front end makes out of others.
impl Tree {
    /// A text.
    pub(crate) fn scalar(place: &Place, text: impl Into<Arc<str>>) -> Self {
        Self { place: place.clone(), node: Node::Scalar(text.into(), true) }
    }

    /// A text that is known in part.
    pub(crate) fn symbol(place: &Place, expr: Expr) -> Self {
        let node = match expr {
            Expr::Literal(text) => Node::Scalar(text, true),
            other => Node::Symbol(other),
        };
        Self { place: place.clone(), node }
    }

    /// A list.
    pub(crate) fn list(place: &Place, items: Vec<Self>) -> Self {
        Self { place: place.clone(), node: Node::List(items) }
    }

    /// A map; the keys stand where their values do.
    pub(crate) fn map<'k>(place: &Place, entries: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        let entry = |(key, value): (&str, Self)| (Key { text: key.into(), place: value.place.clone() }, value);
        Self { place: place.clone(), node: Node::Map(entries.into_iter().map(entry).collect()) }
    }

    /// An intrinsic function.
    pub(crate) fn call(place: &Place, function: &str, argument: Self) -> Self {
        Self::map(place, [(function, argument)])
    }

    /// `Ref`.
    pub(crate) fn reference(place: &Place, id: &str) -> Self {
        Self::call(place, "Ref", Self::scalar(place, id))
    }

    /// `Fn::GetAtt`.
    pub(crate) fn attribute(place: &Place, id: &str, attribute: &str) -> Self {
        Self::call(place, "Fn::GetAtt", Self::scalar(place, format!("{id}.{attribute}")))
    }

    /// The logical id that a `Ref` or `Fn::GetAtt` names.
    pub(crate) fn referenced(&self) -> Option<&str> {
        let (function, argument) = self.single()?;
        match function {
            "Ref" => argument.text(),
            "Fn::GetAtt" => argument.text().or_else(|| argument.items().first()?.text())?.split('.').next(),
            _ => None,
        }
    }

    /// Lays another value over this one: maps are merged, and of anything else the new value counts.
    pub(crate) fn overlay(&mut self, new: &Self, depth: usize) {
        match (&mut self.node, &new.node) {
            (Node::Map(old), Node::Map(new)) if depth < MAX_DEPTH => {
                for (key, value) in new {
                    match old.iter_mut().find(|(known, _)| known.text == key.text) {
                        Some((_, old)) => old.overlay(value, depth + 1),
                        None => old.push((key.clone(), value.clone())),
                    }
                }
            }
            _ => *self = new.clone(),
        }
    }

    /// Texts one after another.
    pub(crate) fn join(place: &Place, parts: Vec<Self>) -> Self {
        let known = |part: &Self| match &part.node {
            Node::Scalar(text, _) => Some(Expr::literal(text.clone())),
            Node::Symbol(expr) => Some(expr.clone()),
            Node::Null => Some(Expr::literal("")),
            Node::List(_) | Node::Map(_) => None,
        };
        if let Some(parts) = parts.iter().map(known).collect::<Option<Vec<_>>>() {
            return Self::symbol(place, Expr::concat(parts));
        }
        let arguments = vec![Self::scalar(place, ""), Self::list(place, parts)];
        Self::call(place, "Fn::Join", Self::list(place, arguments))
    }
}

impl Tree {
    /// The value under a key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        self.entries().iter().find(|(k, _)| &*k.text == key).map(|(_, v)| v)
    }

    /// The value at the end of a way of keys.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Tree> {
        keys.iter().try_fold(self, |tree, key| tree.get(key))
    }

    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[(Key, Tree)] {
        match &self.node {
            Node::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Tree] {
        match &self.node {
            Node::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the value itself where a list of one may be written without brackets.
    pub(crate) fn one_or_many(&self) -> Vec<&Tree> {
        match &self.node {
            Node::List(items) => items.iter().collect(),
            Node::Null => Vec::new(),
            _ => vec![self],
        }
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// Shows every place in it. Trees are no deeper than [`MAX_DEPTH`].
    fn visit(&mut self, seen: &mut impl FnMut(&mut Place)) {
        seen(&mut self.place);
        match &mut self.node {
            Node::List(items) => items.iter_mut().for_each(|item| item.visit(seen)),
            Node::Map(entries) => {
                for (key, value) in entries {
                    seen(&mut key.place);
                    value.visit(seen);
                }
            }
            _ => {}
        }
    }

    /// Whether it is an intrinsic function.
    pub(crate) fn is_intrinsic(&self) -> bool {
        self.single().is_some_and(|(name, _)| name == "Ref" || name.starts_with("Fn::"))
    }

    /// The one entry of a map that has one: an intrinsic function and its argument.
    pub(crate) fn single(&self) -> Option<(&str, &Tree)> {
        match self.entries() {
            [(key, value)] => Some((&key.text, value)),
            _ => None,
        }
    }
}

/// Reads a text that stands inside of a file: its first line is that of the place.
pub(crate) fn read_inside(text: &str, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
    let mut tree = read(&SourceFile::new(place.file.clone(), text), diagnostics)?;
    let lines = place.line.saturating_sub(1);
    if lines > 0 {
        tree.visit(&mut |place| place.line += lines);
    }
    Some(tree)
}

/// Reads a file; what stands before a syntax error is kept.
pub(crate) fn read(file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
    let yaml = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    if yaml || !file.text.trim_start().starts_with(['{', '[']) {
        return read_yaml(file, diagnostics);
    }
    json::read(file, diagnostics)
}

fn read_yaml(file: &SourceFile, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
    let mut builder = Builder {
        file: &file.path,
        diagnostics,
        anchors: BTreeMap::new(),
        values: 0,
        open: Vec::new(),
        closing: false,
        root: None,
    };
    let options = granit_parser::options! { emit_comments: false };
    for event in Parser::new_from_str_with_options(&file.text, options) {
        match event {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, span)) => {
                if !builder.event(event, &span) {
                    break;
                }
            }
            Err(error) => {
                let place =
                    Place::new(file.path.clone(), error.marker().line() as u32, error.marker().col() as u32 + 1);
                let message =
                    format!("this cannot be read: {}; what follows it is left out", one_line(&error.to_string()));
                builder.diagnostics.push(Diagnostic::error("syntax", place, message));
                break;
            }
        }
    }
    builder.close_all();
    builder.root
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A list or map that is not closed yet.
struct Open {
    place: Place,
    tag: Option<String>,
    anchor: usize,
    kind: Kind,
}

enum Kind {
    List(Vec<Tree>),
    Map(Vec<(Key, Tree)>, Option<Key>),
}

struct Builder<'f> {
    file: &'f Arc<str>,
    diagnostics: &'f mut Vec<Diagnostic>,
    anchors: BTreeMap<usize, Tree>,
    values: usize,
    open: Vec<Open>,
    /// What is open is being closed, so nothing more is refused.
    closing: bool,
    root: Option<Tree>,
}

impl Builder<'_> {
    /// Takes an event; false when no more can be taken.
    fn event(&mut self, event: Event<'_>, span: &Span) -> bool {
        let place = Place::new(self.file.clone(), span.start.line() as u32, span.start.col() as u32 + 1);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = !matches!(style, ScalarStyle::Plain);
                let empty = !quoted && (text.is_empty() || matches!(&*text, "~" | "null" | "Null" | "NULL"));
                let node = if empty { Node::Null } else { Node::Scalar(text.into(), quoted) };
                let tree = with_tag(Tree { place, node }, tag.as_ref().map(|t| tag_name(t)).as_deref());
                self.add(tree, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(Kind::List(Vec::new()), place, anchor, tag.as_ref().map(|t| tag_name(t)))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.start(Kind::Map(Vec::new(), None), place, anchor, tag.as_ref().map(|t| tag_name(t)))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).map_or(Node::Null, |tree| tree.node.clone());
                let tree = Tree { place, node };
                self.values += size(&tree);
                self.add(tree, 0)
            }
            _ => true,
        }
    }

    fn start(&mut self, kind: Kind, place: Place, anchor: usize, tag: Option<String>) -> bool {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("values are nested deeper than {MAX_DEPTH} levels; what follows is left out");
            self.diagnostics.push(Diagnostic::error("too-deep", place, message));
            return false;
        }
        self.open.push(Open { place, tag, anchor, kind });
        true
    }

    fn end(&mut self) -> bool {
        let Some(open) = self.open.pop() else { return true };
        let node = match open.kind {
            Kind::List(items) => Node::List(items),
            Kind::Map(entries, _) => Node::Map(self.tidy(entries)),
        };
        let tree = with_tag(Tree { place: open.place, node }, open.tag.as_deref());
        self.add(tree, open.anchor)
    }

    fn close_all(&mut self) {
        self.closing = true;
        while !self.open.is_empty() {
            self.end();
        }
    }

    /// Puts a value where it belongs.
    fn add(&mut self, tree: Tree, anchor: usize) -> bool {
        self.values += 1;
        if self.values > MAX_VALUES && !self.closing {
            let place = tree.place;
            let message =
                format!("the file has more than {MAX_VALUES} values with its aliases; what follows is left out");
            self.diagnostics.push(Diagnostic::error("too-large", place, message));
            return false;
        }
        if anchor > 0 {
            self.anchors.insert(anchor, tree.clone());
        }
        match self.open.last_mut().map(|o| &mut o.kind) {
            None => self.root = Some(tree),
            Some(Kind::List(items)) => items.push(tree),
            Some(Kind::Map(entries, key)) => {
                if let Some(key) = key.take() {
                    entries.push((key, tree));
                } else {
                    let text = tree.text().unwrap_or_default().into();
                    *key = Some(Key { text, place: tree.place });
                }
            }
        }
        true
    }

    /// Merges `<<`, and keeps the last of entries with the same key.
    fn tidy(&mut self, entries: Vec<(Key, Tree)>) -> Vec<(Key, Tree)> {
        let mut out: Vec<(Key, Tree)> = Vec::with_capacity(entries.len());
        let mut places: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        let mut merged = Vec::new();
        for (key, value) in entries {
            if &*key.text == "<<" {
                for source in value.one_or_many() {
                    merged.extend_from_slice(source.entries());
                }
                continue;
            }
            if let Some(at) = places.get(&key.text) {
                let message = format!("the key `{}` stands twice; the last one counts", key.text);
                self.diagnostics.push(Diagnostic::warning("repeated-key", key.place.clone(), message));
                out[*at] = (key, value);
            } else {
                places.insert(key.text.clone(), out.len());
                out.push((key, value));
            }
        }
        for (key, value) in merged {
            if !places.contains_key(&key.text) {
                places.insert(key.text.clone(), out.len());
                out.push((key, value));
            }
        }
        out
    }
}

fn tag_name(tag: &granit_parser::Tag) -> String {
    if tag.handle() == "!" { tag.suffix().to_owned() } else { String::new() }
}

/// The long form of a short tag.
fn with_tag(tree: Tree, tag: Option<&str>) -> Tree {
    let Some(tag) = tag.filter(|t| !t.is_empty()) else { return tree };
    let name: Arc<str> = match tag {
        "Ref" | "Condition" => tag.into(),
        other => format!("Fn::{other}").into(),
    };
    let place = tree.place.clone();
    Tree { place: place.clone(), node: Node::Map(vec![(Key { text: name, place }, tree)]) }
}

fn size(tree: &Tree) -> usize {
    let mut count = 0;
    let mut stack = vec![tree];
    while let Some(tree) = stack.pop() {
        count += 1;
        stack.extend(tree.items());
        stack.extend(tree.entries().iter().map(|(_, v)| v));
    }
    count
}
