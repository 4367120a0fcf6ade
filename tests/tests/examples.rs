//! The drawings in `diagrams/` are those of `examples/` and of this program, and are well made.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use model::{Model, difference};
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use suite::{OWN, draw, draw_own, examples, outline, own_model, repository};

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

/// What this program was when it was drawn last.
fn committed_own_model() -> Model {
    let path = repository().join("diagrams").join(OWN).join("architecture.json");
    Model::from_json(&fs::read_to_string(path).expect("run `cargo xtask diagrams`")).unwrap()
}

#[test]
fn committed_diagrams_are_up_to_date() {
    let text = |content| String::from_utf8(content).unwrap();
    let own = draw_own(&committed_own_model()).into_iter();
    let own = own.map(|(file, content)| (format!("{OWN}/{file}"), text(content)));
    let drawn: Vec<(String, String)> = drawn().into_iter().chain(own).collect();
    let names: BTreeSet<&str> = drawn.iter().map(|(file, _)| file.as_str()).collect();
    for name in examples().unwrap().into_iter().map(|(name, _)| name).chain([OWN.to_owned()]) {
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

/// The drawings of the program are those of its model as it was drawn last; and that model is what the code says now, but
/// for the lines that each arrow stands at, which every change of code moves.
#[test]
fn the_program_is_drawn_as_it_is() {
    let (drawn, now) = (outline(committed_own_model()), outline(own_model().unwrap()));
    let changes: Vec<_> =
        difference(&drawn, &now).into_iter().map(|change| format!("{:?} {}", change.how, change.what)).collect();
    assert!(drawn == now, "out of date, run `cargo xtask diagrams`: {changes:#?}");
}

#[test]
fn models_follow_the_schema_and_read_back() {
    let schema = serde_json::from_str(model::JSON_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let own = (OWN.to_owned(), own_model().unwrap().to_json());
    for (file, content) in of_format("json").into_iter().chain([own]) {
        let document = serde_json::from_str(&content).unwrap();
        if let Err(error) = validator.validate(&document) {
            panic!("{file}: {error} at {}", error.instance_path());
        }
        let model = Model::from_json(&content).unwrap();
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
