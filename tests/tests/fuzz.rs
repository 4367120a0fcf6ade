//! The short run of the fuzzing targets: what was found once, and the same few hundred changed entries each time. The
//! long run is `cargo xtask fuzz`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use fuzzing::{Mutator, Target, corpus};
use rayon::prelude::*;

/// Entries that a short run tries, of each target.
const ENTRIES: usize = 1000;

#[test]
fn what_was_found_once_holds() {
    for target in Target::ALL {
        for (file, bytes) in corpus::regressions(target).unwrap() {
            checked(target, &bytes, &file);
        }
    }
}

#[test]
fn damaged_python_harms_nothing() {
    short_run(Target::Python);
}

#[test]
fn damaged_repositories_harm_nothing() {
    short_run(Target::Repository);
}

/// Tries changed entries of the corpus. One that fails is written beside the corpus, to be run alone.
fn short_run(target: Target) {
    let mut mutator = Mutator::new(corpus::entries(target).unwrap(), 1);
    let entries: Vec<Vec<u8>> = (0..ENTRIES).map(|_| mutator.next_entry()).collect();
    entries.par_iter().enumerate().for_each(|(i, bytes)| checked(target, bytes, &format!("short-{i}")));
}

fn checked(target: Target, bytes: &[u8], name: &str) {
    if std::panic::catch_unwind(|| target.check(bytes)).is_err() {
        let folder = corpus::tests().join("fuzz/artifacts").join(target.name());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
        panic!("{name} fails; it is in tests/fuzz/artifacts, and `cargo xtask fuzz` tells how to keep it");
    }
}
