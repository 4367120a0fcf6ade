//! Amplify projects: which stacks a project deploys with which parameters, and what a GraphQL schema's directives make.
//!
//! `backend-config.json` lists the project's resources by category; each is a stack, and takes outputs of those that
//! it depends on as parameters. The schema of an API is a template in itself: `models` reads it.

mod models;

pub(crate) use models::model_table;

use crate::tree::{self, Tree};
use facts::{
    ConfigFrontend, Declarations, Expr, Instance, NodeKind, Parameter, Place, Resource, ResourceRef, Scope, SourceFile,
    Sources,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Amplify projects.
#[derive(Debug)]
pub(crate) struct Amplify;

const CONFIG: &str = "amplify/backend/backend-config.json";

impl ConfigFrontend for Amplify {
    fn name(&self) -> &'static str {
        "amplify"
    }

    fn wants(&self, path: &str) -> bool {
        backend(path).is_some_and(|(_, rest)| rest == "backend-config.json" || Schema::at(path).is_some())
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        if let Some(schema) = Schema::at(&file.path) {
            models::read(&schema, file, sources, out);
        } else if let Some(root) = tree::read(file, &mut out.diagnostics) {
            project(file, &root, sources, out);
        }
    }
}

/// The folder of a project's backend, with `/` at its end, and the path below it.
fn backend(path: &str) -> Option<(&str, &str)> {
    let folder = "amplify/backend/";
    let at = path.find(folder).filter(|at| *at == 0 || path[..*at].ends_with('/'))?;
    Some(path.split_at(at + folder.len()))
}

/// Whether a template is made of others that the scan has too: what a schema is compiled to, the copy of what was
/// deployed last, the stack that deploys all the others.
pub(crate) fn is_made(path: &str, sources: &dyn Sources) -> bool {
    if path.contains("amplify/#current-cloud-backend/") {
        return true;
    }
    let Some((backend, rest)) = backend(path) else { return false };
    if rest.starts_with("awscloudformation/") {
        return sources.is_file(&config_of(backend));
    }
    let Some((api, file)) = rest.strip_prefix("api/").and_then(|r| r.split_once('/')) else { return false };
    file.starts_with("build/") && Schema { backend, api }.scope(sources).is_some()
}

/// The schema of an API by its path: `amplify/backend/api/NAME/schema.graphql`.
struct Schema<'p> {
    /// The folder of the backend.
    backend: &'p str,
    /// The name of the API.
    api: &'p str,
}

impl<'p> Schema<'p> {
    fn at(path: &'p str) -> Option<Self> {
        let (backend, rest) = backend(path)?;
        let (api, file) = rest.strip_prefix("api/")?.split_once('/')?;
        let schema = file == "schema.graphql" || file.starts_with("schema/") && file.ends_with(".graphql");
        schema.then_some(Self { backend, api })
    }

    /// The first of the files that the schema is written in: it stands for all of them.
    fn scope(&self, sources: &dyn Sources) -> Option<Arc<str>> {
        self.files(sources).first().cloned()
    }

    fn files(&self, sources: &dyn Sources) -> Vec<Arc<str>> {
        let folder = format!("{}api/{}", self.backend, self.api);
        sources.below(&folder).iter().filter(|p| Schema::at(p).is_some()).cloned().collect()
    }
}

/// The stacks of a project.
fn project(file: &SourceFile, root: &Tree, sources: &dyn Sources, out: &mut Declarations) {
    let Some((backend, _)) = backend(&file.path) else { return };
    let project = format!("{}.config/project-config.json", backend.trim_end_matches("backend/"));
    let name = sources.read(&project).ok().and_then(|f| tree::read(&f, &mut Vec::new()));
    let name = name.and_then(|t| t.get("projectName").and_then(Tree::text).map(Expr::literal));
    let place = Place::new(file.path.clone(), 1, 1);
    let environment = Parameter { default: None, looked_up: false, place: place.clone() };
    out.scopes.push(Scope {
        id: file.path.clone(),
        name,
        stack: None,
        description: None,
        parameters: BTreeMap::from([("env".into(), environment)]),
        outputs: BTreeMap::new(),
        place,
    });
    for (category, resources) in root.entries() {
        for (key, resource) in resources.entries() {
            let one = Deployed { backend, category: &category.text, name: &key.text, resource, place: &key.place };
            one.declare(file, sources, out);
        }
    }
}

/// A resource of a project: a stack of its own.
struct Deployed<'d> {
    backend: &'d str,
    category: &'d str,
    name: &'d str,
    resource: &'d Tree,
    place: &'d Place,
}

impl Deployed<'_> {
    fn declare(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        let owner = ResourceRef { scope: file.path.clone(), id: format!("{}{}", self.category, self.name).into() };
        let Some(scope) = self.scope(sources) else { return self.without_template(owner, out) };
        let mut parameters = self.parameters(file, sources);
        // All stacks of a project are of one environment.
        parameters.insert("env".into(), Expr::Parameter { scope: file.path.clone(), name: "env".into() });
        for dependency in self.resource.get("dependsOn").map(Tree::items).unwrap_or_default() {
            let text = |key: &str| dependency.get(key).and_then(Tree::text);
            let (Some(category), Some(name)) = (text("category"), text("resourceName")) else { continue };
            for attribute in dependency.get("attributes").map(Tree::items).unwrap_or_default() {
                let Some(attribute) = attribute.text() else { continue };
                let value = output(&file.path, &format!("{category}{name}"), attribute);
                parameters.insert(format!("{category}{name}{attribute}").into(), value);
            }
        }
        out.instances.push(Instance { owner, scope, parameters, place: self.place.clone() });
    }

    /// The template that the resource is deployed by; the schema, for an API that has one.
    fn scope(&self, sources: &dyn Sources) -> Option<Arc<str>> {
        if self.category == "api"
            && let Some(schema) = (Schema { backend: self.backend, api: self.name }).scope(sources)
        {
            return Some(schema);
        }
        let folder = format!("{}{}/{}", self.backend, self.category, self.name);
        let own = |path: &&Arc<str>| {
            let name = path.rsplit('/').next().unwrap_or(path);
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            matches!(extension, "json" | "yml" | "yaml") && stem.ends_with("cloudformation-template")
        };
        sources.below(&folder).iter().find(own).cloned()
    }

    /// What `parameters.json` beside the template gives.
    fn parameters(&self, file: &SourceFile, sources: &dyn Sources) -> BTreeMap<Arc<str>, Expr> {
        let folder = format!("{}{}/{}", self.backend, self.category, self.name);
        let names = ["parameters.json", "function-parameters.json"];
        let found = names.iter().find_map(|name| sources.read(&format!("{folder}/{name}")).ok());
        let Some(root) = found.and_then(|f| tree::read(&f, &mut Vec::new())) else { return BTreeMap::new() };
        let value = |tree: &Tree| match (tree.text(), tree.single()) {
            (Some(text), _) => Some(Expr::literal(text)),
            (None, Some(("Fn::GetAtt", argument))) => {
                let [id, attribute] = argument.items() else { return None };
                output(&file.path, id.text()?, attribute.text()?.strip_prefix("Outputs.")?).into()
            }
            _ => None,
        };
        root.entries().iter().filter_map(|(k, v)| Some((k.text.clone(), value(v)?))).collect()
    }

    /// What is made at deployment out of a few answers: one thing of the kind that the service is.
    fn without_template(&self, owner: ResourceRef, out: &mut Declarations) {
        let service = self.resource.get("service").and_then(Tree::text).unwrap_or_default();
        let (type_name, kind) = match (self.category, service) {
            ("auth", "Cognito") => ("AWS::Cognito::UserPool", NodeKind::UserPool),
            ("storage", "S3") => ("AWS::S3::Bucket", NodeKind::Bucket),
            ("storage", "DynamoDB") => ("AWS::DynamoDB::Table", NodeKind::Table),
            _ => return,
        };
        out.resources.push(Resource {
            at: owner,
            type_name: type_name.into(),
            kind: Some(kind),
            title: None,
            names: Vec::new(),
            details: BTreeMap::new(),
            condition: None,
            implicit: false,
            place: self.place.clone(),
        });
    }
}

/// An output of one of the project's stacks.
fn output(config: &Arc<str>, id: &str, name: &str) -> Expr {
    Expr::Resource { scope: config.clone(), id: id.into(), attribute: Some(format!("Outputs.{name}").into()) }
}

/// The file that says which resources a project has, for a path in it.
fn config_of(backend: &str) -> String {
    format!("{}{}", backend.trim_end_matches("amplify/backend/"), CONFIG)
}
