//! Aligned columns of text.

use crate::safe::safe;
use std::fmt::Write as _;

/// A title, then the rows under their heads, aligned; only the title when there are no rows.
pub(crate) fn table(title: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("{title} ({})\n", rows.len());
    if rows.is_empty() {
        return out;
    }
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| safe(cell)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([heads[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    push(&mut out, &widths, heads.iter().copied());
    for row in &rows {
        push(&mut out, &widths, row.iter().map(String::as_str));
    }
    out
}

fn push<'a>(out: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    let mut line = String::new();
    for (cell, width) in cells.zip(widths) {
        let _ = write!(line, "  {cell:width$}");
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_aligned_and_cells_are_safe() {
        let rows = [vec!["ü".to_owned(), "b\u{7}".to_owned()], vec!["long".to_owned(), "c".to_owned()]];
        let expected = "T (2)\n  A     B\n  ü     b\u{FFFD}\n  long  c\n";
        assert_eq!(super::table("T", &["A", "B"], &rows), expected);
        assert_eq!(super::table("T", &["A"], &[]), "T (0)\n");
    }
}
