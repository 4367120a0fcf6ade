//! The state of one run, and the running of statements.

use crate::apps::Served;
use crate::heap::Heap;
use crate::routes::{self, Route};
use crate::value::{Abs, Args, FrameId, UnitId};
use crate::{Imports, Program};
use catalog::Library;
use facts::code::{FunctionId, Stmt, Unit, ValueId};
use facts::{Diagnostic, Effect, Entry, Evidence, Files, Missing, Part, Place, RunTime, Start};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Values computed in one run; more, and the rest of the entry is left out and said so.
const MAX_STEPS: u32 = 1_000_000;

/// An activation of a function.
pub(crate) struct Frame {
    pub(crate) unit: UnitId,
    pub(crate) function: FunctionId,
    /// Arguments by parameter.
    pub(crate) args: Vec<Abs>,
    /// The activation of the function that defines this one.
    pub(crate) parent: Option<FrameId>,
    /// Values computed so far.
    pub(crate) memo: FxHashMap<ValueId, Abs>,
    /// The line of the call that it is at.
    pub(crate) line: u32,
    pub(crate) returned: Vec<Abs>,
    yielded: Vec<Abs>,
}

/// What makes an effect another one: its place, kind, target, operation, part of the target, event, and route.
type Seen = (
    Place,
    facts::FlowKind,
    facts::Expr,
    Arc<str>,
    Option<(facts::NodeKind, facts::Expr)>,
    Option<facts::Event>,
    Option<Part>,
);

/// Whether the statements after this one are reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    On,
    /// Only where the condition of the branch is so: where it is not, the function, the loop or the turn has ended.
    OnlyIf(bool),
    /// The turn of the loop has ended.
    EndedTurn,
    /// The loop has ended.
    EndedLoop,
    /// The function has ended.
    Ended,
}

impl Next {
    pub(crate) fn ends(self) -> bool {
        matches!(self, Self::EndedTurn | Self::EndedLoop | Self::Ended)
    }
}

/// A function, the activation that defined it, its arguments, and the routes that it serves.
pub(crate) type CallKey = (UnitId, FunctionId, FrameId, Args, Vec<Part>);

/// The state of one run.
pub(crate) struct Machine<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) start: &'a Start,
    pub(crate) program: &'a Program,
    pub(crate) files: &'a dyn Files,
    /// Files that were asked for.
    pub(crate) opened: BTreeSet<Arc<str>>,
    pub(crate) imports: Option<&'a Imports>,
    pub(crate) library: &'static Library,
    pub(crate) units: Vec<Arc<Unit>>,
    pub(crate) unit_ids: FxHashMap<Arc<str>, UnitId>,
    pub(crate) modules: FxHashMap<UnitId, FrameId>,
    /// Values that functions gave to module globals.
    pub(crate) set_globals: FxHashMap<(UnitId, Arc<str>), Abs>,
    /// What makes the missing entries of a map, by map.
    pub(crate) makers: FxHashMap<crate::value::ObjectId, Abs>,
    /// Attributes that the code gives to classes and functions.
    pub(crate) set_members: FxHashMap<(Abs, Arc<str>), Abs>,
    /// What the catalog says of a class's bases.
    pub(crate) bases: FxHashMap<Abs, Option<&'static catalog::BaseClass>>,
    /// For alternatives that are the entries of a map under a key known only at deployment: the key and the cases.
    pub(crate) keyed: FxHashMap<Abs, Option<crate::cases::Cases>>,
    pub(crate) heap: Heap,
    pub(crate) frames: Vec<Frame>,
    /// Activations that are running, outermost first.
    pub(crate) stack: Vec<FrameId>,
    /// Inside how many statements that may not happen.
    pub(crate) weak: u32,
    /// How many turns of loops around the running statement are told apart.
    pub(crate) turns: usize,
    /// Whether the running loop is in a turn of its own.
    pub(crate) in_turn: bool,
    /// Results of finished calls, with the heap's epoch and how often they were asked for.
    pub(crate) finished: FxHashMap<CallKey, (Abs, u64, u32)>,
    /// Functions that were handed to a library and have been called on its behalf.
    pub(crate) handed: FxHashSet<(Abs, Vec<Part>)>,
    /// Fields that were given to handles after they were made, by handle.
    pub(crate) kept: FxHashMap<Abs, std::collections::BTreeMap<Arc<str>, Abs>>,
    /// Objects of the scan's own classes that the code has made itself.
    pub(crate) made: FxHashSet<crate::value::ObjectId>,
    /// Whether an object has changed whose library writes changes by a later call.
    pub(crate) changed: bool,
    /// Functions that apps of libraries call, and apps that are parts of them, by app.
    pub(crate) registered: FxHashMap<Abs, Vec<(Abs, Served)>>,
    /// The apps whose functions are being called, the innermost last.
    pub(crate) serving: Vec<Abs>,
    /// The routes whose code is running; none for that of the whole function.
    pub(crate) within: Vec<Part>,
    /// The method of the request that the running route is called for, where it is known.
    pub(crate) verb: Option<Arc<str>>,
    /// What the branches around the running statement ask of the event.
    pub(crate) branch: Vec<Route>,
    /// All routes that were run.
    pub(crate) served: BTreeSet<Part>,
    /// Environment variables that the code itself sets.
    pub(crate) environment: FxHashMap<Arc<str>, Abs>,
    effects: BTreeSet<Effect>,
    seen: FxHashSet<Seen>,
    missing: BTreeSet<Missing>,
    diagnostics: Vec<Diagnostic>,
    pub(crate) steps: u32,
    /// Values that are being computed, one inside another.
    pub(crate) nesting: u32,
}

/// Runs what may call itself many times over, on more stack where little is left. Between two such calls all that is run
/// must fit into what is taken for little.
pub(crate) fn deeply<R>(act: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(256 << 10, 2 << 20, act)
}

impl<'a> Machine<'a> {
    pub(crate) fn new(entry: &'a Entry, start: &'a Start, program: &'a Program, files: &'a dyn Files) -> Self {
        let language = program.units.get(&start.path).map_or("", |u| u.language);
        Self {
            entry,
            start,
            program,
            files,
            opened: BTreeSet::new(),
            imports: program.imports.get(&start.roots),
            library: catalog::library(language),
            units: Vec::new(),
            unit_ids: FxHashMap::default(),
            modules: FxHashMap::default(),
            set_globals: FxHashMap::default(),
            makers: FxHashMap::default(),
            set_members: FxHashMap::default(),
            bases: FxHashMap::default(),
            keyed: FxHashMap::default(),
            heap: Heap::default(),
            frames: Vec::new(),
            stack: Vec::new(),
            weak: 0,
            turns: 1,
            in_turn: false,
            finished: FxHashMap::default(),
            handed: FxHashSet::default(),
            registered: FxHashMap::default(),
            serving: Vec::new(),
            kept: FxHashMap::default(),
            made: FxHashSet::default(),
            changed: false,
            within: Vec::new(),
            verb: None,
            branch: vec![Route::default()],
            served: BTreeSet::new(),
            environment: FxHashMap::default(),
            effects: BTreeSet::new(),
            seen: FxHashSet::default(),
            missing: BTreeSet::new(),
            diagnostics: Vec::new(),
            steps: 0,
            nesting: 0,
        }
    }

    pub(crate) fn run(mut self) -> RunTime {
        if let Some(unit) = self.unit(&self.start.path.clone()) {
            let module = self.module(unit);
            if self.start.function.is_empty() {
                self.run_script(unit, module);
            } else {
                self.run_handler(unit, module);
            }
        }
        RunTime {
            effects: routes::shared(self.effects, &self.served).into_iter().collect(),
            missing: self.missing.into_iter().collect(),
            diagnostics: self.diagnostics,
            opened: self.opened.into_iter().collect(),
        }
    }

    /// Calls the handler as the platform does: with what comes in, and the platform's context.
    fn run_handler(&mut self, unit: UnitId, module: FrameId) {
        let start = self.start;
        let mut handler = Abs::unknown("nothing is named");
        for name in start.function.split('|') {
            handler = self.named_handler(unit, module, name);
            if !handler_is_missing(&handler) {
                break;
            }
        }
        if handler_is_missing(&handler) {
            if self.steps >= MAX_STEPS {
                // Nothing tells what the code after the last step defines.
                return;
            }
            let message = format!("`{}` has no `{}`; what it does is left out", self.start.path, self.start.function);
            self.diagnostics.push(Diagnostic::warning("handler-not-found", self.entry.place.clone(), message));
            return;
        }
        let context = crate::libraries::handle("platform.context", [("name", Abs::Text(self.entry.owner.expr()))]);
        let args = Args { positional: vec![Abs::input("event"), context], ..Args::default() };
        self.call(&handler, args);
    }

    /// The value of a name of the entry's module: `main`, `Orders.handle`, or what `create_app()` makes.
    fn named_handler(&mut self, unit: UnitId, module: FrameId, name: &str) -> Abs {
        let (name, makes) = name.strip_suffix("()").map_or((name, false), |name| (name, true));
        let mut names = name.split('.');
        let mut handler = self.global(unit, &names.next().unwrap_or_default().into());
        for name in names {
            handler = self.attribute(module, &handler, &name.into());
        }
        if makes && !handler_is_missing(&handler) { self.call(&handler, Args::default()) } else { handler }
    }

    fn run_script(&mut self, unit: UnitId, module: FrameId) {
        let main = self.units[unit.0 as usize].functions.iter().position(|f| &*f.name == "__main__");
        if let Some(id) = main {
            let function = Abs::Function { unit, id: FunctionId(id as u32), frame: module };
            self.call(&function, Args::default());
        }
    }

    pub(crate) fn unit_of(&self, frame: FrameId) -> UnitId {
        self.frames[frame.0 as usize].unit
    }

    pub(crate) fn frame(&self, frame: FrameId) -> &Frame {
        &self.frames[frame.0 as usize]
    }

    /// Begins an activation.
    pub(crate) fn enter(
        &mut self,
        unit: UnitId,
        function: FunctionId,
        args: Vec<Abs>,
        parent: Option<FrameId>,
    ) -> FrameId {
        self.frames.push(Frame {
            unit,
            function,
            args,
            parent,
            memo: FxHashMap::default(),
            line: 0,
            returned: Vec::new(),
            yielded: Vec::new(),
        });
        FrameId((self.frames.len() - 1) as u32)
    }

    /// Runs the body of an activation and gives what it returns.
    pub(crate) fn run_body(&mut self, frame: FrameId) -> Abs {
        let (unit, function) = (self.frame(frame).unit, self.frame(frame).function);
        let unit = self.units[unit.0 as usize].clone();
        self.stack.push(frame);
        let weak = std::mem::replace(&mut self.weak, 0);
        let next = self.run_statements(frame, &unit.functions[function.0 as usize].body);
        self.weak = weak;
        self.stack.pop();
        let done = &mut self.frames[frame.0 as usize];
        let yielded = std::mem::take(&mut done.yielded);
        let mut returned = std::mem::take(&mut done.returned);
        if !yielded.is_empty() {
            return self.heap.list(yielded);
        }
        if next != Next::Ended {
            returned.push(Abs::Null);
        }
        if returned.len() > 1 {
            // Nothing is no place to read from or write to: what a caller does next, it does with the others.
            returned.retain(|v| *v != Abs::Null);
        }
        if returned.is_empty() { Abs::Null } else { Abs::join(returned) }
    }

    pub(crate) fn run_statements(&mut self, frame: FrameId, body: &[Stmt]) -> Next {
        deeply(|| self.run_each(frame, body))
    }

    fn run_each(&mut self, frame: FrameId, body: &[Stmt]) -> Next {
        for (i, statement) in body.iter().enumerate() {
            if self.exhausted() {
                return Next::Ended;
            }
            match (self.run_statement(frame, statement), statement) {
                (ended, _) if ended.ends() => {
                    // Whatever ends a function, its blocks end before.
                    for statement in body[i + 1..].iter().filter(|s| matches!(s, Stmt::Leave(_))) {
                        self.run_statement(frame, statement);
                    }
                    return ended;
                }
                (Next::OnlyIf(holds), Stmt::If { condition, .. }) => {
                    let routes = self.asked(frame, *condition, holds);
                    if routes != self.branch {
                        return self.within_routes(routes, |machine| machine.run_statements(frame, &body[i + 1..]));
                    }
                }
                _ => {}
            }
        }
        Next::On
    }

    fn run_statement(&mut self, frame: FrameId, statement: &Stmt) -> Next {
        match statement {
            Stmt::Eval(value) => {
                // A generator runs when something asks for its elements, which computes the value.
                if !self.makes_generator(frame, *value) {
                    self.evaluate(frame, *value);
                }
            }
            Stmt::SetAttr { base, name, value } => {
                let base = self.evaluate(frame, *base);
                let value = self.evaluate(frame, *value);
                self.set_attribute(&base, name, &value);
            }
            Stmt::SetIndex { base, key, value } => {
                let base = self.evaluate(frame, *base);
                let key = self.evaluate(frame, *key);
                let value = self.evaluate(frame, *value);
                let weak = self.weak > 0 || base.each().len() > 1;
                for one in base.each() {
                    match one {
                        Abs::Object(id) => {
                            let key = self.as_key(&key);
                            self.heap.set_entry(*id, &key, value.clone(), weak);
                        }
                        Abs::Symbol(path) => self.set_subscript(path, &key, &value),
                        Abs::Handle(_) => {
                            if let Some(name) = key.as_text() {
                                self.keep(one, name, value.clone());
                            }
                        }
                        _ => {}
                    }
                }
            }
            Stmt::SetGlobal { name, value } => {
                let value = self.evaluate(frame, *value);
                self.set_global(self.unit_of(frame), name, value);
            }
            Stmt::If { condition, yes, no } => return self.run_if(frame, *condition, yes, no),
            Stmt::Maybe(body) => {
                self.weak += 1;
                self.run_statements(frame, body);
                self.weak -= 1;
            }
            Stmt::Each(each) => return self.run_loop(frame, each),
            Stmt::EndTurn if self.in_turn => return Next::EndedTurn,
            Stmt::EndLoop if self.in_turn => return Next::EndedLoop,
            Stmt::EndTurn | Stmt::EndLoop => {}
            Stmt::Leave(value) => {
                let value = self.evaluate(frame, *value);
                self.left(frame, &value);
            }
            Stmt::Return(value) => {
                let value = value.map_or(Abs::Null, |v| self.evaluate(frame, v));
                self.frames[frame.0 as usize].returned.push(value);
                return Next::Ended;
            }
            Stmt::Yield(value) => {
                let value = self.evaluate(frame, *value);
                self.frames[frame.0 as usize].yielded.push(value);
            }
            Stmt::Raise => return Next::Ended,
        }
        Next::On
    }

    /// Sets an element of something of a library: an environment variable of the process.
    fn set_subscript(&mut self, path: &Arc<str>, key: &Abs, value: &Abs) {
        let rule = self.library.subscript(path);
        let environment = rule.is_some_and(|r| r.does == Some(catalog::Action::Environment));
        if let Some(name) = key.as_text().filter(|_| environment) {
            self.environment.insert(name.into(), value.clone());
            self.heap.epoch += 1;
        }
    }

    fn run_if(&mut self, frame: FrameId, condition: ValueId, yes: &[Stmt], no: &[Stmt]) -> Next {
        match self.decided(frame, condition) {
            Some(true) => self.run_statements(frame, yes),
            Some(false) => self.run_statements(frame, no),
            None => {
                self.weak += 1;
                let routes = self.asked(frame, condition, true);
                let first = self.within_routes(routes, |machine| machine.run_statements(frame, yes));
                let routes = self.asked(frame, condition, false);
                let second = self.within_routes(routes, |machine| machine.run_statements(frame, no));
                self.weak -= 1;
                match (first.ends(), second.ends()) {
                    (true, true) if first == second => first,
                    // Whichever way is gone, this turn has ended.
                    (true, true) => Next::EndedTurn,
                    (true, false) => Next::OnlyIf(false),
                    (false, true) => Next::OnlyIf(true),
                    (false, false) => Next::On,
                }
            }
        }
    }

    pub(crate) fn remembered(&self, frame: FrameId, value: ValueId) -> Option<&Abs> {
        self.frames[frame.0 as usize].memo.get(&value)
    }

    pub(crate) fn remember(&mut self, frame: FrameId, value: ValueId, result: Abs) {
        self.frames[frame.0 as usize].memo.insert(value, result);
    }

    /// Counts a step; true when no more may be done.
    pub(crate) fn exhausted(&mut self) -> bool {
        self.spend(1);
        self.steps >= MAX_STEPS
    }

    /// Counts steps: what takes time or memory by its size counts as several.
    pub(crate) fn spend(&mut self, steps: u32) {
        let before = self.steps;
        self.steps = before.saturating_add(steps);
        if before < MAX_STEPS && self.steps >= MAX_STEPS {
            let message = format!(
                "`{}` takes more than {MAX_STEPS} steps to read; flows beyond them are left out",
                self.entry.owner.id
            );
            self.diagnostics.push(Diagnostic::warning("too-much-code", self.entry.place.clone(), message));
        }
    }

    /// The place of a call in the activation that runs it.
    pub(crate) fn evidence(&self, frame: FrameId, position: facts::code::Position, what: &Arc<str>) -> Evidence {
        let unit = &self.units[self.unit_of(frame).0 as usize];
        Evidence {
            place: Place::new(unit.path.clone(), position.line, position.column),
            what: what.clone(),
            via: self.stack.iter().map(|f| self.display_name(*f)).collect(),
        }
    }

    /// `module.function (file:line)`: the function as people call it, and where it calls on.
    fn display_name(&self, frame: FrameId) -> Arc<str> {
        let frame = self.frame(frame);
        let unit = &self.units[frame.unit.0 as usize];
        let module = module_name(&unit.path);
        let line = frame.line.max(1);
        match &*unit.functions[frame.function.0 as usize].name {
            "" => format!("{module} ({}:{line})", unit.path).into(),
            name => format!("{module}.{name} ({}:{line})", unit.path).into(),
        }
    }

    /// Records something whose meaning stayed unknown.
    pub(crate) fn missing(&mut self, missing: Missing) {
        self.spend(self.stack.len() as u32);
        self.missing.insert(missing);
    }

    /// Records an effect; the first chain of calls that leads to it is kept.
    pub(crate) fn effect(&mut self, mut effect: Effect) {
        // Its evidence names every activation that leads to it.
        self.spend(self.stack.len() as u32);
        effect.within = self.within.first().cloned();
        for other in self.within.clone().into_iter().skip(1) {
            self.once(Effect { within: Some(other), ..effect.clone() });
        }
        self.once(effect);
    }

    fn once(&mut self, effect: Effect) {
        let key = (
            effect.evidence.place.clone(),
            effect.kind,
            effect.target.clone(),
            effect.operation.clone(),
            effect.part.clone(),
            effect.event.clone(),
            effect.within.clone(),
        );
        if self.seen.insert(key) {
            self.effects.insert(effect);
        }
    }
}

fn handler_is_missing(handler: &Abs) -> bool {
    match handler {
        Abs::Unknown(_) => true,
        Abs::Symbol(path) => path.starts_with("builtins."),
        _ => false,
    }
}

/// The name of a module for people: its file's stem, or the folder of a package.
fn module_name(path: &str) -> &str {
    let stem = [".py", ".rs"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    if name == "__init__" { folder.rsplit('/').next().unwrap_or(name) } else { name }
}
