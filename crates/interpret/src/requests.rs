//! Requests that are put together by setters, one call after another, and then sent:
//! `client.put_item().table_name(table).send()`.

use crate::calls::Site;
use crate::heap::Object;
use crate::machine::Machine;
use crate::value::{Abs, Args, Handle};
use catalog::{Operation, Step};
use facts::Expr;
use std::rc::Rc;
use std::sync::Arc;

/// What a setter was given that takes one value, and may be called for each of several.
const EACH: &str = "each ";
/// What a setter was given that takes a key and a value.
const ENTRIES: &str = "entries ";
/// What a setter was given that takes all at once.
const WHOLE: &str = "whole ";

impl Machine<'_> {
    /// A request for an operation of a client.
    pub(crate) fn begun(client: &Rc<Handle>, request: &str, operation: &str) -> Abs {
        let mut fields = client.fields.clone();
        fields.insert("operation".into(), Abs::text(operation));
        Abs::Handle(Rc::new(Handle { class: request.into(), fields }))
    }

    /// The request after a setter.
    pub(crate) fn collect(&mut self, request: &Rc<Handle>, name: &str, args: &Args) -> Abs {
        let mut after = (**request).clone();
        match (&args.positional[..], name.strip_prefix("set_")) {
            ([value], Some(name)) => drop(after.fields.insert(format!("{WHOLE}{name}").into(), value.clone())),
            ([value], None) => {
                let key: Arc<str> = format!("{EACH}{name}").into();
                let before = after.fields.get(&key).and_then(|list| self.heap.list_of(list));
                let mut items = before.map_or_else(Vec::new, |(items, _)| items.to_vec());
                items.push(value.clone());
                let items = self.heap.list(items);
                after.fields.insert(key, items);
            }
            ([key, value], None) => {
                let field: Arc<str> = format!("{ENTRIES}{name}").into();
                let before = after.fields.get(&field).and_then(|map| self.heap.map_of(map));
                let entries = before.map_or_else(Vec::new, |(entries, _)| entries.to_vec());
                let map = self.heap.add(Object::Map { entries, more: None });
                let key = self.as_key(key);
                if let Abs::Object(id) = map {
                    self.heap.set_entry(id, &key, value.clone(), false);
                }
                after.fields.insert(field, map);
            }
            _ => {}
        }
        Abs::Handle(Rc::new(after))
    }

    /// An instance of a class of the scan of what setters called like its fields were given.
    pub(crate) fn built(&mut self, setters: &Abs, class: &Abs, args: &Args) -> Abs {
        let Abs::Class { unit, id, .. } = class else { return Abs::unknown("what is built is not known") };
        let file = self.units[unit.0 as usize].clone();
        let methods = &file.classes[id.0 as usize].methods;
        let mut args = args.clone();
        if let Abs::Handle(handle) = setters {
            for (field, value) in &handle.fields {
                let Some(name) = field.strip_prefix(EACH) else { continue };
                let last = self.heap.list_of(value).and_then(|(items, _)| items.last()).cloned();
                // A field that is called like a method has another name.
                let name = if methods.contains_key(name) { format!("{name} (field)") } else { name.to_owned() };
                args.named.extend(last.map(|value| (name.into(), value)));
            }
        }
        self.instantiate(class, &args)
    }

    /// What the setters of a request were given, as a map.
    pub(crate) fn collected(&mut self, request: &Abs, operation: Option<&Operation>) -> Abs {
        let named = self.given(request, operation);
        let entries = named.into_iter().map(|(name, value)| (Expr::Literal(name), value)).collect();
        self.heap.add(Object::Map { entries, more: None })
    }

    fn given(&mut self, request: &Abs, operation: Option<&Operation>) -> Vec<(Arc<str>, Abs)> {
        let Abs::Handle(handle) = request else { return Vec::new() };
        let mut out = Vec::new();
        for (field, value) in &handle.fields {
            let (name, each) =
                match (field.strip_prefix(EACH), field.strip_prefix(ENTRIES).or(field.strip_prefix(WHOLE))) {
                    (Some(name), _) => (name, true),
                    (_, Some(name)) => (name, false),
                    _ => continue,
                };
            let (name, goes_on) = spelled(name, operation);
            let is_list = goes_on == Some(Step::Each);
            let items = self.heap.list_of(value).filter(|_| each && !is_list).map(|(items, _)| items.to_vec());
            let value = match items.as_deref() {
                Some([only]) => only.clone(),
                // `set_entries(Some(all))`, where what all are was told by one of them.
                None if is_list && value.each().iter().all(|one| self.heap.map_of(one).is_some()) => {
                    self.heap.list(vec![value.clone()])
                }
                // `set_request_items(Some([(table, writes)].into()))`
                None if goes_on == Some(Step::Keys) && !each => {
                    let pairs = self.pairs(value);
                    let map = pairs.map(|(entries, more)| self.heap.add(Object::Map { entries, more }));
                    map.unwrap_or_else(|| value.clone())
                }
                _ => value.clone(),
            };
            out.push((name, value));
        }
        out
    }

    /// Calls the operation that a request is for.
    pub(crate) fn send(&mut self, site: Site<'_>, request: &Abs) -> Abs {
        let mut answers = Vec::new();
        for one in request.each() {
            let Abs::Handle(handle) = one else { continue };
            let text = |field: &str| handle.fields.get(field).and_then(Abs::as_text);
            let package = text("package").and_then(|package| self.library.service_of_package(package));
            let (Some(service), Some(name)) = (package, text("operation").map(str::to_owned)) else { continue };
            let operation = catalog::operation(service, &name);
            let args = Args { named: self.given(one, operation.as_ref()), ..Args::default() };
            let endpoint = handle.fields.get("endpoint").cloned();
            answers.push(self.call_operation(site, &Abs::text(service), &name, &args, endpoint.as_ref()));
        }
        if answers.is_empty() { Abs::unknown(format!("it is what `{}` gives", site.what)) } else { Abs::join(answers) }
    }

    /// A value, or another one where it is not there.
    pub(crate) fn or_else(&mut self, site: Site<'_>, value: &Abs, default: &Abs) -> Abs {
        let default = match default {
            Abs::Function { .. } | Abs::Bound(_) => {
                self.weak += 1;
                let made = self.call_site(site, default, Args::default());
                self.weak -= 1;
                made
            }
            other => other.clone(),
        };
        let one = |one: &Abs| match one {
            Abs::Null => default.clone(),
            Abs::Text(Expr::Env(name)) => self.environment(&Abs::text(name.clone()), Some(&default), None, false),
            // What is surely there needs no other.
            Abs::Handle(_) | Abs::Object(_) | Abs::Text(_) | Abs::Int(_) | Abs::Bool(_) => one.clone(),
            other => Abs::join([other.clone(), default.clone()]),
        };
        Abs::join(value.each().iter().map(one).collect::<Vec<_>>())
    }

    /// What is gone through: something unknown has elements of which nothing is known either.
    pub(crate) fn sequence(&mut self, value: &Abs) -> Abs {
        if !matches!(value, Abs::Unknown(_) | Abs::Text(Expr::Input(_))) {
            return value.clone();
        }
        let element = self.element(value);
        self.heap.add(Object::List { items: Vec::new(), more: Some(element) })
    }

    /// The elements of the lists in a list, in one.
    pub(crate) fn flat(&mut self, lists: &Abs) -> Abs {
        let Some((items, more)) = self.heap.list_of(lists) else { return lists.clone() };
        let inner: Vec<Abs> = items.iter().chain(more).flat_map(|v| v.each().to_vec()).collect();
        let elements: Vec<Abs> = inner
            .iter()
            .map(|one| if self.heap.list_of(one).is_some() { self.element(one) } else { one.clone() })
            .collect();
        self.heap.list(elements)
    }

    /// What a function makes of a value, or of each element of a list.
    pub(crate) fn applied(&mut self, site: Site<'_>, value: &Abs, function: &Abs) -> Abs {
        let is_list = self.heap.list_of(value).is_some();
        self.weak += 1;
        let call = |machine: &mut Self, given: Abs| {
            machine.call_site(site, function, Args { positional: vec![given], ..Args::default() })
        };
        let made = if is_list { self.of_each(value, call) } else { call(self, value.clone()) };
        self.weak -= 1;
        made
    }
}

/// `table_name` as the service spells it, `TableName`, and how the way to the operation's target goes on from there.
fn spelled(name: &str, operation: Option<&Operation>) -> (Arc<str>, Option<Step>) {
    let squashed: String = name.chars().filter(|c| *c != '_').collect();
    let flows = operation.map(|o| &o.flows[..]).unwrap_or_default();
    let event = flows.iter().filter_map(|f| f.event.as_ref()).flat_map(|(source, kind)| [source, kind]);
    let paths = flows.iter().flat_map(|f| f.targets.iter().chain(&f.statement)).chain(event);
    for path in paths {
        if let Some(Step::Field(field)) = path.0.first()
            && field.eq_ignore_ascii_case(&squashed)
        {
            return (field.as_str().into(), path.0.get(1).cloned());
        }
    }
    let mut upper = true;
    let capital = |c: char| {
        let up = std::mem::replace(&mut upper, c == '_');
        if c == '_' { None } else { Some(if up { c.to_ascii_uppercase() } else { c }) }
    };
    (name.chars().filter_map(capital).collect::<String>().into(), None)
}
