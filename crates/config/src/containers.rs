//! Code that runs in containers and jobs: what of the scan a task starts, with which environment.

use crate::commands::{self, Started, Surroundings};
use crate::docker::{self, Dockerfile};
use crate::paths;
use crate::template::{Declared, Template};
use crate::tree::Tree;
use facts::{Declarations, Entry, Expr, Handler, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

type Environment = BTreeMap<Arc<str>, (Expr, Place)>;

/// Adds the code of a task definition: that of each container of which the scan has some.
pub(crate) fn task_definition(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let containers = declared.property(&["ContainerDefinitions"]).map(Tree::items).unwrap_or_default();
    out.entries.extend(containers.iter().filter_map(|container| of_container(template, declared, container)));
}

/// Adds the code of a batch job: of its container, or of those of its tasks or nodes.
pub(crate) fn batch_job(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let mut containers: Vec<&Tree> = declared.property(&["ContainerProperties"]).into_iter().collect();
    for task in declared.property(&["EcsProperties", "TaskProperties"]).map(Tree::items).unwrap_or_default() {
        containers.extend(task.get("Containers").map(Tree::items).unwrap_or_default());
    }
    for range in declared.property(&["NodeProperties", "NodeRangeProperties"]).map(Tree::items).unwrap_or_default() {
        containers.extend(range.get("Container"));
    }
    out.entries.extend(containers.into_iter().filter_map(|container| of_container(template, declared, container)));
}

/// Adds the code of an App Runner service: of its image, or of the folder of the repository that it is built from.
pub(crate) fn app_runner(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let source = |way: &[&str]| declared.property(&["SourceConfiguration"]).and_then(|source| source.at(way));
    let named = |variables: Option<&Tree>| -> Environment {
        let pairs = variables.map(Tree::one_or_many).unwrap_or_default();
        pairs.into_iter().filter_map(|pair| pair_of(template, pair)).collect()
    };
    if let Some(image) = source(&["ImageRepository", "ImageIdentifier"]) {
        let settings = source(&["ImageRepository", "ImageConfiguration"]);
        let of = |key: &str| settings.and_then(|settings| settings.get(key));
        let command = words(of("StartCommand"));
        let environment = named(of("RuntimeEnvironmentVariables"));
        let place = of("StartCommand").unwrap_or(image).place.clone();
        out.entries.extend(of_image(template, declared, (Some(image), &[], &command), environment, place));
    }
    let values = source(&["CodeRepository", "CodeConfiguration", "CodeConfigurationValues"]);
    if let Some(command) = values.and_then(|values| values.get("StartCommand")) {
        let folder = source(&["CodeRepository", "SourceDirectory"]).and_then(Tree::text).unwrap_or_default();
        let image = Dockerfile::of_folder(folder.trim_matches('/'));
        let environment = named(values.and_then(|values| values.get("RuntimeEnvironmentVariables")));
        let words = words(Some(command));
        let started = started(template, Some(&image), &environment, &words);
        let entry = |started| entry(template, declared, started, environment, command.place.clone());
        out.entries.extend(started.map(entry));
    }
}

/// Adds the code of a Glue job, whose script lies in a bucket under a name of the scan. Its arguments are variables that
/// begin with two dashes.
pub(crate) fn glue_job(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let Some(location) = declared.property(&["Command", "ScriptLocation"]) else { return };
    let text = template.names.expr(location).to_string();
    let Some(script) = paths::ending(template.sources, &text).filter(|path| path.ends_with(".py")) else { return };
    let arguments = declared.property(&["DefaultArguments"]).map(Tree::entries).unwrap_or_default();
    let given =
        arguments.iter().map(|(key, value)| (key.text.clone(), (template.names.expr(value), key.place.clone())));
    let folder = script.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let started = Started { handler: Handler::Script(script), roots: commands::roots(folder) };
    out.entries.push(entry(template, declared, started, given.collect(), location.place.clone()));
}

fn of_container(template: &Template<'_>, declared: &Declared<'_>, container: &Tree) -> Option<Entry> {
    let (entrypoint, command) = (words(container.get("EntryPoint")), words(container.get("Command")));
    let place = container.get("Command").or_else(|| container.get("Image")).unwrap_or(container).place.clone();
    let environment = environment(template, container);
    of_image(template, declared, (container.get("Image"), &entrypoint, &command), environment, place)
}

/// What a container of an image starts by its own entry point and command, or else by those of the image.
fn of_image(
    template: &Template<'_>,
    declared: &Declared<'_>,
    (image, entrypoint, command): (Option<&Tree>, &[String], &[String]),
    mut environment: Environment,
    place: Place,
) -> Option<Entry> {
    let image = image.and_then(|image| docker::of_image(template, image));
    let image = image.and_then(|path| Dockerfile::read(template.sources, &path));
    let mut all: Vec<String> = entrypoint.to_vec();
    if let Some(image) = &image {
        all.extend(image.entrypoint.iter().filter(|_| entrypoint.is_empty()).cloned());
        let own = command.is_empty() && entrypoint.is_empty();
        all.extend(image.command.iter().filter(|_| own).cloned());
        for (name, (value, place)) in &image.environment {
            let value = || (Expr::literal(value.clone()), place.clone());
            environment.entry(name.clone()).or_insert_with(value);
        }
    }
    all.extend(command.iter().cloned());
    let started = started(template, image.as_ref(), &environment, &all)?;
    Some(entry(template, declared, started, environment, place))
}

fn started(
    template: &Template<'_>,
    image: Option<&Dockerfile>,
    environment: &Environment,
    command: &[String],
) -> Option<Started> {
    let known = environment.iter().filter_map(|(name, (value, _))| Some((&**name, value.as_literal()?)));
    let around = Surroundings { sources: template.sources, image, variables: known.collect() };
    let words: Vec<&str> = command.iter().flat_map(|word| word.split_whitespace()).collect();
    around.started(&words)
}

/// The words of a command as a template writes it: a list, or one text.
fn words(command: Option<&Tree>) -> Vec<String> {
    command.map(Tree::one_or_many).unwrap_or_default().into_iter().filter_map(Tree::text).map(str::to_owned).collect()
}

fn entry(
    template: &Template<'_>,
    declared: &Declared<'_>,
    started: Started,
    environment: Environment,
    place: Place,
) -> Entry {
    let owner = template.at(template.names.original(declared.id));
    let Started { handler, roots } = started;
    Entry { owner, runtime: Some("python3".into()), handler, roots, archive: None, environment, place }
}

/// `Environment` as a list of names and values.
fn environment(template: &Template<'_>, container: &Tree) -> Environment {
    let list = container.get("Environment").map(Tree::items).unwrap_or_default();
    list.iter().filter_map(|pair| pair_of(template, pair)).collect()
}

fn pair_of(template: &Template<'_>, pair: &Tree) -> Option<(Arc<str>, (Expr, Place))> {
    let value = pair.get("Value")?;
    Some((pair.get("Name")?.text()?.into(), (template.names.expr(value), value.place.clone())))
}
