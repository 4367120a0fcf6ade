//! `cargo xtask`: regenerates what the repository holds of other things, checks it, and runs the tests. A development
//! tool; nothing of the program needs it.

#![expect(clippy::print_stdout, reason = "a tool on the command line")]

mod catalog;
mod catalog_check;
mod catalog_flows;
mod catalog_levels;
mod catalog_models;
mod catalog_sdk;
mod catalog_tables;
mod diagrams;
mod fuzz;
mod layout_benchmark;
mod licences;
mod readers;
mod test;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) if task == "catalog" => catalog::run(rest),
        Some((task, _)) if task == "diagrams" => diagrams::run(),
        Some((task, rest)) if task == "fuzz" => fuzz::run(rest),
        Some((task, rest)) if task == "layout-benchmark" => layout_benchmark::run(rest),
        Some((task, _)) if task == "licences" => licences::run(),
        Some((task, _)) if task == "readers" => readers::run(),
        Some((task, rest)) if task == "test" => test::run(rest),
        _ => bail!(
            "usage: cargo xtask catalog [--check] | diagrams | fuzz TARGET | layout-benchmark [ROWS] | licences | \
             readers | test [ARGUMENTS OF CARGO TEST]"
        ),
    }
}
