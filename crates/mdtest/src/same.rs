//! One system in several formats: the models are the same but for ids.

use crate::document::Block;
use crate::edges::{Line, short_line};
use crate::expect::{Sorted, errors, sorted};
use model::{Certainty, Edge, Model, NodeKind};
use pipeline::Outcome;
use std::collections::BTreeMap;

/// The folders to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Same {
    /// Top-level folders, each a repository of its own.
    pub(crate) folders: Vec<String>,
    /// Whether what only a policy allows is compared, too.
    granted: bool,
}

impl Same {
    /// By the words after `same`.
    pub(crate) fn parse(words: &str) -> Option<Self> {
        let (granted, folders): (Vec<&str>, Vec<&str>) = words.split_whitespace().partition(|w| *w == "granted");
        (folders.len() > 1)
            .then(|| Self { folders: folders.into_iter().map(str::to_owned).collect(), granted: !granted.is_empty() })
    }

    /// Every folder has a file.
    pub(crate) fn check(&self, files: &[(String, String)]) -> Result<(), String> {
        let empty = |folder: &&String| !files.iter().any(|(path, _)| path.split('/').next() == Some(folder.as_str()));
        let empty = self.folders.iter().find(empty);
        empty.map_or(Ok(()), |folder| Err(format!("no file stands in the folder `{folder}`")))
    }

    /// Everything in which the block and the outcomes differ, in the order of the folders.
    pub(crate) fn compare(&self, block: &Block, outcomes: &[Outcome]) -> Vec<String> {
        let (kept, missing, unexpected) = self.sort(block, outcomes);
        let mut problems: Vec<String> = Vec::new();
        if block.gap.is_none() {
            // Only a known gap may say what a folder lacks.
            let claimed = kept.iter().filter(|line| self.difference(line));
            problems.extend(claimed.map(|line| format!("{line}   (say why in a `gap:` line)")));
        }
        problems.extend(missing.into_iter().map(|(line, why)| format!("missing     {line}   ({why})")));
        problems.extend(
            unexpected.into_iter().map(
                |line| {
                    if self.difference(&line) { line } else { format!("unexpected  {line}") }
                },
            ),
        );
        for (folder, outcome) in self.folders.iter().zip(outcomes) {
            problems.extend(errors(outcome).into_iter().map(|error| format!("{folder}: {error}")));
        }
        problems
    }

    /// The block's content as it has to be. What folders lack stands in it only for a known gap.
    pub(crate) fn update(&self, block: &Block, outcomes: &[Outcome]) -> String {
        let (kept, _, unexpected) = self.sort(block, outcomes);
        let lines = kept.into_iter().chain(unexpected);
        lines.filter(|line| block.gap.is_some() || !self.difference(line)).map(|line| line + "\n").collect()
    }

    /// Edges of the first folder, and how the others differ from it.
    fn sort(&self, block: &Block, outcomes: &[Outcome]) -> Sorted {
        let Some(first) = outcomes.first().map(|o| &o.model) else { return Sorted::default() };
        let lines: Vec<&str> = block.content.lines().filter(|l| !l.trim().is_empty()).collect();
        let (said, edges): (Vec<&str>, Vec<&str>) = lines.into_iter().partition(|line| self.difference(line));
        let all: Vec<String> = first.edges.iter().map(|e| short_line(first, e)).collect();
        let find = |line: &str| Line::parse(line).ok_or("this is not `From -kind-> To`".to_owned())?.find(first);
        let counts = |i: usize| self.granted || first.edges[i].certainty != Certainty::Granted;
        let (mut kept, mut missing, mut unexpected) = sorted(&edges, &all, find, counts);
        let mut differences = Vec::new();
        for (folder, outcome) in self.folders.iter().zip(outcomes).skip(1) {
            differences.extend(differences_of(folder, first, &outcome.model, self.granted));
        }
        let find = |line: &str| differences.iter().position(|d| d == line.trim()).ok_or("it does not".to_owned());
        let others = sorted(&said, &differences, find, |_| true);
        kept.extend(others.0);
        missing.extend(others.1);
        unexpected.extend(others.2);
        (kept, missing, unexpected)
    }

    /// Whether a line says how a folder differs.
    fn difference(&self, line: &str) -> bool {
        let folders = self.folders.iter().skip(1);
        folders
            .filter_map(|f| line.trim().strip_prefix(f.as_str()))
            .any(|l| [LACKS, ADDS].iter().any(|w| l.starts_with(w)))
    }
}

const LACKS: &str = " lacks ";
const ADDS: &str = " adds ";

/// What a folder's model lacks and adds, `folder lacks …` a line.
fn differences_of(folder: &str, first: &Model, other: &Model, granted: bool) -> Vec<String> {
    let mut counts: BTreeMap<String, i32> = BTreeMap::new();
    for (model, step) in [(first, -1), (other, 1)] {
        for line in content(model, granted) {
            *counts.entry(line).or_default() += step;
        }
    }
    let one = |(line, count): (String, i32)| {
        let word = if count < 0 { LACKS } else { ADDS };
        let times = if count.abs() > 1 { format!(" ({} times)", count.abs()) } else { String::new() };
        (count != 0).then(|| format!("{folder}{word}{line}{times}"))
    };
    counts.into_iter().filter_map(one).collect()
}

/// Nodes and edges, as texts that do not depend on ids.
fn content(model: &Model, granted: bool) -> Vec<String> {
    let nodes = model.nodes.iter().filter(|n| n.kind != NodeKind::Service);
    let edges = model.edges.iter().filter(|e| granted || e.certainty != Certainty::Granted);
    nodes.map(|n| label(model, &n.id)).chain(edges.map(|e| edge(model, e))).collect()
}

fn edge(model: &Model, edge: &Edge) -> String {
    let certainty = match edge.certainty {
        Certainty::Declared | Certainty::Inferred => String::new(),
        other => format!(", {other}"),
    };
    let (from, to) = (label(model, &edge.from), label(model, &edge.to));
    format!("{from} -{}-> {to} ({}{certainty})", edge.kind, edge.mode)
}

/// Kind and name; the kind alone where each format makes up a name. A part stands behind its owner.
fn label(model: &Model, id: &str) -> String {
    let Some(node) = model.node(id) else { return id.to_owned() };
    if let Some(owner) = node.parent.as_ref().filter(|_| node.kind.is_part()) {
        return format!("{}[{} {}]", label(model, owner), node.kind, node.name);
    }
    match node.kind {
        NodeKind::RestApi | NodeKind::HttpApi | NodeKind::WebsocketApi | NodeKind::Schedule => node.kind.to_string(),
        kind => format!("{kind} {}", node.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expect::Expectation;

    fn model(id: &str, kind: &str, edges: &str) -> Model {
        let text = format!(
            r#"{{"name":"{id}","nodes":[{{"id":"{id}","kind":"service","name":"{id}"}},{{"id":"{id}/Api","kind":"rest_api","name":"{id}Api"}},
            {{"id":"{id}/Api/GET /o","kind":"route","name":"GET /o","parent":"{id}/Api"}},{{"id":"{id}/F","kind":"{kind}","name":"F"}}],"edges":[{edges}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn edge(id: &str, certainty: &str) -> String {
        format!(
            r#"{{"from":"{id}/Api/GET /o","to":"{id}/F","kind":"invoke","mode":"sync","certainty":"{certainty}","evidence":[]}}"#
        )
    }

    fn check(first: &Model, other: &Model, expected: &[&str]) {
        assert_eq!(differences_of("b", first, other, false), expected);
    }

    #[test]
    fn ids_names_that_formats_make_and_how_an_edge_is_known_do_not_count() {
        let (a, b) = (model("a", "function", &edge("a", "declared")), model("b", "function", &edge("b", "inferred")));
        check(&a, &b, &[]);
    }

    #[test]
    fn what_one_lacks_is_told() {
        let a = model("a", "function", &edge("a", "declared"));
        check(&a, &model("b", "function", ""), &["b lacks rest_api[route GET /o] -invoke-> function F (sync)"]);
        check(
            &a,
            &model("b", "function", &edge("b", "possible")),
            &[
                "b lacks rest_api[route GET /o] -invoke-> function F (sync)",
                "b adds rest_api[route GET /o] -invoke-> function F (sync, possible)",
            ],
        );
        check(&model("a", "function", ""), &model("b", "queue", ""), &["b lacks function F", "b adds queue F"]);
    }

    #[test]
    fn granted_edges_count_on_request() {
        let (a, b) = (model("a", "function", &edge("a", "granted")), model("b", "function", ""));
        check(&a, &b, &[]);
        assert_eq!(
            differences_of("b", &a, &b, true),
            ["b lacks rest_api[route GET /o] -invoke-> function F (sync, granted)"]
        );
    }

    #[test]
    fn the_words_of_a_block() {
        let same = Same::parse("sam cfn granted").unwrap();
        assert_eq!((same.folders.as_slice(), same.granted), (&["sam".to_owned(), "cfn".to_owned()][..], true));
        assert_eq!(Same::parse("sam granted"), None);
        assert!(same.difference("cfn lacks queue Jobs") && !same.difference("sam lacks queue Jobs"));
    }

    #[test]
    fn the_body_is_held_against_the_first_folder() {
        let outcome = |model| Outcome { model, ..Outcome::default() };
        let outcomes = [
            outcome(model("a", "function", &edge("a", "declared"))),
            outcome(model("b", "function", &edge("b", "declared"))),
        ];
        let same = Same::parse("a b").unwrap();
        let content = "Api[GET /o] -invoke-> F\n".to_owned();
        let expectation = Expectation::Same(same.clone());
        let mut block = Block { expectation, line: 1, content, range: 0..0, gap: None };
        assert_eq!(same.compare(&block, &outcomes), [""; 0]);
        block.content = String::new();
        assert_eq!(same.compare(&block, &outcomes), ["unexpected  Api[GET /o] -invoke-> F"]);
        assert_eq!(same.update(&block, &outcomes), "Api[GET /o] -invoke-> F\n");
    }

    #[test]
    fn only_a_known_gap_may_say_what_a_folder_lacks() {
        let outcome = |model| Outcome { model, ..Outcome::default() };
        let outcomes = [outcome(model("a", "function", "")), outcome(model("b", "queue", ""))];
        let same = Same::parse("a b").unwrap();
        let expectation = Expectation::Same(same.clone());
        let mut block = Block { expectation, line: 1, content: String::new(), range: 0..0, gap: None };
        assert_eq!(same.compare(&block, &outcomes), ["b lacks function F", "b adds queue F"]);
        assert_eq!(same.update(&block, &outcomes), "");
        block.gap = Some("why".to_owned());
        block.content = same.update(&block, &outcomes);
        assert_eq!(block.content, "b lacks function F\nb adds queue F\n");
        assert_eq!(same.compare(&block, &outcomes), [""; 0]);
        block.gap = None;
        assert_eq!(same.compare(&block, &outcomes).len(), 2);
    }
}
