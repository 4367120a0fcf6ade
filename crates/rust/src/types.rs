//! Types that are written beside values: what they say of a value of which nothing else is known.

use crate::items::Lowerer;
use crate::paths::is_type;
use facts::code::{ClassId, Value, ValueId};
use std::sync::Arc;
use syn::{Fields, GenericArgument, PathArguments, Type};

/// Types of the language's own library that have no methods of the scan.
const PLAIN: &[&str] = &["String", "Value", "Error", "Duration", "Instant", "PathBuf", "Path"];

/// Types that only hold another one: the value stands for it.
const HOLDERS: &[&str] = &[
    "Option",
    "Result",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "Pin",
    "Cell",
    "RefCell",
    "Mutex",
    "RwLock",
    "MutexGuard",
    "Ref",
    "RefMut",
    "OnceCell",
    "OnceLock",
    "LazyLock",
    "Lazy",
    "LazyCell",
    "ManuallyDrop",
];

/// Types whose values are gone through, by the type of their elements.
const SEQUENCES: &[&str] =
    &["Vec", "VecDeque", "HashSet", "BTreeSet", "BinaryHeap", "LinkedList", "IndexSet", "SmallVec"];

impl Lowerer<'_> {
    /// A type as a value says it (see [`Value::Typed`]), where it may be one of the scan or hold one.
    pub(crate) fn written(&mut self, ty: &Type) -> Option<ValueId> {
        match ty {
            Type::Reference(inner) => self.written(&inner.elem),
            Type::Paren(inner) => self.written(&inner.elem),
            Type::Group(inner) => self.written(&inner.elem),
            Type::Slice(of) => self.written_list(&of.elem),
            Type::Array(of) => self.written_list(&of.elem),
            Type::Path(path) if path.qself.is_none() => {
                let last = path.path.segments.last()?;
                let name = last.ident.to_string();
                let inner = match &last.arguments {
                    PathArguments::AngleBracketed(filled) => filled.args.iter().find_map(|arg| match arg {
                        GenericArgument::Type(ty) => Some(ty),
                        _ => None,
                    }),
                    _ => None,
                };
                match inner {
                    _ if !is_type(&name) || PLAIN.contains(&&*name) => None,
                    Some(inner) if HOLDERS.contains(&&*name) => self.written(inner),
                    Some(inner) if SEQUENCES.contains(&&*name) => self.written_list(inner),
                    // `LambdaEvent<Value>` is more than what it is filled with, which may say nothing.
                    Some(inner) => {
                        let base = self.path(&path.path);
                        let key = self.written(inner).unwrap_or_else(|| self.unknown("it is a type of a library"));
                        Some(self.add(Value::Index { base, key }))
                    }
                    None => Some(self.path(&path.path)),
                }
            }
            _ => None,
        }
    }

    fn written_list(&mut self, of: &Type) -> Option<ValueId> {
        let of = self.written(of)?;
        Some(self.add(Value::List(vec![of])))
    }

    /// A value with the type that is written beside it.
    pub(crate) fn typed(&mut self, value: ValueId, ty: &Type) -> ValueId {
        let ty = self.written(ty);
        self.typed_as(value, ty)
    }

    pub(crate) fn typed_as(&mut self, value: ValueId, ty: Option<ValueId>) -> ValueId {
        ty.map_or(value, |ty| self.add(Value::Typed { value, ty }))
    }

    /// The types of a structure's fields.
    pub(crate) fn types_of_fields(&mut self, class: ClassId, fields: &Fields) {
        for (i, field) in fields.iter().enumerate() {
            let name = field.ident.as_ref().map_or_else(|| i.to_string(), ToString::to_string);
            self.type_of(class, &name.into(), &field.ty);
        }
    }

    /// The types of what the variants of an enumeration hold, by `Variant`, `Variant.0` and `Variant.field`.
    pub(crate) fn types_of_variants(&mut self, class: ClassId, item: &syn::ItemEnum) {
        for variant in &item.variants {
            for (i, field) in variant.fields.iter().enumerate() {
                let inner = field.ident.as_ref().map_or_else(|| i.to_string(), ToString::to_string);
                self.type_of(class, &format!("{}.{inner}", variant.ident).into(), &field.ty);
            }
            if let (Fields::Unnamed(_), Some(only), 1) =
                (&variant.fields, variant.fields.iter().next(), variant.fields.len())
            {
                self.type_of(class, &variant.ident.to_string().into(), &only.ty);
            }
        }
    }

    fn type_of(&mut self, class: ClassId, name: &Arc<str>, ty: &Type) {
        if let Some(ty) = self.written(ty) {
            self.unit.classes[class.0 as usize].types.insert(name.clone(), ty);
        }
    }
}
