//! `match`: which case applies is a condition where its pattern is made of literals, else it is open.

use crate::lower::Lowerer;
use facts::code::{BinaryOp, Literal, Stmt, Value, ValueId};
use ruff_python_ast::{Expr, Identifier, MatchCase, Pattern, Singleton, StmtMatch};

impl<'t> Lowerer<'t> {
    pub(crate) fn match_statement(&mut self, node: &'t StmtMatch, out: &mut Vec<Stmt>) {
        let subject = self.evaluated(&node.subject, out);
        self.cases(subject, &node.cases, out);
    }

    /// The first case or else the further ones.
    fn cases(&mut self, subject: ValueId, cases: &'t [MatchCase], out: &mut Vec<Stmt>) {
        let Some((first, rest)) = cases.split_first() else { return };
        let pattern = &first.pattern;
        if first.guard.is_none() {
            if accepts_all(pattern) {
                self.bind_pattern(pattern, subject, out);
                return out.extend(self.block(&first.body));
            }
            let further = |l: &mut Self, into: &mut Vec<Stmt>| {
                l.deeper(|l| l.cases(subject, rest, into));
            };
            if let Some(condition) = self.pattern_condition(pattern, subject) {
                return self.either(condition, out, |l, into| into.extend(l.block(&first.body)), further);
            }
            if let Some(parts) = self.composite(pattern, subject) {
                let condition = self.condition_of(&parts);
                let case = |l: &mut Self, into: &mut Vec<Stmt>| {
                    l.bind_parts(parts, into);
                    into.extend(l.block(&first.body));
                };
                return self.either(condition, out, case, further);
            }
        }
        self.maybe_last(out, |l, into| {
            l.bind_pattern(pattern, subject, into);
            if let Some(test) = &first.guard {
                l.evaluated(test, into);
            }
            into.extend(l.block(&first.body));
        });
        self.deeper(|l| l.cases(subject, rest, out));
    }

    /// The condition under which a pattern of literals applies.
    pub(crate) fn pattern_condition(&mut self, pattern: &'t Pattern, subject: ValueId) -> Option<ValueId> {
        let right = match pattern {
            Pattern::MatchValue(node) => match &*node.value {
                value @ (Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_)) => {
                    self.expression(value)
                }
                _ => return None,
            },
            Pattern::MatchSingleton(node) => self.add(Value::Literal(match node.value {
                Singleton::None => Literal::Null,
                Singleton::True => Literal::Bool(true),
                Singleton::False => Literal::Bool(false),
            })),
            Pattern::MatchOr(node) => {
                let mut joined: Option<ValueId> = None;
                for alternative in &node.patterns {
                    let one = self.deeper(|l| l.pattern_condition(alternative, subject)).flatten()?;
                    joined = Some(match joined {
                        Some(left) => self.add(Value::Binary { op: BinaryOp::Or, left, right: one }),
                        None => one,
                    });
                }
                return joined;
            }
            _ => return None,
        };
        Some(self.add(Value::Binary { op: BinaryOp::Eq, left: subject, right }))
    }

    /// Binds the names of a pattern: the whole subject to a name for all of it, else what cannot be told.
    pub(crate) fn bind_pattern(&mut self, pattern: &'t Pattern, subject: ValueId, out: &mut Vec<Stmt>) {
        let mut pattern = Some(pattern);
        // `case … as name`, and a plain name.
        while let Some(Pattern::MatchAs(node)) = pattern {
            self.bind_part(node.name.as_ref(), Some(subject), out);
            pattern = node.pattern.as_deref();
        }
        let mut open: Vec<&'t Pattern> = pattern.into_iter().collect();
        while let Some(pattern) = open.pop() {
            match pattern {
                Pattern::MatchAs(node) => {
                    self.bind_part(node.name.as_ref(), None, out);
                    open.extend(node.pattern.as_deref());
                }
                Pattern::MatchStar(node) => self.bind_part(node.name.as_ref(), None, out),
                Pattern::MatchMapping(node) => {
                    self.bind_part(node.rest.as_ref(), None, out);
                    open.extend(&node.patterns);
                }
                Pattern::MatchSequence(node) => open.extend(&node.patterns),
                Pattern::MatchOr(node) => open.extend(&node.patterns),
                Pattern::MatchClass(node) => {
                    open.extend(&node.arguments.patterns);
                    open.extend(node.arguments.keywords.iter().map(|keyword| &keyword.pattern));
                }
                Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
            }
        }
    }

    /// Binds a name in a pattern to a value, or to what cannot be told.
    pub(crate) fn bind_part(&mut self, name: Option<&'t Identifier>, value: Option<ValueId>, out: &mut Vec<Stmt>) {
        let Some(name) = name else { return };
        let value = value.unwrap_or_else(|| self.unknown("it is a part of what is matched"));
        let name = self.identifier(name);
        self.bind_name(name, value, out);
    }
}

/// Whether a pattern is `_` or a plain name.
pub(crate) fn accepts_all(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(node) if node.pattern.is_none())
}
