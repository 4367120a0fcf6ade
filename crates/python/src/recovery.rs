//! What is fine in a file with a mistake in it: each statement of the module parsed by itself.
//!
//! The parser recovers from most mistakes within a statement. From some it cannot: a bracket that is never closed takes
//! all that follows into it. There the statements of the module are told apart by their first lines, which stand
//! at the margin, and parsed one by one. Whichever way leaves less text broken counts.

use crate::grammar::Grammar as _;
use tree_sitter::{Node, Parser, Point, Range, Tree};

/// Statements of a module that are parsed one by one; a longer file is taken as it is.
const MAX_STATEMENTS: usize = 20_000;

/// Words at the margin that go on with the statement before.
const CONTINUATIONS: &[&str] = &["else", "elif", "except", "finally"];

/// Parses a text: as one tree, or, where that is better, as one for each of the module's statements. Nothing if the
/// parser gives up.
pub(crate) fn trees(parser: &mut Parser, text: &str) -> Option<Vec<Tree>> {
    let whole = parser.parse(text, None)?;
    if !whole.root_node().has_error() {
        return Some(vec![whole]);
    }
    let pieces = one_by_one(parser, text);
    let broken: usize = pieces.iter().flatten().map(|tree| broken_bytes(tree.root_node())).sum();
    Some(match pieces {
        Some(pieces) if broken < broken_bytes(whole.root_node()) => pieces,
        _ => vec![whole],
    })
}

fn one_by_one(parser: &mut Parser, text: &str) -> Option<Vec<Tree>> {
    let ranges = statements(text)?;
    let parse = |range: &Range| {
        parser.set_included_ranges(std::slice::from_ref(range)).ok()?;
        parser.parse(text, None)
    };
    let trees = ranges.iter().map(parse).collect();
    // No ranges are all of the text, which is what the next file needs.
    parser.set_included_ranges(&[]).ok()?;
    trees
}

/// Where the statements of a module stand, by the lines that begin at the margin with a word or a decorator.
fn statements(text: &str) -> Option<Vec<Range>> {
    let mut starts: Vec<(usize, usize)> = vec![(0, 0)];
    let (mut byte, mut decorated) = (0, false);
    for (row, line) in text.split_inclusive('\n').enumerate() {
        let word: &str = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let begins = line.starts_with('@') || !(word.is_empty() || CONTINUATIONS.contains(&word));
        if begins && !decorated && byte > 0 {
            starts.push((byte, row));
        }
        // What a decorator stands above belongs to it.
        decorated = if begins { line.starts_with('@') } else { decorated };
        byte += line.len();
    }
    if starts.len() > MAX_STATEMENTS {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([(text.len(), text.matches('\n').count())]);
    let range = |((start_byte, row), (end_byte, end_row)): ((usize, usize), (usize, usize))| Range {
        start_byte,
        end_byte,
        start_point: Point { row, column: 0 },
        end_point: Point { row: end_row, column: 0 },
    };
    Some(starts.iter().copied().zip(ends).map(range).collect())
}

/// How much of the text is in no statement.
fn broken_bytes(root: Node<'_>) -> usize {
    let (mut bytes, mut stack) = (0, vec![root]);
    while let Some(node) = stack.pop() {
        if node.is_error() || node.is_missing() {
            bytes += node.byte_range().len().max(1);
            continue;
        }
        let mut cursor = node.walk();
        stack.extend(node.children(&mut cursor).filter(Node::has_error));
    }
    bytes
}

/// The name of a definition of which only pieces are left, from an error node that begins with one.
pub(crate) fn broken_definition<'s>(text: &'s str, error: Node<'_>) -> Option<&'s str> {
    let mut cursor = error.walk();
    let mut children = error.children(&mut cursor).skip_while(|n| !matches!(n.kind_name(), "def" | "class"));
    children.next()?;
    let name = children.next().filter(|n| n.kind_name() == "identifier")?;
    text.get(name.byte_range())
}
