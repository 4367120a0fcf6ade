//! `Cargo.toml`, as far as it says which targets there are and what their code may name.

use facts::{Diagnostic, Place, SourceFile};
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One `Cargo.toml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) package: Option<Package>,
    pub(crate) workspace: Option<Workspace>,
    /// What code of the package may name.
    pub(crate) dependencies: Vec<Dependency>,
}

/// `[package]` and its targets.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// A word of the edition, `2024`; `workspace` where it is that of the workspace, nothing where none is said.
    pub(crate) edition: Option<String>,
    /// The name and the file of the library, as far as they are said.
    pub(crate) lib: (Option<String>, Option<String>),
    /// Name and file of each program that is listed.
    pub(crate) bins: Vec<(String, Option<String>)>,
    /// Whether programs are found by where their files are, too.
    pub(crate) autobins: bool,
    /// The build script, where another one than `build.rs` is named; empty for none at all.
    pub(crate) build: Option<String>,
}

/// `[workspace]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) members: Vec<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) edition: Option<String>,
    /// Dependencies that members inherit, by key.
    pub(crate) dependencies: BTreeMap<String, Dependency>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    Program,
    Build,
    Tests,
}

/// An entry of a table of dependencies.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    pub(crate) key: String,
    pub(crate) used_for: For,
    /// The package, where the key is another name for it.
    pub(crate) package: Option<String>,
    /// The folder, relative to that of the manifest.
    pub(crate) path: Option<String>,
    /// Whether the workspace says what it is.
    pub(crate) inherited: bool,
    pub(crate) place: Place,
}

/// Reads a manifest; one that is not TOML is a diagnostic.
pub(crate) fn read(file: &SourceFile) -> Result<Manifest, Diagnostic> {
    let written = Written::new(file);
    let root = DeTable::parse(&file.text).map_err(|error| {
        let place = written.place(error.span().map_or(0, |span| span.start));
        let message = format!("this is not TOML ({}), and the package is left out", first_line(error.message()));
        Diagnostic::error("toml-syntax", place, message)
    })?;
    let root = root.get_ref();
    let workspace = table(root, "workspace").map(|found| written.workspace(found));
    let mut dependencies = Vec::new();
    written.dependencies(root, &mut dependencies);
    for (_, target) in table(root, "target").into_iter().flatten() {
        target.get_ref().as_table().into_iter().for_each(|found| written.dependencies(found, &mut dependencies));
    }
    Ok(Manifest { package: written.package(root), workspace, dependencies })
}

struct Written<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'a> Written<'a> {
    fn new(file: &'a SourceFile) -> Self {
        let ends = file.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { file: &file.path, text: &file.text, lines: std::iter::once(0).chain(ends).collect() }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let before = self.text.get(self.lines[line - 1]..offset).unwrap_or_default();
        Place::new(self.file.clone(), line as u32, before.chars().count() as u32 + 1)
    }

    fn package(&self, root: &DeTable<'_>) -> Option<Package> {
        let (key, found) = root.iter().find(|(key, _)| key.get_ref() == "package")?;
        let found = found.get_ref().as_table()?;
        let lib = table(root, "lib");
        let said = |key: &str| lib.and_then(|lib| text(lib, key));
        let bins = root.iter().find(|(key, _)| key.get_ref() == "bin").and_then(|(_, bins)| bins.get_ref().as_array());
        let bins = bins.into_iter().flat_map(|bins| bins.iter()).filter_map(|bin| {
            let bin = bin.get_ref().as_table()?;
            Some((text(bin, "name")?, text(bin, "path")))
        });
        let flag = |key: &str| value(found, key).and_then(DeValue::as_bool);
        Some(Package {
            name: text(found, "name")?,
            place: self.place(key.span().start),
            edition: inherited(found, "edition"),
            lib: (said("name"), said("path")),
            bins: bins.collect(),
            autobins: flag("autobins") != Some(false),
            build: if flag("build") == Some(false) { Some(String::new()) } else { text(found, "build") },
        })
    }

    fn workspace(&self, found: &DeTable<'_>) -> Workspace {
        let mut dependencies = Vec::new();
        self.dependencies(found, &mut dependencies);
        Workspace {
            members: list(found, "members"),
            exclude: list(found, "exclude"),
            edition: table(found, "package").and_then(|package| text(package, "edition")),
            dependencies: dependencies.into_iter().map(|each| (each.key.clone(), each)).collect(),
        }
    }

    fn dependencies(&self, found: &DeTable<'_>, out: &mut Vec<Dependency>) {
        let tables = [
            ("dependencies", For::Program),
            ("build-dependencies", For::Build),
            ("build_dependencies", For::Build),
            ("dev-dependencies", For::Tests),
            ("dev_dependencies", For::Tests),
        ];
        for (name, used_for) in tables {
            for (key, entry) in table(found, name).into_iter().flatten() {
                out.push(self.dependency(key, entry.get_ref(), used_for));
            }
        }
    }

    fn dependency(&self, key: &Spanned<toml::de::DeString<'_>>, entry: &DeValue<'_>, used_for: For) -> Dependency {
        let said = entry.as_table();
        let word = |name: &str| said.and_then(|said| text(said, name));
        Dependency {
            key: key.get_ref().to_string(),
            used_for,
            package: word("package"),
            path: word("path"),
            inherited: said.and_then(|said| value(said, "workspace")).and_then(DeValue::as_bool) == Some(true),
            place: self.place(key.span().start),
        }
    }
}

/// A text, or `workspace` where `key.workspace = true`.
fn inherited(found: &DeTable<'_>, key: &str) -> Option<String> {
    let from_workspace = table(found, key).and_then(|said| value(said, "workspace")).and_then(DeValue::as_bool);
    if from_workspace == Some(true) { Some("workspace".to_owned()) } else { text(found, key) }
}

fn value<'t, 'i>(found: &'t DeTable<'i>, key: &str) -> Option<&'t DeValue<'i>> {
    found.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value.get_ref())
}

fn table<'t, 'i>(found: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    value(found, key)?.as_table()
}

fn text(found: &DeTable<'_>, key: &str) -> Option<String> {
    value(found, key)?.as_str().map(str::to_owned)
}

fn list(found: &DeTable<'_>, key: &str) -> Vec<String> {
    let all = value(found, key).and_then(DeValue::as_array);
    all.into_iter().flat_map(|all| all.iter()).filter_map(|each| each.get_ref().as_str().map(str::to_owned)).collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
