//! Plugins of the Serverless Framework.

use crate::table;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How far what a plugin does is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plugin {
    /// What it adds is read, or it changes no flow.
    Seen,
    /// This of it is not seen, in words.
    Unseen(&'static str),
}

/// What is known of a plugin of the Serverless Framework, by its package's name. From `data/serverless_plugins.tsv`.
pub fn serverless_plugin(name: &str) -> Option<Plugin> {
    static TABLE: LazyLock<BTreeMap<&'static str, Plugin>> = LazyLock::new(|| {
        let rows = table::rows(include_str!("../data/serverless_plugins.tsv"));
        let plugin = |how| if matches!(how, "read" | "harmless") { Plugin::Seen } else { Plugin::Unseen(how) };
        rows.map(|[name, how]| (name, plugin(how))).collect()
    });
    TABLE.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_are_known_or_not() {
        table::assert_sorted("serverless_plugins.tsv", include_str!("../data/serverless_plugins.tsv"), 1);
        assert_eq!(serverless_plugin("serverless-offline"), Some(Plugin::Seen));
        assert!(matches!(serverless_plugin("serverless-plugin-lambda-dead-letter"), Some(Plugin::Unseen(_))));
        assert_eq!(serverless_plugin("serverless-plugin-of-ours"), None);
    }
}
