//! The configuration front end: CloudFormation and SAM templates → [`facts::Declarations`].
//!
//! `tree` reads YAML and JSON into values with places; `intrinsics` turns them into symbolic strings; `template`
//! tells a template by its content and walks its resources; `links`, `apis`, `machines`, `policies` read what
//! flows; `functions` and `events` read SAM; `code` finds the code of a function. Knows nothing of Python or drawing.

mod apis;
mod asl;
mod code;
mod events;
mod functions;
mod intrinsics;
mod links;
mod paths;
mod policies;
mod registry;
mod template;
mod tree;

pub use registry::FRONTENDS;
