//! A page that is too much for one becomes several: each has some of its boxes and, as ghosts, what those have to do with.

use super::{Group, Leaf, Line, View};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Pages of no more than `most` boxes each for one that has more. What is connected stays together as far as it fits. A hub,
/// which has to do with more than half as many, stands on each page on which something has to do with it, and draws nothing
/// there. A box with more company than a page holds has a larger one.
pub(super) fn split(view: View<'_>, most: usize) -> Vec<View<'_>> {
    if view.nodes.len() <= most {
        return vec![view];
    }
    let company = Company::of(&view, most / 2);
    let mut pieces = company.pieces(most);
    // No more pages, but of more equal sizes.
    for less in [most * 3 / 4, most * 5 / 8, most / 2] {
        pieces = Some(company.pieces(less)).filter(|other| other.len() == pieces.len()).unwrap_or(pieces);
    }
    let mut home = vec![None; view.nodes.len()];
    for (number, piece) in pieces.iter().enumerate() {
        for &item in &piece.items {
            home[item] = Some(number);
        }
    }
    pieces.iter().enumerate().map(|(number, piece)| part(&view, piece, number, pieces.len(), &home)).collect()
}

/// The id of one of several pages.
fn id(view: &View<'_>, number: usize) -> String {
    if number == 0 { view.id.clone() } else { format!("{}#{}", view.id, number + 1) }
}

/// Who has to do with whom on a page.
struct Company<'v, 'a> {
    view: &'v View<'a>,
    beside: Vec<BTreeSet<usize>>,
    hubs: BTreeSet<usize>,
}

/// What stands on one of several pages.
struct Piece {
    /// What is at home there.
    items: BTreeSet<usize>,
    /// The same with all that has to do with it.
    members: BTreeSet<usize>,
}

impl<'v, 'a> Company<'v, 'a> {
    fn of(view: &'v View<'a>, many: usize) -> Self {
        let mut beside = vec![BTreeSet::new(); view.nodes.len()];
        for line in view.lines.iter().filter(|line| line.from != line.to) {
            beside[line.from].insert(line.to);
            beside[line.to].insert(line.from);
        }
        let hubs = (0..beside.len()).filter(|i| beside[*i].len() > many).collect();
        Self { view, beside, hubs }
    }

    /// What a box brings along: its neighbours, and where those are ghosts what they have to do with outside of the page.
    fn of_item(&self, item: usize) -> BTreeSet<usize> {
        let mut company = BTreeSet::from([item]);
        if self.hubs.contains(&item) {
            return company;
        }
        for &near in &self.beside[item] {
            company.insert(near);
            if self.view.nodes[near].ghost && !self.hubs.contains(&near) {
                company.extend(self.beside[near].iter().filter(|far| self.view.nodes[**far].ghost));
            }
        }
        company
    }

    fn pieces(&self, most: usize) -> Vec<Piece> {
        let own = |i: &usize| !self.view.nodes[*i].ghost;
        // A ghost that only a hub has to do with comes along with nothing.
        let along: BTreeSet<usize> = (0..self.beside.len()).filter(own).flat_map(|i| self.of_item(i)).collect();
        let items = self.walk().into_iter().filter(|i| own(i) || !along.contains(i));
        let mut pieces: Vec<Piece> = Vec::new();
        for item in items {
            let company = self.of_item(item);
            match pieces.last_mut().filter(|piece| piece.members.union(&company).count() <= most) {
                Some(piece) => {
                    piece.items.insert(item);
                    piece.members.extend(company);
                }
                None => pieces.push(Piece { items: BTreeSet::from([item]), members: company }),
            }
        }
        pieces
    }

    /// All boxes, in an order in which those that have to do with one another follow one another.
    fn walk(&self) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let mut order = Vec::new();
        for start in 0..self.beside.len() {
            let mut next = VecDeque::from([start]);
            while let Some(at) = next.pop_front() {
                if !seen.insert(at) {
                    continue;
                }
                order.push(at);
                if !self.hubs.contains(&at) {
                    next.extend(&self.beside[at]);
                }
            }
        }
        order
    }
}

/// One of the pages.
fn part<'a>(view: &View<'a>, piece: &Piece, number: usize, of: usize, home: &[Option<usize>]) -> View<'a> {
    let group_at = groups(view, piece);
    let elsewhere = |i: usize| !piece.items.contains(&i);
    let node = |&i: &usize| {
        let leaf = &view.nodes[i];
        let at_home = home[i].filter(|_| elsewhere(i) && !leaf.ghost).map(|number| id(view, number));
        Leaf {
            group: leaf.group.and_then(|group| group_at.get(&group).copied()),
            ghost: leaf.ghost || elsewhere(i),
            page: leaf.page.clone().or(at_home),
            ..leaf.clone()
        }
    };
    let index: BTreeMap<usize, usize> = piece.members.iter().enumerate().map(|(at, i)| (*i, at)).collect();
    // What two boxes have to do with each other, their own pages show.
    let foreign = |i: usize| elsewhere(i) && !view.nodes[i].ghost;
    let lines = view.lines.iter().filter(|line| !(foreign(line.from) && foreign(line.to))).filter_map(|line| {
        let (from, to) = (*index.get(&line.from)?, *index.get(&line.to)?);
        Some(Line { from, to, ..line.clone() })
    });
    let group = |(&old, _): (&usize, &usize)| {
        let group = &view.groups[old];
        Group { parent: group.parent.and_then(|parent| group_at.get(&parent).copied()), ..group.clone() }
    };
    View {
        id: id(view, number),
        title: format!("{} ({} of {of})", view.title, number + 1),
        groups: group_at.iter().map(group).collect(),
        nodes: piece.members.iter().map(node).collect(),
        lines: lines.collect(),
    }
}

/// The frames around what stands on a page, each with its place there.
fn groups(view: &View<'_>, piece: &Piece) -> BTreeMap<usize, usize> {
    let mut used = BTreeSet::new();
    for &member in &piece.members {
        let mut at = view.nodes[member].group;
        while let Some(group) = at.filter(|group| used.insert(*group)) {
            at = view.groups[group].parent;
        }
    }
    used.into_iter().enumerate().map(|(at, group)| (group, at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::model;
    use crate::view::{ViewOptions, system};

    /// Pages of no more than `most` boxes, as text: `id: boxes | lines`, ghosts in brackets, links behind `@`.
    fn check(most: usize, nodes: &[&str], edges: &[&str], ghosts: &[&str], expected: &[&str]) {
        let model = model(nodes, edges);
        let mut view = system(&model, &ViewOptions::default());
        for leaf in &mut view.nodes {
            leaf.ghost = ghosts.contains(&leaf.node.id.as_str());
        }
        let pages: Vec<String> = split(view, most).iter().map(text).collect();
        assert_eq!(pages, expected);
    }

    fn text(view: &View<'_>) -> String {
        let node = |leaf: &Leaf<'_>| {
            let page = leaf.page.as_ref().map(|page| format!("@{page}")).unwrap_or_default();
            if leaf.ghost { format!("({}){page}", leaf.node.id) } else { format!("{}{page}", leaf.node.id) }
        };
        let id = |i: usize| view.nodes[i].node.id.as_str();
        let nodes: Vec<String> = view.nodes.iter().map(node).collect();
        let lines: Vec<String> = view.lines.iter().map(|line| format!("{}>{}", id(line.from), id(line.to))).collect();
        format!("{}: {} | {}", view.id, nodes.join(" "), lines.join(" "))
    }

    #[test]
    fn what_is_connected_stays_together() {
        let nodes = ["a queue", "b queue", "c queue", "d queue"];
        check(4, &nodes, &[], &[], &["system: a b c d | "]);
        check(2, &nodes, &[], &[], &["system: a b | ", "system#2: c d | "]);
        let edges = ["a invoke c inferred", "b invoke d inferred"];
        check(2, &nodes, &edges, &[], &["system: a c | a>c", "system#2: b d | b>d"]);
    }

    #[test]
    fn a_line_to_another_page_ends_at_a_ghost_that_leads_there() {
        let nodes = ["a queue", "b queue", "c queue", "d queue", "e queue"];
        let edges = ["a invoke b inferred", "b invoke c inferred", "c invoke d inferred", "d invoke e inferred"];
        check(
            4,
            &nodes,
            &edges,
            &[],
            &["system: a b c (d)@system#2 | a>b b>c c>d", "system#2: (c)@system d e | c>d d>e"],
        );
    }

    #[test]
    fn a_hub_stands_wherever_something_has_to_do_with_it() {
        let nodes = ["a queue", "b queue", "c queue", "d queue", "e queue", "hub event_bus"];
        let edges = ["a", "b", "c", "d", "e"].map(|from| format!("{from} publish hub inferred"));
        let edges: Vec<&str> = edges.iter().map(String::as_str).collect();
        check(
            4,
            &nodes,
            &edges,
            &[],
            &["system: a b c hub | a>hub b>hub c>hub", "system#2: d e (hub)@system | d>hub e>hub"],
        );
        // The same where the others are ghosts, as on the page of a table's database.
        check(
            4,
            &nodes,
            &edges,
            &["a", "b", "c", "d", "e"],
            &["system: (a) (b) (c) hub | a>hub b>hub c>hub", "system#2: (d) (e) (hub)@system | d>hub e>hub"],
        );
    }

    #[test]
    fn ghosts_come_along_with_what_they_have_to_do_with() {
        let nodes = ["f function", "g function", "r1 route", "r2 route", "t table"];
        let edges = ["r1 invoke f inferred", "r2 invoke g inferred", "f read t inferred", "g read t inferred"];
        check(
            4,
            &nodes,
            &edges,
            &["f", "g", "t"],
            &["system: (f) r1 (t) | f>t r1>f", "system#2: (g) r2 (t) | g>t r2>g"],
        );
    }
}
