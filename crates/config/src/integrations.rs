//! What an API's route calls: integrations with functions, with services of the platform, with other hosts.

use crate::handed;
use crate::links::schedule_label;
use crate::template::{Declared, Template, end, evidence};
use crate::texts::{self, Text};
use crate::tree::Tree;
use facts::{Certainty, Declarations, Expr, FlowKind, Link, Mode, NodeKind};

/// The receiver of a route.
pub(crate) struct Called {
    pub(crate) what: Expr,
    pub(crate) wants: Vec<NodeKind>,
    pub(crate) kind: FlowKind,
    pub(crate) mode: Mode,
}

const CALLED: &[NodeKind] = &[
    NodeKind::Function,
    NodeKind::Queue,
    NodeKind::Topic,
    NodeKind::StateMachine,
    NodeKind::Table,
    NodeKind::EventBus,
    NodeKind::External,
];

const HOSTS: &[NodeKind] = &[NodeKind::External, NodeKind::RestApi, NodeKind::HttpApi];

/// What an integration calls; nothing for one that answers by itself. Keys are those of an API's description
/// (`uri`), of a method (`Uri`) or of an integration of its own (`IntegrationUri`).
pub(crate) fn called(template: &Template<'_>, integration: &Tree) -> Vec<Called> {
    let kind = of(integration, &["type", "Type", "IntegrationType"]).and_then(Tree::text).unwrap_or_default();
    if kind.eq_ignore_ascii_case("mock") {
        return Vec::new();
    }
    let subtype = of(integration, &["integrationSubtype", "IntegrationSubtype"]).and_then(Tree::text);
    if let Some((service, operation)) = subtype.and_then(|s| s.split_once('-')) {
        return by_operation(template, integration, &service.to_ascii_lowercase(), operation);
    }
    let Some(uri) = of(integration, &["uri", "Uri", "IntegrationUri"]) else { return Vec::new() };
    let what = template.names.expr(uri);
    let text = what.to_string();
    match service_of(&text) {
        Some(("lambda", "path", _)) | None => vec![plain(template, integration, what, &text)],
        Some((service, "action", operation)) => by_operation(template, integration, service, operation),
        Some(("sqs", _, _)) => vec![one(what, &[NodeKind::Queue], FlowKind::Publish, Mode::Async)],
        // `{bucket}` is a part of the request, which is known only at run time.
        Some(("s3", _, rest)) if rest.starts_with('{') => Vec::new(),
        Some(("s3", _, _)) => {
            let verb = of(integration, &["httpMethod", "IntegrationHttpMethod", "IntegrationMethod"]);
            let reads = matches!(verb.and_then(Tree::text), Some("GET" | "HEAD"));
            let kind = if reads { FlowKind::Read } else { FlowKind::Write };
            vec![one(what, &[NodeKind::Bucket], kind, Mode::Sync)]
        }
        Some(_) => Vec::new(),
    }
}

/// A function or a host.
fn plain(template: &Template<'_>, integration: &Tree, what: Expr, text: &str) -> Called {
    let wants = if text.starts_with("http") { HOSTS } else { CALLED };
    let way = "X-Amz-Invocation-Type";
    let unwaited = matches!(argument(template, integration, way), Some(Expr::Literal(kind)) if &*kind == "Event");
    one(what, wants, FlowKind::Invoke, if unwaited { Mode::Async } else { Mode::Sync })
}

fn one(what: Expr, wants: &[NodeKind], kind: FlowKind, mode: Mode) -> Called {
    Called { what, wants: wants.to_vec(), kind, mode }
}

/// The value of the first of some keys.
fn of<'t>(tree: &'t Tree, keys: &[&str]) -> Option<&'t Tree> {
    keys.iter().find_map(|key| tree.get(key))
}

/// Service, `path` or `action`, and the rest of `arn:…:apigateway:region:service:path/rest`.
fn service_of(uri: &str) -> Option<(&str, &str, &str)> {
    let rest = uri.split_once(":apigateway:")?.1;
    let (before, way, rest) = [":path/", ":action/"].iter().find_map(|way| {
        let (before, rest) = rest.split_once(way)?;
        Some((before, way.trim_matches([':', '/']), rest))
    })?;
    let service = before.rsplit(':').next()?;
    Some((service, way, rest.trim_start_matches('/')))
}

/// A schedule whose target is any operation, which its input names further: `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
pub(crate) fn scheduled(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let Some(target) = declared.property(&["Target", "Arn"]) else { return };
    let text = template.names.expr(target).to_string();
    let Some(operation) = catalog::scheduled_operation(&text) else {
        if let Some(input) = declared.property(&["Target", "Input"]) {
            handed::constant(template, &template.names.expr(target), input, out);
        }
        return;
    };
    let input = declared.property(&["Target", "Input"]).map(|input| texts::of(template, input)).unwrap_or_default();
    // Each of several inputs names its own target.
    let each: Vec<&[Text]> = if input.is_empty() { vec![&[]] } else { input.chunks(1).collect() };
    let called = each
        .into_iter()
        .flat_map(|input| targets(&operation, &|name| input.iter().find_map(|text| in_text(template, text, name))));
    for Called { what, wants, kind, mode } in called {
        let mut from = template.own_end(declared.id, declared.tree);
        from.place = declared.key.place.clone();
        // As a target that names the function itself.
        let (kind, mode) = if kind == FlowKind::Invoke { (FlowKind::Trigger, Mode::Async) } else { (kind, mode) };
        out.links.push(Link {
            from,
            to: end(what, &wants, target),
            kind,
            mode,
            certainty: Certainty::Declared,
            label: declared.properties().and_then(|properties| schedule_label(template, properties)),
            condition: template.resource_condition(declared),
            filter: None,
            event: None,
            evidence: evidence(target, format!("{} ({})", declared.id, declared.type_name)),
        });
    }
}

fn by_operation(template: &Template<'_>, integration: &Tree, service: &str, operation: &str) -> Vec<Called> {
    let operation = catalog::task_operation(service, operation);
    operation.map(|operation| targets(&operation, &|name| argument(template, integration, name))).unwrap_or_default()
}

/// The targets of an operation of a service, which the request names.
fn targets(operation: &catalog::Operation, argument: &dyn Fn(&str) -> Option<Expr>) -> Vec<Called> {
    let mut out = Vec::new();
    for flow in &operation.flows {
        let named = flow.targets.iter().find_map(|path| argument(path.last_field()?));
        let default = || flow.default.as_ref().map(|d| Expr::literal(d.as_str()));
        let service = || flow.targets.is_empty().then(|| Expr::service(&operation.service));
        let what = named.or_else(default).or_else(service);
        out.extend(what.map(|what| one(what, &flow.wants, flow.kind, flow.mode)));
    }
    out
}

/// The value that a request gives to an argument: by its parameters, or in the text of its template.
fn argument(template: &Template<'_>, integration: &Tree, name: &str) -> Option<Expr> {
    let parameters = of(integration, &["requestParameters", "RequestParameters"]);
    for (key, value) in parameters.map(Tree::entries).unwrap_or_default() {
        if !key.text.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(name)) {
            continue;
        }
        // `'text'` is a text, `method.request.path.x` and `$request.body.x` a part of the request.
        let text = value.text().unwrap_or_default();
        let of_request = ["$", "method.", "context.", "stageVariables."].iter().any(|start| text.starts_with(start));
        return Some(if of_request { Expr::Input(text.into()) } else { unquoted(template.names.expr(value)) });
    }
    let templates = of(integration, &["requestTemplates", "RequestTemplates"])?;
    let mut texts = templates.entries().iter().flat_map(|(_, tree)| texts::of(template, tree));
    texts.find_map(|text| in_text(template, &text, name))
}

/// `'…'` around a text of a parameter.
fn unquoted(value: Expr) -> Expr {
    let strip = |text: &str| text.trim_matches('\'').to_owned();
    match value {
        Expr::Literal(text) => Expr::literal(strip(&text)),
        Expr::Concat(all) => Expr::concat(all.into_iter().map(|piece| match piece {
            Expr::Literal(text) => Expr::literal(strip(&text)),
            other => other,
        })),
        other => other,
    }
}

/// The value behind a name in a request template: `"TableName": "orders"`, `TopicArn=$util.urlEncode('…')`,
/// `#set($x = …)` is not understood.
fn in_text(template: &Template<'_>, text: &Text, name: &str) -> Option<Expr> {
    let at = find_word(&text.text, name)?;
    let rest = text.text[at + name.len()..].trim_start_matches(['"', '\'', '\\']).trim_start();
    let rest = rest.strip_prefix([':', '=']).map(str::trim_start)?;
    let rest = rest.strip_prefix("$util.urlEncode(").unwrap_or(rest);
    let quoted = rest.trim_start_matches('\\');
    let (rest, ends): (&str, &[char]) = match quoted.chars().next() {
        Some(quote @ ('"' | '\'')) => (&quoted[1..], if quote == '"' { &['"', '\\'] } else { &['\'', '\\'] }),
        _ => (rest, &['&', ')', ',', '}', '"', '\'', ' ', '\n']),
    };
    let end = value_end(rest, ends);
    let value = &rest[..end];
    if value.is_empty() {
        return None;
    }
    let run_time = value.starts_with('$') && !value.starts_with("${");
    Some(if run_time { Expr::Input(value.into()) } else { template.names.substitute(value, text.own.as_ref(), 0) })
}

/// Where a value ends; what stands in `${…}` is of the value.
fn value_end(text: &str, ends: &[char]) -> usize {
    let mut inside = false;
    for (at, c) in text.char_indices() {
        match c {
            '{' if text[..at].ends_with('$') => inside = true,
            '}' if inside => inside = false,
            c if !inside && ends.contains(&c) => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where a name stands by itself in a text, whatever its case.
fn find_word(text: &str, name: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let alone = |at: usize| {
        let before = lower[..at].chars().next_back();
        let after = lower[at + name.len()..].chars().next();
        !before.is_some_and(word) && !after.is_some_and(word)
    };
    lower.match_indices(&name).map(|(at, _)| at).find(|at| alone(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_services() {
        let check = |uri: &str, expected: Option<(&str, &str, &str)>| assert_eq!(service_of(uri), expected, "{uri}");
        check("arn:aws:apigateway:${AWS::Region}:sqs:path/1/jobs", Some(("sqs", "path", "1/jobs")));
        check("arn:aws:apigateway:x:dynamodb:action/PutItem", Some(("dynamodb", "action", "PutItem")));
        check("arn:aws:lambda:x:1:function:f", None);
        check("https://example.com/path/x", None);
    }

    #[test]
    fn names_stand_alone() {
        assert_eq!(find_word(r#"{"TableName": "x"}"#, "tableName"), Some(2));
        assert_eq!(find_word("MyTableName=1&TableName=2", "TableName"), Some(14));
        assert_eq!(find_word("", "TableName"), None);
        assert_eq!(value_end("a${b,c},d", &[',']), 7);
    }
}
