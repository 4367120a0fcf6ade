//! `cargo xtask test`: installs what the tests need beyond Rust, then runs them all.

use crate::readers;
use anyhow::{Result, ensure};
use std::process::Command;

/// Runs every test; the arguments go to `cargo test`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let Err(problem) = readers::run() {
        println!("{problem:#}: tests that need it are skipped, in CI they fail");
    }
    let status = Command::new(env!("CARGO")).args(["test", "--workspace"]).args(arguments).status()?;
    ensure!(status.success(), "some tests fail");
    Ok(())
}
