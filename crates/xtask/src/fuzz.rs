//! `cargo xtask fuzz`: writes the corpus, and has libFuzzer change it for as long as one likes. Needs
//! `cargo install cargo-fuzz` and a C++ compiler.

use anyhow::{Context, Result, bail, ensure};
use fuzzing::{Target, corpus};
use std::path::Path;
use std::process::Command;

/// The limits that every input must keep: of memory, of time and of size. libFuzzer's counters make the program some
/// times slower, so that what keeps to a second here takes much less in use.
const LIMITS: &[&str] = &["-rss_limit_mb=1024", "-timeout=1", "-max_len=16384"];

/// Runs a target, or a file that it found. What follows goes to libFuzzer, after the limits, so that it may change them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        bail!("usage: cargo xtask fuzz python|rust|repository [FILE] [ARGUMENTS OF LIBFUZZER]");
    };
    let target = Target::ALL.into_iter().find(|t| t.name() == name).with_context(|| format!("no target `{name}`"))?;
    let folder = corpus::tests().join("fuzz");
    let [seeds, grown] = ["seeds", "grown"].map(|kind| folder.join("corpus").join(name).join(kind));
    std::fs::create_dir_all(&seeds)?;
    std::fs::create_dir_all(&grown)?;
    let entries = corpus::entries(target)?;
    for (i, entry) in entries.iter().enumerate() {
        std::fs::write(seeds.join(format!("{i:04}")), entry)?;
    }
    let words: Vec<String> = corpus::words(&entries).iter().map(|word| format!("\"{word}\"")).collect();
    let dictionary = folder.join("corpus").join(format!("{name}.dict"));
    std::fs::write(&dictionary, words.join("\n"))?;
    println!("{} entries; what libFuzzer adds is in {}", entries.len(), grown.display());
    // The versions that the program is built with, and libFuzzer's beside them.
    std::fs::copy(suite::repository().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let mut command = Command::new(env!("CARGO"));
    // Instrumentation is not stable; this allows it whichever toolchain there is. All our code is safe Rust, and without
    // a sanitizer more is tried in the same time.
    command.env("RUSTC_BOOTSTRAP", "1").args(["fuzz", "run", "--sanitizer", "none", "--codegen-units", "16"]);
    command.arg("--fuzz-dir").arg(&folder).arg(name);
    match rest.split_first() {
        Some((file, rest)) if Path::new(file).is_file() => command.arg(file).arg("--").args(LIMITS).args(rest),
        _ => {
            command.arg(&grown).arg(&seeds).arg("--");
            command.arg(format!("-dict={}", dictionary.display())).args(LIMITS).args(rest)
        }
    };
    ensure!(command.status()?.success(), "the target fails, or cargo-fuzz is missing");
    Ok(())
}
