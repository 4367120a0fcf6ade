//! Tests of the whole program; see `README.md` beside this file. Here is what they share: the folders of the
//! repository, and drawing a folder in memory.

use facts::Sources;
use model::Model;
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

/// The name of the drawings of this program itself.
pub const OWN: &str = "connectome";

/// The crates and modules of this program: what `connectome model --crates` makes of the repository.
pub fn own_model() -> Result<Model, source::Error> {
    let folder = source::Folder::open(&repository(), &source::Options::default())?;
    let options = pipeline::Options { name: OWN.to_owned(), ..pipeline::Options::default() };
    Ok(pipeline::crates(&folder, &options, false).model)
}

/// The drawings of a model of this program.
pub fn draw_own(model: &Model) -> Vec<render::Drawn> {
    let formats = ["svg", "json"].into_iter().filter_map(render::registry::format).collect();
    render::draw(model, &RenderOptions { formats, ..RenderOptions::default() })
}

/// A model without the lines of source behind it: what a change of code does not change as long as the same modules use
/// one another.
pub fn outline(mut model: Model) -> Model {
    model.nodes.iter_mut().for_each(|node| node.declared.clear());
    model.edges.iter_mut().for_each(|edge| edge.evidence.clear());
    model
}

/// What `connectome draw` writes for a folder: names and contents of files.
pub fn draw(name: &str, folder: &Path) -> Result<Vec<render::Drawn>, source::Error> {
    let folder = source::Folder::open(folder, &source::Options::default())?;
    // Examples and drawings of them stand in one repository.
    let source = Some(format!("../../examples/{name}/"));
    Ok(render::draw(&scan(name, &folder).model, &RenderOptions { source, ..RenderOptions::default() }))
}
