//! Routes whose path begins in another template: a nested stack is given the resource of the API below which its own stand.

use crate::Options;
use crate::index::Index;
use crate::substitute::Resolver;
use facts::{Declarations, End, Expr, Link, Place, ROOT_OF_API, Segment};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Paths that are put together from more resources than this are not followed.
const MAX_DEPTH: u32 = 32;

/// Gives such routes their whole names, where all that is above them is known.
pub(crate) fn complete(declarations: &mut Declarations, options: &Options) {
    if declarations.mounted.is_empty() {
        return;
    }
    let names = names(&Index::new(declarations, options));
    let renamed = |end: &mut End| {
        let part = end.part.as_mut()?;
        let name = names.get(&(end.place.clone(), part.name.clone()))?;
        Some(std::mem::replace(&mut part.name, name.clone()))
    };
    for part in &mut declarations.parts {
        renamed(part);
    }
    for Link { from, label, evidence, .. } in &mut declarations.links {
        let Some(old) = renamed(from) else { continue };
        let new = from.part.as_ref().map(|part| part.name.clone());
        evidence.what = evidence.what.replace(&*old, new.as_deref().unwrap_or_default()).into();
        *label = new;
    }
}

/// The whole names of routes, by the place and the name that their own template gives them.
fn names(index: &Index<'_>) -> BTreeMap<(Place, Arc<str>), Arc<str>> {
    let segments = &index.declarations.segments;
    let by_resource: BTreeMap<_, _> = segments.iter().map(|s| ((&*s.at.scope, &*s.at.id), s)).collect();
    let whole = |mounted: &facts::Mounted| {
        let (verb, path) = mounted.name.split_once(' ')?;
        let above = above(index, &by_resource, &mounted.below, 0)?;
        let name = format!("{verb} {}", joined(&above, path));
        Some(((mounted.at.clone(), mounted.name.clone()), name.into()))
    };
    index.declarations.mounted.iter().filter_map(whole).collect()
}

/// The path that an expression stands for, which names a resource of an API.
fn above(index: &Index<'_>, segments: &BTreeMap<(&str, &str), &Segment>, e: &Expr, depth: u32) -> Option<String> {
    let Expr::Resource { scope, id, attribute } = Resolver::new(index, None).value(e) else { return None };
    if attribute.as_deref() == Some(ROOT_OF_API) {
        return Some(String::new());
    }
    let segment = segments.get(&(&*scope, &*id)).filter(|_| depth < MAX_DEPTH)?;
    match &segment.below {
        Some(below) => Some(joined(&above(index, segments, below, depth + 1)?, &segment.path)),
        None => Some(segment.path.to_string()),
    }
}

fn joined(above: &str, path: &str) -> String {
    let path = if above.is_empty() { path } else { path.trim_end_matches('/') };
    format!("{}{path}", above.trim_end_matches('/'))
}
