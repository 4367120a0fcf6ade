//! What the tables say: rules for calls, and classes of handles.

use super::{Action, Argument};
use serde::Deserialize;
use vocabulary::{FlowKind, Mode, NodeKind};

/// A flow that a library call makes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallFlow {
    /// What flows.
    pub kind: FlowKind,
    /// Whether the caller waits.
    #[serde(default = "sync")]
    pub mode: Mode,
    /// The kinds that the target can be, the likeliest first.
    pub wants: Vec<NodeKind>,
    /// What names the target; absent: the service itself.
    pub target: Option<Argument>,
    /// The way to the target's name inside of that, in lists and maps: `paths[]`; without it there is no flow.
    pub inside: Option<String>,
    /// What stands before the target's text (the base address of an HTTP session); left out unless all is given.
    #[serde(default)]
    pub prefix: Vec<Argument>,
    /// The service, a key of the catalog; empty for none.
    #[serde(default)]
    pub service: String,
    /// The operation: a word for the arrow, or where it stands among the arguments.
    pub operation: Argument,
    /// A statement of SQL: its first word is the operation, and says what flows.
    pub statement: Option<Argument>,
    /// Whether the target is a server, to be found in what holds its address (see [`Servers`]). One that runs on
    /// the machine itself makes no flow.
    #[serde(default)]
    pub server: bool,
    /// The table of a database: what names it, or a class or handle that knows it as `table`.
    pub table: Option<Argument>,
    /// The stored routine of a database that is called.
    pub routine: Option<Argument>,
    /// Whether it happens only after an attribute of a tracked object has been set.
    #[serde(default)]
    pub when_changed: bool,
    /// How the target's text begins (`s3://`); a text that begins otherwise names no target of this flow.
    #[serde(default)]
    pub begins: String,
    /// Whether a text without a scheme stands behind that beginning.
    #[serde(default)]
    pub bare: bool,
    /// How the target is opened: `w`, `a` or `x` in it writes, anything else reads.
    pub opened: Option<Argument>,
    /// The path of a request to a store: with the operation as its method, it says what flows.
    pub path: Option<Argument>,
    /// A GraphQL document, or what holds one as its `query`: the fields that it asks for are parts of the target.
    pub document: Option<Argument>,
}

/// Where the address of a server is found, and which servers are none of the system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Servers {
    /// Fields of handles, and keys of maps, that hold an address or something that has one; the first that is there.
    pub fields: Vec<String>,
    /// Hosts that are the machine itself.
    pub local_hosts: Vec<String>,
    /// Schemes of addresses that name a file or memory.
    pub local_schemes: Vec<String>,
}

/// What a call means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the tables, and says one thing by itself")]
pub struct Rule {
    #[serde(default)]
    pub(crate) of: Vec<String>,
    #[serde(default)]
    pub(crate) on: Vec<String>,
    #[serde(default)]
    pub(crate) name: Vec<String>,
    /// The class of the handle that it gives.
    pub gives: Option<String>,
    /// The fields of that handle.
    #[serde(default)]
    pub with: std::collections::BTreeMap<String, Argument>,
    /// How its value is made, when it gives no handle.
    pub does: Option<Action>,
    /// What the action works on.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// The flow it makes.
    pub flow: Option<CallFlow>,
    /// The operation of a service that it is: a service and the name of an operation.
    pub operation: Option<(Argument, Argument)>,
    /// Arguments of that operation, where they are not the call's own.
    #[serde(default)]
    pub passes: std::collections::BTreeMap<String, Argument>,
    /// A function that is called by it.
    pub calls: Option<Argument>,
    /// A list that is spread into the arguments of that function.
    pub passing: Option<Argument>,
    /// Whether the arguments after the called one are passed on to it.
    #[serde(default)]
    pub passing_rest: bool,
    /// The method of the scan's own class that it calls: `start` of a thread calls `run`.
    pub own: Option<String>,
    /// Puts what it decorates, or what this argument gives, among the functions that the receiver calls: for the route
    /// that the fields of `with` say, where it gives no handle.
    pub registers: Option<Argument>,
    /// Fields that the receiver gets, when its class has an identity.
    #[serde(default)]
    pub sets: std::collections::BTreeMap<String, Argument>,
    /// What the routes of an app that is registered stand below.
    pub prefix: Option<Argument>,
    /// The same, where it stands instead of what the registered app itself says.
    pub prefix_instead: Option<Argument>,
    /// Makes the handle that it gives, or the receiver, a part of this app.
    pub joins: Option<Argument>,
    /// Calls every function that is registered with this handle.
    pub runs: Option<Argument>,
    /// Whether those functions get this call's arguments.
    #[serde(default)]
    pub handing_on: bool,
    /// Whether that function gets one element of the list in each call.
    #[serde(default)]
    pub each: bool,
    /// Whether that function gets what comes in at run time.
    #[serde(default)]
    pub event: bool,
    /// Whether it may call every function that is among its arguments, beside what else it does.
    #[serde(default)]
    pub may_call: bool,
}

/// A class of handles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the tables, and says one thing by itself")]
pub struct HandleClass {
    /// The class whose rules hold here too.
    pub extends: Option<String>,
    /// The field that holds the service, when any other method is an operation of its API.
    pub operations: Option<String>,
    /// Whether methods and attributes come from the SDK's resource models, by the fields `service` and `type`.
    #[serde(default)]
    pub modelled: bool,
    /// Whether each call that gives one gives another.
    #[serde(default)]
    pub identity: bool,
    /// Whether an element, or what a loop or a resource block gives, is the handle itself.
    #[serde(default)]
    pub same_inside: bool,
    /// Classes of a library; a class of the scan below one of them is such a handle, and so are its instances, in
    /// all that the scan's class does not define itself.
    #[serde(default)]
    pub bases: Vec<String>,
    /// Fields that such a class of the scan declares, by the dotted class attribute: `Meta.table_name`; several
    /// joined by ` or `.
    #[serde(default)]
    pub declared: std::collections::BTreeMap<String, String>,
    /// What the library makes beside such a class of the scan, under names of its own: each is such a handle too.
    #[serde(default)]
    pub makes: Vec<String>,
    /// The field that names the target, when a flow is given the handle or the class itself.
    pub names: Option<String>,
    /// Whether one that is an attribute of another class keeps that class in its field `owner`.
    #[serde(default)]
    pub owned: bool,
    /// Whether attributes that are set on its instances are written by a later call.
    #[serde(default)]
    pub tracked: bool,
    /// Whether a method that no rule speaks of gives the handle itself.
    #[serde(default)]
    pub chains: bool,
    /// Whether an attribute that no rule speaks of is the handle itself.
    #[serde(default)]
    pub members: bool,
    /// Whether one that decorates a function stands for it afterwards: called, it calls the function, and its methods
    /// are its own. The function then gets the handle first where its field `bind` is true.
    #[serde(default)]
    pub decorates: bool,
    /// Whether an attribute that no rule speaks of is the handle with the way to it in its field `way`.
    #[serde(default)]
    pub ways: bool,
    /// The class of handles that a method gives that no rule speaks of: a request for the operation of that name.
    pub begins: Option<String>,
    /// Whether a method that no rule speaks of sets what is called the same (see [`crate::Action::Collected`]).
    #[serde(default)]
    pub collects: bool,
    /// It stands for a statement of SQL that begins with this word, about the table of its field `table`.
    pub statement: Option<String>,
}

/// A class of a library that classes of the scan are derived from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseClass {
    /// Whether its declared fields are read from the environment, in whatever case.
    #[serde(default)]
    pub environment: bool,
    /// Dotted class attributes that say what stands before the names of those variables, the first that is there.
    #[serde(default)]
    pub prefix: Vec<String>,
    /// Whether its declared fields are all instances that there are.
    #[serde(default)]
    pub enumeration: bool,
}

/// A value found in what an operation returns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultRule {
    /// Service and operation: `ssm.GetParameter`.
    pub of: String,
    /// The way into the result: `Parameter.Value`; `[]` for an element.
    pub at: String,
    /// How it is made.
    pub does: Action,
    /// From which argument of the operation.
    pub from: String,
    /// It is a list of what this operation answers, at the way behind it, to each element of that argument:
    /// `GetParameter:Parameter`.
    pub each: Option<String>,
}

const fn sync() -> Mode {
    Mode::Sync
}
