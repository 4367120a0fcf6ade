//! Which of several things of one name is meant.
//!
//! A name is taken once in an account and region. Things that are declared under one constant name are of systems that are
//! deployed apart (one for each stage, or for each step of a tutorial), and code that asks for the name gets what its own
//! system has.

use crate::index::Index;
use facts::Entry;

/// Stacks inside one another; more are a mistake.
const MAX_NESTED: usize = 32;

/// How near something is to running code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// In as many folders with it.
    Folders(usize),
    /// Deployed with it, in one stack and those that are nested in it.
    Deployed,
}

/// Those that are nearest to what runs, and how near; all where nothing runs, or nothing is nearer than the rest. `at` is
/// the scope of a thing, if it is known, and its file.
pub(crate) fn nearest<'t, T: Copy>(
    index: &Index<'_>,
    entry: Option<&Entry>,
    all: &[T],
    at: impl Fn(T) -> (Option<&'t str>, &'t str),
) -> (Vec<T>, Option<Nearness>) {
    let Some(entry) = entry.filter(|_| all.len() > 1) else { return (all.to_vec(), None) };
    let own = root(index, &entry.owner.scope);
    let near = |one: T| match at(one) {
        (Some(scope), _) if root(index, scope) == own => Nearness::Deployed,
        (_, file) => Nearness::Folders(shared_folders(file, &entry.place.file)),
    };
    let Some(best) = all.iter().map(|one| near(*one)).max() else { return (Vec::new(), None) };
    let kept: Vec<T> = all.iter().copied().filter(|one| near(*one) == best).collect();
    let narrowed = kept.len() < all.len();
    (kept, narrowed.then_some(best))
}

/// The stack that a scope is deployed with, and that is nested in no other.
fn root<'a>(index: &Index<'a>, scope: &'a str) -> &'a str {
    let mut at = scope;
    for _ in 0..MAX_NESTED {
        let Some([instance, ..]) = index.instances.get(at).map(Vec::as_slice) else { break };
        at = &instance.owner.scope;
    }
    at
}

/// In how many folders two files stand together, from the top.
fn shared_folders(a: &str, b: &str) -> usize {
    let folders = |path: &'_ str| path.rsplit_once('/').map_or(String::new(), |(folders, _)| folders.to_owned());
    let (a, b) = (folders(a), folders(b));
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_counted_from_the_top() {
        assert_eq!(shared_folders("a/b/t.yaml", "a/b/c/t.yaml"), 2);
        assert_eq!(shared_folders("a/b/t.yaml", "x/b/t.yaml"), 0);
        assert_eq!(shared_folders("t.yaml", "u.yaml"), 0);
    }
}
