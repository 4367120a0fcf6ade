//! A state machine as a flow chart: what is done for each item or in parallel stands in frames, and what a task alone
//! calls is told by its card.

use super::hierarchy::Hierarchy;
use super::{Call, Group, Leaf, Line, View, Way};
use crate::{Certainty, Node, NodeKind, Transition};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of which a node without a declaration is a service as a whole: who else calls it does not matter.
const SERVICES: &[NodeKind] = &[NodeKind::Ml, NodeKind::Other, NodeKind::Email];

/// States inside one another; what is deeper, or holds itself, has no frame.
const DEEPEST: usize = 32;

/// What a transition is for the reader of a chart, by its words.
pub(super) fn way(transition: &Transition) -> Way {
    match transition.when.as_str() {
        "" | "otherwise" => Way::Main,
        "for each item" | "in parallel" => Way::Inner,
        when if when.starts_with("on ") => Way::Error,
        _ => Way::Choice,
    }
}

/// Puts what runs inside of a state into a frame, one for each branch, inside of the machine's own frame.
pub(super) fn frames<'a>(hierarchy: &Hierarchy<'a>, view: &mut View<'a>) {
    let Some(outermost) = view.groups.first().cloned() else { return };
    // By what holds it and the number of the branch.
    let mut frames: BTreeMap<(&str, u64), &'a Node> = BTreeMap::new();
    let mut pending: Vec<&'a Node> = view.nodes.iter().map(|leaf| leaf.node).collect();
    while let Some(node) = pending.pop() {
        let Some(holder) = container(hierarchy, node) else { continue };
        if frames.insert((&holder.id, branch(node)), holder).is_none() {
            pending.push(holder);
        }
    }
    let at: BTreeMap<(&str, u64), usize> = frames.keys().enumerate().map(|(i, key)| (*key, i + 1)).collect();
    let frame_of = |node: &'a Node| {
        container(hierarchy, node).and_then(|holder| at.get(&(holder.id.as_str(), branch(node))).copied())
    };
    for leaf in view.nodes.iter_mut().filter(|leaf| leaf.group.is_some()) {
        leaf.group = frame_of(leaf.node).or(leaf.group);
    }
    let frame = |(&(id, branch), &holder): (&(&'a str, u64), &&'a Node)| {
        let what = if branch == 0 { "for each item".to_owned() } else { format!("branch {branch}") };
        Group {
            id: format!("{id}#{branch}"),
            node: holder,
            title: Some(format!("{} · {what}", holder.name)),
            parent: Some(frame_of(holder).unwrap_or(0)),
            page: None,
            ghosts: false,
        }
    };
    view.groups = std::iter::once(outermost).chain(frames.iter().map(frame)).collect();
    for line in view.lines.iter_mut().filter(|line| line.way == Some(Way::Inner)) {
        // The frame says it.
        line.labels.clear();
    }
}

/// The state inside of which one runs; nothing where states hold one another.
fn container<'a>(hierarchy: &Hierarchy<'a>, node: &'a Node) -> Option<&'a Node> {
    let holder = |node: &Node| {
        let name = node.details.get("within")?.as_str()?;
        let states = hierarchy.parts_of(node.parent.as_deref()?);
        states.iter().copied().find(|other| other.name == name && other.id != node.id)
    };
    let above = std::iter::successors(holder(node), |node| holder(node));
    if above.take(DEEPEST).count() < DEEPEST { holder(node) } else { None }
}

/// The number of the branch in which a state runs; 0 where there are none.
fn branch(node: &Node) -> u64 {
    node.details.get("branch").and_then(serde_json::Value::as_u64).unwrap_or_default()
}

/// Puts what only one task calls into its card, unless it has a page of its own: then a line leads there.
pub(super) fn callees(view: &mut View<'_>, has_page: impl Fn(&Node) -> bool) {
    let mut calls: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut lines_at: BTreeMap<usize, usize> = BTreeMap::new();
    for (i, line) in view.lines.iter().enumerate() {
        for end in [line.from, line.to] {
            *lines_at.entry(end).or_default() += 1;
        }
        if is_task(&view.nodes[line.from]) && view.nodes[line.to].ghost {
            calls.entry(line.from).or_default().push(i);
        }
    }
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (task, lines) in calls {
        let [only] = lines[..] else { continue };
        let line = &view.lines[only];
        let node = view.nodes[line.to].node;
        let is_service = SERVICES.contains(&node.kind) && node.declared.is_empty();
        let alone = lines_at.get(&line.to) == Some(&1) || is_service;
        if alone && line.certainty < Certainty::Possible && !has_page(node) {
            // A task that is named like what it does has no label on its line.
            let own = || line.flows.iter().map(|flow| flow.label.clone()).filter(|label| !label.is_empty()).collect();
            let labels = Some(line.labels.clone()).filter(|labels| !labels.is_empty()).unwrap_or_else(own);
            let call = Call { node, labels, flows: line.flows.clone() };
            view.nodes[task].calls = Some(call);
            told.insert(only);
        }
    }
    let mut at = 0..;
    view.lines.retain(|_| !at.next().is_some_and(|i| told.contains(&i)));
    without_idle_ghosts(view);
}

fn is_task(leaf: &Leaf<'_>) -> bool {
    leaf.node.kind == NodeKind::State && leaf.node.details.get("type").and_then(|t| t.as_str()) == Some("Task")
}

/// Leaves out ghosts at which no line ends any more.
fn without_idle_ghosts(view: &mut View<'_>) {
    let ends: BTreeSet<usize> = view.lines.iter().flat_map(|line| [line.from, line.to]).collect();
    let kept: Vec<usize> = (0..view.nodes.len()).filter(|i| ends.contains(i) || !view.nodes[*i].ghost).collect();
    let at: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    view.nodes = kept.iter().map(|i| view.nodes[*i].clone()).collect();
    let moved = |line: &Line<'_>| Some((*at.get(&line.from)?, *at.get(&line.to)?));
    view.lines.retain_mut(|line| {
        let ends = moved(line);
        (line.from, line.to) = ends.unwrap_or_default();
        ends.is_some()
    });
}

#[cfg(test)]
mod tests {
    use crate::Transition;
    use crate::view::tests::model;
    use crate::view::{View, ViewOptions, pages};

    /// The chart of the machine `m` with these states, `id type` or `id type within branch`, calls and steps `from>to when`,
    /// as text: frames, boxes with their frame and what they call, lines.
    fn check(states: &[&str], others: &[&str], calls: &[&str], steps: &[&str], expected: &str) {
        let ids = states.iter().map(|state| format!("{} state m", state.split(' ').next().unwrap()));
        let nodes: Vec<String> =
            ids.chain(["m state_machine".to_owned()]).chain(others.iter().map(|o| (*o).to_owned())).collect();
        let mut system = model(&nodes.iter().map(String::as_str).collect::<Vec<_>>(), calls);
        for state in states {
            let words: Vec<&str> = state.split(' ').collect();
            let node = system.nodes.iter_mut().find(|node| node.id == words[0]).unwrap();
            node.details.insert("type".to_owned(), words[1].into());
            if let [_, _, within, branch] = words[..] {
                node.details.insert("within".to_owned(), within.to_uppercase().into());
                node.details.insert("branch".to_owned(), branch.parse::<u64>().unwrap().into());
            }
        }
        for step in steps {
            let (ends, when) = step.split_once(' ').unwrap_or((step, ""));
            let (from, to) = ends.split_once('>').unwrap();
            system.transitions.push(Transition { from: from.to_owned(), to: to.to_owned(), when: when.to_owned() });
        }
        system.sort();
        let pages = pages(&system, &ViewOptions::default());
        assert_eq!(text(pages.iter().find(|page| page.id == "m").expect("the machine has a page")), expected);
    }

    fn text(view: &View<'_>) -> String {
        let frame = |at: Option<usize>| at.map_or("", |at| view.groups[at].id.as_str());
        let groups = view.groups.iter().map(|g| format!("[{}/{}]", frame(g.parent), g.id));
        let nodes = view.nodes.iter().map(|leaf| {
            let called = leaf.calls.as_ref().map(|call| format!("({})", call.node.id)).unwrap_or_default();
            format!("{}/{}{called}{}", frame(leaf.group), leaf.node.id, if leaf.start { "!" } else { "" })
        });
        let id = |i: usize| view.nodes[i].node.id.as_str();
        let lines = view.lines.iter().map(|l| format!("{}>{} {}", id(l.from), id(l.to), l.labels.join(",")));
        groups.chain(nodes).chain(lines.map(|line| line.trim_end().to_owned())).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_chart_starts_at_the_machine_and_says_what_tasks_call() {
        check(
            &["a Task", "b Wait", "c Task"],
            &["f function"],
            &["a invoke f declared"],
            &["m>a", "a>b", "b>c"],
            "[/m]; m/a(f); m/b; m/c; m/m!; a>b; b>c; m>a",
        );
    }

    #[test]
    fn what_is_shared_or_uncertain_or_has_a_page_of_its_own_stays_a_box() {
        check(
            &["a Task", "b Task", "c Task"],
            &["f function", "g function"],
            &["a invoke f declared", "b invoke f declared", "c invoke g possible"],
            &[],
            "[/m]; m/a; m/b; m/c; /f; /g; a>f; b>f; c>g",
        );
        check(
            &["a Task", "b Task", "c Pass"],
            &["n state_machine", "x state n", "y state n", "z state n"],
            &["a invoke n declared"],
            &[],
            "[/m]; m/a; m/b; m/c; /n; a>n",
        );
        // A service as a whole is no thing that is shared.
        check(
            &["a Task", "b Task", "c Pass"],
            &["forecast other"],
            &["a use forecast declared CreateDataset", "b use forecast declared ListDatasets"],
            &[],
            "[/m]; m/a(forecast); m/b(forecast); m/c",
        );
    }

    #[test]
    fn what_runs_inside_of_a_state_is_framed() {
        check(
            &["a Parallel", "b Map a 1", "c Pass b 0", "d Pass a 2", "e Pass"],
            &[],
            &[],
            &["m>a", "a>b in parallel", "a>d in parallel", "b>c for each item", "a>e"],
            "[/m]; [m/a#1]; [m/a#2]; [a#1/b#0]; m/a; a#1/b; b#0/c; a#2/d; m/e; m/m!; a>b; a>d; a>e; b>c; m>a",
        );
        // A state within itself is within nothing.
        check(&["a Map b 0", "b Map a 0", "c Pass"], &[], &[], &[], "[/m]; m/a; m/b; m/c");
    }
}
