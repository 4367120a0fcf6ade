//! Paths in the repository, as configuration writes them.

use crate::template::Template;
use crate::tree::Tree;
use facts::{Declarations, Diagnostic, Sources};
use std::sync::Arc;

/// A path that `written` means, seen from the folder of `file`; `None` when it leads out of the repository or is
/// no path in it (a URL, an absolute path).
pub(crate) fn resolve(file: &str, written: &str) -> Option<String> {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
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
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let parts: Vec<&str> = address.split('/').filter(|p| !p.is_empty()).collect();
    let name = parts.last().filter(|name| name.contains('.') && !name.contains(['$', '{']))?;
    let called = |path: &&Arc<str>| path.rsplit('/').next() == Some(name);
    let mut best: Option<(usize, &Arc<str>)> = None;
    let mut twice = false;
    for path in sources.paths().iter().filter(called) {
        let same = path.rsplit('/').zip(parts.iter().rev()).take_while(|(a, b)| a == *b).count();
        match best {
            Some((most, _)) if same < most => {}
            Some((most, _)) if same == most => twice = true,
            _ => (best, twice) = (Some((same, path)), false),
        }
    }
    best.filter(|_| !twice).map(|(_, path)| path.clone())
}

#[cfg(test)]
mod tests {
    use super::{ending, resolve};
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
