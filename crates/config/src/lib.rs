//! The configuration front end: CloudFormation and SAM templates → [`facts::Declarations`].
//!
//! `tree` and `json` read text into values with places; `expand` works in what is said once; `intrinsics` turns them into symbolic strings; `template`
//! tells a template by its content and walks its resources; `links`, `apis`, `asl`, `policies` read what
//! flows; `appsync` reads GraphQL APIs and `amplify` projects; `functions` and `events` read SAM; `code` finds the code of a function. Knows nothing of Python or drawing.

mod amplify;
mod apis;
mod appsync;
mod asl;
mod code;
mod events;
mod expand;
mod functions;
mod intrinsics;
mod json;
mod links;
mod paths;
mod policies;
mod registry;
mod scripts;
mod template;
mod tree;

pub use registry::FRONTENDS;
