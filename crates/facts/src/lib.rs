//! What front ends say about a repository, in plain data.
//!
//! A configuration front end turns templates into [`Declarations`]; a language front end turns a source
//! file into a [`code::Unit`]. Both speak of names that are known only at run time through one type,
//! [`Expr`]. Nothing here knows a syntax, a cloud or a drawing, and nothing here does IO: files come
//! through the [`Sources`] trait. Start at [`Expr`], then [`Declarations`], then [`code`].

pub mod code;
mod declare;
mod diagnostic;
mod effect;
mod event;
mod expr;
mod files;
mod frontend;
mod paths;
mod place;
mod sources;
mod words;

pub use declare::{
    Alias, Archive, Attached, Borrowed, Declarations, Deployment, End, Entry, Handed, Handler, Host, Instance, Layer,
    Link, Mounted, Output, Parameter, Part, Resource, ResourceRef, Routine, Scope, Segment, Sender, State, Stored,
    StoredKind, Wait,
};
pub use diagnostic::{Diagnostic, Severity};
pub use effect::{Effect, Missing, RunTime};
pub use event::{Event, EventFilter, TextFilter};
pub use expr::{AWAITED, BELOW, Expr, OWNER, ROOT_OF_API};
pub use files::{Data, DataFormat, Files, NoFiles};
pub use frontend::{ConfigFrontend, ImportRequest, Language, Start};
pub use paths::joined;
pub use place::{Evidence, Place};
pub use sources::{MemorySources, ReadError, SourceFile, Sources};
pub use vocabulary::{Certainty, FlowKind, Mode, NodeKind};
