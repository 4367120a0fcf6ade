//! Functions: their parameters, those for types among them, and what they do.

use crate::items::{Lowerer, named_type};
use crate::scope::Scope;
use facts::code::{ClassId, Function, FunctionId, Param, ParamKind, Receiver, Stmt, Value, ValueId};
use proc_macro2::Span;
use std::sync::Arc;
use syn::{FnArg, Pat, Signature, Type};

impl Lowerer<'_> {
    /// Lowers a function that is declared here.
    pub(crate) fn function(
        &mut self,
        name: Arc<str>,
        sig: &Signature,
        body: Option<&syn::Block>,
        class: Option<ClassId>,
    ) -> FunctionId {
        let params: Vec<Parameter<'_>> = sig
            .inputs
            .iter()
            .map(|input| match input {
                FnArg::Receiver(_) => Parameter { pattern: None, ty: None },
                FnArg::Typed(typed) => Parameter { pattern: Some(&typed.pat), ty: Some(&typed.ty) },
            })
            .collect();
        let receiver = if class.is_some() && sig.receiver().is_some() { Receiver::Instance } else { Receiver::None };
        let function =
            Function { name, position: Self::position(sig.ident.span()), class, receiver, ..Function::default() };
        let types: Vec<TypeParam> = type_params(sig);
        let id = self.body(function, &params, &types, |lowerer, out| {
            let body = body?;
            if let syn::ReturnType::Type(_, ty) = &sig.output {
                let ty = lowerer.written(ty);
                lowerer.scope().returns = ty;
            }
            let value = lowerer.block(body, out)?;
            let returns = lowerer.scope().returns;
            Some(lowerer.typed_as(value, returns))
        });
        for (i, input) in sig.inputs.iter().enumerate() {
            let annotation = self.holder(input);
            if let Some(param) = self.unit.functions[id.0 as usize].params.get_mut(i) {
                param.annotation = annotation;
            }
        }
        id
    }

    /// The type of a parameter where it holds another one, as `State<App>` does: a library may say what it is given.
    fn holder(&mut self, input: &FnArg) -> Option<ValueId> {
        let FnArg::Typed(typed) = input else { return None };
        let ty = match &*typed.ty {
            Type::Reference(inner) => &*inner.elem,
            ty => ty,
        };
        let Type::Path(ty) = ty else { return None };
        let holds = matches!(ty.path.segments.last()?.arguments, syn::PathArguments::AngleBracketed(_));
        (holds && ty.qself.is_none()).then(|| self.path(&ty.path))
    }

    /// Lowers what a function or closure does, in a scope of its own.
    pub(crate) fn body(
        &mut self,
        function: Function,
        parameters: &[Parameter<'_>],
        types: &[TypeParam],
        f: impl FnOnce(&mut Self, &mut Vec<Stmt>) -> Option<ValueId>,
    ) -> FunctionId {
        let id = FunctionId(self.unit.functions.len() as u32);
        self.unit.functions.push(Function::default());
        let param = |name: Arc<str>, named_only: bool| Param {
            name,
            kind: ParamKind::One,
            named_only,
            default: None,
            annotation: None,
        };
        let params = parameters.iter().map(|parameter| match parameter.pattern {
            None => param("self".into(), false),
            Some(Pat::Ident(ident)) => param(ident.ident.to_string().into(), false),
            Some(_) => param("_".into(), false),
        });
        let params = params.chain((0..types.len()).map(|i| param(type_argument(i), true)));
        let parent = Some(self.scope().id);
        let function = Function { parent, params: params.collect(), ..function };
        self.scopes.push(Scope::new(id, function));
        for (i, (name, shown_by)) in types.iter().enumerate() {
            // A value tells its type: what the type has is asked of the value too.
            let value = self.add(Value::Param(shown_by.unwrap_or(parameters.len() + i) as u32));
            self.scope().declare(name.as_str().into(), value);
        }
        for (i, parameter) in parameters.iter().enumerate() {
            let value = self.add(Value::Param(i as u32));
            match parameter.pattern {
                None => self.scope().declare("self".into(), value),
                Some(pattern) => {
                    let value = parameter.ty.map_or(value, |ty| self.typed(value, ty));
                    self.declare(pattern, value);
                }
            }
        }
        let mut body = Vec::new();
        let value = self.deeper(Span::call_site(), |lowerer| f(lowerer, &mut body)).flatten();
        if let Some(value) = value {
            body.push(Stmt::Return(Some(value)));
        }
        if let Some(mut scope) = self.scopes.pop() {
            scope.function.body = body;
            scope.function.values.shrink_to_fit();
            self.unit.functions[id.0 as usize] = scope.function;
        }
        id
    }
}

/// A parameter of a function or closure: the receiver where it has no pattern.
pub(crate) struct Parameter<'p> {
    pub(crate) pattern: Option<&'p Pat>,
    /// Its type, where that does not stand in the pattern.
    pub(crate) ty: Option<&'p Type>,
}

/// A type parameter of a function, and the parameter whose value is of that type, if there is one.
type TypeParam = (String, Option<usize>);

/// The type parameters of a function, those of `impl Trait` not among them: they have no name to ask.
fn type_params(sig: &Signature) -> Vec<TypeParam> {
    let of_type = |name: &syn::Ident| {
        sig.inputs.iter().position(|input| match input {
            FnArg::Typed(typed) => named_type(&typed.ty).is_some_and(|ty| *name == ty),
            FnArg::Receiver(_) => false,
        })
    };
    sig.generics.type_params().map(|one| (one.ident.to_string(), of_type(&one.ident))).collect()
}

/// What the type argument at some place is called where it is passed: no parameter of the language can be called so.
pub(crate) fn type_argument(at: usize) -> Arc<str> {
    format!("<{at}>").into()
}
