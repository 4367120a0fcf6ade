//! What a merge did, for a person to read.

/// What a merge kept, added and left out, in the order of the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// One for each thing that happened.
    pub notes: Vec<Note>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The name of the page.
    pub page: String,
    /// What happened.
    pub event: Event,
    /// The words on the cell or, if it has none, its id.
    pub what: String,
}

/// What can happen to a cell or page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Moved, resized, bent or grouped by a person, and left so.
    Moved,
    /// Styled by a person, and left so.
    Restyled,
    /// Worded by a person, and left so.
    Reworded,
    /// Added by a person, and left as it is.
    Foreign,
    /// A page that a person added, left as it is.
    ForeignPage,
    /// A page that was laid out anew: much of it is new, and nobody had arranged it.
    Anew,
    /// New in the source, and placed.
    Added,
    /// A page that is new.
    AddedPage,
    /// New in the source; no room was found in its group, and so it stands beside.
    Outside,
    /// Gone from the source, and so from the drawing.
    Gone,
    /// A page that is gone.
    GonePage,
    /// Deleted by a person, and so not drawn.
    Hidden,
    /// A page that a person deleted.
    HiddenPage,
    /// A person's arrow, one of whose ends is gone; it is kept and ends at a point.
    Loosened,
    /// A person's cell whose group or arrow is gone; it is kept where it was.
    Orphaned,
}

impl Report {
    /// What happened to cells or pages in one way.
    pub fn of(&self, event: Event) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.event == event)
    }

    /// How often something happened.
    pub fn count(&self, event: Event) -> usize {
        self.of(event).count()
    }

    pub(crate) fn say(&mut self, page: &str, event: Event, what: String) {
        self.notes.push(Note { page: page.to_owned(), event, what });
    }
}
