//! Statements: what is done, and what it makes of the local variables.

use crate::grammar::{FIELDS, Grammar as _};
use crate::lower::{Lowerer, first_child, named_children};
use facts::code::{BinaryOp, Literal, Stmt, Value, ValueId};
use std::sync::Arc;
use tree_sitter::Node;

/// Whether an `if` asks whether the file itself is run.
pub(crate) fn is_main_check(lowerer: &Lowerer<'_, '_>, node: Node<'_>) -> bool {
    let condition = node.child_by_field_id(FIELDS.condition).map_or("", |c| lowerer.str(c));
    condition.contains("__name__") && condition.contains("__main__") && condition.contains("==")
}

/// What a condition says before anything runs.
fn decided(lowerer: &Lowerer<'_, '_>, condition: Node<'_>) -> Option<bool> {
    match lowerer.str(condition) {
        "False" | "0" | "TYPE_CHECKING" | "typing.TYPE_CHECKING" => Some(false),
        "True" | "1" => Some(true),
        _ => None,
    }
}

impl<'t> Lowerer<'_, 't> {
    /// Lowers the statements of a block, up to one that ends it.
    pub(crate) fn block(&mut self, node: Node<'t>) -> Vec<Stmt> {
        let mut out = Vec::new();
        for child in named_children(node) {
            self.at = self.position(child);
            if self.deeper(|l| l.statement(child, &mut out)).is_none() {
                break;
            }
            if matches!(
                child.kind_name(),
                "return_statement" | "raise_statement" | "continue_statement" | "break_statement"
            ) {
                break;
            }
        }
        out
    }

    fn statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        match node.kind_name() {
            "expression_statement" => self.expression_statement(node, out),
            "if_statement" => self.if_statement(node, out),
            "for_statement" => self.for_statement(node, out),
            "while_statement" => self.while_statement(node, out),
            "try_statement" => self.try_statement(node, out),
            "with_statement" => self.with_statement(node, out),
            "match_statement" => self.match_statement(node, out),
            "return_statement" => {
                let value = first_child(node).map(|v| self.expression_into(v, out));
                out.push(Stmt::Return(value));
            }
            "raise_statement" => {
                if let Some(what) = node.named_child(0) {
                    self.evaluated(what, out);
                }
                out.push(Stmt::Raise);
            }
            "function_definition" | "class_definition" => self.definition(node, &[], out),
            "decorated_definition" => {
                let mut cursor = node.walk();
                let decorators: Vec<Node<'t>> =
                    node.named_children(&mut cursor).filter(|n| n.kind_name() == "decorator").collect();
                if let Some(definition) = node.child_by_field_id(FIELDS.definition) {
                    self.definition(definition, &decorators, out);
                }
            }
            "import_statement" => self.import_statement(node),
            "import_from_statement" => self.import_from(node),
            "global_statement" => {
                let mut cursor = node.walk();
                let names: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
                for name in names {
                    let name = self.name(name);
                    if self.scopes.len() > 1 {
                        self.scope().globals.insert(name);
                    }
                }
            }
            "assert_statement" | "delete_statement" | "print_statement" | "exec_statement" => {
                for child in named_children(node) {
                    self.evaluated(child, out);
                }
            }
            // What is left of a function that is broken does not run where it stands.
            "ERROR" if crate::recovery::broken_definition(self.text, node).is_some() => {}
            "ERROR" => out.extend(self.block(node)),
            // What is left of a broken statement.
            "call" | "await" => {
                self.evaluated(node, out);
            }
            _ => {}
        }
    }

    fn definition(&mut self, node: Node<'t>, decorators: &[Node<'t>], out: &mut Vec<Stmt>) {
        let (name, value) = if node.kind_name() == "class_definition" {
            let (name, id) = self.define_class(node, decorators, out);
            (name, self.add(Value::Class(id)))
        } else {
            let (name, id) = self.define_function(node, decorators);
            if self.is_setter(decorators) {
                // The name keeps meaning the property that reads.
                return;
            }
            (name, self.add(Value::Function(id)))
        };
        let decorated = decorators.iter().any(|d| !self.is_language_decorator(*d));
        let derived = node.child_by_field_id(FIELDS.superclasses).is_some();
        if decorated || derived {
            // A decorator is called where the definition stands, used or not: it may register what it decorates. So is
            // a base class that wants to hear of classes below it.
            out.push(Stmt::Eval(value));
        }
        self.bind_name(name, value, out);
    }

    /// Lowers an expression for what it does: it is kept if it calls anything.
    pub(crate) fn evaluated(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let before = self.calls;
        let value = self.expression_into(node, out);
        if self.calls > before {
            out.push(Stmt::Eval(value));
        }
        value
    }

    fn expression_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        for child in named_children(node) {
            match child.kind_name() {
                "assignment" => {
                    self.assignment(child, out);
                }
                "augmented_assignment" => self.augmented(child, out),
                "yield" => {
                    let value = child.named_child(0).map(|v| self.evaluated(v, out));
                    if let Some(value) = value {
                        let from = self.str(child).starts_with("yield from");
                        let value = if from { self.add(Value::Element(value)) } else { value };
                        out.push(Stmt::Yield(value));
                    }
                }
                _ => {
                    self.evaluated(child, out);
                }
            }
        }
    }

    fn assignment(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let value = match node.child_by_field_id(FIELDS.right) {
            Some(right) if right.kind_name() == "assignment" => self.assignment(right, out),
            Some(right) => self.evaluated(right, out),
            None if self.scope().class_body => self.unknown("the field is only declared"),
            None => return self.unknown("the variable is only declared"),
        };
        if let Some(left) = node.child_by_field_id(FIELDS.left) {
            self.assign(left, value, out);
        }
        value
    }

    fn augmented(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let (Some(left), Some(right)) = (node.child_by_field_id(FIELDS.left), node.child_by_field_id(FIELDS.right))
        else {
            return;
        };
        let old = self.expression_into(left, out);
        let new = self.evaluated(right, out);
        let op = match node.child_by_field_id(FIELDS.operator).map_or("", |o| self.str(o)) {
            "+=" => BinaryOp::Add,
            "%=" => BinaryOp::Rem,
            "|=" => BinaryOp::Union,
            _ => BinaryOp::Arithmetic,
        };
        let value = self.add(Value::Binary { op, left: old, right: new });
        self.assign(left, value, out);
    }

    /// Binds a target: a name, attribute, element, or a tuple of those.
    pub(crate) fn assign(&mut self, target: Node<'t>, value: ValueId, out: &mut Vec<Stmt>) {
        match target.kind_name() {
            "identifier" => {
                let name = self.name(target);
                self.bind_name(name, value, out);
            }
            "attribute" => {
                let Some(object) = target.child_by_field_id(FIELDS.object) else { return };
                let base = self.expression_into(object, out);
                let name = target.child_by_field_id(FIELDS.attribute).map_or_else(|| "_".into(), |n| self.name(n));
                out.push(Stmt::SetAttr { base, name, value });
            }
            "subscript" => {
                let Some(object) = target.child_by_field_id(FIELDS.value) else { return };
                let base = self.expression_into(object, out);
                let key = match target.child_by_field_id(FIELDS.subscript) {
                    Some(key) => self.expression_into(key, out),
                    None => self.unknown("it is a part of a list"),
                };
                out.push(Stmt::SetIndex { base, key, value });
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "tuple" | "list" | "expression_list" => {
                for (i, part) in named_children(target).into_iter().enumerate() {
                    if part.kind_name() == "list_splat_pattern" {
                        let rest = self.add(Value::Slice(value));
                        if let Some(inner) = part.named_child(0) {
                            self.assign(inner, rest, out);
                        }
                        continue;
                    }
                    let item = if let Some(item) = self.listed(value, i) {
                        item
                    } else {
                        let key = self.add(Value::Literal(Literal::Int(i64::try_from(i).unwrap_or(i64::MAX))));
                        self.add(Value::Index { base: value, key })
                    };
                    self.assign(part, item, out);
                }
            }
            "parenthesized_expression" | "as_pattern_target" => {
                if let Some(inner) = target.named_child(0) {
                    self.assign(inner, value, out);
                }
            }
            _ => {}
        }
    }

    /// The element of a list that is written out up to there.
    fn listed(&mut self, list: ValueId, index: usize) -> Option<ValueId> {
        let values = &self.scope().function.values;
        let Value::List(items) = &values[list.0 as usize] else { return None };
        let known = items.get(..=index)?;
        let spread = known.iter().any(|i| matches!(values[i.0 as usize], Value::Spread(_)));
        known.last().copied().filter(|_| !spread)
    }

    pub(crate) fn bind_name(&mut self, name: Arc<str>, value: ValueId, out: &mut Vec<Stmt>) {
        if self.scope().globals.contains(&name) {
            out.push(Stmt::SetGlobal { name, value });
        } else {
            self.scope().set(name, value);
        }
    }

    fn if_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let mut branches = vec![node];
        let mut last = None;
        for child in node.children_of(FIELDS.alternative) {
            match child.kind_name() {
                "elif_clause" => branches.push(child),
                _ => last = child.child_by_field_id(FIELDS.body),
            }
        }
        self.branch(&branches, last, out);
    }

    /// One branch of an `if` and, as its other side, all the further ones.
    fn branch(&mut self, branches: &[Node<'t>], last: Option<Node<'t>>, out: &mut Vec<Stmt>) {
        let Some((first, rest)) = branches.split_first() else {
            if let Some(last) = last {
                out.extend(self.block(last));
            }
            return;
        };
        let (Some(test), Some(body)) =
            (first.child_by_field_id(FIELDS.condition), first.child_by_field_id(FIELDS.consequence))
        else {
            return;
        };
        if is_main_check(self, *first) {
            self.deeper(|l| l.branch(rest, last, out));
            return;
        }
        match decided(self, test) {
            Some(true) => return out.extend(self.block(body)),
            Some(false) => {
                if self.str(test).contains("TYPE_CHECKING") {
                    // Imports for annotations bind names, and do nothing.
                    self.block(body);
                }
                self.deeper(|l| l.branch(rest, last, out));
                return;
            }
            None => {}
        }
        let condition = self.evaluated(test, out);
        self.either(
            condition,
            out,
            |l, into| into.extend(l.block(body)),
            |l, into| {
                l.deeper(|l| l.branch(rest, last, into));
            },
        );
    }

    /// Lowers `yes` for when the condition holds and `no` for when it does not, and joins what they bind.
    pub(crate) fn either(
        &mut self,
        condition: ValueId,
        out: &mut Vec<Stmt>,
        yes: impl FnOnce(&mut Self, &mut Vec<Stmt>),
        no: impl FnOnce(&mut Self, &mut Vec<Stmt>),
    ) {
        let mark = self.scope().mark();
        let (mut when, mut otherwise) = (Vec::new(), Vec::new());
        yes(self, &mut when);
        let first = self.scope().rewind(mark);
        no(self, &mut otherwise);
        let second = self.scope().rewind(mark);
        let (yes_ends, no_ends) = (ends(&when), ends(&otherwise));
        out.push(Stmt::If { condition, yes: when, no: otherwise });
        self.join(condition, &first, &second, yes_ends, no_ends);
    }

    /// Joins what two branches have bound; a branch that ends the function leaves nothing behind.
    fn join(
        &mut self,
        condition: ValueId,
        yes: &[(Arc<str>, ValueId)],
        no: &[(Arc<str>, ValueId)],
        yes_ends: bool,
        no_ends: bool,
    ) {
        let find = |list: &[(Arc<str>, ValueId)], name: &str| {
            list.binary_search_by(|(n, _)| (**n).cmp(name)).ok().map(|i| list[i].1)
        };
        let only_no = no.iter().filter(|(n, _)| find(yes, n).is_none());
        let names: Vec<Arc<str>> = yes.iter().chain(only_no).map(|(n, _)| n.clone()).collect();
        for name in names {
            let before = self.scope().get(&name);
            let (y, n) = (find(yes, &name).or(before), find(no, &name).or(before));
            let value = match (y, n) {
                (Some(y), Some(n)) if !yes_ends && !no_ends => self.add(Value::Choice { condition, yes: y, no: n }),
                (Some(y), _) if !yes_ends => y,
                (_, Some(n)) if !no_ends => n,
                (Some(only), _) | (_, Some(only)) => only,
                (None, None) => continue,
            };
            self.scope().set(name, value);
        }
    }

    /// Lowers a block that may run any number of times; variables it binds may hold the old value too.
    pub(crate) fn maybe(&mut self, out: &mut Vec<Stmt>, f: impl FnOnce(&mut Self, &mut Vec<Stmt>)) {
        let mark = self.scope().mark();
        let mut body = Vec::new();
        f(self, &mut body);
        let changed = self.scope().rewind(mark);
        if !body.is_empty() {
            out.push(Stmt::Maybe(body));
        }
        for (name, value) in changed {
            let joined = match self.scope().get(&name) {
                Some(old) if old != value => self.add(Value::OneOf(vec![old, value])),
                _ => value,
            };
            self.scope().set(name, joined);
        }
    }

    fn for_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let Some(iterable) = node.child_by_field_id(FIELDS.right) else { return };
        if let Some(items) = self.written_out(iterable, node) {
            return self.each_turn(node, items, out);
        }
        let iterable = self.evaluated(iterable, out);
        let element = self.add(Value::Element(iterable));
        self.maybe(out, |l, body| {
            if let Some(left) = node.child_by_field_id(FIELDS.left) {
                l.assign(left, element, body);
            }
            if let Some(block) = node.child_by_field_id(FIELDS.body) {
                let block = l.block(block);
                body.extend(block);
            }
        });
        if let Some(block) = node.child_by_field_id(FIELDS.alternative).and_then(|a| a.child_by_field_id(FIELDS.body)) {
            out.extend(self.block(block));
        }
    }

    fn while_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        if let Some(condition) = node.child_by_field_id(FIELDS.condition) {
            if decided(self, condition) == Some(false) {
                return;
            }
            self.evaluated(condition, out);
        }
        self.maybe(out, |l, body| {
            if let Some(block) = node.child_by_field_id(FIELDS.body) {
                let block = l.block(block);
                body.extend(block);
            }
        });
        if let Some(block) = node.child_by_field_id(FIELDS.alternative).and_then(|a| a.child_by_field_id(FIELDS.body)) {
            out.extend(self.block(block));
        }
    }

    /// A branch of its own kind, as the handler of an exception: when it ends the function, it leaves nothing behind.
    pub(crate) fn maybe_last(&mut self, out: &mut Vec<Stmt>, f: impl FnOnce(&mut Self, &mut Vec<Stmt>)) {
        let mark = self.scope().mark();
        let mut body = Vec::new();
        f(self, &mut body);
        if ends(&body) {
            self.scope().rewind(mark);
            out.push(Stmt::Maybe(body));
            return;
        }
        let changed = self.scope().rewind(mark);
        self.maybe(out, |l, into| {
            into.extend(body);
            for (name, value) in changed {
                l.scope().set(name, value);
            }
        });
    }

    fn try_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        if let Some(body) = node.child_by_field_id(FIELDS.body) {
            // What comes after the statement may follow a handler that caught an early end of the body.
            let body = self.block(body);
            if ends(&body) {
                out.push(Stmt::Maybe(body));
            } else {
                out.extend(body);
            }
        }
        let mut cursor = node.walk();
        let clauses: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
        for clause in clauses {
            let block = named_children(clause).into_iter().find(|n| n.kind_name() == "block");
            let Some(block) = block else { continue };
            match clause.kind_name() {
                "except_clause" | "except_group_clause" => self.maybe_last(out, |l, body| {
                    if let Some(alias) = exception_alias(clause) {
                        let exception = l.unknown("it is an exception");
                        l.assign(alias, exception, body);
                    }
                    let block = l.block(block);
                    body.extend(block);
                }),
                "else_clause" | "finally_clause" => out.extend(self.block(block)),
                _ => {}
            }
        }
    }

    fn with_statement(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) {
        let mut stack = vec![node];
        let mut items = Vec::new();
        while let Some(at) = stack.pop() {
            let mut cursor = at.walk();
            for child in at.named_children(&mut cursor) {
                match child.kind_name() {
                    "with_clause" => stack.push(child),
                    "with_item" => items.push(child),
                    _ => {}
                }
            }
        }
        for item in items {
            let Some(value) = item.child_by_field_id(FIELDS.value) else { continue };
            if value.kind_name() == "as_pattern" {
                let Some(source) = value.named_child(0) else { continue };
                let source = self.evaluated(source, out);
                let entered = self.add(Value::Enter(source));
                out.push(Stmt::Eval(entered));
                if let Some(alias) = value.child_by_field_id(FIELDS.alias) {
                    self.assign(alias, entered, out);
                }
            } else {
                let source = self.evaluated(value, out);
                let entered = self.add(Value::Enter(source));
                out.push(Stmt::Eval(entered));
            }
        }
        if let Some(body) = node.child_by_field_id(FIELDS.body) {
            out.extend(self.block(body));
        }
    }
}

/// Whether a block surely ends the function.
fn ends(block: &[Stmt]) -> bool {
    match block.last() {
        Some(Stmt::Return(_) | Stmt::Raise) => true,
        Some(Stmt::If { yes, no, .. }) => ends(yes) && ends(no),
        _ => false,
    }
}

/// The name that a handler gives to its exception.
fn exception_alias(clause: Node<'_>) -> Option<Node<'_>> {
    let pattern = named_children(clause).into_iter().find(|n| n.kind_name() == "as_pattern");
    pattern.and_then(|p| p.child_by_field_id(FIELDS.alias)).or_else(|| clause.child_by_field_id(FIELDS.alias))
}
