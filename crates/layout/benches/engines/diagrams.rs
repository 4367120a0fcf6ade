//! The systems of `diagrams/`, as graphs of one page each: services are groups, and what has no shape of its own (a
//! route, a field) is part of what holds it.

use crate::graphs::ICON;
use layout::{BoxSpec, EdgeSpec, GroupSpec, LayoutGraph, Size};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Widths of a character, about.
const NAME: usize = 7;
const LABEL: usize = 6;

/// Each diagram's name and graph.
pub(crate) fn all() -> Vec<(String, LayoutGraph)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../diagrams");
    let folders = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<(String, LayoutGraph)> = folders
        .filter_map(|entry| {
            let text = std::fs::read_to_string(entry.path().join("architecture.json")).ok()?;
            Some((entry.file_name().into_string().ok()?, graph(&serde_json::from_str(&text).ok()?)?))
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn graph(model: &Value) -> Option<LayoutGraph> {
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    let nodes = model["nodes"].as_array()?;
    let parents: BTreeMap<String, String> =
        nodes.iter().filter_map(|n| Some((text(n, "id")?, text(n, "parent")?))).collect();
    let services: BTreeSet<String> =
        nodes.iter().filter(|n| n["kind"] == "service").filter_map(|n| text(n, "id")).collect();
    let mut graph = LayoutGraph::default();
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    let mut boxes: BTreeMap<String, usize> = BTreeMap::new();
    for node in nodes {
        let (id, name) = (text(node, "id")?, text(node, "name")?);
        let parent = parents.get(&id);
        let width = |unit: usize, most: usize| i32::try_from((name.chars().count() * unit).min(most) & !1).unwrap_or(0);
        if services.contains(&id) {
            groups.insert(id, graph.groups.len());
            let title = Size::new(width(NAME, 200) + 24, 28);
            graph.groups.push(GroupSpec { parent: parent.and_then(|p| groups.get(p).copied()), title, apart: false });
        } else if parent.is_none_or(|p| services.contains(p)) {
            boxes.insert(id, graph.boxes.len());
            let group = parent.and_then(|p| groups.get(p).copied());
            let caption = Size::new(width(NAME, 130).max(50), if name.chars().count() > 18 { 45 } else { 30 });
            graph.boxes.push(BoxSpec { group, size: Size::new(ICON, ICON), caption, ..BoxSpec::default() });
        }
    }
    let place = |value: &Value, key: &str| {
        let mut id = text(value, key)?;
        while !boxes.contains_key(&id) {
            id.clone_from(parents.get(&id)?);
        }
        boxes.get(&id).copied()
    };
    let mut seen = BTreeSet::new();
    for edge in model["edges"].as_array()? {
        let (Some(from), Some(to)) = (place(edge, "from"), place(edge, "to")) else { continue };
        let style = u32::from(edge["mode"] == "async") + 2 * u32::from(edge["certainty"] != "declared");
        if from != to && seen.insert((from, to)) {
            let label = text(edge, "label").unwrap_or_default().chars().count() * LABEL;
            let label = Size::new(i32::try_from(label.min(110)).unwrap_or(0), 13);
            let label = if label.width > 0 { label } else { Size::default() };
            graph.edges.push(EdgeSpec { from, to, label, weight: 1, style });
        }
    }
    Some(graph)
}
