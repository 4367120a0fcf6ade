//! Expressions: how values are computed.

use crate::assignments::operator;
use crate::lower::Lowerer;
use facts::code::{BinaryOp, Literal, Stmt, Value, ValueId};
use ruff_python_ast::{
    BoolOp, CmpOp, Expr, ExprBinOp, ExprBoolOp, ExprCompare, ExprDict, ExprIf, ExprNumberLiteral, ExprSlice,
    ExprSubscript, ExprUnaryOp, Number, UnaryOp,
};

impl<'t> Lowerer<'t> {
    /// Lowers an expression; what must be done on the way is lost.
    pub(crate) fn expression(&mut self, node: &'t Expr) -> ValueId {
        let mut lost = Vec::new();
        self.expression_into(node, &mut lost)
    }

    /// Lowers an expression; what must be done on the way (conditions of comprehensions, `:=`) goes to `out`.
    pub(crate) fn expression_into(&mut self, node: &'t Expr, out: &mut Vec<Stmt>) -> ValueId {
        match self.deeper(|l| l.any_expression(node, out)) {
            Some(value) => value,
            None => self.unknown("the code is nested too deeply"),
        }
    }

    fn any_expression(&mut self, node: &'t Expr, out: &mut Vec<Stmt>) -> ValueId {
        match node {
            // The parser puts a name without letters where an expression is missing.
            Expr::Name(name) if name.id.is_empty() => self.unknown("the code is broken here"),
            Expr::Name(name) => {
                let name = self.name(name.id.as_str());
                self.lookup(name)
            }
            Expr::StringLiteral(node) => {
                self.mention(node.value.to_str());
                self.text(node.value.to_str())
            }
            Expr::BytesLiteral(node) => {
                let bytes: Vec<u8> = node.value.bytes().collect();
                self.text(&String::from_utf8_lossy(&bytes))
            }
            Expr::FString(node) => self.formatted(node, out),
            Expr::NumberLiteral(node) => self.number(node),
            Expr::BooleanLiteral(node) => self.add(Value::Literal(Literal::Bool(node.value))),
            Expr::NoneLiteral(_) => self.add(Value::Literal(Literal::Null)),
            Expr::Attribute(node) => {
                let base = self.expression_into(&node.value, out);
                let name = self.identifier(&node.attr);
                self.add(Value::Attr { base, name })
            }
            Expr::Subscript(node) => self.subscript(node, out),
            Expr::Call(node) => self.call(node, out),
            Expr::BinOp(node) => self.binary(node, out),
            Expr::BoolOp(node) => self.boolean(node, out),
            Expr::Compare(node) => self.comparison(node, out),
            Expr::UnaryOp(node) => self.unary(node, out),
            Expr::If(node) => self.conditional(node, out),
            Expr::Await(node) => self.expression_into(&node.value, out),
            Expr::List(node) => self.list(&node.elts, out),
            Expr::Tuple(node) => self.list(&node.elts, out),
            Expr::Set(node) => self.list(&node.elts, out),
            Expr::Dict(node) => self.dictionary(node, out),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(node, out)
            }
            Expr::Lambda(node) => {
                let id = self.define_lambda(node);
                self.add(Value::Function(id))
            }
            Expr::Named(node) => {
                let value = self.expression_into(&node.value, out);
                self.assign(&node.target, value, out);
                value
            }
            Expr::Starred(node) => {
                let inner = self.expression_into(&node.value, out);
                self.add(Value::Spread(inner))
            }
            Expr::Yield(node) => {
                if let Some(inner) = &node.value {
                    let value = self.expression_into(inner, out);
                    out.push(Stmt::Yield(value));
                }
                self.unknown("it is sent into a generator")
            }
            Expr::YieldFrom(node) => {
                let value = self.expression_into(&node.value, out);
                let value = self.add(Value::Element(value));
                out.push(Stmt::Yield(value));
                self.unknown("it is what a generator returns")
            }
            Expr::Slice(node) => self.slice_bounds(node, out),
            Expr::TString(_) | Expr::EllipsisLiteral(_) | Expr::IpyEscapeCommand(_) => {
                self.unknown("it is an expression that is not read")
            }
        }
    }

    fn number(&mut self, node: &'t ExprNumberLiteral) -> ValueId {
        let literal = match &node.value {
            Number::Int(number) => number.as_i64().map(Literal::Int),
            _ => None,
        };
        let literal = literal.unwrap_or_else(|| Literal::Number(self.name(self.str(node))));
        self.add(Value::Literal(literal))
    }

    fn unary(&mut self, node: &'t ExprUnaryOp, out: &mut Vec<Stmt>) -> ValueId {
        let inner = self.expression_into(&node.operand, out);
        if node.op == UnaryOp::Not {
            return self.add(Value::Not(inner));
        }
        match self.scope().function.values[inner.0 as usize] {
            Value::Literal(Literal::Int(i)) if node.op == UnaryOp::USub => {
                self.add(Value::Literal(Literal::Int(i.wrapping_neg())))
            }
            // As `0 - x`: the operand may hold calls.
            _ => {
                let zero = self.add(Value::Literal(Literal::Int(0)));
                self.add(Value::Binary { op: BinaryOp::Arithmetic, left: zero, right: inner })
            }
        }
    }

    fn subscript(&mut self, node: &'t ExprSubscript, out: &mut Vec<Stmt>) -> ValueId {
        let base = self.expression_into(&node.value, out);
        let key = self.expression_into(&node.slice, out);
        self.add(if node.slice.is_slice_expr() { Value::Slice(base) } else { Value::Index { base, key } })
    }

    /// Bounds say nothing of what a part of a list holds, but they may call.
    fn slice_bounds(&mut self, slice: &'t ExprSlice, out: &mut Vec<Stmt>) -> ValueId {
        for bound in [&slice.lower, &slice.upper, &slice.step].into_iter().flatten() {
            self.evaluated(bound, out);
        }
        self.unknown("it is a range of indices")
    }

    /// A chain of `a + b + c …` is as deep in the tree as it is long: it is walked, not descended.
    fn binary(&mut self, node: &'t ExprBinOp, out: &mut Vec<Stmt>) -> ValueId {
        let mut chain = vec![node];
        let mut leftmost = &*node.left;
        while let Expr::BinOp(left) = leftmost {
            chain.push(left);
            leftmost = &left.left;
        }
        let mut value = self.expression_into(leftmost, out);
        for one in chain.into_iter().rev() {
            let right = self.expression_into(&one.right, out);
            value = self.add(Value::Binary { op: operator(one.op), left: value, right });
        }
        value
    }

    fn boolean(&mut self, node: &'t ExprBoolOp, out: &mut Vec<Stmt>) -> ValueId {
        let op = match node.op {
            BoolOp::And => BinaryOp::And,
            BoolOp::Or => BinaryOp::Or,
        };
        let mut joined: Option<ValueId> = None;
        for value in &node.values {
            let right = self.expression_into(value, out);
            joined = Some(joined.map_or(right, |left| self.add(Value::Binary { op, left, right })));
        }
        joined.unwrap_or_else(|| self.unknown("the code is broken here"))
    }

    /// `a < b < c` is `a < b and b < c`.
    fn comparison(&mut self, node: &'t ExprCompare, out: &mut Vec<Stmt>) -> ValueId {
        let operands = std::iter::once(&*node.left).chain(&node.comparators);
        let values: Vec<ValueId> = operands.map(|operand| self.expression_into(operand, out)).collect();
        let mut joined: Option<ValueId> = None;
        for (pair, op) in values.windows(2).zip(&node.ops) {
            let op = match op {
                CmpOp::Eq | CmpOp::Is => BinaryOp::Eq,
                CmpOp::NotEq | CmpOp::IsNot => BinaryOp::NotEq,
                CmpOp::In => BinaryOp::In,
                CmpOp::NotIn => BinaryOp::NotIn,
                CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => BinaryOp::Compare,
            };
            let one = self.add(Value::Binary { op, left: pair[0], right: pair[1] });
            joined = Some(match joined {
                Some(left) => self.add(Value::Binary { op: BinaryOp::And, left, right: one }),
                None => one,
            });
        }
        joined.unwrap_or_else(|| self.unknown("the code is broken here"))
    }

    fn conditional(&mut self, node: &'t ExprIf, out: &mut Vec<Stmt>) -> ValueId {
        let condition = self.expression_into(&node.test, out);
        let yes = self.expression_into(&node.body, out);
        let no = self.expression_into(&node.orelse, out);
        self.add(Value::Choice { condition, yes, no })
    }

    fn list(&mut self, items: &'t [Expr], out: &mut Vec<Stmt>) -> ValueId {
        let items = items.iter().map(|item| self.expression_into(item, out)).collect();
        self.add(Value::List(items))
    }

    fn dictionary(&mut self, node: &'t ExprDict, out: &mut Vec<Stmt>) -> ValueId {
        let mut entries = Vec::new();
        for item in &node.items {
            let key = item.key.as_ref().map(|key| self.expression_into(key, out));
            entries.push((key, self.expression_into(&item.value, out)));
        }
        self.add(Value::Map(entries))
    }
}
