//! boto3's resource models, flattened: `boto3_resources.tsv`.

use crate::catalog_sdk::Sdk;
use crate::catalog_tables::Table;
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use std::path::Path;

/// The columns of both tables of resource models.
const HEAD: &str = "# service\tresource\trow\tname\targuments\toperation\tparameters\tgives";

/// The rows of all services.
pub(crate) struct Resources(Table);

impl Resources {
    /// Reads the newest model of each service in the folder.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut table = Table::new(HEAD);
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                continue;
            }
            let mut versions = Vec::new();
            for version in std::fs::read_dir(entry.path())? {
                versions.push(version?.path().join("resources-1.json"));
            }
            versions.retain(|path| path.is_file());
            versions.sort();
            let Some(newest) = versions.last() else { continue };
            let file: Value = serde_json::from_slice(&std::fs::read(newest)?)?;
            let service = entry.file_name().to_string_lossy().into_owned();
            Model { service: &service, file: &file, rows: &mut table.rows }.read()?;
        }
        Ok(Self(table))
    }

    /// Writes the table.
    pub(crate) fn save(self) -> Result<()> {
        self.0.save("boto3_resources.tsv")
    }
}

/// Checks that the rows kept by hand name operations and arguments that exist.
pub(crate) fn check_added(sdk: &Sdk) -> Result<()> {
    for row in Table::open("boto3_added.tsv")?.rows {
        let (service, operation) = (&row[0], &row[5]);
        let known = sdk.service(service).with_context(|| format!("boto3_added.tsv: no service {service}"))?;
        for word in row[6].split(' ').filter(|word| !word.is_empty()) {
            let argument = word.split('=').next().unwrap_or_default();
            ensure!(known.has(operation, argument), "boto3_added.tsv: {service} {operation} has no {argument}");
        }
    }
    Ok(())
}

struct Model<'a> {
    service: &'a str,
    file: &'a Value,
    rows: &'a mut Vec<Vec<String>>,
}

impl Model<'_> {
    fn read(&mut self) -> Result<()> {
        let file = self.file;
        let types = file["resources"].as_object().context("no resources")?;
        self.members("", &file["service"]);
        for name in types.keys().filter(|name| file["service"]["has"][name.as_str()].is_null()) {
            // What the service's own list leaves out is made from all its identifiers.
            let all: Vec<Value> = identifiers(&types[name]).map(|(name, _)| input(name)).collect();
            self.has("", name, &serde_json::json!({"resource": {"type": name, "identifiers": all}}));
        }
        for (name, one) in types {
            let known: Vec<String> = identifiers(one).map(|(name, member)| format!("{name}={member}")).collect();
            self.row([name, "identifiers", "", &known.join(" "), "", "", ""]);
            self.members(name, one);
            for (batch, action) in entries(&one["batchActions"]) {
                self.action(name, "batch", batch, action);
            }
            if !one["load"].is_null() {
                self.action(name, "action", "Load", &one["load"]);
                self.action(name, "action", "Reload", &one["load"]);
            }
        }
        Ok(())
    }

    fn members(&mut self, of: &str, one: &Value) {
        for (name, action) in entries(&one["actions"]) {
            self.action(of, "action", name, action);
        }
        for (name, action) in entries(&one["hasMany"]) {
            self.action(of, "collection", name, action);
        }
        for (name, has) in entries(&one["has"]) {
            self.has(of, name, has);
        }
    }

    fn action(&mut self, of: &str, row: &str, name: &str, action: &Value) {
        let request = &action["request"];
        let operation = request["operation"].as_str().unwrap_or_default();
        let parameters = sources(&request["params"], &[]);
        let gives = Self::gives(&action["resource"], &[]);
        self.row([of, row, &snake(name), "", operation, &parameters, &gives]);
    }

    /// A sub-resource that is called (`bucket.Object(key)`), or one that an attribute gives from what was loaded.
    fn has(&mut self, of: &str, name: &str, has: &Value) {
        let resource = &has["resource"];
        let from = |source: &str| {
            let all = resource["identifiers"].as_array().into_iter().flatten();
            all.filter(|one| one["source"] == source).filter_map(|one| one["target"].as_str()).collect::<Vec<_>>()
        };
        let loaded = !from("data").is_empty();
        let arguments: Vec<String> = from("input").into_iter().map(snake).collect();
        let gives = Self::gives(resource, &arguments);
        let (row, name) = if loaded { ("reference", snake(name)) } else { ("sub", name.to_owned()) };
        self.row([of, row, &name, &arguments.join(" "), "", "", &gives]);
    }

    fn gives(resource: &Value, arguments: &[String]) -> String {
        let Some(name) = resource["type"].as_str() else { return String::new() };
        format!("{name} {}", sources(&resource["identifiers"], arguments)).trim_end().to_owned()
    }

    fn row(&mut self, columns: [&str; 7]) {
        self.rows.push(std::iter::once(self.service).chain(columns).map(str::to_owned).collect());
    }
}

fn input(name: &str) -> Value {
    serde_json::json!({"target": name, "source": "input"})
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Names of identifiers, each with the argument or attribute that holds the same.
fn identifiers(resource: &Value) -> impl Iterator<Item = (&str, &str)> {
    let all = resource["identifiers"].as_array().into_iter().flatten();
    all.filter_map(|one| Some((one["name"].as_str()?, one["memberName"].as_str().unwrap_or_default())))
}

/// `TableName=identifier:Name`, several with spaces between.
fn sources(list: &Value, arguments: &[String]) -> String {
    let one = |one: &Value| {
        let target = one["target"].as_str()?;
        let source = one["source"].as_str()?;
        let value = match source {
            "input" if one["name"].is_null() => snake(target),
            "identifier" | "input" => one["name"].as_str()?.to_owned(),
            "string" | "integer" | "boolean" => one["value"].to_string().trim_matches('"').to_owned(),
            _ => one["path"].as_str()?.to_owned(),
        };
        debug_assert!(source != "input" || arguments.is_empty() || arguments.contains(&value));
        let source = if matches!(source, "string" | "integer" | "boolean") { "text" } else { source };
        (!value.contains([' ', '\t'])).then(|| format!("{target}={source}:{value}"))
    };
    list.as_array().into_iter().flatten().filter_map(one).collect::<Vec<_>>().join(" ")
}

/// `put_item` of `PutItem`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && !letters[at - 1].is_ascii_uppercase();
        let before_small = at > 0 && letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && (after_small || before_small) {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_those_of_python() {
        let check = |name: &str, expected: &str| assert_eq!(snake(name), expected);
        check("PutItem", "put_item");
        check("BucketName", "bucket_name");
        check("MFADelete", "mfa_delete");
        check("key", "key");
    }
}
