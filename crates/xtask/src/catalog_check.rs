//! Fingerprints of what is generated, so that a change by hand, or of a package's version, is seen without the packages.

use crate::catalog::PACKAGES;
use crate::catalog_tables::{Table, read};
use anyhow::{Result, bail};
use std::fmt::Write;

/// Where they are committed.
pub(crate) const FINGERPRINTS: &str = "generated.fingerprints";

/// Each table with its number of generated columns, counted from the left; all others are kept by hand.
const GENERATED: &[(&str, usize)] = &[
    ("boto3_resources.tsv", 8),
    ("exceptions.tsv", 3),
    ("operations.tsv", 2),
    ("resources.tsv", 1),
    ("services.tsv", 3),
    ("verbs.tsv", 1),
];

/// Fails when a generated part is not as generated, or is older than the packages' versions.
pub(crate) fn check() -> Result<()> {
    let (committed, now) = (read(FINGERPRINTS)?, fingerprints()?);
    let stale: Vec<&str> = now.lines().filter(|line| !committed.lines().any(|old| old == *line)).collect();
    if stale.is_empty() && committed == now {
        return Ok(());
    }
    bail!(
        "changed by hand, or not generated since its package changed; run `cargo xtask catalog`:\n{}",
        stale.join("\n")
    )
}

/// The text of the file: packages with their versions, tables with a fingerprint of their generated columns.
pub(crate) fn fingerprints() -> Result<String> {
    let mut out = String::from("# made by `cargo xtask catalog`\n");
    for package in PACKAGES {
        writeln!(out, "{}\t{}\t{}", package.registry, package.name, package.version)?;
    }
    for (name, columns) in GENERATED {
        writeln!(out, "{name}\t{columns}\t{:016x}", fingerprint(&Table::open(name)?, *columns))?;
    }
    Ok(out)
}

/// FNV-1a over the head and the generated columns. It guards against mistakes, not against malice.
fn fingerprint(table: &Table, columns: usize) -> u64 {
    let cells = table.rows.iter().flat_map(|row| row.iter().take(columns).map(String::as_str).chain(["\n"]));
    // Whoever removes or adds rows by hand in a table that is partly kept by hand changes its first columns.
    std::iter::once(table.head.as_str()).chain(cells).fold(0xcbf2_9ce4_8422_2325, |hash, cell| {
        let bytes = cell.bytes().chain([b'\t']);
        bytes.fold(hash, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_parts_of_the_catalog_are_as_generated() {
        check().unwrap();
    }

    #[test]
    fn only_generated_columns_count() {
        let table = |cells: [&str; 2]| Table { head: "#".into(), rows: vec![cells.map(str::to_owned).to_vec()] };
        let of = |cells| fingerprint(&table(cells), 1);
        assert_eq!(of(["a", "b"]), of(["a", "c"]), "kept by hand");
        assert_ne!(of(["a", "b"]), of(["b", "b"]), "generated");
    }
}
