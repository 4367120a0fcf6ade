//! SAM events: what starts a function or state machine.

use crate::event_filters::event_filter;
use crate::handed;
use crate::links::{event_label, filter_label};
use crate::template::{Declared, Template, end};
use crate::tree::{Key, Tree};
use facts::{Certainty, Declarations, End, Expr, FlowKind, Link, Mode, NodeKind, Part, Resource, ResourceRef};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One event of a resource.
struct Event<'e, 't> {
    template: &'e Template<'t>,
    declared: &'e Declared<'t>,
    key: &'t Key,
    tree: &'t Tree,
}

/// Adds the flows of a resource's `Events`.
pub(crate) fn of(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let events = declared.property(&["Events"]).map(Tree::entries).unwrap_or_default();
    for (key, tree) in events {
        let Some(kind) = tree.get("Type").and_then(Tree::text) else { continue };
        Event { template, declared, key, tree }.read(kind, out);
    }
}

impl<'t> Event<'_, 't> {
    fn read(&self, kind: &str, out: &mut Declarations) {
        use NodeKind::{Bucket, Database, Queue, Stream, Table, UserPool};
        match kind {
            "Api" => self.api("ServerlessRestApi", "AWS::ApiGateway::RestApi", NodeKind::RestApi, "RestApiId", out),
            "HttpApi" => self.api("ServerlessHttpApi", "AWS::ApiGatewayV2::Api", NodeKind::HttpApi, "ApiId", out),
            "Schedule" | "ScheduleV2" => self.schedule(out),
            "SQS" => self.source("Queue", &[Queue], out),
            "SNS" => self.sns(out),
            "S3" => self.trigger(self.value("Bucket"), &[Bucket], Mode::Async, None, out),
            "DynamoDB" => self.source("Stream", &[Table], out),
            "Kinesis" | "MSK" => self.source("Stream", &[Stream], out),
            "DocumentDB" => self.source("Cluster", &[Database], out),
            "MQ" => self.source("Broker", &[Queue], out),
            "Cognito" => self.trigger(self.value("UserPool"), &[UserPool], Mode::Sync, None, out),
            "SelfManagedKafka" => {
                let servers = self.tree.at(&["Properties", "KafkaBootstrapServers"]).and_then(|s| s.items().first());
                let what = servers.map(|s| self.template.names.expr(s));
                self.trigger(what, &[Stream], Mode::Async, None, out);
            }
            "EventBridgeRule" | "CloudWatchEvent" => {
                let bus = self.value("EventBusName").unwrap_or_else(|| Expr::literal("default"));
                let label = self.tree.get("Properties").and_then(event_label);
                self.trigger(Some(bus), &[NodeKind::EventBus], Mode::Async, label, out);
                if let (Some(link), Some(properties)) = (out.links.last_mut(), self.tree.get("Properties")) {
                    link.filter = event_filter(self.template, properties);
                    if let Some(pattern) = properties.get("Pattern").filter(|_| !handed::is_changed(properties)) {
                        handed::pattern(self.template, &self.owner().what, pattern, out);
                    }
                }
                self.constant_input(out);
                self.dead_letters(&[NodeKind::EventBus], out);
            }
            "IoTRule" => self.trigger(Some(Expr::literal("IoT Core")), &[NodeKind::Other], Mode::Async, None, out),
            "AlexaSkill" => self.trigger(Some(Expr::literal("Alexa")), &[NodeKind::Other], Mode::Sync, None, out),
            "CloudWatchLogs" => {
                let from = Some(Expr::literal("CloudWatch Logs"));
                self.trigger(from, &[NodeKind::Other], Mode::Async, Some("logs".into()), out);
            }
            _ => {}
        }
    }

    fn property(&self, name: &str) -> Option<&'t Tree> {
        self.tree.at(&["Properties", name])
    }

    fn value(&self, name: &str) -> Option<Expr> {
        self.property(name).map(|t| self.template.names.expr(t))
    }

    fn owner(&self) -> End {
        self.template.own_end(self.declared.id, self.tree)
    }

    fn link(&self, from: End, to: End, kind: FlowKind, mode: Mode, label: Option<Arc<str>>) -> Link {
        Link {
            from,
            to,
            kind,
            mode,
            certainty: Certainty::Declared,
            label,
            condition: self.template.resource_condition(self.declared),
            filter: None,
            event: None,
            evidence: facts::Evidence {
                place: self.key.place.clone(),
                what: format!("{}.Events.{}", self.declared.id, self.key.text).into(),
                via: Vec::new(),
            },
        }
    }

    fn trigger(
        &self,
        from: Option<Expr>,
        wants: &[NodeKind],
        mode: Mode,
        label: Option<Arc<str>>,
        out: &mut Declarations,
    ) {
        let Some(from) = from else { return };
        let from = end(from, wants, self.tree);
        out.links.push(self.link(from, self.owner(), FlowKind::Trigger, mode, label));
    }

    /// A source that is polled: it may have a place for what fails.
    fn source(&self, property: &str, wants: &[NodeKind], out: &mut Declarations) {
        self.trigger(self.value(property), wants, Mode::Async, None, out);
        if let Some(failed) = self.tree.at(&["Properties", "DestinationConfig", "OnFailure", "Destination"]) {
            let to =
                end(self.template.names.expr(failed), &[NodeKind::Queue, NodeKind::Topic, NodeKind::Bucket], failed);
            out.links.push(self.link(self.owner(), to, FlowKind::Publish, Mode::Async, Some("on failure".into())));
        }
    }

    fn dead_letters(&self, wants: &[NodeKind], out: &mut Declarations) {
        let Some(queue) = self.tree.at(&["Properties", "DeadLetterConfig", "Arn"]) else { return };
        let bus = self.value("EventBusName").unwrap_or_else(|| Expr::literal("default"));
        let from = end(bus, wants, self.tree);
        let to = end(self.template.names.expr(queue), &[NodeKind::Queue], queue);
        out.links.push(self.link(from, to, FlowKind::Publish, Mode::Async, Some("dead letters".into())));
    }

    /// A topic delivers to the function, or to a queue between the two.
    fn sns(&self, out: &mut Declarations) {
        let Some(topic) = self.value("Topic") else { return };
        let failed = self.tree.at(&["Properties", "RedrivePolicy", "deadLetterTargetArn"]);
        if let Some(failed) = failed {
            let from = end(topic.clone(), &[NodeKind::Topic], self.tree);
            let to = end(self.template.names.expr(failed), &[NodeKind::Queue], failed);
            out.links.push(self.link(from, to, FlowKind::Publish, Mode::Async, Some("dead letters".into())));
        }
        let subscription = self.property("SqsSubscription");
        let queue = if subscription.and_then(Tree::text) == Some("true") {
            Some(end(self.made_queue(out).expr(), &[NodeKind::Queue], self.tree))
        } else {
            let written = subscription.and_then(|s| s.get("QueueArn"));
            written.map(|queue| end(self.template.names.expr(queue), &[NodeKind::Queue], queue))
        };
        let label = self.tree.get("Properties").and_then(filter_label);
        let Some(queue) = queue else { return self.trigger(Some(topic), &[NodeKind::Topic], Mode::Async, label, out) };
        let from = end(topic, &[NodeKind::Topic], self.tree);
        out.links.push(self.link(from, queue.clone(), FlowKind::Trigger, Mode::Async, label));
        out.links.push(self.link(queue, self.owner(), FlowKind::Trigger, Mode::Async, None));
    }

    /// The queue that SAM makes for the event.
    fn made_queue(&self, out: &mut Declarations) -> ResourceRef {
        let at = self.template.at(&format!("{}{}Queue", self.declared.id, self.key.text));
        out.resources.push(Resource {
            at: at.clone(),
            type_name: "AWS::SQS::Queue".into(),
            kind: Some(NodeKind::Queue),
            title: None,
            names: Vec::new(),
            details: BTreeMap::new(),
            condition: self.template.resource_condition(self.declared),
            implicit: false,
            place: self.key.place.clone(),
        });
        at
    }

    /// SAM makes a rule of the function's and the event's name.
    fn schedule(&self, out: &mut Declarations) {
        let id: Arc<str> = format!("{}{}", self.declared.id, self.key.text).into();
        let expression = self.value("Schedule").or_else(|| self.value("ScheduleExpression"));
        let label = expression.as_ref().and_then(Expr::as_literal).map(Into::into);
        let mut details = BTreeMap::new();
        if let Some(text) = expression.as_ref().map(ToString::to_string) {
            details.insert("schedule".to_owned(), text.into());
        }
        out.resources.push(Resource {
            at: self.template.at(&id),
            type_name: "AWS::Events::Rule".into(),
            kind: Some(NodeKind::Schedule),
            title: None,
            names: self.value("Name").into_iter().collect(),
            details,
            condition: self.template.resource_condition(self.declared),
            implicit: false,
            place: self.key.place.clone(),
        });
        self.trigger(Some(self.template.at(&id).expr()), &[NodeKind::Schedule], Mode::Async, label, out);
        self.constant_input(out);
    }

    /// An event that is always the same.
    fn constant_input(&self, out: &mut Declarations) {
        if let Some(input) = self.property("Input") {
            handed::constant(self.template, &self.owner().what, input, out);
        }
    }

    /// A route of an API; the implicit one of the template unless another is named.
    fn api(
        &self,
        implicit: &'static str,
        type_name: &'static str,
        kind: NodeKind,
        id_property: &str,
        out: &mut Declarations,
    ) {
        let api = self.value(id_property).unwrap_or_else(|| {
            implicit_api(self.template, implicit, type_name, kind, self.key, out);
            self.template.at(implicit).expr()
        });
        let method = self.property("Method").and_then(Tree::text).unwrap_or("ANY").to_ascii_uppercase();
        let path = self.value("Path").map_or_else(|| "$default".to_owned(), |p| p.to_string());
        let method =
            if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" || method == "*" { "ANY".to_owned() } else { method };
        // The route for everything else has no method.
        let name: Arc<str> = if path == "$default" { path.into() } else { format!("{method} {path}").into() };
        let mut from = end(api, &[kind, NodeKind::RestApi, NodeKind::HttpApi], self.tree);
        from.part = Some(Part { kind: NodeKind::Route, name: name.clone() });
        // A state machine is started and not waited for.
        let machine = self.declared.type_name == "AWS::Serverless::StateMachine";
        let mode = if machine { Mode::Async } else { Mode::Sync };
        out.links.push(self.link(from, self.owner(), FlowKind::Invoke, mode, Some(name)));
    }
}

fn implicit_api(template: &Template<'_>, id: &str, type_name: &str, kind: NodeKind, key: &Key, out: &mut Declarations) {
    let at = template.at(id);
    if out.resources.iter().any(|r| r.at == at) {
        return;
    }
    out.resources.push(Resource {
        at,
        type_name: type_name.into(),
        kind: Some(kind),
        title: None,
        names: Vec::new(),
        details: BTreeMap::new(),
        condition: None,
        implicit: true,
        place: key.place.clone(),
    });
}
