//! What the configuration of all files declares.

use crate::registry::CONFIGS;
use crate::{replaced, unread};
use facts::{Declarations, Sources};
use rayon::prelude::*;
use std::sync::Arc;

/// Declarations in the order of the files' paths.
pub(crate) fn declare(sources: &dyn Sources) -> Declarations {
    let of_files: Vec<Declarations> = sources.paths().par_iter().map(|path| of_file(path, sources)).collect();
    let mut all = Declarations::default();
    for one in of_files {
        all.append(one);
    }
    all
}

fn of_file(path: &Arc<str>, sources: &dyn Sources) -> Declarations {
    let mut out = Declarations::default();
    let mut wanted = CONFIGS.iter().filter(|c| c.wants(path)).peekable();
    if wanted.peek().is_none() || sources.is_alias(path) {
        return out;
    }
    match sources.read(path) {
        Ok(file) => {
            wanted.for_each(|c| c.extract(&file, sources, &mut out));
            // Most files with an ending such as `.json` are data that nobody needs as text.
            if file.lossy && out != Declarations::default() {
                out.diagnostics.push(replaced(path));
            }
        }
        Err(error) => out.diagnostics.push(unread(path, &error)),
    }
    out
}
