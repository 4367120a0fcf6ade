//! Hosts of URLs: of somebody else, or of an API that configuration gives the host to.

use crate::index::Index;
use crate::pattern::Pattern;
use crate::substitute::Resolver;
use crate::target::{Found, Target};
use facts::{Certainty, Expr};
use std::sync::Arc;

/// What is reached at the host of a URL, where configuration gives the host to something.
pub(crate) fn by_host<'a>(index: &Index<'a>, e: &Expr) -> Option<Target<'a>> {
    if index.declarations.hosts.is_empty() {
        return None;
    }
    let wanted = Pattern::new(&host_of(e)?);
    let fits = |host: &&facts::Host| Resolver::new(index, None).patterns(&host.name).contains(&wanted);
    let host = index.declarations.hosts.iter().find(fits)?;
    let resource = index.declared(&Resolver::new(index, None).value(&host.to))?;
    let how = format!("the host is that of `{}`, as {} says", resource.at.id, host.place);
    Some(Target { found: Found::Declared(resource), certainty: Certainty::Declared, how: vec![how.into()] })
}

/// The host of a URL, which may be known only in part: what stands between `://` and the next `/`.
fn host_of(e: &Expr) -> Option<Expr> {
    let pieces = match e {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut out = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        let Some(text) = piece.as_literal() else {
            out.push(piece.clone());
            continue;
        };
        let text = if i == 0 { text.split_once("://")?.1 } else { text };
        match text.find(['/', '?', '#']) {
            Some(end) => {
                out.push(Expr::literal(&text[..end]));
                break;
            }
            None => out.push(Expr::literal(text)),
        }
    }
    (pieces.first()?.as_literal().is_some()).then(|| Expr::concat(out))
}

/// The host of a URL, if it is known.
pub(crate) fn host(e: &Expr) -> Option<Arc<str>> {
    let first = match e {
        Expr::Concat(all) => all.first()?,
        one => one,
    };
    let rest = first.as_literal()?.split_once("://")?.1;
    let end = rest.find(['/', '?', '#']);
    // Without an end of the host, what follows in the text may still belong to it.
    if end.is_none() && matches!(e, Expr::Concat(_)) {
        let pieces = Pattern::new(e);
        return pieces.as_text().map(|_| rest.into());
    }
    let host = &rest[..end.unwrap_or(rest.len())];
    let host = host.rsplit('@').next()?.split(':').next()?;
    let local = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "host.docker.internal");
    (host.contains('.') && !local && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)))
        .then(|| host.to_ascii_lowercase().into())
}
