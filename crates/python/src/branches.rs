//! Branches: what may or may not be done, and what that leaves in the local variables.

use crate::lower::Lowerer;
use crate::statements::is_main_check;
use facts::code::{Stmt, Value, ValueId};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Number, StmtIf, StmtTry};
use std::sync::Arc;

/// What a condition says before anything runs.
pub(crate) fn decided(condition: &Expr) -> Option<bool> {
    match condition {
        Expr::BooleanLiteral(literal) => Some(literal.value),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => Some(number.as_u8()? != 0),
            _ => None,
        },
        _ => is_type_checking(condition).then_some(false),
    }
}

/// Whether a condition holds only for tools that check types.
fn is_type_checking(condition: &Expr) -> bool {
    match condition {
        Expr::Name(name) => name.id == "TYPE_CHECKING",
        Expr::Attribute(attribute) => attribute.attr.id == "TYPE_CHECKING",
        _ => false,
    }
}

/// One side of an `if`: its condition, unless it is the last `else`, and its block.
type Branch<'t> = (Option<&'t Expr>, &'t [ast::Stmt]);

impl<'t> Lowerer<'t> {
    pub(crate) fn if_statement(&mut self, node: &'t StmtIf, out: &mut Vec<Stmt>) {
        let further = node.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body[..]));
        let branches: Vec<Branch<'t>> = std::iter::once((Some(&*node.test), &node.body[..])).chain(further).collect();
        self.branch(&branches, out);
    }

    /// One branch of an `if` and, as its other side, all the further ones.
    fn branch(&mut self, branches: &[Branch<'t>], out: &mut Vec<Stmt>) {
        let Some(((test, body), rest)) = branches.split_first() else { return };
        let Some(test) = test else { return out.extend(self.block(body)) };
        if is_main_check(self, test) {
            self.deeper(|l| l.branch(rest, out));
            return;
        }
        match decided(test) {
            Some(true) => return out.extend(self.block(body)),
            Some(false) => {
                if is_type_checking(test) {
                    // Imports for annotations bind names, and do nothing.
                    self.block(body);
                }
                self.deeper(|l| l.branch(rest, out));
                return;
            }
            None => {}
        }
        let condition = self.evaluated(test, out);
        self.either(
            condition,
            out,
            |l, into| into.extend(l.block(body)),
            |l, into| {
                l.deeper(|l| l.branch(rest, into));
            },
        );
    }

    /// Lowers `yes` for when the condition holds and `no` for when it does not, and joins what they bind.
    pub(crate) fn either(
        &mut self,
        condition: ValueId,
        out: &mut Vec<Stmt>,
        yes: impl FnOnce(&mut Self, &mut Vec<Stmt>),
        no: impl FnOnce(&mut Self, &mut Vec<Stmt>),
    ) {
        let mark = self.scope().mark();
        let (mut when, mut otherwise) = (Vec::new(), Vec::new());
        yes(self, &mut when);
        let first = self.scope().rewind(mark);
        no(self, &mut otherwise);
        let second = self.scope().rewind(mark);
        let (yes_ends, no_ends) = (ends(&when), ends(&otherwise));
        out.push(Stmt::If { condition, yes: when, no: otherwise });
        self.join(condition, &first, &second, yes_ends, no_ends);
    }

    /// Joins what two branches have bound; a branch that ends the function leaves nothing behind.
    fn join(
        &mut self,
        condition: ValueId,
        yes: &[(Arc<str>, ValueId)],
        no: &[(Arc<str>, ValueId)],
        yes_ends: bool,
        no_ends: bool,
    ) {
        let find = |list: &[(Arc<str>, ValueId)], name: &str| {
            list.binary_search_by(|(n, _)| (**n).cmp(name)).ok().map(|i| list[i].1)
        };
        let only_no = no.iter().filter(|(n, _)| find(yes, n).is_none());
        let names: Vec<Arc<str>> = yes.iter().chain(only_no).map(|(n, _)| n.clone()).collect();
        for name in names {
            let before = self.scope().get(&name);
            let (y, n) = (find(yes, &name).or(before), find(no, &name).or(before));
            let value = match (y, n) {
                (Some(y), Some(n)) if !yes_ends && !no_ends => self.add(Value::Choice { condition, yes: y, no: n }),
                (Some(y), _) if !yes_ends => y,
                (_, Some(n)) if !no_ends => n,
                (Some(only), _) | (_, Some(only)) => only,
                (None, None) => continue,
            };
            self.scope().set(name, value);
        }
    }

    /// Lowers a block that may run any number of times; variables it binds may hold the old value too.
    pub(crate) fn maybe(&mut self, out: &mut Vec<Stmt>, f: impl FnOnce(&mut Self, &mut Vec<Stmt>)) {
        let mark = self.scope().mark();
        let mut body = Vec::new();
        f(self, &mut body);
        let changed = self.scope().rewind(mark);
        if !body.is_empty() {
            out.push(Stmt::Maybe(body));
        }
        for (name, value) in changed {
            let joined = match self.scope().get(&name) {
                Some(old) if old != value => self.add(Value::OneOf(vec![old, value])),
                _ => value,
            };
            self.scope().set(name, joined);
        }
    }

    /// A branch of its own kind, as the handler of an exception: when it ends the function, it leaves nothing behind.
    pub(crate) fn maybe_last(&mut self, out: &mut Vec<Stmt>, f: impl FnOnce(&mut Self, &mut Vec<Stmt>)) {
        let mark = self.scope().mark();
        let mut body = Vec::new();
        f(self, &mut body);
        if ends(&body) {
            self.scope().rewind(mark);
            out.push(Stmt::Maybe(body));
            return;
        }
        let changed = self.scope().rewind(mark);
        self.maybe(out, |l, into| {
            into.extend(body);
            for (name, value) in changed {
                l.scope().set(name, value);
            }
        });
    }

    pub(crate) fn try_statement(&mut self, node: &'t StmtTry, out: &mut Vec<Stmt>) {
        // What comes after the statement may follow a handler that caught an early end of the body.
        let body = self.block(&node.body);
        if ends(&body) {
            out.push(Stmt::Maybe(body));
        } else {
            out.extend(body);
        }
        for ExceptHandler::ExceptHandler(handler) in &node.handlers {
            self.maybe_last(out, |l, body| {
                if let Some(name) = &handler.name {
                    let exception = l.unknown("it is an exception");
                    let name = l.identifier(name);
                    l.bind_name(name, exception, body);
                }
                let block = l.block(&handler.body);
                body.extend(block);
            });
        }
        out.extend(self.block(&node.orelse));
        out.extend(self.block(&node.finalbody));
    }
}

/// Whether a block surely ends the function.
fn ends(block: &[Stmt]) -> bool {
    match block.last() {
        Some(Stmt::Return(_) | Stmt::Raise) => true,
        Some(Stmt::If { yes, no, .. }) => ends(yes) && ends(no),
        _ => false,
    }
}
