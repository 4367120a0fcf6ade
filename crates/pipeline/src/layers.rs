//! Layers that entries use though another file declares them.

use crate::registry::LANGUAGES;
use facts::{Declarations, ImportRequest, Layer, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Adds to the search paths of entries what the layers give that they borrow.
///
/// Where it cannot be told which layer is meant, it can be any of the scan: then those count of which no other has a
/// module of the same name, for what the entry imports and does not have itself can come from nowhere else.
pub(crate) fn lend(declarations: &mut Declarations, sources: &dyn Sources, options: &resolve::Options) {
    let named = resolve::layers(declarations, options);
    let any: Vec<&Layer> =
        if named.contains(&None) { without_rivals(&declarations.layers, sources) } else { Vec::new() };
    let mut lent: BTreeMap<_, Vec<Arc<str>>> = BTreeMap::new();
    for (borrowed, layers) in declarations.borrowed.iter().zip(&named) {
        let layers = layers.as_ref().unwrap_or(&any);
        lent.entry(&borrowed.owner).or_default().extend(layers.iter().flat_map(|layer| layer.roots.iter().cloned()));
    }
    for entry in &mut declarations.entries {
        for root in lent.get(&entry.owner).into_iter().flatten() {
            if !entry.roots.contains(root) {
                entry.roots.push(root.clone());
            }
        }
    }
}

/// The layers of which each module is in no other layer.
fn without_rivals<'d>(layers: &'d [Layer], sources: &dyn Sources) -> Vec<&'d Layer> {
    let modules: Vec<BTreeSet<&str>> = layers.iter().map(|layer| modules(layer, sources)).collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for module in modules.iter().flatten() {
        *count.entry(module).or_default() += 1;
    }
    let alone = |modules: &BTreeSet<&str>| modules.iter().all(|module| count[module] == 1);
    layers.iter().zip(&modules).filter(|(_, modules)| alone(modules)).map(|(layer, _)| layer).collect()
}

/// What can be imported from a layer: the names at the top of its search path that some language knows as modules.
fn modules<'s>(layer: &Layer, sources: &'s dyn Sources) -> BTreeSet<&'s str> {
    let mut found = BTreeSet::new();
    for root in &layer.roots {
        let names = sources.below(root).iter().filter_map(|path| {
            let rest = path.strip_prefix(&**root)?.trim_start_matches('/');
            let first = rest.split('/').next()?;
            Some(first.split('.').next().unwrap_or(first))
        });
        let names: BTreeSet<&str> = names.collect();
        let roots = std::slice::from_ref(root);
        let imported = |module: &&str| {
            let request = ImportRequest { from: "", module, roots };
            LANGUAGES.iter().any(|language| language.import(request, sources).is_some())
        };
        found.extend(names.into_iter().filter(imported));
    }
    found
}
