//! Imports: the modules that a file needs, and the names that it gives to them.

use crate::lower::Lowerer;
use facts::code::{Imported, Value, ValueId};
use ruff_python_ast::{Arguments, Expr, Operator, StmtImport, StmtImportFrom};
use std::sync::Arc;

/// Pieces of the name of a module.
const MAX_PIECES: u32 = 16;

impl<'t> Lowerer<'t> {
    pub(crate) fn import_statement(&mut self, node: &'t StmtImport) {
        for name in &node.names {
            let module = self.identifier(&name.name);
            self.import_all(&module);
            let bound: Arc<str> = module.split('.').next().unwrap_or_default().into();
            let (bound, module) = match &name.asname {
                Some(alias) => (self.identifier(alias), module),
                None => (bound.clone(), bound),
            };
            let value = self.add(Value::Module(module));
            self.scope().set(bound, value);
        }
    }

    /// `importlib.import_module("a." + "b")`: a module by a name that is written out, if only in pieces.
    pub(crate) fn module_by_name(&mut self, function: &'t Expr, arguments: &'t Arguments) -> Option<ValueId> {
        let function = self.str(function);
        if !matches!(function, "importlib.import_module" | "import_module" | "__import__") {
            return None;
        }
        let name = constant_text(arguments.args.first()?, 0)?;
        let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !name.split('.').all(plain) {
            return None;
        }
        self.import_all(&name);
        // `__import__` gives the outermost one.
        let given = if function == "__import__" { name.split('.').next()? } else { &name };
        Some(self.add(Value::Module(given.into())))
    }

    /// `import a.b.c` runs `a`, `a.b` and `a.b.c`.
    fn import_all(&mut self, module: &str) {
        for (i, _) in module.match_indices('.') {
            self.import(&module[..i]);
        }
        self.import(module);
    }

    pub(crate) fn import_from(&mut self, node: &'t StmtImportFrom) {
        let dots = ".".repeat(node.level.min(64) as usize);
        let module: Arc<str> = format!("{dots}{}", node.module.as_ref().map_or("", |name| name.id.as_str())).into();
        if module.is_empty() || &*module == "__future__" {
            return;
        }
        self.import(&module);
        if node.names.iter().any(|name| name.name.id == "*") {
            return self.star_import(module);
        }
        for item in &node.names {
            let name = self.identifier(&item.name);
            let alias = item.asname.as_ref().map_or_else(|| name.clone(), |alias| self.identifier(alias));
            let below = if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") };
            self.import(&below);
            let value = self.add(Value::Imported(Box::new(Imported { module: module.clone(), name })));
            self.scope().set(alias, value);
        }
    }
}

/// A text that is written out, or the sum of such texts.
fn constant_text(node: &Expr, depth: u32) -> Option<String> {
    match node {
        _ if depth > MAX_PIECES => None,
        Expr::BinOp(sum) if sum.op == Operator::Add => {
            Some(constant_text(&sum.left, depth + 1)? + &constant_text(&sum.right, depth + 1)?)
        }
        Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
        _ => None,
    }
}
