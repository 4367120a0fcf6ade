//! Writes a model down as pictures: draw.io, DOT and SVG (and JSON, which is the model itself).
//!
//! In goes a [`model::Model`], out come named texts; nothing is written to disk. Views are made by `model`, places by
//! `layout`; here are only looks and file formats. Text of the model is data in every format: `xml` and `dot`
//! hold the only escaping there is. To add a format, write a module and a line in [`registry`].

mod dot;
mod drawio;
mod glyph;
mod look;
mod page;
pub mod registry;
mod stroke;
mod svg;
mod text;
mod tooltip;
mod xml;

use cache::{Cache, Digest, Key, Nothing};
use model::Model;
use model::view::{self, ViewOptions};
use page::Page;
use registry::{FORMATS, Format, Writer};

/// What to draw, and how.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    /// Also draw flows that only a policy allows.
    pub granted: bool,
    /// The formats wanted, in this order.
    pub formats: Vec<&'static Format>,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { granted: false, formats: FORMATS.iter().collect() }
    }
}

/// Draws the system: file name and content for each format, `architecture.drawio` and so on. The nodes of the model
/// must be sorted, as those of [`Model::from_json`] are.
pub fn draw(model: &Model, options: &RenderOptions) -> Vec<(String, String)> {
    draw_with(model, options, &Nothing)
}

/// The same with what earlier runs kept in `cache`: all of it for a model that is as it was, or else the places of
/// those parts of the page that are.
pub fn draw_with(model: &Model, options: &RenderOptions, cache: &dyn Cache) -> Vec<(String, String)> {
    if !cache.keeps() {
        return draw_anew(model, options, cache);
    }
    let model_digest = Digest::of(model.to_json().as_bytes());
    let key = |format: &Format| {
        Key::new("drawing").with(&[u8::from(options.granted)]).with(format.name.as_bytes()).with(&model_digest.0)
    };
    let known = |format: &&'static Format| {
        let text = String::from_utf8(cache.get(&key(format))?).ok()?;
        Some((file_name(format), text))
    };
    options.formats.iter().map(known).collect::<Option<Vec<_>>>().unwrap_or_else(|| {
        let drawn = draw_anew(model, options, cache);
        for (format, (_, text)) in options.formats.iter().zip(&drawn) {
            cache.put(&key(format), text.clone().into_bytes());
        }
        cache.forget_others("drawing");
        cache.forget_others("scene");
        drawn
    })
}

fn file_name(format: &Format) -> String {
    format!("architecture.{}", format.extension)
}

fn draw_anew(model: &Model, options: &RenderOptions, cache: &dyn Cache) -> Vec<(String, String)> {
    let view = view::system(model, &ViewOptions { granted: options.granted });
    let pictures = options.formats.iter().any(|f| matches!(f.writer, Writer::Page(_)));
    let page = pictures.then(|| Page::new(&view, cache));
    let content = |format: &Format| match (&format.writer, &page) {
        (Writer::Model(write), _) => write(model),
        (Writer::Page(write), Some(page)) => write(page),
        (Writer::Page(_), None) => String::new(),
    };
    options.formats.iter().map(|f| (file_name(f), content(f))).collect()
}
