//! Calls of libraries: the catalog's rules applied.

use crate::apps::Served;
use crate::calls::Site;
use crate::machine::Machine;
use crate::servers::is_on_own_machine;
use crate::statements::{Does, statements};
use crate::text;
use crate::value::{Abs, Args, FrameId, Handle};
use catalog::{Argument, CallFlow, Rule};
use facts::{Effect, Expr};
use std::rc::Rc;
use std::sync::Arc;

/// A handle of a class with some fields.
pub(crate) fn handle<'f>(class: &str, fields: impl IntoIterator<Item = (&'f str, Abs)>) -> Abs {
    let fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    Abs::Handle(Rc::new(Handle { class: class.into(), fields }))
}

impl Machine<'_> {
    pub(crate) fn is_same_inside(&self, class: &str) -> bool {
        self.library.class(class).is_some_and(|c| c.same_inside)
    }

    /// Calls something of a library by its dotted path.
    pub(crate) fn call_symbol(&mut self, site: Site<'_>, path: &Arc<str>, args: &Args) -> Abs {
        let library = self.library;
        if let Some(rule) = library.call(path) {
            return self.apply(site, rule, &Abs::Symbol(path.clone()), args);
        }
        self.hand_over(args);
        Abs::unknown(format!("it is what `{}` gives", path.strip_prefix("builtins.").unwrap_or(path)))
    }

    /// An element of something of a library, by its key.
    pub(crate) fn subscript(&mut self, path: &Arc<str>, key: &Abs, default: Option<Abs>) -> Abs {
        let library = self.library;
        let Some(rule) = library.subscript(path) else {
            return Abs::unknown(format!("it is an element of `{path}`"));
        };
        let what: Arc<str> = "".into();
        let site = Site { frame: FrameId(0), position: facts::code::Position::default(), what: &what };
        let args = Args { positional: std::iter::once(key.clone()).chain(default).collect(), ..Args::default() };
        self.apply(site, rule, &Abs::Symbol(path.clone()), &args)
    }

    /// Calls a method of something that is not of the scan.
    pub(crate) fn call_method(&mut self, site: Site<'_>, receiver: &Abs, name: &Arc<str>, args: &Args) -> Abs {
        let library = self.library;
        let class = self.class_of(receiver);
        if let Some(rule) = library.method(&class, name) {
            return self.apply(site, rule, receiver, args);
        }
        let handle = if let Abs::Handle(handle) = receiver { Some(handle) } else { None };
        if let Some(result) = handle.and_then(|h| self.call_handle(site, h, name, args)) {
            return result;
        }
        self.hand_over(args);
        match receiver {
            Abs::Text(Expr::Input(what)) => Abs::input(format!("{what}.{name}({})", text::written(args))),
            _ => Abs::unknown(format!("it is what `{name}` gives")),
        }
    }

    /// The word of the library tables for the type of a value.
    pub(crate) fn class_of(&self, value: &Abs) -> Arc<str> {
        match value {
            Abs::Handle(handle) => handle.class.clone(),
            Abs::Text(Expr::Input(_)) => "input".into(),
            Abs::Text(_) => "text".into(),
            _ if self.heap.list_of(value).is_some() => "list".into(),
            _ if self.heap.map_of(value).is_some() => "map".into(),
            _ => "".into(),
        }
    }

    /// A call of a handle that no rule speaks of: an operation of its service, or a resource of the SDK.
    fn call_handle(&mut self, site: Site<'_>, handle: &Rc<Handle>, name: &Arc<str>, args: &Args) -> Option<Abs> {
        let class = self.library.class(&handle.class)?;
        if let Some(request) = &class.begins {
            return Some(Self::begun(handle, request, name));
        }
        if class.collects {
            return Some(self.collect(handle, name, args));
        }
        if class.chains {
            return Some(Abs::Handle(handle.clone()));
        }
        if (class.modelled || class.operations.is_some()) && is_on_own_machine(handle) {
            return Some(Abs::unknown(format!("it is what `{name}` gives")));
        }
        if class.modelled {
            return self.call_modelled(site, handle, name, args);
        }
        let field = class.operations.as_ref()?;
        if let Some(result) = self.call_added(site, handle, name, args) {
            return Some(result);
        }
        let service = handle.fields.get(field.as_str()).cloned();
        let service = service.unwrap_or_else(|| Abs::unknown("the service is not given"));
        Some(self.call_operation(site, &service, name, args, handle.fields.get("endpoint")))
    }

    /// What is known of an attribute of a handle.
    pub(crate) fn handle_attribute(&mut self, frame: FrameId, handle: &Rc<Handle>, name: &Arc<str>) -> Abs {
        let library = self.library;
        let receiver = Abs::Handle(handle.clone());
        if let Some(value) = self.kept.get(&receiver).and_then(|kept| kept.get(name)) {
            return value.clone();
        }
        if let Some(rule) = library.attribute(&handle.class, name) {
            let site = Site { frame, position: facts::code::Position::default(), what: name };
            return self.apply(site, rule, &receiver, &Args::default());
        }
        if &*handle.class == "aws.result" && library.method(&handle.class, name).is_none() {
            return self.result_member(handle, name);
        }
        let modelled = library.class(&handle.class).is_some_and(|c| c.modelled);
        if let Some(value) = modelled.then(|| self.modelled_attribute(handle, name)).flatten() {
            return value;
        }
        let class = library.class(&handle.class);
        if class.is_some_and(|c| c.ways) && library.method(&handle.class, name).is_none() {
            return deeper(handle, name);
        }
        let inside = class.is_some_and(|c| c.members);
        if inside && library.method(&handle.class, name).is_none() {
            return receiver;
        }
        if let Some(rule) =
            library.attribute(&handle.class, "*").filter(|_| library.method(&handle.class, name).is_none())
        {
            return self.apply_quietly(frame, rule, &receiver, &Abs::text(name.clone()));
        }
        Abs::Method(Rc::new((receiver, name.clone())))
    }

    /// What is known of an attribute of a text: of a path, which is one.
    pub(crate) fn text_attribute(&mut self, frame: FrameId, text: &Abs, name: &Arc<str>) -> Abs {
        let library = self.library;
        match library.attribute("text", name) {
            Some(rule) => self.apply_quietly(frame, rule, text, &Abs::Null),
            None => Abs::Method(Rc::new((text.clone(), name.clone()))),
        }
    }

    /// An element of a handle, where its class says what that is.
    pub(crate) fn handle_element(&mut self, handle: &Rc<Handle>, key: &Abs) -> Option<Abs> {
        let library = self.library;
        let rule = library.method(&handle.class, "__getitem__")?;
        let frame = self.stack.last().copied().unwrap_or(FrameId(0));
        Some(self.apply_quietly(frame, rule, &Abs::Handle(handle.clone()), key))
    }

    /// Does what a rule says of something that is no call in the source.
    fn apply_quietly(&mut self, frame: FrameId, rule: &Rule, receiver: &Abs, argument: &Abs) -> Abs {
        let what: Arc<str> = "".into();
        let site = Site { frame, position: facts::code::Position::default(), what: &what };
        self.apply(site, rule, receiver, &Args { positional: vec![argument.clone()], ..Args::default() })
    }

    /// Something of a library by its dotted path: itself, or the handle that it is.
    pub(crate) fn symbol(&mut self, path: Arc<str>) -> Abs {
        let library = self.library;
        match library.value(&path) {
            Some(rule) => {
                let frame = self.stack.last().copied().unwrap_or(FrameId(0));
                self.apply_quietly(frame, rule, &Abs::Symbol(path), &Abs::Null)
            }
            None => Abs::Symbol(path),
        }
    }

    /// Does what a rule says.
    pub(crate) fn apply(&mut self, site: Site<'_>, rule: &Rule, receiver: &Abs, args: &Args) -> Abs {
        let mut result = None;
        if let Some(flow) = &rule.flow {
            self.call_flow(site, flow, receiver, args);
        }
        if let Some((service, operation)) = &rule.operation {
            let service = Self::argument(service, receiver, args).unwrap_or(Abs::Null);
            let operation = Self::argument(operation, receiver, args).and_then(|o| o.as_text().map(Arc::from));
            let passed = Self::passed_on(rule, receiver, args);
            if let Some(operation) = operation {
                result = Some(self.call_operation(site, &service, &operation, &passed, None));
            }
        }
        for (field, argument) in &rule.sets {
            if let Some(value) = self.setting_of(site, argument, receiver, args) {
                self.keep(receiver, field, value);
            }
        }
        let made = self.made(site, rule, receiver, args);
        if let Some(given) = rule.registers.as_ref().and_then(|r| Self::argument(r, receiver, args)) {
            // A call that makes an app registers with that: `get(show)`.
            let app = made.as_ref().filter(|_| matches!(receiver, Abs::Symbol(_))).unwrap_or(receiver);
            self.register_by(rule, app, &given, args);
        }
        if let Some(app) = rule.runs.as_ref().and_then(|r| Self::argument(r, receiver, args)) {
            // A function there makes the app.
            let made_by = matches!(app, Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_));
            let app = if made_by { self.call_site(site, &app, Args::default()) } else { app };
            self.run_registered(&app, rule.handing_on.then_some((site, args)));
        }
        if let Some(callee) = &rule.calls {
            result = Some(self.call_handed(site, rule, callee, receiver, args));
        } else if rule.may_call || rule.does.is_none() && rule.gives.is_none() && rule.registers.is_none() {
            self.hand_over(args);
        }
        if let Some(action) = rule.does {
            let values = rule.arguments.iter().map(|a| Self::argument(a, receiver, args)).collect::<Vec<_>>();
            return self.act(site, action, receiver, &values, args);
        }
        let part_of = rule.joins.as_ref().and_then(|app| Self::argument(app, receiver, args));
        if let Some(app) = part_of {
            self.register(&app, made.as_ref().unwrap_or(receiver), &Served::default());
        }
        made.or(result).unwrap_or_else(|| Abs::unknown(format!("it is what `{}` gives", site.what)))
    }

    /// The handle that a rule gives.
    fn made(&self, site: Site<'_>, rule: &Rule, receiver: &Abs, args: &Args) -> Option<Abs> {
        match &rule.gives {
            Some(class) => {
                let given = |a: &Argument| Self::argument(a, receiver, args);
                let mut fields: Vec<(&str, Abs)> =
                    rule.with.iter().filter_map(|(n, a)| Some((n.as_str(), given(a)?))).collect();
                if self.library.class(class).is_some_and(|c| c.identity) {
                    let place = self.evidence(site.frame, site.position, site.what).place;
                    fields.push(("made at", Abs::text(place.to_string())));
                }
                Some(handle(class, fields))
            }
            None => None,
        }
    }

    /// The value that a rule means by an argument; `None` when the call does not give it.
    pub(crate) fn argument(argument: &Argument, receiver: &Abs, args: &Args) -> Option<Abs> {
        match argument {
            Argument::Given { position, names } => {
                let named = names.iter().find_map(|n| args.named(n));
                let by_position = position.and_then(|p| args.positional.get(p));
                named.or(by_position).cloned()
            }
            Argument::Field(name) if name == "self" && !has_field(receiver, "self") => Some(receiver.clone()),
            // `Charge.create` of `stripe.Charge.create`
            Argument::Field(name) if name == "way" && matches!(receiver, Abs::Symbol(_)) => match receiver {
                Abs::Symbol(path) => path.split_once('.').map(|(_, way)| Abs::text(way)),
                _ => None,
            },
            // `aws_sdk_sqs` of `aws_sdk_sqs.Client.new`
            Argument::Field(name) if name == "package" && matches!(receiver, Abs::Symbol(_)) => match receiver {
                Abs::Symbol(path) => path.split('.').next().map(Abs::text),
                _ => None,
            },
            Argument::Field(way) => way.split('.').try_fold(receiver.clone(), |at, name| match &at {
                Abs::Handle(handle) => handle.fields.get(name).cloned(),
                _ => None,
            }),
            Argument::Text(text) => Some(Abs::text(text.as_str())),
            Argument::All => None,
            Argument::From(first) => {
                let given = args.positional.iter().skip(*first).cloned();
                (args.positional.len() > *first).then(|| Abs::join(given))
            }
            Argument::Within(of, field) => match Self::argument(of, receiver, args) {
                Some(Abs::Handle(handle)) => handle.fields.get(field.as_str()).cloned(),
                _ => None,
            },
            Argument::FirstOf(all) => {
                for one in all {
                    // Arguments that come from a map that is not known may hold what a constant stands in for.
                    if matches!(one, Argument::Text(_)) && args.more_named.is_some() {
                        return args.more_named.clone();
                    }
                    if let Some(value) = Self::argument(one, receiver, args).filter(|value| *value != Abs::Null) {
                        return Some(value);
                    }
                }
                None
            }
        }
    }

    /// What a handle is set to. A class or an object of the scan that is given has the settings as attributes.
    fn setting_of(&mut self, site: Site<'_>, argument: &Argument, receiver: &Abs, args: &Args) -> Option<Abs> {
        if let Argument::Within(of, name) = argument
            && let Some(given @ (Abs::Class { .. } | Abs::Object(_) | Abs::Module { .. })) =
                Self::argument(of, receiver, args)
        {
            let found = self.attribute(site.frame, &given, &name.as_str().into());
            return (!matches!(found, Abs::Unknown(_))).then_some(found);
        }
        Self::argument(argument, receiver, args)
    }

    /// Gives a field to a handle that was made before.
    pub(crate) fn keep(&mut self, handle: &Abs, field: &str, value: Abs) {
        let Abs::Handle(inner) = handle else { return };
        if self.library.class(&inner.class).is_some_and(|c| c.identity) {
            self.kept.entry(handle.clone()).or_default().insert(field.into(), value);
            self.heap.epoch += 1;
        }
    }

    /// What a loop over a handle runs over, where looping is a call of it.
    pub(crate) fn iterated(&mut self, site: Site<'_>, value: &Abs) -> Abs {
        let loops = matches!(value, Abs::Handle(h) if self.library.method(&h.class, "__iter__").is_some());
        if loops { self.call_method(site, value, &"__iter__".into(), &Args::default()) } else { value.clone() }
    }

    fn passed_on(rule: &Rule, receiver: &Abs, args: &Args) -> Args {
        if rule.passes.is_empty() {
            return args.clone();
        }
        let named =
            rule.passes.iter().filter_map(|(name, a)| Some((name.as_str().into(), Self::argument(a, receiver, args)?)));
        Args { named: named.collect(), ..Args::default() }
    }

    fn call_handed(&mut self, site: Site<'_>, rule: &Rule, whom: &Argument, receiver: &Abs, args: &Args) -> Abs {
        let Some(callee) = Self::argument(whom, receiver, args) else {
            return Abs::unknown("nothing is given to be called");
        };
        // A service of the scan's own: what is called is a method of it.
        let own = rule.own.as_ref().filter(|_| self.class_of_instance(&callee).is_some());
        let callee =
            own.map_or_else(|| callee.clone(), |own| self.attribute(site.frame, &callee, &own.as_str().into()));
        let mut passed = Args::default();
        if rule.event {
            passed.positional.push(Abs::input("event"));
        }
        if let Some(list) = rule.passing.as_ref().and_then(|p| Self::argument(p, receiver, args)) {
            if rule.each {
                return self.of_each(&list, |machine, element| {
                    let mut passed = passed.clone();
                    passed.positional.push(element);
                    machine.call_site(site, &callee, passed)
                });
            }
            match self.heap.list_of(&list) {
                Some((items, more)) => {
                    passed.positional = items.to_vec();
                    passed.more_positional = more.cloned();
                }
                None if matches!(list, Abs::Handle(_)) => passed.positional.push(list),
                None => {
                    passed.more_positional = Some(Abs::unknown("the arguments come from a list that is not known"));
                }
            }
        }
        if rule.passing_rest {
            let at = if let Argument::Given { position: Some(at), .. } = whom { *at } else { 0 };
            passed.positional = args.positional.iter().skip(at + 1).cloned().collect();
            passed.named.clone_from(&args.named);
        }
        if let Some((entries, _)) = args.named("kwargs").and_then(|kwargs| self.heap.map_of(kwargs)) {
            passed.named.extend(entries.iter().filter_map(|(k, v)| Some((k.as_literal()?.into(), v.clone()))));
        }
        self.call_site(site, &callee, passed)
    }

    fn call_flow(&mut self, site: Site<'_>, flow: &CallFlow, receiver: &Abs, args: &Args) {
        if flow.when_changed && !self.changed {
            return;
        }
        let operation = Self::argument(&flow.operation, receiver, args);
        let operation = operation.and_then(|o| o.as_text().map(str::to_owned)).unwrap_or_default();
        let mut targets = self.flow_targets(flow, receiver, args);
        if !flow.begins.is_empty() {
            targets =
                targets.iter().flat_map(|(e, how)| beginning(flow, e).into_iter().map(|e| (e, how.clone()))).collect();
        }
        let opened = flow.opened.as_ref().and_then(|o| Self::argument(o, receiver, args));
        let writes = opened.as_ref().and_then(Abs::as_text).is_some_and(|mode| mode.contains(['w', 'a', 'x']));
        let usual = if writes { facts::FlowKind::Write } else { flow.kind };
        let usual = flow.path.as_ref().map_or(usual, |path| {
            let path = Self::argument(path, receiver, args).map(|path| text::expression(&path).to_string());
            let at = flow.wants.first().copied().unwrap_or(facts::NodeKind::Other);
            catalog::request_kind(at, &operation.to_ascii_uppercase(), &path.unwrap_or_default()).unwrap_or(usual)
        });
        let statement = flow.statement.as_ref().and_then(|s| Self::argument(s, receiver, args));
        let table = flow.table.as_ref().and_then(|t| Self::argument(t, receiver, args)).or_else(|| statement.clone());
        let part = table.filter(|t| !matches!(t, Abs::Text(_)) || flow.table.is_some());
        let part = part.and_then(|t| self.table_of(&t)).map(|t| (facts::NodeKind::SqlTable, text::expression(&t)));
        let routine = flow.routine.as_ref().and_then(|r| Self::argument(r, receiver, args));
        let routine = routine.map(|r| (facts::NodeKind::SqlProcedure, text::expression(&r)));
        let part = part.or(routine);
        let parts = match flow.document.as_ref().and_then(|d| Self::argument(d, receiver, args)) {
            Some(document) => self.fields_asked(&document),
            None => Vec::new(),
        };
        let parts = if parts.is_empty() { vec![part] } else { parts.into_iter().map(Some).collect() };
        let statement = statement.map(|s| self.statement_of(s));
        if statement.as_ref().and_then(Abs::as_text).is_some_and(|text| text.trim().is_empty()) {
            return;
        }
        let all = match statement.as_ref().map(|s| statements(&text::expression(s), &self.entry.environment)) {
            Some(all) if !all.is_empty() => all,
            _ => vec![Does { kind: Some(usual), operation, part: None, maybe: false }],
        };
        let evidence = self.evidence(site.frame, site.position, site.what);
        for Does { kind, operation, part: named, maybe } in all {
            // A statement such as `BEGIN` is no flow.
            let Some(kind) = kind else { continue };
            for ((target, how), part) in targets.iter().flat_map(|t| parts.iter().map(move |p| (t, p))) {
                self.effect(Effect {
                    kind,
                    mode: flow.mode,
                    target: target.clone(),
                    wants: flow.wants.clone(),
                    service: flow.service.as_str().into(),
                    operation: operation.as_str().into(),
                    part: named.clone().or_else(|| part.clone()),
                    maybe,
                    event: None,
                    within: None,
                    evidence: evidence.clone(),
                    how: how.iter().cloned().collect(),
                });
            }
        }
    }

    /// Who a library call goes to, each with a word on what it was given.
    fn flow_targets(&mut self, flow: &CallFlow, receiver: &Abs, args: &Args) -> Vec<(Expr, Option<Arc<str>>)> {
        let Some(target) = &flow.target else { return vec![(Expr::literal(""), None)] };
        let given = Self::argument(target, receiver, args);
        let given = given.or_else(|| args.more_named.clone()).or_else(|| args.more_positional.clone());
        let given = given.unwrap_or_else(|| Abs::unknown("the call does not say whom it calls"));
        if let Some(way) = &flow.inside {
            let steps = catalog::ArgumentPath::parse(way).0;
            let walk = |at: Vec<Abs>, step| at.iter().flat_map(|value| self.walk_step(value, step)).collect();
            let found = steps.iter().fold(vec![given], walk);
            let named = found.into_iter().map(|value| text::expression(&value));
            return named
                .map(|to| {
                    let how = format!("the call is given {}", to.words()).into();
                    (to, Some(how))
                })
                .collect();
        }
        if flow.server {
            let servers = self.servers(&given);
            let scheme = flow.prefix.iter().find_map(|p| Self::argument(p, receiver, args));
            let scheme = scheme.map_or(Expr::literal(""), |scheme| text::expression(&scheme));
            return servers
                .into_iter()
                .map(|target| {
                    let target = Expr::concat([scheme.clone(), target]);
                    let how = format!("the connection is to {}", target.words()).into();
                    (target, Some(how))
                })
                .collect();
        }
        let prefix = flow.prefix.iter().map(|p| Self::argument(p, receiver, args));
        let mut pieces = prefix.collect::<Option<Vec<Abs>>>().unwrap_or_default();
        pieces.push(self.named_by(&given));
        let whole = if pieces.len() == 1 { pieces.remove(0) } else { text::concat(&pieces) };
        let target = text::expression(&whole);
        let how = format!("the call is given {}", target.words()).into();
        vec![(target, Some(how))]
    }

    /// A statement that is put together by calls, as the word that it begins with.
    fn statement_of(&self, statement: Abs) -> Abs {
        let Abs::Handle(handle) = &statement else { return statement };
        let word = self.library.class(&handle.class).and_then(|class| class.statement.as_deref());
        word.map_or(statement.clone(), Abs::text)
    }
}

/// The handle with the way to one of its attributes.
fn deeper(of: &Rc<Handle>, name: &str) -> Abs {
    let mut deeper = (**of).clone();
    let way = match deeper.fields.get("way").and_then(Abs::as_text) {
        // Longer ways are not written by people.
        Some(way) if way.len() > 200 => way.to_owned(),
        Some(way) => format!("{way}.{name}"),
        None => name.to_owned(),
    };
    deeper.fields.insert("way".into(), Abs::text(way));
    Abs::Handle(Rc::new(deeper))
}

fn has_field(value: &Abs, name: &str) -> bool {
    matches!(value, Abs::Handle(handle) if handle.fields.contains_key(name))
}

/// Those alternatives of a target's text that begin as the flow says.
fn beginning(flow: &CallFlow, target: &Expr) -> Vec<Expr> {
    let start = match target {
        Expr::OneOf(all) => return all.iter().flat_map(|one| beginning(flow, one)).collect(),
        Expr::Concat(all) => all.first().and_then(Expr::as_literal),
        one => one.as_literal(),
    };
    match start {
        Some(start) if start.starts_with(&flow.begins) => vec![target.clone()],
        Some(start) if !flow.bare || start.contains("://") => Vec::new(),
        None if !flow.bare => Vec::new(),
        _ => vec![Expr::concat([Expr::literal(flow.begins.as_str()), target.clone()])],
    }
}
