//! Drawings in the programs that people open them with: draw.io, a browser, Graphviz, Mermaid, D2. What opens them is in
//! `tests/drawio`, and its README says what counts as a defect.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod editor;
mod hostile;
mod programs;

use programs::{defects, open, readable, say, texts, write};
use render::Direction;
use render::registry::FORMATS;
use std::collections::BTreeSet;
use std::path::Path;
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
    for report in &reports {
        let pages = report["pages"].as_array().unwrap().iter();
        let crossings: u64 = pages.filter_map(|page| page["crossings"].as_u64()).sum();
        if crossings > 0 {
            say(&format!("{}: {crossings} crossings of lines", report["file"].as_str().unwrap()));
        }
    }
    assert_eq!(defects(&reports), Vec::<String>::new());
}

#[test]
fn drawings_that_point_down_open_without_a_defect() {
    let folder = tempfile::tempdir().unwrap();
    let model = editor::shop(|_, text| text);
    let Some(reports) = open(&write(folder.path(), &model, Direction::Down)) else { return };
    assert_eq!(defects(&reports), Vec::<String>::new());
}

/// A format that the command line offers and no program here opens would be checked by nobody.
#[test]
fn every_format_is_opened() {
    let unread =
        FORMATS.iter().filter(|format| !readable(Path::new("drawing").with_extension(format.extension).as_path()));
    let unread: Vec<&str> = unread.map(|format| format.name).collect();
    // The model is no drawing; its schema is checked in `tests/examples.rs`. Markdown and PNG are read in `render`.
    assert_eq!(unread, ["json", "markdown", "png"]);
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
            "not-drawn",
            "outside-parent",
            "overlap",
            "parse",
            "unreadable-label",
            "unresolved-shape",
        ],
    ),
    ("defects.svg", &["broken-reference", "duplicate-id", "external-request", "not-drawn", "script", "script-ran"]),
    ("lossy.drawio", &["save-loss"]),
    ("refused.d2", &["parse"]),
    ("refused.dot", &["parse"]),
    ("refused.drawio", &["parse"]),
    ("refused.mmd", &["parse"]),
    ("refused.svg", &["parse"]),
    ("warned.dot", &["warning"]),
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
