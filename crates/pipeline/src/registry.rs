//! The front ends there are. A new language is a crate that implements [`facts::Language`] and a line here; a new
//! configuration format is a line in the registry of `config`.

use facts::code::Unit;
use facts::{ConfigFrontend, Entry, Language, Place, Sources, Start};
use std::sync::Arc;

/// Programming languages, by name.
pub const LANGUAGES: &[&dyn Language] = &[&python::PYTHON, &rust::RUST];

/// Configuration formats, by name.
pub use config::FRONTENDS as CONFIGS;

/// Formats half of which are code: what is deployed is said by decorators.
pub(crate) static CONFIGS_OF_CODE: &[&dyn ConfigFrontend] = &[&config::Chalice { code: &python::PYTHON }];

/// Where an entry starts, and in which language; `None` where its code is not in the scan.
pub(crate) fn start(entry: &Entry, sources: &dyn Sources) -> Option<(&'static dyn Language, Start)> {
    LANGUAGES.iter().find_map(|language| Some((*language, language.locate(entry, sources)?.ok()?)))
}

/// The summary of code of a language that stands inside of another file from `place` on; `None` for a language in
/// which nobody writes such code.
pub(crate) fn inline(language: &str, text: &Arc<str>, place: &Place) -> Option<Unit> {
    (language == "python").then(|| python::summarise_inline(text, place))
}
