//! Products of other companies by the hosts at which they are called. From `data/products.tsv`.

use crate::table::{rows, words};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What people call the product that answers at a host: `hooks.slack.com` is `Slack`.
pub fn product_of_host(host: &str) -> Option<&'static str> {
    static PRODUCTS: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| {
        let all = rows::<2>(include_str!("../data/products.tsv"));
        all.flat_map(|[name, hosts]| words(hosts).map(move |host| (host, name))).collect()
    });
    // Each customer of some products has a host below the product's.
    let mut below = std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, below)| below));
    below.find_map(|host| PRODUCTS.get(host).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_with_all_below() {
        assert_eq!(product_of_host("api.stripe.com"), Some("Stripe"));
        assert_eq!(product_of_host("shop.zendesk.com"), Some("Zendesk"));
        assert_eq!(product_of_host("sheets.googleapis.com"), Some("Google Sheets"));
        assert_eq!(product_of_host("people.googleapis.com"), Some("Google APIs"));
        assert_eq!(product_of_host("notstripe.com"), None);
        assert_eq!(product_of_host("com"), None);
    }

    #[test]
    fn every_product_is_there_once() {
        crate::table::assert_sorted("products.tsv", include_str!("../data/products.tsv"), 1);
    }
}
