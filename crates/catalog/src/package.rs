//! Copies of libraries that lie beside the code that uses them. From `data/packages.tsv`.

use crate::table::{rows, words};

/// Whether a package of this name is a copy of the library of that name, and not code of the same name: `has` says
/// whether a module is in it, by its path from there.
pub fn is_library_copy(package: &str, has: impl Fn(&str) -> bool) -> bool {
    let known = rows::<2>(include_str!("../data/packages.tsv")).filter(|[name, _]| *name == package);
    let mut known = known.map(|[_, modules]| modules);
    known.any(|modules| words(modules).all(&has))
}

#[cfg(test)]
mod tests {
    use super::is_library_copy;

    #[test]
    fn a_copy_has_the_modules_of_the_library() {
        let check = |package, modules: &[&str]| is_library_copy(package, |module| modules.contains(&module));
        assert!(check("pymysql", &["connections", "converters", "cursors", "err"]));
        assert!(!check("pymysql", &["connections"]));
        assert!(check("mysql", &["connector/abstracts", "connector/cursor"]));
        assert!(!check("shop", &["connections", "converters", "cursors"]));
    }

    #[test]
    fn the_table_is_sorted() {
        crate::table::assert_sorted("packages.tsv", include_str!("../data/packages.tsv"), 2);
    }
}
