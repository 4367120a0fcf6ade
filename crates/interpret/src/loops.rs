//! Loops and comprehensions over elements that are known: each turn is run by itself, so that what belongs together
//! stays so. Over anything else the body is run once, with an element that is any of them.

use crate::calls::Site;
use crate::heap::Object;
use crate::machine::{Machine, Next};
use crate::value::{Abs, Args, FrameId};
use facts::Expr;
use facts::code::{Each, FunctionId, Made, Value, ValueId};

/// Turns of one loop that are told apart.
const MAX_TURNS: usize = 32;

/// The same of loops inside one another, through all calls.
const MAX_TURNS_INSIDE: usize = 128;

/// Steps of a run after which turns are told apart no more.
const MAX_STEPS: u32 = 200_000;

/// So deep elements are looked into for what could tell them apart.
const LEVELS: usize = 3;

/// Elements that are known, and what further ones may be.
pub(crate) type Elements = (Vec<Abs>, Option<Abs>);

/// Values that are forgotten in a step.
const VALUES_OF_A_STEP: u32 = 8;

/// Functions that are looked at in a step.
const FUNCTIONS_OF_A_STEP: u32 = 64;

impl Machine<'_> {
    pub(crate) fn run_loop(&mut self, frame: FrameId, each: &Each) -> Next {
        let over = self.looped_over(frame, each.over);
        for one in &each.carried {
            self.frames[frame.0 as usize].memo.remove(&one.after);
        }
        let in_turn = std::mem::replace(&mut self.in_turn, false);
        let next = if let Some(elements) = self.told_apart(&over) {
            self.run_turns(frame, each, &over, elements)
        } else {
            self.weak += 1;
            self.run_statements(frame, &each.body);
            self.weak -= 1;
            Next::On
        };
        self.in_turn = in_turn;
        next
    }

    fn run_turns(&mut self, frame: FrameId, each: &Each, over: &Abs, elements: Elements) -> Next {
        // Whether some of the turns may not happen.
        let fewer = elements.1.is_some() || self.heap.is_unsure(over);
        let unsure = each.leaves || fewer;
        let mut latest: Vec<Option<Abs>> =
            each.carried.iter().map(|one| one.before.map(|before| self.evaluate(frame, before))).collect();
        let mut next = Next::On;
        self.each_turn(frame, (each.element, each.end), elements, |machine| {
            machine.carry_in(frame, each, &latest);
            let returned = machine.frame(frame).returned.len();
            machine.weak += u32::from(unsure);
            machine.in_turn = true;
            let ended = machine.run_statements(frame, &each.body);
            machine.in_turn = false;
            machine.weak -= u32::from(unsure);
            machine.carry_out(frame, each, unsure || ended.ends(), ended.ends(), &mut latest);
            // What ends a turn by an exception may be caught around the loop.
            if !fewer && ended == Next::Ended && machine.frame(frame).returned.len() > returned {
                next = Next::Ended;
            }
            next == Next::On && (fewer || ended != Next::EndedLoop)
        });
        for (one, value) in each.carried.iter().zip(latest) {
            if let Some(value) = value {
                self.remember(frame, one.after, value);
            }
        }
        next
    }

    /// Gives variables the values that they have at the beginning of a turn.
    fn carry_in(&mut self, frame: FrameId, each: &Each, latest: &[Option<Abs>]) {
        for (one, value) in each.carried.iter().zip(latest) {
            if let (Some(before), Some(value)) = (one.before, value) {
                self.remember(frame, before, value.clone());
            }
        }
        for one in &each.carried {
            // What functions see of the loop's variables are the values of this turn.
            self.frames[frame.0 as usize].memo.remove(&one.after);
            if one.inside < each.begin {
                let value = self.evaluate(frame, one.inside);
                self.remember(frame, one.after, value);
            }
        }
    }

    /// Takes the values of variables out of a turn. Of one that has `ended` early, what it has come to.
    fn carry_out(&mut self, frame: FrameId, each: &Each, unsure: bool, ended: bool, latest: &mut [Option<Abs>]) {
        for (one, latest) in each.carried.iter().zip(latest) {
            let value = if ended {
                self.remembered(frame, one.inside).cloned()
            } else {
                Some(self.evaluate(frame, one.inside))
            };
            *latest = match (value, latest.take()) {
                (Some(value), Some(last)) if unsure => Some(Abs::join([last, value])),
                (value, last) => value.or(last),
            };
        }
    }

    /// The value of a comprehension.
    pub(crate) fn comprehension(&mut self, frame: FrameId, id: ValueId, made: &Made) -> Abs {
        let over = self.looped_over(frame, made.over);
        let whole = if made.entries { self.heap.map(Vec::new()) } else { self.heap.list(Vec::new()) };
        let Abs::Object(object) = whole else { return whole };
        let Some(elements) = self.told_apart(&over) else {
            for condition in &made.conditions {
                self.evaluate(frame, *condition);
            }
            let given = self.evaluate(frame, made.gives);
            self.heap.absorb(object, &given);
            self.heap.make_unsure(&whole);
            return whole;
        };
        if elements.1.is_some() || self.heap.is_unsure(&over) {
            self.heap.make_unsure(&whole);
        }
        self.each_turn(frame, (made.element, id), elements, |machine| {
            for condition in &made.conditions {
                match machine.decided(frame, *condition) {
                    Some(true) => {}
                    Some(false) => return true,
                    None => machine.heap.make_unsure(&whole),
                }
            }
            let given = machine.evaluate(frame, made.gives);
            machine.heap.absorb(object, &given);
            true
        });
        whole
    }

    /// What is made of each element of a value, as a list.
    pub(crate) fn of_each(&mut self, list: &Abs, mut make: impl FnMut(&mut Self, Abs) -> Abs) -> Abs {
        let Some((items, more)) = self.told_apart(list) else {
            let element = self.element(list);
            let one = make(self, element);
            let all = self.heap.list(vec![one]);
            self.heap.make_unsure(&all);
            return all;
        };
        let around = self.turns;
        self.turns = around * items.len();
        let items = items.into_iter().map(|item| make(self, item)).collect();
        let more = more.map(|more| make(self, more));
        self.turns = around;
        self.heap.list_from(std::slice::from_ref(list), items, more)
    }

    /// The elements of a list of which a function doesn't surely say that they are none of the result.
    pub(crate) fn filtered(&mut self, site: Site<'_>, function: &Abs, list: &Abs) -> Abs {
        let elements = self.told_apart(list);
        let known = elements.is_some();
        let (items, more) = elements.unwrap_or_else(|| (vec![self.element(list)], None));
        let whole = self.heap.add(Object::List { items: Vec::new(), more });
        let Abs::Object(id) = whole else { return whole };
        for item in items {
            let asked = if *function == Abs::Null {
                item.clone()
            } else {
                self.call_site(site, function, Args { positional: vec![item.clone()], ..Args::default() })
            };
            if !known || asked.truth() != Some(false) {
                self.heap.append(id, item);
            }
        }
        whole
    }

    /// What a loop over a value goes through. A loop over what a call made (`for order in Order.select()`) asks for it.
    pub(crate) fn looped_over(&mut self, frame: FrameId, over: ValueId) -> Abs {
        let value = self.evaluate(frame, over);
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let function = self.frame(frame).function;
        match unit.functions[function.0 as usize].values.get(over.0 as usize) {
            Some(Value::Call(call)) => self.iterated(Site { frame, position: call.position, what: &call.what }, &value),
            _ => value,
        }
    }

    /// The elements of a list, the keys of a map, the members of an enumeration.
    pub(crate) fn known_elements(&mut self, value: &Abs) -> Option<Elements> {
        let Abs::Object(id) = value else { return Some((self.enumerated_members(value)?, None)) };
        match self.heap.get(*id) {
            Object::List { items, more } => Some((items.clone(), more.clone())),
            Object::Map { entries, more } => {
                let more = more.as_ref().map(|_| Abs::unknown("it is some key of a map"));
                let keys: Vec<Expr> = entries.iter().map(|(key, _)| key.clone()).collect();
                Some((keys.iter().map(|key| self.of_key(key)).collect(), more))
            }
            Object::Pieces { .. } | Object::Instance { .. } => None,
        }
    }

    /// Pairs of a number and an element.
    pub(crate) fn enumerated(&mut self, value: &Abs) -> Abs {
        let number = || Abs::unknown("it is a number");
        let Some((items, more)) = self.known_elements(value).filter(|(items, _)| !items.is_empty()) else {
            let element = self.element(value);
            let pair = self.heap.list(vec![number(), element]);
            return self.heap.list(vec![pair]);
        };
        let pairs = items.into_iter().map(|item| self.heap.list(vec![number(), item])).collect();
        let more = more.map(|more| self.heap.list(vec![number(), more]));
        self.heap.list_from(std::slice::from_ref(value), pairs, more)
    }

    /// Tuples of the elements of several lists: of those that stand at the same place, where each has as many.
    pub(crate) fn zipped(&mut self, lists: &[Abs]) -> Abs {
        let known: Option<Vec<Vec<Abs>>> = lists
            .iter()
            .map(|list| self.known_elements(list).filter(|(_, more)| more.is_none()).map(|(items, _)| items))
            .collect();
        let count = known.as_ref().and_then(|all| Some(all.first()?.len())).unwrap_or(0);
        let even = |all: &Vec<Vec<Abs>>| (1..=MAX_TURNS).contains(&count) && all.iter().all(|one| one.len() == count);
        let Some(columns) = known.filter(even) else {
            let elements = lists.iter().map(|list| self.element(list)).collect();
            let tuple = self.heap.list(elements);
            let all = self.heap.list(vec![tuple]);
            self.heap.make_unsure(&all);
            return all;
        };
        let row = |at: usize| columns.iter().map(|column| column[at].clone()).collect::<Vec<_>>();
        let rows = (0..count).map(|at| self.heap.list(row(at))).collect();
        self.heap.list_from(lists, rows, None)
    }

    /// The elements of a value, where each is to have a turn of its own.
    fn told_apart(&mut self, over: &Abs) -> Option<Elements> {
        let (items, more) = self.known_elements(over)?;
        let turns = items.len() + usize::from(more.is_some());
        let few = (1..=MAX_TURNS).contains(&items.len()) && self.turns * turns <= MAX_TURNS_INSIDE;
        let worth = few && !self.is_long() && items.iter().any(|item| self.tells(item, LEVELS));
        worth.then_some((items, more))
    }

    /// Whether there is something in a value that could name a target or decide what is done, and is no mere data of the
    /// run. Turns over data are all alike.
    fn tells(&self, value: &Abs, levels: usize) -> bool {
        match value {
            Abs::Text(text) => !text.is_open(),
            Abs::Int(_) | Abs::Bool(_) | Abs::Null | Abs::Unknown(_) => false,
            Abs::OneOf(all) => all.iter().any(|one| self.tells(one, levels)),
            Abs::Object(_) if levels == 0 => true,
            Abs::Object(id) => match self.heap.get(*id) {
                Object::List { items, .. } => items.iter().any(|item| self.tells(item, levels - 1)),
                Object::Map { entries, .. } => entries.iter().any(|(_, entry)| self.tells(entry, levels - 1)),
                Object::Pieces { .. } => false,
                Object::Instance { .. } => true,
            },
            _ => true,
        }
    }

    /// Whether so much was run that turns are told apart no more.
    fn is_long(&self) -> bool {
        self.steps > MAX_STEPS
    }

    /// Takes a turn for each element as long as `act` says to go on. Each has its own of the values in the `own` part of the arena.
    fn each_turn(
        &mut self,
        frame: FrameId,
        own: (ValueId, ValueId),
        (items, more): Elements,
        mut act: impl FnMut(&mut Self) -> bool,
    ) {
        let around = self.turns;
        self.turns = around * (items.len() + usize::from(more.is_some()));
        let captured = self.may_capture(frame);
        let own = own.0.0..own.1.0;
        let mut before: Vec<Vec<Abs>> = vec![Vec::new(); own.len()];
        self.take_own(frame, &own, &mut before);
        before.iter_mut().for_each(Vec::clear);
        let mut left = items.into_iter().chain(more);
        while let Some(item) = left.next() {
            let item = if self.is_long() { Abs::join(std::iter::once(item).chain(left.by_ref())) } else { item };
            self.spend(own.len() as u32 / VALUES_OF_A_STEP);
            if captured {
                self.forget_calls(frame);
            }
            self.remember(frame, ValueId(own.start), item);
            let goes_on = act(self);
            self.take_own(frame, &own, &mut before);
            if !goes_on || self.exhausted() {
                break;
            }
        }
        for (id, all) in own.zip(before) {
            if !all.is_empty() {
                self.remember(frame, ValueId(id), Abs::join(all));
            }
        }
        self.turns = around;
    }

    /// Forgets the values of a part of an arena, and keeps those of each turn.
    fn take_own(&mut self, frame: FrameId, own: &std::ops::Range<u32>, before: &mut [Vec<Abs>]) {
        let memo = &mut self.frames[frame.0 as usize].memo;
        for (id, before) in own.clone().zip(before) {
            before.extend(memo.remove(&ValueId(id)));
        }
    }

    /// Whether functions are defined in an activation: they may see its variables.
    fn may_capture(&mut self, frame: FrameId) -> bool {
        let (unit, function) = (self.unit_of(frame), self.frame(frame).function);
        let functions = &self.units[unit.0 as usize].functions;
        let looked_at = functions.len() as u32 / FUNCTIONS_OF_A_STEP;
        let captures = function == FunctionId::MODULE || functions.iter().any(|one| one.parent == Some(function));
        self.spend(looked_at);
        captures
    }

    /// Forgets what functions did that are defined in an activation: its variables have other values now.
    fn forget_calls(&mut self, frame: FrameId) {
        self.finished.retain(|(_, _, parent, ..), _| *parent != frame);
        self.handed.retain(|(function, _)| !matches!(function, Abs::Function { frame: of, .. } if *of == frame));
    }
}
