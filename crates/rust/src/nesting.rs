//! How deeply code is nested, told from its tokens before it is parsed: a parser that descends needs a stack as deep.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// Tokens inside one another, counted as [`too_deep`] does.
const MAX_DEPTH: usize = 4_000;

/// Where code is nested too deeply, if it is. Every token may nest what follows it (`&&&x`, `a = b = c`, `if … else if …`), up
/// to the end of the statement or the next argument; so that is what is counted, on top of what stands around it.
pub(crate) fn too_deep(tokens: &TokenStream) -> Option<Span> {
    let mut open = vec![(tokens.clone().into_iter().peekable(), 0, 0)];
    while let Some((tokens, around, run)) = open.last_mut() {
        let Some(token) = tokens.next() else {
            open.pop();
            continue;
        };
        *run += 1;
        let depth = *around + *run;
        if depth > MAX_DEPTH {
            return Some(token.span());
        }
        match token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => *run = 0,
            TokenTree::Group(group) => {
                let goes_on = matches!(tokens.peek(), Some(TokenTree::Ident(word)) if *word == "else")
                    || matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if !matches!(punct.as_char(), '#'));
                if group.delimiter() == Delimiter::Brace && !goes_on {
                    *run = 0;
                }
                open.push((group.stream().into_iter().peekable(), depth, 0));
            }
            _ => {}
        }
    }
    None
}
