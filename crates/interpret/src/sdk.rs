//! The SDK's resource models: `boto3.resource("dynamodb").Table(name).put_item(…)`.

use crate::calls::Site;
use crate::heap::Object;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::value::{Abs, Args, Handle};
use catalog::{ResourceAction, ResourceModel, Source};
use facts::Expr;
use std::rc::Rc;
use std::sync::Arc;

/// The class of handles that stand for a resource, or for the resources of a whole service.
const RESOURCE: &str = "aws.resource";

/// The class of handles that stand for many resources: `bucket.objects`.
const COLLECTION: &str = "aws.collection";

impl Machine<'_> {
    /// Calls a method of a resource of the SDK.
    pub(crate) fn call_modelled(
        &mut self,
        site: Site<'_>,
        handle: &Rc<Handle>,
        name: &str,
        args: &Args,
    ) -> Option<Abs> {
        let model = model_of(handle)?;
        if &*handle.class == COLLECTION {
            let collection = model.collection(text(handle, "collection"))?;
            return self.call_collection(site, handle, collection, name, args);
        }
        if let Some(sub) = model.sub(name) {
            let given = given_arguments(sub, args);
            return Some(self.resource(handle, sub, &given, &Abs::Null));
        }
        Some(self.call_action(site, handle, model.action(name)?, args))
    }

    /// Calls a method that the SDK adds to a client and that is no operation by itself: `upload_file`.
    pub(crate) fn call_added(&mut self, site: Site<'_>, handle: &Rc<Handle>, name: &str, args: &Args) -> Option<Abs> {
        let action = catalog::client_method(text(handle, "service"), name)?;
        Some(self.call_action(site, handle, action, args))
    }

    fn call_action(&mut self, site: Site<'_>, handle: &Rc<Handle>, action: &ResourceAction, args: &Args) -> Abs {
        let given = given_arguments(action, args);
        let mut passed = given.clone();
        for (path, source) in &action.parameters {
            let value = source_value(handle, source, &given);
            if let Some(value) = value {
                if let Source::Identifier(_) = source {
                    passed.of_object.push((*path).into());
                }
                self.put(&mut passed, path, value);
            }
        }
        let service = Abs::text(text(handle, "service"));
        let answer = match action.operation {
            "" => Abs::Null,
            operation => self.call_operation(site, &service, operation, &passed, None),
        };
        match action.gives {
            Some(_) => self.resource(handle, action, &passed, &answer),
            None => answer,
        }
    }

    /// Methods of `bucket.objects`: `all`, `filter` and the like list it, batch actions act on all.
    fn call_collection(
        &mut self,
        site: Site<'_>,
        handle: &Rc<Handle>,
        collection: &ResourceAction,
        name: &str,
        args: &Args,
    ) -> Option<Abs> {
        if matches!(name, "all" | "filter" | "limit" | "page_size" | "pages") {
            return Some(self.call_action(site, handle, collection, args));
        }
        let (of, _) = collection.gives.as_ref()?;
        let batch = catalog::resource_model(text(handle, "service"), of)?.batch(name)?;
        let Abs::Handle(element) = self.resource(handle, collection, args, &Abs::Null) else { return None };
        Some(self.call_action(site, &element, batch, args))
    }

    /// The resource that a member gives.
    fn resource(&mut self, from: &Rc<Handle>, member: &ResourceAction, given: &Args, answer: &Abs) -> Abs {
        let Some((resource, identifiers)) = &member.gives else {
            return Abs::unknown("it is what the SDK gives");
        };
        let mut fields =
            vec![("service".to_owned(), Abs::text(text(from, "service"))), ("type".to_owned(), Abs::text(*resource))];
        fields.extend(from.fields.get("endpoint").map(|endpoint| ("endpoint".to_owned(), endpoint.clone())));
        for (name, source) in identifiers {
            let value = match source {
                Source::Response(path) => {
                    Some(path.split('.').fold(answer.clone(), |at, step| self.index(&at, &Abs::text(step))))
                }
                other => source_value(from, other, given),
            };
            let value = value.unwrap_or_else(|| Abs::unknown(format!("`{name}` is not given")));
            fields.push((format!("identifier {name}"), value));
        }
        handle(RESOURCE, fields.iter().map(|(n, v)| (n.as_str(), v.clone())))
    }

    /// An attribute of a resource of the SDK: an identifier, other resources, or many of them.
    pub(crate) fn modelled_attribute(&mut self, from: &Rc<Handle>, name: &Arc<str>) -> Option<Abs> {
        let model = model_of(from)?;
        if let Some(identifier) = model.identifiers.iter().find(|i| snake(i.name) == **name) {
            return from.fields.get(format!("identifier {}", identifier.name).as_str()).cloned();
        }
        if model.collection(name).is_some() {
            let mut many = (**from).clone();
            many.class = COLLECTION.into();
            many.fields.insert("collection".into(), Abs::text(name.clone()));
            return Some(Abs::Handle(Rc::new(many)));
        }
        let reference = model.reference(name)?;
        Some(self.resource(from, reference, &Args::default(), &Abs::Null))
    }

    /// Puts a value at a path of an operation's arguments. Deeper paths than a field or the keys of a map name
    /// no target, and are left out.
    fn put(&mut self, args: &mut Args, path: &str, value: Abs) {
        if let Some(field) = path.strip_suffix(".keys()") {
            let key = crate::text::expression(&value);
            let entries = vec![(key, Abs::unknown("it is what is written"))];
            let map = self.heap.add(Object::Map { entries, more: None });
            args.named.push((field.into(), map));
        } else if !path.contains(['.', '[']) {
            args.named.push((path.into(), value));
        }
    }
}

fn model_of(handle: &Handle) -> Option<&'static ResourceModel> {
    catalog::resource_model(text(handle, "service"), text(handle, "type"))
}

fn text<'h>(handle: &'h Handle, field: &str) -> &'h str {
    match handle.fields.get(field) {
        Some(Abs::Text(Expr::Literal(text))) => text,
        _ => "",
    }
}

/// The call's arguments, all by name.
fn given_arguments(action: &ResourceAction, args: &Args) -> Args {
    let by_position = action.arguments.iter().zip(&args.positional);
    let by_position = by_position.map(|(name, value)| (Arc::from(*name), value.clone()));
    Args {
        named: by_position.chain(args.named.iter().cloned()).collect(),
        more_named: args.more_named.clone(),
        ..Args::default()
    }
}

fn source_value(handle: &Handle, source: &Source, given: &Args) -> Option<Abs> {
    match source {
        Source::Identifier(name) => handle.fields.get(format!("identifier {name}").as_str()).cloned(),
        Source::Input(name) | Source::Request(name) => given.named(name).cloned(),
        Source::Text(text) => Some(Abs::text(*text)),
        Source::Data(name) | Source::Response(name) => {
            Some(Abs::unknown(format!("`{name}` is what the service returned at run time")))
        }
    }
}

/// `BucketName` as Python spells it: `bucket_name`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
