//! Modules of the scan: their bodies, their globals, and what an import of them gives.

use crate::machine::Machine;
use crate::value::{Abs, FrameId, UnitId};
use facts::code::FunctionId;
use std::sync::Arc;

impl Machine<'_> {
    /// The summary of a file, numbered at first sight.
    pub(crate) fn unit(&mut self, path: &Arc<str>) -> Option<UnitId> {
        if let Some(id) = self.unit_ids.get(path) {
            return Some(*id);
        }
        let unit = self.program.units.get(path)?.clone();
        if unit.functions.is_empty() {
            return None;
        }
        let id = UnitId(self.units.len() as u32);
        self.units.push(unit);
        self.unit_ids.insert(path.clone(), id);
        Some(id)
    }

    /// The activation of a module's body; runs the body at first sight.
    pub(crate) fn module(&mut self, unit: UnitId) -> FrameId {
        if let Some(frame) = self.modules.get(&unit) {
            return *frame;
        }
        let frame = self.enter(unit, FunctionId::MODULE, Vec::new(), None);
        // Entered before it runs: a circular import finds the module half done, as it does in the language.
        self.modules.insert(unit, frame);
        if self.stack.len() < crate::calls::MAX_DEPTH {
            // The body of a module runs once, for whichever route imports it first.
            let within = std::mem::take(&mut self.within);
            crate::machine::deeply(|| self.run_body(frame));
            self.within = within;
        }
        frame
    }

    /// The file that a module means to the file of `from`.
    pub(crate) fn imported_unit(&mut self, from: UnitId, module: &str) -> Option<UnitId> {
        let path = self.imports?.get(&self.units[from.0 as usize].path)?.get(module)?.clone();
        self.unit(&path)
    }

    /// A name imported from a module: its global, a module below it, or a symbol of a library.
    pub(crate) fn imported(&mut self, from: UnitId, module: &Arc<str>, name: &Arc<str>) -> Abs {
        if let Some(unit) = self.imported_unit(from, module) {
            self.module(unit);
            if let Some(value) = self.own_global(unit, name, 0) {
                return value;
            }
        }
        let below: Arc<str> =
            if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") }.into();
        if self.imported_unit(from, &below).is_some() {
            return Abs::Module { from, name: below };
        }
        if module.starts_with('.') {
            return Abs::unknown(format!("`{name}` is not found in `{module}`"));
        }
        if self.imported_unit(from, module).is_some() {
            return Abs::unknown(format!("`{module}` has no `{name}`"));
        }
        self.symbol(below)
    }

    /// The module that a text names, or, of a `member`, what it names in one.
    pub(crate) fn module_by_name(&mut self, frame: FrameId, name: &Abs, member: bool) -> Abs {
        let from = self.unit_of(frame);
        let found = name.each().iter().map(|one| {
            let Some(name) = one.as_text() else { return Abs::unknown("the name of the module is not known") };
            let parts = if member { name.rsplit_once([':', '.']) } else { None };
            match parts {
                Some((module, name)) => self.imported(from, &module.into(), &name.into()),
                None => Abs::Module { from, name: name.into() },
            }
        });
        let found: Vec<Abs> = found.collect();
        Abs::join(found)
    }

    /// An app of the routes that are listed in a module under a name. A text under any but the last name is that of the
    /// next module.
    pub(crate) fn listed_routes(&mut self, frame: FrameId, module: Abs, names: &[&str]) -> Abs {
        let (mut from, mut value) = (self.unit_of(frame), module);
        for name in names {
            let module: Arc<str> = match &value {
                Abs::Module { from: of, name } => {
                    from = *of;
                    name.clone()
                }
                // Routes that stand there themselves, maybe with a name for all of them.
                Abs::Object(_) => break,
                text => match text.as_text() {
                    Some(text) => text.into(),
                    None => return Abs::unknown("the module of the routes is not known"),
                },
            };
            let Some(unit) = self.imported_unit(from, &module) else {
                return Abs::unknown(format!("the module `{module}` is not of the scan"));
            };
            value = self.imported(from, &module, &Arc::from(*name));
            from = unit;
        }
        let first = self.heap.list_of(&value).and_then(|(items, _)| items.first().cloned());
        let routes = first.filter(|first| self.heap.list_of(first).is_some()).unwrap_or(value);
        crate::libraries::handle("web.app", [("routes", routes)])
    }

    /// What an attribute of a module is.
    pub(crate) fn module_attribute(&mut self, from: UnitId, module: &Arc<str>, name: &Arc<str>) -> Abs {
        self.imported(from, module, name)
    }

    /// A name used in a module: a global of it, or a built-in of the language.
    pub(crate) fn global(&mut self, unit: UnitId, name: &Arc<str>) -> Abs {
        self.module(unit);
        self.own_global(unit, name, 0).unwrap_or_else(|| self.symbol(format!("builtins.{name}").into()))
    }

    /// A global that the module binds itself, or takes over with a star import.
    fn own_global(&mut self, unit: UnitId, name: &Arc<str>, depth: u32) -> Option<Abs> {
        let file = self.units[unit.0 as usize].clone();
        let set = self.set_globals.get(&(unit, name.clone())).cloned();
        if let Some(value) = file.globals.get(name) {
            let frame = self.modules.get(&unit).copied()?;
            let first = self.evaluate(frame, *value);
            return Some(match set {
                // A global that starts as nothing and is filled in later holds what it was filled with.
                Some(set) if first == Abs::Null => set,
                Some(set) => Abs::join([first, set]),
                None => first,
            });
        }
        if set.is_some() {
            return set;
        }
        if let Some(made) = self.made_beside(unit, name) {
            return Some(made);
        }
        if depth > 8 {
            return None;
        }
        for module in &file.star_imports {
            if let Some(other) = self.imported_unit(unit, module) {
                self.module(other);
                if let Some(value) = self.own_global(other, name, depth + 1) {
                    return Some(value);
                }
            } else if !module.starts_with('.') && self.library.call(&format!("{module}.{name}")).is_some() {
                return Some(Abs::Symbol(format!("{module}.{name}").into()));
            }
        }
        None
    }

    /// Gives a global another value; the ones it had stay possible.
    pub(crate) fn set_global(&mut self, unit: UnitId, name: &Arc<str>, value: Abs) {
        let key = (unit, name.clone());
        let joined = match self.set_globals.get(&key) {
            Some(old) => Abs::join([old.clone(), value]),
            None => value,
        };
        if self.set_globals.get(&key) != Some(&joined) {
            self.set_globals.insert(key, joined);
            self.heap.epoch += 1;
        }
    }
}
