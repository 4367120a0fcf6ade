//! What fuzzing begins with: the files of the literate scenarios, so that no second copy of them is kept.

use crate::{Target, bundle};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Larger entries make every change of them slow to try.
const LARGEST: usize = 8 << 10;

/// Words in this many entries mean something to the program or to the libraries that it knows.
const COMMON: usize = 3;

/// Every entry of the target, in the order of the suite.
pub fn entries(target: Target) -> Result<Vec<Vec<u8>>, mdtest::Error> {
    let mut entries = Vec::new();
    for document in mdtest::load_folder(&tests().join("suite"))? {
        for scenario in &document.scenarios {
            match target {
                Target::Python => {
                    let code = scenario.files().iter().filter(|(path, _)| is_python(path));
                    entries.extend(code.map(|(_, text)| text.clone().into_bytes()));
                }
                Target::Rust => {
                    let code = scenario.files().iter().filter(|(path, _)| path.ends_with("main.rs"));
                    entries.extend(code.map(|(_, text)| text.clone().into_bytes()));
                }
                Target::Repository => entries.push(bundle::join(scenario.files())),
            }
        }
    }
    entries.retain(|entry| !entry.is_empty() && entry.len() <= LARGEST);
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|entry| seen.insert(entry.clone()));
    Ok(entries)
}

/// What was found once: inputs that must never fail again, by file name.
pub fn regressions(target: Target) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let folder = tests().join("fuzz/regressions").join(target.name());
    if folder.is_dir() {
        for file in std::fs::read_dir(folder)? {
            let file = file?;
            found.insert(file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path())?);
        }
    }
    Ok(found)
}

/// The words that several entries have, most common first: `AWS::SQS::Queue`, `send_message`, `Resources`.
pub fn words(entries: &[Vec<u8>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let part = |c: char| !(c.is_ascii_alphanumeric() || "_:.!@".contains(c));
    let texts: Vec<String> = entries.iter().map(|e| String::from_utf8_lossy(e).into_owned()).collect();
    for text in &texts {
        let words: std::collections::BTreeSet<&str> =
            text.split(part).filter(|w| (2..=40).contains(&w.len())).collect();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut common: Vec<(&str, usize)> = counts.into_iter().filter(|(_, n)| *n >= COMMON).collect();
    common.sort_by_key(|(word, n)| (std::cmp::Reverse(*n), *word));
    common.into_iter().map(|(word, _)| word.to_owned()).collect()
}

/// The folder of the tests of the whole program.
pub fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn is_python(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == "py")
}
