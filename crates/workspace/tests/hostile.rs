//! Whatever a file holds, reading it ends, and without harm.

use facts::MemorySources;
use workspace::{Options, Outcome, read};

const MANIFEST: &str = "[package]\nname = \"app\"\nedition = \"2021\"\n";

fn outcome(files: Vec<(String, String)>) -> Outcome {
    let files = files.into_iter().chain([("Cargo.toml".to_owned(), MANIFEST.to_owned())]);
    read(&MemorySources::new(files), &Options::default())
}

/// The codes of all that is said of a crate of one file.
fn codes(text: String) -> Vec<&'static str> {
    outcome(vec![("src/lib.rs".to_owned(), text)]).diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn what_is_nested_as_deep_as_can_be_is_read_and_deeper_is_not() {
    let check = |deep: &dyn Fn(usize) -> String, most: usize| {
        let text = deep(most);
        assert_eq!(codes(text.clone()), Vec::<&str>::new(), "{}…", &text[..50]);
        assert_eq!(codes(deep(most * 3)), ["rust-nesting"], "{}…", &text[..50]);
    };
    check(&|n| format!("fn f() {{ {}x; }}", "!".repeat(n)), 7_900);
    check(&|n| format!("fn f() {{ {}x; }}", "- ".repeat(n)), 7_900);
    check(&|n| format!("fn f(_: {}u8) {{}}", "& ".repeat(n)), 7_900);
    check(&|n| format!("fn f() {{ {}1; }}", "|x| ".repeat(n)), 2_600);
    check(&|n| format!("fn f() {{ {}1; }}", "return ".repeat(n)), 7_900);
    check(&|n| format!("fn f() {{ x{}; }}", " + 1".repeat(n)), 3_900);
    check(&|n| format!("fn f() {{ x{}; }}", ".f()".repeat(n)), 2_600);
    check(&|n| format!("fn f() {{ x{}; }}", " as u8".repeat(n)), 3_900);
    check(&|n| format!("fn f() {{ x{}; }}", " = y".repeat(n)), 3_900);
    check(&|n| format!("fn f() {{ if a {{ }}{} }}", " else if a { }".repeat(n)), 1_900);
    check(&|n| format!("type T = {}u8{};", "A<".repeat(n), ">".repeat(n)), 2_600);
    check(&|n| format!("type T = {}u8;", "fn() -> ".repeat(n)), 1_900);
    check(&|n| format!("use {}b;", "a::".repeat(n)), 2_600);
    check(&|n| format!("fn f() {{ {}1{}; }}", "(".repeat(n), ")".repeat(n)), 195);
    check(&|n| format!("{}{}", "mod a {".repeat(n), "}".repeat(n)), 195);
}

#[test]
fn pieces_of_files_do_no_harm() {
    for text in [include_str!("../src/syntax.rs"), include_str!("../src/names.rs"), include_str!("../src/manifest.rs")]
    {
        for end in (0..text.len()).step_by(211).filter(|end| text.is_char_boundary(*end)) {
            codes(text[..end].to_owned());
        }
    }
    let manifest =
        "[workspace]\nmembers = [\"a/[\", \"**\", 1, \"../..\"]\n[package]\nname = 7\n[lib]\npath = \"/etc/x.rs\"\n";
    for end in 0..manifest.len() {
        read(&MemorySources::new([("Cargo.toml", &manifest[..end])]), &Options::default());
    }
}

#[test]
fn modules_that_take_over_one_another_end() {
    let count = 100;
    let module = |i: usize| {
        let globs: Vec<String> = (0..count).map(|other| format!("pub use crate::m{other}::*;\n")).collect();
        (format!("src/m{i}.rs"), format!("{}fn f() {{ nothing{i}::at_all(); }}\n", globs.concat()))
    };
    let mut files: Vec<(String, String)> = (0..count).map(module).collect();
    files.push(("src/lib.rs".to_owned(), (0..count).map(|i| format!("mod m{i};\n")).collect::<Vec<_>>().concat()));
    let outcome = outcome(files);
    assert_eq!(outcome.model.edges.len(), count * (count - 1));
}

#[test]
fn every_edge_has_evidence_and_the_order_of_files_is_no_matter() {
    let files = vec![
        ("src/lib.rs".to_owned(), "mod a; mod b; pub use a::A;".to_owned()),
        ("src/a.rs".to_owned(), "use super::b::B; pub struct A;".to_owned()),
        ("src/b.rs".to_owned(), "use crate::A; pub struct B;".to_owned()),
    ];
    let forward = outcome(files.clone()).model;
    let backward = outcome(files.into_iter().rev().collect()).model;
    assert_eq!(forward, backward);
    assert_eq!(forward.edges.len(), 3);
    assert!(forward.edges.iter().all(|edge| !edge.evidence.is_empty()));
    assert_eq!(model::Model::from_json(&forward.to_json()).unwrap(), forward);
}
