//! The edges of the model: declared flows and effects of code, joined to nodes and merged.

use crate::Options;
use crate::aliases;
use crate::events::Buses;
use crate::index::{Index, routine};
use crate::nodes::{Nodes, location};
use crate::pieces::alternatives;
use crate::routes::routes;
use crate::services::find_used;
use crate::substitute::Resolver;
use crate::target::{Found, Query, Target, find};
use facts::{Diagnostic, Effect, End, Entry, EventFilter, FlowKind, Link, Mode, NodeKind, Part, ResourceRef, RunTime};
use model::{Certainty, Edge, Evidence, Model, Transition, Unresolved};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Words kept on one arrow.
const MAX_LABELS: usize = 6;

/// Lines of source kept behind one arrow.
const MAX_EVIDENCE: usize = 32;

/// An edge while it is put together.
struct Draft {
    mode: Mode,
    certainty: Certainty,
    labels: BTreeSet<Arc<str>>,
    evidence: BTreeSet<Evidence>,
}

/// Edges by their ends and kind.
type Drafts = BTreeMap<(String, String, FlowKind), Draft>;

/// Builds a model out of declarations and effects.
pub(crate) struct Builder<'i, 'a> {
    pub(crate) index: &'i Index<'a>,
    pub(crate) nodes: Nodes<'i, 'a>,
    edges: Drafts,
    /// What only policies allow, kept apart: it must not colour what is known to happen.
    granted: Drafts,
    unresolved: Vec<Unresolved>,
    pub(crate) transitions: Vec<Transition>,
    diagnostics: Vec<Diagnostic>,
    pub(crate) buses: Buses,
    /// Flows from a bus of the events that a rule lets through, until all events are known.
    pub(crate) filtered: Vec<(Flow, EventFilter)>,
}

/// One flow, before it is merged with others between the same two nodes.
#[derive(Clone)]
pub(crate) struct Flow {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) kind: FlowKind,
    pub(crate) mode: Mode,
    pub(crate) certainty: Certainty,
    pub(crate) label: Option<Arc<str>>,
    pub(crate) evidence: Evidence,
}

impl<'i, 'a> Builder<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>) -> Self {
        let nodes = Nodes::new(index);
        Self {
            index,
            nodes,
            edges: Drafts::new(),
            granted: Drafts::new(),
            unresolved: Vec::new(),
            transitions: Vec::new(),
            diagnostics: Vec::new(),
            buses: Buses::default(),
            filtered: Vec::new(),
        }
    }

    /// Adds what configuration declares: services, resources, parts, links.
    pub(crate) fn declared(&mut self) {
        let declarations = self.index.declarations;
        for scope in &declarations.scopes {
            self.nodes.add_service(scope);
        }
        for resource in self.sorted_resources() {
            if !resource.implicit {
                self.nodes.declared(resource);
            }
        }
        for part in &declarations.parts {
            for target in self.end(part) {
                if let Some(owner) = self.nodes.found(&target.found) {
                    self.with_part(owner, part);
                }
            }
        }
        self.states(&declarations.states);
        for link in &declarations.links {
            if !link.condition.as_ref().is_some_and(|c| Resolver::new(self.index, None).never(c)) {
                self.link(link);
            }
        }
        for link in &declarations.indirect {
            if !link.condition.as_ref().is_some_and(|c| Resolver::new(self.index, None).never(c)) {
                self.link(&aliases::behind(self.index, link));
            }
        }
        self.parameter_circles();
    }

    fn sorted_resources(&self) -> Vec<&'a facts::Resource> {
        let mut all: Vec<&facts::Resource> = self.index.resources.values().copied().collect();
        all.sort_by(|a, b| a.at.cmp(&b.at));
        all
    }

    pub(crate) fn end(&self, end: &End) -> Vec<Target<'a>> {
        find(self.index, &query_of(end))
    }

    fn with_part(&mut self, owner: String, end: &End) -> String {
        match &end.part {
            Some(part) => self.nodes.part(&owner, part, &end.place),
            None => owner,
        }
    }

    fn link(&mut self, link: &Link) {
        let granted = link.certainty == Certainty::Granted;
        let used = link.kind == FlowKind::Use && !link.to.service.is_empty();
        let to = if used { find_used(self.index, &query_of(&link.to)) } else { self.end(&link.to) };
        let from = self.end(&link.from);
        let mut joined = false;
        for f in &from {
            for t in &to {
                if granted && !(matches!(f.found, Found::Declared(_)) && matches!(t.found, Found::Declared(_))) {
                    continue;
                }
                let (Some(owner), Some(other)) = (self.nodes.found(&f.found), self.nodes.found(&t.found)) else {
                    continue;
                };
                joined = true;
                if owner == other && self.is_bus(&owner) {
                    self.elsewhere(link, owner);
                    continue;
                }
                let kind = self.kind_at(link.kind, &other, "", "");
                let evidence = Evidence {
                    at: location(&link.evidence.place),
                    what: link.evidence.what.to_string(),
                    via: Vec::new(),
                    how: f.how.iter().chain(&t.how).map(ToString::to_string).collect(),
                };
                let from = self.with_part(owner, &link.from);
                let to = self.with_part(other, &link.to);
                let (ends, apart) = self.events_at(link.event.as_ref(), None, &link.evidence.place, to);
                for to in ends {
                    let flow = Flow {
                        from: from.clone(),
                        to,
                        kind,
                        mode: link.mode,
                        certainty: link.certainty.max(f.certainty).max(t.certainty).max(apart),
                        label: link.label.clone(),
                        evidence: evidence.clone(),
                    };
                    self.declared_flow(flow, link);
                }
            }
        }
        if !joined && !granted {
            self.unresolved_link(link, &from, &to);
        }
    }

    /// A rule sends nothing on to its own bus: the one that it names is another.
    fn elsewhere(&mut self, link: &Link, node: String) {
        self.unresolved.push(Unresolved {
            node,
            what: link.evidence.what.to_string(),
            why: "it is a bus of this name in another account or region, which the scan does not show".to_owned(),
            evidence: location(&link.evidence.place),
        });
    }

    /// A declared flow one end of which is not known is told at the node of the other end.
    fn unresolved_link(&mut self, link: &Link, from: &[Target<'a>], to: &[Target<'a>]) {
        let why = from.iter().chain(to).find_map(|t| match &t.found {
            Found::Nothing(why) => Some(why.clone()),
            _ => None,
        });
        let why = why.unwrap_or_else(|| "an end of it is not known".into());
        let known = from.iter().chain(to).find_map(|t| self.nodes.found(&t.found));
        let Some(node) = known else {
            let message = format!("`{}` joins two things that are not known: {why}", link.evidence.what);
            self.diagnostics.push(Diagnostic::warning("unresolved-link", link.evidence.place.clone(), message));
            return;
        };
        self.unresolved.push(Unresolved {
            node,
            what: link.evidence.what.to_string(),
            why: why.to_string(),
            evidence: location(&link.evidence.place),
        });
    }

    /// Adds what the code of one function does.
    pub(crate) fn effects(&mut self, owner: &ResourceRef, run_time: &RunTime) {
        let Some(resource) = self.index.resource(&owner.scope, &owner.id) else { return };
        let Some(from) = self.nodes.declared(resource) else { return };
        for effect in &run_time.effects {
            self.effect(owner, &from, effect);
        }
        for missing in &run_time.missing {
            self.unresolved.push(Unresolved {
                node: from.clone(),
                what: missing.evidence.what.to_string(),
                why: missing.why.to_string(),
                evidence: location(&missing.evidence.place),
            });
        }
    }

    fn effect(&mut self, owner: &ResourceRef, from: &str, effect: &Effect) {
        let entry = self.index.environment(owner);
        let query = Query { what: &effect.target, wants: &effect.wants, service: &effect.service, entry };
        let found = if effect.kind == FlowKind::Use { find_used(self.index, &query) } else { find(self.index, &query) };
        for target in found {
            let Some(to) = self.nodes.found(&target.found) else {
                if let Found::Nothing(why) = &target.found {
                    self.unresolved.push(Unresolved {
                        node: from.to_owned(),
                        what: effect.evidence.what.to_string(),
                        why: why.to_string(),
                        evidence: location(&effect.evidence.place),
                    });
                }
                continue;
            };
            let kind = self.kind_at(effect.kind, &to, &effect.operation, &known_text(&effect.target));
            let Some(to) = self.part_at(effect, entry, to) else { continue };
            let ends = self.called_parts(&query, effect, &target, to);
            let ends = self.events_of(effect, entry, ends);
            let how = effect.how.iter().chain(&target.how).map(ToString::to_string).collect();
            let evidence = Evidence {
                at: location(&effect.evidence.place),
                what: effect.evidence.what.to_string(),
                via: effect.evidence.via.iter().map(ToString::to_string).collect(),
                how,
            };
            let from = match &effect.within {
                Some(part) => self.nodes.part(from, part, &effect.evidence.place),
                None => from.to_owned(),
            };
            for (to, certainty) in ends {
                self.add(Flow {
                    from: from.clone(),
                    to,
                    kind,
                    mode: effect.mode,
                    certainty: certainty.max(Certainty::Inferred),
                    label: Some(effect.operation.clone()).filter(|o| !o.is_empty()),
                    evidence: evidence.clone(),
                });
            }
        }
    }

    /// The parts of what was found that an effect can be about: fields of a GraphQL API, routes; else the whole.
    fn called_parts(
        &mut self,
        query: &Query<'_, 'a>,
        effect: &Effect,
        target: &Target<'a>,
        whole: String,
    ) -> Vec<(String, Certainty)> {
        let Found::Declared(resource) = target.found else { return vec![(whole, target.certainty)] };
        let kind = self.nodes.by_id.get(&whole).map(|node| node.kind);
        let (part, names): (NodeKind, BTreeSet<Option<String>>) = match (kind, &effect.part) {
            (Some(NodeKind::GraphqlApi), Some((NodeKind::Field, name))) => {
                let name = Resolver::new(self.index, query.entry).value(name);
                let all = alternatives(&name);
                (NodeKind::Field, all.iter().map(|one| one.as_literal().map(str::to_owned)).collect())
            }
            (Some(NodeKind::RestApi | NodeKind::HttpApi), _) => {
                let known = self.nodes.parts(&whole, NodeKind::Route);
                let all = routes(self.index, query, resource, &effect.operation, &known);
                (NodeKind::Route, all.into_iter().map(|name| name.map(str::to_owned)).collect())
            }
            _ => return vec![(whole, target.certainty)],
        };
        let certainty = if names.len() > 1 { Certainty::Possible } else { target.certainty };
        let ends = names.into_iter().map(|name| match name {
            Some(name) => self.nodes.part(&whole, &Part { kind: part, name: name.into() }, &effect.evidence.place),
            None => whole.clone(),
        });
        ends.map(|end| (end, certainty.max(target.certainty))).collect()
    }

    /// A request by HTTP to a store or a pool is what it does there, not a call of it.
    fn kind_at(&self, kind: FlowKind, to: &str, method: &str, address: &str) -> FlowKind {
        let at = self.nodes.by_id.get(to).filter(|_| kind == FlowKind::Invoke).map(|n| n.kind);
        at.and_then(|at| catalog::request_kind(at, method, address)).unwrap_or(kind)
    }

    /// The part of a node that an effect names: a table or a routine of a database; or else the node. `None` where the
    /// part may be built in and the scan does not declare it.
    fn part_at(&mut self, effect: &Effect, entry: Option<&'a Entry>, to: String) -> Option<String> {
        let Some((kind, name)) = &effect.part else { return Some(to) };
        let at = self.nodes.by_id.get(&to).map(|n| n.kind);
        let sql = matches!(kind, NodeKind::SqlTable | NodeKind::SqlProcedure) && at == Some(NodeKind::Database);
        let name = Resolver::new(self.index, entry).value(name);
        let declared = || name.as_literal().and_then(|name| self.index.routines.get(&routine(name)));
        match name.as_literal() {
            Some(_) if effect.maybe && declared().is_none() => None,
            Some(text) if sql => {
                let place = declared().map_or(&effect.evidence.place, |routine| &routine.place);
                Some(self.nodes.part(&to, &Part { kind: *kind, name: text.into() }, place))
            }
            _ => Some(to),
        }
    }

    pub(crate) fn add(&mut self, flow: Flow) {
        let drafts = if flow.certainty == Certainty::Granted { &mut self.granted } else { &mut self.edges };
        let draft = drafts.entry((flow.from, flow.to, flow.kind)).or_insert_with(|| Draft {
            mode: flow.mode,
            certainty: flow.certainty,
            labels: BTreeSet::new(),
            evidence: BTreeSet::new(),
        });
        draft.mode = draft.mode.min(flow.mode);
        draft.certainty = draft.certainty.min(flow.certainty);
        draft.labels.extend(flow.label);
        draft.evidence.insert(flow.evidence);
    }

    fn parameter_circles(&mut self) {
        for scope in &self.index.declarations.scopes {
            for (name, parameter) in &scope.parameters {
                let resolver = Resolver::new(self.index, None);
                resolver.value(&facts::Expr::Parameter { scope: scope.id.clone(), name: name.clone() });
                if !resolver.circles.borrow().is_empty() {
                    let message = format!("the parameter `{name}` is defined by itself; what it names is left out");
                    self.diagnostics.push(Diagnostic::warning("parameter-cycle", parameter.place.clone(), message));
                }
            }
        }
    }

    /// The model, and what could not be joined.
    pub(crate) fn finish(mut self, options: &Options) -> (Model, Vec<Diagnostic>) {
        self.filtered_flows();
        let mut edges = std::mem::take(&mut self.edges);
        self.add_news(&mut edges);
        self.drop_vague(&mut edges);
        let edges: Vec<Edge> =
            edges.into_iter().map(|((from, to, kind), draft)| finish_edge(from, to, kind, draft)).collect();
        let touched: BTreeSet<&str> = edges
            .iter()
            .filter(|e| e.certainty != Certainty::Granted)
            .flat_map(|e| [e.from.as_str(), e.to.as_str()])
            .collect();
        // A stored value is architecture only where running code reads it.
        let idle = |node: &model::Node| node.kind == NodeKind::Parameter && !touched.contains(node.id.as_str());
        let idle: BTreeSet<String> = self.nodes.by_id.values().filter(|n| idle(n)).map(|n| n.id.clone()).collect();
        let edges = edges.iter().filter(|e| !idle.contains(&e.from) && !idle.contains(&e.to)).cloned().collect();
        let nodes = self.nodes.by_id.into_values().filter(|n| !idle.contains(&n.id)).collect();
        let (unresolved, transitions) = (self.unresolved, self.transitions);
        let mut model = Model { name: options.name.clone(), revision: None, nodes, edges, transitions, unresolved };
        model.sort();
        (model, self.diagnostics)
    }

    /// That something uses a store is said already where it is known to read or to write it, or a part of it.
    fn drop_vague(&self, edges: &mut Drafts) {
        let exact = |kind| matches!(kind, FlowKind::Read | FlowKind::Write | FlowKind::Invoke);
        let happens = |draft: &Draft| draft.certainty != Certainty::Granted;
        let known: BTreeSet<(String, String)> = edges
            .iter()
            .filter(|((_, to, kind), draft)| {
                exact(*kind) && happens(draft) && (*kind != FlowKind::Invoke || self.is_part(to))
            })
            .flat_map(|((from, to, _), _)| [(from.clone(), self.owner(to)), (self.owner(from), self.owner(to))])
            .collect();
        edges.retain(|(from, to, kind), _| *kind != FlowKind::Use || !known.contains(&(from.clone(), to.clone())));
    }

    /// The node that a part is of; any other node is its own.
    fn owner(&self, id: &str) -> String {
        let node = self.nodes.by_id.get(id).filter(|n| n.kind.is_part());
        node.and_then(|n| n.parent.clone()).unwrap_or_else(|| id.to_owned())
    }

    fn is_part(&self, id: &str) -> bool {
        self.nodes.by_id.get(id).is_some_and(|n| n.kind.is_part())
    }

    /// What a policy allows is no news where a flow is known to happen.
    fn add_news(&mut self, edges: &mut Drafts) {
        // What a part of a function does, the function is known to do.
        let ends = |id: &String| [id.clone(), self.owner(id)];
        let pairs =
            edges.keys().flat_map(|(f, t, _)| ends(f).into_iter().flat_map(|f| ends(t).map(|t| (f.clone(), t))));
        let known: BTreeSet<(String, String)> = pairs.collect();
        let granted = std::mem::take(&mut self.granted);
        edges.extend(granted.into_iter().filter(|((f, t, _), _)| !known.contains(&(f.clone(), t.clone()))));
    }
}

/// The text of an expression as far as it is known by itself.
fn known_text(e: &facts::Expr) -> String {
    match e {
        facts::Expr::Literal(text) => text.to_string(),
        facts::Expr::Concat(all) => all.iter().map(|e| e.as_literal().unwrap_or("\u{FFFC}")).collect(),
        _ => String::new(),
    }
}

fn finish_edge(from: String, to: String, kind: FlowKind, draft: Draft) -> Edge {
    let shown: Vec<&str> = draft.labels.iter().take(MAX_LABELS).map(|l| &**l).collect();
    let mut label = shown.join(", ");
    if draft.labels.len() > MAX_LABELS {
        label.push_str(", …");
    }
    let evidence = draft.evidence.into_iter().take(MAX_EVIDENCE).collect();
    Edge { from, to, kind, mode: draft.mode, certainty: draft.certainty, label, evidence }
}

fn query_of<'a>(end: &End) -> Query<'_, 'a> {
    let service = if end.service.is_empty() { service_of(&end.wants) } else { &end.service };
    Query { what: &end.what, wants: &end.wants, service, entry: None }
}

/// The client name of the service whose nodes are wanted, for the icon of one that is not declared.
fn service_of(wants: &[NodeKind]) -> &'static str {
    wants.first().and_then(|kind| catalog::service_of_kind(*kind)).map_or("", |s| s.client)
}
