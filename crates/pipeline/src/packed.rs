//! What is in an archive that a build puts together. The build takes files of the scan from places that nothing tells: what
//! its code imports and does not have beside it is the one file of the scan that can be meant.

use facts::{ImportRequest, Language, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// More places for one module than this are not tried: a name that is everywhere tells nothing.
const MOST: usize = 50;

/// Where in the scan modules are: found out when first asked for, and once.
pub(crate) struct Elsewhere<'s> {
    sources: &'s dyn Sources,
    /// For each name of a folder or file, without its ending, the folders that it is in.
    named: OnceLock<BTreeMap<&'s str, BTreeSet<&'s str>>>,
}

impl<'s> Elsewhere<'s> {
    pub(crate) const fn new(sources: &'s dyn Sources) -> Self {
        Self { sources, named: OnceLock::new() }
    }

    /// Looks at every path.
    fn named(sources: &'s dyn Sources) -> BTreeMap<&'s str, BTreeSet<&'s str>> {
        let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for path in sources.paths() {
            let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            let mut start = 0;
            for end in ends {
                let name = &path[start..end];
                let name = if end == path.len() { name.split('.').next().unwrap_or(name) } else { name };
                named.entry(name).or_default().insert(path[..start].trim_end_matches('/'));
                start = end + 1;
            }
        }
        named
    }

    /// The folders that a module, named in any notation, can be in: those that hold something of its first word's name.
    /// None where it is in too many.
    pub(crate) fn places(&self, module: &str) -> Option<&BTreeSet<&'s str>> {
        let name = module.split(['/', '.']).find(|name| !name.is_empty())?;
        self.named.get_or_init(|| Self::named(self.sources)).get(name).filter(|places| places.len() <= MOST)
    }

    /// The file that a module means, wherever it is, if it can be only one.
    pub(crate) fn find(&self, language: &dyn Language, from: &str, module: &str) -> Option<Arc<str>> {
        let name = module.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().filter(|name| !name.is_empty())?;
        let mut found = BTreeSet::new();
        for place in self.places(name)? {
            let roots = [Arc::from(*place)];
            found.extend(language.import(ImportRequest { from, module, roots: &roots }, self.sources));
        }
        found.pop_first().filter(|_| found.is_empty())
    }
}
