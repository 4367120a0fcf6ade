//! The stages together, with the real front ends.

use crate::{Options, Stage, run, run_watched};
use cache::{Cache, Digest, Key};
use facts::MemorySources;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Mutex;

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
    let outcome =
        run_watched(&MemorySources::default(), &Options::default(), &cache::Nothing, &|s| seen.borrow_mut().push(s));
    assert_eq!(seen.into_inner(), [Stage::Declare, Stage::Summarise, Stage::Interpret, Stage::Resolve]);
    assert_eq!(outcome.statistics.times.len(), 4);
}

/// Keeps everything, and notes which questions were answered from what was kept (`+`) and which anew (`-`).
#[derive(Default)]
struct Memory {
    kept: Mutex<BTreeMap<(&'static str, Digest), Vec<u8>>>,
    log: Mutex<Vec<String>>,
}

impl Cache for Memory {
    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        let found = self.kept.lock().unwrap().get(&(key.question(), key.digest())).cloned();
        let sign = if found.is_some() { '+' } else { '-' };
        self.log.lock().unwrap().push(format!("{sign}{}", key.question()));
        found
    }

    fn put(&self, key: &Key, value: Vec<u8>) {
        self.kept.lock().unwrap().insert((key.question(), key.digest()), value);
    }
}

/// Two functions over a shared module.
fn two_functions(shared: &str, second: &str) -> Vec<(&'static str, String)> {
    let function = |id: &str| {
        format!(
            "  {id}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Handler: {id}.main\n      \
             Environment: {{ Variables: {{ JOBS: !Ref Jobs }} }}\n"
        )
    };
    let template =
        format!("Resources:\n  Jobs: {{ Type: AWS::SQS::Queue }}\n{}{}", function("first"), function("second"));
    let first = "import shared\ndef main(event, _):\n    shared.send()\n";
    vec![
        ("template.yaml", template),
        ("first.py", first.to_owned()),
        ("second.py", second.to_owned()),
        ("shared.py", shared.to_owned()),
    ]
}

const SHARED: &str = "import boto3, os
def send():
    boto3.client('sqs').send_message(QueueUrl=os.environ['JOBS'], MessageBody='x')
";

/// Runs with what is kept and without; both must say the same. What was asked for, sorted.
fn check_kept(cache: &Memory, files: Vec<(&'static str, String)>) -> Vec<String> {
    let sources = MemorySources::new(files);
    let with = run_watched(&sources, &Options::default(), cache, &|_| {});
    let without = run(&sources, &Options::default());
    assert_eq!((&with.model, &with.diagnostics), (&without.model, &without.diagnostics));
    assert_eq!(with.statistics.units, without.statistics.units);
    let mut log = std::mem::take(&mut *cache.log.lock().unwrap());
    log.sort();
    log
}

#[test]
fn what_is_kept_saves_work_and_changes_nothing() {
    let cache = Memory::default();
    let quiet = "def main(event, _):\n    pass\n";
    let first = check_kept(&cache, two_functions(SHARED, quiet));
    assert_eq!(first, ["-head", "-head", "-head", "-outcome", "-run time", "-run time"]);
    assert_eq!(check_kept(&cache, two_functions(SHARED, quiet)), ["+outcome"]);
    // One handler has changed: the other function is as it was.
    let loud = "import shared\ndef main(event, _):\n    shared.send()\n    broken(\n";
    let changed = check_kept(&cache, two_functions(SHARED, loud));
    assert_eq!(changed, ["+head", "+head", "+outcome", "+run time", "-head", "-run time"]);
    // What both import has changed.
    let changed = check_kept(&cache, two_functions("def send():\n    pass\n", loud));
    assert_eq!(changed, ["+head", "+head", "+outcome", "-head", "-run time", "-run time"]);
}

#[test]
fn another_file_or_option_is_another_outcome() {
    let cache = Memory::default();
    let mut files = two_functions(SHARED, SHARED);
    check_kept(&cache, files.clone());
    files.push(("boto3.py", String::new()));
    let changed = check_kept(&cache, files.clone());
    assert!(changed.contains(&"-run time".to_owned()), "an import means another file: {changed:?}");
    let options = Options { stage: Some("prod".to_owned()), ..Options::default() };
    run_watched(&MemorySources::new(files), &options, &cache, &|_| {});
    assert!(cache.log.lock().unwrap().contains(&"-outcome".to_owned()));
}
