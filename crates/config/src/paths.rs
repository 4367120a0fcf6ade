//! Paths in the repository, as configuration writes them.

use crate::template::Template;
use crate::tree::Tree;
use facts::{Declarations, Diagnostic, Sources};
use std::sync::Arc;

/// What the names of templates end in, longest first.
const TEMPLATES: &[&str] =
    &[".template.yaml", ".template.yml", ".template.json", ".template", ".yaml", ".yml", ".json"];

/// A path that `written` means, seen from the folder of `file`; `None` when it leads out of the repository or is
/// no path in it (a URL, an absolute path).
pub(crate) fn resolve(file: &str, written: &str) -> Option<String> {
    let folder = folder_of(file);
    below(folder, written)
}

/// A path that `written` means, seen from a folder.
pub(crate) fn below(folder: &str, written: &str) -> Option<String> {
    let written = written.trim().replace('\\', "/");
    if written.contains("://") || written.starts_with('/') || written.contains('\0') {
        return None;
    }
    facts::joined(folder, &written)
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The file that a location means: a path beside the template, or an address or key in a bucket that ends in a path
/// of the scan. A path that is written with other capitals is found with a warning.
pub(crate) fn located(template: &Template<'_>, location: &Tree, out: &mut Declarations) -> Option<String> {
    let key = location.get("Key");
    let text = template.names.expr(key.unwrap_or(location)).to_string();
    if key.is_some() || text.contains("://") {
        return ending(template.sources, &text).map(|path| path.to_string());
    }
    let path = resolve(&template.file.path, &text)?;
    let Some(other) = in_other_case(template.sources, &path) else { return Some(path) };
    let message = format!("`{path}` is called `{other}`, which is another file where capitals count");
    out.diagnostics.push(Diagnostic::warning("path-case", location.place.clone(), message));
    Some(other.to_string())
}

/// The one file of the scan whose path differs from that of none in nothing but capitals.
fn in_other_case<'s>(sources: &'s dyn Sources, path: &str) -> Option<&'s Arc<str>> {
    if sources.is_file(path) {
        return None;
    }
    let mut same = sources.paths().iter().filter(|other| other.eq_ignore_ascii_case(path));
    same.next().filter(|_| same.next().is_none())
}

/// The one file of the scan that an address ends in: `https://…/templates/orders.yaml` is `templates/orders.yaml`
/// of the repository, or `orders.yaml` if only one file is called so.
pub(crate) fn ending(sources: &dyn Sources, address: &str) -> Option<Arc<str>> {
    match longest_tails(sources, plain(address)).as_slice() {
        [(_, only)] => Some(only.clone()),
        _ => None,
    }
}

/// The same; of several files it is the one in the folder of the file that says the address, for what is deployed together
/// is written together.
pub(crate) fn ending_beside(sources: &dyn Sources, address: &str, file: &str) -> Option<Arc<str>> {
    let found = longest_tails(sources, plain(address));
    let beside = |path: &Arc<str>| folder_of(path) == folder_of(file);
    let [(_, only)] = found.as_slice() else {
        return found.into_iter().map(|(_, path)| path).find(beside);
    };
    Some(only.clone())
}

/// An address without what is asked of it.
fn plain(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// The files of the address's own name that have most of its folders, with how many parts of the path are the same.
fn longest_tails(sources: &dyn Sources, address: &str) -> Vec<(usize, Arc<str>)> {
    let parts: Vec<&str> = address.split('/').filter(|p| !p.is_empty()).collect();
    let Some(name) = parts.last().filter(|name| name.contains('.') && !name.contains(['$', '{'])) else {
        return Vec::new();
    };
    let called = |path: &&Arc<str>| path.rsplit('/').next() == Some(name);
    let mut best: Vec<(usize, Arc<str>)> = Vec::new();
    for path in sources.paths().iter().filter(called) {
        let same = path.rsplit('/').zip(parts.iter().rev()).take_while(|(a, b)| a == *b).count();
        let most = best.first().map_or(0, |(most, _)| *most);
        if same > most {
            best.clear();
        }
        if same >= most {
            best.push((same, path.clone()));
        }
    }
    best
}

/// The one template of the scan that an address ends in but for the extension: build scripts copy `orders.yaml` to
/// `orders.template`.
pub(crate) fn ending_by_stem(sources: &dyn Sources, address: &str) -> Option<Arc<str>> {
    let address = plain(address);
    let stem = TEMPLATES.iter().find_map(|extension| address.strip_suffix(extension))?;
    let found = TEMPLATES.iter().flat_map(|extension| longest_tails(sources, &format!("{stem}{extension}")));
    let is_template = |path: &str| sources.read(path).is_ok_and(|file| file.text.contains("Resources"));
    let mut found: Vec<(usize, Arc<str>)> = found.filter(|(_, path)| is_template(path)).collect();
    found.sort();
    let (most, best) = found.pop()?;
    found.last().is_none_or(|(same, _)| *same < most).then_some(best)
}

/// The one file of the scan that a path leads to if not from the folder of the template: from where a build puts it.
/// What is left of the path without the steps up is the end of the file's path, and has a folder in it.
pub(crate) fn from_elsewhere(sources: &dyn Sources, written: &str) -> Option<Arc<str>> {
    let written = written.trim();
    let mut rest = written;
    while let Some(shorter) = rest.strip_prefix("../").or_else(|| rest.strip_prefix("./")) {
        rest = shorter;
    }
    let plain = written.starts_with("../")
        && rest.contains('/')
        && !rest.split('/').any(|part| matches!(part, "." | ".." | ""));
    let ends =
        |path: &&Arc<str>| path.strip_suffix(rest).is_some_and(|before| before.is_empty() || before.ends_with('/'));
    let mut found = sources.paths().iter().filter(ends);
    let first = found.next().filter(|_| plain)?;
    found.next().is_none().then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::{ending, ending_beside, ending_by_stem, from_elsewhere, resolve};
    use facts::MemorySources;

    #[test]
    fn addresses_end_in_paths() {
        let sources = MemorySources::new([("a/x.yaml", ""), ("b/x.yaml", ""), ("c/y.yaml", "")]);
        let check = |address: &str, expected: Option<&str>| assert_eq!(ending(&sources, address).as_deref(), expected);
        check("https://s3.amazonaws.com/bucket/b/x.yaml", Some("b/x.yaml"));
        check("https://bucket.s3.amazonaws.com/v1/y.yaml?x=1", Some("c/y.yaml"));
        check("https://bucket.s3.amazonaws.com/v1/x.yaml", None);
        check("https://bucket.s3.amazonaws.com/v1/${Name}.yaml", None);
        check("", None);
        let beside = |file: &str, expected: Option<&str>| {
            let found = ending_beside(&sources, "https://bucket.s3.amazonaws.com/v1/x.yaml", file);
            assert_eq!(found.as_deref(), expected);
        };
        beside("b/main.yaml", Some("b/x.yaml"));
        beside("c/main.yaml", None);
    }

    #[test]
    fn addresses_end_in_stems() {
        let template = "Resources: {}";
        let sources = MemorySources::new([
            ("a/x.yaml", template),
            ("b/x.yaml", template),
            ("c/y.yaml", template),
            ("c/z.yaml", "data: 1"),
            ("c/z.template.json", template),
        ]);
        let check =
            |address: &str, expected: Option<&str>| assert_eq!(ending_by_stem(&sources, address).as_deref(), expected);
        check("https://bucket.s3.amazonaws.com/v1/y.template", Some("c/y.yaml"));
        check("https://bucket.s3.amazonaws.com/v1/z.template", Some("c/z.template.json"));
        check("https://bucket.s3.amazonaws.com/b/x.template", Some("b/x.yaml"));
        check("https://bucket.s3.amazonaws.com/v1/x.template", None);
        check("https://bucket.s3.amazonaws.com/v1/${Name}.template", None);
        check("https://bucket.s3.amazonaws.com/v1/y.zip", None);
        check(".template", None);
    }

    #[test]
    fn paths_from_where_a_build_puts_the_template() {
        let sources = MemorySources::new([("shared/t/dlq.yaml", ""), ("a/t/x.yaml", ""), ("b/t/x.yaml", "")]);
        let check =
            |written: &str, expected: Option<&str>| assert_eq!(from_elsewhere(&sources, written).as_deref(), expected);
        check("../../shared/t/dlq.yaml", Some("shared/t/dlq.yaml"));
        check(".././../t/dlq.yaml", Some("shared/t/dlq.yaml"));
        check("../dlq.yaml", None);
        check("./t/dlq.yaml", None);
        check("../t/x.yaml", None);
        check("../", None);
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(resolve("a/t.yaml", "src/x"), Some("a/src/x".into()));
        assert_eq!(resolve("a/t.yaml", "../b/./c/"), Some("b/c".into()));
        assert_eq!(resolve("t.yaml", "."), Some(String::new()));
        assert_eq!(resolve("t.yaml", "../../etc"), None);
        assert_eq!(resolve("t.yaml", "s3://b/k"), None);
        assert_eq!(resolve("t.yaml", "/etc/passwd"), None);
    }
}
