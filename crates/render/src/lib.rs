//! Writes a model down as pictures: draw.io, SVG, DOT, Mermaid, D2, as Markdown, and as JSON, which is the model itself.
//!
//! In goes a [`model::Model`], out come named files; nothing is written to disk. Views are made by `model`, places by
//! `layout`; here are only looks and file formats. Text of the model is data in every format: each module of one
//! holds its escaping, and `xml` that of all that are XML. To add a format, write a module and a line in [`registry`].

mod d2;
mod dashes;
mod dot;
mod drawio;
mod glyph;
mod label;
mod links;
mod look;
mod markdown;
mod mermaid;
mod page;
mod png;
pub mod registry;
mod shape;
mod stroke;
mod svg;
mod text;
mod tooltip;
mod words;
mod xml;

use cache::{Cache, Digest, Key, Nothing};
pub use layout::Direction;
use layout::Effort;
use links::Links;
use model::view::{self, View, ViewOptions};
use model::{Arrangement, Model, shown_names};
use page::{Page, Style};
use rayon::prelude::*;
use registry::{Document, FORMATS, Format, Writer};

/// With more boxes than this on all pages, only those pages are worked on at length whose lines cross much.
const MANY: usize = 600;

/// Stands near the beginning of every file of a page, as a comment of its format.
pub const MARK: &str = "made by connectome";

/// The name of a format's file, or of that of its first page.
pub fn file_name(format: &Format) -> String {
    format!("{}.{}", links::NAME, format.extension)
}

/// Whether a file in the folder of a drawing is a page that an earlier run drew, by its name and its first bytes.
pub fn is_page(name: &str, start: &[u8]) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let pages = FORMATS.iter().filter(|format| matches!(format.writer, Writer::Each(_) | Writer::Picture(_)));
    name.strip_prefix(links::NAME).is_some_and(|rest| rest.starts_with('-'))
        && pages.into_iter().any(|format| format.extension == ending)
        && String::from_utf8_lossy(&start[..start.len().min(300)]).contains(MARK)
}

/// What to draw, and how.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// Also draw flows that only a policy allows.
    pub granted: bool,
    /// The formats wanted, in this order.
    pub formats: Vec<&'static Format>,
    /// What is left out, renamed and put into other groups. The model as JSON is whole in any case.
    pub arrangement: Arrangement,
    /// Whether lines have labels.
    pub labels: bool,
    /// Whether pictures are light or dark. draw.io follows the editor's own mode.
    pub theme: Theme,
    /// Which way flows point.
    pub direction: Direction,
    /// What to put before the path of a source file to get a link to it: `../` for a text beside the source, or an address
    /// at the repository's host, which every format can use. Without it there are no such links.
    pub source: Option<String>,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's machine is set.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            granted: false,
            formats: FORMATS.iter().filter(|format| format.default).collect(),
            arrangement: Arrangement::default(),
            labels: true,
            theme: Theme::default(),
            direction: Direction::default(),
            source: None,
        }
    }
}

/// A file of a drawing: its name and its content.
pub type Drawn = (String, Vec<u8>);

/// Draws the system: names and contents of the files of each format, `architecture.drawio` and so on. A format that
/// has no pages of its own gets a file for each, the first of which is the whole or an overview. The nodes of the model
/// must be sorted, as those of [`Model::from_json`] are.
pub fn draw(model: &Model, options: &RenderOptions) -> Vec<Drawn> {
    draw_with(model, options, &Nothing)
}

/// The same with what earlier runs kept in `cache`: all of it for a model that is as it was, or else the places of
/// those parts of the page that are.
pub fn draw_with(model: &Model, options: &RenderOptions, cache: &dyn Cache) -> Vec<Drawn> {
    if !cache.keeps() {
        return draw_anew(model, options, cache).into_iter().flatten().collect();
    }
    let how = format!("{:?} {:?}", RenderOptions { formats: Vec::new(), ..options.clone() }, picture(options));
    let kept = Kept { cache, model: Digest::of(model.to_json().as_bytes()), how };
    let known = options.formats.iter().map(|format| kept.get(format)).collect::<Option<Vec<_>>>();
    let drawn = known.unwrap_or_else(|| {
        let drawn = draw_anew(model, options, cache);
        for (format, files) in options.formats.iter().zip(&drawn) {
            kept.put(format, files);
        }
        cache.forget_others("drawing");
        cache.forget_others("scene");
        drawn
    });
    drawn.into_iter().flatten().collect()
}

/// Drawings of a model that are kept.
struct Kept<'a> {
    cache: &'a dyn Cache,
    model: Digest,
    /// How it is drawn.
    how: String,
}

impl Kept<'_> {
    fn key(&self, format: &Format, file: &str) -> Key {
        let key = Key::new("drawing").with(self.how.as_bytes()).with(format.name.as_bytes());
        key.with(&self.model.0).with(file.as_bytes())
    }

    /// The files of a format.
    fn get(&self, format: &Format) -> Option<Vec<Drawn>> {
        let names = String::from_utf8(self.cache.get(&self.key(format, ""))?).ok()?;
        let file = |name: &str| Some((name.to_owned(), self.cache.get(&self.key(format, name))?));
        names.lines().map(file).collect()
    }

    fn put(&self, format: &Format, files: &[Drawn]) {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        self.cache.put(&self.key(format, ""), names.join("\n").into_bytes());
        for (name, content) in files {
            self.cache.put(&self.key(format, name), content.clone());
        }
    }
}

/// The files of a format, in the order of the pages.
fn draw_anew(model: &Model, options: &RenderOptions, cache: &dyn Cache) -> Vec<Vec<Drawn>> {
    let view_options = ViewOptions { granted: options.granted };
    let arranged = options.arrangement.of(model);
    let arranged = shown_names(arranged.as_ref().unwrap_or(model)).or(arranged);
    let shown = arranged.as_ref().unwrap_or(model);
    let placed = options.formats.iter().any(|f| !matches!(f.writer, Writer::Model(_)));
    let mut views = if placed { view::pages(shown, &view_options) } else { Vec::new() };
    if !options.labels {
        views.iter_mut().for_each(unlabelled);
    }
    let links = Links::new(&views);
    let host = options.source.as_deref().filter(|source| source.contains("://"));
    let boxes: usize = views.iter().map(|view| view.nodes.len()).sum();
    let effort = if boxes > MANY { Effort::Swift } else { Effort::Thorough };
    let style = Style { theme: options.theme, direction: options.direction };
    let page = |view| Page { host, ..Page::new(view, style, effort, cache) };
    let pages: Vec<Page<'_>> = views.par_iter().map(page).collect();
    let file = |name: &str, format: &Format| format!("{name}.{}", format.extension);
    let one = |format: &Format, text: String| vec![(file(links::NAME, format), text.into_bytes())];
    let name = |page: &Page<'_>, format: &Format| file(links.file(&page.view.id).unwrap_or(links::NAME), format);
    let drawn = |format: &&'static Format| match &format.writer {
        Writer::Model(write) => one(format, write(model)),
        Writer::Book(write) => one(format, write(&pages)),
        Writer::Each(write) => {
            pages.par_iter().map(|page| (name(page, format), write(page, &links).into_bytes())).collect()
        }
        Writer::Picture(write) => pages.par_iter().map(|page| (name(page, format), write(page, &links))).collect(),
        Writer::Document(write) => {
            let source = options.source.as_deref();
            one(
                format,
                write(&Document {
                    model: shown,
                    granted: options.granted,
                    pages: &pages,
                    links: &links,
                    source,
                    picture: picture(options),
                }),
            )
        }
    };
    options.formats.par_iter().map(drawn).collect()
}

/// The ending of the pictures that a text can show, if any are drawn with it.
fn picture(options: &RenderOptions) -> Option<&'static str> {
    let pictures = ["svg", "png"].into_iter();
    pictures.into_iter().find(|name| options.formats.iter().any(|format| format.name == *name))
}

/// Leaves out the labels of flows. When one part of a node comes after another is no label of a flow.
fn unlabelled(view: &mut View<'_>) {
    view.lines.iter_mut().filter(|line| !line.flows.is_empty()).for_each(|line| line.labels.clear());
}
