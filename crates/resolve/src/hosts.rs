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
    let how = format!("the secret is attached to `{}` at {}", resource.at.id, attached.place.line_of_file());
    Some(Target { found: Found::Declared(resource), certainty: Certainty::Declared, how: vec![how.into()] })
}

/// What is reached at the host of a URL, where configuration gives the host to something. Several things may share
/// a host: then the first segment of the path tells which; one without a base path has what no other has.
pub(crate) fn by_host<'a>(index: &Index<'a>, e: &Expr) -> Option<Target<'a>> {
    if index.declarations.hosts.is_empty() {
        return None;
    }
    let (host, segment) = host_and_segment(e)?;
    let wanted = Pattern::new(&host);
    let resolver = Resolver::new(index, None);
    let fits = |host: &&facts::Host| resolver.patterns(&host.name).contains(&wanted);
    let fitting: Vec<&facts::Host> = index.declarations.hosts.iter().filter(fits).collect();
    let base_of = |host: &facts::Host| host.base.as_ref().map(|base| resolver.value(base)).filter(|b| !is_empty(b));
    let below = |host: &&&facts::Host| base_of(host).is_some_and(|base| Some(base) == segment);
    let host = match fitting.as_slice() {
        [only] => only,
        several => several.iter().find(below).or_else(|| several.iter().find(|host| base_of(host).is_none()))?,
    };
    let resource = index.declared(&resolver.value(&host.to))?;
    let how = format!("the host is that of `{}`, as {} says", resource.at.id, host.place.line_of_file());
    Some(Target { found: Found::Declared(resource), certainty: Certainty::Declared, how: vec![how.into()] })
}

fn is_empty(base: &Expr) -> bool {
    base.as_literal().is_some_and(|text| text.is_empty() || text == "/" || text == "(none)")
}

/// The host of a URL, and the first segment of its path, either of which may be known only in part: what stands
/// between `://` and the next `/`, and between that and the one after it.
fn host_and_segment(e: &Expr) -> Option<(Expr, Option<Expr>)> {
    let pieces = match e {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    pieces.first()?.as_literal()?;
    let mut parts = vec![Vec::new()];
    for (i, piece) in pieces.iter().enumerate() {
        let last = parts.last_mut()?;
        let Some(text) = piece.as_literal() else {
            last.push(piece.clone());
            continue;
        };
        let text = if i == 0 { text.split_once("://")?.1 } else { text };
        let (path, ends) = match text.find(['?', '#']) {
            Some(end) => (&text[..end], true),
            None => (text, false),
        };
        let mut segments = path.split('/');
        last.extend(segments.next().map(Expr::literal));
        parts.extend(segments.map(|segment| vec![Expr::literal(segment)]));
        if ends || parts.len() > 2 {
            break;
        }
    }
    let mut parts = parts.into_iter().map(Expr::concat);
    Some((parts.next()?, parts.next()))
}

/// Whether an address is of the machine itself, or of the platform's own machinery.
pub(crate) fn is_on_own_machine(e: &Expr) -> bool {
    let first = |e: &Expr| match e {
        Expr::Concat(all) => all.first().cloned(),
        one => Some(one.clone()),
    };
    let host = host_and_segment(e).map_or_else(|| e.clone(), |(host, _)| host);
    match first(&host) {
        Some(Expr::Env(name)) => catalog::is_own_variable(&name),
        Some(Expr::Input(way)) => catalog::is_own_input(&way),
        Some(Expr::Literal(text)) => {
            let text = text.rsplit('@').next().unwrap_or_default();
            // `[::1]:80`
            let end = if text.starts_with('[') { text.find(']').map(|i| i + 1) } else { text.find(':') };
            catalog::is_own_host(&text[..end.unwrap_or(text.len())])
        }
        _ => false,
    }
}

/// The host of a URL, if it is known.
pub(crate) fn host(e: &Expr) -> Option<Arc<str>> {
    let first = match e {
        Expr::Concat(all) => all.first()?,
        one => one,
    };
    let mut rest = first.as_literal()?.split_once("://")?.1;
    // A setting that is used as a host may be a whole address.
    if let Some((scheme, behind)) = rest.split_once("://")
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')
    {
        rest = behind;
    }
    let end = rest.find(['/', '?', '#']);
    // Without an end of the host, what follows in the text may still belong to it.
    if end.is_none() && matches!(e, Expr::Concat(_)) {
        let pieces = Pattern::new(e);
        return pieces.as_text().map(|_| rest.into());
    }
    let host = &rest[..end.unwrap_or(rest.len())];
    let host = host.rsplit('@').next()?.split(':').next()?;
    (host.contains('.')
        && !catalog::is_own_host(host)
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)))
    .then(|| host.to_ascii_lowercase().into())
}
