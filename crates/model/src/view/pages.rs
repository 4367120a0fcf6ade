//! The pages of a drawing: the whole system, or an overview and a page for each service where it is too much for one,
//! and a page for each node whose parts are worth seeing.

use super::chapters::Chapters;
use super::details::Details;
use super::hierarchy::Hierarchy;
use super::split::split;
use super::system::title;
use super::{Leaf, Line, View, ViewOptions, system};
use crate::{Edge, FlowKind, Model, Node, NodeKind};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// More boxes than this on one page are not read any more.
pub const READABLE: usize = 80;

/// More lines than this on one page are not followed any more.
const FOLLOWED: usize = 60;

/// The page that shows the services.
pub const OVERVIEW: &str = "overview";

/// The pages of a drawing, which lead to one another. The nodes of the model must be sorted.
pub fn pages<'a>(model: &'a Model, options: &ViewOptions) -> Vec<View<'a>> {
    let whole = system(model, options);
    let mut pages = cut_whole(model, &whole);
    if pages.len() < 2 {
        pages = vec![whole];
    }
    if pages[0].id == OVERVIEW || pages.len() < 2 {
        cut_first(&mut pages);
    }
    let details = Details::new(model, *options).pages();
    let shown: Vec<String> = details.iter().map(|page| page.id.clone()).collect();
    let replaced = replaced(&mut pages, &shown);
    // Where each node is shown among its neighbours, which is where a page about its parts leads back to.
    let mut home: BTreeMap<&str, String> = BTreeMap::new();
    for page in &pages {
        home.extend(page.nodes.iter().filter(|l| !l.ghost).map(|leaf| (leaf.node.id.as_str(), page.id.clone())));
    }
    for (page, leaf) in pages.iter().flat_map(|page| page.nodes.iter().map(move |leaf| (page, leaf))) {
        if let Some(node) = leaf.page.as_deref().and_then(|to| replaced.iter().find(|node| **node == to)) {
            home.insert(node, page.id.clone());
        }
    }
    for leaf in pages.iter_mut().flat_map(|page| &mut page.nodes).filter(|leaf| !leaf.ghost) {
        if shown.binary_search(&leaf.node.id).is_ok() {
            leaf.page = Some(leaf.node.id.clone());
        }
    }
    for mut page in details {
        for leaf in &mut page.nodes {
            let elsewhere = leaf.calls.as_ref().map(|call| call.node).or(Some(leaf.node).filter(|_| leaf.ghost));
            leaf.page = elsewhere.and_then(|node| home.get(node.id.as_str()).cloned());
        }
        for group in &mut page.groups {
            group.page = home.get(group.node.id.as_str()).cloned();
        }
        pages.extend(split(page, READABLE));
    }
    only_known_links(&mut pages);
    pages
}

/// The overview and the pages of services, where the whole system is too much for one page: it has too many boxes, or so many
/// lines that pages for the services have less. Else none.
fn cut_whole<'a>(model: &'a Model, whole: &View<'a>) -> Vec<View<'a>> {
    let (boxes, lines) = (whole.nodes.len() > READABLE, whole.lines.len() > FOLLOWED);
    let pages = if boxes || lines { Book::new(model, whole).pages() } else { Vec::new() };
    let clear = || pages.iter().all(|page| page.lines.len() <= FOLLOWED);
    if boxes || clear() { pages } else { Vec::new() }
}

/// Leaves out the pages of services on which there is nothing but one node with a page of its own, `shown`: what led there
/// leads to that one. The nodes for which that is so.
fn replaced(pages: &mut Vec<View<'_>>, shown: &[String]) -> Vec<String> {
    let mut by: BTreeMap<String, String> = BTreeMap::new();
    for page in pages.iter().skip(1).filter(|page| page.lines.is_empty()) {
        if let [only] = &page.nodes[..]
            && shown.binary_search(&only.node.id).is_ok()
            && !page.id.starts_with(OVERVIEW)
        {
            by.insert(page.id.clone(), only.node.id.clone());
        }
    }
    pages.retain(|page| !by.contains_key(&page.id));
    for leaf in pages.iter_mut().flat_map(|page| &mut page.nodes) {
        leaf.page = leaf.page.take().map(|to| by.get(&to).cloned().unwrap_or(to));
    }
    by.into_values().collect()
}

/// Cuts the overview where it is too much for a page. What led there then leads to that page of it on which it is at home.
fn cut_first(pages: &mut Vec<View<'_>>) {
    let others = pages.split_off(1);
    for page in std::mem::take(pages) {
        pages.extend(split(page, READABLE));
    }
    let mut home: BTreeMap<&str, String> = BTreeMap::new();
    for page in pages.iter() {
        home.extend(page.nodes.iter().filter(|l| !l.ghost).map(|leaf| (leaf.node.id.as_str(), page.id.clone())));
    }
    for mut page in others {
        let service = page.id.split('#').next().and_then(|id| home.get(id));
        let to_overview = |to: &Option<String>| to.as_deref() == Some(OVERVIEW);
        for group in page.groups.iter_mut().filter(|group| to_overview(&group.page)) {
            group.page = service.cloned().or(group.page.take());
        }
        for leaf in page.nodes.iter_mut().filter(|leaf| to_overview(&leaf.page)) {
            leaf.page = home.get(leaf.node.id.as_str()).cloned().or(leaf.page.take());
        }
        pages.push(page);
    }
}

/// Leaves out what leads to a page that there is not: of one large service there is no overview.
fn only_known_links(pages: &mut [View<'_>]) {
    let known: BTreeSet<String> = pages.iter().map(|page| page.id.clone()).collect();
    for page in pages {
        let links = page.nodes.iter_mut().map(|leaf| &mut leaf.page);
        for link in links.chain(page.groups.iter_mut().map(|group| &mut group.page)) {
            if link.as_ref().is_some_and(|to| !known.contains(to) || *to == page.id) {
                *link = None;
            }
        }
    }
}

/// A system that is too large for one page.
pub(super) struct Book<'a, 'v> {
    pub(super) hierarchy: Hierarchy<'a>,
    pub(super) title: String,
    pub(super) whole: &'v View<'a>,
    pub(super) chapters: Chapters,
}

impl<'a, 'v> Book<'a, 'v> {
    fn new(model: &'a Model, whole: &'v View<'a>) -> Self {
        let chapters = Chapters::new(whole, READABLE);
        Self { hierarchy: Hierarchy::new(model), title: title(model), whole, chapters }
    }

    fn pages(&self) -> Vec<View<'a>> {
        let mut pages = Vec::new();
        if self.chapters.services.len() > 1 {
            pages.push(self.overview());
        }
        pages.extend((0..self.chapters.cut.len()).map(|chapter| self.page(chapter)));
        pages
    }

    /// Each service as a box, and what belongs to no service and has to do with one.
    fn overview(&self) -> View<'a> {
        let touched: BTreeSet<usize> = self.whole.lines.iter().flat_map(|line| [line.from, line.to]).collect();
        let shown = |i: &usize| self.chapters.at[*i].is_some() || touched.contains(i);
        let boxes: Vec<(usize, Key)> = (0..self.whole.nodes.len())
            .filter(shown)
            .map(|i| (i, self.chapters.service(i).map_or(Key::Node(i), Key::Service)))
            .collect();
        let lines: Vec<&Line<'a>> = self.whole.lines.iter().collect();
        let mut view = self.with_stand_ins(&boxes, &lines);
        join_services(&mut view);
        OVERVIEW.clone_into(&mut view.id);
        view.title.clone_from(&self.title);
        view
    }

    /// The node of a service.
    fn service(&self, service: usize) -> &'a Node {
        self.whole.groups[self.chapters.services[service]].node
    }

    /// A service as a box that leads to its page.
    fn service_box(&self, service: usize) -> Leaf<'a> {
        let own = (0..self.whole.nodes.len()).filter(|i| self.chapters.service(*i) == Some(service));
        let own: Vec<&Leaf<'a>> = own.map(|i| &self.whole.nodes[i]).collect();
        let node = self.service(service);
        Leaf {
            node,
            group: None,
            parts: own.iter().map(|leaf| leaf.node).collect(),
            unresolved: own.iter().flat_map(|leaf| leaf.unresolved.iter().copied()).collect(),
            ghost: false,
            page: Some(node.id.clone()),
            order: 0,
            start: false,
            calls: None,
        }
    }

    /// A page on which some nodes are boxes and services stand for others; lines of services say how many flows there are.
    fn with_stand_ins(&self, boxes: &[(usize, Key)], lines: &[&Line<'a>]) -> View<'a> {
        let key: BTreeMap<usize, Key> = boxes.iter().copied().collect();
        let mut all: Vec<(Key, Leaf<'a>)> = key
            .values()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|key| match *key {
                Key::Node(i) => (*key, self.whole.nodes[i].clone()),
                Key::Service(service) => (*key, self.service_box(service)),
            })
            .collect();
        all.sort_by(|a, b| (&a.1.node.id, a.0).cmp(&(&b.1.node.id, b.0)));
        let index: BTreeMap<Key, usize> = all.iter().enumerate().map(|(i, (key, _))| (*key, i)).collect();
        let mut merged: BTreeMap<(usize, usize), (Line<'a>, bool)> = BTreeMap::new();
        for line in lines {
            let (Some(from), Some(to)) = (key.get(&line.from), key.get(&line.to)) else { continue };
            let stands_in = [from, to].into_iter().any(|key| matches!(key, Key::Service(_)));
            if stands_in && from == to {
                continue;
            }
            let ends = (index[from], index[to]);
            match merged.entry(ends) {
                Entry::Occupied(mut known) => known.get_mut().0.merge(line),
                Entry::Vacant(free) => {
                    free.insert((Line { from: ends.0, to: ends.1, ..(*line).clone() }, stands_in));
                }
            }
        }
        let lines = merged
            .into_values()
            .map(|(line, stands_in)| if stands_in { Line { labels: counted(&line.flows), ..line } } else { line });
        let nodes = all.into_iter().map(|(_, leaf)| Leaf { group: None, ..leaf }).collect();
        View { id: String::new(), title: String::new(), groups: Vec::new(), nodes, lines: lines.collect() }
    }

    /// A chapter with its nodes, and what they have to do with outside of it: ghosts in a frame for each service, or the
    /// service itself where that would be too many.
    fn page(&self, chapter: usize) -> View<'a> {
        let own = |i: usize| self.chapters.at[i] == Some(chapter);
        let lines: Vec<&Line<'a>> = self.whole.lines.iter().filter(|line| own(line.from) || own(line.to)).collect();
        let ends: BTreeSet<usize> = lines.iter().flat_map(|line| [line.from, line.to]).collect();
        let chosen: Vec<usize> = (0..self.whole.nodes.len()).filter(|i| own(*i) || ends.contains(i)).collect();
        let folded = self.folded(chapter, &chosen);
        let stands = |i: &usize| match self.chapters.service(*i).filter(|other| folded.contains(other)) {
            Some(other) => (*i, Key::Service(other)),
            None => (*i, Key::Node(*i)),
        };
        let boxes: Vec<(usize, Key)> = chosen.iter().map(stands).collect();
        let mut view = self.with_stand_ins(&boxes, &lines);
        let home: BTreeMap<&str, usize> = chosen.iter().map(|i| (self.whole.nodes[*i].node.id.as_str(), *i)).collect();
        let frames: Vec<&'a Node> = chosen.iter().filter(|i| own(**i)).map(|i| self.whole.nodes[*i].node).collect();
        let (mut groups, _) = self.hierarchy.groups(&frames);
        for group in groups.iter_mut().filter(|group| group.parent.is_none()) {
            group.page = Some(OVERVIEW.to_owned());
        }
        let mut around: Vec<Option<&'a str>> = Vec::new();
        for leaf in &mut view.nodes {
            let at = home.get(leaf.node.id.as_str()).copied();
            leaf.ghost = !at.is_some_and(own);
            let known = self.hierarchy.group_of(leaf.node).filter(|id| groups.iter().any(|g| g.node.id == *id));
            let service = at.and_then(|i| self.chapters.service(i)).map(|service| self.service(service));
            around.push(known.or(service.map(|node| node.id.as_str())).filter(|_| at.is_some()));
            if leaf.ghost && leaf.page.is_none() {
                leaf.page = Some(at.map_or_else(|| OVERVIEW.to_owned(), |i| self.page_of(i)));
            }
        }
        view.groups = self.framed(groups, &around);
        for (leaf, id) in view.nodes.iter_mut().zip(around) {
            leaf.group = id.and_then(|id| view.groups.iter().position(|group| group.node.id == id));
        }
        self.name(chapter, &mut view);
        view
    }

    /// The id and the title of a chapter's page.
    fn name(&self, chapter: usize, view: &mut View<'a>) {
        let (service, number, of) = self.chapters.cut[chapter];
        let node = self.service(service);
        let name = if node.name.is_empty() { &node.id } else { &node.name };
        let part = if of > 1 { format!(" ({} of {of})", number + 1) } else { String::new() };
        view.title = format!("{} · {name}{part}", self.title);
        view.id = self.id(chapter);
    }

    /// The id of a chapter's page.
    fn id(&self, chapter: usize) -> String {
        let (service, number, _) = self.chapters.cut[chapter];
        let id = &self.service(service).id;
        if number == 0 { id.clone() } else { format!("{id}#{}", number + 1) }
    }

    /// The page on which a node of the whole is at home.
    fn page_of(&self, node: usize) -> String {
        self.chapters.at[node].map_or_else(|| OVERVIEW.to_owned(), |chapter| self.id(chapter))
    }
}

/// What stands for a node of the whole system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// The node itself.
    Node(usize),
    /// Its service.
    Service(usize),
}

/// Lets one line between two services stand for both ways.
fn join_services(view: &mut View<'_>) {
    let service = |i: usize| view.nodes[i].node.kind == NodeKind::Service;
    let mut joined: BTreeMap<(usize, usize), Line<'_>> = BTreeMap::new();
    for line in std::mem::take(&mut view.lines) {
        let turned = (line.to, line.from);
        match joined.get_mut(&turned).filter(|_| line.from != line.to && service(line.from) && service(line.to)) {
            Some(other) if starts(&line) > starts(other) => {
                let other = joined.remove(&turned);
                let mut line = line;
                if let Some(other) = &other {
                    line.both_ways(other);
                }
                joined.insert((line.from, line.to), line);
            }
            Some(other) => other.both_ways(&line),
            None => {
                joined.insert((line.from, line.to), line);
            }
        }
    }
    view.lines = joined.into_values().collect();
    for line in view.lines.iter_mut().filter(|line| !line.back.is_empty() && service(line.from) && service(line.to)) {
        line.labels = counted(&line.flows);
    }
}

/// How many flows of a line start something, which is then drawn after what starts it.
fn starts(line: &Line<'_>) -> usize {
    let starting = |edge: &&&Edge| matches!(edge.kind, FlowKind::Trigger | FlowKind::Publish | FlowKind::Invoke);
    line.flows.iter().filter(starting).count()
}

/// How many flows there are of each kind: `3 read`, or `read` for a single one.
fn counted(flows: &[&Edge]) -> Vec<String> {
    let mut counts: BTreeMap<FlowKind, usize> = BTreeMap::new();
    for flow in flows {
        *counts.entry(flow.kind).or_default() += 1;
    }
    let words =
        |(kind, count): (FlowKind, usize)| if count == 1 { kind.to_string() } else { format!("{count} {kind}") };
    counts.into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::model;

    /// Pages as text: `id: boxes | lines`, ghosts in brackets, links behind `@`.
    fn check(nodes: &[String], edges: &[String], expected: &[&str]) {
        let text = |all: &[String]| all.to_vec();
        let (nodes, edges) = (text(nodes), text(edges));
        let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
        let edges: Vec<&str> = edges.iter().map(String::as_str).collect();
        let model = model(&nodes, &edges);
        let pages = pages(&model, &ViewOptions::default());
        let shown: Vec<String> = pages.iter().map(page).collect();
        assert_eq!(shown, expected);
    }

    fn page(view: &View<'_>) -> String {
        let name = |leaf: &Leaf<'_>| {
            let link = leaf.page.as_ref().map_or_else(String::new, |page| format!("@{page}"));
            if leaf.ghost { format!("({}){link}", leaf.node.id) } else { format!("{}{link}", leaf.node.id) }
        };
        let many = |all: Vec<String>| if all.len() > 8 { format!("{} …", all.len()) } else { all.join(" ") };
        let lines = view.lines.iter().map(|line| {
            let id = |i: usize| view.nodes[i].node.id.as_str();
            format!("{}>{} {}", id(line.from), id(line.to), line.labels.join(","))
        });
        format!("{}: {} | {}", view.id, many(view.nodes.iter().map(name).collect()), many(lines.collect()))
    }

    fn functions(service: &str, count: usize) -> Vec<String> {
        (0..count).map(|i| format!("{service}/f{i:03} function {service}")).collect()
    }

    #[test]
    fn a_small_system_is_one_page() {
        check(
            &["s service".to_owned(), "s/f function s".to_owned(), "t table".to_owned()],
            &["s/f read t inferred Get".to_owned()],
            &["system: s/f t | s/f>t Get"],
        );
    }

    #[test]
    fn a_large_one_has_an_overview_and_a_page_for_each_service() {
        let mut nodes =
            vec!["a service".to_owned(), "b service".to_owned(), "x external".to_owned(), "y external".to_owned()];
        nodes.extend(functions("a", 2));
        nodes.extend(functions("b", 77));
        let edges = ["a/f000 invoke b/f001 inferred", "a/f001 invoke b/f001 inferred", "a/f000 invoke x inferred One"];
        check(
            &nodes,
            &edges.map(str::to_owned),
            &[
                "overview: a@a b@b x | a>b 2 invoke a>x invoke",
                "a: a/f000 a/f001 (b/f001)@b (x)@overview | a/f000>b/f001  a/f000>x One a/f001>b/f001 ",
                "b: 79 … | a/f000>b/f001  a/f001>b/f001 ",
            ],
        );
    }

    #[test]
    fn a_tangle_of_lines_is_cut_where_that_makes_it_clear() {
        // Three services of ten functions each, and as many lines as are followed, then one more.
        let mut nodes = vec!["a service".to_owned(), "b service".to_owned(), "c service".to_owned()];
        nodes.extend([functions("a", 10), functions("b", 10), functions("c", 10)].concat());
        let calls = |from: &str, to: &str, count: usize| -> Vec<String> {
            let call = |i: usize| format!("{from}/f{:03} invoke {to}/f{:03} inferred", i % 10, (i + i / 10) % 10);
            (0..count).map(call).collect()
        };
        let pages_of = |edges: Vec<String>| {
            let (nodes, edges): (Vec<&str>, Vec<&str>) =
                (nodes.iter().map(String::as_str).collect(), edges.iter().map(String::as_str).collect());
            let model = model(&nodes, &edges);
            pages(&model, &ViewOptions::default()).iter().map(|page| page.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(pages_of([calls("a", "b", 30), calls("b", "c", 30)].concat()), ["system"]);
        assert_eq!(pages_of([calls("a", "b", 30), calls("c", "c", 31)].concat()), ["overview", "a", "b", "c"]);
        // The page of a service would be as full.
        assert_eq!(pages_of([calls("a", "a", 61), calls("b", "c", 5)].concat()), ["system"]);
    }

    #[test]
    fn one_line_stands_for_both_ways_between_two_services() {
        let mut nodes = vec!["a service".to_owned(), "b service".to_owned()];
        nodes.extend([functions("a", 2), functions("b", 79)].concat());
        let edges = ["b/f001 invoke a/f000 inferred", "b/f002 invoke a/f000 inferred", "a/f000 read b/f001 inferred"];
        let (nodes, edges): (Vec<&str>, Vec<&str>) = (nodes.iter().map(String::as_str).collect(), edges.to_vec());
        let model = model(&nodes, &edges);
        let pages = pages(&model, &ViewOptions::default());
        assert_eq!(page(&pages[0]), "overview: a@a b@b | b>a 2 invoke,read");
        assert_eq!(pages[0].lines[0].back.len(), 1);
    }

    #[test]
    fn ghosts_stand_in_the_frame_of_their_service() {
        let mut nodes = ["a", "b", "c"].map(|id| format!("{id} service")).to_vec();
        nodes.push("x external".to_owned());
        nodes.extend([functions("a", 1), functions("b", 4), functions("c", 80)].concat());
        let mut edges: Vec<String> = (0..4).map(|i| format!("a/f000 invoke b/f{i:03} inferred")).collect();
        edges.extend((0..5).map(|i| format!("a/f000 invoke c/f{i:03} inferred")));
        edges.push("a/f000 invoke x inferred".to_owned());
        let (nodes, edges): (Vec<&str>, Vec<&str>) =
            (nodes.iter().map(String::as_str).collect(), edges.iter().map(String::as_str).collect());
        let model = model(&nodes, &edges);
        let pages = pages(&model, &ViewOptions::default());
        let a = pages.iter().find(|page| page.id == "a").expect("the page of a");
        let group = |i: usize| (a.groups[i].node.id.as_str(), a.groups[i].ghosts, a.groups[i].page.as_deref());
        assert_eq!(group(0), ("a", false, Some(OVERVIEW)));
        assert_eq!(group(1), ("b", true, Some("b")));
        let frames = a.nodes.iter().map(|leaf| format!("{} {:?}", leaf.node.id, leaf.group)).collect::<Vec<_>>();
        let expected = ["a/f000 Some(0)", "b/f000 Some(1)", "b/f001 Some(1)", "b/f002 Some(1)", "b/f003 Some(1)"];
        assert_eq!(frames, [&expected[..], &["c None", "x None"]].concat());
    }

    #[test]
    fn of_many_ghosts_the_services_with_the_most_stand_for_theirs() {
        let mut nodes: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(|id| format!("{id} service")).to_vec();
        nodes.extend([functions("a", 1), functions("f", 80)].concat());
        let mut edges = Vec::new();
        for (id, count) in [("b", 4), ("c", 4), ("d", 3), ("e", 3)] {
            nodes.extend(functions(id, count));
            edges.extend((0..count).map(|i| format!("a/f000 invoke {id}/f{i:03} inferred")));
        }
        let (nodes, edges): (Vec<&str>, Vec<&str>) =
            (nodes.iter().map(String::as_str).collect(), edges.iter().map(String::as_str).collect());
        let model = model(&nodes, &edges);
        let pages = pages(&model, &ViewOptions::default());
        let a = pages.iter().find(|page| page.id == "a").expect("the page of a");
        let ghosts = a.nodes.iter().filter(|leaf| leaf.ghost).map(|leaf| leaf.node.id.as_str()).collect::<Vec<_>>();
        assert_eq!(ghosts.len(), 11);
        assert!(ghosts.contains(&"b") && ghosts.contains(&"c/f000"), "{ghosts:?}");
    }

    #[test]
    fn an_overview_of_too_many_services_is_cut_and_every_page_leads_back_to_its_own() {
        let mut nodes: Vec<String> = (0..90).map(|i| format!("s{i:02} service")).collect();
        nodes.extend((0..90).map(|i| format!("s{i:02}/f function s{i:02}")));
        nodes.push("bus event_bus".to_owned());
        let edges: Vec<String> = (0..90).map(|i| format!("s{i:02}/f publish bus inferred")).collect();
        let (nodes, edges): (Vec<&str>, Vec<&str>) =
            (nodes.iter().map(String::as_str).collect(), edges.iter().map(String::as_str).collect());
        let model = model(&nodes, &edges);
        let pages = pages(&model, &ViewOptions::default());
        assert!(pages.iter().all(|page| page.nodes.len() <= READABLE));
        let overviews: Vec<&View<'_>> = pages.iter().filter(|page| page.id.starts_with(OVERVIEW)).collect();
        assert_eq!(overviews.iter().map(|page| page.nodes.len()).collect::<Vec<_>>(), [50, 42]);
        assert_eq!(
            overviews.iter().map(|page| page.title.as_str()).collect::<Vec<_>>(),
            ["System (1 of 2)", "System (2 of 2)"]
        );
        let back = |id: &str| {
            let page = pages.iter().find(|page| page.id == id).expect("a page of the service");
            page.groups[0].page.clone().expect("a way back")
        };
        assert_eq!((back("s00").as_str(), back("s89").as_str()), (OVERVIEW, "overview#2"));
    }

    #[test]
    fn a_service_that_is_too_large_is_cut_where_nothing_goes_across() {
        let mut nodes = vec!["a service".to_owned()];
        nodes.extend(functions("a", 100));
        // Every even function calls the next even one.
        let edges: Vec<String> =
            (0..49).map(|i| format!("a/f{:03} invoke a/f{:03} inferred", 2 * i, 2 * i + 2)).collect();
        check(&nodes, &edges, &["a: 50 … | 49 …", "a#2: 50 … | "]);
    }

    #[test]
    fn on_a_crowded_page_other_services_stand_for_their_nodes() {
        let mut nodes = vec!["a service".to_owned(), "b service".to_owned(), "a/f function a".to_owned()];
        nodes.extend(functions("b", 80));
        let edges: Vec<String> = (0..80).map(|i| format!("a/f invoke b/f{i:03} inferred")).collect();
        check(
            &nodes,
            &edges,
            &[
                "overview: a@a b@b | a>b 80 invoke",
                "a: a/f (b)@b | a/f>b 80 invoke",
                "b: 51 … | 50 …",
                "b#2: 31 … | 30 …",
            ],
        );
    }

    #[test]
    fn a_node_with_many_parts_has_a_page_that_leads_back() {
        let mut nodes = vec!["s service".to_owned(), "m state_machine s".to_owned(), "f function s".to_owned()];
        nodes.extend(["m/1 state m", "m/2 state m", "m/3 state m"].map(str::to_owned));
        check(
            &nodes,
            &["m/2 invoke f declared".to_owned()],
            &["system: f m@m | m>f M/2", "m: (f)@system m/1 m/2 m/3 | m/2>f "],
        );
    }

    #[test]
    fn a_service_of_one_machine_has_no_page_but_that_of_the_machine() {
        let mut nodes = vec!["a service".to_owned(), "b service".to_owned(), "m state_machine b".to_owned()];
        nodes.extend(["m/1 state m", "m/2 state m", "m/3 state m"].map(str::to_owned));
        nodes.extend(functions("a", 80));
        check(&nodes, &[], &["overview: a@a b@m | ", "a: 80 … | ", "m: m/1 m/2 m/3 | "]);
        nodes.push("f function b".to_owned());
        check(&nodes, &[], &["overview: a@a b@b | ", "a: 80 … | ", "b: f m@m | ", "m: m/1 m/2 m/3 | "]);
    }

    #[test]
    fn a_crate_has_a_page_of_its_modules_and_lines_without_words() {
        let nodes = ["a crate", "a/x module a", "a/y module a", "a/z module a", "b crate"].map(str::to_owned);
        let edges = ["a/x use a/y inferred", "a/y use b inferred", "a/z use b inferred"].map(str::to_owned);
        check(&nodes, &edges, &["system: a@a b | a>b ", "a: a/x a/y a/z (b)@system | a/x>a/y  a/y>b  a/z>b "]);
    }

    #[test]
    fn on_a_crowded_page_of_a_crate_are_the_lines_within() {
        let mut nodes = vec!["a crate".to_owned(), "b crate".to_owned()];
        nodes.extend((0..81).map(|i| format!("a/m{i:02} module a")));
        let mut edges: Vec<String> = (0..81).map(|i| format!("a/m{i:02} use b inferred")).collect();
        edges.push("a/m00 use a/m01 inferred".to_owned());
        check(&nodes, &edges, &["system: a@a b | a>b ", "a: 50 … | a/m00>a/m01 ", "a#2: 31 … | "]);
    }
}
