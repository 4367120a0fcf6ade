//! How things are reached: hosts of URLs, of somebody else or of an API that configuration gives the host to; and
//! secrets that hold the host of a database.

use crate::index::{Index, kind_of};
use crate::pattern::Pattern;
use crate::substitute::Resolver;
use crate::target::{Found, Query, Target};
use facts::{Certainty, Expr};
use std::sync::Arc;

/// What is reached with what a secret holds, where configuration attaches the secret to something of a wanted kind.
pub(crate) fn by_secret<'a>(index: &Index<'a>, query: &Query<'_, 'a>, secret: &Expr) -> Option<Target<'a>> {
    let value = |e: &Expr| Resolver::new(index, None).value(e);
    let own = index.declared(secret);
    let wanted = Pattern::new(secret);
    let same = |attached: &&facts::Attached| {
        let other = value(&attached.secret);
        match (own, index.declared(&other)) {
            (Some(own), Some(other)) => own.at == other.at,
            (None, Some(other)) => {
                other.names.iter().any(|name| Resolver::new(index, None).patterns(name).contains(&wanted))
            }
            _ => false,
        }
    };
    let attached = index.declarations.attached.iter().find(same)?;
    let resource = index.declared(&value(&attached.to))?;
    if !kind_of(resource).is_some_and(|kind| query.wants.contains(&kind)) {
        return None;
    }
    let how = format!("the secret is attached to `{}` at {}", resource.at.id, attached.place);
    Some(Target { found: Found::Declared(resource), certainty: Certainty::Declared, how: vec![how.into()] })
}

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

/// Whether a host is the machine itself.
pub(crate) fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "host.docker.internal")
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
    (host.contains('.') && !is_local(host) && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)))
        .then(|| host.to_ascii_lowercase().into())
}
