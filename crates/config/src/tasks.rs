//! What a state of a machine calls: its `Resource`, and the arguments that name the target.

use crate::passed::Passed;
use crate::template::{Declared, Template, end};
use crate::tree::{Node, Tree};
use catalog::{ArgumentPath, LinkRule, OperationFlow, Step};
use facts::{Certainty, Declarations, End, Event, Evidence, Expr, FlowKind, Handed, Link, Mode, NodeKind, Wait};
use std::sync::Arc;

/// A state machine while its definition is read.
pub(crate) struct Machine<'m, 't> {
    pub(crate) template: &'m Template<'t>,
    pub(crate) declared: &'m Declared<'t>,
}

/// A task while it is read.
struct Task<'s> {
    from: &'s End,
    resource: &'s Tree,
    arguments: Option<&'s Tree>,
    own: Option<&'s Tree>,
    passed: &'s Passed<'s>,
}

impl Machine<'_, '_> {
    /// Adds what a task, or the reader or writer of a map, calls.
    pub(crate) fn task(
        &self,
        from: &End,
        state: &Tree,
        own: Option<&Tree>,
        passed: &Passed<'_>,
        out: &mut Declarations,
    ) {
        let Some(resource) = state.get("Resource") else { return };
        let called = self.expr(resource, own);
        let text = called.to_string();
        let arguments = state.get("Parameters").or_else(|| state.get("Arguments"));
        let task = Task { from, resource, arguments, own, passed };
        let Some((service, operation)) = integration(&text) else {
            let wants = [NodeKind::Function, NodeKind::StateMachine, NodeKind::Other];
            self.hand(&called, arguments, &task, out);
            let to = end(called, &wants, resource);
            return out.links.push(self.link(&task, to, FlowKind::Invoke, Mode::Sync, None));
        };
        let rules = catalog::link_rules(&format!("states:{service}:{operation}"));
        if !rules.is_empty() {
            return rules.iter().for_each(|rule| self.by_rule(&task, rule, out));
        }
        let Some(operation) = catalog::task_operation(service, operation) else { return };
        let waits = text.contains(".sync") || text.contains(".waitForTaskToken");
        let token = text.contains(".waitForTaskToken");
        for flow in &operation.flows {
            let mode = if waits { Mode::Sync } else { task.mode(flow) };
            for (to, event) in self.events(&task, flow, &operation.service) {
                if flow.made && to.what.is_open() {
                    continue;
                }
                if token {
                    let machine = self.template.at(self.declared.id);
                    out.waits.push(Wait { machine, to: to.what.clone(), place: resource.place.clone() });
                }
                if operation.name == "Invoke" {
                    self.hand(&to.what, arguments.and_then(|a| a.get("Payload")), &task, out);
                }
                let link = self.link(&task, to, flow.kind, mode, Some(operation.name.as_str().into()));
                out.links.push(Link { event, ..link });
            }
        }
    }

    /// Whom a task calls, and which event it puts there: each of several entries names its own bus.
    fn events(&self, task: &Task<'_>, flow: &OperationFlow, service: &str) -> Vec<(End, Option<Event>)> {
        let all = |task: &Task<'_>| self.targets(task, flow, service);
        let Some((source, kind)) = &flow.event else {
            return all(task).into_iter().map(|to| (to, None)).collect();
        };
        let Some((Step::Field(list), [Step::Each, ..])) = kind.0.split_first() else { return Vec::new() };
        let entries = task.at(&ArgumentPath(vec![Step::Field(list.clone())]));
        let entries: Vec<&Tree> = entries.iter().flat_map(Tree::one_or_many).collect();
        let of_entry = |entry: &&Tree| {
            let alone =
                Tree::map(&entry.place, vec![(list.as_str(), Tree::list(&entry.place, vec![(*entry).clone()]))]);
            let task = Task { arguments: Some(&alone), ..*task };
            let named = |path| task.at(path).first().map(|tree| self.argument(tree, &task));
            let event = Event { source: named(source), detail_type: named(kind) };
            all(&task).into_iter().map(|to| (to, Some(event.clone()))).collect::<Vec<_>>()
        };
        entries.iter().flat_map(of_entry).collect()
    }

    /// Hands the constant arguments of a task to the function that it calls.
    fn hand(&self, to: &Expr, arguments: Option<&Tree>, task: &Task<'_>, out: &mut Declarations) {
        for (key, value) in arguments.map(Tree::entries).unwrap_or_default() {
            if let (Some(name), Some(known)) =
                (key.text.strip_suffix(".$"), value.text().and_then(|p| task.passed.get(p)))
            {
                let value = self.expr(known, task.own);
                out.handed.push(Handed { to: to.clone(), keys: vec![name.into()], value, place: known.place.clone() });
            }
            let constant = value.text().is_none_or(|text| !is_run_time(text)) && !key.text.ends_with(".$");
            let one = value.text().is_some() || value.is_intrinsic();
            if constant && one {
                let (keys, value) = (vec![key.text.clone()], (self.expr(value, task.own), value.place.clone()));
                out.handed.push(Handed { to: to.clone(), keys, value: value.0, place: value.1 });
            }
        }
    }

    /// An integration that is no operation of a service's API.
    fn by_rule(&self, task: &Task<'_>, rule: &LinkRule, out: &mut Declarations) {
        let holds = |condition: &String| {
            let Some((way, text)) = condition.split_once('~') else { return false };
            task.at(&ArgumentPath::parse(way))
                .iter()
                .any(|value| value.text().is_some_and(|value| value.contains(text)))
        };
        if rule.unless.iter().any(holds) || !rule.only.iter().all(holds) {
            return;
        }
        for way in &rule.to {
            let found = task.at(&ArgumentPath::parse(way));
            for target in &found {
                let to = end(self.argument(target, task), &rule.to_wants, target);
                let label = Some(rule.label.as_str().into()).filter(|l: &Arc<str>| !l.is_empty());
                out.links.push(self.link(task, to, rule.kind, rule.mode, label));
            }
            if !found.is_empty() {
                return;
            }
        }
    }

    fn targets(&self, task: &Task<'_>, flow: &OperationFlow, service: &str) -> Vec<End> {
        let of_service = |what: Expr, at: &Tree| End { service: service.into(), ..end(what, &flow.wants, at) };
        let named = flow.targets.iter().map(|path| task.at(path)).find(|found| !found.is_empty());
        if let Some(named) = named {
            return named.iter().map(|target| of_service(self.argument(target, task), target)).collect();
        }
        let what = match &flow.default {
            Some(default) => Expr::literal(default.as_str()),
            None if flow.optional => return Vec::new(),
            None => {
                let given = |name: &str| !task.at(&ArgumentPath::parse(name)).is_empty();
                flow.why_unnamed(&given).map_or_else(|| Expr::service(service), Expr::unknown)
            }
        };
        vec![of_service(what, task.resource)]
    }

    /// A text of the definition as an expression: `${Name}` is a substitution or an intrinsic.
    fn expr(&self, tree: &Tree, own: Option<&Tree>) -> Expr {
        match tree.text() {
            Some(text) => self.template.names.substitute(text, own, 0),
            None => self.template.names.expr(tree),
        }
    }

    /// An argument: a path into the input or an expression is known only at run time, unless a state before put it there.
    fn argument(&self, tree: &Tree, task: &Task<'_>) -> Expr {
        let Some(text) = tree.text().filter(|text| is_run_time(text)) else {
            return self.given(without_alias(self.expr(tree, task.own)));
        };
        if let Some(known) = task.passed.get(text) {
            return without_alias(self.expr(known, task.own));
        }
        match constant(text) {
            Some(constant) => self.given(without_alias(self.template.names.substitute(constant, task.own, 0))),
            None => Expr::Input(text.into()),
        }
    }

    /// Says so where the template neither declares a name of the definition nor gives it a value: a definition in a file
    /// can be that of several machines.
    fn given(&self, e: Expr) -> Expr {
        match &e {
            Expr::Resource { id, .. } if !self.template.resources.contains_key(&**id) => {
                Expr::unknown(format!("the template gives no value to `${{{id}}}` of the definition"))
            }
            _ => e,
        }
    }

    fn link(&self, task: &Task<'_>, to: End, kind: FlowKind, mode: Mode, label: Option<Arc<str>>) -> Link {
        let state = task.from.part.as_ref().map_or("", |p| &p.name);
        Link {
            from: task.from.clone(),
            to,
            kind,
            mode,
            certainty: Certainty::Declared,
            label,
            condition: self.template.resource_condition(self.declared),
            filter: None,
            event: None,
            evidence: Evidence {
                place: task.resource.place.clone(),
                what: format!("{} state {state}", self.declared.id).into(),
                via: Vec::new(),
            },
        }
    }
}

impl Task<'_> {
    fn mode(&self, flow: &OperationFlow) -> Mode {
        let unwaited = flow.async_when.as_ref().is_some_and(|(argument, value)| {
            let given = self.arguments.and_then(|a| field(a, argument)).and_then(Tree::text);
            given == Some(value)
        });
        if unwaited { Mode::Async } else { flow.mode }
    }

    /// The values at the end of a way into the arguments; `Name.$` is `Name` from the input. A value on the way that
    /// is known only at run time is the end of it.
    fn at(&self, path: &ArgumentPath) -> Vec<Tree> {
        let mut at: Vec<Tree> = self.arguments.cloned().into_iter().collect();
        for step in &path.0 {
            at = at.iter().flat_map(|tree| next(tree, step)).collect();
        }
        at
    }
}

fn next(tree: &Tree, step: &Step) -> Vec<Tree> {
    if tree.text().is_some_and(is_run_time) {
        return vec![tree.clone()];
    }
    match step {
        Step::Field(name) => field(tree, name).cloned().into_iter().collect(),
        Step::Each if !tree.items().is_empty() => tree.items().to_vec(),
        Step::Each => tree.entries().iter().map(|(_, v)| v.clone()).collect(),
        Step::Keys => {
            let key = |(key, _): &(crate::tree::Key, Tree)| Tree {
                place: key.place.clone(),
                node: Node::Scalar(key.text.clone(), true),
            };
            tree.entries().iter().map(key).collect()
        }
    }
}

fn field<'t>(tree: &'t Tree, name: &str) -> Option<&'t Tree> {
    let same = |key: &str| {
        let key = key.strip_suffix(".$").unwrap_or(key);
        key.eq_ignore_ascii_case(name)
    };
    tree.entries().iter().find(|(k, _)| same(&k.text)).map(|(_, v)| v)
}

/// A path into the input or a variable, an intrinsic of the states language, or an expression in `JSONata`.
fn is_run_time(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("{%") || text.starts_with("States.") || text.starts_with('$') && !text.starts_with("${")
}

/// The text of a `JSONata` expression that is just a text: `{% 'orders' %}`.
fn constant(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{%")?.strip_suffix("%}")?.trim();
    let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = inner.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains(quote) && !inner.contains('\\')).then_some(inner)
}

/// The name of a function without the version behind it: `orders:live`. An ARN is understood where names are.
fn without_alias(name: Expr) -> Expr {
    let first = match &name {
        Expr::Concat(all) => all.first(),
        one => Some(one),
    };
    let address = |text: &str| text.starts_with("arn:") || text.contains("://");
    if first.and_then(Expr::as_literal).is_some_and(address) {
        return name;
    }
    match name {
        Expr::Literal(text) => Expr::literal(text.split(':').next().unwrap_or_default()),
        Expr::Concat(mut all) => {
            if let Some(Expr::Literal(last)) = all.last()
                && last.starts_with(':')
                && !last[1..].contains([':', '/'])
            {
                all.pop();
            }
            Expr::concat(all)
        }
        other => other,
    }
}

/// Service and operation of `arn:aws:states:::sqs:sendMessage.waitForTaskToken` or `…:::aws-sdk:dynamodb:getItem`.
fn integration(resource: &str) -> Option<(&str, &str)> {
    let rest = resource.split_once(":states:::")?.1;
    let rest = rest.strip_prefix("aws-sdk:").unwrap_or(rest);
    let (service, operation) = rest.split_once(':')?;
    Some((service, operation.split('.').next().unwrap_or(operation)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrations_are_told_from_arns() {
        let check = |text: &str, expected: Option<(&str, &str)>| assert_eq!(integration(text), expected, "{text}");
        check("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Some(("sqs", "sendMessage")));
        check("arn:${AWS::Partition}:states:::aws-sdk:dynamodb:getItem", Some(("dynamodb", "getItem")));
        check("arn:aws:states:${AWS::Region}:${AWS::AccountId}:activity:pay", None);
        check("arn:aws:lambda:eu-west-1:123456789012:function:pay", None);
        check("", None);
    }

    #[test]
    fn constants_of_expressions() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(constant(text), expected, "{text}");
        check("{% 'orders' %}", Some("orders"));
        check("{% $states.input.name %}", None);
        check("{% 'a' & 'b' %}", None);
        check("{%'%}", None);
    }
}
