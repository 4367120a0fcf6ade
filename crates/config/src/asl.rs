//! State machines: the states of an Amazon States Language definition and what their tasks call.

use crate::paths;
use crate::template::{Declared, Template, end};
use crate::tree::{self, Node, Tree};
use catalog::{ArgumentPath, Step};
use facts::{Certainty, Declarations, End, Evidence, Expr, FlowKind, Link, Mode, NodeKind, Part};
use std::sync::Arc;

/// States inside one another; deeper ones are left out.
const MAX_DEPTH: u32 = 24;

/// A definition while it is read.
struct Machine<'m, 't> {
    template: &'m Template<'t>,
    declared: &'m Declared<'t>,
    substitutions: Option<&'t Tree>,
}

/// Adds the states of a state machine and what they call.
pub(crate) fn machine(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let substitutions = declared.property(&["DefinitionSubstitutions"]);
    let machine = Machine { template, declared, substitutions };
    if let Some(object) = declared.property(&["Definition"]) {
        machine.states(object, 0, out);
    } else if let Some(text) = declared.property(&["DefinitionString"]) {
        machine.string(text, out);
    } else if let Some(uri) = declared.property(&["DefinitionUri"]).and_then(Tree::text) {
        let Some(path) = paths::resolve(&template.file.path, uri) else { return };
        let Ok(file) = template.sources.read(&path) else { return };
        if let Some(root) = tree::read(&file, &mut out.diagnostics) {
            machine.states(&root, 0, out);
        }
    }
}

impl Machine<'_, '_> {
    /// A definition in a text. Names in it are put back as the text's own intrinsics, to be resolved where they stand.
    fn string(&self, text: &Tree, out: &mut Declarations) {
        let (function, argument) = text.single().unwrap_or(("", text));
        let (source, place) = match (function, argument.items()) {
            ("Fn::Sub", [format, ..]) => (format.text().map(str::to_owned), &format.place),
            ("Fn::Join", [separator, list]) => {
                let parts: Vec<String> = list.items().iter().map(|i| marked(self.template, i)).collect();
                (Some(parts.join(separator.text().unwrap_or_default())), &argument.place)
            }
            _ => (argument.text().map(str::to_owned), &argument.place),
        };
        let Some(source) = source else { return };
        let own = match (function, argument.items()) {
            ("Fn::Sub", [_, own]) => Some(own),
            _ => None,
        };
        let mut ignored = Vec::new();
        let Some(root) = tree::read_inside(&source, place, &mut ignored) else { return };
        self.states_with(&root, own, 0, out);
    }

    fn states(&self, root: &Tree, depth: u32, out: &mut Declarations) {
        self.states_with(root, self.substitutions, depth, out);
    }

    fn states_with(&self, root: &Tree, own: Option<&Tree>, depth: u32, out: &mut Declarations) {
        if depth > MAX_DEPTH {
            return;
        }
        for (name, state) in root.get("States").map(Tree::entries).unwrap_or_default() {
            let part = Part { kind: NodeKind::State, name: name.text.clone() };
            let mut from = self.template.own_end(self.declared.id, self.declared.tree);
            from.part = Some(part);
            from.place = name.place.clone();
            out.parts.push(from.clone());
            if state.get("Type").and_then(Tree::text) == Some("Task") {
                self.task(&from, state, own, out);
            }
            for inner in [state.get("Iterator"), state.get("ItemProcessor")].into_iter().flatten() {
                self.states_with(inner, own, depth + 1, out);
            }
            for branch in state.get("Branches").map(Tree::items).unwrap_or_default() {
                self.states_with(branch, own, depth + 1, out);
            }
        }
    }

    /// A text of the definition as an expression: `${Name}` is a substitution or an intrinsic.
    fn expr(&self, tree: &Tree, own: Option<&Tree>) -> Expr {
        match tree.text() {
            Some(text) => self.template.names.substitute(text, own, 0),
            None => self.template.names.expr(tree),
        }
    }

    fn task(&self, from: &End, state: &Tree, own: Option<&Tree>, out: &mut Declarations) {
        let Some(resource) = state.get("Resource") else { return };
        let text = resource.text().unwrap_or_default();
        let arguments = state.get("Parameters").or_else(|| state.get("Arguments"));
        let Some((service, operation)) = integration(text) else {
            let wants = [NodeKind::Function, NodeKind::StateMachine, NodeKind::Other];
            let to = end(self.expr(resource, own), &wants, resource);
            return out.links.push(self.link(from, to, FlowKind::Invoke, Mode::Sync, None, resource));
        };
        let Some(operation) = catalog::operation(service, &operation) else { return };
        let waits = text.contains(".sync") || text.contains(".waitForTaskToken");
        for flow in &operation.flows {
            let targets: Vec<&Tree> = flow
                .targets
                .iter()
                .map(|path| arguments.map(|a| walk_arguments(a, path)).unwrap_or_default())
                .find(|found| !found.is_empty())
                .unwrap_or_default();
            let mode = if waits { Mode::Sync } else { flow.mode };
            for target in &targets {
                let to = end(self.argument(target, own), &flow.wants, target);
                let label = Some(operation.name.as_str().into());
                out.links.push(self.link(from, to, flow.kind, mode, label, resource));
            }
            if targets.is_empty() && flow.targets.is_empty() {
                let name = Expr::literal(catalog::service(&operation.service).map_or(service, |s| s.title));
                let to = end(name, &flow.wants, resource);
                out.links.push(self.link(from, to, flow.kind, mode, Some(operation.name.as_str().into()), resource));
            } else if let (true, Some(default)) = (targets.is_empty(), &flow.default) {
                let to = end(Expr::literal(default.as_str()), &flow.wants, resource);
                out.links.push(self.link(from, to, flow.kind, mode, Some(operation.name.as_str().into()), resource));
            }
        }
    }

    /// An argument: a path into the input or an expression is known only at run time.
    fn argument(&self, tree: &Tree, own: Option<&Tree>) -> Expr {
        match tree.text() {
            Some(text) if text.starts_with("$.") || text == "$" || text.starts_with("{%") => Expr::Input(text.into()),
            _ => self.expr(tree, own),
        }
    }

    fn link(&self, from: &End, to: End, kind: FlowKind, mode: Mode, label: Option<Arc<str>>, tree: &Tree) -> Link {
        let state = from.part.as_ref().map_or("", |p| &p.name);
        Link {
            from: from.clone(),
            to,
            kind,
            mode,
            certainty: Certainty::Declared,
            label,
            condition: self.template.resource_condition(self.declared),
            evidence: Evidence {
                place: tree.place.clone(),
                what: format!("{} state {state}", self.declared.id).into(),
                via: Vec::new(),
            },
        }
    }
}

/// The text of a piece of a joined definition; what is no text is marked as a name to be put in.
pub(crate) fn marked(template: &Template<'_>, tree: &Tree) -> String {
    match (&tree.node, tree.single()) {
        (Node::Scalar(text, _), _) => text.to_string(),
        (_, Some(("Ref", name))) => format!("${{{}}}", name.text().unwrap_or_default()),
        (_, Some(("Fn::GetAtt", argument))) => {
            let parts: Vec<&str> = argument.one_or_many().into_iter().filter_map(Tree::text).collect();
            format!("${{{}}}", parts.join("."))
        }
        _ => template.names.expr(tree).to_string(),
    }
}

/// Service and operation of `arn:aws:states:::sqs:sendMessage.waitForTaskToken` or `…:::aws-sdk:dynamodb:getItem`.
fn integration(resource: &str) -> Option<(&str, String)> {
    let rest = resource.split_once(":states:")?.1.split_once("::")?.1;
    let rest = rest.strip_prefix("aws-sdk:").unwrap_or(rest);
    let (service, operation) = rest.split_once(':')?;
    let operation = operation.split('.').next().unwrap_or(operation);
    let service = match service {
        "states" | "sfn" => "stepfunctions",
        "eventbridge" => "events",
        other => other,
    };
    let mut letters = operation.chars();
    let operation = letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect();
    Some((service, operation))
}

/// The values at the end of a way into a task's arguments; `Name.$` is `Name` from the input.
fn walk_arguments<'t>(arguments: &'t Tree, path: &ArgumentPath) -> Vec<&'t Tree> {
    let mut at = vec![arguments];
    for step in &path.0 {
        at = at
            .into_iter()
            .flat_map(|tree| -> Vec<&Tree> {
                match step {
                    Step::Field(name) => field(tree, name).into_iter().collect(),
                    Step::Each if !tree.items().is_empty() => tree.items().iter().collect(),
                    Step::Each => tree.entries().iter().map(|(_, v)| v).collect(),
                    Step::Keys => Vec::new(),
                }
            })
            .collect();
    }
    at
}

fn field<'t>(tree: &'t Tree, name: &str) -> Option<&'t Tree> {
    let same = |key: &str| {
        let key = key.strip_suffix(".$").unwrap_or(key);
        key.eq_ignore_ascii_case(name)
    };
    tree.entries().iter().find(|(k, _)| same(&k.text)).map(|(_, v)| v)
}
