//! What the configuration of all files declares.

use crate::registry::{CONFIGS, CONFIGS_OF_CODE};
use crate::{replaced, unread};
use facts::{Declarations, Diagnostic, Instance, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The scopes whose stacks a scope's stack deploys.
type Deploys<'a> = BTreeMap<&'a Arc<str>, Vec<&'a Arc<str>>>;

/// Declarations in the order of the files' paths.
pub(crate) fn declare(sources: &dyn Sources) -> Declarations {
    let of_files: Vec<Declarations> = sources.paths().par_iter().map(|path| of_file(path, sources)).collect();
    let included: BTreeSet<Arc<str>> = of_files.iter().flat_map(|one| one.included.iter().cloned()).collect();
    let mut all = Declarations::default();
    for (path, one) in sources.paths().iter().zip(of_files) {
        // What is part of another file's scope is declared there.
        if !included.contains(path) {
            all.append(one);
        }
    }
    let mut deploys = Deploys::new();
    for instance in &all.instances {
        deploys.entry(&instance.owner.scope).or_default().push(&instance.scope);
    }
    let cycles: Vec<Diagnostic> = all.instances.iter().filter_map(|i| cycle(i, &deploys)).collect();
    all.diagnostics.extend(cycles);
    all
}

/// Says so when a stack deploys itself, at whatever remove. Once for a cycle: at its first scope.
fn cycle(instance: &Instance, deploys: &Deploys<'_>) -> Option<Diagnostic> {
    let start = &instance.owner.scope;
    let reached = below(&instance.scope, deploys);
    // What is in the cycle with the start is what reaches it in turn; the start speaks if it is the first of these.
    let first = reached.contains(start) && reached.iter().all(|s| *s >= start || !below(s, deploys).contains(start));
    let message = format!("this stack deploys `{}`, which deploys it in turn", instance.scope);
    first.then(|| Diagnostic::warning("stack-cycle", instance.place.clone(), message))
}

/// Every scope that a stack of this one deploys, at whatever remove, and the scope itself.
fn below<'a>(scope: &'a Arc<str>, deploys: &Deploys<'a>) -> BTreeSet<&'a Arc<str>> {
    let mut reached = BTreeSet::from([scope]);
    let mut next = vec![scope];
    while let Some(scope) = next.pop() {
        let deployed = deploys.get(scope).into_iter().flatten().copied();
        next.extend(deployed.filter(|s| reached.insert(s)));
    }
    reached
}

fn of_file(path: &Arc<str>, sources: &dyn Sources) -> Declarations {
    let mut out = Declarations::default();
    let mut wanted = CONFIGS.iter().chain(CONFIGS_OF_CODE).filter(|c| c.wants(path)).peekable();
    if wanted.peek().is_none() || sources.is_alias(path) {
        return out;
    }
    match sources.read(path) {
        Ok(file) => {
            wanted.for_each(|c| c.extract(&file, sources, &mut out));
            // Most files with an ending such as `.json` are data that nobody needs as text.
            if file.lossy && out != Declarations::default() {
                out.diagnostics.push(replaced(path));
            }
        }
        Err(error) => out.diagnostics.push(unread(path, &error)),
    }
    out
}
