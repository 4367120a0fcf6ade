//! Imports of deployed code that lead nowhere, though the scan has such a module elsewhere: what it does is not drawn, and
//! most often it is only that nothing says how it is deployed.

use crate::packed::Elsewhere;
use crate::registry::LANGUAGES;
use facts::{Diagnostic, ImportRequest, Place, Sources};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a file imports of one package that is not on any of its search paths.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lost {
    pub(crate) path: Arc<str>,
    /// The number of the file's language.
    pub(crate) language: usize,
    /// Names that begin with the same word.
    pub(crate) modules: BTreeSet<Arc<str>>,
}

impl Lost {
    fn name(&self) -> &str {
        self.modules.first().map_or("", |module| first_word(module))
    }
}

/// Files that list what is installed.
const LISTS: [&str; 4] = ["Pipfile", "pyproject.toml", "requirements.txt", "setup.py"];

/// A note for each module that can only be one of the scan.
pub(crate) fn notes(lost: &BTreeSet<Lost>, elsewhere: &Elsewhere<'_>, sources: &dyn Sources) -> Vec<Diagnostic> {
    let strange = |one: &&Lost| {
        catalog::is_of_others(LANGUAGES[one.language].name(), one.name()) == Some(false)
            && sources.is_file(&one.path)
            && !is_installed(&one.path, one.name(), sources)
    };
    lost.iter().filter(strange).filter_map(|one| note(one, elsewhere, sources)).collect()
}

/// The name of a module without those of what is in it.
pub(crate) fn first_word(module: &str) -> &str {
    module.split('.').next().unwrap_or(module)
}

fn note(lost: &Lost, elsewhere: &Elsewhere<'_>, sources: &dyn Sources) -> Option<Diagnostic> {
    let (language, name) = (LANGUAGES[lost.language], lost.name());
    let in_place = |place: &str| {
        let roots = [Arc::from(place)];
        lost.modules
            .iter()
            .find_map(|module| language.import(ImportRequest { from: &lost.path, module, roots: &roots }, sources))
    };
    let found: BTreeSet<Arc<str>> = elsewhere.places(name)?.iter().filter_map(|place| in_place(place)).collect();
    let more = match found.len() {
        0 => return None,
        1 => String::new(),
        several => format!(" and in {} more", several - 1),
    };
    let message = format!(
        "nothing tells which `{name}` this imports; there is one in `{}`{more}, and what it does is left out",
        found.first()?
    );
    let note = Diagnostic::note("import-not-found", line_of(&lost.path, name, sources), message);
    Some(note.with_hint("name its folder in the layer, image or requirements of what is deployed"))
}

/// Whether a list in a folder above a file names a package like the module.
fn is_installed(path: &str, name: &str, sources: &dyn Sources) -> bool {
    let words = |text: &str| text.to_ascii_lowercase().replace('-', "_");
    let name = words(name);
    let above = path.match_indices('/').map(|(at, _)| &path[..=at]).chain([""]);
    above.flat_map(|folder| LISTS.map(|list| format!("{folder}{list}"))).any(|list| {
        let named =
            |line: &str| words(line).split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
        sources.is_file(&list) && sources.read(&list).is_ok_and(|file| file.text.lines().any(named))
    })
}

fn line_of(path: &Arc<str>, name: &str, sources: &dyn Sources) -> Place {
    let imports = |line: &str| {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        line.contains("import") && words.any(|word| word == name)
    };
    let file = sources.read(path).ok();
    let at = file.and_then(|file| file.text.lines().position(imports));
    Place::new(path.clone(), at.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(1), 1)
}
