//! Local variables while a function is lowered: which value reaches each use.

use facts::code::{Function, FunctionId, Value, ValueId};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A function while it is lowered.
pub(crate) struct Scope {
    pub(crate) function: Function,
    pub(crate) id: FunctionId,
    /// The loops around what is being lowered, the innermost last.
    pub(crate) loops: Vec<Loop>,
    /// The type of what it returns, where that is written.
    pub(crate) returns: Option<ValueId>,
    /// The variables in the order of their declaration; a later one of the same name hides an earlier one.
    variables: Vec<(Arc<str>, ValueId)>,
    /// Where the variables of a name are, the innermost last.
    named: FxHashMap<Arc<str>, Vec<usize>>,
    /// The values before each assignment, for going back at the end of a branch.
    undo: Vec<(usize, ValueId)>,
}

/// A loop that is being lowered.
#[derive(Default)]
pub(crate) struct Loop {
    /// Whether its turns can be told apart.
    pub(crate) by_element: bool,
    /// Whether it is left early, or a turn of it.
    pub(crate) leaves: bool,
}

/// Where a block begins.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    variables: usize,
    undo: usize,
}

/// What a block has assigned to the variables around it.
pub(crate) type Changes = BTreeMap<usize, ValueId>;

impl Scope {
    pub(crate) fn new(id: FunctionId, function: Function) -> Self {
        Self {
            function,
            id,
            loops: Vec::new(),
            returns: None,
            variables: Vec::new(),
            named: FxHashMap::default(),
            undo: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, value: Value) -> ValueId {
        self.function.values.push(value);
        ValueId((self.function.values.len() - 1) as u32)
    }

    pub(crate) fn get(&self, name: &str) -> Option<ValueId> {
        let at = *self.named.get(name)?.last()?;
        self.variables.get(at).map(|(_, value)| *value)
    }

    /// A new variable.
    pub(crate) fn declare(&mut self, name: Arc<str>, value: ValueId) {
        self.named.entry(name.clone()).or_default().push(self.variables.len());
        self.variables.push((name, value));
    }

    /// Another value of a variable that there is; false where there is none.
    pub(crate) fn assign(&mut self, name: &str, value: ValueId) -> bool {
        let at = self.named.get(name).and_then(|all| all.last().copied());
        at.is_some_and(|at| {
            self.set(at, value);
            true
        })
    }

    fn set(&mut self, at: usize, value: ValueId) {
        if let Some(variable) = self.variables.get_mut(at) {
            self.undo.push((at, variable.1));
            variable.1 = value;
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { variables: self.variables.len(), undo: self.undo.len() }
    }

    /// Ends a block: its variables are gone, and what it has assigned to others stays.
    pub(crate) fn close(&mut self, mark: Mark) {
        while self.variables.len() > mark.variables {
            if let Some((name, _)) = self.variables.pop()
                && let Some(all) = self.named.get_mut(&name)
            {
                all.pop();
            }
        }
    }

    /// Ends a branch: everything is as it was at the mark; gives what the branch has assigned.
    pub(crate) fn rewind(&mut self, mark: Mark) -> Changes {
        self.close(mark);
        let mut changes = Changes::new();
        while self.undo.len() > mark.undo {
            let Some((at, old)) = self.undo.pop() else { break };
            if let Some(variable) = self.variables.get_mut(at) {
                changes.entry(at).or_insert(variable.1);
                variable.1 = old;
            }
        }
        changes
    }

    /// After branches: each variable has the value of one of them.
    pub(crate) fn join(&mut self, condition: Option<ValueId>, branches: &[Changes]) {
        let mut changed: Vec<usize> = branches.iter().flat_map(|one| one.keys().copied()).collect();
        changed.sort_unstable();
        changed.dedup();
        for at in changed {
            let Some((_, before)) = self.variables.get(at) else { continue };
            let mut all: Vec<ValueId> = branches.iter().map(|one| one.get(&at).copied().unwrap_or(*before)).collect();
            let value = if let (Some(condition), [yes, no]) = (condition, &all[..]) {
                Value::Choice { condition, yes: *yes, no: *no }
            } else {
                all.sort_unstable();
                all.dedup();
                Value::OneOf(all)
            };
            let value = self.add(value);
            self.set(at, value);
        }
    }
}
