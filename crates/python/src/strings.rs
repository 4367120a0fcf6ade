//! Texts, and texts with values in them.

use crate::lower::Lowerer;
use facts::code::{Literal, Stmt, Value, ValueId};
use ruff_python_ast::{ExprFString, FStringPart, InterpolatedStringElement};

impl<'t> Lowerer<'t> {
    pub(crate) fn text(&mut self, text: &str) -> ValueId {
        self.add(Value::Literal(Literal::Text(text.into())))
    }

    /// `f"…{x}…"`, also next to other texts.
    pub(crate) fn formatted(&mut self, node: &'t ExprFString, out: &mut Vec<Stmt>) -> ValueId {
        let mut pieces: Vec<ValueId> = Vec::new();
        let mut text = String::new();
        for part in &node.value {
            let elements = match part {
                FStringPart::Literal(literal) => {
                    text.push_str(&literal.value);
                    continue;
                }
                FStringPart::FString(formatted) => &formatted.elements,
            };
            for element in elements {
                match element {
                    InterpolatedStringElement::Literal(literal) => text.push_str(&literal.value),
                    InterpolatedStringElement::Interpolation(inner) => {
                        let value = self.expression_into(&inner.expression, out);
                        self.flush(&mut text, &mut pieces);
                        pieces.push(value);
                    }
                }
            }
        }
        if pieces.is_empty() {
            return self.text(&text);
        }
        self.flush(&mut text, &mut pieces);
        self.add(Value::Concat(pieces))
    }

    fn flush(&mut self, text: &mut String, pieces: &mut Vec<ValueId>) {
        if !text.is_empty() {
            pieces.push(self.text(text));
            text.clear();
        }
    }
}
