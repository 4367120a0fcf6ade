//! APIs: authorizers, OpenAPI bodies, methods and routes.

use crate::links::walk;
use crate::paths;
use crate::template::{Declared, Template, end};
use crate::tree::{self, Tree};
use facts::{Certainty, Declarations, End, Expr, FlowKind, Link, Mode, NodeKind, Part};
use std::collections::BTreeMap;
use std::sync::Arc;

const CALLED: &[NodeKind] = &[
    NodeKind::Function,
    NodeKind::Queue,
    NodeKind::Topic,
    NodeKind::StateMachine,
    NodeKind::Table,
    NodeKind::EventBus,
    NodeKind::External,
];

/// What an integration can call: an address of the web is another API or somebody else's.
fn called(uri: &Expr) -> &'static [NodeKind] {
    if uri.to_string().starts_with("http") {
        &[NodeKind::External, NodeKind::RestApi, NodeKind::HttpApi]
    } else {
        CALLED
    }
}

/// An API that the template declares: what it asks for permission, and what its own description routes.
pub(crate) fn declared(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let authorizers = declared.property(&["Auth", "Authorizers"]).map(Tree::entries).unwrap_or_default();
    for (key, tree) in authorizers {
        let pools = tree.get("UserPoolArn").map(Tree::one_or_many).unwrap_or_default();
        for pool in pools {
            auth(template, declared, end(template.names.expr(pool), &[NodeKind::UserPool], pool), &key.text, out);
        }
        // An address of the one or the other, in services of the Serverless Framework.
        if let Some(either) = tree.get("Arn") {
            let to = end(template.names.expr(either), &[NodeKind::Function, NodeKind::UserPool], either);
            auth(template, declared, to, &key.text, out);
        }
        if let Some(function) = tree.get("FunctionArn") {
            let to = end(template.names.expr(function), &[NodeKind::Function], function);
            auth(template, declared, to, &key.text, out);
        }
        if let Some(issuer) = tree.at(&["JwtConfiguration", "issuer"]) {
            let to = end(template.names.expr(issuer), &[NodeKind::UserPool, NodeKind::External], issuer);
            auth(template, declared, to, &key.text, out);
        }
    }
    if let Some(body) = declared.property(&["DefinitionBody"]).or_else(|| declared.property(&["Body"])) {
        body_of(template, declared, body, out);
    } else if let Some(path) = declared.property(&["DefinitionUri"]).and_then(Tree::text) {
        included(template, declared, path, out);
    }
}

fn auth(template: &Template<'_>, declared: &Declared<'_>, to: End, name: &str, out: &mut Declarations) {
    let mut from = template.own_end(declared.id, declared.tree);
    from.place = declared.key.place.clone();
    let place = to.place.clone();
    out.links.push(Link {
        from,
        to,
        kind: FlowKind::Auth,
        mode: Mode::Sync,
        certainty: Certainty::Declared,
        label: Some(name.into()),
        condition: template.resource_condition(declared),
        evidence: facts::Evidence { place, what: format!("{} authorizer {name}", declared.id).into(), via: Vec::new() },
    });
}

fn body_of(template: &Template<'_>, declared: &Declared<'_>, body: &Tree, out: &mut Declarations) {
    if let Some(("Fn::Transform", include)) = body.single() {
        if let Some(path) = include.at(&["Parameters", "Location"]).and_then(Tree::text) {
            included(template, declared, path, out);
        }
        return;
    }
    open_api(template, declared, body, out);
}

/// A description in a file of its own; the file may use the template's intrinsics.
fn included(template: &Template<'_>, declared: &Declared<'_>, path: &str, out: &mut Declarations) {
    let Some(path) = paths::resolve(&template.file.path, path) else { return };
    let Ok(file) = template.sources.read(&path) else { return };
    let Some(body) = tree::read(&file, &mut out.diagnostics) else { return };
    open_api(template, declared, &body, out);
}

/// Routes and authorizers of an OpenAPI description.
fn open_api(template: &Template<'_>, declared: &Declared<'_>, body: &Tree, out: &mut Declarations) {
    let api = || template.own_end(declared.id, declared.tree);
    for (path, methods) in body.get("paths").map(Tree::entries).unwrap_or_default() {
        for (method, operation) in methods.entries() {
            let Some(integration) = operation.get("x-amazon-apigateway-integration") else { continue };
            let name = route_name(&method.text, &path.text);
            let mut from = api();
            from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
            from.place = integration.place.clone();
            let uri = integration.get("uri").map(|u| template.names.expr(u));
            let Some(uri) = uri.filter(|_| !is_mock(integration)) else {
                out.parts.push(from);
                continue;
            };
            let to = End { wants: called(&uri).to_vec(), what: uri, part: None, place: integration.place.clone() };
            out.links.push(route_link(template, declared, from, to, &name));
        }
    }
    let schemes = body.get("securityDefinitions").or_else(|| body.at(&["components", "securitySchemes"]));
    for (name, scheme) in schemes.map(Tree::entries).unwrap_or_default() {
        let Some(authorizer) = scheme.get("x-amazon-apigateway-authorizer") else { continue };
        if let Some(uri) = authorizer.get("authorizerUri") {
            let to = End {
                what: template.names.expr(uri),
                part: None,
                wants: vec![NodeKind::Function],
                place: uri.place.clone(),
            };
            auth(template, declared, to, &name.text, out);
        }
        for pool in authorizer.get("providerARNs").map(Tree::one_or_many).unwrap_or_default() {
            let to = End {
                what: template.names.expr(pool),
                part: None,
                wants: vec![NodeKind::UserPool],
                place: pool.place.clone(),
            };
            auth(template, declared, to, &name.text, out);
        }
    }
}

fn is_mock(integration: &Tree) -> bool {
    integration
        .get("type")
        .or_else(|| integration.get("Type"))
        .and_then(Tree::text)
        .is_some_and(|t| t.eq_ignore_ascii_case("mock"))
}

fn route_name(method: &str, path: &str) -> Arc<str> {
    let method = method.to_ascii_uppercase();
    let method = if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" { "ANY" } else { &method };
    format!("{method} {path}").into()
}

fn route_link(template: &Template<'_>, declared: &Declared<'_>, from: End, to: End, name: &Arc<str>) -> Link {
    let place = from.place.clone();
    Link {
        from,
        to,
        kind: FlowKind::Invoke,
        mode: Mode::Sync,
        certainty: Certainty::Declared,
        label: Some(name.clone()),
        condition: template.resource_condition(declared),
        evidence: facts::Evidence { place, what: format!("{} {name}", declared.id).into(), via: Vec::new() },
    }
}

/// `AWS::ApiGateway::Method` over a tree of `AWS::ApiGateway::Resource`.
pub(crate) fn rest(template: &Template<'_>, out: &mut Declarations) {
    for method in template.resources.values().filter(|r| r.type_name == "AWS::ApiGateway::Method") {
        let Some(api) = method.property(&["RestApiId"]) else { continue };
        let verb = method.property(&["HttpMethod"]).and_then(Tree::text).unwrap_or("ANY");
        if verb.eq_ignore_ascii_case("options") {
            continue;
        }
        let path = rest_path(template, method.property(&["ResourceId"]), 0);
        let name = route_name(verb, &path);
        let mut from = end(template.names.expr(api), &[NodeKind::RestApi], method.tree);
        from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
        from.place = method.key.place.clone();
        let uri = method.property(&["Integration", "Uri"]);
        let mock = method.property(&["Integration"]).is_some_and(is_mock);
        let Some(uri) = uri.filter(|_| !mock) else {
            out.parts.push(from);
            continue;
        };
        let what = template.names.expr(uri);
        let (what, uri) = if what.to_string().contains(":action/") {
            let Some(asked) = asked(template, method) else {
                out.parts.push(from);
                continue;
            };
            asked
        } else {
            (what, uri)
        };
        let wants = called(&what);
        let to = end(what, wants, uri);
        out.links.push(route_link(template, method, from, to, &name));
    }
}

/// An integration that names an action says in its request what the action is done to.
fn asked<'t>(template: &Template<'t>, method: &Declared<'t>) -> Option<(Expr, &'t Tree)> {
    let requests = walk(method.property(&["Integration"])?, "RequestTemplates.*");
    requests.into_iter().find_map(|request| {
        let found = match template.names.expr(request) {
            Expr::Concat(parts) => parts.iter().find(|p| matches!(p, Expr::Resource { .. }))?.clone(),
            resource @ Expr::Resource { .. } => resource,
            _ => return None,
        };
        Some((found, request))
    })
}

fn rest_path(template: &Template<'_>, resource: Option<&Tree>, depth: u32) -> String {
    let id = resource.and_then(Tree::single).and_then(|(f, v)| if f == "Ref" { v.text() } else { None });
    let Some(resource) = id.and_then(|id| template.resources.get(id)).filter(|_| depth < 32) else {
        return "/".to_owned();
    };
    let part = resource.property(&["PathPart"]).map_or_else(String::new, |p| template.names.expr(p).to_string());
    let above = rest_path(template, resource.property(&["ParentId"]), depth + 1);
    format!("{}/{part}", above.trim_end_matches('/'))
}

/// `AWS::ApiGatewayV2::Route` and the integrations that they name.
pub(crate) fn http(template: &Template<'_>, out: &mut Declarations) {
    let mut integrations: BTreeMap<&str, &Declared<'_>> = BTreeMap::new();
    for (id, declared) in &template.resources {
        if declared.type_name == "AWS::ApiGatewayV2::Integration" {
            integrations.insert(id, declared);
        }
    }
    for route in template.resources.values().filter(|r| r.type_name == "AWS::ApiGatewayV2::Route") {
        let (Some(api), Some(key)) = (route.property(&["ApiId"]), route.property(&["RouteKey"])) else { continue };
        let name: Arc<str> = template.names.expr(key).to_string().into();
        let kinds = [NodeKind::HttpApi, NodeKind::WebsocketApi];
        let mut from = end(template.names.expr(api), &kinds, route.tree);
        from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
        from.place = route.key.place.clone();
        let target = route.property(&["Target"]).map(|t| template.names.expr(t).to_string());
        let integration =
            integrations.iter().find(|(id, _)| target.as_ref().is_some_and(|t| t.contains(&format!("${{{id}}}"))));
        let Some(uri) = integration.and_then(|(_, i)| i.property(&["IntegrationUri"])) else {
            out.parts.push(from);
            continue;
        };
        let what = template.names.expr(uri);
        let wants = called(&what);
        let to = end(what, wants, uri);
        out.links.push(route_link(template, route, from, to, &name));
    }
}
