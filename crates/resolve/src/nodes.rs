//! The nodes of the model: services, resources, parts, and what is known only by name.

use crate::index::{Index, kind_of, last_name, platform_of};
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::target::Found;
use facts::{Part, Place, Resource, ResourceRef};
use model::{Location, Node, NodeKind};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// File names that say nothing of what is in them; the folder does.
const PLAIN_STEMS: &[&str] =
    &["cfn", "cloudformation", "index", "main", "packaged", "sam", "sam-template", "serverless", "stack", "template"];

/// Nodes so far, by id.
pub(crate) struct Nodes<'i, 'a> {
    index: &'i Index<'a>,
    /// The service of each scope.
    services: FxHashMap<Arc<str>, String>,
    pub(crate) by_id: BTreeMap<String, Node>,
}

pub(crate) fn location(place: &Place) -> Location {
    Location { file: place.file.to_string(), line: place.line, column: place.column }
}

impl<'i, 'a> Nodes<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>) -> Self {
        let mut nodes = Self { index, services: FxHashMap::default(), by_id: BTreeMap::new() };
        nodes.name_services();
        nodes
    }

    /// Gives each scope an id: the path of its folder, and the file's stem where that says something.
    fn name_services(&mut self) {
        let mut scopes: Vec<&facts::Scope> = self.index.declarations.scopes.iter().collect();
        scopes.sort_by(|a, b| a.id.cmp(&b.id));
        let mut taken = BTreeSet::new();
        for scope in scopes {
            let mut id = service_path(&scope.id);
            if taken.contains(&id) {
                id = scope.id.to_string();
            }
            taken.insert(id.clone());
            self.services.insert(scope.id.clone(), id);
        }
    }

    /// Adds the service of a scope.
    pub(crate) fn add_service(&mut self, scope: &facts::Scope) {
        let Some(id) = self.services.get(&scope.id).cloned() else { return };
        let said = scope.name.as_ref().and_then(|name| {
            let value = Resolver::new(self.index, None).value(name);
            value.as_literal().map(str::to_owned)
        });
        let stem = last_name(&id).to_string();
        let in_root = !scope.id.contains('/') && service_path(&scope.id) == id && is_plain(&id);
        let whole = in_root.then(|| self.index.options.name.clone()).filter(|n| !n.is_empty());
        let mut details = BTreeMap::new();
        if let Some(text) = &scope.description {
            details.insert("description".to_owned(), serde_json::Value::from(&**text));
        }
        let node = Node {
            kind: NodeKind::Service,
            name: said.or(whole).unwrap_or(stem),
            names: vec![scope.id.to_string()],
            parent: self.parent_service(&scope.id),
            platform: String::new(),
            details,
            declared: vec![location(&scope.place)],
            id: id.clone(),
        };
        self.by_id.insert(id, node);
    }

    /// The service that deploys this one, if exactly one does.
    fn parent_service(&self, scope: &Arc<str>) -> Option<String> {
        let mut at = scope.clone();
        for _ in 0..32 {
            let owners = self.index.instances.get(&*at)?;
            let owner = &owners.first()?.owner.scope;
            if owners.iter().any(|i| i.owner.scope != *owner) {
                return None;
            }
            if owner == scope {
                // A circle of stacks has no outermost one.
                return None;
            }
            if at == *scope {
                let found = self.services.get(owner).cloned();
                let mut above = owner.clone();
                // Follow up to the top, to be sure that there is no circle above either.
                for _ in 0..32 {
                    let Some(next) = self.index.instances.get(&*above).and_then(|i| i.first()) else { return found };
                    above = next.owner.scope.clone();
                }
                return None;
            }
            at = owner.clone();
        }
        None
    }

    pub(crate) fn id_of(&self, at: &ResourceRef) -> String {
        match self.services.get(&at.scope) {
            Some(service) => format!("{service}/{}", at.id),
            None => format!("{}/{}", at.scope, at.id),
        }
    }

    /// The id of a declared resource's node, made at first use; `None` when it is not architecture.
    pub(crate) fn declared(&mut self, resource: &'a Resource) -> Option<String> {
        let kind = kind_of(resource)?;
        let id = self.id_of(&resource.at);
        if !self.by_id.contains_key(&id) {
            let node = self.declared_node(resource, kind, &id);
            self.by_id.insert(id.clone(), node);
        }
        Some(id)
    }

    fn declared_node(&self, resource: &'a Resource, kind: NodeKind, id: &str) -> Node {
        let mut names = vec![resource.at.id.to_string()];
        names.extend(resource.title.iter().filter(|title| **title != resource.at.id).map(ToString::to_string));
        for name in &resource.names {
            for one in alternatives(&Resolver::new(self.index, None).value(name)) {
                let text = one.to_string();
                if !names.contains(&text) {
                    names.push(text);
                }
            }
        }
        Node {
            id: id.to_owned(),
            kind,
            name: resource.title.as_ref().unwrap_or(&resource.at.id).to_string(),
            names,
            parent: self.services.get(&resource.at.scope).cloned(),
            platform: platform_of(resource),
            details: resource.details.clone(),
            declared: vec![location(&resource.place)],
        }
    }

    /// The node of what was found; `None` for nothing.
    pub(crate) fn found(&mut self, found: &Found<'a>) -> Option<String> {
        match found {
            Found::Declared(resource) => self.declared(resource),
            Found::Undeclared { kind, name, scope, service, keys } => {
                let service = service_of(*kind, service);
                Some(self.outside(*kind, name, scope.as_ref(), service, keys))
            }
            Found::Service { kind, service } => {
                let title = catalog::service(service).map_or(&**service, |s| s.title);
                let id = format!("aws:{service}");
                self.by_id.entry(id.clone()).or_insert_with(|| Node {
                    id: id.clone(),
                    kind: *kind,
                    name: title.to_owned(),
                    names: vec![service.to_string()],
                    parent: None,
                    platform: format!("aws.{service}"),
                    details: BTreeMap::new(),
                    declared: Vec::new(),
                });
                Some(id)
            }
            Found::Nothing(_) => None,
        }
    }

    fn outside(
        &mut self,
        kind: NodeKind,
        name: &Arc<str>,
        scope: Option<&Arc<str>>,
        service: &str,
        keys: &[Arc<str>],
    ) -> String {
        // A key that means something only in its scope is told apart from the same key elsewhere.
        let within = scope.and_then(|s| self.services.get(s));
        let id = match within {
            Some(service) => format!("{kind}:{service}/{name}"),
            None => format!("{kind}:{name}"),
        };
        let platform = if service.is_empty() { String::new() } else { format!("aws.{service}") };
        // A path is no name that people use; the parameter that it is given to is.
        let last = last_name(name);
        let shown = match keys.last() {
            Some(key) if name.contains('/') => key.to_string(),
            _ if kind == NodeKind::External || is_unknown(&last) => name.to_string(),
            _ => last.to_string(),
        };
        let node = self.by_id.entry(id.clone()).or_insert_with(|| Node {
            id: id.clone(),
            kind,
            name: shown,
            names: vec![name.to_string()],
            parent: None,
            platform,
            details: BTreeMap::new(),
            declared: Vec::new(),
        });
        for key in keys {
            if !node.names.iter().any(|n| **n == **key) {
                node.names.push(key.to_string());
            }
        }
        // The own name first; which way was found first makes no difference.
        node.names[1..].sort();
        id
    }

    /// The names of a node's parts of a kind, in order.
    pub(crate) fn parts(&self, owner: &str, kind: NodeKind) -> Vec<&str> {
        let all = self.by_id.range(format!("{owner}/")..).map(|(_, node)| node);
        let own = all.take_while(|node| node.id.strip_prefix(owner).is_some_and(|rest| rest.starts_with('/')));
        own.filter(|node| node.kind == kind && node.parent.as_deref() == Some(owner)).map(|node| &*node.name).collect()
    }

    /// The part of a node, made at first use.
    pub(crate) fn part(&mut self, owner: &str, part: &Part, place: &Place) -> String {
        let id = format!("{owner}/{}", part.name);
        self.by_id.entry(id.clone()).or_insert_with(|| Node {
            id: id.clone(),
            kind: part.kind,
            name: part.name.to_string(),
            names: Vec::new(),
            parent: Some(owner.to_owned()),
            platform: String::new(),
            details: BTreeMap::new(),
            declared: vec![location(place)],
        });
        id
    }
}

/// The client name of the service that a node outside of the scan belongs to.
fn service_of(kind: NodeKind, service: &str) -> &str {
    if kind == NodeKind::External { "" } else { service }
}

/// Whether a piece of a name is only what a deployment knows: `${Team}`.
fn is_unknown(piece: &str) -> bool {
    piece.strip_prefix("${").is_some_and(|rest| rest.find('}') == Some(rest.len() - 1))
}

fn is_plain(stem: &str) -> bool {
    PLAIN_STEMS.contains(&stem.to_ascii_lowercase().as_str())
}

/// `orders/template.yaml` is `orders`, `backend/auth.yaml` is `backend/auth`, `template.yaml` is `template`.
pub(crate) fn service_path(file: &str) -> String {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let stem = name.split('.').next().unwrap_or(name);
    match (folder, is_plain(stem)) {
        ("", _) => stem.to_owned(),
        (folder, true) => folder.to_owned(),
        (folder, false) => format!("{folder}/{stem}"),
    }
}

#[cfg(test)]
mod tests {
    use super::service_path;

    #[test]
    fn a_service_is_named_by_what_says_most() {
        assert_eq!(service_path("orders/template.yaml"), "orders");
        assert_eq!(service_path("backend/auth.yaml"), "backend/auth");
        assert_eq!(service_path("template.yaml"), "template");
        assert_eq!(service_path("a/b/serverless.yml"), "a/b");
    }
}
