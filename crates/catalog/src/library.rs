//! What calls into libraries mean: which give a handle on a service, which are a flow, which only shape a value.
//!
//! The tables are `data/libraries/LANGUAGE/*.toml`, one file per library or family; a new file needs no change of
//! code. A *handle* is a value that stands for something outside (an SDK client, a session, a table object); its
//! *class* is a word of these tables. The built-in types of a language are classes too: `text`, `list`, `map`.

mod action;
mod argument;
mod rules;

pub use action::Action;
pub use argument::Argument;
pub use rules::{BaseClass, CallFlow, HandleClass, ResultRule, Rule, Servers};

use crate::vendor::Product;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::sync::{LazyLock, OnceLock};

// The tables of each language, as the build finds them: `const FILES: &[(&str, &[(&str, &str)])]`.
include!(concat!(env!("OUT_DIR"), "/libraries.rs"));

/// What is known of a language's libraries; empty for an unknown language.
pub fn library(language: &str) -> &'static Library {
    static LOADED: [OnceLock<Library>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
    static NONE: LazyLock<Library> = LazyLock::new(Library::default);
    match FILES.iter().position(|(name, _)| *name == language) {
        Some(at) => LOADED[at].get_or_init(|| load(FILES[at].1)),
        None => &NONE,
    }
}

fn load(files: &[(&str, &str)]) -> Library {
    let mut library = Library::default();
    for (name, text) in files {
        let file = toml::from_str(text).unwrap_or_else(|e| panic!("the catalog's own {name}: {e}"));
        library.add(file);
    }
    library
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
    handles_below: FxHashMap<String, String>,
    /// What libraries make beside classes of the scan.
    made: FxHashSet<String>,
    servers: Servers,
    values: FxHashMap<String, Rule>,
    /// What is said of classes of a library that classes of the scan are derived from.
    base_classes: FxHashMap<String, BaseClass>,
    event_fields: FxHashMap<String, String>,
    event_spelling: Vec<String>,
    /// The field of an app that a parameter of each of these types is given.
    given: FxHashMap<String, String>,
    /// Types of libraries that hold a value of the type that they are filled in with.
    filled_in: FxHashMap<String, FilledIn>,
    /// Methods that make a value of whatever type is wanted, each with the function of that type that does it.
    conversions: FxHashMap<String, String>,
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
    /// Methods of a text after which a field of an event still says the same.
    #[serde(default)]
    event_spelling: Vec<String>,
    /// Types of parameters that an app's functions are given something for, each with the app's field that it is.
    #[serde(default)]
    given: std::collections::BTreeMap<String, String>,
    /// Types of libraries that hold a value of the type that they are filled in with.
    #[serde(default)]
    filled_in: std::collections::BTreeMap<String, FilledIn>,
    /// Methods that make a value of whatever type is wanted, each with the function of that type that does it.
    #[serde(default)]
    conversions: std::collections::BTreeMap<String, String>,
}

/// A type of a library as it is filled in with another: `LambdaEvent<Order>` is an event whose payload is an order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilledIn {
    /// The class of its handles.
    class: String,
    /// Their field that is of the other type.
    field: String,
}

/// What the runtime calls the code that it runs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnName {
    /// Variables that hold it.
    variables: Vec<String>,
}

impl Library {
    /// Whether anything is said of a package.
    pub(crate) fn knows(&self, package: &str) -> bool {
        let is_in = |path: &String| path.strip_prefix(package).is_some_and(|rest| rest.starts_with('.'));
        self.calls.keys().any(is_in) || self.below.contains_key(package) || self.below.keys().any(is_in)
    }

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
        self.own_method(class, name).or_else(|| self.any_method(name))
    }

    /// The same, of methods that only handles of this class have.
    pub fn own_method(&self, class: &str, name: &str) -> Option<&Rule> {
        self.inherited(class, |c| self.methods.get(&(c.to_owned(), name.to_owned())))
    }

    /// What calling a method means of whatever has none that is called so itself.
    pub fn any_method(&self, name: &str) -> Option<&Rule> {
        if self.any.is_empty() { None } else { self.any.get(name) }
    }

    /// The client name of the service that a package of the SDK is for: `aws_sdk_sfn` is `stepfunctions`.
    pub fn service_of_package(&self, package: &str) -> Option<&'static str> {
        let name = package.strip_prefix(self.sdk_packages.as_deref()?)?;
        let squashed = |title: &str| title.chars().filter(|c| *c != ' ').collect::<String>().to_ascii_lowercase();
        // What a service's name ends with that says nothing is left out of the package's.
        let short = |title: &str| {
            let whole = squashed(title);
            ["api", "service"].iter().find_map(|end| whole.strip_suffix(end)).map(str::to_owned)
        };
        let mut all = crate::services().iter();
        let exact = all.clone().find(|s| squashed(s.title) == name);
        exact.or_else(|| all.find(|s| short(s.title).as_deref() == Some(name))).map(|s| s.client)
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
        self.handles_below.get(base).map(String::as_str)
    }

    /// Whether some library makes something of this name beside a class of the scan.
    pub fn makes(&self, name: &str) -> bool {
        self.made.contains(name)
    }

    /// Where the address of a server is found.
    pub fn servers(&self) -> &Servers {
        &self.servers
    }

    /// What a field of the event says of the route that is asked for: `verb`, `path`, `key`, `type` or `field`.
    pub fn event_field(&self, way: &str) -> Option<&str> {
        let mut way = way.strip_prefix("event")?;
        let called = |way: &str| Some(way.strip_suffix(')')?.rsplit_once('(')?.0.len());
        while let Some((field, method)) = called(way).and_then(|end| way[..end].rsplit_once('.')) {
            if !self.event_spelling.iter().any(|known| known == method) {
                break;
            }
            way = field;
        }
        self.event_fields.get(way).map(String::as_str)
    }

    /// Methods of a class that serves a route, each for the method of requests that is called the same.
    pub fn verbs(&self) -> &[String] {
        &self.verbs
    }

    /// The field of an app that its functions are given for a parameter of the type with this dotted path.
    pub fn given(&self, path: &str) -> Option<&str> {
        self.given.get(path).map(String::as_str)
    }

    /// The class of the handles that values of a library's type are, and their field that is of the type which it is
    /// filled in with.
    pub fn filled_in(&self, path: &str) -> Option<(&str, &str)> {
        self.filled_in.get(path).map(|it| (it.class.as_str(), it.field.as_str()))
    }

    /// The function of the wanted type that a method calls which makes one.
    pub fn conversion(&self, method: &str) -> Option<&str> {
        self.conversions.get(method).map(String::as_str)
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
            self.made.extend(class.makes.iter().cloned());
            self.handles_below.extend(class.bases.iter().map(|base| (base.clone(), name.clone())));
        }
        self.classes.extend(file.class);
        if let Some(servers) = file.servers {
            self.servers = servers;
        }
        self.event_fields.extend(file.event);
        self.event_spelling.extend(file.event_spelling);
        self.given.extend(file.given);
        self.filled_in.extend(file.filled_in);
        self.conversions.extend(file.conversions);
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
        check("aws_sdk_apigatewaymanagement", Some("apigatewaymanagementapi"));
        check("aws_sdk_config", Some("config"));
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
}
