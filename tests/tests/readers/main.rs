//! Drawings in the programs that people open them with: draw.io, a browser, Graphviz, Mermaid, D2. What opens them is in
//! `tests/drawio`, and its README says what counts as a defect.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod editor;
mod hostile;
mod programs;

use programs::{defects, open, readable, texts};
use std::collections::BTreeSet;
use suite::repository;

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

/// Drawings that are wrong in every way that there is, and what must be found in each.
const WRONG: &[(&str, &[&str])] = &[
    (
        "defects.drawio",
        &[
            "broken-link",
            "dangling-edge",
            "duplicate-id",
            "edge-over-label",
            "edge-over-vertex",
            "edge-overlap",
            "external-request",
            "label-collision",
            "label-overflow",
            "missing-file",
            "outside-parent",
            "overlap",
            "parse",
            "unreadable-label",
            "unresolved-shape",
        ],
    ),
    ("defects.svg", &["broken-reference", "duplicate-id", "external-request", "script", "script-ran"]),
    ("lossy.drawio", &["save-loss"]),
    ("refused.d2", &["parse"]),
    ("refused.dot", &["parse"]),
    ("refused.drawio", &["parse"]),
    ("refused.mmd", &["parse"]),
    ("refused.svg", &["parse"]),
];

#[test]
fn whatever_is_wrong_is_found() {
    let samples = repository().join("tests/drawio/samples");
    let files: Vec<_> = WRONG.iter().map(|(file, _)| samples.join(file)).collect();
    let Some(reports) = open(&files) else { return };
    for ((file, expected), report) in WRONG.iter().zip(&reports) {
        let defects = report["defects"].as_array().unwrap().iter();
        let found: BTreeSet<&str> = defects.map(|defect| defect["class"].as_str().unwrap()).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), *expected, "{file}");
    }
}
