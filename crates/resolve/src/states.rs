//! States of machines, as parts of them, and what comes after what.

use crate::flows::Builder;
use facts::{NodeKind, Part, State};
use model::Transition;

impl Builder<'_, '_> {
    /// A declared state, with the ways that go on from it.
    pub(crate) fn state(&mut self, state: &State) {
        let Some(part) = &state.at.part else { return };
        for target in self.end(&state.at) {
            let Some(owner) = self.nodes.found(&target.found) else { continue };
            let from = self.nodes.part(&owner, part, &state.at.place);
            if let (Some(type_name), Some(node)) = (&state.type_name, self.nodes.by_id.get_mut(&from)) {
                node.details.insert("type".to_owned(), type_name.to_string().into());
            }
            if let (Some((holder, branch)), Some(node)) = (&state.within, self.nodes.by_id.get_mut(&from)) {
                node.details.insert("within".to_owned(), holder.to_string().into());
                if *branch > 0 {
                    node.details.insert("branch".to_owned(), (*branch).into());
                }
            }
            if state.first {
                self.transitions.push(Transition { from: owner.clone(), to: from.clone(), when: String::new() });
            }
            for (to, when) in &state.next {
                let to = Part { kind: NodeKind::State, name: to.clone() };
                let to = self.nodes.part(&owner, &to, &state.at.place);
                self.transitions.push(Transition { from: from.clone(), to, when: when.to_string() });
            }
        }
    }
}
