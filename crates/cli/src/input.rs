//! From PATH to a model.

use crate::args::Common;
use crate::list::is_node;
use crate::progress::Progress;
use crate::settings::Settings;
use anyhow::Context;
use cache::{Cache, Disk, Nothing};
use etcetera::BaseStrategy;
use facts::{Diagnostic, Severity};
use model::Model;
use source::Folder;
use std::path::{Path, PathBuf};

/// The model of PATH, and where it came from.
pub(crate) struct Input {
    /// The model.
    pub(crate) model: Model,
    /// What there is to say about the source; nothing for a model file.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The files, when PATH is a folder.
    pub(crate) folder: Option<Folder>,
    /// What the team wants.
    pub(crate) settings: Settings,
    /// What earlier runs kept.
    kept: Option<Disk>,
}

impl Input {
    /// What earlier runs kept, and where this one keeps more.
    pub(crate) fn cache(&self) -> &dyn Cache {
        cache(self.kept.as_ref())
    }

    /// Whether nothing was found that a drawing could show.
    pub(crate) fn is_empty(&self) -> bool {
        is_empty(&self.model)
    }

    /// Writes down what the next run may need. That it cannot be written costs that run time and nothing else.
    pub(crate) fn close(self) {
        self.kept.map(Disk::close);
    }
}

fn cache(kept: Option<&Disk>) -> &dyn Cache {
    kept.map_or(&Nothing, |disk| disk)
}

/// Reads a model file, or scans a folder without the folders in `skip`.
pub(crate) fn load(path: &Path, common: &Common, skip: &[PathBuf]) -> anyhow::Result<Input> {
    let settings = match &common.settings {
        Some(file) => Settings::of_file(file)?,
        None if path.is_dir() => Settings::of_folder(path)?,
        None => Settings::default(),
    };
    let mut input = read(path, common, skip, settings)?;
    if !common.crates && !input.is_empty() {
        input.diagnostics.extend(input.settings.unknown(&input.model)?);
    }
    Ok(input)
}

fn read(path: &Path, common: &Common, skip: &[PathBuf], settings: Settings) -> anyhow::Result<Input> {
    if path.is_file() {
        if let Some(option) = of_folders(common) {
            anyhow::bail!(
                "{option} says how a folder is read; `{}` is a model that has been read already",
                path.display()
            );
        }
        return model_file(path, settings);
    }
    let progress = Progress::new(common.quiet);
    progress.say("finding files");
    let exclude = settings.exclude.iter().chain(&common.exclude).cloned().collect();
    let options = source::Options { exclude, skip: skip.to_vec(), max_file_bytes: common.max_file_size };
    let folder = Folder::open(path, &options)?;
    let options = pipeline::Options {
        name: common.name.clone().or_else(|| settings.name.clone()).unwrap_or_else(|| folder_name(path)),
        // What stands later in the list wins: the command line.
        parameters: settings.parameters.clone().into_iter().chain(common.params.iter().cloned()).collect(),
        stage: common.stage.clone().or_else(|| settings.stage.clone()),
    };
    if common.crates {
        progress.say("reading crates");
        let outcome = pipeline::crates(&folder, &options, common.external_crates);
        return Ok(scanned(outcome, true, folder, settings, None));
    }
    let kept = (!common.no_cache).then(|| kept(path)).flatten();
    let outcome = pipeline::run_watched(&folder, &options, cache(kept.as_ref()), &|stage| progress.stage(stage));
    Ok(scanned(outcome, false, folder, settings, kept))
}

fn scanned(outcome: pipeline::Outcome, crates: bool, folder: Folder, settings: Settings, kept: Option<Disk>) -> Input {
    let mut diagnostics = outcome.diagnostics;
    diagnostics.extend_from_slice(folder.diagnostics());
    // Where a program's crates were asked for, the reader of crates says what is missing.
    if is_empty(&outcome.model) && !crates {
        diagnostics.push(nothing_found());
    }
    diagnostics.sort();
    diagnostics.dedup();
    Input { model: outcome.model, diagnostics, folder: Some(folder), settings, kept }
}

fn is_empty(model: &Model) -> bool {
    !model.nodes.iter().any(is_node)
}

fn nothing_found() -> Diagnostic {
    Diagnostic {
        place: None,
        severity: Severity::Warning,
        code: "nothing-found",
        message: "no function, queue, table or the like is declared in this folder, so there is nothing to draw".to_owned(),
        hint: Some(
            "PATH is a folder with templates of CloudFormation or SAM, a `serverless.yml`, a synthesised CDK app or a Chalice \
             project; `--crates` draws the crates of a Cargo workspace"
                .to_owned(),
        ),
    }
}

/// The cache of a folder. Below `CONNECTOME_CACHE`, or else where the platform keeps such things; `None` when there is
/// no such place, or another run has it open.
fn kept(path: &Path) -> Option<Disk> {
    let own = || etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("connectome"));
    let folder = std::env::var_os("CONNECTOME_CACHE").map(PathBuf::from).or_else(own)?;
    Disk::open(&folder, &path.canonicalize().ok()?, &program()?)
}

/// The program that runs: its version, and size and time of its file, for there are many builds of a version.
fn program() -> Option<String> {
    let file = std::env::current_exe().and_then(|path| path.metadata()).ok()?;
    Some(format!("{} {} {:?}", env!("CARGO_PKG_VERSION"), file.len(), file.modified().ok()?))
}

/// An option that is given and says something of how a folder is read.
fn of_folders(common: &Common) -> Option<&'static str> {
    [
        ("--crates", common.crates),
        ("--exclude", !common.exclude.is_empty()),
        ("--name", common.name.is_some()),
        ("--stage", common.stage.is_some()),
        ("--param", !common.params.is_empty()),
    ]
    .into_iter()
    .find_map(|(option, given)| given.then_some(option))
}

fn model_file(path: &Path, settings: Settings) -> anyhow::Result<Input> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let model = Model::from_json(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
    Ok(Input { model, diagnostics: Vec::new(), folder: None, settings, kept: None })
}

fn folder_name(path: &Path) -> String {
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    canonical.file_name().map_or_else(|| "system".to_owned(), |name| name.to_string_lossy().into_owned())
}
