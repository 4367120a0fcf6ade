//! Replacing what a deployment knows: environment, parameters, exports, stored values.

use crate::changed::{self, Change};
use crate::index::Index;
use crate::pattern::Pattern;
use crate::pieces::{alternatives, piece};
use facts::{Entry, Expr};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Substitutions inside one another; a deeper one is unknown.
const MAX_DEPTH: usize = 40;

/// Substitutes into expressions, for one running function or for none.
pub(crate) struct Resolver<'i, 'a> {
    pub(crate) index: &'i Index<'a>,
    pub(crate) entry: Option<&'a Entry>,
    /// What has been done, in words.
    steps: RefCell<Vec<Arc<str>>>,
    /// Keys that were gone through, in order: what people call a thing that is not declared.
    keys: RefCell<Vec<Arc<str>>>,
    /// Names that are being replaced, outermost first.
    open: RefCell<Vec<Expr>>,
    /// Parameters found to be defined by themselves.
    pub(crate) circles: RefCell<Vec<Expr>>,
    /// Whether the default of a parameter counts as its value.
    pub(crate) defaults: bool,
    pub(crate) doubtful: Cell<bool>,
    /// Whether what is replaced now is only a piece of a name.
    within: Cell<bool>,
}

impl<'i, 'a> Resolver<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>, entry: Option<&'a Entry>) -> Self {
        Self {
            index,
            entry,
            steps: RefCell::new(Vec::new()),
            keys: RefCell::new(Vec::new()),
            open: RefCell::new(Vec::new()),
            circles: RefCell::new(Vec::new()),
            defaults: true,
            doubtful: Cell::new(false),
            within: Cell::new(false),
        }
    }

    /// One for which the default of a parameter is not its value.
    pub(crate) fn strict(index: &'i Index<'a>, entry: Option<&'a Entry>) -> Self {
        Self { defaults: false, ..Self::new(index, entry) }
    }

    /// Whether a value was found only under a name that fits if defaults do not count.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.doubtful.get()
    }

    /// How the substitutions so far went, step by step; forgets them.
    pub(crate) fn take_steps(&self) -> Vec<Arc<str>> {
        std::mem::take(&mut *self.steps.borrow_mut())
    }

    /// Environment variables and parameters gone through so far; forgets them.
    pub(crate) fn take_keys(&self) -> Vec<Arc<str>> {
        std::mem::take(&mut *self.keys.borrow_mut())
    }

    fn key(&self, name: &Arc<str>) {
        // A stage or a region is a piece of many names and the name of nothing.
        if is_stage(name) || is_region(name) || self.within.get() {
            return;
        }
        let mut keys = self.keys.borrow_mut();
        if !keys.contains(name) {
            keys.push(name.clone());
        }
    }

    pub(crate) fn step(&self, text: impl FnOnce() -> String) {
        let mut steps = self.steps.borrow_mut();
        if steps.len() < 12 {
            let text: Arc<str> = text().into();
            if !steps.contains(&text) {
                steps.push(text);
            }
        }
    }

    /// Whether a condition surely does not hold, whatever defaults say.
    pub(crate) fn never(&self, condition: &Expr) -> bool {
        let strict = Resolver::strict(self.index, self.entry);
        strict.value(condition).as_literal() == Some("false")
    }

    /// The names that an expression can be.
    pub(crate) fn patterns(&self, e: &Expr) -> Vec<Pattern> {
        alternatives(&self.value(e)).iter().map(Pattern::new).collect()
    }

    /// The expression with everything replaced that the scan knows.
    pub(crate) fn value(&self, e: &Expr) -> Expr {
        match e {
            Expr::Literal(_) | Expr::Unknown { .. } => e.clone(),
            Expr::Concat(all) => self.text(all),
            Expr::OneOf(all) => Expr::one_of(all.iter().map(|e| self.value(e))),
            Expr::OrElse { of, default } => self.or_else(of, default),
            Expr::Lookup { key, cases, default } => self.lookup(key, cases, default.as_deref()),
            Expr::Piece { of, separator, index } => piece(&self.value(of), separator, *index),
            Expr::Replaced { of, from, to } => self.replaced(&self.value(of), from, to),
            named => self.named(named),
        }
    }

    /// A text put together. What stands behind a part of the name is a piece of it, and what that is called by is not what
    /// the whole is.
    fn text(&self, pieces: &[Expr]) -> Expr {
        let (outside, mut address, mut begun) = (self.within.get(), false, false);
        let value = Expr::concat(pieces.iter().map(|piece| {
            if let Some(text) = piece.as_literal() {
                // An address says where a thing is before it comes to the name.
                address |= text.contains("://") || text.starts_with("arn:");
                begun |= !address && text.contains(char::is_alphanumeric);
                return piece.clone();
            }
            self.within.set(outside || begun);
            self.value(piece)
        }));
        self.within.set(outside);
        value
    }

    /// Replaces a name, unless it is being replaced already.
    fn named(&self, e: &Expr) -> Expr {
        if self.open.borrow().contains(e) {
            self.circles.borrow_mut().push(e.clone());
            return Expr::unknown(format!("`{e:.160}` is defined by itself"));
        }
        if self.open.borrow().len() >= MAX_DEPTH {
            return Expr::unknown("the name goes through too many others");
        }
        self.open.borrow_mut().push(e.clone());
        let value = match e {
            Expr::Env(name) => self.environment(name).unwrap_or_else(|| e.clone()),
            Expr::Parameter { scope, name } => self.parameter(scope, name).unwrap_or_else(|| e.clone()),
            Expr::Resource { scope, id, attribute } => {
                self.resource(scope, id, attribute.as_deref()).unwrap_or_else(|| e.clone())
            }
            Expr::Import(name) => self.import(name),
            Expr::Ssm(name) => self.ssm(name),
            Expr::Secret(name) => Expr::Secret(Box::new(self.value(name))),
            Expr::Input(what) => self.input(what).unwrap_or_else(|| e.clone()),
            Expr::StackOutput { stack, output } => self.stack_output(stack, output),
            other => other.clone(),
        };
        self.open.borrow_mut().pop();
        value
    }

    fn environment(&self, name: &Arc<str>) -> Option<Expr> {
        self.key(name);
        let (value, place) = self.entry?.environment.get(name)?;
        self.step(|| {
            format!("the environment variable `{name}` is set to {} at {}:{}", value.words(), place.file, place.line)
        });
        Some(self.value(value))
    }

    /// What configuration puts at that place of the event.
    fn input(&self, what: &str) -> Option<Expr> {
        let owner = &self.entry?.owner;
        let handed = self.index.handed.get(&(&*owner.scope, &*owner.id))?;
        let (keys, changes) = changed::read(what)?;
        let values = handed.iter().filter(|h| h.keys.iter().map(|k| &**k).eq(keys.iter().copied())).map(|h| {
            self.step(|| {
                format!("`{what:.160}` of the event is {}, as {} says", h.value.words(), h.place.line_of_file())
            });
            changes.iter().fold(self.value(&h.value), |value, change| match change {
                Change::Replace(from, to) => self.replaced(&value, from, to),
                change => change.made_of(&value),
            })
        });
        let values: Vec<Expr> = values.collect();
        (!values.is_empty()).then(|| Expr::one_of(values))
    }

    fn or_else(&self, of: &Expr, default: &Expr) -> Expr {
        let value = self.value(of);
        if value == *of && matches!(of, Expr::Env(_) | Expr::Parameter { .. }) {
            self.step(|| format!("{} is not set, so its default {} counts", of.words(), default.words()));
            return self.value(default);
        }
        value
    }

    fn parameter(&self, scope: &Arc<str>, name: &Arc<str>) -> Option<Expr> {
        let declared = self.index.scopes.get(&**scope).and_then(|s| s.parameters.get(name));
        if !name.starts_with("AWS::") {
            self.key(name);
        }
        let looked_up = declared.is_some_and(|p| p.looked_up);
        let wrap = |e: Expr| if looked_up { Expr::Ssm(Box::new(e)) } else { e };
        if let Some(given) = self.given(name) {
            self.step(|| format!("the parameter `{name}` is given as `{given:.160}` on the command line"));
            return Some(self.value(&wrap(Expr::literal(given))));
        }
        let instances = self.index.instances.get(&**scope).into_iter().flatten();
        let given: Vec<&facts::Instance> = instances.filter(|i| i.parameters.contains_key(name)).copied().collect();
        if !given.is_empty() {
            let values = given.iter().map(|instance| {
                let value = &instance.parameters[name];
                self.step(|| {
                    format!(
                        "`{}` passes {} as the parameter `{name}` at {}",
                        instance.owner.id,
                        value.words(),
                        instance.place.line_of_file()
                    )
                });
                self.value(&wrap(value.clone()))
            });
            return Some(Expr::one_of(values.collect::<Vec<_>>()));
        }
        if let Some(value) = self.deployed_with(scope, name, &wrap) {
            return Some(value);
        }
        let declared = declared?;
        let default = declared.default.as_ref()?;
        if !self.defaults || default.as_literal() == Some("") {
            return None;
        }
        self.step(|| {
            let place = declared.place.line_of_file();
            format!(
                "no value is given for the parameter `{name}`, so its default {} counts, at {place}",
                default.words()
            )
        });
        Some(self.value(default))
    }

    /// What scripts give as a parameter.
    fn deployed_with(&self, scope: &Arc<str>, name: &Arc<str>, wrap: &impl Fn(Expr) -> Expr) -> Option<Expr> {
        let deployments = self.index.deployments.get(&**scope)?;
        let values = deployments.iter().filter_map(|deployment| {
            let value = deployment.parameters.get(name)?;
            self.step(|| {
                format!("the parameter `{name}` is given as {} at {}", value.words(), deployment.place.line_of_file())
            });
            Some(self.value(&wrap(value.clone())))
        });
        let values: Vec<Expr> = values.collect();
        (!values.is_empty() && self.defaults).then(|| Expr::one_of(values))
    }

    fn given(&self, name: &str) -> Option<&'a str> {
        let options = self.index.options;
        if let Some(value) = options.parameters.get(name) {
            return Some(value);
        }
        options.stage.as_deref().filter(|_| is_stage(name))
    }

    fn resource(&self, scope: &Arc<str>, id: &Arc<str>, attribute: Option<&str>) -> Option<Expr> {
        let at = (&**scope, &**id);
        let attribute = attribute?;
        if let Some(output) = attribute.strip_prefix("Outputs.") {
            let deployed = self.index.scopes.get(self.index.deployed.get(&at)?)?;
            let found = deployed.outputs.get(output)?;
            self.step(|| format!("`{id}` gives its output `{output}`, which is {}", found.value.words()));
            return Some(self.value(&found.value));
        }
        // A module's resources are named behind it: `Module.Queue.Arn`.
        if let (Some(scope), Some((id, attribute))) = (self.index.deployed.get(&at), attribute.split_once('.'))
            && self.index.resource(scope, id).is_some()
        {
            return Some(Expr::Resource { scope: (*scope).into(), id: id.into(), attribute: Some(attribute.into()) });
        }
        if attribute == "Value" {
            let stored = self.index.declarations.stored.iter().find(|s| (&*s.at.scope, &*s.at.id) == at)?;
            return Some(self.value(stored.value.as_ref()?));
        }
        None
    }

    /// A text with something replaced. Of a resource's address that changes only what stands around the name, unless
    /// it says otherwise: then the name must be known.
    fn replaced(&self, of: &Expr, from: &str, to: &str) -> Expr {
        match of {
            Expr::Literal(text) => Expr::literal(text.replace(from, to)),
            Expr::Concat(all) => Expr::concat(all.iter().map(|e| self.replaced(e, from, to))),
            Expr::OneOf(all) => Expr::one_of(all.iter().map(|e| self.replaced(e, from, to))),
            Expr::Resource { scope, id, .. } if !from.contains([':', '/']) && !to.is_empty() => {
                let names = self.index.resource(scope, id).map(|r| r.names.as_slice()).unwrap_or_default();
                match names.first().map(|name| self.value(name)) {
                    Some(Expr::Literal(name)) if name.contains(from) => Expr::literal(name.replace(from, to)),
                    Some(Expr::Literal(_)) => of.clone(),
                    _ => {
                        Expr::unknown(format!("it is `{of:.160}` with `{to}` for `{from}`, and that name is not known"))
                    }
                }
            }
            other => other.clone(),
        }
    }
}

/// Whether a parameter of that name is the stage.
fn is_stage(name: &str) -> bool {
    const NAMES: &[&str] = &["stage", "env", "environment", "stagename", "environmentname"];
    NAMES.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a variable of that name is the region.
fn is_region(name: &str) -> bool {
    matches!(name, "AWS_REGION" | "AWS_DEFAULT_REGION")
}
