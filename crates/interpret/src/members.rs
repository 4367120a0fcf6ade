//! Attributes and elements of values.

use crate::calls::Site;
use crate::heap::Object;
use crate::machine::Machine;
use crate::settings::alike;
use crate::value::{Abs, Args, FrameId, ObjectId};
use catalog::Action;
use facts::Expr;
use facts::code::{FunctionId, Position};
use std::rc::Rc;
use std::sync::Arc;

impl Machine<'_> {
    /// The value of an attribute.
    pub(crate) fn attribute(&mut self, frame: FrameId, base: &Abs, name: &Arc<str>) -> Abs {
        match base {
            Abs::OneOf(all) => {
                let found = self.each_case(base, |machine, one| machine.attribute(frame, one, name));
                found.unwrap_or_else(|| {
                    let all = all.iter().filter(|v| **v != Abs::Null);
                    Abs::join(all.map(|v| self.attribute(frame, v, name)).collect::<Vec<_>>())
                })
            }
            Abs::Module { from, name: module } => self.module_attribute(*from, module, name),
            Abs::Symbol(path) => self.symbol(format!("{path}.{name}").into()),
            Abs::Handle(handle) => self.handle_attribute(frame, handle, name),
            Abs::Function { .. } | Abs::Method(_) | Abs::Bound(_) | Abs::Class { .. }
                if matches!(&**name, "__name__" | "__qualname__") =>
            {
                self.own_name(base)
            }
            Abs::Function { .. } => {
                let set = self.set_members.get(&(base.clone(), name.clone())).cloned();
                set.unwrap_or_else(|| Abs::unknown(format!("`{name}` is never set on the function")))
            }
            Abs::Object(id) => match self.heap.get(*id) {
                Object::Instance { class, .. } if &**name == "__class__" => class.clone(),
                Object::Instance { class, fields } => {
                    let (class, field) = (class.clone(), fields.get(name).cloned());
                    let field = field.or_else(|| self.field_of_unknown(*id, name));
                    field.unwrap_or_else(|| self.instance_member(frame, *id, &class, name))
                }
                _ => Abs::Method(Rc::new((base.clone(), name.clone()))),
            },
            Abs::Class { .. } => match self.class_member(base, name, None) {
                Some(member) => self.owned(member, base),
                None => self
                    .declared_member(frame, base, name)
                    .unwrap_or_else(|| Abs::unknown(format!("the class has no `{name}`"))),
            },
            Abs::Super(both) => {
                let (class, receiver) = (*both).as_ref().clone();
                self.super_member(&class, &receiver, name)
            }
            Abs::Text(Expr::Input(_)) if self.library.method("input", name).is_some() => {
                Abs::Method(Rc::new((base.clone(), name.clone())))
            }
            Abs::Text(Expr::Input(what)) => Abs::input(format!("{what}.{name}")),
            // The value of a constant that is wrapped (a member of an enumeration) is the constant.
            Abs::Text(_) | Abs::Int(_) if &**name == "value" => base.clone(),
            Abs::Text(_) => self.text_attribute(frame, base, name),
            // What a function makes of something unknown may be known.
            Abs::Unknown(_) if self.library.any_method(name).is_some_and(makes_something) => {
                Abs::Method(Rc::new((base.clone(), name.clone())))
            }
            Abs::Unknown(why) => Abs::Unknown(why.clone()),
            _ if self.library.any_method(name).is_some() => Abs::Method(Rc::new((base.clone(), name.clone()))),
            _ => Abs::unknown(format!("nothing is known of `{name}`")),
        }
    }

    /// The name that a function, method or class is defined with.
    pub(crate) fn own_name(&self, of: &Abs) -> Abs {
        let whole = match of {
            Abs::Function { unit, id, .. } => &self.units[unit.0 as usize].functions[id.0 as usize].name,
            Abs::Class { unit, id, .. } => &self.units[unit.0 as usize].classes[id.0 as usize].name,
            Abs::Method(both) => &both.1,
            Abs::Bound(both) => return self.own_name(&both.0),
            _ => return Abs::unknown("it has no name that is known"),
        };
        Abs::text(whole.rsplit('.').next().unwrap_or(whole))
    }

    fn instance_member(&mut self, frame: FrameId, id: ObjectId, class: &Abs, name: &Arc<str>) -> Abs {
        let receiver = Abs::Object(id);
        if let Some(value) = self.setting(class, name) {
            return value;
        }
        if let Some(member) = self.class_member(class, name, Some(&receiver)) {
            return self.owned(member, &receiver);
        }
        if let Some(member) = self.declared_member(frame, &receiver, name) {
            return member;
        }
        if let Some(answer) = self.answered_attribute(class, &receiver, name) {
            return answer;
        }
        // What it holds, where it says that it stands for that.
        if self.library.any_method(name).is_none()
            && let Some(held) = self.class_member(class, &"__deref__".into(), Some(&receiver))
        {
            let held = self.call(&held, Args::default());
            if held != receiver {
                return self.attribute(frame, &held, name);
            }
        }
        // A method of a library's base class may call one of the class's own.
        let own = self.library_base(class, 0).and_then(|base| self.library.method(&base, name)?.own.clone());
        let own = own.and_then(|own| self.class_member(class, &own.into(), Some(&receiver)));
        if own.is_none() && self.library.any_method(name).is_some() {
            return Abs::Method(Rc::new((receiver, name.clone())));
        }
        own.unwrap_or_else(|| Abs::unknown(format!("`{name}` is never set on the object")))
    }

    /// A function as its decorators leave it.
    pub(crate) fn decorated(&mut self, unit: crate::value::UnitId, id: FunctionId, frame: FrameId) -> Abs {
        let mut value = Abs::Function { unit, id, frame };
        let file = self.units[unit.0 as usize].clone();
        for decorator in file.functions[id.0 as usize].decorators.iter().rev() {
            let decorator = self.evaluate(frame, *decorator);
            self.register_decorated(&decorator, &value);
            if let Some(stands_for) = self.decorated_by(frame, &decorator, &value) {
                value = stands_for;
                continue;
            }
            if !self.is_own_callable(&decorator) && !self.registers(&decorator) {
                // A library's decorator calls what it decorates.
                continue;
            }
            let wrapped = self.call(&decorator, Args { positional: vec![value.clone()], ..Args::default() });
            if matches!(wrapped, Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_) | Abs::Object(_)) {
                value = wrapped;
            }
        }
        value
    }

    /// Whether a decorator is a method that puts functions among those that its receiver calls.
    fn registers(&self, decorator: &Abs) -> bool {
        let Abs::Method(both) = decorator else { return false };
        let rule = self.library.method(&self.class_of(&both.0), &both.1);
        rule.is_some_and(|rule| rule.registers.is_some())
    }

    pub(crate) fn function_value(&mut self, frame: FrameId, id: FunctionId) -> Abs {
        let unit = self.unit_of(frame);
        if self.units[unit.0 as usize].functions.get(id.0 as usize).is_none() {
            return Abs::unknown("the summary of the file is not whole");
        }
        self.decorated(unit, id, frame)
    }

    pub(crate) fn set_attribute(&mut self, base: &Abs, name: &Arc<str>, value: &Abs) {
        let weak = self.weak > 0 || base.each().len() > 1;
        for one in base.each() {
            match one {
                Abs::Object(id) => {
                    self.heap.set_field(*id, name, value.clone(), weak);
                    self.note_change(one);
                }
                Abs::Handle(_) => self.keep(one, name, value.clone()),
                Abs::Class { .. } | Abs::Function { .. } => self.set_member(one, name, value.clone(), weak),
                Abs::Module { from, name: module } => {
                    if let Some(unit) = self.imported_unit(*from, module) {
                        self.set_global(unit, name, value.clone());
                    }
                }
                _ => {}
            }
        }
    }

    /// What a loop over a value gives.
    pub(crate) fn element(&mut self, base: &Abs) -> Abs {
        match base {
            Abs::OneOf(all) => {
                let all: Vec<Abs> = all.iter().map(|v| self.element(v)).collect();
                Abs::join(all)
            }
            Abs::Object(id) => match self.heap.get(*id) {
                Object::List { .. } | Object::Map { .. } => {
                    let (items, more) = self.known_elements(base).unwrap_or_default();
                    if items.is_empty() && more.is_none() {
                        Abs::unknown("the list is empty as far as can be seen")
                    } else {
                        Abs::join(items.into_iter().chain(more))
                    }
                }
                Object::Pieces { .. } => Abs::unknown("it is some piece of a text"),
                Object::Instance { .. } => Abs::unknown("it is an element of an object"),
            },
            Abs::Text(Expr::Input(what)) => Abs::input(format!("{what}[]")),
            Abs::Class { .. } => match self.known_elements(base) {
                Some((members, _)) => Abs::join(members),
                None => Abs::unknown("it is an element of something that is not known"),
            },
            Abs::Handle(handle) if self.is_same_inside(&handle.class) => base.clone(),
            Abs::Handle(handle) if &*handle.class == "aws.result" => self.result_member(handle, "[]"),
            Abs::Unknown(why) => Abs::Unknown(why.clone()),
            _ => Abs::unknown("it is an element of something that is not known"),
        }
    }

    /// An element by index or key.
    pub(crate) fn index(&mut self, base: &Abs, key: &Abs) -> Abs {
        match base {
            Abs::OneOf(all) => {
                let found = self.each_case(base, |machine, one| machine.index(one, key));
                found.unwrap_or_else(|| Abs::join(all.iter().map(|v| self.index(v, key)).collect::<Vec<_>>()))
            }
            Abs::Symbol(path) => self.subscript(path, key, None),
            Abs::Class { .. } => self.class_element(base, key),
            Abs::Object(id) => {
                let key = &if self.heap.map_of(base).is_some() { self.as_key(key) } else { key.clone() };
                self.fill(*id, key);
                self.object_index(*id, key)
            }
            Abs::Text(Expr::Input(what)) => match key {
                Abs::Text(Expr::Literal(k)) => Abs::input(format!("{what}[{k:?}]")),
                Abs::Int(i) => Abs::input(format!("{what}[{i}]")),
                _ => Abs::input(format!("{what}[…]")),
            },
            Abs::Text(e) => match key {
                Abs::Int(_) => Abs::unknown("it is a character of a text"),
                _ => Abs::Text(e.clone()),
            },
            Abs::Handle(handle) if &*handle.class == "aws.result" => {
                let step = key.as_text().unwrap_or("[]").to_owned();
                self.result_member(handle, &step)
            }
            Abs::Handle(handle) => match self.handle_element(handle, key) {
                Some(element) => element,
                None if self.is_same_inside(&handle.class) => base.clone(),
                None => Abs::unknown("it is an element of something that is not known"),
            },
            Abs::Unknown(why) => Abs::Unknown(why.clone()),
            _ => Abs::unknown("it is an element of something that is not known"),
        }
    }

    /// Makes the entry of a map that makes its missing entries itself.
    fn fill(&mut self, id: ObjectId, key: &Abs) {
        let (Some(maker), Abs::Text(name)) = (self.makers.get(&id).cloned(), key) else { return };
        let entries = self.heap.map_of(&Abs::Object(id)).map_or(&[][..], |(entries, _)| entries);
        if !entries.iter().any(|(known, _)| known == name) {
            let made = self.call(&maker, Args::default());
            self.heap.set_entry(id, key, made, false);
        }
    }

    fn object_index(&mut self, id: ObjectId, key: &Abs) -> Abs {
        match self.heap.get(id) {
            Object::List { items, more } => match key {
                Abs::Int(i) => {
                    let back = usize::try_from(i.unsigned_abs()).unwrap_or(usize::MAX);
                    let at = if *i < 0 { items.len().checked_sub(back) } else { Some(back) };
                    let found = at.and_then(|i| items.get(i));
                    match (found, more) {
                        (Some(found), None) => found.clone(),
                        _ => self.element(&Abs::Object(id)),
                    }
                }
                _ => self.element(&Abs::Object(id)),
            },
            Object::Map { entries, more } => match key {
                Abs::Text(key @ Expr::Literal(_)) => {
                    // A later entry of the same key has replaced the earlier one.
                    if let Some((_, value)) = entries.iter().find(|(k, _)| k == key) {
                        return value.clone();
                    }
                    if let Some(Abs::Symbol(path)) = more.as_ref().filter(|more| self.is_environment(more)) {
                        let path = path.clone();
                        return self.subscript(&path, &Abs::Text(key.clone()), None);
                    }
                    // A key that is known only at run time may be this one.
                    let symbolic = entries.iter().filter(|(k, _)| k.as_literal().is_none()).map(|(_, v)| v);
                    let all: Vec<Abs> = symbolic.chain(more).cloned().collect();
                    if all.is_empty() { Abs::unknown(format!("the map has no entry `{key}`")) } else { Abs::join(all) }
                }
                Abs::Text(symbolic) => {
                    let deployed = self.deployed(key);
                    let fixed =
                        entries.iter().find(|(k, _)| k.as_literal().zip(deployed).is_some_and(|(k, d)| alike(k, d)));
                    if let Some((_, value)) = fixed {
                        return value.clone();
                    }
                    let (entries, more, key) = (entries.clone(), more.clone(), symbolic.clone());
                    self.lookup(&entries, more, &key)
                }
                Abs::OneOf(keys) => {
                    let keys = keys.clone();
                    let all: Vec<Abs> = keys.iter().map(|k| self.object_index(id, k)).collect();
                    Abs::join(all)
                }
                _ => Abs::join(entries.iter().map(|(_, v)| v).chain(more).cloned().collect::<Vec<_>>()),
            },
            Object::Pieces { of, separator } => match key {
                Abs::Int(i) => Abs::Text(Expr::Piece {
                    of: Box::new(of.clone()),
                    separator: separator.clone(),
                    index: i32::try_from(*i).unwrap_or(i32::MAX),
                }),
                _ => Abs::unknown("it is some piece of a text"),
            },
            Object::Instance { class, .. } => {
                let class = class.clone();
                let own = self.class_member(&class, &"__getitem__".into(), Some(&Abs::Object(id)));
                if own.is_none()
                    && let Some(element) = self.record_element(id, key)
                {
                    return element;
                }
                let frame = self.stack.last().copied().unwrap_or(FrameId(0));
                let member = self.instance_member(frame, id, &class, &"__getitem__".into());
                self.call(&member, Args { positional: vec![key.clone()], ..Args::default() })
            }
        }
    }

    pub(crate) fn slice(&mut self, base: &Abs) -> Abs {
        match base {
            Abs::Object(_) => {
                let element = self.element(base);
                self.heap.add(Object::List { items: Vec::new(), more: Some(element) })
            }
            Abs::Text(Expr::Input(what)) => Abs::input(format!("{what}[…]")),
            Abs::Text(_) => Abs::unknown("it is a part of a text"),
            Abs::Unknown(why) => Abs::Unknown(why.clone()),
            _ => Abs::unknown("it is a part of something that is not known"),
        }
    }

    /// What entering a resource block gives.
    pub(crate) fn entered(&mut self, frame: FrameId, base: &Abs) -> Abs {
        match base {
            // What a generator yields: a block is given it by the generator that makes the resource.
            Abs::Object(_) if self.heap.list_of(base).is_some() => self.element(base),
            Abs::Object(_) => {
                let enter = self.attribute(frame, base, &"__enter__".into());
                let enter = if matches!(enter, Abs::Unknown(_)) {
                    self.attribute(frame, base, &"__aenter__".into())
                } else {
                    enter
                };
                let exit = self.attribute(frame, base, &"__exit__".into());
                self.call(&exit, Args { more_positional: Some(Abs::Null), ..Args::default() });
                match self.call(&enter, Args::default()) {
                    Abs::Unknown(_) => base.clone(),
                    given => given,
                }
            }
            Abs::Handle(_) => self.block(frame, base, "__enter__").unwrap_or_else(|| base.clone()),
            other => other.clone(),
        }
    }

    /// The end of a block that was entered with a value.
    pub(crate) fn left(&mut self, frame: FrameId, base: &Abs) {
        self.block(frame, base, "__exit__");
    }

    /// What a library does where a block begins or ends.
    fn block(&mut self, frame: FrameId, base: &Abs, method: &str) -> Option<Abs> {
        let Abs::Handle(handle) = base else { return None };
        let rule = self.library.own_method(&handle.class, method)?;
        let site = Site { frame, position: Position::default(), what: &method.into() };
        Some(self.apply(site, rule, base, &Args::default()))
    }
}

/// Whether a method of anything gives more than is known of what it is called on.
fn makes_something(rule: &catalog::Rule) -> bool {
    let does = rule.does;
    matches!(does, Some(Action::Apply | Action::ApplyFlat | Action::Sequence | Action::Chunks | Action::OrElse))
}
