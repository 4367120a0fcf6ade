//! Runs the scripts that drive the programs.

use model::Model;
use render::registry::FORMATS;
use render::{Direction, RenderOptions};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};
use suite::repository;

/// The endings of what can be opened.
const READ: &[&str] = &["d2", "dot", "drawio", "mmd", "svg"];

/// What the programs say of the files, or nothing where they are not installed, which in CI they must be.
pub(crate) fn open(files: &[PathBuf]) -> Option<Vec<Value>> {
    let output = node("check.mjs", files)?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 1)), "the check cannot be made: {err}");
    let reports: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), files.len(), "{err}");
    Some(reports)
}

/// A browser at a time is enough for a small machine.
static ONE: Mutex<()> = Mutex::new(());

/// Runs a script of `tests/drawio`, or does not where the programs are missing.
pub(crate) fn node(script: &str, arguments: &[impl AsRef<OsStr>]) -> Option<Output> {
    let package = repository().join("tests/drawio");
    let installed = [package.join("node_modules/filled-by"), repository().join(".cache/drawio/filled-by")];
    if !installed.iter().all(|file| file.is_file()) {
        let missing = "draw.io and the other programs are not installed, `cargo xtask readers` does it";
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        say(&format!("skipped: {missing}"));
        return None;
    }
    let _turn = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    Some(Command::new("node").arg(package.join(script)).args(arguments).output().unwrap())
}

/// Says something that is no failure, also where the output of tests that pass is not shown.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Every defect that was found, each with the file that it is in.
pub(crate) fn defects(reports: &[Value]) -> Vec<String> {
    let of = |report: &Value| {
        let file = report["file"].as_str().unwrap().to_owned();
        let defects = report["defects"].as_array().unwrap().clone();
        defects.into_iter().map(move |defect| format!("{file}: {defect}"))
    };
    reports.iter().flat_map(of).collect()
}

/// Everything that one can read in a file or point at.
pub(crate) fn texts(report: &Value) -> Vec<&str> {
    let pages = report["pages"].as_array().unwrap().iter();
    pages.flat_map(|page| page["texts"].as_array().unwrap()).map(|text| text.as_str().unwrap()).collect()
}

/// Draws a model into a folder, in every format that a program here reads.
pub(crate) fn write(folder: &Path, model: &Model, direction: Direction) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let options = RenderOptions { formats: FORMATS.iter().collect(), direction, ..RenderOptions::default() };
    for (file, content) in render::draw(model, &options) {
        let path = folder.join(file);
        std::fs::write(&path, content).unwrap();
        paths.push(path);
    }
    paths.retain(|path| readable(path));
    paths
}

/// Whether a program here opens it.
pub(crate) fn readable(path: &Path) -> bool {
    path.extension().is_some_and(|ending| READ.iter().any(|known| ending == *known))
}
