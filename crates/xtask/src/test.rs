//! `cargo xtask test`: installs what the tests need beyond Rust, then runs them all.

use anyhow::{Result, ensure};
use std::process::{Command, Stdio};

/// Runs every test; the arguments go to `cargo test`.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if !install_graphviz() {
        println!("Graphviz is missing and cannot be installed here: its tests are skipped, in CI they fail");
    }
    let status = Command::new(env!("CARGO")).args(["test", "--workspace"]).args(arguments).status()?;
    ensure!(status.success(), "some tests fail");
    Ok(())
}

/// Whether Graphviz is there, or could be installed.
pub(crate) fn install_graphviz() -> bool {
    succeeds("dot", &["-V"]) || install("graphviz")
}

/// Whether the package was installed: with `apt-get`, as root or by `sudo` without a password.
fn install(package: &str) -> bool {
    let get = |arguments: &[&str]| {
        let root = succeeds("sh", &["-c", "test \"$(id -u)\" = 0"]);
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["--non-interactive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).stdin(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    };
    let with = ["install", "--yes", "--no-install-recommends", package];
    succeeds("apt-get", &["--version"]) && (get(&with) || (get(&["update"]) && get(&with)))
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|s| s.success())
}
