//! Rust as a [`facts::Language`].

use crate::{items, locate};
use facts::code::Unit;
use facts::{Diagnostic, Entry, ImportRequest, Language, Place, SourceFile, Sources, Start};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::sync::Arc;

/// The Rust front end.
#[derive(Debug)]
pub struct Rust;

/// The Rust front end, for the registry of languages.
pub static RUST: Rust = Rust;

/// The stack that a file is parsed on: what `parsing` lets through fits many times.
const STACK: usize = 256 << 20;

/// Items of a file that cannot be read and are each said so.
const MAX_LOST: usize = 20;

/// Blanks that are written in order to read a file in pieces, at most.
const MAX_BLANKS: usize = 16 << 20;

/// What lines begin with where items begin.
const BEGINNINGS: [&str; 16] = [
    "fn ", "pub", "async ", "use ", "mod ", "struct ", "enum ", "impl ", "impl<", "trait ", "const ", "static ",
    "type ", "unsafe ", "extern ", "#[",
];

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
    let text = parsing::without_first_line(&file.text);
    let Ok(tokens) = text.parse::<TokenStream>() else { return salvaged(file, text, in_chunks(text)) };
    if parsing::too_deep(&tokens).is_some() {
        return salvaged(file, text, in_items(tokens));
    }
    match syn::parse2::<syn::File>(tokens) {
        Ok(parsed) => items::lower(file, text, &parsed.items),
        // Rare enough to make the tokens again instead of keeping them for it.
        Err(_) => salvaged(file, text, text.parse().map_or_else(|_| Vec::new(), in_items)),
    }
}

/// What is left of a file without the items that cannot be read, each of which is named.
fn salvaged(file: &SourceFile, text: &str, pieces: Vec<Result<TokenStream, Span>>) -> Unit {
    let mut whole = Vec::new();
    let mut diagnostics = Vec::new();
    for piece in pieces {
        match piece.map_err(|at| lost(file, at, "rust-syntax", "this is not Rust", "")).and_then(|p| parsed(file, p)) {
            Ok(parsed) => whole.extend(parsed.items),
            Err(diagnostic) if diagnostics.len() < MAX_LOST => diagnostics.push(diagnostic),
            Err(_) => {}
        }
    }
    let mut unit = items::lower(file, text, &whole);
    unit.diagnostics.extend(diagnostics);
    unit
}

fn parsed(file: &SourceFile, tokens: TokenStream) -> Result<syn::File, Diagnostic> {
    if let Some(at) = parsing::too_deep(&tokens) {
        return Err(lost(file, at, "too-deep", "code is nested too deeply", &named(tokens)));
    }
    syn::parse2(tokens.clone()).map_err(|error| {
        lost(file, error.span(), "rust-syntax", &format!("this is not Rust ({error})"), &named(tokens))
    })
}

/// The tokens of a file, an item at a time: one ends with a block or a semicolon.
fn in_items(tokens: TokenStream) -> Vec<Result<TokenStream, Span>> {
    let (mut out, mut item) = (Vec::new(), Vec::new());
    // `const X: Y = Y {};` and `use a::{b, c};` have brackets before their end.
    let (mut to_semicolon, mut calls) = (false, false);
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends = match &token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                calls |= matches!(word.as_str(), "fn" | "impl" | "struct" | "enum" | "trait" | "mod");
                to_semicolon = !calls && (to_semicolon || matches!(word.as_str(), "const" | "static" | "type" | "use"));
                false
            }
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !to_semicolon,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Literal(_) => false,
        };
        item.push(token);
        if ends && !matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ';') {
            out.push(Ok(std::mem::take(&mut item).into_iter().collect()));
            (to_semicolon, calls) = (false, false);
        }
    }
    if !item.is_empty() {
        out.push(Ok(item.into_iter().collect()));
    }
    out
}

/// The same of a file whose brackets do not match: an item begins where a line begins with a word that items begin with.
/// What stands before it becomes blanks, so that places stay what they are.
fn in_chunks(text: &str) -> Vec<Result<TokenStream, Span>> {
    let begins = |line: &str| BEGINNINGS.iter().any(|word| line.starts_with(word));
    let mut cuts = vec![0];
    let mut at = 0;
    let mut attributed = false;
    for line in text.split_inclusive('\n') {
        if begins(line) && !attributed {
            cuts.push(at);
        }
        // An attribute is the beginning of what it is of.
        attributed = line.starts_with("#[");
        at += line.len();
    }
    cuts.push(text.len());
    if cuts.len().saturating_mul(text.len()) > MAX_BLANKS {
        cuts = vec![0, text.len()];
    }
    let mut out = Vec::new();
    let mut blanks = String::new();
    for pair in cuts.windows(2) {
        let chunk = &text[pair[0]..pair[1]];
        match format!("{blanks}{chunk}").parse::<TokenStream>() {
            Ok(tokens) => out.extend(in_items(tokens)),
            Err(error) => out.push(Err(error.span())),
        }
        blanks.extend(chunk.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    out
}

/// What an item is called, as far as that is told by its tokens: `fn handler`.
fn named(tokens: TokenStream) -> String {
    let mut words = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let kinds = ["fn", "impl", "struct", "enum", "trait", "mod", "const", "static", "type", "use"];
    let kind = words.find(|word| kinds.contains(&word.as_str()));
    kind.and_then(|kind| Some(format!("{kind} {}", words.next()?))).unwrap_or_default()
}

fn lost(file: &SourceFile, at: Span, code: &'static str, what: &str, item: &str) -> Diagnostic {
    let start = at.start();
    let place = Place::new(file.path.clone(), start.line as u32, start.column as u32 + 1);
    let item = if item.is_empty() { "what stands here".to_owned() } else { format!("`{item}`") };
    Diagnostic::warning(code, place, format!("{what}; {item} is left out"))
}
