//! A small generator of drawings in the form of the real one, and a stand-in for the editor.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What there is to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct System {
    /// Nodes by name, with their service.
    pub(crate) nodes: BTreeMap<String, Option<String>>,
    /// Flows.
    pub(crate) lines: BTreeSet<(String, String)>,
    /// What is appended to labels and tooltips.
    pub(crate) words: String,
    /// What is appended to styles.
    pub(crate) look: String,
}

impl System {
    /// `a.x` is the node `x` of the service `a`.
    pub(crate) fn of(nodes: &str, lines: &str) -> Self {
        let mut system = Self::default();
        for node in nodes.split_whitespace() {
            system.add(node);
        }
        for line in lines.split_whitespace() {
            let (from, to) = line.split_once('>').unwrap();
            system.lines.insert((from.to_owned(), to.to_owned()));
        }
        system
    }

    pub(crate) fn add(&mut self, node: &str) {
        let service = node.split_once('.').map(|(service, _)| service.to_owned());
        self.nodes.insert(node.to_owned(), service);
    }

    pub(crate) fn remove(&mut self, node: &str) {
        self.nodes.remove(node);
        self.lines.retain(|(a, b)| a != node && b != node);
    }

    /// The drawing of one page.
    pub(crate) fn draw(&self) -> String {
        merge::stamp(&[self.page("system", "System")]).unwrap()
    }

    pub(crate) fn page(&self, id: &str, name: &str) -> String {
        let mut out = format!("<diagram id=\"page:{id}\" name=\"{name}\">\n");
        out.push_str("<mxGraphModel dx=\"800\" dy=\"600\" grid=\"1\" adaptiveColors=\"none\">\n<root>\n");
        out.push_str("<mxCell id=\"0\"/>\n<mxCell id=\"1\" parent=\"0\"/>\n");
        out.push_str("<mxCell id=\"title\" value=\"System\" style=\"text;\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"24\" y=\"16\" width=\"55\" height=\"30\" as=\"geometry\"/></mxCell>\n");
        let Self { words, look, .. } = self;
        let services: BTreeSet<&String> = self.nodes.values().flatten().collect();
        let column = |service: &Option<String>| match service {
            Some(service) => services.iter().position(|s| *s == service).unwrap(),
            None => services.len(),
        };
        for (i, service) in services.iter().enumerate() {
            let count = self.nodes.values().filter(|s| s.as_ref() == Some(service)).count();
            let (x, height) = (40 + 400 * i, 60 + 140 * count);
            let _ = writeln!(
                out,
                "<object label=\"{service}{words}\" connectome=\"{service}\" id=\"service:{service}\"><mxCell style=\"rounded=1;container=1;fillColor=#F5F7FA;{look}\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"{x}\" y=\"80\" width=\"200\" height=\"{height}\" as=\"geometry\"/></mxCell></object>"
            );
        }
        let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (node, service) in &self.nodes {
            let row = rows.entry(column(service)).or_default();
            let (px, py) =
                if service.is_some() { (60, 50 + 140 * *row) } else { (40 + 400 * services.len(), 80 + 140 * *row) };
            *row += 1;
            let parent = service.as_ref().map_or("1".to_owned(), |s| format!("service:{s}"));
            let origin = if service.is_some() { (40 + 400 * column(service), 80) } else { (0, 0) };
            places.insert(node.as_str(), (px + origin.0, py + origin.1));
            let _ = writeln!(
                out,
                "<object label=\"{node}{words}&lt;br&gt;Queue\" connectome=\"{node}\" kind=\"queue\" tooltip=\"{node}{words}&amp;#10;queue\" id=\"node:{node}\"><mxCell style=\"html=1;fillColor=#ED7100;verticalLabelPosition=bottom;fontSize=12;{look}\" vertex=\"1\" parent=\"{parent}\"><mxGeometry x=\"{px}\" y=\"{py}\" width=\"64\" height=\"64\" as=\"geometry\"/></mxCell></object>"
            );
        }
        for (from, to) in &self.lines {
            let (a, b) = (places[from.as_str()], places[to.as_str()]);
            let bends = if a.1 == b.1 {
                String::new()
            } else {
                let x = a.0 + 120;
                format!(
                    "<Array as=\"points\"><mxPoint x=\"{x}\" y=\"{}\"/><mxPoint x=\"{x}\" y=\"{}\"/></Array>",
                    a.1 + 32,
                    b.1 + 32
                )
            };
            let _ = writeln!(
                out,
                "<object label=\"{words}\" connectome=\"{from} → {to}\" id=\"flow:{from}:{to}\"><mxCell style=\"edgeStyle=orthogonalEdgeStyle;endArrow=block;{look}exitX=1;exitY=0.5;exitDx=0;exitDy=0;entryX=0;entryY=0.5;entryDx=0;entryDy=0;\" parent=\"1\" source=\"node:{from}\" target=\"node:{to}\" edge=\"1\"><mxGeometry relative=\"1\" as=\"geometry\">{bends}</mxGeometry></mxCell></object>"
            );
        }
        let bottom = 160 + 140 * rows.values().max().unwrap_or(&0);
        let _ = writeln!(
            out,
            "<mxCell id=\"legend\" style=\"group;\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"24\" y=\"{bottom}\" width=\"100\" height=\"20\" as=\"geometry\"/></mxCell>\n<mxCell id=\"legend:calls\" value=\"calls\" style=\"text;\" vertex=\"1\" parent=\"legend\"><mxGeometry width=\"100\" height=\"20\" as=\"geometry\"/></mxCell>"
        );
        out.push_str("</root>\n</mxGraphModel>\n</diagram>\n");
        out
    }
}

/// Merges as the program would, with what must hold of any merge.
pub(crate) fn merged(old: &str, new: &System, options: merge::Options) -> merge::Merged {
    merged_text(old, &new.draw(), options)
}

pub(crate) fn merged_text(old: &str, new: &str, options: merge::Options) -> merge::Merged {
    let merged = merge::merge(old.as_bytes(), new, options).unwrap();
    let file = Editor::open(&merged.text);
    file.check(&Editor::open(old));
    let again = merge::merge(merged.text.as_bytes(), new, merge::Options::default()).unwrap();
    assert_eq!(again.text, merged.text, "merging twice changes something");
    let saved = merge::merge(file.save().as_bytes(), new, merge::Options::default()).unwrap();
    let (saved, merged_file) = (Editor::open(&saved.text), Editor::open(&merged.text));
    assert_eq!(saved.tree, merged_file.tree, "saving in the editor changes something");
    merged
}

/// An element of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Tree>,
}

impl Tree {
    pub(crate) fn parse(text: &str) -> Self {
        fn of(node: roxmltree::Node<'_, '_>) -> Tree {
            Tree {
                name: node.tag_name().name().to_owned(),
                attributes: node.attributes().map(|a| (a.name().to_owned(), a.value().to_owned())).collect(),
                children: node.children().filter(roxmltree::Node::is_element).map(of).collect(),
            }
        }
        of(roxmltree::Document::parse(text).unwrap().root_element())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.attributes.retain(|(n, _)| n != name);
        self.attributes.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.get(name).map_or(0.0, |v| v.parse().unwrap())
    }

    /// As the editor writes it.
    fn save(&self, indent: usize, out: &mut String) {
        let _ = write!(out, "{}<{}", "  ".repeat(indent), self.name);
        for (name, value) in &self.attributes {
            let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            let _ = write!(out, " {name}=\"{}\"", value.replace('\n', "&#xa;"));
        }
        if self.children.is_empty() {
            out.push_str(" />\n");
            return;
        }
        out.push_str(">\n");
        self.children.iter().for_each(|c| c.save(indent + 1, out));
        let _ = writeln!(out, "{}</{}>", "  ".repeat(indent), self.name);
    }
}

/// A file that is open in the editor.
#[derive(Clone, Debug)]
pub(crate) struct Editor {
    pub(crate) tree: Tree,
}

impl Editor {
    pub(crate) fn open(text: &str) -> Self {
        Self { tree: Tree::parse(text) }
    }

    pub(crate) fn save(&self) -> String {
        let mut out = String::new();
        self.tree.save(0, &mut out);
        out
    }

    pub(crate) fn page(&self, index: usize) -> &[Tree] {
        &self.tree.children[index].children[0].children[0].children
    }

    pub(crate) fn cells(&mut self) -> &mut Vec<Tree> {
        &mut self.tree.children[0].children[0].children[0].children
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.page(0).iter().map(|c| c.get("id").unwrap().to_owned()).collect()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids().iter().any(|i| i == id)
    }

    /// The cell or the object around it.
    pub(crate) fn object(&self, id: &str) -> &Tree {
        self.page(0).iter().find(|c| c.get("id") == Some(id)).unwrap_or_else(|| panic!("no cell {id}"))
    }

    pub(crate) fn object_mut(&mut self, id: &str) -> &mut Tree {
        self.cells().iter_mut().find(|c| c.get("id") == Some(id)).unwrap_or_else(|| panic!("no cell {id}"))
    }

    /// The `mxCell`.
    pub(crate) fn cell(&self, id: &str) -> &Tree {
        let object = self.object(id);
        if object.name == "mxCell" { object } else { &object.children[0] }
    }

    pub(crate) fn cell_mut(&mut self, id: &str) -> &mut Tree {
        let object = self.object_mut(id);
        if object.name == "mxCell" { object } else { &mut object.children[0] }
    }

    pub(crate) fn geometry(&self, id: &str) -> &Tree {
        &self.cell(id).children[0]
    }

    pub(crate) fn geometry_mut(&mut self, id: &str) -> &mut Tree {
        &mut self.cell_mut(id).children[0]
    }

    /// Position relative to the container, and size.
    pub(crate) fn rect(&self, id: &str) -> [f64; 4] {
        ["x", "y", "width", "height"].map(|name| self.geometry(id).number(name))
    }

    /// Position on the page, and size.
    pub(crate) fn absolute(&self, id: &str) -> [f64; 4] {
        let mut rect = self.rect(id);
        let mut at = self.cell(id).get("parent").unwrap().to_owned();
        while self.cell(&at).get("vertex").is_some() {
            let outer = self.rect(&at);
            (rect[0], rect[1]) = (rect[0] + outer[0], rect[1] + outer[1]);
            self.cell(&at).get("parent").unwrap().clone_into(&mut at);
        }
        rect
    }

    pub(crate) fn style(&self, id: &str) -> &str {
        self.cell(id).get("style").unwrap_or_default()
    }

    // What a person does.

    pub(crate) fn move_by(&mut self, id: &str, x: f64, y: f64) {
        let geometry = self.geometry_mut(id);
        let (x, y) = (geometry.number("x") + x, geometry.number("y") + y);
        geometry.set("x", &x.to_string());
        geometry.set("y", &y.to_string());
    }

    pub(crate) fn restyle(&mut self, id: &str, from: &str, to: &str) {
        let style = self.style(id).replace(from, to);
        self.cell_mut(id).set("style", &style);
    }

    pub(crate) fn reword(&mut self, id: &str, label: &str) {
        let object = self.object_mut(id);
        object.set(if object.name == "mxCell" { "value" } else { "label" }, label);
    }

    /// Adds cells, one or more, as text.
    pub(crate) fn add(&mut self, text: &str) {
        let cells = Tree::parse(&format!("<root>{text}</root>")).children;
        self.cells().extend(cells);
    }

    /// Adds a note.
    pub(crate) fn note(&mut self, id: &str, x: i32, y: i32) {
        self.add(&format!(
            "<mxCell id=\"{id}\" value=\"a note &amp; more\" style=\"shape=note;\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"{x}\" y=\"{y}\" width=\"120\" height=\"60\" as=\"geometry\"/></mxCell>"
        ));
    }

    /// Adds an arrow.
    pub(crate) fn arrow(&mut self, id: &str, from: &str, to: &str) {
        self.add(&format!(
            "<mxCell id=\"{id}\" style=\"endArrow=classic;\" edge=\"1\" parent=\"1\" source=\"{from}\" target=\"{to}\"><mxGeometry relative=\"1\" as=\"geometry\"/></mxCell>"
        ));
    }

    /// As the editor's Delete: what is in it goes too, arrows lose their ends.
    pub(crate) fn delete(&mut self, id: &str) {
        let children: Vec<String> = self
            .page(0)
            .iter()
            .map(|c| c.get("id").unwrap().to_owned())
            .filter(|c| self.cell(c).get("parent") == Some(id))
            .collect();
        for child in &children {
            self.delete(child);
        }
        self.cells().retain(|c| c.get("id") != Some(id));
        for object in self.cells() {
            let cell = if object.name == "mxCell" { object } else { &mut object.children[0] };
            cell.attributes.retain(|(name, value)| !matches!(name.as_str(), "source" | "target") || value != id);
        }
    }

    /// A copy beside the original, as the editor makes it: all attributes, another id.
    pub(crate) fn copy(&mut self, id: &str, copy: &str) {
        let mut object = self.object(id).clone();
        object.set("id", copy);
        self.cells().push(object);
        self.move_by(copy, 0.0, 900.0);
    }

    /// Groups cells: a new container, and they are relative to it.
    pub(crate) fn group(&mut self, group: &str, ids: &[&str]) {
        let parent = self.cell(ids[0]).get("parent").unwrap().to_owned();
        let (x, y) = (self.rect(ids[0])[0], self.rect(ids[0])[1]);
        self.add(&format!(
            "<mxCell id=\"{group}\" value=\"\" style=\"group\" vertex=\"1\" parent=\"{parent}\"><mxGeometry x=\"{x}\" y=\"{y}\" width=\"64\" height=\"64\" as=\"geometry\"/></mxCell>"
        ));
        for id in ids {
            self.cell_mut(id).set("parent", group);
            self.move_by(id, -x, -y);
        }
    }

    /// Gives a plain cell data, as a tooltip or a link does.
    pub(crate) fn wrap(&mut self, id: &str, name: &str, value: &str) {
        let object = self.object_mut(id);
        if object.name == "mxCell" {
            let mut cell = std::mem::take(object);
            let label = cell.get("value").unwrap_or_default().to_owned();
            cell.attributes.retain(|(n, _)| n != "value" && n != "id");
            *object = Tree { name: "UserObject".to_owned(), attributes: Vec::new(), children: vec![cell] };
            object.set("label", &label);
            object.set("id", id);
        }
        object.set(name, value);
    }

    /// What must hold of any file: ids are unique, and whatever is named is there, unless it was missing before.
    pub(crate) fn check(&self, before: &Self) {
        let mut pages = BTreeSet::new();
        for (index, page) in self.tree.children.iter().enumerate() {
            assert!(pages.insert(page.get("id").unwrap_or(&index.to_string()).to_owned()), "two pages of one id");
            if page.children.is_empty() {
                continue;
            }
            let cells = self.page(index);
            let mut ids = BTreeSet::new();
            for object in cells {
                let cell = if object.name == "mxCell" { object } else { &object.children[0] };
                let parent = cell.get("parent");
                let waits = |parent: &str| !ids.contains(parent) && cells.iter().any(|c| c.get("id") == Some(parent));
                assert!(!parent.is_some_and(waits), "{:?} stands before {parent:?}", object.get("id"));
                assert!(ids.insert(object.get("id").unwrap()), "{:?} is there twice", object.get("id"));
            }
            for object in cells {
                let cell = if object.name == "mxCell" { object } else { &object.children[0] };
                for name in ["parent", "source", "target"] {
                    if let Some(to) = cell.get(name) {
                        let lost = !ids.contains(to);
                        let known = before
                            .tree
                            .children
                            .iter()
                            .enumerate()
                            .any(|(i, p)| !p.children.is_empty() && before.page(i).iter().any(|c| c == object));
                        assert!(!lost || known, "{:?} has a {name} that is not there: {to}", object.get("id"));
                    }
                }
            }
        }
    }
}
