//! Standard output and files.

use anyhow::Context;
use render::registry::Format;
use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// Prints text; a reader that has gone away is an error that [`is_broken_pipe`] knows.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints a file as it is; nothing in it is taken for a colour.
pub(crate) fn print_file(content: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(content)?;
    Ok(out.flush()?)
}

/// Whether the reader of our output has gone away (`connectome list | head`), which is no failure.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
}

/// Writes a file unless it already has that content: whole or not at all. Returns whether it was written.
pub(crate) fn write(path: &Path, content: &[u8]) -> anyhow::Result<bool> {
    if std::fs::read(path).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    let cannot = || format!("cannot write `{}`", path.display());
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = builder().tempfile_in(folder).with_context(cannot)?;
    file.write_all(content).with_context(cannot)?;
    file.persist(path).map_err(|e| e.error).with_context(cannot)?;
    Ok(true)
}

/// The files in a folder of drawings that show pages in one of these formats, are not among `files`, and are therefore
/// old. Of other formats it is not known which pages there would be.
pub(crate) fn old_pages(folder: &Path, formats: &[&Format], files: &BTreeSet<&str>) -> Vec<String> {
    let mut old = Vec::new();
    let is_drawn = |name: &str| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        formats.iter().any(|format| Some(format.extension) == ending)
    };
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.file_type().is_ok_and(|t| t.is_file())
            && !files.contains(name.as_str())
            && name.starts_with("architecture-")
            && is_drawn(&name)
        {
            let mut start = Vec::new();
            let read = std::fs::File::open(entry.path()).and_then(|f| f.take(300).read_to_end(&mut start));
            if read.is_ok() && render::is_page(&name, &start) {
                old.push(name);
            }
        }
    }
    old.sort();
    old
}

/// Temporary files are for their owner only; a drawing is for everyone, as far as the user's mask says.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".architecture");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_when_it_changes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.svg");
        assert!(write(&path, b"1").unwrap());
        assert!(!write(&path, b"1").unwrap());
        assert!(write(&path, b"2").unwrap());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        let error = write(&dir.path().join("gone/a.svg"), b"1").unwrap_err();
        assert!(error.to_string().starts_with("cannot write `"));
    }
}
