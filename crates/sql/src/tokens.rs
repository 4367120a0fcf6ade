//! The tokens of SQL with placeholders of mapping templates, of code and of the database in it.

/// A token of SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
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

/// Bytes of a name in brackets.
const MAX_BRACKETED: usize = 128;

/// The line of a byte, counted from 1.
pub(crate) fn lines(text: &str) -> impl Fn(usize) -> u32 {
    let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    move |byte| u32::try_from(starts.partition_point(|start| *start < byte) + 1).unwrap_or(u32::MAX)
}

/// Cuts statements into tokens with the byte at which each begins, in time linear in their length.
pub(crate) fn tokens(text: &str) -> Vec<(Token, usize)> {
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
                out.push((if hole { Token::Hole } else { Token::Quoted(inner.to_owned()) }, start));
                end
            }
            b'[' => match bracketed(text, at) {
                Some(name) => {
                    out.push((Token::Quoted(name.to_owned()), start));
                    at + name.len() + 2
                }
                None => at + 1,
            },
            b'$' if rest.starts_with(b"$$") => body(bytes, at),
            b'$' => name_with_holes(bytes, at),
            // `%s`, `%(name)s`: placeholders of Python's database API.
            b'%' if rest.starts_with(b"%s") => at + 2,
            b'%' if rest.starts_with(b"%(") => past(bytes, at, b")") + 1,
            b':' if rest.get(1).is_some_and(|b| is_name(*b)) && !(at > 0 && bytes[at - 1] == b':') => {
                name_end(bytes, at + 1)
            }
            c if c.is_ascii_whitespace() => at + 1,
            c if is_name(c) => {
                // `orders_$stage` is one name, which is computed.
                let end = name_with_holes(bytes, at);
                let word = &text[at..end];
                let token = match word.contains('$') {
                    true => Token::Hole,
                    false if c.is_ascii_digit() => Token::Value,
                    false => Token::Word(word.to_owned()),
                };
                out.push((token, start));
                end
            }
            b'(' | b')' | b',' | b';' | b'.' => {
                out.push((Token::Mark(c), start));
                at + 1
            }
            _ => at + 1,
        };
        match c {
            b'%' | b'$' | b':' if at > start + 1 => {
                let written = text.get(start..at).unwrap_or_default();
                let body = written.starts_with("$$") && written.len() > 2;
                out.push((if body { Token::Value } else { Token::Hole }, start));
            }
            b'\'' | b'?' | b'*' | b'=' | b'<' | b'>' | b'+' => out.push((Token::Value, start)),
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

/// The end of a name from `at` on, with placeholders in it: `orders_$stage`, `${stage}_orders_$n`.
fn name_with_holes(bytes: &[u8], at: usize) -> usize {
    let mut end = name_end(bytes, at);
    while bytes.get(end) == Some(&b'$') {
        let after = placeholder(bytes, end);
        if after == end + 1 && end > at {
            return end;
        }
        end = name_end(bytes, after);
        if after == end && after == at + 1 {
            break;
        }
    }
    end
}

/// The end of `$$ … $$`, the body of a function; of `$$` alone where nothing closes it.
fn body(bytes: &[u8], at: usize) -> usize {
    let inside = &bytes[at + 2..];
    inside.windows(2).position(|w| w == b"$$").map_or(at + 2, |end| at + 2 + end + 2)
}

/// The name in `[brackets]`, as SQL Server quotes it; not the index in `tags[1]` or the list in `ARRAY[a, b]`.
fn bracketed(text: &str, at: usize) -> Option<&str> {
    let before = text.as_bytes()[..at].last().copied().unwrap_or(b' ');
    let inside = text.get(at + 1..)?;
    let end = inside.bytes().take(MAX_BRACKETED).position(|b| b == b']')?;
    let name = inside.get(..end)?;
    let fits = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || " _#-".contains(c));
    (fits && !is_name(before) && before != b']' && before != b')').then_some(name)
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
    let end = reference(bytes, at);
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

/// The end of `$name.field`, `$!name`, `$1`.
fn reference(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    at += usize::from(bytes.get(at) == Some(&b'!'));
    let first = at;
    loop {
        let end = name_end(bytes, at);
        if end == at {
            break;
        }
        at = end;
        if bytes.get(at) != Some(&b'.') || !bytes.get(at + 1).copied().is_some_and(is_name) {
            break;
        }
        at += 1;
    }
    if at == first { start + 1 } else { at }
}
