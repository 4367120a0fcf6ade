//! Texts of templates that have names put into them and are then read as something else: a definition, a request.

use crate::template::Template;
use crate::tree::{Key, Node, Tree};
use facts::{Expr, Place};
use std::sync::Arc;

/// A text in which `${name}` stands for a value of its own or for what the template calls so.
pub(crate) struct Text {
    pub(crate) text: String,
    /// Values of names that stand in the text as `${name}`.
    pub(crate) own: Option<Tree>,
}

/// The texts that a value can be; several where a mapping or a condition chooses.
pub(crate) fn of(template: &Template<'_>, whole: &Tree) -> Vec<Text> {
    let (function, argument) = whole.single().unwrap_or(("", whole));
    let plain = |text: &str| vec![Text { text: text.to_owned(), own: None }];
    match (function, argument.items()) {
        ("Fn::Sub", [format, own @ ..]) => {
            let text = format.text().unwrap_or_default().to_owned();
            vec![Text { text, own: own.first().cloned() }]
        }
        ("Fn::If", [_, branches @ ..]) => branches.iter().flat_map(|branch| of(template, branch)).collect(),
        ("Fn::Join", [separator, list]) => vec![joined(template, separator.text().unwrap_or_default(), list)],
        ("" | "Fn::Sub", _) => argument.text().map(plain).unwrap_or_default(),
        ("Ref", _) => {
            let default = ["Parameters", argument.text().unwrap_or_default(), "Default"];
            template.root.at(&default).and_then(Tree::text).map(plain).unwrap_or_default()
        }
        _ => {
            let mut texts = Vec::new();
            literals(&template.names.expr(whole), &mut texts);
            texts.into_iter().map(|text| Text { text: text.to_string(), own: None }).collect()
        }
    }
}

/// The texts among the values that an expression can have.
fn literals(e: &Expr, out: &mut Vec<Arc<str>>) {
    match e {
        Expr::Literal(text) => out.push(text.clone()),
        Expr::OneOf(all) => all.iter().for_each(|e| literals(e, out)),
        Expr::Lookup { cases, default, .. } => {
            let all = cases.iter().map(|(_, v)| v).chain(default.as_deref());
            all.for_each(|e| literals(e, out));
        }
        _ => {}
    }
}

/// The text of a piece of a joined definition; what is no text is marked as a name to be put in.
pub(crate) fn marked(template: &Template<'_>, tree: &Tree) -> String {
    match (&tree.node, tree.single()) {
        (Node::Scalar(text, _), _) => text.to_string(),
        (_, Some(("Ref", name))) => format!("${{{}}}", name.text().unwrap_or_default()),
        (_, Some(("Fn::GetAtt", argument))) => {
            let parts: Vec<&str> = argument.one_or_many().into_iter().filter_map(Tree::text).collect();
            format!("${{{}}}", parts.join("."))
        }
        _ => template.names.expr(tree).to_string(),
    }
}

/// A joined text. What is no text in it is marked as a name to be put in.
fn joined(template: &Template<'_>, separator: &str, list: &Tree) -> Text {
    let mut own = Vec::new();
    let mut pieces = Vec::new();
    for (number, piece) in list.items().iter().enumerate() {
        pieces.push(match (&piece.node, piece.single()) {
            (Node::Scalar(text, _), _) => text.to_string(),
            (_, Some(("Ref", name))) => format!("${{{}}}", name.text().unwrap_or_default()),
            (_, Some(("Fn::GetAtt", argument))) => {
                let parts: Vec<&str> = argument.one_or_many().into_iter().filter_map(Tree::text).collect();
                format!("${{{}}}", parts.join("."))
            }
            _ => {
                let text: Arc<str> = format!("piece {number}").into();
                let marked = format!("${{{text}}}");
                own.push((Key { text, place: piece.place.clone() }, piece.clone()));
                marked
            }
        });
    }
    let place = Place::new(template.file.path.clone(), 1, 1);
    Text { text: pieces.join(separator), own: Some(Tree { place, node: Node::Map(own) }) }
}
