//! What conditions and keys ask of the event: which routes code stands for that runs only when they hold.

use crate::machine::Machine;
use crate::routes::Route;
use crate::value::{Abs, FrameId};
use facts::Expr;
use facts::code::{BinaryOp, Value, ValueId};

/// Conditions inside one another that are looked at.
const MAX_DEPTH: u32 = 16;

/// Routes that one branch can stand for; for more, it is the function's.
const MAX_ROUTES: usize = 16;

/// Alternatives, each with all that it says of the route; `None` when a condition says nothing.
type Asked = Option<Vec<Route>>;

impl Machine<'_> {
    /// Whether a condition surely holds, or surely does not. Of two that are joined, one that is not known leaves it open
    /// unless the other one decides.
    pub(crate) fn decided(&mut self, frame: FrameId, condition: ValueId) -> Option<bool> {
        self.decided_within(frame, condition, 0)
    }

    fn decided_within(&mut self, frame: FrameId, condition: ValueId, depth: u32) -> Option<bool> {
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let function = self.frame(frame).function;
        let value = unit.functions[function.0 as usize].values.get(condition.0 as usize);
        match value.filter(|_| depth < MAX_DEPTH) {
            Some(Value::Not(inner)) => self.decided_within(frame, *inner, depth + 1).map(|holds| !holds),
            Some(Value::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right }) => {
                let decides = *op == BinaryOp::Or;
                let first = self.decided_within(frame, *left, depth + 1);
                if first == Some(decides) {
                    return first;
                }
                let second = self.decided_within(frame, *right, depth + 1);
                if first.is_some() { second } else { second.filter(|holds| *holds == decides) }
            }
            _ => self.evaluate(frame, condition).truth(),
        }
    }

    /// The routes that are left where a condition holds, or does not, within those of the branches around it.
    pub(crate) fn asked(&mut self, frame: FrameId, condition: ValueId, holds: bool) -> Vec<Route> {
        let asked = self.asked_by(frame, condition, holds, 0);
        if asked.is_some() {
            return self.narrowed(asked);
        }
        // Of the routes of the branches around, those that the contrary asks for are left out.
        let others = self.asked_by(frame, condition, !holds, 0).unwrap_or_default();
        let kept = |route: &&Route| !others.iter().any(|other| route.is_within(other));
        let left: Vec<Route> = self.branch.iter().filter(kept).cloned().collect();
        if left.is_empty() { self.branch.clone() } else { left }
    }

    /// The routes of the branches around, further told apart.
    fn narrowed(&self, asked: Asked) -> Vec<Route> {
        let both = asked.map(|asked| both(&self.branch, &asked)).unwrap_or_default();
        // What contradicts the branches around, or says too much, says nothing.
        if both.is_empty() || both.len() > MAX_ROUTES { self.branch.clone() } else { both }
    }

    fn asked_by(&mut self, frame: FrameId, condition: ValueId, holds: bool, depth: u32) -> Asked {
        if depth > MAX_DEPTH {
            return None;
        }
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let function = self.frame(frame).function;
        match unit.functions[function.0 as usize].values.get(condition.0 as usize)? {
            Value::Not(inner) => self.asked_by(frame, *inner, !holds, depth + 1),
            Value::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
                let left = self.asked_by(frame, *left, holds, depth + 1);
                let right = self.asked_by(frame, *right, holds, depth + 1);
                if (*op == BinaryOp::And) == holds { all_of(left, right) } else { any_of(left, right) }
            }
            Value::Binary { op, left, right } => {
                let says = match op {
                    BinaryOp::Eq | BinaryOp::In => holds,
                    BinaryOp::NotEq | BinaryOp::NotIn => !holds,
                    _ => false,
                };
                if !says {
                    return None;
                }
                let (left, right) = (self.evaluate(frame, *left), self.evaluate(frame, *right));
                if matches!(op, BinaryOp::Eq | BinaryOp::NotEq) {
                    return self.equal_to(&left, &right, depth);
                }
                let (items, more) = self.heap.list_of(&right)?;
                if items.len() > MAX_ROUTES || more.is_some() {
                    return None;
                }
                let all = items.to_vec();
                let mut each = all.iter().map(|one| self.equal_to(&left, one, depth));
                let first = each.next()?;
                each.fold(first, any_of)
            }
            _ => None,
        }
    }

    /// What it says of the route when two values are equal.
    fn equal_to(&self, left: &Abs, right: &Abs, depth: u32) -> Asked {
        if let (Some((one, None)), Some((other, None))) = (self.heap.list_of(left), self.heap.list_of(right)) {
            if one.len() != other.len() || one.len() > MAX_ROUTES || depth > MAX_DEPTH {
                return None;
            }
            return one.iter().zip(other).map(|(a, b)| self.equal_to(a, b, depth + 1)).fold(None, all_of);
        }
        let (asked, constant) = if left.as_text().is_some() { (right, left) } else { (left, right) };
        let constant = constant.as_text()?;
        let mut found: Asked = None;
        for one in asked.each() {
            match one {
                // What stands in for a field that is missing.
                Abs::Null | Abs::Text(Expr::Literal(_)) => {}
                Abs::Text(text) => {
                    let route = self.route_of(text, constant)?;
                    // Two fields that say the same, of which an event has one.
                    if found.as_ref().is_some_and(|known| *known != [route.clone()]) {
                        return None;
                    }
                    found = Some(vec![route]);
                }
                _ => return None,
            }
        }
        found
    }

    /// What a text made of fields of the event says of the route when it is this constant.
    fn route_of(&self, text: &Expr, constant: &str) -> Option<Route> {
        let pieces = match text {
            Expr::Concat(pieces) => pieces.as_slice(),
            one => std::slice::from_ref(one),
        };
        let mut route = Route::default();
        let mut rest = constant;
        for (i, piece) in pieces.iter().enumerate() {
            if let Some(known) = piece.as_literal() {
                rest = rest.strip_prefix(known)?;
                continue;
            }
            let end = match pieces.get(i + 1) {
                None => rest.len(),
                Some(next) => rest.find(next.as_literal()?)?,
            };
            let (own, behind) = rest.split_at(end);
            rest = behind;
            let Expr::Input(way) = piece else { return None };
            route = route.with(self.library.event_field(way)?, own)?;
        }
        (rest.is_empty() && route != Route::default()).then_some(route)
    }

    /// Whether a key is made of fields of the event that say which route is asked for.
    pub(crate) fn is_asking(&self, key: &Expr) -> bool {
        match key {
            Expr::Input(way) => self.library.event_field(way).is_some(),
            Expr::Concat(pieces) => {
                let asks = |piece: &Expr| piece.as_literal().is_some() || self.is_asking(piece);
                pieces.iter().all(asks)
            }
            _ => false,
        }
    }

    /// The routes that stand for one case of a key.
    pub(crate) fn routes_of_case(&self, key: &Expr, case: &Expr) -> Vec<Route> {
        let asked = case.as_literal().and_then(|case| self.route_of(key, case));
        self.narrowed(asked.map(|route| vec![route]))
    }
}

/// What is said when both hold.
fn all_of(one: Asked, other: Asked) -> Asked {
    match (one, other) {
        (Some(one), Some(other)) => Some(both(&one, &other)),
        (one, other) => one.or(other),
    }
}

/// What is said when either holds: nothing, unless both say something.
fn any_of(one: Asked, other: Asked) -> Asked {
    let (mut all, other) = (one?, other?);
    for route in other {
        if !all.contains(&route) {
            all.push(route);
        }
    }
    (all.len() <= MAX_ROUTES).then_some(all)
}

/// Each of one with each of the other, where they do not contradict one another.
fn both(one: &[Route], other: &[Route]) -> Vec<Route> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| a.and(b)));
    let mut out: Vec<Route> = Vec::new();
    for route in pairs.flatten() {
        if !out.contains(&route) {
            out.push(route);
        }
    }
    out
}
