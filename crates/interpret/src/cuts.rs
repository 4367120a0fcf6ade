//! Texts cut into pieces, and texts in which something is replaced.

use crate::heap::Object;
use crate::machine::Machine;
use crate::text;
use crate::value::Abs;
use facts::Expr;

/// Pieces at the end of a text that are told apart.
const MAX_BACK: usize = 8;

impl Machine<'_> {
    /// A text cut at a separator, at most so many times, from its end if `back`.
    pub(crate) fn split(&mut self, receiver: &Abs, separator: Option<&Abs>, most: Option<&Abs>, back: bool) -> Abs {
        let separator = separator.and_then(Abs::as_text).filter(|s| !s.is_empty()).map(str::to_owned);
        let most = match most {
            Some(Abs::Int(most)) => usize::try_from(*most).ok(),
            _ => None,
        };
        match (receiver, separator) {
            (Abs::Text(Expr::Literal(text)), Some(separator)) => {
                let pieces = most.map_or(usize::MAX, |most| most.saturating_add(1));
                let mut items: Vec<&str> = if back {
                    text.rsplitn(pieces, separator.as_str()).collect()
                } else {
                    text.splitn(pieces, separator.as_str()).collect()
                };
                if back {
                    items.reverse();
                }
                let items = items.into_iter().map(Abs::text).collect();
                self.heap.list(items)
            }
            // Cut once from its end, a text has two pieces, the second of which is its last.
            (Abs::Text(e), Some(separator)) if back && most.is_some_and(|most| (1..=MAX_BACK).contains(&most)) => {
                let last = (1..=most.unwrap_or(1)).rev().map(|at| piece_from_end(e, &separator, at));
                let first = Abs::unknown("it is a text without its last pieces");
                self.heap.list(std::iter::once(first).chain(last).collect())
            }
            (Abs::Text(e), Some(separator)) => {
                self.heap.add(Object::Pieces { of: e.clone(), separator: separator.as_str().into() })
            }
            _ => Abs::unknown("it is a piece of a text that is not known"),
        }
    }

    /// What stands before a separator, the separator, and what stands behind it.
    pub(crate) fn partition(&mut self, receiver: &Abs, separator: &Abs, back: bool) -> Abs {
        let (Abs::Text(e), Some(cut)) = (receiver, separator.as_text().filter(|s| !s.is_empty())) else {
            return Abs::unknown("it is a piece of a text that is not known");
        };
        let pieces = match e.as_literal() {
            Some(text) => {
                let found = if back { text.rsplit_once(cut) } else { text.split_once(cut) };
                let (before, after) = found.unwrap_or(if back { ("", text) } else { (text, "") });
                [Abs::text(before), separator.clone(), Abs::text(after)]
            }
            None if back => {
                [Abs::unknown("it is a text without its last piece"), separator.clone(), last_piece(e, cut)]
            }
            None => {
                let first = Expr::Piece { of: Box::new(e.clone()), separator: cut.into(), index: 0 };
                [Abs::Text(first), separator.clone(), Abs::unknown("it is a text without its first piece")]
            }
        };
        self.heap.list(pieces.to_vec())
    }

    /// Cuts a text again and again: arguments after it are a separator and which piece is kept, in turn.
    pub(crate) fn cut(values: &[Option<Abs>]) -> Abs {
        let Some(Some(first)) = values.first() else { return Abs::unknown("an argument is not given") };
        let mut at = text::expression(first);
        for pair in values[1..].chunks_exact(2) {
            let word = |at: usize| pair[at].as_ref().and_then(Abs::as_text).unwrap_or_default();
            at =
                Expr::Piece { of: Box::new(at), separator: word(0).into(), index: word(1).parse().unwrap_or_default() };
        }
        Abs::Text(at)
    }

    pub(crate) fn replace(receiver: &Abs, from: &Abs, to: Option<Abs>) -> Abs {
        let (Some(from), Some(to)) = (from.as_text(), to) else {
            return Abs::unknown("it is a text in which something is replaced");
        };
        let Some(to) = to.as_text() else {
            // A place holder in a constant: `TEMPLATE.replace("{stage}", stage)`.
            let Some(text) = receiver.as_text() else {
                return Abs::unknown("it is a text in which something is replaced");
            };
            let to = text::expression(&to);
            let mut pieces = Vec::new();
            for (i, piece) in text.split(from).enumerate() {
                if i > 0 {
                    pieces.push(to.clone());
                }
                pieces.push(Expr::literal(piece));
            }
            return Abs::Text(Expr::concat(pieces));
        };
        match receiver {
            Abs::Text(e) => Abs::Text(replaced(e, from, to)),
            other => other.clone(),
        }
    }
}

fn last_piece(of: &Expr, separator: &str) -> Abs {
    piece_from_end(of, separator, 1)
}

fn piece_from_end(of: &Expr, separator: &str, at: usize) -> Abs {
    let index = i32::try_from(at).map_or(i32::MIN, |at| -at);
    Abs::Text(Expr::Piece { of: Box::new(of.clone()), separator: separator.into(), index })
}

/// A text with something replaced; what only deployment knows is left to be replaced then.
fn replaced(e: &Expr, from: &str, to: &str) -> Expr {
    let each = |e: &Expr| replaced(e, from, to);
    match e {
        Expr::Literal(text) => Expr::literal(text.replace(from, to)),
        Expr::Concat(all) => Expr::concat(all.iter().map(each)),
        Expr::OneOf(all) => Expr::one_of(all.iter().map(each)),
        Expr::Input(_) | Expr::Unknown { .. } => e.clone(),
        known_later => Expr::Replaced { of: Box::new(known_later.clone()), from: from.into(), to: to.into() },
    }
}
