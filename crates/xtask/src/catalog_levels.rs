//! Access levels of IAM actions, and the table of verbs that stands for them.

use crate::catalog_sdk::{Sdk, SdkService};
use crate::catalog_tables::Table;
use anyhow::Result;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// By IAM prefix: action in lower case to whether it reads.
pub(crate) struct Levels(BTreeMap<String, BTreeMap<String, bool>>);

/// A verb that fewer operations use says too little.
const FEWEST: usize = 3;

impl Levels {
    /// Reads one file a prefix.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut all = BTreeMap::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            let actions: Map<String, Value> = serde_json::from_slice(&std::fs::read(&path)?)?;
            let reads = |action: &Value| matches!(action["accessLevel"].as_str(), Some("Read" | "List"));
            let prefix = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            all.insert(prefix, actions.iter().map(|(name, action)| (name.clone(), reads(action))).collect());
        }
        Ok(Self(all))
    }

    /// The IAM prefix that knows the most operations of a service; the signing name when none does.
    pub(crate) fn prefix(&self, service: &SdkService) -> String {
        let joined =
            |prefix: &&String| service.operations.keys().filter(|name| self.level(prefix, name).is_some()).count();
        // The first of equals: `max_by_key` takes the last.
        let best = service.prefixes.iter().rev().max_by_key(joined);
        best.cloned().unwrap_or_else(|| service.client.clone())
    }

    fn level(&self, prefix: &str, operation: &str) -> Option<bool> {
        self.0.get(prefix)?.get(&operation.to_lowercase()).copied()
    }

    /// The verbs that read, the operations that differ from their verb, and a line on how well they agree.
    pub(crate) fn verbs(&self, sdk: &Sdk) -> (Table, Table, String) {
        let mut joined = Vec::new();
        for service in &sdk.services {
            let prefix = self.prefix(service);
            for name in service.operations.keys() {
                joined.extend(self.level(&prefix, name).map(|reads| (service.client.as_str(), name.as_str(), reads)));
            }
        }
        let verbs = reading(joined.iter().copied());
        let mut table = Table::new("# verbs that read");
        table.rows = verbs.iter().map(|verb| vec![(*verb).to_owned()]).collect();
        let mut exceptions = Table::new("# client\toperation\taccess");
        for (client, name, reads) in joined.iter().filter(|(_, name, reads)| verbs.contains(verb(name)) != *reads) {
            let access = if *reads { "read" } else { "write" };
            exceptions.rows.push([client, *name, access].map(str::to_owned).to_vec());
        }
        let report = report(sdk, &joined, &table, &exceptions);
        (table, exceptions, report)
    }
}

fn report(sdk: &Sdk, joined: &[(&str, &str, bool)], verbs: &Table, exceptions: &Table) -> String {
    let operations: usize = sdk.services.iter().map(|s| s.operations.len()).sum();
    let differing: BTreeSet<_> = exceptions.rows.iter().map(|row| &row[0]).collect();
    format!(
        "{} services, {operations} operations; {} joined with an access level; {} verbs read; {} exceptions in {} \
         services: the verbs agree with {:.2} % of access levels, and with {:.2} % when made from the other half of the services",
        sdk.services.len(),
        joined.len(),
        verbs.rows.len(),
        exceptions.rows.len(),
        differing.len(),
        percent(joined.len() - exceptions.rows.len(), joined.len()),
        held_out(joined),
    )
}

/// How well verbs learnt from every second service agree with the rest.
fn held_out(joined: &[(&str, &str, bool)]) -> f64 {
    let clients: Vec<&str> = joined.iter().map(|(client, ..)| *client).collect::<BTreeSet<_>>().into_iter().collect();
    let half = |one: &(&str, &str, bool)| clients.binary_search(&one.0).unwrap_or(0) % 2;
    let mut right = 0;
    for side in [0, 1] {
        let verbs = reading(joined.iter().filter(|one| half(one) != side).copied());
        right += joined.iter().filter(|one| half(one) == side && verbs.contains(verb(one.1)) == one.2).count();
    }
    percent(right, joined.len())
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

/// Verbs of which most operations read.
fn reading<'a>(joined: impl Iterator<Item = (&'a str, &'a str, bool)>) -> BTreeSet<&'a str> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (_, name, reads) in joined {
        let count = counts.entry(verb(name)).or_default();
        count.0 += usize::from(reads);
        count.1 += 1;
    }
    counts.into_iter().filter(|(_, (reads, all))| *all >= FEWEST && reads * 2 > *all).map(|(verb, _)| verb).collect()
}

/// The first word after `Batch`, `Bulk` and `Admin`, as the catalog itself takes it.
fn verb(name: &str) -> &str {
    let end =
        |text: &str| text.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase()).map_or(text.len(), |(at, _)| at);
    let mut rest = name;
    while matches!(&rest[..end(rest)], "Batch" | "Bulk" | "Admin") && end(rest) < rest.len() {
        rest = &rest[end(rest)..];
    }
    &rest[..end(rest)]
}
