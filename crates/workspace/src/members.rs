//! Which packages belong together, which targets each has, and what its code calls the others.

use crate::manifest::{self, Dependency, For, Manifest, Package, Workspace};
use crate::paths;
use facts::{Diagnostic, Place, Sources};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::{BTreeMap, BTreeSet};

/// A package of the scan.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The package's name, or name and folder where two are called the same.
    pub(crate) id: String,
    pub(crate) folder: String,
    pub(crate) package: Package,
    /// Paths in `use` items begin at the root of the crate, as they did before 2018.
    pub(crate) old_paths: bool,
    /// What code calls the library.
    pub(crate) lib_name: String,
    /// Root files: the library, programs, the build script.
    pub(crate) roots: Vec<Root>,
    pub(crate) dependencies: Vec<Known>,
}

/// The root file of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) kind: RootKind,
    pub(crate) file: String,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RootKind {
    Library,
    Program,
    Build,
}

/// A dependency, by the name that code has for it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) used_for: For,
    pub(crate) to: To,
    pub(crate) place: Place,
}

/// What is depended on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum To {
    /// A package of the scan, by its place in the list.
    Member(usize),
    /// A package from elsewhere.
    External(String),
}

/// The packages, by id.
pub(crate) fn packages(sources: &dyn Sources, diagnostics: &mut Vec<Diagnostic>) -> Vec<Member> {
    let (manifests, unread) = manifests(sources);
    let mut chosen: BTreeMap<String, Option<String>> = BTreeMap::new();
    for root in outermost(&manifests) {
        for folder in belonging(&root, &manifests) {
            chosen.entry(folder).or_insert_with(|| Some(root.clone()));
        }
    }
    // A template of a manifest, with holes in it, is none.
    let roots: Vec<&String> = chosen.values().flatten().collect();
    let is_wanted = |folder: &str| {
        manifests.is_empty() || folder.is_empty() || roots.iter().any(|root| is_member(root, &manifests[*root], folder))
    };
    diagnostics.extend(unread.into_iter().filter(|(folder, _)| is_wanted(folder)).map(|(_, found)| found));
    if chosen.is_empty() && !diagnostics.iter().any(|found| found.code == "toml-syntax") {
        let place = Place::new("Cargo.toml", 1, 1);
        let message = "there is no Cargo.toml with a package in this folder, so there is nothing to draw";
        diagnostics.push(Diagnostic::warning("no-crates", place, message));
    }
    let names: Vec<&str> =
        chosen.keys().filter_map(|folder| Some(&*manifests[folder].package.as_ref()?.name)).collect();
    let mut members: Vec<Member> = Vec::new();
    for (folder, root) in &chosen {
        let (manifest, workspace) = (&manifests[folder], root.as_ref().map(|root| &manifests[root]));
        if let Some(package) = &manifest.package {
            let twice = names.iter().filter(|name| **name == package.name).count() > 1;
            let id = if twice { format!("{} ({folder})", package.name) } else { package.name.clone() };
            members.push(member(id, folder, package, workspace, sources));
        }
    }
    members.sort_by(|a, b| a.id.cmp(&b.id));
    let places: BTreeMap<String, usize> = members.iter().enumerate().map(|(i, m)| (m.folder.clone(), i)).collect();
    let libs: Vec<String> = members.iter().map(|member| member.lib_name.clone()).collect();
    for member in &mut members {
        let root = chosen.get(&member.folder).cloned().flatten().unwrap_or_default();
        let resolver =
            Resolver { folder: &member.folder, root: &root, manifests: &manifests, places: &places, libs: &libs };
        member.dependencies =
            manifests[&member.folder].dependencies.iter().filter_map(|each| resolver.known(each)).collect();
    }
    members
}

/// Manifests by their folders.
type Manifests = BTreeMap<String, Manifest>;

/// Every manifest, and those that cannot be read.
fn manifests(sources: &dyn Sources) -> (Manifests, Vec<(String, Diagnostic)>) {
    let (mut found, mut unread) = (BTreeMap::new(), Vec::new());
    let is_manifest = |path: &&std::sync::Arc<str>| &***path == "Cargo.toml" || path.ends_with("/Cargo.toml");
    for path in sources.paths().iter().filter(is_manifest).filter(|path| !sources.is_alias(path)) {
        let Ok(file) = sources.read(path) else { continue };
        match manifest::read(&file) {
            Ok(manifest) => {
                found.insert(paths::folder(path).to_owned(), manifest);
            }
            Err(diagnostic) => unread.push((paths::folder(path).to_owned(), diagnostic)),
        }
    }
    (found, unread)
}

/// The folder itself where it has a manifest, or else each below it that has one and is within no other.
fn outermost(manifests: &BTreeMap<String, Manifest>) -> Vec<String> {
    if manifests.contains_key("") {
        return vec![String::new()];
    }
    let mut out: Vec<String> = Vec::new();
    for folder in manifests.keys() {
        if !out.iter().any(|above| folder.starts_with(&format!("{above}/"))) {
            out.push(folder.clone());
        }
    }
    out
}

/// The packages of a workspace, or a package alone, and what they depend on by path.
fn belonging(root: &str, manifests: &BTreeMap<String, Manifest>) -> BTreeSet<String> {
    let mut found = BTreeSet::from([root.to_owned()]);
    let workspace = manifests[root].workspace.as_ref();
    if let Some(workspace) = workspace {
        found.extend(manifests.keys().filter(|folder| is_listed(root, workspace, folder)).cloned());
    }
    let mut next: Vec<String> = found.iter().cloned().collect();
    while let Some(folder) = next.pop() {
        let inherited = |each: &Dependency| {
            let said = workspace.filter(|_| each.inherited).and_then(|workspace| workspace.dependencies.get(&each.key));
            match said {
                Some(said) => paths::join(root, said.path.as_deref()?),
                None => paths::join(&folder, each.path.as_deref()?),
            }
        };
        for path in
            manifests[&folder].dependencies.iter().filter(|each| each.used_for != For::Tests).filter_map(inherited)
        {
            if manifests.contains_key(&path) && found.insert(path.clone()) {
                next.push(path);
            }
        }
    }
    found
}

/// Whether a folder is one of those that a workspace lists.
fn is_listed(root: &str, workspace: &Workspace, folder: &str) -> bool {
    let is_excluded = |path: String| folder == path || folder.starts_with(&format!("{path}/"));
    workspace.members.iter().filter_map(|glob| matcher(root, glob)).any(|glob| glob.is_match(folder))
        && !workspace.exclude.iter().filter_map(|path| paths::join(root, path)).any(is_excluded)
}

/// The same of a manifest that may have none.
fn is_member(root: &str, manifest: &Manifest, folder: &str) -> bool {
    manifest.workspace.as_ref().is_some_and(|workspace| is_listed(root, workspace, folder))
}

fn matcher(root: &str, glob: &str) -> Option<GlobMatcher> {
    let glob = paths::join(root, glob)?;
    Some(GlobBuilder::new(&glob).literal_separator(true).build().ok()?.compile_matcher())
}

fn member(id: String, folder: &str, package: &Package, root: Option<&Manifest>, sources: &dyn Sources) -> Member {
    let of_workspace = || root.and_then(|root| root.workspace.as_ref()).and_then(|workspace| workspace.edition.clone());
    let edition = match package.edition.as_deref() {
        Some("workspace") => of_workspace(),
        _ => package.edition.clone(),
    };
    Member {
        id,
        folder: folder.to_owned(),
        package: package.clone(),
        old_paths: edition.is_none_or(|edition| edition == "2015"),
        lib_name: package.lib.0.clone().unwrap_or_else(|| in_code(&package.name)),
        roots: roots(folder, package, sources),
        dependencies: Vec::new(),
    }
}

/// The root files that are there.
fn roots(folder: &str, package: &Package, sources: &dyn Sources) -> Vec<Root> {
    let below = |path: &str| paths::join(folder, path).filter(|file| sources.is_file(file));
    let mut roots = Vec::new();
    let mut add = |kind: RootKind, file: Option<String>| {
        if let Some(file) = file.filter(|file| !roots.iter().any(|known: &Root| known.file == *file)) {
            roots.push(Root { kind, file });
        }
    };
    add(RootKind::Library, below(package.lib.1.as_deref().unwrap_or("src/lib.rs")));
    for (name, path) in &package.bins {
        let usual = [format!("src/bin/{name}.rs"), format!("src/bin/{name}/main.rs"), "src/main.rs".to_owned()];
        let file = match path {
            Some(path) => below(path),
            None => usual.iter().find_map(|path| below(path)),
        };
        add(RootKind::Program, file);
    }
    if package.autobins {
        add(RootKind::Program, below("src/main.rs"));
        let bin = paths::within(folder, "src/bin");
        for file in sources.below(&bin).iter().filter(|file| file.ends_with(".rs")) {
            let rest = &file[bin.len() + 1..];
            if !rest.contains('/') || rest.ends_with("/main.rs") && rest.matches('/').count() == 1 {
                add(RootKind::Program, Some(file.to_string()));
            }
        }
    }
    match package.build.as_deref() {
        Some("") => {}
        other => add(RootKind::Build, below(other.unwrap_or("build.rs"))),
    }
    roots
}

/// A package's name as code writes it.
pub(crate) fn in_code(name: &str) -> String {
    name.replace('-', "_")
}

/// Tells what the dependencies of a member are.
struct Resolver<'a> {
    folder: &'a str,
    root: &'a str,
    manifests: &'a BTreeMap<String, Manifest>,
    /// The members by folder.
    places: &'a BTreeMap<String, usize>,
    /// The name of each member's library.
    libs: &'a [String],
}

impl Resolver<'_> {
    fn known(&self, each: &Dependency) -> Option<Known> {
        let workspace = self.manifests.get(self.root).and_then(|root| root.workspace.as_ref());
        let said = workspace.filter(|_| each.inherited).and_then(|workspace| workspace.dependencies.get(&each.key));
        let (said, folder) = said.map_or((each, self.folder), |said| (said, self.root));
        let path = said.path.as_deref().and_then(|path| paths::join(folder, path));
        let to = match path.and_then(|path| self.places.get(&path)) {
            Some(member) => To::Member(*member),
            // A folder outside of the scan may hold anything.
            None => To::External(said.package.clone().unwrap_or_else(|| each.key.clone())),
        };
        // Whoever renames a package names it so; else code says what the library calls itself.
        let name = match &to {
            To::Member(member) if said.package.is_none() => self.libs.get(*member)?.clone(),
            _ => in_code(&each.key),
        };
        Some(Known { name, used_for: each.used_for, to, place: each.place.clone() })
    }
}
