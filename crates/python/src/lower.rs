//! From syntax tree to summary: modules, functions, classes.

use crate::grammar::{FIELDS, Grammar as _};
use crate::recovery::broken_definition;
use crate::scope::{Mark, Scope};
use facts::code::{
    Class, ClassId, Function, FunctionId, Param, ParamKind, Position, Receiver, Stmt, Unit, Value, ValueId,
};
use facts::{Diagnostic, Place, SourceFile};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
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
    /// Variables of the comprehensions around it, which are gone when it is lowered.
    bound: Vec<(Arc<str>, ValueId)>,
}

/// Lowers one file.
pub(crate) struct Lowerer<'s, 't> {
    pub(crate) text: &'s str,
    line_starts: Vec<usize>,
    names: RefCell<FxHashMap<&'s str, Arc<str>>>,
    pub(crate) unit: Unit,
    pub(crate) scopes: Vec<Scope>,
    pending: Vec<Vec<Pending<'t>>>,
    imports: BTreeSet<Arc<str>>,
    pub(crate) depth: u32,
    /// Loops over written-out constants around what is being lowered.
    pub(crate) repeating: u32,
    /// Bytes of code that such loops may still repeat.
    pub(crate) repeatable: usize,
    /// Calls lowered so far: tells whether an expression holds one.
    pub(crate) calls: u32,
    /// The class whose body is being lowered, and its dotted name.
    classes: Vec<(ClassId, Arc<str>)>,
    /// The comprehensions being lowered: in how many scopes, and where their variables begin.
    pub(crate) comprehensions: Vec<(usize, Mark)>,
    /// The last position asked for: byte, start of its line, column.
    last_position: Cell<(usize, usize, usize)>,
    /// Where code was first left out because it is too deep.
    too_deep: Option<Position>,
    /// Where the statement being lowered stands.
    pub(crate) at: Position,
}

/// Summarises a parsed file: one tree, or one for each of its statements.
pub(crate) fn lower(file: &SourceFile, roots: &[Node<'_>]) -> Unit {
    let text = &file.text;
    let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let unit =
        Unit { path: file.path.clone(), language: "python", functions: vec![Function::default()], ..Unit::default() };
    let mut lowerer = Lowerer {
        text,
        line_starts,
        names: RefCell::default(),
        unit,
        scopes: vec![Scope::new(FunctionId::MODULE, Function::default())],
        pending: vec![Vec::new()],
        imports: BTreeSet::new(),
        depth: 0,
        repeating: 0,
        repeatable: crate::repeats::MAX_REPEATED,
        calls: 0,
        classes: Vec::new(),
        comprehensions: Vec::new(),
        last_position: Cell::new((0, 0, 0)),
        too_deep: None,
        at: Position { line: 1, column: 1 },
    };
    let mut body = Vec::new();
    for root in roots {
        lowerer.syntax_errors(*root);
        body.extend(lowerer.block(*root));
    }
    for root in roots {
        lowerer.main_block(*root);
    }
    lowerer.finish_pending();
    lowerer.finish_module(body)
}

impl<'t> Lowerer<'_, 't> {
    fn finish_module(mut self, body: Vec<Stmt>) -> Unit {
        let mut scope = self.scopes.pop().expect("the module's scope is the first and is never closed before");
        scope.function.body = body;
        self.unit.globals = scope.variables().iter().map(|(n, v)| (n.clone(), *v)).collect();
        self.unit.functions[0] = scope.function;
        self.unit.imports = self.imports.into_iter().collect();
        if let Some(at) = self.too_deep {
            let place = Place::new(self.unit.path.clone(), at.line, at.column);
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

    /// The text of a name. The same names come up again and again, so each is kept once.
    pub(crate) fn name(&self, node: Node<'_>) -> Arc<str> {
        let text = self.text.get(node.byte_range()).unwrap_or_default();
        self.names.borrow_mut().entry(text).or_insert_with(|| text.into()).clone()
    }

    pub(crate) fn position(&self, node: Node<'_>) -> Position {
        let point = node.start_position();
        let start = self.line_starts.get(point.row).copied().unwrap_or(0);
        let byte = node.start_byte();
        // A line may be as long as the file: columns are counted on from the last one asked for.
        let (last, last_start, last_column) = self.last_position.get();
        let count = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default().chars().count();
        let column = match last_start == start && last_column > 0 {
            true if byte >= last => last_column + count(last, byte),
            true if last - byte < byte.saturating_sub(start) => last_column - count(byte, last),
            _ => count(start, byte) + 1,
        };
        self.last_position.set((byte, start, column));
        Position { line: point.row as u32 + 1, column: column as u32 }
    }

    /// Goes one level deeper; `None` when that is too deep.
    pub(crate) fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep.get_or_insert(self.at);
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

    /// The function that holds a broken place, or is broken itself.
    fn function_around(&self, node: Node<'_>) -> Option<String> {
        if let Some(name) = broken_definition(self.text, node) {
            return Some(name.to_owned());
        }
        let mut at = node.parent();
        while let Some(node) = at {
            if node.kind_name() == "function_definition" {
                return Some(self.str(node.child_by_field_id(FIELDS.name)?).to_owned());
            }
            at = node.parent();
        }
        None
    }

    /// The block that runs when the file itself is run, as a function of its own.
    fn main_block(&mut self, root: Node<'t>) {
        let main = named_children(root)
            .into_iter()
            .find(|n| n.kind_name() == "if_statement" && crate::statements::is_main_check(self, *n));
        let Some(block) = main.and_then(|n| n.child_by_field_id(FIELDS.consequence)) else { return };
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(Function::default());
        let function = Function {
            name: "__main__".into(),
            position: self.position(block),
            parent: Some(FunctionId::MODULE),
            ..Function::default()
        };
        self.scopes.push(Scope::new(id, function));
        self.pending.push(Vec::new());
        let body = self.block(block);
        self.finish_pending();
        self.pending.pop();
        if let Some(mut scope) = self.scopes.pop() {
            scope.function.body = body;
            self.unit.functions[id.0 as usize] = scope.function;
        }
    }

    /// A function definition: reserves it, to be lowered when the scope around it is whole.
    pub(crate) fn define_function(&mut self, node: Node<'t>, decorators: &[Node<'t>]) -> (Arc<str>, FunctionId) {
        let name = node.child_by_field_id(FIELDS.name).map_or_else(|| "<lambda>".into(), |n| self.name(n));
        let is_method = node.kind_name() == "function_definition" && self.scope().class_body;
        let in_class = self.classes.last().cloned().filter(|_| is_method);
        let shape = self.shape(decorators, in_class.is_some());
        let others: Vec<Node<'t>> = decorators.iter().copied().filter(|d| !self.is_language_decorator(*d)).collect();
        let decorators = others.into_iter().filter_map(|d| d.named_child(0)).map(|d| self.expression(d)).collect();
        let params = self.params(node);
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(Function::default());
        let full = match &in_class {
            Some((_, class)) => format!("{class}.{name}").into(),
            None => self.below_function(&name),
        };
        let bound = self.comprehension_variables();
        let class = in_class.map(|(id, _)| id);
        let pending = Pending { node, id, name: full, class, shape, decorators, params, bound };
        self.pending.last_mut().expect("as many lists as scopes").push(pending);
        (name, id)
    }

    /// The name of something defined in the body of a function, dotted from the module.
    fn below_function(&mut self, name: &Arc<str>) -> Arc<str> {
        let around = self.scope().function.name.clone();
        if around.is_empty() { name.clone() } else { format!("{around}.{name}").into() }
    }

    fn comprehension_variables(&mut self) -> Vec<(Arc<str>, ValueId)> {
        let depth = self.scopes.len();
        match self.comprehensions.iter().find(|(scopes, _)| *scopes == depth) {
            Some((_, mark)) => {
                let mark = *mark;
                self.scope().since(mark)
            }
            None => Vec::new(),
        }
    }

    /// Whether a method is the writing side of a property.
    pub(crate) fn is_setter(&self, decorators: &[Node<'_>]) -> bool {
        decorators.iter().any(|d| {
            let name = self.decorator_name(*d);
            name.ends_with(".setter") || name.ends_with(".deleter")
        })
    }

    fn decorator_name(&self, decorator: Node<'_>) -> String {
        let target = first_child(decorator);
        let target = target.map(|t| t.child_by_field_id(FIELDS.function).unwrap_or(t));
        target.map_or_else(String::new, |t| self.str(t).to_owned())
    }

    pub(crate) fn is_language_decorator(&self, decorator: Node<'_>) -> bool {
        matches!(
            self.decorator_name(decorator).as_str(),
            "staticmethod"
                | "classmethod"
                | "property"
                | "cached_property"
                | "functools.cached_property"
                | "abstractmethod"
                | "abc.abstractmethod"
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
        let Some(list) = node.child_by_field_id(FIELDS.parameters) else { return Vec::new() };
        let mut cursor = list.walk();
        let children: Vec<Node<'t>> = list.children(&mut cursor).collect();
        let mut named_only = false;
        let mut out = Vec::new();
        for child in children {
            let kind = match child.kind_name() {
                "*" | "keyword_separator" => {
                    named_only = true;
                    continue;
                }
                "list_splat_pattern" => ParamKind::Rest,
                "dictionary_splat_pattern" => ParamKind::NamedRest,
                "typed_parameter" => match child.named_child(0).map(|n| n.kind_name()) {
                    Some("list_splat_pattern") => ParamKind::Rest,
                    Some("dictionary_splat_pattern") => ParamKind::NamedRest,
                    _ => ParamKind::One,
                },
                "identifier" | "default_parameter" | "typed_default_parameter" | "tuple_pattern" => ParamKind::One,
                _ => continue,
            };
            let named = child.child_by_field_id(FIELDS.name).or_else(|| innermost_identifier(child));
            let name = named.map_or_else(|| "_".into(), |n| self.name(n));
            let default = child.child_by_field_id(FIELDS.value).map(|d| self.expression(d));
            let annotation = child.child_by_field_id(FIELDS.type_).and_then(|t| self.annotation(t));
            out.push(Param { name, kind, named_only: named_only && kind == ParamKind::One, default, annotation });
            if kind == ParamKind::Rest {
                named_only = true;
            }
        }
        out
    }

    /// A declared type that is a plain or dotted name, as such or as text.
    fn annotation(&mut self, node: Node<'t>) -> Option<ValueId> {
        let inner = first_child(node)?;
        match inner.kind_name() {
            "identifier" | "attribute" => Some(self.expression(inner)),
            "string" => {
                let name = self.str(inner).trim_matches(['"', '\'']);
                let plain = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_alphanumeric());
                let name: Arc<str> = name.into();
                plain.then(|| self.lookup(name))
            }
            _ => None,
        }
    }

    /// Lowers the functions that the scope's body has defined.
    fn finish_pending(&mut self) {
        let pending = std::mem::take(self.pending.last_mut().expect("as many lists as scopes"));
        for one in pending {
            let body = one.node.child_by_field_id(FIELDS.body);
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
            let comprehensions = std::mem::take(&mut self.comprehensions);
            self.scopes.push(Scope::new(one.id, function));
            self.pending.push(Vec::new());
            for (name, value) in one.bound {
                let value = self.add(Value::Captured { function: parent, value });
                self.scope().set(name, value);
            }
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
            scope.function.values.shrink_to_fit();
            scope.function.body = body;
            self.unit.functions[one.id.0 as usize] = scope.function;
            self.comprehensions = comprehensions;
        }
    }

    fn function_body(&mut self, node: Node<'t>, body: Node<'t>) -> Vec<Stmt> {
        if node.kind_name() == "lambda" {
            let mut out = Vec::new();
            let value = self.expression_into(body, &mut out);
            out.push(Stmt::Return(Some(value)));
            return out;
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
        let name = node.child_by_field_id(FIELDS.name).map_or_else(|| "_".into(), |n| self.name(n));
        let mut bases = Vec::new();
        if let Some(list) = node.child_by_field_id(FIELDS.superclasses) {
            for base in named_children(list).into_iter().filter(|b| b.kind_name() != "keyword_argument") {
                bases.push(self.expression(base));
            }
        }
        let decorators = decorators.iter().filter_map(|d| d.named_child(0)).map(|d| self.expression(d)).collect();
        let full: Arc<str> = match self.classes.last().filter(|_| self.scopes.last().is_some_and(|s| s.class_body)) {
            Some((_, outer)) => format!("{outer}.{name}").into(),
            None => self.below_function(&name),
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
            typed: node.child_by_field_id(FIELDS.body).map_or_else(Vec::new, |body| self.typed_names(body)),
        };
        self.unit.classes.push(class);
        let around = std::mem::replace(&mut self.scope().class_body, true);
        self.classes.push((id, full));
        let mark = self.scope().mark();
        if let Some(body) = node.child_by_field_id(FIELDS.body) {
            out.extend(self.block(body));
        }
        let members = self.scope().rewind_in_order(mark);
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

    /// The names that the statements of a class body give a type.
    fn typed_names(&self, body: Node<'_>) -> Vec<Arc<str>> {
        let typed = |statement: Node<'_>| {
            let assignment = first_child(statement).filter(|n| n.kind_name() == "assignment")?;
            assignment.child_by_field_id(FIELDS.type_)?;
            let name = assignment.child_by_field_id(FIELDS.left).filter(|n| n.kind_name() == "identifier")?;
            Some(self.name(name))
        };
        let mut names: Vec<Arc<str>> = named_children(body).into_iter().filter_map(typed).collect();
        names.sort();
        names.dedup();
        names
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
        if at.kind_name() == "identifier" {
            return Some(at);
        }
        at = at.named_child(0)?;
    }
}

/// The named children of a node without comments and other extras.
pub(crate) fn named_children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|n| !n.is_extra()).collect()
}

/// The first of [`named_children`].
pub(crate) fn first_child(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|n| !n.is_extra())
}
