//! What a path names: a module of the scan, a package, or something from elsewhere.
//!
//! Names are looked up as the compiler does it: in the blocks around, in the module, through imports and globs, among the
//! dependencies. What a module hands on (`pub use`) is followed to where it is defined, as long as that is in the same
//! package: beyond, whoever asks knows the package that it asked and not those behind it.

use crate::manifest::For;
use crate::members::{RootKind, To};
use crate::tree::{How, Mention, Path, Program, Target};
use std::collections::BTreeMap;

/// A module of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) target: usize,
    pub(crate) module: usize,
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Module(At),
    /// Something that is defined in a module.
    Item(At),
    /// A package of the scan without a library.
    Member(usize),
    /// A package from elsewhere.
    External(String),
    /// What is there without being asked for: the standard library, what only tests have.
    Given,
}

/// A name that is looked for.
#[derive(Clone, Copy)]
struct Sought<'n> {
    name: &'n str,
    /// Whether more names follow, so that it cannot be a function.
    through: bool,
    /// The package whose code asks.
    home: usize,
}

/// Crates that need no dependency.
const GIVEN: &[&str] = &["std", "core", "alloc", "proc_macro", "test"];

/// Lookups within one another.
const DEPTH: usize = 120;

/// Lookups of a program. Code in which everything takes over everything else could ask for more without end.
const LOOKUPS: usize = 40_000_000;

/// Tells what paths name.
pub(crate) struct Names<'a> {
    program: &'a Program,
    /// What each package depends on, by the name that code has for it.
    known: Vec<BTreeMap<&'a str, (For, &'a To)>>,
    libraries: Vec<Option<usize>>,
    /// What has been looked up for one path, by target, scope, whether more follows, and name; nothing for what is still being looked up.
    asked: BTreeMap<(usize, usize, bool, String), Option<Found>>,
    /// Lookups that are not at their end.
    depth: usize,
    /// Where the globs of each scope lead to, by target, when that is known.
    globs: Vec<Vec<Vec<Option<Found>>>>,
    lookups: usize,
}

impl<'a> Names<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        let known = |member: &'a crate::members::Member| {
            let mut known: BTreeMap<&str, (For, &To)> = BTreeMap::new();
            for each in &member.dependencies {
                let entry = known.entry(&each.name).or_insert((each.used_for, &each.to));
                // What the program needs, tests may need too.
                if entry.0 == For::Tests || each.used_for == For::Program {
                    *entry = (each.used_for, &each.to);
                }
            }
            known
        };
        let libraries = (0..program.members.len()).map(|member| program.library(member)).collect();
        let known = program.members.iter().map(known).collect();
        let mut names =
            Self { program, known, libraries, asked: BTreeMap::new(), depth: 0, globs: Vec::new(), lookups: 0 };
        names.globs = names.all_globs();
        names
    }

    /// Whether there was more to look up than is looked up.
    pub(crate) fn gave_up(&self) -> bool {
        self.lookups > LOOKUPS
    }

    /// What a mention names; nothing where its first name is not known.
    pub(crate) fn named(&mut self, target: usize, mention: &Mention) -> Option<Found> {
        self.asked.clear();
        let old = self.old_paths(target) && matches!(mention.how, How::Use | How::Glob);
        self.path(target, mention.scope, &mention.path, old)
    }

    /// Whether a mention goes on from something that is no module: then what brought it into reach tells as much.
    pub(crate) fn goes_on_from_item(&mut self, target: usize, mention: &Mention) -> bool {
        self.asked.clear();
        let (Some(name), false) = (mention.path.segments.first(), mention.path.rooted) else { return false };
        let sought = Sought { name, through: true, home: self.target(target).member };
        matches!(self.around(target, mention.scope, sought), Some(Found::Item(_)))
    }

    /// Whether names may come to a mention from where nobody can look: a glob of a package from elsewhere.
    pub(crate) fn may_be_taken_over(&self, target: usize, scope: usize) -> bool {
        let program = self.program;
        let scopes = &program.targets[target].tree.scopes;
        let mut at = Some(scope);
        while let Some(scope) = at {
            let in_scan = |glob| matches!(self.globs[target][scope][glob], Some(Found::Module(_) | Found::Item(_)));
            if !(0..scopes[scope].globs.len()).all(in_scan) {
                return true;
            }
            at = scopes[scope].around;
        }
        false
    }

    /// Where every glob leads to.
    fn all_globs(&mut self) -> Vec<Vec<Vec<Option<Found>>>> {
        let program = self.program;
        let mut all = Vec::new();
        for (target, of) in program.targets.iter().enumerate() {
            let mut scopes = Vec::new();
            for (scope, each) in of.tree.scopes.iter().enumerate() {
                let mut globs = Vec::new();
                for path in &each.globs {
                    self.asked.clear();
                    globs.push(self.path(target, scope, path, self.old_paths(target)));
                }
                scopes.push(globs);
            }
            all.push(scopes);
        }
        all
    }

    /// Where a glob leads to. As long as not all are known, it is worked out.
    fn glob(&mut self, target: usize, scope: usize, glob: usize) -> Option<Found> {
        if let Some(known) = self.globs.get(target) {
            return known[scope][glob].clone();
        }
        let program = self.program;
        self.path(target, scope, &program.targets[target].tree.scopes[scope].globs[glob], self.old_paths(target))
    }

    fn target(&self, target: usize) -> &'a Target {
        &self.program.targets[target]
    }

    fn old_paths(&self, target: usize) -> bool {
        self.program.members[self.target(target).member].old_paths
    }

    /// What a path of a scope names. `old`: its first name is one of the root.
    fn path(&mut self, target: usize, scope: usize, path: &Path, old: bool) -> Option<Found> {
        let tree = &self.target(target).tree;
        let home = self.target(target).member;
        let mut module = tree.scopes[scope].module;
        let mut rest = path.segments.iter().map(String::as_str).peekable();
        let first = Sought { name: rest.next()?, through: rest.peek().is_some(), home };
        let mut found = match first.name {
            "crate" => Found::Module(At { target, module: 0 }),
            "self" | "super" if !path.rooted => {
                if first.name == "super" {
                    module = tree.modules[module].parent?;
                }
                while rest.peek() == Some(&"super") {
                    rest.next();
                    module = tree.modules[module].parent?;
                }
                Found::Module(At { target, module })
            }
            _ if path.rooted || old => {
                let old = if self.old_paths(target) { self.within(At { target, module: 0 }, first) } else { None };
                old.or_else(|| self.package(target, first.name))?
            }
            _ => self.around(target, scope, first).or_else(|| self.package(target, first.name))?,
        };
        while let Some(name) = rest.next() {
            let Found::Module(at) = found else { break };
            let sought = Sought { name, through: rest.peek().is_some(), home };
            found = self.within(at, sought).unwrap_or(Found::Item(at));
        }
        Some(found)
    }

    /// A name in the blocks around a scope and in its module.
    fn around(&mut self, target: usize, scope: usize, sought: Sought<'_>) -> Option<Found> {
        let mut at = Some(scope);
        while let Some(scope) = at {
            if let Some(found) = self.in_scope(target, scope, sought) {
                return Some(found);
            }
            at = self.target(target).tree.scopes[scope].around;
        }
        None
    }

    /// A name of a module.
    fn within(&mut self, at: At, sought: Sought<'_>) -> Option<Found> {
        let scope = self.target(at.target).tree.modules[at.module].scope;
        self.in_scope(at.target, scope, sought)
    }

    fn in_scope(&mut self, target: usize, scope: usize, sought: Sought<'_>) -> Option<Found> {
        self.lookups += 1;
        if self.gave_up() || self.depth > DEPTH {
            return None;
        }
        // Whoever comes back to where it began finds nothing there.
        let key = (target, scope, sought.through, sought.name.to_owned());
        if let Some(known) = self.asked.get(&key) {
            return known.clone();
        }
        self.asked.insert(key.clone(), None);
        self.depth += 1;
        let found = self.defined(target, scope, sought);
        self.depth -= 1;
        self.asked.insert(key, found.clone());
        found
    }

    fn defined(&mut self, target: usize, scope: usize, sought: Sought<'_>) -> Option<Found> {
        let home = sought.home;
        let of = &self.target(target).tree.scopes[scope];
        let old = self.old_paths(target);
        if let Some(meanings) = of.names.get(sought.name) {
            if let Some(module) = meanings.module {
                return Some(Found::Module(At { target, module }));
            }
            if let Some(module) = meanings.item.or(meanings.value.filter(|_| !sought.through)) {
                return Some(Found::Item(At { target, module }));
            }
            let mut first = None;
            for path in &meanings.imports {
                match self.path(target, scope, path, old) {
                    Some(found @ Found::Module(_)) => return Some(self.seen_by(home, target, of.module, found)),
                    found => first = first.or(found),
                }
            }
            if let Some(found) = first {
                return Some(self.seen_by(home, target, of.module, found));
            }
        }
        for glob in 0..of.globs.len() {
            self.lookups += 1;
            let Some(Found::Module(at)) = self.glob(target, scope, glob) else { continue };
            if at == (At { target, module: of.module }) {
                continue;
            }
            if let Some(found) = self.within(at, sought) {
                return Some(self.seen_by(home, target, of.module, found));
            }
        }
        None
    }

    /// What a module hands on of another package is the module's own for everyone but its package.
    fn seen_by(&self, home: usize, target: usize, module: usize, found: Found) -> Found {
        let owner = self.target(target).member;
        let same = match &found {
            Found::Module(at) | Found::Item(at) => self.target(at.target).member == owner,
            _ => false,
        };
        if same || owner == home { found } else { Found::Item(At { target, module }) }
    }

    /// A package by the name that code has for it.
    fn package(&self, target: usize, name: &str) -> Option<Found> {
        let Target { member, kind, .. } = *self.target(target);
        let library = |member: usize| match self.libraries[member] {
            Some(target) => Found::Module(At { target, module: 0 }),
            None => Found::Member(member),
        };
        if kind == RootKind::Program
            && self.libraries[member].is_some()
            && self.program.members[member].lib_name == name
        {
            return Some(library(member));
        }
        let name = match self.target(target).tree.externs.get(name) {
            Some(None) => return Some(Found::Module(At { target, module: 0 })),
            Some(Some(package)) => package,
            None => name,
        };
        match self.known[member].get(name) {
            Some((For::Tests, _)) => Some(Found::Given),
            Some((_, To::Member(member))) => Some(library(*member)),
            Some((_, To::External(package))) => Some(Found::External(package.clone())),
            None => GIVEN.contains(&name).then_some(Found::Given),
        }
    }
}
