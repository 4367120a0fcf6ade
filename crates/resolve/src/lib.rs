//! The one join: what configuration declares and what code does become the model of the system.
//!
//! `index` files the declarations so that they can be looked up; `substitute` replaces what a deployment knows in
//! an expression (environment, parameters, exports, stored values); `target` decides which node an expression
//! names; `layers` finds the shared code that an entry means; `aliases` finds what a name of another file's
//! stands for; `mounted` puts paths of APIs together over templates; `below` finds all that stand below a path; `undeclared` names what no template declares, `unset` guesses what a
//! parameter without a value names, `wildcards` looks past defaults; `pattern` compares names that are known only in part; `events` tells which events a rule lets through; `nodes`, `flows` and `buses` build the model. The only
//! crate that knows both facts and the model. It knows no syntax and no drawing.

mod aliases;
mod below;
mod buses;
mod changed;
mod choices;
mod elsewhere;
mod events;
mod flows;
mod hosts;
mod index;
mod layers;
mod mounted;
mod nearest;
mod nodes;
mod pattern;
mod pieces;
mod routes;
mod services;
mod states;
mod substitute;
mod surroundings;
mod target;
mod undeclared;
mod unset;
mod wildcards;

pub use layers::layers;

use facts::{Declarations, Diagnostic, ResourceRef, RunTime};
use model::Model;
use std::collections::BTreeMap;

/// What the user says about the deployment.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What people call the system.
    pub name: String,
    /// Values of parameters, by name.
    pub parameters: BTreeMap<String, String>,
    /// The value of every parameter that means the stage.
    pub stage: Option<String>,
}

/// The joined system.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// The model, in canonical order.
    pub model: Model,
    /// What could not be joined and is worth saying.
    pub diagnostics: Vec<Diagnostic>,
}

/// Joins what configuration declares with what each entry does; `run_times` name the function that runs.
/// The order of either makes no difference to the result.
pub fn join(mut declarations: Declarations, run_times: Vec<(ResourceRef, RunTime)>, options: &Options) -> Joined {
    mounted::complete(&mut declarations, options);
    let index = index::Index::new(&declarations, options);
    let mut builder = flows::Builder::new(&index);
    builder.declared();
    for (owner, run_time) in &run_times {
        builder.effects(owner, run_time);
    }
    let (model, mut diagnostics) = builder.finish(options);
    diagnostics.extend(declarations.diagnostics);
    diagnostics.extend(run_times.into_iter().flat_map(|(_, r)| r.diagnostics));
    diagnostics.sort();
    diagnostics.dedup();
    Joined { model, diagnostics }
}
