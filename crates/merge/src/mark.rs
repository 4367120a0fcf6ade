//! What was generated last, kept in the drawing itself, so that a drawing can be renamed and moved.
//!
//! The editor keeps attributes that it does not know. A cell has one, `connectome`, that says its id (a copy that a
//! person made has another one, and so is theirs) and short digests of what was generated for it; a page has the
//! digests of the ids of all its generated cells, for what is among them and not on the page was deleted by a person;
//! the file has those of all generated pages, and the generated styles in full, for styles are merged key by key.
//! No value looks like a number: the editor would round it.

use crate::cell::Cell;
use crate::file::{Drawing, MARKS, Page};
use crate::geometry::{self, Rect, summary};
use crate::style::{look, ports};
use crate::xml::{Attributes, get, set};
use std::collections::{BTreeSet, HashSet};

/// The attribute of a cell.
const CELL: &str = "connectome";
/// The id in the model, a datum that nobody else sets.
pub(crate) const MODEL: &str = "connectome";
/// The attribute of the file that says in which version all these are written.
const VERSION: &str = "connectome";
const PAGES: &str = "connectome-pages";
const STYLES: &str = "connectome-styles";
const CELLS: &str = "connectome-cells";
const NAME: &str = "connectome-name";

/// Whether an attribute of a cell is ours alone.
pub(crate) fn is_mark(attribute: &str) -> bool {
    attribute == CELL
}

/// A short digest. What is digested is never secret nor hostile to its own drawing; it must only differ by accident.
fn digest(text: &str, digits: usize) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..digits].to_owned()
}

/// What was generated for a cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark {
    parts: Attributes,
}

impl Mark {
    /// The mark of a cell that was generated, unless it is another's (on a copy).
    pub(crate) fn read(cell: &Cell) -> Option<Self> {
        let mut words = cell.get(CELL)?.split(' ');
        if words.next() != Some(cell.id.as_str()) {
            return None;
        }
        let pair = |word: &str| word.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()));
        Some(Self { parts: words.filter_map(pair).collect() })
    }

    /// The mark for a cell as it is.
    fn text(cell: &Cell) -> String {
        let mut words = vec![
            cell.id.clone(),
            format!("in={}", digest(cell.parent(), 6)),
            format!("at={}", digest(&place(cell), 6)),
        ];
        if cell.is_vertex() {
            words.push(format!("size={}", digest(&size(cell), 6)));
        }
        words.push(format!("style={}", digest(&look(cell.style()), 8)));
        let data = cell.data.iter().filter(|(name, _)| name != MODEL);
        words.extend(data.map(|(name, value)| format!("@{name}={}", digest(value, 6))));
        words.join(" ")
    }

    /// Whether the container is the generated one.
    pub(crate) fn in_place(&self, cell: &Cell) -> bool {
        get(&self.parts, "in") == Some(&digest(cell.parent(), 6))
    }

    /// Whether position and route are as they were last written.
    pub(crate) fn unmoved(&self, cell: &Cell) -> bool {
        get(&self.parts, "at") == Some(&digest(&place(cell), 6))
    }

    /// Whether the size is as it was last written.
    pub(crate) fn same_size(&self, cell: &Cell) -> bool {
        get(&self.parts, "size").is_none_or(|known| known == digest(&size(cell), 6))
    }

    /// Marks a cell that was merged from `old` and one that was generated, whose mark it has so far. Place and size are
    /// those that are written, so that what a person does to them later is seen, unless a person did so already.
    pub(crate) fn renew(cell: &mut Cell, old: Option<&Cell>) {
        let Some(mut mark) = Self::read(cell) else { return };
        let before = old.and_then(|old| Some((Self::read(old)?, old)));
        let kept = |name: &str, touched: bool, now: String| match &before {
            Some((mark, _)) if touched => get(&mark.parts, name).unwrap_or("x").to_owned(),
            _ => now,
        };
        let moved = before.as_ref().is_some_and(|(mark, old)| !mark.unmoved(old));
        let resized = before.as_ref().is_some_and(|(mark, old)| !mark.same_size(old));
        let (at, size) = (kept("at", moved, digest(&place(cell), 6)), kept("size", resized, digest(&size(cell), 6)));
        set(&mut mark.parts, "at", &at);
        if cell.is_vertex() {
            set(&mut mark.parts, "size", &size);
        }
        let words: Vec<String> = mark.parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = format!("{} {}", cell.id, words.join(" "));
        set(&mut cell.attributes, CELL, &text);
    }

    /// The generated style without ports: the cell's own if nobody changed it, or else as the file remembers it.
    pub(crate) fn look(&self, cell: &Cell, styles: &Styles) -> Option<String> {
        let known = get(&self.parts, "style")?;
        let own = look(cell.style());
        if digest(&own, 8) == known { Some(own) } else { styles.find(known) }
    }

    /// Whether a text or other datum was generated, and whether it is still as it was.
    pub(crate) fn datum(&self, name: &str, value: &str) -> Datum {
        match get(&self.parts, &format!("@{name}")) {
            None => Datum::Unknown,
            Some(known) if known == digest(value, 6) => Datum::Same,
            Some(_) => Datum::Changed,
        }
    }
}

/// What became of a datum since it was generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Datum {
    /// It was not generated.
    Unknown,
    /// Nobody changed it.
    Same,
    /// Somebody did.
    Changed,
}

fn place(cell: &Cell) -> String {
    let geometry = cell.geometry.as_ref().map(summary).unwrap_or_default();
    format!("{geometry} {}", ports(cell.style()))
}

fn size(cell: &Cell) -> String {
    let rect = cell.geometry.as_ref().map(Rect::of).unwrap_or_default();
    format!("{} {}", geometry::text(rect.width), geometry::text(rect.height))
}

/// The generated styles of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Styles(Vec<String>);

impl Styles {
    pub(crate) fn read(drawing: &Drawing) -> Self {
        Self(get(&drawing.attributes, STYLES).unwrap_or_default().lines().map(str::to_owned).collect())
    }

    fn find(&self, known: &str) -> Option<String> {
        self.0.iter().find(|style| digest(style, 8) == known).cloned()
    }
}

/// Ids that were generated, as digests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generated(HashSet<String>);

impl Generated {
    fn read(attributes: &Attributes, name: &str) -> Self {
        Self(
            get(attributes, name).unwrap_or_default().split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect(),
        )
    }

    pub(crate) fn cells(page: &Page) -> Self {
        Self::read(&page.attributes, CELLS)
    }

    pub(crate) fn pages(drawing: &Drawing) -> Self {
        Self::read(&drawing.attributes, PAGES)
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.contains(&listed(id))
    }
}

/// An id in a list. A letter first: a list of one digest must not look like a number.
fn listed(id: &str) -> String {
    format!("x{}", digest(id, 8))
}

/// Whether the name of a page is as it was generated.
pub(crate) fn named_as_generated(page: &Page) -> bool {
    get(&page.attributes, NAME).is_none_or(|known| known == format!("x{}", digest(page.name(), 8)))
}

/// Whether an attribute of a page is ours alone.
pub(crate) fn is_page_mark(name: &str) -> bool {
    name == CELLS || name == NAME
}

/// Whether an attribute of the file is ours alone.
pub(crate) fn is_file_mark(name: &str) -> bool {
    name == VERSION || name == PAGES || name == STYLES
}

/// Marks a drawing as generated just as it is.
pub(crate) fn stamp(drawing: &mut Drawing) {
    let styles = drawing.pages.iter_mut().flat_map(stamp_page).collect();
    let pages: Vec<String> = drawing.pages.iter().map(|page| page.id().to_owned()).collect();
    stamp_file(drawing, &styles, pages.iter().map(String::as_str));
}

/// Marks the file itself, which has pages of these ids and cells of these styles.
pub(crate) fn stamp_file<'a>(drawing: &mut Drawing, styles: &BTreeSet<String>, pages: impl Iterator<Item = &'a str>) {
    let styles: Vec<&str> = styles.iter().map(String::as_str).collect();
    set(&mut drawing.attributes, VERSION, &MARKS.to_string());
    set(&mut drawing.attributes, PAGES, &pages.map(listed).collect::<Vec<_>>().join(" "));
    set(&mut drawing.attributes, STYLES, &styles.join("\n"));
}

/// Marks a page and its cells; the styles of those.
pub(crate) fn stamp_page(page: &mut Page) -> BTreeSet<String> {
    let mut styles = BTreeSet::new();
    let mut cells = Vec::new();
    for cell in page.cells.iter_mut().filter(|c| !is_root(&c.id)) {
        cells.push(listed(&cell.id));
        let look = look(cell.style());
        if !look.is_empty() {
            styles.insert(look);
        }
        stamp_cell(cell);
    }
    let name = format!("x{}", digest(page.name(), 8));
    set(&mut page.attributes, NAME, &name);
    set(&mut page.attributes, CELLS, &cells.join(" "));
    styles
}

/// The cells that every page has: the root and its first layer.
pub(crate) fn is_root(id: &str) -> bool {
    id == "0" || id == "1"
}

/// Marks a cell as generated just as it is.
pub(crate) fn stamp_cell(cell: &mut Cell) {
    let text = Mark::text(cell);
    let known = cell.get(CELL).is_some();
    if cell.get(CELL) == Some(&text) {
        return;
    }
    set(&mut cell.attributes, CELL, &text);
    match cell.raw.find("<mxCell") {
        Some(at) if !known => {
            let mut mark = String::new();
            crate::xml::write_attributes(&vec![(CELL.to_owned(), text)], &mut mark);
            cell.raw.insert_str(at + "<mxCell".len(), &mark);
        }
        _ => cell.raw = cell.write(),
    }
}
