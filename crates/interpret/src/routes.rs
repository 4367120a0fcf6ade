//! Routes inside a function: which one an effect belongs to.
//!
//! A library's app is told by a decorator which route a function serves, and hand-written code asks a field of the
//! event. While such a function or branch runs, its effects are found within the route.

use crate::machine::Machine;
use crate::value::{Abs, Args, FrameId, Handle};
use facts::code::{BinaryOp, Value, ValueId};
use facts::{Effect, Expr, FlowKind, NodeKind, Part};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Conditions of one branch that are looked at.
const MAX_CONDITIONS: u32 = 16;

/// What is known of the route that code serves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Route(BTreeMap<Arc<str>, Arc<str>>);

impl Route {
    fn get(&self, word: &str) -> Option<&str> {
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

    /// The same route below what an app is mounted under.
    fn below(&self, prefix: &str) -> Self {
        let mut out = self.clone();
        if let Some(path) = self.get("path").filter(|_| !prefix.is_empty()) {
            let whole = format!("{}/{}", prefix.trim_end_matches('/'), path.trim_start_matches('/'));
            out.0.insert("path".into(), if path == "/" { prefix.into() } else { whole.into() });
        }
        out
    }
}

/// What a function or an app that is registered with another serves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) route: Route,
    /// What an app's own routes stand below.
    pub(crate) prefix: Arc<str>,
}

/// A field of a handle, where it is a known text.
fn text_of<'h>(handle: &'h Handle, name: &str) -> Option<&'h str> {
    handle.fields.get(name).and_then(Abs::as_text)
}

impl Machine<'_> {
    /// The routes that a decorator of a library stands for; one without words where it names none that is known.
    pub(crate) fn routes_of(&self, handle: &Handle) -> Vec<Route> {
        let mut route = Route::default();
        for word in ["verb", "path", "type", "field"] {
            if let Some(text) = text_of(handle, word) {
                route.0.insert(word.into(), text.into());
            }
        }
        let prefix = handle.fields.get("app").and_then(|app| match app {
            Abs::Handle(app) => text_of(app, "prefix"),
            _ => None,
        });
        let route = route.below(prefix.unwrap_or_default());
        let verbs = handle.fields.get("verbs").and_then(|verbs| self.heap.list_of(verbs));
        let verbs: Vec<&str> = verbs.map(|(all, _)| all.iter().filter_map(Abs::as_text).collect()).unwrap_or_default();
        if verbs.is_empty() || route.get("path").is_none() {
            return vec![route];
        }
        let with = |verb: &str| {
            let mut one = route.clone();
            one.0.insert("verb".into(), verb.into());
            one
        };
        verbs.into_iter().map(with).collect()
    }

    /// Calls a registered function once for each route that it serves.
    pub(crate) fn serve(&mut self, function: &Abs, route: &Route, prefix: &str, mut call: impl FnMut(&mut Self)) {
        let part = route.below(prefix).part();
        if !matches!(function, Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_)) || part.is_none() {
            return call(self);
        }
        self.served.extend(part.clone());
        let outer = std::mem::replace(&mut self.within, part);
        call(self);
        self.within = outer;
    }

    /// The route that a branch of hand-written code serves, by the fields of the event that its condition compares
    /// with constants.
    pub(crate) fn dispatched(&mut self, frame: FrameId, condition: ValueId) -> Route {
        let mut found = self.branch.clone();
        let mut open = vec![condition];
        for _ in 0..MAX_CONDITIONS {
            let Some(id) = open.pop() else { break };
            let unit = self.units[self.unit_of(frame).0 as usize].clone();
            let function = self.frame(frame).function;
            match unit.functions[function.0 as usize].values.get(id.0 as usize) {
                Some(Value::Binary { op: BinaryOp::And, left, right }) => open.extend([*right, *left]),
                Some(Value::Binary { op: BinaryOp::Eq, left, right }) => {
                    let (left, right) = (self.evaluate(frame, *left), self.evaluate(frame, *right));
                    let (asked, constant) = if left.as_text().is_some() { (right, left) } else { (left, right) };
                    if let (Abs::Text(Expr::Input(asked)), Some(constant)) = (&asked, constant.as_text())
                        && let Some(word) = self.library.event_field(asked)
                    {
                        found.0.insert(word.into(), constant.into());
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Calls a function on behalf of a library, with arguments that only the library knows.
    pub(crate) fn call_for_library(&mut self, function: &Abs) {
        self.weak += 1;
        let unknown = Abs::unknown("it is given by a library");
        self.call(function, Args { more_positional: Some(unknown), ..Args::default() });
        self.weak -= 1;
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
