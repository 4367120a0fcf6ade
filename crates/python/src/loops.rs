//! Loops: what is done for each element, and what that leaves in the local variables.

use crate::branches::decided;
use crate::lower::Lowerer;
use facts::code::{Carried, Each, Stmt, Value, ValueId};
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, StmtFor, StmtWhile};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Loops inside one another whose turns can be told apart.
const MAX_NESTED: usize = 3;

/// Bytes of code in such a loop.
const MAX_BODY: usize = 20_000;

/// A loop that is being lowered.
pub(crate) struct Loop {
    /// Whether its turns can be told apart.
    by_element: bool,
    /// Whether it is left early, or a turn of it.
    leaves: bool,
}

impl<'t> Lowerer<'t> {
    pub(crate) fn for_statement(&mut self, node: &'t StmtFor, out: &mut Vec<Stmt>) {
        let iterable = self.evaluated(&node.iter, out);
        let element = self.element_of(iterable, out);
        let around = self.loops.iter().filter(|one| one.by_element).count();
        if around < MAX_NESTED && self.str(node).len() <= MAX_BODY {
            self.each_element(node, iterable, element, out);
        } else {
            self.loops.push(Loop { by_element: false, leaves: false });
            self.maybe(out, |l, body| {
                l.assign(&node.target, element, body);
                body.extend(l.block(&node.body));
            });
            self.loops.pop();
        }
        out.extend(self.block(&node.orelse));
    }

    fn each_element(&mut self, node: &'t StmtFor, over: ValueId, element: ValueId, out: &mut Vec<Stmt>) {
        let mark = self.scope().mark();
        let before = self.carried_in(node);
        self.loops.push(Loop { by_element: true, leaves: false });
        let mut body = Vec::new();
        self.assign(&node.target, element, &mut body);
        let begin = self.next_value();
        body.extend(self.block(&node.body));
        let leaves = self.loops.pop().is_some_and(|one| one.leaves);
        let changed = self.scope().rewind(mark);
        let end = self.next_value();
        let carried = self.carried_out(changed, &before, begin);
        if !(body.is_empty() && carried.is_empty()) {
            out.push(Stmt::Each(Box::new(Each { over, element, begin, end, body, carried, leaves })));
        }
    }

    /// Gives the variables that a turn binds, and that there are before the loop, a value at the beginning of a turn.
    fn carried_in(&mut self, node: &'t StmtFor) -> Vec<(Arc<str>, ValueId)> {
        let mut bound = Bound::default();
        bound.visit_body(&node.body);
        let mut before = Vec::new();
        for name in bound.names {
            let name = self.name(name);
            if let Some(old) = self.scope().get(&name) {
                let value = self.add(Value::OneOf(vec![old]));
                self.scope().set(name.clone(), value);
                before.push((name, value));
            }
        }
        before
    }

    /// Gives the variables that a turn has bound a value after the loop.
    fn carried_out(
        &mut self,
        changed: Vec<(Arc<str>, ValueId)>,
        before: &[(Arc<str>, ValueId)],
        begin: ValueId,
    ) -> Vec<Carried> {
        let mut carried = Vec::new();
        for (name, inside) in changed {
            let first = before.iter().find(|(one, _)| *one == name).map(|(_, value)| *value);
            let old = self.scope().get(&name);
            if first == Some(inside) || old == Some(inside) {
                continue;
            }
            let after = self.add(Value::OneOf(old.into_iter().chain([inside]).collect()));
            self.scope().set(name, after);
            // What is bound by more than statements is left to be any of the values.
            if first.is_some() || old.is_none() || inside < begin {
                carried.push(Carried { before: first, inside, after });
            }
        }
        carried
    }

    fn next_value(&mut self) -> ValueId {
        ValueId(self.scope().function.values.len() as u32)
    }

    /// A `continue` or `break`.
    pub(crate) fn leave_turn(&mut self, ends: Stmt, out: &mut Vec<Stmt>) {
        if let Some(one) = self.loops.last_mut() {
            one.leaves = true;
            if one.by_element {
                out.push(ends);
            }
        }
    }

    /// What a loop over a value gives. A loop asks for elements, whether or not it uses them: a generator runs then.
    pub(crate) fn element_of(&mut self, iterable: ValueId, out: &mut Vec<Stmt>) -> ValueId {
        let element = self.add(Value::Element(iterable));
        let made = &self.scope().function.values[iterable.0 as usize];
        let may_generate =
            matches!(made, Value::Call(_) | Value::Choice { .. } | Value::OneOf(_) | Value::Captured { .. });
        if may_generate {
            out.push(Stmt::Eval(element));
        }
        element
    }

    pub(crate) fn while_statement(&mut self, node: &'t StmtWhile, out: &mut Vec<Stmt>) {
        if decided(&node.test) == Some(false) {
            return;
        }
        self.evaluated(&node.test, out);
        self.loops.push(Loop { by_element: false, leaves: false });
        self.maybe(out, |l, body| {
            let block = l.block(&node.body);
            body.extend(block);
        });
        self.loops.pop();
        out.extend(self.block(&node.orelse));
    }
}

/// The names that statements bind, for which one finds them without reading expressions.
#[derive(Default)]
struct Bound<'t> {
    names: BTreeSet<&'t str>,
}

impl<'t> Bound<'t> {
    fn target(&mut self, target: &'t Expr) {
        let mut open = vec![target];
        while let Some(one) = open.pop() {
            match one {
                Expr::Name(name) => {
                    self.names.insert(name.id.as_str());
                }
                Expr::Tuple(several) => open.extend(&several.elts),
                Expr::List(several) => open.extend(&several.elts),
                Expr::Starred(inner) => open.push(&inner.value),
                _ => {}
            }
        }
    }
}

impl<'t> StatementVisitor<'t> for Bound<'t> {
    fn visit_stmt(&mut self, statement: &'t ast::Stmt) {
        match statement {
            ast::Stmt::Assign(node) => node.targets.iter().for_each(|target| self.target(target)),
            ast::Stmt::AugAssign(node) => self.target(&node.target),
            ast::Stmt::AnnAssign(node) => self.target(&node.target),
            ast::Stmt::With(node) => {
                node.items.iter().filter_map(|item| item.optional_vars.as_deref()).for_each(|one| self.target(one));
            }
            ast::Stmt::For(node) => self.target(&node.target),
            ast::Stmt::FunctionDef(node) => {
                self.names.insert(node.name.as_str());
                return;
            }
            ast::Stmt::ClassDef(node) => {
                self.names.insert(node.name.as_str());
                return;
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_except_handler(&mut self, handler: &'t ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.names.extend(inner.name.as_ref().map(ast::Identifier::as_str));
        self.visit_body(&inner.body);
    }
}
