//! The ends of arrows. An owned arrow goes where the source says, unless a person led it elsewhere; a person's arrow that
//! lost an end is kept and ends at a point.

use crate::cell::Cell;
use crate::geometry::{Point, set_point, shift};
use crate::mark::Mark;
use crate::page::Merge;
use crate::report::Event;
use crate::route;
use crate::style;
use crate::words;
use crate::xml::{remove, set};

const ENDS: [(&str, &str); 2] = [("source", "sourcePoint"), ("target", "targetPoint")];

/// Settles ends, parents and routes.
pub(crate) fn settle(merge: &mut Merge<'_>) {
    let arrows: Vec<String> = merge.sheet.cells.iter().filter(|c| c.is_edge()).map(|c| c.id.clone()).collect();
    let mut endless = Vec::new();
    for id in &arrows {
        if merge.new.has(id) && !attach(merge, id) {
            endless.push(id.clone());
        }
    }
    merge.sheet.remove(&endless);
    let (mut unrouted, mut reworded) = (Vec::new(), Vec::new());
    for id in arrows.iter().filter(|id| !endless.contains(id)) {
        if !merge.new.has(id) {
            loosen(merge, id);
        } else if run(merge, id) {
            unrouted.push(id.clone());
        } else if says_else(merge, id) {
            reworded.push(id.clone());
        }
    }
    route::route(merge, &unrouted);
    route::reword(merge, &reworded);
}

/// Whether an arrow that nobody bent has other words than before. They may need more room.
fn says_else(merge: &Merge<'_>, id: &str) -> bool {
    let (Some(old), Some(now)) = (merge.old.get(id), merge.sheet.get(id)) else { return false };
    let unmoved = Mark::read(old).is_some_and(|mark| mark.unmoved(old));
    unmoved && !merge.options.fresh && old.label() != now.label() && !now.label().is_empty()
}

/// Sees to it that an owned arrow has the ends that the source says, unless a person led it elsewhere. `false` if there
/// is nothing at one of its ends.
fn attach(merge: &mut Merge<'_>, id: &str) -> bool {
    for (end, role) in ENDS {
        let wanted = merge.new.get(id).and_then(|new| new.get(end)).map(str::to_owned);
        let Some(cell) = merge.sheet.get(id) else { return false };
        let attached = cell.get(end).is_some_and(|to| merge.sheet.has(to));
        let Some(wanted) = wanted.filter(|_| !attached) else { continue };
        if !merge.sheet.has(&wanted) {
            return false;
        }
        let Some(cell) = merge.sheet.get_mut(id) else { return false };
        set(&mut cell.attributes, end, &wanted);
        if let Some(geometry) = &mut cell.geometry {
            geometry.children.retain(|c| c.get("as") != Some(role));
        }
    }
    true
}

/// Lets an owned arrow run as it did; `true` if it has to find a new way.
fn run(merge: &mut Merge<'_>, id: &str) -> bool {
    let Some(new) = merge.new.get(id).cloned() else { return false };
    let Some(old) = merge.old.get(id).cloned() else {
        if !merge.sheet.has(new.parent()) {
            merge.set_parent(id, "1");
        }
        return true;
    };
    if merge.options.fresh {
        lay_anew(merge, id, &new);
        return false;
    }
    if Mark::read(&old).is_some_and(|mark| !mark.unmoved(&old)) {
        merge.report.say(merge.name, Event::Moved, words::name(&old));
    }
    if !merge.sheet.has(old.parent()) {
        let by = merge.old.origin(old.parent()).minus(merge.sheet.origin(new.parent()));
        merge.set_parent(id, if merge.sheet.has(new.parent()) { new.parent() } else { "1" });
        if let Some(geometry) = merge.sheet.get_mut(id).and_then(|cell| cell.geometry.as_mut()) {
            shift(geometry, by, true);
        }
    }
    let Some(cell) = merge.sheet.get(id) else { return false };
    ENDS.iter().any(|(end, _)| {
        let rect = |sheet: &crate::sheet::Sheet, cell: &Cell| cell.get(end).and_then(|id| sheet.rect(id));
        rect(&merge.sheet, cell) != rect(&merge.old, &old)
    })
}

fn lay_anew(merge: &mut Merge<'_>, id: &str, new: &Cell) {
    if merge.sheet.has(new.parent()) {
        merge.set_parent(id, new.parent());
    }
    merge.set_geometry(id, new);
    if let Some(cell) = merge.sheet.get_mut(id) {
        let look = style::look(cell.style());
        let style = if look == style::look(new.style()) {
            new.style().to_owned()
        } else {
            format!("{look}{}", style::ports(new.style()))
        };
        set(&mut cell.attributes, "style", &style);
    }
}

/// A person's arrow: an end that is gone becomes the point where it was.
fn loosen(merge: &mut Merge<'_>, id: &str) {
    for (end, role) in ENDS {
        let Some(cell) = merge.sheet.get(id) else { return };
        // What led nowhere before is not our doing.
        let Some(lost) = cell.get(end).filter(|to| !merge.sheet.has(to) && merge.old.has(to)) else { continue };
        let Some(old) = merge.old.get(id) else { return };
        let route = merge.old.route(old);
        let at = if end == "source" { route.first() } else { route.last() };
        let middle = || merge.old.rect(lost).map(crate::geometry::Rect::centre);
        let at = at.copied().or_else(middle).unwrap_or_default();
        let at: Point = at.minus(merge.sheet.origin(cell.parent()));
        let name = merge.old.get(lost).map(words::name).unwrap_or_default();
        let what = format!("{} ({name})", words::name(cell));
        let Some(cell) = merge.sheet.get_mut(id) else { return };
        remove(&mut cell.attributes, end);
        if let Some(geometry) = &mut cell.geometry {
            set_point(geometry, role, at);
        }
        merge.touched.insert(id.to_owned());
        merge.report.say(merge.name, Event::Loosened, what);
    }
}
