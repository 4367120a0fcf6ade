//! Services as a whole: whom a call reaches that names nothing of the service, or nothing that the scan declares.

use crate::index::{Index, kind_of, platform_of};
use crate::target::{Found, Query, Target, find, resource_inside};
use facts::{Expr, NodeKind, Resource};
use model::Certainty;

/// Kinds of things that are a detail of the service that is used: a model, an endpoint, an index.
const DETAILS: &[NodeKind] = &[NodeKind::Ml, NodeKind::Other, NodeKind::Email];

/// The service as a whole, whose API is called; or the one thing that the scan has of a service of which a system has
/// just one.
pub(crate) fn as_a_whole<'a>(index: &Index<'a>, query: &Query<'_, 'a>, service: &str) -> Target<'a> {
    if catalog::is_lone(service)
        && let Some(resource) = lone(index, query, service)
    {
        let how =
            format!("`{}` is the one of its kind that the scan declares, and the call names none", resource.at.id);
        return Target { found: Found::Declared(resource), certainty: Certainty::Possible, how: vec![how.into()] };
    }
    let kind = query.wants.first().copied().unwrap_or(NodeKind::Other);
    let service = catalog::whole_service(service).into();
    Target { found: Found::Service { kind, service }, certainty: Certainty::Declared, how: Vec::new() }
}

fn lone<'a>(index: &Index<'a>, query: &Query<'_, 'a>, service: &str) -> Option<&'a Resource> {
    let platform = format!("aws.{service}");
    let mut all = index.declarations.resources.iter().filter(|r| {
        platform_of(r) == platform
            && kind_of(r).is_some_and(|kind| query.wants.contains(&kind))
            && index.resource(&r.at.scope, &r.at.id).is_some()
    });
    let (first, second) = (all.next()?, all.next());
    second.is_none().then_some(first)
}

/// The owner of what an expression names, where the scan declares it, or else the service as a whole; `None` when the
/// expression asks for no owner.
pub(crate) fn owner<'a>(index: &Index<'a>, query: &Query<'_, 'a>, e: &Expr) -> Option<Target<'a>> {
    let Expr::Concat(pieces) = e else { return None };
    let (Expr::Input(what), owned) = pieces.split_last()? else { return None };
    if **what != *facts::OWNER {
        return None;
    }
    let found = resource_inside(index, query, &Expr::concat(owned.iter().cloned()));
    let found = found.filter(|target| matches!(target.found, Found::Declared(_)));
    Some(found.unwrap_or_else(|| as_a_whole(index, query, query.service)))
}

/// What a use of a service's API names, where the scan declares that; the service as a whole for anything else.
pub(crate) fn find_used<'a>(index: &Index<'a>, query: &Query<'_, 'a>) -> Vec<Target<'a>> {
    let mut targets = find(index, query);
    if !query.service.is_empty() && query.wants.iter().all(|kind| DETAILS.contains(kind)) {
        let vague = |target: &Target<'_>| matches!(target.found, Found::Undeclared { .. } | Found::Nothing(_));
        let before = targets.len();
        targets.retain(|target| !vague(target));
        if targets.len() < before && targets.is_empty() {
            targets.push(as_a_whole(index, query, query.service));
        }
    }
    targets
}
