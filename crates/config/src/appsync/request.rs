//! What a request says: the keys and values that a mapping template or resolver code puts together, of all branches.

use super::tokens::{Kind, Language, Token, tokens};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Alternatives that one variable may have.
const MAX_VALUES: usize = 12;

/// Objects inside one another whose keys are told apart.
const MAX_OPEN: usize = 200;

/// The key of the arguments of a call that makes statements.
const STATEMENTS: &str = "statements()";

/// Pairs before and after one in which others of the same object are looked for.
const MAX_NEAR: usize = 200;

/// A text that was read.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Keys with their values, in the order of the text.
    pub(super) pairs: Vec<Pair>,
    /// Variables whose every value is a constant text; `None` for one that is computed.
    variables: BTreeMap<String, Option<Vec<String>>>,
    /// What is wrong with the text, with the byte at which it stands.
    pub(super) faults: Vec<(usize, String)>,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    /// The byte at which the key begins.
    pub(super) at: usize,
    /// The key of the object that it stands in.
    pub(super) within: Arc<str>,
    /// The object that it stands in.
    pub(super) object: u32,
    pub(super) key: Arc<str>,
    pub(super) value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A text, which may hold references.
    Text(String),
    /// What is computed, as it is written.
    Computed(String),
    /// An object, a list or a number.
    Other,
}

impl Request {
    /// Reads a text; garbage gives what can be told of it.
    pub(super) fn read(text: &str, language: Language, functions: &BTreeMap<String, String>) -> Self {
        let tokens = tokens(text, language);
        let mut request = Self::default();
        if language == Language::Vtl {
            request.balance(&tokens);
        }
        request.assignments(&tokens, language);
        let imports = if language == Language::Js { Imports::read(&tokens, functions) } else { Imports::default() };
        let open = vec![Open { bracket: b' ', object: 0, key: None }];
        Walk { text, tokens: &tokens, language, imports, open, objects: 0, request: &mut request }.walk();
        request
    }

    /// The pairs of a key.
    pub(super) fn of<'r>(&'r self, key: &str) -> impl Iterator<Item = &'r Pair> {
        self.pairs.iter().filter(move |p| p.key.eq_ignore_ascii_case(key))
    }

    /// The pairs of the object that a pair stands in, that one included.
    pub(super) fn pairs_of<'r>(&'r self, pair: &'r Pair) -> impl Iterator<Item = &'r Pair> {
        let at = self.pairs.partition_point(|p| p.at < pair.at);
        let near = at.saturating_sub(MAX_NEAR)..(at + MAX_NEAR).min(self.pairs.len());
        self.pairs[near].iter().filter(|p| p.object == pair.object)
    }

    /// The constant texts of a variable, when some code is one.
    pub(super) fn constant(&self, code: &str) -> Option<Vec<String>> {
        code.starts_with('$').then(|| self.constants(code))?
    }

    /// The texts that a value can be; an error with what is not known.
    pub(super) fn texts(&self, value: &Value) -> Result<Vec<String>, String> {
        match value {
            Value::Text(text) => match self.constants(text) {
                Some(known) => Ok(known),
                None => Ok(vec![text.clone()]),
            },
            Value::Computed(code) => self.constants(code).ok_or_else(|| code.clone()),
            Value::Other => Err("it is no text".to_owned()),
        }
    }

    /// The constant texts of the one variable that some code is, if it is one.
    fn constants(&self, code: &str) -> Option<Vec<String>> {
        let name = variable(code)?;
        let values = self.variables.get(name)?.as_ref()?;
        // A text that is put together out of itself begins with what it was.
        let own = |text: &String| {
            let rest = text.trim_start().trim_start_matches(['$', '!', '{']);
            !rest.starts_with(name) || rest == text.trim_start()
        };
        let known: Vec<String> = values.iter().filter(|v| own(v)).cloned().collect();
        (!known.is_empty()).then_some(known)
    }

    fn balance(&mut self, tokens: &[Token]) {
        let mut open: Vec<(usize, &str)> = Vec::new();
        for token in tokens {
            let Kind::Directive(name) = &token.kind else { continue };
            match name.as_str() {
                "if" | "foreach" | "macro" | "define" => open.push((token.at, name)),
                "end" if open.pop().is_none() && self.faults.is_empty() => {
                    self.faults.push((token.at, "this `#end` ends nothing".to_owned()));
                }
                _ => {}
            }
        }
        if let Some((at, name)) = open.first()
            && self.faults.is_empty()
        {
            self.faults.push((*at, format!("this `#{name}` has no `#end`")));
        }
    }

    /// `#set($name = "text")`, `const name = 'text'`.
    fn assignments(&mut self, tokens: &[Token], language: Language) {
        let end = Kind::Mark(b';');
        let mut all: BTreeMap<String, Option<Vec<String>>> = BTreeMap::new();
        for (i, token) in tokens.iter().enumerate() {
            let next = |n: usize| tokens.get(i + n).map_or(&end, |t| &t.kind);
            let (name, at) = match (&token.kind, next(1), next(2)) {
                (Kind::Directive(set), Kind::Mark(b'('), Kind::Reference(name)) if set == "set" => {
                    (name.trim_matches(['$', '!', '{', '}']), 3)
                }
                (Kind::Word(name), Kind::Mark(b'='), after)
                    if language == Language::Js && !matches!(after, Kind::Mark(b'=' | b'>')) =>
                {
                    (name.as_str(), 1)
                }
                _ => continue,
            };
            let value = match (next(at), next(at + 1), next(at + 2)) {
                (Kind::Mark(b'='), Kind::Text(text), after) if !matches!(after, Kind::Mark(b'+' | b'.' | b'?')) => {
                    Some(text.clone())
                }
                _ => None,
            };
            let known = all.entry(name.to_owned()).or_insert_with(|| Some(Vec::new()));
            match (value, known.as_mut()) {
                (Some(text), Some(list)) if list.len() < MAX_VALUES => list.push(text),
                (_, Some(_)) => *known = None,
                (_, None) => {}
            }
        }
        self.variables = all;
    }
}

/// The variable that some code is: `$name`, `${name}`, `$util.toJson($name)`, `name`.
fn variable(code: &str) -> Option<&str> {
    let code = code.trim();
    let inner = code.strip_prefix("$util.toJson(").map_or(code, |c| c.split(')').next().unwrap_or(c));
    let name = inner.trim().trim_start_matches(['$', '!', '{']).trim_end_matches('}');
    let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    plain.then_some(name)
}

/// The runtime's own modules that code imports.
#[derive(Default)]
struct Imports<'f> {
    /// Names of whole modules.
    modules: Vec<String>,
    /// Names of single functions, each with the operation that it makes.
    functions: BTreeMap<String, &'f str>,
    known: Option<&'f BTreeMap<String, String>>,
}

impl<'f> Imports<'f> {
    fn read(tokens: &[Token], known: &'f BTreeMap<String, String>) -> Self {
        let mut imports = Self { known: Some(known), ..Self::default() };
        let word = |t: &Token, wanted: &str| matches!(&t.kind, Kind::Word(w) if w == wanted);
        let mut at = 0;
        while let Some(start) = tokens[at..].iter().position(|t| word(t, "import")).map(|i| at + i) {
            let Some(end) = tokens[start..].iter().position(|t| matches!(t.kind, Kind::Text(_))) else { break };
            let clause = &tokens[start + 1..start + end];
            at = start + end + 1;
            let Kind::Text(module) = &tokens[start + end].kind else { continue };
            if module.starts_with("@aws-appsync/utils/") {
                imports.clause(clause);
            }
        }
        imports
    }

    fn clause(&mut self, clause: &[Token]) {
        let words: Vec<&str> = clause
            .iter()
            .filter_map(|t| match &t.kind {
                Kind::Word(word) => Some(word.as_str()),
                Kind::Mark(b'*') => Some("*"),
                _ => None,
            })
            .collect();
        for (i, name) in words.iter().enumerate() {
            let alias = if words.get(i + 1) == Some(&"as") { words.get(i + 2).copied() } else { None };
            if *name == "*" {
                self.modules.extend(alias.map(str::to_owned));
            } else if let Some(operation) = self.known.and_then(|k| k.get(*name)) {
                self.functions.insert(alias.unwrap_or(name).to_owned(), operation);
            }
        }
    }

    /// The operation that a call makes whose name ends at `at`.
    fn operation(&self, tokens: &[Token], at: usize) -> Option<&'f str> {
        let Kind::Word(name) = &tokens[at].kind else { return None };
        let dotted = at > 0 && tokens[at - 1].kind == Kind::Mark(b'.');
        if !dotted {
            return self.functions.get(name).copied();
        }
        let Kind::Word(module) = &tokens.get(at.checked_sub(2)?)?.kind else { return None };
        let known = self.modules.contains(module).then_some(self.known)??;
        known.get(name).map(String::as_str)
    }
}

struct Open {
    bracket: u8,
    object: u32,
    /// The key whose value this is.
    key: Option<Arc<str>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs of a text, `within.key=value`; a computed value in angle brackets, any other value as `_`.
    fn check(language: Language, text: &str, expected: &[&str]) {
        let functions = catalog::data_source("AMAZON_DYNAMODB").map(|s| s.functions.clone()).unwrap_or_default();
        let request = Request::read(text, language, &functions);
        let show = |pair: &Pair| {
            let value = match (request.texts(&pair.value), &pair.value) {
                (Ok(all), _) => all.join("|"),
                (Err(code), Value::Computed(_)) => format!("<{code}>"),
                _ => "_".to_owned(),
            };
            format!("{}.{}={value}", pair.within, pair.key)
        };
        let mut shown: Vec<String> = request.pairs.iter().map(show).collect();
        shown.extend(request.faults.iter().map(|(at, fault)| format!("{at}: {fault}")));
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn templates() {
        let vtl = |text, expected| check(Language::Vtl, text, expected);
        vtl(
            r#"{"operation": "GetItem", "key": {"id": {"S": "$id"}}}"#,
            &[".operation=GetItem", ".key=_", "key.id=_", "id.S=$id"],
        );
        vtl(
            r#"{"statements": ["SELECT 1", "SELECT 2"]}"#,
            &[".statements=_", "statements.statements=SELECT 1", "statements.statements=SELECT 2"],
        );
        vtl(
            r#"#set($sql = "SELECT 1") {"statements": [$util.toJson($sql), $x]}"#,
            &[".statements=_", "statements.statements=SELECT 1", "statements.statements=<$x>"],
        );
        vtl(
            r#"{"statements": [$util.toJson("SELECT '$a'")], "x": $util.toJson("y")}"#,
            &[".statements=_", "statements.statements=SELECT '$a'", ".x=y"],
        );
        vtl(r#"#set($op = "Scan") {"operation": "$op", "x": $util.toJson($op)}"#, &[".operation=Scan", ".x=Scan"]);
        vtl(r#"{"operation": "$ctx.args.op", "x": $ctx.args}"#, &[".operation=$ctx.args.op", ".x=<$ctx.args>"]);
        vtl(
            r#"{"tables": {"orders": ["a"], "items": {}}}"#,
            &[".tables=_", "tables.orders=_", "orders.orders=a", "tables.items=_"],
        );
    }

    #[test]
    fn unbalanced_templates() {
        check(Language::Vtl, "#if($a) x", &["0: this `#if` has no `#end`"]);
        check(Language::Vtl, "#if($a) x #end #end", &["15: this `#end` ends nothing"]);
        check(Language::Vtl, "## #if\n#if($a) #foreach($x in $y) #end #else #end", &[]);
    }

    #[test]
    fn code() {
        let js = |text, expected| check(Language::Js, text, expected);
        js("return { operation: 'Query', index: \"x\" }", &[".operation=Query", ".index=x"]);
        js("const operation = 'Scan'; return { operation, limit }", &[".operation=Scan", ".limit=<limit>"]);
        js(
            "import * as ddb from '@aws-appsync/utils/dynamodb'; return ddb.put({ key: a })",
            &[".operation=PutItem", ".key=<a>"],
        );
        js(
            "import { get as read, put } from '@aws-appsync/utils/dynamodb'; read({}); get({}); x.put({})",
            &[".put=<put>", ".operation=GetItem"],
        );
        js("import { get } from 'lodash'; get({})", &[".get=<get>"]);
        js("return a ? b : c", &[]);
        js(
            "const t = 'orders'; return { tables: { [t]: 1, [u]: 2 } }",
            &[".tables=_", "tables.orders=_", "tables.${u}=_"],
        );
        js(
            "createPgStatement(`SELECT 1`, select({ table: 'a' }), x['y'])",
            &["statements().statements=SELECT 1", "statements().table=a", "statements().statements()=y"],
        );
        js("sql`SELECT * FROM t WHERE id = ${id}`", &[".statements=SELECT * FROM t WHERE id = ${id}"]);
    }

    #[test]
    fn hostile_texts_end() {
        for piece in ["#if", "#end", "{\"a\":", "[", "}", "{a:", "import ", "sql`", "#set($a = \"$a\")", "a = 'b';"] {
            for language in [Language::Vtl, Language::Js] {
                let _ = Request::read(&piece.repeat(1_000_000 / piece.len()), language, &BTreeMap::new());
            }
        }
    }
}
