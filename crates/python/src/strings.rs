//! The characters that a string literal stands for.

/// Decodes the inside of a string literal: escapes unless it is raw, doubled braces where it is formatted.
pub(crate) fn decode(text: &str, raw: bool, formatted: bool) -> String {
    let text = if formatted { text.replace("{{", "{").replace("}}", "}") } else { text.to_owned() };
    if raw || !text.contains('\\') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('\n') => {}
            Some(digit @ '0'..='7') => {
                let mut code = digit.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(next) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                    code = code * 8 + next;
                    chars.next();
                }
                out.extend(char::from_u32(code));
            }
            Some(quote @ ('\\' | '\'' | '"')) => out.push(quote),
            Some(marker @ ('x' | 'u' | 'U')) => {
                let length = match marker {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits: String = chars.clone().take(length).collect();
                match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                    Some(decoded) if digits.len() == length => {
                        out.push(decoded);
                        chars.nth(length - 1);
                    }
                    _ => out.extend(['\\', marker]),
                }
            }
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes() {
        assert_eq!(decode(r"a\n\x41\u00e9\q", false, false), "a\nAé\\q");
        assert_eq!(decode(r"a\n", true, false), r"a\n");
        assert_eq!(decode("{{x}}", false, true), "{x}");
        assert_eq!(decode("\\", false, false), "\\");
        assert_eq!(decode(r"\x4", false, false), r"\x4");
    }
}
