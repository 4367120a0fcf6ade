//! Code in summary: what a language front end says about one source file.
//!
//! A [`Unit`] is a small, language-neutral intermediate form. Local variables are gone: a front end has
//! replaced each use by the value that reaches it, joining at branches ([`Value::Choice`],
//! [`Value::OneOf`]), so that an interpreter needs to keep only objects and module globals. Values live in
//! an arena per function and refer to one another by [`ValueId`]; an id always refers to the arena of the
//! function that it stands in. It says nothing of what a library call means: that is for the catalog.

use crate::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Index of a value in the arena of its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ValueId(pub u32);

/// Index of a function in its unit. Function 0 is the body of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FunctionId(pub u32);

/// Index of a class in its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassId(pub u32);

impl FunctionId {
    /// The body of the module.
    pub const MODULE: Self = Self(0);
}

/// Line and column in the unit's file, both counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column in characters.
    pub column: u32,
}

/// One source file in summary.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Unit {
    /// Path of the file.
    pub path: Arc<str>,
    /// The front end's name.
    pub language: &'static str,
    /// Functions, methods, closures; the first is the body of the module.
    pub functions: Vec<Function>,
    /// Classes.
    pub classes: Vec<Class>,
    /// The names that the module binds, with the value each has when the body has run (in function 0's arena).
    pub globals: BTreeMap<Arc<str>, ValueId>,
    /// Modules all of whose names are bound here too.
    pub star_imports: Vec<Arc<str>>,
    /// Every module that an import in the file may mean, sorted, without repeats. A relative one keeps its
    /// leading dots. `from a import b` is `a` and `a.b`, for `b` may be a module.
    pub imports: Vec<Arc<str>>,
    /// Texts that may name a module, or something in one, sorted, without repeats: `orders.handlers`.
    pub mentions: Vec<Arc<str>>,
    /// What did not parse.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a function receives the object that it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Receiver {
    /// Not at all.
    #[default]
    None,
    /// Its first parameter is the instance.
    Instance,
    /// Its first parameter is the class.
    Class,
}

/// A function, method or closure, or the body of the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Function {
    /// Its name, dotted from the module: `Orders.save`; empty for the body of the module.
    pub name: Arc<str>,
    /// Where it is defined.
    pub position: Position,
    /// The function whose body defines it; its captured variables are in that one's arena.
    pub parent: Option<FunctionId>,
    /// The class that it belongs to.
    pub class: Option<ClassId>,
    /// How it receives its object.
    pub receiver: Receiver,
    /// Whether reading the attribute calls it.
    pub property: bool,
    /// Parameters, the receiver's among them.
    pub params: Vec<Param>,
    /// Decorators that the language itself gives no meaning to, in the arena of the parent, the closest to the
    /// function last.
    pub decorators: Vec<ValueId>,
    /// The values of the body.
    pub values: Vec<Value>,
    /// What is done, in order.
    pub body: Vec<Stmt>,
}

/// What a parameter accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    /// One argument, by position or name.
    #[default]
    One,
    /// All further positional arguments, as a list.
    Rest,
    /// All further named arguments, as a map.
    NamedRest,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Param {
    /// Its name.
    pub name: Arc<str>,
    /// What it accepts.
    pub kind: ParamKind,
    /// Only by name.
    pub named_only: bool,
    /// Its default, in the arena of the parent.
    pub default: Option<ValueId>,
    /// Its declared type, in the arena of the parent, where it is a plain name or dotted name.
    pub annotation: Option<ValueId>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Class {
    /// Its name, dotted from the module.
    pub name: Arc<str>,
    /// Where it is defined.
    pub position: Position,
    /// The function whose body defines it.
    pub parent: FunctionId,
    /// Base classes, in the arena of the parent.
    pub bases: Vec<ValueId>,
    /// Decorators, in the arena of the parent.
    pub decorators: Vec<ValueId>,
    /// Methods by name; the last definition of a name counts.
    pub methods: BTreeMap<Arc<str>, FunctionId>,
    /// Class attributes with their values, in the arena of the parent, in source order. A field that is only
    /// declared has [`Value::Unknown`].
    pub fields: Vec<(Arc<str>, ValueId)>,
    /// The names of those that are declared with a type, sorted.
    pub typed: Vec<Arc<str>>,
    /// The types of fields, in the arena of the parent, as [`Value::Typed`] has them; that of what a variant holds
    /// under `Variant` and `Variant.field`.
    pub types: BTreeMap<Arc<str>, ValueId>,
}

/// A constant of the language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Literal {
    /// Text.
    Text(Arc<str>),
    /// A whole number.
    Int(i64),
    /// Any other number, as it is written.
    Number(Arc<str>),
    /// True or false.
    Bool(bool),
    /// The language's nothing.
    Null,
}

/// An operator on two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinaryOp {
    /// Addition, concatenation of texts or lists.
    Add,
    /// Remainder; on a text, printf-style formatting.
    Rem,
    /// Any other arithmetic.
    Arithmetic,
    /// `/`: division; on path objects, joining.
    Div,
    /// Union of maps or sets, bitwise or.
    Union,
    /// Equal.
    Eq,
    /// Not equal.
    NotEq,
    /// Left is a member of right.
    In,
    /// Left is not a member of right.
    NotIn,
    /// Any other comparison.
    Compare,
    /// Left if it is false, else right.
    And,
    /// Left if it is true, else right.
    Or,
}

/// How an argument is passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArgName {
    /// By position.
    Position,
    /// By name.
    Name(Arc<str>),
    /// A list whose elements are passed by position.
    Spread,
    /// A map whose entries are passed by name.
    SpreadNamed,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arg {
    /// How it is passed.
    pub name: ArgName,
    /// What is passed.
    pub value: ValueId,
}

/// A name and the module that it is imported from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The module.
    pub module: Arc<str>,
    /// The name.
    pub name: Arc<str>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// What is called.
    pub callee: ValueId,
    /// With what.
    pub args: Vec<Arg>,
    /// Where.
    pub position: Position,
    /// The text of the call, shortened to one line.
    pub what: Arc<str>,
}

/// A comprehension. Its values stand one after another in the arena, from `element` up to the comprehension itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// What is gone through.
    pub over: ValueId,
    /// The element: a [`Value::Element`] of it.
    pub element: ValueId,
    /// What must hold of it.
    pub conditions: Vec<ValueId>,
    /// What is made of it: a list or map, whose elements or entries are some of the whole's.
    pub gives: ValueId,
    /// Whether that is a map.
    pub entries: bool,
}

/// A loop over the elements of a value. The values of its body stand one after another in the arena, from `element` up to
/// `end`: each turn has its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Each {
    /// What is looped over.
    pub over: ValueId,
    /// The element: a [`Value::Element`] of it.
    pub element: ValueId,
    /// The first value of what is done; those before it are of the variables that the loop binds.
    pub begin: ValueId,
    /// The value after the last one.
    pub end: ValueId,
    /// What a turn does.
    pub body: Vec<Stmt>,
    /// The variables that a turn binds.
    pub carried: Vec<Carried>,
    /// Whether a turn may end early, or the loop.
    pub leaves: bool,
}

/// A variable that a loop binds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Carried {
    /// Its value at the beginning of a turn, of a variable that there is before the loop: what the last turn left.
    pub before: Option<ValueId>,
    /// Its value at the end of a turn.
    pub inside: ValueId,
    /// Its value after the loop.
    pub after: ValueId,
}

/// A value, by how it is computed. A summary is mostly these, so what is large and rare is in a box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Value {
    /// A constant.
    Literal(Literal),
    /// Texts one after another; pieces that are not text are shown as text.
    Concat(Vec<ValueId>),
    /// A list, tuple or set. What is spread into it is a [`Value::Spread`].
    List(Vec<ValueId>),
    /// The elements of a list, inside a [`Value::List`].
    Spread(ValueId),
    /// A map. An entry without key is a map whose entries are taken over.
    Map(Vec<(Option<ValueId>, ValueId)>),
    /// The value of a parameter of this function, by its index.
    Param(u32),
    /// A name of the module, looked up when it is used: a global, or else a built-in of the language.
    Global(Arc<str>),
    /// A variable of an enclosing function: `value` in the arena of `function`, which is an ancestor of this one.
    Captured {
        /// The ancestor.
        function: FunctionId,
        /// The value in its arena.
        value: ValueId,
    },
    /// A module, by its dotted name; a relative one begins with dots.
    Module(Arc<str>),
    /// A name imported from a module: one of its globals, or a module below it.
    Imported(Box<Imported>),
    /// A function or closure defined here.
    Function(FunctionId),
    /// A class defined here.
    Class(ClassId),
    /// An attribute.
    Attr {
        /// Of what.
        base: ValueId,
        /// Its name.
        name: Arc<str>,
    },
    /// An element by index or key.
    Index {
        /// Of what.
        base: ValueId,
        /// Which.
        key: ValueId,
    },
    /// A contiguous part of a list or text.
    Slice(ValueId),
    /// Any element: what a loop over it gives.
    Element(ValueId),
    /// What entering a resource block gives (`with x as y`).
    Enter(ValueId),
    /// A call.
    Call(Box<Call>),
    /// The base classes' view of the receiver.
    Super,
    /// An operator.
    Binary {
        /// Which.
        op: BinaryOp,
        /// Its left operand.
        left: ValueId,
        /// Its right operand.
        right: ValueId,
    },
    /// Logical negation.
    Not(ValueId),
    /// `yes` where the condition holds, else `no`.
    Choice {
        /// The condition.
        condition: ValueId,
        /// When it holds.
        yes: ValueId,
        /// When it does not.
        no: ValueId,
    },
    /// One of several: a join whose condition is not a value.
    OneOf(Vec<ValueId>),
    /// A list or map of what is made of each element of a value.
    Made(Box<Made>),
    /// A value whose type is written beside it: where nothing is known of the value, its class tells its methods.
    Typed {
        /// The value.
        value: ValueId,
        /// The type: a class by its name, a [`Value::List`] of the type of the elements, or a [`Value::Index`] of one
        /// type filled in with another (`Reply<Order>`).
        ty: ValueId,
    },
    /// Cannot be told, and why, as a clause.
    Unknown(Arc<str>),
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Stmt {
    /// A value is computed for its effects.
    Eval(ValueId),
    /// An attribute is set.
    SetAttr {
        /// Of what.
        base: ValueId,
        /// Its name.
        name: Arc<str>,
        /// To what.
        value: ValueId,
    },
    /// An element is set.
    SetIndex {
        /// Of what.
        base: ValueId,
        /// Which.
        key: ValueId,
        /// To what.
        value: ValueId,
    },
    /// A global of the module is set from inside a function.
    SetGlobal {
        /// Its name.
        name: Arc<str>,
        /// To what.
        value: ValueId,
    },
    /// One of two ways.
    If {
        /// The condition.
        condition: ValueId,
        /// When it holds.
        yes: Vec<Stmt>,
        /// When it does not.
        no: Vec<Stmt>,
    },
    /// May be done any number of times, or not at all: a loop, a handler of an exception.
    Maybe(Vec<Stmt>),
    /// Done for each element of a value.
    Each(Box<Each>),
    /// The turn of the [`Stmt::Each`] around it ends.
    EndTurn,
    /// The [`Stmt::Each`] around it ends.
    EndLoop,
    /// A block that was entered with this value ends.
    Leave(ValueId),
    /// The function ends, with a value if it has one.
    Return(Option<ValueId>),
    /// A generator gives a value to its consumer.
    Yield(ValueId),
    /// The function ends without a value: an exception.
    Raise,
}

/// A summary of much code is mostly values.
const _: () = assert!(size_of::<Value>() <= 32, "what makes a value larger belongs in a box");
