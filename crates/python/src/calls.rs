//! Calls and their arguments.

use crate::lower::Lowerer;
use facts::code::{Arg, ArgName, Call, Stmt, Value, ValueId};
use ruff_python_ast::{ArgOrKeyword, Arguments, Expr, ExprCall};
use ruff_text_size::Ranged as _;
use std::sync::Arc;

/// Characters kept of the text of a call.
const MAX_WHAT: usize = 60;

impl<'t> Lowerer<'t> {
    pub(crate) fn call(&mut self, node: &'t ExprCall, out: &mut Vec<Stmt>) -> ValueId {
        if matches!(&*node.func, Expr::Name(name) if name.id == "super") {
            return self.add(Value::Super);
        }
        if let Some(module) = self.module_by_name(&node.func, &node.arguments) {
            return module;
        }
        let callee = self.expression_into(&node.func, out);
        let args = self.arguments(&node.arguments, out);
        self.reach_by_name(&node.func, args.first().map(|arg| arg.value));
        self.calls += 1;
        let at = match &*node.func {
            Expr::Attribute(attribute) => attribute.attr.start(),
            other => other.start(),
        };
        let position = self.position(at);
        let what = shorten(self.str(node));
        self.add(Value::Call(Box::new(Call { callee, args, position, what })))
    }

    fn arguments(&mut self, list: &'t Arguments, out: &mut Vec<Stmt>) -> Vec<Arg> {
        let mut args = Vec::with_capacity(list.len());
        for arg in list.iter_source_order() {
            let (name, value) = match arg {
                ArgOrKeyword::Arg(Expr::Starred(spread)) => (ArgName::Spread, &*spread.value),
                ArgOrKeyword::Arg(value) => (ArgName::Position, value),
                ArgOrKeyword::Keyword(keyword) => match &keyword.arg {
                    Some(name) => (ArgName::Name(self.identifier(name)), &keyword.value),
                    None => (ArgName::SpreadNamed, &keyword.value),
                },
            };
            args.push(Arg { name, value: self.expression_into(value, out) });
        }
        args
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
