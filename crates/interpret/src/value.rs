//! Abstract values: what the interpreter knows of a value of the running program.

use facts::Expr;
use facts::code::FunctionId;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// An activation of a function, by its index in the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FrameId(pub u32);

/// An object on the interpreter's heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId(pub u32);

/// A file's summary, by its index in the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitId(pub u32);

/// What is known of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Abs {
    /// A text, possibly symbolic. What comes from outside at run time is a text with [`Expr::Input`].
    Text(Expr),
    /// A whole number.
    Int(i64),
    /// True or false.
    Bool(bool),
    /// The language's nothing.
    Null,
    /// Something of a library outside of the scan, by its dotted path.
    Symbol(Arc<str>),
    /// A module of the scan or of a library, as the file `from` imports it.
    Module { from: UnitId, name: Arc<str> },
    /// A function of the scan, with the activation that its captured variables are in.
    Function { unit: UnitId, id: FunctionId, frame: FrameId },
    /// A class of the scan, with the activation that defined it.
    Class { unit: UnitId, id: facts::code::ClassId, frame: FrameId },
    /// A function with its receiver.
    Bound(Rc<(Abs, Abs)>),
    /// A method of something that is not of the scan: a handle, a text, a list.
    Method(Rc<(Abs, Arc<str>)>),
    /// A function some of whose arguments are given already.
    Partial(Rc<(Abs, Args)>),
    /// The base classes' view of an instance: the class after which to look, and the instance.
    Super(Rc<(Abs, Abs)>),
    /// A list, map or instance.
    Object(ObjectId),
    /// What stands for something outside.
    Handle(Rc<Handle>),
    /// One of several.
    OneOf(Rc<[Abs]>),
    /// Not known, and why, as a clause.
    Unknown(Arc<str>),
}

/// A library's object that stands for something outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Handle {
    /// Its class, a word of the catalog's library tables.
    pub class: Arc<str>,
    /// What is known of it.
    pub fields: BTreeMap<Arc<str>, Abs>,
}

/// The arguments of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Args {
    /// By position.
    pub positional: Vec<Abs>,
    /// By name, in source order.
    pub named: Vec<(Arc<str>, Abs)>,
    /// Further ones by position, whose number is not known.
    pub more_positional: Option<Abs>,
    /// Further ones by name, whose names are not known.
    pub more_named: Option<Abs>,
    /// The names of those that the object gives by itself, on which the call is made.
    pub of_object: Vec<Arc<str>>,
}

impl Args {
    pub(crate) fn named(&self, name: &str) -> Option<&Abs> {
        self.named.iter().rev().find(|(n, _)| &**n == name).map(|(_, v)| v)
    }
}

/// At most this many values are kept apart; the rest widens to unknown.
const MAX_VALUES: usize = 16;

/// The same for functions and classes: a table of them has an entry for each route of an API.
const MAX_CALLABLE: usize = 128;

impl Abs {
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(Expr::literal(text))
    }

    pub(crate) fn unknown(why: impl Into<Arc<str>>) -> Self {
        Self::Unknown(why.into())
    }

    /// What comes from outside at run time, in words.
    pub(crate) fn input(what: impl Into<Arc<str>>) -> Self {
        Self::Text(Expr::Input(what.into()))
    }

    /// How large the value is, besides being one: a text that is put together grows with each piece.
    pub(crate) fn weight(&self) -> u32 {
        /// Bytes of known text that weigh as much as a piece.
        const BYTES: usize = 64;
        let known = |e: &Expr| e.as_literal().map_or(0, str::len) / BYTES;
        let weight = match self {
            Self::Text(Expr::Concat(pieces)) => pieces.iter().map(|p| p.leaves() + known(p)).sum(),
            Self::Text(Expr::OneOf(all)) => all.iter().map(|e| e.leaves() + known(e)).sum(),
            Self::Text(text) => known(text),
            Self::OneOf(all) => all.iter().map(|v| v.weight() as usize).sum(),
            _ => 0,
        };
        u32::try_from(weight).unwrap_or(u32::MAX)
    }

    /// One of the values: nested alternatives are flattened, repeated ones dropped, the order kept.
    pub(crate) fn join(values: impl IntoIterator<Item = Self>) -> Self {
        let mut out: Vec<Self> = Vec::new();
        let mut add = |v: &Self| {
            if !out.contains(v) {
                out.push(v.clone());
            }
        };
        for value in values {
            match &value {
                Self::OneOf(all) => all.iter().for_each(&mut add),
                other => add(other),
            }
        }
        match out.len() {
            0 => Self::unknown("no value is ever given"),
            1 => out.remove(0),
            n if n > MAX_VALUES && (n > MAX_CALLABLE || !out.iter().all(Self::is_callable)) => {
                Self::unknown(format!("it is one of {n} values"))
            }
            _ => Self::OneOf(out.into()),
        }
    }

    fn is_callable(&self) -> bool {
        matches!(
            self,
            Self::Function { .. }
                | Self::Class { .. }
                | Self::Bound(_)
                | Self::Partial(_)
                | Self::Method(_)
                | Self::Null
        )
    }

    /// The alternatives; one for anything else.
    pub(crate) fn each(&self) -> &[Self] {
        match self {
            Self::OneOf(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// The known text, if it is wholly known.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(e) => e.as_literal(),
            _ => None,
        }
    }

    /// Whether a condition on it holds; `None` when that cannot be told.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            Self::Null => Some(false),
            Self::Int(i) => Some(*i != 0),
            Self::Text(Expr::Literal(text)) => Some(!text.is_empty()),
            Self::Function { .. } | Self::Class { .. } | Self::Handle(_) | Self::Bound(_) => Some(true),
            Self::OneOf(all) => {
                let first = all[0].truth()?;
                all.iter().all(|v| v.truth() == Some(first)).then_some(first)
            }
            _ => None,
        }
    }
}
