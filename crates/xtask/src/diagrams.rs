//! `cargo xtask diagrams`: draws every example into `diagrams/`.

use anyhow::{Context, Result};
use suite::{draw, examples, repository};

/// Draws, and says which files changed.
pub(crate) fn run() -> Result<()> {
    for (name, folder) in examples().context("cannot list examples/")? {
        let out = repository().join("diagrams").join(&name);
        std::fs::create_dir_all(&out)?;
        let files = draw(&name, &folder)?;
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
    }
    Ok(())
}
