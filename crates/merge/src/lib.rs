//! A drawing that a person edited and one that was generated anew become one.
//!
//! Only draw.io's files are known here, not what the drawing means. In go two texts, out comes one with a [`Report`];
//! nothing is read from or written to disk. What a person arranged, styled, worded, added or deleted stays so; what the
//! source determines is as generated; what is new stands near its neighbours, and nothing else moves. What was
//! generated last time is known from the old drawing itself ([`stamp`] puts it there).
//!
//! `file` reads and writes drawings, `cell` their cells, `mark` what was generated last. `page` decides which cells are on
//! a page and what they say, `arrows` where arrows end, `place`, `route` and `label` where the new ones stand and run.

mod anew;
mod arrows;
mod cell;
mod error;
mod file;
mod geometry;
mod label;
mod mark;
mod page;
mod place;
mod report;
mod route;
mod sheet;
mod style;
mod words;
mod xml;

pub use error::{Error, Fault, Place};
pub use report::{Event, Note, Report};

use cell::Cell;
use file::{Drawing, Page};
use mark::{Generated, Styles};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use xml::{Attributes, set};

/// How to merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Lay all that is generated out anew. What a person added, styled, worded or deleted stays so.
    pub fresh: bool,
    /// Bring back what a person deleted.
    pub show_hidden: bool,
}

/// What became of two drawings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The file, in the form of the old one.
    pub text: String,
    /// What was kept, added and left out.
    pub report: Report,
}

/// The drawing of these pages, each of which is a generated `diagram`. They are marked, so that what a person changes in
/// them will be known.
pub fn stamp(pages: &[String]) -> Result<String, Error> {
    // Page by page, so that what is read of one is gone before too many others are.
    let stamped = pages.par_iter().map(|page| {
        let mut page = Page::read(page)?;
        let styles = mark::stamp_page(&mut page);
        let text = page.write(page.cells.iter().map(|cell| cell.raw.as_str()));
        Ok((styles, page.id().to_owned(), text))
    });
    let (mut styles, mut ids, mut written) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (of_page, id, text) in stamped.collect::<Result<Vec<_>, Error>>()? {
        styles.extend(of_page);
        ids.push(id);
        written.push(text);
    }
    let mut drawing = Drawing::default();
    set(&mut drawing.attributes, "host", "connectome");
    mark::stamp_file(&mut drawing, &styles, ids.iter().map(String::as_str));
    Ok(drawing.write(&drawing.attributes, &written))
}

/// Merges the old file with a newly generated drawing. An old file that cannot be read whole is an error: it must be left
/// as it is.
pub fn merge(old: &[u8], new: &str, options: Options) -> Result<Merged, Error> {
    if old == new.as_bytes() {
        return Ok(Merged { text: new.to_owned(), report: Report::default() });
    }
    let before = Drawing::read(old)?;
    let mut after = Drawing::read(new.as_bytes())?;
    mark::stamp(&mut after);
    let mut report = Report::default();
    let pages = pages(&before, &after, options, &mut report);
    let attributes = file_attributes(&before, &after);
    let mut text = before.write(&attributes, &pages);
    // The picture around a drawing is as the person saved it for as long as it tells the same.
    if after.has_picture() && !same_pages(&before, &Drawing::read(text.as_bytes())?, Cell::looks_like) {
        text = after.write(&attributes, &pages);
    }
    Ok(Merged { text, report })
}

/// Whether merging would change nothing that is said: neither how the file is written nor the order of its cells
/// counts, nor what a person did to it.
pub fn is_current(old: &[u8], new: &str) -> Result<bool, Error> {
    let merged = merge(old, new, Options::default())?;
    Ok(same_pages(&Drawing::read(old)?, &Drawing::read(merged.text.as_bytes())?, Cell::says_the_same))
}

/// Whether two drawings have the same pages, of cells that are the same in this respect.
fn same_pages(old: &Drawing, new: &Drawing, respect: fn(&Cell, &Cell) -> bool) -> bool {
    let cells = |old: &Page, new: &Page| {
        let by_id: HashMap<&str, &Cell> = new.cells.iter().map(|c| (c.id.as_str(), c)).collect();
        let same = |cell: &Cell| by_id.get(cell.id.as_str()).is_some_and(|other| respect(cell, other));
        old.cells.len() == new.cells.len() && old.cells.iter().all(same)
    };
    let same = |(a, b): (&Page, &Page)| a.id() == b.id() && a.name() == b.name() && cells(a, b);
    old.pages.len() == new.pages.len() && old.pages.iter().zip(&new.pages).all(same)
}

/// The person's attributes with our marks.
fn file_attributes(old: &Drawing, new: &Drawing) -> Attributes {
    let mut attributes = old.attributes.clone();
    for (name, value) in &new.attributes {
        if mark::is_file_mark(name) || xml::get(&attributes, name).is_none() {
            set(&mut attributes, name, value);
        }
    }
    attributes
}

/// The pages in the order of the old file; each new one after the one that it follows in the generated file.
fn pages(old: &Drawing, new: &Drawing, options: Options, report: &mut Report) -> Vec<String> {
    let generated = Generated::pages(old);
    let styles = Styles::read(old);
    let known = |id: &str| old.pages.iter().any(|p| p.id() == id);
    let hidden = |id: &str| !options.show_hidden && !known(id) && generated.has(id);
    let mut after: HashMap<Option<&str>, Vec<String>> = HashMap::new();
    let mut anchor = None;
    for page in &new.pages {
        if known(page.id()) {
            anchor = Some(page.id());
        } else if hidden(page.id()) {
            report.say(page.name(), Event::HiddenPage, page.name().to_owned());
        } else {
            report.say(page.name(), Event::AddedPage, page.name().to_owned());
            after.entry(anchor).or_default().push(fresh_page(page, &hidden));
        }
    }
    let mut first = after.remove(&None).unwrap_or_default();
    let mut out = Vec::new();
    for page in &old.pages {
        let generated_now = new.pages.iter().find(|p| p.id() == page.id() && !p.id().is_empty());
        match generated_now {
            Some(now) => {
                out.append(&mut first);
                out.push(page::merge(page, now, &styles, options, &hidden, report));
            }
            None if !page.id().is_empty() && generated.has(page.id()) => {
                report.say(page.name(), Event::GonePage, page.name().to_owned());
                out.extend(page::without_owned(page, &styles, report));
            }
            None => {
                report.say(page.name(), Event::ForeignPage, page.name().to_owned());
                out.push(page.raw.clone());
            }
        }
        out.extend(after.remove(&Some(page.id())).unwrap_or_default());
    }
    out.append(&mut first);
    out
}

/// A page that was not there.
fn fresh_page(page: &Page, hidden: &dyn Fn(&str) -> bool) -> String {
    page.write(page::without_links(page, hidden).into_iter().map(|c| c.raw))
}
