//! Nested stacks: which template of the scan a stack resource deploys, and with which parameters.

use crate::template::{Declared, Template};
use crate::tree::Tree;
use crate::{cdk, paths};
use facts::{Declarations, Diagnostic, Instance};

impl Template<'_> {
    fn stack_path(&self, declared: &Declared<'_>) -> Option<String> {
        let written = declared.property(&["Location"]).or_else(|| declared.property(&["TemplateURL"]))?;
        if let Some(path) = cdk::nested(self, declared) {
            return Some(path);
        }
        let text = self.names.expr(written).to_string();
        if text.contains("://") {
            // A template in a bucket is the file of the scan in whose path its address ends.
            return paths::ending(self.sources, &text).map(|p| p.to_string()).filter(|p| **p != *self.file.path);
        }
        paths::resolve(&self.file.path, &text).filter(|p| self.sources.is_file(p))
    }

    pub(crate) fn is_local_stack(&self, declared: &Declared<'_>) -> bool {
        self.stack_path(declared).is_some()
    }

    pub(crate) fn nested(&self, declared: &Declared<'_>, out: &mut Declarations) {
        let Some(path) = self.stack_path(declared) else {
            let written = declared.property(&["Location"]).or_else(|| declared.property(&["TemplateURL"]));
            if let Some((written, text)) = written.and_then(|w| Some((w, w.text()?))) {
                let message =
                    format!("the nested template `{text}` is not in what was scanned; it is shown as one box");
                out.diagnostics.push(Diagnostic::note("nested-template-not-found", written.place.clone(), message));
            }
            return;
        };
        let parameters = declared.property(&["Parameters"]).map(Tree::entries).unwrap_or_default();
        out.instances.push(Instance {
            owner: self.at(declared.id),
            scope: path.into(),
            parameters: parameters.iter().map(|(k, v)| (k.text.clone(), self.names.expr(v))).collect(),
            place: declared.key.place.clone(),
        });
    }
}
