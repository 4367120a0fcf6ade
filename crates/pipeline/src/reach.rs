//! The code that deployed entries can reach, each file summarised once.

use crate::registry::LANGUAGES;
use crate::{replaced, unread};
use facts::code::Unit;
use facts::{Diagnostic, Entry, Handler, ImportRequest, Place, Sources, Start};
use interpret::{Imports, Program, Roots};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Summaries, and where each entry starts in them.
#[derive(Default)]
pub(crate) struct Code {
    /// Summaries and the imports between them.
    pub(crate) program: Program,
    /// For each entry, in order: where it starts, if its code is in the scan.
    pub(crate) starts: Vec<Option<Start>>,
    /// Code that was not found or not read.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A file as it is reached by a module search path: what its imports mean depends on both.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Reached {
    roots: Arc<Roots>,
    path: Arc<str>,
    language: usize,
}

/// Follows the imports from every entry, in rounds: each round summarises the files that are new to it.
pub(crate) fn reach(entries: &[Entry], sources: &dyn Sources) -> Code {
    let mut code = Code::default();
    let mut round = code.locate(entries, sources);
    let mut seen = round.clone();
    while !round.is_empty() {
        code.summarise(&round, sources);
        let found: Vec<_> = round.into_par_iter().map(|r| (imports(&r, &code.program, sources), r)).collect();
        round = BTreeSet::new();
        for (modules, from) in found {
            for (module, path) in modules {
                code.remember(&from, module, path.clone());
                let next = Reached { path, ..from.clone() };
                if seen.insert(next.clone()) {
                    round.insert(next);
                }
            }
        }
    }
    code
}

impl Code {
    /// Where the entries start, and so the first round.
    fn locate(&mut self, entries: &[Entry], sources: &dyn Sources) -> BTreeSet<Reached> {
        let located: Vec<_> = entries.par_iter().map(|entry| locate(entry, sources)).collect();
        let mut round = BTreeSet::new();
        for (entry, located) in entries.iter().zip(located) {
            self.starts.push(None);
            match located {
                Located::Start { start, language, unit } => {
                    if let Some(unit) = unit {
                        self.diagnostics.extend(unit.diagnostics.iter().cloned());
                        self.program.units.insert(start.path.clone(), unit);
                    }
                    let roots = Arc::new(start.roots.clone());
                    self.program.imports.entry(start.roots.clone()).or_default();
                    round.insert(Reached { roots, path: start.path.clone(), language });
                    self.starts.pop();
                    self.starts.push(Some(start));
                }
                Located::Missing(why) => {
                    let message = format!("the code of `{}` is not in the scan: {why}", entry.owner.id);
                    self.diagnostics.push(Diagnostic::warning("code-not-found", entry.place.clone(), message));
                }
                Located::Foreign => self.diagnostics.extend(foreign(entry)),
            }
        }
        round
    }

    fn summarise(&mut self, round: &BTreeSet<Reached>, sources: &dyn Sources) {
        let new: BTreeMap<&Arc<str>, usize> =
            round.iter().filter(|r| !self.program.units.contains_key(&r.path)).map(|r| (&r.path, r.language)).collect();
        let units: Vec<_> = new
            .into_par_iter()
            .map(|(path, language)| {
                sources.read(path).map(|f| (LANGUAGES[language].summarise(&f), f.lossy)).map_err(|e| unread(path, &e))
            })
            .collect();
        for unit in units {
            match unit {
                Ok((unit, lossy)) => {
                    self.diagnostics.extend(unit.diagnostics.iter().cloned());
                    self.diagnostics.extend(lossy.then(|| replaced(&unit.path)));
                    self.program.units.insert(unit.path.clone(), Arc::new(unit));
                }
                Err(diagnostic) => self.diagnostics.push(diagnostic),
            }
        }
    }

    fn remember(&mut self, from: &Reached, module: Arc<str>, path: Arc<str>) {
        // The interpreter asks by the path that the unit has, which for inline code is that of its template.
        let Some(unit) = self.program.units.get(&from.path) else { return };
        let imports: &mut Imports = self.program.imports.entry(from.roots.to_vec()).or_default();
        imports.entry(unit.path.clone()).or_default().insert(module, path);
    }
}

/// The modules that a file imports, each with the file that it means.
fn imports(from: &Reached, program: &Program, sources: &dyn Sources) -> Vec<(Arc<str>, Arc<str>)> {
    let Some(unit) = program.units.get(&from.path) else {
        return Vec::new();
    };
    let file = |module: &Arc<str>| {
        let request = ImportRequest { from: &unit.path, module, roots: &from.roots };
        LANGUAGES[from.language].import(request, sources).map(|path| (module.clone(), path))
    };
    unit.imports.iter().filter_map(file).collect()
}

enum Located {
    /// Found. Code that stands inside of a template comes with its summary.
    Start { start: Start, language: usize, unit: Option<Arc<Unit>> },
    /// Of a known language, but not to be found, and why.
    Missing(String),
    /// Of no known language.
    Foreign,
}

fn locate(entry: &Entry, sources: &dyn Sources) -> Located {
    if let Handler::Inline { name, text, place } = &entry.handler {
        return inline(entry, name, text, place);
    }
    let found = LANGUAGES.iter().enumerate().find_map(|(i, l)| Some((i, l.locate(entry, sources)?)));
    match found {
        Some((language, Ok(start))) => Located::Start { start, language, unit: None },
        Some((_, Err(why))) => Located::Missing(why),
        None => Located::Foreign,
    }
}

/// Code inside of a template is summarised under a name of its own: one template may hold several.
fn inline(entry: &Entry, name: &Arc<str>, text: &Arc<str>, place: &Place) -> Located {
    let Some(language) = language_of(entry) else {
        return Located::Foreign;
    };
    let Some(unit) = crate::registry::inline(LANGUAGES[language].name(), text, place) else {
        return Located::Missing("code inside of a template is not read for this language".to_owned());
    };
    let path = format!("{place}").into();
    let function = name.rsplit_once('.').map_or(&**name, |(_, function)| function).into();
    Located::Start { start: Start { path, function, roots: entry.roots.clone() }, language, unit: Some(Arc::new(unit)) }
}

/// The language of the declared runtime: its name begins with that of the language (`python3.12`).
fn language_of(entry: &Entry) -> Option<usize> {
    let runtime = entry.runtime.as_ref()?;
    LANGUAGES.iter().position(|l| runtime.starts_with(l.name()))
}

/// Code in a language that is not read is worth a word: the drawing cannot show what it does.
fn foreign(entry: &Entry) -> Option<Diagnostic> {
    let runtime = entry.runtime.as_ref()?;
    let message = format!("`{}` runs on {runtime}, which is not read: what it does is not drawn", entry.owner.id);
    Some(Diagnostic::note("language-unknown", entry.place.clone(), message))
}
