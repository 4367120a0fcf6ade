//! Files of SQL: the functions and procedures that they declare.

use facts::{ConfigFrontend, Declarations, Place, Routine, SourceFile, Sources};
use std::collections::BTreeSet;

/// Those of some functions that a file of the scan declares. Names are compared without their schema, whatever case.
pub(crate) fn declared(functions: &BTreeSet<String>, sources: &dyn Sources) -> BTreeSet<String> {
    let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    let mut out = BTreeSet::new();
    if functions.is_empty() {
        return out;
    }
    for path in sources.paths().iter().filter(|path| Routines.wants(path)) {
        let Ok(file) = sources.read(path) else { continue };
        for (name, _) in sql::routines(&file.text) {
            out.extend(functions.iter().filter(|function| bare(function) == bare(&name)).cloned());
        }
    }
    out
}

/// Files of SQL.
#[derive(Debug)]
pub(crate) struct Routines;

impl ConfigFrontend for Routines {
    fn name(&self) -> &'static str {
        "routines"
    }

    fn wants(&self, path: &str) -> bool {
        path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("sql"))
    }

    fn extract(&self, file: &SourceFile, _sources: &dyn Sources, out: &mut Declarations) {
        let routine =
            |(name, line): (String, u32)| Routine { name: name.into(), place: Place::new(file.path.clone(), line, 1) };
        out.routines.extend(sql::routines(&file.text).into_iter().map(routine));
    }
}
