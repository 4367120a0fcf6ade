//! The facade: the stages in order, from the files of a repository to the model of its system.
//!
//! In go [`facts::Sources`], out comes an [`Outcome`]. Configuration is read from every file that may be some
//! (`declare`); the code that deployed entries can reach is summarised (`reach`); each entry is interpreted,
//! and `resolve` joins it all. Work within a stage is parallel; results are put in order before the next one, so
//! the number of threads and the order of files change no byte. What is broken in a file becomes a diagnostic.
//!
//! To add a language or a configuration format, see [`registry`].

mod declare;
mod kept;
mod layers;
mod lost;
mod packed;
mod reach;
pub mod registry;
mod uploaded;
mod vendored;
mod watched;

use cache::{Cache, Key};
use facts::{Diagnostic, Entry, Place, ReadError, ResourceRef, RunTime, Sources, Start};
use model::Model;
use packed::Elsewhere;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use watched::Watched;

/// What the user says about the system.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What people call the system.
    pub name: String,
    /// Deployment values of parameters, by name.
    pub parameters: BTreeMap<String, String>,
    /// The value of every parameter that means the stage.
    pub stage: Option<String>,
}

/// A stage of the way, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Configuration is read.
    Declare,
    /// Code is summarised.
    Summarise,
    /// Entries are interpreted.
    Interpret,
    /// Both are joined.
    Resolve,
}

/// The model, and all there is to say about how it came to be.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The system.
    pub model: Model,
    /// What was left out or may be wrong, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What it took; differs from run to run and must not reach an output file.
    pub statistics: Statistics,
}

/// What a run took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Files of the scan.
    pub files: usize,
    /// Deployed pieces of code.
    pub entries: usize,
    /// Code files that they can reach.
    pub units: usize,
    /// How long each stage took.
    pub times: Vec<(Stage, Duration)>,
}

/// Runs all stages. Never fails: what cannot be understood is left out and named in a diagnostic.
pub fn run(sources: &dyn Sources, options: &Options) -> Outcome {
    run_watched(sources, options, &cache::Nothing, &|_| {})
}

/// The same with what earlier runs kept in `cache`, which changes nothing but the time it takes; `begins` is told of
/// each stage that begins.
pub fn run_watched(sources: &dyn Sources, options: &Options, cache: &dyn Cache, begins: &dyn Fn(Stage)) -> Outcome {
    let sources = Watched::new(sources);
    let known = cache.keeps().then(|| kept::outcome(cache, &sources, options)).flatten();
    known.unwrap_or_else(|| {
        let outcome = run_stages(&sources, options, cache, begins);
        if cache.keeps() {
            kept::keep_outcome(cache, &sources, options, &outcome);
        }
        outcome
    })
}

/// The crates and modules of a Cargo workspace, and who uses whom: another model of the same files, made without the
/// stages. `external` is whether crates from elsewhere are in it.
pub fn crates(sources: &dyn Sources, options: &Options, external: bool) -> Outcome {
    let read = workspace::read(sources, &workspace::Options { name: options.name.clone(), external });
    let statistics = Statistics { files: sources.paths().len(), ..Statistics::default() };
    Outcome { model: read.model, diagnostics: read.diagnostics, statistics }
}

fn run_stages(sources: &Watched<'_>, options: &Options, cache: &dyn Cache, begins: &dyn Fn(Stage)) -> Outcome {
    let mut watch = Watch { begins, times: Vec::new() };
    let resolve_options = resolve::Options {
        name: options.name.clone(),
        parameters: options.parameters.clone(),
        stage: options.stage.clone(),
    };
    let elsewhere = Elsewhere::new(sources);
    let declarations = watch.time(Stage::Declare, || {
        let mut declarations = declare::declare(sources);
        layers::lend(&mut declarations, &elsewhere, sources, &resolve_options);
        uploaded::find(&mut declarations, &elsewhere, sources);
        declarations
    });
    let mut code = watch.time(Stage::Summarise, || reach::reach(&declarations.entries, &elsewhere, sources, cache));
    let run_times = watch.time(Stage::Interpret, || interpret(&declarations.entries, &mut code, sources, cache));
    let statistics = Statistics {
        files: sources.paths().len(),
        entries: declarations.entries.len(),
        units: code.heads.len(),
        times: Vec::new(),
    };
    let mut diagnostics = std::mem::take(&mut code.diagnostics);
    // The summaries are the largest part of what a run holds, and nobody needs them any more.
    drop(code);
    let joined = watch.time(Stage::Resolve, || resolve::join(declarations, run_times, &resolve_options));
    diagnostics.extend(joined.diagnostics);
    diagnostics.sort();
    diagnostics.dedup();
    Outcome { model: joined.model, diagnostics, statistics: Statistics { times: watch.times, ..statistics } }
}

/// An entry whose code is in the scan.
struct Located<'a> {
    entry: &'a Entry,
    start: &'a Start,
    /// The key of what it does, where anything is kept, and what was.
    key: Option<Key>,
    known: Option<RunTime>,
}

/// What each entry does: as an earlier run has kept it, or else by interpreting its code.
fn interpret(
    entries: &[Entry],
    code: &mut reach::Code,
    sources: &Watched<'_>,
    cache: &dyn Cache,
) -> Vec<(ResourceRef, RunTime)> {
    let starts = std::mem::take(&mut code.starts);
    let locate = |(entry, start): (&'_ Entry, &'_ Option<Start>)| {
        let start = start.as_ref()?;
        let key = cache.keeps().then(|| kept::run_time_key(entry, start, code, sources)).flatten();
        let known = key.as_ref().and_then(|key| kept::run_time(cache, key, sources));
        Some((key, known))
    };
    let known: Vec<_> = entries.par_iter().zip(&starts).map(locate).collect();
    let located = entries.iter().zip(&starts).zip(known);
    let located: Vec<Located<'_>> = located
        .filter_map(|((entry, start), known)| {
            let (key, known) = known?;
            Some(Located { entry, start: start.as_ref()?, key, known })
        })
        .collect();
    let open: Vec<&Start> = located.iter().filter(|one| one.known.is_none()).map(|one| one.start).collect();
    code.summarise(&open, sources);
    let program = &code.program;
    let run = |Located { entry, start, key, known }: Located<'_>| {
        let run_time = known.unwrap_or_else(|| {
            let run_time = interpret::run(entry, start, program, sources);
            if let Some(key) = &key {
                kept::keep_run_time(cache, key, &run_time, sources);
            }
            run_time
        });
        (entry.owner.clone(), run_time)
    };
    located.into_par_iter().map(run).collect()
}

struct Watch<'a> {
    begins: &'a dyn Fn(Stage),
    times: Vec<(Stage, Duration)>,
}

impl Watch<'_> {
    fn time<T>(&mut self, stage: Stage, work: impl FnOnce() -> T) -> T {
        (self.begins)(stage);
        let start = Instant::now();
        let result = work();
        self.times.push((stage, start.elapsed()));
        result
    }
}

/// Why a file that is wanted is not read.
fn unread(path: &Arc<str>, error: &ReadError) -> Diagnostic {
    let place = Place::new(path.clone(), 1, 1);
    match error {
        ReadError::TooLarge(bytes) => {
            let message = format!("the file has {bytes} bytes, more than the limit, and is left out");
            Diagnostic::warning("file-too-large", place, message)
                .with_hint("raise the limit by --max-file-size, or leave the file out by --exclude")
        }
        ReadError::Missing => Diagnostic::warning("file-unreadable", place, "the file is gone and is left out"),
        ReadError::Failed(reason) => {
            let message = format!("the file cannot be read and is left out: {reason}");
            Diagnostic::warning("file-unreadable", place, message)
        }
    }
}

/// A file that is used has bytes that are not text.
fn replaced(path: &Arc<str>) -> Diagnostic {
    let message = "the file is not UTF-8; what is not is replaced, and names with it may not be recognised";
    Diagnostic::warning("not-utf8", Place::new(path.clone(), 1, 1), message).with_hint("save the file as UTF-8")
}

#[cfg(test)]
mod tests;
