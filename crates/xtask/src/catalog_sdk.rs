//! botocore's service descriptions: names of services, operations and arguments.

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// Every service, by client name.
pub(crate) struct Sdk {
    pub(crate) services: Vec<SdkService>,
}

/// One service.
pub(crate) struct SdkService {
    pub(crate) client: String,
    pub(crate) title: String,
    /// Names that may be its IAM prefix.
    pub(crate) prefixes: Vec<String>,
    /// Operation to the name of its input's shape.
    pub(crate) operations: BTreeMap<String, Option<String>>,
    shapes: Map<String, Value>,
}

impl Sdk {
    /// Reads the newest version of each service in the folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut services = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                continue;
            }
            let mut versions = Vec::new();
            for version in std::fs::read_dir(entry.path())? {
                versions.push(version?.path().join("service-2.json"));
            }
            versions.retain(|path| path.is_file());
            versions.sort();
            if let Some(newest) = versions.last() {
                let client = entry.file_name().to_string_lossy().into_owned();
                services.push(SdkService::read(client, newest)?);
            }
        }
        services.sort_by(|a, b| a.client.cmp(&b.client));
        Ok(Self { services })
    }

    /// The service of a client name.
    pub(crate) fn service(&self, client: &str) -> Option<&SdkService> {
        self.services.iter().find(|s| s.client == client)
    }
}

impl SdkService {
    fn read(client: String, path: &Path) -> Result<Self> {
        let mut file: Value = serde_json::from_slice(&std::fs::read(path)?)?;
        let meta = |key: &str| file["metadata"][key].as_str().map(str::to_owned);
        let title = meta("serviceId").or_else(|| meta("serviceFullName")).unwrap_or_else(|| client.clone());
        let mut prefixes: Vec<String> = [meta("signingName"), meta("endpointPrefix")].into_iter().flatten().collect();
        prefixes.extend([client.clone(), client.replace('-', ""), title.to_lowercase().replace(' ', "")]);
        let operations = file["operations"].as_object().context("no operations")?;
        let input = |one: &Value| one["input"]["shape"].as_str().map(str::to_owned);
        let operations = operations.iter().map(|(name, one)| (name.clone(), input(one))).collect();
        let shapes = match file["shapes"].take() {
            Value::Object(shapes) => shapes,
            _ => Map::new(),
        };
        Ok(Self { client, title, prefixes, operations, shapes })
    }

    /// Whether a path (`Entries[].EventBusName`) leads through the arguments of an operation.
    pub(crate) fn has(&self, operation: &str, path: &str) -> bool {
        let Some(Some(input)) = self.operations.get(operation) else { return false };
        let mut at = vec![input.clone()];
        for word in path.split('.') {
            let (field, each) = word.strip_suffix("[]").map_or((word, false), |field| (field, true));
            at = at.iter().flat_map(|shape| self.step(shape, field)).collect();
            if each {
                at = at.iter().flat_map(|shape| self.step(shape, "*")).collect();
            }
        }
        !at.is_empty()
    }

    /// The shapes one step further in.
    fn step(&self, shape: &str, word: &str) -> Vec<String> {
        let shape = &self.shapes[shape];
        let named = |value: &Value| value["shape"].as_str().map(str::to_owned);
        let members = shape["members"].as_object();
        match word {
            "keys()" => named(&shape["key"]).into_iter().collect(),
            "*" if members.is_some() => members.into_iter().flatten().filter_map(|(_, member)| named(member)).collect(),
            "*" => named(&shape["member"]).or_else(|| named(&shape["value"])).into_iter().collect(),
            field => named(&shape["members"][field]).into_iter().collect(),
        }
    }
}
