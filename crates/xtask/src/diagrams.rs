//! `cargo xtask diagrams`: draws every example, and this program itself, into `diagrams/`.

use anyhow::{Context, Result};
use suite::{OWN, draw, draw_own, examples, own_model, repository};

/// Draws, and says which files changed.
pub(crate) fn run() -> Result<()> {
    for (name, folder) in examples().context("cannot list examples/")? {
        write(&name, draw(&name, &folder)?)?;
    }
    write(OWN, draw_own(&own_model()?))
}

/// Writes the drawings of a folder of `diagrams/`, and removes those that are drawn no more.
fn write(name: &str, files: Vec<(String, Vec<u8>)>) -> Result<()> {
    let out = repository().join("diagrams").join(name);
    std::fs::create_dir_all(&out)?;
    for entry in std::fs::read_dir(&out)? {
        let old = entry?.file_name();
        if !files.iter().any(|(file, _)| old.to_str() == Some(file)) {
            std::fs::remove_file(out.join(&old))?;
            println!("diagrams/{name}/{} is drawn no more", old.to_string_lossy());
        }
    }
    for (file, content) in files {
        let path = out.join(&file);
        if std::fs::read(&path).ok().as_ref() != Some(&content) {
            std::fs::write(&path, content).with_context(|| format!("cannot write diagrams/{name}/{file}"))?;
            println!("diagrams/{name}/{file}");
        }
    }
    Ok(())
}
