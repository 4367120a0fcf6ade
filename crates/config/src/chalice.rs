//! Chalice projects: `.chalice/config.json` names the app, and the decorators of its code say which functions there are.
//!
//! A project is compiled to the template that `chalice package` would write: one function for all routes, and one for
//! each function that an event starts. The code is seen in the neutral form that its language's front end gives it.

mod code;

use crate::template::{Origin, Template};
use crate::tree::{self, Key, Tree};
use code::{Authorizer, Function, Project};
use facts::{ConfigFrontend, Declarations, Expr, Language, Place, SourceFile, Sources};
use std::sync::Arc;

/// Chalice projects, with the language that their code is written in.
pub struct Chalice {
    /// The front end of that language.
    pub code: &'static dyn Language,
}

impl ConfigFrontend for Chalice {
    fn name(&self) -> &'static str {
        "chalice"
    }

    fn wants(&self, path: &str) -> bool {
        project_of(path).is_some()
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        let Some(folder) = project_of(&file.path) else { return };
        let Some(root) = tree::read(file, &mut out.diagnostics) else { return };
        let Some(name) = root.get("app_name").and_then(Tree::text) else { return };
        let settings = Settings::new(&root, name);
        let Some(project) = Project::read(self.code, folder, sources, &settings.environment(None)) else { return };
        let made = compile(&settings, &project, &root.place);
        let mut template = made.clone();
        for path in merged(folder, &made, sources) {
            let Some(more) = sources.read(&path).ok().and_then(|file| tree::read(&file, &mut out.diagnostics)) else {
                continue;
            };
            template.overlay(&more, 0);
            out.included.insert(path);
        }
        // Wherever the archive of the code is put, it is made of the project.
        template.overlay(&code_of(&made), 0);
        let stack = Expr::literal(settings.full_name(None));
        let origin = Origin { name: Some(Expr::literal(name)), stack: Some(stack) };
        Template::new(file, &template, sources).read(origin, out);
    }
}

/// Where the code of the functions of a template is, and nothing else of them.
fn code_of(template: &Tree) -> Tree {
    let only = |resource: &Tree| {
        let code = resource.at(&["Properties", "CodeUri"])?.clone();
        let properties = Tree::map(&code.place.clone(), [("CodeUri", code)]);
        Some(Tree::map(&properties.place.clone(), [("Properties", properties)]))
    };
    let resources = template.get("Resources").map(Tree::entries).unwrap_or_default();
    let resources = resources.iter().filter_map(|(key, resource)| Some((&*key.text, only(resource)?)));
    Tree::map(&template.place, [("Resources", Tree::map(&template.place, resources))])
}

/// The templates of a project that `chalice package --merge-template` lays over the one that it makes: they have a
/// resource of that one, and leave its type to it.
fn merged(folder: &str, made: &Tree, sources: &dyn Sources) -> Vec<Arc<str>> {
    let ids: Vec<&str> =
        made.get("Resources").map(Tree::entries).unwrap_or_default().iter().map(|(k, _)| &*k.text).collect();
    let is_template = |path: &&Arc<str>| {
        let beside =
            path.strip_prefix(folder).is_some_and(|rest| rest.matches('/').count() <= usize::from(!folder.is_empty()));
        beside && [".json", ".yaml", ".yml"].iter().any(|end| path.ends_with(end))
    };
    let completes = |path: &&Arc<str>| {
        let Ok(file) = sources.read(path) else { return false };
        if !(file.text.contains("Resources") && ids.iter().any(|id| file.text.contains(id))) {
            return false;
        }
        let tree = tree::read(&file, &mut Vec::new());
        let resources = tree.as_ref().and_then(|tree| tree.get("Resources")).map(Tree::entries).unwrap_or_default();
        resources.iter().any(|(key, tree)| ids.contains(&&*key.text) && tree.get("Type").is_none())
    };
    sources.below(folder).iter().filter(is_template).filter(completes).cloned().collect()
}

/// The folder of the project that a path is the configuration of.
fn project_of(path: &str) -> Option<&str> {
    let folder = path.strip_suffix(".chalice/config.json")?;
    (folder.is_empty() || folder.ends_with('/')).then(|| folder.trim_end_matches('/'))
}

/// What the configuration says for the stage that is deployed when none is asked for.
struct Settings<'t> {
    root: &'t Tree,
    app: &'t str,
    stage: &'t str,
}

impl<'t> Settings<'t> {
    fn new(root: &'t Tree, app: &'t str) -> Self {
        let stages = root.get("stages").map(Tree::entries).unwrap_or_default();
        let usual = stages.iter().find(|(key, _)| &*key.text == "dev").or_else(|| stages.first());
        Self { root, app, stage: usual.map_or("dev", |(key, _)| &key.text) }
    }

    /// What Chalice calls a function that it deploys.
    fn full_name(&self, function: Option<&str>) -> String {
        let whole = format!("{}-{}", self.app, self.stage);
        function.map_or(whole.clone(), |name| format!("{whole}-{name}"))
    }

    /// The variables of a function, or those of all; what is said for fewer counts before what is said for more.
    fn environment(&self, function: Option<&str>) -> Vec<(Key, Tree)> {
        let stage = self.root.at(&["stages", self.stage]);
        let own = function.and_then(|name| stage?.at(&["lambda_functions", name]));
        let mut out: Vec<(Key, Tree)> = Vec::new();
        for part in [own, stage, Some(self.root)].into_iter().flatten() {
            for (key, value) in part.get("environment_variables").map(Tree::entries).unwrap_or_default() {
                if !out.iter().any(|(known, _)| known.text == key.text) {
                    out.push((key.clone(), value.clone()));
                }
            }
        }
        out
    }
}

fn compile(settings: &Settings<'_>, project: &Project, place: &Place) -> Tree {
    let mut resources: Vec<(String, Tree)> = Vec::new();
    if !project.routes.is_empty() {
        let api = [
            ("Name", Tree::scalar(place, settings.app)),
            ("StageName", Tree::scalar(place, "api")),
            ("Auth", Tree::map(place, [("Authorizers", authorizers(project, place))])),
        ];
        resources.push(("RestAPI".into(), resource(place, "AWS::Serverless::Api", Tree::map(place, api), None)));
        let events = project.routes.iter().enumerate().map(|(i, route)| {
            let at = &route.place;
            let properties = Tree::map(
                at,
                [
                    ("RestApiId", Tree::reference(at, "RestAPI")),
                    ("Path", Tree::scalar(at, route.path.clone())),
                    ("Method", Tree::scalar(at, route.method.clone())),
                ],
            );
            (format!("Route{i}"), event(at, "Api", properties))
        });
        let events: Vec<(String, Tree)> = events.collect();
        let handler = format!("app.{}", project.app);
        let api = function(settings, place, &handler, (None, "api_handler"), &events);
        resources.push(("APIHandler".into(), api));
    }
    for Function { name, handler, event: started, place } in &project.functions {
        let events: Vec<(String, Tree)> = started
            .iter()
            .map(|(kind, property, value)| {
                let properties = value.iter().map(|value| (*property, value.clone()));
                // Only a rule is a resource that people see: Chalice names its event after the function.
                let key = if *kind == "Schedule" { format!("{}Event", logical_id(name)) } else { "Source".to_owned() };
                (key, event(place, kind, Tree::map(place, properties)))
            })
            .collect();
        let made = function(settings, place, handler, (Some(name), name), &events);
        let id = logical_id(name);
        if resources.iter().all(|(known, _)| *known != id) {
            resources.push((id, made));
        }
    }
    let resources = resources.iter().map(|(id, tree)| (id.as_str(), tree.clone()));
    Tree::map(place, [("Resources", Tree::map(place, resources))])
}

/// Whom the routes ask for permission, as an API of SAM has it.
fn authorizers(project: &Project, place: &Place) -> Tree {
    let one = |(name, asked): (&'_ String, &'_ Authorizer)| {
        let (property, whom) = match asked {
            Authorizer::Function(handler) => {
                let function = project.functions.iter().find(|function| function.handler == *handler)?;
                ("FunctionArn", Tree::attribute(&function.place, &logical_id(&function.name), "Arn"))
            }
            Authorizer::UserPools(pools) => ("UserPoolArn", pools.clone()),
        };
        Some((name.clone(), Tree::map(place, [(property, whom)])))
    };
    let all: Vec<(String, Tree)> = project.authorizers.iter().filter_map(one).collect();
    Tree::map(place, all.iter().map(|(name, tree)| (name.as_str(), tree.clone())))
}

fn function(
    settings: &Settings<'_>,
    place: &Place,
    handler: &str,
    (name, setting): (Option<&str>, &str),
    events: &[(String, Tree)],
) -> Tree {
    let variables = settings.environment(Some(setting));
    let variables = variables.iter().map(|(key, value)| (&*key.text, value.clone()));
    let runtime = settings.root.at(&["stages", settings.stage, "lambda_runtime"]).and_then(Tree::text);
    let properties = Tree::map(
        place,
        [
            ("FunctionName", Tree::scalar(place, settings.full_name(name))),
            ("Runtime", Tree::scalar(place, runtime.unwrap_or("python3"))),
            ("CodeUri", Tree::scalar(place, "..")),
            ("Handler", Tree::scalar(place, handler)),
            ("Environment", Tree::map(place, [("Variables", Tree::map(place, variables))])),
            ("Events", Tree::map(place, events.iter().map(|(key, tree)| (key.as_str(), tree.clone())))),
        ],
    );
    resource(place, "AWS::Serverless::Function", properties, Some(name.unwrap_or(settings.app)))
}

fn resource(place: &Place, type_name: &str, properties: Tree, title: Option<&str>) -> Tree {
    let title = title.map(|title| Tree::map(place, [("serverless:key", Tree::scalar(place, title))]));
    let all = [("Type", Tree::scalar(place, type_name)), ("Properties", properties)];
    Tree::map(place, all.into_iter().chain(title.map(|title| ("Metadata", title))))
}

fn event(place: &Place, kind: &str, properties: Tree) -> Tree {
    Tree::map(place, [("Type", Tree::scalar(place, kind)), ("Properties", properties)])
}

/// `send_mails` is `SendMails`.
fn logical_id(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    words.map(capital).collect()
}
