//! A drawing as a file: plain or compressed pages, alone or in the `content` of an SVG.

use crate::cell::Cell;
use crate::error::{Error, Fault, Place};
use crate::xml::{Attributes, MAX_BYTES, attributes, get, parse, write_attributes};
use base64::Engine as _;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use percent_encoding::percent_decode_str;
use roxmltree::{Document, Node};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// The form of drawings did not change in versions 14 to 29 of the editor, which has some three a year. Beyond this one
/// nothing is promised.
const NEWEST_EDITOR: u32 = 45;
/// The version of what is kept about the last drawing; see `mark`.
pub(crate) const MARKS: u32 = 1;

/// A drawing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawing {
    /// Those of `mxfile`.
    pub(crate) attributes: Attributes,
    pub(crate) pages: Vec<Page>,
    /// The SVG around it, and where in it the drawing stands.
    shell: Option<(String, Range<usize>)>,
}

/// A page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    /// Those of `diagram`.
    pub(crate) attributes: Attributes,
    /// Those of `mxGraphModel`: the grid, the paper, the background.
    pub(crate) settings: Attributes,
    pub(crate) cells: Vec<Cell>,
    /// Whether there is anything in it at all: not even layers are in a page that was never opened.
    pub(crate) empty: bool,
    /// The page as it stands in the file; empty for one that was read alone.
    pub(crate) raw: String,
}

impl Page {
    /// Reads a page that is in no file.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let document = parse(text)?;
        let root = document.root_element();
        expect(root, "diagram", "`diagram`", &document)?;
        read_page(root, &document, text)
    }

    pub(crate) fn id(&self) -> &str {
        get(&self.attributes, "id").unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        get(&self.attributes, "name").unwrap_or_default()
    }

    /// Writes the page with one cell a line.
    pub(crate) fn write(&self, cells: impl Iterator<Item = impl AsRef<str>>) -> String {
        let mut out = String::from("<diagram");
        write_attributes(&self.attributes, &mut out);
        out.push_str(">\n<mxGraphModel");
        write_attributes(&self.settings, &mut out);
        out.push_str(">\n<root>\n");
        for cell in cells {
            out.push_str(cell.as_ref());
            out.push('\n');
        }
        out.push_str("</root>\n</mxGraphModel>\n</diagram>");
        out
    }
}

/// The first line of a conflict that version control left in a file.
fn conflict(text: &str) -> Option<Error> {
    let line = text.lines().position(|line| line.starts_with("<<<<<<< "))?;
    let at = Some((u32::try_from(line + 1).ok()?, 1));
    Some(Error { place: Place { page: None, at }, fault: Fault::Conflict })
}

impl Drawing {
    /// Reads a file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Fault::TooLarge(MAX_BYTES >> 20).into());
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Fault::NotText)?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(Fault::NotXml("an empty file".to_owned()).into());
        }
        let readable = without_svg_doctype(text);
        let document = parse(&readable).map_err(|error| conflict(text).unwrap_or(error))?;
        match document.root_element().tag_name().name() {
            "svg" => Self::in_svg(&document, text),
            _ => Self::of(&document, text),
        }
    }

    fn in_svg(document: &Document<'_>, text: &str) -> Result<Self, Error> {
        let Some(content) = document.root_element().attribute_node("content") else {
            let found = "an SVG without one".to_owned();
            return Err(Fault::Form { expected: "a drawing in the attribute `content`", found }.into());
        };
        let inner = match content.value() {
            encoded if encoded.starts_with('%') => {
                percent_decode_str(encoded).decode_utf8().map_err(|_| Fault::NotText)?
            }
            plain => Cow::Borrowed(plain),
        };
        let mut drawing = Self::of(&parse(&inner)?, &inner)?;
        drawing.shell = Some((text.to_owned(), content.range_value()));
        Ok(drawing)
    }

    fn of(document: &Document<'_>, text: &str) -> Result<Self, Error> {
        let root = document.root_element();
        let mut drawing = Self::default();
        if root.has_tag_name("mxGraphModel") {
            // A page without a file around it, as the editor's clipboard has it.
            let mut page = Page { attributes: vec![("name".to_owned(), "Page-1".to_owned())], ..Page::default() };
            read_model(root, document, text, &mut page)?;
            page.raw = format!("<diagram name=\"Page-1\">{}</diagram>", &text[root.range()]);
            drawing.pages.push(page);
            return Ok(drawing);
        }
        expect(root, "mxfile", "`mxfile`", document)?;
        drawing.attributes = attributes(root);
        check_versions(&drawing.attributes)?;
        let mut seen = HashSet::new();
        for node in root.children().filter(Node::is_element) {
            expect(node, "diagram", "`diagram` in `mxfile`", document)?;
            let page = Page { raw: text[node.range()].to_owned(), ..read_page(node, document, text)? };
            if !page.id().is_empty() && !seen.insert(page.id().to_owned()) {
                return Err(Fault::Twice(page.id().to_owned()).at(document.text_pos_at(node.range().start)));
            }
            drawing.pages.push(page);
        }
        Ok(drawing)
    }

    /// Whether it stands inside of a picture of it.
    pub(crate) fn has_picture(&self) -> bool {
        self.shell.is_some()
    }

    /// The file with other pages in it.
    pub(crate) fn write(&self, attributes: &Attributes, pages: &[String]) -> String {
        let mut out = String::from("<mxfile");
        write_attributes(attributes, &mut out);
        out.push_str(">\n");
        for page in pages {
            out.push_str(page);
            out.push('\n');
        }
        out.push_str("</mxfile>\n");
        let Some((svg, content)) = &self.shell else { return out };
        let mut escaped = String::new();
        write_attributes(&vec![("content".to_owned(), out)], &mut escaped);
        let value = escaped.trim_start_matches(" content=\"").trim_end_matches('"');
        format!("{}{value}{}", &svg[..content.start], &svg[content.end..])
    }
}

/// The editor writes the document type of SVG, which declares nothing here; blanks keep all places as they are. One that
/// declares something stays, and is refused.
fn without_svg_doctype(text: &str) -> Cow<'_, str> {
    let Some(start) = text.find("<!DOCTYPE svg") else { return Cow::Borrowed(text) };
    let before = &text[..start];
    let Some(end) = text[start..].find('>').map(|end| start + end + 1) else { return Cow::Borrowed(text) };
    let prolog = before.matches("<?").count() + before.matches("<!--").count();
    if before.matches('<').count() > prolog || text[start..end].contains('[') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{before}{}{}", " ".repeat(end - start), &text[end..]))
}

fn expect(node: Node<'_, '_>, name: &str, expected: &'static str, document: &Document<'_>) -> Result<(), Error> {
    let found = node.tag_name().name();
    if found == name {
        return Ok(());
    }
    Err(Fault::Form { expected, found: format!("`{found}`") }.at(document.text_pos_at(node.range().start)))
}

fn check_versions(attributes: &Attributes) -> Result<(), Error> {
    let major = |text: &str| text.split('.').next().and_then(|n| n.trim_start_matches('v').parse::<u32>().ok());
    let version = get(attributes, "version").unwrap_or_default();
    if major(version).is_some_and(|major| major > NEWEST_EDITOR) {
        return Err(Fault::Newer { program: "draw.io", version: version.to_owned() }.into());
    }
    let marks = get(attributes, "connectome").unwrap_or_default();
    if major(marks).is_some_and(|version| version > MARKS) {
        return Err(Fault::Newer { program: "a connectome with marks of version", version: marks.to_owned() }.into());
    }
    Ok(())
}

fn read_page(node: Node<'_, '_>, document: &Document<'_>, text: &str) -> Result<Page, Error> {
    let mut page = Page { attributes: attributes(node), empty: true, ..Page::default() };
    if let Some(model) = node.children().find(Node::is_element) {
        read_model(model, document, text, &mut page)?;
        return Ok(page);
    }
    let compressed: String = node.children().filter_map(|n| n.text()).collect();
    if compressed.trim().is_empty() {
        return Ok(page);
    }
    let inside = |mut error: Error| {
        error.place.page = Some(page.name().to_owned());
        error
    };
    let inflated = inflate(compressed.trim()).map_err(|fault| inside(fault.into()))?;
    let read = || {
        let mut inner = page.clone();
        let document = parse(&inflated)?;
        read_model(document.root_element(), &document, &inflated, &mut inner)?;
        Ok(inner)
    };
    read().map_err(inside)
}

/// What the editor compresses: XML, percent-encoded, deflated, in base64. Some versions left one or the other out.
fn inflate(text: &str) -> Result<String, Fault> {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let decoded = if packed.starts_with('%') {
        packed
    } else {
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| Fault::NotCompressed)?;
        let inflated = decompress_to_vec_with_limit(&bytes, MAX_BYTES).map_err(|error| match error.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => Fault::TooLarge(MAX_BYTES >> 20),
            _ => Fault::NotCompressed,
        })?;
        String::from_utf8(inflated).map_err(|_| Fault::NotText)?
    };
    let plain = percent_decode_str(&decoded).decode_utf8().map_err(|_| Fault::NotText)?;
    Ok(plain.into_owned())
}

fn read_model(model: Node<'_, '_>, document: &Document<'_>, text: &str, page: &mut Page) -> Result<(), Error> {
    expect(model, "mxGraphModel", "`mxGraphModel` in `diagram`", document)?;
    page.settings = attributes(model);
    page.empty = false;
    let mut seen = HashSet::new();
    for root in model.children().filter(Node::is_element) {
        expect(root, "root", "`root` in `mxGraphModel`", document)?;
        for node in root.children().filter(Node::is_element) {
            let cell = Cell::read(node, document, text)?;
            if !seen.insert(cell.id.clone()) {
                return Err(Fault::Twice(cell.id).at(document.text_pos_at(node.range().start)));
            }
            page.cells.push(cell);
        }
    }
    Ok(())
}
