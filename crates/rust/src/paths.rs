//! Names: local variables, items of the file, of other files of the crate, of other crates.

use crate::items::Lowerer;
use facts::code::{Value, ValueId};
use std::sync::Arc;
use syn::UseTree;

/// One name that a `use` binds; without a name, everything that the path has.
pub(crate) struct Tree {
    pub(crate) path: Vec<String>,
    pub(crate) name: Option<String>,
}

/// The longest path; nobody writes one.
const MAX_PATH: usize = 24;

/// All that a `use` binds.
pub(crate) fn flat(tree: &UseTree) -> Vec<Tree> {
    let mut out = Vec::new();
    let mut open = vec![(Vec::new(), tree)];
    while let Some((mut path, tree)) = open.pop() {
        match tree {
            _ if path.len() > MAX_PATH => {}
            UseTree::Path(next) => {
                path.push(next.ident.to_string());
                open.push((path, &next.tree));
            }
            UseTree::Group(group) => open.extend(group.items.iter().map(|item| (path.clone(), item))),
            UseTree::Glob(_) => {
                // `use schema::orders::dsl::*` gives what is called like the table too.
                if let [.., table, dsl] = &path[..]
                    && dsl == "dsl"
                    && path.len() > 2
                {
                    out.push(Tree { path: path[..path.len() - 1].to_vec(), name: Some(table.clone()) });
                }
                out.push(Tree { path, name: None });
            }
            UseTree::Name(name) if name.ident == "self" => {
                let name = path.last().cloned();
                out.extend(name.map(|name| Tree { path, name: Some(name) }));
            }
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                let name = path.last().cloned();
                out.push(Tree { path, name });
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    path.push(rename.ident.to_string());
                }
                // `use Trait as _` binds no name.
                if rename.rename != "_" {
                    out.push(Tree { path, name: Some(rename.rename.to_string()) });
                }
            }
        }
    }
    out
}

/// Whether a name is written as those of types are.
pub(crate) fn is_type(name: &str) -> bool {
    name.starts_with(|c: char| c.is_uppercase())
}

impl Lowerer<'_> {
    /// The value of a path.
    pub(crate) fn path(&mut self, path: &syn::Path) -> ValueId {
        let names: Vec<String> = path.segments.iter().take(MAX_PATH).map(|s| s.ident.to_string()).collect();
        self.named(&names, None)
    }

    /// The same for what a `use` of the path binds: the name that it binds is not what it means.
    pub(crate) fn path_from_use(&mut self, path: &[String], binds: &str) -> ValueId {
        self.named(path, Some(binds))
    }

    pub(crate) fn named(&mut self, names: &[String], binds: Option<&str>) -> ValueId {
        let Some(first) = names.first() else { return self.unknown("nothing is named") };
        if first == "Self" {
            let owner = self.owner.clone().unwrap_or_else(|| "Self".into());
            let owner = self.add(Value::Global(owner));
            return self.members(owner, &names[1..]);
        }
        if let (None, Some(local)) = (binds, self.local(first)) {
            return self.members(local, &names[1..]);
        }
        let own = binds.is_none_or(|binds| binds != first);
        if let Some((known, length)) = own.then(|| self.own(names)).flatten() {
            let value = self.add(Value::Global(known));
            return self.members(value, &names[length..]);
        }
        match first.as_str() {
            "crate" | "super" | "self" => {
                let ups = names.iter().take_while(|n| matches!(n.as_str(), "crate" | "super" | "self")).count();
                self.relative(names, ups)
            }
            _ if names.len() == 1 && binds.is_none() || is_type(first) => {
                let value = self.add(Value::Global(first.as_str().into()));
                self.members(value, &names[1..])
            }
            _ => {
                self.import_all(first.clone(), &names[1..]);
                let module = self.add(Value::Module(first.as_str().into()));
                self.members(module, &names[1..])
            }
        }
    }

    /// `crate::a`, `self::a`, `super::super::a`; in a module inside of the file, what that means there.
    fn relative(&mut self, names: &[String], ups: usize) -> ValueId {
        let mut around: Vec<&str> = self.around.split_terminator('.').collect();
        let mut module = if names[0] == "crate" { ".crate".to_owned() } else { String::new() };
        for up in names[..ups].iter().filter(|name| *name == "super") {
            if module.is_empty() && around.pop().is_some() {
                continue;
            }
            module = format!("{module}.{up}");
        }
        let rest = &names[ups..];
        if module.is_empty() {
            let inner: String = around.iter().flat_map(|name| [*name, "."]).collect();
            return match rest.split_first() {
                Some((first, rest)) => {
                    let value = self.add(Value::Global(format!("{inner}{first}").into()));
                    self.members(value, rest)
                }
                None => self.add(Value::Module(".self".into())),
            };
        }
        self.import_all(module.clone(), rest);
        let module = self.add(Value::Module(module.into()));
        self.members(module, rest)
    }

    /// The longest beginning of a path that is something of this file.
    fn own(&self, names: &[String]) -> Option<(Arc<str>, usize)> {
        let mut around = self.around.as_str();
        loop {
            for length in (1..=names.len()).rev() {
                let whole = format!("{around}{}", names[..length].join("."));
                // `fn rocket() { rocket::build() }`: a crate may be called like a function.
                let leads_on = length == names.len() || !self.functions.contains(whole.as_str());
                let leads_on =
                    leads_on || self.modules.contains(whole.as_str()) || self.classes.contains_key(whole.as_str());
                if leads_on && self.names.contains(whole.as_str()) {
                    return Some((whole.into(), length));
                }
            }
            if around.is_empty() {
                return None;
            }
            // A module sees of those around it what it imports; `use super::*` is how nearly all do.
            around = around.trim_end_matches('.').rfind('.').map_or("", |dot| &around[..=dot]);
        }
    }

    fn local(&mut self, name: &str) -> Option<ValueId> {
        if let Some(value) = self.scope().get(name) {
            return Some(value);
        }
        let around = self.scopes.len() - 1;
        let (function, value) = (0..around).rev().find_map(|i| Some((self.scopes[i].id, self.scopes[i].get(name)?)))?;
        Some(self.add(Value::Captured { function, value }))
    }

    fn members(&mut self, base: ValueId, names: &[String]) -> ValueId {
        names.iter().fold(base, |base, name| self.add(Value::Attr { base, name: name.as_str().into() }))
    }

    /// Every module that a path may go through.
    fn import_all(&mut self, module: String, names: &[String]) {
        if matches!(module.as_str(), "std" | "core" | "alloc") {
            return;
        }
        let mut module = module;
        self.imports.insert(module.as_str().into());
        for name in names.iter().take_while(|name| !is_type(name)) {
            module = format!("{module}.{name}");
            self.imports.insert(module.as_str().into());
        }
    }

    /// `use a::b::*`.
    pub(crate) fn star(&mut self, names: &[String]) {
        let Some(first) = names.first().filter(|_| !names.iter().any(|name| is_type(name))) else { return };
        let inside = !self.around.is_empty() && matches!(first.as_str(), "super" | "self");
        if inside || self.scopes.len() > 1 {
            return;
        }
        let path = names.join(".");
        let module = match first.as_str() {
            "crate" | "super" | "self" => format!(".{path}"),
            first if self.modules.contains(first) => format!(".self.{path}"),
            _ => path,
        };
        self.imports.insert(module.as_str().into());
        self.unit.star_imports.push(module.into());
    }
}
