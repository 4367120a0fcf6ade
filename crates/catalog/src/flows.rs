//! `flows.toml`: what calls of a service mean where verbs cannot tell.

use crate::operation::{ArgumentPath, OperationFlow};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use vocabulary::{FlowKind, Mode, NodeKind};

const FLOWS: &str = include_str!("../data/flows.toml");

/// One or several, in the file's short form.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Kinds {
    One(NodeKind),
    Several(Vec<NodeKind>),
}

impl Kinds {
    fn list(&self) -> Vec<NodeKind> {
        match self {
            Self::One(kind) => vec![*kind],
            Self::Several(kinds) => kinds.clone(),
        }
    }
}

/// What operations do that a service's entry does not list.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Otherwise {
    /// No flow.
    #[default]
    None,
    /// The service is used.
    Use,
    /// Read or write, by the verb.
    Verb,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceFlows {
    node: Option<Kinds>,
    #[serde(default)]
    target: Vec<String>,
    #[serde(default)]
    instead: Vec<String>,
    #[serde(default)]
    member: Vec<String>,
    #[serde(default)]
    pub(crate) otherwise: Otherwise,
    #[serde(default)]
    read: Vec<String>,
    #[serde(default)]
    write: Vec<String>,
    #[serde(default)]
    publish: Vec<String>,
    #[serde(default)]
    invoke: Vec<String>,
    #[serde(default, rename = "use")]
    used: Vec<String>,
    #[serde(default)]
    silent: Vec<String>,
    #[serde(default)]
    flow: Vec<Detail>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the tables, and says one thing by itself")]
struct Detail {
    of: Vec<String>,
    kind: FlowKind,
    mode: Option<Mode>,
    node: Option<Kinds>,
    target: Option<Vec<String>>,
    #[serde(default)]
    instead: Vec<String>,
    async_when: Option<(String, String)>,
    #[serde(default)]
    endpoint: bool,
    #[serde(default)]
    below: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    answers: bool,
    default: Option<String>,
    event: Option<(String, String)>,
    statement: Option<String>,
    passes: Option<String>,
    #[serde(default)]
    made: bool,
}

#[derive(Debug, Deserialize)]
struct File {
    silent: BTreeSet<String>,
    control: BTreeSet<String>,
    lone: BTreeSet<String>,
    #[serde(flatten)]
    services: BTreeMap<String, ServiceFlows>,
}

static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(FLOWS).unwrap_or_else(|e| panic!("the catalog's own flows.toml: {e}")));

/// The entry of a service.
pub(crate) fn of(client: &str) -> Option<&'static ServiceFlows> {
    FILE.services.get(client)
}

/// Whether calls of this service are nothing that anybody draws.
pub(crate) fn is_silent(client: &str) -> bool {
    FILE.silent.contains(client)
}

/// Whether a call that names nothing of this service is of the only thing that a system has of it.
pub fn is_lone(client: &str) -> bool {
    FILE.lone.contains(client)
}

/// Whether a verb speaks of managing a resource rather than of what is in it.
pub(crate) fn is_control(verb: &str) -> bool {
    FILE.control.contains(verb)
}

impl ServiceFlows {
    /// The kinds that a target can be.
    pub(crate) fn wants(&self, kind: NodeKind) -> Vec<NodeKind> {
        self.node.as_ref().map_or_else(|| vec![kind], Kinds::list)
    }

    /// Where the name of the target stands.
    pub(crate) fn targets(&self) -> Vec<ArgumentPath> {
        paths(&self.target)
    }

    /// Where the name of what belongs to the target stands.
    pub(crate) fn members(&self) -> Vec<ArgumentPath> {
        paths(&self.member)
    }

    /// The flows of an operation; `None` when the entry does not speak of it. `kind` is the service's.
    pub(crate) fn flows(&self, name: &str, kind: NodeKind) -> Option<Vec<OperationFlow>> {
        let listed = self.lists().into_iter().filter(|(_, names)| names.iter().any(|n| n == name));
        let plain = listed.map(|(flow, _)| self.plain(flow, kind));
        let all: Vec<_> = plain.chain(self.details(name, kind)).collect();
        if !all.is_empty() || self.silent.iter().any(|n| n == name) {
            return Some(all);
        }
        let others: Vec<_> = self.details("*", kind).collect();
        (!others.is_empty()).then_some(others)
    }

    fn details(&self, name: &str, kind: NodeKind) -> impl Iterator<Item = OperationFlow> {
        let of = self.flow.iter().filter(move |d| d.of.iter().any(|n| n == name));
        of.map(move |d| self.detailed(d, kind))
    }

    fn lists(&self) -> [(FlowKind, &[String]); 5] {
        [
            (FlowKind::Read, &self.read),
            (FlowKind::Write, &self.write),
            (FlowKind::Publish, &self.publish),
            (FlowKind::Invoke, &self.invoke),
            (FlowKind::Use, &self.used),
        ]
    }

    fn plain(&self, flow: FlowKind, kind: NodeKind) -> OperationFlow {
        OperationFlow {
            kind: flow,
            mode: usual(flow),
            wants: self.wants(kind),
            async_when: None,
            targets: self.targets(),
            instead: self.instead.clone(),
            members: self.members(),
            endpoint: false,
            below: false,
            optional: false,
            answers: false,
            default: None,
            event: None,
            statement: None,
            passes: None,
            made: false,
        }
    }

    fn detailed(&self, detail: &Detail, kind: NodeKind) -> OperationFlow {
        let plain = self.plain(detail.kind, kind);
        let targets = detail.target.as_deref().map_or(plain.targets, paths);
        OperationFlow {
            kind: detail.kind,
            mode: detail.mode.unwrap_or(plain.mode),
            wants: detail.node.as_ref().map_or(plain.wants, Kinds::list),
            async_when: detail.async_when.clone(),
            targets: if detail.endpoint || detail.answers { Vec::new() } else { targets },
            members: plain.members,
            instead: if detail.instead.is_empty() { plain.instead } else { detail.instead.clone() },
            endpoint: detail.endpoint,
            below: detail.below,
            optional: detail.optional,
            answers: detail.answers,
            default: detail.default.clone(),
            event: detail.event.as_ref().map(|(source, kind)| (ArgumentPath::parse(source), ArgumentPath::parse(kind))),
            statement: detail.statement.as_deref().map(ArgumentPath::parse),
            passes: detail.passes.as_deref().map(ArgumentPath::parse),
            made: detail.made,
        }
    }
}

/// Who publishes does not wait for the consumer; all others get an answer.
fn usual(kind: FlowKind) -> Mode {
    if kind == FlowKind::Publish { Mode::Async } else { Mode::Sync }
}

fn paths(texts: &[String]) -> Vec<ArgumentPath> {
    texts.iter().map(|text| ArgumentPath::parse(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_named_exists() {
        for name in FILE.silent.iter().chain(FILE.services.keys()) {
            assert!(crate::service(name).is_some(), "{name}");
        }
        for name in &FILE.silent {
            assert!(!FILE.services.contains_key(name), "{name} is silent and has an entry");
        }
    }

    #[test]
    fn every_operation_named_exists() {
        for (service, entry) in &FILE.services {
            for name in &entry.silent {
                let known = crate::operation(service, name).unwrap_or_else(|| panic!("{service} has no {name}"));
                assert!(known.flows.is_empty(), "{service} {name}");
            }
            let listed = entry.lists().into_iter().flat_map(|(_, names)| names);
            for name in listed.chain(entry.flow.iter().flat_map(|d| &d.of)).filter(|name| *name != "*") {
                let known = crate::operation(service, name).unwrap_or_else(|| panic!("{service} has no {name}"));
                assert_eq!(&known.name, name, "{service}");
                assert!(!known.flows.is_empty(), "{service} {name}");
            }
        }
    }

    #[test]
    fn no_flow_is_said_twice() {
        for (service, entry) in &FILE.services {
            for name in entry.lists().into_iter().flat_map(|(_, names)| names) {
                let all = entry.flows(name, NodeKind::Other).unwrap();
                assert!(all.iter().enumerate().all(|(i, f)| !all[..i].contains(f)), "{service} {name}");
                assert_eq!(all.len(), 1, "{service} {name} is listed and has a flow of its own");
            }
        }
    }
}
