//! `cargo xtask diagrams`: draws every example into `diagrams/`.

use anyhow::{Context, Result};
use suite::{draw, examples, repository};

/// Draws, and says which files changed.
pub(crate) fn run() -> Result<()> {
    for (name, folder) in examples().context("cannot list examples/")? {
        let out = repository().join("diagrams").join(&name);
        std::fs::create_dir_all(&out)?;
        for (file, content) in draw(&name, &folder)? {
            let path = out.join(&file);
            if std::fs::read_to_string(&path).ok().as_ref() != Some(&content) {
                std::fs::write(&path, content).with_context(|| format!("cannot write diagrams/{name}/{file}"))?;
                println!("diagrams/{name}/{file}");
            }
        }
    }
    Ok(())
}
