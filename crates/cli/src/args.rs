//! What can be asked on the command line.

use clap::{Parser, Subcommand};
use render::registry::{FORMATS, Format};
use std::path::PathBuf;

const EXIT_CODES: &str = "Exit codes: 0 when all is well, 1 when `check` found a difference or `--strict` a warning, an error or \
     anything unresolved, 2 when it could not run";

/// Draws the wiring of a cloud system from its source: services, what they depend on, what flows between them.
///
/// PATH is a folder, or a model file that `connectome model` wrote. No cloud account is needed, no code is run and
/// nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(name = "connectome", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// One thing to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draw the system: architecture.drawio, .svg, .md, .dot and .json, or other formats
    Draw(DrawArgs),
    /// Say whether the drawings are up to date: exit with 1, and what appeared, vanished and changed, if not
    Check(CheckArgs),
    /// Print the model as JSON
    Model {
        /// A folder or a model file
        #[arg(default_value = ".")]
        path: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Print services, nodes, flows and what is unresolved as tables
    List {
        /// A folder or a model file
        #[arg(default_value = ".")]
        path: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Say why a node or an arrow is there: source lines, chain of calls, how each name was resolved
    #[command(override_usage = "connectome explain [OPTIONS] [PATH] NODE [NODE]")]
    Explain {
        /// The path, if any (the first of several words that is a file or folder), and one node or two:
        /// an id, a name, or the end of an id, as `connectome list` shows them. Where a folder is called like a node, `.`
        /// before two nodes says that both are nodes
        #[arg(required = true, num_args = 1..=3, value_name = "[PATH] NODE [NODE]", hide_possible_values = true)]
        what: Vec<String>,
        #[command(flatten)]
        common: Common,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Options of `draw`.
#[derive(Debug, clap::Args)]
pub(crate) struct DrawArgs {
    /// A folder or a model file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// The folder to write to (default: PATH/diagrams, or the folder of a model file); `-` prints the first page in one format
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Formats, with commas between them
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = format, help = formats_help())]
    pub(crate) format: Vec<&'static Format>,
    /// Where the repository's host shows the source, such as `https://github.com/owner/name/blob/main`
    #[arg(long, value_name = "URL", value_parser = crate::links::host)]
    pub(crate) source: Option<String>,
    /// Lay out anew what a person arranged in a drawing that is there already; what they added stays
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Bring back what a person deleted from a drawing that is there already
    #[arg(long)]
    pub(crate) show_hidden: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// A folder or a model file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// The folder of the drawings (default: PATH/diagrams, or the folder of a model file)
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// The formats to look at, with commas between them (default: those of the settings, or else those that are there)
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = format)]
    pub(crate) format: Vec<&'static Format>,
    /// Where the repository's host shows the source, such as `https://github.com/owner/name/blob/main`
    #[arg(long, value_name = "URL", value_parser = crate::links::host)]
    pub(crate) source: Option<String>,
    /// Let pass what is the same but for the lines of source that it stands at
    #[arg(long)]
    pub(crate) ignore_lines: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of every command that reads a PATH.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Common {
    /// The file of settings (default: connectome.yaml in the folder, if there is one)
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Instead of a cloud system, the crates and modules of a Cargo workspace, and who uses whom
    #[arg(long)]
    pub(crate) crates: bool,
    /// With --crates: also the crates that come from elsewhere
    #[arg(long, requires = "crates")]
    pub(crate) external_crates: bool,
    /// Leave out what matches, in the notation of .gitignore (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// What people call the system (default: the folder's name)
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The stage that is deployed, such as prod
    #[arg(long, value_name = "NAME")]
    pub(crate) stage: Option<String>,
    /// The value of a template parameter at deployment (repeatable)
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) params: Vec<(String, String)>,
    /// Also show flows that only a policy allows
    #[arg(long)]
    pub(crate) granted: bool,
    /// Leave larger files unread; bytes, or with K, M or G
    #[arg(long, value_name = "SIZE", default_value = "10M", value_parser = size)]
    pub(crate) max_file_size: u64,
    /// Exit with 1 when there is a warning, an error or anything unresolved
    #[arg(long)]
    pub(crate) strict: bool,
    /// Work everything out anew, and keep nothing for the next run
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Print neither summary nor diagnostics
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Print every diagnostic, notes included
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Print diagnostics as JSON, one a line
    #[arg(long)]
    pub(crate) json_diagnostics: bool,
}

/// A format by its name.
pub(crate) fn format(name: &str) -> Result<&'static Format, String> {
    render::registry::format(name).ok_or_else(|| format!("the formats are {}", names(FORMATS.iter())))
}

/// All formats, and those that are drawn when nobody says otherwise.
fn formats_help() -> String {
    let default = render::RenderOptions::default().formats;
    let (all, default) = (names(FORMATS.iter()), names(default.into_iter()));
    format!("Formats, with commas between them: {all} (default: {default}, or those of the settings)")
}

fn names<'a>(formats: impl Iterator<Item = &'a Format>) -> String {
    formats.map(|format| format.name).collect::<Vec<_>>().join(", ")
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" => 1_000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        _ => return Err("write a number of bytes, or one with K, M or G".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "write a whole number, such as 10M".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "that is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn sizes_and_pairs() {
        assert_eq!(size("10M"), Ok(10_000_000));
        assert_eq!(size("7"), Ok(7));
        assert!(size("M").is_err() && size("1X").is_err() && size("99999999999999999G").is_err());
        assert_eq!(pair("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert!(pair("=b").is_err() && pair("A").is_err());
    }
}
