//! What no template of the scan declares: known by the name or the host that an expression holds.

use crate::hosts::host;
use crate::index::{Index, last_name};
use crate::target::{Found, Query, Target, mentions, nothing, with_article};
use crate::unset::unset;
use crate::wildcards::whatever_defaults;
use facts::{Expr, NodeKind};
use model::Certainty;
use std::sync::Arc;

/// A target that no template of the scan declares: known by its name, or not at all.
pub(crate) fn undeclared<'a>(
    index: &Index<'a>,
    query: &Query<'_, 'a>,
    wants: &[NodeKind],
    whole: &Expr,
    name: &Expr,
    keys: &[Arc<str>],
) -> Target<'a> {
    if let Some(why) = why_unknown(whole) {
        // The host of an address may be known though the rest of it is not.
        if !wants.contains(&NodeKind::External) {
            return nothing(why);
        }
        return match (host(whole), base(whole)) {
            (Some(host), _) => external(host),
            (None, Some(base)) => undeclared(index, query, wants, &base, &base, keys),
            (None, None) => nothing(why),
        };
    }
    let kind = wants.first().copied().unwrap_or(NodeKind::Other);
    if let (NodeKind::External, Some(host)) = (kind, host(whole)) {
        return external(host);
    }
    let (key, scope) = match leading_key(name) {
        Some(key) => key,
        None if kind == NodeKind::External => {
            return nothing(format!("`{whole:.160}` is not the address of a known host"));
        }
        // A server is called by its host.
        None => (host(name).unwrap_or_else(|| name.to_string().into()), None),
    };
    if let Some(target) = scope.as_ref().filter(|s| !s.is_empty()).and_then(|_| unset(index, wants, &key)) {
        return target;
    }
    // A name that is stored where the scan does not see it: what the parameter that it is given to is called.
    if matches!(name, Expr::Ssm(_))
        && let Some(target) = keys.iter().find_map(|key| unset(index, wants, key))
    {
        return target;
    }
    if let Some(why) = scope.as_ref().and_then(|scope| why_empty(index, scope, &key)) {
        return nothing(why);
    }
    if let Some(target) = whatever_defaults(index, query, wants) {
        return target;
    }
    if catalog::is_own_host(&key) {
        return nothing(format!("`{key}` is the machine itself"));
    }
    if scope.is_none() && catalog::is_no_name(&key) {
        return nothing(format!("`{key}` says that there is none"));
    }
    if !plausible(&key) {
        let empty = whole.as_literal() == Some("");
        let why = if empty {
            "the name is empty".to_owned()
        } else {
            format!("`{whole:.160}` is not the name of {}", with_article(kind))
        };
        return nothing(why);
    }
    let how =
        format!("nothing that was scanned declares `{key:.160}`, so it stands under that name outside of the stacks");
    let found = Found::Undeclared { kind, name: key, scope, service: query.service.into(), keys: Vec::new() };
    Target { found, certainty: Certainty::Declared, how: vec![how.into()] }
}

/// Why a parameter of which only an empty default is known stands for nothing: where it is not given, nothing is meant.
fn why_empty(index: &Index<'_>, scope: &str, key: &str) -> Option<String> {
    let parameter = index.scopes.get(scope)?.parameters.get(key)?;
    let empty = parameter.default.as_ref()?.as_literal() == Some("");
    empty.then(|| format!("no value is given for `{key:.160}`, and its default is empty"))
}

/// The beginning of an address of which only the end is not known: a key that stands for the host, maybe after a scheme,
/// and behind it a path.
fn base(whole: &Expr) -> Option<Expr> {
    let Expr::Concat(pieces) = whole else { return None };
    let is_scheme = |piece: &Expr| piece.as_literal().is_some_and(|text| matches!(text, "https://" | "http://"));
    let key = usize::from(is_scheme(pieces.first()?));
    let behind = pieces.get(key + 1)?.as_literal()?;
    let base = Expr::concat(pieces[..=key].iter().cloned());
    (behind.starts_with('/') && why_unknown(&base).is_none() && leading_key(&base).is_some()).then_some(base)
}

/// The configuration key that stands for a value which only deployment knows: a parameter, an SSM parameter, an
/// export, an environment variable. Plain parameters and variables mean something only within their scope.
fn leading_key(e: &Expr) -> Option<(Arc<str>, Option<Arc<str>>)> {
    // The host of an address comes after its scheme.
    let blank = |t: &str| t.trim_matches('/').is_empty() || matches!(t, "https://" | "http://");
    let first = match e {
        Expr::Concat(all) => all.iter().find(|p| !matches!(p, Expr::Literal(t) if blank(t)))?,
        one => one,
    };
    let simple =
        !matches!(e, Expr::Concat(all) if matches!(first, Expr::Parameter{..} | Expr::Env(_)) && has_name_text(all));
    match first {
        Expr::Parameter { name, .. } if name.starts_with("AWS::") => None,
        Expr::Parameter { scope, name } if simple => Some((name.clone(), Some(scope.clone()))),
        Expr::Env(name) if simple => Some((name.clone(), Some("".into()))),
        Expr::Ssm(inner) => match &**inner {
            Expr::Parameter { scope, name } => Some((name.clone(), Some(scope.clone()))),
            inner => Some((inner.to_string().into(), None)),
        },
        Expr::Secret(inner) if matches!(**inner, Expr::Resource { .. }) => match &**inner {
            Expr::Resource { id, .. } => Some((id.clone(), None)),
            _ => None,
        },
        Expr::Import(inner) | Expr::Secret(inner) => Some((inner.to_string().into(), None)),
        Expr::StackOutput { stack, output } => Some((format!("{stack}.{output}").into(), None)),
        _ => None,
    }
}

/// Whether there is text beside the keys that can be part of a name (and not just the path of a URL).
fn has_name_text(pieces: &[Expr]) -> bool {
    let is_scheme = |t: &str| matches!(t, "https://" | "http://");
    let is_name = |t: &str| !t.starts_with('/') && !is_scheme(t) && t.chars().any(char::is_alphanumeric);
    pieces.iter().any(|p| matches!(p, Expr::Literal(t) if is_name(t)))
}

/// Why an expression cannot name anything: it comes from outside at run time, or is not understood.
fn why_unknown(e: &Expr) -> Option<Arc<str>> {
    let mut why = None;
    mentions(e, &mut |leaf| {
        let reason: Option<Arc<str>> = match leaf {
            Expr::Input(what) => Some(format!("it comes in at run time, as `{what}`").into()),
            Expr::Unknown { why, .. } => Some(why.clone()),
            _ => None,
        };
        why = why.take().or(reason);
    });
    why
}

/// Somebody else's host, by the name of the product that answers there where it is known.
fn external<'a>(host: Arc<str>) -> Target<'a> {
    let product = catalog::product_of_host(&host);
    let how = product.map(|product| format!("`{host}` is a host of {product}").into());
    let name = product.map_or(host, Arc::from);
    let found = Found::Undeclared { kind: NodeKind::External, name, scope: None, service: "".into(), keys: Vec::new() };
    Target { found, certainty: Certainty::Declared, how: how.into_iter().collect() }
}

/// Names have no line breaks and are not endless; what the platform calls its own is no name of anybody's thing.
fn plausible(name: &str) -> bool {
    name.len() <= 200
        && !name.starts_with("AWS::")
        // An address without what it is of.
        && !name.contains(":///")
        && !name.is_empty()
        && !name.contains(char::is_control)
        && last_name(name).contains(char::is_alphanumeric)
}
