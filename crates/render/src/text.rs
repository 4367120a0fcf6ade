//! Text without a font: how wide it is about to be, where to break it, how to shorten it.
//!
//! Widths are those of common sans-serif fonts, rounded up, so that a text fits whatever font a reader has. They are
//! whole numbers, and so the same on every machine.

/// The width in pixels of a text at a size in pixels, a little more rather than less.
pub(crate) fn width(text: &str, size: i32) -> i32 {
    let units: i32 = text.chars().map(units).sum();
    (units * size + 99) / 100
}

/// `1 node`, `2 nodes`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The height of lines of text.
pub(crate) fn height(lines: &[String], line: i32) -> i32 {
    i32::try_from(lines.len()).unwrap_or(0) * line
}

/// Hundredths of the font size.
fn units(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 30,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '\\' | ' ' | '"' | '`' => 37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '→' => 95,
        'A'..='Z' | '&' | '+' | '<' | '>' | '=' | '~' | '#' => 72,
        'a'..='z' | '0'..='9' | '_' | '$' | '?' | '*' | '{' | '}' | '^' => 58,
        _ if joins(c) => 0,
        '\u{0}'..='\u{2FF}' => 65,
        _ => 105,
    }
}

/// Whether a character belongs to the one before it: marks, joiners, variation selectors.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{20D0}'..='\u{20FF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0100}'..='\u{E01EF}')
}

/// What a reader takes for one letter, roughly: a character with its marks and whatever is joined to it.
fn letters(text: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = Vec::new();
    let mut joined = false;
    for (at, c) in text.char_indices() {
        if starts.is_empty() || !(joins(c) || joined) {
            starts.push(at);
        }
        joined = c == '\u{200D}';
    }
    starts.push(text.len());
    starts.windows(2).map(|s| &text[s[0]..s[1]]).collect()
}

/// One line without control characters or text-direction overrides; runs of space become one.
pub(crate) fn plain(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}'..='\u{FFFF}')
        })
        .collect();
    shown.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text, or its start and end with an ellipsis between so that it is no wider than a number of pixels.
pub(crate) fn shorten(text: &str, size: i32, most: i32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let letters = letters(text);
    let (mut head, mut tail) = (String::new(), String::new());
    let (mut from, mut to) = (0, letters.len());
    while from < to {
        let front = head.len() <= tail.len();
        let next = if front { letters[from] } else { letters[to - 1] };
        if width(&head, size) + width(&tail, size) + width(next, size) + width("…", size) > most {
            break;
        }
        if front {
            head.push_str(next);
            from += 1;
        } else {
            tail.insert_str(0, next);
            to -= 1;
        }
    }
    format!("{head}…{tail}")
}

/// The widest line that a word may make which is wider than a line should be.
pub(crate) const WIDE: i32 = 180;

/// Breaks a name into at most `lines` lines of at most `most` pixels, shortening it in the middle where it is longer.
/// Breaks come after separators and before the capitals of `camelCase`, and never in a word or within braces: one that is wider
/// makes a wider line, and is shortened only where that would be too wide.
pub(crate) fn wrap(text: &str, size: i32, most: i32, lines: usize) -> Vec<String> {
    let whole = [most, most.max(WIDE)].into_iter().map(|most| break_lines(text, size, most));
    if let Some(whole) = whole.into_iter().find(|wrapped| wrapped.len() <= lines && !is_cut(wrapped, text)) {
        return whole;
    }
    let mut room = most.max(WIDE) * i32::try_from(lines).unwrap_or(1);
    loop {
        let wrapped = break_lines(&shorten(text, size, room), size, most);
        if wrapped.len() <= lines || room <= most {
            return wrapped;
        }
        room -= (most / 10).max(1);
    }
}

/// Whether some of a text is missing.
fn is_cut(lines: &[String], text: &str) -> bool {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    lines.iter().map(|line| count(line)).sum::<usize>() < count(text)
}

fn break_lines(text: &str, size: i32, most: i32) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words(text) {
        let line = lines.last_mut().expect("there is always a line");
        if width(&format!("{line}{}", word.trim_end()), size) <= most {
            line.push_str(word);
        } else {
            lines.push(shorten(word, size, most.max(WIDE)));
        }
    }
    lines.iter().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}

/// The stretches between which a line may break.
fn words(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let (mut before, mut depth) = (None, 0usize);
    for (at, c) in text.char_indices() {
        let after_separator = matches!(before, Some(' ' | '-' | '_' | '/' | '.'));
        let hump = before.is_some_and(char::is_lowercase) && c.is_uppercase();
        if at > 0 && depth == 0 && (hump || (after_separator && c != ' ')) {
            starts.push(at);
        }
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = Some(c);
    }
    starts.push(text.len());
    starts.windows(2).map(|s| &text[s[0]..s[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(wrap(text, 12, 96, 2), expected, "{text}");
    }

    #[test]
    fn names_break_where_a_person_would() {
        check("Orders", &["Orders"]);
        check("CreateOrderFunction", &["CreateOrder", "Function"]);
        check("orders-created-events", &["orders-created-", "events"]);
        check("", &[]);
    }

    #[test]
    fn no_line_breaks_in_a_word_or_within_braces() {
        check("awssolutionsbuilder.com", &["awssolutionsbuilder.", "com"]);
        check("/orders/{order-identifier}", &["/orders/", "{order-identifier}"]);
        check("${CognitoUserPool}", &["${CognitoUserPool}"]);
    }

    #[test]
    fn long_names_lose_their_middle() {
        let lines = wrap(&"abcdefghij".repeat(30), 12, 96, 2);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains('…') && width(&lines[0], 12) <= WIDE, "{lines:?}");
        assert!(lines[0].starts_with("abc") && lines[0].ends_with("hij"), "{lines:?}");
    }

    #[test]
    fn joined_characters_stay_together() {
        let family = "👨\u{200D}👩\u{200D}👧";
        assert_eq!(letters(&format!("a{family}e\u{301}")), ["a", family, "e\u{301}"]);
    }

    #[test]
    fn control_characters_are_not_shown() {
        assert_eq!(plain("a\u{1}b\n c\u{202E}d"), "ab cd");
    }
}
