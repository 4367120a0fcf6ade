//! What a request says: the keys and values that a mapping template or resolver code puts together, of all branches.

use super::imports::Imports;
use super::tokens::{Kind, Language, Token, reference_name, tokens};
use super::walk;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Alternatives that one variable may have.
const MAX_VALUES: usize = 12;

/// Bytes of one variable's text, and of a text into which variables are put.
const MAX_TEXT: usize = 16 * 1024;

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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        walk::pairs(text, &tokens, language, imports, &mut request);
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

    /// The pairs that follow one, as far as they are looked at.
    pub(super) fn after<'r>(&'r self, pair: &Pair) -> impl Iterator<Item = &'r Pair> {
        let at = self.pairs.partition_point(|p| p.at <= pair.at);
        self.pairs[at..].iter().take(MAX_NEAR)
    }

    /// The constant texts of a variable, when some code is one.
    pub(super) fn constant(&self, code: &str) -> Option<Vec<String>> {
        code.starts_with('$').then(|| self.constants(code))?
    }

    /// The texts that a value can be; an error with what is not known.
    pub(super) fn texts(&self, value: &Value) -> Result<Vec<String>, String> {
        let known = match value {
            // A text is a variable only where it refers to one.
            Value::Text(text) => self.constant(text.trim()).unwrap_or_else(|| vec![text.clone()]),
            Value::Computed(code) => self.constants(code).ok_or_else(|| code.clone())?,
            Value::Other => return Err("it is no text".to_owned()),
        };
        Ok(known.into_iter().map(|text| self.filled(text)).collect())
    }

    /// A text with the variables in it that have one constant text.
    fn filled(&self, text: String) -> String {
        if !text.contains('$') || self.variables.is_empty() {
            return text;
        }
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find('$') {
            let end = reference_name(rest.as_bytes(), at);
            let values = variable(&rest[at..end]).and_then(|name| self.variables.get(name)?.as_deref());
            out.push_str(&rest[..at]);
            match values {
                Some([one]) if !one.contains('$') && out.len() + one.len() < MAX_TEXT => out.push_str(one),
                _ => out.push_str(&rest[at..end]),
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        out
    }

    /// The constant texts of the one variable that some code is, if it is one.
    pub(super) fn constants(&self, code: &str) -> Option<Vec<String>> {
        let name = variable(code)?;
        let values = self.variables.get(name)?.as_ref()?;
        // A text that is put together out of itself begins with what it was: `#set($sql = "$sql LIMIT 1")`.
        let added = |text: &String| {
            let end = reference_name(text.as_bytes(), 0);
            let own = text.starts_with('$') && variable(&text[..end]) == Some(name);
            own.then(|| text[end..].to_owned())
        };
        let mut known: Vec<String> = values.iter().filter(|v| added(v).is_none()).cloned().collect();
        let first = known.len();
        for more in values.iter().filter_map(added) {
            for i in 0..first {
                let whole = format!("{}{more}", known[i]);
                known.push(whole);
            }
        }
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
                (Some(text), Some(list)) if list.len() < MAX_VALUES && text.len() < MAX_TEXT => list.push(text),
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
    fn variables_of_templates() {
        let vtl = |text, expected| check(Language::Vtl, text, expected);
        vtl(
            r#"#set($t = "orders") {"statements": ["SELECT * FROM $t WHERE x = '${ctx.x}'"]}"#,
            &[".statements=_", "statements.statements=SELECT * FROM orders WHERE x = '${ctx.x}'"],
        );
        vtl(r#"#set($s = "A") #if($x) #set($s = "$s JOIN b") #end {"s": "$s"}"#, &[".s=A|A JOIN b"]);
        vtl(r#"#set($sql = "$sqlBase B") {"s": "$sql"}"#, &[".s=$sqlBase B"]);
        vtl(r#"#set($a = "x") #set($a = $b) {"a": "$a", "b": "$a y"}"#, &[".a=$a", ".b=$a y"]);
        vtl(r#"#set($Scan = "x") {"operation": "Scan"}"#, &[".operation=Scan"]);
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
        js("const orders = 'x'; return { table: 'orders' }", &[".table=orders"]);
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
