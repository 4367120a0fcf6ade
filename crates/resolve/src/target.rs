//! Which node an expression names.

use crate::below::all_below;
use crate::hosts::{by_host, by_secret, is_on_own_machine};
use crate::index::{Index, kind_of};
use crate::nearest::{Nearness, nearest};
use crate::pattern::{Pattern, Strength};
use crate::pieces::alternatives;
use crate::services::{as_a_whole, owner};
use crate::substitute::Resolver;
use crate::surroundings::{sources_of_event, waiting};
use crate::undeclared::undeclared;
use catalog::HOLE;
use facts::{Entry, Expr, NodeKind, Resource};
use model::Certainty;
use std::sync::Arc;

/// What an expression turned out to name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found<'a> {
    /// A declared resource.
    Declared(&'a Resource),
    /// Something that the scan does not declare, known by its name.
    Undeclared { kind: NodeKind, name: Arc<str>, scope: Option<Arc<str>>, service: Arc<str>, keys: Vec<Arc<str>> },
    /// A service as a whole.
    Service { kind: NodeKind, service: Arc<str> },
    /// Not known, and why.
    Nothing(Arc<str>),
}

/// A target with how sure it is and how it was found.
#[derive(Clone, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) found: Found<'a>,
    pub(crate) certainty: Certainty,
    pub(crate) how: Vec<Arc<str>>,
}

/// What is asked of [`find`].
pub(crate) struct Query<'q, 'a> {
    /// The name.
    pub(crate) what: &'q Expr,
    /// Kinds that it can be; none: any.
    pub(crate) wants: &'q [NodeKind],
    /// The service that is called, if one is.
    pub(crate) service: &'q str,
    /// The running function's declaration, for its environment.
    pub(crate) entry: Option<&'a Entry>,
}

/// Everything that an expression can name. Certainty is that of the finding alone: `Declared` when it is sure.
pub(crate) fn find<'a>(index: &Index<'a>, query: &Query<'_, 'a>) -> Vec<Target<'a>> {
    let whole = if query.what.as_literal() == Some("") { Some(query.service) } else { query.what.as_service() };
    if let Some(service) = whole {
        return vec![as_a_whole(index, query, service)];
    }
    let resolver = Resolver::new(index, query.entry);
    let value = resolver.value(query.what);
    let steps = resolver.take_steps();
    let keys = resolver.take_keys();
    let all = alternatives(&value);
    let mut targets: Vec<Target<'a>> = Vec::new();
    let mut by_variable: Vec<Found<'a>> = Vec::new();
    for one in &all {
        for mut target in find_one(index, query, one, &keys) {
            let mut how = steps.clone();
            how.append(&mut target.how);
            target.how = how;
            if let Found::Undeclared { keys: known, .. } = &mut target.found {
                known.clone_from(&keys);
            }
            if targets.iter().any(|t| t.found == target.found) {
                continue;
            }
            if is_unset_variable(one) && matches!(target.found, Found::Undeclared { .. }) {
                by_variable.push(target.found.clone());
            }
            targets.push(target);
        }
    }
    drop_unset_variables(&by_variable, &mut targets);
    drop_words_beside_addresses(query, &mut targets);
    // Where something is found, an alternative that is not known adds nothing but doubt.
    let known = targets.iter().filter(|t| !matches!(t.found, Found::Nothing(_))).count();
    if known > 0 {
        targets.retain(|t| !matches!(t.found, Found::Nothing(_)));
    }
    if known > 1 || resolver.is_doubtful() {
        for target in &mut targets {
            target.certainty = target.certainty.max(Certainty::Possible);
        }
    }
    targets
}

/// Whether a name is all that is known of a variable of the environment that deployment does not set.
fn is_unset_variable(e: &Expr) -> bool {
    match e {
        Expr::Env(_) => true,
        Expr::Concat(pieces) => pieces.iter().any(|piece| matches!(piece, Expr::Env(_))),
        _ => false,
    }
}

/// Where a variable is not set, code that has another name goes on with that: the variable's own name is that of nothing.
/// What is found is no surer by it.
fn drop_unset_variables<'a>(by_variable: &[Found<'a>], targets: &mut Vec<Target<'a>>) {
    let is_one = |t: &Target<'a>| by_variable.contains(&t.found);
    if by_variable.is_empty() || !targets.iter().any(|t| !is_one(t) && !matches!(t.found, Found::Nothing(_))) {
        return;
    }
    targets.retain(|target| !is_one(target));
    for target in targets {
        target.certainty = target.certainty.max(Certainty::Possible);
    }
}

/// Of the alternatives of a server's address, one that is a mere word is no address when another is one: it says that
/// there is no server, or how a developer's machine calls it.
fn drop_words_beside_addresses(query: &Query<'_, '_>, targets: &mut Vec<Target<'_>>) {
    const SERVERS: &[NodeKind] = &[NodeKind::Cache, NodeKind::Database, NodeKind::Search];
    let is_server = query.service.is_empty() && query.wants.iter().any(|kind| SERVERS.contains(kind));
    let is_word = |t: &Target<'_>| matches!(&t.found, Found::Undeclared { name, scope: None, .. } if !name.contains(['.', ':', '/']));
    let is_address = |t: &Target<'_>| !is_word(t) && !matches!(t.found, Found::Nothing(_));
    if is_server && targets.iter().any(is_address) {
        targets.retain(|target| !is_word(target));
    }
}

/// What a name without alternatives names.
pub(crate) fn find_one<'a>(index: &Index<'a>, query: &Query<'_, 'a>, e: &Expr, keys: &[Arc<str>]) -> Vec<Target<'a>> {
    if matches!(e, Expr::Input(what) if **what == *facts::AWAITED) {
        return waiting(index, query);
    }
    if let Some(target) = owner(index, query, e) {
        return vec![target];
    }
    if let Some(all) = all_below(index, query, e) {
        if !all.is_empty() {
            return all;
        }
        let path = without_below(e);
        return vec![undeclared(index, query, query.wants, &path, &path, keys)];
    }
    if let Expr::Secret(secret) = e
        && let Some(target) = by_secret(index, query, secret)
    {
        return vec![target];
    }
    let sources = sources_of_event(index, query, e);
    if !sources.is_empty() {
        return sources;
    }
    if let Some(service) = catalog::service_at(&spelled(e).0).filter(|_| calls_anything(query.wants)) {
        let kind = catalog::service(service).and_then(|known| known.kind).unwrap_or(NodeKind::Other);
        return vec![as_a_whole(index, &Query { wants: &[kind], ..*query }, service)];
    }
    let (name, kind) = name_in_address(&with_scheme(query.wants, e));
    // What stands in an address whose name is known is a part of its region or account.
    let named = kind.is_some() && name.as_literal().is_some();
    if let Some(target) = resource_inside(index, query, e).filter(|_| !named) {
        return vec![target];
    }
    let narrowed;
    let wants = match kind {
        // An address says what it is of; that narrows a call to just any host.
        // What runs beside the code answers requests for stored values.
        Some(kind) if accepts(query.wants, kind) || kind == NodeKind::Parameter && calls_anything(query.wants) => {
            narrowed = [kind];
            if let Some(target) = resource_inside(index, &Query { wants: &narrowed, ..*query }, &name) {
                return vec![target];
            }
            narrowed.as_slice()
        }
        Some(kind) => {
            let (kind, wanted) = (with_article(kind), with_article_of(query.wants));
            let why = format!("`{e:.160}` names {kind}, and the call is for {wanted}");
            return vec![nothing(why)];
        }
        None => query.wants,
    };
    if kind.is_some() || !wants.contains(&NodeKind::External) {
        let by_name = find_by_name(index, wants, query.entry, &name);
        if !by_name.is_empty() {
            return by_name;
        }
    }
    if wants.contains(&NodeKind::External)
        && let Some(target) = by_host(index, e)
    {
        return vec![target];
    }
    if kind.is_none() && calls_anything(wants) && is_on_own_machine(e) {
        // A setting that nobody sets: what it is in a deployment is not known.
        let default = has_default(query.what).then(|| nothing(format!("`{e:.160}` is the machine itself, by default")));
        return default.into_iter().collect();
    }
    // Of an address whose name is known, an unknown region or account does not matter.
    let whole = if kind.is_some() { &name } else { e };
    vec![undeclared(index, query, wants, whole, &name, keys)]
}

/// The path whatever stands below which is meant, without a slash at its end.
fn without_below(e: &Expr) -> Expr {
    let Expr::Concat(all) = e else { return e.clone() };
    let path = Expr::concat(all.iter().take(all.len().saturating_sub(1)).cloned());
    match path.as_literal() {
        Some(text) => Expr::literal(text.trim_end_matches('/')),
        None => path,
    }
}

/// A resource that the expression is, or that its text holds: `https://${Api}.execute-api…`, `${Bucket}/key`.
pub(crate) fn resource_inside<'a>(index: &Index<'a>, query: &Query<'_, 'a>, e: &Expr) -> Option<Target<'a>> {
    let mut mentioned: Vec<&'a Resource> = Vec::new();
    let mut foreign = None;
    mentions(e, &mut |leaf| match index.declared(leaf) {
        Some(resource) if !mentioned.iter().any(|m| m.at == resource.at) => mentioned.push(resource),
        None if matches!(leaf, Expr::Resource { .. }) => foreign = Some(leaf.clone()),
        _ => {}
    });
    let fitting = mentioned.iter().find(|r| kind_of(r).is_some_and(|k| accepts(query.wants, k)));
    if let Some(resource) = fitting {
        let how = format!("`{}` is declared at {}:{}", resource.at.id, resource.place.file, resource.place.line);
        let found = Found::Declared(resource);
        return Some(Target { found, certainty: Certainty::Declared, how: vec![how.into()] });
    }
    let only = matches!(e, Expr::Resource { .. });
    if let (Some(resource), true) = (mentioned.first(), only) {
        return Some(nothing(why_not(resource, query.wants)));
    }
    match foreign {
        Some(leaf) if only => Some(nothing(format!("`{leaf}` is not among the resources that are drawn"))),
        _ => None,
    }
}

pub(crate) fn mentions(e: &Expr, each: &mut impl FnMut(&Expr)) {
    match e {
        Expr::Concat(all) => all.iter().for_each(|e| mentions(e, each)),
        Expr::Piece { of, .. } | Expr::Replaced { of, .. } | Expr::Import(of) | Expr::Ssm(of) => mentions(of, each),
        other => each(other),
    }
}

/// Whether a flow that wants some kinds can end at a node of this kind.
pub(crate) fn accepts(wants: &[NodeKind], kind: NodeKind) -> bool {
    wants.is_empty()
        || wants.contains(&kind)
        // A URL can be the address of anything that is reached by HTTP.
        || calls_anything(wants) && !matches!(kind, NodeKind::Table | NodeKind::Parameter | NodeKind::Service)
}

fn has_default(e: &Expr) -> bool {
    match e {
        Expr::OrElse { .. } => true,
        Expr::Concat(all) | Expr::OneOf(all) => all.iter().any(has_default),
        _ => false,
    }
}

/// Whether a flow is a request by HTTP, to whatever answers.
fn calls_anything(wants: &[NodeKind]) -> bool {
    wants.contains(&NodeKind::External)
}

/// The name that an ARN or URL holds, and the kind that it says; the expression itself for anything else.
pub(crate) fn name_in_address(e: &Expr) -> (Expr, Option<NodeKind>) {
    let (text, holes) = spelled(e);
    let Some((kind, at)) = catalog::address(&text) else { return (e.clone(), None) };
    let before = text[..at.start].matches(HOLE).count();
    let mut out = Vec::new();
    for (i, part) in text[at].split(HOLE).enumerate() {
        if i > 0 {
            out.push(holes[before + i - 1].clone());
        }
        out.push(Expr::literal(part));
    }
    (Expr::concat(out), Some(kind))
}

/// The text of an expression with [`HOLE`]s for what is not known, and what that is.
fn spelled(e: &Expr) -> (String, Vec<Expr>) {
    let pieces = match e {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut text = String::new();
    let mut holes = Vec::new();
    for piece in pieces {
        match piece {
            Expr::Literal(known) => text.push_str(&known.replace(HOLE, "")),
            hole => {
                text.push(HOLE);
                holes.push(hole.clone());
            }
        }
    }
    (text, holes)
}

/// A path that begins with a bucket, as the source of a copy is written, or the host of a bucket, as the address that it
/// means.
pub(crate) fn with_scheme(wants: &[NodeKind], e: &Expr) -> Expr {
    let path = match e {
        Expr::Literal(text) => text.contains('/'),
        Expr::Concat(all) => all.iter().any(|piece| piece.as_literal().is_some_and(|text| text.contains('/'))),
        _ => false,
    };
    if wants == [NodeKind::Bucket] && path && !has_scheme(e) && name_in_address(e).1.is_none() {
        return Expr::concat([Expr::literal("s3://"), e.clone()]);
    }
    // The host alone, as the origin of a distribution is written.
    let last = match e {
        Expr::Concat(all) => all.last(),
        one => Some(one),
    };
    let host = last.and_then(Expr::as_literal).is_some_and(|text| text.ends_with(".amazonaws.com"));
    if wants.contains(&NodeKind::Bucket) && host && !has_scheme(e) {
        let whole = Expr::concat([Expr::literal("https://"), e.clone()]);
        if name_in_address(&whole).1 == Some(NodeKind::Bucket) {
            return whole;
        }
    }
    e.clone()
}

fn has_scheme(e: &Expr) -> bool {
    let first = match e {
        Expr::Concat(all) => all.first(),
        one => Some(one),
    };
    first.and_then(Expr::as_literal).is_some_and(|text| text.contains("://"))
}

fn find_by_name<'a>(index: &Index<'a>, wants: &[NodeKind], entry: Option<&Entry>, name: &Expr) -> Vec<Target<'a>> {
    // A parameter without a value fits what is named by that parameter, and nothing else.
    let by_parameter = matches!(name, Expr::Parameter { name, .. } if !name.starts_with("AWS::")) && !wants.is_empty();
    if !by_parameter && !name_is_known_in_part(name) {
        return Vec::new();
    }
    let fits = |r: &Resource| {
        index.resource(&r.at.scope, &r.at.id).is_some()
            && kind_of(r).is_some_and(|k| wants.is_empty() || wants.contains(&k))
    };
    let (mut found, strength) = index.names.find(&Pattern::new(name), fits);
    found.dedup_by(|a, b| a.at == b.at);
    // A name known only in part that fits many is no name.
    if strength == Strength::Partial && found.len() > 3 {
        return Vec::new();
    }
    let mut nearness = None;
    if strength == Strength::Exact {
        (found, nearness) = nearest(index, entry, &found, |r| (Some(&r.at.scope), &r.place.file));
    }
    let sure = strength == Strength::Exact && found.len() == 1 && !matches!(nearness, Some(Nearness::Folders(_)));
    let certainty = if sure { Certainty::Declared } else { Certainty::Possible };
    let others = match nearness {
        Some(Nearness::Deployed) => "; others of that name are deployed apart from it",
        Some(Nearness::Folders(_)) => "; others of that name are further away",
        None => "",
    };
    let target = |resource: &&'a Resource| {
        let fit = if strength == Strength::Exact { "is" } else { "fits" };
        let how = format!(
            "`{name:.160}` {fit} the name of `{}`, declared at {}{others}",
            resource.at.id,
            resource.place.line_of_file()
        );
        Target { found: Found::Declared(resource), certainty, how: vec![how.into()] }
    };
    found.iter().map(target).collect()
}

fn name_is_known_in_part(name: &Expr) -> bool {
    match name {
        Expr::Literal(text) => !text.is_empty(),
        Expr::Concat(all) => all.iter().any(|p| matches!(p, Expr::Literal(_))),
        _ => false,
    }
}

pub(crate) fn nothing<'a>(why: impl Into<Arc<str>>) -> Target<'a> {
    Target { found: Found::Nothing(why.into()), certainty: Certainty::Possible, how: Vec::new() }
}

/// Why a resource is none that was asked for.
fn why_not(resource: &Resource, wants: &[NodeKind]) -> String {
    let id = &resource.at.id;
    let usual = catalog::resource_type(&resource.type_name).and_then(|known| known.kind);
    match kind_of(resource) {
        // What is outside and not by its type is a stack: anything can be in it.
        Some(NodeKind::External) if usual != Some(NodeKind::External) => {
            let place = resource.place.line_of_file();
            format!("`{id}` at {place} is a stack whose template was not read, so what it gives is not known")
        }
        kind => format!("`{id}` is {}, not {}", kind.map_or("not drawn".into(), with_article), with_article_of(wants)),
    }
}

pub(crate) fn with_article(kind: NodeKind) -> String {
    let article = if kind.as_str().starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {kind}")
}

fn with_article_of(kinds: &[NodeKind]) -> String {
    let (first, rest) =
        kinds.split_first().map_or((String::new(), kinds), |(first, rest)| (with_article(*first), rest));
    rest.iter().fold(first, |all, kind| format!("{all} or {kind}"))
}
