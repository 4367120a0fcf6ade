//! Operations of service APIs: which flow a call is, and which argument names its target.

use vocabulary::{FlowKind, Mode, NodeKind};

/// One step of the way into the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a named argument or map entry.
    Field(String),
    /// Every element of a list, or every value of a map.
    Each,
    /// Every key of a map (`RequestItems` of a DynamoDB batch has table names as keys).
    Keys,
}

/// The way from the arguments of a call to the value that names its target; written `Entries[].EventBusName`,
/// `RequestItems.keys()`, `TransactItems[].*.TableName`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentPath(pub Vec<Step>);

/// One flow that an operation makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationFlow {
    /// What flows.
    pub kind: FlowKind,
    /// Whether the caller waits.
    pub mode: Mode,
    /// The kinds that the target can be, the likeliest first.
    pub wants: Vec<NodeKind>,
    /// The value of an argument that makes the caller not wait (`InvocationType`, `Event`).
    pub async_when: Option<(String, String)>,
    /// Where the target's name stands; the first that the call gives. Empty: the service itself is the target
    /// (Rekognition, SES).
    pub targets: Vec<ArgumentPath>,
    /// The target is the client's endpoint, not an argument (`PostToConnection`).
    pub endpoint: bool,
    /// The target when the named argument is not given (the `default` event bus).
    pub default: Option<String>,
    /// A part of the target that the call names.
    pub part: Option<(NodeKind, ArgumentPath)>,
}

/// An operation of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The client name of the service.
    pub service: String,
    /// Its name as the service spells it: `PutItem`.
    pub name: String,
    /// The flows it makes; empty for a call that is no flow (`GetCallerIdentity`, `DescribeTable`).
    pub flows: Vec<OperationFlow>,
}

/// What calling `name` (`PutItem` or `put_item`) on the client of `service` does. `None` when the service is
/// unknown, or the name is none of its operations' (a helper method such as `get_paginator`).
pub fn operation(_service: &str, _name: &str) -> Option<Operation> {
    None
}
