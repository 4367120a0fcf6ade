//! What configuration hands to a function in its event: the properties of a custom resource, the constant input of a
//! target.

use crate::template::{Declared, Template};
use crate::texts;
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

/// What reaches the targets of a rule: a constant event, their `Input`, or one that its pattern lets through.
pub(crate) fn targets(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let let_through = declared.property(&["EventPattern"]);
    for target in declared.property(&["Targets"]).map(Tree::items).unwrap_or_default() {
        if let (Some(to), Some(let_through), false) = (target.get("Arn"), let_through, is_changed(target)) {
            pattern(template, &template.names.expr(to), let_through, out);
        }
        let (Some(to), Some(input)) = (target.get("Arn"), target.get("Input")) else { continue };
        constant(template, &template.names.expr(to), input, out);
    }
}

/// Whether a target gets something else than the event.
pub(crate) fn is_changed(target: &Tree) -> bool {
    ["Input", "InputPath", "InputTransformer"].iter().any(|key| target.get(key).is_some())
}

/// An event that a pattern lets through has at each place one of the values that the pattern has there.
pub(crate) fn pattern(template: &Template<'_>, to: &Expr, pattern: &Tree, out: &mut Declarations) {
    let mut open = vec![(Vec::<Arc<str>>::new(), pattern)];
    while let Some((keys, map)) = open.pop() {
        for (key, values) in map.entries() {
            let mut keys = keys.clone();
            keys.push(key.text.clone());
            let all = values.items();
            let exact = |value: &Tree| value.text().is_some() || value.is_intrinsic();
            if matches!(values.node, Node::Map(_)) && keys.len() < MAX_DEPTH {
                open.push((keys, values));
            } else if !all.is_empty() && all.iter().all(exact) {
                out.handed.extend(all.iter().map(|value| Handed {
                    to: to.clone(),
                    keys: keys.clone(),
                    value: template.names.expr(value),
                    place: value.place.clone(),
                }));
            }
        }
    }
}

/// A constant event: in JSON, maybe with names put into it, or as a map.
pub(crate) fn constant(template: &Template<'_>, to: &Expr, input: &Tree, out: &mut Declarations) {
    if let Some(text) = input.text() {
        if let Some(event) = tree::read_inside(text, &input.place, &mut Vec::new()) {
            hand(template, to, &[], &event, out);
        }
    } else if !input.is_intrinsic() {
        hand(template, to, &[], input, out);
    } else {
        for one in texts::of(template, input) {
            let Some(event) = tree::read_inside(&one.text, &input.place, &mut Vec::new()) else { continue };
            let names = Names { template, own: one.own.as_ref() };
            names.hand(to, &[], &event, out);
        }
    }
}

/// What stands in a text for which names.
struct Names<'n, 't> {
    template: &'n Template<'t>,
    own: Option<&'n Tree>,
}

impl Names<'_, '_> {
    /// Hands every text in a map to the function, with the names in it put in.
    fn hand(&self, to: &Expr, keys: &[Arc<str>], map: &Tree, out: &mut Declarations) {
        for (key, value) in map.entries() {
            let keys: Vec<Arc<str>> = keys.iter().cloned().chain([key.text.clone()]).collect();
            if let Some(text) = value.text() {
                let value = (self.template.names.substitute(text, self.own, 0), value.place.clone());
                out.handed.push(Handed { to: to.clone(), keys, value: value.0, place: value.1 });
            } else if keys.len() < MAX_DEPTH {
                self.hand(to, &keys, value, out);
            }
        }
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
