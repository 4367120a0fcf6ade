//! When a page is laid out anew although nobody asked for it.

use crate::cell::Cell;
use crate::mark::{self, Mark};
use crate::page::Merge;
use crate::xml::get;
use std::collections::HashSet;

/// So many new things are much, if they are more than half of those that there were.
const MUCH: usize = 12;

/// Whether nobody would miss the places of a page, since nobody gave them, and much of it needs one anyway.
pub(crate) fn is_better(merge: &Merge<'_>) -> bool {
    let containers: HashSet<&str> = merge.new.cells.iter().map(Cell::parent).collect();
    let shows = |cell: &Cell| {
        cell.is_vertex() && get(&cell.data, mark::MODEL).is_some() && !containers.contains(cell.id.as_str())
    };
    let (known, new): (Vec<&Cell>, Vec<&Cell>) =
        merge.new.cells.iter().filter(|c| shows(c)).partition(|c| merge.old.has(&c.id));
    let as_written = |cell: &Cell| match Mark::read(cell) {
        Some(mark) => mark.unmoved(cell) && mark.same_size(cell) && mark.in_place(cell),
        None => mark::is_root(&cell.id),
    };
    new.len() >= MUCH && 2 * new.len() > known.len() && merge.old.cells.iter().all(as_written)
}
