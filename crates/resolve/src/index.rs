//! Declarations, filed for look-up.

use crate::Options;
use crate::pattern::{Pattern, Strength};
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::wildcards::Loose;
use facts::{
    Declarations, Deployment, Entry, Expr, FlowKind, Handed, Instance, Link, NodeKind, Resource, ResourceRef, Scope,
    Stored, StoredKind,
};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Everything declared, by the ways in which it is looked up.
pub(crate) struct Index<'a> {
    pub(crate) declarations: &'a Declarations,
    pub(crate) options: &'a Options,
    pub(crate) scopes: FxHashMap<&'a str, &'a Scope>,
    pub(crate) resources: FxHashMap<(&'a str, &'a str), &'a Resource>,
    pub(crate) entries: FxHashMap<(&'a str, &'a str), &'a Entry>,
    /// Deployments of a scope.
    pub(crate) instances: FxHashMap<&'a str, Vec<&'a Instance>>,
    /// Parameters that scripts give to a scope.
    pub(crate) deployments: FxHashMap<&'a str, Vec<&'a Deployment>>,
    /// What a stack resource deploys.
    pub(crate) deployed: FxHashMap<(&'a str, &'a str), &'a str>,
    /// What delivers to a resource.
    pub(crate) triggers: FxHashMap<(&'a str, &'a str), Vec<&'a Link>>,
    /// What a function finds in its event.
    pub(crate) handed: FxHashMap<(&'a str, &'a str), Vec<&'a Handed>>,
    /// Exported values by name.
    pub(crate) exports: Named<'a, &'a facts::Output>,
    /// Stored values by name.
    pub(crate) parameters: Named<'a, &'a Stored>,
    pub(crate) secrets: Named<'a, &'a Stored>,
    /// Resources by physical name.
    pub(crate) names: Named<'a, &'a Resource>,
    /// Functions and procedures of databases, by [`routine`].
    pub(crate) routines: FxHashMap<String, &'a facts::Routine>,
    /// Names whatever the defaults of parameters are.
    pub(crate) loose: Loose<'a>,
}

/// A routine's name for comparing: whatever its schema and case.
pub(crate) fn routine(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase()
}

/// Things by a name that may be known only in part.
pub(crate) struct Named<'a, T> {
    exact: FxHashMap<String, Vec<usize>>,
    partial: Vec<usize>,
    all: Vec<(Pattern, T)>,
    marker: std::marker::PhantomData<&'a ()>,
}

impl<T: Copy> Named<'_, T> {
    pub(crate) fn new() -> Self {
        Self { exact: FxHashMap::default(), partial: Vec::new(), all: Vec::new(), marker: std::marker::PhantomData }
    }

    pub(crate) fn add(&mut self, name: Pattern, value: T) {
        let i = self.all.len();
        match name.as_text() {
            Some(text) => self.exact.entry(text.to_owned()).or_default().push(i),
            None => self.partial.push(i),
        }
        self.all.push((name, value));
    }

    /// The things whose name fits best, among those that `fits` allows; with how well they fit.
    pub(crate) fn find(&self, name: &Pattern, fits: impl Fn(T) -> bool) -> (Vec<T>, Strength) {
        if let Some(text) = name.as_text() {
            let exact = self.exact.get(text).into_iter().flatten().map(|i| self.all[*i].1);
            let exact: Vec<T> = exact.filter(|t| fits(*t)).collect();
            if !exact.is_empty() {
                return (exact, Strength::Exact);
            }
        }
        let mut best = 0;
        let mut found: Vec<T> = Vec::new();
        // A wholly known name can only fit a partial one; a partial one can fit any.
        let candidates: Box<dyn Iterator<Item = usize>> =
            if name.as_text().is_some() { Box::new(self.partial.iter().copied()) } else { Box::new(0..self.all.len()) };
        for i in candidates {
            let (candidate, value) = &self.all[i];
            if !fits(*value) {
                continue;
            }
            if candidate == name {
                return (vec![*value], Strength::Exact);
            }
            let Some(score) = name.unify(candidate) else { continue };
            if score > best {
                best = score;
                found.clear();
            }
            if score == best {
                found.push(*value);
            }
        }
        (found, Strength::Partial)
    }
}

impl<'a> Index<'a> {
    pub(crate) fn new(declarations: &'a Declarations, options: &'a Options) -> Self {
        let mut index = Self {
            declarations,
            options,
            scopes: declarations.scopes.iter().map(|s| (&*s.id, s)).collect(),
            resources: FxHashMap::default(),
            entries: declarations.entries.iter().map(|e| (key(&e.owner), e)).collect(),
            instances: FxHashMap::default(),
            deployments: FxHashMap::default(),
            deployed: FxHashMap::default(),
            triggers: FxHashMap::default(),
            handed: FxHashMap::default(),
            exports: Named::new(),
            parameters: Named::new(),
            secrets: Named::new(),
            names: Named::new(),
            routines: declarations.routines.iter().map(|r| (routine(&r.name), r)).collect(),
            loose: Loose::default(),
        };
        for instance in &declarations.instances {
            index.instances.entry(&instance.scope).or_default().push(instance);
            index.deployed.insert(key(&instance.owner), &instance.scope);
        }
        for deployment in &declarations.deployments {
            index.deployments.entry(&deployment.scope).or_default().push(deployment);
        }
        index.file_resources();
        index.file_stored();
        index.file_triggers();
        index.file_handed();
        index.loose = Loose::new(&index);
        index
    }

    fn file_resources(&mut self) {
        for resource in &self.declarations.resources {
            self.resources.entry(key(&resource.at)).or_insert(resource);
        }
        let dropped: Vec<(&str, &str)> = self
            .declarations
            .resources
            .iter()
            .filter(|r| r.condition.as_ref().is_some_and(|c| Resolver::new(self, None).never(c)))
            .map(|r| key(&r.at))
            .collect();
        for at in dropped {
            self.resources.remove(&at);
        }
        let mut names = Named::new();
        for resource in &self.declarations.resources {
            for name in &resource.names {
                for name in Resolver::new(self, None).patterns(name) {
                    names.add(name, resource);
                }
            }
        }
        self.names = names;
    }

    fn file_triggers(&mut self) {
        let mut triggers: FxHashMap<(&str, &str), Vec<&Link>> = FxHashMap::default();
        for link in self.declarations.links.iter().filter(|l| matches!(l.kind, FlowKind::Trigger | FlowKind::Invoke)) {
            let to = Resolver::new(self, None).value(&link.to.what);
            // An integration's address has the function inside: `arn:…/functions/${Fn.Arn}/invocations`.
            let inside = match &to {
                Expr::Concat(all) => all.iter().find_map(|piece| self.declared(piece)),
                one => self.declared(one),
            };
            if let Some(resource) = inside {
                triggers.entry(key(&resource.at)).or_default().push(link);
            }
        }
        self.triggers = triggers;
    }

    fn file_handed(&mut self) {
        let mut handed: FxHashMap<(&str, &str), Vec<&Handed>> = FxHashMap::default();
        for one in &self.declarations.handed {
            let to = Resolver::new(self, None).value(&one.to);
            for to in alternatives(&to) {
                if let Some(resource) = self.declared(&to) {
                    handed.entry(key(&resource.at)).or_default().push(one);
                }
            }
        }
        self.handed = handed;
    }

    fn file_stored(&mut self) {
        let (mut exports, mut parameters, mut secrets) = (Named::new(), Named::new(), Named::new());
        for scope in &self.declarations.scopes {
            for output in scope.outputs.values() {
                let Some(export) = &output.export else { continue };
                for name in Resolver::new(self, None).patterns(export) {
                    exports.add(name, output);
                }
            }
        }
        for stored in &self.declarations.stored {
            for name in Resolver::new(self, None).patterns(&stored.name) {
                match stored.kind {
                    StoredKind::Parameter => parameters.add(name, stored),
                    StoredKind::Secret => secrets.add(name, stored),
                }
            }
        }
        self.exports = exports;
        self.parameters = parameters;
        self.secrets = secrets;
    }

    pub(crate) fn resource(&self, scope: &str, id: &str) -> Option<&'a Resource> {
        self.resources.get(&(scope, id)).copied()
    }

    /// The environment of a running function.
    pub(crate) fn environment(&self, owner: &ResourceRef) -> Option<&'a Entry> {
        self.entries.get(&(&*owner.scope, &*owner.id)).copied()
    }

    /// A declared resource that an expression is, whatever its attribute.
    pub(crate) fn declared(&self, e: &Expr) -> Option<&'a Resource> {
        match e {
            Expr::Resource { scope, id, .. } => self.resource(scope, id),
            _ => None,
        }
    }
}

/// What a resource is, if it is architecture.
pub(crate) fn kind_of(resource: &Resource) -> Option<NodeKind> {
    resource.kind.or_else(|| catalog::resource_type(&resource.type_name)?.kind)
}

/// The platform's word for a resource's type.
pub(crate) fn platform_of(resource: &Resource) -> String {
    catalog::resource_type(&resource.type_name).map_or_else(String::new, |t| format!("aws.{}", t.service))
}

pub(crate) fn key(at: &ResourceRef) -> (&str, &str) {
    (&at.scope, &at.id)
}

/// What is left of a name without the words that say what it is a name of: `OrdersTableName` and `orders` are the
/// same name of a table. Empty when nothing is left that tells it from another of its kind.
pub(crate) fn bare_name(name: &str, kind: NodeKind) -> String {
    let mut bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    for suffix in ["name", "arn", "url", "uri", "id"] {
        if let Some(shorter) = bare.strip_suffix(suffix) {
            bare.truncate(shorter.len());
            break;
        }
    }
    let words = catalog::kind_words(kind);
    while let Some(shorter) = words.iter().find_map(|word| bare.strip_suffix(word)) {
        bare.truncate(shorter.len());
    }
    bare
}

/// The last part of a path of names, for people.
pub(crate) fn last_name(path: &str) -> Arc<str> {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path).into()
}
