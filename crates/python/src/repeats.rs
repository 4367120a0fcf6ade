//! Loops over constants that are written out: each turn is lowered by itself, so that what belongs together stays so.
//!
//! ```python
//! for name in ("orders", "users"):
//!     setattr(settings, name, os.environ[name.upper() + "_TABLE"])
//! ```

use crate::grammar::{FIELDS, Grammar as _};
use crate::lower::{Lowerer, first_child, named_children};
use facts::code::{Stmt, Value, ValueId};
use tree_sitter::Node;

/// Turns of one loop that are told apart.
const MAX_TURNS: usize = 8;

/// Such loops inside one another.
const MAX_NESTED: u32 = 2;

/// Bytes of code in a loop that is repeated.
const MAX_BODY: usize = 2_000;

/// Bytes of code that are repeated in one file.
pub(crate) const MAX_REPEATED: usize = 100_000;

impl<'t> Lowerer<'_, 't> {
    /// The constants that a loop goes over, when they are few and written out, and each turn surely happens. Whoever
    /// lowers the turns counts one loop less when done.
    pub(crate) fn written_out(&mut self, iterable: Node<'t>, around: Node<'t>) -> Option<Vec<Node<'t>>> {
        if self.repeating >= MAX_NESTED || !matches!(iterable.kind_name(), "tuple" | "list" | "set") {
            return None;
        }
        let items = named_children(iterable);
        let text = self.str(around);
        let leaves_early = ["break", "continue"].iter().any(|word| text.contains(word));
        if items.is_empty() || items.len() > MAX_TURNS || text.len() > MAX_BODY || leaves_early {
            return None;
        }
        if !items.iter().all(|item| is_constant(*item, 0)) {
            return None;
        }
        self.repeatable = self.repeatable.checked_sub(text.len() * items.len())?;
        self.repeating += 1;
        Some(items)
    }

    /// The turns of such a loop, one after another.
    pub(crate) fn each_turn(&mut self, node: Node<'t>, items: Vec<Node<'t>>, out: &mut Vec<Stmt>) {
        for item in items {
            let value = self.expression_into(item, out);
            if let Some(left) = node.child_by_field_id(FIELDS.left) {
                self.assign(left, value, out);
            }
            if let Some(block) = node.child_by_field_id(FIELDS.body) {
                out.extend(self.block(block));
            }
        }
        self.repeating -= 1;
        let otherwise = node.child_by_field_id(FIELDS.alternative);
        if let Some(block) = otherwise.and_then(|a| a.child_by_field_id(FIELDS.body)) {
            out.extend(self.block(block));
        }
    }

    /// A comprehension over such constants: a list or map of what each turn gives.
    pub(crate) fn written_out_comprehension(
        &mut self,
        node: Node<'t>,
        clauses: &[Node<'t>],
        out: &mut Vec<Stmt>,
    ) -> Option<ValueId> {
        let body = node.child_by_field_id(FIELDS.body)?;
        let mut inner = clauses.iter().filter(|clause| matches!(clause.kind_name(), "for_in_clause" | "if_clause"));
        let (clause, None) = (inner.next().filter(|c| c.kind_name() == "for_in_clause")?, inner.next()) else {
            return None;
        };
        let items = self.written_out(clause.child_by_field_id(FIELDS.right)?, node)?;
        let (mut entries, mut list) = (Vec::new(), Vec::new());
        for item in items {
            let value = self.expression_into(item, out);
            if let Some(left) = clause.child_by_field_id(FIELDS.left) {
                self.assign(left, value, &mut Vec::new());
            }
            if body.kind_name() == "pair" {
                let key = self.child(body, FIELDS.key, out);
                entries.push((Some(key), self.child(body, FIELDS.value, out)));
            } else {
                list.push(self.expression_into(body, out));
            }
        }
        self.repeating -= 1;
        Some(if body.kind_name() == "pair" { self.add(Value::Map(entries)) } else { self.add(Value::List(list)) })
    }
}

/// Whether an expression is a constant, or a tuple of constants.
fn is_constant(node: Node<'_>, depth: u32) -> bool {
    match node.kind_name() {
        "string" => {
            let mut cursor = node.walk();
            !node.named_children(&mut cursor).any(|part| part.kind_name() == "interpolation")
        }
        "integer" | "float" | "true" | "false" | "none" => true,
        "tuple" | "list" if depth < 2 => named_children(node).into_iter().all(|inner| is_constant(inner, depth + 1)),
        "parenthesized_expression" => first_child(node).is_some_and(|inner| depth < 2 && is_constant(inner, depth + 1)),
        _ => false,
    }
}
