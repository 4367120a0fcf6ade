//! Bytes to text.

/// Text without a byte order mark, and whether bytes had to be replaced. UTF-8, or UTF-16 where a mark says so.
pub(crate) fn decode(bytes: Vec<u8>) -> (String, bool) {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest.to_vec()),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> (String, bool) {
    String::from_utf8(bytes)
        .map_or_else(|e| (String::from_utf8_lossy(e.as_bytes()).into_owned(), true), |text| (text, false))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, bool) {
    let mut lossy = bytes.len() % 2 == 1;
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units)
        .map(|c| {
            c.unwrap_or_else(|_| {
                lossy = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (text, lossy)
}

#[cfg(test)]
mod tests {
    fn check(bytes: &[u8], expected: (&str, bool)) {
        assert_eq!(super::decode(bytes.to_vec()), (expected.0.to_owned(), expected.1));
    }

    #[test]
    fn marks_are_stripped_and_wrong_bytes_replaced() {
        check("a: ü".as_bytes(), ("a: ü", false));
        check(b"\xEF\xBB\xBFa", ("a", false));
        check(b"\xFF\xFEa\0", ("a", false));
        check(b"\xFE\xFF\0a", ("a", false));
        check(b"a\xFFb", ("a\u{FFFD}b", true));
        check(b"\xFF\xFEa\0b", ("a", true));
        check(b"\xFF\xFE\0\xD8", ("\u{FFFD}", true));
        check(b"", ("", false));
    }
}
