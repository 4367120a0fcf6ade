//! GraphQL documents: the fields that a request asks an API for.
//!
//! A document is read with tokens alone, as far as the fields of its operations: what is inside of them is for the API.

use crate::machine::Machine;
use crate::value::{Abs, FrameId};
use facts::{Expr, NodeKind};
use std::collections::BTreeMap;

/// Longer documents are not read.
const MAX_LENGTH: usize = 200_000;

/// Fragments and selections inside one another.
const MAX_DEPTH: u32 = 16;

/// Fields of one request; one that asks for more is a call of the API as a whole.
const MAX_FIELDS: usize = 64;

/// A piece of a document whose text is not known.
const HOLE: char = catalog::HOLE;

impl Machine<'_> {
    /// The fields that a value asks for: a document, or the map of a request that holds one. Where it can be one of
    /// several documents, a field is one of theirs. None when that cannot be told.
    pub(crate) fn fields_asked(&mut self, value: &Abs) -> Vec<(NodeKind, Expr)> {
        let mut documents = Vec::new();
        self.documents(value, None, 0, &mut documents);
        let fields: Option<Vec<Vec<Expr>>> =
            documents.iter().map(|(text, named)| fields(text, named.as_deref())).collect();
        let kind = NodeKind::Field;
        match fields.unwrap_or_default().as_slice() {
            [] => Vec::new(),
            [only] => only.iter().map(|field| (kind, field.clone())).collect(),
            several => vec![(kind, Expr::one_of(several.iter().flatten().cloned()))],
        }
    }

    /// Texts of documents, with the name of the operation that is asked for.
    fn documents(&mut self, value: &Abs, named: Option<&str>, depth: u32, out: &mut Vec<(Expr, Option<String>)>) {
        if depth > 4 {
            return;
        }
        for one in value.each() {
            if let Some((entries, _)) = self.heap.map_of(one) {
                let entry =
                    |key: &str| entries.iter().find(|(k, _)| k.as_literal() == Some(key)).map(|(_, v)| v.clone());
                let named = entry("operationName").and_then(|name| name.as_text().map(str::to_owned));
                if let Some(document) = entry("query") {
                    self.documents(&document, named.as_deref(), depth + 1, out);
                }
                continue;
            }
            match one {
                Abs::Handle(handle) => {
                    // The operation of a file of them that a type is called like.
                    let title = handle.fields.get("named").map(|of| self.own_name(of));
                    let named = title.as_ref().and_then(Abs::as_text).or(named);
                    if let Some(path) = handle.fields.get("file").cloned() {
                        let frame = self.stack.last().copied().unwrap_or(FrameId(0));
                        let text = self.beside(frame, &path).map(Expr::Literal);
                        out.extend(text.map(|text| (text, named.map(str::to_owned))));
                    }
                    if let Some(document) = handle.fields.get("document").cloned() {
                        self.documents(&document, named, depth + 1, out);
                    }
                }
                Abs::Text(Expr::OneOf(all)) => {
                    out.extend(all.iter().map(|text| (text.clone(), named.map(str::to_owned))));
                }
                Abs::Text(text) => out.push((text.clone(), named.map(str::to_owned))),
                _ => {}
            }
        }
    }
}

/// The fields of a document's operations, as `Mutation.createOrder`; `None` when it is not known well enough.
fn fields(document: &Expr, operation: Option<&str>) -> Option<Vec<Expr>> {
    let pieces = match document {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut text = String::new();
    for piece in pieces {
        match piece.as_literal() {
            Some(known) => text.push_str(known),
            None => text.push(HOLE),
        }
        if text.len() > MAX_LENGTH {
            return None;
        }
    }
    let tokens = tokens(&text);
    let mut reader = Reader { tokens: &tokens, at: 0, fragments: BTreeMap::new() };
    let operations = reader.operations()?;
    let meant = |found: &&Operation| operation.is_none() || found.name.as_deref() == operation;
    let mut out = Vec::new();
    for found in operations.iter().filter(meant) {
        let mut names = Vec::new();
        reader.spread(&found.fields, 0, &mut names)?;
        for name in names.into_iter().filter(|name| !name.starts_with("__")) {
            let field = Expr::literal(format!("{}.{name}", found.root));
            if !out.contains(&field) {
                out.push(field);
            }
        }
    }
    (!out.is_empty() && out.len() <= MAX_FIELDS).then_some(out)
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    /// `...`
    Spread,
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                let quote = if rest.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
                let inside = &rest[quote.len()..];
                let end = ends_of(inside, quote);
                out.push(Token::Mark('"'));
                quote.len() + end
            }
            '.' if rest.starts_with("...") => {
                out.push(Token::Spread);
                3
            }
            c if is_name(c) => {
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                out.push(Token::Name(&rest[..end]));
                end
            }
            c if c.is_whitespace() || c == ',' => c.len_utf8(),
            c => {
                out.push(Token::Mark(c));
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Where a quoted text has ended, its closing quote included.
fn ends_of(text: &str, quote: &str) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].find(['\\', '"']) {
        let found = at + found;
        if text[found..].starts_with('\\') {
            at = found + 1 + text[found + 1..].chars().next().map_or(0, char::len_utf8);
        } else if text[found..].starts_with(quote) {
            return found + quote.len();
        } else {
            at = found + 1;
        }
    }
    text.len()
}

/// A name that is partly unknown is one name, and no known one.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == HOLE
}

struct Operation {
    root: &'static str,
    name: Option<String>,
    fields: Vec<Selected>,
}

/// What stands in a selection.
enum Selected {
    Field(String),
    Fragment(String),
}

struct Reader<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
    fragments: BTreeMap<String, Vec<Selected>>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<&Token<'_>> {
        self.at += 1;
        self.tokens.get(self.at - 1)
    }

    fn is_at(&self, mark: char) -> bool {
        self.tokens.get(self.at) == Some(&Token::Mark(mark))
    }

    /// All operations of the document; keeps the fragments.
    fn operations(&mut self) -> Option<Vec<Operation>> {
        let mut out = Vec::new();
        while self.at < self.tokens.len() {
            if self.is_at('{') {
                out.push(Operation { root: "Query", name: None, fields: self.selection(0)? });
                continue;
            }
            let Some(Token::Name(word)) = self.next() else { return None };
            let root = match *word {
                "query" => "Query",
                "mutation" => "Mutation",
                "subscription" => "Subscription",
                "fragment" => "",
                // A piece that is not known may be a fragment, or anything.
                word if word.chars().all(|c| c == HOLE) => continue,
                _ => return None,
            };
            let name = match self.tokens.get(self.at) {
                Some(Token::Name(name)) => Some((*name).to_owned()),
                _ => None,
            };
            self.skip_to_selection()?;
            let fields = self.selection(0)?;
            match (root, name) {
                ("", Some(name)) => {
                    self.fragments.insert(name, fields);
                }
                ("", None) => return None,
                (root, name) => out.push(Operation { root, name, fields }),
            }
        }
        Some(out)
    }

    /// Goes to the brace that opens a selection, over variables, types and directives.
    fn skip_to_selection(&mut self) -> Option<()> {
        while !self.is_at('{') {
            if self.is_at('(') {
                self.skip_group()?;
            } else {
                self.next()?;
            }
        }
        Some(())
    }

    /// Goes behind what the bracket at hand closes.
    fn skip_group(&mut self) -> Option<()> {
        let mut open = 0_u32;
        loop {
            match self.next()? {
                Token::Mark('(' | '{' | '[') => open += 1,
                Token::Mark(')' | '}' | ']') => open = open.checked_sub(1)?,
                _ => {}
            }
            if open == 0 {
                return Some(());
            }
        }
    }

    /// What a selection holds; a field that is not known makes it unknown.
    fn selection(&mut self, depth: u32) -> Option<Vec<Selected>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut out = Vec::new();
        self.next()?;
        while !self.is_at('}') {
            match self.next()? {
                Token::Spread => match self.tokens.get(self.at)? {
                    Token::Name(name) if *name != "on" => {
                        out.push(Selected::Fragment((*name).to_owned()));
                        self.at += 1;
                    }
                    _ => {
                        self.skip_to_selection()?;
                        out.extend(self.selection(depth + 1)?);
                    }
                },
                Token::Name(name) => {
                    let mut name = (*name).to_owned();
                    if self.is_at(':') {
                        self.at += 1;
                        let Some(Token::Name(own)) = self.next() else { return None };
                        (*own).clone_into(&mut name);
                    }
                    if name.contains(HOLE) {
                        return None;
                    }
                    out.push(Selected::Field(name));
                    if self.is_at('(') {
                        self.skip_group()?;
                    }
                    self.skip_directives()?;
                    if self.is_at('{') {
                        self.skip_group()?;
                    }
                }
                Token::Mark(_) => return None,
            }
        }
        self.at += 1;
        Some(out)
    }

    fn skip_directives(&mut self) -> Option<()> {
        while self.is_at('@') {
            self.at += 2;
            if self.is_at('(') {
                self.skip_group()?;
            }
        }
        Some(())
    }

    /// The fields of a selection, those of its fragments among them.
    fn spread(&self, selected: &[Selected], depth: u32, out: &mut Vec<String>) -> Option<()> {
        if depth > MAX_DEPTH || out.len() > MAX_FIELDS {
            return None;
        }
        for one in selected {
            match one {
                Selected::Field(name) => out.push(name.clone()),
                Selected::Fragment(name) => self.spread(self.fragments.get(name)?, depth + 1, out)?,
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `$$` is a hole.
    fn check(document: &str, expected: &str) {
        let mut pieces = Vec::new();
        for (i, part) in document.split("$$").enumerate() {
            if i > 0 {
                pieces.push(Expr::Input("x".into()));
            }
            pieces.push(Expr::literal(part));
        }
        let found = fields(&Expr::concat(pieces), None).unwrap_or_default();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.join(" "), expected, "{document}");
    }

    #[test]
    fn fields_of_operations() {
        check("{ orders { id } }", "Query.orders");
        check("query { orders(first: 3) { id lines { sku } } stock }", "Query.orders Query.stock");
        check(
            "mutation Make($in: In! = {a: 1}) @x(y: 2) { made: createOrder(in: $in) @z { id } }",
            "Mutation.createOrder",
        );
        check("subscription { onOrder { id } }", "Subscription.onOrder");
        check("query { a { b } a { c } __typename }", "Query.a");
    }

    #[test]
    fn fragments_are_spread() {
        check("query { ...F ... on Query { c } } fragment F on Query { a b { x } }", "Query.a Query.b Query.c");
        check("query { ...Missing a }", "");
        check("query { ...F } fragment F on Query { ...F }", "");
    }

    #[test]
    fn comments_and_texts_are_no_fields() {
        check("# { no }\nquery { a(text: \"} { \\\" no\") { id } }", "Query.a");
        check("query { a(text: \"\"\"one \" } two\"\"\") b }", "Query.a Query.b");
    }

    #[test]
    fn what_is_not_known_is_no_field() {
        check("query { order(id: $$) { $$ } }", "Query.order");
        check("query { $$ { id } }", "");
        check("query { get$$ { id } }", "");
        check("mutation { a { id } } $$", "Mutation.a");
        check("", "");
        check("SELECT 1", "");
        check("query {", "");
        check("query { a(", "");
        check("{ é }", "");
    }
}
