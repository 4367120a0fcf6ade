//! Libraries whose files lie among the code that uses them: what they do is told by the catalog or not at all, and not by
//! walking through them.

use crate::lost::first_word;
use facts::Sources;
use std::collections::{BTreeMap, BTreeSet};

/// What installers left beside what they installed, and said so.
pub(crate) struct Vendored<'s> {
    sources: &'s dyn Sources,
    /// The names of installed modules by the folder that they were installed into.
    installed: BTreeMap<&'s str, BTreeSet<String>>,
}

impl<'s> Vendored<'s> {
    /// Looks for the metadata of packages, `NAME-VERSION.dist-info`.
    pub(crate) fn new(sources: &'s dyn Sources) -> Self {
        let mut packages: BTreeSet<(&str, &str)> = BTreeSet::new();
        for path in sources.paths() {
            let Some((at, _)) = path.match_indices(".dist-info/").next() else { continue };
            let (folder, name) = path[..at].rsplit_once('/').unwrap_or(("", &path[..at]));
            packages.insert((folder, name));
        }
        let mut installed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (folder, name) in packages {
            let metadata =
                if folder.is_empty() { format!("{name}.dist-info") } else { format!("{folder}/{name}.dist-info") };
            if is_of_a_folder(&metadata, sources) {
                continue;
            }
            let names = installed.entry(folder).or_default();
            names.insert(name.split('-').next().unwrap_or(name).to_lowercase().replace('.', "_"));
            names.extend(recorded(&metadata, sources));
        }
        Self { sources, installed }
    }

    /// Whether the file that a module means is of a library.
    pub(crate) fn has(&self, language: &str, module: &str, path: &str) -> bool {
        let Some((folder, name)) = place(module, path) else { return false };
        let of_package = |module: &str| {
            let module =
                if folder.is_empty() { format!("{name}/{module}") } else { format!("{folder}/{name}/{module}") };
            self.sources.is_file(&format!("{module}.py")) || self.sources.is_dir(&module)
        };
        self.installed.get(folder).is_some_and(|names| names.contains(name))
            || (language == "python" && catalog::is_library_copy(name, of_package))
    }
}

/// The folder in which the file of a module was searched, and the first name of the module.
fn place<'p>(module: &'p str, path: &'p str) -> Option<(&'p str, &'p str)> {
    let stem = path.strip_suffix(".py")?;
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    let folder = stem.strip_suffix(&module.replace('.', "/"))?;
    let folder = folder.strip_suffix('/').or_else(|| folder.is_empty().then_some(folder))?;
    Some((folder, first_word(module)))
}

/// Whether a package was installed from a folder, as a project's own packages are.
fn is_of_a_folder(metadata: &str, sources: &dyn Sources) -> bool {
    let origin = sources.read(&format!("{metadata}/direct_url.json"));
    origin.is_ok_and(|file| file.text.contains("\"file:"))
}

/// The modules that the list of what was installed names: `yaml/__init__.py,sha256=…` is one of `yaml`.
fn recorded(metadata: &str, sources: &dyn Sources) -> BTreeSet<String> {
    let Ok(record) = sources.read(&format!("{metadata}/RECORD")) else { return BTreeSet::new() };
    let files = record.text.lines().filter_map(|line| line.split(',').next()?.strip_suffix(".py"));
    files.filter_map(|file| file.split('/').next()).filter(|name| !name.starts_with('.')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    #[test]
    fn installed_modules_are_of_libraries() {
        let sources = MemorySources::new([
            ("src/PyYAML-6.0.dist-info/RECORD", "yaml/__init__.py,sha256=x,1\n_yaml/__init__.py,,\n../bin/y.py,,\n"),
            ("src/Shop_Helpers-1.0.dist-info/METADATA", ""),
            ("src/ours-1.0.dist-info/direct_url.json", r#"{"url": "file:///home/ours"}"#),
            ("src/yaml/__init__.py", ""),
            ("src/yaml/nodes.py", ""),
        ]);
        let vendored = Vendored::new(&sources);
        let check = |module, path| vendored.has("python", module, path);
        assert!(check("yaml", "src/yaml/__init__.py"));
        assert!(check("yaml.nodes", "src/yaml/nodes.py"));
        assert!(check("shop_helpers", "src/shop_helpers.py"));
        assert!(!check("ours", "src/ours/__init__.py"));
        assert!(!check("yaml", "other/yaml/__init__.py"));
        assert!(!check("store", "src/store.py"));
        assert!(!check(".nodes", "src/yaml/nodes.py"));
    }
}
