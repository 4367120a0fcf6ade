//! Packages of Cargo: what their manifests say of binaries, libraries and one another.

use facts::{Sources, joined};
use std::sync::Arc;
use toml::{Table, Value};

/// A manifest and its folder.
pub(crate) struct Package {
    pub(crate) folder: String,
    manifest: Table,
}

impl Package {
    /// The package or workspace whose manifest is in a folder.
    pub(crate) fn at(folder: &str, sources: &dyn Sources) -> Option<Self> {
        let file = sources.read(&joined(folder, "Cargo.toml")?).ok()?;
        let manifest = file.text.parse::<Table>().ok()?;
        Some(Self { folder: folder.to_owned(), manifest })
    }

    /// The innermost package that a file belongs to.
    pub(crate) fn around(file: &str, sources: &dyn Sources) -> Option<Self> {
        let mut folder = file;
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            if let Some(package) = Self::at(folder, sources).filter(|p| p.manifest.contains_key("package")) {
                return Some(package);
            }
        }
        None
    }

    fn text(&self, way: &[&str]) -> Option<&str> {
        let (last, tables) = way.split_last()?;
        tables.iter().try_fold(&self.manifest, |table, key| table.get(*key)?.as_table())?.get(*last)?.as_str()
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.text(&["package", "name"])
    }

    /// The name by which code names the library.
    pub(crate) fn library_name(&self) -> Option<String> {
        Some(self.text(&["lib", "name"]).or_else(|| self.name())?.replace('-', "_"))
    }

    /// The file that the library begins with.
    pub(crate) fn library(&self, sources: &dyn Sources) -> Option<String> {
        let path = joined(&self.folder, self.text(&["lib", "path"]).unwrap_or("src/lib.rs"))?;
        sources.is_file(&path).then_some(path)
    }

    /// The binaries: their names and the files that they begin with.
    pub(crate) fn binaries(&self, sources: &dyn Sources) -> Vec<(String, String)> {
        let Some(package) = self.name() else { return Vec::new() };
        let mut out: Vec<(String, String)> = Vec::new();
        let mut add = |name: &str, paths: &[String]| {
            let path = paths.iter().filter_map(|p| joined(&self.folder, p)).find(|p| sources.is_file(p));
            if let Some(path) = path.filter(|path| !out.iter().any(|(n, p)| n == name || p == path)) {
                out.push((name.to_owned(), path));
            }
        };
        for binary in self.manifest.get("bin").and_then(Value::as_array).into_iter().flatten() {
            let word = |key: &str| binary.get(key).and_then(Value::as_str);
            let Some(name) = word("name") else { continue };
            let mut usual = vec![format!("src/bin/{name}.rs"), format!("src/bin/{name}/main.rs")];
            usual.extend((name == package).then(|| "src/main.rs".to_owned()));
            let paths = word("path").map_or(usual, |path| vec![path.to_owned()]);
            add(name, &paths);
        }
        add(package, &["src/main.rs".to_owned()]);
        let folder = joined(&self.folder, "src/bin").unwrap_or_default();
        for path in sources.below(&folder) {
            let rest = path.strip_prefix(folder.as_str()).unwrap_or(path).trim_start_matches('/');
            let name = rest.strip_suffix("/main.rs").or_else(|| rest.strip_suffix(".rs"));
            if let Some(name) = name.filter(|name| !name.contains('/')) {
                add(name, &[format!("src/bin/{rest}")]);
            }
        }
        out
    }

    /// The packages of a workspace, itself among them where it is one.
    pub(crate) fn members(&self, sources: &dyn Sources) -> Vec<Package> {
        let listed = self.manifest.get("workspace").and_then(|w| w.get("members")).and_then(Value::as_array);
        let mut folders: Vec<String> = vec![self.folder.clone()];
        for member in listed.into_iter().flatten().filter_map(Value::as_str) {
            match member.strip_suffix("/*") {
                Some(above) => {
                    let inside = joined(&self.folder, above).map(|folder| folders_in(&folder, sources));
                    folders.extend(inside.unwrap_or_default());
                }
                None => folders.extend(joined(&self.folder, member)),
            }
        }
        folders.sort();
        folders.dedup();
        folders.iter().filter_map(|folder| Self::at(folder, sources)).filter(|p| p.name().is_some()).collect()
    }

    /// The package that a name in code means: a dependency by path, in this manifest or that of the workspace.
    pub(crate) fn dependency(&self, name: &str, sources: &dyn Sources) -> Option<Package> {
        let (key, declared) = ["dependencies", "build-dependencies"].iter().find_map(|table| {
            let all = self.manifest.get(*table)?.as_table()?;
            all.iter().find(|(key, _)| key.replace('-', "_") == name)
        })?;
        if let Some(path) = declared.get("path").and_then(Value::as_str) {
            return Self::at(&joined(&self.folder, path)?, sources);
        }
        if declared.get("workspace").and_then(Value::as_bool) != Some(true) {
            return None;
        }
        let mut folder = self.folder.as_str();
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let Some(above) = Self::at(folder, sources) else { continue };
            let all = above.manifest.get("workspace").and_then(|w| w.get("dependencies"));
            if let Some(path) = all.and_then(|all| all.get(key)?.get("path")?.as_str()) {
                return Self::at(&joined(&above.folder, path)?, sources);
            }
        }
        None
    }
}

fn folders_in(folder: &str, sources: &dyn Sources) -> Vec<String> {
    let manifest = |path: &Arc<str>| {
        let inner = path.strip_prefix(folder)?.trim_start_matches('/').strip_suffix("/Cargo.toml")?;
        (!inner.contains('/')).then(|| joined(folder, inner)).flatten()
    };
    sources.below(folder).iter().filter_map(manifest).collect()
}
