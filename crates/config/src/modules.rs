//! Modules of one's own: a resource that only the platform expands, to what a template of the repository has.
//!
//! A private module is registered from a template by a build, under a name that no file of the repository need say. The
//! template is told by its path, which has the module's name in it, and by its parameters.

use crate::template::{Declared, Template};
use crate::tree::{self, Tree};
use std::collections::BTreeSet;

/// What files of templates end in.
const EXTENSIONS: &[&str] = &["yaml", "yml", "json", "template"];

/// The path of the one template that the module can be registered from.
pub(crate) fn fragment(template: &Template<'_>, declared: &Declared<'_>) -> Option<String> {
    let name = declared.type_name.strip_suffix("::MODULE")?.rsplit("::").next()?.to_ascii_lowercase();
    let given: BTreeSet<&str> = declared.properties()?.entries().iter().map(|(key, _)| &*key.text).collect();
    let may_be = |path: &str| {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
        *path != *template.file.path
            && EXTENSIONS.contains(&extension)
            && words.any(|word| word.eq_ignore_ascii_case(&name))
    };
    let takes_all = |path: &str| {
        let Ok(file) = template.sources.read(path) else { return false };
        // A look at the text saves reading most of the files.
        file.text.contains("Resources")
            && given.iter().all(|key| file.text.contains(key))
            && tree::read(&file, &mut Vec::new()).is_some_and(|root| takes(&root, &given))
    };
    let mut found = template.sources.paths().iter().filter(|path| !given.is_empty() && may_be(path) && takes_all(path));
    let first = found.next()?;
    found.next().is_none().then(|| first.to_string())
}

/// Whether a template has all the parameters that are given, and needs no other.
fn takes(root: &Tree, given: &BTreeSet<&str>) -> bool {
    let own = root.get("Parameters").map(Tree::entries).unwrap_or_default();
    let has = |key: &&str| own.iter().any(|(own, _)| *own.text == **key);
    let needed = own.iter().filter(|(_, parameter)| parameter.get("Default").is_none());
    root.get("Resources").is_some()
        && given.iter().all(has)
        && needed.into_iter().all(|(key, _)| given.contains(&*key.text))
}
