//! The commands on a small repository.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use assert_cmd::Command;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use support::{CODE, TEMPLATE, connectome, repository};

/// Draws with a cache of its own; gives standard output without the time.
fn draw_cached(folder: &Path, cache: &Path, args: &[&str]) -> String {
    let mut command = Command::cargo_bin("connectome").unwrap();
    let output = command.current_dir(folder).arg("draw").args(args).env("CONNECTOME_CACHE", cache).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split(" (").next().unwrap_or_default().to_owned() + "\n").collect()
}

#[test]
fn what_a_run_keeps_makes_no_difference_to_the_next() {
    let folder = repository();
    let cache = tempfile::tempdir().unwrap();
    let drawn = || fs::read_to_string(folder.path().join("diagrams/architecture.svg")).unwrap();
    let first = draw_cached(folder.path(), cache.path(), &[]);
    assert!(first.contains("wrote"), "{first}");
    let svg = drawn();
    assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 1);
    assert!(draw_cached(folder.path(), cache.path(), &[]).contains("nothing changed"));
    // Damaged, deleted and not wanted: the drawing is the same.
    let file = fs::read_dir(cache.path()).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, "damaged").unwrap();
    assert!(draw_cached(folder.path(), cache.path(), &[]).contains("nothing changed"));
    fs::remove_dir_all(cache.path()).unwrap();
    assert!(draw_cached(folder.path(), cache.path(), &["--no-cache"]).contains("nothing changed"));
    assert!(!cache.path().exists());
    assert!(draw_cached(folder.path(), cache.path(), &[]).contains("nothing changed"));
    assert_eq!(drawn(), svg);
}

#[test]
fn draw_writes_five_files_and_only_what_changed() {
    let dir = repository();
    let (out, err, code) = connectome(dir.path(), &["draw"]);
    assert_eq!((err.as_str(), code), ("", 0));
    assert!(out.contains(": 1 service, 2 nodes, 1 flow, 0 unresolved ("), "{out}");
    let mut names: Vec<_> =
        fs::read_dir(dir.path().join("diagrams")).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["architecture.dot", "architecture.drawio", "architecture.json", "architecture.md", "architecture.svg"]
    );
    let (again, _, _) = connectome(dir.path(), &["draw"]);
    assert!(again.contains("nothing changed"), "{again}");
}

#[test]
fn lines_of_source_are_shown_where_the_user_says() {
    let dir = repository();
    let source = |address: &'static str| ["--source", address];
    let here = source("https://code.example.com/jobs/blob/1a2b3c");
    assert_eq!(connectome(dir.path(), &[["draw"].as_slice(), &here].concat()).2, 0);
    let svg = fs::read_to_string(dir.path().join("diagrams/architecture.svg")).unwrap();
    assert!(svg.contains("https://code.example.com/jobs/blob/1a2b3c/jobs/app.py#L"));
    assert_eq!(connectome(dir.path(), &[["check"].as_slice(), &here].concat()).2, 0);
    assert_eq!(connectome(dir.path(), &["check"]).2, 1);
    let (_, err, code) = connectome(dir.path(), &[["draw"].as_slice(), &source("javascript:x")].concat());
    assert!(code == 2 && err.contains("no address at which source is shown"), "{err}");
}

/// A service of 30 functions with a queue each, so that two of them need pages.
fn large(folder: &Path, service: &str) {
    let mut template = String::from("Resources:\n");
    for i in 0..30 {
        let _ = write!(
            template,
            "  Jobs{i}: {{ Type: AWS::SQS::Queue }}\n  F{i}:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
             Runtime: python3.12\n      Handler: app.main\n      Environment: {{ Variables: {{ JOBS: !Ref Jobs{i} }} }}\n"
        );
    }
    fs::create_dir_all(folder.join(service)).unwrap();
    fs::write(folder.join(service).join("template.yaml"), template).unwrap();
    fs::write(folder.join(service).join("app.py"), CODE).unwrap();
}

#[test]
fn pages_that_are_no_more_are_removed_and_other_files_are_not() {
    let dir = tempfile::tempdir().unwrap();
    large(dir.path(), "one");
    large(dir.path(), "two");
    connectome(dir.path(), &["draw"]);
    let page = dir.path().join("diagrams/architecture-two.svg");
    assert!(page.exists());
    let own = dir.path().join("diagrams/architecture-notes.svg");
    fs::write(&own, "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    // Whoever asks for one format keeps the pages of another one. An ending is a name, too.
    let (out, _, _) = connectome(dir.path(), &["draw", "--format", "drawio.svg,md"]);
    assert!(out.ends_with("wrote architecture.drawio.svg, architecture.md\n") && page.exists(), "{out}");
    fs::remove_file(dir.path().join("diagrams/architecture.drawio.svg")).unwrap();
    fs::remove_dir_all(dir.path().join("two")).unwrap();
    let (out, _, code) = connectome(dir.path(), &["check"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("architecture-two.svg is no page any more") && out.contains("vanished:"), "{out}");
    let (out, _, _) = connectome(dir.path(), &["draw"]);
    let removed = "removed architecture-one.dot, architecture-one.svg, architecture-two.dot, architecture-two.svg";
    assert!(out.contains(removed), "{out}");
    assert!(!page.exists() && own.exists());
    assert_eq!(connectome(dir.path(), &["check"]).2, 0);
}

#[test]
fn standard_output_is_one_picture() {
    let dir = tempfile::tempdir().unwrap();
    large(dir.path(), "one");
    large(dir.path(), "two");
    let (out, err, code) = connectome(dir.path(), &["draw", "-o", "-", "--format", "svg"]);
    assert_eq!(
        (out.matches("<svg ").count(), err.as_str(), code),
        (1, "2 other pages not printed; all are written to a folder\n", 0)
    );
    assert_eq!(connectome(dir.path(), &["draw", "-o", "-", "--format", "svg", "-q"]), (out, String::new(), 0));
}

#[test]
fn settings_of_the_folder_count_unless_the_command_line_says_otherwise() {
    let dir = repository();
    let settings = "name: Job shop\ndraw:\n  formats: [svg]\n  names: {Jobs: Work to do}\n  theme: dark\n";
    fs::write(dir.path().join("connectome.yaml"), settings).unwrap();
    let (out, err, code) = connectome(dir.path(), &["draw"]);
    assert_eq!((err.as_str(), code), ("", 0));
    assert!(out.starts_with("Job shop: ") && out.ends_with("wrote architecture.svg\n"), "{out}");
    let svg = fs::read_to_string(dir.path().join("diagrams/architecture.svg")).unwrap();
    assert!(svg.contains(">Work to do</text>") && !svg.contains("prefers-color-scheme"));
    assert_eq!(connectome(dir.path(), &["check"]).2, 0);
    let (out, _, _) = connectome(dir.path(), &["draw", "--name", "Other", "--format", "json"]);
    assert!(out.starts_with("Other: ") && out.ends_with("wrote architecture.json\n"), "{out}");
    // The model is what is there, whatever is shown of it.
    assert!(fs::read_to_string(dir.path().join("diagrams/architecture.json")).unwrap().contains("\"name\": \"Jobs\""));
    fs::write(dir.path().join("connectome.yaml"), "draw: {hide: queue}").unwrap();
    let (_, err, code) = connectome(dir.path(), &["draw"]);
    assert_eq!(code, 2);
    assert!(err.contains("connectome.yaml"), "{err}");
    let own = dir.path().join("own.yaml");
    fs::write(&own, "draw: {hide: [queue]}").unwrap();
    let (_, _, code) = connectome(dir.path(), &["draw", "--settings", "own.yaml", "--format", "svg"]);
    assert_eq!(code, 0);
    assert!(!fs::read_to_string(dir.path().join("diagrams/architecture.svg")).unwrap().contains(">Jobs<"));
}

#[test]
fn check_says_what_changed() {
    let dir = repository();
    let (_, err, code) = connectome(dir.path(), &["check"]);
    assert_eq!(code, 2);
    assert!(err.contains("connectome draw"), "{err}");
    connectome(dir.path(), &["draw"]);
    let (out, err, code) = connectome(dir.path(), &["check"]);
    assert_eq!((err.as_str(), code), ("", 0));
    assert_eq!(out, "./diagrams: up to date\n");
    // A line further down.
    fs::write(dir.path().join("jobs/app.py"), format!("\n{CODE}")).unwrap();
    let (out, _, code) = connectome(dir.path(), &["check"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("stands at other lines of the source:\n  jobs/Enqueue -publish-> jobs/Jobs  jobs/app.py:4\n"),
        "{out}"
    );
    assert_eq!(connectome(dir.path(), &["check", "--ignore-lines"]).2, 0);
    // Another operation, another flow, another node.
    fs::write(dir.path().join("jobs/app.py"), CODE.replace("send_message", "receive_message")).unwrap();
    let template = TEMPLATE.replace("Resources:", "Resources:\n  Extra: { Type: AWS::SNS::Topic }");
    fs::write(dir.path().join("jobs/template.yaml"), template).unwrap();
    let (out, _, code) = connectome(dir.path(), &["check", "--ignore-lines"]);
    assert_eq!(code, 1);
    for line in [
        "appeared:\n  jobs/Enqueue -read-> jobs/Jobs  jobs/app.py:3\n",
        "  topic jobs/Extra  jobs/template.yaml:2\n",
        "vanished:\n  jobs/Enqueue -publish-> jobs/Jobs  jobs/app.py:3\n",
        "files:\n  architecture.dot differs\n",
    ] {
        assert!(out.contains(line), "{line}\nis not in\n{out}");
    }
    connectome(dir.path(), &["draw"]);
    assert_eq!(connectome(dir.path(), &["check"]).2, 0);
    // Only the formats that are there are looked at, and all of those.
    fs::remove_file(dir.path().join("diagrams/architecture.dot")).unwrap();
    assert_eq!(connectome(dir.path(), &["check"]).2, 0);
    assert_eq!(connectome(dir.path(), &["check", "--format", "dot"]).2, 1);
    fs::write(dir.path().join("diagrams/architecture.json"), "{}").unwrap();
    let (_, err, code) = connectome(dir.path(), &["check"]);
    assert_eq!(code, 2);
    assert!(err.contains("architecture.json"), "{err}");
}

#[test]
fn every_command_works_from_a_model_file() {
    let dir = repository();
    let (model, _, _) = connectome(dir.path(), &["model"]);
    fs::write(dir.path().join("model.json"), &model).unwrap();
    assert_eq!(connectome(dir.path(), &["model", "model.json"]).0, model);
    assert_eq!(connectome(dir.path(), &["list", "model.json"]).0, connectome(dir.path(), &["list"]).0);
    let svg = ["draw", "-o", "-", "--format", "svg"];
    let (from_folder, _, _) = connectome(dir.path(), &svg);
    let (from_model, _, _) = connectome(dir.path(), &[&svg[..], &["model.json"]].concat());
    assert!(from_folder.contains("<svg"));
    assert_eq!(from_folder, from_model);
}

#[test]
fn list_shows_the_flow_with_its_evidence() {
    let (out, _, _) = connectome(repository().path(), &["list"]);
    let flow = out.lines().find(|l| l.contains("-publish->")).unwrap();
    let words: Vec<&str> = flow.split_whitespace().collect();
    assert_eq!(words[..4], ["jobs/Enqueue", "-publish->", "jobs/Jobs", "inferred"], "{out}");
    assert_eq!(words.last(), Some(&"jobs/app.py:3"));
}

#[test]
fn explain_shows_the_source() {
    let dir = repository();
    let (flow, _, code) = connectome(dir.path(), &["explain", "Enqueue", "Jobs"]);
    assert_eq!(code, 0);
    assert!(flow.contains("jobs/Enqueue -publish-> jobs/Jobs"), "{flow}");
    assert!(flow.contains("3 | boto3.client('sqs').send_message("), "{flow}");
    let (node, _, _) = connectome(dir.path(), &["explain", ".", "Jobs"]);
    assert!(node.starts_with("jobs/Jobs is a queue"), "{node}");
    assert!(node.contains("2 | Jobs: { Type: AWS::SQS::Queue }"), "{node}");
    assert!(node.contains("flows in (1)"), "{node}");
}

#[test]
fn strict_fails_on_what_is_unresolved() {
    let dir = repository();
    assert_eq!(connectome(dir.path(), &["model", "--strict"]).2, 0);
    fs::write(dir.path().join("jobs/app.py"), CODE.replace("os.environ['JOBS']", "event['queue']")).unwrap();
    assert_eq!(connectome(dir.path(), &["model"]).2, 0);
    let (_, err, code) = connectome(dir.path(), &["model", "--strict"]);
    assert_eq!((err.as_str(), code), ("--strict: 1 unresolved (`connectome list -v` shows all)\n", 1));
    // Up to date, and yet not as it should be.
    connectome(dir.path(), &["draw"]);
    let (out, err, code) = connectome(dir.path(), &["check", "--strict"]);
    assert!(out.contains("up to date") && err.starts_with("--strict: ") && code == 1, "{out}{err}");
    assert_eq!(connectome(dir.path(), &["check", "--strict", "--quiet"]), (String::new(), String::new(), 1));
}

#[test]
fn hostile_text_does_not_steer_the_terminal() {
    let dir = repository();
    fs::write(dir.path().join("jobs/app.py"), CODE.replace("'x'", "'\u{1b}[2J\u{202e}'")).unwrap();
    fs::write(dir.path().join("jobs/b.yaml"), "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  \u{1b}[31mA: [\n")
        .unwrap();
    for args in [&["list"][..], &["explain", "Enqueue", "Jobs"]] {
        let (out, err, _) = connectome(dir.path(), args);
        assert!(!(out + &err).contains(['\u{1b}', '\u{202e}']));
    }
}

#[test]
fn the_help_says_which_formats_there_are_and_what_exit_codes_mean() {
    let dir = tempfile::tempdir().unwrap();
    let words = |args: &[&str]| connectome(dir.path(), args).0.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words(&["help", "draw"]);
    let expected = "Formats, with commas between them: d2, dot, drawio, drawio-svg, json, markdown, mermaid, png, svg (default: \
                    dot, drawio, json, markdown, svg, or those of the settings)";
    assert!(help.contains(expected), "{help}");
    assert!(words(&["--help"]).contains("Exit codes: 0 when all is well"));
}

#[test]
fn completions_and_manual_are_printed() {
    let dir = tempfile::tempdir().unwrap();
    assert!(connectome(dir.path(), &["completions", "bash"]).0.contains("connectome"));
    assert!(connectome(dir.path(), &["man"]).0.contains("connectome"));
}
