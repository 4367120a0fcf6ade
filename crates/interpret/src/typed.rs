//! Values whose type is written beside them: where nothing is known of a value, its class tells its methods.

use crate::heap::Object;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::value::{Abs, Args, FrameId, ObjectId};
use catalog::Action;
use facts::Expr;
use facts::code::{Value, ValueId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The field of an instance of which only the class is known that holds the value as it came.
const CAME_AS: &str = "<value>";

/// Types inside one another.
const MAX_DEPTH: u32 = 8;

impl Machine<'_> {
    /// A value of the type that `ty` says in the activation. What is known of it counts more.
    pub(crate) fn typed(&mut self, frame: FrameId, value: &Abs, ty: ValueId) -> Abs {
        let came: Option<Vec<Abs>> = value.each().iter().map(|one| self.came_as(one)).collect();
        let Some(came) = came else { return value.clone() };
        let mut typed = Vec::new();
        for (one, came) in value.each().iter().zip(came) {
            typed.push(if *one == Abs::Null { Abs::Null } else { self.of_type(frame, one, &came, ty, 0) });
        }
        Abs::join(typed)
    }

    /// What a conversion makes of a value where the type that is written has one: `let order: Order = row.into()` is
    /// what `Order::from` gives.
    pub(crate) fn converted(&mut self, frame: FrameId, value: ValueId, ty: ValueId) -> Option<Abs> {
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let values = &unit.functions[self.frame(frame).function.0 as usize].values;
        let mut at = value;
        let (from, by) = loop {
            let Value::Call(call) = values.get(at.0 as usize)? else { return None };
            let Value::Attr { base, name } = values.get(call.callee.0 as usize)? else { return None };
            match self.library.conversion(name) {
                Some(by) => break (*base, by),
                // `.unwrap()`
                None if self.library.any_method(name)?.does == Some(Action::Receiver) => at = *base,
                None => return None,
            }
        };
        let class = self.evaluate(frame, ty);
        let from = self.evaluate(frame, from);
        // What is one already becomes itself.
        if !matches!(class, Abs::Class { .. }) || self.class_of_instance(&from).as_ref() == Some(&class) {
            return None;
        }
        let by = self.class_member(&class, &by.into(), None)?;
        let made = self.call(&by, Args { positional: vec![from], ..Args::default() });
        self.class_of_instance(&made).is_some().then_some(made)
    }

    /// The value before its class was told; `None` where more is known of it.
    fn came_as(&self, value: &Abs) -> Option<Abs> {
        match value {
            Abs::Unknown(_) | Abs::Text(Expr::Input(_)) | Abs::Null => Some(value.clone()),
            Abs::Object(id) => match self.heap.get(*id) {
                Object::Instance { fields, .. } => fields.get(CAME_AS).cloned(),
                Object::List { items, more } => {
                    let mut all = items.iter().chain(more);
                    let first = self.came_as(all.next()?);
                    first.filter(|_| all.all(|one| self.came_as(one).is_some()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of_type(&mut self, frame: FrameId, now: &Abs, came: &Abs, ty: ValueId, depth: u32) -> Abs {
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let values = &unit.functions[self.frame(frame).function.0 as usize].values;
        let Some(written) = values.get(ty.0 as usize).filter(|_| depth < MAX_DEPTH) else { return now.clone() };
        match written {
            Value::List(of) => {
                let Some(of) = of.first() else { return now.clone() };
                let element = self.element(now);
                let Some(came) = self.came_as(&element) else { return now.clone() };
                let typed = self.of_type(frame, &element, &came, *of, depth + 1);
                if typed == element {
                    return now.clone();
                }
                self.heap.add(Object::List { items: Vec::new(), more: Some(typed) })
            }
            Value::Index { base, key } => match self.evaluate(frame, *base) {
                Abs::Symbol(path) => match self.library.filled_in(&path) {
                    Some((class, field)) => {
                        let inner = Self::part(came, field);
                        let typed = self.of_type(frame, &inner, &inner, *key, depth + 1);
                        handle(class, [(field, typed), ("text", came.clone())])
                    }
                    None => self.of_type(frame, now, came, *key, depth + 1),
                },
                class => self.of_class(&class, now, came),
            },
            Value::Attr { base, name } => {
                if let Some((of, ty)) = self.type_below(frame, *base, name) {
                    return self.of_type(of, now, came, ty, depth + 1);
                }
                let class = self.evaluate(frame, ty);
                self.of_class(&class, now, came)
            }
            _ => {
                let class = self.evaluate(frame, ty);
                self.of_class(&class, now, came)
            }
        }
    }

    fn of_class(&mut self, class: &Abs, now: &Abs, came: &Abs) -> Abs {
        if !matches!(class, Abs::Class { .. })
            || self.class_of_instance(now).as_ref() == Some(class)
            || self.base(class).is_some_and(|base| base.enumeration)
        {
            return now.clone();
        }
        let fields = BTreeMap::from([(CAME_AS.into(), came.clone())]);
        self.heap.add(Object::Instance { class: class.clone(), fields })
    }

    /// The type that a class declares for a field, or that a variant holds: `Event.Placed`, `Event.Placed.order`.
    fn type_below(&mut self, frame: FrameId, base: ValueId, name: &Arc<str>) -> Option<(FrameId, ValueId)> {
        let of = self.evaluate(frame, base);
        if let Some(found) = self.declared_type(&of, name) {
            return Some(found);
        }
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let values = &unit.functions[self.frame(frame).function.0 as usize].values;
        let Some(Value::Attr { base, name: variant }) = values.get(base.0 as usize) else { return None };
        let of = self.evaluate(frame, *base);
        self.declared_type(&of, &format!("{variant}.{name}"))
    }

    fn declared_type(&self, class: &Abs, name: &str) -> Option<(FrameId, ValueId)> {
        let Abs::Class { unit, id, frame } = class else { return None };
        let declared = self.units[unit.0 as usize].classes.get(id.0 as usize)?;
        declared.types.get(name).map(|ty| (*frame, *ty))
    }

    /// What a field of a class is given, with the type that the class declares for it.
    pub(crate) fn given_field(&mut self, class: &Abs, name: &str, value: &Abs) -> Abs {
        match self.declared_type(class, plain(name)) {
            Some((frame, ty)) => self.typed(frame, value, ty),
            None => value.clone(),
        }
    }

    /// A declared field of an instance of which only the class is known.
    pub(crate) fn field_of_unknown(&mut self, id: ObjectId, name: &Arc<str>) -> Option<Abs> {
        let Object::Instance { class, fields } = self.heap.get(id) else { return None };
        let (class, came) = (class.clone(), fields.get(CAME_AS)?.clone());
        let Abs::Class { unit, id: declared, .. } = &class else { return None };
        let declared = &self.units[unit.0 as usize].classes[declared.0 as usize];
        if declared.methods.contains_key(name) || !declared.fields.iter().any(|(field, _)| **field == *plain(name)) {
            return None;
        }
        let part = Self::part(&came, plain(name));
        let value = self.given_field(&class, name, &part);
        self.heap.set_field(id, name, value.clone(), false);
        Some(value)
    }

    fn part(of: &Abs, name: &str) -> Abs {
        match of {
            Abs::Text(Expr::Input(what)) => Abs::input(format!("{what}.{name}")),
            other => other.clone(),
        }
    }
}

/// A field's name without what tells it from a method that is called the same.
fn plain(name: &str) -> &str {
    name.strip_suffix(" (field)").unwrap_or(name)
}
