//! Whatever a person does to a drawing and however the source changes: nothing that is to be kept is lost.

#![expect(clippy::float_cmp, reason = "what did not move has the very same numbers")]

mod support;

use merge::Options;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::{Editor, System, merged};

const NAMES: [&str; 12] =
    ["a.one", "a.two", "a.three", "a.four", "b.one", "b.two", "b.three", "c.one", "out", "other", "third", "fourth"];

/// Something that a person does; numbers pick among the cells there are.
#[derive(Clone, Debug)]
enum Edit {
    Move(usize, i32, i32),
    Restyle(usize),
    Reword(usize),
    Delete(usize),
    Copy(usize),
    Group(usize),
    Note(i32, i32),
    NoteInside(usize),
    Arrow(usize, usize),
    Label(usize),
    Bend(usize, i32),
    Collapse(usize),
    Resize(usize, u8, u8),
    OwnLayer(usize),
    Reconnect(usize, usize),
    Wrap(usize),
    Page,
    RenamePage,
    RenameLayer,
}

fn edit() -> impl Strategy<Value = Edit> {
    let n = 0..40_usize;
    prop_oneof![
        3 => (n.clone(), -300..300, -300..300).prop_map(|(i, x, y)| Edit::Move(i, x, y)),
        2 => n.clone().prop_map(Edit::Restyle),
        2 => n.clone().prop_map(Edit::Reword),
        2 => n.clone().prop_map(Edit::Delete),
        1 => n.clone().prop_map(Edit::Copy),
        1 => n.clone().prop_map(Edit::Group),
        2 => (0..1500, 0..900).prop_map(|(x, y)| Edit::Note(x, y)),
        1 => n.clone().prop_map(Edit::NoteInside),
        2 => (n.clone(), n.clone()).prop_map(|(a, b)| Edit::Arrow(a, b)),
        1 => n.clone().prop_map(Edit::Label),
        2 => (n.clone(), -50..900).prop_map(|(i, x)| Edit::Bend(i, x)),
        1 => n.clone().prop_map(Edit::Collapse),
        1 => (n.clone(), any::<u8>(), any::<u8>()).prop_map(|(i, w, h)| Edit::Resize(i, w, h)),
        1 => n.clone().prop_map(Edit::OwnLayer),
        1 => (n.clone(), n.clone()).prop_map(|(i, to)| Edit::Reconnect(i, to)),
        1 => n.prop_map(Edit::Wrap),
        1 => Just(Edit::Page),
        1 => Just(Edit::RenamePage),
        1 => Just(Edit::RenameLayer),
    ]
}

fn system() -> impl Strategy<Value = System> {
    let nodes = proptest::sample::subsequence(NAMES.to_vec(), 1..NAMES.len());
    let lines = proptest::collection::vec((0..12_usize, 0..12_usize), 0..12);
    (nodes, lines, 0..3_u8).prop_map(|(nodes, lines, version)| {
        let mut system = System::of(&nodes.join(" "), "");
        for (a, b) in lines.into_iter().filter(|(a, b)| a % nodes.len() != b % nodes.len()) {
            system.lines.insert((nodes[a % nodes.len()].to_owned(), nodes[b % nodes.len()].to_owned()));
        }
        let (words, look) = [("", ""), (" v2", ""), (" v3", "fontStyle=1;")][usize::from(version)];
        System { words: words.to_owned(), look: look.to_owned(), ..system }
    })
}

/// What a person did that must still be there.
#[derive(Debug, Default)]
struct Kept {
    styles: BTreeMap<String, String>,
    words: BTreeMap<String, String>,
    foreign: Vec<String>,
    deleted: Vec<String>,
    collapsed: Vec<String>,
    bent: Vec<String>,
    reconnected: BTreeMap<String, String>,
    layers: Vec<String>,
    page: Option<String>,
    layer: bool,
    pages: usize,
}

fn pick(editor: &Editor, wanted: usize, kind: &str) -> Option<String> {
    let ids: Vec<String> = editor.ids().into_iter().filter(|id| id.starts_with(kind)).collect();
    (!ids.is_empty()).then(|| ids[wanted % ids.len()].clone())
}

fn apply(editor: &mut Editor, index: usize, edit: &Edit, kept: &mut Kept) {
    let new = (1000 + index).to_string();
    let node = |i: usize| pick(editor, i, "node:");
    match edit {
        Edit::Move(i, x, y) => {
            if let Some(id) = pick(editor, *i, if i % 3 == 0 { "service:" } else { "node:" }) {
                editor.move_by(&id, f64::from(*x), f64::from(*y));
            }
        }
        Edit::Restyle(i) => {
            if let Some(id) = node(*i) {
                editor.restyle(&id, "fillColor=#ED7100", "fillColor=#123456");
                kept.styles.insert(id, "fillColor=#123456".to_owned());
            }
        }
        Edit::Reword(i) => {
            if let Some(id) = node(*i) {
                editor.reword(&id, &format!("mine {index}"));
                kept.words.insert(id, format!("mine {index}"));
            }
        }
        Edit::Delete(i) => {
            let kind = ["node:", "flow:", "service:"][i % 3];
            if let Some(id) = pick(editor, *i, kind) {
                let before = editor.ids();
                editor.delete(&id);
                let now = editor.ids();
                let gone: Vec<String> = before.into_iter().filter(|id| !now.contains(id)).collect();
                kept.foreign.retain(|id| !gone.contains(id));
                kept.deleted.extend(gone);
            }
        }
        Edit::Copy(i) => {
            if let Some(id) = node(*i) {
                editor.copy(&id, &new);
                kept.foreign.push(new);
            }
        }
        Edit::Group(i) => {
            if let Some(id) = node(*i) {
                editor.group(&new, &[&id]);
                kept.foreign.push(new);
            }
        }
        Edit::Note(x, y) => {
            editor.note(&new, *x, *y);
            kept.foreign.push(new);
        }
        Edit::NoteInside(i) => {
            if let Some(id) = pick(editor, *i, "service:") {
                editor.note(&new, 10, 10);
                editor.cell_mut(&new).set("parent", &id);
                kept.foreign.push(new);
            }
        }
        Edit::Arrow(a, b) => {
            if let Some((a, b)) = node(*a).zip(node(*b)) {
                editor.arrow(&new, &a, &b);
                kept.foreign.push(new);
            }
        }
        Edit::Label(i) => {
            if let Some(id) = pick(editor, *i, "flow:") {
                editor.add(&format!("<mxCell id=\"{new}\" value=\"why\" vertex=\"1\" parent=\"{id}\"><mxGeometry relative=\"1\" as=\"geometry\"/></mxCell>"));
                kept.foreign.push(new);
            }
        }
        Edit::Bend(i, x) => {
            if let Some(id) = pick(editor, *i, "flow:") {
                let bends = format!("<Array as=\"points\"><mxPoint x=\"{x}\" y=\"9\"/></Array>");
                editor.geometry_mut(&id).children = vec![support::Tree::parse(&bends)];
                kept.bent.push(id);
            }
        }
        Edit::Collapse(i) => {
            if let Some(id) = pick(editor, *i, "service:").filter(|id| !kept.collapsed.contains(id)) {
                let (size, geometry) = (editor.rect(&id), editor.geometry_mut(&id));
                geometry.set("width", "120");
                geometry.set("height", "20");
                let open =
                    format!("<mxRectangle width=\"{}\" height=\"{}\" as=\"alternateBounds\"/>", size[2], size[3]);
                geometry.children.push(support::Tree::parse(&open));
                editor.cell_mut(&id).set("collapsed", "1");
                kept.collapsed.push(id);
            }
        }
        Edit::Resize(i, w, h) => {
            if let Some(id) = node(*i) {
                editor.geometry_mut(&id).set("width", &w.saturating_add(20).to_string());
                editor.geometry_mut(&id).set("height", &h.saturating_add(20).to_string());
            }
        }
        Edit::OwnLayer(i) => {
            editor.add(&format!("<mxCell id=\"{new}\" value=\"my layer\" parent=\"0\"/>"));
            if let Some(id) = pick(editor, *i, "node:") {
                let [x, y, ..] = editor.absolute(&id);
                editor.cell_mut(&id).set("parent", &new);
                let [was_x, was_y, ..] = editor.rect(&id);
                editor.move_by(&id, x - was_x, y - was_y);
            }
            kept.layers.push(new);
        }
        Edit::Reconnect(i, to) => {
            if let Some((id, to)) = pick(editor, *i, "flow:").zip(node(*to)) {
                editor.cell_mut(&id).set("target", &to);
                kept.reconnected.insert(id, to);
            }
        }
        Edit::Wrap(i) => {
            if let Some(id) = pick(editor, *i, if i % 2 == 0 { "title" } else { "node:" }) {
                editor.wrap(&id, "owner", "me");
            }
        }
        Edit::Page => {
            let page = format!(
                "<diagram id=\"p{index}\" name=\"mine\"><mxGraphModel><root><mxCell id=\"0\"/></root></mxGraphModel></diagram>"
            );
            editor.tree.children.push(support::Tree::parse(&page));
            kept.pages += 1;
        }
        Edit::RenamePage => {
            editor.tree.children[0].set("name", "renamed");
            kept.page = Some("renamed".to_owned());
        }
        Edit::RenameLayer => {
            editor.object_mut("1").set("value", "my layer");
            kept.layer = true;
        }
    }
}

fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
}

fn is_box(editor: &Editor, id: &str) -> bool {
    editor.cell(id).get("vertex").is_some() && editor.geometry(id).get("relative").is_none()
}

/// All that was to be kept is in the result.
fn check(before: &Editor, after: &Editor, kept: &Kept, old: &System, new: &System) -> Result<(), TestCaseError> {
    for id in &kept.foreign {
        prop_assert!(after.has(id), "{id} is lost");
        let (was, is) = (before.object(id), after.object(id));
        prop_assert_eq!(was.get("value"), is.get("value"));
        if is_box(before, id) {
            prop_assert_eq!(before.absolute(id), after.absolute(id), "{} moved", id);
        }
    }
    for id in after.ids().iter().filter(|id| id.starts_with("node:") && before.has(id)) {
        let name = id.trim_start_matches("node:");
        // Nodes never change their service here: they stay, wherever they are.
        prop_assert_eq!(&before.absolute(id)[..2], &after.absolute(id)[..2], "{} moved", id);
        prop_assert!(new.nodes.contains_key(name));
        if let Some(style) = kept.styles.get(id) {
            prop_assert!(after.style(id).contains(style.as_str()), "{id} lost its style");
        }
        let label = after.object(id).get("label").unwrap_or_default();
        let generated = format!("{name}{}<br>Queue", new.words);
        prop_assert_eq!(label, kept.words.get(id).unwrap_or(&generated));
    }
    for id in &kept.deleted {
        prop_assert!(!after.has(id), "{id} came back");
    }
    for id in &kept.layers {
        prop_assert_eq!(before.object(id), after.object(id));
    }
    for id in kept.collapsed.iter().filter(|id| after.has(id)) {
        prop_assert_eq!(after.cell(id).get("collapsed"), Some("1"), "{} is open", id);
        prop_assert_eq!(before.rect(id), after.rect(id), "{} has another size", id);
    }
    arrows(before, after, kept)?;
    for name in new.nodes.keys().filter(|name| old.nodes.contains_key(*name)) {
        let id = format!("node:{name}");
        prop_assert_eq!(before.has(&id), after.has(&id), "{}", id);
    }
    for id in before.ids().iter().filter(|id| id.starts_with("node:") && !kept.deleted.contains(id)) {
        prop_assert_eq!(new.nodes.contains_key(id.trim_start_matches("node:")), after.has(id), "{}", id);
    }
    let page = &after.tree.children[0];
    if let Some(name) = &kept.page {
        prop_assert_eq!(page.get("name"), Some(name.as_str()));
    }
    prop_assert!(!kept.layer || after.object("1").get("value") == Some("my layer"));
    prop_assert_eq!(after.tree.children.len(), 1 + kept.pages);
    no_new_overlaps(before, after)
}

/// Arrows run and end where a person led them.
fn arrows(before: &Editor, after: &Editor, kept: &Kept) -> Result<(), TestCaseError> {
    for id in kept.bent.iter().filter(|id| after.has(id) && before.has(id)) {
        let ends = |editor: &Editor| ["source", "target"].map(|end| editor.cell(id).get(end).map(str::to_owned));
        if ends(before) == ends(after) && before.cell(id).get("parent") == after.cell(id).get("parent") {
            prop_assert_eq!(&before.geometry(id).children, &after.geometry(id).children, "{} runs elsewhere", id);
        }
    }
    for (id, to) in kept.reconnected.iter().filter(|(id, to)| after.has(id) && after.has(to)) {
        prop_assert_eq!(after.cell(id).get("target"), Some(to.as_str()), "{} ends elsewhere", id);
    }
    for id in kept.foreign.iter().filter(|id| before.cell(id).get("edge").is_some()) {
        for (end, role) in [("source", "sourcePoint"), ("target", "targetPoint")] {
            let Some(was) = before.cell(id).get(end) else { continue };
            let is_free = after.geometry(id).children.iter().any(|p| p.get("as") == Some(role));
            let same = after.cell(id).get(end) == Some(was);
            prop_assert!(if after.has(was) { same } else { is_free }, "{id} lost its {end}");
        }
    }
    Ok(())
}

/// What is new stands on nothing else.
fn no_new_overlaps(before: &Editor, after: &Editor) -> Result<(), TestCaseError> {
    let new: Vec<String> = after.ids().into_iter().filter(|id| id.starts_with("node:") && !before.has(id)).collect();
    for id in &new {
        let chain: Vec<&str> = std::iter::successors(Some(id.as_str()), |at| after.cell(at).get("parent")).collect();
        for other in after.ids().iter().filter(|other| !chain.contains(&other.as_str()) && is_box(after, other)) {
            // Empty groups are not seen.
            if after.style(other) != "group" {
                prop_assert!(!overlap(after.absolute(id), after.absolute(other)), "{id} is on {other}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_to_be_kept_is_lost(
        old in system(),
        new in system(),
        third in system(),
        edits in proptest::collection::vec(edit(), 0..12),
    ) {
        let mut editor = Editor::open(&old.draw());
        let mut kept = Kept::default();
        for (index, edit) in edits.iter().enumerate() {
            apply(&mut editor, index, edit, &mut kept);
        }
        // What is deleted after it was changed need not be kept.
        let once = merged(&editor.save(), &new, Options::default());
        let after = Editor::open(&once.text);
        check(&editor, &after, &kept, &old, &new)?;
        // Once more, from what the program wrote and the editor saved.
        kept.deleted.clear();
        kept.words.retain(|id, _| after.has(id));
        kept.collapsed.retain(|id| after.has(id));
        kept.reconnected.retain(|id, to| after.has(id) && after.has(to));
        kept.styles.retain(|id, _| after.has(id));
        let twice = merged(&after.save(), &third, Options::default());
        check(&after, &Editor::open(&twice.text), &kept, &new, &third)?;
        // Everything comes back when it is asked for.
        let shown = merged(&twice.text, &third, Options { show_hidden: true, fresh: false });
        let shown = Editor::open(&shown.text);
        for name in third.nodes.keys() {
            let id = format!("node:{name}");
            prop_assert!(shown.has(&id), "{id} is still hidden");
        }
        for (from, to) in &third.lines {
            let id = format!("flow:{from}:{to}");
            prop_assert!(shown.has(&id), "{id} is still hidden");
        }
        // A fresh layout loses nothing of theirs either.
        let fresh = Editor::open(&merged(&twice.text, &third, Options { fresh: true, show_hidden: false }).text);
        for id in kept.foreign.iter().chain(&kept.layers) {
            prop_assert!(fresh.has(id), "{id} is lost");
        }
        let known = Editor::open(&twice.text);
        let nodes = |editor: &Editor| editor.ids().into_iter().filter(|id| id.starts_with("node:")).collect::<Vec<_>>();
        prop_assert_eq!(nodes(&known).len(), nodes(&fresh).len(), "what was deleted came back");
        for (id, style) in kept.styles.iter().filter(|(id, _)| fresh.has(id)) {
            prop_assert!(fresh.style(id).contains(style.as_str()), "{id} lost its style");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(start in 0..4000_usize, bytes in proptest::collection::vec(any::<u8>(), 0..8)) {
        let system = System::of("a.x b", "a.x>b");
        let mut old = system.draw().into_bytes();
        let start = start % old.len();
        let end = (start + bytes.len()).min(old.len());
        old.splice(start..end, bytes);
        if let Ok(merged) = merge::merge(&old, &system.draw(), Options::default()) {
            prop_assert!(roxmltree::Document::parse(&merged.text).is_ok());
        }
    }
}
