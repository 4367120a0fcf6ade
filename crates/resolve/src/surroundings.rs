//! Targets that only the running function's surroundings tell: the source of its event, who waits for its answer.

use crate::index::{Index, kind_of};
use crate::substitute::Resolver;
use crate::target::{Found, Query, Target, accepts, nothing};
use facts::{Certainty, Entry, Expr, Resource, TextFilter};

/// The sources that deliver to the running function, where the expression is the name of its event's source.
pub(crate) fn sources_of_event<'a>(index: &Index<'a>, query: &Query<'_, 'a>, e: &Expr) -> Vec<Target<'a>> {
    let Some(entry) = query.entry else { return Vec::new() };
    // A URL names its host first: `https://` and the host that the event came from.
    let what = match e {
        Expr::Input(what) => what,
        Expr::Concat(all) => match all.as_slice() {
            [Expr::Literal(scheme), Expr::Input(what), ..] if scheme.ends_with("://") => what,
            [Expr::Input(what), Expr::Literal(path), ..] if path.starts_with('/') => what,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let keys = keys_of(what);
    let Some(kind) = catalog::event_source(&keys) else { return Vec::new() };
    let links = index.triggers.get(&(&*entry.owner.scope, &*entry.owner.id)).into_iter().flatten();
    let mut found: Vec<&'a Resource> = Vec::new();
    for link in links {
        let from = Resolver::new(index, None).value(&link.from.what);
        let source = index
            .declared(&from)
            .filter(|r| kind_of(r).is_some_and(|k| kind.is_none_or(|kind| kind == k) && accepts(query.wants, k)));
        if let Some(source) = source.filter(|s| !found.iter().any(|f| f.at == s.at)) {
            found.push(source);
        }
    }
    if found.is_empty() {
        return sender_to_bus(index, query, entry, &keys).into_iter().collect();
    }
    let certainty = if found.len() == 1 { Certainty::Declared } else { Certainty::Possible };
    let target = |resource: &&'a Resource| {
        let how = format!("`{what}` is the source of the event, and `{}` delivers to the function", resource.at.id);
        Target { found: Found::Declared(resource), certainty, how: vec![how.into()] }
    };
    found.iter().map(target).collect()
}

/// The only thing of the scan whose events a rule lets through to the running function, where the rule asks for the kind of
/// source that sends them and names none.
fn sender_to_bus<'a>(index: &Index<'a>, query: &Query<'_, 'a>, entry: &Entry, keys: &[&str]) -> Option<Target<'a>> {
    let links = index.triggers.get(&(&*entry.owner.scope, &*entry.owner.id)).into_iter().flatten();
    let asked: Vec<&TextFilter> = links.filter_map(|link| link.filter.as_ref()).flat_map(|f| &f.sources).collect();
    let is_asked = |source: &str| {
        asked.iter().any(|filter| matches!(filter, TextFilter::Is(text) if text.as_literal() == Some(source)))
    };
    let all = index
        .declarations
        .senders
        .iter()
        .filter(|sender| is_asked(&sender.source) && catalog::names_sender_to_bus(&sender.source, keys));
    let mut fitting = all
        .filter_map(|sender| index.resource(&sender.at.scope, &sender.at.id))
        .filter(|resource| kind_of(resource).is_some_and(|kind| accepts(query.wants, kind)));
    let (only, None) = (fitting.next()?, fitting.next()) else { return None };
    let how = format!("`{}` is the only one of the scan that sends such events to the bus", only.at.id);
    Some(Target { found: Found::Declared(only), certainty: Certainty::Possible, how: vec![how.into()] })
}

/// The keys on a way into the event, `event["Records"][0]["s3"]` or `event.payload.records[0].s3`, without indices.
fn keys_of(what: &str) -> Vec<&str> {
    if what.contains('"') {
        return what.split('"').skip(1).step_by(2).collect();
    }
    // A runtime may hand the event in an object of its own.
    let fields = what.split('.').skip(1).map(|field| field.split(['[', '(']).next().unwrap_or_default());
    fields.enumerate().filter(|(i, field)| *i > 0 || *field != "payload").map(|(_, field)| field).collect()
}

/// Who waits for the answer of the running function: a machine that gave it the token, or gave it to something that
/// calls the function; else the only machine of the scan, or durable function, that waits at all.
pub(crate) fn waiting<'a>(index: &Index<'a>, query: &Query<'_, 'a>) -> Vec<Target<'a>> {
    let Some(entry) = query.entry else { return vec![nothing("no function is running")] };
    let owner = (&*entry.owner.scope, &*entry.owner.id);
    let callers = index.triggers.get(&owner).into_iter().flatten();
    let callers: Vec<&Resource> =
        callers.filter_map(|link| index.declared(&Resolver::new(index, None).value(&link.from.what))).collect();
    let (mut told, mut others): (Vec<&'a Resource>, Vec<&'a Resource>) = (Vec::new(), Vec::new());
    for wait in &index.declarations.waits {
        let Some(machine) = index.resource(&wait.machine.scope, &wait.machine.id) else { continue };
        if !kind_of(machine).is_some_and(|kind| accepts(query.wants, kind)) {
            continue;
        }
        let receiver = index.declared(&Resolver::new(index, None).value(&wait.to));
        let gets = receiver.is_some_and(|r| r.at == entry.owner || callers.iter().any(|c| c.at == r.at));
        let found = if gets { &mut told } else { &mut others };
        if !found.iter().any(|m| m.at == machine.at) {
            found.push(machine);
        }
    }
    // Of several, those of the running function's own stack are meant.
    if others.iter().any(|one| one.at.scope == entry.owner.scope) {
        others.retain(|one| one.at.scope == entry.owner.scope);
    }
    let (machines, sure) = if told.is_empty() { (others, false) } else { (told, true) };
    if machines.len() != 1 && !sure {
        let why = if machines.is_empty() {
            "no task of the scan waits for an answer"
        } else {
            "several tasks of the scan wait for answers"
        };
        return vec![nothing(why)];
    }
    let certainty = if sure && machines.len() == 1 { Certainty::Declared } else { Certainty::Possible };
    let target = |machine: &&'a Resource| {
        let how = format!("`{}` waits for an answer", machine.at.id);
        Target { found: Found::Declared(machine), certainty, how: vec![how.into()] }
    };
    machines.iter().map(target).collect()
}
