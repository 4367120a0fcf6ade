//! Settings: classes whose fields a library reads from the environment, and values that deployment fixes.

use crate::classes::field_part;
use crate::machine::Machine;
use crate::text;
use crate::value::Abs;
use catalog::{Action, BaseClass};
use facts::Expr;
use std::sync::Arc;

/// Values of variables that switch something on or off.
const SWITCHES: &[&str] = &["", "0", "1", "false", "true", "no", "yes", "off", "on", "disabled", "enabled"];

/// Classes below one another that are looked at.
const MAX_BASES: u32 = 8;

impl Machine<'_> {
    /// What the catalog says of the library's class that a class of the scan is derived from.
    pub(crate) fn base(&mut self, class: &Abs) -> Option<&'static BaseClass> {
        if let Some(known) = self.bases.get(class) {
            return *known;
        }
        let found = self.find_base(class, 0);
        self.bases.insert(class.clone(), found);
        found
    }

    fn find_base(&mut self, class: &Abs, depth: u32) -> Option<&'static BaseClass> {
        let Abs::Class { unit, id, frame } = class else { return None };
        if depth > MAX_BASES {
            return None;
        }
        let file = self.units[unit.0 as usize].clone();
        let library = self.library;
        file.classes[id.0 as usize].bases.iter().find_map(|base| match self.evaluate(*frame, *base) {
            Abs::Symbol(path) => library.base(&path),
            inner => self.find_base(&inner, depth + 1),
        })
    }

    /// The value of a declared field of a class of settings: what its variable of the environment holds.
    pub(crate) fn setting(&mut self, class: &Abs, name: &Arc<str>) -> Option<Abs> {
        let base = self.base(class).filter(|base| base.environment)?;
        let declared = self.declared_field(class, name)?;
        let default = match &declared {
            Abs::Handle(_) => field_part(&declared, "default").cloned(),
            other => Some(other.clone()),
        };
        let default = default.filter(|d| !matches!(d, Abs::Unknown(_)));
        // A field whose default is an object is a group of settings of its own.
        if let Some(group @ (Abs::Object(_) | Abs::Class { .. } | Abs::Handle(_))) = default {
            return Some(group);
        }
        let variable = match field_part(&declared, "variable").cloned() {
            Some(alias) => self.first_text(&alias),
            None => self.prefix(class, base).map(|prefix| format!("{prefix}{name}")),
        };
        let Some(variable) = variable else {
            return Some(Abs::unknown(format!("the variable that `{name}` is read from is not known")));
        };
        Some(self.variable(&self.declared_variable(&variable), default))
    }

    fn first_text(&self, value: &Abs) -> Option<String> {
        let all = self.heap.list_of(value).map_or_else(|| std::slice::from_ref(value), |(items, _)| items);
        let names: Vec<&str> = all.iter().filter_map(Abs::as_text).collect();
        let set = names.iter().find(|n| self.entry.environment.contains_key(**n));
        set.or(names.first()).map(|n| (*n).to_owned())
    }

    /// The prefix that a class of settings declares; nothing where it declares none.
    fn prefix(&mut self, class: &Abs, base: &BaseClass) -> Option<String> {
        for way in &base.prefix {
            let mut steps = way.split('.');
            let first = self.class_member(class, &steps.next()?.into(), None);
            let Some(first) = first else { continue };
            let found = steps.try_fold(first, |at, step| {
                if matches!(at, Abs::Class { .. }) {
                    return self.class_member(&at, &step.into(), None);
                }
                let (entries, _) = self.heap.map_of(&at)?;
                entries.iter().find(|(key, _)| key.as_literal() == Some(step)).map(|(_, value)| value.clone())
            });
            if let Some(found) = found {
                return found.as_text().map(str::to_owned);
            }
        }
        Some(String::new())
    }

    /// The name of a variable as deployment spells it; one that is not declared is in upper case.
    fn declared_variable(&self, name: &str) -> Arc<str> {
        let spelt = self.entry.environment.keys().find(|known| known.eq_ignore_ascii_case(name));
        spelt.cloned().unwrap_or_else(|| name.to_ascii_uppercase().into())
    }

    /// A variable of the environment, by a name that the call gives. `any_case`: the library does not ask how it is
    /// spelt, and joins the prefix by an underscore.
    pub(crate) fn environment(&self, name: &Abs, default: Option<&Abs>, prefix: Option<&Abs>, any_case: bool) -> Abs {
        Abs::join(name.each().iter().map(|name| {
            let Some(name) = name.as_text() else {
                return Abs::unknown("the name of the environment variable is not known");
            };
            let prefix = match prefix {
                None | Some(Abs::Null) => "",
                Some(prefix) => match prefix.as_text() {
                    Some(text) => text,
                    None => return Abs::unknown("the prefix of the environment variable is not known"),
                },
            };
            let between = if any_case && !prefix.is_empty() && !prefix.ends_with('_') { "_" } else { "" };
            let whole = format!("{prefix}{between}{name}");
            let name = if any_case { self.declared_variable(&whole) } else { whole.into() };
            self.variable(&name, default.cloned())
        }))
    }

    /// A variable of the environment, which has a default for everything that reads it later.
    pub(crate) fn environment_default(&mut self, name: &Abs, default: Option<&Abs>) -> Abs {
        let value = self.environment(name, default, None, false);
        if let Some(name) = name.as_text()
            && !self.entry.environment.contains_key(name)
            && !self.environment.contains_key(name)
            && let Some(default) = default
        {
            self.environment.insert(name.into(), default.clone());
            self.heap.epoch += 1;
        }
        value
    }

    fn variable(&self, name: &Arc<str>, default: Option<Abs>) -> Abs {
        if let Some(set) = self.environment.get(name) {
            return set.clone();
        }
        if self.library.is_own_name(name) {
            return Abs::Text(self.entry.owner.expr());
        }
        if self.unset(name) {
            return default.unwrap_or(Abs::Null);
        }
        let variable = Expr::Env(name.clone());
        match default {
            None | Some(Abs::Null) => Abs::Text(variable),
            Some(default) => {
                Abs::Text(Expr::OrElse { of: Box::new(variable), default: Box::new(text::expression(&default)) })
            }
        }
    }

    /// Whether an environment variable is surely not there: only tools on a developer's machine set it, and the
    /// configuration does not.
    pub(crate) fn unset(&self, name: &str) -> bool {
        catalog::only_of_developers(name)
            && !self.entry.environment.contains_key(name)
            && !self.environment.contains_key(name)
    }

    /// Whether a value stands for the variables of the environment, each under its name.
    pub(crate) fn is_environment(&self, value: &Abs) -> bool {
        let Abs::Symbol(path) = value else { return false };
        let does = self.library.subscript(path).and_then(|rule| rule.does);
        matches!(does, Some(Action::Environment | Action::Setting))
    }

    /// The text that deployment gives to a variable, where it is wholly known. Not that of a switch: what is off in
    /// one deployment may be on in the next, and both belong to the system.
    pub(crate) fn deployed<'e>(&'e self, value: &'e Abs) -> Option<&'e str> {
        let Abs::Text(text) = value else { return None };
        let variable = match text {
            Expr::Env(name) => name,
            Expr::OrElse { of, .. } => match &**of {
                Expr::Env(name) => name,
                _ => return None,
            },
            _ => return None,
        };
        let value = self.entry.environment.get(variable).and_then(|(value, _)| value.as_literal());
        value.filter(|value| !SWITCHES.contains(&value.to_ascii_lowercase().as_str()))
    }

    /// The texts that a value can be: a constant, or what deployment sets its variable to, by whatever parameter.
    pub(crate) fn texts(&self, value: &Abs) -> Vec<Arc<str>> {
        fn known(e: &Expr, out: &mut Vec<Arc<str>>) {
            match e {
                Expr::Literal(text) if !out.contains(text) => out.push(text.clone()),
                Expr::OneOf(all) => all.iter().for_each(|one| known(one, out)),
                Expr::Lookup { cases, default, .. } => {
                    cases.iter().map(|(_, case)| case).chain(default.as_deref()).for_each(|one| known(one, out));
                }
                _ => {}
            }
        }
        let mut out = Vec::new();
        let Abs::Text(text) = value else { return out };
        let (text, default) = match text {
            Expr::OrElse { of, default } => (&**of, Some(&**default)),
            text => (text, None),
        };
        let set =
            if let Expr::Env(name) = text { self.entry.environment.get(name).map(|(value, _)| value) } else { None };
        known(set.or(default).unwrap_or(text), &mut out);
        out
    }

    /// Whether a variable that deployment fixes has the value that it is compared with.
    pub(crate) fn deployed_equal(&self, left: &Abs, right: &Abs) -> Option<bool> {
        match (self.deployed(left), self.deployed(right)) {
            (Some(value), None) => Some(alike(value, right.as_text()?)),
            (None, Some(value)) => Some(alike(left.as_text()?, value)),
            _ => None,
        }
    }

    /// Whether a variable that deployment fixes is among the constants of a list.
    pub(crate) fn deployed_within(&self, value: &Abs, list: &Abs) -> Option<bool> {
        let value = self.deployed(value)?;
        let (items, more) = self.heap.list_of(list)?;
        let all: Option<Vec<&str>> = items.iter().map(Abs::as_text).collect();
        let found = all?.iter().any(|one| alike(value, one));
        if found || more.is_none() { Some(found) } else { None }
    }
}

/// Whether two texts are the same but for case and punctuation: code may have changed those of a variable's value
/// before it compares, which a symbolic text does not show.
pub(crate) fn alike(left: &str, right: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(left).eq(letters(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_alike_but_for_case_and_punctuation() {
        assert!(alike("Prod-EU", "prod_eu"));
        assert!(!alike("prod", "production"));
    }
}
