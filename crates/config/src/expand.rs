//! What a template says once for many places, put where it counts: `Fn::ForEach` loops, included files, and what
//! SAM's `Globals` add to each resource. What is chosen as a whole is brought down to its values (`choices`).

use crate::choices;
use crate::paths;
use crate::tree::{self, Key, Node, Tree};
use facts::{Diagnostic, Place, SourceFile, Sources};
use std::sync::Arc;

/// Values inside one another, and files included by included files.
const MAX_DEPTH: usize = 300;

/// Entries that loops and includes of one template may make.
const MAX_ENTRIES: usize = 100_000;

/// The template with loops, local includes and `Globals` worked in.
pub(crate) fn expand(file: &SourceFile, root: Tree, sources: &dyn Sources, diagnostics: &mut Vec<Diagnostic>) -> Tree {
    let text = &file.text;
    let mut root = if text.contains("Fn::ForEach") || text.contains("AWS::Include") {
        let parameters = root.get("Parameters").cloned();
        let mut expander = Expander { file, sources, diagnostics, parameters, made: 0, including: Vec::new() };
        expander.tree(root, 0)
    } else {
        root
    };
    if text.contains("If") {
        choices::bring_down(&mut root);
    }
    merge_globals(&mut root);
    root
}

struct Expander<'e> {
    file: &'e SourceFile,
    sources: &'e dyn Sources,
    diagnostics: &'e mut Vec<Diagnostic>,
    parameters: Option<Tree>,
    made: usize,
    including: Vec<String>,
}

impl Expander<'_> {
    fn tree(&mut self, tree: Tree, depth: usize) -> Tree {
        if depth > MAX_DEPTH {
            return tree;
        }
        let node = match tree.node {
            Node::List(items) => Node::List(items.into_iter().map(|item| self.tree(item, depth + 1)).collect()),
            Node::Map(entries) => return self.map(tree.place, entries, depth),
            other => other,
        };
        Tree { node, ..tree }
    }

    fn map(&mut self, place: Place, entries: Vec<(Key, Tree)>, depth: usize) -> Tree {
        let mut out = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if key.text.starts_with("Fn::ForEach") {
                self.for_each(&key, &value, depth, &mut out);
                continue;
            }
            if &*key.text == "Fn::Transform"
                && let Some(included) = self.include(&value, depth)
            {
                match included.node {
                    Node::Map(inner) => out.extend(inner),
                    node => return Tree { place, node },
                }
                continue;
            }
            // The description of an API is read where it stands, so that its routes keep their lines.
            let whole = matches!(&*key.text, "Body" | "DefinitionBody") && value.get("Fn::Transform").is_some();
            let value = if whole { value } else { self.tree(value, depth + 1) };
            out.push((key, value));
        }
        Tree { place, node: Node::Map(out) }
    }

    /// `Fn::ForEach::Name: [Identifier, [a, b], {"Key${Identifier}": body}]`
    fn for_each(&mut self, key: &Key, value: &Tree, depth: usize, out: &mut Vec<(Key, Tree)>) {
        let [identifier, collection, body] = value.items() else {
            return self.tell("for-each", &key.place, "the loop has no identifier, collection and body");
        };
        let (Some(identifier), Some(all)) = (identifier.text(), self.collection(collection)) else {
            let why = "the loop's collection is known only at deployment";
            return self.tell("for-each", &key.place, why);
        };
        for element in all {
            self.made += body.entries().len();
            if self.made > MAX_ENTRIES {
                return self.tell("too-large", &key.place, "loops make too many entries");
            }
            let one = replace(body, identifier, &element, depth);
            if let Node::Map(entries) = self.tree(one, depth + 1).node {
                out.extend(entries);
            }
        }
    }

    fn tell(&mut self, code: &'static str, place: &Place, why: &str) {
        self.diagnostics.push(Diagnostic::warning(code, place.clone(), format!("{why}; what it makes is left out")));
    }

    /// The texts of a list; a reference to a parameter is its default.
    fn collection(&self, tree: &Tree) -> Option<Vec<Arc<str>>> {
        match (&tree.node, tree.single()) {
            (Node::List(items), _) => {
                let all: Option<Vec<_>> = items.iter().map(|i| self.collection(i)).collect();
                Some(all?.concat())
            }
            (Node::Scalar(text, _), _) => Some(vec![text.clone()]),
            (_, Some(("Ref", name))) => {
                let default = self.parameters.as_ref()?.at(&[name.text()?, "Default"])?.text()?;
                Some(default.split(',').map(|t| t.trim().into()).collect())
            }
            _ => None,
        }
    }

    /// The content of an included file.
    fn include(&mut self, transform: &Tree, depth: usize) -> Option<Tree> {
        if transform.get("Name").and_then(Tree::text) != Some("AWS::Include") {
            return None;
        }
        let written = transform.at(&["Parameters", "Location"])?;
        let found = written.text().filter(|text| !text.starts_with("s3://")).and_then(|text| {
            let path = paths::resolve(&self.file.path, text)?;
            Some((self.sources.read(&path).ok()?, path))
        });
        let Some((file, path)) = found.filter(|(_, path)| !self.including.contains(path)) else {
            let why = "the included file is not in what was scanned, or includes itself";
            self.tell("include-not-found", &written.place, why);
            return None;
        };
        self.made += file.text.len() / 16;
        if self.made > MAX_ENTRIES {
            self.tell("too-large", &written.place, "includes make too many entries");
            return None;
        }
        let tree = tree::read(&file, self.diagnostics)?;
        self.including.push(path);
        let tree = self.tree(tree, depth + 1);
        self.including.pop();
        Some(tree)
    }
}

/// A loop's body for one element: `${Identifier}`, `&{Identifier}` and `{Ref: Identifier}` are the element.
fn replace(tree: &Tree, identifier: &str, element: &str, depth: usize) -> Tree {
    if depth > MAX_DEPTH {
        return tree.clone();
    }
    let text = |text: &Arc<str>, marks: &[&str]| -> Arc<str> {
        if !text.contains(identifier) {
            return text.clone();
        }
        let put = |text: String, mark: &&str| text.replace(&format!("{mark}{{{identifier}}}"), element);
        marks.iter().fold(text.to_string(), put).into()
    };
    // `&{X}` in a key drops what is no letter or digit, for logical ids allow nothing else.
    let plain: String = element.chars().filter(char::is_ascii_alphanumeric).collect();
    let node = match &tree.node {
        Node::Map(_) if tree.single().is_some_and(|(f, v)| f == "Ref" && v.text() == Some(identifier)) => {
            Node::Scalar(element.into(), true)
        }
        Node::Map(entries) => {
            let entry = |(key, value): &(Key, Tree)| {
                let id = key.text.replace(&format!("&{{{identifier}}}"), &plain).into();
                (
                    Key { text: text(&id, &["$"]), place: key.place.clone() },
                    replace(value, identifier, element, depth + 1),
                )
            };
            Node::Map(entries.iter().map(entry).collect())
        }
        Node::List(items) => Node::List(items.iter().map(|i| replace(i, identifier, element, depth + 1)).collect()),
        Node::Scalar(value, quoted) => {
            let value: Arc<str> = value.replace(&format!("&{{{identifier}}}"), &plain).into();
            Node::Scalar(text(&value, &["$"]), *quoted)
        }
        other @ (Node::Null | Node::Symbol(_)) => other.clone(),
    };
    Tree { place: tree.place.clone(), node }
}

/// Puts `Globals` under each resource of its type, as SAM does: maps are merged, lists put one after another, and
/// of two other values the resource's own counts.
fn merge_globals(root: &mut Tree) {
    let Some(globals) = root.get("Globals").cloned() else { return };
    let Node::Map(sections) = &mut root.node else { return };
    let Some((_, resources)) = sections.iter_mut().find(|(key, _)| &*key.text == "Resources") else { return };
    let Node::Map(resources) = &mut resources.node else { return };
    for (key, resource) in resources {
        let section = resource.get("Type").and_then(Tree::text).and_then(|t| t.strip_prefix("AWS::Serverless::"));
        let Some(global) = section.and_then(|s| globals.get(s)) else { continue };
        let Node::Map(entries) = &mut resource.node else { continue };
        if let Some((_, own)) = entries.iter_mut().find(|(key, _)| &*key.text == "Properties") {
            merge(global, own, 0);
        } else {
            entries.push((Key { text: "Properties".into(), place: key.place.clone() }, global.clone()));
        }
    }
}

fn merge(global: &Tree, own: &mut Tree, depth: usize) {
    if depth > MAX_DEPTH || global.is_intrinsic() || own.is_intrinsic() {
        return;
    }
    match (&global.node, &mut own.node) {
        (Node::Map(global), Node::Map(own)) => {
            for (key, value) in global {
                match own.iter_mut().find(|(k, _)| k.text == key.text) {
                    Some((_, own)) => merge(value, own, depth + 1),
                    None => own.push((key.clone(), value.clone())),
                }
            }
        }
        (Node::List(global), Node::List(own)) => {
            own.splice(0..0, global.iter().cloned());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::MemorySources;

    /// The expanded template in a short notation: `{a: 1, b: [x, y]}`.
    fn check(yaml: &str, section: &str, expected: &str) {
        let file = SourceFile::new("t.yaml", yaml);
        let sources = MemorySources::new([("part.yaml", "A: 1\nB: !Ref X\n"), ("t.yaml", yaml)]);
        let mut diagnostics = Vec::new();
        let root = tree::read(&file, &mut diagnostics).unwrap();
        let root = expand(&file, root, &sources, &mut diagnostics);
        let mut got = shown(root.get(section).unwrap());
        got.extend(diagnostics.iter().map(|d| format!(" {}", d.code)));
        assert_eq!(got, expected, "{yaml}");
    }

    fn shown(tree: &Tree) -> String {
        match &tree.node {
            Node::Null | Node::Symbol(_) => "-".into(),
            Node::Scalar(text, _) => text.to_string(),
            Node::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
            Node::Map(entries) => {
                let all = entries.iter().map(|(k, v)| format!("{}: {}", k.text, shown(v)));
                format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[test]
    fn loops_are_unrolled() {
        check(
            "Resources: {'Fn::ForEach::L': [N, [a, b], {'Q${N}': {Name: !Sub 'x-${N}', Ref: !Ref N}}]}",
            "Resources",
            "{Qa: {Name: {Fn::Sub: x-a}, Ref: a}, Qb: {Name: {Fn::Sub: x-b}, Ref: b}}",
        );
        check(
            "Parameters: {P: {Default: 'a,b-1'}}\nResources: {'Fn::ForEach::L': [N, !Ref P, {'Q&{N}': 1}]}",
            "Resources",
            "{Qa: 1, Qb1: 1}",
        );
        check("Resources: {'Fn::ForEach::L': [N, !Ref P, {'Q${N}': 1}], R: 2}", "Resources", "{R: 2} for-each");
    }

    #[test]
    fn local_files_are_included() {
        let include = |path: &str| {
            format!("M: {{C: 3, 'Fn::Transform': {{Name: AWS::Include, Parameters: {{Location: {path}}}}}}}")
        };
        check(&include("part.yaml"), "M", "{C: 3, A: 1, B: {Ref: X}}");
        for path in ["s3://b/part.yaml", "../part.yaml", "missing.yaml"] {
            let kept = format!(
                "{{C: 3, Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {path}}}}}}} include-not-found"
            );
            check(&include(path), "M", &kept);
        }
    }

    #[test]
    fn globals_are_merged() {
        check(
            "Globals: {Function: {Runtime: a, Layers: [l], Environment: {Variables: {A: 1, B: 1}}}}\n\
             Resources: {F: {Type: AWS::Serverless::Function, Properties: {Runtime: b, Layers: [m], Environment: {Variables: {A: 2}}}}}",
            "Resources",
            "{F: {Type: AWS::Serverless::Function, Properties: {Runtime: b, Layers: [l, m], Environment: {Variables: {A: 2, B: 1}}}}}",
        );
        check(
            "Globals: {Function: {A: 1}}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}",
            "Resources",
            "{Q: {Type: AWS::SQS::Queue}}",
        );
    }
}
