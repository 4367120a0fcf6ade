//! Links from a drawing to the source that it shows.

use std::path::{Component, Path, PathBuf};

/// Where a repository's host shows a file of source, as a person writes it: `https://github.com/owner/name/blob/main`.
pub(crate) fn host(address: &str) -> anyhow::Result<String> {
    let known = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    anyhow::ensure!(
        known && !address.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>()`".contains(c)),
        "`{address}` is no address at which source is shown"
    );
    Ok(if address.ends_with('/') { address.to_owned() } else { format!("{address}/") })
}

/// What to put before the path of a source file so that it is a link from the folder of a drawing: where that stands in
/// the folder that was scanned, or both in one repository. Elsewhere nobody knows where a reader has what.
pub(crate) fn to_source(scanned: &Path, drawing: &Path) -> Option<String> {
    let (scanned, drawing) = (scanned.canonicalize().ok()?, drawing.canonicalize().ok()?);
    if !scanned.is_dir() {
        return None;
    }
    let repository = || drawing.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned);
    let together = drawing.starts_with(&scanned) || repository().is_some_and(|folder| scanned.starts_with(folder));
    together.then(|| relative(&drawing, &scanned)).flatten()
}

/// The way from one folder to another, with a slash at its end; both are absolute.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let common: PathBuf = from.components().zip(to.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    let mut way = "../".repeat(from.strip_prefix(&common).ok()?.components().count());
    for part in to.strip_prefix(&common).ok()?.components() {
        let Component::Normal(part) = part else { return None };
        way.push_str(part.to_str()?);
        way.push('/');
    }
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_source_that_a_reader_has() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(&path).unwrap();
            path
        };
        let (inside, app) = (make("app/docs/diagrams"), make("app"));
        assert_eq!(to_source(&app, &inside).as_deref(), Some("../../"));
        assert_eq!(to_source(&app, &app).as_deref(), Some(""));
        let beside = make("drawings/app");
        assert_eq!(to_source(&app, &beside), None);
        make(".git");
        assert_eq!(to_source(&app, &beside).as_deref(), Some("../../app/"));
        let file = folder.path().join("app/model.json");
        std::fs::write(&file, "{}").unwrap();
        assert_eq!(to_source(&file, &inside), None);
    }
}
