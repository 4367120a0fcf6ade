//! Plugins that change what is deployed.

use super::functions::is_function;
use super::{Service, alphanumeric, events, function_id};
use crate::tree::{Key, Node, Tree};
use catalog::Plugin;
use facts::Diagnostic;

/// Says which plugins do things that are not seen.
pub(super) fn unseen(service: &mut Service<'_>) {
    for plugin in plugins(service) {
        let Some(name) = plugin.text() else { continue };
        let message = match catalog::serverless_plugin(name) {
            Some(Plugin::Seen) => continue,
            Some(Plugin::Unseen(what)) => format!("of the plugin `{name}`, {what} are not seen"),
            None => format!("the plugin `{name}` is not known; what it adds or changes is not seen"),
        };
        service.diagnostics.push(Diagnostic::note("unknown-plugin", plugin.place.clone(), message));
    }
}

/// The app behind `serverless-wsgi`'s own handler: `custom.wsgi.app` is `module.app`.
pub(super) fn wrapped_app<'s>(service: &Service<'s>, handler: &Tree) -> Option<&'s Tree> {
    let own = handler.text()?.rsplit('/').next()?;
    let wraps = matches!(own, "wsgi_handler.handler" | "wsgi.handler");
    service.config.at(&["custom", "wsgi", "app"]).filter(|_| wraps)
}

/// The folder of a package and a binary of it, where `sls-rust` reads the handler: `functions/orders.save`.
pub(super) fn packaged_binary(service: &Service<'_>, handler: &Tree) -> Option<(Tree, Tree)> {
    let (folder, binary) = handler.text()?.rsplit_once('.')?;
    let folder = folder.rsplit_once('/').map(|_| folder)?;
    let reads = plugins(service).iter().any(|plugin| plugin.text() == Some("sls-rust"));
    reads.then(|| (Tree::scalar(&handler.place, folder), Tree::scalar(&handler.place, binary)))
}

fn plugins<'s>(service: &Service<'s>) -> &'s [Tree] {
    let plugins = service.config.get("plugins");
    plugins.and_then(|p| p.get("modules")).or(plugins).map(Tree::items).unwrap_or_default()
}

/// Host names of `serverless-domain-manager`, as mappings of domains.
pub(super) fn domains(service: &mut Service<'_>) {
    let config = service.config;
    let one = config.at(&["custom", "customDomain"]);
    let several = config.at(&["custom", "customDomains"]).map(Tree::items).unwrap_or_default();
    for domain in one.into_iter().chain(several) {
        // Several are often written as a map by the type of API: `- rest: {…}`.
        let (kind, domain) = match domain.single() {
            Some((kind @ ("rest" | "http" | "websocket"), inner)) => (kind, inner),
            _ => (domain.get("apiType").and_then(Tree::text).unwrap_or("rest"), domain),
        };
        let Some(name) = domain.get("domainName") else { continue };
        let (api, property, base, mapping) = match kind {
            "http" => ("HttpApi", "ApiId", "ApiMappingKey", "AWS::ApiGatewayV2::ApiMapping"),
            "websocket" => ("WebsocketsApi", "ApiId", "ApiMappingKey", "AWS::ApiGatewayV2::ApiMapping"),
            _ => ("ApiGatewayRestApi", "RestApiId", "BasePath", "AWS::ApiGateway::BasePathMapping"),
        };
        let place = &name.place;
        let key = Key { text: "custom domain".into(), place: place.clone() };
        let mut properties = vec![("DomainName", name.clone()), (property, Tree::reference(place, api))];
        properties.extend(domain.get("basePath").map(|path| (base, path.clone())));
        service.add(&format!("{api}Domain"), &key, mapping, Tree::map(place, properties));
    }
}

/// State machines and activities of `serverless-step-functions`.
pub(super) fn state_machines(service: &mut Service<'_>) {
    let config = service.config;
    let sections = config.at(&["stepFunctions", "stateMachines"]).map(Tree::one_or_many).unwrap_or_default();
    for (key, tree) in sections.iter().flat_map(|section| section.entries()) {
        let written = tree.get("id").or_else(|| tree.get("name")).and_then(|name| service.text(name));
        let id = written.map_or_else(
            || format!("{}StepFunctionsStateMachine", alphanumeric(&key.text)),
            |written| alphanumeric(&written),
        );
        let mut properties = Vec::new();
        if let Some(definition) = tree.get("definition") {
            properties.push(("Definition", by_id(service, definition)));
        }
        properties.extend(tree.get("name").map(|name| ("Name", name.clone())));
        let events = events::of(service, key, &id, tree);
        properties.push(("Events", Tree { place: tree.place.clone(), node: Node::Map(events) }));
        service.add(&id, key, "AWS::Serverless::StateMachine", Tree::map(&tree.place, properties));
    }
    for name in config.at(&["stepFunctions", "activities"]).map(Tree::items).unwrap_or_default() {
        let Some(text) = service.text(name) else { continue };
        let key = Key { text: text.as_str().into(), place: name.place.clone() };
        let id = format!("{}StepFunctionsActivity", alphanumeric(&text));
        service.add(&id, &key, "AWS::StepFunctions::Activity", Tree::map(&name.place, vec![("Name", name.clone())]));
    }
}

/// References to functions by their keys become references by their logical ids.
pub(super) fn by_id(service: &Service<'_>, tree: &Tree) -> Tree {
    let local = |tree: &Tree| {
        let key = tree.text().filter(|key| is_function(service, key))?;
        Some(Tree::scalar(&tree.place, function_id(key)))
    };
    let node = match (&tree.node, tree.single()) {
        (_, Some(("Ref", name))) if let Some(id) = local(name) => return Tree::call(&tree.place, "Ref", id),
        (_, Some(("Fn::GetAtt", argument)))
            if let [name, attribute] = argument.items()
                && let Some(id) = local(name) =>
        {
            let arguments = Tree::list(&argument.place, vec![id, attribute.clone()]);
            return Tree::call(&tree.place, "Fn::GetAtt", arguments);
        }
        (_, Some(("Fn::GetAtt", argument)))
            if let Some((key, attribute)) = argument.text().and_then(|t| t.split_once('.'))
                && is_function(service, key) =>
        {
            return Tree::attribute(&tree.place, &function_id(key), attribute);
        }
        (Node::List(items), _) => Node::List(items.iter().map(|item| by_id(service, item)).collect()),
        (Node::Map(entries), _) => {
            let entry = |(key, value): &(Key, Tree)| (key.clone(), by_id(service, value));
            Node::Map(entries.iter().map(entry).collect())
        }
        (other, _) => other.clone(),
    };
    Tree { place: tree.place.clone(), node }
}
