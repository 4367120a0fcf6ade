//! Formats that are no plain text: pixels, and pictures that hold a drawing.

mod support;

use model::Model;
use render::{RenderOptions, Theme, draw};
use resvg::tiny_skia::Pixmap;
use roxmltree::Document;
use support::{drawn, sample};

fn pixels(model: &Model, theme: Theme) -> Vec<Pixmap> {
    let formats = render::registry::format("png").into_iter().collect();
    let files = draw(model, &RenderOptions { formats, theme, ..RenderOptions::default() });
    files.into_iter().map(|(_, content)| Pixmap::decode_png(&content).expect("it is a picture")).collect()
}

#[test]
fn a_picture_has_twice_the_pixels_of_the_page_and_is_not_blank() {
    let model = sample("small");
    let picture = pixels(&model, Theme::Auto).remove(0);
    let svg = drawn(&model, "svg");
    let document = Document::parse(&svg).unwrap();
    let size = |name: &str| document.root_element().attribute(name).unwrap().parse::<u32>().unwrap();
    assert_eq!((picture.width(), picture.height()), (2 * size("width"), 2 * size("height")));
    let background = picture.pixels()[0];
    let drawn = picture.pixels().iter().filter(|pixel| **pixel != background).count();
    assert!(drawn > picture.pixels().len() / 50, "{drawn} pixels are drawn");
}

#[test]
fn a_dark_picture_is_dark() {
    let brightness = |theme| {
        let pixel = pixels(&sample("small"), theme).remove(0).pixels()[0];
        u32::from(pixel.red()) + u32::from(pixel.green()) + u32::from(pixel.blue())
    };
    assert!(brightness(Theme::Dark) < 200 && brightness(Theme::Light) > 700);
    assert_eq!(brightness(Theme::Auto), brightness(Theme::Light));
}

/// The words of a name that no font has make a picture all the same.
#[test]
fn letters_that_the_font_lacks_are_no_error() {
    let mut model = sample("small");
    for node in &mut model.nodes {
        node.name = format!("🦀 שלום 注文 \u{0} {}", node.name);
    }
    assert_eq!(pixels(&model, Theme::Auto).len(), pixels(&sample("small"), Theme::Auto).len());
}

#[test]
fn a_picture_holds_the_drawing_that_the_editor_opens() {
    let model = sample("small");
    let text = drawn(&model, "drawio-svg");
    let document = Document::parse(&text).unwrap();
    let content = document.root_element().attribute("content").expect("a drawing");
    assert_eq!(content, drawn(&model, "drawio"));
    // There are no files of other pages to lead to.
    assert!(!text.contains("<a "), "{text}");
    let mut picture = text.clone();
    let start = picture.find(" content=\"").unwrap();
    let end = start + 10 + picture[start + 10..].find('"').unwrap();
    picture.replace_range(start..=end, "");
    let first = drawn(&model, "svg");
    assert_eq!(texts(&picture), texts(&first));
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}
