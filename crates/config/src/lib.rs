//! The configuration front end: templates, services, settings → [`facts::Declarations`].
//!
//! `tree` and `json` read text into values with places; `expand` works in what is said once; `intrinsics` turns them into
//! symbolic strings; `template` tells a template by its content and walks its resources. `links`, `apis`, `appsync`, `asl`
//! and `policies` read what flows, `functions` and `events` read SAM, `event_filters` reads the patterns of rules, `code` finds the code of a function, `handed` what
//! a function finds in its event. `serverless` and `amplify` compile their formats to templates; `cdk` knows what a
//! synthesised template holds beside; `scripts` and `settings` read what a deployment gives. Knows nothing of Python or drawing.

mod amplify;
mod apis;
mod appsync;
mod asl;
mod balancers;
mod beside;
mod cargo;
mod cdk;
mod chalice;
mod choices;
mod code;
mod commands;
mod containers;
mod data;
mod docker;
mod event_filters;
mod events;
mod expand;
mod functions;
mod handed;
mod hosts;
mod integrations;
mod intrinsics;
mod json;
mod layers;
mod links;
mod modules;
mod passed;
mod paths;
mod policies;
mod registry;
mod requirements;
mod routines;
mod scripts;
mod second_names;
mod serverless;
mod settings;
mod stacks;
mod tasks;
mod template;
mod texts;
mod transitions;
mod tree;
mod unexpanded;

pub use chalice::Chalice;
pub use data::data;
pub use registry::FRONTENDS;
