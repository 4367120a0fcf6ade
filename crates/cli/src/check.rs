//! `connectome check`: whether the drawings in a folder are what would be drawn today.

use crate::args::CheckArgs;
use crate::input::load;
use crate::safe::safe;
use crate::{draw, keep, links, output, report};
use anyhow::Context;
use model::{Change, How, Model, difference};
use render::RenderOptions;
use render::registry::{FORMATS, Format};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// Compares and prints what is other; the exit code is 1 then.
pub(crate) fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let folder = draw::folder(&args.path, args.output.as_deref());
    anyhow::ensure!(folder.is_dir(), "there is no folder `{}`; `connectome draw` makes one", folder.display());
    let input = load(&args.path, &args.common, std::slice::from_ref(&folder))?;
    let formats = formats(&folder, &args.format, input.settings.formats()?);
    anyhow::ensure!(!formats.is_empty(), "there is no drawing in `{}`; `connectome draw` makes one", folder.display());
    let mut options = input.settings.drawing(&formats, args.common.granted)?;
    options.source = args.source.clone().or(options.source).or_else(|| links::to_source(&args.path, &folder));
    let files = render::draw_with(&input.model, &options, input.cache());
    let mut others = differing(&folder, &formats, &files)?;
    // A model that other formats were not drawn from only says what is other in them.
    let counts = !others.is_empty() || formats.iter().any(|format| render::file_name(format) == MODEL);
    let changes = if counts { committed(&folder)? } else { None };
    let changes = changes.map(|old| difference(&old, &input.model)).unwrap_or_default();
    let changes: Vec<Change> =
        changes.into_iter().filter(|change| !(args.ignore_lines && change.how == How::Moved)).collect();
    // Where lines of source are no matter, files differ in them and in nothing else that is known.
    if args.ignore_lines && changes.is_empty() && has_model(&folder) {
        others.clear();
    }
    let code = report::report(&input, &args.common);
    let same = changes.is_empty() && others.is_empty();
    if !args.common.quiet {
        output::print(&told(&folder, &remedy(&formats, input.settings.formats()?), &changes, &others))?;
    }
    input.close();
    Ok(if same { code } else { ExitCode::from(1) })
}

/// The formats that are asked for, or those that `draw` would draw by the settings, or those of which there is a drawing.
fn formats(folder: &Path, asked: &[&'static Format], set: Vec<&'static Format>) -> Vec<&'static Format> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    if !set.is_empty() {
        return set;
    }
    FORMATS.iter().filter(|format| folder.join(render::file_name(format)).is_file()).collect()
}

/// The model of the drawing, where one was written.
fn committed(folder: &Path) -> anyhow::Result<Option<Model>> {
    let path = folder.join(MODEL);
    match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
        Ok(text) => Model::from_json(&text).map(Some).with_context(|| path.display().to_string()),
    }
}

const MODEL: &str = "architecture.json";

fn has_model(folder: &Path) -> bool {
    folder.join(MODEL).is_file()
}

/// Files that are other than what would be drawn, each with how.
fn differing(folder: &Path, formats: &[&Format], files: &[render::Drawn]) -> anyhow::Result<Vec<String>> {
    let mut out = Vec::new();
    for (name, content) in files {
        let path = folder.join(name);
        match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => out.push(format!("{name} is missing")),
            Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
            Ok(old) if old == *content => {}
            Ok(old) if keep::is_drawing(name) => match merge::is_current(&old, &String::from_utf8_lossy(content)) {
                Ok(true) => {}
                Ok(false) => out.push(format!("{name} differs")),
                Err(error) => out.push(format!("{name} cannot be read: {error}")),
            },
            Ok(_) => out.push(format!("{name} differs")),
        }
    }
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    out.extend(
        output::old_pages(folder, formats, &names).into_iter().map(|name| format!("{name} is no page any more")),
    );
    Ok(out)
}

/// The command that draws all of these formats, some of which nobody draws without asking for them.
fn remedy(formats: &[&Format], set: Vec<&'static Format>) -> String {
    let drawn = if set.is_empty() { RenderOptions::default().formats } else { set };
    if formats.iter().all(|format| drawn.iter().any(|other| other.name == format.name)) {
        return "connectome draw".to_owned();
    }
    let names: Vec<&str> = formats.iter().map(|format| format.name).collect();
    format!("connectome draw --format {}", names.join(","))
}

/// What is other, for people.
fn told(folder: &Path, remedy: &str, changes: &[Change], files: &[String]) -> String {
    let folder = safe(&folder.display().to_string());
    if changes.is_empty() && files.is_empty() {
        return format!("{folder}: up to date\n");
    }
    let mut out = format!("{folder}: out of date; `{remedy}` brings it up to date\n");
    for (how, title) in [
        (How::Appeared, "appeared"),
        (How::Vanished, "vanished"),
        (How::Changed, "changed"),
        (How::Moved, "stands at other lines of the source"),
    ] {
        let of: Vec<&Change> = changes.iter().filter(|change| change.how == how).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{title}:");
        for change in of {
            let at = change.at.as_ref().map_or_else(String::new, |at| format!("  {}:{}", safe(&at.file), at.line));
            let why = if change.why.is_empty() { String::new() } else { format!(": {}", safe(&change.why)) };
            let _ = writeln!(out, "  {}{why}{at}", safe(&change.what));
        }
    }
    if !files.is_empty() {
        let _ = writeln!(out, "\nfiles:");
        for file in files {
            let _ = writeln!(out, "  {}", safe(file));
        }
    }
    out
}
