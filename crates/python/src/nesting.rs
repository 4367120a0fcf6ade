//! How deep a file is nested, found out before it is parsed: whoever walks or drops a syntax tree goes as deep as it is.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// The depth up to which a text is parsed. Code that people write stays far below it; generated sums of many texts do too.
pub(crate) const MAX: usize = 100_000;

/// The depth up to which any thread has stack enough.
const PLAIN: usize = 2_000;

/// The stack for what is deeper, in bytes: 1.3 KB for each level of [`MAX`], of which only what is used costs memory.
const STACK: usize = 128 << 20;

/// What an open bracket or an operator before its operand counts: the parser itself goes deeper there. What is only
/// long, `a + b + c`, is deep for whoever walks or drops it.
const NESTED: usize = 20;

/// What an indented block counts. Python itself allows 100.
const BLOCK: usize = 200;

/// Does something with the syntax tree of a text of some depth, with stack enough for it.
pub(crate) fn with_room<T>(depth: usize, f: impl FnOnce() -> T) -> T {
    if depth > PLAIN { stacker::grow(STACK, f) } else { f() }
}

/// How many syntax nodes of a text are inside one another, at most: brackets and indented blocks, and the tokens of a
/// statement or element that could each begin a level of their own (`not not x`, `a + b + c`, `f().g().h()`).
pub(crate) fn depth(text: &str) -> usize {
    let mut lexer = lexer::lex(text, Mode::Module);
    // For each open bracket the levels since the last thing that ends an element, and those of all around it.
    let (mut open, mut around) = (vec![0], 0);
    let (mut indents, mut deepest) = (0_usize, 0);
    let mut after_operand = false;
    loop {
        let level = open.last_mut().expect("the outermost level is never closed");
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return deepest,
            TokenKind::Comment | TokenKind::NonLogicalNewline => continue,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline => {
                open.truncate(1);
                (open[0], around) = (0, 0);
            }
            TokenKind::Comma | TokenKind::Semi => *level = 0,
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                *level += usize::from(after_operand);
                around += *level + NESTED;
                open.push(0);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if open.len() > 1 {
                    open.pop();
                    around -= open.last().copied().unwrap_or(0) + NESTED;
                }
            }
            TokenKind::Colon | TokenKind::Equal => {}
            _ if is_operand(kind) => {}
            TokenKind::DoubleStar | TokenKind::If | TokenKind::Else => *level += NESTED,
            _ => *level += if after_operand { 1 } else { NESTED },
        }
        after_operand = is_operand(kind);
        deepest = deepest.max(BLOCK * indents + around + open.last().copied().unwrap_or(0));
    }
}

/// Whether an operand ends with a token.
fn is_operand(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd
            | TokenKind::True
            | TokenKind::False
            | TokenKind::None
            | TokenKind::Ellipsis
            | TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let depth = depth(text);
        assert_eq!(depth <= MAX, expected, "{depth}: {}", &text[..text.len().min(60)]);
    }

    #[test]
    fn depth_counts_and_length_does_not() {
        check(&"def f(a, b):\n    return a.b(c)[d] + [e, f]\n".repeat(10_000), true);
        check(&format!("X = [{}]", "{'a': -1, 'b': f'{c}'},\n".repeat(20_000)), true);
        check(&format!("X = ({})", "'a'\n".repeat(20_000)), true);
        check(&format!("X = {}1{}", "(".repeat(20_000), ")".repeat(20_000)), false);
        check(&format!("X = {}", "(\"\", ".repeat(20_000)), false);
        check(&format!("X = {}x", "not ".repeat(20_000)), false);
        check(&format!("X = 1{}", " + 1".repeat(50_000)), true);
        check(&format!("X = 1{}", " + 1".repeat(200_000)), false);
        check(&format!("X = a{}", ".b()".repeat(60_000)), false);
        check(&format!("X = {}1", "-".repeat(20_000)), false);
        check(&format!("X = {}1", "lambda: ".repeat(20_000)), false);
        check(&format!("X = {}", "f'{".repeat(20_000)), false);
    }
}
