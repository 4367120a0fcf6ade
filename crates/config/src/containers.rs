//! Code that runs in containers and jobs: which script of the scan a task starts, with which environment.

use crate::paths;
use crate::template::{Declared, Template};
use crate::tree::Tree;
use facts::{Declarations, Entry, Expr, Handler, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Adds the code of a task definition: that of the first container of which the scan has some.
pub(crate) fn task_definition(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let containers = declared.property(&["ContainerDefinitions"]).map(Tree::items).unwrap_or_default();
    let entry = containers.iter().find_map(|container| of_container(template, declared, container));
    out.entries.extend(entry);
}

/// Adds the code of a batch job.
pub(crate) fn batch_job(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let container = declared.property(&["ContainerProperties"]);
    out.entries.extend(container.and_then(|container| of_container(template, declared, container)));
}

/// Adds the code of a Glue job, whose script lies in a bucket under a name of the scan.
pub(crate) fn glue_job(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let Some(location) = declared.property(&["Command", "ScriptLocation"]) else { return };
    let text = template.names.expr(location).to_string();
    let Some(script) = paths::ending(template.sources, &text).filter(|path| path.ends_with(".py")) else { return };
    out.entries.push(entry(template, declared, script, BTreeMap::new(), location.place.clone()));
}

fn of_container(template: &Template<'_>, declared: &Declared<'_>, container: &Tree) -> Option<Entry> {
    let command: Vec<&str> = ["EntryPoint", "Command"]
        .iter()
        .filter_map(|key| container.get(key))
        .flat_map(Tree::one_or_many)
        .filter_map(Tree::text)
        .flat_map(str::split_whitespace)
        .collect();
    let named = script_of(template, &command, None);
    let script = named.or_else(|| {
        let dockerfile = dockerfile(template, container.get("Image")?)?;
        let folder = dockerfile.rsplit_once('/').map_or("", |(folder, _)| folder);
        let file = template.sources.read(&dockerfile).ok()?;
        script_of(template, &docker_words(&file.text), Some(folder))
    })?;
    let place = container.get("Command").or_else(|| container.get("Image")).unwrap_or(container).place.clone();
    Some(entry(template, declared, script, environment(template, container), place))
}

/// The script of the scan that a command starts: `python app/main.py`, `python -m app.main`.
fn script_of(template: &Template<'_>, command: &[&str], folder: Option<&str>) -> Option<Arc<str>> {
    let module = command.iter().skip_while(|word| **word != "-m").nth(1).map(|name| name.replace('.', "/") + ".py");
    let script = command
        .iter()
        .find(|word| word.rsplit_once('.').is_some_and(|(_, e)| e == "py"))
        .map(|word| (*word).to_owned());
    let written = script.or(module)?;
    let beside = folder.and_then(|folder| paths::below(folder, written.trim_start_matches('/')));
    match beside.filter(|path| template.sources.is_file(path)) {
        Some(path) => Some(path.into()),
        None => paths::ending(template.sources, &written),
    }
}

/// The Dockerfile in the one folder that is called like the image.
fn dockerfile(template: &Template<'_>, image: &Tree) -> Option<String> {
    let text = template.names.expr(image).to_string();
    let name = text.rsplit('/').next()?.split([':', '@']).next()?;
    if name.is_empty() || name.contains(['$', '{']) {
        return None;
    }
    let end = format!("{name}/Dockerfile");
    let is_one = |path: &&Arc<str>| ***path == *end || path.ends_with(&format!("/{end}"));
    let mut all = template.sources.paths().iter().filter(is_one);
    let first = all.next()?;
    all.next().is_none().then(|| first.to_string())
}

/// The words of the last `ENTRYPOINT` and the last `CMD` of a Dockerfile.
fn docker_words(text: &str) -> Vec<&str> {
    let last = |word: &str| text.lines().rev().find_map(|line| line.trim().strip_prefix(word));
    let both = [last("ENTRYPOINT"), last("CMD")].into_iter().flatten();
    let split = both.flat_map(|line| line.split(|c: char| c.is_whitespace() || "[],\"'".contains(c)));
    split.filter(|word| !word.is_empty()).collect()
}

fn entry(
    template: &Template<'_>,
    declared: &Declared<'_>,
    script: Arc<str>,
    environment: BTreeMap<Arc<str>, (Expr, Place)>,
    place: Place,
) -> Entry {
    let folder: Arc<str> = script.rsplit_once('/').map_or("", |(folder, _)| folder).into();
    let mut roots = vec![folder];
    // A module is named from the folder above its packages; that of the script is looked at first.
    while let Some((above, _)) = roots.last().cloned().as_deref().and_then(|f| f.rsplit_once('/')) {
        roots.push(above.into());
    }
    let owner = template.at(template.names.original(declared.id));
    Entry { owner, runtime: Some("python3".into()), handler: Handler::Script(script), roots, environment, place }
}

/// `Environment` as a list of names and values.
fn environment(template: &Template<'_>, container: &Tree) -> BTreeMap<Arc<str>, (Expr, Place)> {
    let list = container.get("Environment").map(Tree::items).unwrap_or_default();
    let pair = |item: &Tree| {
        let name: Arc<str> = item.get("Name")?.text()?.into();
        let value = item.get("Value")?;
        Some((name, (template.names.expr(value), value.place.clone())))
    };
    list.iter().filter_map(pair).collect()
}
