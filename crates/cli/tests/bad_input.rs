//! Each kind of bad input costs a clear diagnostic and nothing more: what is whole is still drawn.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use support::CODE;

const GOOD: &str = "Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Enqueue:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.main
      CodeUri: src
      Environment: { Variables: { JOBS: !Ref Jobs } }
";

/// A repository with one good service, to which bad things are added.
fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "good/template.yaml", GOOD.as_bytes());
    write(dir.path(), "good/src/app.py", CODE.as_bytes());
    dir
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Standard output and error of `connectome` and its exit code.
fn connectome(args: &[&str]) -> (String, String, i32) {
    support::connectome(Path::new("."), args)
}

/// Adds the files to the good repository and lists it: the diagnostic of each expected code and place is there, the
/// good edge too.
fn check(files: &[(&str, &[u8])], expected: &[(&str, &str)]) {
    let dir = repository();
    for (path, bytes) in files {
        write(dir.path(), path, bytes);
    }
    check_folder(dir.path(), expected);
}

fn check_folder(root: &Path, expected: &[(&str, &str)]) {
    let (out, err, code) = connectome(&["list", "--json-diagnostics", root.to_str().unwrap()]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.lines().any(|l| l.contains("Enqueue") && l.contains("-publish->") && l.contains("Jobs")),
        "{out}\n{err}"
    );
    let diagnostics: Vec<serde_json::Value> = err.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    for (code, file) in expected {
        let found = diagnostics.iter().any(|d| d["code"] == *code && (file.is_empty() || d["file"] == *file));
        assert!(found, "no {code} at {file}:\n{err}");
    }
    let (model, _, _) = connectome(&["model", "--quiet", root.to_str().unwrap()]);
    model::Model::from_json(&model).unwrap();
}

#[test]
fn broken_yaml() {
    check(
        &[("bad/template.yaml", b"Resources:\n  A: { Type: AWS::SQS::Queue }\n  B: [\n")],
        &[("syntax", "bad/template.yaml")],
    );
}

#[test]
fn broken_json() {
    check(
        &[(
            "bad/template.json",
            b"{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Resources\": {\"A\": {\"Type\": \"AWS::SQS::Queue\"}, ",
        )],
        &[("syntax", "bad/template.json")],
    );
}

#[test]
fn broken_python() {
    let template = GOOD.replace("Jobs", "Others").replace("JOBS", "OTHERS").replace("Enqueue", "Broken");
    check(
        &[
            ("bad/template.yaml", template.as_bytes()),
            ("bad/src/app.py", b"import boto3\ndef main(event, _)\n    x = (\n"),
        ],
        &[("python-syntax", "bad/src/app.py")],
    );
}

#[test]
fn missing_code() {
    let template = GOOD.replace("Jobs", "Others").replace("Enqueue", "Lost");
    check(&[("bad/template.yaml", template.as_bytes())], &[("code-not-found", "bad/template.yaml")]);
}

#[test]
fn code_outside_of_the_root() {
    let template =
        GOOD.replace("Jobs", "Others").replace("Enqueue", "Lost").replace("CodeUri: src", "CodeUri: ../../etc");
    check(&[("bad/template.yaml", template.as_bytes())], &[("code-not-found", "bad/template.yaml")]);
}

#[test]
fn nested_stacks_in_a_cycle() {
    let nested = |other: &str| {
        format!(
            "Resources:\n  Next:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{ TemplateURL: {other}.yaml }}\n"
        )
    };
    let (a, b) = (nested("b"), nested("a"));
    check(&[("bad/a.yaml", a.as_bytes()), ("bad/b.yaml", b.as_bytes())], &[("stack-cycle", "bad/a.yaml")]);
}

#[test]
fn parameters_in_a_cycle() {
    let a = "Resources:\n  P: { Type: AWS::SSM::Parameter, Properties: { Name: /a, Value: '{{resolve:ssm:/b}}' } }\n  Q: { Type: AWS::SSM::Parameter, Properties: { Name: /b, Value: '{{resolve:ssm:/a}}' } }\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Handler: app.main\n      CodeUri: ../good/src\n      Environment: { Variables: { JOBS: '{{resolve:ssm:/a}}' } }\n";
    check(&[("bad/template.yaml", a.as_bytes())], &[]);
}

#[test]
fn large_file() {
    let dir = repository();
    write(dir.path(), "bad/template.yaml", b"Resources:");
    let file = fs::OpenOptions::new().write(true).open(dir.path().join("bad/template.yaml")).unwrap();
    file.set_len(100_000_000).unwrap();
    check_folder(dir.path(), &[("file-too-large", "bad/template.yaml")]);
}

#[test]
fn not_utf8() {
    let mut template = GOOD.replace("Jobs", "Others").replace("Enqueue", "Other").into_bytes();
    template.extend(b"Description: caf\xE9\n");
    let code = [CODE.as_bytes(), b"# \xFF\n"].concat();
    check(
        &[("bad/template.yaml", &template), ("bad/src/app.py", &code)],
        &[("not-utf8", "bad/template.yaml"), ("not-utf8", "bad/src/app.py")],
    );
}

#[test]
fn aliases_that_grow_without_bound() {
    let mut bomb = "AWSTemplateFormatVersion: '2010-09-09'\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let all = vec![format!("*a{}", i - 1); 9].join(", ");
        writeln!(bomb, "a{i}: &a{i} [{all}]").unwrap();
    }
    bomb.push_str("Resources:\n  Q: { Type: AWS::SQS::Queue, Metadata: *a11 }\n");
    check(&[("bad/template.yaml", bomb.as_bytes())], &[("too-large", "bad/template.yaml")]);
}

#[test]
fn deep_nesting() {
    let deep =
        format!("AWSTemplateFormatVersion: '2010-09-09'\nResources: {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
    let code = format!("def main(e, _):\n    return {}1{}\n", "(".repeat(20_000), ")".repeat(20_000));
    let template = GOOD.replace("Jobs", "Others").replace("Enqueue", "Deep");
    check(
        &[
            ("deep/a.yaml", deep.as_bytes()),
            ("deep/a.json", &deep.as_bytes()[44..]),
            ("bad/template.yaml", template.as_bytes()),
            ("bad/src/app.py", code.as_bytes()),
        ],
        &[],
    );
}

#[cfg(unix)]
#[test]
fn links_that_leave_the_root_and_names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let (dir, other) = (repository(), repository());
    std::os::unix::fs::symlink(other.path(), dir.path().join("other")).unwrap();
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"caf\xE9.yaml")), "x").unwrap();
    check_folder(dir.path(), &[("link-outside", "other"), ("path-not-utf8", "")]);
}

#[test]
fn what_cannot_run_says_why() {
    let dir = repository();
    let root = dir.path().to_str().unwrap();
    let model = dir.path().join("model.json");
    fs::write(&model, r#"{"schema": "connectome/2", "name": "x", "nodes": [], "edges": []}"#).unwrap();
    let model = model.to_str().unwrap();
    let read = dir.path().join("read.json");
    fs::write(&read, connectome(&["model", root]).0).unwrap();
    let read = read.to_str().unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["list", "/nowhere/at/all"], "cannot read `/nowhere/at/all`"),
        (&["list", model], "`connectome/2`"),
        (&["list", &format!("{root}/good/src/app.py")], "it is no model that `connectome model` wrote: expected"),
        (&["list", read, "--stage", "prod"], "--stage says how a folder is read"),
        (&["list", "--colour"], "unexpected argument '--colour'"),
        (&["draw", root, "--format", "gif"], "the formats are"),
        (&["draw", root, "-o", "-"], "one --format is needed"),
        (&["list", root, "--exclude", "a["], "is no pattern of what to exclude"),
        (&["list", root, "--param", "A"], "write NAME=VALUE"),
        (&["explain", root, "Jbs"], "no node is called `Jbs`; there is `good/Jobs`"),
    ];
    for (args, expected) in cases {
        let (_, err, code) = connectome(args);
        assert_eq!(code, 2, "{args:?}: {err}");
        assert!(err.contains(expected), "{args:?}: {err}");
    }
}

#[test]
fn a_folder_without_anything_to_draw_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().to_str().unwrap();
    // A note is shown where it may say why.
    write(dir.path(), "cdk.json", br#"{"app": "python app.py"}"#);
    for command in ["draw", "list", "check"] {
        let (_, err, code) = connectome(&[command, root]);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains("nothing-found") && err.contains("cdk synth"), "{err}");
    }
    assert_eq!(connectome(&["list", "--strict", root]).2, 1);
    let (_, err, _) = connectome(&["list", "--crates", root]);
    assert!(err.contains("no-crates") && !err.contains("nothing-found"), "{err}");
}
