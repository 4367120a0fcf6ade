//! The stages together, with the real front ends.

use crate::{Options, Stage, run, run_watched};
use facts::MemorySources;
use std::cell::RefCell;

const TEMPLATE: &str = "Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.main
      Environment: { Variables: { JOBS: !Ref Jobs } }
";

const CODE: &str = "import boto3, os, shared
def main(event, _):
    boto3.client('sqs').send_message(QueueUrl=os.environ['JOBS'], MessageBody='x')
";

/// Runs on a template of that runtime and the files; compares edges and the codes of diagnostics.
fn check(runtime: &str, files: &[(&str, &str)], edges: usize, codes: &[&str]) {
    let template = TEMPLATE.replace("RUNTIME", runtime);
    let files = files.iter().copied().chain([("template.yaml", template.as_str())]);
    let outcome = run(&MemorySources::new(files), &Options::default());
    assert_eq!(outcome.model.edges.len(), edges);
    assert_eq!(outcome.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), codes);
}

#[test]
fn configuration_and_code_meet() {
    check("python3.12", &[("app.py", CODE)], 1, &[]);
}

#[test]
fn code_that_is_missing_or_foreign_is_named() {
    check("python3.12", &[], 0, &["code-not-found"]);
    check("nodejs22.x", &[("app.js", "exports.main = 1")], 0, &["language-unknown"]);
}

#[test]
fn only_code_that_is_reached_is_read() {
    let files = [("template.yaml", TEMPLATE.replace("RUNTIME", "python3.12")), ("app.py", CODE.to_owned())];
    let others =
        [("shared.py", "import deeper"), ("deeper.py", "import app"), ("unused.py", "broken ("), ("b.txt", "")];
    let files = files.into_iter().chain(others.map(|(path, text)| (path, text.to_owned())));
    let outcome = run(&MemorySources::new(files), &Options::default());
    assert_eq!((outcome.statistics.files, outcome.statistics.entries, outcome.statistics.units), (6, 1, 3));
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
}

#[test]
fn stages_are_told_in_order() {
    let seen = RefCell::new(Vec::new());
    let outcome = run_watched(&MemorySources::default(), &Options::default(), &|s| seen.borrow_mut().push(s));
    assert_eq!(seen.into_inner(), [Stage::Declare, Stage::Summarise, Stage::Interpret, Stage::Resolve]);
    assert_eq!(outcome.statistics.times.len(), 4);
}
