//! Folders whose files nobody wrote: installed packages, build output, caches.

use std::path::Path;

/// Names that mean such a folder wherever they stand.
const NAMES: &[&str] = &[
    ".aws-sam",
    ".eggs",
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".serverless",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    "__pycache__",
    "__pypackages__",
    "bower_components",
    "node_modules",
    "site-packages",
    "venv",
];

/// Endings of such names: what a build of a package leaves beside its sources. (`.dist-info` is not among them: it says which
/// modules beside it were installed.)
const ENDINGS: &[&str] = &[".egg-info"];

/// Files that say so of the folder that holds them: a virtual environment, a cache directory.
const MARKERS: &[&str] = &["pyvenv.cfg", "CACHEDIR.TAG"];

/// Whether the folder at `path` is left out.
pub(crate) fn skips(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
        return false;
    };
    NAMES.contains(&name)
        || ENDINGS.iter().any(|e| name.ends_with(e))
        || MARKERS.iter().any(|m| path.join(m).is_file())
        || (name == "build" && is_package_build(path))
}

/// `build/lib` beside a `setup.py` or `pyproject.toml` is a copy of the sources made by a packaging tool; a
/// `build` folder of another shape may well hold the code that is deployed.
fn is_package_build(path: &Path) -> bool {
    path.join("lib").is_dir() && ["setup.py", "pyproject.toml"].iter().any(|f| path.with_file_name(f).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn installed_and_built_folders_are_skipped() {
        let dir = tempfile::tempdir().unwrap();
        let make = |path: &str| {
            fs::create_dir_all(dir.path().join(path)).unwrap();
            dir.path().join(path)
        };
        assert!(skips(&make("a/node_modules")));
        assert!(skips(&make("x.egg-info")));
        let environment = make("env");
        assert!(!skips(&environment));
        fs::write(environment.join("pyvenv.cfg"), "").unwrap();
        assert!(skips(&environment));
        let build = make("p/build/lib").parent().unwrap().to_owned();
        assert!(!skips(&build));
        fs::write(dir.path().join("p/setup.py"), "").unwrap();
        assert!(skips(&build));
        assert!(!skips(&make("src/venvs")));
        assert!(!skips(&make("src/x-1.0.dist-info")));
    }
}
