//! What the AWS CDK adds to a system to do its own work.

use crate::table;

/// Whether a function of this logical id is one that CDK adds, and no part of the system. From `data/cdk_helpers.tsv`.
pub fn is_cdk_helper(logical_id: &str) -> bool {
    table::rows::<2>(include_str!("../data/cdk_helpers.tsv")).any(|[prefix, _]| logical_id.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_are_told_by_their_ids() {
        table::assert_sorted("cdk_helpers.tsv", include_str!("../data/cdk_helpers.tsv"), 1);
        assert!(is_cdk_helper("LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A"));
        assert!(!is_cdk_helper("LogRetention"));
    }
}
