//! Names that fit whatever the defaults of parameters are.
//!
//! A default is what one deployment takes. Two stacks that call a thing `orders-${Stage}` mean the same one though the
//! one has `dev` and the other `prod` by default; so where a name with defaults names nothing, parameters stand for
//! any text, and what fits then is possible.

use crate::index::{Index, kind_of};
use crate::pattern::Pattern;
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::target::{Found, Query, Target, name_in_address, with_scheme};
use facts::{Certainty, Entry, Expr, NodeKind, Output, Resource, Stored, StoredKind};

/// Things by names in which only what is given has been replaced, each with its scope.
#[derive(Default)]
pub(crate) struct Loose<'a> {
    resources: Vec<Named<'a, Resource>>,
    parameters: Vec<Named<'a, Stored>>,
    exports: Vec<Named<'a, Output>>,
}

type Named<'a, T> = (Pattern, &'a str, &'a T);

impl<'a> Loose<'a> {
    pub(crate) fn new(index: &Index<'a>) -> Self {
        let patterns = |e: &Expr| Resolver::strict(index, None).patterns(e);
        let mut loose = Self::default();
        for resource in &index.declarations.resources {
            let names = resource.names.iter().flat_map(patterns);
            loose.resources.extend(names.map(|name| (name, &*resource.at.scope, resource)));
        }
        for stored in index.declarations.stored.iter().filter(|s| s.kind == StoredKind::Parameter) {
            loose.parameters.extend(patterns(&stored.name).into_iter().map(|name| (name, &*stored.at.scope, stored)));
        }
        for scope in &index.declarations.scopes {
            for output in scope.outputs.values() {
                let names = output.export.iter().flat_map(patterns);
                loose.exports.extend(names.map(|name| (name, &*scope.id, output)));
            }
        }
        loose
    }
}

/// The one resource that has the name whatever the defaults are.
pub(crate) fn whatever_defaults<'a>(
    index: &Index<'a>,
    query: &Query<'_, 'a>,
    wants: &[NodeKind],
) -> Option<Target<'a>> {
    let value = Resolver::strict(index, query.entry).value(query.what);
    let exists = |r: &Resource| index.resource(&r.at.scope, &r.at.id).is_some();
    let found = alternatives(&value).iter().find_map(|one| {
        let (name, kind) = name_in_address(&with_scheme(wants, one));
        let named: Vec<NodeKind> = match kind {
            Some(kind) => vec![kind],
            // What is anywhere is called by its host.
            None if wants.contains(&NodeKind::External) => return None,
            None => wants.to_vec(),
        };
        let fits = |r: &Resource| kind_of(r).is_some_and(|kind| named.contains(&kind)) && exists(r);
        let [one] = fitting(&index.loose.resources, &name, fits)[..] else { return None };
        Some((one, name))
    });
    let (resource, name) = found?;
    let how = format!(
        "`{name:.160}` fits the name of `{}`, declared at {}, if defaults do not count",
        resource.at.id,
        resource.place.line_of_file()
    );
    Some(Target { found: Found::Declared(resource), certainty: Certainty::Possible, how: vec![how.into()] })
}

/// The SSM parameters of that name whatever the defaults are.
pub(crate) fn stored<'a>(index: &Index<'a>, entry: Option<&'a Entry>, name: &Expr) -> Vec<&'a Stored> {
    let name = Resolver::strict(index, entry).value(name);
    fitting(&index.loose.parameters, &name, |stored| stored.value.is_some())
}

/// The one export of that name whatever the defaults are.
pub(crate) fn exported<'a>(index: &Index<'a>, entry: Option<&'a Entry>, name: &Expr) -> Vec<&'a Output> {
    let name = Resolver::strict(index, entry).value(name);
    let all = fitting(&index.loose.exports, &name, |_| true);
    if all.len() > 1 { Vec::new() } else { all }
}

/// The things whose names have the same texts around what is not known; or else those that can have the name.
fn fitting<'a, T>(all: &[Named<'a, T>], name: &Expr, fits: impl Fn(&T) -> bool) -> Vec<&'a T> {
    let Some(scopes) = scopes_of(name) else { return Vec::new() };
    let pattern = Pattern::new(name);
    // In its own stack a parameter has one default, and with that nothing was found.
    let elsewhere: Vec<&Named<'a, T>> =
        all.iter().filter(|(_, scope, one)| !scopes.contains(scope) && fits(one)).collect();
    let those = |same: &dyn Fn(&Pattern) -> bool| -> Vec<&'a T> {
        let mut found: Vec<&'a T> = elsewhere.iter().filter(|(other, ..)| same(other)).map(|named| named.2).collect();
        found.dedup_by(|a, b| std::ptr::eq(*a, *b));
        found
    };
    let alike = those(&|other| pattern.is_like(other));
    if alike.is_empty() { those(&|other| pattern.unify(other).is_some()) } else { alike }
}

/// The scopes of the parameters in a name; `None` for one that has none, or nothing else.
fn scopes_of(name: &Expr) -> Option<Vec<&str>> {
    let Expr::Concat(pieces) = name else { return None };
    let scopes: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Expr::Parameter { scope, name } if !name.starts_with("AWS::") => Some(&**scope),
            _ => None,
        })
        .collect();
    (!scopes.is_empty()).then_some(scopes)
}
