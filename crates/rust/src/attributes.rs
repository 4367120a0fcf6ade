//! What is written for libraries that make code of it: derived traits and attributes of a type, attributes of a
//! function, macros that declare.

use crate::items::Lowerer;
use facts::code::{Arg, ArgName, Call, ClassId, Function, FunctionId, Literal, Stmt, Value, ValueId};
use proc_macro2::{Delimiter, Span, TokenTree};
use std::sync::Arc;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Macro, Meta, Token};

/// Traits that nearly every type derives: they say nothing of what it is for.
const USUAL: &[&str] =
    &["Clone", "Copy", "Debug", "Default", "Deserialize", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "Serialize"];

/// What a macro declares: the name that it binds, and what it is called where it stands for.
pub(crate) struct Made {
    pub(crate) name: String,
    title: String,
    at: Span,
}

/// `table! { shop.orders (id) { … } }` binds `orders`. The attribute `sql_name` before it says how that is called.
pub(crate) fn declared_by(m: &Macro) -> Option<Made> {
    if m.path.segments.last()?.ident != "table" {
        return None;
    }
    let (mut name, mut schema, mut title) = (None, None, None);
    for token in m.tokens.clone() {
        match token {
            TokenTree::Ident(ident) => {
                schema = name.take();
                name = Some(ident);
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                let pair = syn::parse2::<syn::MetaNameValue>(group.stream()).ok();
                let pair = pair.filter(|pair| pair.path.is_ident("sql_name"));
                if let Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) = pair.map(|pair| pair.value) {
                    title = Some(text.value());
                }
            }
            // `use diesel::sql_types::*;` may stand before it.
            TokenTree::Punct(p) if p.as_char() == ';' => (name, schema) = (None, None),
            TokenTree::Group(_) => break,
            _ => {}
        }
    }
    let name = name?;
    let text = title.unwrap_or_else(|| name.to_string());
    let title = schema.map_or_else(|| text.clone(), |schema: syn::Ident| format!("{schema}.{text}"));
    Some(Made { at: name.span(), name: name.to_string(), title })
}

/// Whether an attribute makes the program of what its function gives.
pub(crate) fn is_launch(attribute: &Meta) -> bool {
    matches!(attribute, Meta::Path(path) if path.segments.last().is_some_and(|s| s.ident == "launch"))
}

impl Lowerer<'_> {
    /// What a macro declares is what a call of it by its title gives.
    pub(crate) fn declared_by_macro(&mut self, m: &Macro, made: Made) {
        let mut names: Vec<String> = m.path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(last) = names.last_mut() {
            last.push('!');
        }
        let callee = self.named(&names, None);
        let title = self.add(Value::Literal(Literal::Text(made.title.into())));
        let value = self.call_of(callee, vec![Arg { name: ArgName::Position, value: title }], made.at, made.at);
        self.bind_static(&made.name, value);
    }

    /// `#[get("/orders")]` above a function, which is what that call makes of it: attributes that begin with a text.
    pub(crate) fn told_by(&mut self, attributes: &[Attribute], out: &mut Vec<Stmt>) -> Vec<ValueId> {
        let mut told = Vec::new();
        for list in attributes.iter().filter_map(|attribute| attribute.meta.require_list().ok()) {
            let Ok(all) = list.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated) else { continue };
            let texts = all.iter().take_while(|e| matches!(e, Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(_), .. })));
            let texts = texts.map(|text| Arg { name: ArgName::Position, value: self.expression(text, out) });
            let args: Vec<Arg> = texts.collect();
            if !args.is_empty() {
                let callee = self.path(&list.path);
                let at = list.path.segments.last().map_or_else(Span::call_site, |s| s.ident.span());
                told.push(self.call_of(callee, args, at, list.delimiter.span().close()));
            }
        }
        told
    }

    /// `#[derive(Queryable)]` is a base of the type, and of `#[diesel(table_name = orders)]` it has a field
    /// `diesel table_name`.
    pub(crate) fn written_above(&mut self, name: &syn::Ident, attributes: &[Attribute], out: &mut Vec<Stmt>) {
        let Some(class) = self.class_of(name) else { return };
        for attribute in attributes {
            let list = match &attribute.meta {
                Meta::List(list) => list,
                // `#[table_name = "orders"]`
                Meta::NameValue(pair) if pair.path.is_ident("table_name") => {
                    let value = self.expression(&pair.value, out);
                    self.unit.classes[class.0 as usize].fields.push(("table_name".into(), value));
                    continue;
                }
                _ => continue,
            };
            let Ok(all) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { continue };
            let of = list.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
            for inner in &all {
                match inner {
                    Meta::Path(path) if of == "derive" && path.is_ident("Default") => self.default_of(class),
                    Meta::Path(path) if of == "derive" => {
                        self.builder_of(class, name, path);
                        let usual = path.segments.last().is_some_and(|s| USUAL.iter().any(|usual| s.ident == usual));
                        if !usual {
                            let base = self.path(path);
                            self.derived.push((class, base));
                        }
                    }
                    // What serde is told is about texts that come in and go out.
                    Meta::NameValue(pair) if of != "serde" && matches!(pair.value, Expr::Lit(_) | Expr::Path(_)) => {
                        let Some(key) = pair.path.get_ident() else { continue };
                        let value = self.expression(&pair.value, out);
                        self.unit.classes[class.0 as usize].fields.push((format!("{of} {key}").into(), value));
                    }
                    _ => {}
                }
            }
        }
    }

    /// `#[launch] fn rocket() -> _`: the program is what it makes, launched.
    pub(crate) fn launched(&mut self, made_by: ValueId) {
        let position = self.unit.functions.last().map(|function| function.position).unwrap_or_default();
        let call = |callee: ValueId| Call { callee, args: Vec::new(), position, what: "launch".into() };
        let made = self.add(Value::Call(Box::new(call(made_by))));
        let launch = self.add(Value::Attr { base: made, name: "launch".into() });
        let launched = self.add(Value::Call(Box::new(call(launch))));
        let function = Function {
            name: "main".into(),
            position,
            parent: Some(FunctionId::MODULE),
            values: vec![Value::Captured { function: FunctionId::MODULE, value: launched }],
            body: vec![Stmt::Return(Some(ValueId(0)))],
            ..Function::default()
        };
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(function);
        let value = self.add(Value::Function(id));
        self.bind_static("main", value);
    }

    /// `Order::default()` of a type that derives it: an order of whose fields nothing is known.
    fn default_of(&mut self, class: ClassId) {
        let declared = &self.unit.classes[class.0 as usize];
        let name: Arc<str> = format!("{}.default", declared.name).into();
        let position = declared.position;
        let call = Call { callee: ValueId(0), args: Vec::new(), position, what: "default".into() };
        let values = vec![Value::Global(declared.name.clone()), Value::Call(Box::new(call))];
        let body = vec![Stmt::Return(Some(ValueId(1)))];
        let parent = Some(FunctionId::MODULE);
        let class_of = Some(class);
        let function = Function { name, position, parent, class: class_of, values, body, ..Function::default() };
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(function);
        self.unit.classes[class.0 as usize].methods.entry("default".into()).or_insert(id);
    }

    /// `OrderBuilder`, which `#[derive(Builder)]` declares beside `Order`.
    fn builder_of(&mut self, class: ClassId, name: &syn::Ident, derived: &syn::Path) {
        let beside = format!("{name}Builder");
        if derived.segments.last().is_some_and(|s| s.ident == "Builder")
            && !self.classes.contains_key(format!("{}{beside}", self.around).as_str())
        {
            let base = self.add(Value::Class(class));
            let value = self.add(Value::Attr { base, name: "Builder".into() });
            self.bind_static(&beside, value);
        }
    }
}
