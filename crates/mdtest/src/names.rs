//! Short names of nodes in expectations.

use model::{Model, Node};

/// The one node that a name means: by its id, else by the end of its id, else by its name; a part as `Owner[name]`.
pub(crate) fn find<'a>(model: &'a Model, name: &str) -> Result<&'a Node, String> {
    if let Some((owner, part)) = name.strip_suffix(']').and_then(|n| n.split_once('[')) {
        let owner = find(model, owner)?;
        let is_part = |n: &&Node| n.parent.as_deref() == Some(&owner.id) && n.kind.is_part() && n.name == part;
        return model.nodes.iter().find(is_part).ok_or_else(|| format!("`{}` has no part `{part}`", owner.id));
    }
    let ends = [format!("/{name}"), format!(":{name}")];
    let ways: [&dyn Fn(&&Node) -> bool; 3] =
        [&|n| n.id == name, &|n| ends.iter().any(|end| n.id.ends_with(end)) && !n.kind.is_part(), &|n| {
            n.name == name && !n.kind.is_part()
        }];
    for way in ways {
        let found: Vec<&Node> = model.nodes.iter().filter(way).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(one),
            several => {
                let ids: Vec<&str> = several.iter().map(|n| n.id.as_str()).collect();
                return Err(format!("`{name}` may be any of {}", ids.join(", ")));
            }
        }
    }
    Err(format!("there is no node `{name}`"))
}

/// A short name that [`find`] takes for the node.
pub(crate) fn short(model: &Model, id: &str) -> String {
    let Some(node) = model.node(id) else { return id.to_owned() };
    if let Some(parent) = node.parent.as_ref().filter(|_| node.kind.is_part()) {
        return format!("{}[{}]", short(model, parent), node.name);
    }
    let end = id.rsplit(['/', ':']).next().unwrap_or(id);
    if find(model, end).is_ok_and(|n| n.id == id) { end.to_owned() } else { id.to_owned() }
}
