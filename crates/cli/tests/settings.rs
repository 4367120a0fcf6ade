//! What a team writes into `connectome.yaml`, and what becomes of slips of the pen.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use support::{connectome, repository};

#[test]
fn the_file_may_have_the_other_ending_of_yaml() {
    let dir = repository();
    fs::write(dir.path().join("connectome.yml"), "name: Other shop").unwrap();
    assert!(connectome(dir.path(), &["draw"]).0.starts_with("Other shop: "));
    fs::write(dir.path().join("connectome.yaml"), "name: Job shop").unwrap();
    assert!(connectome(dir.path(), &["draw"]).0.starts_with("Job shop: "));
}

#[test]
fn mistakes_are_told_in_one_line() {
    let dir = repository();
    fs::write(dir.path().join("connectome.yaml"), "exclude: legacy/").unwrap();
    let (_, err, code) = connectome(dir.path(), &["draw"]);
    assert_eq!(code, 2);
    assert_eq!(err, "error: cannot use `./connectome.yaml`: expected a list at line 1, column 10\n");
}

#[test]
fn what_the_settings_say_of_nothing_is_a_warning() {
    let dir = repository();
    let settings = "draw: {names: {Jobs: Work, Job: Task}, groups: {tag: team}}";
    fs::write(dir.path().join("connectome.yaml"), settings).unwrap();
    let (_, err, code) = connectome(dir.path(), &["draw"]);
    assert_eq!(code, 0);
    assert!(err.contains("another name to `Job`") && err.contains("the tag `team`"), "{err}");
    assert!(!err.contains("`Jobs`"), "{err}");
    // They are about a cloud system, not about crates.
    assert!(!connectome(dir.path(), &["list", "--crates"]).1.contains("settings-unknown"));
}

#[test]
fn check_looks_at_the_formats_that_are_drawn() {
    let dir = repository();
    connectome(dir.path(), &["draw"]);
    fs::write(dir.path().join("connectome.yaml"), "name: Job shop\ndraw: {formats: [svg]}").unwrap();
    assert_eq!(connectome(dir.path(), &["check"]).2, 1);
    connectome(dir.path(), &["draw"]);
    // The other four are of an earlier run, and no run of `draw` would bring them up to date.
    let (out, _, code) = connectome(dir.path(), &["check"]);
    assert_eq!((out.as_str(), code), ("./diagrams: up to date\n", 0));
    let (out, _, code) = connectome(dir.path(), &["check", "--format", "md"]);
    assert!(code == 1 && out.contains("`connectome draw --format markdown` brings it up to date"), "{out}");
    fs::remove_file(dir.path().join("diagrams/architecture.svg")).unwrap();
    let (out, _, code) = connectome(dir.path(), &["check"]);
    assert!(code == 1 && out.contains("architecture.svg is missing"), "{out}");
}
