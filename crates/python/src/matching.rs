//! `match`: which case applies is a condition where its pattern is made of literals, else it is open.

use crate::grammar::{FIELDS, Grammar as _};
use crate::lower::{Lowerer, first_child, named_children};
use facts::code::{BinaryOp, Stmt, Value, ValueId};
use tree_sitter::Node;

impl<'t> Lowerer<'_, 't> {
    pub(crate) fn match_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let Some(subject) = node.child_by_field_id(FIELDS.subject) else { return };
        let subject = self.evaluated(subject, out);
        let Some(body) = node.child_by_field_id(FIELDS.body) else { return };
        let cases: Vec<Node<'t>> =
            named_children(body).into_iter().filter(|n| n.kind_name() == "case_clause").collect();
        self.cases(subject, &cases, out);
    }

    /// The first case or else the further ones.
    fn cases(&mut self, subject: ValueId, cases: &[Node<'t>], out: &mut Vec<Stmt>) {
        let Some((first, rest)) = cases.split_first() else { return };
        let patterns: Vec<Node<'t>> =
            named_children(*first).into_iter().filter(|n| n.kind_name() == "case_pattern").collect();
        let guard = first.child_by_field_id(FIELDS.guard);
        let pattern = match patterns.as_slice() {
            [one] => *one,
            _ => *first,
        };
        if guard.is_none() {
            if self.accepts_all(pattern) {
                self.bind_pattern(pattern, subject, out);
                return self.case_body(*first, out);
            }
            if let Some(condition) = self.pattern_condition(pattern, subject) {
                return self.either(
                    condition,
                    out,
                    |l, into| l.case_body(*first, into),
                    |l, into| {
                        l.deeper(|l| l.cases(subject, rest, into));
                    },
                );
            }
            if let Some(parts) = self.composite(pattern, subject) {
                let condition = self.condition_of(&parts);
                return self.either(
                    condition,
                    out,
                    |l, into| {
                        l.bind_parts(parts, into);
                        l.case_body(*first, into);
                    },
                    |l, into| {
                        l.deeper(|l| l.cases(subject, rest, into));
                    },
                );
            }
        }
        self.maybe_last(out, |l, into| {
            for pattern in patterns {
                l.bind_pattern(pattern, subject, into);
            }
            if let Some(test) = guard.and_then(first_child) {
                l.evaluated(test, into);
            }
            l.case_body(*first, into);
        });
        self.deeper(|l| l.cases(subject, rest, out));
    }

    fn case_body(&mut self, case: Node<'t>, out: &mut Vec<Stmt>) {
        if let Some(block) = case.child_by_field_id(FIELDS.consequence) {
            out.extend(self.block(block));
        }
    }

    /// Whether a pattern is `_` or a plain name.
    pub(crate) fn accepts_all(&self, pattern: Node<'t>) -> bool {
        let text = self.str(pattern);
        !matches!(text, "True" | "False" | "None")
            && !text.is_empty()
            && text.chars().all(|c| c == '_' || c.is_alphanumeric())
            && !text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// The condition under which a pattern of literals applies.
    pub(crate) fn pattern_condition(&mut self, pattern: Node<'t>, subject: ValueId) -> Option<ValueId> {
        let inner = match pattern.kind_name() {
            "case_pattern" => first_child(pattern)?,
            _ => pattern,
        };
        match inner.kind_name() {
            "string" | "concatenated_string" | "integer" | "float" | "true" | "false" | "none" => {
                let right = self.expression(inner);
                Some(self.add(Value::Binary { op: BinaryOp::Eq, left: subject, right }))
            }
            "union_pattern" => {
                let mut joined: Option<ValueId> = None;
                for alternative in named_children(inner) {
                    let one = self.pattern_condition(alternative, subject)?;
                    joined = Some(match joined {
                        Some(left) => self.add(Value::Binary { op: BinaryOp::Or, left, right: one }),
                        None => one,
                    });
                }
                joined
            }
            _ => None,
        }
    }

    /// Binds the names of a pattern: the whole subject to a plain name, else what cannot be told.
    pub(crate) fn bind_pattern(&mut self, pattern: Node<'t>, subject: ValueId, out: &mut Vec<Stmt>) {
        if self.accepts_all(pattern) {
            let name = self.name(pattern);
            if &*name != "_" {
                self.bind_name(name, subject, out);
            }
            return;
        }
        let mut stack = vec![pattern];
        while let Some(node) = stack.pop() {
            if node.kind_name() == "identifier" {
                let name = self.name(node);
                let class = node.parent().and_then(|p| p.parent()).is_some_and(|p| p.kind_name() == "class_pattern");
                if !class && &*name != "_" && !self.str(pattern).contains('(') {
                    let part = self.unknown("it is a part of what is matched");
                    self.bind_name(name, part, out);
                }
                continue;
            }
            stack.extend(named_children(node));
        }
    }
}
