//! Patterns that are made of others: of keys and what stands under them, of places in a tuple that is matched.
//!
//! ```python
//! match event:
//!     case {"httpMethod": "GET", "path": path}: …
//! ```

use crate::grammar::Grammar as _;
use crate::lower::{Lowerer, first_child, named_children};
use facts::code::{BinaryOp, Stmt, Value, ValueId};
use tree_sitter::Node;

/// Patterns inside one another that are looked into.
const MAX_DEPTH: u32 = 8;

/// What such a pattern asks for and what it binds.
#[derive(Default)]
pub(crate) struct Parts<'t> {
    conditions: Vec<ValueId>,
    /// It asks for more than the conditions say.
    open: bool,
    /// Patterns that are names, with what they are given.
    names: Vec<(Node<'t>, ValueId)>,
    /// Patterns whose names are given what cannot be told.
    others: Vec<Node<'t>>,
}

impl<'t> Lowerer<'_, 't> {
    /// The parts of a pattern of keys or of places; `None` for any other.
    pub(crate) fn composite(&mut self, pattern: Node<'t>, subject: ValueId) -> Option<Parts<'t>> {
        let mut parts = Parts::default();
        self.inside(pattern, subject, 0, &mut parts).then_some(parts)
    }

    /// The condition under which it applies, as far as that can be told.
    pub(crate) fn condition_of(&mut self, parts: &Parts<'t>) -> ValueId {
        let rest = (parts.open || parts.conditions.is_empty()).then(|| self.unknown("the pattern asks for more"));
        let mut all = parts.conditions.iter().copied().chain(rest);
        let first = all.next();
        let first = first.unwrap_or_else(|| self.unknown("the pattern asks for nothing"));
        all.fold(first, |left, right| self.add(Value::Binary { op: BinaryOp::And, left, right }))
    }

    /// Binds the names in it.
    pub(crate) fn bind_parts(&mut self, parts: Parts<'t>, out: &mut Vec<Stmt>) {
        for (name, value) in parts.names {
            self.bind_pattern(name, value, out);
        }
        for pattern in parts.others {
            let part = self.unknown("it is a part of what is matched");
            self.bind_pattern(pattern, part, out);
        }
    }

    /// Takes apart a pattern of keys or of places; false for any other.
    fn inside(&mut self, pattern: Node<'t>, subject: ValueId, depth: u32, parts: &mut Parts<'t>) -> bool {
        let inner = if pattern.kind_name() == "case_pattern" { first_child(pattern) } else { Some(pattern) };
        let Some(inner) = inner.filter(|_| depth < MAX_DEPTH) else { return false };
        let children = named_children(inner);
        match inner.kind_name() {
            "dict_pattern" => {
                // Whether a key is there is not told by what stands under it.
                parts.open = true;
                let mut children = children.into_iter();
                while let Some(key) = children.next() {
                    if key.kind_name() != "string" {
                        parts.others.push(key);
                        continue;
                    }
                    let Some(value) = children.next() else { break };
                    let key = self.expression(key);
                    let under = self.add(Value::Index { base: subject, key });
                    self.part(value, under, depth, parts);
                }
                true
            }
            "tuple_pattern" | "list_pattern" => {
                let items = match self.scope().function.values.get(subject.0 as usize) {
                    Some(Value::List(items)) => items.clone(),
                    _ => return false,
                };
                let starred = children.iter().any(|child| self.str(*child).starts_with('*'));
                let values = &self.scope().function.values;
                let spread = |item: &ValueId| matches!(values.get(item.0 as usize), Some(Value::Spread(_)));
                if items.len() != children.len() || starred || items.iter().any(spread) {
                    return false;
                }
                for (child, item) in children.into_iter().zip(items) {
                    self.part(child, item, depth, parts);
                }
                true
            }
            _ => false,
        }
    }

    fn part(&mut self, pattern: Node<'t>, value: ValueId, depth: u32, parts: &mut Parts<'t>) {
        if self.accepts_all(pattern) {
            parts.names.push((pattern, value));
        } else if let Some(condition) = self.pattern_condition(pattern, value) {
            parts.conditions.push(condition);
        } else if !self.inside(pattern, value, depth + 1, parts) {
            parts.open = true;
            parts.others.push(pattern);
        }
    }
}
