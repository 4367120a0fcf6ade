//! Files beside a template that give its parameters, by a map of `Parameters` or a list of `ParameterKey` and
//! `ParameterValue`: what a pipeline or a tool of one's own deploys the template with.

use crate::tree::{self, Key, Tree};
use crate::{paths, settings};
use facts::{Declarations, Expr, SourceFile, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What templates are called.
const EXTENSIONS: &[&str] = &["yaml", "yml", "json", "template"];

/// Files of a folder among which templates are looked for; in a larger one a file says by its name which it belongs to.
const MAX_BESIDE: usize = 40;

/// Adds what the file gives to a template.
pub(crate) fn given(file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
    if !mentions_parameters(&file.text) {
        return;
    }
    let named = namesake(&file.path, sources);
    let beside = templates_beside(&file.path, sources);
    if named.is_none() && beside.is_empty() {
        return;
    }
    let Some(root) = tree::read(file, &mut Vec::new()).filter(|root| root.get("Resources").is_none()) else { return };
    let written = written(&root);
    if written.is_empty() {
        return;
    }
    let Some((scope, own)) = named.filter(|t| declares(t, &written)).or_else(|| the_one(beside, &written)) else {
        return;
    };
    let line = line_of(&root);
    let value = |text: &str| with_placeholders(text, &scope, &own);
    let parameters = written.iter().map(|(key, text)| (key.clone(), value(text))).collect();
    settings::push(file, scope.clone(), parameters, line, out);
}

/// A template's path and the names of its parameters.
type Candidate = (Arc<str>, BTreeSet<Arc<str>>);

/// What a look at the text tells: reading all YAML and JSON of a repository would cost too much.
fn mentions_parameters(text: &str) -> bool {
    let key = |line: &str| line.starts_with("parameters:") || line.starts_with("Parameters:");
    let in_json =
        || text.trim_start().starts_with('{') && (text.contains("\"Parameters\"") || text.contains("\"parameters\""));
    text.contains("ParameterKey") || text.lines().any(key) || in_json()
}

/// The texts that the file gives, by the names of parameters.
fn written(root: &Tree) -> BTreeMap<Arc<str>, Arc<str>> {
    let list = ["Parameters", "parameters"].iter().find_map(|key| root.get(key));
    let map = list.map(Tree::entries).unwrap_or_default();
    let entry = |(key, value): &(Key, Tree)| Some((key.text.clone(), Arc::<str>::from(value.text()?)));
    let pair = |item: &Tree| {
        let key = item.get("ParameterKey")?.text()?;
        Some((Arc::<str>::from(key), Arc::<str>::from(item.get("ParameterValue")?.text()?)))
    };
    let items = list.unwrap_or(root).items();
    // An empty text says that there is no such thing.
    map.iter().filter_map(entry).chain(items.iter().filter_map(pair)).filter(|(_, text)| !text.is_empty()).collect()
}

fn declares((_, own): &Candidate, written: &BTreeMap<Arc<str>, Arc<str>>) -> bool {
    written.keys().any(|key| own.contains(key))
}

/// The one template that has all of the parameters; or else the one that has any.
fn the_one(beside: Vec<Candidate>, written: &BTreeMap<Arc<str>, Arc<str>>) -> Option<Candidate> {
    let has_all = |(_, own): &Candidate| written.keys().all(|key| own.contains(key));
    let (mut all, rest): (Vec<_>, Vec<_>) = beside.into_iter().partition(has_all);
    if all.is_empty() {
        all = rest.into_iter().filter(|candidate| declares(candidate, written)).collect();
    }
    all.pop().filter(|_| all.is_empty())
}

fn candidate(path: &str, sources: &dyn Sources) -> Option<Candidate> {
    let file = sources.read(path).ok().filter(|file| file.text.contains("Resources") && file.text.contains("::"))?;
    let root = tree::read(&file, &mut Vec::new())?;
    root.get("Resources")?;
    let own = root.get("Parameters").map(Tree::entries).unwrap_or_default();
    Some((path.into(), own.iter().map(|(key, _)| key.text.clone()).collect()))
}

fn templates_beside(path: &str, sources: &dyn Sources) -> Vec<Candidate> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = |other: &&Arc<str>| {
        let rest = if folder.is_empty() { other } else { other.get(folder.len() + 1..).unwrap_or_default() };
        let extension = rest.rsplit_once('.').map_or("", |(_, extension)| extension);
        ***other != *path && !rest.contains('/') && EXTENSIONS.contains(&extension)
    };
    let beside: Vec<&Arc<str>> = sources.below(folder).iter().filter(inside).take(MAX_BESIDE + 1).collect();
    if beside.len() > MAX_BESIDE {
        return Vec::new();
    }
    beside.into_iter().filter_map(|other| candidate(other, sources)).collect()
}

/// The template whose name begins the name of a file of parameters: `orders.yaml` of `orders-prod.json`, or of
/// `parameters/orders.json` beside it.
fn namesake(path: &str, sources: &dyn Sources) -> Option<Candidate> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
    let own = folder.rsplit('/').next().unwrap_or(folder);
    let in_parameters = own.to_ascii_lowercase().starts_with("param") || own == "config";
    let mut folders = vec![folder];
    if in_parameters {
        folders.push(above);
    }
    let ends: Vec<usize> = stem.match_indices(['-', '_']).map(|(at, _)| at).chain([stem.len()]).rev().collect();
    for end in ends {
        for folder in &folders {
            for extension in EXTENSIONS {
                let found = paths::below(folder, &format!("{}.{extension}", &stem[..end]));
                let is_template = |p: &String| *p != path && sources.is_file(p);
                if let Some(found) = found.filter(is_template).and_then(|found| candidate(&found, sources)) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// A value in which `{Stage}` or `${Stage}` stands for another parameter of the template.
fn with_placeholders(text: &str, scope: &Arc<str>, own: &BTreeSet<Arc<str>>) -> Expr {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(open) = rest[from..].find('{').map(|at| from + at) {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        let Some(name) = own.get(&rest[open + 1..close]) else {
            from = open + 1;
            continue;
        };
        let before = &rest[..open];
        pieces.push(Expr::literal(before.strip_suffix('$').unwrap_or(before)));
        pieces.push(Expr::Parameter { scope: scope.clone(), name: name.clone() });
        (rest, from) = (&rest[close + 1..], 0);
    }
    pieces.push(Expr::literal(rest));
    Expr::concat(pieces)
}

/// The line on which the parameters begin.
fn line_of(root: &Tree) -> u32 {
    let list = ["Parameters", "parameters"].iter().find_map(|key| root.get(key));
    list.map_or(1, |list| list.place.line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::{Deployment, MemorySources};

    const ORDERS: &str =
        "{Parameters: {Stage: {Type: String}, Table: {Type: String}}, Resources: {T: {Type: 'AWS::SNS::Topic'}}}";

    fn check(path: &str, text: &str, expected: &[&str]) {
        let bills = "{Parameters: {Stage: {Type: String}}, Resources: {T: {Type: 'AWS::SNS::Topic'}}}";
        let files = [(path, text), ("bills.yaml", bills), ("orders.yaml", ORDERS), ("deep/orders.yaml", ORDERS)];
        let mut out = Declarations::default();
        given(&SourceFile::new(path, text), &MemorySources::new(files), &mut out);
        let show = |d: &Deployment| {
            let given: Vec<String> = d.parameters.iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{}:{} {}", d.scope, d.place.line, given.join(" "))
        };
        assert_eq!(out.deployments.iter().map(show).collect::<Vec<_>>(), expected, "{path}");
    }

    #[test]
    fn lists_of_parameters() {
        let text = "[{\"ParameterKey\": \"Stage\", \"ParameterValue\": \"prod\"}]";
        check("orders.json", text, &["orders.yaml:1 Stage=prod"]);
        check("parameters/orders-prod.json", text, &["orders.yaml:1 Stage=prod"]);
        check("deep/orders.parameters.json", text, &["deep/orders.yaml:1 Stage=prod"]);
        check("other/orders.json", text, &[]);
        check("orders.json", "{\"ParameterKey\": 1}", &[]);
    }

    #[test]
    fn maps_of_parameters() {
        check("deep/config.json", "{\"Parameters\": {\"Stage\": \"prod\"}}", &["deep/orders.yaml:1 Stage=prod"]);
        let text = "name: orders\nparameters:\n  Table: /x/{Stage}/${Stage}/{Other}\n";
        check("deep/metadata.yaml", text, &["deep/orders.yaml:3 Table=/x/${Stage}/${Stage}/{Other}"]);
        check("deep/metadata.yaml", "parameters: {Other: x}", &[]);
        check("deep/metadata.yaml", "parameters: {Stage: {type: string}}", &[]);
    }

    #[test]
    fn which_of_several_templates() {
        check("config.yaml", "parameters: {Stage: prod}", &[]);
        check("config.yaml", "parameters: {Stage: prod, Table: x}", &["orders.yaml:1 Stage=prod Table=x"]);
        check("bills.json", "{\"Parameters\": {\"Stage\": \"prod\"}}", &["bills.yaml:1 Stage=prod"]);
    }
}
