//! Links: the address that a reference means on a page, as browsers and `urljoin` tell it.

use crate::machine::Machine;
use crate::text;
use crate::value::Abs;
use facts::Expr;

impl Machine<'_> {
    /// A reference on the page of a base, for each that either can be.
    pub(crate) fn join_address(base: &Abs, reference: &Abs) -> Abs {
        let pairs = base.each().iter().flat_map(|base| reference.each().iter().map(move |link| (base, link)));
        Abs::join(pairs.map(|(base, link)| {
            let address = text::expression(link);
            match start(&address) {
                // It begins with what only deployment knows: as good as a path below the base.
                None => Self::join_path(&[base.clone(), link.clone()]),
                Some("") => base.clone(),
                Some(text) if text.contains("://") => link.clone(),
                Some(text) if text.starts_with("//") => {
                    Abs::unknown("only the scheme of the address is taken from the base")
                }
                Some(text) => {
                    let kept = if text.starts_with('/') { host(base) } else { folder(base) };
                    text::concat(&[Abs::Text(kept), link.clone()])
                }
            }
        }))
    }
}

fn pieces(address: &Expr) -> &[Expr] {
    match address {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    }
}

/// The text that an address begins with, if it is known.
fn start(address: &Expr) -> Option<&str> {
    pieces(address).first().map_or(Some(""), Expr::as_literal)
}

/// Where the path begins: the piece of the address, and the byte in it. A piece that only deployment knows is taken for
/// scheme and host; what it has of a path stays.
fn path_start(pieces: &[Expr]) -> Option<(usize, usize)> {
    pieces.iter().enumerate().find_map(|(i, piece)| {
        let text = piece.as_literal()?;
        let from = text.find("://").map_or(0, |at| at + 3);
        text[from..].find('/').map(|at| (i, from + at))
    })
}

/// What stands before the path.
fn host(base: &Abs) -> Expr {
    let whole = text::expression(base);
    let pieces = pieces(&whole);
    let Some((piece, at)) = path_start(pieces) else { return whole };
    up_to(pieces, piece, at)
}

/// What stands before the last piece of the path, with the slash.
fn folder(base: &Abs) -> Expr {
    let whole = text::expression(base);
    let pieces = pieces(&whole);
    let Some(first) = path_start(pieces) else { return Expr::concat([whole, Expr::literal("/")]) };
    let last = pieces.iter().enumerate().rev().find_map(|(i, piece)| Some((i, piece.as_literal()?.rfind('/')?)));
    let (piece, at) = last.map_or(first, |last| last.max(first));
    up_to(pieces, piece, at + 1)
}

fn up_to(pieces: &[Expr], piece: usize, at: usize) -> Expr {
    let text = pieces[piece].as_literal().unwrap_or_default();
    Expr::concat(pieces[..piece].iter().cloned().chain([Expr::literal(&text[..at])]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &[&str], reference: &str, expected: &str) {
        let value = |text: &str| match text.strip_prefix('$') {
            Some(name) => Expr::Env(name.into()),
            None => Expr::literal(text),
        };
        let base = Abs::Text(Expr::concat(base.iter().map(|piece| value(piece))));
        let joined = Machine::join_address(&base, &Abs::Text(value(reference)));
        assert_eq!(text::expression(&joined).to_string(), expected, "{reference}");
    }

    #[test]
    fn references_stand_where_a_link_leads() {
        check(&["https://x.org/a/b"], "/c", "https://x.org/c");
        check(&["https://x.org/a/b"], "c", "https://x.org/a/c");
        check(&["https://x.org/a/"], "c", "https://x.org/a/c");
        check(&["https://x.org"], "c/d", "https://x.org/c/d");
        check(&["https://x.org/a"], "https://y.org/c", "https://y.org/c");
        check(&["https://x.org/a"], "", "https://x.org/a");
    }

    #[test]
    fn what_only_deployment_knows_is_kept() {
        check(&["$API", "/a/b"], "/c", "${env:API}/c");
        check(&["$API"], "c", "${env:API}/c");
        check(&["$API"], "/c", "${env:API}/c");
        check(&["https://", "$HOST", "/a/", "$STAGE", "/b"], "c", "https://${env:HOST}/a/${env:STAGE}/c");
        check(&["https://x.org/a"], "$PATH", "https://x.org/a/${env:PATH}");
    }
}
