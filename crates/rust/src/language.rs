//! Rust as a [`facts::Language`].

use crate::{items, locate, nesting};
use facts::code::{Function, Unit};
use facts::{Diagnostic, Entry, ImportRequest, Language, Place, SourceFile, Sources, Start};
use proc_macro2::{Span, TokenStream};
use std::sync::Arc;

/// The Rust front end.
#[derive(Debug)]
pub struct Rust;

/// The Rust front end, for the registry of languages.
pub static RUST: Rust = Rust;

/// The stack that a file is parsed on: what `nesting` lets through fits many times.
const STACK: usize = 64 << 20;

impl Language for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn locate(&self, entry: &Entry, sources: &dyn Sources) -> Option<Result<Start, String>> {
        locate::start(entry, sources)
    }

    fn summarise(&self, file: &SourceFile) -> Unit {
        let unit = stacker::maybe_grow(STACK, STACK, || read(file));
        // The places of all files of a thread are kept until they are given up.
        proc_macro2::extra::invalidate_current_thread_spans();
        unit
    }

    fn import(&self, request: ImportRequest<'_>, sources: &dyn Sources) -> Option<Arc<str>> {
        locate::module(request, sources)
    }
}

fn read(file: &SourceFile) -> Unit {
    let text = without_first_line(&file.text);
    let tokens: TokenStream = match text.parse() {
        Ok(tokens) => tokens,
        Err(error) => return broken(file, error.span(), "rust-syntax", "this is not Rust"),
    };
    if let Some(at) = nesting::too_deep(&tokens) {
        return broken(file, at, "too-deep", "code is nested too deeply");
    }
    match syn::parse2::<syn::File>(tokens) {
        Ok(parsed) => items::lower(file, text, &parsed),
        Err(error) => broken(file, error.span(), "rust-syntax", &format!("this is not Rust ({error})")),
    }
}

/// The text without what runs a script, `#!/usr/bin/env …`; lines stay where they are.
fn without_first_line(text: &str) -> &str {
    let runs = text.starts_with("#!") && !text[2..].trim_start().starts_with('[');
    if runs { text.find('\n').map_or("", |end| &text[end..]) } else { text }
}

fn broken(file: &SourceFile, at: Span, code: &'static str, what: &str) -> Unit {
    let start = at.start();
    let place = Place::new(file.path.clone(), start.line as u32, start.column as u32 + 1);
    Unit {
        path: file.path.clone(),
        language: "rust",
        functions: vec![Function::default()],
        diagnostics: vec![Diagnostic::warning(code, place, format!("{what}; what the file does is left out"))],
        ..Unit::default()
    }
}
