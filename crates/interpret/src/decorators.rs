//! Functions that a library's decorator makes something of: a task that can be sent as well as called.

use crate::libraries::handle;
use crate::machine::Machine;
use crate::value::{Abs, Args, FrameId, Handle};
use facts::code::Position;
use std::rc::Rc;
use std::sync::Arc;

/// The field of a handle that stands for a function.
const FUNCTION: &str = "function";

impl Machine<'_> {
    /// The handle that stands for a function once it is decorated, if the decorator makes one: `@app.task`, or
    /// `@app.task(bind=True)`.
    pub(crate) fn decorated_by(&mut self, frame: FrameId, decorator: &Abs, function: &Abs) -> Option<Abs> {
        let rule = match decorator {
            Abs::Method(both) => self.library.method(&self.class_of(&both.0), &both.1),
            Abs::Symbol(path) => self.library.call(path),
            _ => None,
        };
        let made = match decorator {
            Abs::Handle(handle) => handle.clone(),
            _ if rule.is_some_and(|rule| rule.gives.as_ref().is_some_and(|class| self.decorates(class))) => {
                let what: Arc<str> = "".into();
                match self.call_at(frame, decorator, Args::default(), Position::default(), &what) {
                    Abs::Handle(handle) => handle,
                    _ => return None,
                }
            }
            _ => return None,
        };
        if !self.decorates(&made.class) {
            return None;
        }
        self.register_decorated(&Abs::Handle(made.clone()), function);
        let fields = made.fields.iter().map(|(name, value)| (&**name, value.clone()));
        Some(handle(&made.class, fields.chain([(FUNCTION, function.clone())])))
    }

    /// The function that a handle stands for, and what it is given first.
    pub(crate) fn stands_for(&self, of: &Rc<Handle>) -> Option<(Abs, Option<Abs>)> {
        if !self.decorates(&of.class) {
            return None;
        }
        let bound = of.fields.get("bind").and_then(Abs::truth) == Some(true);
        Some((of.fields.get(FUNCTION)?.clone(), bound.then(|| Abs::Handle(of.clone()))))
    }

    fn decorates(&self, class: &str) -> bool {
        self.library.class(class).is_some_and(|class| class.decorates)
    }
}
