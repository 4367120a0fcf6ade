//! Packages of the scan that a build installs beside a function's code, because its `requirements.txt` names their folder.

use crate::paths;
use facts::Sources;
use std::sync::Arc;

/// Lists that name other lists.
const MAX_DEPTH: u32 = 4;

/// Lines of one list that are read.
const MAX_LINES: usize = 1_000;

/// The folders on the search path that a code folder's list of requirements adds.
pub(crate) fn installed(sources: &dyn Sources, folder: &str) -> Vec<Arc<str>> {
    let mut out = Vec::new();
    if let Some(list) = paths::below(folder, "requirements.txt") {
        read(sources, &list, 0, &mut out);
    }
    out
}

fn read(sources: &dyn Sources, list: &str, depth: u32, out: &mut Vec<Arc<str>>) {
    if depth > MAX_DEPTH || !sources.is_file(list) {
        return;
    }
    let Ok(file) = sources.read(list) else { return };
    let folder = list.rsplit_once('/').map_or("", |(folder, _)| folder);
    for line in file.text.lines().take(MAX_LINES) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if let Some(other) = behind(line, &["-r", "--requirement"]) {
            if let Some(other) = paths::below(folder, other) {
                read(sources, &other, depth + 1, out);
            }
            continue;
        }
        let Some(found) = local(line).and_then(|written| place(sources, folder, written)) else { continue };
        // Many packages keep their modules in a folder of their own.
        let inner = paths::below(&found, "src").filter(|src| sources.is_dir(src));
        for root in [Some(found), inner].into_iter().flatten() {
            if out.iter().all(|known| **known != *root) {
                out.push(root.into());
            }
        }
    }
}

/// The path that a line names: `./shared`, `shared/lib/`, `-e ../shared[extra]`.
fn local(line: &str) -> Option<&str> {
    let editable = behind(line, &["-e", "--editable"]);
    let written = editable.unwrap_or(line);
    let written = written.strip_prefix("file:").unwrap_or(written);
    let written = written.split(['[', ';']).next().unwrap_or(written).trim();
    let is_path = written.starts_with('.') || written.contains('/') || editable.is_some();
    let is_other =
        written.is_empty() || written.starts_with(['-', '#', '/']) || written.contains(['@', '=', '<', '>', ' ']);
    (is_path && !is_other && !written.contains("://")).then_some(written)
}

/// What stands behind an option, apart or with `=` between.
fn behind<'l>(line: &'l str, options: &[&str]) -> Option<&'l str> {
    let rest = options.iter().find_map(|option| line.strip_prefix(option))?;
    rest.starts_with([' ', '\t', '=']).then(|| rest.trim_start_matches([' ', '\t', '=']))
}

/// The folder that a path means. A build may run in any folder above the list, and copies may make the way up longer
/// than it is in the scan.
fn place(sources: &dyn Sources, folder: &str, written: &str) -> Option<String> {
    let mut bare = written;
    while let Some(rest) = bare.strip_prefix("../") {
        bare = rest;
    }
    let all = [written, bare].into_iter().flat_map(|written| above(folder).map(move |base| (base, written)));
    let mut found = all.filter_map(|(base, written)| paths::below(base, written));
    found.find(|path| sources.below(path).iter().any(|file| file.ends_with(".py")))
}

/// A folder and those above it.
fn above(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    fn check(list: &str, expected: &[&str]) {
        let files = [
            ("orders/src/fn/requirements.txt", list),
            ("orders/src/fn/x/a.py", ""),
            ("shared/lib/src/p/__init__.py", ""),
            ("shared/more.txt", "./lib"),
            ("docs/readme.md", ""),
        ];
        assert_eq!(
            installed(&MemorySources::new(files), "orders/src/fn").iter().map(|path| &**path).collect::<Vec<_>>(),
            expected,
            "{list}"
        );
    }

    #[test]
    fn folders_of_the_scan_are_installed() {
        let both = ["shared/lib", "shared/lib/src"];
        check("boto3\n../../../shared/lib/", &both);
        check("../shared/lib/ # ours", &both);
        check("shared/lib", &both);
        check("-e ./shared/lib[extra]", &both);
        check("../../../../../shared/lib", &both);
        check("-r ../../../shared/more.txt", &both);
        check("./x", &["orders/src/fn/x"]);
    }

    #[test]
    fn what_is_elsewhere_is_not() {
        for line in
            ["boto3==1.0", "x @ https://a/b.whl", "git+https://a/b", "/opt/x", "docs/", "../../../../docs", "# ./x"]
        {
            check(line, &[]);
        }
    }
}
