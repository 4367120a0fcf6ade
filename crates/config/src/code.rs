//! Where the code of a function is: folders, layers, images.

pub(crate) use crate::paths;
use crate::template::{Declared, Template};
use crate::tree::Tree;
use facts::Handler;
use std::sync::Arc;

/// The folder of a function's code.
pub(crate) fn folder(
    template: &Template<'_>,
    declared: &Declared<'_>,
    location: Option<&Tree>,
) -> Result<String, String> {
    let written = match location {
        None => ".",
        Some(tree) => tree.text().ok_or("its place is known only at deployment")?,
    };
    if written.starts_with("s3://") {
        return Err(format!("it is taken from `{written}`"));
    }
    let path =
        paths::resolve(&template.file.path, written).ok_or(format!("`{written}` is outside of what is scanned"))?;
    if let Some(folder) = makefile_source(template, declared, &path) {
        return Ok(folder);
    }
    if template.sources.is_dir(&path) {
        return Ok(path);
    }
    if template.sources.is_file(&path) {
        return Ok(path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()));
    }
    Err(format!("there is no `{path}`"))
}

/// A Makefile build copies the code from somewhere: `build-Fn:` with `cp -r src/. $(ARTIFACTS_DIR)`.
fn makefile_source(template: &Template<'_>, declared: &Declared<'_>, folder: &str) -> Option<String> {
    let method = declared.tree.at(&["Metadata", "BuildMethod"])?.text()?;
    if method != "makefile" {
        return None;
    }
    let makefile = paths::below(folder, "Makefile")?;
    let file = template.sources.read(&makefile).ok()?;
    let target = format!("build-{}:", declared.id);
    let mut lines = file.text.lines().skip_while(|l| !l.starts_with(&target)).skip(1);
    let copy = lines
        .by_ref()
        .take_while(|l| l.starts_with(['\t', ' ']))
        .find(|l| l.contains("cp ") && l.contains("ARTIFACTS_DIR"))?;
    let source = copy.split_whitespace().skip(1).find(|w| !w.starts_with('-') && *w != "cp" && !w.contains('$'))?;
    let source = source.trim_end_matches(['*', '.']).trim_end_matches('/');
    let path = paths::below(folder, source)?;
    template.sources.is_dir(&path).then_some(path)
}

/// The folders of a function's layers, with their `python` folders first.
pub(crate) fn layers(template: &Template<'_>, declared: &Declared<'_>) -> Vec<Arc<str>> {
    let own = declared.property(&["Layers"]).map(Tree::one_or_many).unwrap_or_default();
    let mut out = Vec::new();
    for layer in own {
        let Some(folder) = layer_folder(template, layer) else { continue };
        for below in ["python", ""] {
            let path = paths::below(&folder, below).unwrap_or_default();
            if template.sources.is_dir(&path) && !out.iter().any(|o: &Arc<str>| **o == *path) {
                out.push(path.into());
            }
        }
    }
    out
}

fn layer_folder(template: &Template<'_>, layer: &Tree) -> Option<String> {
    let (function, name) = layer.single()?;
    let name = name.text()?;
    let id = match function {
        "Ref" => name,
        "Fn::Sub" => name.strip_prefix("${")?.strip_suffix('}')?,
        _ => return None,
    };
    let layer = template.resources.get(id)?;
    let written = layer.property(&["ContentUri"]).or_else(|| layer.property(&["Content"]))?.text()?;
    paths::resolve(&template.file.path, written)
}

/// What an image function runs: its `Dockerfile`'s command, and the folder that it is built from.
pub(crate) fn image(template: &Template<'_>, declared: &Declared<'_>) -> Option<(Handler, Vec<Arc<str>>)> {
    let metadata = declared.tree.get("Metadata")?;
    let context = metadata.get("DockerContext").and_then(Tree::text).unwrap_or(".");
    let dockerfile = metadata.get("Dockerfile").and_then(Tree::text).unwrap_or("Dockerfile");
    let package = declared.property(&["PackageType"]).and_then(Tree::text);
    if package != Some("Image") {
        return None;
    }
    let folder = paths::resolve(&template.file.path, context)?;
    let file = template.sources.read(&paths::below(&folder, dockerfile)?).ok()?;
    let own = declared
        .property(&["ImageConfig", "Command"])
        .and_then(|c| c.one_or_many().first().copied())
        .and_then(Tree::text);
    let command = own.map(str::to_owned).or_else(|| docker_command(&file.text))?;
    let mut roots: Vec<Arc<str>> = vec![folder.clone().into()];
    for source in docker_copies(&file.text) {
        if let Some(path) = paths::below(&folder, &source).filter(|p| template.sources.is_dir(p)) {
            roots.push(path.into());
        }
    }
    Some((Handler::Named(command.into()), roots))
}

/// The handler of `CMD ["app.main"]` or `CMD app.main`; the last one counts.
fn docker_command(text: &str) -> Option<String> {
    let line = text.lines().rev().find_map(|l| l.trim().strip_prefix("CMD"))?;
    let first = line.trim().trim_start_matches('[').trim_end_matches(']').split(',').next()?;
    Some(first.trim().trim_matches(['"', '\'']).to_owned())
}

fn docker_copies(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|l| l.trim().strip_prefix("COPY "));
    lines.filter_map(|l| l.split_whitespace().find(|w| !w.starts_with("--")).map(str::to_owned)).collect()
}
