//! What calls into libraries mean: which give a handle on a service, which are a flow, which only shape a value.
//!
//! The tables are `data/libraries/*.toml`, one file per library or family. A *handle* is a value that stands for
//! something outside (an SDK client, a session, a table object); its *class* is a word of these tables. The
//! built-in types of a language are classes too: `text`, `list`, `map`.

use crate::vendor::Product;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;
use vocabulary::{FlowKind, Mode, NodeKind};

/// Which value of a call is meant. Written `0|name` (by position or by name), `.field` (of the receiver's handle;
/// `.field.inner` of a handle in it),
/// `'text'` (a constant), `*` (all arguments), `1*` (any by position from there on), `0|name -> field` (a field of the handle that is given); several joined by
/// ` or ` for the first that is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Argument {
    /// An argument, by position (from 0, the receiver not counted) or by any of the names.
    Given {
        /// Its position, if it can be given by position.
        position: Option<usize>,
        /// Its names.
        names: Vec<String>,
    },
    /// A field of the handle that the method is called on.
    Field(String),
    /// A constant.
    Text(String),
    /// All arguments.
    All,
    /// Any of the arguments by position, from this one on.
    From(usize),
    /// The first of several that is there.
    FirstOf(Vec<Argument>),
    /// A field of the handle that an argument is.
    Within(Box<Argument>, String),
}

impl TryFrom<String> for Argument {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::All);
        }
        if let Some(first) = text.strip_suffix('*').and_then(|first| first.parse().ok()) {
            return Ok(Self::From(first));
        }
        if text.contains(" or ") {
            let all: Result<Vec<Self>, String> = text.split(" or ").map(|one| Self::try_from(one.to_owned())).collect();
            return all.map(Self::FirstOf);
        }
        if let Some((of, field)) = text.split_once(" -> ") {
            return Ok(Self::Within(Box::new(Self::try_from(of.to_owned())?), field.to_owned()));
        }
        if let Some(field) = text.strip_prefix('.') {
            return Ok(Self::Field(field.to_owned()));
        }
        if let Some(rest) = text.strip_prefix('\'') {
            return rest
                .strip_suffix('\'')
                .map(|t| Self::Text(t.to_owned()))
                .ok_or(format!("no closing quote: {text}"));
        }
        let mut names: Vec<String> = text.split('|').map(str::to_owned).collect();
        let position = names[0].parse().ok();
        if position.is_some() {
            names.remove(0);
        }
        Ok(Self::Given { position, names })
    }
}

/// A built-in way to make a value; the words of `does` in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The first argument named, unchanged.
    Same,
    /// The receiver, unchanged.
    Receiver,
    /// An environment variable: its name, then its default, then what stands before the name.
    Environment,
    /// The same in whatever case the name is declared; what stands before it is joined by an underscore.
    Setting,
    /// Pairs of name and value of the environment, which is the first argument.
    EnvironmentItems,
    /// The arguments joined by `/`, as paths are.
    JoinPath,
    /// The arguments' texts one after another.
    Concat,
    /// The arguments' texts with dots between them, as a name in a schema is written.
    Dotted,
    /// The receiver as a format with braces, filled with all arguments.
    Format,
    /// The elements of the first argument joined by the receiver.
    JoinText,
    /// The receiver in lower case.
    Lower,
    /// The receiver in upper case.
    Upper,
    /// The receiver without white space, or the given characters, at both ends.
    Strip,
    /// The receiver with the first argument replaced by the second.
    Replace,
    /// The receiver cut at the first argument, at most as often as the second says.
    Split,
    /// The same, counted from the end.
    SplitBack,
    /// What is before the first argument in the receiver, it, and what is behind it.
    Partition,
    /// The same where it stands last.
    PartitionBack,
    /// The first argument cut at the second, of which the piece of the third's number is kept, and so on.
    Cut,
    /// The entry of the receiver under the first argument, or else the second argument.
    Get,
    /// Pairs of key and value of the receiver.
    Items,
    /// The keys of the receiver.
    Keys,
    /// The values of the receiver.
    Values,
    /// Puts the first argument into the receiver.
    Append,
    /// Puts the elements of the first argument into the receiver.
    Extend,
    /// Takes the entries of the first argument, and named ones, into the receiver.
    Update,
    /// The entry of the receiver under the first argument, which becomes the second if there is none.
    SetDefault,
    /// An element of the receiver.
    Element,
    /// A copy of the receiver.
    Copy,
    /// A list of the elements of the first argument.
    List,
    /// A map of the named arguments and the entries of the first.
    Map,
    /// A map that gets what the first argument makes wherever an entry is missing; filled as `Map` by the second.
    FillingMap,
    /// A list of pairs of a number and an element of the first argument.
    Enumerate,
    /// A list of tuples of the arguments' elements.
    Zip,
    /// The attribute of the first argument that the second names.
    Attribute,
    /// Sets the attribute of the first argument that the second names to the third.
    SetAttribute,
    /// The class of the first argument.
    TypeOf,
    /// A bare instance of the class that is the first argument.
    NewObject,
    /// A record of the receiver's type, which has the fields that the first argument names.
    Record,
    /// What entering the first argument as a resource block gives.
    Enter,
    /// The first argument called with what it gave last, at first the third argument, and each element of the second.
    Reduce,
    /// What makes a value when it is asked to: calls the first argument with the others.
    Provider,
    /// The value that the first argument makes.
    Provide,
    /// The first argument with the further ones given already.
    Partial,
    /// The text of the SSM parameter that the arguments name, joined as a path.
    Ssm,
    /// The value of the secret that the first argument names.
    Secret,
    /// What a call of the first argument gives; of a generator, what it yields.
    Called,
    /// An instance of the class of the scan that the first argument is, or is an instance of.
    Instance,
    /// A list of such instances.
    Instances,
    /// The path of the file whose code is running.
    OwnFile,
    /// The folder of the first argument, a path.
    Folder,
    /// The arguments below the receiver, as paths are joined.
    Below,
    /// The folder of the package that the first argument names with dots.
    Package,
    /// The text of the file that the first argument names or is, or of the second one below the first.
    Packaged,
    /// The data in JSON that the first argument is or holds, under the keys that the further ones are.
    Json,
    /// The same in YAML.
    Yaml,
    /// The same in TOML.
    Toml,
    /// The same in sections of keys.
    Ini,
    /// The receiver; the first argument, or what it makes, where the receiver is not there.
    OrElse,
    /// What the first argument makes of the receiver, or of each element where that is a list.
    Apply,
    /// What the setters of the receiver were given, as a map.
    Collected,
    /// Calls the operation that the receiver is a request for.
    Send,
    /// A value that cannot be told.
    Unknown,
}

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
    /// Whether a method that no rule speaks of sets what is called the same (see [`Action::Collected`]).
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

/// All that is known of one language's libraries.
#[derive(Debug, Default)]
pub struct Library {
    calls: FxHashMap<String, Rule>,
    /// Rules for all symbols below a dotted path: `stripe.**`.
    below: FxHashMap<String, Rule>,
    /// Rules for symbols of a form, the texts between the stars: `*_pb2_grpc.*Stub`.
    forms: Vec<(Vec<String>, Rule)>,
    methods: FxHashMap<(String, String), Rule>,
    attributes: FxHashMap<(String, String), Rule>,
    classes: FxHashMap<String, HandleClass>,
    results: FxHashMap<String, Vec<ResultRule>>,
    subscripts: FxHashMap<String, Rule>,
    /// The class of handles below each class of a library.
    bases: FxHashMap<String, String>,
    servers: Servers,
    values: FxHashMap<String, Rule>,
    /// What is said of classes of a library that classes of the scan are derived from.
    base_classes: FxHashMap<String, BaseClass>,
    event_fields: FxHashMap<String, String>,
    own_names: Vec<String>,
    verbs: Vec<String>,
    /// Methods on the class `any`.
    any: FxHashMap<String, Rule>,
    sdk_packages: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Methods of a class that serves a route, each for the method of requests that is called the same.
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    call: Vec<Rule>,
    #[serde(default)]
    method: Vec<Rule>,
    #[serde(default)]
    attribute: Vec<Rule>,
    #[serde(default)]
    subscript: Vec<Rule>,
    #[serde(default)]
    value: Vec<Rule>,
    #[serde(default)]
    base: std::collections::BTreeMap<String, BaseClass>,
    #[serde(default)]
    class: std::collections::BTreeMap<String, HandleClass>,
    #[serde(default)]
    result: Vec<ResultRule>,
    servers: Option<Servers>,
    own_name: Option<OwnName>,
    /// What the names of the SDK's packages begin with, where each service has one.
    sdk_packages: Option<String>,
    #[serde(default)]
    product: Vec<Product>,
    /// Ways into an event, each with what it says of the route that is asked for.
    #[serde(default)]
    event: std::collections::BTreeMap<String, String>,
}

/// What the runtime calls the code that it runs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnName {
    /// Variables that hold it.
    variables: Vec<String>,
}

const fn sync() -> Mode {
    Mode::Sync
}

impl Library {
    /// What calling the external symbol of this dotted path means.
    pub fn call(&self, path: &str) -> Option<&Rule> {
        let mut above = std::iter::successors(path.rsplit_once('.'), |(above, _)| above.rsplit_once('.'));
        let exact = self.calls.get(path).or_else(|| above.find_map(|(above, _)| self.below.get(above)));
        exact.or_else(|| self.forms.iter().find(|(form, _)| fits(form, path)).map(|(_, rule)| rule))
    }

    /// What an element of the external symbol is, by its key.
    pub fn subscript(&self, path: &str) -> Option<&Rule> {
        self.subscripts.get(path)
    }

    /// What the external symbol of this dotted path is, where it stands for something by itself.
    pub fn value(&self, path: &str) -> Option<&Rule> {
        self.values.get(path)
    }

    /// What is known of classes that are derived from the library's class of this dotted path.
    pub fn base(&self, path: &str) -> Option<&BaseClass> {
        self.base_classes.get(path)
    }

    /// What calling a method of a handle of this class means.
    pub fn method(&self, class: &str, name: &str) -> Option<&Rule> {
        let own = self.inherited(class, |c| self.methods.get(&(c.to_owned(), name.to_owned())));
        own.or_else(|| self.any_method(name))
    }

    /// What calling a method means of whatever has none that is called so itself.
    pub fn any_method(&self, name: &str) -> Option<&Rule> {
        if self.any.is_empty() { None } else { self.any.get(name) }
    }

    /// The client name of the service that a package of the SDK is for: `aws_sdk_sfn` is `stepfunctions`.
    pub fn service_of_package(&self, package: &str) -> Option<&'static str> {
        let name = package.strip_prefix(self.sdk_packages.as_deref()?)?;
        let squashed = |title: &str| title.chars().filter(|c| *c != ' ').collect::<String>();
        let all = crate::services().iter();
        all.into_iter().find(|s| squashed(s.title).eq_ignore_ascii_case(name)).map(|s| s.client)
    }

    /// What an attribute of a handle of this class is.
    pub fn attribute(&self, class: &str, name: &str) -> Option<&Rule> {
        self.inherited(class, |c| self.attributes.get(&(c.to_owned(), name.to_owned())))
    }

    /// The class of this name.
    pub fn class(&self, class: &str) -> Option<&HandleClass> {
        self.classes.get(class)
    }

    /// The class of handles that a class of the scan is, by the library's class that it is derived from.
    pub fn below(&self, base: &str) -> Option<&str> {
        self.bases.get(base).map(String::as_str)
    }

    /// Where the address of a server is found.
    pub fn servers(&self) -> &Servers {
        &self.servers
    }

    /// What a field of the event says of the route that is asked for: `verb`, `path`, `key`, `type` or `field`.
    pub fn event_field(&self, way: &str) -> Option<&str> {
        way.strip_prefix("event").and_then(|way| self.event_fields.get(way)).map(String::as_str)
    }

    /// Methods of a class that serves a route, each for the method of requests that is called the same.
    pub fn verbs(&self) -> &[String] {
        &self.verbs
    }

    /// Whether the runtime sets this variable to the name of the code that runs.
    pub fn is_own_name(&self, variable: &str) -> bool {
        self.own_names.iter().any(|own| own == variable)
    }

    /// What is known of the result of an operation.
    pub fn results(&self, service: &str, operation: &str) -> &[ResultRule] {
        self.results.get(&format!("{service}.{operation}")).map_or(&[], Vec::as_slice)
    }

    fn inherited<'a, T>(&'a self, class: &str, find: impl Fn(&str) -> Option<&'a T>) -> Option<&'a T> {
        let mut class = class;
        // A chain of `extends` is a few long; the bound keeps a cycle in the tables from hanging.
        for _ in 0..8 {
            if let Some(found) = find(class) {
                return Some(found);
            }
            class = self.classes.get(class)?.extends.as_deref()?;
        }
        None
    }

    fn add(&mut self, file: File) {
        let of_products = file.product.iter().flat_map(Product::rules);
        for rule in file.call.into_iter().chain(of_products) {
            for path in &rule.of {
                if let Some(above) = path.strip_suffix(".**") {
                    self.below.insert(above.to_owned(), rule.clone());
                } else if path.contains('*') {
                    self.forms.push((path.split('*').map(str::to_owned).collect(), rule.clone()));
                } else {
                    self.calls.insert(path.clone(), rule.clone());
                }
            }
        }
        for rule in file.subscript {
            for path in &rule.of {
                self.subscripts.insert(path.clone(), rule.clone());
            }
        }
        for rule in file.value {
            for path in &rule.of {
                self.values.insert(path.clone(), rule.clone());
            }
        }
        self.base_classes.extend(file.base);
        for rule in file.method.iter().filter(|rule| rule.on.iter().any(|class| class == "any")) {
            self.any.extend(rule.name.iter().map(|name| (name.clone(), rule.clone())));
        }
        self.sdk_packages = file.sdk_packages.or(self.sdk_packages.take());
        add_members(&mut self.methods, file.method);
        add_members(&mut self.attributes, file.attribute);
        for (name, class) in &file.class {
            self.bases.extend(class.bases.iter().map(|base| (base.clone(), name.clone())));
        }
        self.classes.extend(file.class);
        if let Some(servers) = file.servers {
            self.servers = servers;
        }
        self.event_fields.extend(file.event);
        self.verbs.extend(file.verbs);
        self.own_names.extend(file.own_name.into_iter().flat_map(|own| own.variables));
        for rule in file.result {
            self.results.entry(rule.of.clone()).or_default().push(rule);
        }
    }
}

/// Whether a path has the texts of a form in their order, the first at its beginning and the last at its end.
fn fits(form: &[String], path: &str) -> bool {
    let [first, between @ .., last] = form else { return false };
    let rest = path.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
    let behind = |rest: &'_ str, text: &String| rest.find(text.as_str()).map(|at| at + text.len());
    rest.is_some_and(|rest| {
        let mut rest = rest;
        between.iter().all(|text| {
            behind(rest, text).is_some_and(|at| {
                rest = &rest[at..];
                true
            })
        })
    })
}

fn add_members(members: &mut FxHashMap<(String, String), Rule>, rules: Vec<Rule>) {
    for rule in rules {
        for class in &rule.on {
            for name in &rule.name {
                members.insert((class.clone(), name.clone()), rule.clone());
            }
        }
    }
}

/// The tables of each language, alphabetical.
const FILES: &[(&str, &[(&str, &str)])] = &[
    (
        "python",
        &[
            ("amqp.toml", include_str!("../data/libraries/amqp.toml")),
            ("awswrangler.toml", include_str!("../data/libraries/awswrangler.toml")),
            ("boto3.toml", include_str!("../data/libraries/boto3.toml")),
            ("caches.toml", include_str!("../data/libraries/caches.toml")),
            ("celery.toml", include_str!("../data/libraries/celery.toml")),
            ("containers.toml", include_str!("../data/libraries/containers.toml")),
            ("crhelper.toml", include_str!("../data/libraries/crhelper.toml")),
            ("data_files.toml", include_str!("../data/libraries/data_files.toml")),
            ("files.toml", include_str!("../data/libraries/files.toml")),
            ("graphql.toml", include_str!("../data/libraries/graphql.toml")),
            ("grpc.toml", include_str!("../data/libraries/grpc.toml")),
            ("hosts.toml", include_str!("../data/libraries/hosts.toml")),
            ("http.toml", include_str!("../data/libraries/http.toml")),
            ("jwt.toml", include_str!("../data/libraries/jwt.toml")),
            ("kafka.toml", include_str!("../data/libraries/kafka.toml")),
            ("lambda.toml", include_str!("../data/libraries/lambda.toml")),
            ("mongo.toml", include_str!("../data/libraries/mongo.toml")),
            ("mqtt.toml", include_str!("../data/libraries/mqtt.toml")),
            ("opensearch.toml", include_str!("../data/libraries/opensearch.toml")),
            ("peewee.toml", include_str!("../data/libraries/peewee.toml")),
            ("powertools.toml", include_str!("../data/libraries/powertools.toml")),
            ("pynamodb.toml", include_str!("../data/libraries/pynamodb.toml")),
            ("python.toml", include_str!("../data/libraries/python.toml")),
            ("secrets_caching.toml", include_str!("../data/libraries/secrets_caching.toml")),
            ("servers.toml", include_str!("../data/libraries/servers.toml")),
            ("settings.toml", include_str!("../data/libraries/settings.toml")),
            ("sql.toml", include_str!("../data/libraries/sql.toml")),
            ("sqlalchemy.toml", include_str!("../data/libraries/sqlalchemy.toml")),
            ("threads.toml", include_str!("../data/libraries/threads.toml")),
            ("vendors.toml", include_str!("../data/libraries/vendors.toml")),
            ("web.toml", include_str!("../data/libraries/web.toml")),
        ],
    ),
    RUST_FILES,
];

/// The tables of Rust.
const RUST_FILES: (&str, &[(&str, &str)]) = (
    "rust",
    &[
        ("rust/aws.toml", include_str!("../data/libraries/rust/aws.toml")),
        ("rust/http.toml", include_str!("../data/libraries/rust/http.toml")),
        ("rust/lambda.toml", include_str!("../data/libraries/rust/lambda.toml")),
        ("rust/sql.toml", include_str!("../data/libraries/rust/sql.toml")),
        ("rust/std.toml", include_str!("../data/libraries/rust/std.toml")),
        ("rust/web.toml", include_str!("../data/libraries/rust/web.toml")),
    ],
);

/// What is known of a language's libraries; empty for an unknown language.
pub fn library(language: &str) -> &'static Library {
    static PYTHON: LazyLock<Library> = LazyLock::new(|| load("python"));
    static RUST: LazyLock<Library> = LazyLock::new(|| load("rust"));
    static NONE: LazyLock<Library> = LazyLock::new(Library::default);
    match language {
        "python" => &PYTHON,
        "rust" => &RUST,
        _ => &NONE,
    }
}

fn load(language: &str) -> Library {
    let mut library = Library::default();
    for (_, files) in FILES.iter().filter(|(name, _)| *name == language) {
        for (name, text) in *files {
            let file = toml::from_str(text).unwrap_or_else(|e| panic!("the catalog's own {name}: {e}"));
            library.add(file);
        }
    }
    library
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_reads() {
        let python = library("python");
        assert_eq!(python.call("boto3.client").unwrap().gives.as_deref(), Some("aws.client"));
        assert!(python.call("boto3.nothing").is_none());
        assert!(library("cobol").call("boto3.client").is_none());
    }

    #[test]
    fn every_class_that_is_given_is_declared() {
        for known in ["python", "rust"].map(library) {
            let rules = known
                .calls
                .values()
                .chain(known.below.values())
                .chain(known.forms.iter().map(|(_, rule)| rule))
                .chain(known.methods.values())
                .chain(known.attributes.values());
            for class in rules.filter_map(|r| r.gives.as_ref()) {
                assert!(known.classes.contains_key(class), "no [class.\"{class}\"]");
            }
        }
    }

    #[test]
    fn packages_of_the_sdk_are_called_like_their_services() {
        let check = |package, client: Option<&str>| {
            assert_eq!(library("rust").service_of_package(package), client, "{package}");
        };
        check("aws_sdk_dynamodb", Some("dynamodb"));
        check("aws_sdk_sfn", Some("stepfunctions"));
        check("aws_sdk_eventbridge", Some("events"));
        check("aws_sdk_cloudwatchlogs", Some("logs"));
        check("aws_sdk_nothing", None);
        check("dynamodb", None);
        assert_eq!(library("python").service_of_package("aws_sdk_sqs"), None);
    }

    #[test]
    fn a_rule_can_be_for_many_paths() {
        let python = library("python");
        let flow = |path: &str| python.call(path).is_some_and(|rule| rule.flow.is_some());
        assert!(flow("stripe.Charge.create") && flow("stripe.checkout.Session.create"));
        let gives = |path: &str| python.call(path).and_then(|rule| rule.gives.as_deref());
        assert_eq!(gives("shop.protos.stock_pb2_grpc.StockStub"), Some("grpc.stub"));
        assert_eq!(gives("stock_pb2_grpc.StockServicer"), None);
        assert_eq!(gives("stock.StockStub"), None);
        assert!(!flow("stripe.Webhook.construct_event") && !flow("stripes.Charge.create") && !flow("stripe"));
    }

    #[test]
    fn arguments_read() {
        let check = |text: &str| Argument::try_from(text.to_owned()).unwrap();
        assert_eq!(check("1|url"), Argument::Given { position: Some(1), names: vec!["url".into()] });
        assert_eq!(check("url"), Argument::Given { position: None, names: vec!["url".into()] });
        assert_eq!(check(".service"), Argument::Field("service".into()));
        assert_eq!(check("'GET'"), Argument::Text("GET".into()));
        assert_eq!(check("0 -> url"), Argument::Within(Box::new(check("0")), "url".into()));
        assert_eq!(check(".url or 'x'"), Argument::FirstOf(vec![check(".url"), check("'x'")]));
    }
}
