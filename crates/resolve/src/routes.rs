//! Requests to APIs of the scan: the route that answers a method and a path.

use crate::index::{Index, kind_of};
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::target::{Found, Query, find_one};
use catalog::HOLE;
use facts::{Expr, NodeKind, Resource};
use std::collections::BTreeSet;

/// Segments of a path that are compared.
const MAX_SEGMENTS: usize = 32;

/// The names of the routes that requests to an API can go to, one for each address that the query can be; a
/// request of which that cannot be told goes to the API itself: `None`.
pub(crate) fn routes<'n>(
    index: &Index<'_>,
    query: &Query<'_, '_>,
    api: &Resource,
    method: &str,
    known: &[&'n str],
) -> BTreeSet<Option<&'n str>> {
    let value = Resolver::new(index, query.entry).value(query.what);
    let all = alternatives(&value);
    let leads_here = |e: &&Expr| {
        let found = find_one(index, query, e, &[]);
        found.iter().any(|target| matches!(target.found, Found::Declared(resource) if resource.at == api.at))
    };
    all.iter().filter(leads_here).map(|e| route(api, e, method, known)).collect()
}

fn route<'n>(api: &Resource, address: &Expr, method: &str, known: &[&'n str]) -> Option<&'n str> {
    let (host, path) = host_and_path(address)?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).take(MAX_SEGMENTS).collect();
    // What stands before the path of a route is its stage, or the base path of a domain. A REST API always has one
    // at the platform's own host.
    let method = method.to_ascii_uppercase();
    let at_platform = host.contains(".execute-api.");
    let before = match kind_of(api) {
        Some(NodeKind::RestApi) if at_platform => 1..=1,
        _ => 0..=1,
    };
    let mut best: Vec<(Score, &'n str)> = Vec::new();
    for name in known {
        let Some((verb, of)) = name.split_once(' ') else { continue };
        let verb = match (verb, method.as_str()) {
            ("ANY", _) => false,
            (verb, method) if verb == method => true,
            // How the request is made does not say its method.
            (_, "" | "HTTP") => false,
            _ => continue,
        };
        let of: Vec<&str> = of.split('/').filter(|segment| !segment.is_empty()).collect();
        let fits = before.clone().filter_map(|n| fit(&of, behind(&segments, n)?)).max();
        let Some(fits) = fits else { continue };
        let score = (fits, verb);
        if best.first().is_none_or(|(known, _)| *known < score) {
            best = vec![(score, name)];
        } else if best.first().is_some_and(|(known, _)| *known == score) {
            best.push((score, name));
        }
    }
    let everything = || known.iter().find(|name| **name == "$default" && !path.contains(HOLE)).copied();
    match best.as_slice() {
        [(_, only)] => Some(only),
        [] => everything(),
        _ => None,
    }
}

/// The segments behind the first `n`. One that only begins with what is known may hold further segments.
fn behind<'s, 'p>(segments: &'s [&'p str], n: usize) -> Option<&'s [&'p str]> {
    let whole = |segment: &&str| !segment.contains(HOLE) || segment.chars().eq([HOLE]);
    segments.get(..n)?.iter().all(whole).then(|| &segments[n..])
}

/// How well a path fits: segment by segment, and whether the method is the route's own.
type Score = (Vec<Fit>, bool);

/// How a segment of a route fits one of a path, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// `{proxy+}`
    Rest,
    /// `{id}`
    Parameter,
    Same,
}

/// How the segments of a route fit those of a path. A segment that is not known fits a parameter only.
fn fit(route: &[&str], path: &[&str]) -> Option<Vec<Fit>> {
    let mut out = Vec::new();
    for (i, segment) in route.iter().enumerate() {
        if segment.ends_with("+}") {
            (path.len() > i).then_some(())?;
            out.push(Fit::Rest);
            return Some(out);
        }
        let own = path.get(i)?;
        out.push(match segment {
            segment if segment.starts_with('{') => Fit::Parameter,
            segment if segment == own => Fit::Same,
            _ => return None,
        });
    }
    // Where nothing of the path is known, nothing tells the route.
    let told = out.contains(&Fit::Same) || path.iter().all(|segment| !segment.contains(HOLE));
    (route.len() == path.len() && told).then_some(out)
}

/// The host of an address and the path behind it, with [`HOLE`]s for what is not known. An API's own attribute
/// (`ApiEndpoint`) stands for scheme and host.
fn host_and_path(address: &Expr) -> Option<(String, String)> {
    let pieces = match address {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Expr::Literal(known) => text.push_str(&known.replace(HOLE, "")),
            _ => text.push(HOLE),
        }
    }
    let text = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let text = &text[..text.find(['?', '#']).unwrap_or(text.len())];
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    // What follows a host without a slash may be a path with one; a domain that is not known follows a dot.
    let open = match host.strip_suffix(HOLE) {
        Some("") | None => false,
        Some(before) => !before.ends_with('.'),
    };
    if open {
        return None;
    }
    Some((host.to_owned(), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: &[&str] = &[
        "GET /",
        "GET /orders",
        "GET /orders/{id}",
        "POST /orders",
        "GET /orders/open",
        "ANY /files/{proxy+}",
        "GET /{page}",
        "ANY /orders/{id}/lines",
    ];

    /// `*` is not known.
    fn check(method: &str, address: &str, expected: &str) {
        let mut pieces = Vec::new();
        for (i, part) in address.split('*').enumerate() {
            if i > 0 {
                pieces.push(Expr::Input("x".into()));
            }
            pieces.push(Expr::literal(part));
        }
        let api = Resource {
            at: facts::ResourceRef { scope: "t".into(), id: "Api".into() },
            type_name: "AWS::ApiGateway::RestApi".into(),
            kind: Some(NodeKind::RestApi),
            title: None,
            names: Vec::new(),
            details: std::collections::BTreeMap::new(),
            condition: None,
            implicit: false,
            place: facts::Place::new("t", 1, 1),
        };
        let found = route(&api, &Expr::concat(pieces), method, ROUTES);
        assert_eq!(found.unwrap_or("the API"), expected, "{method} {address}");
    }

    #[test]
    fn the_most_exact_route_answers() {
        check("GET", "https://a.execute-api.x/Prod/orders", "GET /orders");
        check("POST", "https://a.execute-api.x/Prod/orders/", "POST /orders");
        check("GET", "https://a.execute-api.x/Prod/orders/open?x=1", "GET /orders/open");
        check("GET", "https://a.execute-api.x/Prod/orders/*", "GET /orders/{id}");
        check("PUT", "https://a.execute-api.x/Prod/orders/*/lines", "ANY /orders/{id}/lines");
        check("PUT", "https://a.execute-api.x/Prod/files/a/b", "ANY /files/{proxy+}");
        check("get", "https://a.execute-api.x/Prod", "GET /");
        check("GET", "https://api.example.com/orders", "GET /orders");
        check("GET", "https://api.example.com/v1/orders/*", "GET /orders/{id}");
        check("GET", "*/orders", "GET /orders");
        check("GET", "https://a.execute-api.*.*/*/orders", "GET /orders");
        check("GET", "*", "GET /");
    }

    #[test]
    fn where_no_route_can_be_told_the_api_answers() {
        check("DELETE", "https://a.execute-api.x/Prod/orders", "the API");
        check("GET", "https://a.execute-api.x/Prod/stock/1", "the API");
        check("GET", "https://a.execute-api.x/Prod/*", "the API");
        check("HTTP", "https://a.execute-api.x/Prod/orders", "the API");
        check("GET", "https://a.execute-api.x/Prod*", "the API");
        check("GET", "https://a.execute-api.x*/orders", "the API");
        check("GET", "**", "the API");
        check("GET", "**/orders", "the API");
    }
}
