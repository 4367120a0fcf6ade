//! What a parameter without a value is likely to name: teams pass a stack's table to another stack by a parameter of the
//! table's name.

use crate::index::{Index, bare_name, kind_of};
use crate::nodes::service_path;
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::target::{Found, Query, Target, resource_inside};
use facts::{Certainty, Expr, NodeKind, Resource, Stored, StoredKind};
use std::sync::Arc;

/// Kinds of which a parameter's name need not say which one is meant, where the scan has one.
const LONE: &[NodeKind] = &[NodeKind::GraphqlApi, NodeKind::EventBus, NodeKind::UserPool];

/// What is called by an address of its own, if the parameter says that it is such a thing.
const APIS: &[NodeKind] = &[NodeKind::RestApi, NodeKind::HttpApi, NodeKind::GraphqlApi];

/// What stands for what is not known when names are compared: part of a word.
const UNKNOWN: char = '\u{0}';

/// The one thing of the scan that a parameter without a value is called like.
pub(crate) fn unset<'a>(index: &Index<'a>, wants: &[NodeKind], key: &str) -> Option<Target<'a>> {
    let (found, how) = match namesakes(index, wants, key, |r, _| Some(r.at.id.to_string())).as_slice() {
        [] => match namesakes(index, wants, key, of_its_stack).as_slice() {
            [] => stored_by_words(index, wants, key)?,
            [one] => (*one, "is what the stack of that name has".to_owned()),
            _ => return None,
        },
        [one] => (*one, "is the one resource of that name".to_owned()),
        _ => return None,
    };
    let at = found.place.line_of_file();
    let how: Arc<str> = format!("no value is given for `{key:.160}`; `{}` at {at} {how}", found.at.id).into();
    Some(Target { found: Found::Declared(found), certainty: Certainty::Possible, how: vec![how] })
}

/// The resources that are called like the key, by the name that `called` gives them.
fn namesakes<'a>(
    index: &Index<'a>,
    wants: &[NodeKind],
    key: &str,
    called: impl Fn(&Resource, NodeKind) -> Option<String>,
) -> Vec<&'a Resource> {
    let said = words(key);
    let is_called = |kind: NodeKind| {
        let says_so = || said.iter().any(|word| catalog::kind_words(kind).contains(&&**word));
        wants.contains(&NodeKind::External) && APIS.contains(&kind) && says_so()
    };
    let same = |r: &&Resource| {
        let Some(kind) = kind_of(r).filter(|kind| wants.contains(kind) || is_called(*kind)) else { return false };
        let bare = bare_name(key, kind);
        let Some(name) = called(r, kind) else { return false };
        // `AppSyncApiId` says no more than what it is; of these a system has one, or the name says which.
        let lone = || LONE.contains(&kind) && wants.contains(&kind);
        let same = if bare.is_empty() { lone() } else { bare_name(&name, kind) == bare };
        same && index.resource(&r.at.scope, &r.at.id).is_some()
    };
    index.declarations.resources.iter().filter(same).collect()
}

/// The name of the stack of a resource that is called by no more than what it is: `Table` of `orders/template.yaml`.
fn of_its_stack(resource: &Resource, kind: NodeKind) -> Option<String> {
    let path = service_path(&resource.at.scope);
    bare_name(&resource.at.id, kind).is_empty().then(|| path.rsplit('/').next().unwrap_or(&path).to_owned())
}

/// What is stored under the one name that ends in the words of the key: `/shop/orders/table/name` of `OrdersTableName`.
fn stored_by_words<'a>(index: &Index<'a>, wants: &[NodeKind], key: &str) -> Option<(&'a Resource, String)> {
    let says_which = |kind: &NodeKind| !bare_name(key, *kind).is_empty() || LONE.contains(kind);
    if !wants.iter().any(says_which) {
        return None;
    }
    let key = words(key);
    let ends = |stored: &&Stored| {
        let resolver = Resolver::new(index, None);
        stored.kind == StoredKind::Parameter
            && alternatives(&resolver.value(&stored.name)).iter().any(|name| ends_in(name, &key))
    };
    let mut all = index.declarations.stored.iter().filter(ends);
    let (stored, None) = (all.next()?, all.next()) else { return None };
    let value = Resolver::new(index, None).value(stored.value.as_ref()?);
    let query = Query { what: &value, wants, service: "", entry: None };
    let Found::Declared(found) = resource_inside(index, &query, &value)?.found else { return None };
    Some((found, format!("is stored under the one name that ends in its words, at {}", stored.place.line_of_file())))
}

/// Whether the last words of a name are these and no others; at least two of them, or it would be chance.
fn ends_in(name: &Expr, key: &[String]) -> bool {
    let pieces = match name {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let text: String =
        pieces.iter().map(|piece| piece.as_literal().map_or(UNKNOWN.to_string(), str::to_owned)).collect();
    key.len() > 1 && words(&text).ends_with(key)
}

/// The words of a name, whatever its style: `OrdersTableName`, `orders/table-name`.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let part = c.is_ascii_alphanumeric() || c == UNKNOWN;
        let begins = c.is_ascii_uppercase() && !before.is_ascii_uppercase();
        if (!part || begins) && out.last().is_some_and(|word| !word.is_empty()) {
            out.push(String::new());
        }
        if let (true, Some(word)) = (part, out.last_mut()) {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    out.retain(|word| !word.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_style() {
        let check = |name: &str, expected: &[&str]| assert_eq!(words(name), expected, "{name}");
        check("OrdersTableName", &["orders", "table", "name"]);
        check("/shop/orders/table-name", &["shop", "orders", "table", "name"]);
        check("ApiURL", &["api", "url"]);
        check("", &[]);
    }

    #[test]
    fn only_whole_words_count() {
        let check = |name: &Expr, expected: bool| {
            assert_eq!(ends_in(name, &words("OrdersTableName")), expected, "{name}");
        };
        let unknown = || Expr::unknown("stage");
        check(&Expr::literal("/shop/orders/table/name"), true);
        check(&Expr::concat([Expr::literal("/shop/"), unknown(), Expr::literal("/orders/table/name")]), true);
        check(&Expr::concat([unknown(), Expr::literal("orders/table/name")]), false);
        check(&Expr::literal("/shop/old-orders/table"), false);
        check(&Expr::literal("/shop/reorders/table/name"), false);
    }
}
