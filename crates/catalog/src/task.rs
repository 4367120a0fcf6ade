//! Service integrations of the states language, whose names of services differ from those of clients.

use crate::operation::{Operation, operation};
use crate::table::rows;
use std::sync::LazyLock;

/// Names of services in `arn:aws:states:::service:operation`, and the clients whose operations they offer, likeliest
/// first. From the documentation of the integrations.
const SERVICES: &str = include_str!("../data/task_services.tsv");

/// What a task with the resource `arn:aws:states:::service:operation` or `…:::aws-sdk:service:operation` does.
/// `None` when the service or the operation is unknown.
pub fn task_operation(service: &str, name: &str) -> Option<Operation> {
    let mut letters = name.chars();
    let first = letters.next()?.to_ascii_uppercase();
    let name: String = std::iter::once(first).chain(letters).collect();
    let listed = listed(service).iter().find_map(|client| operation(client, &name));
    listed.or_else(|| operation(service, &name)).or_else(|| operation(spelled_with_dashes(service)?, &name))
}

/// The operation that the target of a schedule is: `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
pub fn scheduled_operation(target: &str) -> Option<Operation> {
    let (service, name) = target.split_once(":scheduler:::aws-sdk:")?.1.split_once(':')?;
    task_operation(service, name)
}

fn listed(service: &str) -> Vec<&'static str> {
    rows(SERVICES).filter(|[name, _]| *name == service).flat_map(|[_, clients]| clients.split(',')).collect()
}

/// `rdsdata` is the client `rds-data`.
fn spelled_with_dashes(service: &str) -> Option<&'static str> {
    static PLAIN: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
        let dashed = crate::services().iter().filter(|s| s.client.contains('-'));
        dashed.map(|s| (s.client.replace('-', ""), s.client)).collect()
    });
    PLAIN.iter().find(|(plain, _)| plain == service).map(|(_, client)| *client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(service: &str, name: &str, expected: &str) {
        let got = task_operation(service, name).map(|o| format!("{} {} {}", o.service, o.name, o.flows.len()));
        assert_eq!(got.as_deref().unwrap_or("none"), expected, "{service}:{name}");
    }

    #[test]
    fn services_have_other_names_in_tasks() {
        check("states", "startExecution", "stepfunctions StartExecution 1");
        check("sfn", "startExecution", "stepfunctions StartExecution 1");
        check("eventbridge", "putEvents", "events PutEvents 1");
        check("bedrock", "invokeModel", "bedrock-runtime InvokeModel 1");
        check("rdsdata", "executeStatement", "rds-data ExecuteStatement 1");
        check("ecs", "runTask", "ecs RunTask 1");
    }

    #[test]
    fn a_schedule_can_call_any_operation() {
        let called = |target| scheduled_operation(target).map(|o| o.name);
        assert_eq!(called("arn:aws:scheduler:::aws-sdk:sqs:sendMessage").as_deref(), Some("SendMessage"));
        assert_eq!(called("arn:aws:lambda:eu-west-1:1:function:orders"), None);
    }

    #[test]
    fn other_names_are_no_operations() {
        check("nothing", "doIt", "none");
        check("dynamodb", "notThere", "none");
        check("dynamodb", "", "none");
    }
}
