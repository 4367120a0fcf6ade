//! Two states of one page become one: which cells are on it, and what each says.
//!
//! A cell is owned if it was generated and is not a person's copy. Owned cells that the source still has are kept where
//! they are, with what a person changed of them; those that it has no more go; those that a person deleted stay away.
//! All others are a person's, and are copied byte for byte unless what they hang on is gone.

use crate::Options;
use crate::anew;
use crate::arrows;
use crate::cell::Cell;
use crate::file::Page;
use crate::geometry::{Point, Rect, expanded, is_relative, shift, summary};
use crate::mark::{self, Datum, Generated, Mark, Styles};
use crate::place;
use crate::report::{Event, Report};
use crate::sheet::Sheet;
use crate::style;
use crate::words;
use crate::xml::{Attributes, get, remove, set};
use std::collections::{HashMap, HashSet};

/// The page in both states, and what is made of them.
pub(crate) struct Merge<'a> {
    pub(crate) old: Sheet,
    pub(crate) new: Sheet,
    /// The page as it will be.
    pub(crate) sheet: Sheet,
    /// Vertices that have no place yet.
    pub(crate) unplaced: HashSet<String>,
    /// Ids of a person's cells that could not stay as they were.
    pub(crate) touched: HashSet<String>,
    pub(crate) name: &'a str,
    styles: &'a Styles,
    pub(crate) options: Options,
    pub(crate) report: &'a mut Report,
}

/// Merges two states of a page; `away` says which pages a link cannot lead to.
pub(crate) fn merge(
    old: &Page,
    new: &Page,
    styles: &Styles,
    options: Options,
    away: &dyn Fn(&str) -> bool,
    report: &mut Report,
) -> String {
    let mut page = Page { attributes: page_attributes(old, new), settings: old.settings.clone(), ..Page::default() };
    for (name, value) in &new.settings {
        // The editor forgets those that it does not know.
        if get(&page.settings, name).is_none() {
            set(&mut page.settings, name, value);
        }
    }
    let name = page.name().to_owned();
    let (before, after) = (Sheet::new(old.cells.clone()), Sheet::new(without_links(new, away)));
    let mut merge = Merge {
        old: before,
        new: after,
        sheet: Sheet::default(),
        unplaced: HashSet::new(),
        touched: HashSet::new(),
        name: &name,
        styles,
        options,
        report,
    };
    let generated = Generated::cells(old);
    let hidden = merge.hidden(&generated);
    let order = merge.gather(&generated, &hidden);
    if hidden.is_empty() && anew::is_better(&merge) {
        merge.options.fresh = true;
        merge.report.say(&name, Event::Anew, name.clone());
    }
    merge.settle_vertices();
    place::place(&mut merge);
    arrows::settle(&mut merge);
    merge.adopt_all();
    merge.renew_marks();
    // Some have got other containers since.
    let order = merge.parents_first(&order);
    let cells: Vec<String> = order.iter().filter_map(|id| merge.text(id)).collect();
    page.write(cells.into_iter())
}

/// The person's attributes with our marks; the name is theirs if they changed it.
fn page_attributes(old: &Page, new: &Page) -> Attributes {
    let mut attributes = old.attributes.clone();
    attributes.retain(|(name, _)| !mark::is_page_mark(name));
    for (name, value) in &new.attributes {
        if mark::is_page_mark(name) || (name == "name" && mark::named_as_generated(old)) {
            set(&mut attributes, name, value);
        }
    }
    attributes
}

/// What is left of a page that the source has no more: a person's cells, if there are any.
pub(crate) fn without_owned(old: &Page, styles: &Styles, report: &mut Report) -> Option<String> {
    let generated = Generated::cells(old);
    let theirs = |c: &&Cell| !(c.is_layer() || Mark::read(c).is_some() && generated.has(&c.id));
    old.cells.iter().find(theirs)?;
    let mut rest = Page { attributes: old.attributes.clone(), ..Page::default() };
    rest.attributes.retain(|(name, _)| !mark::is_page_mark(name));
    rest.cells = old.cells.iter().filter(|c| c.is_layer()).cloned().collect();
    let mut of_page = Report::default();
    let text = merge(old, &rest, styles, Options::default(), &|_| false, &mut of_page);
    // That the page is gone is said already.
    report.notes.extend(of_page.notes.into_iter().filter(|note| note.event != Event::Gone));
    Some(text)
}

/// The generated cells, without links to pages that are not there.
pub(crate) fn without_links(new: &Page, away: &dyn Fn(&str) -> bool) -> Vec<Cell> {
    let mut cells = new.cells.clone();
    for cell in &mut cells {
        let page = get(&cell.data, "link").and_then(|link| link.strip_prefix("data:page/id,"));
        if page.is_some_and(away) {
            remove(&mut cell.data, "link");
            mark::stamp_cell(cell);
        }
    }
    cells
}

impl Merge<'_> {
    /// Whether a cell of the old page was generated, and is not a copy of such a one.
    fn owned(&self, cell: &Cell, generated: &Generated) -> bool {
        self.new.has(&cell.id) || (Mark::read(cell).is_some() && generated.has(&cell.id))
    }

    /// Generated cells that are not drawn: those that a person deleted, and what cannot be drawn without them.
    fn hidden(&mut self, generated: &Generated) -> HashSet<String> {
        let mut hidden = HashSet::new();
        if self.options.show_hidden {
            return hidden;
        }
        for cell in &self.new.cells {
            let deleted = !self.old.has(&cell.id) && generated.has(&cell.id) && !mark::is_root(&cell.id);
            let homeless = hidden.contains(cell.parent()) && !self.old.has(&cell.id) && self.adopted(cell).is_none();
            if deleted || homeless {
                hidden.insert(cell.id.clone());
            }
        }
        for cell in self.new.cells.iter().filter(|c| !c.is_edge() && hidden.contains(&c.id)) {
            if !hidden.contains(cell.parent()) {
                self.report.say(self.name, Event::Hidden, words::name(cell));
            }
        }
        for cell in self.new.cells.iter().filter(|c| c.is_edge()) {
            let present = |end: Option<&str>| end.is_none_or(|id| !hidden.contains(id));
            let ends = present(cell.get("source")) && present(cell.get("target"));
            let deleted = !self.old.has(&cell.id) && generated.has(&cell.id);
            if deleted && ends {
                self.report.say(self.name, Event::Hidden, words::name(cell));
            }
        }
        for cell in self.new.cells.iter().filter(|c| c.is_edge()) {
            if [cell.get("source"), cell.get("target")].into_iter().flatten().any(|id| hidden.contains(id))
                && !self.old.has(&cell.id)
            {
                hidden.insert(cell.id.clone());
            }
        }
        hidden
    }

    /// Where what belongs into a container goes when a person took the container away but not what was in it.
    fn adopted(&self, cell: &Cell) -> Option<&str> {
        let mut siblings = self.new.cells.iter().filter(|c| c.parent() == cell.parent() && c.is_vertex());
        siblings.find_map(|c| self.old.get(&c.id)).map(Cell::parent)
    }

    /// Puts the cells on the sheet, as they are for now, and returns the order of their ids in the file.
    fn gather(&mut self, generated: &Generated, hidden: &HashSet<String>) -> Vec<String> {
        let mut order = Vec::new();
        for cell in self.old.cells.clone() {
            let owned = self.owned(&cell, generated);
            match self.new.get(&cell.id) {
                Some(new) => {
                    let merged = self.merged(&cell, &new.clone());
                    order.push(cell.id);
                    self.sheet.push(merged);
                }
                None if owned => self.report_gone(&cell),
                None => {
                    if !cell.is_layer() && cell.parent() != "0" {
                        self.report.say(self.name, Event::Foreign, words::name(&cell));
                    }
                    order.push(cell.id.clone());
                    self.sheet.push(cell);
                }
            }
        }
        let mut after: HashMap<Option<String>, Vec<String>> = HashMap::new();
        let mut anchor = None;
        for cell in self.new.cells.clone() {
            if self.old.has(&cell.id) {
                anchor = Some(cell.id);
            } else if !hidden.contains(&cell.id) {
                after.entry(anchor.clone()).or_default().push(cell.id.clone());
                if cell.is_vertex() {
                    if get(&cell.data, mark::MODEL).is_some() {
                        self.report.say(self.name, Event::Added, words::name(&cell));
                    }
                    self.unplaced.insert(cell.id.clone());
                }
                self.sheet.push(cell);
            }
        }
        let mut all: Vec<String> = after.remove(&None).unwrap_or_default();
        for id in order {
            let next = after.remove(&Some(id.clone())).unwrap_or_default();
            all.push(id);
            all.extend(next);
        }
        all
    }

    fn report_gone(&mut self, cell: &Cell) {
        if get(&cell.data, mark::MODEL).is_none() {
            return;
        }
        let ends_stay = || ["source", "target"].iter().all(|end| cell.get(end).is_some_and(|id| self.new.has(id)));
        if cell.is_vertex() || (cell.is_edge() && ends_stay()) {
            self.report.say(self.name, Event::Gone, words::name(cell));
        }
    }

    /// The same ids, and no cell before its container.
    fn parents_first(&self, ids: &[String]) -> Vec<String> {
        let mut done = HashSet::new();
        let mut out = Vec::new();
        for id in ids {
            let Some(cell) = self.sheet.get(id) else { continue };
            let mut chain: Vec<&Cell> = self.sheet.around(cell).collect();
            chain.reverse();
            for cell in chain.into_iter().chain([cell]) {
                if done.insert(cell.id.as_str()) {
                    out.push(cell.id.clone());
                }
            }
        }
        out
    }

    /// An owned cell: what a person changed of it, and for the rest what is generated now. Parent, place and ends are
    /// the old ones for now.
    fn merged(&mut self, old: &Cell, new: &Cell) -> Cell {
        let mark = Mark::read(old);
        let mut cell = old.clone();
        cell.wrapper = new.wrapper.clone().or_else(|| old.wrapper.clone());
        cell.data = merged_data(mark.as_ref(), &old.data, &new.data);
        if cell.label() != get(&new.data, "label").unwrap_or_default() {
            self.report.say(self.name, Event::Reworded, words::name(&cell));
        }
        let (theirs, ours) = (style::look(old.style()), style::look(new.style()));
        let base = mark.as_ref().and_then(|mark| mark.look(old, self.styles));
        // Without a base nobody knows who made the difference; it stays.
        let look = base.map_or_else(|| theirs.clone(), |base| style::merged(&base, &theirs, &ours));
        if look != ours {
            self.report.say(self.name, Event::Restyled, words::name(&cell));
        }
        if look != theirs {
            set(&mut cell.attributes, "style", &format!("{look}{}", style::ports(old.style())));
        }
        for (name, value) in &new.attributes {
            if mark::is_mark(name) || matches!(name.as_str(), "vertex" | "edge") {
                set(&mut cell.attributes, name, value);
            }
        }
        if old.geometry.is_none() || same_place(old, new) {
            cell.geometry.clone_from(&new.geometry);
        }
        cell
    }

    /// Gives each owned vertex its container and, unless it has none yet, its place.
    fn settle_vertices(&mut self) {
        let ids: Vec<String> = self.new.cells.iter().filter(|c| !c.is_edge()).map(|c| c.id.clone()).collect();
        for id in ids {
            let (Some(new), true) = (self.new.get(&id).cloned(), self.sheet.has(&id)) else { continue };
            match self.old.get(&id).cloned() {
                Some(old) if self.options.fresh => self.lay_anew(&id, &new, &old),
                Some(old) => self.keep_place(&id, &new, &old),
                None => self.enter(&id, &new),
            }
        }
        self.adopt_all();
    }

    /// A person's cells whose containers are gone.
    fn adopt_all(&mut self) {
        let theirs = |c: &&Cell| !self.new.has(&c.id);
        let orphans: Vec<String> = self.sheet.cells.iter().filter(theirs).map(|c| c.id.clone()).collect();
        for id in &orphans {
            self.adopt(id);
        }
    }

    pub(crate) fn set_parent(&mut self, id: &str, parent: &str) {
        if let Some(cell) = self.sheet.get_mut(id) {
            set(&mut cell.attributes, "parent", parent);
        }
    }

    pub(crate) fn set_geometry(&mut self, id: &str, like: &Cell) {
        if let Some(cell) = self.sheet.get_mut(id) {
            cell.geometry.clone_from(&like.geometry);
        }
    }

    fn lay_anew(&mut self, id: &str, new: &Cell, old: &Cell) {
        if self.sheet.has(new.parent()) {
            self.set_parent(id, new.parent());
        }
        if !new.is_layer() && (old.parent(), &old.geometry) != (new.parent(), &new.geometry) {
            self.set_geometry(id, new);
            if let Some(cell) = self.sheet.get_mut(id) {
                remove(&mut cell.attributes, "collapsed");
            }
        }
    }

    fn keep_place(&mut self, id: &str, new: &Cell, old: &Cell) {
        let mark = Mark::read(old);
        let mut regrouped = old.parent() != new.parent() && mark.as_ref().is_some_and(|mark| mark.in_place(old));
        let is_layer = |cell: Option<&Cell>| cell.is_some_and(Cell::is_layer);
        if regrouped && is_layer(self.old.get(old.parent())) && is_layer(self.sheet.get(new.parent())) {
            // All layers begin at one place.
            self.set_parent(id, new.parent());
            regrouped = false;
        }
        let homeless = !new.is_layer() && !self.sheet.has(old.parent());
        if (regrouped || homeless) && self.sheet.has(new.parent()) {
            self.set_parent(id, new.parent());
            self.set_geometry(id, new);
            self.unplaced.insert(id.to_owned());
            return;
        }
        if mark.as_ref().is_some_and(|mark| !mark.unmoved(old) || !mark.same_size(old) || !mark.in_place(old)) {
            self.report.say(self.name, Event::Moved, words::name(old));
        }
        let arranged = self.arranged(new);
        let list = get(&new.data, mark::MODEL).is_none() && !new.is_layer();
        let Some(mark) = mark else { return };
        if arranged && mark.unmoved(old) && mark.same_size(old) && mark.in_place(old) {
            self.set_geometry(id, new);
        } else if (list || !self.new.cells.iter().any(|c| c.parent() == id)) && mark.same_size(old) {
            self.set_size(id, new);
        }
    }

    /// Whether what is in a container is arranged by us, like the lines of a legend, and not by the person.
    fn arranged(&self, new: &Cell) -> bool {
        let parent = self.new.get(new.parent());
        parent.is_some_and(|p| p.is_vertex() && get(&p.data, mark::MODEL).is_none())
    }

    fn set_size(&mut self, id: &str, like: &Cell) {
        let Some(size) = like.geometry.as_ref().map(Rect::of) else { return };
        let Some(geometry) = self.sheet.get_mut(id).and_then(|cell| cell.geometry.as_mut()) else { return };
        for (name, value) in [("width", size.width), ("height", size.height)] {
            set(&mut geometry.attributes, name, &crate::geometry::text(value));
        }
    }

    /// A new vertex: into its container, or where a person put the others of it.
    fn enter(&mut self, id: &str, new: &Cell) {
        if self.arranged(new) && self.sheet.has(new.parent()) {
            self.unplaced.remove(id);
        }
        if !self.sheet.has(new.parent()) && !new.is_layer() {
            let parent = self.adopted(new).filter(|p| self.sheet.has(p)).unwrap_or("1").to_owned();
            self.set_parent(id, &parent);
        }
    }

    /// A person's cell whose container is gone moves to the next one around it, and stays where it is on the page.
    fn adopt(&mut self, id: &str) {
        let Some(cell) = self.sheet.get(id).cloned() else { return };
        let parent = cell.parent();
        if self.sheet.has(parent) || !self.old.has(parent) {
            return;
        }
        let next = self.old.around(&cell).find(|c| self.sheet.has(&c.id) && c.id != "0");
        let next = next.map_or("1", |c| c.id.as_str()).to_owned();
        let by = self.old.origin(parent).minus(self.old.origin(&next));
        let middle = self.old.get(parent).filter(|p| p.is_edge()).map(|p| middle(&self.old.route(p)));
        self.set_parent(id, &next);
        let origin = self.old.origin(&next);
        let Some(changed) = self.sheet.get_mut(id) else { return };
        if let Some(geometry) = &mut changed.geometry {
            if cell.is_vertex() && is_relative(geometry) {
                // A label on an arrow, or a thing on a border: it becomes a thing of its own.
                let at = middle.unwrap_or_default().minus(origin);
                remove(&mut geometry.attributes, "relative");
                set(&mut geometry.attributes, "x", &crate::geometry::text(at.x));
                set(&mut geometry.attributes, "y", &crate::geometry::text(at.y));
            } else {
                shift(geometry, by, cell.is_edge());
            }
        }
        self.touched.insert(id.to_owned());
        self.report.say(self.name, Event::Orphaned, words::name(&cell));
    }

    /// The marks for the next time.
    fn renew_marks(&mut self) {
        let old = &self.old;
        for cell in self.sheet.cells.iter_mut().filter(|c| self.new.has(&c.id)) {
            Mark::renew(cell, old.get(&cell.id));
        }
    }

    /// A cell as it is written: copied from the old file or the generated one wherever it can be.
    fn text(&self, id: &str) -> Option<String> {
        let cell = self.sheet.get(id)?;
        Some(match self.new.get(id) {
            Some(new) if cell.same(new) => new.raw.clone(),
            None if !self.touched.contains(id) => cell.raw.clone(),
            _ => cell.write(),
        })
    }
}

/// Whether two cells are at the same place, however it is written.
fn same_place(old: &Cell, new: &Cell) -> bool {
    let (Some(old), Some(new)) = (&old.geometry, &new.geometry) else { return false };
    let sizes = (Rect::of(old), Rect::of(new));
    sizes.0 == sizes.1
        && summary(old) == summary(new)
        && expanded(old).is_none()
        && is_relative(old) == is_relative(new)
}

/// The middle of a route.
fn middle(route: &[Point]) -> Point {
    match (route.first(), route.last()) {
        (Some(a), Some(b)) => Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y)),
        _ => Point::default(),
    }
}

/// The data of a cell, the label among them.
fn merged_data(mark: Option<&Mark>, theirs: &Attributes, ours: &Attributes) -> Attributes {
    let datum = |name: &str, value: &str| mark.map(|mark| mark.datum(name, value));
    let mut out = Attributes::new();
    for (name, value) in ours {
        let merged = match get(theirs, name) {
            _ if name == mark::MODEL => value,
            None if datum(name, "").is_some_and(|d| d != Datum::Unknown) => continue,
            Some(their) if datum(name, their).is_some_and(|d| d != Datum::Same) => their,
            _ => value,
        };
        out.push((name.clone(), merged.to_owned()));
    }
    let added = |(name, value): &&(String, String)| {
        get(ours, name).is_none() && datum(name, value) != Some(Datum::Same) && (name != "label" || !value.is_empty())
    };
    out.extend(theirs.iter().filter(added).cloned());
    out
}
