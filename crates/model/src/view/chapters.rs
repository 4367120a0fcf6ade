//! Which nodes of a large system stand on which page.

use super::View;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Boxes of one page when a service needs several: with its neighbours it is then still readable.
const CHAPTER: usize = 50;

/// Where the nodes of a page of the whole system stand.
pub(super) struct Chapters {
    /// The group of each service that has a page, in the order of the groups.
    pub(super) services: Vec<usize>,
    /// For each chapter its service, as an index of `services`, and which one of how many it is.
    pub(super) cut: Vec<(usize, usize, usize)>,
    /// For each node its chapter; none for what belongs to no service.
    pub(super) at: Vec<Option<usize>>,
}

impl Chapters {
    /// A page is for an outermost service, or for each innermost one in it when that has more than `most` boxes; and
    /// one that still has, with the services and others that it has to do with, is cut into chapters, along what has to do
    /// with one another.
    pub(super) fn new(whole: &View<'_>, most: usize) -> Self {
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
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, group) in whole.nodes.iter().enumerate().filter_map(|(i, leaf)| Some((i, leaf.group?))) {
            let outer = outermost(group);
            members.entry(if counts[&outer] > most { group } else { outer }).or_default().push(i);
        }
        let mut out = Self { services: Vec::new(), cut: Vec::new(), at: vec![None; whole.nodes.len()] };
        let beside = neighbours(whole, &members);
        for (group, nodes) in members {
            let boxes = nodes.len() + beside.get(&group).map_or(0, BTreeSet::len);
            let pieces = if boxes > most { cut(whole, &nodes) } else { vec![nodes] };
            for (number, chapter) in pieces.iter().enumerate() {
                for node in chapter {
                    out.at[*node] = Some(out.cut.len());
                }
                out.cut.push((out.services.len(), number, pieces.len()));
            }
            out.services.push(group);
        }
        out
    }

    /// The service of a node.
    pub(super) fn service(&self, node: usize) -> Option<usize> {
        self.at[node].map(|chapter| self.cut[chapter].0)
    }
}

/// What stands on a page for what is not in its group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outside {
    /// Another group.
    Group(usize),
    /// A node that is in no group.
    Node(usize),
}

/// What has to do with each group, other groups as a whole.
fn neighbours(whole: &View<'_>, members: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<usize, BTreeSet<Outside>> {
    let mut group_of = vec![None; whole.nodes.len()];
    for (group, nodes) in members {
        for node in nodes {
            group_of[*node] = Some(*group);
        }
    }
    let mut beside: BTreeMap<usize, BTreeSet<Outside>> = BTreeMap::new();
    for line in &whole.lines {
        for (own, other) in [(line.from, line.to), (line.to, line.from)] {
            if let Some(group) = group_of[own].filter(|group| group_of[other] != Some(*group)) {
                beside.entry(group).or_default().insert(group_of[other].map_or(Outside::Node(other), Outside::Group));
            }
        }
    }
    beside
}

/// Pieces of no more than [`CHAPTER`] nodes each: what is connected stays together where it fits.
fn cut(whole: &View<'_>, nodes: &[usize]) -> Vec<Vec<usize>> {
    let mut pieces: Vec<Vec<usize>> = Vec::new();
    for component in components(whole, nodes) {
        for part in component.chunks(CHAPTER) {
            match pieces.iter_mut().find(|piece| piece.len() + part.len() <= CHAPTER) {
                Some(piece) => piece.extend(part),
                None => pieces.push(part.to_vec()),
            }
        }
    }
    pieces
}

/// The connected parts of some nodes, each in the order in which a walk from its first node meets the others.
fn components(whole: &View<'_>, nodes: &[usize]) -> Vec<Vec<usize>> {
    let own: BTreeSet<usize> = nodes.iter().copied().collect();
    let mut beside: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for line in whole.lines.iter().filter(|line| own.contains(&line.from) && own.contains(&line.to)) {
        beside.entry(line.from).or_default().insert(line.to);
        beside.entry(line.to).or_default().insert(line.from);
    }
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for start in nodes {
        if !seen.insert(*start) {
            continue;
        }
        let (mut met, mut next) = (Vec::new(), VecDeque::from([*start]));
        while let Some(node) = next.pop_front() {
            met.push(node);
            next.extend(beside.get(&node).into_iter().flatten().filter(|other| seen.insert(**other)));
        }
        out.push(met);
    }
    out
}
