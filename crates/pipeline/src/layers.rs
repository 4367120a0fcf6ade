//! Layers that entries use though another file declares them, or none.

use crate::lost::first_word;
use crate::packed::Elsewhere;
use crate::registry::{self, LANGUAGES};
use facts::{Declarations, Entry, ImportRequest, Language, Layer, ResourceRef, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Adds to the search paths of entries what the layers give that they borrow.
///
/// Where it cannot be told which layer is meant, it can be any of the scan: then those count of which no other has a
/// module of the same name, for what the entry imports and does not have itself can come from nowhere else.
pub(crate) fn lend(
    declarations: &mut Declarations,
    elsewhere: &Elsewhere<'_>,
    sources: &dyn Sources,
    options: &resolve::Options,
) {
    let named = resolve::layers(declarations, options);
    let any: Vec<&Layer> =
        if named.contains(&None) { without_rivals(&declarations.layers, sources) } else { Vec::new() };
    let mut lent: BTreeMap<_, Vec<Arc<str>>> = BTreeMap::new();
    for (borrowed, layers) in declarations.borrowed.iter().zip(&named) {
        let layers = layers.as_ref().unwrap_or(&any);
        lent.entry(&borrowed.owner).or_default().extend(layers.iter().flat_map(|layer| layer.roots.iter().cloned()));
    }
    let strange =
        declarations.borrowed.iter().zip(&named).filter(|(_, layers)| layers.as_ref().is_none_or(Vec::is_empty));
    let strange: BTreeSet<ResourceRef> = strange.map(|(borrowed, _)| borrowed.owner.clone()).collect();
    for entry in &mut declarations.entries {
        for root in lent.get(&entry.owner).into_iter().flatten() {
            if !entry.roots.contains(root) {
                entry.roots.push(root.clone());
            }
        }
    }
    if !strange.is_empty() {
        undeclared(declarations, &strange, elsewhere, sources);
    }
}

/// What entries import that borrow a layer which the scan does not declare, and what can be nothing but the content of a
/// layer: the only folder of the scan with that module that is called as the runtime wants it.
fn undeclared(
    declarations: &mut Declarations,
    borrowers: &BTreeSet<ResourceRef>,
    elsewhere: &Elsewhere<'_>,
    sources: &dyn Sources,
) {
    let declared: Vec<Arc<str>> = declarations.layers.iter().flat_map(|layer| layer.roots.iter().cloned()).collect();
    let mut known = BTreeMap::new();
    for entry in declarations.entries.iter_mut().filter(|entry| borrowers.contains(&entry.owner)) {
        if let Some((language, start)) = registry::start(entry, sources) {
            Undeclared { elsewhere, declared: &declared, language, sources }.find(entry, start.path, &mut known);
        }
    }
}

struct Undeclared<'u, 's> {
    elsewhere: &'u Elsewhere<'s>,
    declared: &'u [Arc<str>],
    language: &'u dyn Language,
    sources: &'u dyn Sources,
}

impl Undeclared<'_, '_> {
    /// Follows the imports of an entry, and adds to its search path what it lacks.
    fn find(&self, entry: &mut Entry, start: Arc<str>, known: &mut BTreeMap<Arc<str>, Vec<Arc<str>>>) {
        let mut seen = BTreeSet::from([start.clone()]);
        let mut next = vec![start];
        while let Some(path) = next.pop() {
            let imports = known.entry(path.clone()).or_insert_with(|| self.imports(&path));
            for module in imports.iter() {
                let request = ImportRequest { from: &path, module, roots: &entry.roots };
                let found = self.language.import(request, self.sources).or_else(|| {
                    let (root, file) = self.only(&path, module)?;
                    entry.roots.push(root);
                    Some(file)
                });
                next.extend(found.filter(|file| seen.insert(file.clone())));
            }
        }
    }

    fn imports(&self, path: &str) -> Vec<Arc<str>> {
        self.sources.read(path).map(|file| self.language.summarise(&file).imports).unwrap_or_default()
    }

    /// The one folder that a module can be in, and its file; none where a declared layer has such a module.
    fn only(&self, from: &str, module: &str) -> Option<(Arc<str>, Arc<str>)> {
        // A copy of a library that is known says less than what is known of it.
        let name = first_word(module);
        if catalog::is_of_others(self.language.name(), name) == Some(true) {
            return None;
        }
        let mut found = Vec::new();
        for place in self.elsewhere.places(module)? {
            let named = place.rsplit('/').next() == Some(self.language.name());
            let declared = self.declared.iter().any(|root| **root == **place);
            if !named && !declared {
                continue;
            }
            let roots = [Arc::from(*place)];
            let Some(file) = self.language.import(ImportRequest { from, module, roots: &roots }, self.sources) else {
                continue;
            };
            if declared || !found.is_empty() {
                return None;
            }
            let [root] = roots;
            found.push((root, file));
        }
        found.pop()
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
