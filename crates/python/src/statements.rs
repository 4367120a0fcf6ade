//! Statements: what is done, in order.

use crate::lower::Lowerer;
use facts::code::{Stmt, Value, ValueId};
use ruff_python_ast::{self as ast, Expr, StmtWith};
use ruff_text_size::Ranged as _;

/// Whether the condition of an `if` asks whether the file itself is run.
pub(crate) fn is_main_check(lowerer: &Lowerer<'_>, condition: &Expr) -> bool {
    let condition = lowerer.str(condition);
    condition.contains("__name__") && condition.contains("__main__") && condition.contains("==")
}

impl<'t> Lowerer<'t> {
    /// Lowers the statements of a block, up to one that ends it.
    pub(crate) fn block(&mut self, body: &'t [ast::Stmt]) -> Vec<Stmt> {
        let mut out = Vec::new();
        for statement in body {
            self.at = statement.start();
            if self.deeper(|l| l.statement(statement, &mut out)).is_none() {
                break;
            }
            if matches!(
                statement,
                ast::Stmt::Return(_) | ast::Stmt::Raise(_) | ast::Stmt::Continue(_) | ast::Stmt::Break(_)
            ) {
                break;
            }
        }
        out
    }

    fn statement(&mut self, statement: &'t ast::Stmt, out: &mut Vec<Stmt>) {
        match statement {
            ast::Stmt::Expr(node) => self.expression_statement(&node.value, out),
            ast::Stmt::Assign(node) => self.assignment(node, out),
            ast::Stmt::AnnAssign(node) => self.declaration(node, out),
            ast::Stmt::AugAssign(node) => self.augmented(node, out),
            ast::Stmt::If(node) => self.if_statement(node, out),
            ast::Stmt::For(node) => self.for_statement(node, out),
            ast::Stmt::While(node) => self.while_statement(node, out),
            ast::Stmt::Try(node) => self.try_statement(node, out),
            ast::Stmt::With(node) => self.with_statement(node, out),
            ast::Stmt::Match(node) => self.match_statement(node, out),
            ast::Stmt::Return(node) => {
                let value = node.value.as_ref().map(|value| self.expression_into(value, out));
                out.push(Stmt::Return(value));
            }
            ast::Stmt::Raise(node) => {
                if let Some(what) = &node.exc {
                    self.evaluated(what, out);
                }
                out.push(Stmt::Raise);
            }
            ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) => self.definition(statement, out),
            ast::Stmt::Import(node) => self.import_statement(node),
            ast::Stmt::ImportFrom(node) => self.import_from(node),
            ast::Stmt::Global(node) => {
                for name in &node.names {
                    let name = self.identifier(name);
                    if self.scopes.len() > 1 {
                        self.scope().globals.insert(name);
                    }
                }
            }
            ast::Stmt::Assert(node) => {
                for one in std::iter::once(&node.test).chain(&node.msg) {
                    self.evaluated(one, out);
                }
            }
            ast::Stmt::Delete(node) => {
                for one in &node.targets {
                    self.evaluated(one, out);
                }
            }
            ast::Stmt::Continue(_) => self.leave_turn(Stmt::EndTurn, out),
            ast::Stmt::Break(_) => self.leave_turn(Stmt::EndLoop, out),
            ast::Stmt::Nonlocal(_) | ast::Stmt::TypeAlias(_) | ast::Stmt::Pass(_) | ast::Stmt::IpyEscapeCommand(_) => {}
        }
    }

    fn definition(&mut self, statement: &'t ast::Stmt, out: &mut Vec<Stmt>) {
        let (name, value, decorators, derived) = match statement {
            ast::Stmt::ClassDef(node) => {
                let (name, id) = self.define_class(node, out);
                (name, self.add(Value::Class(id)), &node.decorator_list, node.arguments.is_some())
            }
            ast::Stmt::FunctionDef(node) => {
                let (name, id) = self.define_function(node);
                if self.is_setter(&node.decorator_list) {
                    // The name keeps meaning the property that reads.
                    return;
                }
                (name, self.add(Value::Function(id)), &node.decorator_list, false)
            }
            _ => return,
        };
        if derived || decorators.iter().any(|d| !self.is_language_decorator(d)) {
            // A decorator is called where the definition stands, used or not: it may register what it decorates. So is
            // a base class that wants to hear of classes below it.
            out.push(Stmt::Eval(value));
        }
        self.bind_name(name, value, out);
    }

    /// Lowers an expression for what it does: it is kept if it calls anything.
    pub(crate) fn evaluated(&mut self, node: &'t Expr, out: &mut Vec<Stmt>) -> ValueId {
        let before = self.calls;
        let value = self.expression_into(node, out);
        if self.calls > before {
            out.push(Stmt::Eval(value));
        }
        value
    }

    fn expression_statement(&mut self, node: &'t Expr, out: &mut Vec<Stmt>) {
        match node {
            Expr::Yield(node) => {
                if let Some(value) = &node.value {
                    let value = self.evaluated(value, out);
                    out.push(Stmt::Yield(value));
                }
            }
            Expr::YieldFrom(node) => {
                let value = self.evaluated(&node.value, out);
                let value = self.add(Value::Element(value));
                out.push(Stmt::Yield(value));
            }
            Expr::Tuple(several) if !several.parenthesized => {
                for one in &several.elts {
                    self.evaluated(one, out);
                }
            }
            _ => {
                self.evaluated(node, out);
            }
        }
    }

    fn with_statement(&mut self, node: &'t StmtWith, out: &mut Vec<Stmt>) {
        let mut entered_with = Vec::new();
        for item in &node.items {
            let source = self.evaluated(&item.context_expr, out);
            entered_with.push(source);
            let entered = self.add(Value::Enter(source));
            out.push(Stmt::Eval(entered));
            if let Some(alias) = &item.optional_vars {
                self.assign(alias, entered, out);
            }
        }
        out.extend(self.block(&node.body));
        out.extend(entered_with.into_iter().rev().map(Stmt::Leave));
    }
}
