//! Names that are meant to do harm, in every format.

use crate::programs::{defects, open, texts, write};
use model::{Edge, Evidence, Location, Model, Node};
use render::Direction;

/// Names that have broken other programs.
const HOSTILE: &[&str] = &[
    "\"><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "]]> <!-- --!>",
    "<b>bold</b> &amp; &lt;",
    "line one\nline two\ttab\rreturn",
    "🦀👨\u{200D}👩\u{200D}👧 e\u{301}",
    "שלום עולם \u{202E}reversed",
    "control \u{0}\u{1}\u{8}\u{1b}[31m\u{7f}\u{85}\u{fffe} end",
    "back\\slash \\N \\G \\",
    "%name% ${x} {{y}} %%{init: {}}%%",
    "'single' `back` \"double\"",
    "end; subgraph click [a] --> (b) |c| # d",
    "https://example.com/?a=1&b=2",
    "javascript:alert(3)",
];

#[test]
fn hostile_names_are_shown_and_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let model = hostile();
    let Some(reports) = open(&write(folder.path(), &model, Direction::Right)) else { return };
    assert_eq!(defects(&reports), Vec::<String>::new());
    for report in reports {
        let shown: String = texts(&report).iter().map(|text| visible(text)).collect();
        for node in &model.nodes {
            let name = visible(&node.name);
            // A long name loses its middle.
            let expected: String = if name.chars().count() > 40 { name.chars().take(8).collect() } else { name };
            assert!(shown.contains(&expected), "{} lacks {expected}: {shown}", report["file"]);
        }
    }
}

/// A text without what cannot be seen: lines may break anywhere, and no program draws control characters.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}')
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

/// A system in which every text is hostile: each service holds one function, which writes to one table.
fn hostile() -> Model {
    let names = HOSTILE.iter().map(|name| (*name).to_owned());
    let names: Vec<String> = names.chain(["Long".repeat(75), "x".repeat(300)]).collect();
    let mut model = Model { name: HOSTILE[0].to_owned(), ..Model::default() };
    let node = |id: String, kind: &str, name: &str, parent: Option<String>| Node {
        id,
        kind: serde_json::from_value(kind.into()).unwrap(),
        name: name.to_owned(),
        names: vec![name.to_owned()],
        parent,
        platform: name.to_owned(),
        details: [(name.to_owned(), name.into())].into(),
        declared: vec![place(name)],
    };
    model.nodes.push(node("table".to_owned(), "table", HOSTILE[0], None));
    for (i, name) in names.iter().enumerate() {
        let (service, function) = (format!("service {i} {name}"), format!("function {i} {name}"));
        model.nodes.push(node(service.clone(), "service", name, None));
        model.nodes.push(node(function.clone(), "function", name, Some(service)));
        let evidence = vec![Evidence { at: place(name), what: name.clone(), via: vec![name.clone()], how: vec![] }];
        model.edges.push(Edge {
            from: function,
            to: "table".to_owned(),
            kind: serde_json::from_value("write".into()).unwrap(),
            mode: serde_json::from_value("sync".into()).unwrap(),
            certainty: serde_json::from_value("declared".into()).unwrap(),
            label: name.clone(),
            evidence,
        });
    }
    model.sort();
    model
}

fn place(file: &str) -> Location {
    Location { file: file.to_owned(), line: 1, column: 1 }
}
