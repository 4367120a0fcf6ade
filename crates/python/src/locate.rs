//! Finding files: where a handler starts, and what an import means.

use crate::language::inline_path;
use facts::{Entry, Handler, ImportRequest, Sources, Start, joined};
use std::sync::Arc;

/// Where an entry starts, if it is of Python; the reason when its code is not found.
pub(crate) fn start(entry: &Entry, sources: &dyn Sources) -> Option<Result<Start, String>> {
    let surely = match &entry.runtime {
        Some(runtime) if runtime.starts_with("python") => true,
        // A custom runtime or an image can run anything; the code decides.
        Some(runtime) if !runtime.starts_with("provided") => return None,
        _ => false,
    };
    match &entry.handler {
        Handler::Named(name) => match named(name, entry, sources) {
            Ok(start) => Some(Ok(start)),
            Err(why) => surely.then_some(Err(why)),
        },
        Handler::App { file, name } => has_extension(file, "py").then(|| {
            let start = Start { path: file.clone(), function: name.clone(), roots: entry.roots.clone() };
            sources.is_file(file).then_some(start).ok_or_else(|| format!("there is no `{file}`"))
        }),
        Handler::Script(path) => {
            if !has_extension(path, "py") {
                return None;
            }
            if !sources.is_file(path) {
                return Some(Err(format!("there is no `{path}`")));
            }
            Some(Ok(Start { path: path.clone(), function: "".into(), roots: entry.roots.clone() }))
        }
        Handler::Inline { name, text, place } => {
            let looks = surely || text.contains("def ") || text.contains("import ");
            let function = name.rsplit('.').next().unwrap_or(name).into();
            looks.then(|| Ok(Start { path: inline_path(place), function, roots: entry.roots.clone() }))
        }
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, e)| e == extension)
}

/// `app.main`, `src/app.main`, `pkg.app.main`: the last name is the function, the rest the module.
fn named(name: &str, entry: &Entry, sources: &dyn Sources) -> Result<Start, String> {
    let Some((module, function)) = name.rsplit_once('.') else {
        return Err(format!("`{name}` names no function of a module"));
    };
    // A path that leads upwards is left as it is: its dots separate nothing.
    let as_path = if module.contains("..") { module.to_owned() } else { module.replace('.', "/") };
    let mut tried = Vec::new();
    for root in &entry.roots {
        // A folder's name may hold a dot, a module's name may not: the slashed form counts first.
        for module in [module, as_path.as_str()] {
            for end in [".py", "/__init__.py"] {
                let Some(path) = joined(root, &format!("{module}{end}")) else { continue };
                if sources.is_file(&path) {
                    return Ok(Start { path: path.into(), function: function.into(), roots: entry.roots.clone() });
                }
                if !tried.contains(&path) {
                    tried.push(path);
                }
            }
        }
    }
    if tried.is_empty() {
        return Err(format!("`{name}` leads out of the folders of its code"));
    }
    tried.truncate(3);
    Err(format!("there is no `{}`", tried.join("`, `")))
}

/// The file that an import means.
pub(crate) fn module(request: ImportRequest<'_>, sources: &dyn Sources) -> Option<Arc<str>> {
    let dots = request.module.chars().take_while(|c| *c == '.').count();
    let path = request.module[dots..].replace('.', "/");
    if dots == 0 {
        return request.roots.iter().find_map(|root| file(root, &path, sources));
    }
    let mut folder = request.from.rsplit_once('/').map_or("", |(folder, _)| folder);
    for _ in 1..dots {
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(outer, _)| outer);
    }
    file(folder, &path, sources)
}

fn file(folder: &str, module: &str, sources: &dyn Sources) -> Option<Arc<str>> {
    let candidates = if module.is_empty() {
        vec!["__init__.py".to_owned()]
    } else {
        vec![format!("{module}/__init__.py"), format!("{module}.py")]
    };
    candidates.iter().filter_map(|c| joined(folder, c)).find(|p| sources.is_file(p)).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::{MemorySources, Place, ResourceRef};
    use std::collections::BTreeMap;

    fn entry(runtime: Option<&str>, handler: &str, roots: &[&str]) -> Entry {
        Entry {
            owner: ResourceRef { scope: "t.yaml".into(), id: "Fn".into() },
            runtime: runtime.map(Into::into),
            handler: Handler::Named(handler.into()),
            roots: roots.iter().map(|r| (*r).into()).collect(),
            archive: None,
            environment: BTreeMap::new(),
            place: Place::new("t.yaml", 1, 1),
        }
    }

    fn check(files: &[&str], runtime: Option<&str>, handler: &str, roots: &[&str], expected: &str) {
        let sources = MemorySources::new(files.iter().map(|f| (*f, "")));
        let got = match start(&entry(runtime, handler, roots), &sources) {
            None => "not Python".to_owned(),
            Some(Ok(start)) => format!("{} {}", start.path, start.function),
            Some(Err(why)) => why,
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn handlers() {
        let python = Some("python3.12");
        check(&["src/app.py"], python, "app.main", &["src"], "src/app.py main");
        check(&["src/a/b.py"], python, "src/a/b.main", &[""], "src/a/b.py main");
        check(&["src/a/b.py"], python, "src.a.b.main", &[""], "src/a/b.py main");
        check(&["app/__init__.py"], python, "app.main", &[""], "app/__init__.py main");
        check(&["s/tenant-management.py"], python, "tenant-management.create", &["s"], "s/tenant-management.py create");
        check(&["l/app.py", "s/app.py"], python, "app.main", &["s", "l"], "s/app.py main");
        check(&[], python, "app.main", &["s"], "there is no `s/app.py`, `s/app/__init__.py`");
        check(&["app.py"], python, "../app.main", &[""], "`../app.main` leads out of the folders of its code");
        check(&["app.py"], Some("nodejs20.x"), "app.main", &[""], "not Python");
        check(&["app.py"], None, "app.main", &[""], "app.py main");
        check(&["app.js"], None, "app.main", &[""], "not Python");
    }

    fn find(files: &[&str], from: &str, import: &str, expected: Option<&str>) {
        let sources = MemorySources::new(files.iter().map(|f| (*f, "")));
        let roots = ["s".into(), "l".into()];
        let found = module(ImportRequest { from, module: import, roots: &roots }, &sources);
        assert_eq!(found.as_deref(), expected, "{import}");
    }

    #[test]
    fn imports() {
        find(&["s/a.py"], "s/app.py", "a", Some("s/a.py"));
        find(&["l/a/__init__.py"], "s/app.py", "a", Some("l/a/__init__.py"));
        find(&["l/a/b.py"], "s/app.py", "a.b", Some("l/a/b.py"));
        find(&["s/p/x.py"], "s/p/app.py", ".x", Some("s/p/x.py"));
        find(&["s/x.py"], "s/p/app.py", "..x", Some("s/x.py"));
        find(&["s/p/__init__.py"], "s/p/app.py", ".", Some("s/p/__init__.py"));
        find(&["x.py"], "s/app.py", "...x", None);
        find(&["elsewhere/a.py"], "s/app.py", "a", None);
    }
}
