//! Python as a [`facts::Language`].

use crate::{locate, lower, nesting, recovery, search_path};
use facts::code::Unit;
use facts::{Entry, ImportRequest, Language, Place, SourceFile, Sources, Start};
use std::sync::Arc;

/// The Python front end.
#[derive(Debug)]
pub struct Python;

/// The Python front end, for the registry of languages.
pub static PYTHON: Python = Python;

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn locate(&self, entry: &Entry, sources: &dyn Sources) -> Option<Result<Start, String>> {
        let start = locate::start(entry, sources)?;
        Some(start.map(|start| search_path::with_own_folders(start, sources)))
    }

    fn summarise(&self, file: &SourceFile) -> Unit {
        let depth = nesting::depth(&file.text);
        nesting::with_room(depth, || lower::lower(file, &recovery::parse(&file.text, depth)))
    }

    fn import(&self, request: ImportRequest<'_>, sources: &dyn Sources) -> Option<Arc<str>> {
        locate::module(request, sources)
    }
}

/// The path under which code that stands inside another file is summarised.
pub(crate) fn inline_path(place: &Place) -> Arc<str> {
    format!("{}#{}", place.file, place.line).into()
}

/// Summarises code that stands inside another file, from `place` on. Lines are counted in that file.
pub fn summarise_inline(text: &str, place: &Place) -> Unit {
    let padding = "\n".repeat(place.line.saturating_sub(1) as usize);
    let mut unit = PYTHON.summarise(&SourceFile::new(place.file.clone(), padding + text));
    for diagnostic in &mut unit.diagnostics {
        diagnostic.message.insert_str(0, "inline code: ");
    }
    unit
}
