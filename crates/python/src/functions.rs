//! Functions: what they are called with, and their bodies, which are lowered when the scope around them is whole.

use crate::lower::Lowerer;
use crate::scope::Scope;
use facts::code::{ClassId, Function, FunctionId, Param, ParamKind, Receiver, Stmt, Value, ValueId};
use ruff_python_ast::{AnyParameterRef, Decorator, Expr, ExprLambda, Parameters, StmtFunctionDef};
use ruff_text_size::{Ranged as _, TextRange, TextSize};
use std::sync::Arc;

/// Functions inside one another whose bodies are lowered.
const MAX_NESTED: usize = 40;

/// A function whose body is lowered when the function around it is whole: it sees the last values of its variables.
pub(crate) struct Pending<'t> {
    body: Body<'t>,
    at: TextSize,
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

/// What a function does.
enum Body<'t> {
    Statements(&'t [ruff_python_ast::Stmt]),
    Expression(&'t Expr),
}

impl<'t> Lowerer<'t> {
    /// A function definition: reserves it, to be lowered when the scope around it is whole.
    pub(crate) fn define_function(&mut self, node: &'t StmtFunctionDef) -> (Arc<str>, FunctionId) {
        let name = self.identifier(&node.name);
        let in_class = self.classes.last().cloned().filter(|_| self.scopes.last().is_some_and(|s| s.class_body));
        let shape = self.shape(&node.decorator_list, in_class.is_some());
        let others = node.decorator_list.iter().filter(|d| !self.is_language_decorator(d)).collect::<Vec<_>>();
        let decorators = others.into_iter().map(|d| self.expression(&d.expression)).collect();
        let params = self.params(&node.parameters);
        let full = match &in_class {
            Some((_, class)) => format!("{class}.{name}").into(),
            None => self.below_function(&name),
        };
        let at = self.keyword(node.range, &node.decorator_list);
        let class = in_class.map(|(id, _)| id);
        let id = self.reserve(|id, bound| Pending {
            body: Body::Statements(&node.body),
            at,
            id,
            name: full,
            class,
            shape,
            decorators,
            params,
            bound,
        });
        (name, id)
    }

    pub(crate) fn define_lambda(&mut self, node: &'t ExprLambda) -> FunctionId {
        let params = node.parameters.as_ref().map_or_else(Vec::new, |list| self.params(list));
        let name = self.below_function(&"<lambda>".into());
        self.reserve(|id, bound| Pending {
            body: Body::Expression(&node.body),
            at: node.range.start(),
            id,
            name,
            class: None,
            shape: (Receiver::None, false),
            decorators: Vec::new(),
            params,
            bound,
        })
    }

    fn reserve(&mut self, pending: impl FnOnce(FunctionId, Vec<(Arc<str>, ValueId)>) -> Pending<'t>) -> FunctionId {
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(Function::default());
        let pending = pending(id, self.comprehension_variables());
        self.pending.last_mut().expect("as many lists as scopes").push(pending);
        id
    }

    /// The name of something defined in the body of a function, dotted from the module.
    pub(crate) fn below_function(&mut self, name: &Arc<str>) -> Arc<str> {
        let around = self.scope().function.name.clone();
        if around.is_empty() { name.clone() } else { format!("{around}.{name}").into() }
    }

    /// Where a definition begins below its decorators.
    pub(crate) fn keyword(&self, definition: TextRange, decorators: &[Decorator]) -> TextSize {
        let Some(last) = decorators.last() else { return definition.start() };
        let mut at = last.end().to_usize();
        let end = definition.end().to_usize();
        while let Some(rest) = self.text.get(at..end) {
            let blank = rest.len() - rest.trim_start().len();
            let comment =
                rest[blank..].starts_with('#').then(|| rest[blank..].find('\n').unwrap_or(rest.len() - blank));
            at += blank + comment.unwrap_or(0);
            if comment.is_none() {
                break;
            }
        }
        TextSize::try_from(at).unwrap_or(definition.start())
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
    pub(crate) fn is_setter(&self, decorators: &[Decorator]) -> bool {
        decorators.iter().any(|d| {
            let name = self.decorator_name(d);
            name.ends_with(".setter") || name.ends_with(".deleter")
        })
    }

    fn decorator_name(&self, decorator: &Decorator) -> &'t str {
        match &decorator.expression {
            Expr::Call(call) => self.str(&*call.func),
            other => self.str(other),
        }
    }

    pub(crate) fn is_language_decorator(&self, decorator: &Decorator) -> bool {
        matches!(
            self.decorator_name(decorator),
            "staticmethod"
                | "classmethod"
                | "property"
                | "cached_property"
                | "functools.cached_property"
                | "abstractmethod"
                | "abc.abstractmethod"
        )
    }

    fn shape(&self, decorators: &[Decorator], in_class: bool) -> (Receiver, bool) {
        let has = |name: &str| decorators.iter().any(|d| self.decorator_name(d).rsplit('.').next() == Some(name));
        let receiver = match in_class {
            false => Receiver::None,
            true if has("staticmethod") => Receiver::None,
            true if has("classmethod") => Receiver::Class,
            true => Receiver::Instance,
        };
        (receiver, has("property") || has("cached_property"))
    }

    fn params(&mut self, list: &'t Parameters) -> Vec<Param> {
        let named_only = |range: TextRange| list.kwonlyargs.iter().any(|one| one.range == range);
        let mut out = Vec::new();
        for one in list {
            let (kind, named_only, default) = match one {
                AnyParameterRef::NonVariadic(one) => {
                    let default = one.default.as_ref().map(|value| self.expression(value));
                    (ParamKind::One, named_only(one.range), default)
                }
                AnyParameterRef::Variadic(rest) => {
                    let is_list = list.vararg.as_ref().is_some_and(|vararg| vararg.range == rest.range);
                    (if is_list { ParamKind::Rest } else { ParamKind::NamedRest }, false, None)
                }
            };
            let name = self.identifier(&one.as_parameter().name);
            let annotation = one.annotation().and_then(|declared| self.annotation(declared));
            out.push(Param { name, kind, named_only, default, annotation });
        }
        out
    }

    /// A declared type that is a plain or dotted name, as such or as text.
    fn annotation(&mut self, declared: &'t Expr) -> Option<ValueId> {
        match declared {
            Expr::Name(_) | Expr::Attribute(_) => Some(self.expression(declared)),
            Expr::StringLiteral(text) => {
                let name = text.value.to_str();
                let plain = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_alphanumeric());
                plain.then(|| self.lookup(name.into()))
            }
            _ => None,
        }
    }

    /// Lowers the functions that the scope's body has defined.
    pub(crate) fn finish_pending(&mut self) {
        let pending = std::mem::take(self.pending.last_mut().expect("as many lists as scopes"));
        for one in pending {
            self.finish(one);
        }
    }

    fn finish(&mut self, one: Pending<'t>) {
        let parent = self.scope().id;
        let function = Function {
            name: one.name,
            position: self.position(one.at),
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
        let body = match one.body {
            Body::Statements(statements) => self.block(statements),
            Body::Expression(expression) => {
                let mut out = Vec::new();
                let value = self.expression_into(expression, &mut out);
                out.push(Stmt::Return(Some(value)));
                out
            }
        };
        if self.scopes.len() < MAX_NESTED {
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
