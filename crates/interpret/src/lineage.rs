//! Where a class has its members from: itself, and its base classes in the language's order.

use crate::machine::Machine;
use crate::value::{Abs, Args, FrameId};
use facts::code::Receiver;
use std::rc::Rc;
use std::sync::Arc;

/// Classes above one another; further ones are not looked at.
const MAX_DEPTH: u32 = 16;

/// Classes above one.
const MAX_CLASSES: usize = 64;

impl Machine<'_> {
    /// A member of a class or of its base classes, for an instance or for the class itself.
    pub(crate) fn class_member(&mut self, class: &Abs, name: &Arc<str>, receiver: Option<&Abs>) -> Option<Abs> {
        if let Some(own) = self.own_member(class, class, name, receiver) {
            return Some(own);
        }
        let above = self.lineage(class, 0);
        above.iter().skip(1).find_map(|base| self.own_member(class, base, name, receiver))
    }

    /// A class and those above it in the order in which members are looked up: each before its own base classes, and
    /// those of one class in the order in which they are written (C3, as the language documents it). Where no order
    /// is right, one after the other.
    fn lineage(&mut self, class: &Abs, depth: u32) -> Vec<Abs> {
        let Abs::Class { unit, id, frame } = class else { return vec![class.clone()] };
        if depth > MAX_DEPTH || self.exhausted() {
            return vec![class.clone()];
        }
        let file = self.units[unit.0 as usize].clone();
        let bases: Vec<Abs> =
            file.classes[id.0 as usize].bases.iter().map(|base| self.evaluate(*frame, *base)).collect();
        let mut rows: Vec<Vec<Abs>> = bases.iter().map(|base| self.lineage(base, depth + 1)).collect();
        rows.push(bases);
        let mut order = vec![class.clone()];
        while order.len() < MAX_CLASSES {
            rows.retain(|row| !row.is_empty());
            let free = |head: &&Abs| !rows.iter().any(|row| row[1..].contains(head));
            let Some(next) = rows.iter().map(|row| &row[0]).find(free).or(rows.first().map(|row| &row[0])).cloned()
            else {
                break;
            };
            for row in &mut rows {
                row.retain(|one| *one != next);
            }
            if !order.contains(&next) {
                order.push(next);
            }
        }
        order
    }

    /// A member that a class has itself; `asked` is the class that was asked for it.
    fn own_member(&mut self, asked: &Abs, class: &Abs, name: &Arc<str>, receiver: Option<&Abs>) -> Option<Abs> {
        let Abs::Class { unit, id, frame } = class else {
            // A class of a library: what its instances have is for the catalog.
            return None;
        };
        if let Some(set) = self.set_members.get(&(class.clone(), name.clone())) {
            return Some(match (set, receiver) {
                (Abs::Function { .. }, Some(receiver)) => Abs::Bound(Rc::new((set.clone(), receiver.clone()))),
                _ => set.clone(),
            });
        }
        let file = self.units[unit.0 as usize].clone();
        let declared = &file.classes[id.0 as usize];
        if let Some(method) = declared.methods.get(name) {
            let function = &file.functions[method.0 as usize];
            let value = self.decorated(*unit, *method, *frame);
            return Some(match (function.receiver, receiver) {
                (Receiver::Instance, Some(receiver)) if function.property => {
                    self.call(&value, Args { positional: vec![receiver.clone()], ..Args::default() })
                }
                (Receiver::Instance, Some(receiver)) => Abs::Bound(Rc::new((value, receiver.clone()))),
                // The class that is asked, not the one that defines the method.
                (Receiver::Class, Some(of @ Abs::Class { .. })) => Abs::Bound(Rc::new((value, of.clone()))),
                (Receiver::Class, receiver) => {
                    let own = receiver.and_then(|r| self.class_of_own(r));
                    Abs::Bound(Rc::new((value, own.unwrap_or_else(|| asked.clone()))))
                }
                _ => value,
            });
        }
        if let Some((_, value)) = declared.fields.iter().rev().find(|(n, _)| n == name) {
            return Some(Self::field_value(self.evaluate(*frame, *value)));
        }
        None
    }

    /// The first base class that is a library's, by its dotted path.
    pub(crate) fn library_base(&mut self, class: &Abs, depth: u32) -> Option<Arc<str>> {
        let Abs::Class { unit, id, frame } = class else { return None };
        if depth > MAX_DEPTH {
            return None;
        }
        let file = self.units[unit.0 as usize].clone();
        for base in &file.classes[id.0 as usize].bases {
            let base = self.evaluate(*frame, *base);
            match &base {
                Abs::Symbol(path) => return Some(path.clone()),
                inner => {
                    if let Some(found) = self.library_base(inner, depth + 1) {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    pub(crate) fn super_value(&mut self, frame: FrameId) -> Abs {
        let mut at = Some(frame);
        while let Some(id) = at {
            let running = self.frame(id);
            let unit = running.unit;
            let function = &self.units[unit.0 as usize].functions[running.function.0 as usize];
            if let (Some(class), Some(receiver)) = (function.class, running.args.first()) {
                let receiver = receiver.clone();
                let parent = running.parent.unwrap_or(id);
                return Abs::Super(Rc::new((Abs::Class { unit, id: class, frame: parent }, receiver)));
            }
            at = running.parent;
        }
        Abs::unknown("there is no class around it")
    }

    pub(crate) fn super_member(&mut self, class: &Abs, receiver: &Abs, name: &Arc<str>) -> Abs {
        // Which class comes next is for the class of the object to say: a mixin calls what stands beside it.
        let whole = match receiver {
            Abs::Class { .. } => Some(receiver.clone()),
            other => self.class_of_own(other),
        };
        let mut above = whole.map(|whole| self.lineage(&whole, 0)).unwrap_or_default();
        if !above.contains(class) {
            above = self.lineage(class, 0);
        }
        let next = above.iter().skip_while(|one| *one != class).skip(1);
        if let Some(found) = next.into_iter().find_map(|base| self.own_member(base, base, name, Some(receiver))) {
            return found;
        }
        let frame = self.stack.last().copied().unwrap_or(FrameId(0));
        if let Some(given) = self.declared_member(frame, receiver, name) {
            return given;
        }
        // What every class has of the language.
        if matches!(&**name, "__new__" | "__init__") {
            return Abs::Symbol(format!("builtins.object.{name}").into());
        }
        Abs::unknown(format!("no base class of the scan has `{name}`"))
    }
}
