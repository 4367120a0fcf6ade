//! Entries of maps under a key that only deployment knows, `SETTINGS[os.environ["STAGE"]]["table"]`, or under one that
//! says which route is asked for, `HANDLERS[event["info"]["fieldName"]](event)`.

use crate::machine::Machine;
use crate::text;
use crate::value::Abs;
use facts::Expr;

/// What the entry of a map is, by its key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cases {
    key: Expr,
    entries: Vec<(Expr, Abs)>,
    /// What it is for every other key.
    other: Option<Abs>,
}

/// Cases that are kept apart.
const MAX_CASES: usize = 16;

/// Routes that are kept apart.
const MAX_ROUTES: usize = 128;

impl Machine<'_> {
    /// The entry of a map under a key that is known only at deployment or at run time.
    pub(crate) fn lookup(&mut self, entries: &[(Expr, Abs)], more: Option<Abs>, key: &Expr) -> Abs {
        let found = Abs::join(entries.iter().map(|(_, v)| v).chain(&more).cloned().collect::<Vec<_>>());
        let texts = entries.iter().all(|(_, v)| matches!(v, Abs::Text(_)));
        if !texts && self.is_asking(key) {
            if entries.len() <= MAX_ROUTES {
                self.keep_cases(&found, &Cases { key: key.clone(), entries: entries.to_vec(), other: more });
            }
            return found;
        }
        if entries.is_empty() || matches!(key, Expr::Input(_) | Expr::Unknown { .. }) {
            return found;
        }
        if texts {
            return Abs::Text(Expr::Lookup {
                key: Box::new(key.clone()),
                cases: entries.iter().map(|(k, v)| (k.clone(), text::expression(v))).collect(),
                default: more.map(|m| Box::new(text::expression(&m))),
            });
        }
        if more.is_none() && entries.len() <= MAX_CASES {
            self.keep_cases(&found, &Cases { key: key.clone(), entries: entries.to_vec(), other: None });
        }
        found
    }

    fn keep_cases(&mut self, found: &Abs, cases: &Cases) {
        if !matches!(found, Abs::OneOf(_)) {
            return;
        }
        // The same entries under another key: which one was meant is no longer told.
        let known = self.keyed.entry(found.clone()).or_insert_with(|| Some(cases.clone()));
        if known.as_ref().is_some_and(|known| known != cases) {
            *known = None;
        }
    }

    /// What was found in a map, or what stands in for it where there is nothing.
    pub(crate) fn or_default(&mut self, found: &Abs, default: Abs) -> Abs {
        let all = Abs::join([found.clone(), default.clone()]);
        if let Some(cases) = self.keyed.get(found).cloned().flatten().filter(|c| self.is_asking(&c.key)) {
            let other = cases.other.into_iter().chain([default]);
            let other = Some(Abs::join(other.collect::<Vec<_>>()));
            self.keep_cases(&all, &Cases { other, ..cases });
        }
        all
    }

    /// What is made of each entry of a map, still told apart by its key.
    pub(crate) fn each_case(&mut self, of: &Abs, mut step: impl FnMut(&mut Self, &Abs) -> Abs) -> Option<Abs> {
        self.cases(of, |machine, _, value| step(machine, value))
    }

    /// What a call of each entry of a map gives, within the route that its key says.
    pub(crate) fn each_route(&mut self, of: &Abs, mut call: impl FnMut(&mut Self, &Abs) -> Abs) -> Option<Abs> {
        self.cases(of, |machine, (key, case), value| {
            let routes = machine.routes_of_case(key, case);
            machine.within_routes(routes, |machine| call(machine, value))
        })
    }

    fn cases(&mut self, of: &Abs, mut step: impl FnMut(&mut Self, (&Expr, &Expr), &Abs) -> Abs) -> Option<Abs> {
        let told = self.keyed.get(of).cloned().flatten()?;
        // One of the cases may be the whole again (`MAP.get(key, any_of_them)`): inside of it, it is told apart no more.
        self.keyed.insert(of.clone(), None);
        let Cases { key, entries, other } = told.clone();
        let mut made: Vec<(Expr, Abs)> = Vec::new();
        for (case, value) in entries {
            let value = step(self, (&key, &case), &value);
            made.push((case, value));
        }
        // What is done for every other key is no route of its own.
        let everything = Expr::unknown("it is any other key");
        let other = other.filter(|other| *other != Abs::Null).map(|other| step(self, (&key, &everything), &other));
        self.keyed.insert(of.clone(), Some(told));
        Some(self.lookup(&made, other, &key))
    }
}
