//! Patterns that are made of others: of keys and what stands under them, of places in a tuple that is matched.
//!
//! ```python
//! match event:
//!     case {"httpMethod": "GET", "path": path}: …
//! ```

use crate::lower::Lowerer;
use crate::matching::accepts_all;
use facts::code::{BinaryOp, Stmt, Value, ValueId};
use ruff_python_ast::{Identifier, Pattern};

/// Patterns inside one another that are looked into.
const MAX_DEPTH: u32 = 8;

/// What such a pattern asks for and what it binds.
#[derive(Default)]
pub(crate) struct Parts<'t> {
    conditions: Vec<ValueId>,
    /// It asks for more than the conditions say.
    open: bool,
    /// Patterns that are names, with what they are given.
    names: Vec<(&'t Pattern, ValueId)>,
    /// Patterns whose names are given what cannot be told.
    others: Vec<&'t Pattern>,
    /// Names of all further entries of a map.
    rests: Vec<&'t Identifier>,
}

impl<'t> Lowerer<'t> {
    /// The parts of a pattern of keys or of places; `None` for any other.
    pub(crate) fn composite(&mut self, pattern: &'t Pattern, subject: ValueId) -> Option<Parts<'t>> {
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
        for name in parts.rests {
            self.bind_part(Some(name), None, out);
        }
    }

    /// Takes apart a pattern of keys or of places; false for any other.
    fn inside(&mut self, pattern: &'t Pattern, subject: ValueId, depth: u32, parts: &mut Parts<'t>) -> bool {
        match pattern {
            _ if depth >= MAX_DEPTH => false,
            Pattern::MatchMapping(node) => {
                // Whether a key is there is not told by what stands under it.
                parts.open = true;
                parts.rests.extend(&node.rest);
                for (key, value) in node.keys.iter().zip(&node.patterns) {
                    if key.is_string_literal_expr() {
                        let key = self.expression(key);
                        let under = self.add(Value::Index { base: subject, key });
                        self.part(value, under, depth, parts);
                    } else {
                        parts.others.push(value);
                    }
                }
                true
            }
            Pattern::MatchSequence(node) => {
                let values = &self.scope().function.values;
                let Some(Value::List(items)) = values.get(subject.0 as usize) else { return false };
                let items = items.clone();
                let spread = |item: &ValueId| matches!(values.get(item.0 as usize), Some(Value::Spread(_)));
                let starred = node.patterns.iter().any(Pattern::is_match_star);
                if items.len() != node.patterns.len() || starred || items.iter().any(spread) {
                    return false;
                }
                for (child, item) in node.patterns.iter().zip(items) {
                    self.part(child, item, depth, parts);
                }
                true
            }
            _ => false,
        }
    }

    fn part(&mut self, pattern: &'t Pattern, value: ValueId, depth: u32, parts: &mut Parts<'t>) {
        if accepts_all(pattern) {
            parts.names.push((pattern, value));
        } else if let Some(condition) = self.pattern_condition(pattern, value) {
            parts.conditions.push(condition);
        } else if !self.inside(pattern, value, depth + 1, parts) {
            parts.open = true;
            parts.others.push(pattern);
        }
    }
}
