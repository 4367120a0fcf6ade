//! Local variables while a function is lowered: which value reaches each use.

use facts::code::{Function, FunctionId, Value, ValueId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// A function while it is lowered.
pub(crate) struct Scope {
    pub(crate) function: Function,
    pub(crate) id: FunctionId,
    /// The value of each local variable here.
    variables: FxHashMap<Arc<str>, ValueId>,
    /// What `variables` was before each change, for going back at the end of a branch.
    undo: Vec<(Arc<str>, Option<ValueId>)>,
    /// Names declared `global`.
    pub(crate) globals: FxHashSet<Arc<str>>,
    /// Whether this is the body of a class: its names are no variables of the functions in it.
    pub(crate) class_body: bool,
}

/// Where the changes of a branch begin.
#[derive(Clone, Copy)]
pub(crate) struct Mark(usize);

impl Scope {
    pub(crate) fn new(id: FunctionId, function: Function) -> Self {
        Self {
            function,
            id,
            variables: FxHashMap::default(),
            undo: Vec::new(),
            globals: FxHashSet::default(),
            class_body: false,
        }
    }

    pub(crate) fn add(&mut self, value: Value) -> ValueId {
        self.function.values.push(value);
        ValueId((self.function.values.len() - 1) as u32)
    }

    pub(crate) fn get(&self, name: &str) -> Option<ValueId> {
        self.variables.get(name).copied()
    }

    pub(crate) fn set(&mut self, name: Arc<str>, value: ValueId) {
        let old = self.variables.insert(name.clone(), value);
        self.undo.push((name, old));
    }

    pub(crate) fn variables(&self) -> &FxHashMap<Arc<str>, ValueId> {
        &self.variables
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.undo.len())
    }

    /// The names bound since a mark, with their values.
    pub(crate) fn since(&self, mark: Mark) -> Vec<(Arc<str>, ValueId)> {
        let names = self.undo.get(mark.0..).unwrap_or_default().iter();
        names.filter_map(|(name, _)| Some((name.clone(), self.get(name)?))).collect()
    }

    /// Goes back to a mark; gives what has changed since, each name with its last value, ordered by name.
    pub(crate) fn rewind(&mut self, mark: Mark) -> Vec<(Arc<str>, ValueId)> {
        let mut changed: Vec<(Arc<str>, ValueId)> = Vec::new();
        let mut seen = FxHashSet::default();
        while self.undo.len() > mark.0 {
            let Some((name, old)) = self.undo.pop() else { break };
            if seen.insert(name.clone()) {
                changed.push((name.clone(), self.variables[&name]));
            }
            match old {
                Some(old) => self.variables.insert(name, old),
                None => self.variables.remove(&name),
            };
        }
        changed.sort_by(|a, b| a.0.cmp(&b.0));
        changed
    }
}

impl Scope {
    /// Like [`Scope::rewind`], in the order in which the names were first bound.
    pub(crate) fn rewind_in_order(&mut self, mark: Mark) -> Vec<(Arc<str>, ValueId)> {
        let mut order: Vec<Arc<str>> = Vec::new();
        let mut seen = FxHashSet::default();
        for (name, _) in &self.undo[mark.0..] {
            if seen.insert(name.clone()) {
                order.push(name.clone());
            }
        }
        let changed: FxHashMap<Arc<str>, ValueId> = self.rewind(mark).into_iter().collect();
        order.into_iter().filter_map(|name| Some((name.clone(), *changed.get(&name)?))).collect()
    }
}
