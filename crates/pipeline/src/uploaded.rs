//! Code that is deployed from an archive of which nothing tells what it is made of: it was uploaded before, or a build
//! puts it together. Where one file of the scan alone can be what its handler names, it is that file.

use crate::packed::Elsewhere;
use crate::registry::{self, LANGUAGES};
use facts::{Archive, Declarations, Diagnostic, Entry, Handler, Place, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Languages whose code is compiled to binaries, each with the file that describes a package of them.
const MANIFESTS: &[(&str, &str)] = &[("rust", "Cargo")];

/// Adds to the search paths of such entries the folder of their code; those that stay unknown are left out, with a
/// diagnostic.
pub(crate) fn find(declarations: &mut Declarations, elsewhere: &Elsewhere<'_>, sources: &dyn Sources) {
    let lost: Vec<usize> = lost(&declarations.entries, sources);
    if lost.is_empty() {
        return;
    }
    let others =
        Others { rivals: rivals(&declarations.entries, &lost), taken: taken(&declarations.entries, &lost, sources) };
    let mut found = BTreeMap::new();
    for at in lost {
        let entry = &declarations.entries[at];
        let binary = || binary(entry, elsewhere, sources);
        let found_at = root(entry, elsewhere, sources, &others).map(|root| (root, None)).or_else(binary);
        found.insert(at, found_at);
    }
    let mut at = 0;
    declarations.entries.retain_mut(|entry| {
        let found = found.remove(&at);
        at += 1;
        match found {
            None => true,
            Some(Some((root, handler))) => {
                entry.roots.insert(0, root);
                entry.handler = handler.unwrap_or_else(|| entry.handler.clone());
                true
            }
            Some(None) => {
                let Some((why, place)) = why_unknown(entry, sources) else { return true };
                let message = format!("the code of `{}` is not found: {why}; what it does is left out", entry.owner.id);
                declarations.diagnostics.push(Diagnostic::warning("code-not-found", place, message));
                false
            }
        }
    });
}

/// Why code is not known, and where that is said; nothing for what no language knows anyway.
fn why_unknown(entry: &Entry, sources: &dyn Sources) -> Option<(String, Place)> {
    let archive = entry.archive.as_ref()?;
    if archive.unknown.is_some() {
        return archive.unknown.clone();
    }
    let why = format!("it is in the archive `{}`, and nothing tells what of the scan is in that", archive.name);
    let ours = LANGUAGES.iter().any(|language| language.locate(entry, sources).is_some());
    ours.then(|| (why, entry.place.clone()))
}

/// The entries in archives whose code is not where it is said to be.
fn lost(entries: &[Entry], sources: &dyn Sources) -> Vec<usize> {
    let is_lost = |entry: &Entry| {
        let Some(archive) = &entry.archive else { return false };
        archive.unknown.is_some() || registry::start(entry, sources).is_none()
    };
    (0..entries.len()).filter(|at| is_lost(&entries[*at])).collect()
}

/// What else there is to be known of before a file is taken for the code of a function.
struct Others<'e> {
    /// For each handler, the archives that have one of this name.
    rivals: BTreeMap<&'e str, BTreeSet<&'e str>>,
    /// Files at which code starts of which it is known where it is, with the functions that start there. A function in
    /// an archive is none of these, unless it is the same one: a template and what was packaged of it.
    taken: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
}

fn taken(entries: &[Entry], lost: &[usize], sources: &dyn Sources) -> BTreeMap<Arc<str>, BTreeSet<Arc<str>>> {
    let mut taken: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
    let known = entries.iter().enumerate().filter(|(at, _)| lost.binary_search(at).is_err());
    for (_, entry) in known {
        if let Some((_, start)) = registry::start(entry, sources) {
            taken.entry(start.path).or_default().insert(entry.owner.id.clone());
        }
    }
    taken
}

/// For each handler, the archives that have one of this name.
fn rivals<'e>(entries: &'e [Entry], lost: &[usize]) -> BTreeMap<&'e str, BTreeSet<&'e str>> {
    let mut rivals: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in lost.iter().map(|at| &entries[*at]) {
        if let (Handler::Named(name), Some(Archive { name: archive, .. })) = (&entry.handler, &entry.archive) {
            rivals.entry(module(name)).or_default().insert(last_word(archive));
        }
    }
    rivals
}

/// The last word of the way to an archive or folder, as far as it is written.
fn last_word(written: &str) -> &str {
    let written = written.trim_end_matches('/');
    written.rsplit('/').next().unwrap_or(written)
}

/// What a handler names, without the function.
fn module(handler: &str) -> &str {
    handler.rsplit_once('.').map_or(handler, |(module, _)| module)
}

/// The one folder of the scan from which the handler leads to a file. Of several, the one that is named like the
/// function; where archives differ and their handlers do not, one folder alone tells nothing.
fn root(entry: &Entry, elsewhere: &Elsewhere<'_>, sources: &dyn Sources, others: &Others<'_>) -> Option<Arc<str>> {
    let Handler::Named(handler) = &entry.handler else { return None };
    let mut found: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for place in elsewhere.places(module(handler))? {
        let moved = Entry { roots: vec![Arc::from(*place)], ..entry.clone() };
        let start = registry::start(&moved, sources);
        found.extend(start.map(|(_, start)| (start.path, Arc::from(*place))));
    }
    found.retain(|path, _| others.taken.get(path).is_none_or(|ids| ids.contains(&*entry.owner.id)));
    if is_copied(found.keys()) {
        let near = nearest(found.keys(), &entry.owner.scope);
        found.retain(|path, _| near.as_ref() == Some(path));
    }
    let alone = found.len() == 1 && others.rivals.get(module(handler)).is_none_or(|archives| archives.len() == 1);
    let named = |root: &Arc<str>| root.rsplit('/').next().is_some_and(|folder| is_named_like(folder, &entry.owner.id));
    let mut fitting = found.into_values().filter(|root| alone || named(root));
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The folder of the one package that has a binary of the name of the folder that a build fills, and that binary:
/// `build/save` is made of the binary `save`.
fn binary(entry: &Entry, elsewhere: &Elsewhere<'_>, sources: &dyn Sources) -> Option<(Arc<str>, Option<Handler>)> {
    // A runtime of its own says nothing of the language.
    let any = entry.runtime.as_deref().is_some_and(|runtime| runtime.starts_with("provided"));
    let archive = entry.archive.as_ref().filter(|archive| any && archive.unknown.is_some())?;
    let handler = Handler::Named(last_word(&archive.name).into());
    let mut found: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for (language, manifest) in MANIFESTS {
        let Some(language) = LANGUAGES.iter().find(|one| one.name() == *language) else { continue };
        for place in elsewhere.places(manifest).into_iter().flatten() {
            // Without a runtime only a binary of that very name is meant.
            let roots = vec![Arc::from(*place)];
            let moved = Entry { roots, runtime: None, handler: handler.clone(), ..entry.clone() };
            let start = language.locate(&moved, sources).and_then(Result::ok);
            found.extend(start.map(|start| (start.path, Arc::from(*place))));
        }
    }
    let mut places = found.into_values();
    places.next().filter(|_| places.next().is_none()).map(|place| (place, Some(handler)))
}

/// Whether files are copies in copies of one tree: `govcloud/code/a.py` beside `code/a.py`.
fn is_copied<'p>(paths: impl Iterator<Item = &'p Arc<str>> + Clone) -> bool {
    let Some(shortest) = paths.clone().min_by_key(|path| path.len()) else { return false };
    paths.into_iter().all(|path| path == shortest || path.ends_with(&format!("/{shortest}")))
}

/// The one of these files that is the fewest folders away from another file.
fn nearest<'p>(paths: impl Iterator<Item = &'p Arc<str>>, from: &str) -> Option<Arc<str>> {
    let away = |path: &str| {
        let shared = path.split('/').zip(from.split('/')).take_while(|(a, b)| a == b).count();
        path.split('/').count() + from.split('/').count() - 2 * shared
    };
    let mut near: Vec<(usize, &Arc<str>)> = paths.map(|path| (away(path), path)).collect();
    near.sort();
    let first = near.first().filter(|first| near.get(1).is_none_or(|second| second.0 > first.0));
    first.map(|(_, path)| (*path).clone())
}

/// Whether a folder has the name of a function: `send-mail` is that of `SendMailFunction`.
fn is_named_like(folder: &str, id: &str) -> bool {
    let word = |name: &str| -> String {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let end = ["lambdafunction", "function", "lambda"].into_iter().find_map(|end| plain.strip_suffix(end));
        end.filter(|rest| !rest.is_empty()).map_or_else(|| plain.clone(), str::to_owned)
    };
    word(folder) == word(id)
}

#[cfg(test)]
mod tests {
    use super::is_named_like;

    #[test]
    fn folders_of_functions() {
        for (folder, id, expected) in [
            ("send-mail", "SendMailFunction", true),
            ("sendMail_lambda", "SendMail", true),
            ("Function", "Function", true),
            ("function", "SendMailFunction", false),
            ("mail", "SendMail", false),
        ] {
            assert_eq!(is_named_like(folder, id), expected, "{folder} {id}");
        }
    }
}
