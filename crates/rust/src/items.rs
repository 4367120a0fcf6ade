//! Items of a file: functions, types with what is implemented for them, modules, imports, statics.

use crate::attributes::{declared_by, is_launch};
use crate::paths::{Tree, flat};
use crate::scope::Scope;
use facts::code::{Class, ClassId, Function, FunctionId, Imported, Position, Stmt, Unit, Value, ValueId};
use facts::{Diagnostic, Place, SourceFile};
use parsing::only_for_tests;
use proc_macro2::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, Item, Meta, Signature, TraitItem, Type};

/// Syntax inside one another; what is nested deeper is left out.
pub(crate) const MAX_DEPTH: u32 = 400;

/// Lowers one file.
pub(crate) struct Lowerer<'s> {
    pub(crate) text: &'s str,
    pub(crate) unit: Unit,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) imports: BTreeSet<Arc<str>>,
    /// What the file binds, with the modules inside of it dotted before the name.
    pub(crate) names: FxHashSet<Arc<str>>,
    /// Those that are functions: no path leads through one.
    pub(crate) functions: FxHashSet<Arc<str>>,
    /// Those that are modules in files of their own.
    pub(crate) modules: FxHashSet<Arc<str>>,
    pub(crate) classes: FxHashMap<Arc<str>, ClassId>,
    /// What types derive; it counts after the traits that are implemented by hand.
    pub(crate) derived: Vec<(ClassId, ValueId)>,
    /// Types without fields: the name is the only value.
    pub(crate) bare: FxHashSet<Arc<str>>,
    /// Names of methods: a field that is called the same is another thing.
    pub(crate) methods: FxHashSet<String>,
    /// The module inside of the file that is being lowered, with a dot behind it.
    pub(crate) around: String,
    /// The type whose methods are being lowered.
    pub(crate) owner: Option<Arc<str>>,
    pub(crate) depth: u32,
    /// Macros inside one another: the arguments of each are parsed.
    pub(crate) macros: u32,
    too_deep: Option<Position>,
}

/// Summarises the items of a file; places count in `text`, which is what was parsed of it.
pub(crate) fn lower(file: &SourceFile, text: &str, items: &[Item]) -> Unit {
    let unit =
        Unit { path: file.path.clone(), language: "rust", functions: vec![Function::default()], ..Unit::default() };
    let mut lowerer = Lowerer {
        text,
        unit,
        scopes: vec![Scope::new(FunctionId::MODULE, Function::default())],
        imports: BTreeSet::new(),
        names: FxHashSet::default(),
        functions: FxHashSet::default(),
        modules: FxHashSet::default(),
        classes: FxHashMap::default(),
        derived: Vec::new(),
        bare: FxHashSet::default(),
        methods: FxHashSet::default(),
        around: String::new(),
        owner: None,
        depth: 0,
        macros: 0,
        too_deep: None,
    };
    lowerer.collect(items, "", 0);
    let mut body = Vec::new();
    lowerer.items(items, &mut body);
    lowerer.finish(body)
}

impl Lowerer<'_> {
    fn finish(mut self, body: Vec<Stmt>) -> Unit {
        if let Some(mut module) = self.scopes.pop() {
            module.function.body = body;
            self.unit.functions[0] = module.function;
        }
        for (class, base) in std::mem::take(&mut self.derived) {
            self.unit.classes[class.0 as usize].bases.push(base);
        }
        self.unit.imports = self.imports.into_iter().collect();
        if let Some(at) = self.too_deep {
            let place = Place::new(self.unit.path.clone(), at.line, at.column);
            let message = format!("code is nested deeper than {MAX_DEPTH} levels; what is deeper is left out");
            self.unit.diagnostics.push(Diagnostic::warning("too-deep", place, message));
        }
        self.unit
    }

    pub(crate) fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("there is a scope as long as the file is lowered")
    }

    pub(crate) fn add(&mut self, value: Value) -> ValueId {
        self.scope().add(value)
    }

    pub(crate) fn unknown(&mut self, why: &str) -> ValueId {
        self.add(Value::Unknown(why.into()))
    }

    pub(crate) fn position(span: Span) -> Position {
        let start = span.start();
        Position { line: start.line as u32, column: start.column as u32 + 1 }
    }

    /// Goes one level deeper; `None` when that is too deep.
    pub(crate) fn deeper<T>(&mut self, at: Span, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep.get_or_insert(Self::position(at));
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        Some(result)
    }

    /// First the names: an item may be used before it stands.
    fn collect(&mut self, items: &[Item], around: &str, depth: u32) {
        for item in items.iter().filter(|item| !only_for_tests(attributes(item))) {
            let name = |ident: &syn::Ident| -> Arc<str> { format!("{around}{ident}").into() };
            match item {
                Item::Fn(f) => {
                    self.names.insert(name(&f.sig.ident));
                    self.functions.insert(name(&f.sig.ident));
                }
                Item::Const(c) => drop(self.names.insert(name(&c.ident))),
                Item::Static(s) => drop(self.names.insert(name(&s.ident))),
                Item::Type(t) => drop(self.names.insert(name(&t.ident))),
                Item::Struct(s) => {
                    if matches!(s.fields, syn::Fields::Unit) {
                        self.bare.insert(name(&s.ident));
                    }
                    let fields = s.fields.iter().enumerate();
                    let fields =
                        fields.map(|(i, f)| f.ident.as_ref().map_or_else(|| i.to_string(), ToString::to_string));
                    self.class(name(&s.ident), s.ident.span(), fields.collect());
                }
                Item::Enum(e) => self.class(name(&e.ident), e.ident.span(), Vec::new()),
                Item::Trait(t) => {
                    self.class(name(&t.ident), t.ident.span(), Vec::new());
                    let methods =
                        t.items.iter().filter_map(|i| if let TraitItem::Fn(f) = i { Some(&f.sig) } else { None });
                    self.methods.extend(methods.map(|sig| sig.ident.to_string()));
                }
                Item::Impl(i) => {
                    let methods =
                        i.items.iter().filter_map(|i| if let ImplItem::Fn(f) = i { Some(&f.sig) } else { None });
                    self.methods.extend(methods.filter(|s| s.receiver().is_some()).map(|sig| sig.ident.to_string()));
                }
                Item::Mod(m) => {
                    self.names.insert(name(&m.ident));
                    match &m.content {
                        Some((_, items)) if depth < 40 => {
                            self.collect(items, &format!("{around}{}.", m.ident), depth + 1);
                        }
                        _ => drop(self.modules.insert(name(&m.ident))),
                    }
                }
                Item::Macro(m) => {
                    let made = declared_by(&m.mac).map(|made| format!("{around}{}", made.name).into());
                    self.names.extend(made);
                }
                Item::Use(u) => {
                    let bound = flat(&u.tree).into_iter().filter_map(|tree| tree.name);
                    self.names.extend(bound.map(|bound| format!("{around}{bound}").into()));
                }
                _ => {}
            }
        }
    }

    fn class(&mut self, name: Arc<str>, at: Span, fields: Vec<String>) {
        let id = ClassId(self.unit.classes.len() as u32);
        self.names.insert(name.clone());
        // Of two of one name (for two platforms, say) the first counts.
        if self.classes.contains_key(&name) {
            return;
        }
        self.classes.insert(name.clone(), id);
        let unknown = self.unknown("the field is only declared");
        let fields: Vec<(Arc<str>, ValueId)> = fields.into_iter().map(|f| (f.into(), unknown)).collect();
        let mut typed: Vec<Arc<str>> = fields.iter().map(|(name, _)| name.clone()).collect();
        typed.sort();
        self.unit.classes.push(Class {
            name: name.clone(),
            position: Self::position(at),
            parent: FunctionId::MODULE,
            bases: Vec::new(),
            decorators: Vec::new(),
            methods: BTreeMap::new(),
            fields,
            typed,
            types: BTreeMap::new(),
        });
        let value = self.add(Value::Class(id));
        self.unit.globals.insert(name, value);
    }

    /// The type of this name that is declared here.
    pub(crate) fn class_of(&self, name: &syn::Ident) -> Option<ClassId> {
        self.classes.get(format!("{}{name}", self.around).as_str()).copied()
    }

    fn bind(&mut self, name: &impl ToString, value: ValueId) {
        self.unit.globals.insert(format!("{}{}", self.around, name.to_string()).into(), value);
    }

    fn items(&mut self, items: &[Item], out: &mut Vec<Stmt>) {
        for item in items.iter().filter(|item| !only_for_tests(attributes(item))) {
            self.item(item, out);
        }
    }

    fn item(&mut self, item: &Item, out: &mut Vec<Stmt>) {
        match item {
            Item::Fn(f) => {
                let name = format!("{}{}", self.around, f.sig.ident).into();
                let id = self.function(name, &f.sig, Some(&f.block), None);
                self.unit.functions[id.0 as usize].decorators = self.told_by(&f.attrs, out);
                let value = self.add(Value::Function(id));
                self.bind(&f.sig.ident, value);
                if f.attrs.iter().any(|attribute| is_launch(&attribute.meta)) && self.around.is_empty() {
                    self.launched(value);
                }
            }
            // `#[macro_use] extern crate rocket;`: its macros need no more to be named.
            Item::ExternCrate(c) if c.attrs.iter().any(|attribute| attribute.path().is_ident("macro_use")) => {
                self.star(&[c.ident.to_string()]);
            }
            Item::Const(c) => {
                let value = self.expression(&c.expr, out);
                self.bind(&c.ident, value);
            }
            Item::Static(s) => {
                let value = self.expression(&s.expr, out);
                self.bind(&s.ident, value);
            }
            Item::Type(t) => {
                if let Some(value) = self.type_value(&t.ty) {
                    self.bind(&t.ident, value);
                }
            }
            Item::Struct(s) => {
                self.written_above(&s.ident, &s.attrs, out);
                if let Some(class) = self.class_of(&s.ident) {
                    self.types_of_fields(class, &s.fields);
                }
            }
            Item::Enum(e) => {
                if let Some(class) = self.class_of(&e.ident) {
                    self.types_of_variants(class, e);
                }
            }
            Item::Impl(i) => self.implementation(i, out),
            Item::Trait(t) => {
                let name: Arc<str> = format!("{}{}", self.around, t.ident).into();
                self.within_type(name, |lowerer, class| {
                    for item in &t.items {
                        if let TraitItem::Fn(f) = item
                            && f.default.is_some()
                        {
                            lowerer.method(class, &f.sig, f.default.as_ref());
                        }
                    }
                });
            }
            Item::Mod(m) => self.module(m, out),
            Item::Use(u) => {
                for (name, value) in self.used(&u.tree) {
                    self.bind(&name, value);
                }
            }
            Item::Macro(m) => self.item_macro(m, out),
            _ => {}
        }
    }

    fn module(&mut self, m: &syn::ItemMod, out: &mut Vec<Stmt>) {
        if let Some((_, items)) = &m.content {
            let inner = format!("{}{}.", self.around, m.ident);
            let around = std::mem::replace(&mut self.around, inner);
            self.deeper(m.ident.span(), |lowerer| lowerer.items(items, out));
            self.around = around;
            return;
        }
        let named = path_of(&m.attrs).map(|path| format!(".file {path}"));
        let module: Arc<str> = named.unwrap_or_else(|| format!(".self.{}", m.ident)).into();
        self.imports.insert(module.clone());
        // It may add to types of other files, whoever asks for anything in it.
        let seen = self.add(Value::Imported(Box::new(Imported { module: module.clone(), name: "*".into() })));
        out.push(Stmt::Eval(seen));
        let value = self.add(Value::Module(module));
        self.bind(&m.ident, value);
    }

    /// What a `use` binds.
    pub(crate) fn used(&mut self, tree: &syn::UseTree) -> Vec<(String, ValueId)> {
        let mut out = Vec::new();
        for Tree { path, name } in flat(tree) {
            match name {
                Some(name) => {
                    let value = self.path_from_use(&path, &name);
                    out.push((name, value));
                }
                None => self.star(&path),
            }
        }
        out
    }

    /// `static ref NAME: T = value;` and `NAME = value`, as macros that make statics write them.
    pub(crate) fn bind_static(&mut self, name: &str, value: ValueId) {
        self.names.insert(format!("{}{name}", self.around).into());
        self.bind(&name, value);
    }

    fn within_type(&mut self, name: Arc<str>, f: impl FnOnce(&mut Self, ClassId)) {
        let Some(class) = self.classes.get(&name).copied() else { return };
        let before = self.owner.replace(name);
        f(self, class);
        self.owner = before;
    }

    fn implementation(&mut self, item: &syn::ItemImpl, out: &mut Vec<Stmt>) {
        let Some(name) = named_type(&item.self_ty) else { return };
        if !self.classes.contains_key(name.as_str())
            && !self.classes.contains_key(format!("{}{name}", self.around).as_str())
        {
            return self.added(item, &name, out);
        }
        let inner: Arc<str> = format!("{}{name}", self.around).into();
        let name = if self.classes.contains_key(&inner) { inner } else { name.into() };
        let base = item.trait_.as_ref().map(|(path, _)| self.path(path));
        let stands_for =
            item.trait_.as_ref().is_some_and(|(path, _)| path.segments.last().is_some_and(|s| s.ident == "Deref"));
        self.within_type(name, |lowerer, class| {
            if let Some(base) = base {
                lowerer.unit.classes[class.0 as usize].bases.push(base);
            }
            for item in &item.items {
                match item {
                    ImplItem::Fn(f) => lowerer.method(class, &f.sig, Some(&f.block)),
                    ImplItem::Const(c) => {
                        let value = lowerer.expression(&c.expr, out);
                        lowerer.unit.classes[class.0 as usize].fields.push((c.ident.to_string().into(), value));
                    }
                    _ => {}
                }
            }
            let methods = &mut lowerer.unit.classes[class.0 as usize].methods;
            if let Some(held) = methods.get("deref").copied().filter(|_| stands_for) {
                methods.insert("__deref__".into(), held);
            }
        });
    }

    /// What is implemented for a type of another file is set on it.
    fn added(&mut self, item: &syn::ItemImpl, name: &str, out: &mut Vec<Stmt>) {
        let Some(base) = self.type_value(&item.self_ty) else { return };
        let owner = self.owner.replace(name.into());
        for item in &item.items {
            if let ImplItem::Fn(f) = item {
                let id = self.function(format!("{name}.{}", f.sig.ident).into(), &f.sig, Some(&f.block), None);
                let value = self.add(Value::Function(id));
                out.push(Stmt::SetAttr { base, name: f.sig.ident.to_string().into(), value });
            }
        }
        self.owner = owner;
    }

    fn method(&mut self, class: ClassId, sig: &Signature, body: Option<&syn::Block>) {
        let owner = self.owner.clone().unwrap_or_default();
        let id = self.function(format!("{owner}.{}", sig.ident).into(), sig, body, Some(class));
        // What a type says itself counts before what it says for a trait.
        let methods = &mut self.unit.classes[class.0 as usize].methods;
        methods.entry(sig.ident.to_string().into()).or_insert(id);
    }

    /// A type as a value, where it is named: what can be asked of it is asked of its class.
    pub(crate) fn type_value(&mut self, ty: &Type) -> Option<ValueId> {
        match ty {
            Type::Path(path) if path.qself.is_none() => Some(self.path(&path.path)),
            Type::Reference(inner) => self.type_value(&inner.elem),
            _ => None,
        }
    }
}

/// The last name of a type.
pub(crate) fn named_type(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        Type::Reference(inner) => named_type(&inner.elem),
        _ => None,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(i) => &i.attrs,
        Item::Mod(i) => &i.attrs,
        Item::Impl(i) => &i.attrs,
        Item::Use(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        Item::Const(i) => &i.attrs,
        _ => &[],
    }
}

/// The file that `#[path = "…"]` names.
fn path_of(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}

/// Where syntax begins, without looking at all of it.
pub(crate) fn start_of(expr: &syn::Expr) -> Span {
    use syn::Expr;
    let mut at = expr;
    loop {
        at = match at {
            Expr::MethodCall(e) => &e.receiver,
            Expr::Call(e) => &e.func,
            Expr::Field(e) => &e.base,
            Expr::Await(e) => &e.base,
            Expr::Try(e) => &e.expr,
            Expr::Index(e) => &e.expr,
            Expr::Binary(e) => &e.left,
            Expr::Assign(e) => &e.left,
            Expr::Cast(e) => &e.expr,
            Expr::Path(e) => return e.path.segments.first().map_or_else(Span::call_site, |s| s.ident.span()),
            Expr::Lit(e) => return e.lit.span(),
            Expr::Reference(e) => return e.and_token.span,
            Expr::Paren(e) => return e.paren_token.span.open(),
            Expr::Macro(e) => return e.mac.path.segments.first().map_or_else(Span::call_site, |s| s.ident.span()),
            Expr::Struct(e) => return e.path.segments.first().map_or_else(Span::call_site, |s| s.ident.span()),
            other => return other.span(),
        };
    }
}
