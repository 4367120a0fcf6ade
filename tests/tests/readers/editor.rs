//! Drawings that people edit in draw.io's editor and that are then drawn again.

use crate::programs::{defects, node, open};
use facts::{MemorySources, Sources};
use merge::{Event, Options};
use roxmltree::Document;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a person does with the drawing of the shop.
fn steps() -> serde_json::Value {
    json!([
        { "do": "move", "cell": "node:fulfilment/DeadJobs", "dx": 20, "dy": 10 },
        { "do": "style", "cell": "node:orders/CancelOrder", "key": "fillColor", "value": "#123456" },
        { "do": "bend", "cell": "flow:orders/CancelOrder:orders/ShopBus", "points": [[450, 20], [450, 300]] },
        { "do": "add", "as": "ours", "text": "Ask the warehouse", "box": [40, 1700, 160, 60] },
        { "do": "connect", "as": "our-arrow", "from": "ours", "to": "node:orders/GetOrder" },
        { "do": "delete", "cell": "node:orders/ListOrders" },
        { "do": "style", "cell": "service:notifications", "key": "collapsible", "value": "1" },
        { "do": "collapse", "cell": "service:notifications" },
        { "do": "addLayer", "name": "Plans" },
        { "do": "renamePage", "page": "page:system", "name": "Everything" },
        { "do": "movePage", "page": "page:orders/ShopBus", "to": 0 },
        { "do": "deletePage", "page": "page:fulfilment/Fulfilment" },
        { "do": "addPage" },
    ])
}

#[test]
fn what_a_person_did_in_the_editor_outlives_a_change_of_the_source() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.drawio");
    let (old, new) = (drawing(|_, text| text), drawing(changed));
    let Some(plain) = edit(&path, &old, &steps(), "--") else { return };
    let compressed = edit(&path, &old, &steps(), "--compressed").unwrap();
    assert!(plain.contains("<mxGraphModel") && !compressed.contains("<mxGraphModel"));
    for saved in [&plain, &compressed] {
        assert!(
            merge::is_current(saved.as_bytes(), &old).unwrap(),
            "what a person did is taken for a change of the source"
        );
        let merged = merge::merge(saved.as_bytes(), &new, Options::default()).unwrap();
        for event in [Event::Moved, Event::Restyled, Event::Hidden, Event::Loosened, Event::Gone, Event::Added] {
            assert!(merged.report.count(event) > 0, "nothing {event:?}: {:?}", merged.report);
        }
        let opened = edit(&path, &merged.text, &json!([]), "--").unwrap();
        holds(&Pages::of(&plain), &Pages::of(&opened));
        let again = merge::merge(merged.text.as_bytes(), &new, Options::default()).unwrap();
        assert!(again.text == merged.text, "drawing once more changes the file");
    }
    let mut found = defects(&open(&[path]).unwrap());
    // The person's own arrow lost its end, as it should; what lines run over is the person's doing, too.
    found.retain(|defect| !["our-arrow", "edge-over"].iter().any(|known| defect.contains(known)));
    // The editor leads lines anew into the group that the person closed, and their labels go with them.
    found.retain(|defect| !(defect.contains("label-collision") && defect.contains(":notifications/")));
    assert_eq!(found, Vec::<String>::new());
}

/// The merged drawing, as the editor opens it, next to what was saved.
fn holds(before: &Pages, after: &Pages) {
    assert_eq!(after.names, before.names);
    assert_eq!(after.names[..2], ["shop · ShopBus", "Everything"]);
    let (old, new) = (&before.cells[1], &after.cells[1]);
    for gone in ["node:orders/GetOrder", "node:orders/ListOrders"] {
        assert!(!new.contains_key(gone), "{gone} is still there");
    }
    assert!(new.contains_key("node:orders/PayOrder"), "what is new in the source is missing");
    assert!(new["node:orders/CancelOrder"].style.contains("fillColor=#123456"));
    assert!(new["service:notifications"].collapsed, "the group is open again");
    assert_eq!(new["ours"], old["ours"]);
    assert!(new.values().any(|cell| cell.value == "Plans"), "the layer is gone");
    for (id, cell) in old.iter().filter(|(id, _)| new.contains_key(*id) && *id != "our-arrow") {
        assert_eq!(new[id].geometry, cell.geometry, "{id} has moved");
    }
    let arrow = &new["our-arrow"];
    assert_eq!((arrow.source.as_str(), arrow.target.as_str()), ("ours", ""), "it ends nowhere now");
}

/// The shop when a function has given way to another one, which is triggered by the API and writes the table.
fn changed(path: &str, text: String) -> String {
    if path != "orders/template.yaml" {
        return text;
    }
    let changed = text
        .replace("  GetOrder:\n", "  PayOrder:\n")
        .replace("Handler: get_order.handler", "Handler: create_order.handler");
    assert!(changed.contains("PayOrder") && !changed.contains("get_order"));
    changed
}

/// What is drawn of the shop whose files have been edited.
fn drawing(edit: impl Fn(&str, String) -> String) -> String {
    let formats = vec![render::registry::format("drawio").unwrap()];
    let options = render::RenderOptions { formats, ..render::RenderOptions::default() };
    let (_, content) = render::draw(&shop(edit), &options).remove(0);
    String::from_utf8(content).expect("it is text")
}

/// The example, with some of its files edited.
pub(crate) fn shop(edit: impl Fn(&str, String) -> String) -> model::Model {
    let folder = suite::repository().join("examples/shop");
    let folder = source::Folder::open(&folder, &source::Options::default()).unwrap();
    let files = folder.paths().iter().filter_map(|path| Some((path.clone(), folder.read(path).ok()?.text.to_string())));
    let sources = MemorySources::new(files.map(|(path, text)| (path.clone(), edit(&path, text))));
    suite::scan("shop", &sources).model
}

/// The drawing as the editor saves it after the steps.
fn edit(path: &Path, drawing: &str, steps: &serde_json::Value, form: &str) -> Option<String> {
    fs::write(path, drawing).unwrap();
    let list = path.with_extension("steps");
    fs::write(&list, steps.to_string()).unwrap();
    let output = node("edit.mjs", &[form.as_ref(), path.as_os_str(), list.as_os_str()])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A file as the editor writes it.
struct Pages {
    names: Vec<String>,
    cells: Vec<BTreeMap<String, Cell>>,
}

#[derive(Debug, PartialEq)]
struct Cell {
    value: String,
    style: String,
    collapsed: bool,
    source: String,
    target: String,
    geometry: String,
}

impl Pages {
    fn of(text: &str) -> Self {
        let document = Document::parse(text).unwrap();
        let diagrams: Vec<_> = document.descendants().filter(|n| n.has_tag_name("diagram")).collect();
        let names = diagrams.iter().map(|d| d.attribute("name").unwrap().to_owned()).collect();
        let cell = |node: roxmltree::Node<'_, '_>| {
            let text = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
            let outer = node.parent().filter(|p| matches!(p.tag_name().name(), "object" | "UserObject"));
            let id = outer.unwrap_or(node).attribute("id").unwrap().to_owned();
            let geometry =
                node.children().find(|n| n.has_tag_name("mxGeometry")).map_or("", |g| &text_of(g)[g.range()]);
            let (value, style, collapsed) = (text("value"), text("style"), node.attribute("collapsed") == Some("1"));
            (
                id,
                Cell {
                    value,
                    style,
                    collapsed,
                    source: text("source"),
                    target: text("target"),
                    geometry: normal(geometry),
                },
            )
        };
        let cells_of =
            |d: &roxmltree::Node<'_, '_>| d.descendants().filter(|n| n.has_tag_name("mxCell")).map(cell).collect();
        Self { names, cells: diagrams.iter().map(cells_of).collect() }
    }
}

/// The editor writes pages anew that were open, and leaves others as they were.
fn normal(geometry: &str) -> String {
    let lines: String = geometry.lines().map(str::trim).collect();
    lines.replace(" />", "/>").replace(" x=\"0\"", "").replace(" y=\"0\"", "")
}

fn text_of<'a>(node: roxmltree::Node<'a, '_>) -> &'a str {
    node.document().input_text()
}
