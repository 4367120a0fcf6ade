//! Layers: folders of code that functions share.
//!
//! A function that names a layer of its own template finds the folder at once. What it names otherwise (a parameter,
//! another stack's output, an ARN) only the whole scan can tell: [`facts::Borrowed`].

use crate::template::{Declared, Template};
use crate::tree::Tree;
use crate::{cdk, paths, requirements};
use facts::{Borrowed, Declarations, Expr, Layer};
use std::sync::Arc;

/// A layer that the template declares, for functions of other templates.
pub(crate) fn declared(template: &Template<'_>, layer: &Declared<'_>, out: &mut Declarations) {
    let Some(folder) = folder(template, layer) else { return };
    // Without a name of its own, SAM names a layer by its logical id.
    let name = layer.property(&["LayerName"]).map_or_else(|| Expr::literal(layer.id), |name| template.names.expr(name));
    out.layers.push(Layer { at: template.at(layer.id), name, roots: roots(template, &folder) });
}

/// The folders of a function's layers, as far as its template tells. What it does not tell is kept in `out`.
pub(crate) fn of_function(template: &Template<'_>, function: &Declared<'_>, out: &mut Declarations) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    for layer in function.property(&["Layers"]).map(Tree::one_or_many).unwrap_or_default() {
        if let Some(folder) = own(template, layer).and_then(|layer| folder(template, layer)) {
            found.extend(roots(template, &folder));
        } else {
            out.borrowed.push(Borrowed { owner: template.at(function.id), layer: template.names.expr(layer) });
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|root| seen.insert(root.clone()));
    found
}

/// The layer of this template that a function names.
fn own<'t, 'd>(template: &'d Template<'t>, named: &Tree) -> Option<&'d Declared<'t>> {
    let (function, name) = named.single()?;
    let name = name.text()?;
    let id = match function {
        "Ref" => name,
        "Fn::Sub" => name.strip_prefix("${")?.strip_suffix('}')?,
        _ => return None,
    };
    template.resources.get(id)
}

fn folder(template: &Template<'_>, layer: &Declared<'_>) -> Option<String> {
    let written = || layer.property(&["ContentUri"]).or_else(|| layer.property(&["Content"]))?.text();
    cdk::code(template, layer).or_else(|| paths::resolve(&template.file.path, written()?))
}

/// The search path that a layer's folder adds: where the runtime looks first, then the folder itself, which a build
/// puts there.
fn roots(template: &Template<'_>, folder: &str) -> Vec<Arc<str>> {
    let below = ["python", ""].map(|name| paths::below(folder, name).unwrap_or_default());
    let own = below.into_iter().filter(|path| template.sources.is_dir(path)).map(Into::into);
    own.chain(requirements::installed(template.sources, folder)).collect()
}
