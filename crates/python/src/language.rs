//! Python as a [`facts::Language`].

use crate::{locate, lower, recovery};
use facts::code::{Function, Unit};
use facts::{Diagnostic, Entry, ImportRequest, Language, Place, SourceFile, Sources, Start};
use std::cell::RefCell;
use std::sync::Arc;
use tree_sitter::{Node, Parser, Tree};

/// The Python front end.
#[derive(Debug)]
pub struct Python;

/// The Python front end, for the registry of languages.
pub static PYTHON: Python = Python;

thread_local! {
    static PARSER: RefCell<Option<Parser>> = RefCell::new(parser());
}

fn parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    Some(parser)
}

impl Language for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn locate(&self, entry: &Entry, sources: &dyn Sources) -> Option<Result<Start, String>> {
        locate::start(entry, sources)
    }

    fn summarise(&self, file: &SourceFile) -> Unit {
        let trees = PARSER.with_borrow_mut(|parser| recovery::trees(parser.as_mut()?, &file.text));
        if let Some(trees) = trees {
            let roots: Vec<Node<'_>> = trees.iter().map(Tree::root_node).collect();
            return lower::lower(file, &roots);
        }
        let place = Place::new(file.path.clone(), 1, 1);
        let message = "the file cannot be parsed; what it does is left out";
        Unit {
            path: file.path.clone(),
            language: "python",
            functions: vec![Function::default()],
            diagnostics: vec![Diagnostic::error("python-syntax", place, message)],
            ..Unit::default()
        }
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
