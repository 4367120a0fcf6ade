//! Routes that lead to a service without a function: `serverless-apigateway-service-proxy`. See
//! <https://github.com/serverless-operations/serverless-apigateway-service-proxy>.

use super::{Service, alphanumeric, events};
use crate::tree::{Key, Tree};
use facts::Diagnostic;

/// Adds the routes of `custom.apiGatewayServiceProxies` as the methods that the plugin makes.
pub(super) fn all(service: &mut Service<'_>) {
    let config = service.config;
    let proxies = config.at(&["custom", "apiGatewayServiceProxies"]).map(Tree::one_or_many).unwrap_or_default();
    for (key, tree) in proxies.iter().flat_map(|proxy| proxy.entries()) {
        let Some(integration) = integration(key, tree) else {
            let message = format!("`{}` is no service that is known for a proxy; its route is left out", key.text);
            service.diagnostics.push(Diagnostic::note("unknown-proxy", key.place.clone(), message));
            continue;
        };
        events::rest_api(service, key);
        method(service, key, tree, integration);
    }
}

fn method(service: &mut Service<'_>, key: &Key, tree: &Tree, integration: Tree) {
    let place = &key.place;
    let path = tree.get("path").and_then(Tree::text).unwrap_or("/").trim_matches('/').to_owned();
    let verb = tree.get("method").and_then(Tree::text).unwrap_or("ANY").to_ascii_uppercase();
    let api = Tree::reference(place, "ApiGatewayRestApi");
    let name = alphanumeric(&path);
    let resource = format!("ApiGatewayResource{name}");
    let part = [("RestApiId", api.clone()), ("PathPart", Tree::scalar(place, path))];
    let made = |id: &str| Key { text: id.into(), place: place.clone() };
    service.add(&resource, &made(&resource), "AWS::ApiGateway::Resource", Tree::map(place, part));
    let id = format!("ApiGatewayMethod{name}{verb}");
    let properties = [
        ("RestApiId", api),
        ("ResourceId", Tree::reference(place, &resource)),
        ("HttpMethod", Tree::scalar(place, verb)),
        ("Integration", integration),
    ];
    service.add(&id, &made(&id), "AWS::ApiGateway::Method", Tree::map(place, properties));
}

/// The integration with a service: its address, and the request where that names the target.
fn integration(key: &Key, tree: &Tree) -> Option<Tree> {
    let place = &key.place;
    let text = |text: &str| Tree::scalar(place, text);
    let pseudo = |name: &str| Tree::reference(place, name);
    let address = |rest: Vec<Tree>| {
        let mut parts = vec![text("arn:aws:apigateway:"), pseudo("AWS::Region")];
        parts.extend(rest);
        Tree::join(place, parts)
    };
    let named = |name: &str| tree.get(name).cloned();
    let action = |default: &str| tree.get("action").and_then(Tree::text).unwrap_or(default).to_owned();
    let (uri, request) = match &*key.text {
        "sqs" => {
            let path = vec![text(":sqs:path/"), pseudo("AWS::AccountId"), text("/"), named("queueName")?];
            (address(path), None)
        }
        "s3" => (address(vec![text(":s3:path/"), named("bucket")?, text("/{key}")]), None),
        "sns" => {
            let arn = vec![text("arn:aws:sns:"), pseudo("AWS::Region"), text(":"), pseudo("AWS::AccountId"), text(":")];
            let whole =
                vec![text("{\"TopicArn\": \"")].into_iter().chain(arn).chain([named("topicName")?, text("\"}")]);
            (address(vec![text(":sns:action/Publish")]), Some(whole.collect()))
        }
        "kinesis" => {
            let action = format!(":kinesis:action/{}", action("PutRecord"));
            (address(vec![text(&action)]), Some(vec![text("{\"StreamName\": \""), named("streamName")?, text("\"}")]))
        }
        "dynamodb" => {
            let action = format!(":dynamodb:action/{}", action("PutItem"));
            (address(vec![text(&action)]), Some(vec![text("{\"TableName\": \""), named("tableName")?, text("\"}")]))
        }
        "eventbridge" => {
            let entry = vec![text("{\"Entries\": [{\"EventBusName\": \""), named("eventBusName")?, text("\"}]}")];
            (address(vec![text(":events:action/PutEvents")]), Some(entry))
        }
        _ => return None,
    };
    let mut out = vec![("Type", text("AWS")), ("Uri", uri), ("IntegrationHttpMethod", text(method_of(key, tree)))];
    if let Some(parts) = request {
        out.push(("RequestTemplates", Tree::map(place, [("application/json", Tree::join(place, parts))])));
    }
    Some(Tree::map(place, out))
}

/// The method of the request to the service: a store of objects tells by it what is done.
fn method_of(key: &Key, tree: &Tree) -> &'static str {
    match (&*key.text, tree.get("action").and_then(Tree::text)) {
        ("s3", Some("GetObject")) => "GET",
        ("s3", Some("DeleteObject")) => "DELETE",
        ("s3", _) => "PUT",
        _ => "POST",
    }
}
