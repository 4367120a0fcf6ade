//! Drawings that are there already: what people did to them stays.

use crate::args::DrawArgs;
use crate::safe::safe;
use anyhow::Context;
use merge::{Event, Options, Report};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// So many things of one sort are named before the rest is only counted.
const NAMED: usize = 5;

/// Merges each drawing with the file that is in its place. A file that cannot be read whole is an error, before anything
/// is written.
pub(crate) fn keep(
    folder: &Path,
    files: &mut [render::Drawn],
    args: &DrawArgs,
) -> anyhow::Result<Vec<(String, Report)>> {
    let options = Options { fresh: args.fresh, show_hidden: args.show_hidden };
    let mut reports = Vec::new();
    for (name, content) in files.iter_mut().filter(|(name, _)| is_drawing(name)) {
        let path = folder.join(&*name);
        let old = match std::fs::read(&path) {
            Ok(old) => old,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
        };
        let new = std::str::from_utf8(content).with_context(|| format!("`{name}` is no text"))?;
        let merged = merge::merge(&old, new, options).map_err(|error| {
            let path = path.display();
            anyhow::anyhow!(
                "cannot merge with `{path}`, which is left as it is; move it away to draw a new one: {error}"
            )
        })?;
        *content = merged.text.into_bytes();
        reports.push((name.clone(), merged.report));
    }
    Ok(reports)
}

/// Whether a file is one that people edit.
pub(crate) fn is_drawing(name: &str) -> bool {
    [".drawio", ".drawio.svg"].iter().any(|ending| name.ends_with(ending))
}

/// The first drawing that something goes from.
pub(crate) fn emptied(reports: &[(String, Report)]) -> Option<&str> {
    let loses = |report: &Report| [Event::Gone, Event::GonePage].iter().any(|event| report.count(*event) > 0);
    reports.iter().find(|(_, report)| loses(report)).map(|(name, _)| name.as_str())
}

/// Says on standard error what was kept and what was not.
pub(crate) fn tell(reports: &[(String, Report)]) {
    let mut text = String::new();
    for (name, report) in reports {
        for (event, what) in EVENTS {
            let names: BTreeSet<&str> = report.of(*event).map(|note| note.what.as_str()).collect();
            if names.is_empty() {
                continue;
            }
            let shown: Vec<String> = names.iter().take(NAMED).map(|n| safe(n).replace('\n', " ")).collect();
            let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
            let _ = writeln!(text, "{}: {what}: {}{more}", safe(name), shown.join(", "));
        }
    }
    // Nobody is left to tell when standard error is gone.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// What is told, in this order.
const EVENTS: &[(Event, &str)] = &[
    (Event::Moved, "kept in place"),
    (Event::Restyled, "kept your style of"),
    (Event::Reworded, "kept your words on"),
    (Event::Foreign, "kept what you added"),
    (Event::ForeignPage, "kept your page"),
    (Event::Loosened, "kept your arrow, which lost an end"),
    (Event::Orphaned, "kept what you added, though its group is gone"),
    (Event::Hidden, "left out what you deleted (--show-hidden brings it back)"),
    (Event::HiddenPage, "left out a page that you deleted (--show-hidden brings it back)"),
    (Event::Anew, "laid out anew, since much of it is new and nobody had arranged it"),
    (Event::Added, "new"),
    (Event::AddedPage, "new page"),
    (Event::Outside, "no room in its group for (--fresh lays out anew)"),
    (Event::Gone, "gone"),
    (Event::GonePage, "gone page"),
];
