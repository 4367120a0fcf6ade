//! The values of expressions.

use crate::heap::{Object, Pairs};
use crate::machine::Machine;
use crate::predicates::any;
use crate::text;
use crate::value::{Abs, Args, FrameId};
use facts::Expr;
use facts::code::{Arg, ArgName, BinaryOp, Literal, Value, ValueId};

/// Values inside one another, over all activations; deeper ones are unknown.
const MAX_NESTING: u32 = 4_000;

impl Machine<'_> {
    /// The value of `id` in an activation; computed once.
    pub(crate) fn evaluate(&mut self, frame: FrameId, id: ValueId) -> Abs {
        if let Some(known) = self.remembered(frame, id) {
            return known.clone();
        }
        if self.exhausted() {
            return Abs::unknown("the function is too large to read");
        }
        // What a value needs of itself (a circular import, a malformed summary) is unknown to it.
        self.remember(frame, id, Abs::unknown("it is defined by itself"));
        if self.nesting >= MAX_NESTING {
            return Abs::unknown("the values are nested too deeply to be followed");
        }
        self.nesting += 1;
        let result = crate::machine::deeply(|| self.compute(frame, id));
        self.nesting -= 1;
        self.spend(result.weight());
        self.remember(frame, id, result.clone());
        result
    }

    fn compute(&mut self, frame: FrameId, id: ValueId) -> Abs {
        let unit_id = self.unit_of(frame);
        let unit = self.units[unit_id.0 as usize].clone();
        let function = self.frame(frame).function;
        let Some(value) = unit.functions[function.0 as usize].values.get(id.0 as usize) else {
            return Abs::unknown("the summary of the function is not whole");
        };
        match value {
            Value::Literal(literal) => constant(literal),
            Value::Concat(pieces) => {
                let pieces: Vec<Abs> = pieces.iter().map(|p| self.evaluate(frame, *p)).collect();
                text::concat(&pieces)
            }
            Value::List(items) => self.list(frame, items),
            Value::Spread(inner) | Value::Enter(inner) | Value::Element(inner) | Value::Slice(inner) => {
                let inner = match value {
                    Value::Spread(_) | Value::Element(_) => self.looped_over(frame, *inner),
                    _ => self.evaluate(frame, *inner),
                };
                match value {
                    Value::Enter(_) => self.entered(frame, &inner),
                    Value::Slice(_) => self.slice(&inner),
                    _ => self.element(&inner),
                }
            }
            Value::Map(entries) => self.map(frame, entries),
            Value::Param(i) => {
                let args = &self.frame(frame).args;
                args.get(*i as usize).cloned().unwrap_or_else(|| Abs::unknown("the argument is not given"))
            }
            Value::Global(name) => self.global(unit_id, name),
            Value::Captured { function, value } => self.captured(frame, *function, *value),
            Value::Module(name) => Abs::Module { from: unit_id, name: name.clone() },
            Value::Imported(it) => self.imported(unit_id, &it.module, &it.name),
            Value::Function(id) => self.function_value(frame, *id),
            Value::Class(id) => self.class_value(frame, *id),
            Value::Attr { base, name } => {
                let base = self.evaluate(frame, *base);
                self.attribute(frame, &base, name)
            }
            Value::Index { base, key } => {
                let base = self.evaluate(frame, *base);
                let key = self.evaluate(frame, *key);
                self.index(&base, &key)
            }
            Value::Call(call) => {
                let callee = self.evaluate(frame, call.callee);
                let args = self.arguments(frame, &call.args);
                self.frames[frame.0 as usize].line = call.position.line;
                self.call_at(frame, &callee, args, call.position, &call.what)
            }
            Value::Super => self.super_value(frame),
            Value::Binary { op, left, right } => self.binary(frame, *op, *left, *right),
            Value::Not(inner) => {
                let inner = self.decided(frame, *inner);
                inner.map_or_else(|| Abs::unknown("the condition is not known"), |b| Abs::Bool(!b))
            }
            Value::Choice { condition, yes, no } => match self.decided(frame, *condition) {
                Some(true) => self.evaluate(frame, *yes),
                Some(false) => self.evaluate(frame, *no),
                None => {
                    let both = [self.evaluate(frame, *yes), self.evaluate(frame, *no)];
                    Abs::join(both)
                }
            },
            Value::OneOf(all) => {
                let all: Vec<Abs> = all.iter().map(|v| self.evaluate(frame, *v)).collect();
                Abs::join(all)
            }
            Value::Made(made) => self.comprehension(frame, id, made),
            Value::Typed { value, ty } => {
                if let Some(made) = self.converted(frame, *value, *ty) {
                    return made;
                }
                let value = self.evaluate(frame, *value);
                self.typed(frame, &value, *ty)
            }
            Value::Unknown(why) => Abs::Unknown(why.clone()),
        }
    }

    fn captured(&mut self, frame: FrameId, function: facts::code::FunctionId, value: ValueId) -> Abs {
        let mut at = Some(frame);
        while let Some(id) = at {
            if self.frame(id).function == function && id != frame {
                return self.evaluate(id, value);
            }
            at = self.frame(id).parent;
        }
        Abs::unknown("the variable belongs to a function that is not running")
    }

    fn list(&mut self, frame: FrameId, items: &[ValueId]) -> Abs {
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let values = &unit.functions[self.frame(frame).function.0 as usize].values;
        let (mut out, mut more, mut unsure) = (Vec::new(), None, false);
        for item in items {
            if let Some(Value::Spread(inner)) = values.get(item.0 as usize) {
                let inner = self.evaluate(frame, *inner);
                unsure |= self.heap.is_unsure(&inner);
                match self.known_elements(&inner) {
                    Some((known, rest)) => {
                        out.extend(known);
                        more = more.or(rest);
                    }
                    None => more = Some(self.element(&inner)),
                }
            } else {
                out.push(self.evaluate(frame, *item));
            }
        }
        let list = self.heap.add(Object::List { items: out, more });
        if unsure {
            self.heap.make_unsure(&list);
        }
        list
    }

    fn map(&mut self, frame: FrameId, entries: &[(Option<ValueId>, ValueId)]) -> Abs {
        let map = self.heap.add(Object::Map { entries: Vec::new(), more: None });
        let Abs::Object(id) = map else { return map };
        for (key, value) in entries {
            let value = self.evaluate(frame, *value);
            match key {
                Some(key) => {
                    let key = self.evaluate(frame, *key);
                    let key = self.as_key(&key);
                    self.heap.set_entry(id, &key, value, false);
                }
                None => self.update_map(id, &value),
            }
        }
        map
    }

    /// Takes the entries of one map over into another.
    pub(crate) fn update_map(&mut self, id: crate::value::ObjectId, from: &Abs) {
        for one in from.each() {
            if self.is_environment(one) {
                self.heap.open(id, one.clone());
                continue;
            }
            let pairs = self.pairs(one);
            let known = self.heap.map_of(one).map(|(entries, more)| (entries.to_vec(), more.cloned()));
            let Some((entries, more)) = known.or(pairs) else {
                self.heap.open(id, Abs::unknown("it comes from a map that is not known"));
                continue;
            };
            let weak = self.weak > 0 || from.each().len() > 1;
            for (key, value) in entries {
                self.heap.set_entry(id, &Abs::Text(key), value, weak);
            }
            if let Some(more) = more {
                self.heap.open(id, more);
            }
        }
    }

    /// The entries of a list of pairs of key and value; `None` where it is none.
    pub(crate) fn pairs(&self, list: &Abs) -> Option<Pairs> {
        let (items, more) = self.heap.list_of(list)?;
        let pair = |one: &Abs| match self.heap.list_of(one)? {
            ([key, value], None) => match self.as_key(key) {
                Abs::Text(key) => Some((key, value.clone())),
                _ => None,
            },
            _ => None,
        };
        let entries: Vec<(Expr, Abs)> = items.iter().map(pair).collect::<Option<_>>()?;
        let more = more.map(|_| Abs::unknown("it is some entry of a map"));
        (!entries.is_empty()).then_some((entries, more))
    }

    /// The arguments of a call, what is spread into them taken apart.
    pub(crate) fn arguments(&mut self, frame: FrameId, args: &[Arg]) -> Args {
        let mut out = Args::default();
        for arg in args {
            let value = self.evaluate(frame, arg.value);
            match &arg.name {
                ArgName::Position => out.positional.push(value),
                ArgName::Name(name) => out.named.push((name.clone(), value)),
                ArgName::Spread => match self.heap.list_of(&value) {
                    Some((items, more)) => {
                        out.positional.extend_from_slice(items);
                        out.more_positional = more.cloned().or(out.more_positional);
                    }
                    None => out.more_positional = Some(self.element(&value)),
                },
                ArgName::SpreadNamed => self.spread_named(&mut out, &value),
            }
        }
        out
    }

    fn spread_named(&self, out: &mut Args, value: &Abs) {
        for one in value.each() {
            // `Orders { table, ..base }`
            if let Abs::Object(id) = one
                && let Object::Instance { fields, .. } = self.heap.get(*id)
            {
                let further = fields.iter().filter(|(name, _)| out.named(name).is_none());
                let further: Vec<_> = further.map(|(name, value)| (name.clone(), value.clone())).collect();
                out.named.extend(further);
                continue;
            }
            let Some((entries, more)) = self.heap.map_of(one) else {
                out.more_named = Some(Abs::unknown("the arguments come from a map that is not known"));
                continue;
            };
            for (key, entry) in entries {
                if let Some(name) = key.as_literal() {
                    let entry = match out.named(name) {
                        Some(old) => Abs::join([old.clone(), entry.clone()]),
                        None => entry.clone(),
                    };
                    out.named.push((name.into(), entry));
                }
            }
            out.more_named = more.cloned().or(out.more_named.take());
        }
    }

    fn binary(&mut self, frame: FrameId, op: BinaryOp, left: ValueId, right: ValueId) -> Abs {
        let l = self.evaluate(frame, left);
        match (op, l.truth()) {
            // The right operand is not even computed when the left one decides.
            (BinaryOp::And, Some(false)) | (BinaryOp::Or, Some(true)) => return l,
            (BinaryOp::And, Some(true)) | (BinaryOp::Or, Some(false)) => return self.evaluate(frame, right),
            _ => {}
        }
        let r = self.evaluate(frame, right);
        match op {
            BinaryOp::Or => Abs::join([l, r]),
            // A condition that is kept in a name: it may hold, and may not.
            BinaryOp::And if r == Abs::Bool(true) => Abs::join([Abs::Bool(false), r]),
            // `a and b` is used for `b`: where `a` is false there is nothing to do with it.
            BinaryOp::And => r,
            BinaryOp::Add => self.add(&l, &r),
            BinaryOp::Rem => self.remainder(&l, &r),
            BinaryOp::Div => match (&l, &r) {
                (Abs::Text(_), Abs::Text(_)) => text::concat(&[l, Abs::text("/"), r]),
                _ => Abs::unknown("it is calculated"),
            },
            BinaryOp::Union => self.union(&l, &r),
            BinaryOp::Eq | BinaryOp::NotEq => {
                let equal = equal(&l, &r).or_else(|| self.deployed_equal(&l, &r));
                equal.map_or_else(
                    || Abs::unknown("the comparison is not known"),
                    |b| Abs::Bool(b == (op == BinaryOp::Eq)),
                )
            }
            BinaryOp::In | BinaryOp::NotIn if self.is_unset_in(&l, &r) => Abs::Bool(op == BinaryOp::NotIn),
            BinaryOp::In | BinaryOp::NotIn => {
                let listed = self.is_listed(frame, right).then(|| self.is_among(&l, &r)).flatten();
                let within = listed.or_else(|| Self::is_inside(&l, &r)).or_else(|| self.deployed_within(&l, &r));
                within.map_or_else(
                    || Abs::unknown("the comparison is not known"),
                    |b| Abs::Bool(b == (op == BinaryOp::In)),
                )
            }
            BinaryOp::Compare => Abs::unknown("the comparison is not known"),
            BinaryOp::Arithmetic => Abs::unknown("it is calculated"),
        }
    }

    /// Whether it is asked for an environment variable that is surely not there: `"IS_OFFLINE" in os.environ`.
    fn is_unset_in(&self, name: &Abs, all: &Abs) -> bool {
        self.is_environment(all) && name.as_text().is_some_and(|name| self.unset(name))
    }

    fn add(&mut self, left: &Abs, right: &Abs) -> Abs {
        if let (Some((a, ma)), Some((b, mb))) = (self.heap.list_of(left), self.heap.list_of(right)) {
            let (items, more) = ([a, b].concat(), ma.or(mb).cloned());
            return self.heap.list_from(&[left.clone(), right.clone()], items, more);
        }
        match (left, right) {
            (Abs::Int(a), Abs::Int(b)) => Abs::Int(a.wrapping_add(*b)),
            (Abs::Int(_), _) | (_, Abs::Int(_)) => Abs::unknown("it is calculated"),
            _ => {
                // A text that grows in each of very many calls is what takes the time of all of them.
                self.spend(size(left) + size(right));
                text::concat(&[left.clone(), right.clone()])
            }
        }
    }

    /// Whether a value is written as a list: what is in it then is all that can be in it.
    fn is_listed(&self, frame: FrameId, value: ValueId) -> bool {
        let function = &self.units[self.unit_of(frame).0 as usize].functions[self.frame(frame).function.0 as usize];
        matches!(function.values.get(value.0 as usize), Some(Value::List(_)))
    }

    /// Whether a value is one of the elements of a list.
    fn is_among(&self, one: &Abs, list: &Abs) -> Option<bool> {
        let (items, None) = self.heap.list_of(list)? else { return None };
        any(items.iter().map(|item| equal(one, item)))
    }

    fn union(&mut self, left: &Abs, right: &Abs) -> Abs {
        if self.heap.map_of(left).is_none() {
            return Abs::join([left.clone(), right.clone()]);
        }
        let both = self.heap.copy(left);
        if let Abs::Object(id) = both {
            self.update_map(id, right);
        }
        both
    }

    fn remainder(&mut self, left: &Abs, right: &Abs) -> Abs {
        let Some(format) = left.as_text() else { return Abs::unknown("it is calculated") };
        let values: Vec<Expr> = match self.heap.list_of(right) {
            Some((items, _)) => items.to_vec().iter().map(text::expression).collect(),
            None => vec![text::expression(right)],
        };
        let named: Vec<(Expr, Abs)> = self.heap.map_of(right).map(|(e, _)| e.to_vec()).unwrap_or_default();
        let named: Vec<(String, Expr)> =
            named.iter().filter_map(|(k, v)| Some((k.as_literal()?.to_owned(), text::expression(v)))).collect();
        Abs::Text(text::percent_format(format, &values, &named))
    }
}

fn constant(literal: &Literal) -> Abs {
    match literal {
        Literal::Text(text) => Abs::Text(Expr::Literal(text.clone())),
        Literal::Int(i) => Abs::Int(*i),
        Literal::Number(_) => Abs::unknown("it is a number"),
        Literal::Bool(b) => Abs::Bool(*b),
        Literal::Null => Abs::Null,
    }
}

/// Whether two values are equal, where that can be told.
fn equal(left: &Abs, right: &Abs) -> Option<bool> {
    match (left, right) {
        (Abs::Text(Expr::Literal(a)), Abs::Text(Expr::Literal(b))) => Some(a == b),
        (Abs::Int(a), Abs::Int(b)) => Some(a == b),
        (Abs::Bool(a), Abs::Bool(b)) => Some(a == b),
        (Abs::Null, Abs::Null) => Some(true),
        (Abs::Null, other) | (other, Abs::Null) => match other {
            Abs::Handle(_) | Abs::Object(_) | Abs::Function { .. } | Abs::Class { .. } | Abs::Int(_) | Abs::Bool(_) => {
                Some(false)
            }
            Abs::Text(Expr::Literal(_) | Expr::Concat(_)) => Some(false),
            _ => None,
        },
        _ => None,
    }
}
/// The steps that it takes to go through a text.
fn size(value: &Abs) -> u32 {
    const BYTES_OF_A_STEP: usize = 512;
    let steps = match value {
        Abs::Text(Expr::Concat(pieces)) => pieces.len(),
        Abs::Text(Expr::Literal(text)) => text.len() / BYTES_OF_A_STEP,
        _ => 0,
    };
    u32::try_from(steps).unwrap_or(u32::MAX / 2)
}
