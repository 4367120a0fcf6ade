//! `cargo xtask licences`: every dependency comes from the public registry under a licence that ours allows, and
//! what must be there once is there once. Works without a network once the dependencies are there.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// Licences that code under MIT or Apache-2.0 may be linked with.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Packages whose types cross our crates; two versions would not fit together.
const ONCE: &[&str] = &["clap", "petgraph", "rayon", "serde", "serde_json"];

/// Checks, and names everything that is wrong.
pub(crate) fn run() -> Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked"]).stderr(Stdio::inherit());
    let output = command.output()?;
    ensure!(output.status.success(), "cargo metadata fails");
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let problems = problems(packages);
    if problems.is_empty() {
        println!("licences: {} packages are fine", packages.len());
        return Ok(());
    }
    bail!("{}", problems.join("\n"))
}

fn problems(packages: &[Value]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let name = text("name");
        *versions.entry(name).or_default() += 1;
        let Some(source) = package["source"].as_str() else { continue };
        if !source.starts_with("registry+") {
            problems.push(format!("{name} comes from {source}"));
        }
        if !allows(text("license"), &|word| ALLOWED.contains(&word)) {
            problems.push(format!("{name} is under `{}`", text("license")));
        }
    }
    let twice = ONCE.iter().filter(|name| versions.get(*name).is_some_and(|n| *n > 1));
    problems.extend(twice.map(|name| format!("{name} is there in two versions")));
    problems
}

/// Whether an SPDX expression can be satisfied with words that `fits` accepts. `/` is an old way to write `OR`.
fn allows(expression: &str, fits: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "\u{1}");
    let words: Vec<String> = spaced.split_whitespace().map(|w| w.replace('\u{1}', " WITH ")).collect();
    let mut at = 0;
    let result = either(&words, &mut at, fits);
    result && at == words.len()
}

fn either(words: &[String], at: &mut usize, fits: &dyn Fn(&str) -> bool) -> bool {
    let mut result = both(words, at, fits);
    while words.get(*at).is_some_and(|w| w == "OR") {
        *at += 1;
        result |= both(words, at, fits);
    }
    result
}

fn both(words: &[String], at: &mut usize, fits: &dyn Fn(&str) -> bool) -> bool {
    let mut result = one(words, at, fits);
    while words.get(*at).is_some_and(|w| w == "AND") {
        *at += 1;
        result &= one(words, at, fits);
    }
    result
}

fn one(words: &[String], at: &mut usize, fits: &dyn Fn(&str) -> bool) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if word != "(" {
        return fits(word);
    }
    let result = either(words, at, fits);
    let closed = words.get(*at).is_some_and(|w| w == ")");
    *at += 1;
    result && closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_satisfied_or_not() {
        let check =
            |text: &str, expected: bool| assert_eq!(allows(text, &|w| ALLOWED.contains(&w)), expected, "{text}");
        check("MIT OR Apache-2.0", true);
        check("MIT/Apache-2.0", true);
        check("GPL-3.0 OR MIT", true);
        check("GPL-3.0 AND MIT", false);
        check("(MIT OR GPL-3.0) AND Unicode-3.0", true);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("GPL-2.0 WITH Classpath-exception-2.0", false);
        check("(MIT", false);
        check("", false);
    }

    #[test]
    fn sources_and_versions_are_looked_at() {
        let package = |name: &str, source: &str| serde_json::json!({"name": name, "source": source, "license": "MIT"});
        assert!(problems(&[package("a", "registry+x"), package("serde", "registry+x")]).is_empty());
        assert_eq!(problems(&[package("a", "git+x")]), ["a comes from git+x"]);
        let twice = [package("serde", "registry+x"), package("serde", "registry+x")];
        assert_eq!(problems(&twice), ["serde is there in two versions"]);
    }
}
