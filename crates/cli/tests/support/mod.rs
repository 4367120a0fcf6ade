//! A small repository, and the command in it.

#![allow(dead_code, reason = "each file of tests uses some of it")]

use assert_cmd::Command;
use std::fs;
use std::path::Path;

pub(crate) const TEMPLATE: &str = "Resources:
  Jobs: { Type: AWS::SQS::Queue }
  Enqueue:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.main
      Environment: { Variables: { JOBS: !Ref Jobs } }
";

pub(crate) const CODE: &str = "import boto3, os
def main(event, _):
    boto3.client('sqs').send_message(QueueUrl=os.environ['JOBS'], MessageBody='x')
";

/// A service of its own in the folder `jobs`.
pub(crate) fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("jobs")).unwrap();
    fs::write(dir.path().join("jobs/template.yaml"), TEMPLATE).unwrap();
    fs::write(dir.path().join("jobs/app.py"), CODE).unwrap();
    dir
}

/// Standard output and error in the folder, and the exit code. What runs keep is kept beside the tests, not where people
/// have theirs.
pub(crate) fn connectome(folder: &Path, args: &[&str]) -> (String, String, i32) {
    let output = Command::cargo_bin("connectome")
        .unwrap()
        .current_dir(folder)
        .args(args)
        .env("CONNECTOME_CACHE", env!("CARGO_TARGET_TMPDIR"))
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}
