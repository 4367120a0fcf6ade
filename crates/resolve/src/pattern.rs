//! Names that are known only in part, and when two of them can be the same.

use facts::Expr;

/// A name: known characters, and holes for what only deployment or run time knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Text(String),
    /// What fills the hole, for comparing two patterns that are the same expression.
    Hole(Expr),
}

/// How well a name fits another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// It is the same name.
    Exact,
    /// Their known parts agree.
    Partial,
}

/// Known characters that two partial names must share.
const MIN_SHARED: usize = 4;

/// Longer names are compared only when wholly known: the comparison is quadratic.
const MAX_LENGTH: usize = 512;

impl Pattern {
    /// The pattern of a substituted expression without alternatives.
    pub(crate) fn new(e: &Expr) -> Self {
        let pieces = match e {
            Expr::Concat(all) => all.iter().map(piece).collect(),
            one => vec![piece(one)],
        };
        Self { pieces }
    }

    /// The name, if it is wholly known.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether the two can be one name: how many known characters they share, or `None`.
    ///
    /// A hole stands for any characters, none included. Enough must be known of both, or everything would
    /// fit everything: the shared characters are most of those that are known of the one of which less is known.
    pub(crate) fn unify(&self, other: &Self) -> Option<usize> {
        let (a, b) = (self.symbols(), other.symbols());
        if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
            return None;
        }
        let shared = best_alignment(&a, &b)?;
        let known = |s: &[Option<char>]| s.iter().flatten().filter(|c| c.is_alphanumeric()).count();
        let less = known(&a).min(known(&b));
        (shared >= MIN_SHARED && shared * 5 >= less * 4).then_some(shared)
    }

    /// Whether the two have the same texts around their holes, and those tell something.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let (own, others) = (self.symbols(), other.symbols());
        own == others && own.iter().flatten().filter(|c| c.is_alphanumeric()).count() >= MIN_SHARED
    }

    /// Characters, `None` for a hole; neighbouring holes are one.
    fn symbols(&self) -> Vec<Option<char>> {
        let mut out: Vec<Option<char>> = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend(text.chars().map(Some)),
                Piece::Hole(_) if out.last() == Some(&None) => {}
                Piece::Hole(_) => out.push(None),
            }
        }
        out
    }
}

fn piece(e: &Expr) -> Piece {
    match e {
        Expr::Literal(text) => Piece::Text(text.to_string()),
        other => Piece::Hole(other.clone()),
    }
}

/// The most letters and digits that an alignment of the two shares; `None` when they cannot be aligned.
/// Dynamic programming over both: a hole takes any number of symbols of the other side.
fn best_alignment(a: &[Option<char>], b: &[Option<char>]) -> Option<usize> {
    let width = b.len() + 1;
    let mut row: Vec<Option<usize>> = vec![None; width];
    row[0] = Some(0);
    for (j, symbol) in b.iter().enumerate() {
        row[j + 1] = if symbol.is_none() { row[j] } else { None };
    }
    for symbol in a {
        let mut next: Vec<Option<usize>> = vec![None; width];
        next[0] = if symbol.is_none() { row[0] } else { None };
        for (j, other) in b.iter().enumerate() {
            let both = match (symbol, other) {
                (Some(x), Some(y)) if x == y => row[j].map(|s| s + usize::from(x.is_alphanumeric())),
                _ => None,
            };
            // A hole ends before this symbol, or swallows it.
            let swallow = if symbol.is_none() { row[j + 1].max(next[j]) } else { None };
            let swallowed = if other.is_none() { next[j].max(row[j + 1]) } else { None };
            next[j + 1] = both.max(swallow).max(swallowed);
        }
        row = next;
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `*` is a hole.
    fn pattern(text: &str) -> Pattern {
        let mut pieces = Vec::new();
        for (i, part) in text.split('*').enumerate() {
            if i > 0 {
                pieces.push(Expr::unknown("hole"));
            }
            pieces.push(Expr::literal(part));
        }
        Pattern::new(&Expr::concat(pieces))
    }

    fn check(a: &str, b: &str, fits: bool) {
        assert_eq!(pattern(a).unify(&pattern(b)).is_some(), fits, "{a} and {b}");
        assert_eq!(pattern(b).unify(&pattern(a)).is_some(), fits, "{b} and {a}");
    }

    #[test]
    fn known_parts_must_agree() {
        check("*-orders", "dev-orders", true);
        check("*-orders", "*-orders", true);
        check("shop-*-orders", "*-orders", true);
        check("*-orders", "*-invoices", false);
        check("orders-*", "*-orders", false);
        check("*-orders", "dev-orders-archive", false);
    }

    #[test]
    fn too_little_known_fits_nothing() {
        check("*", "orders", false);
        check("*-*", "dev-orders", false);
        check("*-db", "*", false);
    }

    #[test]
    fn a_long_name_is_not_compared_in_part() {
        check(&format!("*{}", "x".repeat(2000)), &"x".repeat(2001), false);
    }
}
