//! Finding files: where a binary starts, and what a module is.

use crate::packages::Package;
use facts::{Entry, Handler, ImportRequest, Sources, Start, joined};
use std::sync::Arc;

/// Where an entry starts, if it is of Rust; the reason when its code is not found.
pub(crate) fn start(entry: &Entry, sources: &dyn Sources) -> Option<Result<Start, String>> {
    let surely = match entry.runtime.as_deref() {
        Some("rust") => true,
        // A custom runtime or an image can run anything; a manifest of Cargo decides.
        Some(runtime) if runtime.starts_with("provided") => false,
        None => false,
        Some(_) => return None,
    };
    let Handler::Named(name) = &entry.handler else { return None };
    let packages: Vec<Package> = entry.roots.iter().filter_map(|root| Package::at(root, sources)).collect();
    if packages.is_empty() {
        return surely.then(|| Err("there is no `Cargo.toml` in the folder of its code".to_owned()));
    }
    let mut all: Vec<(String, String, String)> = Vec::new();
    for member in packages.iter().flat_map(|package| package.members(sources)) {
        let package = member.name().unwrap_or_default().to_owned();
        all.extend(member.binaries(sources).into_iter().map(|(binary, path)| (package.clone(), binary, path)));
    }
    // An image without a word on its language: what it runs must be a binary here.
    let known = || &**name == "bootstrap" || all.iter().any(|(_, binary, _)| **binary == **name);
    if entry.runtime.is_none() && !known() {
        return None;
    }
    let (of, wanted) = name.rsplit_once('.').unwrap_or(("", name));
    let named = all.iter().find(|(package, binary, _)| binary == wanted && (of.is_empty() || package == of));
    let named = named.or_else(|| all.iter().find(|(_, binary, _)| **binary == **name));
    // Whatever the handler is called: the one binary there is becomes `bootstrap`.
    let found = named.or_else(|| all.first().filter(|_| all.len() == 1));
    Some(match found {
        Some((_, _, path)) => {
            let path: Arc<str> = path.as_str().into();
            Ok(Start { path: path.clone(), function: "main".into(), roots: vec![path] })
        }
        None if all.is_empty() => Err("its package has no binary".to_owned()),
        None => {
            let some: Vec<&str> = all.iter().map(|(_, binary, _)| binary.as_str()).take(6).collect();
            Err(format!("which of its binaries it runs is not said: `{}`", some.join("`, `")))
        }
    })
}

/// The file that a module is in. The one root is the file that the binary begins with.
pub(crate) fn module(request: ImportRequest<'_>, sources: &dyn Sources) -> Option<Arc<str>> {
    let root = request.roots.first().map_or("", |root| &**root);
    if let Some(path) = request.module.strip_prefix(".file ") {
        let folder = request.from.rsplit_once('/').map_or("", |(folder, _)| folder);
        return joined(folder, path).filter(|path| sources.is_file(path)).map(Into::into);
    }
    let mut names = request.module.strip_prefix('.').unwrap_or(request.module).split('.').peekable();
    let relative = request.module.starts_with('.');
    let mut file = match names.next()? {
        "self" if relative => request.from.to_owned(),
        "super" if relative => above(request.from, root, sources)?,
        "crate" if relative => crate_root(request.from, root, sources)?,
        name => library(request.from, name, sources)?,
    };
    while names.next_if(|name| relative && *name == "super").is_some() {
        file = above(&file, root, sources)?;
    }
    for name in names {
        let folder = folder_of(&file, root);
        let candidates = [format!("{name}.rs"), format!("{name}/mod.rs")];
        file = candidates.iter().filter_map(|c| joined(&folder, c)).find(|path| sources.is_file(path))?;
    }
    Some(file.into())
}

/// Whether a file begins a crate or stands for its folder.
fn is_root(file: &str, root: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    file == root || matches!(name, "main.rs" | "lib.rs" | "mod.rs")
}

/// The folder in which the modules of a file are.
fn folder_of(file: &str, root: &str) -> String {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    if is_root(file, root) {
        return folder.to_owned();
    }
    let name = name.strip_suffix(".rs").unwrap_or(name);
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The file of the module around that of a file.
fn above(file: &str, root: &str, sources: &dyn Sources) -> Option<String> {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = if file.ends_with("/mod.rs") { folder.rsplit_once('/').map_or("", |(f, _)| f) } else { folder };
    let candidates = [format!("{folder}/mod.rs"), format!("{folder}.rs")];
    let own = candidates.iter().map(|c| c.trim_start_matches('/').to_owned()).find(|path| sources.is_file(path));
    own.or_else(|| crate_root(file, root, sources))
}

/// The file that the crate of a file begins with: of a package with a binary and a library, the one that has the module.
fn crate_root(file: &str, root: &str, sources: &dyn Sources) -> Option<String> {
    if is_root(file, root) && !file.ends_with("/mod.rs") {
        return Some(file.to_owned());
    }
    let package = Package::around(file, sources)?;
    let library = package.library(sources);
    let inside = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        file.strip_prefix(folder).map(|rest| rest.trim_start_matches('/').to_owned())
    };
    let declares = |path: &str| {
        let rest = inside(path)?;
        let name = rest.split('/').next()?.trim_end_matches(".rs").to_owned();
        let text = sources.read(path).ok()?;
        Some(text.text.contains(&format!("mod {name}")))
    };
    let binary =
        (!root.is_empty() && Package::around(root, sources)?.folder == package.folder).then(|| root.to_owned());
    match (library, binary) {
        (Some(library), Some(binary)) if declares(&binary) == Some(true) && declares(&library) != Some(true) => {
            Some(binary)
        }
        (library, binary) => library.or(binary),
    }
}

/// The file that begins the library that code names: of its own package, or of one that it depends on by path.
fn library(file: &str, name: &str, sources: &dyn Sources) -> Option<String> {
    let package = Package::around(file, sources)?;
    if let Some(dependency) = package.dependency(name, sources) {
        return dependency.library(sources);
    }
    (package.library_name().as_deref() == Some(name)).then(|| package.library(sources)).flatten()
}
