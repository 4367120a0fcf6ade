//! Every format that can be written.

use crate::links::Links;
use crate::page::Page;
use model::Model;

/// A format: a name for the command line, the ending of its files, and what writes it.
#[derive(Debug)]
pub struct Format {
    /// As in `--format`.
    pub name: &'static str,
    /// Without the dot.
    pub extension: &'static str,
    /// Whether it is drawn when nobody says which formats are wanted.
    pub default: bool,
    /// What writes it.
    pub(crate) writer: Writer,
}

/// What a format is made from.
#[derive(Debug)]
pub(crate) enum Writer {
    /// The model as it is.
    Model(fn(&Model) -> String),
    /// All pages in one file, which may show only the first.
    Book(fn(&[Page<'_>]) -> String),
    /// A file for each page.
    Each(fn(&Page<'_>, &Links) -> String),
    /// A file that is no text for each page.
    Picture(fn(&Page<'_>, &Links) -> Vec<u8>),
    /// All that there is to tell, in one text.
    Document(fn(&Document<'_>) -> String),
}

/// What a text about the whole drawing is made from.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// The model as it is drawn.
    pub(crate) model: &'a Model,
    pub(crate) pages: &'a [Page<'a>],
    pub(crate) links: &'a Links,
    /// Whether flows that only a policy allows are drawn.
    pub(crate) granted: bool,
    /// What stands before the path of a source file in a link.
    pub(crate) source: Option<&'a str>,
    /// The ending of pictures, if there are any.
    pub(crate) picture: Option<&'static str>,
}

/// All formats, by name.
pub const FORMATS: &[Format] = &[
    Format { name: "d2", extension: "d2", default: false, writer: Writer::Each(crate::d2::write) },
    Format { name: "dot", extension: "dot", default: true, writer: Writer::Each(crate::dot::write) },
    Format { name: "drawio", extension: "drawio", default: true, writer: Writer::Book(crate::drawio::write) },
    Format {
        name: "drawio-svg",
        extension: "drawio.svg",
        default: false,
        writer: Writer::Book(crate::svg::with_drawing),
    },
    Format { name: "json", extension: "json", default: true, writer: Writer::Model(Model::to_json) },
    Format { name: "markdown", extension: "md", default: true, writer: Writer::Document(crate::markdown::write) },
    Format { name: "mermaid", extension: "mmd", default: false, writer: Writer::Each(crate::mermaid::write) },
    Format { name: "png", extension: "png", default: false, writer: Writer::Picture(crate::png::write) },
    Format { name: "svg", extension: "svg", default: true, writer: Writer::Each(crate::svg::write) },
];

/// The format of a name, or of the ending of its files.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.name == name || f.extension == name)
}
