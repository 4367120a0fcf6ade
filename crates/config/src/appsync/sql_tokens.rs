//! The tokens of SQL with placeholders of mapping templates, of code and of the database in it.

/// A token of SQL.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword or a name without quotes.
    Word(String),
    /// A name in quotes.
    Quoted(String),
    /// A placeholder, or a name with one in it.
    Hole,
    /// A text, a number, an operator.
    Value,
    Mark(u8),
}

/// Cuts statements into tokens, in time linear in their length.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&c) = bytes.get(at) {
        let start = at;
        let rest = &bytes[at..];
        at = match c {
            b'-' if rest.starts_with(b"--") => past(bytes, at, b"\n"),
            b'/' if rest.starts_with(b"/*") => past(bytes, at + 2, b"*/"),
            b'\'' => quoted(bytes, at),
            b'"' | b'`' => {
                let end = quoted(bytes, at);
                let inner = text.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                let hole = inner.contains(['$', '{']);
                out.push(if hole { Token::Hole } else { Token::Quoted(inner.to_owned()) });
                end
            }
            b'$' => placeholder(bytes, at),
            b':' if rest.get(1).is_some_and(|b| is_name(*b)) && !(at > 0 && bytes[at - 1] == b':') => {
                name_end(bytes, at + 1)
            }
            c if c.is_ascii_whitespace() => at + 1,
            c if is_name(c) => {
                let mut end = name_end(bytes, at);
                // `orders_$stage` is one name, which is computed.
                let mut hole = false;
                while bytes.get(end) == Some(&b'$') {
                    hole = true;
                    end = name_end(bytes, placeholder(bytes, end));
                }
                let word = &text[at..end];
                out.push(match hole {
                    true => Token::Hole,
                    false if c.is_ascii_digit() => Token::Value,
                    false => Token::Word(word.to_owned()),
                });
                end
            }
            b'(' | b')' | b',' | b';' | b'.' => {
                out.push(Token::Mark(c));
                at + 1
            }
            _ => at + 1,
        };
        match c {
            b'$' | b':' => {
                // `$stage_orders` too.
                if c == b'$' {
                    at = name_end(bytes, at);
                }
                if at > start + 1 {
                    out.push(Token::Hole);
                }
            }
            b'\'' | b'?' | b'*' | b'=' | b'<' | b'>' | b'+' => out.push(Token::Value),
            _ => {}
        }
    }
    out
}

fn is_name(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c == b'@' || c >= 0x80
}

fn name_end(bytes: &[u8], from: usize) -> usize {
    bytes[from.min(bytes.len())..].iter().position(|c| !is_name(*c)).map_or(bytes.len(), |i| from + i)
}

fn past(bytes: &[u8], from: usize, end: &[u8]) -> usize {
    let rest = &bytes[from.min(bytes.len())..];
    rest.windows(end.len()).position(|w| w == end).map_or(bytes.len(), |i| from + i + end.len())
}

/// The byte after the quote that closes the one at `at`; a doubled one does not, and an escaped one does not.
fn quoted(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let mut i = at + 1;
    while let Some(&c) = bytes.get(i) {
        match c {
            b'\\' => i += 2,
            c if c == quote && bytes.get(i + 1) == Some(&quote) => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

/// The end of `$ctx.args.id`, `${name}`, `$util.toJson($x)`, `$1`.
fn placeholder(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at + 1) == Some(&b'{') {
        return past(bytes, at, b"}");
    }
    let end = super::tokens::reference_name(bytes, at);
    if bytes.get(end) != Some(&b'(') {
        return end;
    }
    let mut depth = 0_u32;
    for (i, c) in bytes.iter().enumerate().skip(end).take(256) {
        match c {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            _ => {}
        }
    }
    end
}
