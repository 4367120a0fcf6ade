//! What a node looks like: its shape in draw.io and its colour, which the catalog knows, and its pictogram in SVG and
//! its common name, which are told here for each kind.

use crate::glyph::Glyph;
use model::{Node, NodeKind};

/// The look of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// What people call such a thing: `DynamoDB table`.
    pub(crate) title: &'static str,
    /// draw.io: the name of an AWS pictogram.
    pub(crate) icon: &'static str,
    /// The colour of its category.
    pub(crate) colour: &'static str,
    /// SVG: our own pictogram.
    pub(crate) glyph: Glyph,
    /// What the thing is, beside this name: a service that is called like itself is one of a category.
    pub(crate) sub: String,
}

/// Kind, common name, pictogram.
const KINDS: &[(NodeKind, &str, Glyph)] = &[
    (NodeKind::Service, "Service", Glyph::Service),
    (NodeKind::Function, "Lambda function", Glyph::Function),
    (NodeKind::Container, "Container", Glyph::Container),
    (NodeKind::StateMachine, "State machine", Glyph::StateMachine),
    (NodeKind::RestApi, "REST API", Glyph::Api),
    (NodeKind::HttpApi, "HTTP API", Glyph::Api),
    (NodeKind::WebsocketApi, "WebSocket API", Glyph::Api),
    (NodeKind::GraphqlApi, "GraphQL API", Glyph::Graphql),
    (NodeKind::Table, "DynamoDB table", Glyph::Table),
    (NodeKind::Database, "Database", Glyph::Database),
    (NodeKind::Bucket, "S3 bucket", Glyph::Bucket),
    (NodeKind::Queue, "SQS queue", Glyph::Queue),
    (NodeKind::Topic, "SNS topic", Glyph::Topic),
    (NodeKind::EventBus, "Event bus", Glyph::Bus),
    (NodeKind::Schedule, "Schedule", Glyph::Schedule),
    (NodeKind::Stream, "Stream", Glyph::Stream),
    (NodeKind::Cache, "Cache", Glyph::Cache),
    (NodeKind::Search, "Search domain", Glyph::Search),
    (NodeKind::Secret, "Secret", Glyph::Secret),
    (NodeKind::Parameter, "SSM parameter", Glyph::Parameter),
    (NodeKind::UserPool, "User pool", Glyph::User),
    (NodeKind::Cdn, "CloudFront", Glyph::Cdn),
    (NodeKind::Email, "SES", Glyph::Email),
    (NodeKind::Ml, "Machine learning", Glyph::Ml),
    (NodeKind::External, "External", Glyph::External),
    (NodeKind::Other, "Resource", Glyph::Other),
    (NodeKind::Crate, "Crate", Glyph::Container),
    (NodeKind::Route, "Route", Glyph::Api),
    (NodeKind::Field, "GraphQL field", Glyph::Graphql),
    (NodeKind::State, "State", Glyph::StateMachine),
    (NodeKind::SqlTable, "SQL table", Glyph::Table),
    (NodeKind::SqlProcedure, "SQL procedure", Glyph::Database),
    (NodeKind::EventType, "Event", Glyph::Bus),
    (NodeKind::Module, "Module", Glyph::Other),
];

/// The kinds that more than one service offers: called by the service, unless it is the usual one.
const SHARED: &[NodeKind] = &[
    NodeKind::Container,
    NodeKind::Database,
    NodeKind::Queue,
    NodeKind::Stream,
    NodeKind::Cache,
    NodeKind::Search,
    NodeKind::Email,
    NodeKind::Ml,
    NodeKind::Other,
];

/// What services are for of which there is one for everybody; the others are told by their names.
const CATEGORIES: &[(NodeKind, &str)] = &[
    (NodeKind::Ml, "Machine learning"),
    (NodeKind::Email, "Email"),
    (NodeKind::Search, "Search"),
    (NodeKind::Cdn, "Content delivery"),
    (NodeKind::UserPool, "User directory"),
];

/// The look of a node.
pub(crate) fn look(node: &Node) -> Look {
    let row = KINDS.iter().find(|row| row.0 == node.kind);
    let &(kind, mut title, glyph) = row.expect("every kind has a row");
    // A schedule of EventBridge is not an event bus: the service speaks only for its own kind, and for what has none.
    let named = service_named(node);
    let service =
        named.or(catalog::service(&node.platform).filter(|s| s.kind == Some(kind) || kind == NodeKind::Other));
    let usual = catalog::service_of_kind(kind).filter(|_| kind != NodeKind::Ml);
    if let Some(service) = service.filter(|s| SHARED.contains(&kind) && !s.title.is_empty() && usual != Some(*s)) {
        title = service.title;
    }
    let icon = service.map(|s| s.icon).filter(|icon| !icon.is_empty()).unwrap_or(catalog::icon_of_kind(kind));
    let category = service.or(catalog::service_of_kind(kind)).map_or("general", |s| s.category);
    let category = if kind == NodeKind::Service { "service" } else { category };
    let sub = match named {
        Some(_) => CATEGORIES.iter().find(|row| row.0 == kind).map_or("AWS service", |row| row.1).to_owned(),
        None if node.name == title => {
            catalog::service(&node.platform).map_or_else(|| kind.as_str().replace('_', " "), |s| s.title.to_owned())
        }
        None => title.to_owned(),
    };
    Look { title, icon, colour: catalog::category_color(category), glyph, sub }
}

/// The service that a node stands for as a whole, by its name; a resource of it is declared somewhere.
fn service_named(node: &Node) -> Option<&'static catalog::Service> {
    if node.name.is_empty() || !node.declared.is_empty() || matches!(node.kind, NodeKind::External | NodeKind::Service)
    {
        return None;
    }
    let called = |service: &&'static catalog::Service| service.title == node.name || service.client == node.name;
    let fits = |service: &&'static catalog::Service| {
        node.kind == NodeKind::Other || service.kind == Some(node.kind) || node.platform.ends_with(service.client)
    };
    // A database of any kind is no service.
    let known = |service: &&'static catalog::Service| service.category != "general";
    catalog::services().iter().filter(known).filter(called).find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: NodeKind, platform: &str, expected: &str) {
        let look = look(&node(kind, "", platform));
        assert_eq!(format!("{} {} {}", look.icon, look.colour, look.title), expected, "{kind} {platform}");
    }

    fn node(kind: NodeKind, name: &str, platform: &str) -> Node {
        Node {
            id: String::new(),
            kind,
            name: name.to_owned(),
            names: Vec::new(),
            parent: None,
            platform: platform.to_owned(),
            details: std::collections::BTreeMap::new(),
            declared: Vec::new(),
        }
    }

    #[test]
    fn a_service_that_stands_for_itself_is_called_by_what_it_is_for() {
        let sub = |kind, name, platform| look(&node(kind, name, platform)).sub;
        assert_eq!(sub(NodeKind::Other, "EC2", "aws.ec2"), "AWS service");
        assert_eq!(sub(NodeKind::Other, "CloudWatch", ""), "AWS service");
        assert_eq!(sub(NodeKind::Table, "DynamoDB", "aws.dynamodb"), "AWS service");
        assert_eq!(sub(NodeKind::Table, "Orders", "aws.dynamodb"), "DynamoDB table");
        assert_eq!(sub(NodeKind::Ml, "Transcribe", "aws.transcribe"), "Machine learning");
        assert_eq!(sub(NodeKind::Ml, "Transcribe", "aws.sagemaker"), "Machine learning");
        assert_eq!(sub(NodeKind::Email, "SES", "aws.ses"), "Email");
        assert_eq!(sub(NodeKind::Database, "Database", "aws.rds"), "RDS");
        let whole = look(&node(NodeKind::Ml, "Transcribe", "aws.sagemaker"));
        assert_eq!(whole.icon, "mxgraph.aws4.transcribe");
    }

    #[test]
    fn every_kind_has_one_row_an_icon_and_a_colour() {
        for kind in NodeKind::ALL {
            assert_eq!(KINDS.iter().filter(|row| row.0 == *kind).count(), 1, "{kind}");
            assert!(catalog::icon_of_kind(*kind).starts_with("mxgraph.aws4."), "{kind}");
        }
    }

    #[test]
    fn a_platform_speaks_for_its_own_kind_only() {
        check(NodeKind::Function, "aws.lambda", "mxgraph.aws4.lambda #ED7100 Lambda function");
        check(NodeKind::Table, "", "mxgraph.aws4.dynamodb #C925D1 DynamoDB table");
        check(NodeKind::Schedule, "aws.events", "mxgraph.aws4.event_time_based #E7157B Schedule");
        check(NodeKind::External, "", "mxgraph.aws4.internet #232F3D External");
    }
}
