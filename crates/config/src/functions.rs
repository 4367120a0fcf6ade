//! Lambda functions: their code, environment, and what they are allowed to do.

use crate::template::{Declared, Template};
use crate::tree::Tree;
use crate::{cdk, code, layers, policies, requirements};
use facts::{Declarations, Entry, Expr, Handler, Place, Wait};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A SAM function.
pub(crate) fn sam(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let inline = declared.property(&["InlineCode"]);
    let location = declared.property(&["CodeUri"]);
    entry(template, declared, location, inline, out);
    policies::of_function(template, declared, out);
    policies::of_role(template, declared, out);
}

/// A plain CloudFormation function.
pub(crate) fn plain(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let code = declared.property(&["Code"]);
    let inline = code.and_then(|c| c.get("ZipFile"));
    let local = code.filter(|c| c.text().is_some());
    entry(template, declared, local, inline, out);
    policies::of_role(template, declared, out);
}

fn entry(
    template: &Template<'_>,
    declared: &Declared<'_>,
    location: Option<&Tree>,
    inline: Option<&Tree>,
    out: &mut Declarations,
) {
    let Written { runtime, handler: handler_tree, location } = written(template, declared, location);
    let runtime = runtime.and_then(|r| text(template, r));
    if let Some(durable) = declared.property(&["DurableConfig"]) {
        // Its code hands out what calls it back.
        let to = Expr::unknown("the function hands it out when it runs");
        out.waits.push(Wait { machine: template.at(declared.id), to, place: durable.place.clone() });
    }
    let named = handler_tree.and_then(|h| text(template, h)).map(|name| unwrapped(template, declared, name));
    let place = handler_tree.or(location).map_or_else(|| declared.key.place.clone(), |t| t.place.clone());
    let mut archive = None;
    let (handler, roots) = if let Some(inline) = inline {
        (inline_code(template, inline, named), Vec::new())
    } else if let Some(image) = code::image(template, declared) {
        image
    } else {
        let Some(name) = named else { return };
        let name = code::binary(template, declared, location).unwrap_or(name);
        let built = cdk::code(template, declared).map(|folder| vec![folder.into()]);
        let folders = built.unwrap_or_else(|| {
            let found = code::found(template, declared, location, &name);
            archive = found.archive;
            found.folders
        });
        code::script(template, declared, &name, &folders).unwrap_or((Handler::Named(name), folders))
    };
    let mut roots: Vec<Arc<str>> = roots;
    roots.extend(roots.clone().iter().flat_map(|root| requirements::installed(template.sources, root)));
    roots.extend(layers::of_function(template, declared, out));
    out.entries.push(Entry {
        owner: template.at(declared.id),
        runtime,
        handler,
        roots,
        archive,
        environment: environment(template, declared),
        place,
    });
}

/// What a function says of its code.
#[derive(Clone, Copy)]
struct Written<'t> {
    runtime: Option<&'t Tree>,
    handler: Option<&'t Tree>,
    location: Option<&'t Tree>,
}

/// What a function says of its code; of a choice that only deployment makes, the one that there is code for.
fn written<'t>(template: &Template<'_>, declared: &'t Declared<'_>, location: Option<&'t Tree>) -> Written<'t> {
    let whole =
        Written { runtime: declared.property(&["Runtime"]), handler: declared.property(&["Handler"]), location };
    if whole.runtime.and_then(choice).is_none() || whole.runtime.is_some_and(|r| text(template, r).is_some()) {
        return whole;
    }
    let way = |at: usize| {
        let chosen = |tree: &'t Tree| choice(tree).map_or(tree, |both| both[at]);
        let Written { runtime, handler, location } = whole;
        Written { runtime: runtime.map(chosen), handler: handler.map(chosen), location: location.map(chosen) }
    };
    let has_code = |way: &Written<'_>| {
        let runtime = way.runtime.and_then(|r| text(template, r))?;
        let name = way.handler.and_then(|h| text(template, h))?;
        let folder = code::folder(template, declared, way.location).ok()?;
        code::has(template, &folder, &runtime, &name).then_some(())
    };
    [way(0), way(1)].into_iter().find(|way| has_code(way).is_some()).unwrap_or(whole)
}

/// The two values of `!If [Condition, one, other]`.
fn choice(tree: &Tree) -> Option<[&Tree; 2]> {
    let ("Fn::If", argument) = tree.single()? else { return None };
    match argument.items() {
        [_, yes, no] => Some([yes, no]),
        _ => None,
    }
}

/// The handler that a layer's wrapper calls, where the environment names it.
fn unwrapped(template: &Template<'_>, declared: &Declared<'_>, name: Arc<str>) -> Arc<str> {
    let variable = catalog::wrapped_handler(&name);
    let real = variable.and_then(|v| text(template, declared.property(&["Environment", "Variables", v])?));
    real.unwrap_or(name)
}

fn text(template: &Template<'_>, tree: &Tree) -> Option<Arc<str>> {
    match template.names.expr(tree) {
        Expr::Literal(text) => Some(text),
        // A runtime or handler that is a parameter is what its default says.
        Expr::Parameter { name, .. } => {
            template.root.at(&["Parameters", &name, "Default"]).and_then(Tree::text).map(Into::into)
        }
        _ => None,
    }
}

fn inline_code(template: &Template<'_>, tree: &Tree, name: Option<Arc<str>>) -> Handler {
    let text: Arc<str> = match template.names.expr(tree) {
        Expr::Literal(text) => text,
        // What only deployment knows stands in the code as it is written.
        other => other.to_string().into(),
    };
    let inner = tree.single().map_or(tree, |(_, inner)| inner);
    let place = Place { column: 1, ..inner.place.clone() };
    Handler::Inline { name: name.unwrap_or_else(|| "index.handler".into()), text, place }
}

/// Environment variables.
fn environment(template: &Template<'_>, declared: &Declared<'_>) -> BTreeMap<Arc<str>, (Expr, Place)> {
    let way = ["Environment", "Variables"];
    let own = declared.property(&way).map(Tree::entries).unwrap_or_default();
    own.iter().map(|(key, value)| (key.text.clone(), (template.names.expr(value), key.place.clone()))).collect()
}
