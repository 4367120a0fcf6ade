//! States of machines, as parts of them, and what comes after what.

use crate::flows::Builder;
use facts::{NodeKind, Part, State};
use model::Transition;

impl Builder<'_, '_> {
    /// Declared states: first each where it stands itself, then the ways that go on from them, which name others.
    pub(crate) fn states(&mut self, states: &[State]) {
        let mut all = Vec::new();
        for state in states {
            let Some(part) = &state.at.part else { continue };
            for target in self.end(&state.at) {
                let Some(owner) = self.nodes.found(&target.found) else { continue };
                let id = self.nodes.part(&owner, part, &state.at.place);
                if let (Some(type_name), Some(node)) = (&state.type_name, self.nodes.by_id.get_mut(&id)) {
                    node.details.insert("type".to_owned(), type_name.to_string().into());
                }
                if let (Some((holder, branch)), Some(node)) = (&state.within, self.nodes.by_id.get_mut(&id)) {
                    node.details.insert("within".to_owned(), holder.to_string().into());
                    if *branch > 0 {
                        node.details.insert("branch".to_owned(), (*branch).into());
                    }
                }
                all.push((state, owner, id));
            }
        }
        for (state, owner, id) in all {
            self.ways(state, owner, &id);
        }
    }

    fn ways(&mut self, state: &State, owner: String, from: &str) {
        for (to, when) in &state.next {
            let to = Part { kind: NodeKind::State, name: to.clone() };
            let to = self.nodes.part(&owner, &to, &state.at.place);
            self.transitions.push(Transition { from: from.to_owned(), to, when: when.to_string() });
        }
        if state.first {
            self.transitions.push(Transition { from: owner, to: from.to_owned(), when: String::new() });
        }
    }
}
