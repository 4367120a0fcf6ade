//! Templates that the AWS CDK has synthesised: names and code as the app has them.

use crate::template::Declared;
use crate::tree::Tree;
use std::sync::Arc;

/// What the app calls a resource: its path in the tree of constructs without the stack, and without what stands for the
/// resource itself. `Shop/Orders/Table/Resource` is `Orders/Table`.
pub(crate) fn title(declared: &Declared<'_>) -> Option<Arc<str>> {
    let path = declared.tree.at(&["Metadata", "aws:cdk:path"])?.text()?;
    let mut parts: Vec<&str> = path.split('/').skip(1).filter(|part| *part != "Default").collect();
    if parts.len() > 1 && matches!(parts.last(), Some(&"Resource")) {
        parts.pop();
    }
    (!parts.is_empty()).then(|| parts.join("/").into())
}

/// The folder or file of the assembly that a property of the resource is taken from: its code, its template.
pub(crate) fn asset<'t>(declared: &Declared<'t>, property: &str) -> Option<&'t Tree> {
    let metadata = declared.tree.get("Metadata")?;
    let of = metadata.get("aws:asset:property").and_then(Tree::text);
    metadata.get("aws:asset:path").filter(|_| of.is_none_or(|of| of == property))
}
