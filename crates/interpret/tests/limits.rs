//! The interpreter ends on any program, and says what it left out.

use facts::{Entry, Handler, Language as _, Place, ResourceRef, RunTime, SourceFile, Start};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs `main` of a module of this text.
fn run(code: &str) -> RunTime {
    let unit = python::PYTHON.summarise(&SourceFile::new("app.py", code));
    let program = interpret::Program {
        units: BTreeMap::from([("app.py".into(), Arc::new(unit))]),
        imports: BTreeMap::from([(vec!["".into()], BTreeMap::new())]),
    };
    let entry = Entry {
        owner: ResourceRef { scope: "t.yaml".into(), id: "Fn".into() },
        runtime: None,
        handler: Handler::Named("app.main".into()),
        archive: None,
        roots: vec!["".into()],
        environment: BTreeMap::new(),
        place: Place::new("t.yaml", 1, 1),
    };
    let start = Start { path: "app.py".into(), function: "main".into(), roots: vec!["".into()] };
    interpret::run(&entry, &start, &program, &facts::NoFiles)
}

/// The targets of all effects, and the codes of all diagnostics.
fn check(code: &str, targets: &[&str], codes: &[&str]) {
    let run = run(code);
    assert_eq!(run.effects.iter().map(|e| e.target.to_string()).collect::<Vec<_>>(), targets);
    assert_eq!(run.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), codes);
}

const PUT: &str = "import boto3\ndef put(name):\n    boto3.client(\"s3\").put_object(Bucket=name)\n";

#[test]
fn recursion_ends() {
    let code = format!("{PUT}def main(e, c):\n    put(\"a\")\n    main(e, c)\n");
    check(&code, &["a"], &[]);
    let code = format!(
        "{PUT}def f(n):\n    put(n)\n    return g(n + \"x\")\ndef g(n):\n    return f(n)\ndef main(e, c):\n    f(\"a\")\n"
    );
    check(&code, &["a", "ax"], &[]);
}

#[test]
fn calls_that_double_at_each_level_end() {
    let mut code = PUT.to_owned();
    for i in 0..50 {
        let _ = write!(code, "def f{i}(x):\n    return f{next}(x) + f{next}(x)\n", next = i + 1);
    }
    code.push_str("def f50(x):\n    put(x)\n    return x\ndef main(e, c):\n    f0(\"a\")\n");
    check(&code, &["a"], &[]);
}

#[test]
fn a_long_sum_is_no_deep_stack() {
    let sum = vec!["X"; 50_000].join(" + ");
    let run = run(&format!("{PUT}X = \"x\"\nY = {sum}\ndef main(e, c):\n    put(\"a\")\n    put(Y)\n"));
    assert!(run.effects.iter().any(|e| e.target.as_literal() == Some("a")));
}

#[test]
fn a_missing_handler_is_said() {
    check("def other(e, c):\n    pass\n", &[], &["handler-not-found"]);
}

#[test]
fn a_broken_module_costs_only_what_is_broken() {
    let run = run(&format!("{PUT}def main(e, c):\n    put(\"a\")\n\ndef broken(:\n    ((((\n"));
    assert_eq!(run.effects.len(), 1);
}

/// In debug builds everything is some ten times slower; what is not bounded takes minutes.
const BOUND: Duration = Duration::from_secs(20);

#[test]
fn ten_thousand_branches_end() {
    let mut code = format!("{PUT}def main(e, c):\n    name = \"a\"\n");
    for i in 0..10_000 {
        let _ = write!(code, "    if e[\"k{i}\"]:\n        name = name + \"{i}\"\n");
    }
    code.push_str("    put(\"first\")\n    put(name)\n");
    let start = Instant::now();
    let run = run(&code);
    assert!(run.effects.iter().any(|e| e.target.as_literal() == Some("first")), "{:?}", run.diagnostics);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
}

#[test]
fn a_generated_module_of_five_megabytes_ends() {
    let mut code = PUT.to_owned();
    let mut i = 0;
    while code.len() < 5_000_000 {
        let _ = writeln!(
            code,
            "def generated_{i}(value):\n    return {{\"key\": value, \"list\": [1, 2, {i}], \"text\": \"x\"}}"
        );
        i += 1;
    }
    code.push_str("def main(e, c):\n    put(\"a\")\n");
    let start = Instant::now();
    check(&code, &["a"], &[]);
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
}

#[test]
fn the_function_that_is_broken_is_named() {
    let code = format!("{PUT}def save(item):\n    put(item\n\ndef main(e, c):\n    put(\"a\")\n");
    let unit = python::PYTHON.summarise(&SourceFile::new("app.py", code.as_str()));
    let said: Vec<&str> = unit.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert!(said.iter().any(|m| m.contains("`save`")), "{said:?}");
}
