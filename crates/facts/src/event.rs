//! Events on a bus: what says which they are, and which of them a rule lets through.

use crate::Expr;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which events are put onto a bus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Event {
    /// What they come from (`shop.orders`), where that is given.
    pub source: Option<Expr>,
    /// What happened (`OrderPlaced`), where that is given.
    pub detail_type: Option<Expr>,
}

/// The events that a rule lets through, by what says which they are. What they hold is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EventFilter {
    /// One of these fits their source; none: any source.
    pub sources: Vec<TextFilter>,
    /// One of these fits their type; none: any type.
    pub types: Vec<TextFilter>,
}

/// A text that a rule asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum TextFilter {
    /// This text.
    Is(Expr),
    /// This text in whatever case.
    IgnoreCase(Arc<str>),
    /// It begins so.
    Prefix(Arc<str>),
    /// It ends so.
    Suffix(Arc<str>),
    /// This text, in which `*` stands for any characters.
    Wildcard(Arc<str>),
    /// None of these.
    Not(Vec<TextFilter>),
    /// That there is one at all, or none.
    Exists(bool),
    /// Something that is not understood, which may fit.
    Other,
}
