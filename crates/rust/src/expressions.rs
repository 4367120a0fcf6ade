//! Expressions.

use crate::functions::{Parameter, type_argument};
use crate::items::{Lowerer, start_of};
use crate::paths::is_type;
use facts::code::{Arg, ArgName, BinaryOp, Call, Function, Literal, Stmt, Value, ValueId};
use proc_macro2::Span;
use std::sync::Arc;
use syn::{AngleBracketedGenericArguments, BinOp, Expr, GenericArgument, Lit, Member, PathArguments, UnOp};

/// The longest text of a call that is kept.
const MAX_WHAT: usize = 60;

impl Lowerer<'_> {
    /// Lowers an expression; what must be done on the way goes to `out`.
    pub(crate) fn expression(&mut self, e: &Expr, out: &mut Vec<Stmt>) -> ValueId {
        let lowered = self.deeper(Span::call_site(), |lowerer| lowerer.expression_inner(e, out));
        lowered.unwrap_or_else(|| self.unknown("the code is nested too deeply"))
    }

    fn expression_inner(&mut self, e: &Expr, out: &mut Vec<Stmt>) -> ValueId {
        match e {
            Expr::Lit(e) => self.literal(&e.lit),
            Expr::Path(e) => self.path_value(e),
            // What only changes how a value is held or waited for leaves it as it is.
            Expr::Await(e) => self.expression(&e.base, out),
            Expr::Try(e) => self.expression(&e.expr, out),
            Expr::Reference(e) => self.expression(&e.expr, out),
            Expr::Paren(e) => self.expression(&e.expr, out),
            Expr::Group(e) => self.expression(&e.expr, out),
            Expr::Cast(e) => self.expression(&e.expr, out),
            Expr::Unary(e) => {
                let inner = self.expression(&e.expr, out);
                match e.op {
                    UnOp::Not(_) => self.add(Value::Not(inner)),
                    UnOp::Deref(_) => inner,
                    _ => self.unknown("it is calculated"),
                }
            }
            Expr::MethodCall(e) => self.method_call(e, out),
            Expr::Call(e) => self.call(e, out),
            Expr::Field(e) => {
                let base = self.expression(&e.base, out);
                match &e.member {
                    Member::Named(name) => {
                        let name = self.field(&name.to_string());
                        self.add(Value::Attr { base, name })
                    }
                    Member::Unnamed(at) => self.element_at(base, i64::from(at.index)),
                }
            }
            Expr::Index(e) => {
                let base = self.expression(&e.expr, out);
                match &*e.index {
                    Expr::Range(_) => self.add(Value::Slice(base)),
                    index => {
                        let key = self.expression(index, out);
                        self.add(Value::Index { base, key })
                    }
                }
            }
            Expr::Binary(e) => self.binary(e, out),
            Expr::Assign(e) => {
                let value = self.expression(&e.right, out);
                self.assign(&e.left, value, out);
                self.unknown("it is nothing")
            }
            Expr::Tuple(e) => self.list(e.elems.iter(), out),
            Expr::Array(e) => self.list(e.elems.iter(), out),
            Expr::Repeat(e) => self.list(std::iter::once(&*e.expr), out),
            Expr::Struct(e) => self.structure(e, out),
            Expr::Macro(e) => self.macro_call(&e.mac, out),
            other => self.controlled(other, out),
        }
    }

    /// What decides what is done, and when.
    fn controlled(&mut self, e: &Expr, out: &mut Vec<Stmt>) -> ValueId {
        match e {
            Expr::If(e) => self.if_(e, out),
            Expr::Match(e) => self.match_(e, out),
            Expr::ForLoop(e) => self.for_(e, out),
            Expr::While(e) => self.while_(e, out),
            Expr::Loop(e) => self.repeated(out, |lowerer, body| lowerer.block(&e.body, body)),
            Expr::Block(e) => self.block(&e.block, out).unwrap_or_else(|| self.unknown("it is nothing")),
            Expr::Unsafe(e) => self.block(&e.block, out).unwrap_or_else(|| self.unknown("it is nothing")),
            Expr::Let(e) => {
                let value = self.expression(&e.expr, out);
                self.declare(&e.pat, value);
                self.unknown("the pattern is not followed")
            }
            Expr::Return(e) => {
                let value = e.expr.as_ref().map(|value| self.expression(value, out));
                let returns = self.scope().returns;
                let value = value.map(|value| self.typed_as(value, returns));
                out.push(Stmt::Return(value));
                self.unknown("it is nothing")
            }
            Expr::Break(e) => {
                let value = match &e.expr {
                    Some(value) => self.expression(value, out),
                    None => self.unknown("it is nothing"),
                };
                self.leave_turn(Stmt::EndLoop, e.label.is_some(), out);
                value
            }
            Expr::Continue(e) => {
                self.leave_turn(Stmt::EndTurn, e.label.is_some(), out);
                self.unknown("it is nothing")
            }
            Expr::Closure(e) => {
                let params: Vec<Parameter<'_>> =
                    e.inputs.iter().map(|pattern| Parameter { pattern: Some(pattern), ty: None }).collect();
                let function = self.anonymous(e.inputs_begin.spans[0]);
                let id = self.body(function, &params, &[], |lowerer, out| Some(lowerer.expression(&e.body, out)));
                self.add(Value::Function(id))
            }
            // A block that is waited for, now or later: what it returns is its own.
            Expr::Async(e) => {
                let function = self.anonymous(e.async_token.span);
                let id = self.body(function, &[], &[], |lowerer, out| lowerer.block(&e.block, out));
                let callee = self.add(Value::Function(id));
                let position = Self::position(e.async_token.span);
                self.add(Value::Call(Box::new(Call { callee, args: Vec::new(), position, what: "async".into() })))
            }
            _ => self.unknown("it is calculated"),
        }
    }

    /// A path as a value: the name of a type without fields is its only instance.
    fn path_value(&mut self, e: &syn::ExprPath) -> ValueId {
        let value = self.path(&e.path);
        let named = match self.scope().function.values.get(value.0 as usize) {
            Some(Value::Global(name)) => name.clone(),
            _ => return value,
        };
        if !self.bare.contains(&named) {
            return value;
        }
        let at = e.path.segments.first().map_or_else(Span::call_site, |s| s.ident.span());
        self.call_of(value, Vec::new(), at, at)
    }

    fn anonymous(&mut self, at: Span) -> Function {
        let around = self.scope().function.name.clone();
        let name = if around.is_empty() { "<closure>".into() } else { format!("{around}.<closure>").into() };
        Function { name, position: Self::position(at), ..Function::default() }
    }

    pub(crate) fn literal(&mut self, literal: &Lit) -> ValueId {
        let literal = match literal {
            Lit::Str(text) => Literal::Text(text.value().into()),
            Lit::Char(c) => Literal::Text(c.value().to_string().into()),
            Lit::ByteStr(bytes) => Literal::Text(String::from_utf8_lossy(&bytes.value()).into()),
            Lit::Int(int) => match int.base10_parse::<i64>() {
                Ok(int) => Literal::Int(int),
                Err(_) => Literal::Number(int.to_string().into()),
            },
            Lit::Float(number) => Literal::Number(number.to_string().into()),
            Lit::Bool(b) => Literal::Bool(b.value),
            _ => return self.unknown("it is a constant of another kind"),
        };
        self.add(Value::Literal(literal))
    }

    /// A field by its name; one that is called like a method of the file is another thing than that.
    pub(crate) fn field(&mut self, name: &str) -> Arc<str> {
        if self.methods.contains(name) { format!("{name} (field)").into() } else { name.into() }
    }

    pub(crate) fn list<'e>(&mut self, all: impl Iterator<Item = &'e Expr>, out: &mut Vec<Stmt>) -> ValueId {
        let items = all.map(|item| self.expression(item, out)).collect();
        self.add(Value::List(items))
    }

    fn arguments<'e>(&mut self, all: impl Iterator<Item = &'e Expr>, out: &mut Vec<Stmt>) -> Vec<Arg> {
        all.map(|arg| Arg { name: ArgName::Position, value: self.expression(arg, out) }).collect()
    }

    fn method_call(&mut self, e: &syn::ExprMethodCall, out: &mut Vec<Stmt>) -> ValueId {
        let base = self.receiver(&e.receiver, out);
        let mut args = self.arguments(e.args.iter(), out);
        args.extend(self.type_arguments(e.turbofish.as_ref()));
        let callee = self.add(Value::Attr { base, name: e.method.to_string().into() });
        let value = self.call_of(callee, args, start_of(&e.receiver), e.paren_token.span.close());
        self.filled_in(value, e.turbofish.as_ref())
    }

    /// What a method is called on: a type's name there is its one value, whichever file declares it.
    fn receiver(&mut self, e: &Expr, out: &mut Vec<Stmt>) -> ValueId {
        let value = self.expression(e, out);
        let Expr::Path(path) = e else { return value };
        let mut names = path.path.segments.iter().rev().map(|s| s.ident.to_string());
        let is_camel = |name: &String| is_type(name) && name.contains(|c: char| c.is_lowercase());
        let is_named = names.next().as_ref().is_some_and(is_camel) && !names.next().as_ref().is_some_and(is_camel);
        if is_named && !matches!(self.scope().function.values.get(value.0 as usize), Some(Value::Call(_))) {
            let at = start_of(e);
            return self.call_of(value, Vec::new(), at, at);
        }
        value
    }

    fn call(&mut self, e: &syn::ExprCall, out: &mut Vec<Stmt>) -> ValueId {
        let mut args = self.arguments(e.args.iter(), out);
        if let (Expr::Path(path), [only]) = (&*e.func, &args[..]) {
            let mut last = path.path.segments.iter().rev().map(|s| s.ident.to_string());
            let (name, of) = (last.next().unwrap_or_default(), last.next().unwrap_or_default());
            // `AttributeValue::S(x)`, `Storage::Table(client)`: a variant stands for what it holds.
            if is_type(&name) && is_type(&of) {
                return only.value;
            }
        }
        let mut types = None;
        let callee = match &*e.func {
            Expr::Path(path) => {
                if let Some(PathArguments::AngleBracketed(list)) = path.path.segments.last().map(|s| &s.arguments) {
                    types = Some(list);
                    args.extend(self.type_arguments(types));
                }
                self.path(&path.path)
            }
            other => self.expression(other, out),
        };
        let value = self.call_of(callee, args, start_of(&e.func), e.paren_token.span.close());
        self.filled_in(value, types)
    }

    /// What a call gives that names one type, `from_value::<Order>(v)`: nearly always that.
    fn filled_in(&mut self, value: ValueId, list: Option<&AngleBracketedGenericArguments>) -> ValueId {
        let mut types = list.into_iter().flat_map(|list| &list.args);
        match (types.next(), types.next()) {
            (Some(GenericArgument::Type(ty)), None) => self.typed(value, ty),
            _ => value,
        }
    }

    /// Types that a call names, `keep::<Orders>()`, as arguments of their own.
    fn type_arguments(&mut self, list: Option<&AngleBracketedGenericArguments>) -> Vec<Arg> {
        let types = list.into_iter().flat_map(|list| &list.args).filter_map(|arg| match arg {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        let named = types.enumerate().filter_map(|(at, ty)| {
            let value = self.type_value(ty)?;
            Some(Arg { name: ArgName::Name(type_argument(at)), value })
        });
        named.collect()
    }

    pub(crate) fn call_of(&mut self, callee: ValueId, args: Vec<Arg>, start: Span, end: Span) -> ValueId {
        let what = self.what(start, end);
        self.add(Value::Call(Box::new(Call { callee, args, position: Self::position(start), what })))
    }

    /// The text from one place to another, shortened to one line.
    fn what(&self, start: Span, end: Span) -> Arc<str> {
        let text = self.text.get(start.byte_range().start..end.byte_range().end).unwrap_or_default();
        let mut out = String::new();
        for word in text.split_whitespace() {
            if !out.is_empty() && !out.ends_with('(') && !word.starts_with([')', '.', ',']) {
                out.push(' ');
            }
            out.push_str(word);
            if out.len() > MAX_WHAT * 4 {
                break;
            }
        }
        match out.char_indices().nth(MAX_WHAT) {
            Some((cut, _)) => format!("{}…", &out[..cut]).into(),
            None => out.into(),
        }
    }

    fn binary(&mut self, e: &syn::ExprBinary, out: &mut Vec<Stmt>) -> ValueId {
        let left = self.expression(&e.left, out);
        let right = self.expression(&e.right, out);
        let op = match e.op {
            BinOp::Add(_) => BinaryOp::Add,
            BinOp::Eq(_) => BinaryOp::Eq,
            BinOp::Ne(_) => BinaryOp::NotEq,
            BinOp::And(_) => BinaryOp::And,
            BinOp::Or(_) => BinaryOp::Or,
            BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => BinaryOp::Compare,
            BinOp::AddAssign(_) => {
                let sum = self.add(Value::Binary { op: BinaryOp::Add, left, right });
                self.assign(&e.left, sum, out);
                return sum;
            }
            _ => BinaryOp::Arithmetic,
        };
        self.add(Value::Binary { op, left, right })
    }

    fn assign(&mut self, to: &Expr, value: ValueId, out: &mut Vec<Stmt>) {
        match to {
            Expr::Path(path) => {
                if let Some(name) = path.path.get_ident().map(ToString::to_string) {
                    self.scope().assign(&name, value);
                }
            }
            Expr::Field(field) => {
                let base = self.expression(&field.base, out);
                if let Member::Named(name) = &field.member {
                    let name = self.field(&name.to_string());
                    out.push(Stmt::SetAttr { base, name, value });
                }
            }
            Expr::Index(index) => {
                let base = self.expression(&index.expr, out);
                let key = self.expression(&index.index, out);
                out.push(Stmt::SetIndex { base, key, value });
            }
            Expr::Unary(inner) => self.assign(&inner.expr, value, out),
            _ => out.push(Stmt::Eval(value)),
        }
    }

    /// `Orders { table, client: c, ..base }`.
    fn structure(&mut self, e: &syn::ExprStruct, out: &mut Vec<Stmt>) -> ValueId {
        let callee = self.path(&e.path);
        let mut args = Vec::new();
        for field in &e.fields {
            let name = match &field.member {
                Member::Named(name) => self.field(&name.to_string()),
                Member::Unnamed(at) => at.index.to_string().into(),
            };
            let value = self.expression(&field.expr, out);
            args.push(Arg { name: ArgName::Name(name), value });
        }
        if let Some(rest) = &e.rest {
            let value = self.expression(rest, out);
            out.push(Stmt::Eval(value));
            args.push(Arg { name: ArgName::SpreadNamed, value });
        }
        let start = e.path.segments.first().map_or_else(Span::call_site, |s| s.ident.span());
        self.call_of(callee, args, start, e.brace_token.span.close())
    }
}
