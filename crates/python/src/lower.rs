//! From syntax tree to summary: modules, functions, classes.

use crate::scope::Scope;
use facts::code::{
    Class, ClassId, Function, FunctionId, Param, ParamKind, Position, Receiver, Stmt, Unit, Value, ValueId,
};
use facts::{Diagnostic, Place, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tree_sitter::Node;

/// Syntax nodes inside one another; what is nested deeper is left out.
pub(crate) const MAX_DEPTH: u32 = 180;

/// Broken places named in one file.
const MAX_SYNTAX_DIAGNOSTICS: usize = 3;

/// A function whose body is lowered when the function around it is whole: it sees the last values of its variables.
struct Pending<'t> {
    node: Node<'t>,
    id: FunctionId,
    name: Arc<str>,
    class: Option<ClassId>,
    /// `staticmethod`, `property` and the like.
    shape: (Receiver, bool),
    decorators: Vec<ValueId>,
    params: Vec<Param>,
}

/// Lowers one file.
pub(crate) struct Lowerer<'s, 't> {
    pub(crate) text: &'s str,
    line_starts: Vec<usize>,
    pub(crate) unit: Unit,
    pub(crate) scopes: Vec<Scope>,
    pending: Vec<Vec<Pending<'t>>>,
    imports: BTreeSet<Arc<str>>,
    pub(crate) depth: u32,
    /// Calls lowered so far: tells whether an expression holds one.
    pub(crate) calls: u32,
    /// The class whose body is being lowered, and its dotted name.
    classes: Vec<(ClassId, Arc<str>)>,
    too_deep: bool,
}

/// Summarises a parsed file.
pub(crate) fn lower(file: &SourceFile, root: Node<'_>) -> Unit {
    let text = &file.text;
    let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let unit =
        Unit { path: file.path.clone(), language: "python", functions: vec![Function::default()], ..Unit::default() };
    let mut lowerer = Lowerer {
        text,
        line_starts,
        unit,
        scopes: vec![Scope::new(FunctionId::MODULE, Function::default())],
        pending: vec![Vec::new()],
        imports: BTreeSet::new(),
        depth: 0,
        calls: 0,
        classes: Vec::new(),
        too_deep: false,
    };
    lowerer.syntax_errors(root);
    let body = lowerer.block(root);
    let main = lowerer.main_block(root);
    lowerer.finish_pending();
    lowerer.finish_module(body, main)
}

impl<'t> Lowerer<'_, 't> {
    fn finish_module(mut self, body: Vec<Stmt>, main: Option<Function>) -> Unit {
        let mut scope = self.scopes.pop().expect("the module's scope is the first and is never closed before");
        scope.function.body = body;
        self.unit.globals = scope.variables().iter().map(|(n, v)| (n.clone(), *v)).collect();
        self.unit.functions[0] = scope.function;
        self.unit.functions.extend(main);
        self.unit.imports = self.imports.into_iter().collect();
        if self.too_deep {
            let place = Place::new(self.unit.path.clone(), 1, 1);
            let message = format!("code is nested deeper than {MAX_DEPTH} levels; what is deeper is left out");
            self.unit.diagnostics.push(Diagnostic::warning("too-deep", place, message));
        }
        self.unit
    }

    pub(crate) fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("there is a scope as long as the module is lowered")
    }

    pub(crate) fn add(&mut self, value: Value) -> ValueId {
        self.scope().add(value)
    }

    pub(crate) fn unknown(&mut self, why: &str) -> ValueId {
        self.add(Value::Unknown(why.into()))
    }

    pub(crate) fn str(&self, node: Node<'_>) -> &str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(crate) fn name(&self, node: Node<'_>) -> Arc<str> {
        self.str(node).into()
    }

    pub(crate) fn position(&self, node: Node<'_>) -> Position {
        let point = node.start_position();
        let start = self.line_starts.get(point.row).copied().unwrap_or(0);
        let before = self.text.get(start..node.start_byte()).unwrap_or_default();
        Position { line: point.row as u32 + 1, column: before.chars().count() as u32 + 1 }
    }

    /// Goes one level deeper; `None` when that is too deep.
    pub(crate) fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        Some(result)
    }

    pub(crate) fn import(&mut self, module: &str) {
        self.imports.insert(module.into());
    }

    pub(crate) fn star_import(&mut self, module: Arc<str>) {
        self.unit.star_imports.push(module);
    }

    /// Names the first broken places.
    fn syntax_errors(&mut self, root: Node<'t>) {
        if !root.has_error() {
            return;
        }
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            if self.unit.diagnostics.len() >= MAX_SYNTAX_DIAGNOSTICS {
                return;
            }
            if node.is_error() || node.is_missing() {
                let at = self.position(node);
                let place = Place::new(self.unit.path.clone(), at.line, at.column);
                let within = match self.function_around(node) {
                    Some(name) => format!("in `{name}`"),
                    None => "at module level".to_owned(),
                };
                let message = format!("this is not Python {within}; what it does may be incomplete");
                self.unit.diagnostics.push(Diagnostic::warning("python-syntax", place, message));
                continue;
            }
            let mut cursor = node.walk();
            let mut children: Vec<Node<'t>> = node.children(&mut cursor).filter(Node::has_error).collect();
            children.reverse();
            stack.extend(children);
        }
    }

    fn function_around(&self, node: Node<'_>) -> Option<String> {
        let mut at = node.parent();
        while let Some(node) = at {
            if node.kind() == "function_definition" {
                return Some(self.str(node.child_by_field_name("name")?).to_owned());
            }
            at = node.parent();
        }
        None
    }

    /// The block that runs when the file itself is run, as a function of its own.
    fn main_block(&mut self, root: Node<'t>) -> Option<Function> {
        let mut cursor = root.walk();
        let block = root
            .children(&mut cursor)
            .find(|n| n.kind() == "if_statement" && crate::statements::is_main_check(self, *n))?
            .child_by_field_name("consequence")?;
        let function = Function { name: "__main__".into(), parent: Some(FunctionId::MODULE), ..Function::default() };
        // Its id is known only at the end; nothing refers to it before.
        self.scopes.push(Scope::new(FunctionId(u32::MAX), function));
        self.pending.push(Vec::new());
        let body = self.block(block);
        self.pending.pop();
        let mut scope = self.scopes.pop()?;
        scope.function.body = body;
        Some(scope.function)
    }

    /// A function definition: reserves it, to be lowered when the scope around it is whole.
    pub(crate) fn define_function(&mut self, node: Node<'t>, decorators: &[Node<'t>]) -> (Arc<str>, FunctionId) {
        let name = node.child_by_field_name("name").map_or_else(|| "<lambda>".into(), |n| self.name(n));
        let in_class = self.classes.last().cloned().filter(|_| self.scope().class_body);
        let shape = self.shape(decorators, in_class.is_some());
        let others: Vec<Node<'t>> = decorators.iter().copied().filter(|d| !self.is_language_decorator(*d)).collect();
        let decorators = others.into_iter().filter_map(|d| d.named_child(0)).map(|d| self.expression(d)).collect();
        let params = self.params(node);
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(Function::default());
        let full = match &in_class {
            Some((_, class)) => format!("{class}.{name}").into(),
            None => name.clone(),
        };
        let class = in_class.map(|(id, _)| id);
        let pending = Pending { node, id, name: full, class, shape, decorators, params };
        self.pending.last_mut().expect("as many lists as scopes").push(pending);
        (name, id)
    }

    fn decorator_name(&self, decorator: Node<'_>) -> String {
        let target = decorator.named_child(0);
        let target = target.map(|t| t.child_by_field_name("function").unwrap_or(t));
        target.map_or_else(String::new, |t| self.str(t).to_owned())
    }

    fn is_language_decorator(&self, decorator: Node<'_>) -> bool {
        matches!(
            self.decorator_name(decorator).as_str(),
            "staticmethod"
                | "classmethod"
                | "property"
                | "cached_property"
                | "functools.cached_property"
                | "abstractmethod"
        )
    }

    fn shape(&self, decorators: &[Node<'_>], in_class: bool) -> (Receiver, bool) {
        let names: Vec<String> = decorators.iter().map(|d| self.decorator_name(*d)).collect();
        let has = |name: &str| names.iter().any(|n| n == name || n.ends_with(&format!(".{name}")));
        let receiver = match in_class {
            false => Receiver::None,
            true if has("staticmethod") => Receiver::None,
            true if has("classmethod") => Receiver::Class,
            true => Receiver::Instance,
        };
        (receiver, has("property") || has("cached_property"))
    }

    fn params(&mut self, node: Node<'t>) -> Vec<Param> {
        let Some(list) = node.child_by_field_name("parameters") else { return Vec::new() };
        let mut cursor = list.walk();
        let children: Vec<Node<'t>> = list.children(&mut cursor).collect();
        let mut named_only = false;
        let mut out = Vec::new();
        for child in children {
            let kind = match child.kind() {
                "*" | "keyword_separator" => {
                    named_only = true;
                    continue;
                }
                "list_splat_pattern" => ParamKind::Rest,
                "dictionary_splat_pattern" => ParamKind::NamedRest,
                "typed_parameter" => match child.named_child(0).map(|n| n.kind()) {
                    Some("list_splat_pattern") => ParamKind::Rest,
                    Some("dictionary_splat_pattern") => ParamKind::NamedRest,
                    _ => ParamKind::One,
                },
                "identifier" | "default_parameter" | "typed_default_parameter" | "tuple_pattern" => ParamKind::One,
                _ => continue,
            };
            let named = child.child_by_field_name("name").or_else(|| innermost_identifier(child));
            let name = named.map_or_else(|| "_".into(), |n| self.name(n));
            let default = child.child_by_field_name("value").map(|d| self.expression(d));
            out.push(Param { name, kind, named_only: named_only && kind == ParamKind::One, default, annotation: None });
            if kind == ParamKind::Rest {
                named_only = true;
            }
        }
        out
    }

    /// Lowers the functions that the scope's body has defined.
    fn finish_pending(&mut self) {
        let pending = std::mem::take(self.pending.last_mut().expect("as many lists as scopes"));
        for one in pending {
            let body = one.node.child_by_field_name("body");
            let parent = self.scope().id;
            let function = Function {
                name: one.name,
                position: self.position(one.node),
                parent: Some(parent),
                class: one.class,
                receiver: one.shape.0,
                property: one.shape.1,
                params: one.params,
                decorators: one.decorators,
                ..Function::default()
            };
            let names: Vec<Arc<str>> = function.params.iter().map(|p| p.name.clone()).collect();
            let depth = std::mem::take(&mut self.depth);
            self.scopes.push(Scope::new(one.id, function));
            self.pending.push(Vec::new());
            for (i, name) in names.into_iter().enumerate() {
                let value = self.add(Value::Param(i as u32));
                self.scope().set(name, value);
            }
            let body = body.map_or_else(Vec::new, |body| self.function_body(one.node, body));
            if self.scopes.len() < 40 {
                self.finish_pending();
            }
            self.pending.pop();
            self.depth = depth;
            let mut scope = self.scopes.pop().expect("pushed above");
            scope.function.body = body;
            self.unit.functions[one.id.0 as usize] = scope.function;
        }
    }

    fn function_body(&mut self, node: Node<'t>, body: Node<'t>) -> Vec<Stmt> {
        if node.kind() == "lambda" {
            let value = self.expression(body);
            return vec![Stmt::Return(Some(value))];
        }
        self.block(body)
    }

    /// A class definition.
    pub(crate) fn define_class(
        &mut self,
        node: Node<'t>,
        decorators: &[Node<'t>],
        out: &mut Vec<Stmt>,
    ) -> (Arc<str>, ClassId) {
        let name = node.child_by_field_name("name").map_or_else(|| "_".into(), |n| self.name(n));
        let mut bases = Vec::new();
        if let Some(list) = node.child_by_field_name("superclasses") {
            let mut cursor = list.walk();
            let given: Vec<Node<'t>> = list.named_children(&mut cursor).collect();
            for base in given.into_iter().filter(|b| b.kind() != "keyword_argument") {
                bases.push(self.expression(base));
            }
        }
        let decorators = decorators.iter().filter_map(|d| d.named_child(0)).map(|d| self.expression(d)).collect();
        let full: Arc<str> = match self.classes.last().filter(|_| self.scopes.last().is_some_and(|s| s.class_body)) {
            Some((_, outer)) => format!("{outer}.{name}").into(),
            None => name.clone(),
        };
        let id = ClassId(self.unit.classes.len() as u32);
        let class = Class {
            name: full.clone(),
            position: self.position(node),
            parent: self.scope().id,
            bases,
            decorators,
            methods: BTreeMap::new(),
            fields: Vec::new(),
        };
        self.unit.classes.push(class);
        let around = std::mem::replace(&mut self.scope().class_body, true);
        self.classes.push((id, full));
        let mark = self.scope().mark();
        if let Some(body) = node.child_by_field_name("body") {
            out.extend(self.block(body));
        }
        let members = self.scope().rewind_in_order(&mark);
        self.classes.pop();
        self.scope().class_body = around;
        for (name, value) in members {
            let method = match &self.scope().function.values[value.0 as usize] {
                Value::Function(function) => Some(*function),
                _ => None,
            };
            let class = &mut self.unit.classes[id.0 as usize];
            match method {
                Some(function) => {
                    class.methods.insert(name, function);
                }
                None => class.fields.push((name, value)),
            }
        }
        (name, id)
    }

    /// The value of a name here.
    pub(crate) fn lookup(&mut self, name: Arc<str>) -> ValueId {
        if !self.scope().globals.contains(&name) {
            if let Some(value) = self.scope().get(&name) {
                return value;
            }
            let around = self.scopes.len() - 1;
            for i in (1..around).rev() {
                if let Some(value) = self.scopes[i].get(&name) {
                    let function = self.scopes[i].id;
                    return self.add(Value::Captured { function, value });
                }
            }
        }
        self.add(Value::Global(name))
    }
}

fn innermost_identifier(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    loop {
        if at.kind() == "identifier" {
            return Some(at);
        }
        at = at.named_child(0)?;
    }
}
