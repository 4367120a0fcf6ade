//! The commands with `--crates`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = [\"app\", \"words\"]\n"),
        (
            "app/Cargo.toml",
            "[package]\nname = \"app\"\nedition = \"2024\"\n[dependencies]\nwords = { path = \"../words\" }\nlog = \"0.4\"\n",
        ),
        ("app/src/main.rs", "use words::Word;\nfn main() { log::info!(\"{}\", Word::new()) }\n"),
        ("words/Cargo.toml", "[package]\nname = \"words\"\nedition = \"2024\"\n"),
        ("words/src/lib.rs", "mod word;\npub use word::Word;\n"),
        ("words/src/word.rs", "pub struct Word;\n"),
    ];
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// Standard output with standard error, and the exit code.
fn connectome(folder: &Path, args: &[&str]) -> (String, i32) {
    let (out, err, code) = support::connectome(folder, args);
    (out + &err, code)
}

#[test]
fn a_workspace_is_drawn_checked_and_explained() {
    let dir = workspace();
    let (said, code) = connectome(dir.path(), &["draw", "--crates", "--name", "it"]);
    assert!(said.starts_with("it: 2 crates, 2 modules, 2 uses, 0 unresolved"), "{said}");
    assert_eq!(code, 0);
    assert!(fs::read_to_string(dir.path().join("diagrams/architecture.svg")).unwrap().contains(">words<"));

    let (said, code) = connectome(dir.path(), &["explain", "--crates", ".", "app", "words"]);
    assert!(said.starts_with("app -use-> words/word  (inferred)"), "{said}");
    assert!(said.contains("app/src/main.rs:1  use words::Word"), "{said}");
    assert_eq!(code, 0);

    assert_eq!(connectome(dir.path(), &["check", "--crates", "--name", "it"]).1, 0);
    fs::write(dir.path().join("app/src/main.rs"), "fn main() {}\n").unwrap();
    let (said, code) = connectome(dir.path(), &["check", "--crates", "--name", "it"]);
    assert!(said.contains("app -use-> words/word"), "{said}");
    assert_eq!(code, 1);
}

#[test]
fn crates_from_elsewhere_are_a_choice() {
    let dir = workspace();
    let (without, _) = connectome(dir.path(), &["model", "--crates"]);
    let (with, _) = connectome(dir.path(), &["model", "--crates", "--external-crates"]);
    assert!(!without.contains("external/log") && with.contains("external/log"), "{with}");
    assert_eq!(connectome(dir.path(), &["model", "--external-crates"]).1, 2);
}

#[test]
fn without_crates_there_is_a_warning_and_nothing_to_draw() {
    let dir = tempfile::tempdir().unwrap();
    let (said, code) = connectome(dir.path(), &["list", "--crates", "--strict"]);
    assert!(said.contains("there is no Cargo.toml with a package"), "{said}");
    assert_eq!(code, 1);
}
