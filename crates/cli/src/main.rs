//! The `connectome` command: options in, drawings, tables and diagnostics out.
//!
//! `args` says what can be asked, `input` makes a model of PATH, one module a command does the rest. Nothing
//! is known here of what the model means beyond its words. Exit codes: 0 done, 1 done but `check` or `--strict` found fault,
//! 2 could not run.

mod args;
mod check;
mod draw;
mod explain;
mod input;
mod keep;
mod links;
mod list;
mod lookup;
mod output;
mod progress;
mod report;
mod safe;
mod settings;
mod table;

use args::{Args, Command, Common};
use clap::{CommandFactory, Parser};
use std::process::ExitCode;

/// Most of a run is many small values, made and dropped on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(code) => code,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report::failure(&error);
            ExitCode::from(2)
        }
    }
}

fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Draw(args) => draw::draw(&args),
        Command::Check(args) => check::check(&args),
        Command::Model { path, common } => {
            let input = input::load(&path, &common, &[])?;
            output::print(&input.model.to_json())?;
            Ok(finish(input, &common))
        }
        Command::List { path, common } => {
            let input = input::load(&path, &common, &[])?;
            output::print(&list::list(&input.model, common.granted))?;
            Ok(finish(input, &common))
        }
        Command::Explain { what, common } => explain::explain(&what, &common),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "connectome", &mut text);
            output::print(&String::from_utf8_lossy(&text))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut text)?;
            output::print(&String::from_utf8_lossy(&text))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Reports, and keeps what the next run may need.
fn finish(input: input::Input, common: &Common) -> ExitCode {
    let code = report::report(&input, common);
    input.close();
    code
}
