//! What an HTTP request does: a call of another API, or of another service by its API.

use super::acts::{Act, Reader};
use super::request::{Request, Value};
use super::tokens::Language;
use facts::{Expr, FlowKind};
use std::collections::{BTreeMap, BTreeSet};

/// The flows of a request to an HTTP data source.
pub(super) fn acts(reader: &Reader<'_, '_>) -> Vec<Act> {
    if let Some(service) = reader.source.service {
        return service_call(reader, service);
    }
    let Some(request) = reader.request() else { return vec![reader.own(FlowKind::Invoke, None, None)] };
    let mut acts = Vec::new();
    for method in request.of("method") {
        let path = request.pairs_of(method).find(|p| &*p.key == "resourcePath");
        let path = path.and_then(|p| request.texts(&p.value).ok()).and_then(|all| all.into_iter().next());
        let Ok(methods) = request.texts(&method.value) else { continue };
        for name in methods {
            let label = format!("{name} {}", path.as_deref().unwrap_or_default());
            acts.push(reader.own(FlowKind::Invoke, Some(label.trim()), Some(method.at)));
        }
    }
    if acts.is_empty() {
        acts.push(reader.own(FlowKind::Invoke, None, Some(0)));
    }
    acts
}

/// A call of another service's API: the operation is in a header, or in the text of a form.
fn service_call(reader: &Reader<'_, '_>, service: &str) -> Vec<Act> {
    let title = catalog::service(service).map_or(service, |s| s.title);
    let missing = |why: String, at: usize| {
        let act = reader.own(FlowKind::Use, None, Some(at));
        vec![Act { to: Expr::unknown(why), wants: Vec::new(), ..act }]
    };
    let Some(request) = reader.request() else {
        return missing(format!("which operation of {title} is called is not in what was scanned"), 0);
    };
    let fields = Fields::of(request);
    let Some((name, at)) = fields.operation() else {
        return missing(format!("which operation of {title} is called is not told"), 0);
    };
    let Some(operation) = catalog::operation(service, &name) else {
        return missing(format!("{title} has no operation `{name:.60}`"), at);
    };
    let mut acts = Vec::new();
    for flow in &operation.flows {
        let keys = flow.targets.iter().filter_map(|path| match path.0.last() {
            Some(catalog::Step::Field(key)) => Some(key.as_str()),
            _ => None,
        });
        let values: Vec<(String, usize)> =
            keys.map(|key| fields.values(key)).find(|v| !v.is_empty()).unwrap_or_default();
        let act = |to: Expr, at: usize| Act {
            kind: flow.kind,
            mode: flow.mode,
            to,
            wants: flow.wants.clone(),
            part: None,
            label: Some(operation.name.as_str().into()),
            at: Some(at),
            indirect: false,
        };
        let default = flow.default.as_deref();
        match (values.is_empty(), flow.targets.is_empty(), default) {
            (false, ..) => acts.extend(values.iter().map(|(value, at)| act(reader.expr(value), *at))),
            (true, true, _) => acts.push(act(Expr::service(service), at)),
            (true, false, Some(default)) => acts.push(act(Expr::literal(default), at)),
            (true, false, None) => {
                acts.push(act(Expr::unknown(format!("the request does not tell what `{name:.60}` is of")), at));
            }
        }
    }
    acts
}

/// The keys and values of a request to a service, those in its body's text too.
struct Fields {
    all: Vec<(String, Result<Vec<String>, String>, usize)>,
}

impl Fields {
    fn of(request: &Request) -> Self {
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        for pair in &request.pairs {
            if matches!(pair.value, Value::Other) || !seen.insert((&pair.key, &pair.value)) {
                continue;
            }
            let texts = request.texts(&pair.value);
            for text in texts.iter().flatten() {
                // A form: `Action=Publish&TopicArn=…`.
                for field in text.split(['&', '?']).filter(|_| text.contains("Action=")) {
                    if let Some((key, value)) = field.split_once('=') {
                        let value = value.strip_prefix("$util.urlEncode(").map_or(value, |v| v.trim_end_matches(')'));
                        let value = value.trim_matches(['"', '\'']).to_owned();
                        all.push((key.trim().to_owned(), Ok(vec![value]), pair.at));
                    }
                }
                // A body that is JSON in a text.
                if text.trim_start().starts_with('{') && &*pair.key == "body" {
                    let none = BTreeMap::new();
                    let inner = Request::read(text, Language::Vtl, &none);
                    let pairs = inner.pairs.iter().filter(|p| p.value != Value::Other);
                    all.extend(pairs.map(|p| (p.key.to_string(), inner.texts(&p.value), pair.at)));
                }
            }
            all.push((pair.key.to_string(), texts, pair.at));
        }
        Self { all }
    }

    /// The operation that a header or a form names.
    fn operation(&self) -> Option<(String, usize)> {
        let value = |wanted: &str| {
            let found = self.all.iter().find(|(key, ..)| key.eq_ignore_ascii_case(wanted))?;
            Some((found.1.as_ref().ok()?.first()?.clone(), found.2))
        };
        let (name, at) = value("x-amz-target").or_else(|| value("Action"))?;
        Some((name.rsplit('.').next().unwrap_or(&name).to_owned(), at))
    }

    fn values(&self, wanted: &str) -> Vec<(String, usize)> {
        let same = self.all.iter().filter(|(key, ..)| key.eq_ignore_ascii_case(wanted));
        same.flat_map(|(_, values, at)| match values {
            Ok(all) => all.iter().map(|v| (v.clone(), *at)).collect(),
            Err(code) => vec![(format!("${{{code}}}"), *at)],
        })
        .collect()
    }
}
