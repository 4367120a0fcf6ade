//! Serverless Framework services (`serverless.yml`), versions 1 to 4.
//!
//! A service is compiled the way the framework does it: variables are put in, and functions, events and plugins become
//! the CloudFormation resources that the framework would make, under the logical ids that it would give them. The
//! rest is reading a template. Every value keeps the place where it was written, so evidence points at the service's own
//! lines. Logical ids are those of <https://www.serverless.com/framework/docs/providers/aws/guide/resources>.

mod appsync;
mod compose;
mod constructs;
mod events;
mod files;
mod functions;
mod plugins;
mod proxies;
mod syntax;
mod variables;

use crate::choices;
use crate::template::{Origin, Template};
use crate::tree::{self, Key, Node, Tree};
use facts::{ConfigFrontend, Declarations, Diagnostic, Expr, Place, SourceFile, Sources};
use variables::{STAGE, Variables};

/// Serverless Framework services and compositions of them.
#[derive(Debug)]
pub(crate) struct Serverless;

impl ConfigFrontend for Serverless {
    fn name(&self) -> &'static str {
        "serverless"
    }

    fn wants(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
        matches!(extension, "yml" | "yaml" | "json") || is_script(name)
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        if is_script(name) {
            let message = "a service that is written as a program is not read; its functions are left out";
            let place = Place::new(file.path.clone(), 1, 1);
            out.diagnostics.push(Diagnostic::warning("not-read", place, message));
            return;
        }
        if name.starts_with("serverless-compose.") {
            return compose::read(file, sources, out);
        }
        if !(file.text.contains("provider") && file.text.contains("service")) {
            return;
        }
        let mut diagnostics = Vec::new();
        let Some(root) = tree::read(file, &mut diagnostics).filter(is_service) else { return };
        out.diagnostics.append(&mut diagnostics);
        if let Some(of) = varied(file, &root, sources) {
            let message = format!("it is a variant of the service in `{of}`, which is drawn instead");
            out.diagnostics.push(Diagnostic::note("variant", Place::new(file.path.clone(), 1, 1), message));
            return;
        }
        read(file, &root, sources, out);
    }
}

fn is_script(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
    matches!(stem, "serverless" | "serverless-compose") && matches!(extension, "ts" | "js" | "cjs" | "mjs")
}

/// The file of the service that this one, `serverless.local.yml`, is for a stage or a machine: both have one name, and so
/// they would be deployed as one stack.
fn varied(file: &SourceFile, root: &Tree, sources: &dyn Sources) -> Option<String> {
    let (folder, name) = file.path.rsplit_once('/').map_or(("", &*file.path), |(folder, name)| (folder, name));
    let (variant, _) = name.strip_prefix("serverless.")?.rsplit_once('.')?;
    let whole = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let beside = ["serverless.yml", "serverless.yaml", "serverless.json"].map(whole);
    let beside = beside.into_iter().find(|path| sources.is_file(path)).filter(|_| !variant.is_empty())?;
    let other = tree::read(&*sources.read(&beside).ok()?, &mut Vec::new())?;
    let named = |root: &Tree| {
        let service = root.get("service")?;
        service.get("name").unwrap_or(service).text().map(str::to_owned)
    };
    (named(root).is_some() && named(root) == named(&other)).then_some(beside)
}

/// A service names itself and its provider.
fn is_service(root: &Tree) -> bool {
    // A variable stands for a provider that is known once variables are put in.
    let aws = |name: &str| name == "aws" || name.starts_with("${");
    let provider = root.get("provider");
    let name = provider.and_then(|p| p.get("name").or(Some(p))).and_then(Tree::text);
    root.get("service").is_some() && name.is_some_and(aws)
}

fn read(file: &SourceFile, root: &Tree, sources: &dyn Sources, out: &mut Declarations) {
    let variables = Variables::new(file, root, sources);
    let stage = variables.default_stage();
    let config = variables.tree(root);
    let provider = config.get("provider");
    let name = provider.and_then(|p| p.get("name").or(Some(p))).and_then(Tree::text);
    if name.is_some_and(|name| name != "aws") {
        return;
    }
    let mut service = Service { file, config: &config, stage: &stage, resources: Vec::new(), diagnostics: Vec::new() };
    let mut template = service.template();
    choices::bring_down(&mut template);
    out.diagnostics.append(&mut service.diagnostics);
    let name = service.name();
    let stack = config.at(&["provider", "stackName"]).map_or_else(
        || Expr::concat([Expr::literal(name.clone()), Expr::literal("-"), service.stage_expr()]),
        |written| variables::expression(written).unwrap_or_else(|| Expr::unknown("it is no text")),
    );
    let (mut diagnostics, included) = variables.finish();
    out.diagnostics.append(&mut diagnostics);
    out.included.extend(included);
    let origin = Origin { name: Some(Expr::literal(name)), stack: Some(stack) };
    Template::new(file, &template, sources).read(origin, out);
}

/// A service while it is compiled.
struct Service<'s> {
    file: &'s SourceFile,
    /// The configuration with its variables put in.
    config: &'s Tree,
    /// The stage that is deployed when none is asked for.
    stage: &'s str,
    /// What is made, by logical id.
    resources: Vec<(Key, Tree)>,
    diagnostics: Vec<Diagnostic>,
}

impl Service<'_> {
    /// The CloudFormation template that the framework would deploy.
    fn template(&mut self) -> Tree {
        let config = self.config;
        let place = &config.place;
        plugins::unseen(self);
        functions::all(self);
        constructs::all(self);
        plugins::state_machines(self);
        plugins::domains(self);
        appsync::all(self);
        proxies::all(self);
        self.layers();
        let mut sections: Vec<(&str, Vec<(Key, Tree)>)> = Vec::new();
        let default =
            Tree::map(place, [("Type", Tree::scalar(place, "String")), ("Default", Tree::scalar(place, self.stage))]);
        sections.push(("Parameters", vec![(Key { text: STAGE.into(), place: place.clone() }, default)]));
        sections.push(("Outputs", self.standard_outputs()));
        sections.push(("Resources", std::mem::take(&mut self.resources)));
        let written = config.get("resources").map(Tree::one_or_many).unwrap_or_default();
        for part in written {
            for name in ["Parameters", "Mappings", "Conditions", "Outputs", "Resources"] {
                merge_section(&mut sections, name, part.get(name));
            }
            merge_section(&mut sections, "Resources", part.get("extensions"));
        }
        let sections =
            sections.into_iter().map(|(name, entries)| (name, Tree { place: place.clone(), node: Node::Map(entries) }));
        Tree::map(place, sections)
    }

    /// Outputs that every deployed service has.
    fn standard_outputs(&self) -> Vec<(Key, Tree)> {
        let all = [
            ("ServiceEndpoint", "ApiGatewayRestApi"),
            ("HttpApiUrl", "HttpApi"),
            ("HttpApiId", "HttpApi"),
            ("ServiceEndpointWebsocket", "WebsocketsApi"),
        ];
        let own = all.into_iter().filter_map(|(output, id)| {
            let (key, _) = self.resources.iter().find(|(key, _)| &*key.text == id)?;
            let value = Tree::map(&key.place, [("Value", Tree::reference(&key.place, id))]);
            Some((Key { text: output.into(), place: key.place.clone() }, value))
        });
        let versioned =
            |tree| matches!(kind(tree), Some("AWS::Serverless::Function" | "AWS::Serverless::LayerVersion"));
        let versioned = self.resources.iter().filter(|(_, tree)| versioned(tree));
        let qualified = versioned.map(|(key, _)| {
            let value = Tree::map(&key.place, [("Value", Tree::reference(&key.place, &key.text))]);
            (Key { text: format!("{}QualifiedArn", key.text).into(), place: key.place.clone() }, value)
        });
        own.chain(qualified).collect()
    }

    /// Layers become what a function's `Ref` to them means.
    fn layers(&mut self) {
        for (key, tree) in self.config.get("layers").map(Tree::entries).unwrap_or_default() {
            let Some(path) = tree.get("path") else { continue };
            let properties = Tree::map(&tree.place, [("ContentUri", path.clone())]);
            self.add(&format!("{}LambdaLayer", normal(&key.text)), key, "AWS::Serverless::LayerVersion", properties);
        }
    }

    /// Adds a resource, unless there is one of that id.
    fn add(&mut self, id: &str, at: &Key, type_name: &str, properties: Tree) {
        if self.resources.iter().any(|(key, _)| &*key.text == id) {
            return;
        }
        let title = Tree::map(&at.place, [("serverless:key", Tree::scalar(&at.place, at.text.clone()))]);
        let tree = Tree::map(
            &at.place,
            [("Type", Tree::scalar(&at.place, type_name)), ("Properties", properties), ("Metadata", title)],
        );
        self.resources.push((Key { text: id.into(), place: at.place.clone() }, tree));
    }

    /// The service's name.
    fn name(&self) -> String {
        let service = self.config.get("service");
        let name = service.and_then(|s| s.get("name")).or(service);
        name.and_then(Tree::text).unwrap_or_default().to_owned()
    }

    fn stage_expr(&self) -> Expr {
        Expr::Parameter { scope: self.file.path.clone(), name: STAGE.into() }
    }

    /// The text of a value for the default stage: what a logical id is made of.
    fn text(&self, tree: &Tree) -> Option<String> {
        variables::at_stage(tree, self.stage)
    }

    /// `service-stage-rest`: how the framework names what it makes.
    fn full_name(&self, place: &Place, rest: &str) -> Tree {
        let parts =
            [Expr::literal(self.name()), Expr::literal("-"), self.stage_expr(), Expr::literal(format!("-{rest}"))];
        Tree::symbol(place, Expr::concat(parts))
    }
}

fn kind(resource: &Tree) -> Option<&str> {
    resource.get("Type")?.text()
}

/// Adds entries to a section. What is there already is completed: the new values count.
fn merge_section(sections: &mut Vec<(&str, Vec<(Key, Tree)>)>, name: &'static str, added: Option<&Tree>) {
    let Some(added) = added.filter(|a| !a.entries().is_empty()) else { return };
    let at = sections.iter().position(|(n, _)| *n == name).unwrap_or_else(|| {
        sections.push((name, Vec::new()));
        sections.len() - 1
    });
    for (key, value) in added.entries() {
        match sections[at].1.iter_mut().find(|(k, _)| k.text == key.text) {
            Some((_, old)) => old.overlay(value, 0),
            None => sections[at].1.push((key.clone(), value.clone())),
        }
    }
}

/// A name as a piece of a logical id: `my-fn_1` is `MyDashfnUnderscore1`.
fn normal(name: &str) -> String {
    let name = name.replace('-', "Dash").replace('_', "Underscore");
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A name with nothing but letters and digits.
fn alphanumeric(name: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    normal(&name)
}

/// The logical id of a function.
fn function_id(key: &str) -> String {
    format!("{}LambdaFunction", normal(key))
}
