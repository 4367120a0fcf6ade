//! What each kind of node looks like: its shape in draw.io, its pictogram, its colour and its common name.
//!
//! The catalog knows platforms; the table here speaks for a kind when the platform is unknown to it.

use crate::glyph::Glyph;
use model::{Node, NodeKind};

/// The look of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// What people call such a thing: `DynamoDB table`.
    pub(crate) title: String,
    /// draw.io: the name of an AWS pictogram.
    pub(crate) icon: &'static str,
    /// The colour of its category.
    pub(crate) colour: &'static str,
    /// SVG: our own pictogram.
    pub(crate) glyph: Glyph,
}

struct Row(NodeKind, &'static str, &'static str, &'static str, Glyph);

/// Kind, common name, draw.io pictogram, category, own pictogram.
const KINDS: &[Row] = &[
    Row(NodeKind::Service, "Service", "mxgraph.aws4.cloudformation", "management", Glyph::Service),
    Row(NodeKind::Function, "Lambda function", "mxgraph.aws4.lambda", "compute", Glyph::Function),
    Row(NodeKind::Container, "Container", "mxgraph.aws4.fargate", "containers", Glyph::Container),
    Row(NodeKind::StateMachine, "State machine", "mxgraph.aws4.step_functions", "integration", Glyph::StateMachine),
    Row(NodeKind::RestApi, "REST API", "mxgraph.aws4.api_gateway", "integration", Glyph::Api),
    Row(NodeKind::HttpApi, "HTTP API", "mxgraph.aws4.api_gateway", "integration", Glyph::Api),
    Row(NodeKind::WebsocketApi, "WebSocket API", "mxgraph.aws4.api_gateway", "integration", Glyph::Api),
    Row(NodeKind::GraphqlApi, "GraphQL API", "mxgraph.aws4.appsync", "integration", Glyph::Graphql),
    Row(NodeKind::Table, "DynamoDB table", "mxgraph.aws4.dynamodb", "database", Glyph::Table),
    Row(NodeKind::Database, "Database", "mxgraph.aws4.rds", "database", Glyph::Database),
    Row(NodeKind::Bucket, "S3 bucket", "mxgraph.aws4.s3", "storage", Glyph::Bucket),
    Row(NodeKind::Queue, "SQS queue", "mxgraph.aws4.sqs", "integration", Glyph::Queue),
    Row(NodeKind::Topic, "SNS topic", "mxgraph.aws4.sns", "integration", Glyph::Topic),
    Row(NodeKind::EventBus, "Event bus", "mxgraph.aws4.eventbridge", "integration", Glyph::Bus),
    Row(NodeKind::Schedule, "Schedule", "mxgraph.aws4.eventbridge_scheduler", "integration", Glyph::Schedule),
    Row(NodeKind::Stream, "Stream", "mxgraph.aws4.kinesis", "analytics", Glyph::Stream),
    Row(NodeKind::Cache, "Cache", "mxgraph.aws4.elasticache", "database", Glyph::Cache),
    Row(NodeKind::Search, "Search domain", "mxgraph.aws4.elasticsearch_service", "analytics", Glyph::Search),
    Row(NodeKind::Secret, "Secret", "mxgraph.aws4.secrets_manager", "security", Glyph::Secret),
    Row(NodeKind::Parameter, "SSM parameter", "mxgraph.aws4.systems_manager", "management", Glyph::Parameter),
    Row(NodeKind::UserPool, "User pool", "mxgraph.aws4.cognito", "security", Glyph::User),
    Row(NodeKind::Cdn, "CloudFront", "mxgraph.aws4.cloudfront", "networking", Glyph::Cdn),
    Row(NodeKind::Email, "SES", "mxgraph.aws4.simple_email_service", "frontend", Glyph::Email),
    Row(NodeKind::Ml, "Machine learning", "mxgraph.aws4.sagemaker", "ml", Glyph::Ml),
    Row(NodeKind::External, "External", "mxgraph.aws4.internet", "general", Glyph::External),
    Row(NodeKind::Other, "Resource", "mxgraph.aws4.generic_application", "general", Glyph::Other),
    Row(NodeKind::Route, "Route", "mxgraph.aws4.endpoint", "integration", Glyph::Api),
    Row(NodeKind::Field, "GraphQL field", "mxgraph.aws4.appsync", "integration", Glyph::Graphql),
    Row(NodeKind::State, "State", "mxgraph.aws4.step_functions", "integration", Glyph::StateMachine),
    Row(NodeKind::SqlTable, "SQL table", "mxgraph.aws4.rds", "database", Glyph::Table),
    Row(NodeKind::SqlProcedure, "SQL procedure", "mxgraph.aws4.rds", "database", Glyph::Database),
    Row(NodeKind::EventType, "Event", "mxgraph.aws4.eventbridge", "integration", Glyph::Bus),
];

/// The colours of categories, those that AWS's own icons have.
const COLOURS: &[(&str, &str)] = &[
    ("analytics", "#8C4FFF"),
    ("compute", "#ED7100"),
    ("containers", "#ED7100"),
    ("database", "#C925D1"),
    ("frontend", "#DD344C"),
    ("integration", "#E7157B"),
    ("management", "#E7157B"),
    ("ml", "#01A88D"),
    ("networking", "#8C4FFF"),
    ("security", "#DD344C"),
    ("storage", "#7AA116"),
];

/// For what has no category.
const GENERAL: &str = "#5A6C86";

/// The look of a node.
pub(crate) fn look(node: &Node) -> Look {
    let row = KINDS.iter().find(|row| row.0 == node.kind);
    let &Row(_, title, icon, category, glyph) = row.expect("every kind has a row");
    let colour = colour(category);
    let service = catalog::service(&node.platform).filter(|s| s.kind.is_none_or(|k| k == node.kind));
    // Kinds that several platforms share are called by their platform.
    match service.filter(|s| !s.icon.is_empty()) {
        Some(service) => Look { title: title.to_owned(), icon: service.icon, colour, glyph },
        None => Look { title: title.to_owned(), icon, colour, glyph },
    }
}

fn colour(category: &str) -> &'static str {
    COLOURS.iter().find(|(name, _)| *name == category).map_or(GENERAL, |(_, colour)| colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row_and_a_known_colour() {
        for kind in NodeKind::ALL {
            let rows: Vec<&Row> = KINDS.iter().filter(|row| row.0 == *kind).collect();
            assert_eq!(rows.len(), 1, "{kind}");
            assert!(rows[0].3 == "general" || colour(rows[0].3) != GENERAL, "{kind}");
        }
    }
}
