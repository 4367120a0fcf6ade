//! Commands of containers: which code of the scan they start.

use crate::docker::Dockerfile;
use crate::paths;
use catalog::Starts;
use facts::{Handler, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Words of one command that are looked at.
const MAX_WORDS: usize = 200;

/// Commands that start one another that are followed.
const MAX_DEPTH: u32 = 4;

/// Options that say in which folder the modules are.
const FOLDERS: [&str; 4] = ["--app-dir", "--chdir", "--pythonpath", "--workdir"];

/// Names that an app has when nothing says how it is called.
const USUAL: &str = "app|application|create_app()|make_app()";

/// What a command starts, and where its modules are looked for.
#[derive(Debug)]
pub(crate) struct Started {
    pub(crate) handler: Handler,
    pub(crate) roots: Vec<Arc<str>>,
}

/// What a command runs in: an image of the scan, if it is one, and the variables that are known.
pub(crate) struct Surroundings<'s> {
    pub(crate) sources: &'s dyn Sources,
    pub(crate) image: Option<&'s Dockerfile>,
    pub(crate) variables: BTreeMap<&'s str, &'s str>,
}

impl Surroundings<'_> {
    /// What a command starts; `None` where that is none of the scan, or cannot be told.
    pub(crate) fn started(&self, words: &[&str]) -> Option<Started> {
        let words = &words[..words.len().min(MAX_WORDS)];
        let mut started = self.any_of(words, 0).or_else(|| self.by_script(words))?;
        // Beside it lies what is copied from elsewhere.
        for folder in self.image.map(|image| image.folders(self.sources)).unwrap_or_default() {
            if !started.roots.contains(&folder) {
                started.roots.push(folder);
            }
        }
        Some(started)
    }

    fn any_of(&self, words: &[&str], depth: u32) -> Option<Started> {
        let known = |(i, word): (usize, &&str)| catalog::command(word).map(|known| (i, known));
        let (i, (starts, with)) = words.iter().enumerate().find_map(known)?;
        let words = &words[i + 1..];
        if depth > MAX_DEPTH || !with.is_empty() && !words.contains(&with) {
            return None;
        }
        match starts {
            Starts::Script => self.script(words, depth),
            Starts::App => self.app(words),
            Starts::Worker => self.worker(words),
            Starts::Web => self.web(),
            Starts::Handler => {
                let (module, name) = words.iter().find(|word| !word.starts_with('-'))?.rsplit_once('.')?;
                self.named(module, name, None)
            }
        }
    }

    /// `python app/main.py`, `python -u -m app.main`; a module may be another command.
    fn script(&self, words: &[&str], depth: u32) -> Option<Started> {
        for (i, word) in words.iter().enumerate() {
            if *word == "-m" {
                let module = words.get(i + 1)?;
                if catalog::command(module).is_some() {
                    return self.any_of(&words[i + 1..], depth + 1);
                }
                let (file, root) = self.module(module, None, &[".py", "/__main__.py"])?;
                return Some(Started { handler: Handler::Script(file.into()), roots: roots(root) });
            }
            if *word == "-c" {
                return None;
            }
            if has_extension(word, "py") {
                let file = self.file(word)?;
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                return Some(Started { handler: Handler::Script(file.into()), roots: roots(folder) });
            }
        }
        None
    }

    /// `gunicorn -w 4 shop.web:app`, `uvicorn --factory shop.web:create`.
    fn app(&self, words: &[&str]) -> Option<Started> {
        let (module, name) = words.iter().find_map(|word| app_name(word))?;
        let makes = words.contains(&"--factory") || words.contains(&"--call");
        let name = if makes && !name.ends_with(')') { format!("{name}()") } else { name.to_owned() };
        let folder = FOLDERS.iter().find_map(|option| value_of(words, option));
        self.named(module, &name, folder)
    }

    /// `celery -A shop.jobs worker`: the app is in the module, or in the one below it that is called `celery`.
    fn worker(&self, words: &[&str]) -> Option<Started> {
        let written = value_of(words, "-A").or_else(|| value_of(words, "--app"))?;
        if let Some((module, name)) = app_name(written) {
            return self.named(module, name, None);
        }
        let usual = "app|celery|celery_app";
        let below = || self.named(&format!("{written}.celery"), usual, None);
        let attribute = || written.rsplit_once('.').and_then(|(module, name)| self.named(module, name, None));
        below().or_else(|| self.named(written, usual, None)).or_else(attribute)
    }

    /// `flask run`: the app of `FLASK_APP`, which is a file, a module or a name in one.
    fn web(&self) -> Option<Started> {
        let Some(written) = self.variables.get("FLASK_APP") else {
            return self.named("wsgi", USUAL, None).or_else(|| self.named("app", USUAL, None));
        };
        let (module, name) = written.split_once(':').unwrap_or((written, USUAL));
        if has_extension(module, "py") {
            let file = self.file(module)?;
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            let handler = Handler::App { file: file.into(), name: name.into() };
            return Some(Started { handler, roots: roots(folder) });
        }
        self.named(module, name, None)
    }

    fn named(&self, module: &str, name: &str, folder: Option<&str>) -> Option<Started> {
        let (file, root) = self.module(module, folder, &[".py", "/__init__.py"])?;
        Some(Started { handler: Handler::App { file: file.into(), name: name.into() }, roots: roots(root) })
    }

    /// A shell script of the scan that is run: the first of its lines that starts something.
    fn by_script(&self, words: &[&str]) -> Option<Started> {
        let script = words.iter().find(|word| has_extension(word, "sh"))?;
        let text = self.sources.read(&self.file(script)?).ok()?.text.clone();
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#')).take(MAX_WORDS);
        let bare = |line: &str| line.replace(['"', '\'', '(', ')', ';'], " ");
        lines.map(bare).find_map(|line| {
            let words: Vec<&str> = line.split_whitespace().take(MAX_WORDS).collect();
            self.any_of(&words, 0)
        })
    }

    /// The file of a path in the image.
    fn file(&self, written: &str) -> Option<String> {
        let Some(image) = self.image else { return paths::ending(self.sources, written).map(|path| path.to_string()) };
        let located = image.located(self.sources, written);
        let beside = || {
            let path = paths::below(&image.folder, written.trim_start_matches('/'))?;
            self.sources.is_file(&path).then_some(path)
        };
        located.or_else(beside).or_else(|| paths::ending(self.sources, written).map(|path| path.to_string()))
    }

    /// The file of a module, and the folder that the module is named from.
    fn module(&self, name: &str, folder: Option<&str>, ends: &[&str]) -> Option<(String, String)> {
        let written = name.replace('.', "/");
        let path_variable = self.variables.get("PYTHONPATH").copied().unwrap_or_default();
        let bases = folder.into_iter().chain([""]).chain(path_variable.split(':').filter(|path| !path.is_empty()));
        for base in bases {
            for end in ends {
                let path = if base.is_empty() { format!("{written}{end}") } else { format!("{base}/{written}{end}") };
                let Some(file) = self.file(&path) else { continue };
                let Some(root) = file.strip_suffix(&format!("{written}{end}")) else { continue };
                if root.is_empty() || root.ends_with('/') {
                    return Some((file.clone(), root.trim_end_matches('/').to_owned()));
                }
            }
        }
        None
    }
}

fn has_extension(word: &str, extension: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, e)| e == extension)
}

/// What an option is given: `--app shop` or `--app=shop`.
fn value_of<'w>(words: &[&'w str], option: &str) -> Option<&'w str> {
    let joined = |word: &&'w str| word.strip_prefix(option).and_then(|rest| rest.strip_prefix('='));
    let apart = words.iter().position(|word| *word == option).and_then(|i| words.get(i + 1).copied());
    apart.or_else(|| words.iter().find_map(joined))
}

/// The module and the name in `shop.web:app` or `shop.web:create_app()`.
fn app_name(word: &str) -> Option<(&str, &str)> {
    let (module, name) = word.split_once(':')?;
    let plain = |text: &str| {
        !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c == '_' || c.is_alphanumeric())
    };
    let identifier = |text: &str| !text.is_empty() && text.split('.').all(|part| !part.is_empty() && plain(part));
    (identifier(module) && identifier(name.strip_suffix("()").unwrap_or(name))).then_some((module, name))
}

/// The folders on the module search path: the one that things are named from, and those above it.
pub(crate) fn roots(folder: String) -> Vec<Arc<str>> {
    let mut roots: Vec<Arc<str>> = vec![folder.into()];
    while let Some((above, _)) = roots.last().cloned().as_deref().and_then(|f| f.rsplit_once('/')) {
        roots.push(above.into());
    }
    if roots.last().is_some_and(|last| !last.is_empty()) {
        roots.push("".into());
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    fn check(command: &str, expected: &str) {
        let sources = MemorySources::new([
            ("a/Dockerfile", "WORKDIR /app\nCOPY . .\nENV FLASK_APP=web.py"),
            ("a/main.py", ""),
            ("a/shop/__init__.py", ""),
            ("a/shop/jobs.py", ""),
            ("a/shop/celery.py", ""),
            ("a/src/api.py", ""),
            ("a/web.py", ""),
            ("a/start.sh", "#!/bin/sh\n# python main.py\npython -m shop.jobs\nexec \"$@\"\n"),
            ("b/main.py", ""),
        ]);
        let image = Dockerfile::read(&sources, "a/Dockerfile").unwrap();
        let variables = image.environment.iter().map(|(name, (value, _))| (&**name, &**value)).collect();
        let around = Surroundings { sources: &sources, image: Some(&image), variables };
        let words: Vec<&str> = command.split_whitespace().collect();
        let got = around.started(&words).map_or("nothing".to_owned(), |started| match started.handler {
            Handler::Script(file) => file.to_string(),
            Handler::App { file, name } => format!("{file} {name}"),
            other => format!("{other:?}"),
        });
        assert_eq!(got, expected, "{command}");
    }

    #[test]
    fn commands_start_code() {
        check("python main.py --all", "a/main.py");
        check("/usr/bin/python3.12 -u -m shop.jobs", "a/shop/jobs.py");
        check("sh -c exec python /app/main.py", "a/main.py");
        check("poetry run python -m gunicorn -b 0.0.0.0:80 shop.jobs:app", "a/shop/jobs.py app");
        check("uvicorn --app-dir src api:make --factory", "a/src/api.py make()");
        check("gunicorn --chdir=src api:create_app()", "a/src/api.py create_app()");
        check("celery -A shop worker --loglevel=info", "a/shop/celery.py app|celery|celery_app");
        check("flask run --host 0.0.0.0", &format!("a/web.py {USUAL}"));
        check("python -m awslambdaric main.handler", "a/main.py handler");
        check("./start.sh", "a/shop/jobs.py");
        check("./start.sh python main.py", "a/main.py");
    }

    #[test]
    fn other_commands_start_nothing() {
        check("", "nothing");
        check("nginx -g daemon", "nothing");
        check("python -c print(1) main.py", "nothing");
        check("python other.py", "nothing");
        check("celery -A shop beat", "nothing");
        check("flask db upgrade", "nothing");
        check("gunicorn 0.0.0.0:80", "nothing");
        check("gunicorn missing:app", "nothing");
    }
}
