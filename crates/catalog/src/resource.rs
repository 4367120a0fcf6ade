//! Resource types of templates.

use crate::table::{rows, words};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use vocabulary::NodeKind;

/// A resource type that a template can declare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// `AWS::SQS::Queue`.
    pub name: &'static str,
    /// The client name of its service: `sqs`, a key of [`crate::service`]. The platform is `aws.` and this. Empty
    /// when the service has no client.
    pub service: &'static str,
    /// The node that it is; `None` for what is known and not architecture (roles, log groups, alarms) or is an
    /// edge between others (subscriptions, event source mappings).
    pub kind: Option<NodeKind>,
    /// Properties that give it a physical name, the most specific first: `["QueueName"]`.
    pub names: Vec<&'static str>,
}

const RESOURCES: &str = include_str!("../data/resources.tsv");

/// What is known of a type; `None` for an unknown one.
pub fn resource_type(name: &str) -> Option<&'static ResourceType> {
    static TYPES: LazyLock<FxHashMap<&str, ResourceType>> = LazyLock::new(|| {
        let read = |[name, service, kind, names]: [&'static str; 4]| {
            (name, ResourceType { name, service, kind: NodeKind::parse(kind), names: words(names).collect() })
        };
        rows(RESOURCES).map(read).collect()
    });
    TYPES.get(name)
}

/// The property that names what a resource of this type is only a second name of: the function of an alias, the
/// stream of a consumer. `None` for a type that is something by itself. From the documentation of the types.
pub fn second_name(type_name: &str) -> Option<&'static str> {
    const SECOND_NAMES: &str = include_str!("../data/second_names.tsv");
    rows(SECOND_NAMES).find(|[name, _]| *name == type_name).map(|[_, property]| property)
}

/// Whether a logical id is one that the CDK gives to what it needs for itself. From templates that it makes.
pub fn is_cdk_helper(id: &str) -> bool {
    const HELPERS: &str = include_str!("../data/cdk_helpers.tsv");
    rows(HELPERS).any(|[start]| id.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::assert_sorted;

    fn check(name: &str, expected: &str) {
        let got = resource_type(name).map(|t| {
            let kind = t.kind.map_or("-", NodeKind::as_str);
            format!("{} {kind} {}", t.service, t.names.join(",")).trim_end().to_owned()
        });
        assert_eq!(got.as_deref().unwrap_or("none"), expected, "{name}");
    }

    #[test]
    fn architecture_has_kinds_and_names() {
        check("AWS::SQS::Queue", "sqs queue QueueName");
        check("AWS::DynamoDB::Table", "dynamodb table TableName");
        check("AWS::DynamoDB::GlobalTable", "dynamodb table TableName");
        check("AWS::Serverless::Function", "lambda function FunctionName");
        check("AWS::Serverless::SimpleTable", "dynamodb table TableName");
        check("AWS::StepFunctions::StateMachine", "stepfunctions state_machine StateMachineName");
        check("AWS::Serverless::StateMachine", "stepfunctions state_machine Name");
        check("AWS::ApiGatewayV2::Api", "apigatewayv2 http_api Name");
        check("AWS::AppSync::GraphQLApi", "appsync graphql_api Name");
        check("AWS::S3::Bucket", "s3 bucket BucketName");
        check("AWS::SSM::Parameter", "ssm parameter Name");
        check("AWS::RDS::DBCluster", "rds database DBClusterIdentifier");
        check("AWS::AmazonMQ::Broker", "mq queue BrokerName");
        check("AWS::Events::EventBus", "events event_bus Name");
    }

    #[test]
    fn edges_and_plumbing_are_known_without_a_kind() {
        check("AWS::IAM::Role", "iam -");
        check("AWS::Lambda::EventSourceMapping", "lambda -");
        check("AWS::SNS::Subscription", "sns -");
        check("AWS::Logs::LogGroup", "logs -");
        check("AWS::Events::Rule", "events -");
        check("AWS::IoT::TopicRule", "iot -");
        check("AWS::Lambda::LayerVersion", "lambda -");
    }

    #[test]
    fn other_types_are_unknown() {
        check("Custom::Anything", "none");
        check("AWS::SQS::Que", "none");
        check("aws::sqs::queue", "none");
        check("", "none");
    }

    #[test]
    fn the_table_is_sorted_and_its_words_known() {
        assert_sorted("resources.tsv", RESOURCES, 1);
        for [name, service, kind, names] in rows(RESOURCES) {
            assert!(service.is_empty() || crate::service(service).is_some(), "{name}: {service}");
            assert!(kind.is_empty() || NodeKind::parse(kind).is_some_and(|k| !k.is_part()), "{name}: {kind}");
            assert!(!kind.is_empty() || names.is_empty(), "{name} has names but is no node");
        }
    }
}
