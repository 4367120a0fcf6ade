//! Operations of service APIs: which flow a call is, and which argument names its target.

use crate::flows::{self, ServiceFlows};
use crate::names::{self, Access};
use std::fmt;
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

impl ArgumentPath {
    /// Reads the written form. Any text is a path: an odd one is one field of that name.
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        for word in text.split('.') {
            match (word, word.strip_suffix("[]")) {
                ("*", _) => steps.push(Step::Each),
                ("keys()", _) => steps.push(Step::Keys),
                (_, Some(list)) => steps.extend([Step::Field(list.to_owned()), Step::Each]),
                (field, None) => steps.push(Step::Field(field.to_owned())),
            }
        }
        Self(steps)
    }

    /// The name of the argument in which the way ends; `None` when it ends at keys.
    pub fn last_field(&self) -> Option<&str> {
        match self.0.last()? {
            Step::Keys => None,
            _ => self
                .0
                .iter()
                .rev()
                .find_map(|step| if let Step::Field(name) = step { Some(name.as_str()) } else { None }),
        }
    }
}

/// `Entries[].EventBusName`, as the tables write it.
impl fmt::Display for ArgumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = None;
        for step in &self.0 {
            match step {
                Step::Each if before == Some(&Step::Each) => f.write_str(".*")?,
                Step::Each => f.write_str("[]")?,
                Step::Field(name) if before.is_none() => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Keys => f.write_str(".keys()")?,
            }
            before = Some(step);
        }
        Ok(())
    }
}

/// One flow that an operation makes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the tables, and says one thing by itself")]
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
    /// Arguments that a call can have instead of one that names the target: it is then of the service as a whole
    /// (`PhoneNumber` of a message).
    pub instead: Vec<String>,
    /// Where the name of something stands that belongs to the target (a client of a user pool), if nothing names that.
    pub members: Vec<ArgumentPath>,
    /// The target is the client's endpoint, not an argument (`PostToConnection`).
    pub endpoint: bool,
    /// The target is all that stands below the path that the argument is (`GetParametersByPath`).
    pub below: bool,
    /// A call that does not name the target makes no such flow (where the answer of a query is kept).
    pub optional: bool,
    /// The target is whoever waits for the running code's answer, not an argument (`SendTaskSuccess`).
    pub answers: bool,
    /// The target when the named argument is not given (the `default` event bus).
    pub default: Option<String>,
    /// Where the source and the type of the events stand that are put onto the target, beside the target's name.
    pub event: Option<(ArgumentPath, ArgumentPath)>,
    /// Where statements of SQL stand, which say what flows.
    pub statement: Option<ArgumentPath>,
    /// Where the arguments stand when the target is any operation (`arn:aws:scheduler:::aws-sdk:sqs:sendMessage`).
    pub passes: Option<ArgumentPath>,
    /// The call makes what the target names: a name that only the run knows is none to look for.
    pub made: bool,
}

impl OperationFlow {
    /// Why it isn't known whom a call that names no target reaches, by which arguments it is given; `None` for one that
    /// can be of the service as a whole. Any other would fail, or what it names is not understood.
    pub fn why_unnamed(&self, is_given: &dyn Fn(&str) -> bool) -> Option<String> {
        let whole = self.targets.is_empty() || self.kind == FlowKind::Use && self.statement.is_none();
        if whole || self.instead.iter().any(|name| is_given(name)) {
            return None;
        }
        let paths: Vec<_> = self.targets.iter().map(|path| format!("`{path}`")).collect();
        let kind = self.wants.first().filter(|kind| **kind != NodeKind::Other);
        let kind = kind.map_or_else(|| "resource".to_owned(), |kind| kind.as_str().replace('_', " "));
        Some(format!("the call doesn't say which {kind}: no {} is given", paths.join(" or ")))
    }
}

/// An operation of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The client name of the service.
    pub service: String,
    /// Its name as the service spells it: `PutItem`. Of a service that `flows.toml` says nothing of, as its Python
    /// name lets one guess (`DescribeDbInstances`).
    pub name: String,
    /// The flows it makes; empty for a call that is no flow (`GetCallerIdentity`, `DescribeTable`).
    pub flows: Vec<OperationFlow>,
}

/// Methods of every client that are no operations. From botocore's documentation of clients.
const HELPERS: &[&str] = &[
    "canpaginate",
    "close",
    "exceptions",
    "generatepresignedpost",
    "generatepresignedurl",
    "getpaginator",
    "getwaiter",
    "meta",
    "waiternames",
];

/// What calling `name` (`PutItem` or `put_item`) on the client of `service` does. `None` when the service is
/// unknown, or the name is none of its operations' (a helper method such as `get_paginator`).
pub fn operation(service: &str, name: &str) -> Option<Operation> {
    let known = crate::service(service)?;
    let key = names::squash(name);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || HELPERS.contains(&key.as_str()) {
        return None;
    }
    let table = flows::of(known.client);
    let name = match table {
        Some(_) => names::spelling(known.client, &key)?.to_owned(),
        None => names::guess(name),
    };
    let kind = known.kind.unwrap_or(NodeKind::Other);
    let found = match table {
        Some(table) => table.flows(&name, kind).unwrap_or_else(|| otherwise(table, known.client, &name, kind)),
        None if flows::is_silent(known.client) => Vec::new(),
        None if is_store(kind) => by_verb(known.client, &name, vec![kind], Vec::new()),
        None => vec![flow(FlowKind::Use, vec![kind], Vec::new())],
    };
    Some(Operation { service: known.client.to_owned(), name, flows: found })
}

/// What the operations of `service` whose names fit a pattern (`Get*`, `*`) make flow, each kind once. Nothing for
/// a service whose operations are not known one by one.
pub fn kinds_of_operations(service: &str, pattern: &str) -> Vec<FlowKind> {
    let Some(known) = crate::service(service) else { return Vec::new() };
    let fitting = names::all(known.client).filter(|name| names::fits(pattern.as_bytes(), name.as_bytes()));
    let kinds = fitting.filter_map(|name| operation(service, name)?.flows.first().map(|f| f.kind));
    kinds.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn otherwise(table: &ServiceFlows, client: &str, name: &str, kind: NodeKind) -> Vec<OperationFlow> {
    match table.otherwise {
        flows::Otherwise::None => Vec::new(),
        flows::Otherwise::Use => {
            let used = flow(FlowKind::Use, table.wants(kind), table.targets());
            vec![OperationFlow { members: table.members(), ..used }]
        }
        flows::Otherwise::Verb => by_verb(client, name, table.wants(kind), table.targets()),
    }
}

/// Read or write, as the verb says; nothing for verbs that manage a store rather than what is in it.
fn by_verb(client: &str, name: &str, wants: Vec<NodeKind>, targets: Vec<ArgumentPath>) -> Vec<OperationFlow> {
    let kind = match names::access(client, name) {
        _ if flows::is_control(names::verb(name)) => return Vec::new(),
        Access::Read => FlowKind::Read,
        Access::Write => FlowKind::Write,
    };
    vec![flow(kind, wants, targets)]
}

fn flow(kind: FlowKind, wants: Vec<NodeKind>, targets: Vec<ArgumentPath>) -> OperationFlow {
    OperationFlow {
        kind,
        mode: Mode::Sync,
        wants,
        async_when: None,
        targets,
        instead: Vec::new(),
        members: Vec::new(),
        endpoint: false,
        below: false,
        optional: false,
        answers: false,
        default: None,
        event: None,
        statement: None,
        passes: None,
        made: false,
    }
}

fn is_store(kind: NodeKind) -> bool {
    use NodeKind::{Bucket, Cache, Database, Parameter, Search, Secret, Table};
    matches!(kind, Bucket | Cache | Database | Parameter | Search | Secret | Table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(flow: &OperationFlow) -> String {
        let wants: Vec<_> = flow.wants.iter().map(|k| k.as_str()).collect();
        let path = |path: &ArgumentPath| path.0.iter().map(step).collect::<Vec<_>>().join(".");
        let mut out = vec![flow.mode.to_string(), flow.kind.to_string(), wants.join("|")];
        if !flow.targets.is_empty() {
            out.push(flow.targets.iter().map(path).collect::<Vec<_>>().join("|"));
        }
        out.extend(flow.async_when.as_ref().map(|(argument, value)| format!("async:{argument}={value}")));
        out.extend(flow.default.as_ref().map(|default| format!("default:{default}")));
        out.extend(flow.event.as_ref().map(|(source, kind)| format!("event:{}:{}", path(source), path(kind))));
        out.extend(flow.statement.as_ref().map(|at| format!("statement:{}", path(at))));
        out.extend(flow.endpoint.then(|| "endpoint".to_owned()));
        out.extend(flow.below.then(|| "below".to_owned()));
        out.join(" ")
    }

    fn step(step: &Step) -> String {
        match step {
            Step::Field(name) => name.clone(),
            Step::Each => "*".to_owned(),
            Step::Keys => "keys()".to_owned(),
        }
    }

    fn check(service: &str, name: &str, expected: &str) {
        let got = operation(service, name).map_or("none".to_owned(), |operation| {
            let flows: Vec<_> = operation.flows.iter().map(show).collect();
            format!("{}: {}", operation.name, flows.join("; ")).trim_end().to_owned()
        });
        assert_eq!(got, expected, "{service} {name}");
    }

    #[test]
    fn stores_are_read_and_written() {
        check("dynamodb", "put_item", "PutItem: sync write table TableName");
        check("dynamodb", "GetItem", "GetItem: sync read table TableName");
        check("dynamodb", "batch_get_item", "BatchGetItem: sync read table RequestItems.keys()");
        check("dynamodb", "transact_write_items", "TransactWriteItems: sync write table TransactItems.*.*.TableName");
        check("s3", "list_objects_v2", "ListObjectsV2: sync read bucket Bucket");
        check(
            "s3",
            "copy_object",
            "CopyObject: sync read bucket CopySource.Bucket|CopySource; sync write bucket Bucket",
        );
        check("secretsmanager", "get_secret_value", "GetSecretValue: sync read secret SecretId");
        check("ssm", "get_parameters", "GetParameters: sync read parameter Names.*");
        check("ssm", "put_parameter", "PutParameter: sync write parameter Name");
        check("rds-data", "execute_statement", "ExecuteStatement: sync use database resourceArn statement:sql");
        check("neptunedata", "get_engine_status", "GetEngineStatus: sync read database");
    }

    #[test]
    fn messages_are_published_and_received() {
        check("sqs", "send_message", "SendMessage: async publish queue QueueUrl");
        check("sqs", "receive_message", "ReceiveMessage: sync read queue QueueUrl");
        check("sns", "publish", "Publish: async publish topic TopicArn|TargetArn");
        check(
            "events",
            "put_events",
            "PutEvents: async publish event_bus Entries.*.EventBusName default:default event:Entries.*.Source:Entries.*.DetailType",
        );
        check("kinesis", "put_records", "PutRecords: async publish stream StreamName|StreamARN");
        check(
            "apigatewaymanagementapi",
            "post_to_connection",
            "PostToConnection: async publish websocket_api endpoint",
        );
    }

    #[test]
    fn functions_and_machines_are_invoked() {
        check("lambda", "invoke", "Invoke: sync invoke function FunctionName async:InvocationType=Event");
        check("stepfunctions", "start_execution", "StartExecution: async invoke state_machine stateMachineArn");
        check("stepfunctions", "start_sync_execution", "StartSyncExecution: sync invoke state_machine stateMachineArn");
        check("stepfunctions", "send_task_success", "SendTaskSuccess: async invoke state_machine");
        check("ecs", "run_task", "RunTask: async invoke container taskDefinition");
        check("batch", "submit_job", "SubmitJob: async invoke container jobDefinition");
    }

    #[test]
    fn services_are_used() {
        check("rekognition", "detect_faces", "DetectFaces: sync use ml CollectionId");
        check("ssm", "get_inventory", "GetInventory: sync use other");
        check("efs", "describe_file_systems", "DescribeFileSystems: sync use other FileSystemId");
        check("cognito-idp", "admin_get_user", "AdminGetUser: sync use user_pool UserPoolId");
        check("ses", "send_email", "SendEmail: sync use email");
        check("cloudformation", "describe_stacks", "DescribeStacks: sync use other");
        check("sagemaker-runtime", "invoke_endpoint", "InvokeEndpoint: sync use ml EndpointName");
    }

    #[test]
    fn management_and_observation_are_no_flows() {
        check("dynamodb", "describe_table", "DescribeTable:");
        check("s3", "list_buckets", "ListBuckets:");
        check("s3", "head_bucket", "HeadBucket:");
        check("sqs", "get_queue_url", "GetQueueUrl:");
        check("sqs", "delete_message", "DeleteMessage:");
        check("dynamodb", "execute_statement", "ExecuteStatement:");
        check("sts", "get_caller_identity", "GetCallerIdentity:");
        check("cloudwatch", "put_metric_data", "PutMetricData:");
        check("kms", "decrypt", "Decrypt:");
        check("ssm", "describe_parameters", "DescribeParameters:");
        check("glue", "get_job_run", "GetJobRun:");
        check("lambda", "list_functions", "ListFunctions:");
        check("rds", "describe_db_instances", "DescribeDBInstances:");
        check("elasticache", "modify_cache_cluster", "ModifyCacheCluster:");
    }

    #[test]
    fn patterns_stand_for_what_their_operations_do() {
        let check = |service: &str, pattern: &str, expected: &str| {
            let kinds: Vec<_> = kinds_of_operations(service, pattern).iter().map(ToString::to_string).collect();
            assert_eq!(kinds.join(" "), expected, "{service}:{pattern}");
        };
        check("dynamodb", "*", "read write");
        check("dynamodb", "Get*", "read");
        check("dynamodb", "put?tem", "write");
        check("sqs", "Send*", "publish");
        check("sqs", "Tag*", "");
        check("nothing", "*", "");
    }

    #[test]
    fn helpers_and_unknown_names_are_no_operations() {
        for name in ["get_paginator", "get_waiter", "can_paginate", "close", "exceptions", "meta"] {
            check("dynamodb", name, "none");
            check("rekognition", name, "none");
        }
        check("s3", "generate_presigned_url", "none");
        check("s3", "generate_presigned_post", "none");
        check("s3", "upload_file", "none");
        check("dynamodb", "put_itme", "none");
        check("dynamo", "put_item", "none");
        check("", "", "none");
        check("ec2", "_private", "none");
    }
}
