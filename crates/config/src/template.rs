//! CloudFormation and SAM templates: told by their content, read resource by resource.

use crate::intrinsics::Names;
use crate::tree::{Key, Node, Tree};
use crate::{
    amplify, apis, appsync, balancers, cdk, containers, events, expand, functions, handed, hosts, integrations, layers,
    links, policies, second_names, tree,
};
use facts::{
    ConfigFrontend, Declarations, Diagnostic, End, Evidence, Expr, NodeKind, Output, Parameter, Place, Resource,
    ResourceRef, Scope, Sender, SourceFile, Sources, Stored, StoredKind,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// CloudFormation and SAM.
#[derive(Debug)]
pub(crate) struct CloudFormation;

impl ConfigFrontend for CloudFormation {
    fn name(&self) -> &'static str {
        "cloudformation"
    }

    fn wants(&self, path: &str) -> bool {
        let extension = path.rsplit_once('.').map_or("", |(_, e)| e);
        // Templates that the CDK makes are read; what it copied as an asset is code.
        if cdk::is_asset(path) {
            return false;
        }
        matches!(extension, "yaml" | "yml" | "json" | "template" | "jsn" | "cfn")
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        // Most YAML and JSON in a repository is something else; a look at the text saves reading it.
        if !(file.text.contains("Resources") && file.text.contains("::")) || amplify::is_made(&file.path, sources) {
            return;
        }
        let mut diagnostics = Vec::new();
        let root = tree::read(file, &mut diagnostics);
        let root = root.unwrap_or(Tree { place: Place::new(file.path.clone(), 1, 1), node: Node::Null });
        if !is_template(&root) {
            // A template that breaks off before its first resource is still somebody's template.
            if file.text.contains("AWSTemplateFormatVersion") {
                out.diagnostics.append(&mut diagnostics);
            }
            return;
        }
        let root = expand::expand(file, root, sources, &mut diagnostics);
        out.diagnostics.append(&mut diagnostics);
        Template::new(file, &root, sources).read(Origin::default(), out);
    }
}

/// A template has resources, at least one of which has a type with `::` in it.
fn is_template(root: &Tree) -> bool {
    let resources = root.get("Resources").map(Tree::entries).unwrap_or_default();
    let typed = |r: &Tree| r.get("Type").and_then(Tree::text).is_some_and(|t| t.contains("::"));
    // A loop or an included file makes resources that are not there yet.
    resources.iter().any(|(key, r)| typed(r) || key.text.starts_with("Fn::"))
}

/// What the format that a template is made from says of it.
#[derive(Default)]
pub(crate) struct Origin {
    /// What people call it.
    pub(crate) name: Option<Expr>,
    /// The name that it is deployed under.
    pub(crate) stack: Option<Expr>,
}

const API_DESTINATION: &str = "AWS::Events::ApiDestination";

/// A template while it is read.
pub(crate) struct Template<'t> {
    pub(crate) file: &'t SourceFile,
    pub(crate) root: &'t Tree,
    pub(crate) sources: &'t dyn Sources,
    pub(crate) names: Names<'t>,
    pub(crate) resources: BTreeMap<&'t str, Declared<'t>>,
}

/// A resource of the template.
#[derive(Clone, Copy)]
pub(crate) struct Declared<'t> {
    pub(crate) id: &'t str,
    pub(crate) key: &'t Key,
    pub(crate) type_name: &'t str,
    pub(crate) tree: &'t Tree,
    properties: Option<&'t Tree>,
}

impl<'t> Declared<'t> {
    /// A property by the way to it.
    pub(crate) fn property(&self, keys: &[&str]) -> Option<&'t Tree> {
        self.properties?.at(keys)
    }

    pub(crate) fn properties(&self) -> Option<&'t Tree> {
        self.properties
    }
}

fn section<'t>(root: &'t Tree, name: &str) -> &'t [(Key, Tree)] {
    root.get(name).map(Tree::entries).unwrap_or_default()
}

/// What people call a resource: the key of a Serverless function, the construct of a CDK app.
fn title(declared: &Declared<'_>) -> Option<Arc<str>> {
    let key = declared.tree.at(&["Metadata", "serverless:key"]).and_then(Tree::text);
    key.map(Into::into).or_else(|| cdk::title(declared.tree))
}

impl<'t> Template<'t> {
    pub(crate) fn new(file: &'t SourceFile, root: &'t Tree, sources: &'t dyn Sources) -> Self {
        let names = Names {
            scope: file.path.clone(),
            parameters: section(root, "Parameters").iter().map(|(k, _)| &*k.text).collect::<BTreeSet<_>>(),
            conditions: section(root, "Conditions").iter().map(|(k, v)| (&*k.text, v)).collect(),
            mappings: section(root, "Mappings").iter().map(|(k, v)| (&*k.text, v)).collect(),
            aliases: second_names::inside(root),
            outside: second_names::outside(root),
            followed: RefCell::default(),
            unknown: RefCell::default(),
        };
        let resources = section(root, "Resources").iter().filter_map(|(key, tree)| {
            let type_name = tree.get("Type")?.text()?;
            let declared = Declared { id: &key.text, key, type_name, tree, properties: tree.get("Properties") };
            Some((&*key.text, declared))
        });
        Self { file, root, sources, names, resources: resources.collect() }
    }

    pub(crate) fn read(&self, origin: Origin, out: &mut Declarations) {
        out.scopes.push(self.scope(origin));
        let mut unknown_types: BTreeMap<&str, Place> = BTreeMap::new();
        crate::unexpanded::tell(self, out);
        for declared in self.resources.values() {
            self.resource(declared, out, &mut unknown_types);
        }
        apis::rest(self, out);
        apis::http(self, out);
        apis::implicit(self, out);
        balancers::targets(self, out);
        appsync::read(self, out);
        for declared in self.resources.values() {
            links::allowed(self, declared, out);
        }
        for (name, place) in unknown_types {
            let message = format!("`{name}` is a type that is not known; it is left out");
            out.diagnostics.push(Diagnostic::note("unknown-resource-type", place, message));
        }
        for (name, place) in self.names.unknown.borrow().iter() {
            let message = format!("`{name}` is no intrinsic function that is known; what it gives is unknown");
            out.diagnostics.push(Diagnostic::warning("unknown-intrinsic", place.clone(), message));
        }
    }

    fn scope(&self, origin: Origin) -> Scope {
        let description = self.root.get("Description").and_then(Tree::text);
        let parameters = section(self.root, "Parameters").iter().map(|(key, tree)| {
            let type_name = tree.get("Type").and_then(Tree::text).unwrap_or_default();
            let looked_up = type_name.starts_with("AWS::SSM::Parameter::Value");
            let default = tree.get("Default").map(|d| self.names.expr(d));
            let default = if looked_up { default.map(|d| Expr::Ssm(Box::new(d))) } else { default };
            (key.text.clone(), Parameter { default, looked_up, place: key.place.clone() })
        });
        let outputs = section(self.root, "Outputs").iter().filter_map(|(key, tree)| {
            let value = self.names.expr(tree.get("Value")?);
            let export = tree.at(&["Export", "Name"]).map(|e| self.names.expr(e));
            Some((key.text.clone(), Output { value, export, place: key.place.clone() }))
        });
        Scope {
            id: self.file.path.clone(),
            name: origin.name,
            stack: origin.stack,
            description: description.map(|d| d.split_whitespace().collect::<Vec<_>>().join(" ").into()),
            parameters: parameters.collect(),
            outputs: outputs.collect(),
            place: Place::new(self.file.path.clone(), 1, 1),
        }
    }

    fn resource(&self, declared: &Declared<'t>, out: &mut Declarations, unknown: &mut BTreeMap<&'t str, Place>) {
        if cdk::is_helper(declared) {
            return;
        }
        let type_name = declared.type_name;
        let known = catalog::resource_type(type_name);
        if known.is_none()
            && !type_name.starts_with("Custom::")
            && !type_name.starts_with("AWS::CloudFormation::")
            && !type_name.ends_with("::MODULE")
        {
            unknown.entry(type_name).or_insert_with(|| declared.key.place.clone());
        }
        let kind = self.kind(declared, known.and_then(|k| k.kind));
        if let Some(kind) = kind {
            let names = known.map(|k| k.names.as_slice()).unwrap_or_default();
            let at = |way: &str| declared.property(&way.split('.').collect::<Vec<_>>());
            let names = names.iter().filter_map(|way| at(way)).map(|n| self.names.expr(n));
            out.resources.push(Resource {
                at: self.at(declared.id),
                type_name: type_name.into(),
                kind: Some(kind),
                title: title(declared),
                names: names.collect(),
                details: self.details(declared),
                condition: self.resource_condition(declared),
                implicit: false,
                place: declared.key.place.clone(),
            });
        }
        if let Some((way, source)) = catalog::sender_to_bus(type_name)
            && let Some(on) = declared.property(&way.split('.').collect::<Vec<_>>())
            && on.text() != Some("false")
        {
            out.senders.push(Sender { at: self.at(declared.id), source: source.into() });
        }
        links::declared(self, declared, out);
        hosts::of(self, declared, out);
        match type_name {
            "AWS::Serverless::Function" => {
                functions::sam(self, declared, out);
                events::of(self, declared, out);
            }
            "AWS::Lambda::Function" => functions::plain(self, declared, out),
            "AWS::Serverless::LayerVersion" | "AWS::Lambda::LayerVersion" => layers::declared(self, declared, out),
            "AWS::Serverless::StateMachine" | "AWS::StepFunctions::StateMachine" => {
                crate::asl::machine(self, declared, out);
                events::of(self, declared, out);
            }
            "AWS::Serverless::Api"
            | "AWS::ApiGateway::RestApi"
            | "AWS::Serverless::HttpApi"
            | "AWS::ApiGatewayV2::Api" => {
                apis::declared(self, declared, out);
            }
            "AWS::Serverless::Application" | "AWS::CloudFormation::Stack" => self.nested(declared, out),
            name if name.ends_with("::MODULE") => self.module(declared, out),
            "AWS::SSM::Parameter" => self.stored(declared, StoredKind::Parameter, "Value", out),
            "AWS::SecretsManager::Secret" => self.stored(declared, StoredKind::Secret, "SecretString", out),
            "AWS::SecretsManager::SecretTargetAttachment" => hosts::secret_of(self, declared, out),
            "AWS::Events::Rule" => handed::targets(self, declared, out),
            name if name.starts_with("Custom::") || name == "AWS::CloudFormation::CustomResource" => {
                handed::custom_resource(self, declared, out);
            }
            "AWS::Serverless::Connector" => policies::connector(self, declared, out),
            "AWS::ECS::TaskDefinition" => containers::task_definition(self, declared, out),
            "AWS::Batch::JobDefinition" => containers::batch_job(self, declared, out),
            "AWS::AppRunner::Service" => containers::app_runner(self, declared, out),
            "AWS::Glue::Job" => containers::glue_job(self, declared, out),
            "AWS::Scheduler::Schedule" => integrations::scheduled(self, declared, out),
            _ => {}
        }
    }

    /// Whether a resource of the template is known and no node.
    pub(crate) fn is_plumbing(&self, id: &str) -> bool {
        self.resources.get(self.names.original(id)).is_some_and(|declared| {
            // The outputs of a stack are anything.
            let stack = matches!(declared.type_name, "AWS::Serverless::Application" | "AWS::CloudFormation::Stack");
            !stack
                && catalog::resource_type(declared.type_name)
                    .is_some_and(|known| self.kind(declared, known.kind).is_none())
        })
    }

    /// The resource of the template that a reference names.
    pub(crate) fn referred(&self, tree: &Tree) -> Option<&Declared<'t>> {
        self.resources.get(referred_id(tree)?)
    }

    /// The address that a destination of events leads to, where something of the template answers there.
    pub(crate) fn own_endpoint(&self, declared: &Declared<'t>) -> Option<Expr> {
        let endpoint = declared.property(&["InvocationEndpoint"]).filter(|_| declared.type_name == API_DESTINATION)?;
        let address = self.names.expr(endpoint);
        let pieces = match &address {
            Expr::Concat(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        let answers = |piece: &Expr| matches!(piece, Expr::Resource { id, .. } if !self.is_plumbing(id));
        pieces.iter().any(answers).then_some(address)
    }

    fn kind(&self, declared: &Declared<'t>, known: Option<NodeKind>) -> Option<NodeKind> {
        let says = |name: &str| declared.property(&[name]).and_then(Tree::text);
        match declared.type_name {
            _ if self.names.is_second_name(declared.id) => None,
            "AWS::ApiGatewayV2::Api" if says("ProtocolType") == Some("WEBSOCKET") => Some(NodeKind::WebsocketApi),
            // A rule is an edge from its bus; only a schedule is something by itself.
            "AWS::Events::Rule" => declared.property(&["ScheduleExpression"]).map(|_| NodeKind::Schedule),
            // One that leads to the system itself is but the way there.
            API_DESTINATION => known.filter(|_| self.own_endpoint(declared).is_none()),
            // Other triggers say what comes after what.
            "AWS::Glue::Trigger" => known.filter(|_| says("Type") == Some("SCHEDULED")),
            // Other documents are settings, or run on machines that nobody sees here.
            "AWS::SSM::Document" => known.filter(|_| links::has_receiver(declared)),
            "AWS::Serverless::Application" | "AWS::CloudFormation::Stack" => {
                (!self.is_local_stack(declared)).then_some(NodeKind::External)
            }
            _ => known,
        }
    }

    fn details(&self, declared: &Declared<'t>) -> BTreeMap<String, serde_json::Value> {
        let wanted: &[(&str, &[&str])] = &[
            ("runtime", &["Runtime"]),
            ("handler", &["Handler"]),
            ("memory", &["MemorySize"]),
            ("timeout", &["Timeout"]),
            ("schedule", &["ScheduleExpression"]),
            ("schedule", &["Schedule"]),
            ("engine", &["Engine"]),
        ];
        let mut details = BTreeMap::new();
        for (name, way) in wanted {
            let value = declared.property(way);
            let Some(text) = value.map(|v| self.names.expr(v)) else { continue };
            let Some(text) = text.as_literal() else { continue };
            let value = text.parse::<i64>().map_or_else(|_| serde_json::Value::from(text), serde_json::Value::from);
            details.insert((*name).to_owned(), value);
        }
        let tags = self.tags(declared);
        if !tags.is_empty() {
            details.insert("tags".to_owned(), tags.into());
        }
        details
    }

    /// Tags with values that are written out: a map, or a list of `Key` and `Value`.
    fn tags(&self, declared: &Declared<'t>) -> serde_json::Map<String, serde_json::Value> {
        let mut tags = serde_json::Map::new();
        let Some(tree) = declared.property(&["Tags"]) else { return tags };
        let mut add = |key: &str, value: &Tree| {
            if let Some(text) = self.names.expr(value).as_literal() {
                tags.insert(key.to_owned(), text.into());
            }
        };
        tree.entries().iter().for_each(|(key, value)| add(&key.text, value));
        for item in tree.items() {
            if let (Some(key), Some(value)) = (item.get("Key").and_then(Tree::text), item.get("Value")) {
                add(key, value);
            }
        }
        tags
    }

    pub(crate) fn resource_condition(&self, declared: &Declared<'t>) -> Option<Expr> {
        self.condition_of(declared.tree)
    }

    pub(crate) fn condition_of(&self, resource: &Tree) -> Option<Expr> {
        let name = resource.get("Condition")?.text()?;
        Some(self.names.condition(name, Expr::literal("true"), Expr::literal("false"), 0))
    }

    fn stored(&self, declared: &Declared<'t>, kind: StoredKind, value: &str, out: &mut Declarations) {
        let name = declared.property(&["Name"]).map_or_else(|| self.at(declared.id).expr(), |n| self.names.expr(n));
        let value = declared.property(&[value]).map(|v| self.names.expr(v));
        out.stored.push(Stored { kind, name, value, at: self.at(declared.id), place: declared.key.place.clone() });
    }

    pub(crate) fn at(&self, id: &str) -> ResourceRef {
        ResourceRef { scope: self.file.path.clone(), id: id.into() }
    }

    /// The end that a resource of the template is.
    pub(crate) fn own_end(&self, id: &str, tree: &Tree) -> End {
        end(self.at(self.names.original(id)).expr(), &[], tree)
    }
}

/// The logical id that a reference names.
pub(crate) fn referred_id(tree: &Tree) -> Option<&str> {
    let (_, argument) = tree.single()?;
    argument.text().or_else(|| argument.items().first()?.text())?.split('.').next()
}

/// The end of a flow that a value names.
pub(crate) fn end(what: Expr, wants: &[NodeKind], tree: &Tree) -> End {
    End { service: "".into(), what, part: None, wants: wants.to_vec(), place: tree.place.clone() }
}

/// A value as evidence, in words.
pub(crate) fn evidence(tree: &Tree, what: impl Into<Arc<str>>) -> Evidence {
    Evidence { place: tree.place.clone(), what: what.into(), via: Vec::new() }
}

/// Whether a value is there and not nothing.
pub(crate) fn present(tree: Option<&Tree>) -> bool {
    tree.is_some_and(|t| t.node != Node::Null)
}

#[cfg(test)]
mod tests;
