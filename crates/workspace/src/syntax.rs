//! A file of Rust as what it defines, imports and names.

use crate::tree::{Candidate, How, Mention, Path, Pending, Scope, Tree};
use crate::{paths, tokens};
use facts::{Diagnostic, Place, SourceFile};
use parsing::{only_for_tests, too_deep, without_first_line};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::sync::Arc;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Meta, Token, UseTree};

/// Macros whose arguments are code for others.
const QUOTING: &[&str] = &["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"];

/// Stack for the parser and for whoever walks what it makes: what `parsing` lets through fits many times.
const STACK: usize = 256 << 20;

/// Macros within one another that may hold items.
const MACROS: usize = 8;

/// Reads a file as the content of a module; what comes back are the modules within that have files of their own.
pub(crate) fn read(
    file: &SourceFile,
    module: usize,
    children: &str,
    tree: &mut Tree,
) -> Result<Vec<Pending>, Diagnostic> {
    let result = stacker::grow(STACK, || parsed(file, module, children, tree));
    // Nothing that is kept knows the text by its spans, which would be held for as long as the thread lives.
    proc_macro2::extra::invalidate_current_thread_spans();
    result
}

fn parsed(file: &SourceFile, module: usize, children: &str, tree: &mut Tree) -> Result<Vec<Pending>, Diagnostic> {
    let text = without_first_line(&file.text);
    let wrong = |span: Span, why: &str| {
        let message = format!("this is not Rust ({why}), and what the file uses is not drawn");
        Diagnostic::error("rust-syntax", place(&file.path, span), message)
    };
    let stream: TokenStream =
        text.parse().map_err(|error: proc_macro2::LexError| wrong(error.span(), "lexical error"))?;
    if too_deep(&stream).is_some() {
        let message = "this file is nested too deeply, and what it uses is not drawn";
        return Err(Diagnostic::warning("rust-nesting", Place::new(file.path.clone(), 1, 1), message));
    }
    let parsed: syn::File = syn::parse2(stream).map_err(|error| wrong(error.span(), &error.to_string()))?;
    let scope = tree.modules[module].scope;
    let mut reader = Reader {
        tree,
        file: file.path.clone(),
        module,
        scope,
        children: children.to_owned(),
        beside: Some(paths::folder(&file.path).to_owned()),
        pending: Vec::new(),
        macros: 0,
    };
    // `#![cfg(test)]` says of the whole file what an attribute of its module would say.
    if !only_for_tests(&parsed.attrs) {
        reader.visit_file(&parsed);
    }
    Ok(reader.pending)
}

fn place(file: &Arc<str>, span: Span) -> Place {
    let start = span.start();
    Place::new(file.clone(), start.line as u32, start.column as u32 + 1)
}

struct Reader<'t> {
    tree: &'t mut Tree,
    file: Arc<str>,
    module: usize,
    scope: usize,
    /// Where files of modules within this one are.
    children: String,
    /// What `#[path]` is relative to, when that is another folder: that of the file, outside of every inline module.
    beside: Option<String>,
    pending: Vec<Pending>,
    /// Macros that are looked into, one in another.
    macros: usize,
}

impl Reader<'_> {
    fn define(&mut self, name: String, is_value: bool) {
        let meanings = self.tree.scopes[self.scope].names.entry(name).or_default();
        *(if is_value { &mut meanings.value } else { &mut meanings.item }) = Some(self.module);
    }

    fn import(&mut self, name: String, path: Path) {
        self.tree.scopes[self.scope].names.entry(name).or_default().imports.push(path);
    }

    fn mention(&mut self, path: Path, span: Span, how: How) {
        let place = place(&self.file, span);
        self.tree.mentions.push(Mention { scope: self.scope, path, place, how });
    }

    /// Every leaf of a `use`.
    fn take_in(&mut self, rooted: bool, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| before.iter().cloned().chain([word(name)]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.take_in(rooted, &with(&path.ident), &path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take_in(rooted, before, tree)),
            UseTree::Name(name) => {
                let segments =
                    if name.ident == "self" && !before.is_empty() { before.to_vec() } else { with(&name.ident) };
                let called = segments.last().cloned().unwrap_or_default();
                self.take(called, Path { rooted, segments }, name.ident.span());
            }
            UseTree::Rename(name) => {
                let segments =
                    if name.ident == "self" && !before.is_empty() { before.to_vec() } else { with(&name.ident) };
                self.take(word(&name.rename), Path { rooted, segments }, name.ident.span());
            }
            UseTree::Glob(star) => {
                let path = Path { rooted, segments: before.to_vec() };
                if !before.is_empty() {
                    self.tree.scopes[self.scope].globs.push(path.clone());
                    self.mention(path, star.star_token.span(), How::Glob);
                }
            }
        }
    }

    fn take(&mut self, called: String, path: Path, span: Span) {
        if called != "_" {
            self.import(called, path.clone());
        }
        self.mention(path, span, How::Use);
    }

    fn inline_module(&mut self, item: &syn::ItemMod, items: &[Item], module: usize) {
        let folder = match said_path(&item.attrs) {
            Some(path) => paths::join(self.beside.as_deref().unwrap_or(&self.children), &path),
            None => Some(paths::within(&self.children, &word(&item.ident))),
        };
        let scope = self.tree.modules[module].scope;
        let before = (self.module, self.scope, self.children.clone(), self.beside.take());
        (self.module, self.scope) = (module, scope);
        self.children = folder.unwrap_or_default();
        for item in items {
            self.visit_item(item);
        }
        (self.module, self.scope, self.children, self.beside) = before;
    }

    /// Where the file of a module may be.
    fn candidates(&self, item: &syn::ItemMod) -> Vec<Candidate> {
        let at = |folder: &str, path: &str| {
            let file = paths::join(folder, path)?;
            Some(Candidate { children: paths::folder(&file).to_owned(), file })
        };
        let beside = self.beside.as_deref().unwrap_or(&self.children);
        if let Some(path) = said_path(&item.attrs) {
            return at(beside, &path).into_iter().collect();
        }
        let name = word(&item.ident);
        let folder = paths::within(&self.children, &name);
        let file = |file: String| Candidate { file, children: folder.clone() };
        let mut files = vec![file(format!("{folder}.rs")), file(format!("{folder}/mod.rs"))];
        // Of one file for each of several conditions the first that is there stands for all.
        files.extend(paths_under_conditions(&item.attrs).iter().filter_map(|path| at(beside, path)));
        files
    }

    /// A macro among items: `cfg_rt! { mod task; }` has items in it, and `cfg_if!` blocks of them.
    fn items_in(&mut self, item: &syn::Macro) {
        let file = |tokens: TokenStream| syn::parse2::<syn::File>(tokens).ok().map(|file| file.items);
        let blocks = || {
            let groups = item.tokens.clone().into_iter().filter_map(|tree| match tree {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(file(group.stream())),
                _ => None,
            });
            groups.collect::<Option<Vec<_>>>().map(|all| all.concat())
        };
        // What is in them is parsed once for each.
        if self.macros == MACROS {
            return self.visit_macro(item);
        }
        match file(item.tokens.clone()).or_else(blocks).filter(|items| !items.is_empty()) {
            Some(items) => {
                self.called(&item.path);
                self.macros += 1;
                for item in &items {
                    self.visit_item(item);
                }
                self.macros -= 1;
            }
            None => self.visit_macro(item),
        }
    }

    /// The macro that is called.
    fn called(&mut self, path: &syn::Path) {
        self.visit_path(path);
        if let Some(name) = path.get_ident() {
            let path = Path { rooted: false, segments: vec![word(name)] };
            self.mention(path, name.span(), How::Called);
        }
    }

    /// `include!("routes.rs")`: what the file has is as if it stood here.
    fn include(&mut self, item: &syn::Macro) {
        let Ok(said) = syn::parse2::<syn::LitStr>(item.tokens.clone()) else { return };
        let Some(file) = paths::join(paths::folder(&self.file), &said.value()) else { return };
        let candidate = Candidate { children: paths::folder(&file).to_owned(), file };
        let place = place(&self.file, said.span());
        self.pending.push(Pending { module: self.module, files: vec![candidate], place, included: true });
    }

    /// What stands in a macro's brackets.
    fn in_tokens(&mut self, tokens: TokenStream) {
        for found in tokens::paths(tokens) {
            self.mention(Path { rooted: found.rooted, segments: found.segments }, found.span, How::Macro);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if only_for_tests(attributes(item)) {
            return;
        }
        if let Some(name) = defined(item) {
            self.define(word(name), matches!(item, Item::Const(_) | Item::Fn(_) | Item::Static(_)));
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        item.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
        let around = &self.tree.modules[self.module].path;
        let name = word(&item.ident);
        let path = if around.is_empty() { name.clone() } else { format!("{around}::{name}") };
        let at = place(&self.file, item.mod_token.span());
        let module = self.tree.add_module(path, Some(self.module), at.clone());
        self.tree.modules[module].macro_use = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_use"));
        // Of several, for one platform each, the first stands for all.
        self.tree.scopes[self.scope].names.entry(name).or_default().module.get_or_insert(module);
        if let Some((_, items)) = &item.content {
            self.inline_module(item, items, module);
        } else {
            let files = self.candidates(item);
            self.pending.push(Pending { module, files, place: at, included: false });
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_in(item.leading_colon.is_some(), &[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let own = item.ident == "self";
        let name = if own { "crate".to_owned() } else { word(&item.ident) };
        let called = item.rename.as_ref().map_or_else(|| name.clone(), |(_, rename)| word(rename));
        if self.scope == self.tree.modules[0].scope {
            self.tree.externs.insert(called.clone(), (!own).then(|| name.clone()));
        }
        self.take(called, Path { rooted: !own, segments: vec![name] }, item.ident.span());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        item.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
        let Some(name) = &item.ident else { return self.items_in(&item.mac) };
        self.define(word(name), true);
        self.tree.define_macro(self.module, &word(name));
        if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) {
            let (root, module) = (self.tree.modules[0].scope, self.module);
            self.tree.scopes[root].names.entry(word(name)).or_default().value = Some(module);
        }
    }

    fn visit_foreign_item(&mut self, item: &'ast syn::ForeignItem) {
        match item {
            syn::ForeignItem::Fn(item) => self.define(word(&item.sig.ident), true),
            syn::ForeignItem::Static(item) => self.define(word(&item.ident), true),
            syn::ForeignItem::Type(item) => self.define(word(&item.ident), false),
            _ => {}
        }
        visit::visit_foreign_item(self, item);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let around = self.scope;
        if block.stmts.iter().any(|statement| matches!(statement, syn::Stmt::Item(_))) {
            self.scope = self.tree.scopes.len();
            self.tree.scopes.push(Scope { module: self.module, around: Some(around), ..Scope::default() });
        }
        visit::visit_block(self, block);
        self.scope = around;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let segments = path.segments.iter().map(|segment| word(&segment.ident)).collect();
            self.mention(Path { rooted: path.leading_colon.is_some(), segments }, path.span(), How::Inline);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.called(&item.path);
        if item.path.is_ident("include") {
            self.include(item);
        }
        let quoting = item.path.segments.last().is_some_and(|last| QUOTING.iter().any(|name| last.ident == name));
        if !quoting {
            self.in_tokens(item.tokens.clone());
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let path = attribute.path();
        if ["cfg", "cfg_attr", "doc", "path"].iter().any(|name| path.is_ident(name)) {
            return;
        }
        self.visit_path(path);
        if let Meta::List(list) = &attribute.meta {
            self.in_tokens(list.tokens.clone());
        }
    }

    /// Where something may be seen is no use of what is there.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        let attributes = match item {
            syn::ImplItem::Const(item) => &item.attrs,
            syn::ImplItem::Fn(item) => &item.attrs,
            syn::ImplItem::Type(item) => &item.attrs,
            syn::ImplItem::Macro(item) => &item.attrs,
            _ => return,
        };
        if !only_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        let attributes = match item {
            syn::TraitItem::Const(item) => &item.attrs,
            syn::TraitItem::Fn(item) => &item.attrs,
            syn::TraitItem::Type(item) => &item.attrs,
            syn::TraitItem::Macro(item) => &item.attrs,
            _ => return,
        };
        if !only_for_tests(attributes) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !only_for_tests(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !only_for_tests(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if !only_for_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !only_for_tests(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_expr_block(&mut self, block: &'ast syn::ExprBlock) {
        if !only_for_tests(&block.attrs) {
            visit::visit_expr_block(self, block);
        }
    }
}

/// A name without the `r#` that lets it be a keyword.
fn word(name: &syn::Ident) -> String {
    let text = name.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}

/// `#[path = "…"]`.
fn said_path(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| path_of(&attribute.meta))
}

/// The same in `#[cfg_attr(condition, path = "…")]`.
fn paths_under_conditions(attributes: &[Attribute]) -> Vec<String> {
    let under = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg_attr"));
    let list = Punctuated::<Meta, Token![,]>::parse_terminated;
    let inner = under.filter_map(|attribute| attribute.parse_args_with(list).ok());
    inner.flatten().filter_map(|meta| path_of(&meta)).collect()
}

fn path_of(meta: &Meta) -> Option<String> {
    match meta {
        Meta::NameValue(said) if said.path.is_ident("path") => match &said.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The name that an item gives to something other than a module.
fn defined(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::TraitAlias(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
