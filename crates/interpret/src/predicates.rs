//! Questions about the ends and the inside of texts that are known only in part.

use crate::heap::Object;
use crate::machine::Machine;
use crate::value::Abs;
use facts::Expr;

/// One of the two ends of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Start,
    End,
}

impl Machine<'_> {
    /// Whether a text has another one, or one of several, at its edge.
    pub(crate) fn has_at(&self, text: &Abs, wanted: &Abs, edge: Edge) -> Abs {
        let wanted: Option<Vec<&str>> = match self.heap.list_of(wanted) {
            Some((items, None)) => items.iter().map(Abs::as_text).collect(),
            Some(_) => None,
            None => wanted.as_text().map(|one| vec![one]),
        };
        let answer = wanted.and_then(|wanted| {
            agreed(text.each().iter().map(|one| match one {
                Abs::Text(e) => any(wanted.iter().map(|wanted| at_edge(e, wanted, edge))),
                _ => None,
            }))
        });
        answer.map_or_else(|| Abs::unknown("the comparison is not known"), Abs::Bool)
    }

    /// A text without what stands at its edge, if that stands there.
    pub(crate) fn without(text: &Abs, cut: &Abs, edge: Edge) -> Abs {
        let Some(cut) = cut.as_text() else { return Abs::unknown("what is cut from it is not known") };
        match text {
            Abs::Text(e) => Abs::Text(shortened(e, cut, edge)),
            other => other.clone(),
        }
    }

    /// Whether a value is of a type of the language, or of one of several.
    pub(crate) fn is_instance(&self, value: &Abs, kinds: &Abs) -> Abs {
        let kinds = match self.heap.list_of(kinds) {
            Some((items, None)) => items,
            Some(_) => &[Abs::Null],
            None => std::slice::from_ref(kinds),
        };
        let answer = agreed(value.each().iter().map(|one| any(kinds.iter().map(|kind| self.is_of(one, kind)))));
        answer.map_or_else(|| Abs::unknown("the type of the value is not known"), Abs::Bool)
    }

    fn is_of(&self, value: &Abs, kind: &Abs) -> Option<bool> {
        /// The types of the language of which each value is told apart.
        const TYPES: &[&str] = &["str", "int", "bool", "list", "tuple", "set", "dict"];
        let Abs::Symbol(path) = kind else { return None };
        let kind = path.strip_prefix("builtins.").filter(|kind| TYPES.contains(kind))?;
        match value {
            // What comes in may be anything, and what is read from elsewhere, too.
            Abs::Text(Expr::Literal(_) | Expr::Concat(_) | Expr::Env(_)) => Some(kind == "str"),
            Abs::Int(_) => Some(kind == "int"),
            Abs::Bool(_) => Some(matches!(kind, "bool" | "int")),
            Abs::Null => Some(false),
            Abs::Object(id) => match self.heap.get(*id) {
                // Which of them it is was not kept.
                Object::List { .. } => (!matches!(kind, "list" | "tuple" | "set")).then_some(false),
                Object::Map { .. } => Some(kind == "dict"),
                Object::Pieces { .. } | Object::Instance { .. } => None,
            },
            _ => None,
        }
    }

    /// Whether one known text stands somewhere in another.
    pub(crate) fn is_inside(text: &Abs, whole: &Abs) -> Option<bool> {
        Some(whole.as_text()?.contains(text.as_text()?))
    }
}

/// What all say alike.
fn agreed(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = answers.next()??;
    answers.all(|answer| answer == Some(first)).then_some(first)
}

/// True if one is, false if all are not.
pub(crate) fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let or = |one, other| match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), other) => other,
        (None, _) => None,
    };
    answers.fold(Some(false), or)
}

/// Whether the text begins or ends so; `None` when what is known of it does not reach far enough.
fn at_edge(text: &Expr, wanted: &str, edge: Edge) -> Option<bool> {
    if let Expr::OneOf(all) = text {
        return agreed(all.iter().map(|one| at_edge(one, wanted, edge)));
    }
    let (known, whole) = known_at(text, edge)?;
    let (has, could) = match edge {
        Edge::Start => (known.starts_with(wanted), wanted.starts_with(known)),
        Edge::End => (known.ends_with(wanted), wanted.ends_with(known)),
    };
    if has { Some(true) } else { (whole || !could).then_some(false) }
}

/// What is known of a text from an edge on, and whether it is all of it.
fn known_at(text: &Expr, edge: Edge) -> Option<(&str, bool)> {
    match text {
        Expr::Literal(all) => Some((all, true)),
        Expr::Concat(pieces) => {
            let piece = if edge == Edge::Start { pieces.first() } else { pieces.last() };
            Some((piece?.as_literal()?, false))
        }
        _ => None,
    }
}

fn shortened(text: &Expr, cut: &str, edge: Edge) -> Expr {
    let short = |known: &str| match edge {
        Edge::Start => known.strip_prefix(cut).unwrap_or(known).to_owned(),
        Edge::End => known.strip_suffix(cut).unwrap_or(known).to_owned(),
    };
    match text {
        Expr::Literal(all) => Expr::literal(short(all)),
        Expr::OneOf(all) => Expr::one_of(all.iter().map(|one| shortened(one, cut, edge))),
        Expr::Concat(pieces) => {
            let at = if edge == Edge::Start { 0 } else { pieces.len() - 1 };
            let piece = |(i, piece): (usize, &Expr)| match piece {
                Expr::Literal(known) if i == at => Expr::literal(short(known)),
                other => other.clone(),
            };
            Expr::concat(pieces.iter().enumerate().map(piece))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &Expr, wanted: &str, at_start: Option<bool>, at_end: Option<bool>) {
        assert_eq!((at_edge(text, wanted, Edge::Start), at_edge(text, wanted, Edge::End)), (at_start, at_end));
    }

    #[test]
    fn the_edges_of_texts_that_are_known_in_part() {
        check(&Expr::literal("orders"), "or", Some(true), Some(false));
        check(&Expr::literal("orders"), "rs", Some(false), Some(true));
        let partly = Expr::concat([Expr::literal("/shop/"), Expr::Env("STAGE".into())]);
        check(&partly, "/shop/", Some(true), None);
        check(&partly, "/shop/dev", None, None);
        check(&partly, "/bank/", Some(false), None);
        check(&Expr::one_of([Expr::literal("ab"), Expr::literal("ac")]), "a", Some(true), Some(false));
        check(&Expr::one_of([Expr::literal("ab"), Expr::literal("ac")]), "b", Some(false), None);
        check(&Expr::Env("X".into()), "a", None, None);
    }

    #[test]
    fn what_stands_at_an_edge_is_cut_off() {
        let partly = Expr::concat([Expr::literal("/shop/"), Expr::Env("STAGE".into())]);
        assert_eq!(shortened(&partly, "/shop", Edge::Start).to_string(), "/${env:STAGE}");
        assert_eq!(shortened(&partly, "/bank", Edge::Start), partly);
        assert_eq!(shortened(&partly, "/shop/", Edge::Start), Expr::Env("STAGE".into()));
        assert_eq!(shortened(&Expr::literal("a.py"), ".py", Edge::End), Expr::literal("a"));
    }
}
