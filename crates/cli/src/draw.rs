//! `connectome draw`: the model as pictures in a folder.

use crate::args::DrawArgs;
use crate::input::{Input, load};
use crate::list::is_node;
use crate::{keep, links, output, report, safe};
use anyhow::Context;
use model::{Certainty, NodeKind};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Draws and prints a summary.
pub(crate) fn draw(args: &DrawArgs) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let folder = folder(&args.path, args.output.as_deref());
    let to_stdout = folder == Path::new("-");
    let input = load(&args.path, &args.common, std::slice::from_ref(&folder))?;
    let mut options = input.settings.drawing(&args.format, args.common.granted)?;
    options.source = args.source.clone().or(options.source);
    anyhow::ensure!(!to_stdout || options.formats.len() == 1, "one --format is needed to draw to standard output");
    if !to_stdout {
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        options.source = options.source.or_else(|| links::to_source(&args.path, &folder));
    }
    let mut files = render::draw_with(&input.model, &options, input.cache());
    if to_stdout {
        print_first(&files, args.common.quiet)?;
        let code = report::report(&input, &args.common);
        input.close();
        return Ok(code);
    }
    let notes = keep::keep(&folder, &mut files, args)?;
    if let Some(name) = keep::emptied(&notes).filter(|_| input.is_empty() && !args.fresh) {
        // A wrong folder or exclusion would wipe out what people arranged.
        report::report(&input, &args.common);
        let path = folder.join(name);
        anyhow::bail!("there is nothing to draw, and `{}` is left as it is; `--fresh` empties it", path.display());
    }
    let mut written = Vec::new();
    for (name, content) in &files {
        if output::write(&folder.join(name), content)? {
            written.push(name.as_str());
        }
    }
    let names = files.iter().map(|(name, _)| name.as_str()).collect();
    let mut removed = Vec::new();
    for name in output::old_pages(&folder, &options.formats, &names) {
        std::fs::remove_file(folder.join(&name)).with_context(|| format!("cannot remove `{name}`"))?;
        removed.push(name);
    }
    let code = report::report(&input, &args.common);
    if !args.common.quiet {
        keep::tell(&notes);
        let time = start.elapsed().as_millis();
        output::print(&summary(&input, options.granted, &folder, &written, &removed, time))?;
    }
    input.close();
    Ok(code)
}

/// Prints the first page: two pictures one after the other are none.
fn print_first(files: &[render::Drawn], quiet: bool) -> anyhow::Result<()> {
    let Some(((_, first), others)) = files.split_first() else { return Ok(()) };
    output::print_file(first)?;
    if !others.is_empty() && !quiet {
        let pages = counted(others.len(), "other page");
        let _ = writeln!(anstream::stderr(), "{pages} not printed; all are written to a folder");
    }
    Ok(())
}

/// Beside the source, unless the user says where.
pub(crate) fn folder(path: &Path, output: Option<&Path>) -> PathBuf {
    match output {
        Some(folder) => folder.to_owned(),
        None if path.is_file() => {
            let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
            parent.map_or_else(|| PathBuf::from("."), Path::to_owned)
        }
        None => path.join("diagrams"),
    }
}

fn summary(
    input: &Input,
    granted: bool,
    folder: &Path,
    written: &[&str],
    removed: &[String],
    milliseconds: u128,
) -> String {
    let model = &input.model;
    let of_kind = |kind: NodeKind| model.nodes.iter().filter(|n| n.kind == kind).count();
    let services = of_kind(NodeKind::Service);
    let nodes = model.nodes.iter().filter(|n| is_node(n)).count();
    let flows = model.edges.iter().filter(|e| granted || e.certainty != Certainty::Granted).count();
    let mut counts = match (of_kind(NodeKind::Crate), of_kind(NodeKind::Module)) {
        (0, _) => vec![counted(services, "service"), counted(nodes, "node"), counted(flows, "flow")],
        (crates, modules) => vec![counted(crates, "crate"), counted(modules, "module"), counted(flows, "use")],
    };
    counts.push(format!("{} unresolved", model.unresolved.len()));
    let files = match (written, removed) {
        ([], []) => "nothing changed".to_owned(),
        ([], gone) => format!("removed {}", gone.join(", ")),
        (names, []) => format!("wrote {}", some(names)),
        (names, gone) => format!("wrote {}; removed {}", some(names), gone.join(", ")),
    };
    let name = safe::safe(&model.name);
    format!("{name}: {} ({milliseconds} ms)\n{}: {files}\n", counts.join(", "), folder.display())
}

/// Names of files, not too many of them.
fn some(names: &[&str]) -> String {
    const MOST: usize = 8;
    let shown = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}

pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
