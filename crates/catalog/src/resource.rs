//! Resource types of templates.

use vocabulary::NodeKind;

/// A resource type that a template can declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// `AWS::SQS::Queue`.
    pub name: &'static str,
    /// The client name of its service: `sqs`, a key of [`crate::service`]. The platform is `aws.` and this.
    pub service: &'static str,
    /// The node that it is; `None` for what is known and not architecture (roles, log groups, alarms) or is an
    /// edge between others (subscriptions, event source mappings).
    pub kind: Option<NodeKind>,
    /// Properties that give it a physical name, the most specific first: `["QueueName"]`.
    pub names: Vec<&'static str>,
}

/// What is known of a type; `None` for an unknown one.
pub fn resource_type(_name: &str) -> Option<&'static ResourceType> {
    None
}
