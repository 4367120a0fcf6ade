//! Several pages for what is too much for one: an overview of the services, and a page for each.

use super::{Hierarchy, Leaf, Line, View, ViewOptions, system, title};
use crate::{Certainty, Edge, FlowKind, Mode, Model, Node};
use std::collections::{BTreeMap, BTreeSet};

/// More boxes than this on one page are not read any more.
pub const READABLE: usize = 80;

/// The page that shows the services.
pub const OVERVIEW: &str = "overview";

/// The pages of a drawing. A system that is not too large for one has only that; any other an overview, in which each
/// service is a box, and a page for each service with those of its neighbours that it has to do with. The nodes of the
/// model must be sorted.
pub fn pages<'a>(model: &'a Model, options: &ViewOptions) -> Vec<View<'a>> {
    let whole = system(model, options);
    if whole.nodes.len() <= READABLE {
        return vec![whole];
    }
    let book = Book::new(model, &whole);
    if book.services.len() < 2 {
        return vec![whole];
    }
    let mut pages = vec![book.overview(&whole)];
    pages.extend((0..book.services.len()).map(|service| book.page(&whole, service)));
    pages
}

/// Which node stands on which page.
struct Book<'a> {
    hierarchy: Hierarchy<'a>,
    title: String,
    /// The services that have a page, by id.
    services: Vec<&'a Node>,
    /// For each node of the whole: its service; none for what belongs to no service.
    at: Vec<Option<usize>>,
}

impl<'a> Book<'a> {
    /// A page is for an outermost service, or for each innermost one in it when there are too many boxes for one page.
    fn new(model: &'a Model, whole: &View<'a>) -> Self {
        let hierarchy = Hierarchy::new(model);
        let outermost = |mut group: usize| {
            while let Some(parent) = whole.groups[group].parent {
                group = parent;
            }
            group
        };
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for group in whole.nodes.iter().filter_map(|leaf| leaf.group) {
            *counts.entry(outermost(group)).or_default() += 1;
        }
        let page_of = |group: usize| {
            let outer = outermost(group);
            if counts[&outer] > READABLE { group } else { outer }
        };
        let groups: Vec<Option<usize>> = whole.nodes.iter().map(|leaf| leaf.group.map(page_of)).collect();
        let used: BTreeSet<usize> = groups.iter().flatten().copied().collect();
        let index: BTreeMap<usize, usize> = used.iter().enumerate().map(|(i, group)| (*group, i)).collect();
        let services = used.iter().map(|group| whole.groups[*group].node).collect();
        let at = groups.iter().map(|group| group.map(|g| index[&g])).collect();
        Self { hierarchy, title: title(model), services, at }
    }

    /// Each service as a box, and what belongs to no service and has to do with one.
    fn overview(&self, whole: &View<'a>) -> View<'a> {
        let touched: BTreeSet<usize> = whole.lines.iter().flat_map(|line| [line.from, line.to]).collect();
        let others: Vec<usize> =
            (0..whole.nodes.len()).filter(|i| self.at[*i].is_none() && touched.contains(i)).collect();
        let mut nodes: Vec<Leaf<'a>> = self
            .services
            .iter()
            .enumerate()
            .map(|(service, node)| {
                let own =
                    whole.nodes.iter().zip(&self.at).filter(|(_, at)| **at == Some(service)).map(|(leaf, _)| leaf);
                let own: Vec<&Leaf<'a>> = own.collect();
                Leaf {
                    node,
                    group: None,
                    parts: own.iter().map(|leaf| leaf.node).collect(),
                    unresolved: own.iter().flat_map(|leaf| leaf.unresolved.iter().copied()).collect(),
                    ghost: false,
                    page: Some(node.id.clone()),
                }
            })
            .collect();
        nodes.extend(others.iter().map(|i| whole.nodes[*i].clone()));
        let mut at: Vec<Option<usize>> = self.at.clone();
        for (i, other) in others.iter().enumerate() {
            at[*other] = Some(self.services.len() + i);
        }
        let mut merged: BTreeMap<(usize, usize), Line<'a>> = BTreeMap::new();
        for line in &whole.lines {
            let (Some(from), Some(to)) = (at[line.from], at[line.to]) else { continue };
            if from != to {
                merge(merged.entry((from, to)).or_insert_with(|| empty(from, to)), line);
            }
        }
        let lines = merged.into_values().map(|line| Line { labels: counted(&line.flows), ..line }).collect();
        View { id: OVERVIEW.to_owned(), title: self.title.clone(), groups: Vec::new(), nodes, lines }
    }

    /// A service with its nodes, and what they have to do with outside of it.
    fn page(&self, whole: &View<'a>, service: usize) -> View<'a> {
        let own = |i: usize| self.at[i] == Some(service);
        let shown: Vec<&Line<'a>> = whole.lines.iter().filter(|line| own(line.from) || own(line.to)).collect();
        let ends: BTreeSet<usize> = shown.iter().flat_map(|line| [line.from, line.to]).collect();
        let chosen: Vec<usize> = (0..whole.nodes.len()).filter(|i| own(*i) || ends.contains(i)).collect();
        let index: BTreeMap<usize, usize> = chosen.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let frames: Vec<&'a Node> = chosen.iter().filter(|i| own(**i)).map(|i| whole.nodes[*i].node).collect();
        let (groups, group_index) = self.hierarchy.groups(&frames);
        let nodes = chosen.iter().map(|i| {
            let leaf = whole.nodes[*i].clone();
            let group =
                self.hierarchy.group_of(leaf.node).filter(|_| own(*i)).and_then(|id| group_index.get(id).copied());
            let page = self.at[*i].filter(|_| !own(*i)).map(|service| self.services[service].id.clone());
            Leaf { group, ghost: !own(*i), page, ..leaf }
        });
        let lines = shown.into_iter().map(|line| Line { from: index[&line.from], to: index[&line.to], ..line.clone() });
        let node = self.services[service];
        let title = format!("{} · {}", self.title, if node.name.is_empty() { &node.id } else { &node.name });
        View { id: node.id.clone(), title, groups, nodes: nodes.collect(), lines: lines.collect() }
    }
}

fn empty<'a>(from: usize, to: usize) -> Line<'a> {
    let (mode, certainty) = (Mode::Async, Certainty::Granted);
    Line { from, to, kinds: BTreeSet::new(), mode, certainty, labels: Vec::new(), flows: Vec::new() }
}

/// Lets one line stand for another one too.
fn merge<'a>(into: &mut Line<'a>, line: &Line<'a>) {
    into.kinds.extend(&line.kinds);
    into.mode = into.mode.min(line.mode);
    into.certainty = into.certainty.min(line.certainty);
    into.flows.extend(&line.flows);
}

/// How many flows there are of each kind: `3 read`.
fn counted(flows: &[&Edge]) -> Vec<String> {
    let mut counts: BTreeMap<FlowKind, usize> = BTreeMap::new();
    for flow in flows {
        *counts.entry(flow.kind).or_default() += 1;
    }
    counts.into_iter().map(|(kind, count)| format!("{count} {kind}")).collect()
}
