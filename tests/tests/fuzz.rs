//! The short run of the fuzzing targets: what was found once, and the same few hundred changed entries each time. The
//! long run is `cargo xtask fuzz`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use fuzzing::{Mutator, Target, corpus};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

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
fn damaged_rust_harms_nothing() {
    short_run(Target::Rust);
}

#[test]
fn damaged_repositories_harm_nothing() {
    short_run(Target::Repository);
}

/// Tries changed entries of the corpus.
fn short_run(target: Target) {
    let mut mutator = Mutator::new(corpus::entries(target).unwrap(), 1);
    let entries: Vec<Vec<u8>> = (0..ENTRIES).map(|_| mutator.next_entry()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((i, bytes)) = Some(next.fetch_add(1, Relaxed)).and_then(|i| Some((i, entries.get(i)?))) {
            checked(target, bytes, &format!("short-{i}"));
        }
    };
    // Not on rayon's threads: one that waits for the program's begins another entry on top of the same stack.
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
}

/// The input stands in a file while it is tried, as nothing can be written after an overflow of the stack. One that
/// fails is left there.
fn checked(target: Target, bytes: &[u8], name: &str) {
    let folder = corpus::tests().join("fuzz/artifacts").join(target.name());
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    std::fs::write(&file, bytes).unwrap();
    target.check(bytes);
    std::fs::remove_file(file).unwrap();
}
