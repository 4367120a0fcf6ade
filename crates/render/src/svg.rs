//! SVG: one self-contained file for a browser, light or dark, with pictograms of our own and text that can be selected.

use crate::dashes;
use crate::links::Links;
use crate::page::{Form, GROUP, LABEL, LineText, MARGIN, NAME, NodeText, POINT, Page, SAMPLE, SUB, TITLE, line_height};
use crate::stroke::{Heads, Stroke, Sure};
use crate::xml::escape;
use crate::{MARK, Theme};
use layout::{PlacedBox, Point, Rect, Route, Size};
use std::fmt::Write as _;

/// The radius of bends.
const BEND: i32 = 6;

/// Colours on a light page.
const LIGHT: &str = "svg{--page:#fff;--group:#f5f7fa;--inner:#fff;--frame:#aeb9c6;--ink:#232f3e;--muted:#5a6c86;--line:#545b64;\
--faint:#7d8896;--step:#1f6fb2}";

/// Colours on a dark page.
const DARK: &str = "svg{--page:#14181f;--group:#1c222b;--inner:#242b36;--frame:#46515f;--ink:#e6eaf0;\
--muted:#a3b0c0;--line:#b4bdc8;--faint:#7d8896;--step:#6cb2ee}.tile{stroke:var(--frame)}";

/// Whatever the reader's machine has.
const FONTS: &str = "system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const STYLE: &str = "\
.page{fill:var(--page)}.group{fill:var(--group);stroke:var(--frame)}.inner{fill:var(--inner)}\
text{fill:var(--ink)}.muted,.label{fill:var(--muted)}\
.glyph{fill:none;stroke:#fff;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}\
.line{fill:none;stroke:var(--line);stroke-width:1.25}.faint{stroke:var(--faint)}\
.async{stroke-dasharray:6 4}.granted{stroke-dasharray:1 4;stroke-linecap:round}\
.hit{fill:none;stroke:transparent;stroke-width:10}\
.outline{fill:var(--page);stroke-width:1.5}.trace{fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}\
.plain{stroke:var(--muted)}.ghost .card{stroke-dasharray:4 3}.ghost text{fill:var(--muted)}.around{fill:none;stroke-width:.75}a:hover text{text-decoration:underline}\
.flow:hover .line{stroke-width:2.5}\
.step{stroke:var(--step);stroke-width:1.75}.step-head{fill:var(--step)}.step-dot{fill:var(--step)}\
.card{fill:var(--page);stroke-width:1.5}\
.head{fill:var(--line)}.faint-head{fill:var(--faint)}.dot{fill:var(--page);stroke:var(--line);stroke-width:1.25}\
.faint-dot{fill:var(--page);stroke:var(--faint);stroke-width:1.25}";

/// The colours of a picture; by default those that the reader's machine is set to.
fn colours(theme: Theme) -> String {
    match theme {
        Theme::Auto => format!("{LIGHT}@media(prefers-color-scheme:dark){{{DARK}}}"),
        Theme::Light => LIGHT.to_owned(),
        Theme::Dark => DARK.to_owned(),
    }
}

/// Writes a page.
pub(crate) fn write(page: &Page<'_>, links: &Links) -> String {
    written(page, links, &format!("{}svg{{font-family:{FONTS}}}{STYLE}", colours(page.style.theme)))
}

/// A picture of the first page that holds all pages for the editor of draw.io, which opens and saves such a file.
pub(crate) fn with_drawing(pages: &[Page<'_>]) -> String {
    let Some(first) = pages.first() else { return String::new() };
    // Of pictures there is only this one.
    let picture = write(first, &Links::default());
    picture.replacen("<svg ", &format!("<svg content=\"{}\" ", escape(&crate::drawio::write(pages))), 1)
}

/// The same for a reader that knows no variables of style: with these colours, light unless dark is asked for, and this font.
pub(crate) fn fixed(page: &Page<'_>, links: &Links, font: &str) -> String {
    let colours = if page.style.theme == Theme::Dark { DARK } else { LIGHT };
    let (declared, rules) = colours.trim_start_matches("svg{").split_once('}').unwrap_or((colours, ""));
    let mut style = format!("svg{{font-family:'{font}'}}{STYLE}{rules}");
    for (name, value) in declared.split(';').filter_map(|one| one.split_once(':')) {
        style = style.replace(&format!("var({name})"), value);
    }
    written(page, links, &style)
}

fn written(page: &Page<'_>, links: &Links, style: &str) -> String {
    let size = page.scene.size;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\">\n\
         <!-- {MARK} -->\n<title>{2}</title>\n<style>{style}</style>\n",
        size.width,
        size.height,
        escape(&page.title()),
    );
    markers(&mut out);
    let _ = writeln!(out, "<rect class=\"page\" width=\"{}\" height=\"{}\"/>", size.width, size.height);
    let back = Some(&links.first).filter(|first| **first != page.view.id);
    let back = back.and_then(|page| of_page(links, page));
    linked(back.as_deref(), &mut out, |out| {
        text(out, "", TITLE, " font-weight=\"600\"", (MARGIN, MARGIN + TITLE - 2), &page.title());
    });
    for (i, frame) in frames_outside_in(page) {
        let shown = &page.view.groups[i];
        let link = shown.page.as_ref().and_then(|page| of_page(links, page));
        let link = link.or_else(|| page.source(shown.node.declared.iter()));
        linked(link.as_deref(), &mut out, |out| group(page, i, frame, out));
    }
    let dashes = dashes(page);
    for (((line, text), route), dashes) in page.view.lines.iter().zip(&page.lines).zip(&page.scene.edges).zip(dashes) {
        linked(page.source_of(line).as_deref(), &mut out, |out| flow(text, route, dashes, out));
    }
    for ((leaf, node), placed) in page.view.nodes.iter().zip(&page.nodes).zip(&page.scene.boxes) {
        let link = leaf.page.as_ref().and_then(|page| of_page(links, page));
        let link = link.or_else(|| page.source(leaf.node.declared.iter()));
        linked(link.as_deref(), &mut out, |out| shape(node, placed, leaf.ghost, out));
    }
    for (line, route) in page.lines.iter().zip(&page.scene.edges) {
        label(line, route, &mut out);
    }
    legend(page, &mut out);
    out.push_str("</svg>\n");
    out
}

/// The picture of another page, if there is one.
fn of_page(links: &Links, page: &str) -> Option<String> {
    links.file(page).map(|file| format!("{file}.svg"))
}

/// Lets what is written lead somewhere.
fn linked(to: Option<&str>, out: &mut String, write: impl FnOnce(&mut String)) {
    if let Some(to) = to {
        let _ = writeln!(out, "<a href=\"{}\">", escape(to));
    }
    write(out);
    if to.is_some() {
        out.push_str("</a>\n");
    }
}

fn markers(out: &mut String) {
    out.push_str("<defs>\n");
    for (name, class) in [("", ""), ("faint-", "faint-"), ("step-", "step-")] {
        let _ = writeln!(
            out,
            "<marker id=\"{name}arrow\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" \
             markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path class=\"{class}head\" d=\"M0 1 9.500 5 0 9z\"/></marker>"
        );
        let _ = writeln!(
            out,
            "<marker id=\"{name}dot\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" \
             markerUnits=\"userSpaceOnUse\"><circle class=\"{class}dot\" cx=\"5\" cy=\"5\" r=\"3\"/></marker>"
        );
    }
    out.push_str("</defs>\n");
}

/// Larger frames first: those inside are painted over them.
fn frames_outside_in<'a>(page: &'a Page<'_>) -> Vec<(usize, &'a Rect)> {
    let mut frames: Vec<(usize, &Rect)> = page.scene.groups.iter().enumerate().collect();
    frames.sort_by_key(|(i, r)| (std::cmp::Reverse(i64::from(r.width) * i64::from(r.height)), *i));
    frames
}

fn text(out: &mut String, class: &str, size: i32, more: &str, at: (i32, i32), words: &str) {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ =
        writeln!(out, "<text{class} font-size=\"{size}\"{more} x=\"{}\" y=\"{}\">{}</text>", at.0, at.1, escape(words));
}

fn group(page: &Page<'_>, index: usize, frame: &Rect, out: &mut String) {
    let inner = match &page.view.groups[index] {
        group if group.ghosts => " around",
        group if group.parent.is_some() => " inner",
        _ => "",
    };
    let Rect { x, y, width, height } = frame;
    let words = &page.groups[index];
    let title = page.scene.title(index, Size::default());
    let _ = writeln!(out, "<g><title>{}</title>", escape(&words.tooltip));
    let _ = writeln!(
        out,
        "<rect class=\"group{inner}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"
    );
    text(out, "muted", GROUP, " font-weight=\"600\"", (title.x + 12, title.y + GROUP + 8), &words.title);
    out.push_str("</g>\n");
}

fn shape(node: &NodeText, placed: &PlacedBox, ghost: bool, out: &mut String) {
    let class = if ghost { " class=\"ghost\"" } else { "" };
    let _ = writeln!(out, "<g{class}><title>{}</title>", escape(&node.tooltip));
    match node.form {
        Form::Icon => icon(node, placed, ghost, out),
        Form::Card | Form::Pill | Form::Choice => card(node, placed.shape, out),
    }
    out.push_str("</g>\n");
}

/// A card with its text inside.
fn card(node: &NodeText, at: Rect, out: &mut String) {
    let Rect { x, y, width, height } = at;
    let colour = node.look.colour;
    if node.form == Form::Choice {
        let (right, bottom, middle) = (x + width, y + height, y + height / 2);
        let (left, end) = (x + POINT, right - POINT);
        let _ = writeln!(
            out,
            "<path class=\"card\" stroke=\"{colour}\" d=\"M{left} {y}H{end}L{right} {middle}L{end} {bottom}H{left}L{x} {middle}z\"/>"
        );
    } else {
        let round = if node.form == Form::Pill { height / 2 } else { 6 };
        let _ = writeln!(
            out,
            "<rect class=\"card\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\" stroke=\"{colour}\"/>"
        );
    }
    caption(node, ("middle", x + width / 2), y + 6 + NAME, out);
}

/// The name and what it is, around a middle or from a start.
fn caption(node: &NodeText, (anchor, x): (&str, i32), mut baseline: i32, out: &mut String) {
    let anchor = format!(" text-anchor=\"{anchor}\"");
    for line in &node.name {
        text(out, "", NAME, &anchor, (x, baseline), line);
        baseline += line_height(NAME);
    }
    text(out, "muted", SUB, &anchor, (x, baseline - 2), &node.sub);
}

/// A tile with its pictogram; of a ghost only the lines of both.
fn icon(node: &NodeText, placed: &PlacedBox, ghost: bool, out: &mut String) {
    let Rect { x, y, width, height } = placed.shape;
    let colour = node.look.colour;
    // The colour of what is of no category is that of a dark page.
    let plain = if colour == catalog::category_color("general") { " plain" } else { "" };
    let (tile, glyph) = if ghost {
        (format!("outline{plain}\" stroke=\"{colour}"), format!("trace{plain}\" stroke=\"{colour}"))
    } else {
        (format!("tile\" fill=\"{colour}"), "glyph".to_owned())
    };
    let _ =
        writeln!(out, "<rect class=\"{tile}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
    let _ = writeln!(
        out,
        "<path class=\"{glyph}\" transform=\"translate({} {}) scale(2)\" d=\"{}\"/>",
        x + (width - 48) / 2,
        y + (height - 48) / 2,
        node.look.glyph.path()
    );
    let at =
        if placed.caption.x < placed.shape.right() { ("middle", x + width / 2) } else { ("start", placed.caption.x) };
    caption(node, at, placed.caption.y + NAME, out);
}

/// Where the dashes of each line begin, in thousandths.
fn dashes(page: &Page<'_>) -> Vec<i64> {
    let lines = page.lines.iter().zip(&page.scene.edges).map(|(line, route)| (line.stroke, route.points.as_slice()));
    // As long as the pattern in the style.
    let period = |stroke: Stroke| match (stroke.sure, stroke.dashed) {
        (Sure::Granted, _) => 5,
        (_, dashed) => {
            if dashed {
                10
            } else {
                0
            }
        }
    };
    let leg = |corner: Point, other: Point| {
        let at = towards(corner, other);
        (at.x - corner.x).abs() + (at.y - corner.y).abs()
    };
    dashes::offsets(&lines.collect::<Vec<_>>(), period, leg)
}

fn flow(line: &LineText, route: &Route, dashes: i64, out: &mut String) {
    let path = path(&route.points);
    let dashes = match dashes {
        0 => String::new(),
        offset => format!(" stroke-dashoffset=\"{}.{:03}\"", offset / 1000, offset % 1000),
    };
    let _ = writeln!(
        out,
        "<g class=\"flow\"><title>{}</title><path class=\"hit\" d=\"{path}\"/><path{}{dashes} d=\"{path}\"/></g>",
        escape(&line.tooltip),
        stroke(line.stroke)
    );
}

/// Class and markers of a line.
fn stroke(stroke: Stroke) -> String {
    let faint = stroke.sure != Sure::Yes;
    let mut class = String::from("line");
    if faint {
        class.push_str(" faint");
    }
    match (stroke.sure, stroke.dashed) {
        (Sure::Granted, _) => class.push_str(" granted"),
        (_, true) => class.push_str(" async"),
        (_, false) => {}
    }
    if stroke.step {
        class.push_str(" step");
    }
    let name = match (faint, stroke.step) {
        (true, _) => "faint-",
        (false, true) => "step-",
        (false, false) => "",
    };
    let (start, end) = match stroke.heads {
        Heads::Forward => ("", "arrow"),
        Heads::Back => ("arrow", "dot"),
        Heads::Both => ("arrow", "arrow"),
    };
    let mut marks = format!(" class=\"{class}\"");
    if !start.is_empty() {
        let _ = write!(marks, " marker-start=\"url(#{name}{start})\"");
    }
    let _ = write!(marks, " marker-end=\"url(#{name}{end})\"");
    marks
}

/// A path along the points with rounded bends.
fn path(points: &[Point]) -> String {
    let mut d = String::new();
    for (i, p) in points.iter().enumerate() {
        match (i.checked_sub(1).and_then(|b| points.get(b)), points.get(i + 1)) {
            (None, _) => {
                let _ = write!(d, "M{} {}", p.x, p.y);
            }
            (Some(before), Some(after)) => {
                let (a, b) = (towards(*p, *before), towards(*p, *after));
                let _ = write!(d, "L{} {}Q{} {} {} {}", a.x, a.y, p.x, p.y, b.x, b.y);
            }
            (Some(_), None) => {
                let _ = write!(d, "L{} {}", p.x, p.y);
            }
        }
    }
    d
}

/// The point where a bend starts: a little way from the corner, and no more than half of the stretch.
fn towards(corner: Point, other: Point) -> Point {
    let step = |d: i32| d.signum() * (d.abs() / 2).min(BEND);
    Point::new(corner.x + step(other.x - corner.x), corner.y + step(other.y - corner.y))
}

fn label(line: &LineText, route: &Route, out: &mut String) {
    let Some(rect) = route.label else { return };
    let mut baseline = rect.y + LABEL;
    for words in &line.label {
        text(out, "label", LABEL, " text-anchor=\"middle\"", (rect.centre().x, baseline), words);
        baseline += line_height(LABEL);
    }
}

fn legend(page: &Page<'_>, out: &mut String) {
    for entry in &page.legend {
        let y = entry.rect.y + entry.rect.height / 2;
        let x = entry.rect.x;
        let mut words = x;
        if let Some(line) = entry.stroke {
            let _ = writeln!(out, "<path{} d=\"M{x} {y}H{}\"/>", stroke(line), x + SAMPLE);
            words += SAMPLE + 8;
        }
        text(out, "muted", LABEL, "", (words, y + 4), entry.text);
    }
}
