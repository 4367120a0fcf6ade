//! What was read as a model: crates, their modules as parts, and who uses whom.

use crate::Options;
use crate::manifest::For;
use crate::members::{RootKind, To};
use crate::names::{At, Found, Names};
use crate::paths;
use crate::tree::{How, Mention, Program};
use facts::{Diagnostic, Place};
use model::{Certainty, Edge, Evidence, FlowKind, Location, Mode, Model, Node, NodeKind, Unresolved};
use std::collections::{BTreeMap, BTreeSet};

/// The model of a program.
pub(crate) fn model(program: &Program, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Model {
    let mut drawing = Drawing { program, options, ids: ids(program), nodes: BTreeMap::new(), uses: BTreeMap::new() };
    drawing.add_nodes();
    let unresolved = drawing.add_uses(diagnostics);
    let mut edges: Vec<Edge> =
        drawing.uses.iter().map(|((from, to), lines)| edge(from, to, Certainty::Inferred, lines.values())).collect();
    edges.extend(drawing.unused());
    let nodes = drawing.nodes.into_values().collect();
    let mut model = Model { name: options.name.clone(), nodes, edges, unresolved, ..Model::default() };
    model.sort();
    model
}

struct Drawing<'a> {
    program: &'a Program,
    options: &'a Options,
    /// The id of each module, by target.
    ids: Vec<Vec<String>>,
    nodes: BTreeMap<String, Node>,
    /// For each pair the lines that make it so: the first mention of each line.
    uses: BTreeMap<(String, String), BTreeMap<(String, u32), Evidence>>,
}

/// The id of each module: that of the crate where there is but one, else with the module's path below it.
fn ids(program: &Program) -> Vec<Vec<String>> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for target in &program.targets {
        *counts.entry(target.member).or_default() += target.tree.modules.len();
    }
    let id = |target: usize, path: &str| {
        let target = &program.targets[target];
        let member = &program.members[target.member];
        if counts[&target.member] == 1 {
            member.id.clone()
        } else {
            format!("{}/{}", member.id, name(program, target, path))
        }
    };
    let all = |target: usize| program.targets[target].tree.modules.iter().map(move |module| id(target, &module.path));
    (0..program.targets.len()).map(|target| all(target).collect()).collect()
}

/// What a module is called in its crate: by its path, and the root by its file. A program or a build script beside others
/// has its file before each.
fn name(program: &Program, target: &crate::tree::Target, path: &str) -> String {
    let member = &program.members[target.member];
    let file = &target.tree.modules[0].place.file;
    let below = file.strip_prefix(&*member.folder).unwrap_or(file).trim_start_matches('/');
    // The folder of the first is that of the sources, wherever it is.
    let sources = member.roots.first().map_or("", |first| paths::folder(&first.file));
    let root = file.strip_prefix(sources).and_then(|rest| rest.strip_prefix('/')).filter(|_| !sources.is_empty());
    let root = root.unwrap_or(below);
    let first = member.roots.first().is_some_and(|first| *first.file == **file);
    match (path, first) {
        ("", _) => root.to_owned(),
        (_, true) => path.to_owned(),
        (_, false) => format!("{root}::{path}"),
    }
}

impl Drawing<'_> {
    fn add_nodes(&mut self) {
        for member in &self.program.members {
            let mut node = node(&member.id, NodeKind::Crate, &member.package.name, None, &member.package.place);
            if !member.folder.is_empty() {
                node.details.insert("folder".to_owned(), member.folder.clone().into());
            }
            self.nodes.insert(member.id.clone(), node);
        }
        for (target, ids) in self.program.targets.iter().zip(&self.ids) {
            let owner = &self.program.members[target.member].id;
            for (module, id) in target.tree.modules.iter().zip(ids).filter(|(_, id)| *id != owner) {
                let called = name(self.program, target, &module.path);
                let mut part = node(id, NodeKind::Module, &called, Some(owner), &module.place);
                if module.path.is_empty() {
                    let what = match target.kind {
                        RootKind::Library => "library",
                        RootKind::Program => "program",
                        RootKind::Build => "build script",
                    };
                    part.details.insert("type".to_owned(), what.into());
                }
                // One module of several files, each for another condition.
                let known = self.nodes.entry(id.clone()).or_insert_with(|| part.clone());
                let further = part.declared.into_iter().filter(|at| !known.declared.contains(at)).collect::<Vec<_>>();
                known.declared.extend(further);
            }
        }
    }

    /// Adds what every mention names, and gives back what none can tell.
    fn add_uses(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Unresolved> {
        let mut names = Names::new(self.program);
        let mut unresolved = Vec::new();
        for (at, target) in self.program.targets.iter().enumerate() {
            for mention in &target.tree.mentions {
                let from = self.ids[at][target.tree.scopes[mention.scope].module].clone();
                if mention.how == How::Called {
                    let module = target.tree.scopes[mention.scope].module;
                    let name = mention.path.segments.first().map_or("", String::as_str);
                    if let Some(module) = target.tree.macro_in(module, name) {
                        self.add_use(from, &Found::Item(At { target: at, module }), mention);
                    }
                    continue;
                }
                let inline = matches!(mention.how, How::Inline | How::Macro);
                if inline && names.goes_on_from_item(at, mention) {
                    continue;
                }
                match names.named(at, mention) {
                    Some(found) => self.add_use(from, &found, mention),
                    None if mention.how == How::Use && !names.may_be_taken_over(at, mention.scope) => {
                        unresolved.push(unknown(from, mention));
                    }
                    None => {}
                }
            }
        }
        if names.gave_up() {
            let place = Place::new("Cargo.toml", 1, 1);
            let message = "the imports of this program lead on too often, and what some of them name is not drawn";
            diagnostics.push(Diagnostic::warning("names-without-end", place, message));
        }
        unresolved
    }

    fn add_use(&mut self, from: String, found: &Found, mention: &Mention) {
        let to = match found {
            Found::Module(At { target, module }) | Found::Item(At { target, module }) => {
                self.ids[*target][*module].clone()
            }
            Found::Member(member) => self.program.members[*member].id.clone(),
            Found::External(package) if self.options.external => self.external(package),
            Found::External(_) | Found::Given => return,
        };
        if from != to {
            let said = evidence(mention);
            let lines = self.uses.entry((from, to)).or_default();
            let line = lines.entry((said.at.file.clone(), said.at.line)).or_insert_with(|| said.clone());
            if said < *line {
                *line = said;
            }
        }
    }

    /// The node of a package from elsewhere.
    fn external(&mut self, package: &str) -> String {
        let id = format!("external/{package}");
        let names = Vec::new();
        self.nodes.entry(id.clone()).or_insert_with(|| Node {
            id: id.clone(),
            kind: NodeKind::External,
            name: package.to_owned(),
            names,
            parent: None,
            platform: String::new(),
            details: BTreeMap::new(),
            declared: Vec::new(),
        });
        id
    }

    /// Dependencies on packages of the scan that no line of code uses: a manifest allows them.
    fn unused(&self) -> Vec<Edge> {
        let owner = |id: &String| self.nodes.get(id).and_then(|node| node.parent.clone()).unwrap_or_else(|| id.clone());
        let used: BTreeSet<(String, String)> = self.uses.keys().map(|(from, to)| (owner(from), owner(to))).collect();
        let mut edges = BTreeMap::new();
        for member in &self.program.members {
            for each in member.dependencies.iter().filter(|each| each.used_for != For::Tests) {
                let To::Member(to) = each.to else { continue };
                let ends = (member.id.clone(), self.program.members[to].id.clone());
                if !used.contains(&ends) && ends.0 != ends.1 {
                    let at = location(&each.place);
                    let said = Evidence { at, what: each.name.clone(), via: Vec::new(), how: Vec::new() };
                    edges.entry(ends).or_insert_with(BTreeSet::new).insert(said);
                }
            }
        }
        edges.iter().map(|((from, to), said)| edge(from, to, Certainty::Granted, said.iter())).collect()
    }
}

fn edge<'e>(from: &str, to: &str, certainty: Certainty, evidence: impl Iterator<Item = &'e Evidence>) -> Edge {
    Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        kind: FlowKind::Use,
        mode: Mode::Sync,
        certainty,
        label: String::new(),
        evidence: evidence.cloned().collect(),
    }
}

fn node(id: &str, kind: NodeKind, name: &str, parent: Option<&String>, place: &Place) -> Node {
    Node {
        id: id.to_owned(),
        kind,
        name: name.to_owned(),
        names: Vec::new(),
        parent: parent.cloned(),
        platform: String::new(),
        details: BTreeMap::new(),
        declared: vec![location(place)],
    }
}

fn evidence(mention: &Mention) -> Evidence {
    Evidence { at: location(&mention.place), what: text(mention), via: Vec::new(), how: Vec::new() }
}

/// A mention as it is written, in short.
fn text(mention: &Mention) -> String {
    let root = if mention.path.rooted { "::" } else { "" };
    let path = mention.path.segments.join("::");
    match mention.how {
        How::Use => format!("use {root}{path}"),
        How::Glob => format!("use {root}{path}::*"),
        How::Inline | How::Macro => format!("{root}{path}"),
        How::Called => format!("{path}!"),
    }
}

fn unknown(node: String, mention: &Mention) -> Unresolved {
    let first = mention.path.segments.first().map_or("", String::as_str);
    let why = format!("`{first}` is neither a dependency nor anything that is in reach here");
    Unresolved { node, what: text(mention), why, evidence: location(&mention.place) }
}

fn location(place: &Place) -> Location {
    Location { file: place.file.to_string(), line: place.line, column: place.column }
}
