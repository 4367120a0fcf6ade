//! Nested stacks: which template of the scan a stack resource or a module deploys, and with which parameters.

use crate::template::{Declared, Template};
use crate::tree::Tree;
use crate::{cdk, modules, paths};
use facts::{Declarations, Diagnostic, Expr, Instance};
use std::sync::Arc;

/// Whether a path begins with what only a deployment knows: `${Root}/templates/orders.yaml`.
fn is_below_what_is_given(value: &Expr) -> bool {
    let Expr::Concat(pieces) = value else { return false };
    matches!(pieces.as_slice(), [Expr::Parameter { .. } | Expr::Import(_) | Expr::Ssm(_), Expr::Literal(path), ..] if path.starts_with('/'))
}

impl Template<'_> {
    fn stack_path(&self, declared: &Declared<'_>) -> Option<String> {
        let written = declared.property(&["Location"]).or_else(|| declared.property(&["TemplateURL"]))?;
        if let Some(path) = cdk::nested(self, declared) {
            return Some(path);
        }
        let value = self.names.expr(written);
        let text = value.to_string();
        let other = |path: &Arc<str>| *path != self.file.path;
        if text.contains("://") || is_below_what_is_given(&value) {
            // A template in a bucket is the file of the scan in whose path its address ends.
            let found = paths::ending_beside(self.sources, &text, &self.file.path);
            let found = found.or_else(|| paths::ending_by_stem(self.sources, &text));
            return found.filter(other).map(|path| path.to_string());
        }
        let beside = paths::resolve(&self.file.path, &text).filter(|path| self.sources.is_file(path));
        beside.or_else(|| paths::from_elsewhere(self.sources, &text).filter(other).map(|path| path.to_string()))
    }

    pub(crate) fn is_local_stack(&self, declared: &Declared<'_>) -> bool {
        self.stack_path(declared).is_some()
    }

    pub(crate) fn nested(&self, declared: &Declared<'_>, out: &mut Declarations) {
        let Some(path) = self.stack_path(declared) else {
            let written = declared.property(&["Location"]).or_else(|| declared.property(&["TemplateURL"]));
            if let Some(written) = written {
                let address = self.names.expr(written);
                let message =
                    format!("the nested template `{address}` is not in what was scanned; it is shown as one box");
                out.diagnostics.push(Diagnostic::note("nested-template-not-found", written.place.clone(), message));
            }
            return;
        };
        let parameters = declared.property(&["Parameters"]);
        self.instance(declared, path, parameters, out);
    }

    /// A module that the repository has the template of is like a nested stack.
    pub(crate) fn module(&self, declared: &Declared<'_>, out: &mut Declarations) {
        if let Some(path) = modules::fragment(self, declared) {
            self.instance(declared, path, declared.properties(), out);
            return;
        }
        let message =
            format!("`{}` is a module, which only the platform expands; what is in it is left out", declared.id);
        out.diagnostics.push(Diagnostic::note("module", declared.key.place.clone(), message));
    }

    fn instance(&self, declared: &Declared<'_>, path: String, parameters: Option<&Tree>, out: &mut Declarations) {
        let parameters = parameters.map(Tree::entries).unwrap_or_default();
        out.instances.push(Instance {
            owner: self.at(declared.id),
            scope: path.into(),
            parameters: parameters.iter().map(|(k, v)| (k.text.clone(), self.names.expr(v))).collect(),
            place: declared.key.place.clone(),
        });
    }
}
