//! Constants that a `Pass` state puts into a machine's data, for the states after it.

use crate::tree::{Node, Tree};
use std::collections::BTreeMap;

/// What is known of the data of a machine, by paths such as `$.sns`; nothing where several states put something there.
#[derive(Clone, Default)]
pub(crate) struct Passed<'s> {
    known: BTreeMap<&'s str, Option<&'s Tree>>,
}

impl<'s> Passed<'s> {
    /// What the states of one level put there, and those around it.
    pub(crate) fn of(states: Option<&'s Tree>, outer: &Self) -> Self {
        let mut own: BTreeMap<&'s str, Option<&'s Tree>> = BTreeMap::new();
        for (_, state) in states.map(Tree::entries).unwrap_or_default() {
            let passes = match state.get("Type").and_then(Tree::text) {
                Some("Pass") => true,
                Some("Task" | "Map" | "Parallel") => false,
                _ => continue,
            };
            let value = state.get("Result").or_else(|| state.get("Parameters"));
            // A state that passes on what it gets changes nothing.
            if passes && value.is_none() {
                continue;
            }
            let path = match state.get("ResultPath") {
                None => "$",
                Some(path) => match path.text() {
                    Some(path) if path.starts_with('$') => path,
                    _ => continue,
                },
            };
            own.entry(path).and_modify(|known| *known = None).or_insert(value.filter(|_| passes));
        }
        let mut known = outer.known.clone();
        known.extend(own);
        Self { known }
    }

    /// The constant at a path.
    pub(crate) fn get(&self, path: &str) -> Option<&'s Tree> {
        let below = |at: &str| path == at || path.strip_prefix(at).is_some_and(|rest| rest.starts_with('.'));
        let (at, value) = self.known.iter().filter(|(at, _)| below(at)).max_by_key(|(at, _)| at.len())?;
        let mut fields = path[at.len()..].split('.').skip(1);
        let found = fields.try_fold((*value)?, |tree, field| tree.get(field))?;
        let whole = found.is_intrinsic() || !matches!(found.node, Node::Map(_) | Node::List(_) | Node::Null);
        whole.then_some(found)
    }
}
