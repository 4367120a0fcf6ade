//! Macros whose arguments are expressions; what others do is not looked into.

use crate::attributes::declared_by;
use crate::items::Lowerer;
use facts::code::{Arg, ArgName, Literal, Stmt, Value, ValueId};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Ident, Lit, Macro, Pat, Token};

/// Macros inside one another; each level is parsed again.
const MAX_MACROS: u32 = 16;

/// The longest text of a format.
const MAX_FORMAT: usize = 8_000;

impl Lowerer<'_> {
    pub(crate) fn macro_call(&mut self, m: &Macro, out: &mut Vec<Stmt>) -> ValueId {
        if self.macros >= MAX_MACROS {
            return self.unknown("the macros are nested too deeply");
        }
        self.macros += 1;
        let value = self.macro_inner(m, out);
        self.macros -= 1;
        value
    }

    fn macro_inner(&mut self, m: &Macro, out: &mut Vec<Stmt>) -> ValueId {
        let mut names: Vec<String> = m.path.segments.iter().map(|s| s.ident.to_string()).collect();
        let Some(last) = names.last().cloned() else { return self.unknown("nothing is named") };
        if last == "json" {
            return self.json(m.tokens.clone(), out, 0);
        }
        if last == "select"
            && let Ok(arms) = Parser::parse2(select_arms, m.tokens.clone())
        {
            return self.select(&arms, out);
        }
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(args) = parser.parse2(m.tokens.clone()) else {
            return self.repeated_element(&last, m, out);
        };
        let args: Vec<&Expr> = args.iter().collect();
        match last.as_str() {
            "format" | "format_args" | "concat" => return self.text(&args, last == "concat", out),
            "vec" | "join" | "try_join" => return self.list(args.into_iter(), out),
            _ => {}
        }
        let values: Vec<ValueId> = args.iter().map(|arg| self.expression(arg, out)).collect();
        if matches!(last.as_str(), "panic" | "todo" | "unimplemented" | "unreachable" | "bail") {
            out.extend(values.into_iter().map(Stmt::Eval));
            out.push(Stmt::Raise);
            return self.unknown("it is nothing");
        }
        if let Some(last) = names.last_mut() {
            last.push('!');
        }
        let callee = self.named(&names, None);
        let args = values.into_iter().map(|value| Arg { name: ArgName::Position, value }).collect();
        let start = m.path.segments.first().map_or_else(proc_macro2::Span::call_site, |s| s.ident.span());
        let end = match &m.delimiter {
            syn::MacroDelimiter::Paren(d) => d.span.close(),
            syn::MacroDelimiter::Brace(d) => d.span.close(),
            syn::MacroDelimiter::Bracket(d) => d.span.close(),
        };
        self.call_of(callee, args, start, end)
    }

    /// `select! { order = receive() => handle(order), else => {} }`: all are waited for, and one goes on.
    fn select(&mut self, arms: &[Arm], out: &mut Vec<Stmt>) -> ValueId {
        let waited: Vec<Option<ValueId>> =
            arms.iter().map(|arm| arm.waits.as_ref().map(|(_, value)| self.expression(value, out))).collect();
        out.extend(waited.iter().flatten().copied().map(Stmt::Eval));
        let mut given = Vec::new();
        for (arm, value) in arms.iter().zip(waited) {
            self.repeated(out, |lowerer, body| {
                if let (Some((pattern, _)), Some(value)) = (&arm.waits, value) {
                    lowerer.declare(pattern, value);
                }
                let value = lowerer.expression(&arm.then, body);
                given.push(value);
                Some(value)
            });
        }
        self.add(Value::OneOf(given))
    }

    /// `vec![a; n]`.
    fn repeated_element(&mut self, name: &str, m: &Macro, out: &mut Vec<Stmt>) -> ValueId {
        let parser = Punctuated::<Expr, Token![;]>::parse_terminated;
        match parser.parse2(m.tokens.clone()) {
            Ok(args) if name == "vec" => self.list(args.iter().take(1), out),
            _ => self.unknown("it is what a macro makes"),
        }
    }

    /// A format with what it is filled with, or texts one after another.
    fn text(&mut self, args: &[&Expr], joined: bool, out: &mut Vec<Stmt>) -> ValueId {
        if joined {
            let pieces = args.iter().map(|arg| self.expression(arg, out)).collect();
            return self.add(Value::Concat(pieces));
        }
        let Some((Expr::Lit(ExprLit { lit: Lit::Str(format), .. }), rest)) = args.split_first() else {
            return self.unknown("it is what a macro makes");
        };
        let format = format.value();
        if format.len() > MAX_FORMAT {
            return self.unknown("the text is too long");
        }
        let (mut given, mut named) = (Vec::new(), Vec::new());
        for arg in rest {
            match arg {
                Expr::Assign(pair) => {
                    let value = self.expression(&pair.right, out);
                    if let Expr::Path(name) = &*pair.left
                        && let Some(name) = name.path.get_ident()
                    {
                        named.push((name.to_string(), value));
                    }
                }
                arg => given.push(self.expression(arg, out)),
            }
        }
        let mut next = 0;
        let mut pieces = Vec::new();
        for piece in cut(&format) {
            let value = match piece {
                Piece::Text(text) => self.add(Value::Literal(Literal::Text(text.into()))),
                Piece::Hole("") => {
                    next += 1;
                    given.get(next - 1).copied().unwrap_or_else(|| self.unknown("the format asks for more"))
                }
                Piece::Hole(name) => match (name.parse::<usize>(), named.iter().find(|(n, _)| n == name)) {
                    (Ok(at), _) => given.get(at).copied().unwrap_or_else(|| self.unknown("the format asks for more")),
                    (_, Some((_, value))) => *value,
                    _ => self.named(&[name.to_owned()], None),
                },
            };
            pieces.push(value);
        }
        self.add(Value::Concat(pieces))
    }

    /// `json!({ "key": value })`.
    fn json(&mut self, tokens: TokenStream, out: &mut Vec<Stmt>, depth: u32) -> ValueId {
        let all: Vec<TokenTree> = tokens.into_iter().collect();
        match &all[..] {
            [TokenTree::Group(group)] if depth < MAX_MACROS => {
                let items: Vec<Vec<TokenTree>> = separated(group.stream(), ',');
                match group.delimiter() {
                    Delimiter::Brace => {
                        let entries = items.into_iter().filter_map(|item| self.json_entry(&item, out, depth)).collect();
                        return self.add(Value::Map(entries));
                    }
                    Delimiter::Bracket => {
                        let items = items
                            .into_iter()
                            .map(|item| self.json(item.into_iter().collect(), out, depth + 1))
                            .collect();
                        return self.add(Value::List(items));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        match syn::parse2::<Expr>(all.into_iter().collect()) {
            Ok(e) => self.expression(&e, out),
            Err(_) => self.unknown("it is what a macro makes"),
        }
    }

    fn json_entry(
        &mut self,
        item: &[TokenTree],
        out: &mut Vec<Stmt>,
        depth: u32,
    ) -> Option<(Option<ValueId>, ValueId)> {
        let colon = item.iter().position(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ':'))?;
        let key = syn::parse2::<Expr>(item[..colon].iter().cloned().collect()).ok()?;
        let key = self.expression(&key, out);
        let value = self.json(item[colon + 1..].iter().cloned().collect(), out, depth + 1);
        Some((Some(key), value))
    }

    /// Macros that stand where items do: `lazy_static! { static ref NAME: T = value; }`.
    pub(crate) fn item_macro(&mut self, m: &syn::ItemMacro, out: &mut Vec<Stmt>) {
        if let Some(made) = declared_by(&m.mac) {
            return self.declared_by_macro(&m.mac, made);
        }
        let before_name = match m.mac.path.segments.last().map(|s| s.ident.to_string()).as_deref() {
            Some("lazy_static") => "ref",
            Some("thread_local") => "static",
            _ => return,
        };
        for item in separated(m.mac.tokens.clone(), ';') {
            let is_word = |t: &TokenTree, word: &str| matches!(t, TokenTree::Ident(i) if *i == word);
            let name = item.iter().position(|t| is_word(t, before_name)).and_then(|at| item.get(at + 1));
            let equals = item.iter().position(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == '='));
            let (Some(TokenTree::Ident(name)), Some(equals)) = (name, equals) else { continue };
            if let Ok(value) = syn::parse2::<Expr>(item[equals + 1..].iter().cloned().collect()) {
                let value = self.expression(&value, out);
                self.bind_static(&name.to_string(), value);
            }
        }
    }
}

/// `pattern = future, if condition => what is done`; `else => what is done` waits for nothing.
struct Arm {
    waits: Option<(Pat, Expr)>,
    then: Expr,
}

fn select_arms(input: ParseStream<'_>) -> syn::Result<Vec<Arm>> {
    let mut arms = Vec::new();
    if input.peek(Ident) && input.peek2(Token![;]) {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    while !input.is_empty() {
        let waits = if input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
            None
        } else {
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Token![=]>()?;
            let value = input.parse::<Expr>()?;
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                input.parse::<Expr>()?;
            }
            Some((pattern, value))
        };
        input.parse::<Token![=>]>()?;
        let then = input.parse::<Expr>()?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        arms.push(Arm { waits, then });
    }
    Ok(arms)
}

fn separated(tokens: TokenStream, by: char) -> Vec<Vec<TokenTree>> {
    let mut out = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(p) if p.as_char() == by => out.push(Vec::new()),
            _ => out.last_mut().expect("there is one from the beginning").push(token),
        }
    }
    out.retain(|item| !item.is_empty());
    out
}

enum Piece<'t> {
    Text(String),
    Hole(&'t str),
}

/// The pieces of a format: `a-{name:?}-{{x}}` is `a-`, what `name` is, `-{x}`.
fn cut(format: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..];
        if brace.starts_with("{{") || brace.starts_with("}}") {
            text.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        let Some(end) = brace.find('}').filter(|_| brace.starts_with('{')) else {
            rest = &brace[1..];
            continue;
        };
        out.push(Piece::Text(std::mem::take(&mut text)));
        let hole = &brace[1..end];
        out.push(Piece::Hole(hole.split(':').next().unwrap_or_default().trim()));
        rest = &brace[end + 1..];
    }
    text.push_str(rest);
    out.push(Piece::Text(text));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let show = |format| -> String {
            let piece = |p: &Piece<'_>| match p {
                Piece::Text(text) => format!("[{text}]"),
                Piece::Hole(name) => format!("<{name}>"),
            };
            cut(format).iter().map(piece).collect()
        };
        assert_eq!(show("a-{name:?}-{{x}}"), "[a-]<name>[-{x}]");
        assert_eq!(show("{}{0}"), "[]<>[]<0>[]");
        assert_eq!(show("a } b { c"), "[a  b  c]");
    }
}
