//! Elements of XML as values, and back. What is not changed is never written from here but copied from the text.

use crate::error::{Error, Fault};
use roxmltree::{Document, Node, ParsingOptions};
use std::fmt::Write as _;

/// So many bytes of XML are read, in the file and again in each page.
pub(crate) const MAX_BYTES: usize = 64 << 20;
/// So many elements, attributes and texts.
const MAX_NODES: u32 = 4_000_000;
/// Drawings need about eight levels.
const MAX_DEPTH: usize = 64;

/// Attributes in the order of the text.
pub(crate) type Attributes = Vec<(String, String)>;

/// An element, its attributes and the elements in it. Text between them means nothing in a drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The element with one more attribute.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        set(&mut self.attributes, name, value);
        self
    }

    pub(crate) fn of(node: Node<'_, '_>) -> Self {
        Self {
            name: node.tag_name().name().to_owned(),
            attributes: attributes(node),
            children: node.children().filter(Node::is_element).map(Self::of).collect(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        get(&self.attributes, name)
    }

    pub(crate) fn write(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.name);
        write_attributes(&self.attributes, out);
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            child.write(out);
        }
        let _ = write!(out, "</{}>", self.name);
    }
}

/// Reads a text, within limits and without entities.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Error> {
    if text.len() > MAX_BYTES {
        return Err(Fault::TooLarge(MAX_BYTES >> 20).into());
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)?;
    match too_deep(&document) {
        Some(node) => Err(Fault::TooMany.at(document.text_pos_at(node.range().start))),
        None => Ok(document),
    }
}

/// An element that is nested too deep. A walk that goes up again costs no stack.
fn too_deep<'a>(document: &'a Document<'a>) -> Option<Node<'a, 'a>> {
    let (mut at, mut depth) = (document.root(), 0);
    loop {
        if let Some(child) = at.first_child() {
            (at, depth) = (child, depth + 1);
            if depth > MAX_DEPTH {
                return Some(at);
            }
            continue;
        }
        loop {
            if let Some(next) = at.next_sibling() {
                at = next;
                break;
            }
            (at, depth) = (at.parent()?, depth.saturating_sub(1));
        }
    }
}

pub(crate) fn attributes(node: Node<'_, '_>) -> Attributes {
    node.attributes().map(|a| (a.name().to_owned(), a.value().to_owned())).collect()
}

pub(crate) fn get<'a>(attributes: &'a Attributes, name: &str) -> Option<&'a str> {
    attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

pub(crate) fn set(attributes: &mut Attributes, name: &str, value: &str) {
    match attributes.iter_mut().find(|(n, _)| n == name) {
        Some((_, old)) => value.clone_into(old),
        None => attributes.push((name.to_owned(), value.to_owned())),
    }
}

pub(crate) fn remove(attributes: &mut Attributes, name: &str) {
    attributes.retain(|(n, _)| n != name);
}

/// Writes ` name="value"` for each.
pub(crate) fn write_attributes(attributes: &Attributes, out: &mut String) {
    for (name, value) in attributes {
        let _ = write!(out, " {name}=\"");
        escape(value, out);
        out.push('"');
    }
}

/// As the writer of drawings escapes, so that what is written twice is written alike.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_written_as_it_was_read() {
        let text = "<a b=\"&lt;&quot;&#10;&amp;&gt;\"><c/><d e=\"1\"/></a>";
        let mut out = String::new();
        Element::of(parse(text).unwrap().root_element()).write(&mut out);
        assert_eq!(out, text);
    }

    #[test]
    fn deep_elements_are_refused_without_a_deep_stack() {
        let text = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(parse(&text).unwrap_err().fault, Fault::TooMany);
        let text = format!("{}{}", "<a>".repeat(30), "</a>".repeat(30));
        assert!(parse(&text).is_ok());
    }

    #[test]
    fn entities_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
        assert_eq!(parse(bomb).unwrap_err().fault, Fault::Entities);
        assert_eq!(parse("<a>\n&b;</a>").unwrap_err(), Fault::Entities.at(roxmltree::TextPos::new(2, 1)));
    }
}
