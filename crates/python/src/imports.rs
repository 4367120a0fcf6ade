//! Imports: the modules that a file needs, and the names that it gives to them.

use crate::grammar::FIELDS;
use crate::lower::Lowerer;
use facts::code::Value;
use std::sync::Arc;
use tree_sitter::Node;

impl<'t> Lowerer<'_, 't> {
    pub(crate) fn import_statement(&mut self, node: Node<'t>) {
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = node.children_by_field_name("name", &mut cursor).collect();
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
        if node.named_children(&mut cursor).any(|n| n.kind() == "wildcard_import") {
            return self.star_import(module);
        }
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = node.children_by_field_name("name", &mut cursor).collect();
        for item in names {
            let (name, alias) = match item.child_by_field_id(FIELDS.alias) {
                Some(alias) => {
                    (item.child_by_field_id(FIELDS.name).map_or_else(|| "_".into(), |n| self.name(n)), self.name(alias))
                }
                None => (self.name(item), self.name(item)),
            };
            let below = if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") };
            self.import(&below);
            let value = self.add(Value::Imported { module: module.clone(), name });
            self.scope().set(alias, value);
        }
    }
}
