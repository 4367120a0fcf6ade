//! Checks of `flows.toml` against the SDK: every operation and argument that it names exists.

use crate::catalog_sdk::{Sdk, SdkService};
use crate::catalog_tables;
use anyhow::{Result, bail};

/// The parsed file, as plain tables.
fn file() -> Result<toml::Table> {
    Ok(toml::from_str(&catalog_tables::read("flows.toml")?)?)
}

/// Whether the file has an entry for a service.
pub(crate) fn speaks_of(client: &str) -> bool {
    file().is_ok_and(|file| file.get(client).is_some_and(toml::Value::is_table))
}

/// Fails with all that is named and does not exist.
pub(crate) fn check(sdk: &Sdk) -> Result<()> {
    let mut wrong = Vec::new();
    for (client, entry) in &file()? {
        let Some(entry) = entry.as_table() else { continue };
        match sdk.service(client) {
            Some(service) => check_service(service, entry, &mut wrong),
            None => wrong.push(format!("no service {client}")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { bail!("flows.toml:\n{}", wrong.join("\n")) }
}

fn check_service(service: &SdkService, entry: &toml::Table, wrong: &mut Vec<String>) {
    let client = &service.client;
    let common = texts(entry.get("target"));
    for list in ["read", "write", "publish", "invoke", "use"] {
        for operation in texts(entry.get(list)) {
            check_targets(service, operation, &common, wrong);
        }
    }
    for operation in texts(entry.get("silent")) {
        check_targets(service, operation, &[], wrong);
    }
    let empty = Vec::new();
    for flow in entry.get("flow").and_then(toml::Value::as_array).unwrap_or(&empty) {
        let endpoint = flow.get("endpoint").is_some();
        for operation in texts(flow.get("of")).into_iter().filter(|of| *of != "*") {
            let own = flow.get("target").map(|target| texts(Some(target)));
            let targets = if endpoint { Vec::new() } else { own.unwrap_or_else(|| common.clone()) };
            check_targets(service, operation, &targets, wrong);
            let async_when = texts(flow.get("async_when")).first().copied();
            let part = texts(flow.get("part")).get(1).copied();
            let more = async_when.into_iter().chain(part);
            for path in more.filter(|path| !service.has(operation, path)) {
                wrong.push(format!("{client} {operation} has no {path}"));
            }
        }
    }
}

/// An operation needs one of its targets: of several spellings it may lack some.
fn check_targets(service: &SdkService, operation: &str, targets: &[&str], wrong: &mut Vec<String>) {
    let client = &service.client;
    if !service.operations.contains_key(operation) {
        wrong.push(format!("{client} has no {operation}"));
    } else if !targets.is_empty() && !targets.iter().any(|path| service.has(operation, path)) {
        wrong.push(format!("{client} {operation} has none of {}", targets.join(", ")));
    }
}

fn texts(value: Option<&toml::Value>) -> Vec<&str> {
    value.and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str).collect()
}
