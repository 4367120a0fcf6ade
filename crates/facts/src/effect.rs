//! What deployed code does to the world outside of it, as `interpret` finds and `resolve` joins.

use crate::{Diagnostic, Event, Evidence, Expr, FlowKind, Mode, NodeKind, Part};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One thing that an entry's code does to something outside of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Effect {
    /// What flows.
    pub kind: FlowKind,
    /// Whether the code waits.
    pub mode: Mode,
    /// What names the target, over the environment of the running function.
    pub target: Expr,
    /// The kinds that the target can be, the likeliest first.
    pub wants: Vec<NodeKind>,
    /// The service whose API is called, a key of the catalog (`sqs`); empty for a library of no service.
    pub service: Arc<str>,
    /// The operation, as the service or library names it: `PutItem`, `GET`.
    pub operation: Arc<str>,
    /// The part of the target, where the call names one.
    pub part: Option<(NodeKind, Expr)>,
    /// Whether that part may be built in to the target: a function in a query. Then it counts only where the scan
    /// declares it.
    pub maybe: bool,
    /// Which events it puts onto a bus.
    pub event: Option<Event>,
    /// The route of the function that does it, where it is not the whole function.
    pub within: Option<Part>,
    /// Where, and through which functions.
    pub evidence: Evidence,
    /// How the target came to be, step by step, in words.
    pub how: Vec<Arc<str>>,
}

/// Something that the code does whose meaning stayed unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Missing {
    /// Why, as a clause.
    pub why: Arc<str>,
    /// Where.
    pub evidence: Evidence,
}

/// All that one entry does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunTime {
    /// Its effects, without repeats, ordered by place.
    pub effects: Vec<Effect>,
    /// What stayed unknown.
    pub missing: Vec<Missing>,
    /// Limits that were hit, code that was not found.
    pub diagnostics: Vec<Diagnostic>,
    /// Files that the code opens, whether they are there or not; relative to the scanned root.
    pub opened: Vec<Arc<str>>,
}
