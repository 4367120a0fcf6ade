//! What other stacks give: exports, stored values, outputs.

use crate::index::Index;
use crate::nearest::nearest;
use crate::pattern::{Pattern, Strength};
use crate::pieces::alternatives;
use crate::substitute::Resolver;
use crate::wildcards;
use facts::Expr;
use std::sync::Arc;

impl<'i, 'a> Resolver<'i, 'a> {
    /// What another stack exports under a name.
    pub(crate) fn import(&self, written: &Expr) -> Expr {
        let name = self.value(written);
        let (found, strength) = self.index.exports.find(&Pattern::new(&name), |_| true);
        let mut found = self.nearest(found, strength, |output| &output.place.file);
        if found.is_empty() {
            found = self.doubtfully(|index| wildcards::exported(index, self.entry, written));
        }
        if found.is_empty() {
            return Expr::Import(Box::new(name));
        }
        let values = found.iter().map(|output| {
            self.step(|| {
                format!(
                    "another stack exports `{name:.100}`, which is {}, at {}",
                    output.value.words(),
                    output.place.line_of_file()
                )
            });
            self.value(&output.value)
        });
        Expr::one_of(values.collect::<Vec<_>>())
    }

    /// What is stored under the name of an SSM parameter.
    pub(crate) fn ssm(&self, written: &Expr) -> Expr {
        let names = alternatives(&self.value(written));
        Expr::one_of(names.into_iter().map(|name| self.ssm_called(name, written)))
    }

    fn ssm_called(&self, name: Expr, written: &Expr) -> Expr {
        // A reference to the resource itself gives its name.
        if let Some(resource) = self.index.declared(&name) {
            let stored = self.index.declarations.stored.iter().find(|s| s.at == resource.at);
            if let Some((stored, value)) = stored.and_then(|s| Some((s, s.value.as_ref()?))) {
                self.step(|| {
                    format!(
                        "the SSM parameter `{}` holds {} at {}",
                        resource.at.id,
                        value.words(),
                        stored.place.line_of_file()
                    )
                });
                return self.value(value);
            }
        }
        let (found, strength) = self.index.parameters.find(&Pattern::new(&name), |_| true);
        let mut found = self.nearest(found, strength, |stored| &stored.place.file);
        if found.is_empty() {
            found = self.doubtfully(|index| wildcards::stored(index, self.entry, written));
            if found.len() > 1 {
                return Expr::unknown(format!("the SSM parameter `{name:.100}` can be one of {}", found.len()));
            }
        }
        let values: Vec<Expr> = found
            .iter()
            .filter_map(|stored| {
                let value = stored.value.as_ref()?;
                self.step(|| {
                    format!(
                        "the SSM parameter `{name:.100}` is given {} at {}:{}",
                        value.words(),
                        stored.place.file,
                        stored.place.line
                    )
                });
                Some(self.value(value))
            })
            .collect();
        if values.is_empty() { Expr::Ssm(Box::new(name)) } else { Expr::one_of(values) }
    }

    /// What is found where defaults do not count, which makes what follows from it doubtful.
    fn doubtfully<T>(&self, find: impl FnOnce(&'i Index<'a>) -> Vec<T>) -> Vec<T> {
        let found = if self.defaults { find(self.index) } else { Vec::new() };
        if !found.is_empty() {
            self.doubtful.set(true);
        }
        found
    }

    /// Of things of one name, those that are nearest to what runs.
    fn nearest<'t, T: Copy>(&self, found: Vec<T>, strength: Strength, file: impl Fn(T) -> &'t str) -> Vec<T> {
        match strength {
            Strength::Exact => nearest(self.index, self.entry, &found, |one| (None, file(one))).0,
            Strength::Partial => found,
        }
    }

    /// An output of the stack of that name.
    pub(crate) fn stack_output(&self, stack: &Expr, output: &Arc<str>) -> Expr {
        let stack = self.value(stack);
        let pattern = Pattern::new(&stack);
        let fits = |scope: &facts::Scope| {
            scope.stack.as_ref().is_some_and(|name| {
                self.patterns(name).iter().any(|own| *own == pattern || own.unify(&pattern).is_some())
            })
        };
        let scopes = self.index.declarations.scopes.iter().filter(|s| s.outputs.contains_key(output) && fits(s));
        let values: Vec<Expr> = scopes
            .map(|s| {
                let found = &s.outputs[output];
                self.step(|| {
                    format!(
                        "the stack's output `{output}` is {} at {}",
                        found.value.words(),
                        found.place.line_of_file()
                    )
                });
                self.value(&found.value)
            })
            .collect();
        if values.is_empty() {
            return Expr::StackOutput { stack: Box::new(stack), output: output.clone() };
        }
        Expr::one_of(values)
    }
}
