//! No text makes the front end panic or overflow its stack, however strange or deep it is.

use facts::code::Unit;
use facts::{Language as _, SourceFile};
use proptest::prelude::*;

fn summarise(text: impl Into<String>) -> Unit {
    rust::RUST.summarise(&SourceFile::new("src/main.rs", text.into()))
}

/// Words of which code is made, so that some of what is thrown together parses.
const WORDS: &[&str] = &[
    "fn", "main", "(", ")", "{", "}", "let", "x", "=", ";", "match", "if", "else", "=>", ",", "|", "&", "'a", "\"t\"",
    "1", ".", "await", "?", "::", "<", ">", "async", "move", "impl", "struct", "use", "*", "mod", "!", "[", "]", "for",
    "in", "#", "format", "\"{x}{\"", "json", "return", "Self", "self", "crate", "super", "trait", ":", "..", "é",
];

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,200}") {
        summarise(text);
    }

    #[test]
    fn any_words(words in prop::collection::vec(0..WORDS.len(), 0..80)) {
        let text: Vec<&str> = words.into_iter().map(|at| WORDS[at]).collect();
        summarise(text.join(" "));
    }

    #[test]
    fn any_body(words in prop::collection::vec(0..WORDS.len(), 0..12)) {
        let text: Vec<&str> = words.into_iter().map(|at| WORDS[at]).collect();
        summarise(format!("fn main() {{ {} }}", text.join(" ")));
    }
}

/// Each form once and again inside of itself, `times` times.
fn nested(before: &str, after: &str, times: usize) -> String {
    format!("fn main() {{ let x = {}1{}; }}", before.repeat(times), after.repeat(times))
}

#[test]
fn depth_is_bounded() {
    let forms = [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("-", ""),
        ("!", ""),
        ("&", ""),
        ("*", ""),
        ("a = ", ""),
        ("f(", ")"),
        ("|| ", ""),
        ("return ", ""),
        ("if true { 1 } else ", ""),
        ("vec![", "]"),
        ("json!({\"a\": ", "})"),
        ("async { ", " }"),
        ("match x { _ => ", " }"),
        ("", ".f()"),
        ("", " + 1"),
        ("", "?"),
        ("", " as u8"),
        ("S { a: ", " }"),
        ("format!(\"{}\", ", ")"),
        ("loop { ", " }"),
        ("|a| { ", " }"),
        ("unsafe { ", " }"),
        ("", ".await"),
        ("", "[0]"),
        ("", "(1)"),
    ];
    for (before, after) in forms {
        for times in [300, 3_000, 100_000] {
            let unit = summarise(nested(before, after, times));
            let said = !unit.diagnostics.is_empty();
            assert!(said || times <= 3_000, "{before}…{after} {times} times");
        }
    }
}

#[test]
fn types_patterns_and_items_are_bounded_too() {
    for times in [300, 3_000, 100_000] {
        summarise(format!("type T = {}u8{};", "Vec<".repeat(times), ">".repeat(times)));
        summarise(format!("type T = {}u8;", "&".repeat(times)));
        summarise(format!("fn main() {{ let {}x = 1; }}", "&".repeat(times)));
        summarise(format!("{}{}", "mod a {".repeat(times), "}".repeat(times)));
        summarise(format!("use {}a{};", "b::{".repeat(times), "}".repeat(times)));
        summarise(format!("use {}a;", "b::".repeat(times)));
        summarise(format!("{}{}", "fn f() {".repeat(times), "}".repeat(times)));
    }
}

#[test]
fn many_small_things_take_no_long_time() {
    let start = std::time::Instant::now();
    let variables: Vec<String> = (0..20_000).map(|i| format!("let mut v{i} = {i}; if c {{ v{i} = 1; }}\n")).collect();
    summarise(format!("fn main() {{ {} }}", variables.concat()));
    summarise(format!("fn main() {{ match x {{ {} }} }}", "1 => f(),".repeat(20_000)));
    summarise(format!("fn main() {{ format!(\"{}\") }}", "{x}".repeat(20_000)));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_type_that_is_declared_twice_is_one() {
    let unit = summarise("struct A; struct A { x: u8 } trait A {} impl A { fn f(&self) {} }");
    assert_eq!(unit.classes.len(), 1);
    assert!(unit.classes[0].methods.contains_key("f"));
}

#[test]
fn a_syntax_error_has_its_place() {
    let unit = summarise("fn main() {\n    let = 1;\n}\n");
    let found: Vec<String> = unit.diagnostics.iter().map(|d| d.place.as_ref().unwrap().to_string()).collect();
    assert_eq!(found, ["src/main.rs:2:9"]);
    let unclosed = summarise("fn main() {\n");
    assert_eq!(unclosed.diagnostics.len(), 1);
}
