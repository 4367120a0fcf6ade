//! What the tables of the Markdown file say.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use model::Model;
use render::{RenderOptions, draw};

fn drawn(model: &Model) -> String {
    let formats = render::registry::format("markdown").into_iter().collect();
    let options = RenderOptions { formats, ..RenderOptions::default() };
    String::from_utf8(draw(model, &options).remove(0).1).unwrap()
}

/// A bus with four kinds of events, and a function that sends them.
fn bus() -> Model {
    let events: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).into();
    let node =
        |event: &String| format!(r#"{{"id":"s/bus/{event}","kind":"event_type","name":"{event}","parent":"s/bus"}}"#);
    let edge = |event: &String| {
        format!(
            r#"{{"from":"s/f","to":"s/bus/{event}","kind":"publish","mode":"async","certainty":"inferred","label":"",
            "evidence":[{{"file":"a.py","line":1,"column":1,"what":"put_events","rule":"call"}}]}}"#
        )
    };
    let nodes: Vec<String> = events.iter().map(node).collect();
    let edges: Vec<String> = events.iter().map(edge).collect();
    let text = format!(
        r#"{{"schema":"connectome/1","name":"shop","edges":[{}],"nodes":[{},
        {{"id":"s","kind":"service","name":"sales"}},
        {{"id":"s/bus","kind":"event_bus","name":"bus","parent":"s"}},
        {{"id":"s/f","kind":"function","name":"f","parent":"s"}}]}}"#,
        edges.join(","),
        nodes.join(",")
    );
    Model::from_json(&text).unwrap()
}

/// Steps of a state machine are told on its page, and what they invoke where the system is.
#[test]
fn a_page_with_a_table_says_where_the_other_flows_are() {
    let mut model = bus();
    let way = r#"{"from":"s/bus/A","to":"s/bus/B"}"#;
    model.transitions.push(serde_json::from_str(way).unwrap());
    let text = drawn(&model);
    let (_, page) = text.split_once("## shop · bus\n").expect("a page of the bus");
    assert!(page.contains("**Flows**") && page.contains("\nThe other flows of this page are"), "{page}");
}

#[test]
fn a_page_of_parts_says_where_its_flows_are() {
    let text = drawn(&bus());
    let (_, page) = text.split_once("## shop · bus\n").expect("a page of the bus");
    assert!(!page.contains("**Flows**"), "{page}");
    assert!(page.contains("\nThe flows of this page are in the tables above.\n"), "{page}");
}

#[test]
fn the_words_of_the_tables_are_explained_those_that_stand_there() {
    let text = drawn(&bus());
    let (_, words) = text.split_once("**Words**\n").expect("the words");
    assert!(words.contains("| inferred | a line of code does it") && words.contains("| async | "), "{words}");
    assert!(!words.contains("granted") && !words.contains("| sync"), "{words}");
}

/// On a page of a service, those around it are frames of what has to do with it: no place to count what they hold.
#[test]
fn services_are_not_counted_where_they_are_ghosts() {
    let model = Model::from_json(include_str!("samples/large.json")).unwrap();
    let text = drawn(&model);
    assert!(text.contains("**Services**"));
    let is_row = |line: &&str| line.starts_with("| ") && line.contains(" | 0 | 0 | ");
    assert_eq!(text.lines().filter(is_row).collect::<Vec<_>>(), Vec::<&str>::new());
}
