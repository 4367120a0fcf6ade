//! What is fed, and what must hold of it.

use crate::bundle;
use facts::{MemorySources, Sources};
use pipeline::{Options, Outcome};
use render::RenderOptions;
use std::fmt::Write as _;

/// What the bytes are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One file of Python, which a template deploys.
    Python,
    /// One file of Rust, likewise.
    Rust,
    /// The files of a small repository, as a [`bundle`].
    Repository,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 3] = [Self::Python, Self::Rust, Self::Repository];

    /// As in the name of its libFuzzer target.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Rust => "rust",
            Self::Repository => "repository",
        }
    }

    /// Runs the program on the bytes. Panics when something does not hold that must hold of any input.
    pub fn check(self, bytes: &[u8]) {
        match self {
            Self::Python => python(bytes),
            Self::Rust => rust(bytes),
            Self::Repository => repository(bytes),
        }
    }
}

/// Through the Python front end and, as the code of functions, through the rest up to the model.
fn python(bytes: &[u8]) {
    let code = String::from_utf8_lossy(bytes);
    let sources = MemorySources::new([("template.yaml", template(&code)), ("app.py", code.into_owned())]);
    let outcome = scan(&sources);
    holds(&outcome);
}

/// Through the Rust front end, as the binary of a function.
fn rust(bytes: &[u8]) {
    let code = String::from_utf8_lossy(bytes).into_owned();
    let sources = MemorySources::new([
        ("template.yaml", RUST_TEMPLATE.to_owned()),
        ("Cargo.toml", "[package]\nname = \"app\"\n".to_owned()),
        ("src/main.rs", code),
    ]);
    holds(&scan(&sources));
}

/// A template that deploys the binary of the package beside it.
const RUST_TEMPLATE: &str = "Resources:
  Table: { Type: AWS::DynamoDB::Table }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Runtime: provided.al2023
      Handler: bootstrap
      Environment: { Variables: { TABLE: !Ref Table } }
";

/// Through the whole program, twice: on one thread, and on two with the pictures drawn. Where there are crates, through
/// what reads those, too.
fn repository(bytes: &[u8]) {
    let sources = MemorySources::new(bundle::split(bytes));
    if sources.paths().iter().any(|path| path.ends_with("Cargo.toml")) {
        let crates = |threads| on(threads, || pipeline::crates(&sources, &Options::default(), true));
        let (outcome, again) = (crates(1), crates(2));
        holds(&outcome);
        assert!(outcome.model == again.model, "a second run sees other crates");
        drawn(&outcome);
    }
    let outcome = on(1, || scan(&sources));
    holds(&outcome);
    let again = on(2, || scan(&sources));
    assert!(outcome.diagnostics == again.diagnostics, "a second run has other diagnostics");
    let (first, second) = (drawn(&outcome), drawn(&again));
    for ((file, content), (_, other)) in first.iter().zip(&second) {
        assert!(content == other, "{file} differs in a second run");
        if matches!(file.rsplit_once('.'), Some((_, "svg" | "drawio"))) {
            // No limit of nodes: the default is for documents of strangers.
            let options = roxmltree::ParsingOptions { nodes_limit: u32::MAX, ..roxmltree::ParsingOptions::default() };
            let content = std::str::from_utf8(content).expect("it is text");
            if let Err(error) = roxmltree::Document::parse_with_options(content, options) {
                panic!("{file} is not XML: {error}");
            }
        }
    }
}

fn scan(sources: &MemorySources) -> Outcome {
    pipeline::run(sources, &Options { name: "x".to_owned(), ..Options::default() })
}

fn drawn(outcome: &Outcome) -> Vec<render::Drawn> {
    render::draw(&outcome.model, &RenderOptions::default())
}

fn holds(outcome: &Outcome) {
    if let Err(error) = outcome.model.check() {
        panic!("the model contradicts itself: {error}");
    }
    let json = outcome.model.to_json();
    let read = model::Model::from_json(&json).map(|m| m.to_json());
    assert!(read.is_ok_and(|read| read == json), "the document of the model does not read back");
}

/// Runs on that many threads of the default stack.
fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
    pool.install(work)
}

/// A template that deploys functions of the code, with the settings that code asks for most.
fn template(code: &str) -> String {
    let mut text = String::from(
        "Resources:
  Table: { Type: AWS::DynamoDB::Table }
  Queue: { Type: AWS::SQS::Queue }
  Bucket: { Type: AWS::S3::Bucket }
",
    );
    for (i, function) in functions(code).iter().enumerate() {
        let _ = write!(
            text,
            "  Fn{i}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.{function}
      Environment: {{ Variables: {{ TABLE: !Ref Table, QUEUE: !Ref Queue, BUCKET: !Ref Bucket, STAGE: dev }} }}
"
        );
    }
    text
}

/// The functions of the module, three at most; the handlers of most corpus entries are among them.
fn functions(code: &str) -> Vec<&str> {
    let name = |line: &'_ str| -> Option<usize> {
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len());
        (end > 0).then_some(end)
    };
    let defined = code.lines().filter_map(|line| {
        let rest = line.strip_prefix("async ").unwrap_or(line).strip_prefix("def ")?;
        name(rest).map(|end| &rest[..end])
    });
    let mut functions: Vec<&str> = defined.collect();
    // Handlers stand last more often than first.
    functions.reverse();
    functions.truncate(3);
    if functions.is_empty() { vec!["main"] } else { functions }
}
