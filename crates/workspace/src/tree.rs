//! The modules of each target, with what they define, import and name; files are found as the compiler finds them.

use crate::members::{Member, RootKind};
use crate::{paths, syntax};
use facts::{Diagnostic, Place, ReadError, Sources};
use rayon::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Modules of a target. More are left out.
const MODULES: usize = 20_000;

/// Files that are included in modules of a target. More are left out: they may include one another.
const INCLUDED: usize = 1_000;

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) members: Vec<Member>,
    pub(crate) targets: Vec<Target>,
}

/// A library, a program or a build script.
#[derive(Debug)]
pub(crate) struct Target {
    /// The member that it is of.
    pub(crate) member: usize,
    pub(crate) kind: RootKind,
    pub(crate) tree: Tree,
}

/// The modules of a target; the first is the root.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) mentions: Vec<Mention>,
    /// What an `extern crate` of the root is called everywhere in the target; nothing for the crate itself.
    pub(crate) externs: BTreeMap<String, Option<String>>,
    /// The module that defines the macro of a name that is in scope in a module from there on, by what stands before.
    pub(crate) macros: BTreeMap<(usize, String), usize>,
}

/// A module.
#[derive(Debug)]
pub(crate) struct Module {
    /// `view::pages`; empty for the root.
    pub(crate) path: String,
    pub(crate) parent: Option<usize>,
    /// What is defined in it.
    pub(crate) scope: usize,
    pub(crate) place: Place,
    /// Whether its macros are those of the module around it too.
    pub(crate) macro_use: bool,
}

/// What names mean in a module, or in a block of a function that has items of its own.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) module: usize,
    /// The scope around a block.
    pub(crate) around: Option<usize>,
    pub(crate) names: BTreeMap<String, Meanings>,
    /// Paths whose names are all taken over.
    pub(crate) globs: Vec<Path>,
}

/// What one name means; types, values and macros may share it.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    /// A module.
    pub(crate) module: Option<usize>,
    /// The module that defines a type or a trait of this name.
    pub(crate) item: Option<usize>,
    /// The module that defines a function, a constant or a macro; no path leads through it.
    pub(crate) value: Option<usize>,
    pub(crate) imports: Vec<Path>,
}

/// A path as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// It begins with `::`.
    pub(crate) rooted: bool,
    pub(crate) segments: Vec<String>,
}

/// A path that code names.
#[derive(Debug)]
pub(crate) struct Mention {
    pub(crate) scope: usize,
    pub(crate) path: Path,
    pub(crate) place: Place,
    pub(crate) how: How,
}

/// In which way a path is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// By an item `use` or `extern crate`.
    Use,
    /// By `use path::*`.
    Glob,
    /// In an expression, a type or a pattern.
    Inline,
    /// In a macro or an attribute, where it may be no path.
    Macro,
    /// As a macro by its name alone.
    Called,
}

/// A module whose file is to be read.
pub(crate) struct Pending {
    pub(crate) module: usize,
    /// Where it may be; the first that is there is it.
    pub(crate) files: Vec<Candidate>,
    /// Where it is declared.
    pub(crate) place: Place,
    /// Whether it is put into a module that there is already.
    pub(crate) included: bool,
}

/// A file that may hold a module.
pub(crate) struct Candidate {
    pub(crate) file: String,
    /// The folder of the modules within.
    pub(crate) children: String,
}

impl Tree {
    /// A module with a scope of its own.
    pub(crate) fn add_module(&mut self, path: String, parent: Option<usize>, place: Place) -> usize {
        let module = self.modules.len();
        self.modules.push(Module { path, parent, scope: self.scopes.len(), place, macro_use: false });
        self.scopes.push(Scope { module, ..Scope::default() });
        module
    }

    /// Says which macro a module defines, and the modules around it that have it by `#[macro_use]`.
    pub(crate) fn define_macro(&mut self, module: usize, name: &str) {
        let mut at = Some(module);
        while let Some(one) = at {
            self.macros.entry((one, name.to_owned())).or_insert(module);
            at = self.modules[one].parent.filter(|_| self.modules[one].macro_use);
        }
    }

    /// The module that defines the macro that is in scope in a module by its name alone.
    pub(crate) fn macro_in(&self, module: usize, name: &str) -> Option<usize> {
        let mut around = std::iter::successors(Some(module), |one| self.modules[*one].parent);
        around.find_map(|one| self.macros.get(&(one, name.to_owned())).copied())
    }
}

impl Program {
    /// The library of a member.
    pub(crate) fn library(&self, member: usize) -> Option<usize> {
        self.targets.iter().position(|target| target.member == member && target.kind == RootKind::Library)
    }
}

/// Reads every target of the members.
pub(crate) fn program(members: Vec<Member>, sources: &dyn Sources, diagnostics: &mut Vec<Diagnostic>) -> Program {
    let roots: Vec<(usize, RootKind, &str)> = members
        .iter()
        .enumerate()
        .flat_map(|(i, member)| member.roots.iter().map(move |root| (i, root.kind, root.file.as_str())))
        .collect();
    let read = |(member, kind, file): (usize, RootKind, &str)| {
        let mut diagnostics = Vec::new();
        let tree = tree(file, sources, &mut diagnostics);
        (Target { member, kind, tree }, diagnostics)
    };
    let mut targets = Vec::new();
    for (target, found) in roots.into_par_iter().map(read).collect::<Vec<_>>() {
        targets.push(target);
        diagnostics.extend(found);
    }
    Program { members, targets }
}

/// The modules that begin at a root file.
fn tree(root: &str, sources: &dyn Sources, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    let mut tree = Tree::default();
    let place = Place::new(root, 1, 1);
    let module = tree.add_module(String::new(), None, place.clone());
    let first = Candidate { file: root.to_owned(), children: paths::folder(root).to_owned() };
    let mut pending = VecDeque::from([Pending { module, files: vec![first], place, included: false }]);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut included = 0;
    while let Some(next) = pending.pop_front() {
        if next.included {
            included += 1;
            if included <= INCLUDED {
                pending.extend(include(&next, sources, &mut tree));
            }
            continue;
        }
        let Some(candidate) = next.files.iter().find(|candidate| sources.is_file(&candidate.file)) else {
            let usual = next.files.first().map_or("", |candidate| &candidate.file);
            let message = format!("the file of this module is not there (`{usual}`), and what it uses is not drawn");
            diagnostics.push(Diagnostic::note("module-missing", next.place, message));
            continue;
        };
        let called = &tree.modules[next.module].path;
        if let Some(known) = seen.get(&candidate.file) {
            // Declared once for each of several conditions, it is one module.
            if known == called {
                tree.modules[next.module].place = Place::new(candidate.file.clone(), 1, 1);
                continue;
            }
            let message = format!("`{}` is a module of this crate already, and is not read again", candidate.file);
            diagnostics.push(Diagnostic::note("module-twice", next.place, message));
            continue;
        }
        seen.insert(candidate.file.clone(), called.clone());
        if tree.modules.len() > MODULES {
            let message = format!("there are more than {MODULES} modules, and the others are left out");
            diagnostics.push(Diagnostic::warning("too-many-modules", next.place, message));
            break;
        }
        let file = match sources.read(&candidate.file) {
            Ok(file) => file,
            Err(error) => {
                diagnostics.push(unread(&candidate.file, &error));
                continue;
            }
        };
        // A module of a file stands at its beginning, wherever it is declared.
        let path: Arc<str> = file.path.clone();
        tree.modules[next.module].place = Place::new(path, 1, 1);
        match syntax::read(&file, next.module, &candidate.children, &mut tree) {
            Ok(further) => pending.extend(further),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    tree
}

/// Reads a file into a module; one that is made by a build, or that is only an expression, says nothing.
fn include(next: &Pending, sources: &dyn Sources, tree: &mut Tree) -> Vec<Pending> {
    let there = next.files.iter().find(|candidate| sources.is_file(&candidate.file));
    let read = there.and_then(|candidate| Some((candidate, sources.read(&candidate.file).ok()?)));
    let further = read.and_then(|(candidate, file)| syntax::read(&file, next.module, &candidate.children, tree).ok());
    further.unwrap_or_default()
}

fn unread(path: &str, error: &ReadError) -> Diagnostic {
    let why = match error {
        ReadError::TooLarge(bytes) => format!("it has {bytes} bytes, more than the limit"),
        ReadError::Missing => "it is gone".to_owned(),
        ReadError::Failed(reason) => reason.clone(),
    };
    Diagnostic::warning("file-unreadable", Place::new(path, 1, 1), format!("the file is left out: {why}"))
}
