//! What `ARCHITECTURE.md` says of the crates holds: who may know whom. It is read with the program itself.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use suite::repository;

/// What each crate may depend on among ours, and no more.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("cache", &[]),
    ("catalog", &["vocabulary"]),
    ("config", &["catalog", "facts", "sql", "vocabulary"]),
    ("facts", &["vocabulary"]),
    ("interpret", &["catalog", "facts", "sql", "vocabulary"]),
    ("layout", &["cache"]),
    ("merge", &[]),
    ("model", &["vocabulary"]),
    ("parsing", &[]),
    ("python", &["facts"]),
    ("render", &["cache", "catalog", "layout", "merge", "model"]),
    ("resolve", &["catalog", "facts", "model", "vocabulary"]),
    ("rust", &["facts", "parsing"]),
    ("source", &["facts"]),
    ("sql", &[]),
    ("vocabulary", &[]),
    ("workspace", &["facts", "model", "parsing"]),
];

/// Libraries that one crate alone knows.
const KNOWN_BY_ONE: &[(&str, &str)] = &[
    ("clap", "cli"),
    ("elkrs", "layout"),
    ("granit-parser", "config"),
    ("redb", "cache"),
    ("ruff_python_parser", "python"),
];

/// What each crate depends on: by its code, or by its `Cargo.toml` alone.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let folder = source::Folder::open(&repository(), &source::Options::default()).unwrap();
    let model = pipeline::crates(&folder, &pipeline::Options::default(), true).model;
    let owner = |id: &str| model.node(id).unwrap().parent.clone().unwrap_or_else(|| id.to_owned());
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for edge in &model.edges {
        let (from, to) = (owner(&edge.from), owner(&edge.to));
        if from != to {
            known.entry(from).or_default().insert(to);
        }
    }
    known
}

#[test]
fn crates_know_those_that_they_may_know() {
    let known = known();
    for (name, allowed) in MAY_KNOW {
        let ours = known.get(*name).into_iter().flatten().filter(|to| !to.starts_with("external/"));
        let wrong: Vec<&String> = ours.filter(|to| !allowed.contains(&to.as_str())).collect();
        assert!(wrong.is_empty(), "`{name}` must not know {wrong:?}: see the invariants in ARCHITECTURE.md");
    }
}

#[test]
fn parsers_and_engines_are_known_in_one_place() {
    let known = known();
    for (library, owner) in KNOWN_BY_ONE {
        let id = format!("external/{library}");
        let users: Vec<&String> = known.iter().filter(|(_, all)| all.contains(&id)).map(|(name, _)| name).collect();
        assert_eq!(users, [owner], "{library}");
    }
}
