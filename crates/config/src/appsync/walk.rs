//! The keys and values in a text, whatever brackets and branches they stand in.

use super::imports::Imports;
use super::request::{Pair, Request, Value};
use super::tokens::{Kind, Language, Token};
use std::sync::Arc;

/// Objects inside one another whose keys are told apart.
const MAX_OPEN: usize = 200;

/// Keys of one text; more are left out.
const MAX_PAIRS: usize = 20_000;

/// The key of the arguments of a call that makes statements.
const STATEMENTS: &str = "statements()";

/// A bracket that is not closed yet.
struct Open {
    bracket: u8,
    object: u32,
    /// The key whose value this is.
    key: Option<Arc<str>>,
}

/// Goes through the tokens of a text and adds its pairs.
pub(super) fn pairs(text: &str, tokens: &[Token], language: Language, imports: Imports<'_>, request: &mut Request) {
    let open = vec![Open { bracket: b' ', object: 0, key: None }];
    Walk { text, tokens, language, imports, open, objects: 0, request }.walk();
}

struct Walk<'w, 'f> {
    text: &'w str,
    tokens: &'w [Token],
    language: Language,
    imports: Imports<'f>,
    open: Vec<Open>,
    objects: u32,
    request: &'w mut Request,
}

impl Walk<'_, '_> {
    fn walk(&mut self) {
        let mut key: Option<Arc<str>> = None;
        for at in 0..self.tokens.len() {
            let token = &self.tokens[at];
            match &token.kind {
                Kind::Mark(bracket @ (b'{' | b'[' | b'(')) => {
                    // A list inside of a list, or an object in it, is still of the list's key.
                    let within = key.take().or_else(|| self.call(at)).or_else(|| match self.open.last() {
                        Some(Open { bracket: b'[' | b'(', key, .. }) => key.clone(),
                        _ => None,
                    });
                    self.start(*bracket, within);
                }
                Kind::Mark(b'}' | b']' | b')') => {
                    key = None;
                    if self.open.len() > 1 {
                        self.open.pop();
                    }
                }
                Kind::Mark(b':') => key = self.key_before(at),
                Kind::Mark(b',') => key = None,
                Kind::Text(text) => self.item(at, text),
                Kind::Word(_) => self.word(at),
                Kind::Reference(_) => self.reference(at),
                Kind::Directive(_) | Kind::Mark(_) => {}
            }
        }
    }

    /// The bracket of a call that makes statements of texts.
    fn call(&self, at: usize) -> Option<Arc<str>> {
        let Kind::Word(name) = &self.tokens.get(at.checked_sub(1)?)?.kind else { return None };
        matches!(name.as_str(), "createMySQLStatement" | "createPgStatement").then(|| STATEMENTS.into())
    }

    fn start(&mut self, bracket: u8, key: Option<Arc<str>>) {
        if self.open.len() < MAX_OPEN {
            self.objects += 1;
            self.open.push(Open { bracket, object: self.objects, key });
        }
    }

    fn add(&mut self, at: usize, key: &str, value: Value) {
        if self.request.pairs.len() >= MAX_PAIRS {
            return;
        }
        let open = self.open.last();
        let within = open.and_then(|o| o.key.clone()).unwrap_or_else(|| "".into());
        let object = open.map_or(0, |o| o.object);
        self.request.pairs.push(Pair { at, within, object, key: key.into(), value });
    }

    /// The key before a colon; a pair is made of it and what follows.
    fn key_before(&mut self, colon: usize) -> Option<Arc<str>> {
        let before = colon.checked_sub(1)?;
        let token = &self.tokens[before];
        let opens = |at: usize| {
            let Some(prior) = at.checked_sub(1) else { return false };
            matches!(self.tokens[prior].kind, Kind::Mark(b'{' | b','))
        };
        let key: Arc<str> = match (&token.kind, self.language) {
            (Kind::Text(text), Language::Vtl) => text.as_str().into(),
            (Kind::Text(text), Language::Js) if opens(before) => text.as_str().into(),
            (Kind::Word(word), Language::Js) if opens(before) => word.as_str().into(),
            // `[name]: value`, `[ctx.env.TABLE]: value`
            (Kind::Mark(b']'), Language::Js) => self.computed_key(before)?.into(),
            _ => return None,
        };
        let value = self.value(colon + 1);
        self.add(token.at, &key, value);
        Some(key)
    }

    /// What is written between the brackets that close at a token: a constant, or a reference.
    fn computed_key(&self, close: usize) -> Option<String> {
        let inside = self.tokens[..close].iter().rev().take(8);
        let length = inside.take_while(|t| matches!(t.kind, Kind::Word(_) | Kind::Mark(b'.'))).count();
        let open = close.checked_sub(length + 1)?;
        if length == 0 || self.tokens[open].kind != Kind::Mark(b'[') {
            return None;
        }
        let written = self.text[self.tokens[open].at + 1..self.tokens[close].at].trim();
        let known = self.request.constants(written).and_then(|c| c.first().cloned());
        Some(known.unwrap_or_else(|| format!("${{{written}}}")))
    }

    fn value(&self, at: usize) -> Value {
        let Some(token) = self.tokens.get(at) else { return Value::Other };
        match &token.kind {
            Kind::Text(text) => match self.tokens.get(at + 1).map(|t| &t.kind) {
                Some(Kind::Mark(b'+')) => Value::Computed(self.written(token.at)),
                _ => Value::Text(text.clone()),
            },
            Kind::Mark(_) | Kind::Directive(_) => Value::Other,
            Kind::Word(word) if word.starts_with(|c: char| c.is_ascii_digit()) => Value::Other,
            Kind::Word(word) if matches!(word.as_str(), "true" | "false" | "null") => Value::Other,
            // `JSON.stringify({…})` is the object.
            Kind::Word(word) if word == "JSON" => Value::Other,
            Kind::Word(_) | Kind::Reference(_) => {
                self.escaped(at).unwrap_or_else(|| Value::Computed(self.written(token.at)))
            }
        }
    }

    /// The text in `$util.toJson("text")`.
    fn escaped(&self, at: usize) -> Option<Value> {
        let after = |n: usize| self.tokens.get(at + n).map(|t| &t.kind);
        match (&self.tokens[at].kind, after(1), after(2), after(3)) {
            (Kind::Reference(name), Some(Kind::Mark(b'(')), Some(Kind::Text(text)), Some(Kind::Mark(b')')))
                if name.starts_with("$util") =>
            {
                Some(Value::Text(text.clone()))
            }
            _ => None,
        }
    }

    /// The code from a byte on, as far as it is one value of one line.
    fn written(&self, at: usize) -> String {
        let mut depth = 0_u32;
        let rest = &self.text[at..];
        let end = rest.bytes().take(100).position(|c| match c {
            b'\n' | b'\r' | b';' => true,
            b',' | b'}' | b']' | b')' if depth == 0 => true,
            b'(' | b'{' | b'[' => {
                depth += 1;
                false
            }
            b')' | b'}' | b']' => {
                depth -= 1;
                false
            }
            _ => false,
        });
        let mut end = end.unwrap_or(rest.len().min(100));
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        rest[..end].trim().to_owned()
    }

    /// A text that is no value of a key: an item of a list, or a statement of `sql` in front of it.
    fn item(&mut self, at: usize, text: &str) {
        let token = &self.tokens[at];
        let prior = at.checked_sub(1).map(|p| &self.tokens[p].kind);
        if matches!(prior, Some(Kind::Word(word)) if word == "sql") && self.language == Language::Js {
            return self.add(token.at, "statements", Value::Text(text.to_owned()));
        }
        // `createPgStatement('SELECT …', 'UPDATE …')`
        if let Some(Open { bracket: b'(', key: Some(key), .. }) = self.open.last()
            && &**key == STATEMENTS
            && matches!(prior, Some(Kind::Mark(b'(' | b',')))
        {
            return self.add(token.at, "statements", Value::Text(text.to_owned()));
        }
        // A key is told by the colon after it.
        if matches!(self.tokens.get(at + 1).map(|t| &t.kind), Some(Kind::Mark(b':'))) {
            return;
        }
        if let Some(Open { bracket: b'[', key: Some(key), .. }) = self.open.last()
            && matches!(prior, Some(Kind::Mark(b'[' | b',' | b')') | Kind::Directive(_)))
        {
            let key = key.clone();
            self.add(token.at, &key, Value::Text(text.to_owned()));
        }
    }

    /// A computed item of a list.
    fn reference(&mut self, at: usize) {
        let prior = at.checked_sub(1).map(|p| &self.tokens[p].kind);
        if let Some(Open { bracket: b'[', key: Some(key), .. }) = self.open.last()
            && matches!(prior, Some(Kind::Mark(b'[' | b',')))
        {
            let (key, start) = (key.clone(), self.tokens[at].at);
            let value = self.escaped(at).unwrap_or_else(|| Value::Computed(self.written(start)));
            self.add(start, &key, value);
        }
    }

    /// A call of the runtime's own module, or a key that is its own value.
    fn word(&mut self, at: usize) {
        if self.language != Language::Js {
            return;
        }
        let token = &self.tokens[at];
        let next = self.tokens.get(at + 1).map(|t| &t.kind);
        if next == Some(&Kind::Mark(b'(')) || next == Some(&Kind::Mark(b'<')) {
            if let Some(operation) = self.imports.operation(self.tokens, at) {
                self.add(token.at, "operation", Value::Text(operation.to_owned()));
            }
            return;
        }
        let Kind::Word(name) = &token.kind else { return };
        let prior = at.checked_sub(1).map(|p| &self.tokens[p].kind);
        let shorthand = matches!(prior, Some(Kind::Mark(b'{' | b',')))
            && matches!(next, Some(Kind::Mark(b',' | b'}')))
            && matches!(self.open.last(), Some(Open { bracket: b'{', .. }));
        if shorthand {
            self.add(token.at, name, Value::Computed(name.clone()));
        }
    }
}
