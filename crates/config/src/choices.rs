//! Choices between maps: `Properties: !If [Deployed, {…}, {…}]` is the map each of whose values is that choice, so whoever
//! looks for a property finds it.

use crate::tree::{Key, Node, Tree};

/// Values inside one another.
const MAX_DEPTH: usize = 300;

/// Values that choices of one template may become.
const MAX_VALUES: usize = 100_000;

/// Documents of another language, which are read as a whole.
const DOCUMENTS: &[&str] = &["Body", "Definition", "DefinitionBody", "DefinitionString", "PolicyDocument"];

/// Brings the choices within the properties of each resource, and within `Globals`, down to single values.
pub(crate) fn bring_down(root: &mut Tree) {
    let Node::Map(sections) = &mut root.node else { return };
    let mut left = MAX_VALUES;
    for (section, tree) in sections {
        let Node::Map(inside) = &mut tree.node else { continue };
        match &*section.text {
            "Globals" => inside.iter_mut().for_each(|(_, tree)| lower(tree, 0, &mut left)),
            "Resources" => {
                let all = inside.iter_mut().filter_map(|(_, resource)| match &mut resource.node {
                    Node::Map(entries) => entries.iter_mut().find(|(key, _)| &*key.text == "Properties"),
                    _ => None,
                });
                all.for_each(|(_, properties)| lower(properties, 0, &mut left));
            }
            _ => {}
        }
    }
}

fn lower(tree: &mut Tree, depth: usize, left: &mut usize) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some((condition, mut yes, mut no)) = choice(tree) {
        lower(&mut yes, depth + 1, left);
        lower(&mut no, depth + 1, left);
        let size = yes.entries().len() + no.entries().len();
        if is_map(&yes) && is_map(&no) && size <= *left {
            *left -= size;
            tree.node = Node::Map(both(&condition, &yes, &no, depth, left));
        }
        return;
    }
    let Node::Map(entries) = &mut tree.node else { return };
    for (_, value) in entries.iter_mut().filter(|(key, _)| !DOCUMENTS.contains(&&*key.text)) {
        lower(value, depth + 1, left);
    }
}

/// The entries of two maps, each the choice between its two values.
fn both(condition: &Tree, yes: &Tree, no: &Tree, depth: usize, left: &mut usize) -> Vec<(Key, Tree)> {
    let fields = |tree: &Tree| if is_nothing(tree) { Vec::new() } else { tree.entries().to_vec() };
    let (yes, no) = (fields(yes), fields(no));
    let other = |key: &Key, all: &[(Key, Tree)]| all.iter().find(|(k, _)| k.text == key.text).map(|(_, v)| v.clone());
    let mut choose = |yes: Option<Tree>, no: Option<Tree>| {
        let place = yes.as_ref().or(no.as_ref())?.place.clone();
        if let (Some(yes), Some(no)) = (&yes, &no)
            && same(yes, no)
        {
            return Some(yes.clone());
        }
        let or_nothing = |tree: Option<Tree>| tree.unwrap_or_else(|| Tree::reference(&place, "AWS::NoValue"));
        let items = vec![condition.clone(), or_nothing(yes), or_nothing(no)];
        let mut tree = Tree::call(&place, "Fn::If", Tree::list(&place, items));
        lower(&mut tree, depth + 1, left);
        Some(tree)
    };
    let mut out: Vec<(Key, Tree)> = Vec::new();
    for (key, value) in &yes {
        out.extend(choose(Some(value.clone()), other(key, &no)).map(|tree| (key.clone(), tree)));
    }
    for (key, value) in no.iter().filter(|(key, _)| other(key, &yes).is_none()) {
        out.extend(choose(None, Some(value.clone())).map(|tree| (key.clone(), tree)));
    }
    out
}

/// The condition of a choice between maps, and the two; one of them can be nothing.
fn choice(tree: &Tree) -> Option<(Tree, Tree, Tree)> {
    let ("Fn::If", argument) = tree.single()? else { return None };
    let [condition, yes, no] = argument.items() else { return None };
    let fits = is_of_maps(yes) && is_of_maps(no) && !(is_nothing(yes) && is_nothing(no));
    fits.then(|| (condition.clone(), yes.clone(), no.clone()))
}

fn is_of_maps(tree: &Tree) -> bool {
    match tree.single() {
        Some(("Fn::If", argument)) => matches!(argument.items(), [_, yes, no] if is_of_maps(yes) && is_of_maps(no)),
        _ => is_map(tree),
    }
}

fn is_map(tree: &Tree) -> bool {
    matches!(tree.node, Node::Map(_)) && !tree.is_intrinsic() || is_nothing(tree)
}

fn is_nothing(tree: &Tree) -> bool {
    matches!(tree.single(), Some(("Ref", argument)) if argument.text() == Some("AWS::NoValue"))
}

/// Whether two values are the same, wherever they are written.
fn same(one: &Tree, other: &Tree) -> bool {
    match (&one.node, &other.node) {
        (Node::List(a), Node::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Node::Map(a), Node::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k.text == l.text && same(a, b))
        }
        (a, b) => a == b,
    }
}
