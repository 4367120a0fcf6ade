//! PNG: the SVG as pixels, with a font that is part of the program, so that every machine makes the same picture.
//!
//! Letters that the font lacks (emoji, scripts of Asia) are drawn as empty boxes; the SVG has them.

use crate::links::Links;
use crate::page::Page;
use crate::svg;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};
use std::sync::{Arc, LazyLock};

/// Pixels of the picture for each of the drawing.
const SCALE: f32 = 2.0;

/// Pixels of a whole picture; a larger page is scaled less.
const MOST: f32 = 50_000_000.0;

/// Liberation Sans, under the licence beside it.
const FONTS: [&[u8]; 2] =
    [include_bytes!("../fonts/LiberationSans-Regular.ttf"), include_bytes!("../fonts/LiberationSans-Bold.ttf")];

const FAMILY: &str = "Liberation Sans";

/// Writes a page.
pub(crate) fn write(page: &Page<'_>, links: &Links) -> Vec<u8> {
    drawn(&svg::fixed(page, links, FAMILY)).unwrap_or_default()
}

/// The pixels of an SVG; `None` for one without any.
fn drawn(svg: &str) -> Option<Vec<u8>> {
    static KNOWN: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut known = Database::new();
        FONTS.iter().for_each(|font| known.load_font_data(font.to_vec()));
        Arc::new(known)
    });
    let options = Options { fontdb: KNOWN.clone(), font_family: FAMILY.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).ok()?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min((MOST / (width * height)).sqrt());
    let pixels = |length: f32| (length * scale).ceil() as u32;
    let mut picture = Pixmap::new(pixels(width), pixels(height))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().ok()
}
