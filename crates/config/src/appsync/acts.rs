//! What a request to a data source does: the flows from the field.

use super::http;
use super::request::{Pair, Request, Value};
use super::sources::Source;
use super::text::Text;
use super::tokens::Language;
use crate::routines;
use crate::template::Template;
use catalog::{DataSource, RequestForm};
use facts::{Expr, FlowKind, Mode, NodeKind, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Different things that one request may do; more are left out.
const MAX_ACTS: usize = 64;

/// Bytes of the name of an operation.
const MAX_NAME: usize = 64;

/// One thing that a request does.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Act {
    pub(super) kind: FlowKind,
    pub(super) mode: Mode,
    /// What it is done to.
    pub(super) to: Expr,
    pub(super) wants: Vec<NodeKind>,
    pub(super) part: Option<Part>,
    pub(super) label: Option<Arc<str>>,
    /// The byte of the text that says so; none: the resolver does.
    pub(super) at: Option<usize>,
    /// What it is done to is named by an alias of another file.
    pub(super) indirect: bool,
}

/// The type of data source that a request is written for, as far as that can be told.
pub(super) fn written_for(text: &str, language: Language) -> Option<&'static DataSource> {
    for (module, kind) in [("dynamodb", "AMAZON_DYNAMODB"), ("rds", "RELATIONAL_DATABASE")] {
        if language == Language::Js && text.contains(&format!("@aws-appsync/utils/{module}")) {
            return catalog::data_source(kind);
        }
    }
    let request = Request::read(text, language, &BTreeMap::new());
    let operations = request.of("operation").filter_map(|p| request.texts(&p.value).ok()).flatten();
    let mut kinds = operations.map(|name| {
        let mut known = catalog::data_sources().map(|(_, source)| source).filter(|s| s.flow(&name).is_some());
        let first = known.next();
        // `GET` can be of more than one.
        if known.next().is_some() { None } else { first }
    });
    if let Some(kind) = kinds.find_map(|kind| kind) {
        return Some(kind);
    }
    let has = |key: &str| request.of(key).next().is_some();
    match (has("statements"), has("resourcePath")) {
        (true, _) => catalog::data_source("RELATIONAL_DATABASE"),
        (_, true) => catalog::data_source("HTTP"),
        _ => None,
    }
}

/// Reads what a request does.
pub(super) struct Reader<'r, 't> {
    pub(super) template: &'r Template<'t>,
    pub(super) source: &'r Source<'t>,
    /// The text and what was read of it; absent where the resolver has none, or it is not in the scan.
    pub(super) text: Option<(&'r Text<'t>, &'r Request)>,
    /// The variables of the API that code sees.
    pub(super) environment: &'r BTreeMap<Arc<str>, Expr>,
}

impl Reader<'_, '_> {
    /// The flows of the request, each once.
    pub(super) fn acts(&self) -> Vec<Act> {
        let found = match self.source.kind.form {
            RequestForm::Call => vec![self.call()],
            RequestForm::Operation => self.operations(),
            RequestForm::Sql => self.sql(),
            RequestForm::Http => http::acts(self),
        };
        let mut acts: Vec<Act> = Vec::new();
        for act in found {
            let same = |a: &Act| (a.kind, &a.to, &a.part, &a.label) == (act.kind, &act.to, &act.part, &act.label);
            if !acts.iter().any(same) && acts.len() < MAX_ACTS {
                acts.push(act);
            }
        }
        acts
    }

    /// Something done to what is behind the data source.
    pub(super) fn own(&self, kind: FlowKind, label: Option<&str>, at: Option<usize>) -> Act {
        let mode = if kind == FlowKind::Publish { Mode::Async } else { Mode::Sync };
        Act {
            kind,
            mode,
            to: self.source.target.clone(),
            wants: self.source.kind.wants.clone(),
            part: None,
            label: label.map(Into::into),
            at,
            indirect: false,
        }
    }

    /// What is not known, and why; the data source is used all the same.
    pub(super) fn unknown(&self, why: &str, at: Option<usize>) -> Vec<Act> {
        let used = self.own(FlowKind::Use, None, at);
        let missing = Act { to: Expr::unknown(why), ..used.clone() };
        vec![used, missing]
    }

    pub(super) fn request(&self) -> Option<&Request> {
        self.text.map(|(_, request)| request)
    }

    /// A value of the text as an expression.
    pub(super) fn expr(&self, value: &str) -> Expr {
        let variable = value.trim().trim_start_matches("${").trim_end_matches('}');
        let variable = variable.strip_prefix("ctx.env.").or_else(|| variable.strip_prefix("context.env."));
        if let Some(known) = variable.and_then(|name| self.environment.get(name)) {
            return known.clone();
        }
        self.text.map_or_else(|| Expr::literal(value), |(text, _)| text.expr(self.template, value))
    }

    fn call(&self) -> Act {
        let kind = self.source.kind.otherwise.unwrap_or(FlowKind::Use);
        let no_wait = match self.source.kind.no_wait.as_slice() {
            [key, wanted] => self.request().and_then(|r| {
                let set = |p: &&Pair| r.texts(&p.value).is_ok_and(|all| all.iter().any(|t| t == wanted));
                r.of(key).find(set).map(|p| p.at)
            }),
            _ => None,
        };
        let mut act = self.own(kind, None, no_wait);
        if no_wait.is_some() || self.source.kind.no_wait == ["always"] {
            act.mode = Mode::Async;
        }
        act
    }

    /// Named operations, of every branch.
    fn operations(&self) -> Vec<Act> {
        let Some(request) = self.request() else {
            return self.unknown("what the field does there is not in what was scanned", None);
        };
        let mut acts = Vec::new();
        let mut computed: Option<(usize, String)> = None;
        // The last operation that names its tables itself; they stand after it, or before the first.
        let mut batch = request.of("operation").find_map(|p| Some((self.batch(request, p)?, p.at)));
        let mut seen: BTreeSet<&Value> = BTreeSet::new();
        for pair in &request.pairs {
            let says = pair.key.eq_ignore_ascii_case("operation") && &*pair.within != "transactItems";
            // The same operation again says something new only of tables that follow it, or of its path.
            let mut news = || seen.insert(&pair.value) || matches!(&pair.value, Value::Text(t) if t.len() < MAX_NAME);
            if says && news() {
                match request.texts(&pair.value) {
                    Ok(names) if names.iter().any(|n| self.source.kind.flow(n).is_some()) => {
                        batch = self.batch(request, pair).map(|b| (b, pair.at)).or(batch);
                        acts.extend(names.iter().filter_map(|n| self.operation(request, n, pair)));
                    }
                    Ok(names) => {
                        // A word of the request's own data is no operation, but a reference can be one.
                        if let Some(name) = names.iter().find(|n| n.contains('$')) {
                            computed.get_or_insert((pair.at, name.clone()));
                        }
                    }
                    Err(code) if !code.is_empty() && matches!(pair.value, Value::Computed(_)) => {
                        computed.get_or_insert((pair.at, code));
                    }
                    Err(_) => {}
                }
            }
            if let Some((operation, _)) = &batch {
                acts.extend(self.table(request, pair, operation));
            }
        }
        let batch_at = batch.map(|(_, at)| at);
        if acts.is_empty()
            && let Some(at) = batch_at
        {
            return self.unknown("the tables of the request are computed", Some(at));
        }
        match computed {
            Some((at, code)) => {
                let why = format!("the operation is computed: `{code:.60}`");
                let unknown = self.unknown(&why, Some(at));
                let keep = usize::from(!acts.is_empty());
                acts.extend(unknown.into_iter().skip(keep));
                acts
            }
            None if acts.is_empty() => self.unknown("the request names no operation", Some(0)),
            None => acts,
        }
    }

    /// The operation of a pair, if it is one that names its tables itself.
    fn batch(&self, request: &Request, pair: &Pair) -> Option<String> {
        let names = request.texts(&pair.value).ok()?;
        names.into_iter().find(|n| self.source.kind.batch.contains(n))
    }

    fn operation(&self, request: &Request, name: &str, pair: &Pair) -> Option<Act> {
        let source = self.source.kind;
        let mut kind = source.flow(name)?;
        if source.batch.iter().any(|b| b == name) {
            return None;
        }
        let mut label = name.to_owned();
        if !source.search.is_empty() {
            let paths = request.pairs_of(pair).filter(|p| &*p.key == "path");
            let path = paths.filter_map(|p| request.texts(&p.value).ok()).flatten().next().unwrap_or_default();
            if kind == FlowKind::Write && source.search.iter().any(|s| path.contains(s.as_str())) {
                kind = FlowKind::Read;
            }
            label = format!("{name} {path}");
        }
        Some(self.own(kind, Some(label.trim()), Some(pair.at)))
    }

    /// A table that a batch or a transaction names: a key of `tables`, or the `table` of an item.
    fn table(&self, request: &Request, pair: &Pair, operation: &str) -> Option<Act> {
        let named = match (&*pair.within, &*pair.key) {
            ("tables", name) if name != "tables" => vec![name.to_owned()],
            (_, "table") => request.texts(&pair.value).unwrap_or_else(|code| vec![format!("${{{code}}}")]),
            _ => return None,
        };
        let item = request.pairs_of(pair).find(|p| &*p.key == "operation").and_then(|p| request.texts(&p.value).ok());
        let checks = item.is_some_and(|names| names.iter().all(|n| n == "ConditionCheck"));
        let kind = if checks { FlowKind::Read } else { self.source.kind.flow(operation)? };
        let all = named.iter().map(|name| match request.constant(name) {
            Some(known) => Expr::one_of(known.iter().map(|k| self.expr(k))),
            None => self.expr(name),
        });
        Some(Act { to: Expr::one_of(all), ..self.own(kind, Some(operation), Some(pair.at)) })
    }

    fn sql(&self) -> Vec<Act> {
        let Some(request) = self.request() else {
            return self.unknown("what the field does there is not in what was scanned", None);
        };
        let mut acts = Vec::new();
        let mut computed = None;
        // A statement that touches no table (`SELECT 1`).
        let mut idle = false;
        let mut seen: BTreeSet<&Value> = BTreeSet::new();
        for pair in &request.pairs {
            // The same text says the same; only a call is told by what stands in it.
            if &*pair.key != "operation" && !seen.insert(&pair.value) {
                continue;
            }
            let texts = match (&*pair.key, &pair.value) {
                ("statements" | "statement" | "sql", Value::Text(_) | Value::Computed(_)) => request.texts(&pair.value),
                ("operation", Value::Text(verb)) => self.built(request, pair, verb),
                _ => continue,
            };
            match texts {
                Ok(all) => {
                    for text in all {
                        let found = sql::read(&text);
                        idle |= !found.verbs.is_empty();
                        if found.verbs.is_empty() && text.trim_start().starts_with('$') {
                            computed = computed.or(Some((pair.at, text)));
                        } else {
                            acts.extend(self.statements(&found, pair.at));
                        }
                    }
                }
                Err(code) => computed = computed.or(Some((pair.at, code))),
            }
        }
        match computed {
            _ if !acts.is_empty() => acts,
            Some((at, code)) => self.unknown(&format!("the statement is computed: `{code:.60}`"), Some(at)),
            None if idle => vec![self.own(FlowKind::Use, None, Some(0))],
            None => self.unknown("the request holds no statement that is known", Some(0)),
        }
    }

    /// The statement that a function of the runtime's module makes: `select({ table: 'orders' })`.
    fn built(&self, request: &Request, call: &Pair, verb: &str) -> Result<Vec<String>, String> {
        if !self.source.kind.functions.values().any(|v| v == verb) {
            return Err(verb.to_owned());
        }
        let after = || request.after(call).take_while(|p| &*p.key != "operation");
        let of = |key| after().find(|p| &*p.key == key);
        match of("table").or_else(|| of("from")) {
            Some(table) => Ok(request.texts(&table.value)?.iter().map(|t| format!("{verb} {t}")).collect()),
            None => Err(format!("{verb} …")),
        }
    }

    fn statements(&self, found: &sql::Statements, at: usize) -> Vec<Act> {
        let verbs: Vec<&str> = found.verbs.iter().map(String::as_str).collect();
        let label = verbs.join(", ");
        let mut acts = Vec::new();
        let own = routines::declared(&found.functions, self.template.sources);
        let uses = [
            (FlowKind::Read, NodeKind::SqlTable, &found.reads),
            (FlowKind::Write, NodeKind::SqlTable, &found.writes),
            (FlowKind::Invoke, NodeKind::SqlProcedure, &found.calls),
            (FlowKind::Invoke, NodeKind::SqlProcedure, &own),
        ];
        for (kind, part, names) in uses {
            for name in names {
                let part = Some(Part { kind: part, name: name.as_str().into() });
                acts.push(Act { part, ..self.own(kind, Some(&label), Some(at)) });
            }
        }
        if !found.computed.is_empty() && acts.is_empty() {
            let kind = match verbs.first().copied().unwrap_or_default() {
                "SELECT" | "WITH" => FlowKind::Read,
                "CALL" | "EXEC" | "EXECUTE" => FlowKind::Invoke,
                _ => FlowKind::Write,
            };
            acts.push(self.own(kind, Some(&label), Some(at)));
        }
        acts
    }
}
