//! Branches and loops.

use crate::items::Lowerer;
use crate::scope::{Changes, Loop};
use facts::code::{BinaryOp, Each, Stmt, Value, ValueId};
use syn::{Expr, ExprForLoop, ExprIf, ExprMatch, ExprWhile, Pat};

/// Loops inside one another whose turns can be told apart.
const MAX_NESTED: usize = 3;

/// Arms of a `match` that are told apart; what the others do may be done.
const MAX_ARMS: usize = 100;

/// What one way of a branch does.
struct Way {
    body: Vec<Stmt>,
    value: Option<ValueId>,
    changes: Changes,
}

impl Way {
    fn ends(&self) -> bool {
        matches!(self.body.last(), Some(Stmt::Return(_) | Stmt::Raise))
    }
}

impl Lowerer<'_> {
    pub(crate) fn if_(&mut self, e: &ExprIf, out: &mut Vec<Stmt>) -> ValueId {
        let mark = self.scope().mark();
        let condition = self.condition(&e.cond, out);
        let yes = {
            let mut body = Vec::new();
            let value = self.block(&e.then_branch, &mut body);
            body.extend(value.map(Stmt::Eval));
            Way { body, value, changes: self.scope().rewind(mark) }
        };
        let no = {
            let mut body = Vec::new();
            let value = e.else_branch.as_ref().map(|(_, no)| self.expression(no, &mut body));
            body.extend(value.map(Stmt::Eval));
            Way { body, value, changes: self.scope().rewind(mark) }
        };
        self.joined(Some(condition), &[&yes, &no]);
        let value = match (yes.value, no.value) {
            _ if yes.ends() => no.value,
            (Some(yes), Some(no_value)) if !no.ends() => Some(self.add(Value::Choice { condition, yes, no: no_value })),
            (yes, _) => yes,
        };
        out.push(Stmt::If { condition, yes: yes.body, no: no.body });
        value.unwrap_or_else(|| self.unknown("it is nothing"))
    }

    /// A condition; what patterns in it bind is declared.
    fn condition(&mut self, e: &Expr, out: &mut Vec<Stmt>) -> ValueId {
        match e {
            Expr::Let(inner) => {
                let value = self.expression(&inner.expr, out);
                out.push(Stmt::Eval(value));
                let asks = self.asks(&inner.pat, value, Some(&inner.expr));
                self.declare(&inner.pat, value);
                asks.unwrap_or_else(|| self.unknown("the pattern is not followed"))
            }
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) => {
                let condition = self.deeper(proc_macro2::Span::call_site(), |lowerer| {
                    let left = lowerer.condition(&both.left, out);
                    let right = lowerer.condition(&both.right, out);
                    lowerer.add(Value::Binary { op: BinaryOp::And, left, right })
                });
                condition.unwrap_or_else(|| self.unknown("the condition is nested too deeply"))
            }
            Expr::Paren(inner) => self.condition(&inner.expr, out),
            other => self.expression(other, out),
        }
    }

    /// After a branch: its ways that do not end the function go on.
    fn joined(&mut self, condition: Option<ValueId>, ways: &[&Way]) {
        let going: Vec<Changes> = ways.iter().filter(|way| !way.ends()).map(|way| way.changes.clone()).collect();
        let condition = condition.filter(|_| going.len() == ways.len());
        self.scope().join(condition, &going);
    }

    pub(crate) fn match_(&mut self, e: &ExprMatch, out: &mut Vec<Stmt>) -> ValueId {
        let value = self.expression(&e.expr, out);
        out.push(Stmt::Eval(value));
        let mut ways: Vec<(Option<ValueId>, Way)> = Vec::new();
        for arm in &e.arms {
            let mark = self.scope().mark();
            let (pattern, guard) = match &arm.pat {
                Pat::Guard(guarded) => (&*guarded.pat, Some(&guarded.guard)),
                pattern => (pattern, None),
            };
            let mut condition = self.asks(pattern, value, Some(&e.expr));
            self.declare(pattern, value);
            if let Some(guard) = guard {
                let right = self.condition(guard, out);
                condition = Some(match condition {
                    Some(left) => self.add(Value::Binary { op: BinaryOp::And, left, right }),
                    None => right,
                });
            }
            let mut body = Vec::new();
            let given = self.expression(&arm.body, &mut body);
            body.push(Stmt::Eval(given));
            // What ends in a macro or a `return` has no value.
            let ended = body.iter().any(|s| matches!(s, Stmt::Return(_) | Stmt::Raise));
            let value = (!ended).then_some(given);
            if ended {
                body.truncate(
                    body.iter().position(|s| matches!(s, Stmt::Return(_) | Stmt::Raise)).map_or(0, |at| at + 1),
                );
            }
            ways.push((condition, Way { body, value, changes: self.scope().rewind(mark) }));
        }
        self.joined(None, &ways.iter().map(|(_, way)| way).collect::<Vec<_>>());
        let result = self.match_value(&ways);
        out.extend(chain(ways));
        result
    }

    fn match_value(&mut self, ways: &[(Option<ValueId>, Way)]) -> ValueId {
        let mut given = ways.iter().rev().filter_map(|(condition, way)| Some((*condition, way.value?)));
        let Some((_, mut result)) = given.next() else { return self.unknown("it is nothing") };
        let rest: Vec<(Option<ValueId>, ValueId)> = given.collect();
        if rest.len() > MAX_ARMS {
            return self.unknown("it is one of many values");
        }
        for (condition, yes) in rest {
            result = match condition {
                Some(condition) => self.add(Value::Choice { condition, yes, no: result }),
                None => yes,
            };
        }
        result
    }

    pub(crate) fn for_(&mut self, e: &ExprForLoop, out: &mut Vec<Stmt>) -> ValueId {
        let over = self.expression(&e.expr, out);
        out.push(Stmt::Eval(over));
        let element = self.add(Value::Element(over));
        if self.scope().loops.iter().filter(|one| one.by_element).count() >= MAX_NESTED {
            return self.repeated(out, |lowerer, body| {
                lowerer.declare(&e.pat, element);
                lowerer.block(&e.body, body)
            });
        }
        let mark = self.scope().mark();
        self.scope().loops.push(Loop { by_element: true, leaves: false });
        self.declare(&e.pat, element);
        let begin = self.next_value();
        let mut body = Vec::new();
        let value = self.block(&e.body, &mut body);
        body.extend(value.map(Stmt::Eval));
        let leaves = self.scope().loops.pop().is_some_and(|one| one.leaves);
        let end = self.next_value();
        let changes = self.scope().rewind(mark);
        self.scope().join(None, &[changes, Changes::new()]);
        out.push(Stmt::Each(Box::new(Each { over, element, begin, end, body, carried: Vec::new(), leaves })));
        self.unknown("it is what a loop gives")
    }

    fn next_value(&mut self) -> ValueId {
        ValueId(self.scope().function.values.len() as u32)
    }

    /// A `continue` or `break`, maybe of a loop further out.
    pub(crate) fn leave_turn(&mut self, ends: Stmt, labelled: bool, out: &mut Vec<Stmt>) {
        let loops = &mut self.scope().loops;
        if labelled {
            return loops.iter_mut().for_each(|one| one.leaves = true);
        }
        if let Some(one) = loops.last_mut() {
            one.leaves = true;
            out.extend(one.by_element.then_some(ends));
        }
    }

    pub(crate) fn while_(&mut self, e: &ExprWhile, out: &mut Vec<Stmt>) -> ValueId {
        self.repeated(out, |lowerer, body| {
            let condition = lowerer.condition(&e.cond, body);
            body.push(Stmt::Eval(condition));
            lowerer.block(&e.body, body)
        })
    }

    /// What may be done any number of times.
    pub(crate) fn repeated(
        &mut self,
        out: &mut Vec<Stmt>,
        f: impl FnOnce(&mut Self, &mut Vec<Stmt>) -> Option<ValueId>,
    ) -> ValueId {
        let mark = self.scope().mark();
        self.scope().loops.push(Loop::default());
        let mut body = Vec::new();
        let value = f(self, &mut body);
        body.extend(value.map(Stmt::Eval));
        self.scope().loops.pop();
        let changes = self.scope().rewind(mark);
        self.scope().join(None, &[changes, Changes::new()]);
        out.push(Stmt::Maybe(body));
        self.unknown("it is what a loop gives")
    }
}

/// The arms one after another, each where those before it do not fit.
fn chain(ways: Vec<(Option<ValueId>, Way)>) -> Vec<Stmt> {
    let (mut no, mut rest) = (Vec::new(), Vec::new());
    for (i, (condition, way)) in ways.into_iter().enumerate().rev() {
        match condition {
            _ if i >= MAX_ARMS => rest.push(Stmt::Maybe(way.body)),
            Some(condition) => no = vec![Stmt::If { condition, yes: way.body, no }],
            None => no = way.body,
        }
    }
    no.extend(rest.into_iter().rev());
    no
}
