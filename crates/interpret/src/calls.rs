//! Calls of the scan's own functions, methods and classes.

use crate::heap::Object;
use crate::machine::Machine;
use crate::text;
use crate::value::{Abs, Args, FrameId, UnitId};
use facts::code::{FunctionId, ParamKind, Position};
use std::rc::Rc;
use std::sync::Arc;

/// Activations inside one another; deeper calls are left out.
pub(crate) const MAX_DEPTH: usize = 60;

/// Activations of one function inside one another: recursion is followed this far.
const MAX_RECURSION: usize = 2;

/// The same where the calls surely differ, as they are given other constants: a container that asks itself.
const MAX_CONSTANT_RECURSION: usize = 6;

/// After so many calls with the same arguments, the last result stands though objects may have changed since; in loops
/// after so many as there are turns.
const MAX_REPEATS: u32 = 3;

/// Steps that an activation counts as, besides those of its body: it is kept, for functions that it may have made.
const ACTIVATION: u32 = 8;

/// Values given to a library, and elements of lists and maps among them, that are looked at for functions.
const MAX_HANDED: u32 = 200;

/// Where a call stands.
#[derive(Clone, Copy)]
pub(crate) struct Site<'s> {
    pub(crate) frame: FrameId,
    pub(crate) position: Position,
    pub(crate) what: &'s Arc<str>,
}

impl Machine<'_> {
    /// Calls a value on behalf of something that is not a call in the source (the platform, a library).
    pub(crate) fn call(&mut self, callee: &Abs, args: Args) -> Abs {
        let frame = self.stack.last().copied().unwrap_or(FrameId(0));
        let what: Arc<str> = "".into();
        self.call_site(Site { frame, position: Position::default(), what: &what }, callee, args)
    }

    pub(crate) fn call_at(
        &mut self,
        frame: FrameId,
        callee: &Abs,
        args: Args,
        position: Position,
        what: &Arc<str>,
    ) -> Abs {
        self.call_site(Site { frame, position, what }, callee, args)
    }

    /// Calls a value.
    pub(crate) fn call_site(&mut self, site: Site<'_>, callee: &Abs, args: Args) -> Abs {
        match callee {
            Abs::OneOf(all) => {
                self.weak += 1;
                let made = |machine: &mut Self, one: &Abs| machine.call_site(site, one, args.clone());
                let result = self.each_route(callee, made).unwrap_or_else(|| {
                    let all = all.iter().filter(|c| !matches!(c, Abs::Null));
                    Abs::join(all.map(|c| self.call_site(site, c, args.clone())).collect::<Vec<_>>())
                });
                self.weak -= 1;
                result
            }
            Abs::Function { unit, id, frame } => self.call_function(*unit, *id, *frame, args),
            Abs::Bound(both) => {
                let mut args = args;
                args.positional.insert(0, both.1.clone());
                self.call_site(site, &both.0, args)
            }
            Abs::Partial(both) => {
                let given = &both.1;
                let mut all = given.clone();
                all.positional.extend(args.positional);
                all.named.extend(args.named);
                all.more_positional = all.more_positional.or(args.more_positional);
                all.more_named = all.more_named.or(args.more_named);
                self.call_site(site, &both.0, all)
            }
            Abs::Class { .. } => self.instantiate(callee, &args),
            Abs::Object(id) => match self.heap.get(*id) {
                Object::Instance { .. } => {
                    let method = self.attribute(site.frame, callee, &"__call__".into());
                    if matches!(method, Abs::Bound(_) | Abs::Function { .. }) {
                        self.call_site(site, &method, args)
                    } else {
                        Abs::unknown("the object cannot be called")
                    }
                }
                _ => Abs::unknown("it is not a function"),
            },
            Abs::Symbol(path) => self.call_symbol(site, path, &args),
            Abs::Method(both) => {
                let (receiver, name) = (*both).as_ref().clone();
                self.call_method(site, &receiver, &name, &args)
            }
            Abs::Handle(handle) => match self.stands_for(handle) {
                Some((function, first)) => {
                    // What else a call of it runs: what is registered with it.
                    if self.library.method(&handle.class, "__call__").is_some() {
                        self.call_method(site, callee, &"__call__".into(), &args);
                    }
                    let mut args = args;
                    args.positional.splice(0..0, first);
                    self.call_site(site, &function, args)
                }
                None => self.call_method(site, callee, &"__call__".into(), &args),
            },
            Abs::Super(_) => callee.clone(),
            // What asks for a part is called like it: `answer.value()` is `answer.value`.
            Abs::Text(_) if self.library.method("text", "__call__").is_some() => callee.clone(),
            Abs::Text(facts::Expr::Input(what)) => Abs::input(format!("{what}({})", text::written(&args))),
            Abs::Unknown(why) => {
                self.hand_over(&args);
                Abs::Unknown(why.clone())
            }
            _ => Abs::unknown("it is not a function"),
        }
    }

    fn call_function(&mut self, unit: UnitId, id: FunctionId, parent: FrameId, args: Args) -> Abs {
        let running: Vec<FrameId> = self
            .stack
            .iter()
            .filter(|f| self.frame(**f).unit == unit && self.frame(**f).function == id)
            .copied()
            .collect();
        let alike = running.iter().filter(|f| !surely_differ(&self.frame(**f).args, &args.positional)).count();
        if alike >= MAX_RECURSION || running.len() >= MAX_CONSTANT_RECURSION {
            return Abs::unknown("it comes from a function that calls itself");
        }
        if self.stack.len() >= MAX_DEPTH {
            return Abs::unknown("the calls are nested too deeply to be followed");
        }
        let key = (unit, id, parent, args, self.within.clone());
        if let Some((result, epoch, times)) = self.finished.get_mut(&key) {
            *times += 1;
            if *epoch == self.heap.epoch || *times > MAX_REPEATS.max(self.turns as u32) {
                return result.clone();
            }
        }
        self.spend(ACTIVATION);
        let bound = self.bind(unit, id, parent, &key.3);
        let frame = self.enter(unit, id, bound, Some(parent));
        let result = crate::machine::deeply(|| self.run_body(frame));
        let epoch = self.heap.epoch;
        let times = self.finished.get(&key).map_or(0, |f| f.2);
        self.finished.insert(key, (result.clone(), epoch, times));
        result
    }

    /// The value of each parameter.
    fn bind(&mut self, unit: UnitId, id: FunctionId, parent: FrameId, args: &Args) -> Vec<Abs> {
        let file = self.units[unit.0 as usize].clone();
        let params = &file.functions[id.0 as usize].params;
        let mut positional = args.positional.iter();
        let mut out = Vec::with_capacity(params.len());
        for param in params {
            let value = match param.kind {
                ParamKind::Rest => {
                    let items = positional.by_ref().cloned().collect();
                    self.heap.add(Object::List { items, more: args.more_positional.clone() })
                }
                ParamKind::NamedRest => {
                    let taken = |name: &Arc<str>| params.iter().any(|p| p.kind == ParamKind::One && p.name == *name);
                    let entries = args.named.iter().filter(|(n, _)| !taken(n));
                    let entries = entries.map(|(n, v)| (facts::Expr::Literal(n.clone()), v.clone())).collect();
                    self.heap.add(Object::Map { entries, more: args.more_named.clone() })
                }
                ParamKind::One => {
                    let by_position = if param.named_only { None } else { positional.next() };
                    match by_position.or_else(|| args.named(&param.name)) {
                        Some(value) => value.clone(),
                        None => self.absent_argument(parent, param, args),
                    }
                }
            };
            out.push(value);
        }
        out
    }

    fn absent_argument(&mut self, parent: FrameId, param: &facts::code::Param, args: &Args) -> Abs {
        let more = if param.named_only { &args.more_named } else { &args.more_positional };
        let more = more.clone().or_else(|| args.more_named.clone());
        let default = param.default.map(|d| self.evaluate(parent, d));
        match (default, more) {
            (Some(default), None) => default,
            (Some(default), Some(more)) => Abs::join([default, more]),
            (None, Some(more)) => more,
            (None, None) => Abs::unknown(format!("`{}` is not given", param.name)),
        }
    }

    /// Functions that are handed to something unknown are taken to be called by it, with arguments unknown.
    pub(crate) fn hand_over(&mut self, args: &Args) {
        let (mut callable, mut left) = (Vec::new(), MAX_HANDED);
        for given in args.positional.iter().chain(args.named.iter().map(|(_, v)| v)) {
            self.own_functions(given, &mut left, &mut callable);
        }
        for function in callable {
            if self.handed.insert((function.clone(), self.within.clone())) {
                self.call_for_library(&function);
            }
        }
    }

    /// The functions of the scan that a value is or has among its elements; `left` counts the elements down.
    fn own_functions(&self, value: &Abs, left: &mut u32, out: &mut Vec<Abs>) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        if is_own_function(value) {
            out.push(value.clone());
        }
        let (items, more) = self.heap.list_of(value).unwrap_or_default();
        let (entries, further) = self.heap.map_of(value).unwrap_or_default();
        for one in items.iter().chain(more).chain(entries.iter().map(|(_, value)| value)).chain(further) {
            self.own_functions(one, left, out);
        }
    }

    pub(crate) fn partial(args: &Args) -> Abs {
        let mut rest = args.clone();
        if rest.positional.is_empty() {
            return Abs::unknown("nothing is given to be called");
        }
        let function = rest.positional.remove(0);
        Abs::Partial(Rc::new((function, rest)))
    }
}

/// Whether some argument is another constant in each of two calls. A text that grows with each call is none.
fn surely_differ(one: &[Abs], other: &[Abs]) -> bool {
    let differ = |a: &str, b: &str| !a.contains(b) && !b.contains(a);
    one.iter().zip(other).any(|(a, b)| a.as_text().zip(b.as_text()).is_some_and(|(a, b)| differ(a, b)))
}

fn is_own_function(value: &Abs) -> bool {
    match value {
        Abs::Function { .. } => true,
        Abs::Bound(both) => matches!(both.0, Abs::Function { .. }),
        Abs::Partial(both) => is_own_function(&both.0),
        _ => false,
    }
}
