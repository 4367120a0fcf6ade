//! Expressions: how values are computed.

use crate::grammar::{FIELDS, Grammar as _};
use crate::lower::{Lowerer, first_child, named_children};
use crate::strings;
use facts::code::{Arg, ArgName, BinaryOp, Call, Literal, Stmt, Value, ValueId};
use std::sync::Arc;
use tree_sitter::Node;

/// Characters kept of the text of a call.
const MAX_WHAT: usize = 60;

impl<'t> Lowerer<'_, 't> {
    /// Lowers an expression; what must be done on the way is lost.
    pub(crate) fn expression(&mut self, node: Node<'t>) -> ValueId {
        let mut lost = Vec::new();
        self.expression_into(node, &mut lost)
    }

    /// Lowers an expression; what must be done on the way (conditions of comprehensions, `:=`) goes to `out`.
    pub(crate) fn expression_into(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        match self.deeper(|l| l.any_expression(node, out)) {
            Some(value) => value,
            None => self.unknown("the code is nested too deeply"),
        }
    }

    fn any_expression(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        match node.kind_name() {
            "identifier" => {
                let name = self.name(node);
                self.lookup(name)
            }
            "string" | "concatenated_string" => self.string(node, out),
            "integer" => self.number(node),
            "float" => {
                let text = self.name(node);
                self.add(Value::Literal(Literal::Number(text)))
            }
            "true" => self.add(Value::Literal(Literal::Bool(true))),
            "false" => self.add(Value::Literal(Literal::Bool(false))),
            "none" => self.add(Value::Literal(Literal::Null)),
            "attribute" => self.attribute(node, out),
            "subscript" => self.subscript(node, out),
            "call" => self.call(node, out),
            "binary_operator" => self.binary(node, out),
            "boolean_operator" => self.boolean(node, out),
            "comparison_operator" => self.comparison(node, out),
            "not_operator" => {
                let inner = self.child(node, FIELDS.argument, out);
                self.add(Value::Not(inner))
            }
            "unary_operator" => self.unary(node, out),
            "conditional_expression" => self.conditional(node, out),
            "parenthesized_expression" | "await" | "type" => match first_child(node) {
                Some(inner) => self.expression_into(inner, out),
                None => self.unknown("it is empty"),
            },
            "list" | "tuple" | "set" | "expression_list" => self.list(node, out),
            "dictionary" => self.dictionary(node, out),
            "list_comprehension" | "set_comprehension" | "generator_expression" | "dictionary_comprehension" => {
                self.comprehension(node, out)
            }
            "lambda" => {
                let (_, id) = self.define_function(node, &[]);
                self.add(Value::Function(id))
            }
            "named_expression" => {
                let value = self.child(node, FIELDS.value, out);
                if let Some(name) = node.child_by_field_id(FIELDS.name) {
                    self.assign(name, value, out);
                }
                value
            }
            "list_splat" => {
                let inner = first_child(node).map(|n| self.expression_into(n, out));
                let inner = inner.unwrap_or_else(|| self.unknown("it is empty"));
                self.add(Value::Spread(inner))
            }
            "yield" => {
                if let Some(inner) = first_child(node) {
                    let value = self.expression_into(inner, out);
                    out.push(Stmt::Yield(value));
                }
                self.unknown("it is sent into a generator")
            }
            "slice" => self.slice_bounds(node, out),
            _ => self.unknown("it is an expression that is not read"),
        }
    }

    pub(crate) fn child(&mut self, node: Node<'t>, field: u16, out: &mut Vec<Stmt>) -> ValueId {
        match node.child_by_field_id(field) {
            Some(child) => self.expression_into(child, out),
            None => self.unknown("the code is broken here"),
        }
    }

    fn number(&mut self, node: Node<'t>) -> ValueId {
        let text = self.name(node);
        let digits = text.replace('_', "").to_ascii_lowercase();
        let based = |prefix: &str, radix| digits.strip_prefix(prefix).and_then(|d| i64::from_str_radix(d, radix).ok());
        let number = digits.parse().ok().or_else(|| based("0x", 16)).or_else(|| based("0o", 8));
        let literal = match number.or_else(|| based("0b", 2)) {
            Some(number) => Literal::Int(number),
            None => Literal::Number(text),
        };
        self.add(Value::Literal(literal))
    }

    fn unary(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let inner = self.child(node, FIELDS.argument, out);
        let negative = self.str(node).starts_with('-');
        match self.scope().function.values[inner.0 as usize] {
            Value::Literal(Literal::Int(i)) if negative => self.add(Value::Literal(Literal::Int(i.wrapping_neg()))),
            // As `0 - x`: the operand may hold calls.
            _ => {
                let zero = self.add(Value::Literal(Literal::Int(0)));
                self.add(Value::Binary { op: BinaryOp::Arithmetic, left: zero, right: inner })
            }
        }
    }

    fn attribute(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let base = self.child(node, FIELDS.object, out);
        let name = node.child_by_field_id(FIELDS.attribute).map_or_else(|| "_".into(), |n| self.name(n));
        self.add(Value::Attr { base, name })
    }

    fn subscript(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let base = self.child(node, FIELDS.value, out);
        let keys = node.children_of(FIELDS.subscript);
        match keys.as_slice() {
            [] => self.unknown("the code is broken here"),
            [slice] if slice.kind_name() == "slice" => {
                self.slice_bounds(*slice, out);
                self.add(Value::Slice(base))
            }
            [key] => {
                let key = self.expression_into(*key, out);
                self.add(Value::Index { base, key })
            }
            several => {
                let parts = several.iter().map(|k| self.expression_into(*k, out)).collect();
                let key = self.add(Value::List(parts));
                self.add(Value::Index { base, key })
            }
        }
    }

    /// Bounds say nothing of what a part of a list holds, but they may call.
    fn slice_bounds(&mut self, slice: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        for bound in named_children(slice) {
            self.evaluated(bound, out);
        }
        self.unknown("it is a range of indices")
    }

    fn call(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let Some(function) = node.child_by_field_id(FIELDS.function) else {
            return self.unknown("the code is broken here");
        };
        if self.str(function) == "super" {
            return self.add(Value::Super);
        }
        if let Some(module) = self.module_by_name(function, node.child_by_field_id(FIELDS.arguments)) {
            return module;
        }
        let callee = self.expression_into(function, out);
        let args = match node.child_by_field_id(FIELDS.arguments) {
            Some(list) if list.kind_name() == "generator_expression" => {
                let value = self.expression_into(list, out);
                vec![Arg { name: ArgName::Position, value }]
            }
            Some(list) => self.arguments(list, out),
            None => Vec::new(),
        };
        self.calls += 1;
        let at = function.child_by_field_id(FIELDS.attribute).unwrap_or(function);
        let position = self.position(at);
        let what = shorten(self.str(node));
        self.add(Value::Call(Box::new(Call { callee, args, position, what })))
    }

    fn arguments(&mut self, list: Node<'t>, out: &mut Vec<Stmt>) -> Vec<Arg> {
        let mut args = Vec::new();
        for arg in named_children(list) {
            let (name, value) = match arg.kind_name() {
                "keyword_argument" => {
                    let name = arg.child_by_field_id(FIELDS.name).map_or_else(|| "_".into(), |n| self.name(n));
                    (ArgName::Name(name), arg.child_by_field_id(FIELDS.value))
                }
                "list_splat" => (ArgName::Spread, first_child(arg)),
                "dictionary_splat" => (ArgName::SpreadNamed, first_child(arg)),
                _ => (ArgName::Position, Some(arg)),
            };
            let Some(value) = value else { continue };
            let value = self.expression_into(value, out);
            args.push(Arg { name, value });
        }
        args
    }

    /// A chain of `a + b + c …` is as deep in the tree as it is long: it is walked, not descended.
    fn binary(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let mut chain = vec![node];
        let mut leftmost = node.child_by_field_id(FIELDS.left);
        while let Some(left) = leftmost.filter(|l| l.kind_name() == "binary_operator") {
            chain.push(left);
            leftmost = left.child_by_field_id(FIELDS.left);
        }
        let mut value = match leftmost {
            Some(left) => self.expression_into(left, out),
            None => self.unknown("the code is broken here"),
        };
        for one in chain.into_iter().rev() {
            let right = self.child(one, FIELDS.right, out);
            let op = match one.child_by_field_id(FIELDS.operator).map_or("", |o| self.str(o)) {
                "+" => BinaryOp::Add,
                "%" => BinaryOp::Rem,
                "/" => BinaryOp::Div,
                "|" => BinaryOp::Union,
                _ => BinaryOp::Arithmetic,
            };
            value = self.add(Value::Binary { op, left: value, right });
        }
        value
    }

    /// As [`Lowerer::binary`]: a long chain is walked.
    fn boolean(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let mut chain = vec![node];
        let mut leftmost = node.child_by_field_id(FIELDS.left);
        while let Some(left) = leftmost.filter(|l| l.kind_name() == "boolean_operator") {
            chain.push(left);
            leftmost = left.child_by_field_id(FIELDS.left);
        }
        let mut value = match leftmost {
            Some(left) => self.expression_into(left, out),
            None => self.unknown("the code is broken here"),
        };
        for one in chain.into_iter().rev() {
            let right = self.child(one, FIELDS.right, out);
            let and = one.child_by_field_id(FIELDS.operator).is_some_and(|o| self.str(o) == "and");
            value = self.add(Value::Binary { op: if and { BinaryOp::And } else { BinaryOp::Or }, left: value, right });
        }
        value
    }

    /// `a < b < c` is `a < b and b < c`.
    fn comparison(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let values: Vec<ValueId> = named_children(node).into_iter().map(|o| self.expression_into(o, out)).collect();
        let operators = node.children_of(FIELDS.operators).into_iter().filter_map(|o| self.operator(o));
        let operators: Vec<BinaryOp> = operators.collect();
        let mut joined: Option<ValueId> = None;
        for (pair, op) in values.windows(2).zip(operators) {
            let one = self.add(Value::Binary { op, left: pair[0], right: pair[1] });
            joined = Some(match joined {
                Some(left) => self.add(Value::Binary { op: BinaryOp::And, left, right: one }),
                None => one,
            });
        }
        joined.unwrap_or_else(|| self.unknown("the code is broken here"))
    }

    fn operator(&self, node: Node<'t>) -> Option<BinaryOp> {
        Some(match self.str(node) {
            "" => return None,
            "==" | "is" => BinaryOp::Eq,
            "!=" | "<>" => BinaryOp::NotEq,
            "in" => BinaryOp::In,
            text if text.starts_with("is") => BinaryOp::NotEq,
            text if text.starts_with("not") => BinaryOp::NotIn,
            _ => BinaryOp::Compare,
        })
    }

    fn conditional(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let parts = named_children(node);
        let [yes, condition, no] = parts.as_slice() else { return self.unknown("the code is broken here") };
        let condition = self.expression_into(*condition, out);
        let yes = self.expression_into(*yes, out);
        let no = self.expression_into(*no, out);
        self.add(Value::Choice { condition, yes, no })
    }

    fn list(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let items = named_children(node).into_iter().map(|n| self.expression_into(n, out)).collect();
        self.add(Value::List(items))
    }

    fn dictionary(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let mut entries = Vec::new();
        for pair in named_children(node) {
            match pair.kind_name() {
                "pair" => {
                    let key = self.child(pair, FIELDS.key, out);
                    let value = self.child(pair, FIELDS.value, out);
                    entries.push((Some(key), value));
                }
                "dictionary_splat" => {
                    if let Some(inner) = first_child(pair) {
                        let value = self.expression_into(inner, out);
                        entries.push((None, value));
                    }
                }
                _ => {}
            }
        }
        self.add(Value::Map(entries))
    }

    /// A comprehension is a list of what its body gives for any element.
    fn comprehension(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let mark = self.scope().mark();
        self.comprehensions.push((self.scopes.len(), mark));
        let clauses = named_children(node);
        if let Some(value) = self.written_out_comprehension(node, &clauses, out) {
            if let Some((_, mark)) = self.comprehensions.pop() {
                self.scope().rewind(mark);
            }
            return value;
        }
        for clause in &clauses {
            match clause.kind_name() {
                "for_in_clause" => {
                    let before = self.calls;
                    let iterable = self.child(*clause, FIELDS.right, out);
                    if self.calls > before {
                        out.push(Stmt::Eval(iterable));
                    }
                    let element = self.add(Value::Element(iterable));
                    if let Some(left) = clause.child_by_field_id(FIELDS.left) {
                        let mut ignored = Vec::new();
                        self.assign(left, element, &mut ignored);
                    }
                }
                "if_clause" => {
                    let before = self.calls;
                    if let Some(condition) = first_child(*clause) {
                        let condition = self.expression_into(condition, out);
                        if self.calls > before {
                            out.push(Stmt::Maybe(vec![Stmt::Eval(condition)]));
                        }
                    }
                }
                _ => {}
            }
        }
        let value = match node.child_by_field_id(FIELDS.body) {
            Some(pair) if pair.kind_name() == "pair" => {
                let key = self.child(pair, FIELDS.key, out);
                let value = self.child(pair, FIELDS.value, out);
                self.add(Value::Map(vec![(Some(key), value)]))
            }
            Some(body) => {
                let body = self.expression_into(body, out);
                self.add(Value::List(vec![body]))
            }
            None => self.unknown("the code is broken here"),
        };
        if let Some((_, mark)) = self.comprehensions.pop() {
            self.scope().rewind(mark);
        }
        value
    }

    fn string(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> ValueId {
        let parts: Vec<Node<'t>> = if node.kind_name() == "concatenated_string" {
            let mut cursor = node.walk();
            node.named_children(&mut cursor).filter(|n| n.kind_name() == "string").collect()
        } else {
            vec![node]
        };
        let mut pieces: Vec<ValueId> = Vec::new();
        let mut text = String::new();
        for part in parts {
            self.string_part(part, &mut text, &mut pieces, out);
        }
        if pieces.is_empty() {
            return self.add(Value::Literal(Literal::Text(text.into())));
        }
        self.flush(&mut text, &mut pieces);
        self.add(Value::Concat(pieces))
    }

    fn flush(&mut self, text: &mut String, pieces: &mut Vec<ValueId>) {
        if !text.is_empty() {
            let known: Arc<str> = std::mem::take(text).into();
            let value = self.add(Value::Literal(Literal::Text(known)));
            pieces.push(value);
        }
    }

    fn string_part(&mut self, part: Node<'t>, text: &mut String, pieces: &mut Vec<ValueId>, out: &mut Vec<Stmt>) {
        let whole = self.str(part);
        let prefix = whole.split(['"', '\'']).next().unwrap_or_default().to_ascii_lowercase();
        let (raw, formatted) = (prefix.contains('r'), prefix.contains('f'));
        let mut cursor = part.walk();
        let children: Vec<Node<'t>> = part.children(&mut cursor).collect();
        for child in children {
            match child.kind_name() {
                "string_content" => {
                    let content = self.str(child);
                    text.push_str(&strings::decode(content, raw, formatted));
                }
                "interpolation" => {
                    let inner = child.child_by_field_id(FIELDS.expression).or_else(|| child.named_child(0));
                    if let Some(inner) = inner {
                        let value = self.expression_into(inner, out);
                        self.flush(text, pieces);
                        pieces.push(value);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The text of a call on one line, shortened: the callee stays readable.
fn shorten(text: &str) -> Arc<str> {
    if text.len() <= MAX_WHAT && !text.bytes().any(|b| b.is_ascii_control()) && !text.contains("  ") {
        return text.into();
    }
    let end = (0..=text.len().min(MAX_WHAT * 8)).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let cut_off = end < text.len();
    let mut out = String::new();
    for word in text[..end].split_whitespace() {
        if !out.is_empty() && !out.ends_with('(') && !word.starts_with([')', '.', ',']) {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > MAX_WHAT * 4 {
            break;
        }
    }
    if !cut_off && out.chars().count() <= MAX_WHAT {
        return out.into();
    }
    let cut: String = out.chars().take(MAX_WHAT - 2).collect();
    format!("{}…)", cut.trim_end()).into()
}
