//! The join, from facts made by hand: what each kind of name comes to.

use facts::{
    Certainty, Declarations, Effect, End, Entry, Evidence, Expr, FlowKind, Handler, Instance, Link, Mode, NodeKind,
    Output, Parameter, Place, Resource, ResourceRef, RunTime, Scope, Stored, StoredKind,
};
use std::collections::BTreeMap;
use std::sync::Arc;

fn place() -> Place {
    Place::new("t.yaml", 1, 1)
}

fn at(scope: &str, id: &str) -> ResourceRef {
    ResourceRef { scope: scope.into(), id: id.into() }
}

fn literal(text: &str) -> Expr {
    Expr::literal(text)
}

fn parameter(scope: &str, name: &str) -> Expr {
    Expr::Parameter { scope: scope.into(), name: name.into() }
}

/// A small system: a function `s/Fn` and whatever a test adds.
#[derive(Default)]
struct System {
    declarations: Declarations,
    environment: BTreeMap<Arc<str>, (Expr, Place)>,
    options: resolve::Options,
}

impl System {
    fn new() -> Self {
        let mut system = Self::default();
        system.scope("s.yaml", &[], &[]);
        system.resource("s.yaml", "Fn", NodeKind::Function, None);
        system
    }

    fn scope(&mut self, id: &str, parameters: &[(&str, Option<Expr>)], outputs: &[(&str, Expr, Option<Expr>)]) {
        let parameters = parameters.iter().map(|(name, default)| {
            ((*name).into(), Parameter { default: default.clone(), looked_up: false, place: place() })
        });
        let outputs = outputs.iter().map(|(name, value, export)| {
            ((*name).into(), Output { value: value.clone(), export: export.clone(), place: place() })
        });
        self.declarations.scopes.retain(|s| &*s.id != id);
        self.declarations.scopes.push(Scope {
            id: id.into(),
            name: None,
            stack: None,
            description: None,
            parameters: parameters.collect(),
            outputs: outputs.collect(),
            place: place(),
        });
    }

    fn resource(&mut self, scope: &str, id: &str, kind: NodeKind, name: Option<Expr>) {
        self.declarations.resources.push(Resource {
            title: None,
            at: at(scope, id),
            type_name: "Test::Resource".into(),
            kind: Some(kind),
            names: name.into_iter().collect(),
            details: BTreeMap::new(),
            condition: None,
            implicit: false,
            place: place(),
        });
    }

    fn env(&mut self, name: &str, value: Expr) {
        self.environment.insert(name.into(), (value, place()));
    }

    fn join(&mut self, effects: Vec<Effect>) -> resolve::Joined {
        self.declarations.entries.push(Entry {
            owner: at("s.yaml", "Fn"),
            runtime: None,
            handler: Handler::Named("app.main".into()),
            archive: None,
            roots: Vec::new(),
            environment: self.environment.clone(),
            place: place(),
        });
        let run_time = RunTime { effects, ..RunTime::default() };
        resolve::join(self.declarations.clone(), vec![(at("s.yaml", "Fn"), run_time)], &self.options)
    }

    /// Joins one write to `target` and compares what the model says: `to (certainty)` per edge, or the reasons.
    fn check(&mut self, target: Expr, wants: NodeKind, expected: &[&str]) {
        let joined = self.join(vec![effect(target, wants)]);
        let edges = joined.model.edges.iter().map(|e| format!("{} ({})", e.to, e.certainty));
        let unresolved = joined.model.unresolved.iter().map(|u| u.why.clone());
        let got: Vec<String> = edges.chain(unresolved).collect();
        assert_eq!(got, expected);
    }
}

fn effect(target: Expr, wants: NodeKind) -> Effect {
    Effect {
        kind: FlowKind::Write,
        mode: Mode::Sync,
        target,
        wants: vec![wants],
        service: "".into(),
        operation: "Put".into(),
        part: None,
        maybe: false,
        event: None,
        within: None,
        evidence: evidence(),
        how: Vec::new(),
    }
}

fn evidence() -> Evidence {
    Evidence { place: Place::new("app.py", 3, 1), what: "put()".into(), via: Vec::new() }
}

#[test]
fn the_environment_leads_to_a_resource() {
    let mut system = System::new();
    system.resource("s.yaml", "Orders", NodeKind::Table, None);
    system.env("TABLE", Expr::resource("s.yaml", "Orders"));
    system.check(Expr::Env("TABLE".into()), NodeKind::Table, &["s/Orders (inferred)"]);
}

#[test]
fn a_resource_of_another_kind_is_no_target() {
    let mut system = System::new();
    system.resource("s.yaml", "Orders", NodeKind::Queue, None);
    system.check(Expr::resource("s.yaml", "Orders"), NodeKind::Table, &["`Orders` is a queue, not a table"]);
}

#[test]
fn the_default_of_a_variable_counts_only_where_it_is_not_set() {
    let read = || Expr::OrElse { of: Box::new(Expr::Env("T".into())), default: Box::new(literal("fallback")) };
    System::new().check(read(), NodeKind::Table, &["table:fallback (inferred)"]);
    let mut system = System::new();
    system.env("T", literal("real"));
    system.check(read(), NodeKind::Table, &["table:real (inferred)"]);
}

#[test]
fn an_export_of_another_stack_is_followed() {
    let mut system = System::new();
    system.resource("o.yaml", "Jobs", NodeKind::Queue, None);
    system.scope("o.yaml", &[], &[("Url", Expr::resource("o.yaml", "Jobs"), Some(literal("jobs-url")))]);
    system.env("Q", Expr::Import(Box::new(literal("jobs-url"))));
    system.check(Expr::Env("Q".into()), NodeKind::Queue, &["o/Jobs (inferred)"]);
}

#[test]
fn a_stored_parameter_is_followed_though_its_path_is_a_pattern() {
    let mut system = System::new();
    system.resource("o.yaml", "Jobs", NodeKind::Queue, None);
    system.scope("o.yaml", &[("Stage", None)], &[]);
    let name = Expr::concat([literal("/"), parameter("o.yaml", "Stage"), literal("/shop/jobs")]);
    let value = Some(Expr::resource("o.yaml", "Jobs"));
    let stored = Stored { kind: StoredKind::Parameter, name, value, at: at("o.yaml", "P"), place: place() };
    system.declarations.stored.push(stored);
    let read = Expr::Ssm(Box::new(Expr::concat([literal("/"), Expr::Env("STAGE".into()), literal("/shop/jobs")])));
    system.check(read, NodeKind::Queue, &["o/Jobs (inferred)"]);
}

#[test]
fn nested_stacks_pass_parameters_down_and_outputs_up() {
    let mut system = System::new();
    system.resource("data.yaml", "Orders", NodeKind::Table, None);
    system.scope("data.yaml", &[], &[("Name", Expr::resource("data.yaml", "Orders"), None)]);
    system.scope("s.yaml", &[("Table", None)], &[]);
    let instance = |id: &str, scope: &str, parameters: &[(&str, Expr)]| Instance {
        owner: at("root.yaml", id),
        scope: scope.into(),
        parameters: parameters.iter().map(|(n, e)| ((*n).into(), e.clone())).collect(),
        place: place(),
    };
    let output =
        Expr::Resource { scope: "root.yaml".into(), id: "Data".into(), attribute: Some("Outputs.Name".into()) };
    system.scope("root.yaml", &[], &[]);
    system.declarations.instances.push(instance("Data", "data.yaml", &[]));
    system.declarations.instances.push(instance("App", "s.yaml", &[("Table", output)]));
    system.env("T", parameter("s.yaml", "Table"));
    system.check(Expr::Env("T".into()), NodeKind::Table, &["data/Orders (inferred)"]);
}

#[test]
fn names_fit_by_their_known_parts() {
    let mut system = System::new();
    let name = Expr::concat([parameter("s.yaml", "Stage"), literal("-orders")]);
    system.scope("s.yaml", &[("Stage", None)], &[]);
    system.resource("s.yaml", "Orders", NodeKind::Table, Some(name));
    system.resource("s.yaml", "Invoices", NodeKind::Table, Some(literal("invoices")));
    let code = Expr::concat([Expr::Input("stage".into()), literal("-orders")]);
    system.check(code, NodeKind::Table, &["s/Orders (possible)"]);
}

#[test]
fn a_name_in_an_arn_is_found_and_its_kind_is_heeded() {
    let mut system = System::new();
    system.resource("s.yaml", "Orders", NodeKind::Table, Some(literal("orders")));
    let arn = |of: &str| Expr::concat([literal("arn:aws:"), literal(of)]);
    system.check(arn("dynamodb:eu-west-1:1:table/orders"), NodeKind::Table, &["s/Orders (inferred)"]);
    let mut system = System::new();
    let why = "`arn:aws:sqs:eu-west-1:1:orders` names a queue, and the call is for a table";
    system.check(arn("sqs:eu-west-1:1:orders"), NodeKind::Table, &[why]);
}

#[test]
fn what_is_not_declared_is_known_by_its_name() {
    System::new().check(literal("legacy"), NodeKind::Table, &["table:legacy (inferred)"]);
    System::new().check(
        literal("https://api.example.com/v1"),
        NodeKind::External,
        &["external:api.example.com (inferred)"],
    );
    let mut system = System::new();
    system.scope("s.yaml", &[("PaymentUrl", None)], &[]);
    let url = Expr::concat([parameter("s.yaml", "PaymentUrl"), literal("/charge")]);
    system.check(url, NodeKind::External, &["external:s/PaymentUrl (inferred)"]);
}

#[test]
fn what_comes_at_run_time_is_not_guessed() {
    let why = "it comes in at run time, as `event[\"queue\"]`";
    System::new().check(Expr::Input("event[\"queue\"]".into()), NodeKind::Queue, &[why]);
    System::new().check(Expr::unknown("it is calculated"), NodeKind::Queue, &["it is calculated"]);
}

#[test]
fn the_own_machine_is_no_other_system() {
    let local = literal("http://localhost:8000/x");
    System::new().check(local.clone(), NodeKind::External, &[]);
    // That a setting has no value but one for developers is no reason to be silent.
    let setting = Expr::OrElse { of: Box::new(Expr::Env("API".into())), default: Box::new(local) };
    let why = "`http://localhost:8000/x` is the machine itself, by default";
    System::new().check(setting, NodeKind::External, &[why]);
}

#[test]
fn a_parameter_without_value_meets_its_namesake() {
    let mut system = System::new();
    system.scope("s.yaml", &[("OrdersTableName", None)], &[]);
    system.scope("data.yaml", &[], &[]);
    system.resource("data.yaml", "OrdersTable", NodeKind::Table, None);
    system.check(parameter("s.yaml", "OrdersTableName"), NodeKind::Table, &["data/OrdersTable (possible)"]);
}

#[test]
fn one_of_several_is_possible_each() {
    let mut system = System::new();
    system.resource("s.yaml", "A", NodeKind::Table, None);
    system.resource("s.yaml", "B", NodeKind::Table, None);
    let either = Expr::one_of([Expr::resource("s.yaml", "A"), Expr::resource("s.yaml", "B")]);
    system.check(either, NodeKind::Table, &["s/A (possible)", "s/B (possible)"]);
}

#[test]
fn a_circle_of_parameters_ends() {
    let mut system = System::new();
    system.scope("s.yaml", &[("A", Some(parameter("s.yaml", "B"))), ("B", Some(parameter("s.yaml", "A")))], &[]);
    let joined = system.join(vec![effect(parameter("s.yaml", "A"), NodeKind::Table)]);
    assert!(joined.model.edges.is_empty());
    assert!(joined.diagnostics.iter().any(|d| d.code == "parameter-cycle"));
}

#[test]
fn a_granted_flow_gives_way_to_a_known_one() {
    let mut system = System::new();
    system.resource("s.yaml", "A", NodeKind::Table, None);
    system.resource("s.yaml", "B", NodeKind::Table, None);
    for id in ["A", "B"] {
        let end = |id: &str| End {
            service: "".into(),
            what: Expr::resource("s.yaml", id),
            part: None,
            wants: Vec::new(),
            place: place(),
        };
        system.declarations.links.push(Link {
            from: end("Fn"),
            to: end(id),
            kind: FlowKind::Read,
            mode: Mode::Sync,
            certainty: Certainty::Granted,
            label: None,
            condition: None,
            filter: None,
            event: None,
            evidence: evidence(),
        });
    }
    let joined = system.join(vec![effect(Expr::resource("s.yaml", "A"), NodeKind::Table)]);
    let edges: Vec<String> =
        joined.model.edges.iter().map(|e| format!("{} {} {}", e.to, e.kind, e.certainty)).collect();
    assert_eq!(edges, ["s/A write inferred", "s/B read granted"]);
}

#[test]
fn what_a_false_condition_leaves_out_is_no_node() {
    let mut system = System::new();
    system.resource("s.yaml", "Old", NodeKind::Table, Some(literal("old")));
    system.declarations.resources.last_mut().unwrap().condition = Some(literal("false"));
    let joined = system.join(Vec::new());
    assert!(joined.model.nodes.iter().all(|n| n.name != "Old"));
}

#[test]
fn a_piece_of_a_path_is_not_what_people_call_it() {
    let names = |target: Expr| -> Vec<String> {
        let mut system = System::new();
        system.scope("s.yaml", &[("Team", None), ("Data", Some(literal("/lake/data/x")))], &[]);
        system.env("TEAM", parameter("s.yaml", "Team"));
        let joined = system.join(vec![effect(target, NodeKind::Parameter)]);
        joined.model.nodes.iter().filter(|n| n.kind == NodeKind::Parameter).map(|n| n.name.clone()).collect()
    };
    let path = |rest: Expr| Expr::concat([literal("/lake/"), rest]);
    assert_eq!(names(path(Expr::Env("TEAM".into()))), ["/lake/${Team}"]);
    assert_eq!(names(path(literal("data"))), ["data"]);
    assert_eq!(names(parameter("s.yaml", "Data")), ["Data"]);
}
