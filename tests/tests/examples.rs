//! The drawings in `diagrams/` are those of `examples/`, and are well made.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use suite::{draw, examples, repository};

/// Every file of that format of every example: `shop/architecture.svg` and its content.
fn of_format(format: &str) -> Vec<(String, String)> {
    drawn().into_iter().filter(|(file, _)| file.rsplit_once('.').is_some_and(|(_, end)| end == format)).collect()
}

/// Every file of every example.
fn drawn() -> Vec<(String, String)> {
    let examples = examples().unwrap();
    assert!(!examples.is_empty());
    let all = |(name, folder): (String, _)| {
        let files = draw(&name, &folder as &std::path::PathBuf).unwrap();
        let text = |content| String::from_utf8(content).unwrap();
        files.into_iter().map(move |(file, content)| (format!("{name}/{file}"), text(content)))
    };
    examples.into_iter().flat_map(all).collect()
}

#[test]
fn committed_diagrams_are_up_to_date() {
    let drawn = drawn();
    let names: BTreeSet<&str> = drawn.iter().map(|(file, _)| file.as_str()).collect();
    for (name, _) in examples().unwrap() {
        for entry in fs::read_dir(repository().join("diagrams").join(&name)).unwrap() {
            let file = format!("{name}/{}", entry.unwrap().file_name().into_string().unwrap());
            assert!(names.contains(file.as_str()), "diagrams/{file} is drawn no more, run `cargo xtask diagrams`");
        }
    }
    let stale: Vec<String> = drawn
        .into_iter()
        .filter(|(file, content)| {
            fs::read_to_string(repository().join("diagrams").join(file)).ok().as_ref() != Some(content)
        })
        .map(|(file, _)| file)
        .collect();
    assert!(stale.is_empty(), "out of date, run `cargo xtask diagrams`: {stale:?}");
}

#[test]
fn models_follow_the_schema_and_read_back() {
    let schema = serde_json::from_str(model::JSON_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (file, content) in of_format("json") {
        let document = serde_json::from_str(&content).unwrap();
        if let Err(error) = validator.validate(&document) {
            panic!("{file}: {error} at {}", error.instance_path());
        }
        let model = model::Model::from_json(&content).unwrap();
        assert_eq!(model.to_json(), content, "{file}");
    }
}

#[test]
fn graphviz_draws_every_node() {
    if Command::new("dot").arg("-V").stderr(Stdio::null()).status().is_err() {
        assert!(std::env::var_os("CI").is_none(), "Graphviz is missing");
        eprintln!("skipped: Graphviz is not installed (`cargo xtask test` installs it)");
        return;
    }
    for (file, content) in of_format("dot") {
        let path = tempfile::NamedTempFile::new().unwrap();
        fs::write(path.path(), content).unwrap();
        let output = Command::new("dot").arg("-Tplain").arg(path.path()).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && err.is_empty(), "{file}: {err}");
        assert!(out.lines().any(|l| l.starts_with("node ")), "{file} draws no node");
        assert!(out.lines().any(|l| l.starts_with("edge ")), "{file} draws no edge");
    }
}
