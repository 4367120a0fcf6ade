//! Files that code has beside it: where a path leads, what is in the file.

use crate::machine::Machine;
use crate::text;
use crate::value::{Abs, FrameId};
use facts::{Data, DataFormat, Expr};
use std::sync::Arc;

/// What an absolute path of the scanned folder begins with while the code runs: the folder's place on the platform is
/// not known, and a path is only ever opened or cut.
const ROOT: &str = "scan:/";

/// Where platforms put the code of a function and of its layers, in the order of the module search path.
const DEPLOYED: &[&str] = &["/var/task/", "/opt/python/", "/opt/"];

/// Folders around a file in which another one is looked for.
const MAX_FOLDERS: usize = 8;

/// Longer texts are not kept: nobody names a table in them.
const MAX_TEXT: usize = 200_000;

impl Machine<'_> {
    /// The path of the file whose code is running.
    pub(crate) fn own_file(&self, frame: FrameId) -> Abs {
        let unit = self.unit_of(frame);
        Abs::text(format!("{ROOT}{}", self.units[unit.0 as usize].path))
    }

    /// The folder of a path.
    pub(crate) fn folder(path: &Abs) -> Abs {
        match path.as_text() {
            Some(path) => Abs::text(path.rsplit_once('/').map_or("", |(folder, _)| folder)),
            None => Abs::unknown("it is the folder of a path that is not known"),
        }
    }

    /// The text of the file at a path, or of one that was opened.
    pub(crate) fn packaged(&mut self, file: &Abs) -> Option<Arc<str>> {
        let path = match file {
            Abs::Handle(handle) => {
                let kept = self.kept.get(file).and_then(|kept| kept.get("path"));
                kept.or_else(|| handle.fields.get("path"))?.clone()
            }
            other => other.clone(),
        };
        // `config.read(["settings.ini"])`
        let path = self.heap.list_of(&path).and_then(|(items, _)| items.first().cloned()).unwrap_or(path);
        let path = text::expression(&path);
        let candidates = self.candidates(path.as_literal()?);
        candidates.into_iter().find_map(|path| {
            let found = self.files.text(&path);
            self.opened.insert(path.into());
            found.filter(|text| text.len() <= MAX_TEXT)
        })
    }

    /// The text of the file of a name, in the folder of the running code's file or the nearest one around it.
    pub(crate) fn beside(&mut self, frame: FrameId, name: &Abs) -> Option<Arc<str>> {
        let name = name.as_text().filter(|name| !name.starts_with('/'))?;
        let own = self.units[self.unit_of(frame).0 as usize].path.clone();
        let mut folder = &*own;
        for _ in 0..MAX_FOLDERS {
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            let path = normal(folder, name).map(|path| Abs::text(format!("{ROOT}{path}")));
            let found = path.and_then(|path| self.packaged(&path));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The paths relative to the scanned root that a path can mean.
    fn candidates(&self, path: &str) -> Vec<String> {
        if let Some(path) = path.strip_prefix(ROOT) {
            return normal("", path).into_iter().collect();
        }
        let deployed = DEPLOYED.iter().find_map(|folder| path.strip_prefix(folder));
        let relative = if path.starts_with('/') { deployed } else { Some(path) };
        let below = |relative: &str| self.start.roots.iter().filter_map(|root| normal(root, relative)).collect();
        relative.map(below).unwrap_or_default()
    }

    /// The data in a text or an opened file, under these keys; `None` when it is not known.
    pub(crate) fn data(&mut self, source: &Abs, format: DataFormat, keys: &[Option<Abs>]) -> Option<Abs> {
        let text = match source {
            Abs::Text(Expr::Literal(text)) => text.clone(),
            Abs::Handle(_) => self.packaged(source)?,
            _ => return None,
        };
        let data = self.files.data(&text, format)?;
        self.spend(u32::try_from(text.len() / 64).unwrap_or(u32::MAX));
        let mut at = self.build(&data);
        for key in keys {
            at = self.index(&at, key.as_ref()?);
        }
        Some(at)
    }

    fn build(&mut self, data: &Data) -> Abs {
        match data {
            Data::Null => Abs::Null,
            Data::Bool(b) => Abs::Bool(*b),
            Data::Int(i) => Abs::Int(*i),
            Data::Text(text) => Abs::text(text.clone()),
            Data::List(all) => {
                let items = all.iter().map(|one| self.build(one)).collect();
                self.heap.list(items)
            }
            Data::Map(all) => {
                let entries: Vec<_> = all.iter().map(|(key, one)| (key.clone(), self.build(one))).collect();
                self.heap.map(entries)
            }
        }
    }
}

/// A path below a folder without `.` and `..`; `None` for one that leads out of the scan.
fn normal(folder: &str, path: &str) -> Option<String> {
    facts::joined(folder, path).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_stay_inside() {
        let check = |folder: &str, path: &str, expected: Option<&str>| {
            assert_eq!(normal(folder, path).as_deref(), expected, "{folder} {path}");
        };
        check("src", "config.json", Some("src/config.json"));
        check("", "./a/../b.json", Some("b.json"));
        check("src/a", "../shared/x.sql", Some("src/shared/x.sql"));
        check("src", "../../etc/passwd", None);
        check("", "", None);
    }
}
