//! The configuration front end: CloudFormation and SAM templates → [`facts::Declarations`].
//!
//! `tree` and `json` read text into values with places; `expand` works in what is said once; `intrinsics` turns them into symbolic strings; `template`
//! tells a template by its content and walks its resources; `links`, `apis`, `asl`, `policies` read what
//! flows; `functions` and `events` read SAM; `code` finds the code of a function. Knows nothing of Python or drawing.

mod apis;
mod asl;
mod balancers;
mod cdk;
mod code;
mod containers;
mod events;
mod expand;
mod functions;
mod integrations;
mod intrinsics;
mod json;
mod links;
mod paths;
mod policies;
mod registry;
mod scripts;
mod settings;
mod tasks;
mod template;
mod texts;
mod tree;
mod unexpanded;

pub use registry::FRONTENDS;
