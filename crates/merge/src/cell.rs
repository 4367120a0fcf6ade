//! One cell of a page: `mxCell`, alone or in an `object`, as the editor writes it.

use crate::error::{Error, Fault};
use crate::geometry;
use crate::mark;
use crate::style;
use crate::xml::{Attributes, Element, attributes, get, set, write_attributes};
use roxmltree::{Document, Node};
use std::fmt::Write as _;

/// What a person arranges of a cell, beside its place.
const ARRANGED: [&str; 2] = ["parent", "collapsed"];

/// A cell. Text and data stand on the wrapper or, if it has none, its text on the cell: here always in `data`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    pub(crate) id: String,
    /// The element around `mxCell`, if any: `object`, `UserObject`, or whatever a person named it.
    pub(crate) wrapper: Option<String>,
    /// The label first of all, links, tooltips, and what else is said of the cell.
    pub(crate) data: Attributes,
    /// Those of `mxCell` but for id and value: style, parent, ends, and so on.
    pub(crate) attributes: Attributes,
    pub(crate) geometry: Option<Element>,
    /// Whatever else is in the cell.
    pub(crate) rest: Vec<Element>,
    /// The cell as it stands in the text.
    pub(crate) raw: String,
}

impl Cell {
    pub(crate) fn read(node: Node<'_, '_>, document: &Document<'_>, text: &str) -> Result<Self, Error> {
        let name = node.tag_name().name();
        // To count the lines up to a place takes time, and only errors need it.
        let at = || document.text_pos_at(node.range().start);
        let inner = node.children().find(|n| n.has_tag_name("mxCell"));
        let (wrapper, cell) = match inner {
            _ if name == "mxCell" => (None, node),
            Some(cell) => (Some(name.to_owned()), cell),
            None => {
                return Err(
                    Fault::Form { expected: "`mxCell`, alone or in an `object`", found: format!("`{name}`") }.at(at())
                );
            }
        };
        let mut read = Self { wrapper, raw: text[node.range()].to_owned(), ..Self::default() };
        let mut id = cell.attribute("id");
        for (name, value) in attributes(cell) {
            match name.as_str() {
                "id" => {}
                "value" if read.wrapper.is_none() => set(&mut read.data, "label", &value),
                _ => set(&mut read.attributes, &name, &value),
            }
        }
        if read.wrapper.is_some() {
            id = node.attribute("id").or(id);
            read.data = attributes(node);
            read.data.retain(|(name, _)| name != "id");
        }
        id.ok_or_else(|| Fault::Form { expected: "a cell with an id", found: "one without".to_owned() }.at(at()))?
            .clone_into(&mut read.id);
        for child in cell.children().filter(Node::is_element) {
            if child.has_tag_name("mxGeometry") && read.geometry.is_none() {
                read.geometry = Some(Element::of(child));
            } else {
                read.rest.push(Element::of(child));
            }
        }
        Ok(read)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        get(&self.attributes, name)
    }

    pub(crate) fn style(&self) -> &str {
        self.get("style").unwrap_or_default()
    }

    pub(crate) fn parent(&self) -> &str {
        self.get("parent").unwrap_or_default()
    }

    pub(crate) fn label(&self) -> &str {
        get(&self.data, "label").unwrap_or_default()
    }

    pub(crate) fn is_edge(&self) -> bool {
        self.get("edge") == Some("1")
    }

    pub(crate) fn is_vertex(&self) -> bool {
        self.get("vertex") == Some("1")
    }

    /// Whether it holds a layer or all layers.
    pub(crate) fn is_layer(&self) -> bool {
        !self.is_edge() && !self.is_vertex()
    }

    /// Whether two cells say the same, however they are written.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let sorted = |list: &Attributes| {
            let mut list = list.clone();
            list.sort();
            list
        };
        let plain = |cell: &Self| cell.wrapper.is_none();
        self.id == other.id
            && plain(self) == plain(other)
            && self.geometry == other.geometry
            && self.rest == other.rest
            && sorted(&self.data) == sorted(&other.data)
            && sorted(&self.attributes) == sorted(&other.attributes)
    }

    /// Whether two cells look the same, whatever is known of what was generated last.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        let same_place = match (&self.geometry, &other.geometry) {
            (Some(a), Some(b)) => geometry::same(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let bare = |cell: &Self| {
            let mut cell = Self { geometry: None, ..cell.clone() };
            cell.attributes.retain(|(name, _)| !mark::is_mark(name));
            cell
        };
        same_place && bare(self).same(&bare(other))
    }

    /// Whether two cells say the same, wherever they stand: places, routes and pages are a person's to arrange.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let bare = |cell: &Self| {
            let mut cell = Self { geometry: None, ..cell.clone() };
            cell.attributes.retain(|(name, _)| !mark::is_mark(name) && !ARRANGED.contains(&name.as_str()));
            if let Some((_, style)) = cell.attributes.iter_mut().find(|(name, _)| name == "style") {
                *style = style::look(style);
            }
            cell.data.retain(|(name, value)| name != "link" || !value.starts_with("data:page/"));
            cell
        };
        bare(self).same(&bare(other))
    }

    /// Writes the cell on one line.
    pub(crate) fn write(&self) -> String {
        let mut out = String::new();
        let only_label = self.data.iter().all(|(name, _)| name == "label");
        let wrapper = self.wrapper.as_deref().or((!only_label).then_some("object"));
        let id = vec![("id".to_owned(), self.id.clone())];
        if let Some(name) = wrapper {
            let _ = write!(out, "<{name}");
            write_attributes(&self.data, &mut out);
            write_attributes(&id, &mut out);
            out.push_str("><mxCell");
        } else {
            out.push_str("<mxCell");
            write_attributes(&id, &mut out);
            if let Some(label) = get(&self.data, "label") {
                write_attributes(&vec![("value".to_owned(), label.to_owned())], &mut out);
            }
        }
        write_attributes(&self.attributes, &mut out);
        if self.geometry.is_none() && self.rest.is_empty() {
            out.push_str("/>");
        } else {
            out.push('>');
            self.geometry.iter().chain(&self.rest).for_each(|e| e.write(&mut out));
            out.push_str("</mxCell>");
        }
        if let Some(name) = wrapper {
            let _ = write!(out, "</{name}>");
        }
        out
    }
}
