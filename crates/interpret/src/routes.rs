//! Routes inside a function: which one an effect belongs to.
//!
//! A library's app is told by a decorator which route a function serves, and hand-written code asks a field of the
//! event. While such a function or branch runs, its effects are found within the route.

use crate::machine::Machine;
use facts::{Effect, Expr, FlowKind, NodeKind, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of the route that code serves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Route(BTreeMap<Arc<str>, Arc<str>>);

impl Route {
    pub(crate) fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(|text| &**text)
    }

    /// The part of the function: `GET /orders`, `Query.getOrder`. A method alone is no route.
    pub(crate) fn part(&self) -> Option<Part> {
        if let Some(field) = self.get("field") {
            let kind = self.get("type").filter(|kind| *kind != "*");
            let name = kind.map_or_else(|| field.into(), |kind| format!("{kind}.{field}").into());
            return Some(Part { kind: NodeKind::Field, name });
        }
        let name: Arc<str> = match (self.get("key"), self.get("verb"), self.get("path")) {
            (Some(key), _, _) => key.into(),
            (None, Some(verb), Some(path)) => format!("{} {path}", verb.to_ascii_uppercase()).into(),
            (None, None, Some(path)) => path.into(),
            (None, Some(verb), None) => verb.to_ascii_uppercase().into(),
            (None, None, None) => return None,
        };
        Some(Part { kind: NodeKind::Route, name })
    }

    /// The same with one more word; `None` where that contradicts what is known.
    pub(crate) fn with(&self, word: &str, text: &str) -> Option<Self> {
        if self.get(word).is_some_and(|known| known != text) {
            return None;
        }
        let mut out = self.clone();
        out.0.insert(word.into(), text.into());
        Some(out)
    }

    /// The same by another method.
    pub(crate) fn said(&self, verb: &str) -> Self {
        let mut out = self.clone();
        out.0.insert("verb".into(), verb.into());
        out
    }

    /// All that both say; `None` where they contradict one another.
    pub(crate) fn and(&self, other: &Self) -> Option<Self> {
        other.0.iter().try_fold(self.clone(), |route, (word, text)| route.with(word, text))
    }

    /// Whether it says all that another one says, and more.
    fn says_more(&self, than: &Self) -> bool {
        self != than && self.and(than).as_ref() == Some(self)
    }

    /// Whether it is one of those that another one stands for.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self == other || self.says_more(other)
    }

    /// The same route below what an app is mounted under.
    pub(crate) fn below(&self, prefix: &str) -> Self {
        let mut out = self.clone();
        if let Some(path) = self.get("path") {
            out.0.insert("path".into(), joined(prefix, path).into());
        }
        out
    }
}

/// A path below another one: `/orders` and `/` is `/orders`.
pub(crate) fn joined(above: &str, path: &str) -> String {
    match path.trim_start_matches('/') {
        _ if above.is_empty() && path.starts_with('/') => path.to_owned(),
        "" if !above.is_empty() => above.to_owned(),
        below => format!("{}/{below}", above.trim_end_matches('/')),
    }
}

impl Machine<'_> {
    /// Runs what is done only for these routes.
    pub(crate) fn within_routes<T>(&mut self, routes: Vec<Route>, run: impl FnOnce(&mut Self) -> T) -> T {
        let parts: Vec<Part> = routes.iter().filter_map(Route::part).collect();
        if routes == self.branch {
            return run(self);
        }
        if parts.len() != routes.len() {
            let outer = std::mem::replace(&mut self.branch, routes);
            let result = run(self);
            self.branch = outer;
            return result;
        }
        // A branch inside a branch says more of the route.
        let vague = self.branch.iter().filter(|vague| routes.iter().any(|route| route.says_more(vague)));
        for part in vague.filter_map(Route::part) {
            self.served.remove(&part);
        }
        self.served.extend(parts.iter().cloned());
        let outer = (std::mem::replace(&mut self.within, parts), std::mem::replace(&mut self.branch, routes));
        let result = run(self);
        (self.within, self.branch) = outer;
        result
    }
}

/// What every route does, or what is done outside of routes too, the function does; so does a function of one route.
pub(crate) fn shared(effects: BTreeSet<Effect>, served: &BTreeSet<Part>) -> BTreeSet<Effect> {
    type Flow = (FlowKind, Expr, Option<(NodeKind, Expr)>);
    let flow = |e: &Effect| -> Flow { (e.kind, e.target.clone(), e.part.clone()) };
    let mut routes: BTreeMap<Flow, BTreeSet<Option<Part>>> = BTreeMap::new();
    for effect in &effects {
        routes.entry(flow(effect)).or_default().insert(effect.within.clone());
    }
    let of_function = |e: &Effect| {
        let within = routes.get(&flow(e));
        served.len() < 2
            || within
                .is_some_and(|all| all.contains(&None) || served.iter().all(|part| all.contains(&Some(part.clone()))))
    };
    let lift = |mut effect: Effect| {
        if of_function(&effect) {
            effect.within = None;
        }
        effect
    };
    effects.into_iter().map(lift).collect()
}
