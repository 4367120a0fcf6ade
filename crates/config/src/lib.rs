//! The configuration front end: CloudFormation and SAM templates → [`facts::Declarations`].
//!
//! `tree` and `json` read text into values with places; `expand` works in what is said once; `intrinsics` turns them into symbolic strings; `template`
//! tells a template by its content and walks its resources; `links`, `apis`, `asl`, `policies` read what
//! flows; `functions` and `events` read SAM; `code` finds the code of a function. Knows nothing of Python or drawing.

mod apis;
mod asl;
mod code;
mod events;
mod expand;
mod functions;
mod intrinsics;
mod json;
mod links;
mod load_balancers;
mod paths;
mod policies;
mod registry;
mod scripts;
mod serverless;
mod template;
mod tree;

pub use registry::FRONTENDS;
