//! Paths among the tokens of a macro, which need not be Rust.

use proc_macro2::{Span, TokenStream, TokenTree};

/// A path of two names or more, and where it begins.
pub(crate) struct Found {
    pub(crate) rooted: bool,
    pub(crate) segments: Vec<String>,
    pub(crate) span: Span,
}

/// Every path in the tokens, at any depth of brackets.
pub(crate) fn paths(tokens: TokenStream) -> Vec<Found> {
    let mut found = Vec::new();
    let mut streams = vec![tokens];
    while let Some(stream) = streams.pop() {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            if let TokenTree::Group(group) = &trees[at] {
                streams.push(group.stream());
            }
            at = path(&trees, at, &mut found);
        }
    }
    found
}

/// Reads the path that begins at a token, if one does, and says where to go on.
fn path(trees: &[TokenTree], start: usize, found: &mut Vec<Found>) -> usize {
    let rooted = is_separator(trees, start);
    let mut at = if rooted { start + 2 } else { start };
    let Some(TokenTree::Ident(first)) = trees.get(at) else { return if rooted { at } else { start + 1 } };
    let (span, mut segments) = (first.span(), vec![first.to_string()]);
    at += 1;
    while is_separator(trees, at) {
        let Some(TokenTree::Ident(next)) = trees.get(at + 2) else { break };
        segments.push(next.to_string());
        at += 3;
    }
    // What comes after `>::` belongs to a type.
    let before = start.checked_sub(1).and_then(|before| trees.get(before));
    let of_type = rooted && matches!(before, Some(TokenTree::Punct(p)) if p.as_char() == '>');
    if segments.len() > 1 && !of_type {
        found.push(Found { rooted, segments, span });
    }
    at
}

fn is_separator(trees: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| matches!(trees.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
    colon(at) && colon(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found = paths(text.parse().unwrap());
        let text: Vec<String> =
            found.iter().map(|f| format!("{}{}", if f.rooted { "::" } else { "" }, f.segments.join("::"))).collect();
        assert_eq!(text, expected);
    }

    #[test]
    fn paths_are_found_at_any_depth() {
        check("\"{}\", a::b(c), ::d::e", &["a::b", "::d::e"]);
        check("x, vec![$crate::a::B; 2]", &["crate::a::B"]);
        check("X => e::f, a > g::h", &["e::f", "g::h"]);
        check("a, b: c, d.e::<F>(), \"a::b\", Vec::<u8>::new::x()", &[]);
    }
}
