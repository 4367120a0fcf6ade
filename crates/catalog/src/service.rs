//! Services and what they look like.

use crate::table::rows;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use vocabulary::NodeKind;

/// A service of the cloud, or a library's idea of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The name of its SDK client, as Python spells it: `dynamodb`, `stepfunctions`.
    pub client: &'static str,
    /// What people call it: `DynamoDB`.
    pub title: &'static str,
    /// The node that its API calls act on, or stand for.
    pub kind: Option<NodeKind>,
    /// draw.io shape: the `resIcon` or `shape` name, `mxgraph.aws4.lambda`; empty when there is none.
    pub icon: &'static str,
    /// Category, which decides the colour: `compute`, `storage`, `database`, `integration`, …
    pub category: &'static str,
}

const SERVICES: &str = include_str!("../data/services.tsv");
const KINDS: &str = include_str!("../data/kinds.tsv");
const CATEGORIES: &str = include_str!("../data/categories.tsv");

static ALL: LazyLock<Vec<Service>> = LazyLock::new(|| {
    let read = |[client, _iam, title, kind, icon, category]: [&'static str; 6]| Service {
        client,
        title,
        kind: NodeKind::parse(kind),
        icon,
        category,
    };
    rows(SERVICES).map(read).collect()
});

/// The service of a client name (`sqs`), or of a platform (`aws.sqs`).
pub fn service(name: &str) -> Option<&'static Service> {
    let client = name.strip_prefix("aws.").unwrap_or(name);
    ALL.binary_search_by_key(&client, |s| s.client).ok().map(|at| &ALL[at])
}

/// The client name of the service whose endpoints begin with a word: `states` is `stepfunctions`.
pub fn service_of_host(word: &str) -> Option<&'static str> {
    let known = rows(SERVICES).filter(|[_, prefix, ..]: &[&'static str; 6]| *prefix == word);
    let mut found = known.map(|[client, ..]| client);
    let first = found.next()?;
    // Several clients of one service: the one that is called like the host.
    Some(found.find(|client| *client == word).unwrap_or(first))
}

/// The client name that stands for the whole service that a client is one of: `sesv2` is `ses`, `bedrock-runtime` is
/// `bedrock`.
pub fn whole_service(client: &str) -> &str {
    const WHOLE: &str = include_str!("../data/whole_services.tsv");
    rows(WHOLE).find(|[one, _]| *one == client).map_or(client, |[_, whole]| whole)
}

/// Every service, ordered by client name.
pub fn services() -> &'static [Service] {
    &ALL
}

/// The service that a node of this kind most likely belongs to (a queue: SQS); `None` for `other`.
pub fn service_of_kind(kind: NodeKind) -> Option<&'static Service> {
    kind_row(kind).and_then(|(client, _)| service(client))
}

/// The draw.io shape of nodes of a kind whose service has none, or is not known: `mxgraph.aws4.sqs`.
pub fn icon_of_kind(kind: NodeKind) -> &'static str {
    kind_row(kind).map_or("", |(_, icon)| icon)
}

/// The fill colour of a category's icons as the official shapes have it, `#ED7100`; that of `general` for an unknown one.
pub fn category_color(category: &str) -> &'static str {
    static COLOURS: LazyLock<FxHashMap<&str, &str>> =
        LazyLock::new(|| rows(CATEGORIES).map(|[category, colour]| (category, colour)).collect());
    COLOURS.get(category).copied().unwrap_or("#232F3D")
}

fn kind_row(kind: NodeKind) -> Option<(&'static str, &'static str)> {
    static ROWS: LazyLock<FxHashMap<NodeKind, (&str, &str)>> = LazyLock::new(|| {
        let read = |[kind, client, icon]: [&'static str; 3]| Some((NodeKind::parse(kind)?, (client, icon)));
        rows(KINDS).filter_map(read).collect()
    });
    ROWS.get(&kind).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::assert_sorted;

    fn check(name: &str, expected: &str) {
        let got = service(name).map(|s| format!("{} {}", s.kind.map_or("-", NodeKind::as_str), s.icon));
        assert_eq!(got.as_deref().unwrap_or("none"), expected, "{name}");
    }

    #[test]
    fn services_are_found_by_client_and_platform() {
        check("sqs", "queue mxgraph.aws4.sqs");
        check("aws.dynamodb", "table mxgraph.aws4.dynamodb");
        check("stepfunctions", "state_machine mxgraph.aws4.step_functions");
        check("sts", "- mxgraph.aws4.identity_and_access_management");
        check("external", "external mxgraph.aws4.internet");
        check("states", "none");
        check("SQS", "none");
        check("", "none");
        assert_eq!(service("dynamodb").unwrap().title, "DynamoDB");
        assert_eq!(whole_service("sesv2"), "ses");
        assert_eq!(whole_service("sqs"), "sqs");
    }

    #[test]
    fn tables_are_sorted_and_their_words_known() {
        assert_sorted("services.tsv", SERVICES, 1);
        assert_sorted("kinds.tsv", KINDS, 1);
        assert_sorted("whole_services.tsv", include_str!("../data/whole_services.tsv"), 1);
        assert_sorted("categories.tsv", CATEGORIES, 1);
        let categories: Vec<&str> = rows(CATEGORIES).map(|[name, _]| name).collect();
        for [client, iam, title, kind, icon, category] in rows(SERVICES) {
            assert!(kind.is_empty() || NodeKind::parse(kind).is_some(), "{client}: {kind}");
            assert!(category.is_empty() || categories.contains(&category), "{client}: {category}");
            assert!(icon.is_empty() || icon.starts_with("mxgraph.aws4."), "{client}: {icon}");
            assert!(!title.is_empty() && !iam.is_empty(), "{client} has no title or no IAM prefix");
        }
    }

    #[test]
    fn every_kind_has_an_icon_and_a_service() {
        for &kind in NodeKind::ALL {
            assert!(!icon_of_kind(kind).is_empty(), "{kind}");
            // A program's code is of no service.
            let none = matches!(kind, NodeKind::Other | NodeKind::Crate | NodeKind::Module);
            assert_eq!(service_of_kind(kind).is_none(), none, "{kind}");
        }
        assert_eq!(service_of_kind(NodeKind::Queue).unwrap().client, "sqs");
    }

    #[test]
    fn categories_have_colours() {
        assert_eq!(category_color("compute"), "#ED7100");
        assert_eq!(category_color("nothing"), category_color("general"));
    }
}
