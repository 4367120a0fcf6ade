//! Comprehensions: lists and maps of what is made of each element.

use crate::lower::Lowerer;
use facts::code::{Made, Stmt, Value, ValueId};
use ruff_python_ast::{Comprehension, Expr};

/// What a comprehension gives for an element.
#[derive(Clone, Copy)]
enum Given<'t> {
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
        let value = self.each_clause(given, clauses, out);
        self.comprehensions.pop();
        self.scope().rewind(mark);
        value
    }

    /// What the first clause makes of each of its elements: what the further ones make of theirs.
    fn each_clause(&mut self, given: Given<'t>, clauses: &'t [Comprehension], out: &mut Vec<Stmt>) -> ValueId {
        let mut around = Vec::new();
        for (i, clause) in clauses.iter().enumerate() {
            let (over, element) = if i == 0 {
                let over = self.evaluated(&clause.iter, out);
                (over, self.element_of(over, out))
            } else {
                let over = self.expression_into(&clause.iter, out);
                (over, self.add(Value::Element(over)))
            };
            self.assign(&clause.target, element, &mut Vec::new());
            let conditions = clause.ifs.iter().map(|condition| self.expression_into(condition, out)).collect();
            around.push((over, element, conditions));
        }
        let mut value = self.given(given, out);
        let entries = matches!(given, Given::Entry(..));
        for (over, element, conditions) in around.into_iter().rev() {
            value = self.add(Value::Made(Box::new(Made { over, element, conditions, gives: value, entries })));
        }
        value
    }

    fn given(&mut self, given: Given<'t>, out: &mut Vec<Stmt>) -> ValueId {
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
