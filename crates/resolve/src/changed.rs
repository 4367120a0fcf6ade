//! Texts that code takes out of its event and changes before it uses them: `event["ResourceProperties"]["To"].split('.')[0]`.
//! Where configuration hands that text over, the same is done to it.

use crate::pieces::piece;
use facts::Expr;

/// Something that is done to a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change<'w> {
    /// Cut at a text, and one of the pieces kept; counted from the end where that is negative.
    Piece(&'w str, i32),
    /// One text replaced by another.
    Replace(&'w str, &'w str),
    /// A text at the beginning, and one at the end, left out.
    Without(&'w str, &'w str),
    Upper,
    Lower,
    Strip,
}

/// The way into the event that an input is, and what is done to what stands there; `None` where that is not told by the words.
pub(crate) fn read(what: &str) -> Option<(Vec<&str>, Vec<Change<'_>>)> {
    let mut rest = &what[what.find('[')?..];
    let mut keys = Vec::new();
    while let Some(key) = rest.strip_prefix("[\"") {
        let (key, after) = key.split_once("\"]")?;
        keys.push(key);
        rest = after;
    }
    let mut changes = Vec::new();
    while !rest.is_empty() {
        let (change, after) = change(rest)?;
        changes.push(change);
        rest = after;
    }
    Some((keys, changes))
}

/// The first change that the words say, and the words after it.
fn change(words: &str) -> Option<(Change<'_>, &str)> {
    let (name, after) = words.strip_prefix('.')?.split_once('(')?;
    let (given, after) = arguments(after)?;
    let change = match (name, given.as_slice()) {
        ("split" | "rsplit", [Given::Text(separator), most @ ..]) if !separator.is_empty() => {
            let (index, after) = after.strip_prefix('[')?.split_once(']')?;
            let index: i32 = index.parse().ok()?;
            // With a limit, only what stands before the first cut is a single piece.
            let near = if name == "split" { 0 } else { -1 };
            return (most.is_empty() || index == near).then_some((Change::Piece(separator, index), after));
        }
        ("replace", [Given::Text(from), Given::Text(to)]) if !from.is_empty() => Change::Replace(from, to),
        ("removeprefix", [Given::Text(start)]) => Change::Without(start, ""),
        ("removesuffix", [Given::Text(end)]) => Change::Without("", end),
        ("upper", []) => Change::Upper,
        ("lower" | "casefold", []) => Change::Lower,
        ("strip", []) => Change::Strip,
        _ => return None,
    };
    Some((change, after))
}

#[derive(Debug)]
enum Given<'w> {
    Text(&'w str),
    Number,
}

/// Constants up to the closing parenthesis, and the words after it.
fn arguments(mut words: &str) -> Option<(Vec<Given<'_>>, &str)> {
    let mut given = Vec::new();
    loop {
        if let Some(after) = words.strip_prefix(')') {
            return Some((given, after));
        }
        words = words.strip_prefix(", ").unwrap_or(words);
        if let Some(text) = words.strip_prefix('\'') {
            let (text, after) = text.split_once('\'')?;
            given.push(Given::Text(text));
            words = after;
        } else {
            let end = words.find([',', ')'])?;
            words[..end].parse::<i64>().ok()?;
            given.push(Given::Number);
            words = &words[end..];
        }
    }
}

impl Change<'_> {
    /// The text after the change. What only a deployment knows stays what it names where letters alone change.
    pub(crate) fn made_of(&self, text: &Expr) -> Expr {
        match self {
            Change::Piece(separator, index) => piece(text, separator, *index),
            Change::Replace(from, to) => literals(text, &|text| text.replace(from, to)),
            // An edge of the whole may be one of a piece that is not known.
            Change::Without(..) if matches!(text, Expr::Concat(_)) => {
                Expr::unknown("it is a text without its beginning or its end")
            }
            Change::Without(start, end) => literals(text, &|text| {
                let text = text.strip_prefix(start).unwrap_or(text);
                text.strip_suffix(end).unwrap_or(text).to_owned()
            }),
            Change::Upper => literals(text, &str::to_uppercase),
            Change::Lower => literals(text, &str::to_lowercase),
            Change::Strip => literals(text, &|text| text.trim().to_owned()),
        }
    }
}

fn literals(text: &Expr, change: &dyn Fn(&str) -> String) -> Expr {
    match text {
        Expr::Literal(text) => Expr::literal(change(text)),
        Expr::OneOf(all) => Expr::one_of(all.iter().map(|one| literals(one, change))),
        Expr::Concat(all) => Expr::concat(all.iter().map(|one| literals(one, change))),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(what: &str, expected: Option<(&[&str], &[Change<'_>])>) {
        let read = read(what);
        assert_eq!(read.as_ref().map(|(keys, changes)| (keys.as_slice(), changes.as_slice())), expected, "{what}");
    }

    #[test]
    fn words_say_what_is_done() {
        check(r#"event["a"]["b"]"#, Some((&["a", "b"], &[])));
        check(r#"event["a"].split('.')[0].upper()"#, Some((&["a"], &[Change::Piece(".", 0), Change::Upper])));
        check(r#"event["a"].rsplit('/', 1)[-1]"#, Some((&["a"], &[Change::Piece("/", -1)])));
        check(r#"event["a"].split('/', 1)[1]"#, None);
        check(r#"event["a"].replace('.', '-')"#, Some((&["a"], &[Change::Replace(".", "-")])));
        check(r#"event["a"].split(…)[0]"#, None);
        check(r#"event["a"].value"#, None);
        check(r#"event["a"][0]"#, None);
        check("event", None);
    }

    #[test]
    fn texts_are_changed() {
        let check = |change: Change<'_>, text: Expr, expected: &str| {
            assert_eq!(change.made_of(&text).to_string(), expected);
        };
        check(Change::Piece(".", 0), Expr::literal("orders.eu"), "orders");
        check(Change::Replace(".", "-"), Expr::literal("orders.eu"), "orders-eu");
        check(Change::Upper, Expr::literal("orders"), "ORDERS");
        check(Change::Without("a-", ""), Expr::one_of([Expr::literal("a-b"), Expr::literal("c")]), "b | c");
    }
}
