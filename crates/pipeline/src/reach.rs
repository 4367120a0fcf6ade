//! The code that deployed entries can reach, each file summarised once.
//!
//! To know which files those are takes only what each imports, its [`Head`]; a run that has kept what an entry does
//! never needs the summaries.

use crate::kept;
use crate::lost::{self, Lost};
use crate::packed::Elsewhere;
use crate::registry::LANGUAGES;
use crate::vendored::Vendored;
use crate::watched::Watched;
use crate::{replaced, unread};
use cache::Cache;
use facts::code::Unit;
use facts::{Diagnostic, Entry, Handler, ImportRequest, Place, Sources, Start};
use interpret::{Imports, Program, Roots};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is to be known of a file before it is summarised.
#[derive(Serialize, Deserialize)]
pub(crate) struct Head {
    imports: Vec<Arc<str>>,
    /// Texts that may name a module.
    mentions: Vec<Arc<str>>,
    diagnostics: Vec<Diagnostic>,
}

impl Head {
    fn new(unit: &Unit, diagnostics: Vec<Diagnostic>) -> Self {
        Self { imports: unit.imports.clone(), mentions: unit.mentions.clone(), diagnostics }
    }
}

/// Summaries, and where each entry starts in them.
#[derive(Default)]
pub(crate) struct Code {
    /// The imports between files, and the summaries that there are so far.
    pub(crate) program: Program,
    /// Each reached file: the number of its language, and what it imports.
    pub(crate) heads: BTreeMap<Arc<str>, (usize, Head)>,
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
    /// Whether more of the scan may be beside it than those roots.
    packed: bool,
}

/// Follows the imports from every entry, in rounds: each round looks into the files that are new to it.
pub(crate) fn reach(entries: &[Entry], elsewhere: &Elsewhere<'_>, sources: &Watched<'_>, cache: &dyn Cache) -> Code {
    let mut code = Code::default();
    let vendored = Vendored::new(sources);
    let mut round = code.locate(entries, sources);
    let mut seen = round.clone();
    while !round.is_empty() {
        code.look(&round, sources, cache);
        let found: Vec<_> =
            round.into_par_iter().map(|r| (imports(&r, &code, sources, elsewhere, &vendored), r)).collect();
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
    let lost = code.lost(&seen);
    code.diagnostics.extend(lost::notes(&lost, elsewhere, sources));
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
                        let head = Head::new(&unit, unit.diagnostics.clone());
                        self.diagnostics.extend_from_slice(&head.diagnostics);
                        self.heads.insert(start.path.clone(), (language, head));
                        self.program.units.insert(start.path.clone(), unit);
                    }
                    let roots = Arc::new(start.roots.clone());
                    self.program.imports.entry(start.roots.clone()).or_default();
                    round.insert(Reached {
                        roots,
                        path: start.path.clone(),
                        language,
                        packed: entry.archive.is_some(),
                    });
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

    /// Finds what the new files of a round import: what an earlier run has kept, or else by summarising them.
    fn look(&mut self, round: &BTreeSet<Reached>, sources: &Watched<'_>, cache: &dyn Cache) {
        let new: BTreeMap<&Arc<str>, usize> =
            round.iter().filter(|r| !self.heads.contains_key(&r.path)).map(|r| (&r.path, r.language)).collect();
        let looked: Vec<_> = new
            .into_par_iter()
            .map(|(path, language)| (path, language, look(path, language, sources, cache)))
            .collect();
        for (path, language, looked) in looked {
            match looked {
                Ok((head, unit)) => {
                    self.diagnostics.extend_from_slice(&head.diagnostics);
                    self.heads.insert(path.clone(), (language, head));
                    self.program.units.extend(unit.map(|unit| (path.clone(), Arc::new(unit))));
                }
                Err(diagnostic) => self.diagnostics.push(diagnostic),
            }
        }
    }

    /// Summarises what these entries reach, as far as it has not been yet.
    pub(crate) fn summarise(&mut self, starts: &[&Start], sources: &dyn Sources) {
        let needed: BTreeSet<&Arc<str>> = starts.iter().flat_map(|start| self.reached(start)).collect();
        let new = needed.into_iter().filter(|path| !self.program.units.contains_key(*path));
        let new: Vec<(Arc<str>, usize)> =
            new.filter_map(|path| Some((path.clone(), self.heads.get(path)?.0))).collect();
        let units: Vec<_> = new
            .into_par_iter()
            .filter_map(|(path, language)| {
                let file = sources.read(&path).ok()?;
                Some((path, Arc::new(LANGUAGES[language].summarise(&file))))
            })
            .collect();
        self.program.units.extend(units);
    }

    /// The files that an entry reaches, sorted.
    pub(crate) fn reached<'a>(&'a self, start: &'a Start) -> BTreeSet<&'a Arc<str>> {
        let imports = self.program.imports.get(&start.roots);
        let mut reached = BTreeSet::from([&start.path]);
        let mut next = vec![&start.path];
        while let Some(path) = next.pop() {
            let imported = imports.and_then(|all| all.get(self.own_path(path))).into_iter().flat_map(BTreeMap::values);
            next.extend(imported.filter(|file| reached.insert(file)));
        }
        reached
    }

    /// What files import and none of the search paths by which they are reached has.
    fn lost(&self, seen: &BTreeSet<Reached>) -> BTreeSet<Lost> {
        let mut lost: BTreeMap<(&Arc<str>, &str), Lost> = BTreeMap::new();
        let mut known: BTreeSet<(&Arc<str>, &str)> = BTreeSet::new();
        for Reached { roots, path, language, .. } in seen {
            let Some((_, head)) = self.heads.get(path) else { continue };
            let found = self.program.imports.get(&**roots).and_then(|all| all.get(self.own_path(path)));
            let is_found = |word: &str| found.into_iter().flat_map(BTreeMap::keys).any(|m| lost::first_word(m) == word);
            for module in head.imports.iter().filter(|module| !module.starts_with('.')) {
                let word = lost::first_word(module);
                if is_found(word) {
                    known.insert((path, word));
                }
                let empty = || Lost { path: path.clone(), language: *language, modules: BTreeSet::new() };
                lost.entry((path, word)).or_insert_with(empty).modules.insert(module.clone());
            }
        }
        lost.into_iter().filter(|(key, _)| !known.contains(key)).map(|(_, lost)| lost).collect()
    }

    fn remember(&mut self, from: &Reached, module: Arc<str>, path: Arc<str>) {
        let own = self.own_path(&from.path).clone();
        let imports: &mut Imports = self.program.imports.entry(from.roots.to_vec()).or_default();
        imports.entry(own).or_default().insert(module, path);
    }

    /// The path that the interpreter asks by: that of the unit, which for inline code is that of its template.
    pub(crate) fn own_path<'a>(&'a self, path: &'a Arc<str>) -> &'a Arc<str> {
        self.program.units.get(path).map_or(path, |unit| &unit.path)
    }
}

/// What a file imports; with its summary, when that had to be made.
fn look(
    path: &Arc<str>,
    language: usize,
    sources: &Watched<'_>,
    cache: &dyn Cache,
) -> Result<(Head, Option<Unit>), Diagnostic> {
    let name = LANGUAGES[language].name();
    let digest = cache.keeps().then(|| sources.digest(path)).flatten();
    let file = sources.read(path).map_err(|e| unread(path, &e))?;
    if let Some(head) = digest.and_then(|digest| kept::head(cache, name, path, digest)) {
        return Ok((head, None));
    }
    let unit = LANGUAGES[language].summarise(&file);
    let mut diagnostics = unit.diagnostics.clone();
    diagnostics.extend(file.lossy.then(|| replaced(&unit.path)));
    let head = Head::new(&unit, diagnostics);
    if let Some(digest) = digest {
        kept::keep_head(cache, name, path, digest, &head);
    }
    Ok((head, Some(unit)))
}

/// The modules of the scan that a file imports, each with the file that it means.
fn imports(
    from: &Reached,
    code: &Code,
    sources: &dyn Sources,
    elsewhere: &Elsewhere<'_>,
    vendored: &Vendored<'_>,
) -> Vec<(Arc<str>, Arc<str>)> {
    let Some((_, head)) = code.heads.get(&from.path) else {
        return Vec::new();
    };
    let file = |module: &Arc<str>| {
        let (language, own) = (LANGUAGES[from.language], code.own_path(&from.path));
        let found = language.import(ImportRequest { from: own, module, roots: &from.roots }, sources);
        let packed = || from.packed.then(|| elsewhere.find(language, own, module))?;
        let found = found.or_else(packed).filter(|path| !vendored.has(language.name(), module, path));
        found.map(|path| (module.clone(), path))
    };
    // What a text names is told by what is done with it; nothing is lost where it is no module.
    head.imports.iter().chain(&head.mentions).filter_map(file).collect()
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
