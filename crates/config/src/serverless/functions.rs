//! Functions of a service, as SAM functions.

use super::{Service, events, function_id, plugins};
use crate::code;
use crate::tree::{Key, Node, Tree};
use facts::Place;

/// Adds every function: of a map, or of a list of maps (each often a file).
pub(super) fn all(service: &mut Service<'_>) {
    let config = service.config;
    let Some(functions) = config.get("functions") else { return };
    for part in functions.one_or_many() {
        for (key, tree) in part.entries() {
            function(service, key, tree);
        }
    }
}

/// Adds a function.
pub(super) fn function(service: &mut Service<'_>, key: &Key, tree: &Tree) {
    if tree.entries().is_empty() {
        return;
    }
    let config = service.config;
    let provider = config.get("provider");
    let place = &tree.place;
    let own = |name: &str| tree.get(name).filter(|t| t.node != Node::Null);
    let shared = |name: &str| own(name).or_else(|| provider.and_then(|p| p.get(name)));
    let mut properties: Vec<(&str, Tree)> = Vec::new();
    let name = own("name").cloned().unwrap_or_else(|| service.full_name(&key.place, &key.text));
    properties.push(("FunctionName", name));
    let simple = [("Runtime", "runtime"), ("MemorySize", "memorySize"), ("Timeout", "timeout"), ("Layers", "layers")];
    for (property, written) in simple {
        properties.extend(shared(written).map(|value| (property, value.clone())));
    }
    if let Some(handler) = own("handler") {
        let handler = plugins::wrapped_app(service, handler).unwrap_or(handler);
        let binary = plugins::packaged_binary(service, handler);
        let (package, handler) = binary.map_or((None, handler.clone()), |(folder, name)| (Some(folder), name));
        properties.push(("Handler", handler.clone()));
        // An archive that Cargo Lambda has made says which binary it holds; what others hold is found by the handler, in a
        // folder of the archive's name or in that of the service.
        let archive = tree.at(&["package", "artifact"]);
        properties.extend(archive.map(|path| ("Artifact", path.clone())));
        let compiled = archive.filter(|path| path.text().is_some_and(code::is_compiled));
        let folder = own("module").or(compiled).cloned().or(package);
        let folder = folder.unwrap_or_else(|| Tree::scalar(&handler.place, "."));
        properties.push(("CodeUri", folder));
    }
    properties.extend(image(tree, provider));
    properties.push(("Environment", environment(tree, provider, place)));
    properties.push(("Policies", policies(tree, provider, place)));
    properties.extend(role(tree, provider).map(|role| ("Role", role)));
    if let Some(queue) = own("onError") {
        properties.push(("DeadLetterQueue", Tree::map(place, [("TargetArn", queue.clone())])));
    }
    if let Some(destinations) = own("destinations") {
        properties.push(("EventInvokeConfig", invoke_config(service, destinations)));
    }
    if let Some(mounted) = own("fileSystemConfig") {
        let arn = mounted.get("arn").unwrap_or(mounted).clone();
        let one = Tree::map(&mounted.place, [("Arn", arn)]);
        properties.push(("FileSystemConfigs", Tree::list(&mounted.place, vec![one])));
    }
    properties.extend(own("url").map(|url| ("FunctionUrlConfig", url.clone())));
    let id = function_id(&key.text);
    let events = events::of(service, key, &id, tree);
    properties.push(("Events", Tree { place: place.clone(), node: Node::Map(events) }));
    let metadata = image_metadata(tree, provider);
    service.add(&id, key, "AWS::Serverless::Function", Tree::map(place, properties));
    if let (Some(added), Some((_, tree))) = (metadata, service.resources.iter_mut().find(|(k, _)| *k.text == *id)) {
        tree.overlay(&Tree::map(place, [("Metadata", added)]), 0);
    }
}

/// Variables of the provider and of the function; the function's count.
fn environment(function: &Tree, provider: Option<&Tree>, place: &Place) -> Tree {
    let mut variables: Vec<(Key, Tree)> = Vec::new();
    for section in [provider, Some(function)].into_iter().flatten() {
        for (key, value) in section.get("environment").map(Tree::entries).unwrap_or_default() {
            variables.retain(|(k, _)| k.text != key.text);
            variables.push((key.clone(), value.clone()));
        }
    }
    Tree::map(place, [("Variables", Tree { place: place.clone(), node: Node::Map(variables) })])
}

/// What the roles of the provider and of the function allow. The provider's is not that of a function with a role of
/// its own.
fn policies(function: &Tree, provider: Option<&Tree>, place: &Place) -> Tree {
    let ways: [&[&str]; 3] = [&["iam", "role", "statements"], &["iamRoleStatements"], &["iamRole", "statements"]];
    let provider = provider.filter(|_| function.get("role").is_none());
    let found = [provider, Some(function)].into_iter().flatten();
    let found = found.flat_map(|section| ways.iter().filter_map(move |way| section.at(way)));
    let statements: Vec<Tree> = found.flat_map(Tree::one_or_many).cloned().collect();
    Tree::list(place, vec![Tree::map(place, [("Statement", Tree::list(place, statements))])])
}

/// A role that somebody else describes: its logical id, or its ARN.
fn role(function: &Tree, provider: Option<&Tree>) -> Option<Tree> {
    let ways: [&[&str]; 2] = [&["role"], &["iam", "role"]];
    let shared = ways.iter().find_map(|way| provider?.at(way));
    let role = function.get("role").or(shared)?;
    match role.text() {
        Some(id) if !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()) => {
            Some(Tree::attribute(&role.place, id, "Arn"))
        }
        Some(_) => Some(role.clone()),
        None => role.referenced().map(|_| role.clone()),
    }
}

/// Where results go: the key of another function, or an ARN.
fn invoke_config(service: &Service<'_>, destinations: &Tree) -> Tree {
    let place = &destinations.place;
    let one = |written: &str, property: &'static str| {
        let target = destinations.get(written)?;
        let target = target.get("arn").unwrap_or(target);
        let target = match target.text() {
            Some(name) if is_function(service, name) => Tree::attribute(&target.place, &function_id(name), "Arn"),
            _ => target.clone(),
        };
        Some((property, Tree::map(place, [("Destination", target)])))
    };
    let all = [one("onSuccess", "OnSuccess"), one("onFailure", "OnFailure")];
    Tree::map(place, [("DestinationConfig", Tree::map(place, all.into_iter().flatten()))])
}

/// Whether the service has a function of that key.
pub(super) fn is_function(service: &Service<'_>, key: &str) -> bool {
    let functions = service.config.get("functions").map(Tree::one_or_many).unwrap_or_default();
    functions.iter().any(|part| part.get(key).is_some())
}

/// An image: its own command counts before that of the `Dockerfile`.
fn image(function: &Tree, provider: Option<&Tree>) -> Vec<(&'static str, Tree)> {
    let Some(image) = function.get("image") else { return Vec::new() };
    let mut out = vec![("PackageType", Tree::scalar(&image.place, "Image"))];
    if let Some(command) = image.get("command") {
        out.push(("ImageConfig", Tree::map(&image.place, [("Command", command.clone())])));
    }
    if image_metadata(function, provider).is_none() {
        out.push(("ImageUri", image.clone()));
    }
    out
}

/// The folder and file that an image of the service is built from.
fn image_metadata(function: &Tree, provider: Option<&Tree>) -> Option<Tree> {
    let image = function.get("image")?;
    let name = image.get("name").unwrap_or(image).text()?;
    let built = provider?.at(&["ecr", "images", name])?;
    let folder = built.get("path").unwrap_or(built);
    let mut out = vec![("DockerContext", folder.clone())];
    out.extend(built.get("file").map(|file| ("Dockerfile", file.clone())));
    Some(Tree::map(&image.place, out))
}
