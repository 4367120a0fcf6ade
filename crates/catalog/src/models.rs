//! boto3's resource models: `boto3.resource("dynamodb").Table(name).put_item(…)` as operation and arguments.
//!
//! Two tables of one form: `boto3_resources.tsv`, generated from boto3's models, and `boto3_added.tsv`, what boto3
//! and s3transfer add in code. A row is one member of a resource type; the type of the service itself
//! (`boto3.resource("s3")`) has the empty name, and `@client` stands for methods added to clients.

use crate::table::{rows, words};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const GENERATED: &str = include_str!("../data/boto3_resources.tsv");
const ADDED: &str = include_str!("../data/boto3_added.tsv");

/// A type of resource: `Table` of `dynamodb`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceModel {
    /// The client name of the service.
    pub service: &'static str,
    /// The name of the type; empty for the service itself.
    pub resource: &'static str,
    /// What a resource is identified by, in the order of the constructor's arguments.
    pub identifiers: Vec<Identifier>,
    members: FxHashMap<&'static str, ResourceAction>,
    batch: FxHashMap<&'static str, ResourceAction>,
}

/// A name that a resource is identified by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// As the model spells it: `BucketName`. The attribute is the same in snake case: `bucket_name`.
    pub name: &'static str,
    /// The field of the service's answers that is the same (`TableName` of a table's `Name`); empty if none is.
    pub member: &'static str,
}

/// What kind of member an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A method that calls an operation: `table.put_item(…)`, `obj.load()`.
    Action,
    /// An attribute with the methods `all`, `filter`, `limit`, `page_size` and [`ResourceModel::batch`] of what it
    /// gives; iterating over it calls the operation: `bucket.objects`.
    Collection,
    /// A method that makes another resource and calls nothing: `bucket.Object(key)`.
    Sub,
    /// An attribute that is another resource, named by what was loaded: `instance.vpc`.
    Reference,
}

/// A member of a resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceAction {
    /// What kind of member it is.
    pub kind: MemberKind,
    /// Names of the arguments in the order in which they can be given by position; further named ones go to the
    /// operation as they are.
    pub arguments: Vec<&'static str>,
    /// The operation that it calls, `PutItem`; empty when it calls none.
    pub operation: &'static str,
    /// Arguments of the operation that are filled in, by their path: `TableName`, `Delete.Objects[].Key`;
    /// `RequestItems.keys()` is a key of a map.
    pub parameters: Vec<(&'static str, Source)>,
    /// The resource type that it gives, and where each of its identifiers comes from; `None` for a plain answer.
    pub gives: Option<(&'static str, Vec<(&'static str, Source)>)>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An identifier of the resource that the member is called on.
    Identifier(&'static str),
    /// An argument of the call.
    Input(&'static str),
    /// A field of what was loaded of the resource.
    Data(&'static str),
    /// A field of the operation's answer.
    Response(&'static str),
    /// An argument that the operation was called with, whether filled in or given.
    Request(&'static str),
    /// A constant.
    Text(&'static str),
}

impl ResourceModel {
    /// A method that calls an operation, by its Python name: `put_item`.
    pub fn action(&self, name: &str) -> Option<&ResourceAction> {
        self.of_kind(name, MemberKind::Action)
    }

    /// A method that makes another resource: `Object`.
    pub fn sub(&self, name: &str) -> Option<&ResourceAction> {
        self.of_kind(name, MemberKind::Sub)
    }

    /// An attribute with many resources: `objects`.
    pub fn collection(&self, name: &str) -> Option<&ResourceAction> {
        self.of_kind(name, MemberKind::Collection)
    }

    /// An attribute that is another resource: `vpc`.
    pub fn reference(&self, name: &str) -> Option<&ResourceAction> {
        self.of_kind(name, MemberKind::Reference)
    }

    /// A method of collections of this type, called on all of them at once: `delete`.
    pub fn batch(&self, name: &str) -> Option<&ResourceAction> {
        self.batch.get(name)
    }

    fn of_kind(&self, name: &str, kind: MemberKind) -> Option<&ResourceAction> {
        self.members.get(name).filter(|member| member.kind == kind)
    }
}

/// The model of a service's resource type; the empty name is the service itself.
pub fn resource_model(service: &str, resource: &str) -> Option<&'static ResourceModel> {
    MODELS.get(service)?.get(resource)
}

/// A method that is added to the client of a service and is no operation of it: `upload_file` of `s3`.
pub fn client_method(service: &str, name: &str) -> Option<&'static ResourceAction> {
    resource_model(service, "@client")?.action(name)
}

type Models = FxHashMap<&'static str, FxHashMap<&'static str, ResourceModel>>;

static MODELS: LazyLock<Models> = LazyLock::new(|| {
    let mut models = Models::default();
    // What is added in code hides what the model has.
    for row in rows(GENERATED).chain(rows(ADDED)) {
        add(&mut models, row);
    }
    models
});

fn add(models: &mut Models, row: [&'static str; 8]) {
    let [service, resource, row, name, arguments, operation, parameters, gives] = row;
    let model = models.entry(service).or_default().entry(resource).or_default();
    (model.service, model.resource) = (service, resource);
    let kind = match row {
        "identifiers" => {
            let read = |word: &'static str| word.split_once('=').map(|(name, member)| Identifier { name, member });
            model.identifiers = words(arguments).filter_map(read).collect();
            return;
        }
        "collection" => MemberKind::Collection,
        "sub" => MemberKind::Sub,
        "reference" => MemberKind::Reference,
        _ => MemberKind::Action,
    };
    let gives =
        gives.split(' ').next().filter(|name| !name.is_empty()).map(|name| (name, sources(&gives[name.len()..])));
    let parameters = sources(parameters);
    let member = ResourceAction { kind, arguments: words(arguments).collect(), operation, parameters, gives };
    let members = if row == "batch" { &mut model.batch } else { &mut model.members };
    members.insert(name, member);
}

/// Reads `TableName=identifier:Name`, several with spaces between.
fn sources(text: &'static str) -> Vec<(&'static str, Source)> {
    let read = |word: &'static str| {
        let (target, source) = word.split_once('=')?;
        let (kind, value) = source.split_once(':')?;
        let source = match kind {
            "identifier" => Source::Identifier(value),
            "input" => Source::Input(value),
            "data" => Source::Data(value),
            "response" => Source::Response(value),
            "requestParameter" => Source::Request(value),
            "text" => Source::Text(value),
            _ => return None,
        };
        Some((target, source))
    };
    text.split(' ').filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::assert_sorted;

    fn show(action: Option<&ResourceAction>) -> String {
        let Some(action) = action else { return "none".to_owned() };
        let list = |all: &[(&str, Source)]| {
            all.iter()
                .map(|(target, source)| format!(" {target}={source:?}"))
                .collect::<Vec<_>>()
                .concat()
                .replace('"', "")
        };
        let gives = action.gives.as_ref().map(|(name, from)| format!(" -> {name}{}", list(from))).unwrap_or_default();
        format!("{}{}{gives}", action.operation, list(&action.parameters)).trim().to_owned()
    }

    fn check(
        service: &str,
        resource: &str,
        find: impl Fn(&'static ResourceModel) -> Option<&'static ResourceAction>,
        expected: &str,
    ) {
        assert_eq!(show(resource_model(service, resource).and_then(find)), expected);
    }

    #[test]
    fn actions_call_operations() {
        check("dynamodb", "Table", |m| m.action("put_item"), "PutItem TableName=Identifier(Name)");
        check("s3", "Object", |m| m.action("get"), "GetObject Bucket=Identifier(BucketName) Key=Identifier(Key)");
        check("sqs", "Queue", |m| m.action("send_message"), "SendMessage QueueUrl=Identifier(Url)");
        check("sns", "Topic", |m| m.action("publish"), "Publish TopicArn=Identifier(Arn)");
        check("sqs", "", |m| m.action("get_queue_by_name"), "GetQueueUrl -> Queue Url=Response(QueueUrl)");
        check("dynamodb", "Table", |m| m.action("putItem"), "none");
        check("dynamodb", "Table", |m| m.action("PutItem"), "none");
        check("dynamodb", "Chair", |m| m.action("put_item"), "none");
    }

    #[test]
    fn sub_resources_and_collections() {
        check("s3", "Bucket", |m| m.sub("Object"), "-> Object BucketName=Identifier(Name) Key=Input(key)");
        check("s3", "Object", |m| m.sub("Bucket"), "-> Bucket Name=Identifier(BucketName)");
        check("s3", "", |m| m.sub("Object"), "-> Object BucketName=Input(bucket_name) Key=Input(key)");
        check("dynamodb", "", |m| m.sub("Table"), "-> Table Name=Input(name)");
        check(
            "s3",
            "Bucket",
            |m| m.collection("objects"),
            "ListObjects Bucket=Identifier(Name) -> ObjectSummary BucketName=Identifier(Name) Key=Response(Contents[].Key)",
        );
        check("s3", "Bucket", |m| m.action("objects"), "none");
        check("ec2", "Instance", |m| m.reference("vpc"), "-> Vpc Id=Data(VpcId)");
        assert_eq!(resource_model("s3", "ObjectSummary").unwrap().batch("delete").unwrap().operation, "DeleteObjects");
    }

    #[test]
    fn additions_that_no_model_shows() {
        check("s3", "Bucket", |m| m.action("upload_file"), "PutObject Bucket=Identifier(Name) Key=Input(Key)");
        check(
            "s3",
            "ObjectSummary",
            |m| m.action("load"),
            "HeadObject Bucket=Identifier(BucketName) Key=Identifier(Key)",
        );
        check("dynamodb", "Table", |m| m.sub("batch_writer"), "-> BatchWriter TableName=Identifier(Name)");
        check(
            "dynamodb",
            "BatchWriter",
            |m| m.action("put_item"),
            "BatchWriteItem RequestItems.keys()=Identifier(TableName)",
        );
        assert_eq!(client_method("s3", "upload_file").unwrap().arguments[..3], ["Filename", "Bucket", "Key"]);
        assert!(client_method("s3", "put_object").is_none());
        assert!(client_method("sqs", "upload_file").is_none());
    }

    #[test]
    fn identifiers_are_in_order() {
        let names = |service, resource| {
            resource_model(service, resource).unwrap().identifiers.iter().map(|i| i.name).collect::<Vec<_>>()
        };
        assert_eq!(names("s3", "Object"), ["BucketName", "Key"]);
        assert_eq!(names("dynamodb", "Table"), ["Name"]);
        assert!(names("s3", "").is_empty());
    }

    #[test]
    fn tables_are_sorted_and_hang_together() {
        assert_sorted("boto3_resources.tsv", GENERATED, 4);
        assert_sorted("boto3_added.tsv", ADDED, 4);
        for [service, resource, row, name, _, operation, parameters, gives] in rows(GENERATED).chain(rows(ADDED)) {
            let at = format!("{service} {resource} {row} {name}");
            assert!(["identifiers", "action", "batch", "collection", "sub", "reference"].contains(&row), "{at}");
            assert_eq!(sources(parameters).len(), parameters.split(' ').filter(|w| !w.is_empty()).count(), "{at}");
            let given = gives.split(' ').next().unwrap_or_default();
            assert!(given.is_empty() || resource_model(service, given).is_some(), "{at} gives no {given}");
            assert_eq!(operation.is_empty(), matches!(row, "identifiers" | "sub" | "reference"), "{at}");
        }
    }
}
