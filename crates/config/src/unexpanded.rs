//! What only the platform can expand, and what is therefore missing: macros and stack sets.

use crate::template::Template;
use crate::tree::Tree;
use facts::{Declarations, Diagnostic};

/// Transforms whose work is known or makes nothing that is drawn.
const KNOWN: &[&str] = &["AWS::CodeDeployBlueGreen", "AWS::Include", "AWS::LanguageExtensions", "AWS::SecretsManager"];

/// Tells of each macro and stack set.
pub(crate) fn tell(template: &Template<'_>, out: &mut Declarations) {
    for transform in template.root.get("Transform").map(Tree::one_or_many).unwrap_or_default() {
        macro_of(transform.text().map_or_else(|| transform.get("Name"), |_| Some(transform)), out);
    }
    for transform in template.root.at(&["Resources", "Fn::Transform"]).map(Tree::one_or_many).unwrap_or_default() {
        macro_of(transform.get("Name"), out);
    }
    for declared in template.resources.values() {
        if declared.type_name == "AWS::CloudFormation::StackSet" {
            let message = format!("`{}` deploys a template to other accounts; what is in it is left out", declared.id);
            out.diagnostics.push(Diagnostic::note("stack-set", declared.key.place.clone(), message));
        }
    }
}

fn macro_of(name: Option<&Tree>, out: &mut Declarations) {
    let Some((tree, name)) = name.and_then(|tree| Some((tree, tree.text()?))) else { return };
    if name.starts_with("AWS::Serverless") || KNOWN.iter().any(|known| name.starts_with(known)) {
        return;
    }
    let message = format!("`{name}` is a macro, which only the platform expands; what it changes is left out");
    out.diagnostics.push(Diagnostic::note("macro", tree.place.clone(), message));
}
