//! APIs: authorizers, OpenAPI bodies, methods and routes. What a route calls is in `integrations`.

use crate::integrations::{Called, called};
use crate::paths;
use crate::template::{Declared, Template, end};
use crate::tree::{self, Tree};
use facts::{
    Certainty, Declarations, Diagnostic, End, Expr, FlowKind, Link, Mode, Mounted, NodeKind, Part, Place, ROOT_OF_API,
    ResourceRef, Segment,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An API that the template declares: what it asks for permission, and what its own description routes.
pub(crate) fn declared(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let owner = Owner { at: template.at(declared.id), key_place: &declared.key.place, tree: declared.tree };
    authorizers(template, &owner, declared.property(&["Auth"]), out);
    if let Some(body) = declared.property(&["DefinitionBody"]).or_else(|| declared.property(&["Body"])) {
        body_of(template, declared, body, out);
        return;
    }
    let location = ["DefinitionUri", "BodyS3Location"].iter().find_map(|p| declared.property(&[p]));
    if let Some(location) = location {
        included(template, declared, location, out);
    }
}

/// The APIs that SAM makes for events without one of their own have what `Globals` says of their kind.
pub(crate) fn implicit(template: &Template<'_>, out: &mut Declarations) {
    for (id, section) in [("ServerlessRestApi", "Api"), ("ServerlessHttpApi", "HttpApi")] {
        let Some(auth) = template.root.at(&["Globals", section, "Auth"]) else { continue };
        let at = template.at(id);
        if out.resources.iter().any(|r| r.at == at && r.implicit) {
            let owner = Owner { at, key_place: &auth.place, tree: auth };
            authorizers(template, &owner, Some(auth), out);
        }
    }
}

/// The API that asks for permission.
struct Owner<'o> {
    at: ResourceRef,
    key_place: &'o Place,
    tree: &'o Tree,
}

fn authorizers(template: &Template<'_>, declared: &Owner<'_>, auth_of: Option<&Tree>, out: &mut Declarations) {
    let authorizers = auth_of.and_then(|a| a.get("Authorizers")).map(Tree::entries).unwrap_or_default();
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
}

fn auth(template: &Template<'_>, declared: &Owner<'_>, to: End, name: &str, out: &mut Declarations) {
    let from = End {
        service: "".into(),
        what: declared.at.expr(),
        part: None,
        wants: Vec::new(),
        place: declared.key_place.clone(),
    };
    let place = to.place.clone();
    out.links.push(Link {
        from,
        to,
        kind: FlowKind::Auth,
        mode: Mode::Sync,
        certainty: Certainty::Declared,
        label: Some(name.into()),
        condition: template.condition_of(declared.tree),
        filter: None,
        event: None,
        evidence: facts::Evidence {
            place,
            what: format!("{} authorizer {name}", declared.at.id).into(),
            via: Vec::new(),
        },
    });
}

fn body_of(template: &Template<'_>, declared: &Declared<'_>, body: &Tree, out: &mut Declarations) {
    if let Some(("Fn::Transform", include)) = body.single() {
        if let Some(location) = include.at(&["Parameters", "Location"]) {
            included(template, declared, location, out);
        }
        return;
    }
    open_api(template, declared, body, out);
}

/// A description in a file of its own; the file may use the template's intrinsics.
fn included(template: &Template<'_>, declared: &Declared<'_>, location: &Tree, out: &mut Declarations) {
    let Some(path) = paths::located(template, location, out) else { return };
    let Ok(file) = template.sources.read(&path) else {
        let message = format!(
            "the description `{path}` of `{}` is not in what was scanned; its routes are left out",
            declared.id
        );
        out.diagnostics.push(Diagnostic::warning("definition-not-found", location.place.clone(), message));
        return;
    };
    let Some(body) = tree::read(&file, &mut out.diagnostics) else { return };
    open_api(template, declared, &body, out);
}

/// Routes and authorizers of an OpenAPI description.
fn open_api(template: &Template<'_>, declared: &Declared<'_>, body: &Tree, out: &mut Declarations) {
    for (path, methods) in body.get("paths").map(Tree::entries).unwrap_or_default() {
        for (method, operation) in methods.entries() {
            let Some(integration) = operation.get("x-amazon-apigateway-integration") else { continue };
            if method.text.eq_ignore_ascii_case("options") {
                continue;
            }
            let integration = referred(body, integration);
            let name = route_name(&method.text, &path.text);
            let mut from = template.own_end(declared.id, declared.tree);
            from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
            from.place = integration.place.clone();
            route(template, declared, &from, integration, &integration.place, out);
        }
    }
    let schemes = body.get("securityDefinitions").or_else(|| body.at(&["components", "securitySchemes"]));
    let owner = Owner { at: template.at(declared.id), key_place: &declared.key.place, tree: declared.tree };
    for (name, scheme) in schemes.map(Tree::entries).unwrap_or_default() {
        let Some(authorizer) = scheme.get("x-amazon-apigateway-authorizer") else { continue };
        if let Some(uri) = authorizer.get("authorizerUri") {
            let to = end(template.names.expr(uri), &[NodeKind::Function], uri);
            auth(template, &owner, to, &name.text, out);
        }
        for pool in authorizer.get("providerARNs").map(Tree::one_or_many).unwrap_or_default() {
            let to = end(template.names.expr(pool), &[NodeKind::UserPool], pool);
            auth(template, &owner, to, &name.text, out);
        }
        if let Some(issuer) = authorizer.at(&["jwtConfiguration", "issuer"]) {
            let to = end(template.names.expr(issuer), &[NodeKind::UserPool, NodeKind::External], issuer);
            auth(template, &owner, to, &name.text, out);
        }
    }
}

/// What `{$ref: "#/a/b"}` refers to in a description; anything else is itself.
fn referred<'t>(body: &'t Tree, tree: &'t Tree) -> &'t Tree {
    let way = tree.get("$ref").and_then(Tree::text).and_then(|text| text.strip_prefix("#/"));
    let found = way.and_then(|way| way.split('/').try_fold(body, |tree, key| tree.get(key)));
    found.unwrap_or(tree)
}

/// A route with what its integration calls; one that answers by itself is only a part.
fn route(
    template: &Template<'_>,
    declared: &Declared<'_>,
    from: &End,
    integration: &Tree,
    place: &Place,
    out: &mut Declarations,
) {
    let all = called(template, integration);
    if all.is_empty() {
        out.parts.push(from.clone());
    }
    for one in all {
        out.links.push(route_link(template, declared, from, one, place));
    }
}

fn route_name(method: &str, path: &str) -> Arc<str> {
    let method = method.to_ascii_uppercase();
    let method = if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" { "ANY" } else { &method };
    format!("{method} {path}").into()
}

fn route_link(template: &Template<'_>, declared: &Declared<'_>, from: &End, called: Called, place: &Place) -> Link {
    let name = from.part.as_ref().map_or("", |part| &part.name);
    let Called { what, wants, kind, mode } = called;
    Link {
        from: from.clone(),
        to: End { service: "".into(), what, part: None, wants, place: place.clone() },
        kind,
        mode,
        certainty: Certainty::Declared,
        label: Some(name.into()),
        condition: template.resource_condition(declared),
        filter: None,
        event: None,
        evidence: facts::Evidence {
            place: from.place.clone(),
            what: format!("{} {name}", declared.id).into(),
            via: Vec::new(),
        },
    }
}

/// `AWS::ApiGateway::Method` over a tree of `AWS::ApiGateway::Resource`.
pub(crate) fn rest(template: &Template<'_>, out: &mut Declarations) {
    for (id, resource) in &template.resources {
        if resource.type_name == "AWS::ApiGateway::Resource" {
            let (path, below) = rest_path(template, Some(&Tree::reference(&resource.key.place, id)), 0);
            out.segments.push(Segment { at: template.at(id), path: path.into(), below });
        }
    }
    for method in template.resources.values().filter(|r| r.type_name == "AWS::ApiGateway::Method") {
        let Some(api) = method.property(&["RestApiId"]) else { continue };
        let verb = method.property(&["HttpMethod"]).and_then(Tree::text).unwrap_or("ANY");
        if verb.eq_ignore_ascii_case("options") {
            continue;
        }
        let (path, below) = rest_path(template, method.property(&["ResourceId"]), 0);
        let name = route_name(verb, &path);
        let at = method.key.place.clone();
        out.mounted.extend(below.map(|below| Mounted { at, name: name.clone(), below }));
        let mut from = end(template.names.expr(api), &[NodeKind::RestApi], method.tree);
        from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
        from.place = method.key.place.clone();
        match method.property(&["Integration"]) {
            Some(integration) => route(template, method, &from, integration, &integration.place, out),
            None => out.parts.push(from),
        }
    }
}

/// The path of a resource, as far as the template says, and what of another one it stands below.
fn rest_path(template: &Template<'_>, resource: Option<&Tree>, depth: u32) -> (String, Option<Expr>) {
    let id = resource.and_then(Tree::single).and_then(|(f, v)| if f == "Ref" { v.text() } else { None });
    let Some(declared) = id.and_then(|id| template.resources.get(id)).filter(|_| depth < 32) else {
        let root = |e: &Expr| matches!(e, Expr::Resource { attribute: Some(a), .. } if **a == *ROOT_OF_API);
        return ("/".to_owned(), resource.map(|tree| template.names.expr(tree)).filter(|e| !root(e)));
    };
    let part = declared.property(&["PathPart"]).map_or_else(String::new, |p| template.names.expr(p).to_string());
    let (above, below) = rest_path(template, declared.property(&["ParentId"]), depth + 1);
    (format!("{}/{part}", above.trim_end_matches('/')), below)
}

/// `AWS::ApiGatewayV2::Route` and the integrations that they name.
pub(crate) fn http(template: &Template<'_>, out: &mut Declarations) {
    let mut integrations: BTreeMap<&str, &Declared<'_>> = BTreeMap::new();
    for (id, declared) in &template.resources {
        if declared.type_name == "AWS::ApiGatewayV2::Integration" {
            integrations.insert(id, declared);
        }
    }
    for route_of in template.resources.values().filter(|r| r.type_name == "AWS::ApiGatewayV2::Route") {
        let (Some(api), Some(key)) = (route_of.property(&["ApiId"]), route_of.property(&["RouteKey"])) else {
            continue;
        };
        let name: Arc<str> = template.names.expr(key).to_string().into();
        let kinds = [NodeKind::HttpApi, NodeKind::WebsocketApi];
        let mut from = end(template.names.expr(api), &kinds, route_of.tree);
        from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
        from.place = route_of.key.place.clone();
        let target = route_of.property(&["Target"]).map(|t| template.names.expr(t).to_string());
        let named = |id: &str| target.as_ref().is_some_and(|t| t.contains(&format!("${{{id}}}")));
        let integration = integrations.iter().find(|(id, _)| named(id)).and_then(|(_, i)| i.properties());
        match integration {
            Some(integration) => route(template, route_of, &from, integration, &integration.place, out),
            None => out.parts.push(from),
        }
    }
}
