//! Imports: the modules that a file needs, and the names that it gives to them.

use crate::lower::Lowerer;
use facts::code::{BinaryOp, Imported, Literal, Value, ValueId};
use ruff_python_ast::{Arguments, Expr, Operator, StmtImport, StmtImportFrom};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Values that are read for the names of modules in one file.
pub(crate) const MAX_READ: u32 = 100_000;

/// Texts of one file that may name modules.
const MAX_MENTIONS: usize = 200;

/// Bytes of such a text.
const MAX_NAME: usize = 120;

/// Modules that one call can import.
const MAX_NAMES: usize = 64;

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
        if !is_module(&name) {
            return None;
        }
        self.import_all(&name);
        // `__import__` gives the outermost one.
        let given = if function == "__import__" { name.split('.').next()? } else { &name };
        Some(self.add(Value::Module(given.into())))
    }

    /// The modules that a call imports by a name that is computed from what is written out in the file: they are reached.
    pub(crate) fn reach_by_name(&mut self, function: &'t Expr, name: Option<ValueId>) {
        let function = self.str(function);
        let imports = matches!(function, "importlib.import_module" | "import_module" | "__import__");
        let Some(name) = name.filter(|_| imports) else { return };
        let scope = self.scopes.len() - 1;
        let mut names = BTreeSet::new();
        self.texts_of(scope, name, 0, &mut names);
        names.iter().filter(|name| is_module(name)).for_each(|name| self.import_all(name));
    }

    /// A text that may name a module, or something in one, is noted: `ROOT_URLCONF = "shop.urls"`.
    pub(crate) fn mention(&mut self, text: &str) {
        let name = text.replace(':', ".");
        if self.mentions.len() >= MAX_MENTIONS || name.len() > MAX_NAME || !name.contains('.') || !is_module(&name) {
            return;
        }
        for (i, _) in name.match_indices('.') {
            self.mentions.insert(name[..i].into());
        }
        self.mentions.insert(name.as_str().into());
    }

    /// Every text that a value can be, as far as the file tells.
    fn texts_of(&self, scope: usize, value: ValueId, depth: u32, out: &mut BTreeSet<String>) {
        let left = self.readable.get();
        if depth > MAX_PIECES || out.len() >= MAX_NAMES || left == 0 {
            return;
        }
        self.readable.set(left - 1);
        let texts = |value: &ValueId| {
            let mut texts = BTreeSet::new();
            self.texts_of(scope, *value, depth + 1, &mut texts);
            texts
        };
        let joined = |pieces: &[ValueId]| {
            pieces.iter().fold(BTreeSet::from([String::new()]), |before, piece| {
                let pieces = texts(piece);
                let whole = before.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}")));
                whole.take(MAX_NAMES).collect()
            })
        };
        match &self.scopes[scope].function.values[value.0 as usize] {
            Value::Literal(Literal::Text(text)) => {
                out.insert(text.to_string());
            }
            Value::Concat(pieces) => out.extend(joined(pieces)),
            Value::Binary { op: BinaryOp::Add, left, right } => out.extend(joined(&[*left, *right])),
            Value::Choice { yes, no, .. } => [yes, no].into_iter().for_each(|one| out.extend(texts(one))),
            Value::OneOf(all) | Value::List(all) => all.iter().for_each(|one| out.extend(texts(one))),
            Value::Map(entries) => {
                let both = entries.iter().flat_map(|(key, value)| key.iter().chain([value]));
                both.for_each(|one| out.extend(texts(one)));
            }
            Value::Element(of) | Value::Spread(of) | Value::Index { base: of, .. } | Value::Attr { base: of, .. } => {
                out.extend(texts(of));
            }
            // `MODULES.items()`, `MODULES.get(key)`
            Value::Call(call) => out.extend(texts(&call.callee)),
            Value::Global(name) => {
                if let Some(value) = self.scopes[0].get(name) {
                    self.texts_of(0, value, depth + 1, out);
                }
            }
            _ => {}
        }
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

/// Whether a text can be the name of a module.
fn is_module(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    name.split('.').all(plain)
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
