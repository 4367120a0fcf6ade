//! GraphQL schemas: the types with their fields and directives. What is no schema gives no types.

use super::sources::api_of;
use super::text;
use super::tokens::Language;
use crate::paths;
use crate::template::Template;
use crate::tree::Tree;
use facts::{Declarations, Diagnostic, Expr, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A type of a schema.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type {
    pub(crate) name: Arc<str>,
    pub(crate) directives: Vec<Directive>,
    pub(crate) fields: Vec<Field>,
    /// The line at which it begins, from 1.
    pub(crate) line: u32,
}

/// A field of a type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: Arc<str>,
    /// The type that it gives, without brackets.
    pub(crate) of: Arc<str>,
    pub(crate) directives: Vec<Directive>,
    /// Its line, from 1.
    pub(crate) line: u32,
}

/// A directive with the texts among its arguments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Directive {
    pub(crate) name: Arc<str>,
    /// Arguments by the way to them: `name`, `queries.get`; those that are names or texts.
    pub(crate) arguments: BTreeMap<String, String>,
}

/// The types of a schema's text; those that it extends too.
pub(crate) fn types(text: &str) -> Vec<Type> {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut out = Vec::new();
    while let Some(token) = reader.next() {
        match token.text {
            "type" | "interface" if token.plain => {
                if let Some(one) = reader.type_() {
                    out.push(one);
                }
            }
            // The fields of inputs and the values of enums are none of an API.
            "{" => reader.skip("{", "}"),
            _ => {}
        }
    }
    out
}

#[derive(Clone, Copy)]
struct Token<'t> {
    text: &'t str,
    line: u32,
    /// No text in quotes.
    plain: bool,
}

struct Reader<'r, 't> {
    tokens: &'r [Token<'t>],
    at: usize,
}

impl<'t> Reader<'_, 't> {
    fn peek(&self) -> &'t str {
        self.tokens.get(self.at).filter(|t| t.plain).map_or("", |t| t.text)
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    /// Passes over what is open.
    fn skip(&mut self, opens: &str, closes: &str) {
        let mut depth = 1;
        while depth > 0 {
            let Some(token) = self.next() else { return };
            match token.text {
                text if token.plain && text == opens => depth += 1,
                text if token.plain && text == closes => depth -= 1,
                _ => {}
            }
        }
    }

    fn type_(&mut self) -> Option<Type> {
        let name = self.next()?;
        let mut directives = Vec::new();
        loop {
            match self.peek() {
                "@" => directives.extend(self.directive()),
                "{" => break,
                // A type may have no body; then the next definition follows.
                "" | "type" | "interface" | "enum" | "input" | "union" | "scalar" | "schema" | "extend"
                | "directive" => {
                    return Some(Type { name: name.text.into(), directives, fields: Vec::new(), line: name.line });
                }
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let mut fields = Vec::new();
        while !matches!(self.peek(), "}") {
            let Some(token) = self.next() else { break };
            if !token.plain || !is_name(token.text) {
                continue;
            }
            fields.extend(self.field(token));
        }
        self.at += 1;
        Some(Type { name: name.text.into(), directives, fields, line: name.line })
    }

    /// A field after its name: arguments, type, directives.
    fn field(&mut self, name: Token<'t>) -> Option<Field> {
        if self.peek() == "(" {
            self.at += 1;
            self.skip("(", ")");
        }
        if self.peek() != ":" {
            return None;
        }
        self.at += 1;
        while self.peek() == "[" {
            self.at += 1;
        }
        let of = self.next()?.text.into();
        let mut directives = Vec::new();
        loop {
            match self.peek() {
                "]" | "!" => self.at += 1,
                "@" => directives.extend(self.directive()),
                _ => break,
            }
        }
        Some(Field { name: name.text.into(), of, directives, line: name.line })
    }

    fn directive(&mut self) -> Option<Directive> {
        self.at += 1;
        let name = self.next()?.text.into();
        let mut arguments = BTreeMap::new();
        if self.peek() == "(" {
            self.at += 1;
            let mut way: Vec<&str> = Vec::new();
            let mut depth = 1;
            let mut key = "";
            while depth > 0 {
                let Some(token) = self.next() else { break };
                match token.text {
                    "(" | "[" if token.plain => depth += 1,
                    ")" | "]" if token.plain => depth -= 1,
                    "{" if token.plain => {
                        depth += 1;
                        way.push(key);
                    }
                    "}" if token.plain => {
                        depth -= 1;
                        way.pop();
                    }
                    ":" | "," if token.plain => {}
                    text if token.plain && self.peek() == ":" => key = text,
                    text => {
                        let way: Vec<&str> = way.iter().copied().take(4).chain([key]).collect();
                        arguments.entry(way.join(".")).or_insert_with(|| text.to_owned());
                    }
                }
            }
        }
        Some(Directive { name, arguments })
    }
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !text.is_empty()
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(&c) = bytes.get(at) {
        let start = at;
        match c {
            b'#' => at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(bytes.len() - at),
            b'"' => {
                let block = bytes[at..].starts_with(b"\"\"\"");
                at += if block { 3 } else { 1 };
                let from = at;
                while at < bytes.len() && !(bytes[at] == b'"' && (!block || bytes[at..].starts_with(b"\"\"\""))) {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let inner = text.get(from..at.min(bytes.len())).unwrap_or_default();
                at = (at + if block { 3 } else { 1 }).min(bytes.len());
                // A description is in front of a definition; only arguments are texts that matter.
                if !block {
                    out.push(Token { text: inner, line, plain: false });
                }
                line += inner.matches('\n').count() as u32;
            }
            b'\n' => {
                line += 1;
                at += 1;
            }
            c if c.is_ascii_alphanumeric() || c == b'_' => {
                let word = |b: &u8| !(b.is_ascii_alphanumeric() || *b == b'_');
                at += bytes[at..].iter().position(word).unwrap_or(bytes.len() - at);
                out.push(Token { text: &text[start..at], line, plain: true });
            }
            c if c.is_ascii_punctuation() => {
                at += 1;
                out.push(Token { text: &text[start..at], line, plain: true });
            }
            _ => at += 1,
        }
    }
    out
}

/// The schemas of a template's APIs, as far as they can be read.
pub(super) struct Schemas {
    known: Vec<(Expr, BTreeSet<String>)>,
}

impl Schemas {
    pub(super) fn of(template: &Template<'_>, out: &mut Declarations) -> Self {
        let mut known = Vec::new();
        for declared in template.resources.values() {
            let (api, inline, location) = match declared.type_name {
                "AWS::AppSync::GraphQLSchema" => {
                    let Some(api) = declared.property(&["ApiId"]) else { continue };
                    (api_of(template, api), "Definition", "DefinitionS3Location")
                }
                super::SAM_API => (template.at(declared.id).expr(), "SchemaInline", "SchemaUri"),
                _ => continue,
            };
            let text = match (declared.property(&[inline]), declared.property(&[location])) {
                (Some(tree), _) => text::inline(template, tree, Language::Vtl).map(|t| t.content),
                (None, Some(tree)) => in_file(template, tree, out),
                (None, None) if declared.type_name == super::SAM_API => beside(template),
                _ => None,
            };
            let Some(text) = text else { continue };
            let fields: BTreeSet<String> =
                types(&text).iter().flat_map(|t| t.fields.iter().map(|f| format!("{}.{}", t.name, f.name))).collect();
            // A text without fields is no schema; what is wrong with it is not for us to say.
            if !fields.is_empty() {
                known.push((api, fields));
            }
        }
        Self { known }
    }

    /// Says so when an API's schema lacks a field that has a resolver.
    pub(super) fn expect(&self, api: &Expr, kind: &str, name: &str, place: &Place, out: &mut Declarations) {
        let field = format!("{kind}.{name}");
        let mut own = self.known.iter().filter(|(of, _)| of == api).peekable();
        if own.peek().is_some() && !own.any(|(_, fields)| fields.contains(&field)) {
            let message = format!("the schema has no field `{field}`; it is drawn as the resolver says");
            out.diagnostics.push(Diagnostic::warning("field-not-in-schema", place.clone(), message));
        }
    }
}

fn in_file(template: &Template<'_>, tree: &Tree, out: &mut Declarations) -> Option<String> {
    let Some(path) = text::located(template, tree) else {
        let shown = template.names.expr(tree).to_string();
        let message =
            format!("the schema `{shown:.160}` is not in what was scanned; fields are taken from resolvers alone");
        out.diagnostics.push(Diagnostic::note("schema-not-found", tree.place.clone(), message));
        return None;
    };
    Some(template.sources.read(&path).ok()?.text.to_string())
}

/// SAM takes the schema beside the template when none is named.
fn beside(template: &Template<'_>) -> Option<String> {
    let path = paths::resolve(&template.file.path, "schema.graphql")?;
    Some(template.sources.read(&path).ok()?.text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let directives = |all: &[Directive]| {
            let show = |d: &Directive| {
                let arguments: Vec<String> = d.arguments.iter().map(|(k, v)| format!("{k}={v}")).collect();
                format!(" @{}({})", d.name, arguments.join(" "))
            };
            all.iter().map(show).collect::<String>()
        };
        let mut shown = Vec::new();
        for one in types(text) {
            shown.push(format!("{}:{}{}", one.line, one.name, directives(&one.directives)));
            let field = |f: &Field| format!("{}:{}.{}{}", f.line, one.name, f.name, directives(&f.directives));
            shown.extend(one.fields.iter().map(field));
        }
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn types_have_fields() {
        check(
            "type Query {\n  order(id: ID!): Order!\n  orders: [Order!]!\n}",
            &["1:Query", "2:Query.order", "3:Query.orders"],
        );
        check("extend type Query { \"which\" a: B }", &["1:Query", "1:Query.a"]);
        check("type A implements B & C @x { a: B }", &["1:A @x()", "1:A.a"]);
        check(
            "schema { query: Query }\ninput I { a: B }\nenum E { A B }\nunion U = A | B\ntype T { u: U }",
            &["5:T", "5:T.u"],
        );
        check("# type No { a: B }\n\"\"\"\ntype No { a: B }\n\"\"\"\ntype T { a: B }", &["5:T", "5:T.a"]);
        check("type A @model\ntype B { a: A }", &["1:A @model()", "2:B", "2:B.a"]);
    }

    #[test]
    fn directives_have_arguments() {
        check(
            "type A @model(queries: { get: \"readA\" }, mutations: null) { f: B @function(name: \"f-${env}\") }",
            &["1:A @model(mutations=null queries.get=readA)", "1:A.f @function(name=f-${env})"],
        );
        check(
            "type A { f: B @auth(rules: [{allow: owner}]) g: C }",
            &["1:A", "1:A.f @auth(rules.allow=owner)", "1:A.g"],
        );
    }

    #[test]
    fn garbage_has_no_types() {
        for text in ["", "}}}{{{", "type", "type {", "\"\"\"", "select * from types", "@@@((("] {
            let _ = types(text);
        }
        for piece in ["type A {", "@a(", "{", "\"", "a: b(", "é"] {
            let _ = types(&piece.repeat(200_000));
        }
    }
}
