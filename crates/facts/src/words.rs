//! Expressions in words, for people who read why a name is what it is.

use crate::Expr;

/// The longest text that is said of one expression.
const MAX_LENGTH: usize = 160;

/// Expressions inside one another that are put into words; what is deeper is shown in the notation of templates.
const MAX_DEPTH: usize = 4;

impl Expr {
    /// The expression in words: "the environment variable `TABLE`", "`orders-${Stage}`".
    pub fn words(&self) -> String {
        let said = words(self, 0);
        match said.char_indices().nth(MAX_LENGTH) {
            Some((end, _)) => format!("{}…", &said[..end]),
            None => said,
        }
    }
}

fn words(e: &Expr, depth: usize) -> String {
    let inner = |e: &Expr| words(e, depth + 1);
    if depth >= MAX_DEPTH {
        return format!("`{e:.160}`");
    }
    match e {
        Expr::Literal(_) | Expr::Concat(_) => format!("`{e:.160}`"),
        Expr::Env(name) => format!("the environment variable `{name}`"),
        Expr::Resource { id, attribute: None, .. } => format!("a reference to `{id}`"),
        Expr::Resource { id, attribute: Some(attribute), .. } => format!("the `{attribute}` of `{id}`"),
        Expr::Parameter { name, .. } => format!("the parameter `{name}`"),
        Expr::StackOutput { output, stack } => format!("the output `{output}` of the stack `{stack:.60}`"),
        Expr::Import(name) => format!("what another stack exports as `{name:.100}`"),
        Expr::Ssm(name) => format!("the value stored as SSM parameter `{name:.100}`"),
        Expr::Secret(name) => format!("what the secret `{name:.100}` holds"),
        Expr::Input(what) => format!("`{what:.100}`, which comes in at run time"),
        Expr::Piece { of, separator, index } => {
            let which = match index {
                -1 => "the last piece".to_owned(),
                i if *i < 0 => format!("piece {} from the end", -i64::from(*i)),
                i => format!("piece {}", i64::from(*i) + 1),
            };
            format!("{which}, cut at `{separator}`, of {}", inner(of))
        }
        Expr::Replaced { of, from, to } => format!("{} with `{to}` for `{from}`", inner(of)),
        Expr::Lookup { key, .. } => format!("the entry of a constant map for {}", inner(key)),
        Expr::OrElse { of, default } => format!("{}, or else {}", inner(of), inner(default)),
        Expr::OneOf(all) => {
            let all: Vec<String> = all.iter().take(6).map(inner).collect();
            format!("one of: {}", all.join("; "))
        }
        Expr::Unknown { why, .. } => format!("not known, as {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(e: &Expr, expected: &str) {
        assert_eq!(e.words(), expected);
    }

    #[test]
    fn what_a_newcomer_reads() {
        let env = Expr::Env("TABLE".into());
        check(&env, "the environment variable `TABLE`");
        check(&Expr::concat([Expr::literal("a-"), env.clone()]), "`a-${env:TABLE}`");
        let last = Expr::Piece { of: Box::new(env.clone()), separator: "/".into(), index: -1 };
        check(&last, "the last piece, cut at `/`, of the environment variable `TABLE`");
        let default = Expr::OrElse { of: Box::new(env), default: Box::new(Expr::literal("orders")) };
        check(&default, "the environment variable `TABLE`, or else `orders`");
    }

    #[test]
    fn nothing_is_endless() {
        let deep = (0..100).fold(Expr::literal("x"), |e, _| Expr::Import(Box::new(e)));
        let piece = (0..100).fold(deep, |e, _| Expr::Piece { of: Box::new(e), separator: ":".into(), index: 0 });
        assert!(piece.words().chars().count() <= MAX_LENGTH + 1);
    }
}
