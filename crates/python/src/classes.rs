//! Classes: their methods, and the fields that their bodies bind.

use crate::lower::Lowerer;
use facts::code::{Class, ClassId, Stmt, Value};
use ruff_python_ast::{self as ast, Expr, StmtClassDef};
use std::collections::BTreeMap;
use std::sync::Arc;

impl<'t> Lowerer<'t> {
    /// A class definition.
    pub(crate) fn define_class(&mut self, node: &'t StmtClassDef, out: &mut Vec<Stmt>) -> (Arc<str>, ClassId) {
        let name = self.identifier(&node.name);
        let bases = node.arguments.as_ref().map_or(&[][..], |arguments| &arguments.args);
        let bases = bases.iter().map(|base| self.expression(base)).collect();
        let decorators = node.decorator_list.iter().map(|d| self.expression(&d.expression)).collect();
        let full: Arc<str> = match self.classes.last().filter(|_| self.scopes.last().is_some_and(|s| s.class_body)) {
            Some((_, outer)) => format!("{outer}.{name}").into(),
            None => self.below_function(&name),
        };
        let id = ClassId(self.unit.classes.len() as u32);
        let class = Class {
            name: full.clone(),
            position: self.position(self.keyword(node.range, &node.decorator_list)),
            parent: self.scope().id,
            bases,
            decorators,
            methods: BTreeMap::new(),
            fields: Vec::new(),
            typed: self.typed_names(&node.body),
            types: BTreeMap::new(),
        };
        self.unit.classes.push(class);
        let around = std::mem::replace(&mut self.scope().class_body, true);
        self.classes.push((id, full));
        let mark = self.scope().mark();
        out.extend(self.block(&node.body));
        let members = self.scope().rewind_in_order(mark);
        self.classes.pop();
        self.scope().class_body = around;
        for (name, value) in members {
            let method = match &self.scope().function.values[value.0 as usize] {
                Value::Function(function) => Some(*function),
                _ => None,
            };
            let class = &mut self.unit.classes[id.0 as usize];
            match method {
                Some(function) => {
                    class.methods.insert(name, function);
                }
                None => class.fields.push((name, value)),
            }
        }
        (name, id)
    }

    /// The names that the statements of a class body give a type.
    fn typed_names(&self, body: &'t [ast::Stmt]) -> Vec<Arc<str>> {
        let typed = |statement: &'t ast::Stmt| match &*statement.as_ann_assign_stmt()?.target {
            Expr::Name(name) => Some(self.name(name.id.as_str())),
            _ => None,
        };
        let mut names: Vec<Arc<str>> = body.iter().filter_map(typed).collect();
        names.sort();
        names.dedup();
        names
    }
}
