//! All that stand below a path: parameters that are read by the path of their names.

use crate::index::{Index, kind_of};
use crate::substitute::Resolver;
use crate::target::{Found, Query, Target};
use facts::{Certainty, Expr, Resource};

/// What stands below the path that an expression is; `None` when it is no such expression.
///
/// Where nothing declared does, the path itself is what people call it.
pub(crate) fn all_below<'a>(index: &Index<'a>, query: &Query<'_, 'a>, e: &Expr) -> Option<Vec<Target<'a>>> {
    let Expr::Concat(pieces) = e else { return None };
    let (Expr::Input(what), path) = pieces.split_last()? else { return None };
    if **what != *facts::BELOW {
        return None;
    }
    let path = Expr::concat(path.iter().cloned());
    let fits = |r: &Resource| {
        kind_of(r).is_some_and(|kind| query.wants.contains(&kind)) && index.resource(&r.at.scope, &r.at.id).is_some()
    };
    let value = |name: &Expr| Resolver::new(index, None).value(name);
    let named = |same: Same| -> Vec<&'a Resource> {
        let below = |r: &&'a Resource| fits(r) && r.names.iter().any(|name| begins_with(&value(name), &path, same));
        index.declarations.resources.iter().filter(below).collect()
    };
    let (mut all, mut certainty) = (named(|name, path| name == path), Certainty::Declared);
    if all.is_empty() {
        all = named(|name, path| name == path || is_parameter(name) && is_parameter(path));
        certainty = Certainty::Possible;
    }
    let target = |r: &'a Resource| {
        let how = format!("`{}` is below the path `{path:.160}`, declared at {}", r.at.id, r.place.line_of_file());
        Target { found: Found::Declared(r), certainty, how: vec![how.into()] }
    };
    Some(all.into_iter().map(target).collect())
}

/// Whether two pieces of names are the same.
type Same = fn(&Expr, &Expr) -> bool;

/// What is given to two stacks may be the same, though each has a parameter of its own for it.
fn is_parameter(e: &Expr) -> bool {
    matches!(e, Expr::Parameter { .. } | Expr::Env(_))
}

/// Whether a name stands below a path: it begins with all of its pieces, and goes on behind a slash. Of what is not known
/// alone, nothing can be told.
fn begins_with(name: &Expr, path: &Expr, same: Same) -> bool {
    let (name, path) = (pieces(name), pieces(path));
    let Some((last, before)) = path.split_last() else { return false };
    let begins = name.iter().zip(before).all(|(name, path)| same(name, path));
    if name.len() < path.len() || !begins {
        return false;
    }
    match (&name[before.len()], last) {
        (Expr::Literal(name), Expr::Literal(path)) => {
            let path = path.trim_end_matches('/');
            name.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        }
        (one, other) => {
            let next = name.get(path.len()).and_then(Expr::as_literal);
            same(one, other) && next.is_some_and(|next| next.starts_with('/'))
        }
    }
}

fn pieces(e: &Expr) -> &[Expr] {
    match e {
        Expr::Concat(all) => all,
        one => std::slice::from_ref(one),
    }
}
