//! Replacing what a deployment knows: environment, parameters, exports, stored values.

use crate::changed::{self, Change};
use crate::index::Index;
use crate::nearest::nearest;
use crate::pattern::{Pattern, Strength};
use facts::{Entry, Expr};
use std::cell::RefCell;
use std::sync::Arc;

/// Substitutions inside one another; a deeper one is unknown.
const MAX_DEPTH: usize = 40;

/// Alternatives of one name that are looked at.
const MAX_ALTERNATIVES: usize = 24;

/// Substitutes into expressions, for one running function or for none.
pub(crate) struct Resolver<'i, 'a> {
    index: &'i Index<'a>,
    entry: Option<&'a Entry>,
    /// What has been done, in words.
    steps: RefCell<Vec<Arc<str>>>,
    /// Keys that were gone through, in order: what people call a thing that is not declared.
    keys: RefCell<Vec<Arc<str>>>,
    /// Names that are being replaced, outermost first.
    open: RefCell<Vec<Expr>>,
    /// Parameters found to be defined by themselves.
    pub(crate) circles: RefCell<Vec<Expr>>,
    /// Whether the default of a parameter counts as its value.
    defaults: bool,
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
        }
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
        if is_stage(name) || is_region(name) {
            return;
        }
        let mut keys = self.keys.borrow_mut();
        if !keys.contains(name) {
            keys.push(name.clone());
        }
    }

    fn step(&self, text: impl FnOnce() -> String) {
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
        let strict = Resolver { defaults: false, ..Resolver::new(self.index, self.entry) };
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
            Expr::Concat(all) => Expr::concat(all.iter().map(|e| self.value(e))),
            Expr::OneOf(all) => Expr::one_of(all.iter().map(|e| self.value(e))),
            Expr::OrElse { of, default } => self.or_else(of, default),
            Expr::Lookup { key, cases, default } => self.lookup(key, cases, default.as_deref()),
            Expr::Piece { of, separator, index } => piece(&self.value(of), separator, *index),
            Expr::Replaced { of, from, to } => self.replaced(&self.value(of), from, to),
            named => self.named(named),
        }
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
        if attribute == "Value" {
            let stored = self.index.declarations.stored.iter().find(|s| (&*s.at.scope, &*s.at.id) == at)?;
            return Some(self.value(stored.value.as_ref()?));
        }
        None
    }

    fn import(&self, name: &Expr) -> Expr {
        let name = self.value(name);
        let (found, strength) = self.index.exports.find(&Pattern::new(&name), |_| true);
        let found = self.nearest(found, strength, |output| &output.place.file);
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

    fn ssm(&self, name: &Expr) -> Expr {
        let name = self.value(name);
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
        let found = self.nearest(found, strength, |stored| &stored.place.file);
        let values: Vec<Expr> = found
            .iter()
            .filter_map(|stored| {
                let value = stored.value.as_ref()?;
                self.step(|| {
                    format!(
                        "the SSM parameter `{name:.100}` is stored with the value {} at {}",
                        value.words(),
                        stored.place
                    )
                });
                Some(self.value(value))
            })
            .collect();
        if values.is_empty() { Expr::Ssm(Box::new(name)) } else { Expr::one_of(values) }
    }

    /// Of things of one name, those that are nearest to what runs.
    fn nearest<'t, T: Copy>(&self, found: Vec<T>, strength: Strength, file: impl Fn(T) -> &'t str) -> Vec<T> {
        match strength {
            Strength::Exact => nearest(self.index, self.entry, &found, |one| (None, file(one))).0,
            Strength::Partial => found,
        }
    }

    fn stack_output(&self, stack: &Expr, output: &Arc<str>) -> Expr {
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

    /// A lookup is decided only by what is surely known; a mere default leaves all the cases possible.
    fn lookup(&self, key: &Expr, cases: &[(Expr, Expr)], default: Option<&Expr>) -> Expr {
        let strict = Resolver { defaults: false, ..Resolver::new(self.index, self.entry) };
        let sure = strict.value(key);
        if let Some(text) = sure.as_literal() {
            for (case, value) in cases {
                if self.value(case).as_literal() == Some(text) {
                    self.step(|| format!("under the key `{text:.100}` the map has {}", value.words()));
                    return self.value(value);
                }
            }
            return default.map_or_else(|| Expr::unknown(format!("there is no entry for `{text}`")), |d| self.value(d));
        }
        self.step(|| format!("which entry counts is not fixed, as {} is not: any of them can", key.words()));
        let mut all: Vec<Expr> = cases.iter().map(|(_, v)| self.value(v)).collect();
        // `!If [IsDefault, x, !Ref Override]`: where the override is taken it is not the text that stands for none.
        let excluded = |value: &Expr| default == Some(key) && cases.iter().any(|(case, _)| self.value(case) == *value);
        all.extend(default.map(|d| self.value(d)).filter(|value| !excluded(value)));
        Expr::one_of(all)
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

/// The single names that a substituted expression can be: alternatives inside a concatenation are spread out.
pub(crate) fn alternatives(e: &Expr) -> Vec<Expr> {
    match e {
        Expr::OneOf(all) => all.iter().flat_map(alternatives).take(MAX_ALTERNATIVES).collect(),
        Expr::Concat(pieces) if pieces.iter().any(|p| matches!(p, Expr::OneOf(_))) => {
            let mut out = vec![Expr::literal("")];
            for piece in pieces {
                let choices = alternatives(piece);
                let mut next = Vec::new();
                for head in &out {
                    for choice in &choices {
                        next.push(Expr::concat([head.clone(), choice.clone()]));
                    }
                }
                next.truncate(MAX_ALTERNATIVES);
                out = next;
            }
            out
        }
        one => vec![one.clone()],
    }
}

/// A piece of a text; of a text known in part the piece is found if every separator before it is known.
pub(crate) fn piece(of: &Expr, separator: &str, index: i32) -> Expr {
    let unknown = || Expr::unknown(format!("it is a piece of `{of:.160}`"));
    let parts: Vec<Expr> = match of {
        Expr::Literal(_) | Expr::Concat(_) if !separator.is_empty() => split(of, separator),
        // The first pieces of an ARN are a region and an account, which name nothing.
        Expr::Resource { .. } if separator == ":" && (1..5).contains(&index) => {
            let names = ["AWS::Partition", "AWS::Service", "AWS::Region", "AWS::AccountId"];
            let name = names[usize::try_from(index - 1).unwrap_or_default()];
            return Expr::Parameter { scope: "".into(), name: name.into() };
        }
        // A piece of an ARN or URL of a resource still says which resource it is; why a whole is not known says more
        // than that of its piece.
        Expr::Resource { .. } | Expr::Unknown { .. } => return of.clone(),
        Expr::OneOf(all) => return Expr::one_of(all.iter().map(|e| piece(e, separator, index))),
        _ => return unknown(),
    };
    let back = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let at = if index < 0 { parts.len().checked_sub(back) } else { Some(back) };
    let found = at.and_then(|i| parts.get(i));
    match found {
        Some(found) if *found != Expr::literal("") => found.clone(),
        _ => unknown(),
    }
}

fn split(of: &Expr, separator: &str) -> Vec<Expr> {
    let pieces = match of {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut parts: Vec<Vec<Expr>> = vec![Vec::new()];
    for piece in pieces {
        if let Expr::Literal(text) = piece {
            for (i, part) in text.split(separator).enumerate() {
                if i > 0 {
                    parts.push(Vec::new());
                }
                if let Some(last) = parts.last_mut() {
                    last.push(Expr::literal(part));
                }
            }
        } else if let Some(last) = parts.last_mut() {
            last.push(piece.clone());
        }
    }
    parts.into_iter().map(Expr::concat).collect()
}
