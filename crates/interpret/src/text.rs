//! Formatting of texts, and the text of a value.

use crate::value::{Abs, Args};
use facts::Expr;

/// A value as a symbolic string: what it is as a text, or why that is not known.
pub(crate) fn expression(value: &Abs) -> Expr {
    match value {
        Abs::Text(e) => e.clone(),
        Abs::Int(i) => Expr::literal(i.to_string()),
        Abs::Bool(b) => Expr::literal(b.to_string()),
        Abs::OneOf(all) => {
            // Nothing names nothing: what is left are the values that can be meant.
            Expr::one_of(all.iter().filter(|v| **v != Abs::Null).map(expression))
        }
        Abs::Unknown(why) => Expr::unknown(why.clone()),
        Abs::Handle(handle) => match handle.fields.get("text") {
            Some(text) => expression(text),
            None => Expr::unknown(format!("it is what `{}` gives", handle.class)),
        },
        Abs::Null => Expr::unknown("it is nothing"),
        Abs::Symbol(path) => Expr::unknown(format!("it is `{path}`")),
        Abs::Object(_) => Expr::unknown("it is an object, not a text"),
        Abs::Module { name, .. } => Expr::unknown(format!("it is the module `{name}`")),
        // What is asked of something of a library may be a method or not.
        Abs::Method(both) => Expr::unknown(format!("nothing is known of `{}`", both.1)),
        Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_) => Expr::unknown("it is a function"),
        Abs::Class { .. } | Abs::Super(_) => Expr::unknown("it is a class"),
    }
}

/// A value as the text that shows it. What stands for something outside still does.
pub(crate) fn shown(value: &Abs) -> Abs {
    match value {
        Abs::Int(i) => Abs::text(i.to_string()),
        Abs::Bool(b) => Abs::text(if *b { "True" } else { "False" }),
        Abs::OneOf(all) => Abs::join(all.iter().map(shown)),
        other => other.clone(),
    }
}

/// Arguments as they are written where they are constants, so that whoever knows the text that they are asked of can do the
/// same to it.
pub(crate) fn written(args: &Args) -> String {
    let one = |value: &Abs| match value {
        Abs::Int(i) => Some(i.to_string()),
        value => value.as_text().filter(|text| !text.contains(['\'', '"'])).map(|text| format!("'{text}'")),
    };
    let known = args.named.is_empty() && args.more_positional.is_none() && args.more_named.is_none();
    let all: Option<Vec<String>> = args.positional.iter().filter(|_| known).map(one).collect();
    match all {
        Some(all) if known => all.join(", "),
        _ => "…".to_owned(),
    }
}

/// Texts one after another.
pub(crate) fn concat(pieces: &[Abs]) -> Abs {
    Abs::Text(Expr::concat(pieces.iter().map(expression)))
}

/// A format with braces: `{}`, `{0}`, `{name}`, `{name!r:>10}`, `{{`. What has no value becomes unknown.
pub(crate) fn brace_format(format: &str, positional: &[Expr], named: &[(String, Expr)]) -> Expr {
    let mut pieces = Vec::new();
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find(['{', '}']) {
        pieces.push(Expr::literal(&rest[..at]));
        let doubled = rest[at..].starts_with("{{") || rest[at..].starts_with("}}");
        if doubled || rest[at..].starts_with('}') {
            pieces.push(Expr::literal(&rest[at..=at]));
            rest = &rest[at + if doubled { 2 } else { 1 }..];
            continue;
        }
        let Some(end) = rest[at..].find('}') else {
            rest = &rest[at..];
            break;
        };
        let field = &rest[at + 1..at + end];
        let name = field.split(['!', ':', '.', '[']).next().unwrap_or_default();
        let whole = name.len() == field.split(['!', ':']).next().unwrap_or_default().len();
        let value = if name.is_empty() {
            next += 1;
            positional.get(next - 1)
        } else if let Ok(i) = name.parse::<usize>() {
            positional.get(i)
        } else {
            named.iter().rev().find(|(n, _)| n == name).map(|(_, e)| e)
        };
        pieces.push(match value {
            Some(value) if whole => value.clone(),
            _ => Expr::unknown(format!("the format's `{field}` is not known")),
        });
        rest = &rest[at + end + 1..];
    }
    pieces.push(Expr::literal(rest));
    Expr::concat(pieces)
}

/// A printf-style format: `%s`, `%d`, `%(name)s`, `%%`.
pub(crate) fn percent_format(format: &str, positional: &[Expr], named: &[(String, Expr)]) -> Expr {
    let mut pieces = Vec::new();
    let mut values = positional.iter();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        pieces.push(Expr::literal(&rest[..at]));
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            pieces.push(Expr::literal("%"));
            rest = after;
            continue;
        }
        let name = rest.strip_prefix('(').and_then(|r| r.split_once(')'));
        let value = match name {
            Some((name, after)) => {
                rest = after;
                named.iter().find(|(n, _)| n == name).map(|(_, e)| e.clone())
            }
            None => values.next().cloned(),
        };
        pieces.push(value.unwrap_or_else(|| Expr::unknown("the format has more places than values")));
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |i| i + 1);
        rest = &rest[end..];
    }
    pieces.push(Expr::literal(rest));
    Expr::concat(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brace(format: &str, expected: &str) {
        let positional = [Expr::literal("a"), Expr::Env("B".into())];
        let named = [("name".to_owned(), Expr::literal("n"))];
        assert_eq!(brace_format(format, &positional, &named).to_string(), expected, "{format}");
    }

    fn percent(format: &str, expected: &str) {
        let positional = [Expr::literal("a"), Expr::Env("B".into())];
        let named = [("name".to_owned(), Expr::literal("n"))];
        assert_eq!(percent_format(format, &positional, &named).to_string(), expected, "{format}");
    }

    #[test]
    fn braces() {
        brace("{}-{}", "a-${env:B}");
        brace("{1}/{0}/{name}", "${env:B}/a/n");
        brace("{{{0}}}", "{a}");
        brace("{0!r:>10}é", "aé");
        brace("{0.x}", "${unknown: the format's `0.x` is not known}");
        brace("{", "{");
        brace("}{missing}", "}${unknown: the format's `missing` is not known}");
    }

    #[test]
    fn percents() {
        percent("%s-%05d", "a-${env:B}");
        percent("%(name)s%%", "n%");
        percent("%s%s%s", "a${env:B}${unknown: the format has more places than values}");
        percent("100%", "100a");
    }
}
