//! Classes of the scan that a library gives their methods: declared models of tables and documents.
//!
//! A class below a library's class is a handle of that library in all that it does not define itself, and so are its
//! instances. What the handle stands for is declared by attributes of the class (`__tablename__`, `Meta.table_name`).

use crate::heap::Object;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::value::{Abs, FrameId, Handle, UnitId};
use facts::code::ClassId;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Classes below one another that are looked at.
const MAX_DEPTH: u32 = 8;

impl Machine<'_> {
    /// The handle that a class of the scan, or an instance of one, is by its library's base class.
    pub(crate) fn declared_handle(&mut self, value: &Abs) -> Option<Rc<Handle>> {
        let class = self.class_of_own(value)?;
        let base = self.base_handle(&class, 0)?;
        let library = self.library;
        let declared = library.class(&base.class).map(|c| &c.declared);
        let mut fields = base.fields.clone();
        for (field, ways) in declared.into_iter().flatten() {
            let found = ways.split(" or ").find_map(|way| self.declared_value(&class, way, 0));
            fields.extend(found.map(|value| (Arc::from(field.as_str()), value)));
        }
        fields.insert("self".into(), value.clone());
        Some(Rc::new(Handle { class: base.class.clone(), fields }))
    }

    /// A method or attribute that the library's base class gives to a class of the scan or an instance.
    pub(crate) fn declared_member(&mut self, frame: FrameId, value: &Abs, name: &Arc<str>) -> Option<Abs> {
        let handle = self.declared_handle(value)?;
        // What anything has, it has as itself: `order.clone()` is an order.
        let known = self.library.own_method(&handle.class, name).is_some()
            || self.library.attribute(&handle.class, name).is_some();
        known.then(|| self.handle_attribute(frame, &handle, name))
    }

    /// What a library makes under this name beside a class of a file: `Entity` beside a `Model`.
    pub(crate) fn made_beside(&mut self, unit: UnitId, name: &str) -> Option<Abs> {
        if !self.library.makes(name) {
            return None;
        }
        let frame = self.modules.get(&unit).copied()?;
        let count = self.units[unit.0 as usize].classes.len() as u32;
        (0..count).find_map(|id| {
            let handle = self.declared_handle(&Abs::Class { unit, id: ClassId(id), frame })?;
            let makes = &self.library.class(&handle.class)?.makes;
            makes.iter().any(|made| made == name).then_some(Abs::Handle(handle))
        })
    }

    /// An attribute that belongs to the class that it stands in (an index of a model) keeps that class.
    pub(crate) fn owned(&mut self, member: Abs, owner: &Abs) -> Abs {
        if !matches!(member, Abs::Object(_)) || self.class_of_own(&member).is_none() {
            return member;
        }
        let Some(found) = self.declared_handle(&member) else { return member };
        if !self.library.class(&found.class).is_some_and(|c| c.owned) {
            return member;
        }
        let Some(model) = self.declared_handle(owner) else { return member };
        let mut found = (*found).clone();
        found.fields.insert("owner".into(), Abs::Handle(model));
        Abs::Handle(Rc::new(found))
    }

    /// What names the target when the thing itself is given: the table of a model, of an instance, of a handle.
    pub(crate) fn named_by(&mut self, value: &Abs) -> Abs {
        match value {
            Abs::OneOf(all) => {
                let all: Vec<Abs> = all.iter().map(|v| self.named_by(v)).collect();
                Abs::join(all)
            }
            Abs::Handle(handle) => self.name_in(handle).unwrap_or_else(|| value.clone()),
            Abs::Class { .. } | Abs::Object(_) => {
                let found = self.declared_handle(value);
                found.and_then(|handle| self.name_in(&handle)).unwrap_or_else(|| value.clone())
            }
            _ => value.clone(),
        }
    }

    fn name_in(&self, handle: &Handle) -> Option<Abs> {
        let field = self.library.class(&handle.class)?.names.as_ref()?;
        let found = handle.fields.get(field.as_str()).cloned();
        Some(found.unwrap_or_else(|| Abs::unknown(format!("the class does not say its {field}"))))
    }

    /// The table that a value is of: a text, a model, an instance of one, or what knows it as `table`.
    pub(crate) fn table_of(&mut self, value: &Abs) -> Option<Abs> {
        match value {
            Abs::Text(_) => Some(value.clone()),
            Abs::Handle(handle) => {
                let table = handle.fields.get("table").cloned()?;
                if &table == value { None } else { self.table_of(&table) }
            }
            Abs::Class { .. } | Abs::Object(_) => {
                let item = self.heap.list_of(value).and_then(|(items, more)| items.first().or(more).cloned());
                match item {
                    Some(item @ (Abs::Class { .. } | Abs::Object(_) | Abs::Handle(_))) if item != *value => {
                        self.table_of(&item)
                    }
                    Some(_) => None,
                    None => {
                        let table = self.declared_handle(value)?.fields.get("table").cloned()?;
                        // A type of rows names a table that is declared elsewhere.
                        if matches!(table, Abs::Handle(_)) { self.table_of(&table) } else { Some(table) }
                    }
                }
            }
            _ => None,
        }
    }

    /// An instance of a class that a library makes, or nothing; what is in its fields is not known.
    pub(crate) fn instance_of(&mut self, value: &Abs) -> Abs {
        let own = match value {
            Abs::Handle(handle) => handle.fields.get("self").cloned(),
            other => Some(other.clone()),
        };
        match own.and_then(|own| self.class_of_own(&own)) {
            Some(class) => {
                // The store may have none.
                let instance = self.heap.add(Object::Instance { class, fields: BTreeMap::new() });
                Abs::join([instance, Abs::Null])
            }
            None => Abs::unknown("it is what the store returned at run time"),
        }
    }

    /// Remembers that an object has changed whose library writes changes by a later call. One that the code makes itself
    /// is written when it is given to the library.
    pub(crate) fn note_change(&mut self, object: &Abs) {
        if self.changed || matches!(object, Abs::Object(id) if self.made.contains(id)) {
            return;
        }
        let tracked =
            self.declared_handle(object).and_then(|h| self.library.class(&h.class)).is_some_and(|c| c.tracked);
        self.changed |= tracked;
    }

    /// The class of the scan that a value is or is an instance of.
    pub(crate) fn class_of_own(&self, value: &Abs) -> Option<Abs> {
        match value {
            Abs::Class { .. } => Some(value.clone()),
            Abs::Object(id) => match self.heap.get(*id) {
                Object::Instance { class, .. } => Some(class.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    fn base_handle(&mut self, class: &Abs, depth: u32) -> Option<Rc<Handle>> {
        let Abs::Class { unit, id, frame } = class else { return None };
        if depth > MAX_DEPTH || self.exhausted() {
            return None;
        }
        let file = self.units[unit.0 as usize].clone();
        for base in &file.classes[id.0 as usize].bases {
            let base = self.evaluate(*frame, *base);
            let found = match &base {
                Abs::Symbol(path) => match self.library.below(path).map(|class| handle(class, [])) {
                    Some(Abs::Handle(handle)) => Some(handle),
                    _ => None,
                },
                Abs::Handle(handle) => Some(handle.clone()),
                inner => self.base_handle(inner, depth + 1),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// A dotted attribute of the class or of the first of its bases that has all of it: a `Meta` of a class need not
    /// repeat what the `Meta` of its base says.
    fn declared_value(&mut self, class: &Abs, way: &str, depth: u32) -> Option<Abs> {
        let Abs::Class { unit, id, frame } = class else { return None };
        if depth > MAX_DEPTH || self.exhausted() {
            return None;
        }
        let file = self.units[unit.0 as usize].clone();
        let declared = &file.classes[id.0 as usize];
        let (first, rest) = way.split_once('.').map_or((way, None), |(first, rest)| (first, Some(rest)));
        let own = declared.fields.iter().rev().find(|(name, _)| &**name == first).map(|(_, value)| *value);
        if let Some(own) = own {
            let own = self.evaluate(*frame, own);
            let found = match rest {
                None => Some(own),
                Some(rest) => self.declared_value(&own, rest, depth + 1),
            };
            if found.is_some() {
                return found;
            }
        }
        for base in &declared.bases {
            let base = self.evaluate(*frame, *base);
            if let Some(found) = self.declared_value(&base, way, depth + 1) {
                return Some(found);
            }
        }
        None
    }
}
