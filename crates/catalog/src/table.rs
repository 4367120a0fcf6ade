//! The catalog's tables: lines of columns with tabs between, `#` before a comment.

/// The rows of a table, each with exactly `N` columns.
pub(crate) fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t');
        let row = std::array::from_fn(|_| columns.next().expect("the catalog's own rows have all columns"));
        assert!(columns.next().is_none(), "a row of the catalog's own has too many columns: {line}");
        row
    })
}

/// The words of a column that lists several.
pub(crate) fn words(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split([' ', ',']).filter(|word| !word.is_empty())
}

/// Checks that the first `keys` columns of a table ascend, so that none is there twice.
#[cfg(test)]
pub(crate) fn assert_sorted(name: &str, text: &str, keys: usize) {
    let key = |line: &'static str| line.split('\t').take(keys).collect::<Vec<_>>();
    let text: &'static str = text.to_owned().leak();
    let lines: Vec<_> = text.lines().filter(|l| !l.starts_with('#')).collect();
    assert!(!lines.is_empty(), "{name} is empty");
    for pair in lines.windows(2) {
        assert!(key(pair[0]) < key(pair[1]), "{name}: {:?} before {:?}", pair[0], pair[1]);
    }
}
