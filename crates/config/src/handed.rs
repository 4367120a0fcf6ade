//! What configuration hands to a function in its event: the properties of a custom resource, the constant input of a
//! target.

use crate::template::{Declared, Template};
use crate::tree::{self, Node, Tree};
use facts::{Declarations, Expr, Handed};
use std::sync::Arc;

/// Maps inside one another that are looked into.
const MAX_DEPTH: usize = 4;

/// A custom resource calls the function of its `ServiceToken`, with its properties in the event. See
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html>.
pub(crate) fn custom_resource(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let Some(token) = declared.property(&["ServiceToken"]) else { return };
    let to = template.names.expr(token);
    let Some(properties) = declared.properties() else { return };
    hand(template, &to, &["ResourceProperties".into()], properties, out);
}

/// `Input` of the targets of a rule: a constant event.
pub(crate) fn targets(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    for target in declared.property(&["Targets"]).map(Tree::items).unwrap_or_default() {
        let (Some(to), Some(input)) = (target.get("Arn"), target.get("Input")) else { continue };
        constant(template, &template.names.expr(to), input, out);
    }
}

/// A constant event in JSON.
pub(crate) fn constant(template: &Template<'_>, to: &Expr, input: &Tree, out: &mut Declarations) {
    let Some(text) = input.text() else { return };
    if let Some(event) = tree::read_inside(text, &input.place, &mut Vec::new()) {
        hand(template, to, &[], &event, out);
    }
}

/// Hands every text in a map to the function.
pub(crate) fn hand(template: &Template<'_>, to: &Expr, keys: &[Arc<str>], map: &Tree, out: &mut Declarations) {
    for (key, value) in map.entries() {
        let mut keys = keys.to_vec();
        keys.push(key.text.clone());
        let nested = matches!(value.node, Node::Map(_)) && !value.is_intrinsic();
        if nested && keys.len() < MAX_DEPTH {
            hand(template, to, &keys, value, out);
        } else if !nested && !matches!(value.node, Node::List(_)) {
            let value = (template.names.expr(value), value.place.clone());
            out.handed.push(Handed { to: to.clone(), keys, value: value.0, place: value.1 });
        }
    }
}
