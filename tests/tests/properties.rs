//! What holds for every repository: no bytes panic, and neither the order of files nor threads change a byte.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use facts::MemorySources;
use proptest::prelude::*;
use render::RenderOptions;
use std::fs;
use std::path::Path;
use suite::{examples, scan};

type File = (String, Vec<u8>);

/// Repositories to begin with: each example, and each scenario of the suite.
fn repositories() -> Vec<Vec<File>> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite");
    let documents = mdtest::load_folder(&suite).unwrap();
    let scenarios = documents.iter().flat_map(|d| &d.scenarios);
    let files = |files: &[(String, String)]| files.iter().map(|(p, t)| (p.clone(), t.clone().into_bytes())).collect();
    let mut all: Vec<Vec<File>> = scenarios.map(|s| files(s.files())).collect();
    all.extend(examples().unwrap().iter().map(|(_, folder)| read(folder)));
    all
}

fn read(folder: &Path) -> Vec<File> {
    let sources = source::Folder::open(folder, &source::Options::default()).unwrap();
    let paths = facts::Sources::paths(&sources).iter();
    paths.map(|p| (p.to_string(), fs::read(folder.join(&**p)).unwrap())).collect()
}

/// Every output file.
fn draw(files: &[File]) -> Vec<render::Drawn> {
    let texts = files.iter().map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes).into_owned()));
    render::draw(&scan("x", &MemorySources::new(texts)).model, &RenderOptions::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let names = ["template.yaml", "template.json", "app.py", "serverless.yml", "Dockerfile", "Makefile", "src/main.rs", "Cargo.toml"];
        draw(&names.map(|name| (name.to_owned(), bytes.clone())));
    }
}

#[test]
fn threads_change_no_byte() {
    let on = |threads: usize, files: &[File]| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| draw(files))
    };
    for files in repositories() {
        assert!(on(1, &files) == on(4, &files), "{:?}", files.first().map(|f| &f.0));
    }
}

#[test]
fn the_order_of_files_on_disk_changes_no_byte() {
    for (name, folder) in examples().unwrap() {
        let files = read(&folder);
        let written = |files: &mut dyn Iterator<Item = &File>| {
            let dir = tempfile::tempdir().unwrap();
            for (path, bytes) in files {
                let path = dir.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            suite::draw(&name, dir.path()).unwrap()
        };
        let shuffled = (0..files.len()).step_by(2).chain((1..files.len()).step_by(2)).map(|i| &files[i]);
        let forth = written(&mut files.iter());
        assert!(forth == written(&mut files.iter().rev()));
        assert!(forth == written(&mut shuffled.into_iter()));
        assert!(forth == suite::draw(&name, &folder).unwrap());
    }
}
