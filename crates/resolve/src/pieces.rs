//! Pieces of names, and what one name can be.

use facts::Expr;

/// Alternatives of one name that are looked at.
const MAX_ALTERNATIVES: usize = 24;

/// The single names that a substituted expression can be: alternatives inside a concatenation are spread out.
pub(crate) fn alternatives(e: &Expr) -> Vec<Expr> {
    match e {
        Expr::OneOf(all) => all.iter().flat_map(alternatives).take(MAX_ALTERNATIVES).collect(),
        Expr::Concat(pieces) if pieces.iter().any(|p| matches!(p, Expr::OneOf(_))) => {
            let mut out = vec![Expr::literal("")];
            for piece in pieces {
                let choices = alternatives(piece);
                let mut next = Vec::new();
                for head in &out {
                    for choice in &choices {
                        next.push(Expr::concat([head.clone(), choice.clone()]));
                    }
                }
                next.truncate(MAX_ALTERNATIVES);
                out = next;
            }
            out
        }
        one => vec![one.clone()],
    }
}

/// A piece of a text; of a text known in part the piece is found if every separator before it is known.
pub(crate) fn piece(of: &Expr, separator: &str, index: i32) -> Expr {
    let unknown = || Expr::unknown(format!("it is a piece of `{of:.160}`"));
    let parts: Vec<Expr> = match of {
        Expr::Literal(_) | Expr::Concat(_) if !separator.is_empty() => split(of, separator),
        // The first pieces of an ARN are a region and an account, which name nothing.
        Expr::Resource { attribute, .. }
            if separator == ":" && (1..5).contains(&index) && is_arn(attribute.as_deref()) =>
        {
            let names = ["AWS::Partition", "AWS::Service", "AWS::Region", "AWS::AccountId"];
            let name = names[usize::try_from(index - 1).unwrap_or_default()];
            return Expr::Parameter { scope: "".into(), name: name.into() };
        }
        // A piece of a name is another name.
        Expr::Resource { .. } if matches!(separator, "-" | "_") => return unknown(),
        // A piece of an ARN or URL of a resource still says which resource it is; why a whole is not known says more
        // than that of its piece.
        Expr::Resource { .. } | Expr::Unknown { .. } => return of.clone(),
        // What nobody knows before deployment is the same wherever it is asked for.
        Expr::Parameter { .. } | Expr::Piece { .. } => {
            return Expr::Piece { of: Box::new(of.clone()), separator: separator.into(), index };
        }
        Expr::OneOf(all) => return Expr::one_of(all.iter().map(|e| piece(e, separator, index))),
        _ => return unknown(),
    };
    let back = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let at = if index < 0 { parts.len().checked_sub(back) } else { Some(back) };
    let found = at.and_then(|i| parts.get(i));
    match found {
        Some(found) if *found != Expr::literal("") => found.clone(),
        _ => unknown(),
    }
}

/// Whether what a resource gives can be an ARN: what a reference to it gives, or an attribute that says so.
fn is_arn(attribute: Option<&str>) -> bool {
    attribute.is_none_or(|attribute| attribute.to_ascii_lowercase().ends_with("arn"))
}

fn split(of: &Expr, separator: &str) -> Vec<Expr> {
    let pieces = match of {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut parts: Vec<Vec<Expr>> = vec![Vec::new()];
    for piece in pieces {
        if let Expr::Literal(text) = piece {
            for (i, part) in text.split(separator).enumerate() {
                if i > 0 {
                    parts.push(Vec::new());
                }
                if let Some(last) = parts.last_mut() {
                    last.push(Expr::literal(part));
                }
            }
        } else if let Some(last) = parts.last_mut() {
            last.push(piece.clone());
        }
    }
    parts.into_iter().map(Expr::concat).collect()
}
