//! Serverless Compose: services of one repository, and the outputs that one hands to another.

use super::syntax::{Alternative, Piece, alternatives, pieces};
use crate::paths;
use crate::tree::{self, Tree};
use facts::{Declarations, Diagnostic, Expr, Instance, ResourceRef, SourceFile, Sources};
use std::sync::Arc;

/// Adds an instance for each service: `params` are its parameters, `${other.output}` is an output of another one.
pub(super) fn read(file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
    let Some(root) = tree::read(file, &mut out.diagnostics) else { return };
    for (key, tree) in root.get("services").map(Tree::entries).unwrap_or_default() {
        let written = tree.get("path").or(Some(tree)).and_then(Tree::text).unwrap_or(&key.text);
        let config = tree.get("config").and_then(Tree::text);
        let Some(scope) = service_file(file, written, config, sources) else {
            let message = format!("there is no service in `{written}`; `{}` is left out", key.text);
            out.diagnostics.push(Diagnostic::warning("service-not-found", key.place.clone(), message));
            continue;
        };
        let parameters = tree.get("params").map(Tree::entries).unwrap_or_default();
        out.instances.push(Instance {
            owner: ResourceRef { scope: file.path.clone(), id: key.text.clone() },
            parameters: parameters.iter().map(|(k, v)| (k.text.clone(), value(v, file, &scope))).collect(),
            scope,
            place: key.place.clone(),
        });
    }
}

fn service_file(file: &SourceFile, folder: &str, config: Option<&str>, sources: &dyn Sources) -> Option<Arc<str>> {
    let folder = paths::resolve(&file.path, folder)?;
    let names = config.map_or_else(|| vec!["serverless.yml", "serverless.yaml", "serverless.json"], |c| vec![c]);
    let paths = names.into_iter().filter_map(|name| paths::below(&folder, name));
    paths.into_iter().find(|path| sources.is_file(path)).map(Into::into)
}

/// A value for a service; the stage is that of the service.
fn value(tree: &Tree, file: &SourceFile, scope: &Arc<str>) -> Expr {
    let Some(text) = tree.text() else { return Expr::unknown("it is no text") };
    // `${service.output}` has no source, so it is not told from CloudFormation's names.
    let mut parts = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => outputs(text, file, &mut parts),
            Piece::Name(name) => parts.push(Expr::literal(name)),
            Piece::Variable(inner) => parts.push(match alternatives(inner).first() {
                Some(Alternative::Source("sls" | "opt", _, "stage")) => {
                    Expr::Parameter { scope: scope.clone(), name: "stage".into() }
                }
                Some(Alternative::Literal(text)) => Expr::literal(*text),
                _ => Expr::unknown(format!("`${{{inner}}}` is known only at deployment")),
            }),
        }
    }
    Expr::concat(parts)
}

fn outputs(text: &str, file: &SourceFile, parts: &mut Vec<Expr>) {
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}').map(|end| at + end) else { break };
        parts.push(Expr::literal(&rest[..at]));
        let inner = &rest[at + 2..end];
        parts.push(match inner.split_once('.') {
            Some((service, output)) => Expr::Resource {
                scope: file.path.clone(),
                id: service.trim().into(),
                attribute: Some(format!("Outputs.{}", output.trim()).into()),
            },
            None => Expr::unknown(format!("`{inner}` names no output of a service")),
        });
        rest = &rest[end + 1..];
    }
    parts.push(Expr::literal(rest));
}
