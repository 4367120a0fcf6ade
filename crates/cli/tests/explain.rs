//! What `explain` says, in words for somebody who has not seen it before.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use support::{CODE, connectome, repository};

#[test]
fn a_node_is_told_with_its_article() {
    let dir = repository();
    fs::write(dir.path().join("b.yaml"), "Resources:\n  Bus: { Type: AWS::Events::EventBus }\n").unwrap();
    assert!(connectome(dir.path(), &["explain", "Bus"]).0.starts_with("b/Bus is an event bus"));
    assert!(connectome(dir.path(), &["explain", "Enqueue"]).0.starts_with("jobs/Enqueue is a function"));
}

#[test]
fn the_words_of_an_edge_are_explained() {
    let (out, _, _) = connectome(repository().path(), &["explain", "Enqueue", "Jobs"]);
    let expected = "jobs/Enqueue -publish-> jobs/Jobs  SendMessage  (inferred)
  inferred: a line of code does it, and what it names is one thing
  async: whoever begins it goes on without waiting
";
    assert!(out.starts_with(expected), "{out}");
    assert!(out.contains("in the function: app.main, the handler\n"), "{out}");
}

#[test]
fn what_is_around_the_handler_is_told() {
    let dir = repository();
    let code = "import boto3, functools, os
def timed(function):
    @functools.wraps(function)
    def wrapper(event, context):
        return function(event, context)
    return wrapper
def save():
    boto3.client('sqs').send_message(QueueUrl=os.environ['JOBS'], MessageBody='x')
@timed
def main(event, _):
    save()
";
    fs::write(dir.path().join("jobs/app.py"), code).unwrap();
    let (out, _, _) = connectome(dir.path(), &["explain", "Enqueue", "Jobs"]);
    let expected = "    how the code gets there:
      starts with app.timed.wrapper, which is wrapped around the handler
        at jobs/app.py:5 | return function(event, context)
      calls app.main, the handler
        at jobs/app.py:11 | save()
      calls app.save
";
    assert!(out.contains(expected), "{out}");
}

#[test]
fn the_same_reasons_are_told_once() {
    let dir = repository();
    let again = CODE.lines().last().unwrap();
    fs::write(dir.path().join("jobs/app.py"), format!("{CODE}{again}\n")).unwrap();
    let (out, _, _) = connectome(dir.path(), &["explain", "Enqueue", "Jobs"]);
    assert_eq!(out.matches("in the function: app.main").count(), 2, "{out}");
    assert_eq!(out.matches("why it is jobs/Jobs:\n").count(), 1, "{out}");
    assert!(out.ends_with("why it is jobs/Jobs: as above\n"), "{out}");
}

#[test]
fn what_needs_no_resolving_is_told_too() {
    let dir = repository();
    let code = "import boto3\ndef main(event, _):\n    boto3.client('translate').list_terminologies()\n";
    fs::write(dir.path().join("jobs/app.py"), code).unwrap();
    let (out, _, _) = connectome(dir.path(), &["explain", "Enqueue", "aws:translate"]);
    assert!(out.ends_with("    why it is aws:translate: the call itself says so\n"), "{out}");
    let (out, _, _) = connectome(dir.path(), &["explain", "aws:translate"]);
    assert!(out.contains("    declared: nowhere in what was scanned\n\nflows in (1)\n"), "{out}");
}

#[test]
fn where_nothing_flows_what_is_unresolved_is_told() {
    let dir = repository();
    fs::write(dir.path().join("jobs/app.py"), CODE.replace("os.environ['JOBS']", "event['queue']")).unwrap();
    let (out, _, code) = connectome(dir.path(), &["explain", "Enqueue", "Jobs"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("nothing flows between jobs/Enqueue and jobs/Jobs\n"), "{out}");
    assert!(out.contains("unresolved (1): flows whose other end the source does not tell\n  jobs/app.py:3"), "{out}");
}

#[test]
fn a_service_may_be_called_like_its_folder() {
    let dir = repository();
    let template = "Resources:\n  Alerts:\n    Type: AWS::SNS::Topic\n    Properties:\n      Subscription: [{ Protocol: sqs, Endpoint: !ImportValue jobs }]\n";
    fs::create_dir(dir.path().join("news")).unwrap();
    fs::write(dir.path().join("news/template.yaml"), template).unwrap();
    let jobs = dir.path().join("jobs/template.yaml");
    let outputs = "Outputs:\n  Jobs: { Value: !GetAtt Jobs.Arn, Export: { Name: jobs } }\n";
    fs::write(&jobs, fs::read_to_string(&jobs).unwrap() + outputs).unwrap();
    let (out, err, code) = connectome(dir.path(), &["explain", "jobs", "news"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("news/Alerts -trigger-> jobs/Jobs"), "{out}");
    // A path is still one.
    assert!(connectome(dir.path(), &["explain", "jobs", "Jobs"]).0.contains("is a queue"));
}

#[test]
fn a_path_that_is_wrong_or_alone_is_told() {
    let dir = repository();
    let error = |words: &[&str]| {
        let (_, err, code) = connectome(dir.path(), &[&["explain"], words].concat());
        assert_eq!(code, 2, "{err}");
        err
    };
    assert!(error(&["nowhere/at/all", "Jobs"]).contains("nor is `nowhere/at/all` a folder or a file"));
    assert!(error(&["jobs/../jobs"]).contains("to look into the folder `jobs/../jobs`, name a node after it"));
}
