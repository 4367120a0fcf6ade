//! Dockerfiles: what an image starts, and which files of the scan lie where in it.

use crate::cargo;
use crate::paths::{self, folder_of};
use crate::template::Template;
use crate::tree::Tree;
use facts::{Place, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Instructions of one file that are read.
const MAX_INSTRUCTIONS: usize = 2_000;

/// A Dockerfile, as its last stage leaves it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dockerfile {
    /// The folder that it stands in.
    pub(crate) folder: String,
    /// The folder that it is built from, where that is told.
    context: Option<String>,
    pub(crate) entrypoint: Vec<String>,
    pub(crate) command: Vec<String>,
    /// Absolute, without a slash at the end.
    pub(crate) workdir: String,
    /// What is copied, from the folder of the build, and the absolute path that it gets.
    copies: Vec<(String, String)>,
    /// Binaries that Cargo built in another stage, and the absolute path that each gets.
    binaries: Vec<(String, String)>,
    pub(crate) environment: BTreeMap<Arc<str>, (Arc<str>, Place)>,
}

impl Dockerfile {
    /// Reads a file of the scan.
    pub(crate) fn read(sources: &dyn Sources, path: &str) -> Option<Self> {
        let text = sources.read(path).ok()?.text.clone();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut stages: BTreeMap<String, Self> = BTreeMap::new();
        let mut stage = Self::default();
        let mut name = String::new();
        for (line, keyword, rest) in instructions(&text) {
            if keyword == "FROM" {
                let ended = std::mem::take(&mut stage);
                stages.insert(std::mem::take(&mut name), ended);
                let mut words = rest.split_whitespace().filter(|word| !word.starts_with("--"));
                let base = words.next().unwrap_or_default().to_lowercase();
                stage = stages.get(&base).cloned().unwrap_or_default();
                name = words.nth(1).unwrap_or_default().to_lowercase();
                continue;
            }
            stage.instruction(&keyword, &rest, &stages, &Place::new(path, line, 1));
        }
        Some(Self { folder, ..stage })
    }

    /// The same, built from a folder of the scan.
    pub(crate) fn built_from(self, context: String) -> Self {
        Self { context: Some(context), ..self }
    }

    /// As if all of a folder were copied into an image.
    pub(crate) fn of_folder(folder: &str) -> Self {
        let copies = vec![(".".to_owned(), "/".to_owned())];
        Self { folder: folder.to_owned(), copies, ..Self::default() }
    }

    fn instruction(&mut self, keyword: &str, rest: &str, stages: &BTreeMap<String, Self>, place: &Place) {
        match keyword {
            "ENTRYPOINT" => self.entrypoint = words(rest),
            "CMD" => self.command = words(rest),
            "WORKDIR" => self.workdir = self.absolute(rest.trim().trim_matches('"')),
            "ENV" => {
                let pairs = words(rest);
                let single = pairs.first().is_some_and(|first| !first.contains('='));
                if let Some((name, value)) = rest.trim().split_once(char::is_whitespace).filter(|_| single) {
                    self.environment.insert(name.into(), (value.trim().trim_matches('"').into(), place.clone()));
                }
                for (name, value) in pairs.iter().filter(|_| !single).filter_map(|pair| pair.split_once('=')) {
                    self.environment.insert(name.into(), (value.into(), place.clone()));
                }
            }
            "COPY" | "ADD" => {
                let all = words(rest);
                let from = all.iter().find_map(|word| word.strip_prefix("--from="));
                if let Some(from) = from {
                    // What another stage has built lies there as it was copied into that one.
                    let built = stages.get(&from.to_lowercase()).map(|stage| stage.copies.clone());
                    self.copies.extend(built.unwrap_or_default());
                    let plain: Vec<&String> = all.iter().filter(|word| !word.starts_with("--")).collect();
                    if let [copied, to] = plain.as_slice()
                        && let Some(binary) = cargo::binary_at(copied)
                    {
                        let inside =
                            if to.ends_with('/') || to.as_str() == "." { copied.rsplit('/').next() } else { None };
                        let to = self.absolute(to);
                        let to =
                            inside.map_or_else(|| to.clone(), |name| format!("{}/{name}", to.trim_end_matches('/')));
                        self.binaries.push((binary, to));
                    }
                    return;
                }
                let plain: Vec<&String> = all.iter().filter(|word| !word.starts_with("--")).collect();
                if let [copied @ .., to] = plain.as_slice() {
                    let folder = to.ends_with('/') || copied.len() > 1;
                    let to = self.absolute(to) + if folder { "/" } else { "" };
                    self.copies.extend(copied.iter().map(|one| ((*one).clone(), to.clone())));
                }
            }
            _ => {}
        }
    }

    /// A path in the image.
    pub(crate) fn absolute(&self, path: &str) -> String {
        let path = path.strip_prefix("${LAMBDA_TASK_ROOT}").map_or(path, |rest| rest.trim_start_matches('/'));
        let whole = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.workdir) };
        let parts: Vec<&str> = whole.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        format!("/{}", parts.join("/"))
    }

    /// The folders of the scan from which the modules are named that are copied, with that of the build before them.
    pub(crate) fn folders(&self, sources: &dyn Sources) -> Vec<Arc<str>> {
        let mut out: Vec<Arc<str>> = vec![self.context.as_ref().unwrap_or(&self.folder).as_str().into()];
        let mut add = |folder: &str| {
            if out.iter().all(|known| **known != *folder) {
                out.push(folder.into());
            }
        };
        for (from, to) in &self.copies {
            let written = if from.contains('*') { folder_of(from) } else { from.as_str() };
            let found = self.contexts().find_map(|context| {
                let path = paths::below(context, written.trim_start_matches('/'))?;
                (sources.is_dir(&path) || sources.is_file(&path)).then_some(path)
            });
            match found {
                Some(path) if sources.is_file(&path) => add(folder_of(&path)),
                Some(path) => {
                    add(&path);
                    // A folder that keeps its name is imported by it.
                    if let Some(above) =
                        path.strip_suffix(last(to)).filter(|_| !last(to).is_empty() && !from.contains('*'))
                    {
                        add(above.trim_end_matches('/'));
                    }
                }
                None => {}
            }
        }
        out
    }

    /// The folders that it may be built from: the one that is told, or else its own and those above it.
    fn contexts(&self) -> impl Iterator<Item = &str> {
        let told = self.context.as_deref();
        let mut next = Some(told.unwrap_or(&self.folder));
        std::iter::from_fn(move || {
            let folder = next.take()?;
            next = (told.is_none() && !folder.is_empty()).then(|| folder_of(folder));
            Some(folder)
        })
    }

    /// The binary of Cargo that an image starts: what it names, or the `bootstrap` that the platform's images run.
    pub(crate) fn binary(&self, entrypoint: Option<&String>, command: Option<&String>) -> Option<&str> {
        let one = |fits: &dyn Fn(&str) -> bool| self.binaries.iter().rev().find(|(_, to)| fits(to));
        let program = entrypoint.or(command).map(|program| self.absolute(program));
        let started = program.and_then(|program| one(&|to| to == program));
        let by_itself = || one(&|to| to.rsplit('/').next() == Some("bootstrap")).filter(|_| entrypoint.is_none());
        started.or_else(by_itself).map(|(name, _)| name.as_str())
    }

    /// The file of the scan that lies at a path in the image.
    pub(crate) fn located(&self, sources: &dyn Sources, path: &str) -> Option<String> {
        let wanted = self.absolute(path);
        let of = |context| self.copies.iter().rev().find_map(|(from, to)| copied(sources, context, from, to, &wanted));
        self.contexts().find_map(of)
    }
}

/// The last word of a path.
fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The file of the scan that a copy puts at a path.
fn copied(sources: &dyn Sources, context: &str, from: &str, to: &str, wanted: &str) -> Option<String> {
    // `COPY src/*.py ./` copies from a folder too.
    let from = if from.contains('*') { folder_of(from) } else { from };
    let source = paths::below(context, from.trim_start_matches('/'))?;
    if sources.is_file(&source) {
        let name = source.rsplit('/').next().unwrap_or(&source);
        let exact = wanted == to || wanted == format!("{}/{name}", to.trim_end_matches('/'));
        return exact.then_some(source);
    }
    let inside = wanted.strip_prefix(to.trim_end_matches('/'))?.strip_prefix('/')?;
    paths::below(&source, inside).filter(|path| sources.is_file(path))
}

/// The instructions of a Dockerfile: the line, the keyword in capitals, and the rest of it.
fn instructions(text: &str) -> Vec<(u32, String, String)> {
    let mut out = Vec::new();
    let mut open: Option<(u32, String)> = None;
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') || line.is_empty() && open.is_none() {
            continue;
        }
        let (begun, mut whole) = open.take().unwrap_or_else(|| (u32::try_from(i + 1).unwrap_or(1), String::new()));
        if let Some(more) = line.strip_suffix('\\') {
            whole.push_str(more);
            whole.push(' ');
            open = Some((begun, whole));
            continue;
        }
        whole.push_str(line);
        let (keyword, rest) = whole.split_once(char::is_whitespace).unwrap_or((&whole, ""));
        out.push((begun, keyword.to_ascii_uppercase(), rest.trim().to_owned()));
        if out.len() >= MAX_INSTRUCTIONS {
            break;
        }
    }
    out
}

/// The words of a command, whether it is written as a list or as a line for a shell.
fn words(text: &str) -> Vec<String> {
    if let Ok(list) = serde_json::from_str::<Vec<String>>(text) {
        return list;
    }
    let bare = |word: &str| word.replace(['"', '\''], "");
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// The Dockerfile that an image is built from: the one that is called like it or stands in a folder that is.
pub(crate) fn of_image(template: &Template<'_>, image: &Tree) -> Option<String> {
    let name = image_name(template, image)?;
    let mut all = template.sources.paths().iter().filter(|path| is_for(path, &name));
    let first = all.next()?;
    all.next().is_none().then(|| first.to_string())
}

fn is_for(path: &str, name: &str) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file {
        "Dockerfile" => folder == name || folder.rsplit('/').next() == Some(name),
        file => file.strip_prefix("Dockerfile.").or_else(|| file.strip_suffix(".Dockerfile")) == Some(name),
    }
}

/// The name of an image without its registry and tag; that of its repository, where the template declares that.
fn image_name(template: &Template<'_>, image: &Tree) -> Option<String> {
    let text = template.names.expr(image).to_string();
    let name = text.rsplit('/').next()?.split([':', '@']).next()?;
    let written = |name: &str| !name.is_empty() && !name.contains(['$', '{', '}']);
    if written(name) {
        return Some(name.to_owned());
    }
    let repositories = template.resources.values().filter(|r| r.type_name == "AWS::ECR::Repository");
    let mut named = repositories.filter(|r| refers_to(image, r.id, 0));
    let repository = named.next()?;
    let name = repository.property(&["RepositoryName"])?.text()?.rsplit('/').next()?;
    (named.next().is_none() && written(name)).then(|| name.to_owned())
}

/// Whether a value names a resource of the template somewhere in it.
fn refers_to(tree: &Tree, id: &str, depth: u32) -> bool {
    if depth > 8 {
        return false;
    }
    if let Some(text) = tree.text() {
        let names = |end: char| text.contains(&format!("${{{id}{end}"));
        return text == id
            || text.strip_prefix(id).is_some_and(|rest| rest.starts_with('.'))
            || names('}')
            || names('.');
    }
    let entries = tree.entries().iter().map(|(_, value)| value);
    entries.chain(tree.items()).any(|inner| refers_to(inner, id, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    fn check(dockerfile: &str, path: &str, expected: Option<&str>) {
        let files = [("svc/Dockerfile", dockerfile), ("svc/src/main.py", ""), ("svc/run.py", ""), ("lib/x.py", "")];
        let sources = MemorySources::new(files);
        let read = Dockerfile::read(&sources, "svc/Dockerfile").unwrap();
        assert_eq!(read.located(&sources, path).as_deref(), expected, "{dockerfile} {path}");
    }

    #[test]
    fn files_lie_where_they_are_copied() {
        check("FROM a\nWORKDIR /app\nCOPY . .", "src/main.py", Some("svc/src/main.py"));
        check("FROM a\nWORKDIR /app\nCOPY src ./", "main.py", Some("svc/src/main.py"));
        check("FROM a\nWORKDIR /app\nCOPY src/*.py \\\n  ./code/", "/app/code/main.py", Some("svc/src/main.py"));
        check("FROM a\nWORKDIR /app\nCOPY run.py start.py", "start.py", Some("svc/run.py"));
        check("FROM a AS b\nCOPY src /src\nFROM c\nCOPY --from=b /src /src", "/src/main.py", Some("svc/src/main.py"));
        check("FROM a AS b\nCOPY src /src\nFROM b", "/src/main.py", Some("svc/src/main.py"));
        check("FROM a\nCOPY lib /lib", "/lib/x.py", Some("lib/x.py"));
        check("FROM a\nCOPY src /src", "/main.py", None);
        check("FROM a AS b\nCOPY src /src\nFROM c", "/src/main.py", None);
    }

    #[test]
    fn the_last_command_counts() {
        let sources = MemorySources::new([(
            "Dockerfile",
            "CMD [\"a\"]\nENTRYPOINT [\"b\", \"c d\"]\nCMD e 'f'\nENV X=1 Y=\"2\"\nENV Z z",
        )]);
        let read = Dockerfile::read(&sources, "Dockerfile").unwrap();
        assert_eq!((read.entrypoint, read.command), (vec!["b".into(), "c d".into()], vec!["e".into(), "f".into()]));
        let all: Vec<String> = read.environment.iter().map(|(name, (value, _))| format!("{name}={value}")).collect();
        assert_eq!(all, ["X=1", "Y=2", "Z=z"]);
    }
}
