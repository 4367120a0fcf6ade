//! Loops over constants that are written out: each turn is lowered by itself, so that what belongs together stays so.
//!
//! ```python
//! for name in ("orders", "users"):
//!     setattr(settings, name, os.environ[name.upper() + "_TABLE"])
//! ```

use crate::comprehensions::Given;
use crate::lower::Lowerer;
use facts::code::{Stmt, Value, ValueId};
use ruff_python_ast::{Comprehension, Expr, StmtFor};
use ruff_text_size::{Ranged as _, TextRange};

/// Turns of one loop that are told apart.
const MAX_TURNS: usize = 8;

/// Such loops inside one another.
const MAX_NESTED: u32 = 2;

/// Bytes of code in a loop that is repeated.
const MAX_BODY: usize = 2_000;

/// Bytes of code that are repeated in one file.
pub(crate) const MAX_REPEATED: usize = 100_000;

impl<'t> Lowerer<'t> {
    /// The constants that a loop goes over, when they are few and written out, and each turn surely happens. Whoever
    /// lowers the turns counts one loop less when done.
    pub(crate) fn written_out(&mut self, iterable: &'t Expr, around: TextRange) -> Option<&'t [Expr]> {
        let items = match iterable {
            Expr::Tuple(node) => &node.elts,
            Expr::List(node) => &node.elts,
            Expr::Set(node) => &node.elts,
            _ => return None,
        };
        let text = self.str(&around);
        let leaves_early = || ["break", "continue"].iter().any(|word| text.contains(word));
        let fits = !items.is_empty() && items.len() <= MAX_TURNS && text.len() <= MAX_BODY;
        if self.repeating >= MAX_NESTED || !fits || leaves_early() || !items.iter().all(|item| is_constant(item, 0)) {
            return None;
        }
        self.repeatable = self.repeatable.checked_sub(text.len() * items.len())?;
        self.repeating += 1;
        Some(items)
    }

    /// The turns of such a loop, one after another.
    pub(crate) fn each_turn(&mut self, node: &'t StmtFor, items: &'t [Expr], out: &mut Vec<Stmt>) {
        for item in items {
            let value = self.expression_into(item, out);
            self.assign(&node.target, value, out);
            out.extend(self.block(&node.body));
        }
        self.repeating -= 1;
        out.extend(self.block(&node.orelse));
    }

    /// A comprehension over such constants: a list or map of what each turn gives.
    pub(crate) fn written_out_comprehension(
        &mut self,
        node: &'t Expr,
        given: Given<'t>,
        clauses: &'t [Comprehension],
        out: &mut Vec<Stmt>,
    ) -> Option<ValueId> {
        let [clause] = clauses else { return None };
        if !clause.ifs.is_empty() {
            return None;
        }
        let items = self.written_out(&clause.iter, node.range())?;
        let (mut entries, mut list) = (Vec::new(), Vec::new());
        for item in items {
            let value = self.expression_into(item, out);
            self.assign(&clause.target, value, &mut Vec::new());
            match given {
                Given::Item(body) => list.push(self.expression_into(body, out)),
                Given::Entry(key, value) => {
                    let key = key.map(|key| self.expression_into(key, out));
                    entries.push((key, self.expression_into(value, out)));
                }
            }
        }
        self.repeating -= 1;
        let all = if matches!(given, Given::Item(_)) { Value::List(list) } else { Value::Map(entries) };
        Some(self.add(all))
    }
}

/// Whether an expression is a constant, or a tuple of constants.
fn is_constant(node: &Expr, depth: u32) -> bool {
    match node {
        Expr::Tuple(node) => depth < 2 && node.elts.iter().all(|inner| is_constant(inner, depth + 1)),
        Expr::List(node) => depth < 2 && node.elts.iter().all(|inner| is_constant(inner, depth + 1)),
        Expr::EllipsisLiteral(_) => false,
        _ => node.is_literal_expr(),
    }
}
