//! Files that nobody should have: each is an error that says what and where, in little time and memory.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use base64::Engine as _;
use merge::{Fault, Options};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use support::{Editor, System};

fn system() -> System {
    System::of("a.x a.y b", "a.x>a.y a.y>b")
}

/// Why the file is refused.
fn refused(old: impl AsRef<[u8]>) -> merge::Error {
    let start = Instant::now();
    let error = merge::merge(old.as_ref(), &system().draw(), Options::default()).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(!error.to_string().is_empty());
    error
}

/// A page as the editor compresses it.
fn compressed(model: &str) -> String {
    let mut encoded = String::new();
    for byte in model.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    base64::engine::general_purpose::STANDARD.encode(miniz_oxide::deflate::compress_to_vec(encoded.as_bytes(), 6))
}

/// The generated drawing with its page compressed.
fn compressed_drawing(text: &str) -> String {
    let start = text.find("<mxGraphModel").unwrap();
    let end = text.find("</mxGraphModel>").unwrap() + "</mxGraphModel>".len();
    format!("{}{}{}", &text[..start], compressed(&text[start..end]), &text[end..])
}

#[test]
fn what_is_not_a_drawing() {
    assert!(matches!(refused("").fault, Fault::NotXml(_)));
    assert!(matches!(refused(" \n ").fault, Fault::NotXml(_)));
    assert!(matches!(refused("hello").fault, Fault::NotXml(_)));
    assert_eq!(refused(b"\xff\xfe<").fault, Fault::NotText);
    assert!(matches!(refused("<html><body/></html>").fault, Fault::Form { .. }));
    assert!(matches!(refused("<svg xmlns=\"http://www.w3.org/2000/svg\"/>").fault, Fault::Form { .. }));
}

#[test]
fn a_truncated_file_at_any_place() {
    let text = system().draw();
    for end in (1..text.len() - 2).step_by(97).filter(|end| text.is_char_boundary(*end)) {
        let error = refused(&text[..end]);
        assert!(matches!(error.fault, Fault::NotXml(_)), "{error}");
    }
    let error = refused(&text[..text.len() - 12]);
    assert!(error.place.at.is_some() && error.to_string().starts_with("line "), "{error}");
}

#[test]
fn ids_that_are_there_twice() {
    let cell = "<mxCell id=\"9\" vertex=\"1\" parent=\"1\"/>";
    let error = refused(system().draw().replace("</root>", &format!("{cell}\n{cell}\n</root>")));
    assert_eq!(error.fault, Fault::Twice("9".to_owned()));
    assert!(error.place.at.is_some_and(|(line, column)| line > 5 && column == 1), "{error}");
    let page = "<diagram id=\"page:system\" name=\"b\"/>";
    assert!(matches!(
        refused(system().draw().replace("</mxfile>", &format!("{page}</mxfile>"))).fault,
        Fault::Twice(_)
    ));
}

#[test]
fn entities() {
    let text = system().draw();
    let bomb = "<!DOCTYPE mxfile [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>";
    assert_eq!(refused(format!("{bomb}{text}")).fault, Fault::Entities);
    assert_eq!(refused(format!("<!DOCTYPE mxfile SYSTEM \"file:///etc/passwd\">{text}")).fault, Fault::Entities);
    assert_eq!(refused(text.replace("value=\"System\"", "value=\"&who;\"")).fault, Fault::Entities);
    let svg = format!(
        "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\" content=\"{}\"/>",
        escaped(&text)
    );
    assert_eq!(refused(svg).fault, Fault::Entities);
}

#[test]
fn a_page_that_inflates_without_end() {
    let zeros = vec![b'a'; 200 << 20];
    let bomb = base64::engine::general_purpose::STANDARD.encode(miniz_oxide::deflate::compress_to_vec(&zeros, 1));
    let error = refused(format!("<mxfile><diagram id=\"z\" name=\"Z\">{bomb}</diagram></mxfile>"));
    assert!(matches!(error.fault, Fault::TooLarge(_)), "{error}");
    assert!(error.to_string().contains("page `Z`"), "{error}");
}

#[test]
fn compressed_pages_that_are_none() {
    for text in ["!!!!", "AAAA", "7Vxbc5s4"] {
        let error = refused(format!("<mxfile><diagram name=\"Z\">{text}</diagram></mxfile>"));
        assert!(matches!(error.fault, Fault::NotCompressed | Fault::NotText | Fault::NotXml(_)), "{error}");
    }
    let error =
        refused(format!("<mxfile><diagram name=\"Z\">{}</diagram></mxfile>", compressed("<mxGraphModel>\n<root>")));
    assert!(error.to_string().starts_with("page `Z`, line "), "{error}");
    let entity = compressed("<!DOCTYPE a [<!ENTITY b \"c\">]><mxGraphModel><root/></mxGraphModel>");
    assert_eq!(refused(format!("<mxfile><diagram name=\"Z\">{entity}</diagram></mxfile>")).fault, Fault::Entities);
}

#[test]
fn forms_and_versions_that_are_not_known() {
    let text = system().draw();
    let newer = text.replace("host=\"connectome\"", "host=\"Electron\" version=\"99.1.0\"");
    assert_eq!(refused(newer).fault, Fault::Newer { program: "draw.io", version: "99.1.0".to_owned() });
    assert!(matches!(refused(text.replace("connectome=\"1\"", "connectome=\"2\"")).fault, Fault::Newer { .. }));
    for (from, to) in [
        ("<root>", "<root><thing id=\"9\"/>"),
        ("<root>", "<other/><root>"),
        ("</mxfile>", "<sheet/></mxfile>"),
        ("id=\"title\"", ""),
    ] {
        assert!(matches!(refused(text.replace(from, to)).fault, Fault::Form { .. }), "{to}");
    }
}

#[test]
fn depth_circles_and_numbers_beyond_reason() {
    let text = system().draw();
    let deep = format!("{}{}", "<Array>".repeat(100_000), "</Array>".repeat(100_000));
    let cell = format!("<mxCell id=\"9\" vertex=\"1\" parent=\"1\">{deep}</mxCell>");
    assert_eq!(refused(text.replace("</root>", &format!("{cell}</root>"))).fault, Fault::TooMany);
    let circle = "<mxCell id=\"8\" vertex=\"1\" parent=\"9\"><mxGeometry x=\"nan\" y=\"1e999\" width=\"-inf\" height=\"1e300\" as=\"geometry\"/></mxCell><mxCell id=\"9\" vertex=\"1\" parent=\"8\"/>";
    let mut grown = system();
    grown.add("a.new");
    let old = text.replace("</root>", &format!("{circle}</root>"));
    let merged = merge::merge(old.as_bytes(), &grown.draw(), Options::default()).unwrap();
    assert!(merged.text.contains("node:a.new") && merged.text.contains("1e999"));
}

#[test]
fn many_cells_cost_little() {
    let mut editor = Editor::open(&system().draw());
    let mut notes = String::new();
    for i in 0..3000 {
        let (x, y) = (i % 60 * 40, i / 60 * 40);
        let _ = write!(
            notes,
            "<mxCell id=\"{}\" vertex=\"1\" parent=\"1\"><mxGeometry x=\"{x}\" y=\"{y}\" width=\"39\" height=\"39\" as=\"geometry\"/></mxCell>",
            i + 100
        );
    }
    editor.add(&notes);
    let mut grown = system();
    (0..300).for_each(|i| grown.add(&format!("a.new{i}")));
    grown.lines.extend((0..299).map(|i| (format!("a.new{i}"), format!("a.new{}", i + 1))));
    let start = Instant::now();
    let merged = merge::merge(editor.save().as_bytes(), &grown.draw(), Options::default()).unwrap();
    assert!(merged.text.contains("node:a.new299"));
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "&#10;")
}

#[test]
fn compressed_pages_are_read_and_kept() {
    let text = system().draw();
    let mut editor = Editor::open(&text);
    editor.move_by("node:b", 70.0, 0.0);
    let moved = merge::merge(editor.save().as_bytes(), &text, Options::default()).unwrap().text;
    let foreign = format!(
        "<diagram id=\"q\" name=\"Q\">{}</diagram>",
        compressed("<mxGraphModel><root><mxCell id=\"0\"/></root></mxGraphModel>")
    );
    let packed = compressed_drawing(&moved).replace("</mxfile>", &format!("{foreign}\n</mxfile>"));
    let merged = merge::merge(packed.as_bytes(), &text, Options::default()).unwrap();
    assert_eq!(merged.text, moved.replace("</mxfile>", &format!("{foreign}\n</mxfile>")));
}

#[test]
fn a_drawing_in_an_svg_stays_in_it() {
    let text = system().draw();
    let mut editor = Editor::open(&text);
    editor.move_by("node:b", 70.0, 0.0);
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Do not edit -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n";
    let svg = |content: &str| {
        format!(
            "{head}<svg xmlns=\"http://www.w3.org/2000/svg\" content=\"{}\" width=\"5\"><g/></svg>",
            escaped(content)
        )
    };
    let plain = merge::merge(editor.save().as_bytes(), &text, Options::default()).unwrap().text;
    let merged = merge::merge(svg(&editor.save()).as_bytes(), &text, Options::default()).unwrap();
    assert_eq!(merged.text, svg(&plain));
}
