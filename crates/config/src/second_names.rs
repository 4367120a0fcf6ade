//! Resources that are second names of others: the alias of a function, the consumer of a stream, the access point of a
//! file system.

use crate::tree::{Node, Tree};
use std::collections::BTreeMap;

/// Second names by logical id, each with the logical id of the resource of the template that it names.
pub(crate) fn inside(root: &Tree) -> BTreeMap<&str, &str> {
    let declared = |id: &str| root.at(&["Resources", id]).is_some();
    let named = second_names(root).filter_map(|(id, original)| Some((id, referenced(original, &declared)?)));
    named.filter(|(_, original)| declared(original)).chain(tasks_of_services(root)).collect()
}

/// Second names of what the template doesn't declare, each with what it says of it: a parameter, an import, a name.
pub(crate) fn outside(root: &Tree) -> BTreeMap<&str, &Tree> {
    let declared = |id: &str| root.at(&["Resources", id]).is_some();
    second_names(root).filter(|(_, original)| !referenced(original, &declared).is_some_and(declared)).collect()
}

/// Second names by logical id, each with what its property says that it is a name of.
fn second_names(root: &Tree) -> impl Iterator<Item = (&str, &Tree)> {
    let resources = root.get("Resources").map(Tree::entries).unwrap_or_default();
    resources.iter().filter_map(|(key, resource)| {
        let way = catalog::second_name(resource.get("Type").and_then(Tree::text)?)?;
        let original = way.split('.').try_fold(resource.get("Properties")?, |tree, key| tree.get(key))?;
        (!matches!(original.node, Node::Null)).then_some((&*key.text, original))
    })
}

/// The logical id in a `Ref` or the like; of several in a text, the first one that is declared.
fn referenced<'t>(original: &'t Tree, declared: &dyn Fn(&str) -> bool) -> Option<&'t str> {
    let (_, argument) = original.single()?;
    let text = argument.text().or_else(|| argument.items().first()?.text())?;
    let id = |name: &'t str| name.split('.').next();
    if !text.contains("${") {
        return id(text);
    }
    // The address of a database holds its host: `jdbc:mysql://${Orders.Endpoint.Address}:3306/shop`.
    let mut named = text.split("${").skip(1).filter_map(|rest| id(rest.split('}').next()?));
    named.find(|id| declared(id))
}

/// Task definitions with the one service that runs each: the service is what people know.
fn tasks_of_services(root: &Tree) -> Vec<(&str, &str)> {
    let mut by_task: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, tree) in root.get("Resources").map(Tree::entries).unwrap_or_default() {
        if tree.get("Type").and_then(Tree::text) == Some("AWS::ECS::Service")
            && let Some(("Ref", task)) = tree.at(&["Properties", "TaskDefinition"]).and_then(Tree::single)
            && let Some(task) = task.text()
        {
            by_task.entry(task).or_default().push(&key.text);
        }
    }
    let declared = |id: &str| root.at(&["Resources", id]).is_some();
    let mut out = Vec::new();
    for (task, services) in by_task.into_iter().filter(|(task, _)| declared(task)) {
        if let [service] = services[..] {
            out.push((task, service));
        }
    }
    out
}
