//! Classes of the scan while the code runs: what defining one does, how instances are made, and members that are set
//! or given later.

use crate::heap::Object;
use crate::machine::Machine;
use crate::value::{Abs, Args, FrameId, ObjectId};
use facts::Expr;
use facts::code::ClassId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The class of handles for a declared field that says more than a value: its default, what makes it, its alias.
const FIELD: &str = "python.field";

/// Classes below one another that are looked at.
const MAX_BASES: u32 = 8;

/// Members that a name known in part can mean; more, and it is not known.
const MAX_MEMBERS: usize = 12;

impl Machine<'_> {
    /// What a class statement binds its name to: the class as its decorators leave it. Base classes hear of it.
    pub(crate) fn class_value(&mut self, frame: FrameId, id: ClassId) -> Abs {
        let unit = self.unit_of(frame);
        let class = Abs::Class { unit, id, frame };
        let file = self.units[unit.0 as usize].clone();
        let Some(declared) = file.classes.get(id.0 as usize) else {
            return Abs::unknown("the summary of the file is not whole");
        };
        for base in &declared.bases {
            let base = self.evaluate(frame, *base);
            if let Some(hook @ Abs::Function { .. }) = self.class_member(&base, &"__init_subclass__".into(), None) {
                self.call(&hook, Args { positional: vec![class.clone()], ..Args::default() });
                break;
            }
        }
        let mut value = class;
        for decorator in declared.decorators.iter().rev() {
            let decorator = self.evaluate(frame, *decorator);
            self.register_decorated(&decorator, &value);
            if !self.is_own_callable(&decorator) {
                continue;
            }
            let given = self.call(&decorator, Args { positional: vec![value.clone()], ..Args::default() });
            if matches!(given, Abs::Class { .. } | Abs::Function { .. } | Abs::Partial(_) | Abs::Object(_)) {
                value = given;
            }
        }
        value
    }

    /// Whether calling a value runs code of the scan.
    pub(crate) fn is_own_callable(&self, value: &Abs) -> bool {
        match value {
            Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_) | Abs::Class { .. } => true,
            Abs::Object(id) => matches!(self.heap.get(*id), Object::Instance { .. }),
            _ => false,
        }
    }

    /// A new instance of a class of the scan.
    pub(crate) fn instantiate(&mut self, class: &Abs, args: &Args) -> Abs {
        if self.base(class).is_some_and(|base| base.enumeration) {
            let named = args.positional.first().cloned();
            return named.unwrap_or_else(|| Abs::unknown("it is some member of an enumeration"));
        }
        // The constructor surely runs: what it sets is set, whatever the caller is in the midst of.
        let weak = std::mem::replace(&mut self.weak, 0);
        let mut made = self.construct(class, args);
        if made.is_empty() {
            made.push(self.heap.add(Object::Instance { class: class.clone(), fields: BTreeMap::new() }));
        }
        for instance in &made {
            self.made.extend(if let Abs::Object(id) = instance { Some(*id) } else { None });
            self.initialise(class, instance, args);
        }
        self.weak = weak;
        Abs::join(made)
    }

    /// The instances that the class's own `__new__` gives.
    fn construct(&mut self, class: &Abs, args: &Args) -> Vec<Abs> {
        let Some(constructor) = self.class_member(class, &"__new__".into(), None) else { return Vec::new() };
        let mut given = args.clone();
        given.positional.insert(0, class.clone());
        let made = self.call(&constructor, given);
        made.each().iter().filter(|one| self.class_of_instance(one).as_ref() == Some(class)).cloned().collect()
    }

    fn initialise(&mut self, class: &Abs, instance: &Abs, args: &Args) {
        if let Some(constructor) = self.class_member(class, &"__init__".into(), Some(instance)) {
            self.call(&constructor, args.clone());
            return;
        }
        self.fill_fields(class, instance, args);
        let frame = self.stack.last().copied().unwrap_or(FrameId(0));
        if let Some(constructor) = self.declared_member(frame, instance, &"__init__".into()) {
            self.call(&constructor, args.clone());
        }
        if let Some(last) = self.class_member(class, &"__post_init__".into(), Some(instance)) {
            self.call(&last, Args::default());
        }
    }

    /// A class without constructor takes its declared fields in order (a data class, a named tuple).
    fn fill_fields(&mut self, class: &Abs, instance: &Abs, args: &Args) {
        let mut fields: Vec<(Arc<str>, Abs)> = Vec::new();
        self.declared_fields(class, &mut fields, 0);
        let Abs::Object(id) = instance else { return };
        // A class attribute without a type is no field of a record, unless a library says that it is one.
        let typed = self.typed_fields(class, 0);
        let taken = |(name, value): &&(Arc<str>, Abs)| {
            let declared = typed.contains(name) || matches!(value, Abs::Handle(handle) if &*handle.class == FIELD);
            declared && field_part(value, "init") != Some(&Abs::Bool(false))
        };
        for ((name, _), value) in fields.iter().filter(taken).zip(&args.positional) {
            let value = self.given_field(class, name, value);
            self.heap.set_field(*id, name, value, false);
        }
        for (name, value) in &args.named {
            let value = self.given_field(class, name, value);
            self.heap.set_field(*id, name, value, false);
        }
        for (name, value) in &fields {
            let given = matches!(self.heap.get(*id), Object::Instance { fields, .. } if fields.contains_key(name));
            if let Some(factory) = field_part(value, "factory").filter(|_| !given).cloned() {
                let value = self.call(&factory, Args::default());
                self.heap.set_field(*id, name, value, false);
            }
        }
    }

    /// The declared fields of a class and of its bases, the bases' first, with their values.
    fn declared_fields(&mut self, class: &Abs, out: &mut Vec<(Arc<str>, Abs)>, depth: u32) {
        let Abs::Class { unit, id, frame } = class else { return };
        let file = self.units[unit.0 as usize].clone();
        let declared = &file.classes[id.0 as usize];
        if depth < MAX_BASES {
            for base in &declared.bases {
                let base = self.evaluate(*frame, *base);
                self.declared_fields(&base, out, depth + 1);
            }
        }
        for (name, value) in &declared.fields {
            let value = self.evaluate(*frame, *value);
            match out.iter_mut().find(|(n, _)| n == name) {
                Some((_, old)) => *old = value,
                None => out.push((name.clone(), value)),
            }
        }
    }

    /// The names that a class and its bases declare with a type.
    fn typed_fields(&mut self, class: &Abs, depth: u32) -> Vec<Arc<str>> {
        let Abs::Class { unit, id, frame } = class else { return Vec::new() };
        let file = self.units[unit.0 as usize].clone();
        let declared = &file.classes[id.0 as usize];
        let mut names = declared.typed.clone();
        if depth < MAX_BASES {
            for base in &declared.bases {
                let base = self.evaluate(*frame, *base);
                names.extend(self.typed_fields(&base, depth + 1));
            }
        }
        names
    }

    /// The value that a class or one of its bases declares for a field, as it is written.
    pub(crate) fn declared_field(&mut self, class: &Abs, name: &str) -> Option<Abs> {
        let mut fields = Vec::new();
        self.declared_fields(class, &mut fields, 0);
        fields.into_iter().find(|(n, _)| &**n == name).map(|(_, value)| value)
    }

    /// What an attribute is whose class declares it: of a field that says more than a value, its default.
    pub(crate) fn field_value(value: Abs) -> Abs {
        if matches!(&value, Abs::Handle(handle) if &*handle.class == FIELD) {
            let default = field_part(&value, "default").cloned();
            return default.unwrap_or_else(|| Abs::unknown("the field is only declared"));
        }
        value
    }

    /// An element of an instance whose class says nothing of elements: a named tuple, a typed dictionary.
    pub(crate) fn record_element(&mut self, id: ObjectId, key: &Abs) -> Option<Abs> {
        let Object::Instance { class, fields } = self.heap.get(id) else { return None };
        let (class, given) = (class.clone(), fields.clone());
        let name = match key {
            Abs::Int(at) => self.field_names(&class).get(usize::try_from(*at).ok()?).cloned()?,
            other => other.as_text()?.into(),
        };
        let given = given.get(&name).cloned().or_else(|| self.field_of_unknown(id, &name));
        given.or_else(|| self.class_member(&class, &name, None))
    }

    fn field_names(&mut self, class: &Abs) -> Vec<Arc<str>> {
        if let Abs::Handle(handle) = class {
            return handle.fields.get("names").cloned().map_or_else(Vec::new, |names| self.record_names(&names));
        }
        let mut fields = Vec::new();
        self.declared_fields(class, &mut fields, 0);
        fields.into_iter().map(|(name, _)| name).collect()
    }

    /// Names in a list, or in one text.
    fn record_names(&self, names: &Abs) -> Vec<Arc<str>> {
        if let Some(text) = names.as_text() {
            return text.split([',', ' ']).filter(|n| !n.is_empty()).map(Arc::from).collect();
        }
        let items = self.heap.list_of(names).map_or(&[][..], |(items, _)| items);
        items.iter().filter_map(|n| n.as_text().map(Arc::from)).collect()
    }

    /// A record of a type that a call has made: `namedtuple("Settings", ["table"])`.
    pub(crate) fn record(&mut self, kind: &Abs, names: &Abs, args: &Args) -> Abs {
        let names = self.record_names(names);
        let fields = names.into_iter().zip(args.positional.iter().cloned()).chain(args.named.iter().cloned());
        self.heap.add(Object::Instance { class: kind.clone(), fields: fields.collect() })
    }

    /// An element of a class: a member of an enumeration by its name, else the class with types filled in.
    pub(crate) fn class_element(&mut self, class: &Abs, key: &Abs) -> Abs {
        let member = key.as_text().and_then(|name| self.class_member(class, &name.into(), None));
        member.unwrap_or_else(|| class.clone())
    }

    /// The members of an enumeration.
    pub(crate) fn enumerated_members(&mut self, class: &Abs) -> Option<Vec<Abs>> {
        if !self.base(class).is_some_and(|base| base.enumeration) {
            return None;
        }
        let mut fields = Vec::new();
        self.declared_fields(class, &mut fields, 0);
        Some(fields.into_iter().map(|(_, value)| value).collect())
    }

    /// Sets an attribute of a class or function.
    pub(crate) fn set_member(&mut self, owner: &Abs, name: &Arc<str>, value: Abs, weak: bool) {
        let key = (owner.clone(), name.clone());
        let value = if weak {
            let before = self.set_members.get(&key).cloned();
            let before = before.or_else(|| self.class_member(owner, name, None));
            Abs::join(before.into_iter().filter(|b| *b != Abs::Null).chain([value]))
        } else {
            value
        };
        if self.set_members.get(&key) != Some(&value) {
            self.set_members.insert(key, value);
            self.heap.epoch += 1;
        }
    }

    /// The class of an instance of the scan.
    pub(crate) fn class_of_instance(&self, value: &Abs) -> Option<Abs> {
        match value {
            Abs::Object(id) => match self.heap.get(*id) {
                Object::Instance { class, .. } => Some(class.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The attribute of a name that may be known only in part: `getattr(self, f"do_{action}")` is every method whose
    /// name begins so.
    pub(crate) fn named_attribute(&mut self, frame: FrameId, base: &Abs, name: &Abs) -> Abs {
        let mut found = Vec::new();
        for one in name.each() {
            match one {
                Abs::Text(Expr::Literal(name)) => found.push(self.attribute(frame, base, name)),
                Abs::Text(Expr::Concat(pieces)) => {
                    let start = pieces.first().and_then(Expr::as_literal).unwrap_or_default();
                    let end = pieces.last().and_then(Expr::as_literal).unwrap_or_default();
                    let names = self.members_like(base, start, end);
                    found.extend(names.iter().map(|name| self.attribute(frame, base, name)).collect::<Vec<_>>());
                }
                _ => {}
            }
        }
        if found.is_empty() { Abs::unknown("the name of the attribute is not known") } else { Abs::join(found) }
    }

    /// The names of methods of a class of the scan, or of an instance of one, that begin and end so.
    fn members_like(&mut self, base: &Abs, start: &str, end: &str) -> Vec<Arc<str>> {
        let mut names = std::collections::BTreeSet::new();
        let class = self.class_of_instance(base).unwrap_or_else(|| base.clone());
        let mut open = vec![(class, 0)];
        while let Some((class, depth)) = open.pop() {
            let Abs::Class { unit, id, frame } = class else { continue };
            let file = self.units[unit.0 as usize].clone();
            let declared = &file.classes[id.0 as usize];
            let fits = |name: &&Arc<str>| {
                name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
            };
            names.extend(declared.methods.keys().filter(fits).cloned());
            if depth < MAX_BASES {
                for base in &declared.bases {
                    open.push((self.evaluate(frame, *base), depth + 1));
                }
            }
        }
        let known = !(start.is_empty() && end.is_empty()) && names.len() <= MAX_MEMBERS;
        if known { names.into_iter().collect() } else { Vec::new() }
    }

    /// The method that answers for attributes that a class does not have; the language asks it for no special ones.
    pub(crate) fn answered_attribute(&mut self, class: &Abs, receiver: &Abs, name: &Arc<str>) -> Option<Abs> {
        if name.starts_with("__") {
            return None;
        }
        let answer = self.class_member(class, &"__getattr__".into(), Some(receiver))?;
        Some(self.call(&answer, Args { positional: vec![Abs::text(name.clone())], ..Args::default() }))
    }
}

/// What a declared field says besides a value.
pub(crate) fn field_part<'v>(value: &'v Abs, part: &str) -> Option<&'v Abs> {
    match value {
        Abs::Handle(handle) if &*handle.class == FIELD => handle.fields.get(part),
        _ => None,
    }
}
