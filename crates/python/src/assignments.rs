//! What statements bind: names, attributes, elements.

use crate::lower::Lowerer;
use facts::code::{BinaryOp, Literal, Stmt, Value, ValueId};
use ruff_python_ast::{Expr, Operator, StmtAnnAssign, StmtAssign, StmtAugAssign};
use std::sync::Arc;

/// An operator of the language as one of the summary.
pub(crate) fn operator(operator: Operator) -> BinaryOp {
    match operator {
        Operator::Add => BinaryOp::Add,
        Operator::Mod => BinaryOp::Rem,
        Operator::Div => BinaryOp::Div,
        Operator::BitOr => BinaryOp::Union,
        _ => BinaryOp::Arithmetic,
    }
}

impl<'t> Lowerer<'t> {
    pub(crate) fn assignment(&mut self, node: &'t StmtAssign, out: &mut Vec<Stmt>) {
        let value = self.evaluated(&node.value, out);
        for target in node.targets.iter().rev() {
            self.assign(target, value, out);
        }
    }

    pub(crate) fn declaration(&mut self, node: &'t StmtAnnAssign, out: &mut Vec<Stmt>) {
        let value = match &node.value {
            Some(value) => self.evaluated(value, out),
            None if self.scope().class_body => self.unknown("the field is only declared"),
            None => return,
        };
        self.assign(&node.target, value, out);
    }

    pub(crate) fn augmented(&mut self, node: &'t StmtAugAssign, out: &mut Vec<Stmt>) {
        let old = self.expression_into(&node.target, out);
        let new = self.evaluated(&node.value, out);
        // What follows `/=` is a number; paths are joined by `/`.
        let op = if node.op == Operator::Div { BinaryOp::Arithmetic } else { operator(node.op) };
        let value = self.add(Value::Binary { op, left: old, right: new });
        self.assign(&node.target, value, out);
    }

    /// Binds a target: a name, attribute, element, or a tuple of those.
    pub(crate) fn assign(&mut self, target: &'t Expr, value: ValueId, out: &mut Vec<Stmt>) {
        match target {
            Expr::Name(name) => {
                let name = self.name(name.id.as_str());
                self.bind_name(name, value, out);
            }
            Expr::Attribute(target) => {
                let base = self.expression_into(&target.value, out);
                let name = self.identifier(&target.attr);
                out.push(Stmt::SetAttr { base, name, value });
            }
            Expr::Subscript(target) => {
                let base = self.expression_into(&target.value, out);
                let key = self.expression_into(&target.slice, out);
                out.push(Stmt::SetIndex { base, key, value });
            }
            Expr::Tuple(several) => self.assign_each(&several.elts, value, out),
            Expr::List(several) => self.assign_each(&several.elts, value, out),
            _ => {}
        }
    }

    fn assign_each(&mut self, targets: &'t [Expr], value: ValueId, out: &mut Vec<Stmt>) {
        for (i, part) in targets.iter().enumerate() {
            if let Expr::Starred(part) = part {
                let rest = self.add(Value::Slice(value));
                self.assign_deeper(&part.value, rest, out);
                continue;
            }
            let item = if let Some(item) = self.listed(value, i) {
                item
            } else {
                let key = self.add(Value::Literal(Literal::Int(i64::try_from(i).unwrap_or(i64::MAX))));
                self.add(Value::Index { base: value, key })
            };
            self.assign_deeper(part, item, out);
        }
    }

    fn assign_deeper(&mut self, target: &'t Expr, value: ValueId, out: &mut Vec<Stmt>) {
        self.deeper(|l| l.assign(target, value, out));
    }

    /// The element of a list that is written out up to there.
    fn listed(&mut self, list: ValueId, index: usize) -> Option<ValueId> {
        let values = &self.scope().function.values;
        let Value::List(items) = &values[list.0 as usize] else { return None };
        let known = items.get(..=index)?;
        let spread = known.iter().any(|i| matches!(values[i.0 as usize], Value::Spread(_)));
        known.last().copied().filter(|_| !spread)
    }

    pub(crate) fn bind_name(&mut self, name: Arc<str>, value: ValueId, out: &mut Vec<Stmt>) {
        if self.scope().globals.contains(&name) {
            out.push(Stmt::SetGlobal { name, value });
        } else {
            self.scope().set(name, value);
        }
    }
}
