//! Statements of SQL that code sends: what each makes flow, and to which table or routine.

use facts::{Expr, FlowKind, NodeKind, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a statement does.
pub(crate) struct Does {
    /// What flows; `None` for a statement that is no flow, such as `BEGIN`.
    pub(crate) kind: Option<FlowKind>,
    /// The statement's first word.
    pub(crate) operation: String,
    /// The table or the routine that it names.
    pub(crate) part: Option<(NodeKind, Expr)>,
    /// Whether that routine may be built in to the database.
    pub(crate) maybe: bool,
}

/// Texts that one statement is taken to be; of more, what varies is a hole.
const MAX_TEXTS: usize = 16;

/// Variables of the environment with their values.
type Environment = BTreeMap<Arc<str>, (Expr, Place)>;

/// What the statements do that a text can be; nothing where not even its first word is known.
pub(crate) fn statements(text: &Expr, environment: &Environment) -> Vec<Does> {
    written(text, environment).iter().flat_map(|one| of_text(one)).collect()
}

/// The texts that an expression can be, with a hole for each piece that is not known.
fn written(text: &Expr, environment: &Environment) -> Vec<String> {
    match text {
        Expr::Env(name) => match environment.get(name) {
            Some((Expr::Literal(value), _)) => vec![value.to_string()],
            _ => vec![sql::HOLE.to_owned()],
        },
        Expr::OrElse { of, default } => match &**of {
            Expr::Env(name) if !environment.contains_key(name) => written(default, environment),
            of => written(of, environment),
        },
        Expr::Literal(text) => vec![text.to_string()],
        Expr::OneOf(all) => all.iter().flat_map(|one| written(one, environment)).take(MAX_TEXTS).collect(),
        Expr::Concat(all) => all.iter().fold(vec![String::new()], |before, piece| {
            let pieces = written(piece, environment);
            let pieces = if pieces.len() * before.len() > MAX_TEXTS { vec![sql::HOLE.to_owned()] } else { pieces };
            before.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect()
        }),
        _ => vec![sql::HOLE.to_owned()],
    }
}

fn of_text(text: &str) -> Vec<Does> {
    let found = sql::read(text);
    let mut all = Vec::new();
    let verb = found.verbs.iter().next().map_or_else(|| first_word(text), Clone::clone);
    let mut add = |kind, part, names: &std::collections::BTreeSet<String>, maybe| {
        for name in names {
            let part = Some((part, Expr::literal(name.as_str())));
            all.push(Does { kind: Some(kind), operation: verb.clone(), part, maybe });
        }
    };
    add(FlowKind::Read, NodeKind::SqlTable, &found.reads, false);
    add(FlowKind::Write, NodeKind::SqlTable, &found.writes, false);
    add(FlowKind::Invoke, NodeKind::SqlProcedure, &found.calls, false);
    add(FlowKind::Invoke, NodeKind::SqlProcedure, &found.functions, true);
    // A name that is computed is one of the database, and a statement without names still goes there.
    let named = all.iter().any(|does| !does.maybe);
    for usage in &found.computed {
        let kind = match usage {
            sql::Use::Read => FlowKind::Read,
            sql::Use::Write => FlowKind::Write,
            sql::Use::Call => FlowKind::Invoke,
        };
        all.push(Does { kind: Some(kind), operation: verb.clone(), part: None, maybe: false });
    }
    if found.computed.is_empty() && !named && !verb.is_empty() {
        all.push(Does { kind: catalog::statement_kind(&verb), operation: verb, part: None, maybe: false });
    }
    all
}

fn first_word(text: &str) -> String {
    let word = text.trim_start().chars().take_while(char::is_ascii_alphabetic);
    word.collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &Expr, expected: &[&str]) {
        let show = |does: &Does| {
            let kind = does.kind.map_or("nothing".to_owned(), |kind| kind.to_string());
            let part = does.part.as_ref().map_or(String::new(), |(_, name)| format!(" {name}"));
            format!("{} {kind}{part}{}", does.operation, if does.maybe { "?" } else { "" })
        };
        let at = Place::new("t.yaml", 1, 1);
        let environment = Environment::from([("TABLE".into(), (Expr::literal("items"), at))]);
        assert_eq!(statements(text, &environment).iter().map(show).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn known_texts() {
        check(&Expr::literal("SELECT a FROM orders"), &["SELECT read orders"]);
        check(&Expr::literal(" CALL close_week(%s)"), &["CALL invoke close_week"]);
        check(&Expr::literal("SELECT label(at) FROM orders"), &["SELECT read orders", "SELECT invoke label?"]);
        check(&Expr::literal("BEGIN"), &["BEGIN nothing"]);
        check(&Expr::literal("SELECT 1"), &["SELECT read"]);
        check(&Expr::literal(""), &[]);
    }

    #[test]
    fn texts_that_are_known_in_part() {
        let hole = || Expr::Env("X".into());
        let joined = |before: &str, after: &str| Expr::concat([Expr::literal(before), hole(), Expr::literal(after)]);
        check(&joined("SELECT * FROM ", " WHERE id = 1"), &["SELECT read"]);
        check(&joined("SELECT * FROM orders WHERE at > '", "'"), &["SELECT read orders"]);
        check(&joined("INSERT INTO log_", " SELECT * FROM orders"), &["INSERT read orders", "INSERT write"]);
        check(&hole(), &[]);
        let named = Expr::concat([Expr::literal("DELETE FROM "), Expr::Env("TABLE".into())]);
        check(&named, &["DELETE write items"]);
        let or_else = |name: &str| Expr::OrElse {
            of: Box::new(Expr::Env(name.into())),
            default: Box::new(Expr::literal("others")),
        };
        check(&Expr::concat([Expr::literal("DELETE FROM "), or_else("TABLE")]), &["DELETE write items"]);
        check(&Expr::concat([Expr::literal("DELETE FROM "), or_else("NONE")]), &["DELETE write others"]);
        let either = Expr::OneOf(vec![Expr::literal("SELECT 1 FROM a"), Expr::literal("DELETE FROM b")]);
        check(&either, &["SELECT read a", "DELETE write b"]);
        let table = Expr::OneOf(vec![Expr::literal("a"), Expr::literal("b")]);
        let joined = Expr::concat([Expr::literal("SELECT 1 FROM "), table, Expr::literal(" WHERE id = 1")]);
        check(&joined, &["SELECT read a", "SELECT read b"]);
    }
}
