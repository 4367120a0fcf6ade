//! Apps of web frameworks and routers of events: what is registered with them, and what they call.
//!
//! A function or a class is registered by a decorator, by a call or in a list; an app can be a part of another one,
//! below a prefix.

use crate::calls::Site;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::routes::{Route, joined};
use crate::value::{Abs, Args, FrameId, Handle};
use catalog::{Argument, Rule};
use std::rc::Rc;
use std::sync::Arc;

/// Apps, and prefixes of them, that one app is made of.
const MAX_APPS: usize = 256;

/// Apps around one another whose fields are looked at.
const MAX_WITHIN: usize = 16;

/// What a function or an app that is registered with another serves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Served {
    route: Route,
    /// What an app's own routes stand below.
    prefix: Arc<str>,
    /// Whether that stands instead of the prefix that the app itself says.
    replaces: bool,
}

/// An app whose functions are to be called.
struct Open {
    app: Abs,
    /// What it stands below.
    above: String,
    /// The prefix instead of its own.
    instead: Option<Arc<str>>,
    /// Those that it is a part of, and itself: what its functions are given is a field of the innermost that has it.
    within: Vec<Abs>,
}

/// A field of a handle, where it is a known text.
fn text_of<'h>(handle: &'h Handle, name: &str) -> Option<&'h str> {
    handle.fields.get(name).and_then(Abs::as_text)
}

impl Machine<'_> {
    /// The routes that a handle of a library stands for; one without words where it names none that is known.
    fn routes_of(&self, handle: &Handle) -> Vec<Route> {
        let mut route = Route::default();
        for word in ["verb", "type", "field"] {
            route = text_of(handle, word).and_then(|text| route.with(word, text)).unwrap_or(route);
        }
        let paths = handle.fields.get("path").map(Abs::each).unwrap_or_default();
        let is_path = |(i, path): (usize, &str)| (i == 0 || path.contains('/')).then(|| route.with("path", path));
        let paths: Vec<Route> =
            paths.iter().filter_map(Abs::as_text).enumerate().filter_map(is_path).flatten().collect();
        if paths.is_empty() {
            return vec![route];
        }
        let verbs = handle.fields.get("verbs");
        let verbs: Vec<&str> = match verbs.and_then(|verbs| self.heap.list_of(verbs)) {
            Some((all, _)) => all.iter().filter_map(Abs::as_text).collect(),
            None => verbs.and_then(Abs::as_text).into_iter().collect(),
        };
        let verbs: Vec<&str> = verbs.into_iter().filter(|verb| !verb.contains('/')).collect();
        if verbs.is_empty() {
            return paths;
        }
        paths.iter().flat_map(|route| verbs.iter().filter_map(|verb| route.with("verb", verb))).collect()
    }

    /// Registers what a library's decorator decorates, for the routes that it says.
    pub(crate) fn register_decorated(&mut self, decorator: &Abs, decorated: &Abs) {
        let Abs::Handle(by) = decorator else { return };
        if let Some(app) = by.fields.get("app") {
            self.register_routes(app, by, decorated);
        }
    }

    /// Registers what a call is given, as a rule says.
    pub(crate) fn register_by(&mut self, rule: &Rule, app: &Abs, given: &Abs, args: &Args) {
        let said = |name: &str| rule.with.get(name).and_then(|a| Self::argument(a, app, args));
        if !rule.with.is_empty() && (rule.gives.is_none() || self.is_made_by(rule, app)) {
            let fields = rule.with.keys().filter_map(|name| Some((name.as_str(), said(name)?)));
            if let Abs::Handle(route) = handle("web.route", fields) {
                return self.register_routes(app, &route, given);
            }
        }
        let given_text = |a: &Option<Argument>| {
            let value = a.as_ref().and_then(|a| Self::argument(a, app, args));
            value.and_then(|value| value.as_text().map(Arc::from))
        };
        let (prefix, instead) = (given_text(&rule.prefix), given_text(&rule.prefix_instead));
        let replaces = instead.is_some();
        let served = Served { route: Route::default(), prefix: instead.or(prefix).unwrap_or_default(), replaces };
        let several = self.heap.list_of(given).map(|(items, _)| items.to_vec());
        for one in several.unwrap_or_else(|| vec![given.clone()]) {
            self.register(app, &one, &served);
        }
    }

    /// Whether a rule of a call gives this handle, rather than one that stands for a route of it.
    fn is_made_by(&self, rule: &Rule, app: &Abs) -> bool {
        let class = rule.gives.as_deref();
        matches!(app, Abs::Handle(app) if Some(&*app.class) == class && self.library.class(&app.class).is_some())
    }

    /// Registers something for the routes that a handle stands for, and with it what runs around it.
    fn register_routes(&mut self, app: &Abs, by: &Handle, function: &Abs) {
        let around = by.fields.get("around").and_then(|around| self.heap.list_of(around));
        let around: Vec<Abs> = around.map(|(items, _)| items.to_vec()).unwrap_or_default();
        for route in self.routes_of(by) {
            let served = Served { route, ..Served::default() };
            for one in around.iter().chain([function]) {
                self.register(app, one, &served);
            }
        }
    }

    /// Puts a function, or another app with its functions, among those that an app calls.
    pub(crate) fn register(&mut self, app: &Abs, function: &Abs, served: &Served) {
        let all = self.registered.entry(app.clone()).or_default();
        let one = (function.clone(), served.clone());
        if !all.contains(&one) {
            all.push(one);
        }
    }

    /// Calls everything that is registered with an app: with the given arguments, or with some that only the app knows.
    pub(crate) fn run_registered(&mut self, app: &Abs, given: Option<(Site<'_>, &Args)>) {
        let mut open = vec![Open { app: app.clone(), above: String::new(), instead: None, within: vec![app.clone()] }];
        let mut done = Vec::new();
        while let Some(Open { app, above, instead, within }) = open.pop() {
            let own = if let Abs::Handle(handle) = &app { text_of(handle, "prefix") } else { None };
            let prefix = match instead.as_deref().or(own) {
                Some(own) => joined(&above, own),
                None => above,
            };
            if done.len() >= MAX_APPS || done.contains(&(app.clone(), prefix.clone())) {
                continue;
            }
            done.push((app.clone(), prefix.clone()));
            let mut functions = self.registered.get(&app).cloned().unwrap_or_default();
            functions.extend(self.listed(&app));
            for (function, served) in functions {
                match &function {
                    // What a decorator says of a function counts wherever that is registered.
                    Abs::Handle(inner) if self.stands_for(inner).is_some() => {
                        let outer = std::mem::replace(&mut self.serving, within.clone());
                        let (function, _) = self.stands_for(inner).unwrap_or((Abs::Null, None));
                        for route in self.routes_of(inner) {
                            self.serve(&function, &route.below(&served.prefix).below(&prefix), given);
                        }
                        self.serving = outer;
                    }
                    Abs::Handle(inner) if self.viewed(inner).is_none() => {
                        let as_is = served.replaces || served.prefix.is_empty();
                        let above = if as_is { prefix.clone() } else { joined(&prefix, &served.prefix) };
                        let instead = served.replaces.then_some(served.prefix);
                        let within = within.iter().take(MAX_WITHIN).chain([&function]).cloned().collect();
                        open.push(Open { app: function, above, instead, within });
                    }
                    _ => {
                        let outer = std::mem::replace(&mut self.serving, within.clone());
                        self.serve(&function, &served.route.below(&prefix), given);
                        self.serving = outer;
                    }
                }
            }
        }
    }

    /// Routes in a list that an app was made with.
    fn listed(&self, app: &Abs) -> Vec<(Abs, Served)> {
        let Abs::Handle(app) = app else { return Vec::new() };
        let routes = app.fields.get("routes").and_then(|routes| self.heap.list_of(routes));
        let mut out = Vec::new();
        for route in routes.map(|(items, _)| items).unwrap_or_default() {
            let Abs::Handle(route) = route else { continue };
            let endpoint = route.fields.get("endpoint");
            let whole = || handle("web.app", route.fields.get("routes").map(|routes| ("routes", routes.clone())));
            match endpoint {
                Some(endpoint) if !matches!(endpoint, Abs::Handle(inner) if self.viewed(inner).is_none()) => {
                    let all = self.routes_of(route).into_iter();
                    out.extend(all.map(|route| (endpoint.clone(), Served { route, ..Served::default() })));
                }
                inner => {
                    let inner = inner.cloned().unwrap_or_else(whole);
                    let prefix = text_of(route, "path").unwrap_or_default().into();
                    out.push((inner, Served { prefix, ..Served::default() }));
                }
            }
        }
        out
    }

    /// The class of the scan that a view of a library stands for.
    fn viewed(&self, view: &Rc<Handle>) -> Option<Abs> {
        view.fields.get("self").and_then(|own| self.class_of_own(own))
    }

    /// Calls what is registered for a route: a function, or each method of a class that has the name of a verb.
    fn serve(&mut self, function: &Abs, route: &Route, given: Option<(Site<'_>, &Args)>) {
        let class = match function {
            Abs::Handle(view) => self.viewed(view),
            class @ Abs::Class { .. } => Some(class.clone()),
            _ => None,
        };
        let Some(class) = class else { return self.serve_by(function, route, given) };
        let library = self.library;
        for verb in library.verbs() {
            let name: Arc<str> = verb.as_str().into();
            if self.class_member(&class, &name, None).is_none() {
                continue;
            }
            let instance = self.call(&class, Args::default());
            let frame = self.stack.last().copied().unwrap_or(FrameId(0));
            let method = self.attribute(frame, &instance, &name);
            let route = route.said(verb);
            self.serve_by(&method, &route, given);
        }
    }

    /// Calls a registered function within its route.
    fn serve_by(&mut self, function: &Abs, route: &Route, given: Option<(Site<'_>, &Args)>) {
        let callable = matches!(function, Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_));
        let part = route.part().filter(|_| callable);
        let is_route = part.is_some();
        self.served.extend(part.clone());
        let outer = is_route.then(|| std::mem::replace(&mut self.within, part.into_iter().collect()));
        let verb = route.get("verb").map(|verb| verb.to_ascii_uppercase().into());
        let outer_verb = std::mem::replace(&mut self.verb, verb);
        match given {
            Some((site, args)) => {
                self.call_site(site, function, args.clone());
            }
            None if is_route => self.call_for_library(function),
            None => self.hand_over(&Args { positional: vec![function.clone()], ..Args::default() }),
        }
        self.verb = outer_verb;
        if let Some(outer) = outer {
            self.within = outer;
        }
    }

    /// Calls a function on behalf of a library, with arguments that only the library knows.
    pub(crate) fn call_for_library(&mut self, function: &Abs) {
        self.weak += 1;
        let unknown = Abs::unknown("it is given by a library");
        let positional = self.given_by_type(function, &unknown);
        self.call(function, Args { positional, more_positional: Some(unknown), ..Args::default() });
        self.weak -= 1;
    }

    /// The arguments of a function where the running app gives some of them by their types.
    fn given_by_type(&mut self, function: &Abs, unknown: &Abs) -> Vec<Abs> {
        let Abs::Function { unit, id, frame } = function else { return Vec::new() };
        if self.serving.is_empty() {
            return Vec::new();
        }
        let file = self.units[unit.0 as usize].clone();
        let params = file.functions[id.0 as usize].params.iter();
        let given = params.map(|param| {
            let Abs::Symbol(path) = self.evaluate(*frame, param.annotation?) else { return None };
            if let Some(class) = self.library.below(&path) {
                return Some(handle(class, []));
            }
            let field = self.library.given(&path)?;
            // The innermost app that has it.
            self.serving.iter().rev().find_map(|app| self.kept.get(app)?.get(field)).cloned()
        });
        let given: Vec<Option<Abs>> = given.collect();
        let last = given.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        given.into_iter().take(last).map(|value| value.unwrap_or_else(|| unknown.clone())).collect()
    }
}
