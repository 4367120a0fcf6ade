//! What a run keeps for the next one: the whole outcome, what each entry does, and what each file imports.
//!
//! Each is kept under a digest of everything that it depends on. The outcome depends on the options, the names of all
//! files and the texts of those that were read; what an entry does, on its declaration and the texts of the files that
//! it reaches. So a run over an unchanged folder only reads and compares, and a changed file costs the entries that
//! reach it.

use crate::reach::{Code, Head};
use crate::watched::Watched;
use crate::{Options, Outcome, Statistics};
use cache::{Cache, Digest, Key};
use facts::{Diagnostic, Entry, RunTime, Sources, Start};
use model::Model;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// An outcome, and the files that were read for it.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Index among the sorted paths, and digest.
    read: Vec<(u32, [u8; 32])>,
    model: String,
    diagnostics: Vec<Diagnostic>,
    entries: u32,
    units: u32,
}

/// The outcome of an earlier run, where nothing that it depends on has changed.
pub(crate) fn outcome(cache: &dyn Cache, sources: &Watched<'_>, options: &Options) -> Option<Outcome> {
    let kept: Kept = postcard::from_bytes(&cache.get(&outcome_key(sources, options))?).ok()?;
    let same = |(index, digest): &(u32, [u8; 32])| sources.digest_at(*index as usize) == Digest(*digest);
    let known = kept.read.iter().all(|(index, _)| (*index as usize) < sources.paths().len());
    if !known || !kept.read.par_iter().all(same) {
        return None;
    }
    let model = Model::from_json(&kept.model).ok()?;
    let statistics = Statistics {
        files: sources.paths().len(),
        entries: kept.entries as usize,
        units: kept.units as usize,
        times: Vec::new(),
    };
    Some(Outcome { model, diagnostics: kept.diagnostics, statistics })
}

/// Keeps the outcome of a run that read what `sources` saw.
pub(crate) fn keep_outcome(cache: &dyn Cache, sources: &Watched<'_>, options: &Options, outcome: &Outcome) {
    let indices: Vec<usize> = sources.read_so_far().collect();
    let read = indices.into_par_iter().map(|index| (index as u32, sources.digest_at(index).0)).collect();
    let kept = Kept {
        read,
        model: outcome.model.to_json(),
        diagnostics: outcome.diagnostics.clone(),
        entries: outcome.statistics.entries as u32,
        units: outcome.statistics.units as u32,
    };
    if let Ok(bytes) = postcard::to_allocvec(&kept) {
        cache.put(&outcome_key(sources, options), bytes);
    }
    for question in ["outcome", "head", "run time"] {
        cache.forget_others(question);
    }
}

fn outcome_key(sources: &Watched<'_>, options: &Options) -> Key {
    let mut key = Key::new("outcome").with(options.name.as_bytes());
    key.add(options.stage.as_deref().unwrap_or_default().as_bytes());
    key.add(&[u8::from(options.stage.is_some())]);
    for (name, value) in &options.parameters {
        key.add(name.as_bytes());
        key.add(value.as_bytes());
    }
    key.add(b"files");
    for path in sources.paths() {
        key.add(path.as_bytes());
        key.add(&[u8::from(sources.is_alias(path))]);
    }
    key
}

/// What a file imports, as an earlier run found. `path` names the file, for diagnostics hold it.
pub(crate) fn head(cache: &dyn Cache, language: &str, path: &str, digest: Digest) -> Option<Head> {
    postcard::from_bytes(&cache.get(&head_key(language, path, digest))?).ok()
}

/// Keeps what a file imports.
pub(crate) fn keep_head(cache: &dyn Cache, language: &str, path: &str, digest: Digest, head: &Head) {
    if let Ok(bytes) = postcard::to_allocvec(head) {
        cache.put(&head_key(language, path, digest), bytes);
    }
}

fn head_key(language: &str, path: &str, digest: Digest) -> Key {
    Key::new("head").with(b"and mentions").with(language.as_bytes()).with(path.as_bytes()).with(&digest.0)
}

/// What an entry does, as an earlier run found, if the files that its code opens are what they were.
pub(crate) fn run_time(cache: &dyn Cache, key: &Key, sources: &Watched<'_>) -> Option<RunTime> {
    let (run_time, opened): (RunTime, [u8; 32]) = postcard::from_bytes(&cache.get(key)?).ok()?;
    (opened == opened_digest(&run_time, sources)).then_some(run_time)
}

/// Keeps what an entry does.
pub(crate) fn keep_run_time(cache: &dyn Cache, key: &Key, run_time: &RunTime, sources: &Watched<'_>) {
    if let Ok(bytes) = postcard::to_allocvec(&(run_time, opened_digest(run_time, sources))) {
        cache.put(key, bytes);
    }
}

/// What all files are that the code opens. The outcome of the run depends on them, too.
fn opened_digest(run_time: &RunTime, sources: &Watched<'_>) -> [u8; 32] {
    let mut key = Key::new("opened");
    for path in &run_time.opened {
        // Being read is what makes the outcome depend on a file.
        let known = sources.read(path).is_ok();
        key.add(sources.digest(path).filter(|_| known).as_ref().map_or(&[], |digest| digest.0.as_slice()));
    }
    key.digest().0
}

/// The key for what an entry does: its declaration, and each file that it reaches with what its imports mean.
pub(crate) fn run_time_key(entry: &Entry, start: &Start, code: &Code, sources: &Watched<'_>) -> Option<Key> {
    let mut key = Key::new("run time");
    key.add(&postcard::to_allocvec(&(entry, start)).ok()?);
    let imports = code.program.imports.get(&start.roots);
    for path in code.reached(start) {
        key.add(path.as_bytes());
        // The text of code inside of a template is in the entry.
        key.add(sources.digest(path).as_ref().map_or(&[], |digest| digest.0.as_slice()));
        for (module, file) in imports.and_then(|all| all.get(code.own_path(path))).into_iter().flatten() {
            key.add(module.as_bytes());
            key.add(file.as_bytes());
        }
        key.add(b"");
    }
    Some(key)
}
