//! Patterns: what they bind, and what they ask.

use crate::items::Lowerer;
use crate::paths::is_type;
use facts::code::{BinaryOp, Literal, Value, ValueId};
use syn::{Expr, Member, Pat};

impl Lowerer<'_> {
    /// Declares what a pattern binds.
    pub(crate) fn declare(&mut self, pattern: &Pat, value: ValueId) {
        self.deeper(proc_macro2::Span::call_site(), |lowerer| lowerer.declare_inner(pattern, value));
    }

    fn declare_inner(&mut self, pattern: &Pat, value: ValueId) {
        match pattern {
            Pat::Ident(ident) => {
                if let Some((_, inner)) = &ident.subpat {
                    self.declare(inner, value);
                }
                self.scope().declare(ident.ident.to_string().into(), value);
            }
            Pat::Type(typed) => {
                let value = self.typed(value, &typed.ty);
                self.declare(&typed.pat, value);
            }
            Pat::Reference(inner) => self.declare(&inner.pat, value),
            Pat::Paren(inner) => self.declare(&inner.pat, value),
            Pat::Guard(inner) => self.declare(&inner.pat, value),
            Pat::Or(all) => {
                if let Some(first) = all.cases.first() {
                    self.declare(first, value);
                }
            }
            Pat::Tuple(tuple) => self.declare_each(tuple.elems.iter(), value, None),
            Pat::Slice(slice) => self.declare_each(slice.elems.iter(), value, None),
            Pat::TupleStruct(tuple) => {
                let variant = self.variant(&tuple.path);
                // `Some(x)`, `Ok(x)`, `State(x)`: what is wrapped stands for the wrapper, and the other way round.
                if tuple.elems.len() == 1 {
                    let value = self.typed_as(value, variant);
                    self.declare(&tuple.elems[0], value);
                } else {
                    self.declare_each(tuple.elems.iter(), value, variant);
                }
            }
            Pat::Struct(fields) => {
                let variant = self.variant(&fields.path);
                for field in &fields.fields {
                    let (name, inner) = match &field.member {
                        Member::Named(name) => {
                            let name = name.to_string();
                            let field = self.field(&name);
                            (name, self.add(Value::Attr { base: value, name: field }))
                        }
                        Member::Unnamed(at) => (at.index.to_string(), self.element_at(value, i64::from(at.index))),
                    };
                    let inner = self.inside(inner, variant, &name);
                    self.declare(&field.pat, inner);
                }
            }
            _ => {}
        }
    }

    /// `Event::Placed` as the type of what it holds.
    fn variant(&mut self, path: &syn::Path) -> Option<ValueId> {
        let mut last = path.segments.iter().rev().map(|segment| is_type(&segment.ident.to_string()));
        (last.next() == Some(true) && last.next() == Some(true)).then(|| self.path(path))
    }

    /// A value that a variant has under this name.
    fn inside(&mut self, value: ValueId, variant: Option<ValueId>, name: &str) -> ValueId {
        let ty = variant.map(|base| self.add(Value::Attr { base, name: name.into() }));
        self.typed_as(value, ty)
    }

    fn declare_each<'p>(&mut self, all: impl Iterator<Item = &'p Pat>, value: ValueId, variant: Option<ValueId>) {
        for (i, inner) in (0..).zip(all) {
            if matches!(inner, Pat::Rest(_)) {
                break;
            }
            let element = self.element_at(value, i);
            let element = self.inside(element, variant, &i.to_string());
            self.declare(inner, element);
        }
    }

    pub(crate) fn element_at(&mut self, base: ValueId, at: i64) -> ValueId {
        let key = self.add(Value::Literal(Literal::Int(at)));
        self.add(Value::Index { base, key })
    }

    /// The condition under which a pattern fits; `None` where it always does.
    pub(crate) fn asks(&mut self, pattern: &Pat, value: ValueId, scrutinee: Option<&Expr>) -> Option<ValueId> {
        match pattern {
            Pat::Wild(_) | Pat::Rest(_) => None,
            Pat::Ident(ident) if ident.subpat.is_none() => {
                let name = ident.ident.to_string();
                // `None`, and constants.
                let constant = name == "None" || name.chars().all(|c| c == '_' || c.is_uppercase() || c.is_numeric());
                constant.then(|| self.unknown("the pattern is not followed"))
            }
            Pat::Type(typed) => self.asks(&typed.pat, value, scrutinee),
            Pat::Reference(inner) => self.asks(&inner.pat, value, scrutinee),
            Pat::Paren(inner) => self.asks(&inner.pat, value, scrutinee),
            Pat::Lit(literal) => {
                let right = self.literal(&literal.lit);
                Some(self.add(Value::Binary { op: BinaryOp::Eq, left: value, right }))
            }
            // `&Method::POST`: constants of a library are known by the name.
            Pat::Path(path) => {
                let name = path.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
                if name.len() > 1 && name.chars().all(|c| c.is_ascii_uppercase()) {
                    let right = self.add(Value::Literal(Literal::Text(name.into())));
                    return Some(self.add(Value::Binary { op: BinaryOp::Eq, left: value, right }));
                }
                Some(self.unknown("the pattern is not followed"))
            }
            Pat::Or(all) => self.asks_any(all.cases.iter(), value, scrutinee),
            Pat::Tuple(tuple) => self.asks_all(tuple, value),
            Pat::TupleStruct(tuple) if tuple.elems.len() == 1 && tuple.path.is_ident("Some") => {
                let inner = self.asks(&tuple.elems[0], value, None);
                Some(inner.unwrap_or_else(|| self.unknown("the pattern is not followed")))
            }
            _ => Some(self.unknown("the pattern is not followed")),
        }
    }

    fn asks_any<'p>(
        &mut self,
        all: impl Iterator<Item = &'p Pat>,
        value: ValueId,
        scrutinee: Option<&Expr>,
    ) -> Option<ValueId> {
        let mut out: Option<ValueId> = None;
        for pattern in all.take(64) {
            let right = self.asks(pattern, value, scrutinee)?;
            out = Some(match out {
                Some(left) => self.add(Value::Binary { op: BinaryOp::Or, left, right }),
                None => right,
            });
        }
        out
    }

    fn asks_all(&mut self, tuple: &syn::PatTuple, value: ValueId) -> Option<ValueId> {
        let mut out: Option<ValueId> = None;
        for (i, pattern) in (0..).zip(&tuple.elems) {
            let element = self.element_at(value, i);
            let Some(right) = self.asks(pattern, element, None) else { continue };
            out = Some(match out {
                Some(left) => self.add(Value::Binary { op: BinaryOp::And, left, right }),
                None => right,
            });
        }
        out
    }
}
