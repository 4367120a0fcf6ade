//! What the configuration of all files declares.

use crate::registry::{CONFIGS, CONFIGS_OF_CODE};
use crate::{replaced, unread};
use facts::{Declarations, Diagnostic, Instance, Place, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The scopes whose stacks a scope's stack deploys.
type Deploys<'a> = BTreeMap<&'a Arc<str>, Vec<&'a Arc<str>>>;

/// Declarations in the order of the files' paths.
pub(crate) fn declare(sources: &dyn Sources) -> Declarations {
    let of_files: Vec<Declarations> = sources.paths().par_iter().map(|path| of_file(path, sources)).collect();
    let included: BTreeSet<Arc<str>> = of_files.iter().flat_map(|one| one.included.iter().cloned()).collect();
    let tests = only_for_tests(sources.paths(), &of_files);
    let mut all = Declarations::default();
    for ((path, one), for_tests) in sources.paths().iter().zip(of_files).zip(tests) {
        // What is part of another file's scope is declared there.
        if included.contains(path) {
            continue;
        }
        if for_tests {
            let message = "this is in a folder of tests: what it declares is left out";
            let place = Place::new(path.clone(), 1, 1);
            all.diagnostics.push(Diagnostic::note("only-for-tests", place, message.to_owned()));
        } else {
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

/// Folders of what only tests deploy or read.
const TEST_FOLDERS: &[&str] =
    &["__tests__", "fixtures", "sample_data", "test", "testdata", "test_data", "tests", "unit_test", "unit_tests"];

/// For each file: whether what it declares is there only for tests. It stands in such a folder, no template from
/// elsewhere deploys it, and there are others that declare something.
fn only_for_tests(paths: &[Arc<str>], of_files: &[Declarations]) -> Vec<bool> {
    let in_tests = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.split('/').any(|name| TEST_FOLDERS.contains(&name))
    };
    let declares: Vec<bool> = of_files.iter().map(|one| !one.resources.is_empty()).collect();
    let suspects: Vec<bool> = paths.iter().zip(&declares).map(|(path, some)| *some && in_tests(path)).collect();
    if declares == suspects {
        return vec![false; paths.len()];
    }
    let outside = of_files.iter().zip(&suspects).filter(|(_, suspect)| !**suspect);
    let deployed: BTreeSet<&Arc<str>> =
        outside.flat_map(|(one, _)| one.instances.iter().map(|instance| &instance.scope)).collect();
    paths.iter().zip(suspects).map(|(path, suspect)| suspect && !deployed.contains(path)).collect()
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
