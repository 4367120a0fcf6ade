//! Mapping templates and resolver code, wherever they stand: inline, in a substitution, in a file.

use super::tokens::{Language, reference_name};
use crate::paths;
use crate::template::Template;
use crate::tree::{Node, Tree};
use facts::{Declarations, Diagnostic, Expr, Place, SourceFile};

/// A text with what is needed to say where a byte of it stands and what a name in it names.
pub(super) struct Text<'t> {
    pub(super) content: String,
    pub(super) language: Language,
    origin: Origin,
    names: Names<'t>,
}

/// What `${…}` in a text is.
#[derive(Clone, Copy)]
enum Names<'t> {
    /// A reference of the text's own language.
    None,
    /// A name of the template.
    Template,
    /// A name of the template or of the substitution's own.
    Own(&'t Tree),
    /// A name of these, or a reference of the text's own language.
    Only(&'t Tree),
}

/// Where a text stands.
enum Origin {
    /// In the template, its lines beginning here.
    Inline(Place),
    /// In a file.
    File(String),
}

/// A file with names of its own to be put in: `{"Substituted": [file, names]}`, as other formats compile to it.
pub(crate) const SUBSTITUTED: &str = "Substituted";

/// A property that names a text, or holds one.
pub(super) enum Written<'t> {
    Inline(&'t Tree),
    Location(&'t Tree),
}

/// Reads the text of a property; one that is not in the scan gives a diagnostic.
pub(super) fn read<'t>(
    template: &Template<'t>,
    written: &Written<'t>,
    language: Language,
    out: &mut Declarations,
) -> Option<Text<'t>> {
    match written {
        Written::Inline(tree) => inline(template, tree, language),
        Written::Location(tree) => {
            let (tree, names) = match tree.single() {
                Some((SUBSTITUTED, argument)) if let [file, own] = argument.items() => (file, Names::Only(own)),
                _ => (*tree, Names::None),
            };
            let Some(path) = located(template, tree) else {
                missing(template, tree, out);
                return None;
            };
            let file = template.sources.read(&path).ok()?;
            Some(Text { content: file.text.to_string(), language, origin: Origin::File(path), names })
        }
    }
}

fn missing(template: &Template<'_>, tree: &Tree, out: &mut Declarations) {
    let shown = template.names.expr(tree).to_string();
    let message = format!("`{shown:.160}` is not in what was scanned; what the field does there is not known");
    out.diagnostics.push(Diagnostic::note("resolver-text-not-found", tree.place.clone(), message));
}

/// A text that stands in the template itself.
pub(super) fn inline<'t>(template: &Template<'t>, tree: &'t Tree, language: Language) -> Option<Text<'t>> {
    let (function, argument) = tree.single().unwrap_or(("", tree));
    let (content, from, names) = match (function, argument.items()) {
        ("Fn::Sub", [format]) => (format.text()?.to_owned(), format, Names::Template),
        ("Fn::Sub", [format, own, ..]) => (format.text()?.to_owned(), format, Names::Own(own)),
        ("Fn::Sub", []) => (argument.text()?.to_owned(), argument, Names::Template),
        ("Fn::Join", [separator, list]) => {
            let pieces: Vec<String> = list.items().iter().map(|i| crate::texts::marked(template, i)).collect();
            (pieces.join(separator.text().unwrap_or_default()), list, Names::Template)
        }
        _ => (tree.text()?.to_owned(), tree, Names::None),
    };
    Some(Text { content, language, origin: Origin::Inline(from.place.clone()), names })
}

/// The file that a location means: beside the template, or, for a URL of a bucket, one whose path ends like it.
pub(super) fn located(template: &Template<'_>, tree: &Tree) -> Option<String> {
    let location = template.names.expr(tree);
    let known = |path: &String| template.sources.is_file(path);
    if let Some(text) = location.as_literal()
        && let Some(path) = paths::resolve(&template.file.path, text).filter(known)
    {
        return Some(path);
    }
    let tail = match &location {
        Expr::Literal(url) => url.strip_prefix("s3://").or_else(|| url.strip_prefix("https://"))?.split_once('/')?.1,
        Expr::Concat(pieces) => match pieces.last()? {
            Expr::Literal(tail) => tail.strip_prefix('/')?,
            _ => return None,
        },
        _ => return None,
    };
    let mut folder = template.file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        // The first folders of the key may be the deployment's own.
        let mut rest = tail;
        loop {
            if let Some(path) = paths::below(folder, rest).filter(known) {
                return Some(path);
            }
            let Some((_, shorter)) = rest.split_once('/') else { break };
            rest = shorter;
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

impl Text<'_> {
    /// The place of a byte; `lines` are those of the template.
    pub(super) fn place(&self, lines: &Lines<'_>, at: usize) -> Place {
        let before = &self.content[..at.min(self.content.len())];
        let line = before.matches('\n').count();
        match &self.origin {
            Origin::File(path) => {
                let column = before.chars().rev().take_while(|c| *c != '\n').count();
                Place::new(path.as_str(), line as u32 + 1, column as u32 + 1)
            }
            Origin::Inline(place) => lines.within(place, line, self.content.lines().nth(line).unwrap_or_default()),
        }
    }

    /// The line of a byte, shortened.
    pub(super) fn line(&self, at: usize) -> String {
        let at = at.min(self.content.len());
        let start = self.content[..at].rfind('\n').map_or(0, |i| i + 1);
        let line = self.content[start..].lines().next().unwrap_or_default().trim();
        let short: String = line.chars().take(100).collect();
        if short.len() < line.len() { format!("{short}…") } else { short }
    }

    /// A value in the text as an expression: names of the template where the text is a substitution; what the
    /// resolver puts in at run time is an input.
    pub(super) fn expr(&self, template: &Template<'_>, value: &str) -> Expr {
        let whole = match self.names {
            Names::Own(own) => template.names.substitute(value, Some(own), 0),
            Names::Template => template.names.substitute(value, None, 0),
            Names::Only(own) => put_in(template, value, own),
            Names::None => Expr::literal(value),
        };
        let pieces = match whole {
            Expr::Concat(pieces) => pieces,
            one => vec![one],
        };
        Expr::concat(pieces.into_iter().flat_map(|piece| match &piece {
            Expr::Literal(text) => inputs(text, self.language),
            _ => vec![piece],
        }))
    }
}

/// A text with its own names put in; other references stay as they are.
fn put_in(template: &Template<'_>, text: &str, own: &Tree) -> Expr {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(at) = rest[from..].find("${").map(|at| from + at) {
        let Some(end) = rest[at..].find('}').map(|end| at + end) else { break };
        from = end + 1;
        if let Some(value) = own.get(&rest[at + 2..end]) {
            pieces.push(Expr::literal(&rest[..at]));
            pieces.push(template.names.expr(value));
            (rest, from) = (&rest[end + 1..], 0);
        }
    }
    pieces.push(Expr::literal(rest));
    Expr::concat(pieces)
}

/// A text cut at its references, each of which is an input.
fn inputs(text: &str, language: Language) -> Vec<Expr> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let end = match language {
            Language::Vtl => reference_name(rest.as_bytes(), at),
            Language::Js if rest[at..].starts_with("${") => rest[at..].find('}').map_or(rest.len(), |i| at + i + 1),
            Language::Js => at + 1,
        };
        if end == at + 1 {
            pieces.push(Expr::literal(&rest[..end]));
        } else {
            pieces.push(Expr::literal(&rest[..at]));
            pieces.push(Expr::Input(rest[at..end].into()));
        }
        rest = &rest[end..];
    }
    pieces.push(Expr::literal(rest));
    pieces.retain(|p| p.as_literal() != Some(""));
    pieces
}

/// The lines of a template.
pub(super) struct Lines<'t> {
    file: &'t str,
    lines: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(file: &'t SourceFile) -> Self {
        Self { file: &file.path, lines: file.text.lines().collect() }
    }

    /// The place of the `line`-th line of a text that is written at `place`: its own line where the text stands as it
    /// is, otherwise (an escaped text in one line) the text's.
    fn within(&self, place: &Place, line: usize, text: &str) -> Place {
        let wanted = text.trim();
        if wanted.is_empty() || *place.file != *self.file {
            return place.clone();
        }
        let first = place.line.saturating_sub(1) as usize + line;
        for at in [first, first + 1] {
            let Some(own) = self.lines.get(at).filter(|own| own.trim() == wanted) else { continue };
            let column = own.len() - own.trim_start().len() + 1;
            return Place::new(place.file.clone(), at as u32 + 1, column as u32);
        }
        place.clone()
    }
}

/// Whether a property holds nothing.
pub(super) fn is_absent(tree: &Tree) -> bool {
    tree.node == Node::Null || tree.text() == Some("")
}
