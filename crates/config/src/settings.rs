//! Parameters of a deployment in files of their own: `samconfig.toml`, and lists of `ParameterKey` and `ParameterValue`.

use crate::paths;
use crate::scripts;
use crate::tree::{self, Tree};
use facts::{ConfigFrontend, Declarations, Deployment, Diagnostic, Expr, Place, SourceFile, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings of deployments.
#[derive(Debug)]
pub(crate) struct Settings;

impl ConfigFrontend for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn wants(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "samconfig.toml" || name.rsplit_once('.').is_some_and(|(_, end)| end == "json")
    }

    fn extract(&self, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
        if file.path.ends_with(".toml") {
            return sam_config(file, sources, out);
        }
        if file.text.contains("ParameterKey") && file.text.contains("ParameterValue") {
            parameter_file(file, sources, out);
        }
    }
}

/// Each environment's `deploy` parameters: `parameter_overrides = "Stage=dev Table=orders"`, or a list of such words.
/// See <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html>.
fn sam_config(file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
    let root: toml::Table = match file.text.parse() {
        Ok(root) => root,
        Err(error) => {
            let before = error.span().and_then(|span| file.text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let place = Place::new(file.path.clone(), u32::try_from(line).unwrap_or(1), 1);
            let message = format!("this is no TOML: {}; the file is left out", error.message());
            return out.diagnostics.push(Diagnostic::error("syntax", place, message));
        }
    };
    let environments = root.values().filter_map(toml::Value::as_table);
    for environment in environments {
        let command = |name: &str| environment.get(name)?.get("parameters")?.as_table();
        let commands = ["global", "build", "deploy"].map(command);
        let setting = |name: &str| commands.iter().flatten().filter_map(|c| c.get(name)).next_back();
        let Some(written) = setting("parameter_overrides") else { continue };
        let named = setting("template_file").or_else(|| setting("template")).and_then(toml::Value::as_str);
        let usual = named.map_or_else(|| vec!["template.yaml", "template.yml", "template.json"], |n| vec![n]);
        let paths = usual.into_iter().filter_map(|name| paths::resolve(&file.path, name));
        let Some(scope) = paths.into_iter().find(|path| sources.is_file(path)) else { continue };
        let parameters = scripts::given(&words(written), &file.path);
        let line = file.text.lines().position(|line| line.contains("parameter_overrides")).unwrap_or(0) + 1;
        let place = Place::new(file.path.clone(), u32::try_from(line).unwrap_or(1), 1);
        if !parameters.is_empty() {
            out.deployments.push(Deployment { scope: scope.into(), parameters, place });
        }
    }
}

fn words(written: &toml::Value) -> Vec<String> {
    match written {
        toml::Value::String(text) => scripts::words(text),
        toml::Value::Array(all) => all.iter().filter_map(toml::Value::as_str).flat_map(scripts::words).collect(),
        _ => Vec::new(),
    }
}

/// `[{"ParameterKey": …, "ParameterValue": …}]` for the template of the same name: `orders.json`,
/// `orders-parameters.json` or `parameters/orders.json` beside `orders.yaml`.
fn parameter_file(file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
    let Some(scope) = template_of(&file.path, sources) else { return };
    let Some(root) = tree::read(file, &mut out.diagnostics) else { return };
    let pair = |item: &Tree| {
        Some((item.get("ParameterKey")?.text()?.into(), Expr::literal(item.get("ParameterValue")?.text()?)))
    };
    let parameters: BTreeMap<Arc<str>, Expr> = root.items().iter().filter_map(pair).collect();
    if !parameters.is_empty() {
        out.deployments.push(Deployment { scope, parameters, place: Place::new(file.path.clone(), 1, 1) });
    }
}

fn template_of(path: &str, sources: &dyn Sources) -> Option<Arc<str>> {
    let stem = path.rsplit('/').next()?.strip_suffix(".json")?;
    let ends = ["", "-parameters", ".parameters", "-params", ".params"];
    let stems = ends.iter().filter_map(|end| stem.strip_suffix(end)).filter(|s| !s.is_empty());
    let folders = ["", "../", "../templates/"];
    let candidates = stems.flat_map(|stem| {
        folders.into_iter().flat_map(move |folder| {
            ["yaml", "yml", "template", "json"].into_iter().map(move |end| format!("{folder}{stem}.{end}"))
        })
    });
    let paths = candidates.filter_map(|written| paths::resolve(path, &written));
    paths.filter(|candidate| candidate != path).find(|candidate| sources.is_file(candidate)).map(Into::into)
}
