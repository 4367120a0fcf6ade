//! `cargo xtask`: regenerates what the repository holds of other things, and checks it.

mod catalog;
mod catalog_check;
mod catalog_flows;
mod catalog_levels;
mod catalog_models;
mod catalog_sdk;
mod catalog_tables;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) if task == "catalog" => catalog::run(rest),
        _ => bail!("usage: cargo xtask catalog [--check]"),
    }
}
