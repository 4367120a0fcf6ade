//! Escaping for XML and HTML, in one place. Characters that XML forbids are left out.

use std::fmt::Write as _;

/// Whether XML 1.0 may hold a character at all.
const fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        && !matches!(c, '\u{7F}'..='\u{9F}')
}

/// For text between tags and for attribute values in double quotes. Line ends stay line ends in both.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars().filter(|c| allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => {}
            // The editor of draw.io makes a space of it anyway.
            '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// An element's attributes, in the order they are added.
#[derive(Default)]
pub(crate) struct Attributes(String);

impl Attributes {
    /// Adds ` name="value"`; empty values are left out.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            let _ = write!(self.0, " {name}=\"{}\"", escape(value));
        }
        self
    }
}

impl std::fmt::Display for Attributes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_forbidden_characters_vanish() {
        assert_eq!(escape("\"><b>&\n]]>"), "&quot;&gt;&lt;b&gt;&amp;&#10;]]&gt;");
        assert_eq!(escape("a\u{1}\u{0}\u{FFFE}\u{7F}b"), "ab");
        assert_eq!(escape("é 🦀 שלום"), "é 🦀 שלום");
    }
}
