//! Parsing, and what is fine in a file with a mistake in it.
//!
//! The parser recovers from most mistakes within a statement. From some it cannot: a text that is never closed takes
//! all that follows into it. There the statements of the module are told apart by their first lines, which stand
//! at the margin, and parsed one by one. Whichever way leaves more of them whole counts.

use crate::nesting;
use ruff_python_ast::{ModModule, Stmt};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_cells_unchecked, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::ops::Range;

/// Statements of a module that are parsed one by one; a longer file is taken as it is.
const MAX_STATEMENTS: usize = 20_000;

/// Words at the margin that go on with the statement before.
const CONTINUATIONS: &[&str] = &["else", "elif", "except", "finally"];

/// A file as far as it can be read.
pub(crate) struct Source {
    pub(crate) body: Vec<Stmt>,
    /// What is wrong with it and where, in order.
    pub(crate) mistakes: Vec<(TextSize, String)>,
    /// Statements of the module that are left out because they are nested too deeply.
    pub(crate) too_deep: Vec<TextSize>,
}

/// Parses a text of some [depth](nesting::depth).
pub(crate) fn parse(text: &str, depth: usize) -> Source {
    if depth <= nesting::MAX {
        let whole = module(text);
        let best = if whole.errors().is_empty() { whole } else { better(text, whole) };
        return source(best, Vec::new());
    }
    let (mut shallow, mut too_deep) = (text.to_owned(), Vec::new());
    for piece in statements(text) {
        if nesting::depth(&text[piece.clone()]) > nesting::MAX {
            too_deep.push(size(piece.start));
            // Blanks in its place leave all others where they are.
            let blanks = text[piece.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
            shallow.replace_range(piece, &blanks.collect::<String>());
        }
    }
    // What is open in one statement and closed in another is only deep as a whole.
    let shallow_enough = nesting::depth(&shallow) <= nesting::MAX;
    let best = if shallow_enough { better(&shallow, module(&shallow)) } else { one_by_one(&shallow) };
    source(best, too_deep)
}

fn source(parsed: Parsed<ModModule>, too_deep: Vec<TextSize>) -> Source {
    let mistakes = parsed.errors().iter().map(|error| (error.location.start(), error.error.to_string())).collect();
    Source { body: parsed.into_syntax().body.into_iter().collect(), mistakes, too_deep }
}

fn options() -> ParseOptions {
    ParseOptions::from(Mode::Module)
}

fn module(text: &str) -> Parsed<ModModule> {
    parse_unchecked(text, options()).try_into_module().expect("a module is asked for")
}

/// Of a text with mistakes: the whole, or its statements one by one if more of them are fine then.
fn better(text: &str, whole: Parsed<ModModule>) -> Parsed<ModModule> {
    let pieces = one_by_one(text);
    if fine_bytes(&pieces) > fine_bytes(&whole) { pieces } else { whole }
}

fn one_by_one(text: &str) -> Parsed<ModModule> {
    // The end of a line belongs to no statement.
    let range = |piece: Range<usize>| {
        let end = if piece.end < text.len() { piece.end - 1 } else { piece.end };
        TextRange::new(size(piece.start), size(end))
    };
    parse_cells_unchecked(text, statements(text).into_iter().map(range), &options())
}

/// Where the statements of a module stand, by the lines that begin at the margin with a word or a decorator; all of it
/// is one if there are too many.
fn statements(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let (mut byte, mut decorated) = (0, false);
    for line in text.split_inclusive('\n') {
        let word: &str = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let begins = line.starts_with('@') || !(word.is_empty() || CONTINUATIONS.contains(&word));
        if begins && !decorated && byte > 0 {
            starts.push(byte);
        }
        // What a decorator stands above belongs to it.
        decorated = if begins { line.starts_with('@') } else { decorated };
        byte += line.len();
    }
    starts.truncate(if starts.len() > MAX_STATEMENTS { 1 } else { starts.len() });
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// How much of the text is in statements without a mistake.
fn fine_bytes(parsed: &Parsed<ModModule>) -> usize {
    let mut mistakes: Vec<TextSize> = parsed.errors().iter().map(|error| error.location.start()).collect();
    mistakes.sort_unstable();
    let is_fine = |range: TextRange| {
        let next = mistakes.partition_point(|at| *at < range.start());
        mistakes.get(next).is_none_or(|at| *at > range.end())
    };
    parsed.syntax().body.iter().map(Ranged::range).filter(|r| is_fine(*r)).map(|r| r.len().to_usize()).sum()
}

/// A place in a text. Files are far smaller than 4 GB.
fn size(byte: usize) -> TextSize {
    TextSize::try_from(byte).unwrap_or_default()
}
