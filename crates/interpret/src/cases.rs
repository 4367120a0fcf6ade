//! Entries of maps under a key that only deployment knows: `SETTINGS[os.environ["STAGE"]]["table"]`.

use crate::machine::Machine;
use crate::text;
use crate::value::Abs;
use facts::Expr;

/// A key, and the cases with the value of each.
pub(crate) type Cases = (Expr, Vec<(Expr, Abs)>);

/// Cases that are kept apart.
const MAX_CASES: usize = 16;

impl Machine<'_> {
    /// The entry of a map under a key that is known only at deployment or at run time.
    pub(crate) fn lookup(&mut self, entries: &[(Expr, Abs)], more: Option<Abs>, key: &Expr) -> Abs {
        if entries.is_empty() || matches!(key, Expr::Input(_) | Expr::Unknown { .. }) {
            return Abs::join(entries.iter().map(|(_, v)| v).chain(&more).cloned().collect::<Vec<_>>());
        }
        if entries.iter().all(|(_, v)| matches!(v, Abs::Text(_))) {
            return Abs::Text(Expr::Lookup {
                key: Box::new(key.clone()),
                cases: entries.iter().map(|(k, v)| (k.clone(), text::expression(v))).collect(),
                default: more.map(|m| Box::new(text::expression(&m))),
            });
        }
        let found = Abs::join(entries.iter().map(|(_, v)| v).chain(&more).cloned().collect::<Vec<_>>());
        if more.is_none() && entries.len() <= MAX_CASES && matches!(found, Abs::OneOf(_)) {
            let cases = (key.clone(), entries.to_vec());
            // The same entries under another key: which one was meant is no longer told.
            let known = self.keyed.entry(found.clone()).or_insert_with(|| Some(cases.clone()));
            if known.as_ref().is_some_and(|known| *known != cases) {
                *known = None;
            }
        }
        found
    }

    /// What is made of each entry of a map whose key is known only at deployment, still told apart by that key.
    pub(crate) fn each_case(&mut self, of: &Abs, mut step: impl FnMut(&mut Self, &Abs) -> Abs) -> Option<Abs> {
        let (key, cases) = self.keyed.get(of).cloned().flatten()?;
        let made: Vec<(Expr, Abs)> = cases.iter().map(|(case, value)| (case.clone(), step(self, value))).collect();
        Some(self.lookup(&made, None, &key))
    }
}
