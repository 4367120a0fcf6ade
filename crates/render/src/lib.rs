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

use cache::{Cache, Key, Nothing};
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
    let key = cache.keeps().then(|| key(model, options));
    let known = key.as_ref().and_then(|key| postcard::from_bytes(&cache.get(key)?).ok());
    known.unwrap_or_else(|| {
        let drawn = draw_anew(model, options, cache);
        if let (Some(key), Ok(bytes)) = (&key, postcard::to_allocvec(&drawn)) {
            cache.put(key, bytes);
            cache.forget_others("drawing");
            cache.forget_others("scene");
        }
        drawn
    })
}

fn key(model: &Model, options: &RenderOptions) -> Key {
    let mut key = Key::new("drawing").with(&[u8::from(options.granted)]);
    for format in &options.formats {
        key.add(format.name.as_bytes());
    }
    key.with(model.to_json().as_bytes())
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
    options.formats.iter().map(|f| (format!("architecture.{}", f.extension), content(f))).collect()
}
