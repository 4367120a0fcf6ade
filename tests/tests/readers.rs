//! Drawings in the programs that people open them with: draw.io, a browser, Graphviz, Mermaid, D2. What opens them is in
//! `tests/drawio`, and its README says what counts as a defect.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use model::{Edge, Evidence, Location, Model, Node};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use suite::repository;

/// The endings of what can be opened.
const READ: &[&str] = &["d2", "dot", "drawio", "mmd", "svg"];

/// Names that have broken other programs.
const HOSTILE: &[&str] = &[
    "\"><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "]]> <!-- --!>",
    "<b>bold</b> &amp; &lt;",
    "line one\nline two\ttab\rreturn",
    "🦀👨\u{200D}👩\u{200D}👧 e\u{301}",
    "שלום עולם \u{202E}reversed",
    "control \u{0}\u{1}\u{8}\u{1b}[31m\u{7f}\u{85}\u{fffe} end",
    "back\\slash \\N \\G \\",
    "%name% ${x} {{y}} %%{init: {}}%%",
    "'single' `back` \"double\"",
    "end; subgraph click [a] --> (b) |c| # d",
    "https://example.com/?a=1&b=2",
    "javascript:alert(3)",
];

#[test]
fn committed_diagrams_open_without_a_defect() {
    let mut files = Vec::new();
    for (name, _) in suite::examples().unwrap() {
        let folder = std::fs::read_dir(repository().join("diagrams").join(name)).unwrap();
        files.extend(folder.map(|entry| entry.unwrap().path()).filter(|path| readable(path)));
    }
    files.sort();
    assert!(!files.is_empty());
    let Some(reports) = open(&files) else { return };
    for report in &reports {
        assert!(!texts(report).is_empty(), "{} shows nothing", report["file"]);
    }
    assert_eq!(defects(&reports), Vec::<String>::new());
}

#[test]
fn hostile_names_are_shown_and_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let model = hostile();
    let Some(reports) = open(&write(folder.path(), &model)) else { return };
    assert_eq!(defects(&reports), Vec::<String>::new());
    for report in reports {
        let shown: String = texts(&report).iter().map(|text| visible(text)).collect();
        for node in &model.nodes {
            let name = visible(&node.name);
            // A long name loses its middle.
            let expected: String = if name.chars().count() > 40 { name.chars().take(8).collect() } else { name };
            assert!(shown.contains(&expected), "{} lacks {expected}: {shown}", report["file"]);
        }
    }
}

/// Draws a model into a folder, in every format that a program here reads.
fn write(folder: &Path, model: &Model) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for (file, content) in render::draw(model, &render::RenderOptions::default()) {
        let path = folder.join(file);
        std::fs::write(&path, content).unwrap();
        paths.push(path);
    }
    paths.retain(|path| readable(path));
    paths
}

fn readable(path: &Path) -> bool {
    path.extension().is_some_and(|ending| READ.iter().any(|known| ending == *known))
}

/// What the programs say of the files, or nothing where they are not installed, which in CI they must be.
fn open(files: &[PathBuf]) -> Option<Vec<Value>> {
    let output = node("check.mjs", files)?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(matches!(output.status.code(), Some(0 | 1)), "the check cannot be made: {err}");
    let reports: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), files.len(), "{err}");
    Some(reports)
}

/// Runs a script of `tests/drawio`.
fn node(script: &str, files: &[PathBuf]) -> Option<Output> {
    let package = repository().join("tests/drawio");
    let installed = [package.join("node_modules/filled-by"), repository().join(".cache/drawio/filled-by")];
    if !installed.iter().all(|file| file.is_file()) {
        let missing = "draw.io and the other programs are not installed, `cargo xtask readers` does it";
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("skipped: {missing}");
        return None;
    }
    Some(Command::new("node").arg(package.join(script)).args(files).output().unwrap())
}

fn defects(reports: &[Value]) -> Vec<String> {
    let of = |report: &Value| {
        let file = report["file"].as_str().unwrap().to_owned();
        let defects = report["defects"].as_array().unwrap().clone();
        defects.into_iter().map(move |defect| format!("{file}: {defect}"))
    };
    reports.iter().flat_map(of).collect()
}

/// Everything that one can read in a file or point at.
fn texts(report: &Value) -> Vec<&str> {
    let pages = report["pages"].as_array().unwrap().iter();
    pages.flat_map(|page| page["texts"].as_array().unwrap()).map(|text| text.as_str().unwrap()).collect()
}

/// A text without what cannot be seen: lines may break anywhere, and no program draws control characters.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}')
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

/// A system in which every text is hostile: each service holds one function, which writes to one table.
fn hostile() -> Model {
    let names = HOSTILE.iter().map(|name| (*name).to_owned());
    let names: Vec<String> = names.chain(["Long".repeat(75), "x".repeat(300)]).collect();
    let mut model = Model { name: HOSTILE[0].to_owned(), ..Model::default() };
    let node = |id: String, kind: &str, name: &str, parent: Option<String>| Node {
        id,
        kind: serde_json::from_value(kind.into()).unwrap(),
        name: name.to_owned(),
        names: vec![name.to_owned()],
        parent,
        platform: name.to_owned(),
        details: [(name.to_owned(), name.into())].into(),
        declared: vec![place(name)],
    };
    model.nodes.push(node("table".to_owned(), "table", HOSTILE[0], None));
    for (i, name) in names.iter().enumerate() {
        let (service, function) = (format!("service {i} {name}"), format!("function {i} {name}"));
        model.nodes.push(node(service.clone(), "service", name, None));
        model.nodes.push(node(function.clone(), "function", name, Some(service)));
        let evidence = vec![Evidence { at: place(name), what: name.clone(), via: vec![name.clone()], how: vec![] }];
        model.edges.push(Edge {
            from: function,
            to: "table".to_owned(),
            kind: serde_json::from_value("write".into()).unwrap(),
            mode: serde_json::from_value("sync".into()).unwrap(),
            certainty: serde_json::from_value("declared".into()).unwrap(),
            label: name.clone(),
            evidence,
        });
    }
    model.sort();
    model
}

fn place(file: &str) -> Location {
    Location { file: file.to_owned(), line: 1, column: 1 }
}
