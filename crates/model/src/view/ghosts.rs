//! What stands on a page of a service for the service's sake alone: in a frame for each other service, or, where that would
//! be too much, the other service itself.

use super::pages::Book;
use super::{Group, READABLE};
use crate::Node;
use std::collections::{BTreeMap, BTreeSet};

/// More ghosts of one service than this, and the service stands for them.
const GHOSTS_OF_ONE: usize = 4;

/// More ghosts than this on one page, and services stand for theirs, those with the most first.
const GHOSTS: usize = 12;

impl<'a> Book<'a, '_> {
    /// Services of which there is too much outside of a chapter to show each node; all of them where the whole page has.
    pub(super) fn folded(&self, chapter: usize, chosen: &[usize]) -> BTreeSet<usize> {
        let own = self.chapters.cut[chapter].0;
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for other in chosen.iter().filter_map(|i| self.chapters.service(*i)).filter(|other| *other != own) {
            *counts.entry(other).or_default() += 1;
        }
        if chosen.len() > READABLE {
            return counts.into_keys().collect();
        }
        let mut ghosts = chosen.iter().filter(|i| self.chapters.at[**i] != Some(chapter)).count();
        let mut most_first: Vec<(usize, usize)> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
        most_first.sort_by_key(|(service, count)| (std::cmp::Reverse(*count), *service));
        let mut folded = BTreeSet::new();
        for (service, count) in most_first {
            if count > GHOSTS_OF_ONE || ghosts > GHOSTS {
                folded.insert(service);
                ghosts -= count - 1;
            }
        }
        folded
    }

    /// These groups and one for each other service of these, by id.
    pub(super) fn framed(&self, groups: Vec<Group<'a>>, services: &[Option<&'a str>]) -> Vec<Group<'a>> {
        let known: BTreeSet<&str> = groups.iter().map(|group| group.node.id.as_str()).collect();
        let others: BTreeSet<&str> = services.iter().flatten().copied().filter(|id| !known.contains(id)).collect();
        let others = others.into_iter().filter_map(|id| self.hierarchy.node(id));
        let parents: Vec<Option<&'a Node>> = groups.iter().map(|g| g.parent.map(|at| groups[at].node)).collect();
        let mut all: Vec<(Group<'a>, Option<&'a Node>)> = groups.into_iter().zip(parents).collect();
        all.extend(others.map(|node| {
            let page = Some(node.id.clone());
            (Group { id: node.id.clone(), node, title: None, parent: None, page, ghosts: true }, None)
        }));
        all.sort_by(|a, b| a.0.node.id.cmp(&b.0.node.id));
        let at: BTreeMap<&str, usize> = all.iter().enumerate().map(|(i, (g, _))| (g.node.id.as_str(), i)).collect();
        let parents: Vec<Option<usize>> =
            all.iter().map(|(_, parent)| at.get(parent.as_ref()?.id.as_str()).copied()).collect();
        all.into_iter().zip(parents).map(|((group, _), parent)| Group { parent, ..group }).collect()
    }
}
