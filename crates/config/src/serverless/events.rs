//! Events of a function: what SAM knows too becomes a SAM event, the rest becomes resources as the framework makes them.

use super::functions::is_function;
use super::{Service, alphanumeric, function_id, normal};
use crate::tree::{Key, Node, Tree};
use facts::{Diagnostic, Place};

/// An event of a function.
struct Event<'e, 's> {
    service: &'e mut Service<'s>,
    /// The function's key in the service.
    function: &'e Key,
    /// The function's logical id.
    id: &'e str,
    /// The event's key: where it is written.
    key: &'e Key,
    /// What stands under it.
    tree: &'e Tree,
    /// Its number among the function's events, from 1.
    number: usize,
    out: Vec<(Key, Tree)>,
}

/// The events of a function, as SAM would write them. Resources that they need are added to the service.
pub(super) fn of(service: &mut Service<'_>, function: &Key, id: &str, tree: &Tree) -> Vec<(Key, Tree)> {
    let mut out = Vec::new();
    for (i, item) in tree.get("events").map(Tree::one_or_many).unwrap_or_default().into_iter().enumerate() {
        let word = item.text().map(|text| Key { text: text.into(), place: item.place.clone() });
        let Some(key) = word.as_ref().or(item.entries().first().map(|(key, _)| key)) else { continue };
        // `- http:` with its settings at the same level is read by the framework as well.
        let value = item.entries().first().map(|(_, value)| value).filter(|v| v.node != Node::Null).unwrap_or(item);
        let mut event = Event { service, function, id, key, tree: value, number: i + 1, out: Vec::new() };
        event.read();
        out.append(&mut event.out);
    }
    out
}

impl Event<'_, '_> {
    fn read(&mut self) {
        match &*self.key.text {
            "http" => self.http(),
            "httpApi" => self.http_api(),
            "websocket" => self.websocket(),
            "sqs" => self.source("SQS", "Queue", "arn"),
            "stream" => self.stream(),
            "msk" => self.source("MSK", "Stream", "arn"),
            "activemq" | "rabbitmq" => self.source("MQ", "Broker", "arn"),
            "kafka" => self.kafka(),
            "sns" => self.sns(),
            "s3" => self.s3(),
            "schedule" => self.schedule(self.tree),
            "eventBridge" => self.event_bridge(),
            "cloudwatchEvent" => self.cloudwatch_event(),
            "cognitoUserPool" => self.user_pool(),
            "iot" | "iotFleetProvisioning" => self.event("IoTRule", vec![]),
            "alexaSkill" | "alexaSmartHome" => self.event("AlexaSkill", vec![]),
            "alb" => self.load_balancer(),
            "cloudFront" => self.cloud_front(),
            "cloudwatchLog" => self.event("CloudWatchLogs", vec![]),
            other => {
                let message = format!("`{other}` is no event that is known; it is left out");
                self.service.diagnostics.push(Diagnostic::note("unknown-event", self.key.place.clone(), message));
            }
        }
    }

    fn place(&self) -> Place {
        self.key.place.clone()
    }

    /// A setting of the event.
    fn get(&self, name: &str) -> Option<&Tree> {
        self.tree.get(name)
    }

    fn config(&self, way: &[&str]) -> Option<&Tree> {
        self.service.config.at(way)
    }

    /// Adds a SAM event.
    fn event(&mut self, kind: &str, properties: Vec<(&str, Tree)>) {
        let place = self.place();
        let name = format!("{}{}", normal(&self.key.text), self.number);
        let tree =
            Tree::map(&place, [("Type", Tree::scalar(&place, kind)), ("Properties", Tree::map(&place, properties))]);
        self.out.push((Key { text: name.into(), place }, tree));
    }

    /// Adds a resource that stands where the event does.
    fn resource(&mut self, id: &str, kind: &str, properties: Vec<(&str, Tree)>) {
        let place = self.place();
        let title = properties.iter().find_map(|(name, value)| Some(value).filter(|_| name.ends_with("Name"))?.text());
        let key = Key { text: title.unwrap_or(id).into(), place: place.clone() };
        self.service.add(id, &key, kind, Tree::map(&place, properties));
    }

    /// A source whose ARN is all there is to say, or one of its settings.
    fn source(&mut self, kind: &str, property: &'static str, setting: &str) {
        let what = self.get(setting).unwrap_or(self.tree).clone();
        let failed =
            self.get("destinations").and_then(|d| d.get("onFailure")).map(|f| f.get("arn").unwrap_or(f).clone());
        let mut properties = vec![(property, what)];
        if let Some(failed) = failed {
            let place = failed.place.clone();
            let destination = Tree::map(&place, [("Destination", failed)]);
            properties.push(("DestinationConfig", Tree::map(&place, [("OnFailure", destination)])));
        }
        self.event(kind, properties);
    }

    fn stream(&mut self) {
        let arn = self.get("arn").unwrap_or(self.tree);
        let said = self.get("type").and_then(Tree::text);
        // Without a type, an ARN tells; of a table it is an attribute of its own.
        let words = said.map_or_else(|| words(arn), str::to_owned).to_ascii_lowercase();
        let table = words.contains("dynamodb") || words.contains("streamarn");
        let kind = if table { "DynamoDB" } else { "Kinesis" };
        self.source(kind, "Stream", "arn");
    }

    fn kafka(&mut self) {
        let servers = self.get("bootstrapServers").cloned();
        self.event("SelfManagedKafka", servers.map(|s| ("KafkaBootstrapServers", s)).into_iter().collect());
    }

    /// A route of the service's REST API, or of one that is shared.
    fn http(&mut self) {
        let (method, path) = self.route();
        let shared = self.config(&["provider", "apiGateway", "restApiId"]).cloned();
        if shared.is_none() {
            rest_api(self.service, self.key);
            self.authorizer("ApiGatewayRestApi");
        }
        let api = shared.unwrap_or_else(|| Tree::reference(&self.place(), "ApiGatewayRestApi"));
        self.event("Api", vec![("RestApiId", api), ("Method", method), ("Path", path)]);
    }

    /// A route of the service's HTTP API, or of one that is shared.
    fn http_api(&mut self) {
        let (method, path) = self.route();
        let shared = self.config(&["provider", "httpApi", "id"]).cloned();
        if shared.is_none() {
            let name = self.config(&["provider", "httpApi", "name"]).cloned();
            let name = name.unwrap_or_else(|| {
                let service = facts::Expr::literal(format!("-{}", self.service.name()));
                Tree::symbol(&self.place(), facts::Expr::concat([self.service.stage_expr(), service]))
            });
            self.resource("HttpApi", "AWS::ApiGatewayV2::Api", vec![("Name", name)]);
            self.authorizer("HttpApi");
        }
        let api = shared.unwrap_or_else(|| Tree::reference(&self.place(), "HttpApi"));
        self.event("HttpApi", vec![("ApiId", api), ("Method", method), ("Path", path)]);
    }

    /// `GET /orders`, `*`, or a map with both.
    fn route(&self) -> (Tree, Tree) {
        let place = self.place();
        let written = self.tree.text().map(|text| text.split_once(' ').unwrap_or((text, "")));
        let method = match written {
            Some((method, _)) => method.to_owned(),
            None => self.get("method").and_then(Tree::text).unwrap_or("*").to_owned(),
        };
        let method = if matches!(method.as_str(), "*" | "any" | "ANY") { "ANY".to_owned() } else { method };
        let path = match written {
            Some((_, path)) => Tree::scalar(&place, path.trim()),
            None => self.get("path").cloned().unwrap_or_else(|| Tree::scalar(&place, "")),
        };
        // A path is written with or without its first stroke.
        let path = match path.text() {
            Some("*") => Tree::scalar(&path.place, "$default"),
            Some("") if method == "ANY" => Tree::scalar(&path.place, "$default"),
            Some(text) if !text.starts_with('/') => Tree::scalar(&path.place, format!("/{text}")),
            _ => path,
        };
        (Tree::scalar(&place, method), path)
    }

    /// What a route asks for permission: the key of a function, an ARN, or a named authorizer of the provider.
    fn authorizer(&mut self, api: &str) {
        let all: Vec<(Key, Tree)> = self.authorizers();
        if let Some((_, tree)) = self.service.resources.iter_mut().find(|(key, _)| &*key.text == api) {
            let place = tree.place.clone();
            let all = Tree { place: place.clone(), node: Node::Map(all) };
            let auth = Tree::map(&place, [("Auth", Tree::map(&place, [("Authorizers", all)]))]);
            tree.overlay(&Tree::map(&place, [("Properties", auth)]), 0);
        }
    }

    /// Every authorizer that a route of the service names.
    fn authorizers(&self) -> Vec<(Key, Tree)> {
        let config = self.service.config;
        let functions = config.get("functions").map(Tree::one_or_many).unwrap_or_default();
        let functions = functions.iter().flat_map(|part| part.entries());
        let events = functions.flat_map(|(_, f)| f.get("events").map(Tree::one_or_many).unwrap_or_default());
        let wanted = events.filter_map(|item| {
            let event = item.get(&self.key.text)?;
            event.get("authorizer")
        });
        let mut out: Vec<(Key, Tree)> = Vec::new();
        for written in wanted {
            let Some((name, tree)) = self.one_authorizer(written) else { continue };
            if !out.iter().any(|(key, _)| *key.text == *name) {
                out.push((Key { text: name.into(), place: written.place.clone() }, tree));
            }
        }
        out
    }

    fn one_authorizer(&self, written: &Tree) -> Option<(String, Tree)> {
        let place = &written.place;
        let function =
            |key: &str| Tree::map(place, [("FunctionArn", Tree::attribute(place, &function_id(key), "Arn"))]);
        let name = written.get("name").or(Some(written)).and_then(Tree::text);
        // HTTP APIs keep theirs with the provider, and routes name them.
        if let Some(named) = name.and_then(|name| self.config(&["provider", "httpApi", "authorizers", name]))
            && &*self.key.text == "httpApi"
        {
            let tree = if let Some(key) = named.get("functionName").and_then(Tree::text) {
                function(key)
            } else if let Some(arn) = named.get("functionArn") {
                Tree::map(place, [("FunctionArn", arn.clone())])
            } else {
                let issuer = named.get("issuerUrl")?.clone();
                Tree::map(place, [("JwtConfiguration", Tree::map(place, [("issuer", issuer)]))])
            };
            return Some((name?.to_owned(), tree));
        }
        let kind = written.get("type").and_then(Tree::text);
        if name.or(kind).is_some_and(|word| word.eq_ignore_ascii_case("aws_iam")) {
            return None;
        }
        let name = name.unwrap_or("authorizer").to_owned();
        if is_function(self.service, &name) && written.get("arn").is_none() {
            return Some((name.clone(), function(&name)));
        }
        let arn = match (written.get("arn"), written.get("authorizerId")) {
            (Some(arn), _) => arn,
            // An authorizer that a template declares says itself whom it asks.
            (None, Some(_)) => return None,
            (None, None) => written,
        };
        Some((name, Tree::map(place, [("Arn", arn.clone())])))
    }

    /// A route of the service's WebSocket API, with the integration that leads to the function.
    fn websocket(&mut self) {
        let place = self.place();
        let route = self.get("route").unwrap_or(self.tree).clone();
        let shared = self.config(&["provider", "websocketApiId"]).cloned();
        if shared.is_none() {
            let name = self.config(&["provider", "websocketsApiName"]).cloned();
            let name = name.unwrap_or_else(|| self.service.full_name(&place, "websockets"));
            let protocol = Tree::scalar(&place, "WEBSOCKET");
            self.resource("WebsocketsApi", "AWS::ApiGatewayV2::Api", vec![("Name", name), ("ProtocolType", protocol)]);
        }
        let api = shared.unwrap_or_else(|| Tree::reference(&place, "WebsocketsApi"));
        let name = normal(&self.function.text);
        let integration = format!("{name}WebsocketsIntegration");
        let uri = Tree::attribute(&place, self.id, "Arn");
        self.resource(
            &integration,
            "AWS::ApiGatewayV2::Integration",
            vec![
                ("ApiId", api.clone()),
                ("IntegrationType", Tree::scalar(&place, "AWS_PROXY")),
                ("IntegrationUri", uri),
            ],
        );
        let target = vec![Tree::scalar(&place, "integrations/"), Tree::reference(&place, &integration)];
        let id = format!("{}WebsocketsRoute", alphanumeric(route.text().unwrap_or("default")));
        self.resource(
            &format!("S{id}"),
            "AWS::ApiGatewayV2::Route",
            vec![("ApiId", api.clone()), ("RouteKey", route), ("Target", Tree::join(&place, target))],
        );
        if let Some(authorizer) = self.get("authorizer") {
            let key = authorizer.get("name").unwrap_or(authorizer).text().unwrap_or_default().to_owned();
            let local = is_function(self.service, &key) && authorizer.get("arn").is_none();
            let uri = match authorizer.get("arn") {
                Some(arn) => arn.clone(),
                None if local => Tree::attribute(&place, &function_id(&key), "Arn"),
                None => authorizer.clone(),
            };
            let id = format!("{}WebsocketsAuthorizer", normal(&key));
            let kind = ("AuthorizerType", Tree::scalar(&place, "REQUEST"));
            self.resource(&id, "AWS::ApiGatewayV2::Authorizer", vec![("ApiId", api), kind, ("AuthorizerUri", uri)]);
        }
    }

    /// A name makes the topic, an ARN means one that is there.
    fn sns(&mut self) {
        let place = self.place();
        let written = self.get("topicName").unwrap_or(self.tree).clone();
        let name = self.service.text(&written).filter(|text| !text.starts_with("arn:"));
        let topic = match (self.get("arn"), name) {
            (Some(arn), _) => arn.clone(),
            (None, Some(name)) => {
                let id = format!("SNSTopic{}", alphanumeric(&name));
                self.resource(&id, "AWS::SNS::Topic", vec![("TopicName", written)]);
                Tree::reference(&place, &id)
            }
            (None, None) => written,
        };
        let mut properties = vec![("Topic", topic)];
        properties.extend(self.get("filterPolicy").map(|policy| ("FilterPolicy", policy.clone())));
        properties.extend(self.get("redrivePolicy").map(|policy| ("RedrivePolicy", policy.clone())));
        self.event("SNS", properties);
    }

    /// A name makes the bucket, unless it exists already.
    fn s3(&mut self) {
        let place = self.place();
        let bucket = self.get("bucket").unwrap_or(self.tree).clone();
        let exists = self.get("existing").and_then(Tree::text) == Some("true");
        let Some(name) = self.service.text(&bucket).filter(|_| !exists) else {
            return self.event("S3", vec![("Bucket", bucket)]);
        };
        // `provider.s3` holds settings of buckets, which events name by their key.
        let named = self.config(&["provider", "s3", &name]).and_then(|s| s.get("name")).cloned();
        let id = format!("S3Bucket{}", alphanumeric(&name));
        self.resource(&id, "AWS::S3::Bucket", vec![("BucketName", named.unwrap_or(bucket))]);
        self.event("S3", vec![("Bucket", Tree::reference(&place, &id))]);
    }

    /// A rate, a list of rates, or a map with them. Each is a rule of its own.
    fn schedule(&mut self, written: &Tree) {
        let rates = written.get("rate").unwrap_or(written).one_or_many();
        let rates: Vec<Tree> = rates.into_iter().cloned().collect();
        let place = self.place();
        for rate in rates {
            let prefix = format!("{}EventsRuleSchedule", normal(&self.function.text));
            let taken = self.service.resources.iter().filter(|(key, _)| key.text.starts_with(&prefix)).count();
            let input = written.get("input").map(|input| ("Input", input.clone()));
            let target = [("Arn", Tree::attribute(&place, self.id, "Arn"))].into_iter().chain(input);
            let target = Tree::map(&place, target);
            let mut properties = vec![("ScheduleExpression", rate), ("Targets", Tree::list(&place, vec![target]))];
            properties.extend(written.get("name").map(|name| ("Name", name.clone())));
            let id = format!("{prefix}{}", taken + 1);
            let key = Key { text: id.as_str().into(), place: place.clone() };
            self.service.add(&id, &key, "AWS::Events::Rule", Tree::map(&place, properties));
        }
    }

    fn event_bridge(&mut self) {
        if let Some(rate) = self.get("schedule").cloned() {
            self.schedule(&rate);
        }
        let Some(pattern) = self.get("pattern").cloned() else { return };
        let mut properties = vec![("Pattern", pattern)];
        properties.extend(self.get("eventBus").map(|bus| ("EventBusName", bus.clone())));
        properties.extend(self.get("input").map(|input| ("Input", input.clone())));
        if let Some(queue) = self.get("deadLetterQueueArn") {
            properties.push(("DeadLetterConfig", Tree::map(&queue.place, [("Arn", queue.clone())])));
        }
        self.event("EventBridgeRule", properties);
    }

    fn cloudwatch_event(&mut self) {
        let Some(pattern) = self.get("event").cloned() else { return };
        self.event("EventBridgeRule", vec![("Pattern", pattern)]);
    }

    /// A name makes the pool, unless it exists already.
    fn user_pool(&mut self) {
        let place = self.place();
        let pool = self.get("pool").unwrap_or(self.tree).clone();
        let exists = self.get("existing").and_then(Tree::text) == Some("true");
        let Some(name) = self.service.text(&pool).filter(|_| !exists) else {
            return self.event("Cognito", vec![("UserPool", pool)]);
        };
        let id = format!("CognitoUserPool{}", alphanumeric(&name));
        self.resource(&id, "AWS::Cognito::UserPool", vec![("UserPoolName", pool)]);
        self.event("Cognito", vec![("UserPool", Tree::reference(&place, &id))]);
    }

    /// The listener is somebody else's; a target group leads from it to the function.
    fn load_balancer(&mut self) {
        let place = self.place();
        let Some(listener) = self.get("listenerArn").cloned() else { return };
        let group = format!("{}AlbTargetGroup{}", normal(&self.function.text), self.number);
        let target = Tree::map(&place, [("Id", Tree::attribute(&place, self.id, "Arn"))]);
        let kind = ("TargetType", Tree::scalar(&place, "lambda"));
        let properties = vec![kind, ("Targets", Tree::list(&place, vec![target]))];
        self.resource(&group, "AWS::ElasticLoadBalancingV2::TargetGroup", properties);
        let forward = [("Type", Tree::scalar(&place, "forward")), ("TargetGroupArn", Tree::reference(&place, &group))];
        let actions = Tree::list(&place, vec![Tree::map(&place, forward)]);
        let rule = format!("{}AlbListenerRule{}", normal(&self.function.text), self.number);
        let properties = vec![("ListenerArn", listener), ("Actions", actions)];
        self.resource(&rule, "AWS::ElasticLoadBalancingV2::ListenerRule", properties);
    }

    /// A function at the edge, and the origin that it stands before.
    fn cloud_front(&mut self) {
        let place = self.place();
        let kind = self.get("eventType").cloned().unwrap_or_else(|| Tree::scalar(&place, "viewer-request"));
        let lambda = [("EventType", kind), ("LambdaFunctionARN", Tree::attribute(&place, self.id, "Arn"))];
        let associations = Tree::list(&place, vec![Tree::map(&place, lambda)]);
        let behaviour = Tree::map(&place, [("LambdaFunctionAssociations", associations)]);
        let origin = self.get("origin").map(|o| o.get("DomainName").unwrap_or(o).clone());
        let origins = origin.map(|domain| Tree::map(&place, [("DomainName", domain)])).into_iter().collect();
        let config =
            [("CacheBehaviors", Tree::list(&place, vec![behaviour])), ("Origins", Tree::list(&place, origins))];
        let properties = vec![("DistributionConfig", Tree::map(&place, config))];
        if let Some((_, tree)) =
            self.service.resources.iter_mut().find(|(key, _)| &*key.text == "CloudFrontDistribution")
        {
            append(tree, &["Properties", "DistributionConfig", "CacheBehaviors"], &properties[0].1);
            return append(tree, &["Properties", "DistributionConfig", "Origins"], &properties[0].1);
        }
        self.resource("CloudFrontDistribution", "AWS::CloudFront::Distribution", properties);
    }
}

/// The REST API of the service, made at its first use.
pub(super) fn rest_api(service: &mut Service<'_>, at: &Key) {
    let name = service.config.at(&["provider", "apiName"]).cloned().unwrap_or_else(|| {
        let rest = facts::Expr::literal(format!("-{}", service.name()));
        Tree::symbol(&at.place, facts::Expr::concat([service.stage_expr(), rest]))
    });
    let title = Key { text: name.text().unwrap_or("ApiGatewayRestApi").into(), place: at.place.clone() };
    service.add("ApiGatewayRestApi", &title, "AWS::ApiGateway::RestApi", Tree::map(&at.place, [("Name", name)]));
}

/// Adds what a list of `added` holds to the list of that name in a resource.
fn append(resource: &mut Tree, way: &[&str], added: &Tree) {
    let Some(name) = way.last() else { return };
    let items = added.get(name).map(Tree::items).unwrap_or_default().to_vec();
    let found = way.iter().try_fold(resource, |tree, step| match &mut tree.node {
        Node::Map(entries) => entries.iter_mut().find(|(key, _)| &*key.text == *step).map(|(_, value)| value),
        _ => None,
    });
    if let Some(Tree { node: Node::List(list), .. }) = found {
        list.extend(items);
    }
}

/// All texts in a value, to look for a word in.
fn words(tree: &Tree) -> String {
    match &tree.node {
        Node::Scalar(text, _) => text.to_string(),
        Node::Symbol(expr) => expr.to_string(),
        Node::List(items) => items.iter().map(words).collect::<Vec<_>>().join(" "),
        Node::Map(entries) => entries.iter().map(|(_, value)| words(value)).collect::<Vec<_>>().join(" "),
        Node::Null => String::new(),
    }
}
