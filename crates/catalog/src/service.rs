//! Services and what they look like.

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

/// The service of a client name (`sqs`), or of a platform (`aws.sqs`).
pub fn service(_name: &str) -> Option<&'static Service> {
    None
}

/// Every service, ordered by client name.
pub fn services() -> &'static [Service] {
    &[]
}
