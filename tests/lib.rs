//! Tests of the whole program; see `README.md` beside this file. Here is what they share: the folders of the
//! repository, and drawing a folder in memory.

use facts::Sources;
use pipeline::Outcome;
use render::RenderOptions;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The name and folder of each example, sorted.
pub fn examples() -> std::io::Result<Vec<(String, PathBuf)>> {
    let mut examples = Vec::new();
    for entry in std::fs::read_dir(repository().join("examples"))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            examples.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    examples.sort();
    Ok(examples)
}

/// The model of the files.
pub fn scan(name: &str, sources: &dyn Sources) -> Outcome {
    pipeline::run(sources, &pipeline::Options { name: name.to_owned(), ..pipeline::Options::default() })
}

/// What `connectome draw` writes for a folder: names and contents of files.
pub fn draw(name: &str, folder: &Path) -> Result<Vec<render::Drawn>, source::Error> {
    let folder = source::Folder::open(folder, &source::Options::default())?;
    // Examples and drawings of them stand in one repository.
    let source = Some(format!("../../examples/{name}/"));
    Ok(render::draw(&scan(name, &folder).model, &RenderOptions { source, ..RenderOptions::default() }))
}
