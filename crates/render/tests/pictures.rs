//! What must hold of every picture, whatever it shows.

mod support;

use model::Model;
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};
use support::{SAMPLES, drawn, files, sample};

/// Names that have broken other programs.
const HOSTILE: &[&str] = &[
    "\"><script>alert(1)</script>",
    "]]>",
    "<b>&amp;</b>",
    "line one\nline two\ttab\rreturn",
    "🦀👨\u{200D}👩\u{200D}👧 e\u{301}",
    "שלום עולם \u{202E}reversed",
    "control \u{0}\u{1}\u{8}\u{1b}[31m\u{7f}\u{85}\u{fffe}",
    "back\\slash \\N \\G \\",
    "%name% ${x} {{y}} %%{init",
    "'single' `back` \"double\"",
    "",
];

/// A system in which every text is hostile.
fn hostile() -> Model {
    let mut names: Vec<String> = HOSTILE.iter().map(|n| (*n).to_owned()).collect();
    names.push("Long".repeat(75));
    names.push("x".repeat(300));
    let mut model = sample("small");
    model.name = HOSTILE.join(" ");
    let service = model.nodes.iter().find(|n| n.id == "orders").expect("the sample has it").clone();
    let function = model.nodes.iter().find(|n| n.id == "orders/CreateOrder").expect("the sample has it").clone();
    let edge = model.edges[0].clone();
    let unresolved = model.unresolved[0].clone();
    for (i, name) in names.iter().enumerate() {
        let (group, id) = (format!("group {i} {name}"), format!("node {i} {name}"));
        model.nodes.push(model::Node { id: group.clone(), name: name.clone(), ..service.clone() });
        let mut node = function.clone();
        node.id.clone_from(&id);
        node.name.clone_from(name);
        node.names = vec![name.clone()];
        node.parent = Some(group);
        node.platform.clone_from(name);
        node.details.insert(name.clone(), name.as_str().into());
        node.declared[0].file.clone_from(name);
        model.nodes.push(node);
        let mut edge = edge.clone();
        edge.from.clone_from(&id);
        "orders/OrdersTable".clone_into(&mut edge.to);
        edge.label.clone_from(name);
        edge.evidence[0].what.clone_from(name);
        edge.evidence[0].at.file.clone_from(name);
        model.edges.push(edge);
        model.unresolved.push(model::Unresolved {
            node: id,
            what: name.clone(),
            why: name.clone(),
            ..unresolved.clone()
        });
    }
    model.sort();
    model
}

fn models() -> Vec<(&'static str, Model)> {
    let samples = SAMPLES.iter().map(|(name, _)| (*name, sample(name)));
    samples.chain([("hostile", hostile()), ("empty", Model::default())]).collect()
}

fn attribute(node: Node<'_, '_>, name: &str) -> String {
    node.attribute(name).unwrap_or_else(|| panic!("{:?} has no {name}", node.tag_name())).to_owned()
}

/// Cells of a page by id: an object's id is its cell's.
fn cells<'a>(page: Node<'a, 'a>) -> BTreeMap<String, Node<'a, 'a>> {
    let mut cells = BTreeMap::new();
    for cell in page.descendants().filter(|n| n.has_tag_name("mxCell")) {
        let holder = cell.parent().filter(|p| p.has_tag_name("object")).unwrap_or(cell);
        let id = attribute(holder, "id");
        assert!(cells.insert(id.clone(), cell).is_none(), "two cells are called {id}");
    }
    cells
}

#[test]
fn drawio_files_are_whole() {
    for (name, model) in models() {
        let text = drawn(&model, "drawio");
        let document = Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let pages: Vec<Node<'_, '_>> = document.descendants().filter(|n| n.has_tag_name("diagram")).collect();
        let names: BTreeSet<String> = pages.iter().map(|page| attribute(*page, "id")).collect();
        assert_eq!(names.len(), pages.len(), "{name}: two pages have one id");
        for page in pages {
            whole_page(name, page, &names);
        }
        for node in model.nodes.iter().filter(|n| !n.kind.is_part() && n.kind != model::NodeKind::Service) {
            let count = document.descendants().filter(|o| o.attribute("kind") == Some(node.kind.as_str())).count();
            assert!(count > 0, "{name}: no {} is drawn", node.kind);
        }
    }
}

/// Every end, parent and link of a page is there.
fn whole_page(name: &str, page: Node<'_, '_>, pages: &BTreeSet<String>) {
    let cells = cells(page);
    let mut seen = BTreeSet::new();
    for object in page.descendants().filter(|n| n.has_tag_name("object")) {
        if let Some(link) = object.attribute("link") {
            let to = link.strip_prefix("data:page/id,").unwrap_or_else(|| panic!("{name}: {link} leads out"));
            assert!(pages.contains(to), "{name}: there is no page {to}");
        }
    }
    for cell in page.descendants().filter(|n| n.has_tag_name("mxCell")) {
        let holder = cell.parent().filter(|p| p.has_tag_name("object")).unwrap_or(cell);
        let id = attribute(holder, "id");
        assert!(matches!(id.as_str(), "0" | "1") || id.parse::<f64>().is_err(), "{name}: {id} is a number");
        if let Some(parent) = cell.attribute("parent") {
            assert!(seen.contains(parent), "{name}: {id} stands before its parent {parent}");
        }
        if cell.attribute("edge").is_some() {
            for end in ["source", "target"] {
                assert!(cells.contains_key(&attribute(cell, end)), "{name}: {id} has no {end}");
            }
        }
        seen.insert(id);
    }
}

#[test]
fn drawio_layers_hold_what_is_in_no_group() {
    let mut found = BTreeSet::new();
    for (name, model) in models() {
        let text = drawn(&model, "drawio");
        let document = Document::parse(&text).unwrap();
        for page in document.descendants().filter(|n| n.has_tag_name("diagram")) {
            layers_of(name, page, &mut found);
        }
    }
    let all = ["1", "layer:asynchronous", "layer:flows", "layer:ghosts", "layer:notes"];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

/// Each cell of a page is in its layer, of which `found` learns; each line says of what mode it is.
fn layers_of(name: &str, page: Node<'_, '_>, found: &mut BTreeSet<String>) {
    for (id, cell) in cells(page).iter().filter(|(id, _)| !matches!(id.as_str(), "0" | "1")) {
        let parent = attribute(*cell, "parent");
        let ghost = cell.attribute("style").is_some_and(|style| style.contains("ghost=1"));
        let expected: &[&str] = match (parent.as_str(), cell.attribute("edge").is_some()) {
            ("0", _) => continue,
            // What moves with a group is in it.
            (group, _) if group.starts_with("service:") || group == "legend" => continue,
            (_, true) => &["layer:flows", "layer:asynchronous"],
            (_, false) if ghost => &["layer:ghosts"],
            ("layer:ghosts", false) if id.starts_with("service:") => &["layer:ghosts"],
            (_, false) if matches!(id.as_str(), "title" | "legend") => &["layer:notes"],
            _ => &["1"],
        };
        assert!(expected.contains(&parent.as_str()), "{name}: {id} is in {parent}");
        found.insert(parent);
    }
    for object in page.descendants().filter(|n| n.attribute("mode").is_some()) {
        let asynchronous = object.attribute("mode") == Some("async");
        let tag = if asynchronous { "asynchronous" } else { "synchronous" };
        assert_eq!(object.attribute("tags"), Some(tag), "{name}");
    }
}

#[test]
fn drawio_cells_stand_on_lines_of_their_own() {
    for line in drawn(&sample("large"), "drawio").lines() {
        assert!(line.matches("<mxCell").count() <= 1, "{line}");
    }
}

#[test]
fn svg_files_are_self_contained() {
    for (name, file, text) in models().into_iter().flat_map(|(name, model)| {
        let files = files(&model, "svg");
        files.into_iter().map(move |(file, text)| (name, file, text)).collect::<Vec<_>>()
    }) {
        let name = format!("{name} {file}");
        let document = Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let root = document.root_element();
        let size = (attribute(root, "width"), attribute(root, "height"));
        assert_eq!(attribute(root, "viewBox"), format!("0 0 {} {}", size.0, size.1));
        for node in document.descendants().filter(Node::is_element) {
            assert!(!matches!(node.tag_name().name(), "script" | "image" | "foreignObject"), "{name}");
            let other_page = |to: &str| {
                to.starts_with("architecture") && to.strip_suffix(".svg").is_some() && !to.contains(['/', ':'])
            };
            let harmless = |name: &str, value: &str| name != "href" || other_page(value);
            assert!(node.attributes().all(|a| !a.name().starts_with("on") && harmless(a.name(), a.value())), "{name}");
        }
        assert_eq!(text.matches("://").count(), text.matches("http://www.w3.org/2000/svg").count(), "{name}");
    }
}

#[test]
fn hostile_names_stay_text() {
    let model = hostile();
    for extension in ["drawio", "svg"] {
        let text = drawn(&model, extension);
        assert!(!text.contains("<script"), "{extension}");
        assert!(text.chars().all(|c| !c.is_control() || c == '\n'), "{extension}");
    }
    // draw.io reads labels as HTML, so what the XML parser gives must still be escaped once.
    let text = drawn(&model, "drawio");
    let document = Document::parse(&text).expect("it is XML");
    for object in document.descendants().filter(|n| n.has_tag_name("object")) {
        for name in ["label", "tooltip"] {
            let html = object.attribute(name).unwrap_or_default();
            assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        }
    }
    // The whole of a long name is in the tooltip, not in the caption.
    let long = "x".repeat(300);
    let holds = |o: &Node<'_, '_>, name: &str| o.attribute(name).is_some_and(|a| a.contains(&long));
    let objects = || document.descendants().filter(|n| n.has_tag_name("object"));
    assert!(objects().any(|o| holds(&o, "tooltip")));
    assert!(!objects().any(|o| holds(&o, "label")));
}

#[test]
fn graphviz_accepts_dot_files_without_a_warning() {
    for (name, model) in models() {
        let Some((ok, errors, svg)) = graphviz(&drawn(&model, "dot")) else {
            assert!(std::env::var_os("CI").is_none(), "Graphviz is not installed, and in CI it must be");
            println!("skipped: Graphviz is not installed");
            return;
        };
        assert!(ok && errors.is_empty(), "{name}: {errors}");
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
        let document = Document::parse_with_options(&svg, options).unwrap_or_else(|e| panic!("{name}: {e}"));
        let drawn = document.descendants().filter(|n| n.attribute("class") == Some("node")).count();
        let pages = model::view::pages(&model, &model::view::ViewOptions::default());
        assert_eq!(drawn, pages[0].nodes.len(), "{name}: each node of the first page is one node in DOT");
    }
}

/// Whether `dot` succeeded, what it complained about, and its picture; nothing where there is no `dot`.
fn graphviz(text: &str) -> Option<(bool, String, String)> {
    let mut command = Command::new("dot");
    command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let text = text.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().expect("dot runs");
    writer.join().expect("the writer does not panic").expect("dot reads its input");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Some((output.status.success(), text(&output.stderr), text(&output.stdout)))
}

#[test]
fn the_order_of_a_document_does_not_matter() {
    let model = sample("medium");
    let mut turned = model.clone();
    turned.nodes.reverse();
    turned.edges.reverse();
    turned.sort();
    for extension in ["drawio", "svg", "dot", "json"] {
        assert_eq!(drawn(&model, extension), drawn(&turned, extension), "{extension}");
    }
}

#[test]
fn the_small_sample_looks_as_agreed() {
    let model = sample("small");
    for extension in ["drawio", "svg", "dot"] {
        insta::assert_snapshot!(format!("small.{extension}"), drawn(&model, extension));
    }
}
