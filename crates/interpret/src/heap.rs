//! Objects that the program changes while it runs: lists, maps, instances.

use crate::value::{Abs, ObjectId};
use facts::Expr;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One object.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    /// A list, tuple or set: its known elements, and what further ones may be.
    List { items: Vec<Abs>, more: Option<Abs> },
    /// A map: entries in source order, and what entries of other keys may be.
    Map { entries: Vec<(Expr, Abs)>, more: Option<Abs> },
    /// A symbolic text cut into pieces, whose number is not known.
    Pieces { of: Expr, separator: Arc<str> },
    /// An instance of a class of the scan.
    Instance { class: Abs, fields: BTreeMap<Arc<str>, Abs> },
}

/// Known elements of one list beyond this are joined into `more`.
const MAX_ITEMS: usize = 128;

/// Known entries of one map beyond this are joined into `more`.
const MAX_ENTRIES: usize = 256;

/// The known entries of a map, and what entries of other keys may be.
pub(crate) type Entries<'h> = (&'h [(Expr, Abs)], Option<&'h Abs>);

/// The same, of something that becomes a map.
pub(crate) type Pairs = (Vec<(Expr, Abs)>, Option<Abs>);

/// All objects of one run. Ids are never reused.
#[derive(Debug, Default)]
pub(crate) struct Heap {
    objects: Vec<Object>,
    /// Lists and maps that may have fewer elements than are known.
    unsure: FxHashSet<ObjectId>,
    /// Grows with each change, so that a remembered result can be told from a stale one.
    pub(crate) epoch: u64,
}

impl Heap {
    pub(crate) fn add(&mut self, object: Object) -> Abs {
        self.objects.push(object);
        Abs::Object(ObjectId(u32::try_from(self.objects.len() - 1).unwrap_or(u32::MAX)))
    }

    pub(crate) fn list(&mut self, items: Vec<Abs>) -> Abs {
        self.add(Object::List { items, more: None })
    }

    /// A map of texts to values.
    pub(crate) fn map(&mut self, entries: Vec<(Arc<str>, Abs)>) -> Abs {
        let mut known: Vec<(Expr, Abs)> = entries.into_iter().map(|(key, value)| (Expr::Literal(key), value)).collect();
        let more = known.split_off(known.len().min(MAX_ENTRIES)).into_iter().map(|(_, value)| value);
        let more: Vec<Abs> = more.collect();
        let more = (!more.is_empty()).then(|| Abs::join(more));
        self.add(Object::Map { entries: known, more })
    }

    pub(crate) fn get(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }

    pub(crate) fn list_of(&self, value: &Abs) -> Option<(&[Abs], Option<&Abs>)> {
        match value {
            Abs::Object(id) => match self.get(*id) {
                Object::List { items, more } => Some((items, more.as_ref())),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn map_of(&self, value: &Abs) -> Option<Entries<'_>> {
        match value {
            Abs::Object(id) => match self.get(*id) {
                Object::Map { entries, more } => Some((entries, more.as_ref())),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a list or map may have fewer elements than are known.
    pub(crate) fn is_unsure(&self, value: &Abs) -> bool {
        matches!(value, Abs::Object(id) if self.unsure.contains(id))
    }

    /// Says that a list or map may have fewer elements than are known.
    pub(crate) fn make_unsure(&mut self, value: &Abs) {
        if let Abs::Object(id) = value {
            self.unsure.insert(*id);
        }
    }

    /// A list of these elements, of which some may be missing where they may be in what they come from.
    pub(crate) fn list_from(&mut self, from: &[Abs], items: Vec<Abs>, more: Option<Abs>) -> Abs {
        let unsure = from.iter().any(|one| self.is_unsure(one));
        let list = self.add(Object::List { items, more });
        if unsure {
            self.make_unsure(&list);
        }
        list
    }

    /// Takes the elements or entries of another list or map over.
    pub(crate) fn absorb(&mut self, id: ObjectId, other: &Abs) {
        if self.is_unsure(other) {
            self.unsure.insert(id);
        }
        if let Some((items, more)) = self.list_of(other).map(|(items, more)| (items.to_vec(), more.cloned())) {
            let Object::List { items: known, .. } = &mut self.objects[id.0 as usize] else { return };
            let room = MAX_ITEMS.saturating_sub(known.len()).min(items.len());
            known.extend_from_slice(&items[..room]);
            for one in items[room..].iter().cloned().chain(more) {
                self.open(id, one);
            }
        } else if let Some((entries, more)) = self.map_of(other).map(|(all, more)| (all.to_vec(), more.cloned())) {
            for (key, value) in entries {
                self.set_entry(id, &Abs::Text(key), value, false);
            }
            if let Some(more) = more {
                self.open(id, more);
            }
        } else {
            self.open(id, Abs::unknown("it is an element of something that is not known"));
        }
    }

    /// Sets an attribute of an instance. `weak`: it may not happen, so the old value stays possible.
    pub(crate) fn set_field(&mut self, id: ObjectId, name: &Arc<str>, value: Abs, weak: bool) {
        if let Object::Instance { fields, .. } = &mut self.objects[id.0 as usize] {
            let value = match fields.get(name) {
                Some(old) if weak => Abs::join([old.clone(), value]),
                _ => value,
            };
            if fields.get(name) != Some(&value) {
                fields.insert(name.clone(), value);
                self.epoch += 1;
            }
        }
    }

    /// Puts an element at the end of a list; on anything else does nothing.
    pub(crate) fn append(&mut self, id: ObjectId, value: Abs) {
        if let Object::List { items, more } = &mut self.objects[id.0 as usize] {
            if items.contains(&value) {
                return;
            }
            self.unsure.insert(id);
            if items.len() < MAX_ITEMS {
                items.push(value);
            } else {
                *more = Some(Abs::join(more.take().into_iter().chain([value])));
            }
            self.epoch += 1;
        }
    }

    /// Says that a list or map may hold further elements.
    pub(crate) fn open(&mut self, id: ObjectId, value: Abs) {
        match &mut self.objects[id.0 as usize] {
            Object::List { more, .. } | Object::Map { more, .. } => {
                *more = Some(Abs::join(more.take().into_iter().chain([value])));
                self.epoch += 1;
            }
            Object::Instance { .. } | Object::Pieces { .. } => {}
        }
    }

    /// Sets an entry of a map, or an element of a list whose index is known.
    pub(crate) fn set_entry(&mut self, id: ObjectId, key: &Abs, value: Abs, weak: bool) {
        if weak {
            self.unsure.insert(id);
        }
        match (&mut self.objects[id.0 as usize], key) {
            (Object::Map { entries, .. }, Abs::Text(key)) if entries.len() < MAX_ENTRIES => {
                match entries.iter_mut().find(|(k, _)| k == key) {
                    Some((_, old)) if weak => *old = Abs::join([old.clone(), value]),
                    Some((_, old)) => *old = value,
                    None => entries.push((key.clone(), value)),
                }
                self.epoch += 1;
            }
            (Object::List { items, .. }, Abs::Int(i)) if usize::try_from(*i).is_ok_and(|i| i < items.len()) => {
                let slot = &mut items[usize::try_from(*i).unwrap_or(0)];
                *slot = if weak { Abs::join([slot.clone(), value]) } else { value };
                self.epoch += 1;
            }
            (Object::Map { .. } | Object::List { .. }, _) => self.open(id, value),
            (Object::Instance { .. } | Object::Pieces { .. }, _) => {}
        }
    }

    /// A list or map with the same elements.
    pub(crate) fn copy(&mut self, value: &Abs) -> Abs {
        match value {
            Abs::Object(id) if !matches!(self.get(*id), Object::Instance { .. }) => {
                let copy = self.get(*id).clone();
                let copy = self.add(copy);
                if self.is_unsure(value) {
                    self.make_unsure(&copy);
                }
                copy
            }
            other => other.clone(),
        }
    }
}
