//! From PATH to a model.

use crate::args::Common;
use crate::progress::Progress;
use crate::settings::Settings;
use anyhow::Context;
use cache::{Cache, Disk, Nothing};
use etcetera::BaseStrategy;
use facts::Diagnostic;
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
    if path.is_file() {
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
        return Ok(scanned(outcome, folder, settings, None));
    }
    let kept = (!common.no_cache).then(|| kept(path)).flatten();
    let outcome = pipeline::run_watched(&folder, &options, cache(kept.as_ref()), &|stage| progress.stage(stage));
    Ok(scanned(outcome, folder, settings, kept))
}

fn scanned(outcome: pipeline::Outcome, folder: Folder, settings: Settings, kept: Option<Disk>) -> Input {
    let mut diagnostics = outcome.diagnostics;
    diagnostics.extend_from_slice(folder.diagnostics());
    diagnostics.sort();
    diagnostics.dedup();
    Input { model: outcome.model, diagnostics, folder: Some(folder), settings, kept }
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

fn model_file(path: &Path, settings: Settings) -> anyhow::Result<Input> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let model = Model::from_json(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
    Ok(Input { model, diagnostics: Vec::new(), folder: None, settings, kept: None })
}

fn folder_name(path: &Path) -> String {
    let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    canonical.file_name().map_or_else(|| "system".to_owned(), |name| name.to_string_lossy().into_owned())
}
