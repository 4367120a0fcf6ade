//! Generators: calls of functions that run when their elements are asked for.

use crate::machine::Machine;
use crate::value::{Abs, FrameId};
use facts::code::{Stmt, Value, ValueId};

impl Machine<'_> {
    /// Whether a value is a call that makes a generator.
    pub(crate) fn makes_generator(&mut self, frame: FrameId, value: ValueId) -> bool {
        let unit = self.units[self.unit_of(frame).0 as usize].clone();
        let function = self.frame(frame).function;
        let Some(Value::Call(call)) = unit.functions[function.0 as usize].values.get(value.0 as usize) else {
            return false;
        };
        let callee = self.evaluate(frame, call.callee);
        let function = if let Abs::Bound(both) = &callee { &both.0 } else { &callee };
        let Abs::Function { unit, id, .. } = function else { return false };
        yields(&self.units[unit.0 as usize].functions[id.0 as usize].body)
    }
}

/// Whether a function with this body is a generator.
fn yields(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::Yield(_) => true,
        Stmt::If { yes, no, .. } => yields(yes) || yields(no),
        Stmt::Maybe(body) => yields(body),
        Stmt::Each(each) => yields(&each.body),
        _ => false,
    })
}
