//! Files that hold the parameters of a deployment: `samconfig.toml` and `.yaml`, and those beside a template.

use crate::tree::{self, Tree};
use crate::{beside, paths, scripts};
use facts::{ConfigFrontend, Declarations, Deployment, Diagnostic, Expr, Place, SourceFile, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files of parameters.
#[derive(Debug)]
pub(crate) struct Settings;

impl ConfigFrontend for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn wants(&self, path: &str) -> bool {
        let name = name_of(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        name == "samconfig.toml" || matches!(extension, "json" | "yaml" | "yml")
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        if file.path.ends_with(".toml") {
            if let Some(root) = toml_tree(file, out) {
                samconfig(file, &root, sources, out);
            }
        } else if matches!(name_of(&file.path), "samconfig.yaml" | "samconfig.yml") {
            if let Some(root) = tree::read(file, &mut out.diagnostics) {
                samconfig(file, &root, sources, out);
            }
        } else {
            beside::given(file, sources, out);
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The settings as a tree. Their places are the file's: the lines of keys are found by their words.
fn toml_tree(file: &SourceFile, out: &mut Declarations) -> Option<Tree> {
    let place = Place::new(file.path.clone(), 1, 1);
    match toml::from_str(&file.text) {
        Ok(root) => Some(of_toml(&toml::Value::Table(root), &place)),
        Err(error) => {
            let before = error.span().map_or("", |span| file.text.get(..span.start).unwrap_or_default());
            let line = u32::try_from(before.lines().count().max(1)).unwrap_or(1);
            let message = "the settings of `sam` cannot be read; what they give to parameters is left out";
            out.diagnostics.push(Diagnostic::warning("toml-syntax", Place::new(file.path.clone(), line, 1), message));
            None
        }
    }
}

fn of_toml(value: &toml::Value, place: &Place) -> Tree {
    match value {
        toml::Value::Table(all) => Tree::map(place, all.iter().map(|(k, v)| (k.as_str(), of_toml(v, place)))),
        toml::Value::Array(all) => Tree::list(place, all.iter().map(|v| of_toml(v, place)).collect()),
        toml::Value::String(text) => Tree::scalar(place, text.as_str()),
        other => Tree::scalar(place, other.to_string()),
    }
}

/// What `sam deploy` is given when nobody says otherwise; other environments give what that one does not.
fn samconfig(file: &SourceFile, root: &Tree, sources: &dyn Sources, out: &mut Declarations) {
    let mut environments: Vec<_> = root.entries().iter().map(|(name, value)| (&*name.text, value)).collect();
    if let Some(default) = environments.iter().position(|(name, _)| *name == "default") {
        environments = vec![environments.swap_remove(default)];
    }
    for (_, environment) in environments {
        let Some(given) = environment.at(&["deploy", "parameters"]) else { continue };
        let global = environment.at(&["global", "parameters"]);
        let named = |key: &str| given.get(key).or_else(|| global?.get(key));
        let Some(overrides) = named("parameter_overrides") else { continue };
        let parameters = match overrides.text() {
            Some(text) => scripts::words(text),
            None => overrides.items().iter().filter_map(|v| v.text().map(str::to_owned)).collect(),
        };
        let parameters = scripts::given(&parameters, &file.path);
        let template = named("template_file").or_else(|| named("template")).and_then(Tree::text);
        let beside = |name: &str| paths::resolve(&file.path, name).filter(|path| sources.is_file(path));
        let usual = || ["template.yaml", "template.yml", "template.json"].into_iter().find_map(beside);
        // What was built is built of the template beside the settings.
        let Some(scope) = template.and_then(beside).or_else(usual) else { continue };
        push(file, scope.into(), parameters, line_of(&file.text, "parameter_overrides"), out);
    }
}

/// The parameters of a list in JSON: `ParameterKey` and `ParameterValue`, or a map of them.
pub(crate) fn listed(file: &SourceFile) -> BTreeMap<Arc<str>, Expr> {
    let Some(root) = tree::read(file, &mut Vec::new()) else { return BTreeMap::new() };
    let list = root.get("Parameters").unwrap_or(&root);
    let pair = |item: &Tree| {
        let key: Arc<str> = item.get("ParameterKey")?.text()?.into();
        Some((key, Expr::literal(item.get("ParameterValue")?.text()?)))
    };
    let entry = |(key, value): &(tree::Key, Tree)| Some((key.text.clone(), Expr::literal(value.text()?)));
    let map = list.entries().iter().filter(|(key, _)| !key.text.starts_with("Parameter")).filter_map(entry);
    list.items().iter().filter_map(pair).chain(map).collect()
}

pub(crate) fn push(
    file: &SourceFile,
    scope: Arc<str>,
    parameters: BTreeMap<Arc<str>, Expr>,
    line: u32,
    out: &mut Declarations,
) {
    if !parameters.is_empty() {
        out.deployments.push(Deployment { scope, parameters, place: Place::new(file.path.clone(), line, 1) });
    }
}

fn line_of(text: &str, word: &str) -> u32 {
    let at = text.lines().position(|line| line.trim_start().starts_with(word)).unwrap_or(0);
    u32::try_from(at + 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let files = [(path, text), ("template.yaml", ""), ("orders.yaml", "")];
        let mut out = Declarations::default();
        Settings.extract(&SourceFile::new(path, text), &MemorySources::new(files), &mut out);
        let show = |d: &Deployment| {
            let given: Vec<String> = d.parameters.iter().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{}:{} {}", d.scope, d.place.line, given.join(" "))
        };
        let mut got: Vec<String> = out.deployments.iter().map(show).collect();
        got.extend(out.diagnostics.iter().map(|d| d.code.to_owned()));
        assert_eq!(got, expected, "{path}");
    }

    #[test]
    fn settings_of_sam() {
        let text =
            "version = 0.1\n[default.deploy.parameters]\nparameter_overrides = \"Stage=\\\"prod\\\" Name='a b'\"\n";
        check("samconfig.toml", text, &["template.yaml:3 Name=a b Stage=prod"]);
        let two = "[default.deploy.parameters]\nparameter_overrides = [\"Stage=dev\"]\ntemplate_file = \"orders.yaml\"\n[prod.deploy.parameters]\nparameter_overrides = \"Stage=prod\"";
        check("samconfig.toml", two, &["orders.yaml:2 Stage=dev"]);
        check("samconfig.toml", "[default.deploy]\nx = 1", &[]);
        check("samconfig.toml", "[default", &["toml-syntax"]);
    }
}
