//! Blocks and their statements.

use crate::items::Lowerer;
use facts::code::{Stmt, ValueId};
use parsing::only_for_tests;
use syn::{Block, Item, Local};

impl Lowerer<'_> {
    /// Lowers a block; gives its value, where it has one.
    pub(crate) fn block(&mut self, block: &Block, out: &mut Vec<Stmt>) -> Option<ValueId> {
        let mark = self.scope().mark();
        // An item may be used before it stands.
        for statement in &block.stmts {
            if let syn::Stmt::Item(item) = statement {
                self.local_item(item);
            }
        }
        let mut value = None;
        for statement in &block.stmts {
            value = self.statement(statement, out);
        }
        self.scope().close(mark);
        value
    }

    fn statement(&mut self, statement: &syn::Stmt, out: &mut Vec<Stmt>) -> Option<ValueId> {
        match statement {
            syn::Stmt::Local(local) => self.local_variable(local, out),
            syn::Stmt::Expr(expr, end) => {
                let value = self.expression(expr, out);
                if end.is_none() {
                    return Some(value);
                }
                out.push(Stmt::Eval(value));
            }
            syn::Stmt::Macro(m) => {
                let value = self.macro_call(&m.mac, out);
                if m.semi_token.is_none() {
                    return Some(value);
                }
                out.push(Stmt::Eval(value));
            }
            syn::Stmt::Item(_) => {}
        }
        None
    }

    fn local_variable(&mut self, local: &Local, out: &mut Vec<Stmt>) {
        let Some(init) = &local.init else {
            let value = self.unknown("no value is given yet");
            self.declare(&local.pat, value);
            return;
        };
        let value = self.expression(&init.expr, out);
        out.push(Stmt::Eval(value));
        if let Some((_, otherwise)) = &init.diverge {
            let condition = self.unknown("the pattern is not followed");
            let mut no = Vec::new();
            let mark = self.scope().mark();
            let given = self.expression(otherwise, &mut no);
            no.push(Stmt::Eval(given));
            self.scope().rewind(mark);
            out.push(Stmt::If { condition, yes: Vec::new(), no });
        }
        self.declare(&local.pat, value);
    }

    /// An item in the body of a function.
    fn local_item(&mut self, item: &Item) {
        match item {
            Item::Fn(f) if !only_for_tests(&f.attrs) => {
                let around = self.scope().function.name.clone();
                let id = self.function(format!("{around}.{}", f.sig.ident).into(), &f.sig, Some(&f.block), None);
                let value = self.add(facts::code::Value::Function(id));
                self.scope().declare(f.sig.ident.to_string().into(), value);
            }
            Item::Use(u) => {
                for (name, value) in self.used(&u.tree) {
                    self.scope().declare(name.into(), value);
                }
            }
            Item::Const(c) => {
                let value = self.expression(&c.expr, &mut Vec::new());
                self.scope().declare(c.ident.to_string().into(), value);
            }
            Item::Static(s) => {
                let value = self.expression(&s.expr, &mut Vec::new());
                self.scope().declare(s.ident.to_string().into(), value);
            }
            _ => {}
        }
    }
}
