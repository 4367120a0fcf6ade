//! Text of scanned files on its way to a terminal.

/// The text without anything that could steer a terminal or turn the direction of reading, on one line.
pub(crate) fn safe(text: &str) -> String {
    let plain = |c| match c {
        '\t' => ' ',
        c if steers(c) => '\u{FFFD}',
        c => c,
    };
    text.chars().map(plain).collect()
}

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A line of a file, without its indentation, at most `width` characters long.
pub(crate) fn excerpt(line: &str, width: usize) -> String {
    let line = safe(line.trim());
    if line.chars().count() <= width { line } else { line.chars().take(width).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(safe("a\u{1b}[31mb\nc\u{202e}d"), "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d");
        assert_eq!(excerpt("  abcdef\r", 3), "abc…");
        assert_eq!(excerpt("\tab ü", 9), "ab ü");
    }
}
