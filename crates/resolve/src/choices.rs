//! Which entry of a map counts, and which branch of a condition.

use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::target::mentions;
use facts::Expr;

impl Resolver<'_, '_> {
    /// A lookup is decided only by what is surely known. A mere default leaves all the cases possible, unless it says that
    /// there is no such thing: then that is what a deployment without it takes, if it is anything.
    pub(crate) fn lookup(&self, key: &Expr, cases: &[(Expr, Expr)], default: Option<&Expr>) -> Expr {
        let sure = Resolver::strict(self.index, self.entry).value(key);
        if let Some(text) = sure.as_literal() {
            return self.entry_under(text, cases, default);
        }
        if self.defaults && self.is_empty_by_default(&sure) {
            let found = self.entry_under("", cases, default);
            if self.is_something(&found) {
                self.step(|| format!("{} is empty unless it is given, which gives {}", key.words(), found.words()));
                return found;
            }
        }
        self.step(|| format!("which entry counts is not fixed, as {} is not: any of them can", key.words()));
        let mut all: Vec<Expr> = cases.iter().map(|(_, v)| self.value(v)).collect();
        // `!If [IsDefault, x, !Ref Override]`: where the override is taken it is not the text that stands for none.
        let excluded = |value: &Expr| default == Some(key) && cases.iter().any(|(case, _)| self.value(case) == *value);
        all.extend(default.map(|d| self.value(d)).filter(|value| !excluded(value)));
        Expr::one_of(all)
    }

    fn entry_under(&self, text: &str, cases: &[(Expr, Expr)], default: Option<&Expr>) -> Expr {
        if let Some((_, value)) = cases.iter().find(|(case, _)| self.value(case).as_literal() == Some(text)) {
            self.step(|| format!("under the key `{text:.100}` the map has {}", value.words()));
            return self.value(value);
        }
        default.map_or_else(|| Expr::unknown(format!("there is no entry for `{text}`")), |value| self.value(value))
    }

    /// Whether a value is not just what is there when nothing is.
    fn is_something(&self, value: &Expr) -> bool {
        alternatives(value).iter().any(|one| {
            let mut known = one.as_literal() != Some("");
            mentions(one, &mut |leaf| {
                known &= !matches!(leaf, Expr::Unknown { .. }) && !self.is_empty_by_default(leaf);
            });
            known
        })
    }

    /// Whether the expression is a parameter that nobody gives, and that is nothing by default.
    fn is_empty_by_default(&self, e: &Expr) -> bool {
        let Expr::Parameter { scope, name } = e else { return false };
        let declared = self.index.scopes.get(&**scope).and_then(|s| s.parameters.get(name));
        let empty = declared.and_then(|p| p.default.as_ref()).is_some_and(|d| d.as_literal() == Some(""));
        empty && !self.index.deployments.get(&**scope).into_iter().flatten().any(|d| d.parameters.contains_key(name))
    }
}
