//! Handlers of layers that only wrap the real one.

use crate::table;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The variable of the environment that names the real handler, for the handler of a wrapper. From
/// `data/handler_wrappers.tsv`.
pub fn wrapped_handler(handler: &str) -> Option<&'static str> {
    static TABLE: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
        table::rows(include_str!("../data/handler_wrappers.tsv"))
            .map(|[handler, variable]| (handler, variable))
            .collect()
    });
    TABLE.get(handler).copied()
}

#[cfg(test)]
mod tests {
    use super::wrapped_handler;

    #[test]
    fn wrappers_name_a_variable() {
        assert_eq!(wrapped_handler("datadog_lambda.handler.handler"), Some("DD_LAMBDA_HANDLER"));
        assert_eq!(wrapped_handler("app.main"), None);
    }
}
