//! Where the code of a function is: folders, images.

use crate::cargo;
use crate::commands::{Started, Surroundings};
use crate::docker::{self, Dockerfile};
pub(crate) use crate::paths;
use crate::template::{Declared, Template};
use crate::tree::Tree;
use facts::{Archive, Expr, Handler};
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
    if let Some((folder, _)) = compiled(&path).filter(|(folder, _)| template.sources.is_dir(folder)) {
        return Ok(folder.to_owned());
    }
    if template.sources.is_file(&path) {
        return Ok(path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()));
    }
    Err(format!("there is no `{path}`"))
}

/// Whether a folder has code that a runtime can run: the file that the handler names, or a package that is compiled.
pub(crate) fn has(template: &Template<'_>, folder: &str, runtime: &str, handler: &str) -> bool {
    if runtime.starts_with("provided") {
        return paths::below(folder, "Cargo.toml").is_some_and(|manifest| template.sources.is_file(&manifest));
    }
    let module = handler.rsplit_once('.').map_or(handler, |(module, _)| module).replace('.', "/");
    let Some(file) = paths::below(folder, &module) else { return false };
    template.sources.below(folder).iter().any(|path| path.rsplit_once('.').is_some_and(|(stem, _)| stem == file))
}

/// What Cargo Lambda compiles is in `target/lambda/NAME` of the package or workspace: its folder, and the binary's name.
fn compiled(path: &str) -> Option<(&str, &str)> {
    let (folder, rest) = path.split_once("target/lambda/")?;
    let name = rest.split('/').next().map(|name| name.strip_suffix(".zip").unwrap_or(name));
    Some((folder.trim_end_matches('/'), name.filter(|name| !name.is_empty())?))
}

/// Whether a path is that of something that Cargo Lambda compiles.
pub(crate) fn is_compiled(path: &str) -> bool {
    compiled(path).is_some()
}

/// The binary that is compiled for a function, where its metadata, the place of its code or the recipe of its build
/// names one.
pub(crate) fn binary(template: &Template<'_>, declared: &Declared<'_>, location: Option<&Tree>) -> Option<Arc<str>> {
    let named = declared.tree.at(&["Metadata", "BuildProperties", "Binary"]).and_then(Tree::text);
    let named = named.or_else(|| compiled(location?.text()?).map(|(_, name)| name));
    let of_recipe = || {
        let folder = paths::resolve(&template.file.path, location.map_or(Some("."), Tree::text)?)?;
        cargo::built_by(recipe(template, declared, &folder)?.iter().map(String::as_str))
    };
    named.map(str::to_owned).or_else(of_recipe).map(Into::into)
}

/// Where the code of a function is.
pub(crate) struct Found {
    /// The folders that its modules are in; none where nothing tells.
    pub(crate) folders: Vec<Arc<str>>,
    /// The archive that it is in, if it is in one or nothing else is known of it.
    pub(crate) archive: Option<Archive>,
}

/// The folders of a function's code: those that an archive is made of, where it is named like one of the scan, or else
/// the folder that the template says.
pub(crate) fn found(template: &Template<'_>, declared: &Declared<'_>, location: Option<&Tree>, handler: &str) -> Found {
    let uploaded = declared.property(&["Code", "S3Key"]).or_else(|| declared.property(&["CodeUri", "Key"]));
    let written = ["Artifact", "CodeUri", "Code"].into_iter().find_map(|name| declared.property(&[name]));
    let key = uploaded.or(written).map(|key| (template.names.expr(key), key.place.clone()));
    let name = key.as_ref().map_or_else(|| declared.id.into(), |(key, _)| key.to_string().into());
    if let Some(folders) = key.as_ref().and_then(|(key, _)| named_like(template, key, handler)) {
        return Found { folders, archive: Some(Archive { name, unknown: None }) };
    }
    match folder(template, declared, location) {
        Ok(folder) => {
            let archive = uploaded.map(|_| Archive { name, unknown: None });
            Found { folders: vec![folder.into()], archive }
        }
        Err(why) => {
            let place = location.map_or_else(|| declared.key.place.clone(), |tree| tree.place.clone());
            Found { folders: Vec::new(), archive: Some(Archive { name, unknown: Some((why, place)) }) }
        }
    }
}

/// The folders of code that a build puts into an archive, which the scan does not have: the one folder that is named like
/// the archive and has the handler's file. What a build takes from beside it is found there.
fn named_like(template: &Template<'_>, key: &Expr, handler: &str) -> Option<Vec<Arc<str>>> {
    let last = match key {
        Expr::Concat(pieces) => pieces.last()?,
        one => one,
    };
    let archive = last.as_literal()?.rsplit('/').next()?.strip_suffix(".zip")?;
    let (module, _) = handler.rsplit_once('.')?;
    let file = format!("/{}", module.replace('.', "/"));
    // Each folder with what stands above the part of its path that is named like the archive.
    let mut found: Vec<(&str, &str)> = Vec::new();
    for path in template.sources.paths() {
        let Some((stem, ending)) = path.rsplit_once('.') else { continue };
        let plain = ending.bytes().all(|b| b.is_ascii_alphanumeric());
        let Some(folder) = stem.strip_suffix(&file).filter(|_| plain) else { continue };
        if let Some(above) = above_named(folder, archive).filter(|above| !found.contains(&(folder, above))) {
            found.push((folder, above));
        }
    }
    // Of `orders/show` and `admin/orders/show` the second one is `admin_orders_show` by the rule that makes the first one
    // `orders_show`.
    let is_root = |root: &str| {
        found.iter().all(|(_, above)| root.is_empty() || *above == root || above.starts_with(&format!("{root}/")))
    };
    let mut of_root = found.iter().filter(|(_, above)| is_root(above)).map(|(folder, _)| *folder);
    let folder = of_root.next().filter(|_| of_root.next().is_none())?;
    let beside = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    Some(vec![folder.into(), beside.into()])
}

/// What stands above the end of a folder's path that has the words of an archive's name, however they are put together.
fn above_named<'f>(folder: &'f str, archive: &str) -> Option<&'f str> {
    let words = |name: &str| name.replace(['-', '.', '/'], "_").to_ascii_lowercase();
    let archive = words(archive);
    let starts = folder.rmatch_indices('/').map(|(at, _)| at).filter(|at| words(&folder[at + 1..]) == archive);
    starts.map(|at| &folder[..at]).next().or_else(|| (words(folder) == archive).then_some(""))
}

/// A Makefile build copies the code from somewhere: `build-Fn:` with `cp -r src/. $(ARTIFACTS_DIR)`.
fn makefile_source(template: &Template<'_>, declared: &Declared<'_>, folder: &str) -> Option<String> {
    let lines = recipe(template, declared, folder)?;
    let copy = lines.iter().find(|l| l.contains("cp ") && l.contains("ARTIFACTS_DIR"))?;
    let source = copy.split_whitespace().skip(1).find(|w| !w.starts_with('-') && *w != "cp" && !w.contains('$'))?;
    let source = source.trim_end_matches(['*', '.']).trim_end_matches('/');
    let path = paths::below(folder, source)?;
    template.sources.is_dir(&path).then_some(path)
}

/// The commands by which a Makefile builds a function.
fn recipe(template: &Template<'_>, declared: &Declared<'_>, folder: &str) -> Option<Vec<String>> {
    let method = declared.tree.at(&["Metadata", "BuildMethod"])?.text()?;
    if method != "makefile" {
        return None;
    }
    let makefile = paths::below(folder, "Makefile")?;
    let file = template.sources.read(&makefile).ok()?;
    let target = format!("build-{}:", declared.id);
    let lines = file.text.lines().skip_while(|l| !l.starts_with(&target)).skip(1);
    Some(lines.take_while(|l| l.starts_with(['\t', ' '])).map(str::to_owned).collect())
}

/// What an image function runs: its own command or that of its Dockerfile, and the folders that it is built from.
pub(crate) fn image(template: &Template<'_>, declared: &Declared<'_>) -> Option<(Handler, Vec<Arc<str>>)> {
    if declared.property(&["PackageType"]).and_then(Tree::text) != Some("Image") {
        return None;
    }
    let built = built_from(template, declared)
        .and_then(|(context, path)| Some(Dockerfile::read(template.sources, &path)?.built_from(context)));
    let image = built.or_else(|| {
        let uri = declared.property(&["ImageUri"]).or_else(|| declared.property(&["Code", "ImageUri"]))?;
        Dockerfile::read(template.sources, &docker::of_image(template, uri)?)
    })?;
    let words = |way: &[&str]| -> Vec<String> {
        let tree = declared.property(way).map(Tree::one_or_many).unwrap_or_default();
        tree.into_iter().filter_map(Tree::text).map(str::to_owned).collect()
    };
    let (entrypoint, command) = (words(&["ImageConfig", "EntryPoint"]), words(&["ImageConfig", "Command"]));
    let entrypoint = if entrypoint.is_empty() { image.entrypoint.clone() } else { entrypoint };
    let command = if command.is_empty() { image.command.clone() } else { command };
    // A server that an adapter asks, or the runtime's own client.
    let whole: Vec<&str> = entrypoint.iter().chain(&command).flat_map(|word| word.split_whitespace()).collect();
    let variables = image.environment.iter().map(|(name, (value, _))| (&**name, &**value)).collect();
    let around = Surroundings { sources: template.sources, image: Some(&image), variables };
    if let Some(Started { handler, roots }) = around.started(&whole) {
        return Some((handler, roots));
    }
    if let Some(binary) = image.binary(entrypoint.first(), command.first()) {
        return Some((Handler::Named(binary.into()), image.folders(template.sources)));
    }
    let handler = Handler::Named(command.first()?.as_str().into());
    Some((handler, image.folders(template.sources)))
}

/// What a handler starts that is a script of the code's folder: an adapter in a layer runs it and asks the server that
/// it starts.
pub(crate) fn script(
    template: &Template<'_>,
    declared: &Declared<'_>,
    name: &str,
    folders: &[Arc<str>],
) -> Option<(Handler, Vec<Arc<str>>)> {
    let folder = folders.first().filter(|_| name.rsplit_once('.').is_some_and(|(_, end)| end == "sh"))?;
    let image = Dockerfile::of_folder(folder);
    let variables = declared.property(&["Environment", "Variables"]).map(Tree::entries).unwrap_or_default();
    let variables = variables.iter().filter_map(|(name, value)| Some((&*name.text, value.text()?))).collect();
    let around = Surroundings { sources: template.sources, image: Some(&image), variables };
    let Started { handler, mut roots } = around.started(&[name])?;
    roots.extend(folders.iter().filter(|folder| !roots.contains(folder)).cloned().collect::<Vec<_>>());
    Some((handler, roots))
}

/// The folder that an image is built from, and the Dockerfile in it, where a function's metadata names them.
fn built_from(template: &Template<'_>, declared: &Declared<'_>) -> Option<(String, String)> {
    let metadata = declared.tree.get("Metadata")?;
    let context = metadata.get("DockerContext").and_then(Tree::text).unwrap_or(".");
    let dockerfile = metadata.get("Dockerfile").and_then(Tree::text).unwrap_or("Dockerfile");
    let folder = paths::resolve(&template.file.path, context)?;
    let path = paths::below(&folder, dockerfile).filter(|path| template.sources.is_file(path))?;
    Some((folder, path))
}
