//! What configuration declares: scopes, resources, links between them, entry points into code.

use crate::{Certainty, Diagnostic, Event, EventFilter, Evidence, Expr, FlowKind, Mode, NodeKind, Place};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that the configuration of a repository declares.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Declarations {
    /// Stacks, templates, services.
    pub scopes: Vec<Scope>,
    /// Declared things.
    pub resources: Vec<Resource>,
    /// Declared flows.
    pub links: Vec<Link>,
    /// Parts of resources that exist though no link ends at them (a route without integration).
    pub parts: Vec<End>,
    /// States of state machines.
    pub states: Vec<State>,
    /// Names of things that stand for other things.
    pub aliases: Vec<Alias>,
    /// Declared flows whose receiver is named by an alias, which another file may declare.
    pub indirect: Vec<Link>,
    /// Deployed code.
    pub entries: Vec<Entry>,
    /// Folders of code that several entries can share.
    pub layers: Vec<Layer>,
    /// Layers that entries name in words which their own file does not explain.
    pub borrowed: Vec<Borrowed>,
    /// Stacks deployed by stacks.
    pub instances: Vec<Instance>,
    /// Values that a deployment gives to a stack's parameters.
    pub deployments: Vec<Deployment>,
    /// Values put under a name that other stacks or code look up.
    pub stored: Vec<Stored>,
    /// Values that functions find in their events.
    pub handed: Vec<Handed>,
    /// Tasks that wait for an answer.
    pub waits: Vec<Wait>,
    /// Host names at which APIs are reached.
    pub hosts: Vec<Host>,
    /// Secrets that say how something is reached.
    pub attached: Vec<Attached>,
    /// What sends its events to the default bus.
    pub senders: Vec<Sender>,
    /// Paths of APIs by the resources that stand for them.
    pub segments: Vec<Segment>,
    /// Routes whose path begins outside of their own template.
    pub mounted: Vec<Mounted>,
    /// Functions and procedures that files declare for databases.
    pub routines: Vec<Routine>,
    /// Files that are a part of another file's scope and therefore none by themselves.
    pub included: BTreeSet<Arc<str>>,
    /// What could not be read or was left out.
    pub diagnostics: Vec<Diagnostic>,
}

impl Declarations {
    /// Adds everything of `other` at the end.
    pub fn append(&mut self, mut other: Self) {
        self.scopes.append(&mut other.scopes);
        self.resources.append(&mut other.resources);
        self.links.append(&mut other.links);
        self.parts.append(&mut other.parts);
        self.states.append(&mut other.states);
        self.aliases.append(&mut other.aliases);
        self.indirect.append(&mut other.indirect);
        self.entries.append(&mut other.entries);
        self.layers.append(&mut other.layers);
        self.borrowed.append(&mut other.borrowed);
        self.instances.append(&mut other.instances);
        self.deployments.append(&mut other.deployments);
        self.stored.append(&mut other.stored);
        self.handed.append(&mut other.handed);
        self.waits.append(&mut other.waits);
        self.hosts.append(&mut other.hosts);
        self.attached.append(&mut other.attached);
        self.senders.append(&mut other.senders);
        self.segments.append(&mut other.segments);
        self.mounted.append(&mut other.mounted);
        self.routines.append(&mut other.routines);
        self.included.append(&mut other.included);
        self.diagnostics.append(&mut other.diagnostics);
    }
}

/// A namespace of logical ids and parameters: one template or one Serverless service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scope {
    /// Its identity: the path of the file that declares it.
    pub id: Arc<str>,
    /// What people call it, when the file itself says so (a Serverless service name).
    pub name: Option<Expr>,
    /// The name that it is deployed under, when the file says so.
    pub stack: Option<Expr>,
    /// The first words that describe it, shortened to one line.
    pub description: Option<Arc<str>>,
    /// Parameters by name.
    pub parameters: BTreeMap<Arc<str>, Parameter>,
    /// Outputs by name.
    pub outputs: BTreeMap<Arc<str>, Output>,
    /// Where it begins.
    pub place: Place,
}

/// A parameter of a scope.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// The value when deployment gives none. For a parameter whose type makes the platform look up an SSM
    /// parameter, this already is [`Expr::Ssm`] of the default.
    pub default: Option<Expr>,
    /// Whether a given value is the name of an SSM parameter to be looked up, not the value itself.
    pub looked_up: bool,
    /// Where it is declared.
    pub place: Place,
}

/// An output of a scope.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Output {
    /// Its value.
    pub value: Expr,
    /// The name under which it is exported to all stacks, if it is.
    pub export: Option<Expr>,
    /// Where it is declared.
    pub place: Place,
}

/// A resource by scope and logical id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceRef {
    /// The scope that declares it.
    pub scope: Arc<str>,
    /// Its logical id there.
    pub id: Arc<str>,
}

impl ResourceRef {
    /// The expression that refers to it.
    pub fn expr(&self) -> Expr {
        Expr::resource(self.scope.clone(), self.id.clone())
    }
}

/// A declared thing. Only what may become a node is a resource here; roles and the like are left out by
/// the front end, which asks the catalog.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resource {
    /// Its identity.
    pub at: ResourceRef,
    /// The platform's type name, a key of the catalog: `AWS::SQS::Queue`.
    pub type_name: Arc<str>,
    /// The kind of node, when it is not the catalog's for that type (an API whose protocol is WebSocket).
    pub kind: Option<NodeKind>,
    /// What people call it, where that is not the logical id.
    pub title: Option<Arc<str>>,
    /// Physical names, most specific first.
    pub names: Vec<Expr>,
    /// Facts worth showing: `runtime`, `memory`, `timeout`, `handler`, `schedule`, `engine`.
    pub details: BTreeMap<String, serde_json::Value>,
    /// Evaluates to `true` or `false`; absent means that it always exists.
    pub condition: Option<Expr>,
    /// Made by the platform for another declaration (an implicit API, a schedule of an event): drawn only
    /// when a flow touches it.
    pub implicit: bool,
    /// Where it is declared.
    pub place: Place,
}

/// A part of a node: a route of an API, a state of a machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Part {
    /// One of the part kinds of [`NodeKind`].
    pub kind: NodeKind,
    /// Its name within the node: `GET /orders/{id}`, `Query.order`, a state's name.
    pub name: Arc<str>,
}

/// A state of a machine, and which states come after it: control flow within one node, not a flow between nodes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// The machine, with the state as its part.
    pub at: End,
    /// What it does, in the platform's word: `Task`, `Choice`.
    pub type_name: Option<Arc<str>>,
    /// Whether the machine starts with it.
    pub first: bool,
    /// The states that may come next: their names, and when; an empty text where it is always so.
    pub next: Vec<(Arc<str>, Arc<str>)>,
    /// The state inside of which it runs, and in which of its branches, counted from 1; 0 for what is done for each item.
    pub within: Option<(Arc<str>, u32)>,
}

/// One end of a declared flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct End {
    /// What names the thing.
    pub what: Expr,
    /// The part of it, if the flow is about one.
    pub part: Option<Part>,
    /// The kinds that the thing can be, when the declaration limits them. An end that resolves to nothing in
    /// the scan becomes a node of the first of these, known only by its name.
    pub wants: Vec<NodeKind>,
    /// The service that is called, by its client's name; empty where the kinds say enough.
    pub service: Arc<str>,
    /// Where the end is written.
    pub place: Place,
}

/// A declared flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// Who initiates.
    pub from: End,
    /// Who receives.
    pub to: End,
    /// What flows.
    pub kind: FlowKind,
    /// Whether the initiator waits.
    pub mode: Mode,
    /// [`Certainty::Declared`], or [`Certainty::Granted`] for what only a policy allows.
    pub certainty: Certainty,
    /// A few words on the arrow: `POST /orders`, `dead letters`, `OrderPlaced`.
    pub label: Option<Arc<str>>,
    /// Exists only if this is not `false`.
    pub condition: Option<Expr>,
    /// Of the events on a bus, those that it lets through.
    pub filter: Option<EventFilter>,
    /// Which events it puts onto a bus.
    pub event: Option<Event>,
    /// The source that says so.
    pub evidence: Evidence,
}

/// A name that stands for something else: a data source of a GraphQL API, for the table or function behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alias {
    /// The resource that declares it.
    pub at: ResourceRef,
    /// Its name, which means something within `of`.
    pub name: Expr,
    /// What it belongs to.
    pub of: Expr,
    /// What it stands for.
    pub to: Expr,
}

/// Deployed code: where a function or container starts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The function or container that runs it.
    pub owner: ResourceRef,
    /// The platform's word for the language and version (`python3.12`), when it is declared.
    pub runtime: Option<Arc<str>>,
    /// Where in the code it starts.
    pub handler: Handler,
    /// Folders on the module search path, first wins: the function's own code, then its layers'.
    /// Relative to the scanned root; `""` is the root itself.
    pub roots: Vec<Arc<str>>,
    /// The archive that the code is in, where it is one: what else of the scan it holds, nothing tells.
    pub archive: Option<Archive>,
    /// Environment variables.
    pub environment: BTreeMap<Arc<str>, (Expr, Place)>,
    /// Where the code is named.
    pub place: Place,
}

/// An archive of code that a build puts together, or that was uploaded before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Archive {
    /// Its key or the path of its file, as far as that is written: functions of one archive have the same.
    pub name: Arc<str>,
    /// Why nothing tells which folder of the scan it is made of, and where that is said. Such code may still be known by
    /// the name of its handler.
    pub unknown: Option<(String, Place)>,
}

/// Code that is deployed by itself for others to use.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// The resource that declares it.
    pub at: ResourceRef,
    /// The name that it is deployed under.
    pub name: Expr,
    /// What it adds to a module search path, first wins. Relative to the scanned root.
    pub roots: Vec<Arc<str>>,
}

/// A layer, or several, that deployed code names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Borrowed {
    /// The function that uses it.
    pub owner: ResourceRef,
    /// What names it: an ARN, a parameter, another stack's output.
    pub layer: Expr,
}

/// Where in the code an entry starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Handler {
    /// A name in the platform's notation, looked up under the roots: `app.main`, `src/app.main`.
    Named(Arc<str>),
    /// A file that is run, relative to the scanned root.
    Script(Arc<str>),
    /// An app that a server runs.
    App {
        /// The file that holds it, relative to the scanned root.
        file: Arc<str>,
        /// Its name there; several joined by `|` for the first that there is. Behind one that makes it stands `()`.
        name: Arc<str>,
    },
    /// Code inside a configuration file: a file of this path is among the sources, made by the front end.
    Inline {
        /// The handler's name: `index.handler`.
        name: Arc<str>,
        /// The text of the code.
        text: Arc<str>,
        /// Where the text begins; its lines follow it.
        place: Place,
    },
}

/// A stack deployed by another stack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// The resource that deploys it.
    pub owner: ResourceRef,
    /// The scope that is deployed.
    pub scope: Arc<str>,
    /// Its parameters, in terms of the owner's scope.
    pub parameters: BTreeMap<Arc<str>, Expr>,
    /// Where it is declared.
    pub place: Place,
}

/// Parameters that a stack is deployed with, as a script or a settings file says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deployment {
    /// The scope that is deployed.
    pub scope: Arc<str>,
    /// Its parameters. Variables of the script are parameters of the script's own scope.
    pub parameters: BTreeMap<Arc<str>, Expr>,
    /// Where it is written.
    pub place: Place,
}

/// A value that configuration hands to a function in its event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Handed {
    /// What names the function.
    pub to: Expr,
    /// The keys that lead to the value in the event.
    pub keys: Vec<Arc<str>>,
    /// The value.
    pub value: Expr,
    /// Where it is written.
    pub place: Place,
}

/// A host name of one's own at which something is reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Host {
    /// The host name.
    pub name: Expr,
    /// The first segment of the paths that are meant, where several things share the host.
    pub base: Option<Expr>,
    /// What is reached there.
    pub to: Expr,
    /// Where it is written.
    pub place: Place,
}

/// A resource that sends its events to the default bus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sender {
    /// The resource.
    pub at: ResourceRef,
    /// The source that the events name.
    pub source: Arc<str>,
}

/// A resource that stands for a path of an API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    /// The resource.
    pub at: ResourceRef,
    /// The path, as far as its own template says.
    pub path: Arc<str>,
    /// What of another template the path goes on above with.
    pub below: Option<Expr>,
}

/// A route whose path begins outside of its own template.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mounted {
    /// Where the route is declared.
    pub at: Place,
    /// The route's name without what is above.
    pub name: Arc<str>,
    /// What it stands below.
    pub below: Expr,
}

/// A function or procedure of a database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Routine {
    /// Its name as it is written, without quotes, with its schema if that is written.
    pub name: Arc<str>,
    /// Where it is declared.
    pub place: Place,
}

/// A secret that holds the host and the credentials of something: of a database.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attached {
    /// The secret.
    pub secret: Expr,
    /// What is reached with it.
    pub to: Expr,
    /// Where it is written.
    pub place: Place,
}

/// A task that gives something a token and waits until somebody answers with it, or a durable function that can.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wait {
    /// The state machine or the function.
    pub machine: ResourceRef,
    /// What names the receiver of the token.
    pub to: Expr,
    /// Where it is written.
    pub place: Place,
}

/// Which store a [`Stored`] value is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StoredKind {
    /// SSM Parameter Store.
    Parameter,
    /// Secrets Manager.
    Secret,
}

/// A value that configuration puts under a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stored {
    /// Where it is kept.
    pub kind: StoredKind,
    /// The name under which it is looked up.
    pub name: Expr,
    /// The value; `None` when it is made by the platform (a generated password).
    pub value: Option<Expr>,
    /// The resource that keeps it.
    pub at: ResourceRef,
    /// Where it is declared.
    pub place: Place,
}
