//! `${file(path):address}`: values of other files.

use super::variables::{Found, Variables, expr_at_stage, variable_part};
use crate::paths;
use crate::tree::{self, Tree};
use facts::{Expr, Place};
use std::sync::Arc;

impl Variables<'_> {
    /// A value of another file. A path that holds the stage means one file a stage.
    pub(super) fn file(&self, path: &str, address: &str, place: &Place) -> Found {
        let path = path.trim().trim_matches(['\'', '"']);
        let written = self.expr(path, place);
        let Some(literal) = written.as_literal() else {
            let cases: Vec<(Arc<str>, Tree)> = self
                .candidates(&written)
                .into_iter()
                .filter_map(|(case, path)| match self.one_file(&path, address, place) {
                    Found::Known(tree) => Some((case.into(), tree)),
                    _ => None,
                })
                .collect();
            if let Some(found) = self.choose(&variable_part(&written), cases, None, place) {
                return Found::Known(found);
            }
            // None of the stages has the file; that of the default stage stands for all.
            let path = expr_at_stage(&written, &self.default_stage());
            return match path.filter(|path| !self.resolved(path).is_some_and(|p| self.sources.is_file(&p))) {
                Some(path) => self.one_file(&path, address, place),
                None => Found::Missing(format!("no file fits `{written:.160}`")),
            };
        };
        self.one_file(literal, address, place)
    }

    /// Files that a path means for some stage, with that stage.
    fn candidates(&self, written: &Expr) -> Vec<(String, String)> {
        let text = match written {
            Expr::Concat(all) => all.iter().map(|e| e.as_literal().unwrap_or("\0")).collect::<String>(),
            _ => return Vec::new(),
        };
        let Some((before, after)) = text.split_once('\0').filter(|(_, after)| !after.contains('\0')) else {
            return Vec::new();
        };
        // The folder of the files has to be known; the stage may be its name, too.
        let head = before.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(folder) = paths::resolve(&self.file.path, if head.is_empty() { "." } else { head }) else {
            return Vec::new();
        };
        let stem = before.rsplit_once('/').map_or(before, |(_, stem)| stem);
        let prefix = if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") };
        let fits = self.sources.below(&folder).iter().filter_map(|path| {
            let case = path.strip_prefix(&prefix)?.strip_suffix(after)?;
            (!case.is_empty() && !case.contains('/')).then(|| (case.to_owned(), format!("{before}{case}{after}")))
        });
        fits.take(50).collect()
    }

    fn one_file(&self, written: &str, address: &str, place: &Place) -> Found {
        let Some(path) = self.resolved(written) else {
            return Found::Missing(format!("`{written}` is outside of what is scanned"));
        };
        if [".js", ".ts", ".cjs", ".mjs"].iter().any(|end| path.ends_with(end)) {
            return Found::Maybe(Expr::unknown(format!("it is what the script `{path}` computes")));
        }
        let Some(tree) = self.read(&path) else { return Found::Maybe(self.of_missing(&path, address, place)) };
        let steps = self.steps(address, place);
        let whole = steps.first().is_none_or(|s| matches!(s.as_literal(), Some("Resources" | "Outputs" | "resources")));
        if whole && tree.get("provider").is_none() {
            self.state.borrow_mut().included.insert(path.as_str().into());
        }
        self.guarded(format!("file({path}):{address}"), place, || {
            let found = self.walk(&tree, &steps, place);
            found.map_or_else(|| Found::Missing(format!("there is no `{address}` in `{path}`")), Found::Known)
        })
    }

    fn resolved(&self, written: &str) -> Option<String> {
        paths::resolve(&self.file.path, written)
    }

    /// A value of a file that is kept out of the repository: a parameter of the deployment, the same for every service
    /// that takes it from that file.
    fn of_missing(&self, path: &str, address: &str, place: &Place) -> Expr {
        let message = format!("there is no `{path}`; what it holds is known only at deployment");
        self.tell("file-not-found", place, message);
        Expr::Parameter { scope: path.into(), name: address.into() }
    }

    fn read(&self, path: &str) -> Option<Arc<Tree>> {
        if let Some(known) = self.state.borrow().files.get(path) {
            return known.clone();
        }
        let file = self.sources.read(path).ok();
        let structured = [".yml", ".yaml", ".json"].iter().any(|end| path.ends_with(end));
        let tree = file.and_then(|file| {
            if structured {
                return tree::read(&file, &mut self.state.borrow_mut().diagnostics);
            }
            Some(Tree::scalar(&Place::new(file.path.clone(), 1, 1), file.text.trim_end()))
        });
        let tree = tree.map(Arc::new);
        self.state.borrow_mut().files.insert(path.to_owned(), tree.clone());
        tree
    }
}
