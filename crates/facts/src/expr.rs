//! Symbolic strings: the one language in which configuration and code say which thing a name names.

use crate::Place;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A string whose value may be known only at run time or at deployment.
///
/// Front ends only build expressions; `resolve` substitutes into them until they name a resource, an
/// external host, or are provably unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Expr {
    /// Known text.
    Literal(Arc<str>),
    /// The texts of several expressions, one after another.
    Concat(Vec<Expr>),
    /// An environment variable of the function that is running.
    Env(Arc<str>),
    /// What a reference to a declared resource gives (`!Ref Jobs`), or one of its attributes (`!GetAtt Jobs.Arn`).
    /// An attribute `Outputs.X` of a nested stack names that stack's output `X`.
    Resource {
        /// The scope that declares it.
        scope: Arc<str>,
        /// Its logical id there.
        id: Arc<str>,
        /// The attribute, if not the resource itself.
        attribute: Option<Arc<str>>,
    },
    /// A parameter of a scope, or a pseudo parameter such as `AWS::Region`.
    Parameter {
        /// The scope that declares it.
        scope: Arc<str>,
        /// Its name.
        name: Arc<str>,
    },
    /// An output of a deployed stack, by the stack's deployed name (`${cf:stack.Output}`).
    StackOutput {
        /// The stack's name.
        stack: Box<Expr>,
        /// The output's name.
        output: Arc<str>,
    },
    /// The value that some stack exports under a name.
    Import(Box<Expr>),
    /// The value of the SSM parameter of a name.
    Ssm(Box<Expr>),
    /// The value of the secret of a name or ARN.
    Secret(Box<Expr>),
    /// A value that comes in from outside of the function at run time, in words: `event["queue"]`.
    Input(Arc<str>),
    /// The `index`-th piece of `of` cut at `separator`; a negative index counts from the end.
    Piece {
        /// What is cut.
        of: Box<Expr>,
        /// Where it is cut.
        separator: Arc<str>,
        /// Which piece.
        index: i32,
    },
    /// A text in which something is replaced that may be in what only deployment knows.
    Replaced {
        /// The text.
        of: Box<Expr>,
        /// What is replaced, wherever it stands.
        from: Arc<str>,
        /// By what.
        to: Arc<str>,
    },
    /// The case whose text equals the key: a constant map, a mapping, a condition (its key the compared value).
    /// With an unknown key it is one of all the cases and the default.
    Lookup {
        /// What is compared.
        key: Box<Expr>,
        /// The cases, in source order.
        cases: Vec<(Expr, Expr)>,
        /// When no case fits.
        default: Option<Box<Expr>>,
    },
    /// The value of `of`, or `default` where deployment does not set it.
    OrElse {
        /// What is wanted.
        of: Box<Expr>,
        /// What stands for it where it is not set.
        default: Box<Expr>,
    },
    /// One of several.
    OneOf(Vec<Expr>),
    /// Not known, and why.
    Unknown {
        /// The reason, as a clause: "the queue comes from the event".
        why: Arc<str>,
        /// The place that makes it so.
        place: Option<Place>,
    },
}

/// What [`Expr::Input`] says of a target that is whoever waits for the running code's answer.
pub const AWAITED: &str = "the task that waits for the answer";

/// What [`Expr::Input`] says of the end of a path whatever stands below which is meant.
pub const BELOW: &str = "whatever stands below it";

/// What [`Expr::Input`] says behind something whose owner is meant, where the scan declares that: a client of a user pool.
pub const OWNER: &str = "whatever it belongs to";

/// The attribute of an API that is the resource for its root, below which all other paths stand.
pub const ROOT_OF_API: &str = "RootResourceId";

/// What begins the name of a service as a whole. No resource can be called so.
const SERVICE: &str = "aws:";

/// At most this many alternatives are kept apart; more widen to [`Expr::Unknown`].
const MAX_ALTERNATIVES: usize = 24;

/// At most this many leaves; a larger expression widens to [`Expr::Unknown`].
const MAX_LEAVES: usize = 256;

/// At most this many bytes of known text in one concatenation; a longer one widens to [`Expr::Unknown`]. Statements
/// and templates fit; a text that doubles in a loop does not.
const MAX_TEXT: usize = 64 * 1024;

impl Expr {
    /// Known text.
    pub fn literal(text: impl Into<Arc<str>>) -> Self {
        Self::Literal(text.into())
    }

    /// A service of the platform as a whole, by its client's name: its API is called, or it calls.
    pub fn service(client: &str) -> Self {
        Self::literal(format!("{SERVICE}{client}"))
    }

    /// The client's name, where this is a service as a whole.
    pub fn as_service(&self) -> Option<&str> {
        self.as_literal()?.strip_prefix(SERVICE)
    }

    /// Not known, for `why`.
    pub fn unknown(why: impl Into<Arc<str>>) -> Self {
        Self::Unknown { why: why.into(), place: None }
    }

    /// A reference to a resource of `scope`.
    pub fn resource(scope: impl Into<Arc<str>>, id: impl Into<Arc<str>>) -> Self {
        Self::Resource { scope: scope.into(), id: id.into(), attribute: None }
    }

    /// The pieces one after another: nested concatenations are flattened, neighbouring literals joined,
    /// and a single piece stands for itself.
    pub fn concat(pieces: impl IntoIterator<Item = Expr>) -> Self {
        let mut out = Vec::new();
        let mut length = 0;
        let mut push = |out: &mut Vec<Expr>, piece: Expr| {
            length += piece.as_literal().map_or(0, str::len);
            if length <= MAX_TEXT {
                push_piece(out, piece);
            }
        };
        for piece in pieces {
            match piece {
                Self::Concat(inner) => inner.into_iter().for_each(|p| push(&mut out, p)),
                other => push(&mut out, other),
            }
        }
        if length > MAX_TEXT {
            return Self::unknown("the text is too long");
        }
        match out.len() {
            0 => Self::literal(""),
            1 => out.remove(0),
            _ if out.iter().map(Expr::leaves).sum::<usize>() > MAX_LEAVES => {
                Self::unknown("the text is put together from too many pieces")
            }
            _ => Self::Concat(out),
        }
    }

    /// One of the alternatives: nested ones are flattened, repeated ones dropped, the order kept.
    pub fn one_of(alternatives: impl IntoIterator<Item = Expr>) -> Self {
        let mut out: Vec<Expr> = Vec::new();
        let mut add = |e: Expr| {
            if !out.contains(&e) {
                out.push(e);
            }
        };
        for alternative in alternatives {
            match alternative {
                Self::OneOf(inner) => inner.into_iter().for_each(&mut add),
                other => add(other),
            }
        }
        match out.len() {
            0 => Self::unknown("no value is ever given"),
            1 => out.remove(0),
            n if n > MAX_ALTERNATIVES => Self::unknown(format!("it is one of {n} values")),
            _ => Self::OneOf(out),
        }
    }

    /// The text, when it is wholly known.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a part of the text is known at run time alone, or not at all.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Input(_) | Self::Unknown { .. } => true,
            Self::Concat(all) | Self::OneOf(all) => all.iter().any(Self::is_open),
            Self::Piece { of: e, .. } | Self::Replaced { of: e, .. } => e.is_open(),
            _ => false,
        }
    }

    /// How many leaves the expression has: the measure of its size.
    pub fn leaves(&self) -> usize {
        match self {
            Self::Concat(all) | Self::OneOf(all) => all.iter().map(Self::leaves).sum(),
            Self::Import(e)
            | Self::Ssm(e)
            | Self::Secret(e)
            | Self::Piece { of: e, .. }
            | Self::Replaced { of: e, .. } => e.leaves(),
            Self::StackOutput { stack, .. } => stack.leaves(),
            Self::OrElse { of, default } => of.leaves() + default.leaves(),
            Self::Lookup { key, cases, default } => {
                key.leaves()
                    + cases.iter().map(|(k, v)| k.leaves() + v.leaves()).sum::<usize>()
                    + default.as_ref().map_or(0, |d| d.leaves())
            }
            _ => 1,
        }
    }
}

fn push_piece(out: &mut Vec<Expr>, piece: Expr) {
    match (out.last_mut(), piece) {
        (_, Expr::Literal(text)) if text.is_empty() => {}
        (Some(Expr::Literal(last)), Expr::Literal(text)) => *last = format!("{last}{text}").into(),
        (_, piece) => out.push(piece),
    }
}

impl std::fmt::Display for Expr {
    /// For people, in the notation of templates: `orders-${Stage}`, `${Jobs.Arn}`, `${env:TABLE}`. A precision bounds
    /// the length, as it does for strings: `{expr:.100}` is at most 100 characters, and then `…`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(left) = f.precision() else { return self.write(f) };
        let mut out = Bounded { out: f, left };
        // The error is how the bounded writer says that it is full: then it has said so in the text.
        let _full = self.write(&mut out);
        Ok(())
    }
}

/// Writes so many characters and refuses the rest.
struct Bounded<'a, 'f> {
    out: &'a mut std::fmt::Formatter<'f>,
    left: usize,
}

impl std::fmt::Write for Bounded<'_, '_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        match text.char_indices().nth(self.left) {
            None => {
                self.left -= text.chars().count();
                self.out.write_str(text)
            }
            Some((end, _)) => {
                self.left = 0;
                write!(self.out, "{}…", &text[..end])?;
                Err(std::fmt::Error)
            }
        }
    }
}

impl Expr {
    /// As a piece of a text, in which it must be seen where a choice begins and ends: `orders-${env:STAGE or else dev}-v1`.
    fn write_piece(&self, f: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self {
            Self::OrElse { of, default } => {
                f.write_str("${")?;
                // A name needs no braces within braces.
                match &**of {
                    Self::Env(name) => write!(f, "env:{name}")?,
                    Self::Parameter { name, .. } => f.write_str(name)?,
                    of => of.write(f)?,
                }
                f.write_str(" or else ")?;
                default.write(f)?;
                f.write_str("}")
            }
            Self::OneOf(_) => {
                f.write_str("${")?;
                self.write(f)?;
                f.write_str("}")
            }
            _ => self.write(f),
        }
    }

    fn write(&self, f: &mut dyn std::fmt::Write) -> std::fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Concat(all) => all.iter().try_for_each(|e| e.write_piece(f)),
            Self::Env(name) => write!(f, "${{env:{name}}}"),
            Self::Resource { id, attribute: None, .. } => write!(f, "${{{id}}}"),
            Self::Resource { id, attribute: Some(a), .. } => write!(f, "${{{id}.{a}}}"),
            Self::Parameter { name, .. } => write!(f, "${{{name}}}"),
            Self::StackOutput { stack, output } => write!(f, "${{cf:{stack}.{output}}}"),
            Self::Import(name) => write!(f, "${{import:{name}}}"),
            Self::Ssm(name) => write!(f, "${{ssm:{name}}}"),
            Self::Secret(name) => write!(f, "${{secret:{name}}}"),
            Self::Input(what) => write!(f, "${{{what}}}"),
            Self::Piece { of, separator, index } => {
                write!(f, "${{piece {index} of ")?;
                of.write(f)?;
                write!(f, " at {separator:?}}}")
            }
            Self::Replaced { of, from, to } => {
                f.write_str("${")?;
                of.write(f)?;
                write!(f, " with {to:?} for {from:?}}}")
            }
            Self::Lookup { key, cases, default } => {
                f.write_str("${")?;
                key.write(f)?;
                f.write_str(" ?")?;
                for (case, value) in cases {
                    write!(f, " {case}: ")?;
                    value.write(f)?;
                    f.write_str(";")?;
                }
                if let Some(default) = default {
                    f.write_str(" else ")?;
                    default.write(f)?;
                }
                f.write_str("}")
            }
            Self::OrElse { of, default } => {
                of.write(f)?;
                f.write_str(" or else ")?;
                default.write(f)
            }
            Self::OneOf(all) => {
                for (i, e) in all.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { " | " })?;
                    e.write(f)?;
                }
                Ok(())
            }
            Self::Unknown { why, .. } => write!(f, "${{unknown: {why}}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concat_joins_and_flattens() {
        let e = Expr::concat([
            Expr::literal("a"),
            Expr::concat([Expr::literal("b"), Expr::Env("X".into())]),
            Expr::literal(""),
        ]);
        assert_eq!(e, Expr::Concat(vec![Expr::literal("ab"), Expr::Env("X".into())]));
        assert_eq!(e.to_string(), "ab${env:X}");
    }

    #[test]
    fn a_choice_within_a_text_is_in_braces() {
        let stage = Expr::OrElse { of: Box::new(Expr::Env("STAGE".into())), default: Box::new(Expr::literal("dev")) };
        let one = Expr::one_of([Expr::literal("a"), Expr::literal("b")]);
        let text = Expr::concat([Expr::literal("x-"), stage, Expr::literal("-"), one, Expr::literal("-y")]);
        assert_eq!(text.to_string(), "x-${env:STAGE or else dev}-${a | b}-y");
    }

    #[test]
    fn one_of_keeps_order_and_drops_repeats() {
        let e = Expr::one_of([Expr::literal("b"), Expr::literal("a"), Expr::literal("b")]);
        assert_eq!(e, Expr::OneOf(vec![Expr::literal("b"), Expr::literal("a")]));
        assert_eq!(Expr::one_of([Expr::literal("a")]), Expr::literal("a"));
    }

    #[test]
    fn growth_is_bounded() {
        let many = Expr::one_of((0..100).map(|i| Expr::literal(i.to_string())));
        assert!(matches!(many, Expr::Unknown { .. }));
        let doubled = (0..40).fold(Expr::literal("ab"), |e, _| Expr::concat([e.clone(), e]));
        assert!(matches!(doubled, Expr::Concat(_) | Expr::Unknown { .. }));
        let long = Expr::concat((0..1000).map(|i| Expr::Env(format!("E{i}").into())));
        assert!(matches!(long, Expr::Unknown { .. }));
    }

    #[test]
    fn a_precision_bounds_what_is_shown() {
        let long = Expr::OneOf(vec![Expr::literal("é".repeat(300)), Expr::Env("NAME".into())]);
        assert_eq!(format!("{long:.3}"), "ééé…");
        let short = Expr::concat([Expr::literal("a-"), Expr::Env("B".into())]);
        assert_eq!(format!("{short:.10}"), "a-${env:B}");
        assert_eq!(format!("{short:.9}"), "a-${env:B…");
    }
}
