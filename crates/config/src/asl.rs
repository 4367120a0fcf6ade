//! State machines: where the definition in Amazon States Language is, and its states. What a state calls is in `tasks`.

use crate::passed::Passed;
use crate::paths;
use crate::tasks::Machine;
use crate::template::{Declared, Template};
use crate::texts;
use crate::transitions;
use crate::tree::{self, Tree};
use facts::{Declarations, Diagnostic, End, NodeKind, Part, SourceFile, State};
use std::sync::Arc;

/// States inside one another; deeper ones are left out.
const MAX_DEPTH: u32 = 24;

/// Adds the states of a state machine and what they call.
pub(crate) fn machine(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let substitutions = declared.property(&["DefinitionSubstitutions"]);
    let machine = Machine { template, declared };
    let location = ["DefinitionUri", "DefinitionS3Location"].iter().find_map(|property| declared.property(&[property]));
    if let Some(object) = declared.property(&["Definition"]) {
        machine.states(object, substitutions, out);
    } else if let Some(text) = declared.property(&["DefinitionString"]) {
        machine.string(text, substitutions, out);
    } else if let Some(location) = location {
        machine.file(location, substitutions, out);
    }
}

impl Machine<'_, '_> {
    /// A definition in a file of its own.
    fn file(&self, location: &Tree, substitutions: Option<&Tree>, out: &mut Declarations) {
        let Some(path) = paths::located(self.template, location, out) else { return };
        let Ok(file) = self.template.sources.read(&path) else {
            let message = format!(
                "the definition `{path}` of `{}` is not in what was scanned; what its states call is left out",
                self.declared.id
            );
            out.diagnostics.push(Diagnostic::warning("definition-not-found", location.place.clone(), message));
            return;
        };
        let whole = SourceFile::new(file.path.clone(), without_bare_names(&file.text));
        let before = out.diagnostics.len();
        let root = tree::read(&whole, &mut out.diagnostics);
        let sound = out.diagnostics.len() == before;
        if let Some(root) = root {
            self.root(&root, substitutions, sound, out);
        }
    }

    /// A definition in a text. Names in it are put back as the text's own intrinsics, to be resolved where they stand.
    fn string(&self, text: &Tree, substitutions: Option<&Tree>, out: &mut Declarations) {
        let (function, argument) = text.single().unwrap_or(("", text));
        if let ("Fn::If", [_, branches @ ..]) = (function, argument.items()) {
            return branches.iter().for_each(|branch| self.string(branch, substitutions, out));
        }
        let place = match (function, argument.items()) {
            ("Fn::Sub", [format, ..]) => &format.place,
            _ => &argument.place,
        };
        if function == "Fn::ToJsonString" {
            return self.states(argument, substitutions, out);
        }
        for source in texts::of(self.template, text) {
            let own = source.own.as_ref().or(if function == "Fn::Sub" { None } else { substitutions });
            let mut problems = Vec::new();
            let root = tree::read_inside(&without_bare_names(&source.text), place, &mut problems);
            if let Some(problem) = problems.first() {
                let message = format!(
                    "the definition of `{}` cannot be read: {}; what its states call is left out",
                    self.declared.id, problem.message
                );
                out.diagnostics.push(Diagnostic::warning("definition-syntax", place.clone(), message));
            }
            if let Some(root) = root {
                self.root(&root, own, problems.is_empty(), out);
            }
        }
    }

    fn root(&self, root: &Tree, own: Option<&Tree>, sound: bool, out: &mut Declarations) {
        if sound {
            self.states(root, own, out);
        } else {
            self.walk(root, own, &Passed::default(), &Level::OUTERMOST, false, out);
        }
    }

    fn states(&self, root: &Tree, own: Option<&Tree>, out: &mut Declarations) {
        self.walk(root, own, &Passed::default(), &Level::OUTERMOST, true, out);
    }

    /// The states of a definition or of one inside a state; transitions are looked at where the whole of it was read.
    fn walk<'s>(
        &self,
        root: &'s Tree,
        own: Option<&Tree>,
        around: &Passed<'s>,
        level: &Level,
        sound: bool,
        out: &mut Declarations,
    ) {
        if level.depth > MAX_DEPTH {
            return;
        }
        let passed = Passed::of(root.get("States"), around);
        if sound {
            self.transitions(root, out);
        }
        for (name, state) in root.get("States").map(Tree::entries).unwrap_or_default() {
            let from = self.state(&name.text, name);
            out.states.push(State {
                at: from.clone(),
                type_name: state.get("Type").and_then(Tree::text).map(Arc::from),
                first: level.depth == 0 && root.get("StartAt").and_then(Tree::text) == Some(&*name.text),
                next: root.get("States").map(|states| transitions::next(states, state)).unwrap_or_default(),
                within: level.within.clone(),
            });
            if state.get("Type").and_then(Tree::text) == Some("Task") {
                self.task(&from, state, own, &passed, out);
            }
            // A distributed map reads its items from a bucket and writes what came of them to one.
            for end in ["ItemReader", "ResultWriter"].iter().filter_map(|key| state.get(key)) {
                self.task(&from, end, own, &passed, out);
            }
            for inner in [state.get("Iterator"), state.get("ItemProcessor")].into_iter().flatten() {
                // What an item is, its own states say.
                self.walk(inner, own, &Passed::default(), &level.inside(&name.text, 0), sound, out);
            }
            for (branch, number) in state.get("Branches").map(Tree::items).unwrap_or_default().iter().zip(1..) {
                self.walk(branch, own, &passed, &level.inside(&name.text, number), sound, out);
            }
        }
    }

    fn state(&self, name: &Arc<str>, key: &tree::Key) -> End {
        let mut from = self.template.own_end(self.declared.id, self.declared.tree);
        from.part = Some(Part { kind: NodeKind::State, name: name.clone() });
        from.place = key.place.clone();
        from
    }

    /// Tells of transitions to states that are not there.
    fn transitions(&self, root: &Tree, out: &mut Declarations) {
        let Some(states) = root.get("States") else { return };
        let mut named: Vec<(&Tree, String)> = Vec::new();
        named.extend(root.get("StartAt").map(|to| (to, "the definition starts at".to_owned())));
        for (name, state) in states.entries() {
            let said = || format!("the state `{}` goes on to", name.text);
            let inner = |key: &str| state.get(key).map(Tree::items).unwrap_or_default();
            let ways = inner("Choices").iter().chain(inner("Catch")).filter_map(|way| way.get("Next"));
            let own = [state.get("Next"), state.get("Default")].into_iter().flatten();
            named.extend(own.chain(ways).map(|to| (to, said())));
        }
        for (to, said) in named {
            let Some(text) = to.text().filter(|text| !text.contains("${") && states.get(text).is_none()) else {
                continue;
            };
            let message = format!("{said} `{text}`, and there is no such state; `{}` fails there", self.declared.id);
            out.diagnostics.push(Diagnostic::warning("missing-state", to.place.clone(), message));
        }
    }
}

/// Where in a definition some states stand.
struct Level {
    depth: u32,
    /// The state inside of which they run, and in which of its branches.
    within: Option<(Arc<str>, u32)>,
}

impl Level {
    const OUTERMOST: Self = Self { depth: 0, within: None };

    fn inside(&self, state: &Arc<str>, branch: u32) -> Self {
        Self { depth: self.depth + 1, within: Some((state.clone(), branch)) }
    }
}

/// The text of a definition in JSON, where names that stand for a number or truth value are blanked out: they
/// are put in before the text is read as JSON, and say nothing of what flows. Places stay.
fn without_bare_names(text: &str) -> String {
    if !text.trim_start().starts_with('{') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut escaped, mut name) = (false, false, false);
    for (at, c) in text.char_indices() {
        if name {
            name = c != '}';
            out.push(' ');
            continue;
        }
        if !inside && text[at..].starts_with("${") {
            name = true;
            out.push('0');
            continue;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_bare_names;

    #[test]
    fn names_outside_of_texts_are_blanked_out() {
        let check = |text: &str, expected: &str| assert_eq!(without_bare_names(text), expected);
        check(r#"{"a": ${N}, "b": "${M}"}"#, r#"{"a": 0   , "b": "${M}"}"#);
        check(r#"{"a": "\"${M}"}"#, r#"{"a": "\"${M}"}"#);
        check("{\"a\": ${N", "{\"a\": 0  ");
        check("a: ${N}", "a: ${N}");
    }
}
