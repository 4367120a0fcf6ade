//! `cargo xtask layout-benchmark`: installs `elkjs` and Graphviz if they are missing, then compares layouts.

use crate::readers;
use anyhow::{Result, ensure};
use std::process::Command;
use suite::repository;

/// Prints the table; the arguments choose rows.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Err(problem) = readers::run() {
        println!("{problem:#}: there may be no figures of Graphviz");
    }
    let package = repository().join("crates/layout/benches/elkjs");
    if !package.join("node_modules").exists() {
        let installed = Command::new("npm").args(["ci", "--silent"]).current_dir(package).status();
        if !installed.is_ok_and(|s| s.success()) {
            println!("`npm ci` failed: there will be no figures of elkjs");
        }
    }
    let bench = ["bench", "--quiet", "--package", "layout", "--bench", "engines", "--"];
    let status = Command::new(env!("CARGO")).args(bench).args(arguments).status()?;
    ensure!(status.success(), "the benchmark failed");
    Ok(())
}
