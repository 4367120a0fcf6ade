//! Constructs of the plugin `serverless-lift`: a few words that stand for several resources.
//! See <https://github.com/getlift/lift/tree/master/docs>.

use super::functions::function;
use super::{Service, function_id};
use crate::tree::{Key, Node, Tree};
use facts::{Diagnostic, Expr, Place};

/// What `${construct:name.variable}` gives: the end of the logical id that the construct makes, and the attribute of it.
const VARIABLES: &[(&str, &str, &str)] = &[
    ("bucketArn", "Bucket", "Arn"),
    ("bucketName", "Bucket", ""),
    ("busName", "Bus", ""),
    ("dlqArn", "Dlq", "Arn"),
    ("dlqUrl", "Dlq", ""),
    ("queueArn", "Queue", "Arn"),
    ("queueUrl", "Queue", ""),
    ("tableName", "Table", ""),
    ("tableStreamArn", "Table", "StreamArn"),
];

/// The value of a variable of a construct, which the framework puts in when it deploys.
pub(super) fn variable(address: &str, place: &Place) -> Option<Tree> {
    let (construct, name) = address.split_once('.')?;
    let (_, end, attribute) = VARIABLES.iter().find(|(variable, _, _)| *variable == name)?;
    let id = format!("{construct}{end}");
    Some(if attribute.is_empty() { Tree::reference(place, &id) } else { Tree::attribute(place, &id, attribute) })
}

/// Adds what every construct makes.
pub(super) fn all(service: &mut Service<'_>) {
    let config = service.config;
    for (key, tree) in config.get("constructs").map(Tree::entries).unwrap_or_default() {
        let Some(kind) = tree.get("type").and_then(Tree::text) else { continue };
        match kind {
            "queue" => queue(service, key, tree),
            "storage" => add(service, key, "Bucket", "AWS::S3::Bucket", vec![]),
            "database/dynamodb-single-table" => add(service, key, "Table", "AWS::DynamoDB::Table", vec![]),
            "webhook" => webhook(service, key, tree),
            _ => {
                let message = format!("`{kind}` is no construct that is read; what it makes is not seen");
                service.diagnostics.push(Diagnostic::note("unknown-construct", key.place.clone(), message));
            }
        }
    }
}

fn add(service: &mut Service<'_>, key: &Key, end: &str, type_name: &str, properties: Vec<(&str, Tree)>) {
    let properties = Tree::map(&key.place, properties);
    service.add(&format!("{}{end}", key.text), key, type_name, properties);
}

/// A queue, another one for what fails, and a function that works on it.
fn queue(service: &mut Service<'_>, key: &Key, tree: &Tree) {
    let place = &key.place;
    let end = if tree.get("fifo").and_then(Tree::text) == Some("true") { ".fifo" } else { "" };
    let failed = Key { text: format!("{}-dlq", key.text).into(), place: place.clone() };
    let name = vec![("QueueName", service.full_name(place, &format!("{}{end}", failed.text)))];
    service.add(&format!("{}Dlq", key.text), &failed, "AWS::SQS::Queue", Tree::map(place, name));
    let target = Tree::attribute(place, &format!("{}Dlq", key.text), "Arn");
    let redrive = Tree::map(place, [("deadLetterTargetArn", target)]);
    let name = service.full_name(place, &format!("{}{end}", key.text));
    add(service, key, "Queue", "AWS::SQS::Queue", vec![("QueueName", name), ("RedrivePolicy", redrive)]);
    let Some(worker) = tree.get("worker") else { return };
    let arn = Tree::attribute(place, &format!("{}Queue", key.text), "Arn");
    let event = Tree::map(place, [("sqs", arn)]);
    let worker = Tree { place: worker.place.clone(), node: Node::Map(with_event(worker, event)) };
    function(service, &Key { text: format!("{}Worker", key.text).into(), place: place.clone() }, &worker);
}

fn with_event(function: &Tree, event: Tree) -> Vec<(Key, Tree)> {
    let place = event.place.clone();
    let mut events: Vec<Tree> = function.get("events").map(Tree::items).unwrap_or_default().to_vec();
    events.push(event);
    let mut entries: Vec<_> = function.entries().iter().filter(|(key, _)| &*key.text != "events").cloned().collect();
    entries.push((Key { text: "events".into(), place: place.clone() }, Tree::list(&place, events)));
    entries
}

/// An API with one route, whose requests become events on a bus, and a function that lets them in.
fn webhook(service: &mut Service<'_>, key: &Key, tree: &Tree) {
    let place = &key.place;
    let id = |end: &str| format!("{}{end}", key.text);
    let text = |text: &str| Tree::scalar(place, text);
    add(service, key, "Bus", "AWS::Events::EventBus", vec![("Name", service.full_name(place, &key.text))]);
    add(service, key, "HttpApi", "AWS::ApiGatewayV2::Api", vec![("ProtocolType", text("HTTP"))]);
    let event = Tree::map(
        place,
        [("Source", text(&key.text)), ("EventBusName", Tree::reference(place, &id("Bus")))]
            .into_iter()
            .chain(tree.get("eventType").map(|kind| ("DetailType", kind.clone()))),
    );
    let api = || ("ApiId", Tree::reference(place, &id("HttpApi")));
    let integration = vec![
        api(),
        ("IntegrationType", text("AWS_PROXY")),
        ("IntegrationSubtype", text("EventBridge-PutEvents")),
        ("RequestParameters", event),
    ];
    add(service, key, "Integration", "AWS::ApiGatewayV2::Integration", integration);
    let path = tree.get("path").cloned().unwrap_or_else(|| text("$default"));
    let target = Tree::symbol(place, Expr::literal(format!("integrations/${{{}}}", id("Integration"))));
    let route = vec![api(), ("RouteKey", path), ("Target", Tree::call(place, "Fn::Sub", target))];
    add(service, key, "Route", "AWS::ApiGatewayV2::Route", route);
    let Some(authorizer) = tree.get("authorizer").filter(|a| a.get("handler").is_some()) else { return };
    let name = Key { text: format!("{}Authorizer", key.text).into(), place: place.clone() };
    function(service, &name, authorizer);
    let uri = Tree::attribute(place, &function_id(&name.text), "Arn");
    let properties = vec![api(), ("AuthorizerType", text("REQUEST")), ("AuthorizerUri", uri)];
    add(service, key, "Authorization", "AWS::ApiGatewayV2::Authorizer", properties);
}
