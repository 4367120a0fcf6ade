//! Nested stacks: which template of the scan a stack resource deploys, and with which parameters.

use crate::template::{Declared, Template};
use crate::tree::Tree;
use crate::{cdk, paths};
use facts::{Declarations, Diagnostic, Expr, Instance};
use std::sync::Arc;

impl Template<'_> {
    fn stack_path(&self, declared: &Declared<'_>) -> Option<String> {
        let asset = cdk::asset(declared, "TemplateURL");
        let written =
            asset.or_else(|| declared.property(&["Location"])).or_else(|| declared.property(&["TemplateURL"]))?;
        let local = written.text().and_then(|text| paths::resolve(&self.file.path, text));
        let remote = || written.text().is_none_or(|text| text.contains("://"));
        let uploaded = || self.uploaded(&self.names.expr(written)).filter(|_| remote());
        local.filter(|p| self.sources.is_file(p)).or_else(uploaded)
    }

    /// The one file of the scan that the address of an uploaded template ends in: `…/${Prefix}templates/queue.yaml`.
    fn uploaded(&self, url: &Expr) -> Option<String> {
        let last = match url {
            Expr::Concat(all) => all.last()?,
            one => one,
        };
        let text = last.as_literal()?;
        let path = text.split_once("://").map_or(text, |(_, rest)| rest).split('?').next()?;
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        // The longest end that is a path of the scan; a bare name only if nothing else has it.
        (0..parts.len()).find_map(|from| {
            let end = parts[from..].join("/");
            let fits =
                |path: &&Arc<str>| path.strip_suffix(&*end).is_some_and(|head| head.is_empty() || head.ends_with('/'));
            let mut found = self.sources.paths().iter().filter(fits);
            let first = found.next().filter(|path| **path != self.file.path)?;
            found.next().is_none().then(|| first.to_string())
        })
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
