//! Calls of service APIs: which effects an operation has, and what its answer says.

use crate::calls::Site;
use crate::heap::Object;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::statements::{Does, statements};
use crate::text;
use crate::value::{Abs, Args, Handle};
use catalog::{Action, ArgumentPath, OperationFlow, Step};
use facts::{DataFormat, Effect, Event, Expr, Missing, Mode};
use std::rc::Rc;
use std::sync::Arc;

impl Machine<'_> {
    /// Calls an operation of a service's API; gives its answer.
    pub(crate) fn call_operation(
        &mut self,
        site: Site<'_>,
        service: &Abs,
        name: &str,
        args: &Args,
        endpoint: Option<&Abs>,
    ) -> Abs {
        let mut answers = Vec::new();
        for one in service.each() {
            let services = self.texts(one);
            if services.is_empty() {
                self.unknown_service(site, one, name);
            }
            for service in services {
                let Some(operation) = catalog::operation(&service, name) else { continue };
                for flow in &operation.flows {
                    self.operation_flow(site, &operation, flow, args, endpoint);
                }
                answers.push(self.answer(&operation, args));
            }
        }
        if answers.is_empty() {
            return Abs::unknown(format!("it is what `{name}` gives"));
        }
        Abs::join(answers)
    }

    fn unknown_service(&mut self, site: Site<'_>, service: &Abs, name: &str) {
        let why = match text::expression(service) {
            Expr::Unknown { why, .. } => format!("which service `{name}` is called on is not known: {why}"),
            other => format!("which service `{name}` is called on is known only at run time: `{other:.160}`"),
        };
        self.miss(site, why.into());
    }

    fn operation_flow(
        &mut self,
        site: Site<'_>,
        operation: &catalog::Operation,
        flow: &OperationFlow,
        args: &Args,
        endpoint: Option<&Abs>,
    ) {
        let mode = match &flow.async_when {
            Some((argument, word)) if args.named(argument).is_some_and(|value| says(value, word)) => Mode::Async,
            _ => flow.mode,
        };
        let evidence = self.evidence(site.frame, site.position, site.what);
        for (target, how, event) in self.events(flow, args, endpoint) {
            if flow.made && target.is_open() {
                continue;
            }
            let called = flow.passes.as_ref().zip(target.as_literal().and_then(catalog::scheduled_operation));
            if let Some((passes, operation)) = called {
                self.scheduled(site, &operation, passes, args);
                continue;
            }
            let how = how.into_iter().chain(event.as_ref().map(event_in_words)).collect();
            let effect = Effect {
                kind: flow.kind,
                mode,
                target,
                wants: flow.wants.clone(),
                service: operation.service.as_str().into(),
                operation: operation.name.as_str().into(),
                part: None,
                maybe: false,
                event,
                within: None,
                evidence: evidence.clone(),
                how,
            };
            self.by_statement(flow, args, effect);
        }
    }

    /// The flows of an operation that a call leaves to somebody else, with the arguments in one of its own.
    fn scheduled(&mut self, site: Site<'_>, operation: &catalog::Operation, passes: &ArgumentPath, args: &Args) {
        let mut own = Args::default();
        for input in self.walk_arguments(passes, args) {
            let input = self.data(&input, DataFormat::Json, &[]).unwrap_or(input);
            let (entries, more) = self.heap.map_of(&input).unwrap_or_default();
            own.named.extend(entries.iter().filter_map(|(k, v)| Some((k.as_literal()?.into(), v.clone()))));
            own.more_named = more.cloned().or(own.more_named);
        }
        for flow in &operation.flows {
            self.operation_flow(site, operation, flow, &own, None);
        }
    }

    /// Who a flow goes to, each with what is put there where the flow is one of events: of several entries, each
    /// names its own bus.
    fn events(
        &mut self,
        flow: &OperationFlow,
        args: &Args,
        endpoint: Option<&Abs>,
    ) -> Vec<(Expr, Option<Arc<str>>, Option<Event>)> {
        let Some((source, kind)) = &flow.event else {
            let targets = self.targets(flow, args, endpoint);
            return targets.into_iter().map(|(target, how)| (target, how, None)).collect();
        };
        let Some(at) = kind.0.iter().position(|step| *step == Step::Each) else { return Vec::new() };
        let entries = self.walk_arguments(&ArgumentPath(kind.0[..=at].to_vec()), args);
        let mut out = Vec::new();
        for entry in entries.iter().flat_map(|e| e.each().to_vec()) {
            // The arguments as if the call were of this entry alone.
            let (Some(Step::Field(list)), true) = (kind.0.first(), at == 1) else { continue };
            let one = self.heap.list(vec![entry]);
            let alone = Args { named: vec![(list.as_str().into(), one)], ..Args::default() };
            let mut named = |path: &ArgumentPath| {
                let found = self.walk_arguments(path, &alone);
                (!found.is_empty()).then(|| Expr::one_of(found.iter().map(text::expression)))
            };
            let event = Event { source: named(source), detail_type: named(kind) };
            for (target, how) in self.targets(flow, &alone, endpoint) {
                let one = (target, how, Some(event.clone()));
                if !out.contains(&one) {
                    out.push(one);
                }
            }
        }
        if out.is_empty() {
            let targets = self.targets(flow, args, endpoint);
            return targets.into_iter().map(|(target, how)| (target, how, None)).collect();
        }
        out
    }

    /// An effect of an operation that is given statements is what these do; of one that is given none, itself.
    fn by_statement(&mut self, flow: &OperationFlow, args: &Args, effect: Effect) {
        let texts = flow.statement.as_ref().map(|path| self.walk_arguments(path, args)).unwrap_or_default();
        let all: Vec<Does> =
            texts.iter().flat_map(|text| statements(&text::expression(text), &self.entry.environment)).collect();
        if all.is_empty() {
            self.effect(effect);
            return;
        }
        for Does { kind, operation, part, maybe } in all {
            let Some(kind) = kind else { continue };
            self.effect(Effect { kind, operation: operation.into(), part, maybe, ..effect.clone() });
        }
    }

    /// Who a flow goes to, each with a word on where the name stands. An empty name is the service itself.
    fn targets(&mut self, flow: &OperationFlow, args: &Args, endpoint: Option<&Abs>) -> Vec<(Expr, Option<Arc<str>>)> {
        if flow.endpoint {
            let endpoint = endpoint.cloned().unwrap_or_else(|| Abs::unknown("the client is made without an endpoint"));
            let target = text::expression(&endpoint);
            let how = format!("the client's endpoint is {}", target.words()).into();
            return vec![(target, Some(how))];
        }
        if flow.answers {
            return vec![(Expr::Input(facts::AWAITED.into()), None)];
        }
        for path in flow.targets.iter().chain(&flow.members) {
            let found = self.walk_arguments(path, args);
            if !found.is_empty() {
                let mut out: Vec<(Expr, Option<Arc<str>>)> = Vec::new();
                for value in found {
                    let mut target = text::expression(&value);
                    let how = named_how(path, args, &target).into();
                    if flow.members.contains(path) {
                        target = Expr::concat([target, Expr::Input(facts::OWNER.into())]);
                    }
                    if flow.below {
                        target = Expr::concat([target, Expr::Input(facts::BELOW.into())]);
                    }
                    if !out.iter().any(|(t, _)| *t == target) {
                        out.push((target, Some(how)));
                    }
                }
                return out;
            }
        }
        if flow.targets.is_empty() {
            return vec![(Expr::literal(""), None)];
        }
        if let Some(more) = &args.more_named {
            return vec![(text::expression(more), None)];
        }
        match &flow.default {
            Some(default) => {
                vec![(
                    Expr::literal(default.as_str()),
                    Some(format!("the call names none, and `{default}` is the default").into()),
                )]
            }
            None if flow.optional => Vec::new(),
            None => {
                let why = flow.why_unnamed(&|name| args.named(name).is_some());
                vec![(why.map_or_else(|| Expr::literal(""), Expr::unknown), None)]
            }
        }
    }

    /// The values at the end of a way into the arguments of a call.
    pub(crate) fn walk_arguments(&mut self, path: &ArgumentPath, args: &Args) -> Vec<Abs> {
        let Some((Step::Field(first), rest)) = path.0.split_first() else { return Vec::new() };
        let Some(value) = args.named(first) else { return Vec::new() };
        let mut at = vec![value.clone()];
        for step in rest {
            at = at.iter().flat_map(|v| v.each().to_vec()).flat_map(|v| self.walk_step(&v, step)).collect();
        }
        at
    }

    pub(crate) fn walk_step(&mut self, value: &Abs, step: &Step) -> Vec<Abs> {
        if let Abs::Unknown(_) | Abs::Text(Expr::Input(_)) = value {
            return vec![match step {
                Step::Field(name) => self.index(value, &Abs::text(name.as_str())),
                Step::Each | Step::Keys => self.element(value),
            }];
        }
        if let Some((items, more)) = self.heap.list_of(value) {
            return match step {
                Step::Each => items.iter().chain(more).cloned().collect(),
                _ => Vec::new(),
            };
        }
        // A text where a map is looked into: the argument has another form, which another way fits.
        if let (Abs::Text(_), Step::Field(_)) = (value, step) {
            return Vec::new();
        }
        let Some((entries, more)) = self.heap.map_of(value) else {
            return vec![Abs::unknown("the argument is put together in a way that is not understood")];
        };
        match step {
            Step::Field(name) => {
                let found = entries.iter().find(|(k, _)| k.as_literal() == Some(name)).map(|(_, v)| v);
                found.or(more).cloned().into_iter().collect()
            }
            Step::Each => entries.iter().map(|(_, v)| v).chain(more).cloned().collect(),
            Step::Keys => {
                let more = more.map(|_| Abs::unknown("it is some key of a map"));
                entries.iter().map(|(k, _)| Abs::Text(k.clone())).chain(more).collect()
            }
        }
    }

    /// What an operation answers: a handle that remembers what was asked, where the answer says something of it.
    fn answer(&self, operation: &catalog::Operation, args: &Args) -> Abs {
        let rules = self.library.results(&operation.service, &operation.name);
        if rules.is_empty() {
            return Abs::unknown(format!("it is what {} returned at run time", operation.name));
        }
        let named = args.named.iter().map(|(n, v)| (format!("argument {n}"), v.clone())).collect::<Vec<_>>();
        let fields = [
            ("service".to_owned(), Abs::text(operation.service.as_str())),
            ("operation".to_owned(), Abs::text(operation.name.as_str())),
            ("at".to_owned(), Abs::text("")),
        ];
        let all = fields.into_iter().chain(named).collect::<Vec<_>>();
        handle("aws.result", all.iter().map(|(n, v)| (n.as_str(), v.clone())))
    }

    /// What an entry of an operation's answer is.
    pub(crate) fn result_member(&mut self, answer: &Rc<Handle>, step: &str) -> Abs {
        let field = |name: &str| answer.fields.get(name).and_then(Abs::as_text).unwrap_or_default().to_owned();
        let (service, operation, at) = (field("service"), field("operation"), field("at"));
        let at = if at.is_empty() { step.to_owned() } else { format!("{at}.{step}") };
        for rule in self.library.results(&service, &operation) {
            if rule.at == at {
                if let Some(one) = rule.each.as_deref().and_then(|each| each.split_once(':')) {
                    return self.answers_of_each(answer, &rule.from, one);
                }
                let asked = answer.fields.get(format!("argument {}", rule.from).as_str()).cloned();
                let asked = asked.unwrap_or_else(|| Abs::unknown(format!("no `{}` is given", rule.from)));
                return match rule.does {
                    Action::Ssm => Abs::Text(Expr::Ssm(Box::new(text::expression(&asked)))),
                    Action::Secret => Abs::Text(Expr::Secret(Box::new(text::expression(&asked)))),
                    _ if self.heap.map_of(&asked).is_some() => asked,
                    _ => Abs::Text(text::expression(&asked)),
                };
            }
            if rule.at.starts_with(&format!("{at}.")) {
                let mut deeper = (**answer).clone();
                deeper.fields.insert("at".into(), Abs::text(at));
                return Abs::Handle(Rc::new(deeper));
            }
        }
        Abs::unknown(format!("it is what {operation} returned at run time"))
    }

    /// A list of the answers to an operation that asks for one of several things, as `one` says: it and a way in.
    fn answers_of_each(&mut self, answer: &Rc<Handle>, from: &str, one: (&str, &str)) -> Abs {
        let asked = answer.fields.get(format!("argument {from}").as_str()).cloned();
        let asked = asked.unwrap_or_else(|| Abs::unknown(format!("no `{from}` is given")));
        let (items, more) = match self.heap.list_of(&asked) {
            Some((items, more)) => (items.to_vec(), more.cloned()),
            None => (Vec::new(), Some(self.element(&asked))),
        };
        let answer_to = |name: Abs| {
            let mut handle = (**answer).clone();
            handle.fields.insert("operation".into(), Abs::text(one.0));
            handle.fields.insert("at".into(), Abs::text(one.1));
            handle.fields.insert("argument Name".into(), name);
            Abs::Handle(Rc::new(handle))
        };
        let items = items.into_iter().map(answer_to).collect();
        let more = more.map(answer_to);
        self.heap.add(Object::List { items, more })
    }

    pub(crate) fn miss(&mut self, site: Site<'_>, why: Arc<str>) {
        let evidence = self.evidence(site.frame, site.position, site.what);
        self.missing(Missing { why, evidence });
    }
}

fn event_in_words(event: &Event) -> Arc<str> {
    let words = |e: &Option<Expr>| e.as_ref().map_or_else(|| "none".to_owned(), Expr::words);
    format!("the type of the event is {}, its source {}", words(&event.detail_type), words(&event.source)).into()
}

/// Whether a value is a word, as a text or as the constant that an SDK has for it: `InvocationType::Event`.
fn says(value: &Abs, word: &str) -> bool {
    match value {
        Abs::Symbol(path) => path.rsplit(['.', ':']).next() == Some(word),
        text => text.as_text() == Some(word),
    }
}

/// How a call comes to name its target: by itself, or by the object that it is made on.
fn named_how(path: &ArgumentPath, args: &Args, target: &Expr) -> String {
    let of_object = |name: &Arc<str>| matches!(path.0.first(), Some(Step::Field(field)) if **field == **name);
    if args.of_object.iter().any(of_object) {
        return format!("the call is made on an object whose `{path}` is {}", target.words());
    }
    format!("the call names it in `{path}`: {}", target.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_of_an_sdk_says_its_last_word() {
        assert!(
            says(&Abs::text("Event"), "Event") && says(&Abs::Symbol("sdk.types.InvocationType.Event".into()), "Event")
        );
        assert!(!says(&Abs::Symbol("sdk.types.InvocationType.DryRun".into()), "Event") && !says(&Abs::Null, "Event"));
    }
}
