//! Flows that properties of a resource declare, by the catalog's rules.

use crate::event_filters::event_filter;
use crate::intrinsics::is_left_out;
use crate::template::{Declared, Template, end, present};
use crate::tree::Tree;
use catalog::LinkRule;
use facts::{Certainty, Declarations, End, Expr, FlowKind, Link, NodeKind};

/// Adds the flows that a resource declares.
pub(crate) fn declared(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    by_rules(template, declared, false, out);
}

/// Adds the flows that a resource only allows, where the template declares no other to the same receiver.
pub(crate) fn allowed(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let mut found = Declarations::default();
    by_rules(template, declared, true, &mut found);
    let known = |link: &Link| {
        let id = receiver(&link.to.what);
        let same = |l: &&Link| {
            receiver(&l.to.what) == id
                // A route has the function in the address of its integration.
                || inside(&l.to.what).is_some_and(|id| Some(id) == inside(&link.to.what))
                    && inside(&l.from.what).is_some_and(|id| Some(id) == inside(&link.from.what))
        };
        out.links.iter().filter(|l| l.certainty == Certainty::Declared).any(|l| same(&l))
    };
    found.links.retain(|link| !known(link));
    out.append(found);
}

/// Whether a rule for the resource's type finds anything that would receive something.
pub(crate) fn has_receiver(declared: &Declared<'_>) -> bool {
    let Some(properties) = declared.properties() else { return false };
    catalog::link_rules(declared.type_name).iter().any(|rule| {
        let items = walk(properties, &rule.each).into_iter();
        let fitting = items.filter(|item| rule.only.iter().all(|only| holds(only, item)));
        let ways = |item| rule.to.iter().filter_map(|way| way.strip_prefix('.')).any(|way| !walk(item, way).is_empty());
        fitting.into_iter().any(ways)
    })
}

/// The logical id, where an expression is a resource.
fn receiver(what: &Expr) -> Option<&str> {
    match what {
        Expr::Resource { id, .. } => Some(id),
        _ => None,
    }
}

/// The logical id of the resource that an expression is, or that alone stands in its text.
fn inside(what: &Expr) -> Option<&str> {
    let Expr::Concat(all) = what else { return receiver(what) };
    let mut ids = all.iter().filter_map(receiver);
    ids.next().filter(|_| ids.next().is_none())
}

fn holds(when: &str, properties: &Tree) -> bool {
    if let Some(without) = when.strip_prefix('!') {
        return !holds(without, properties);
    }
    if let Some((way, text)) = when.split_once('~') {
        return walk(properties, way).first().is_some_and(|t| t.text().is_some_and(|t| t.contains(text)));
    }
    match when.split_once('=') {
        None => when.is_empty() || present(walk(properties, when).first().copied()),
        Some((way, text)) => walk(properties, way).first().is_some_and(|t| t.text() == Some(text)),
    }
}

fn by_rules(template: &Template<'_>, declared: &Declared<'_>, fallback: bool, out: &mut Declarations) {
    let Some(properties) = declared.properties() else { return };
    for rule in catalog::link_rules(declared.type_name) {
        if !holds(&rule.when, properties) || rule.otherwise != fallback {
            continue;
        }
        if rule.each.is_empty() {
            link(template, declared, rule, properties, properties, out);
        } else {
            for item in walk(properties, &rule.each) {
                link(template, declared, rule, properties, item, out);
            }
        }
    }
}

fn link(
    template: &Template<'_>,
    declared: &Declared<'_>,
    rule: &LinkRule,
    properties: &Tree,
    item: &Tree,
    out: &mut Declarations,
) {
    if rule.unless.iter().any(|unless| holds(unless, item)) || !rule.only.iter().all(|only| holds(only, item)) {
        return;
    }
    let from = ends(template, declared, &rule.from, &rule.from_wants, &rule.from_default, properties, item);
    let mut to = if rule.through.is_empty() {
        ends(template, declared, &rule.to, &rule.to_wants, "", properties, item)
    } else {
        ends_behind(template, rule, properties, item)
    };
    // What is known and no architecture (a log group, a scaling policy) receives nothing that is drawn.
    to.retain(|end| !receiver(&end.what).is_some_and(|id| template.is_plumbing(id)) && !is_universal(&end.what));
    for from in &from {
        for to in &to {
            // What is let through goes to the target; what fails goes elsewhere whatever it is.
            let filters = rule.kind == FlowKind::Trigger;
            let clock = rule.from.iter().any(|way| way == "self") && filters;
            let when = || schedule_label(template, properties).filter(|_| clock);
            let said = || event_label(properties).or_else(|| filter_label(item)).or_else(when);
            let label = if rule.label.is_empty() { said() } else { Some(rule.label.as_str().into()) };
            let place = if from.place == declared.key.place.clone() { &to.place } else { &from.place };
            out.links.push(Link {
                from: from.clone(),
                to: to.clone(),
                kind: rule.kind,
                mode: rule.mode,
                certainty: Certainty::Declared,
                label,
                condition: template.resource_condition(declared),
                filter: filters.then(|| event_filter(template, properties)).flatten(),
                event: None,
                evidence: facts::Evidence {
                    place: place.clone(),
                    what: format!("{} ({})", declared.id, declared.type_name).into(),
                    via: Vec::new(),
                },
            });
        }
    }
}

fn ends(
    template: &Template<'_>,
    declared: &Declared<'_>,
    ways: &[String],
    wants: &[NodeKind],
    default: &str,
    properties: &Tree,
    item: &Tree,
) -> Vec<End> {
    for way in ways {
        if way == "self" {
            let mut end = template.own_end(declared.id, declared.tree);
            end.place = declared.key.place.clone();
            return vec![end];
        }
        let found = match way.strip_prefix('.') {
            Some("@") => vec![item],
            Some(way) => walk(item, way),
            None => walk(properties, way),
        };
        let found: Vec<End> = found
            .into_iter()
            .filter(|t| present(Some(t)))
            .map(|t| match template.referred(t).and_then(|referred| template.own_endpoint(referred)) {
                Some(address) => end(address, wants, t),
                None => end(template.names.expr(t), wants, t),
            })
            .filter(|end| !is_left_out(&end.what))
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    if default.is_empty() {
        return Vec::new();
    }
    vec![end(Expr::literal(default), wants, declared.tree)]
}

/// What stands in the resources that a rule's receivers are.
fn ends_behind(template: &Template<'_>, rule: &LinkRule, properties: &Tree, item: &Tree) -> Vec<End> {
    let named = rule.to.iter().flat_map(|way| match way.strip_prefix('.') {
        Some(way) => walk(item, way),
        None => walk(properties, way),
    });
    let behind = named.filter_map(|tree| template.referred(tree)?.properties());
    let found = behind.flat_map(|properties| walk(properties, &rule.through));
    found.map(|tree| end(template.names.expr(tree), &rule.to_wants, tree)).collect()
}

/// The values at the end of a way: `Targets[].Arn`, `A.*.B`.
pub(crate) fn walk<'t>(tree: &'t Tree, way: &str) -> Vec<&'t Tree> {
    let mut at = vec![tree];
    for step in way.split('.') {
        let (name, each) = match step.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (step, false),
        };
        at = at
            .into_iter()
            .flat_map(|t| match name {
                "*" => t.entries().iter().map(|(_, v)| v).collect(),
                name => t.get(name).into_iter().collect::<Vec<_>>(),
            })
            .flat_map(|t| if each { t.one_or_many() } else { vec![t] })
            .collect();
    }
    at
}

/// Whether a target is a call of some service's API, which its input names further; those are read by themselves.
fn is_universal(what: &Expr) -> bool {
    what.to_string().contains(":scheduler:::")
}

/// Words for a subscription's filter: the texts that it lets through.
pub(crate) fn filter_label(subscription: &Tree) -> Option<std::sync::Arc<str>> {
    let policy = subscription.get("FilterPolicy")?;
    let texts = policy.entries().iter().flat_map(|(_, allowed)| allowed.items()).filter_map(Tree::text);
    let words: Vec<&str> = texts.take(6).collect();
    (!words.is_empty()).then(|| words.join(", ").into())
}

/// When a schedule runs: `rate(5 minutes)`.
pub(crate) fn schedule_label(template: &Template<'_>, properties: &Tree) -> Option<std::sync::Arc<str>> {
    let expression = ["ScheduleExpression", "Schedule"].iter().find_map(|name| properties.get(name))?;
    template.names.expr(expression).as_literal().map(Into::into)
}

/// A word for an event pattern: its detail types, or else its sources.
pub(crate) fn event_label(properties: &Tree) -> Option<std::sync::Arc<str>> {
    let pattern = properties.get("EventPattern").or_else(|| properties.get("Pattern"))?;
    let texts = |key: &str| -> Vec<String> {
        let list = pattern.get(key).map(Tree::one_or_many).unwrap_or_default();
        list.into_iter().filter_map(|t| t.text().map(str::to_owned)).collect()
    };
    let words = [texts("detail-type"), texts("source")].into_iter().find(|w| !w.is_empty())?;
    Some(words.join(", ").into())
}
