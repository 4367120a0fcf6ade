//! Modules that are there without being installed. From `data/standard_modules.tsv`.

use crate::table::rows;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Whether a module of this name comes with the language or its runtime, or is of a library that is known; `None` for
/// languages of which that is not listed.
pub fn is_of_others(language: &str, name: &str) -> Option<bool> {
    static TABLE: LazyLock<BTreeMap<&'static str, BTreeSet<&'static str>>> = LazyLock::new(|| {
        let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for [language, name] in rows(include_str!("../data/standard_modules.tsv")) {
            all.entry(language).or_default().insert(name);
        }
        all
    });
    TABLE.get(language).map(|names| names.contains(name) || crate::library(language).knows(name))
}

#[cfg(test)]
mod tests {
    use super::is_of_others;

    #[test]
    fn modules_of_others() {
        assert_eq!(is_of_others("python", "json"), Some(true));
        assert_eq!(is_of_others("python", "boto3"), Some(true));
        assert_eq!(is_of_others("python", "requests"), Some(true));
        assert_eq!(is_of_others("python", "shared"), Some(false));
        assert_eq!(is_of_others("rust", "serde"), None);
    }
}
