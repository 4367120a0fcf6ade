//! Imports: the modules that a file needs, and the names that it gives to them.

use crate::grammar::{FIELDS, Grammar as _};
use crate::lower::{Lowerer, first_child};
use facts::code::{Imported, Value, ValueId};
use std::sync::Arc;
use tree_sitter::Node;

/// Pieces of the name of a module.
const MAX_PIECES: u32 = 16;

impl<'t> Lowerer<'_, 't> {
    pub(crate) fn import_statement(&mut self, node: Node<'t>) {
        let names = node.children_of(FIELDS.name);
        for name in names {
            if let Some(alias) = name.child_by_field_id(FIELDS.alias) {
                let module = name.child_by_field_id(FIELDS.name).map_or_else(|| "_".into(), |n| self.name(n));
                self.import_all(&module);
                let value = self.add(Value::Module(module));
                let alias = self.name(alias);
                self.scope().set(alias, value);
            } else {
                let module = self.name(name);
                self.import_all(&module);
                let first: Arc<str> = module.split('.').next().unwrap_or_default().into();
                let value = self.add(Value::Module(first.clone()));
                self.scope().set(first, value);
            }
        }
    }

    /// `importlib.import_module("a." + "b")`: a module by a name that is written out, if only in pieces.
    pub(crate) fn module_by_name(&mut self, function: Node<'t>, arguments: Option<Node<'t>>) -> Option<ValueId> {
        if !matches!(self.str(function), "importlib.import_module" | "import_module" | "__import__") {
            return None;
        }
        let name = self.constant_text(first_child(arguments?)?, 0)?;
        let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !name.split('.').all(plain) {
            return None;
        }
        self.import_all(&name);
        // `__import__` gives the outermost one.
        let given = if self.str(function) == "__import__" { name.split('.').next()? } else { &name };
        Some(self.add(Value::Module(given.into())))
    }

    /// A text that is written out, or the sum of such texts.
    fn constant_text(&self, node: Node<'t>, depth: u32) -> Option<String> {
        match node.kind_name() {
            _ if depth > MAX_PIECES => None,
            "parenthesized_expression" => self.constant_text(first_child(node)?, depth + 1),
            "binary_operator" => {
                let (left, right) = (node.child_by_field_id(FIELDS.left)?, node.child_by_field_id(FIELDS.right)?);
                let operator = node.child_by_field_id(FIELDS.operator).filter(|o| o.kind_name() == "+");
                operator?;
                Some(self.constant_text(left, depth + 1)? + &self.constant_text(right, depth + 1)?)
            }
            "string" => {
                let mut cursor = node.walk();
                let inner: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
                let content = inner.iter().find(|n| n.kind_name() == "string_content");
                let plain =
                    inner.iter().all(|n| matches!(n.kind_name(), "string_start" | "string_content" | "string_end"));
                let plain = plain && content.is_none_or(|c| c.named_child_count() == 0);
                plain.then(|| content.map_or_else(String::new, |n| self.str(*n).to_owned()))
            }
            _ => None,
        }
    }

    /// `import a.b.c` runs `a`, `a.b` and `a.b.c`.
    fn import_all(&mut self, module: &str) {
        for (i, _) in module.match_indices('.') {
            self.import(&module[..i]);
        }
        self.import(module);
    }

    pub(crate) fn import_from(&mut self, node: Node<'t>) {
        let module: Arc<str> = node
            .child_by_field_id(FIELDS.module_name)
            .map_or_else(|| "".into(), |n| self.str(n).replace(' ', "").into());
        if module.is_empty() {
            return;
        }
        self.import(&module);
        let mut cursor = node.walk();
        if node.named_children(&mut cursor).any(|n| n.kind_name() == "wildcard_import") {
            return self.star_import(module);
        }
        let names = node.children_of(FIELDS.name);
        for item in names {
            let (name, alias) = match item.child_by_field_id(FIELDS.alias) {
                Some(alias) => {
                    (item.child_by_field_id(FIELDS.name).map_or_else(|| "_".into(), |n| self.name(n)), self.name(alias))
                }
                None => (self.name(item), self.name(item)),
            };
            let below = if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") };
            self.import(&below);
            let value = self.add(Value::Imported(Box::new(Imported { module: module.clone(), name })));
            self.scope().set(alias, value);
        }
    }
}
