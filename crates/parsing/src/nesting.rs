//! How deep a file is nested, found out before it is parsed: the parser and whoever walks what it makes go as deep.

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::iter::Peekable;

/// Brackets within brackets. Code that people write stays far below it.
const BRACKETS: usize = 200;

/// Tokens of a statement, with those of the statements around it, that could each begin a level of their own (`!!!!x`,
/// `a + b + c`, `f().g().h()`).
const CHAIN: usize = 8_000;

/// One open bracket.
struct Level {
    tokens: Peekable<IntoIter>,
    /// Tokens since the last thing that ends a statement or an element.
    chain: usize,
    /// That of all brackets around.
    around: usize,
}

/// Where code is nested too deeply to be parsed without harm, if it is. A parser needs less than 256 MB of stack for what is not.
pub fn too_deep(tokens: &TokenStream) -> Option<Span> {
    let mut levels = vec![Level { tokens: tokens.clone().into_iter().peekable(), chain: 0, around: 0 }];
    while let Some(level) = levels.last_mut() {
        let Some(token) = level.tokens.next() else {
            levels.pop();
            continue;
        };
        level.chain += 1;
        let at = token.span();
        match token {
            TokenTree::Group(group) => {
                let around = level.around + level.chain;
                // What follows a block begins anew, unless it goes on with it.
                if group.delimiter() == Delimiter::Brace && !goes_on(level.tokens.peek()) {
                    level.chain = 0;
                }
                levels.push(Level { tokens: group.stream().into_iter().peekable(), chain: 0, around });
            }
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => level.chain = 0,
            _ => {}
        }
        if levels.len() > BRACKETS || levels.last().is_some_and(|level| level.around + level.chain > CHAIN) {
            return Some(at);
        }
    }
    None
}

/// Whether a token after a block can belong to the same expression.
fn goes_on(next: Option<&TokenTree>) -> bool {
    match next {
        Some(TokenTree::Ident(word)) => *word == "else" || *word == "as",
        Some(TokenTree::Punct(punct)) => punct.as_char() != '#',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        assert_eq!(too_deep(&text.parse().unwrap()).is_none(), expected, "{}", &text[..text.len().min(60)]);
    }

    #[test]
    fn depth_counts_and_length_does_not() {
        check(&"fn f() { a(b, [c]); } ".repeat(10_000), true);
        check(&format!("const A: [u8; 9] = [{}];", "1, ".repeat(100_000)), true);
        check(&format!("fn f() {{ {}1{} }}", "(".repeat(300), ")".repeat(300)), false);
        check(&format!("fn f() {{ {}x }}", "!".repeat(10_000)), false);
        check(&format!("fn f() {{ x{} }}", " + 1".repeat(5_000)), false);
        check(&format!("fn f() {{ if a {{ }} {} }}", "else if b { } ".repeat(5_000)), false);
    }
}
