//! Comprehensions: lists of what their body gives for any element.

use crate::lower::Lowerer;
use facts::code::{Stmt, Value, ValueId};
use ruff_python_ast::{Comprehension, Expr};

/// What a comprehension gives for an element.
#[derive(Clone, Copy)]
pub(crate) enum Given<'t> {
    /// An element of a list or set.
    Item(&'t Expr),
    /// An entry of a map, or, without a key, all entries of one.
    Entry(Option<&'t Expr>, &'t Expr),
}

impl<'t> Lowerer<'t> {
    pub(crate) fn comprehension(&mut self, node: &'t Expr, out: &mut Vec<Stmt>) -> ValueId {
        let (given, clauses) = match node {
            Expr::ListComp(node) => (Given::Item(&node.elt), &node.generators),
            Expr::SetComp(node) => (Given::Item(&node.elt), &node.generators),
            Expr::Generator(node) => (Given::Item(&node.elt), &node.generators),
            Expr::DictComp(node) => (Given::Entry(node.key.as_deref(), &node.value), &node.generators),
            _ => return self.unknown("it is no comprehension"),
        };
        let mark = self.scope().mark();
        self.comprehensions.push((self.scopes.len(), mark));
        let value = match self.written_out_comprehension(node, given, clauses, out) {
            Some(value) => value,
            None => self.any_element(given, clauses, out),
        };
        self.comprehensions.pop();
        self.scope().rewind(mark);
        value
    }

    fn any_element(&mut self, given: Given<'t>, clauses: &'t [Comprehension], out: &mut Vec<Stmt>) -> ValueId {
        for clause in clauses {
            let iterable = self.evaluated(&clause.iter, out);
            let element = self.element_of(iterable, out);
            self.assign(&clause.target, element, &mut Vec::new());
            for condition in &clause.ifs {
                let before = self.calls;
                let condition = self.expression_into(condition, out);
                if self.calls > before {
                    out.push(Stmt::Maybe(vec![Stmt::Eval(condition)]));
                }
            }
        }
        match given {
            Given::Item(body) => {
                let body = self.expression_into(body, out);
                self.add(Value::List(vec![body]))
            }
            Given::Entry(key, value) => {
                let key = key.map(|key| self.expression_into(key, out));
                let value = self.expression_into(value, out);
                self.add(Value::Map(vec![(key, value)]))
            }
        }
    }
}
