//! The values of variables. What only a deployment knows stays symbolic: the stage is a parameter with its default, so
//! that `${self:service}-${sls:stage}-orders` still meets the same name in code.

use super::constructs;
use super::syntax::{Alternative, Piece, alternatives, pieces, split};
use crate::tree::{Key, Node, Tree};
use facts::{Diagnostic, Expr, Place, SourceFile, Sources};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// The parameter that is the stage.
pub(super) const STAGE: &str = "stage";

/// Values that a service may have once its variables are put in.
const MAX_VALUES: usize = 400_000;

/// Variables inside one another.
const MAX_DEPTH: usize = 50;

/// A service's configuration while its variables are looked up.
pub(super) struct Variables<'v> {
    pub(super) file: &'v SourceFile,
    root: &'v Tree,
    pub(super) sources: &'v dyn Sources,
    pub(super) state: RefCell<State>,
}

#[derive(Default)]
pub(super) struct State {
    /// What is being looked up.
    open: Vec<String>,
    /// Values made so far.
    made: usize,
    pub(super) files: BTreeMap<String, Option<Arc<Tree>>>,
    /// Files that are a part of the service and no templates by themselves.
    pub(super) included: BTreeSet<Arc<str>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What a variable's source gives.
pub(super) enum Found {
    /// This.
    Known(Tree),
    /// Deployment may give it.
    Maybe(Expr),
    /// Why there is nothing.
    Missing(String),
}

impl<'v> Variables<'v> {
    pub(super) fn new(file: &'v SourceFile, root: &'v Tree, sources: &'v dyn Sources) -> Self {
        Self { file, root, sources, state: RefCell::default() }
    }

    /// What was found wrong, and which files are a part of the service.
    pub(super) fn finish(self) -> (Vec<Diagnostic>, BTreeSet<Arc<str>>) {
        let state = self.state.into_inner();
        (state.diagnostics, state.included)
    }

    /// A value with its variables put in.
    pub(super) fn tree(&self, tree: &Tree) -> Tree {
        let nothing = || Tree { place: tree.place.clone(), node: Node::Null };
        if !self.spend(&tree.place) {
            return nothing();
        }
        let node = match &tree.node {
            Node::Scalar(text, _) if text.contains(['$', '#']) => return self.text(text, &tree.place),
            Node::List(items) => Node::List(items.iter().map(|item| self.tree(item)).collect()),
            Node::Map(_) if let Some(("Fn::Sub", argument)) = tree.single() => return self.sub(tree, argument),
            Node::Map(entries) => Node::Map(entries.iter().map(|(k, v)| (self.key(k), self.tree(v))).collect()),
            other => other.clone(),
        };
        Tree { place: tree.place.clone(), node }
    }

    fn key(&self, key: &Key) -> Key {
        let text = if key.text.contains("${") {
            at_stage(&self.text(&key.text, &key.place), &self.default_stage())
        } else {
            None
        };
        Key { text: text.map_or_else(|| key.text.clone(), Into::into), place: key.place.clone() }
    }

    fn spend(&self, place: &Place) -> bool {
        let mut state = self.state.borrow_mut();
        state.made += 1;
        if state.made == MAX_VALUES {
            let message =
                format!("the service has more than {MAX_VALUES} values with its variables; the rest is left out");
            state.diagnostics.push(Diagnostic::error("too-large", place.clone(), message));
        }
        state.made < MAX_VALUES
    }

    pub(super) fn tell(&self, code: &'static str, place: &Place, message: String) {
        let diagnostic = Diagnostic::warning(code, place.clone(), message);
        let mut state = self.state.borrow_mut();
        // A variable is looked up by everything that refers to it; it is wrong once.
        if !state.diagnostics.contains(&diagnostic) {
            state.diagnostics.push(diagnostic);
        }
    }

    /// A text with its variables put in.
    fn text(&self, text: &str, place: &Place) -> Tree {
        let pieces = pieces(text);
        if let [Piece::Variable(inner)] = pieces[..] {
            return self.variable(inner, place);
        }
        let parts: Vec<Tree> = pieces.iter().map(|piece| self.piece(piece, place)).collect();
        Tree::join(place, parts)
    }

    fn piece(&self, piece: &Piece<'_>, place: &Place) -> Tree {
        match piece {
            Piece::Text(text) => Tree::scalar(place, *text),
            Piece::Name(name) => Tree::call(place, "Fn::Sub", Tree::scalar(place, format!("${{{name}}}"))),
            Piece::Variable(inner) => self.variable(inner, place),
        }
    }

    /// `Fn::Sub` keeps its own names; what a variable gives that is no plain text becomes one of them.
    fn sub(&self, tree: &Tree, argument: &Tree) -> Tree {
        let (format, own) = match argument.items() {
            [format, own] => (format, Some(self.tree(own))),
            _ => (argument, None),
        };
        let Some(text) = format.text() else {
            return Tree::call(&tree.place, "Fn::Sub", self.tree(argument));
        };
        let mut names: Vec<(Key, Tree)> = own.as_ref().map(|o| o.entries().to_vec()).unwrap_or_default();
        let mut out = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Name(name) => {
                    let _ = write!(out, "${{{name}}}");
                }
                Piece::Variable(inner) => {
                    let value = self.variable(inner, &format.place);
                    if let Some(text) = value.text() {
                        out.push_str(text);
                    } else {
                        let name = format!("variable {}", names.len());
                        {
                            let _ = write!(out, "${{{name}}}");
                        };
                        names.push((Key { text: name.into(), place: format.place.clone() }, value));
                    }
                }
            }
        }
        let format = Tree::scalar(&format.place, out);
        let names = Tree { place: argument.place.clone(), node: Node::Map(names) };
        let argument = Tree { place: argument.place.clone(), node: Node::List(vec![format, names]) };
        Tree::call(&tree.place, "Fn::Sub", argument)
    }

    /// The value of a variable; something unknown, with a diagnostic, where there is none.
    fn variable(&self, inner: &str, place: &Place) -> Tree {
        match self.look_up(inner, place) {
            Ok(tree) => tree,
            Err(why) => {
                self.tell(
                    "variable-not-found",
                    place,
                    format!("`${{{inner}}}` has no value: {why}; it is taken as unknown"),
                );
                Tree::symbol(place, Expr::unknown(why))
            }
        }
    }

    fn look_up(&self, inner: &str, place: &Place) -> Result<Tree, String> {
        let depth = self.state.borrow().open.len();
        if depth > MAX_DEPTH {
            return Err("its variables are nested too deeply".to_owned());
        }
        let (mut maybe, mut why) = (None::<Expr>, String::new());
        for alternative in alternatives(inner) {
            match self.alternative(&alternative, place) {
                Found::Known(tree) => return Ok(or_else(maybe, tree)),
                Found::Maybe(expr) => maybe = Some(maybe.map_or(expr.clone(), |of| default(of, expr))),
                Found::Missing(reason) if why.is_empty() => why = reason,
                Found::Missing(_) => {}
            }
        }
        maybe.map(|expr| Tree::symbol(place, expr)).ok_or(why)
    }

    fn alternative(&self, alternative: &Alternative<'_>, place: &Place) -> Found {
        match *alternative {
            Alternative::Literal("null") => Found::Missing("it is null".to_owned()),
            Alternative::Literal(text) => Found::Known(Tree::scalar(place, text)),
            Alternative::Nested(text) => {
                let inner = text.trim_start_matches("${").trim_end();
                let inner = inner.strip_suffix('}').unwrap_or(inner);
                self.look_up(inner, place).map_or_else(Found::Missing, Found::Known)
            }
            Alternative::Source(source, with, address) => self.source(source, with, address, place),
        }
    }

    fn source(&self, source: &str, with: Option<&str>, address: &str, place: &Place) -> Found {
        let parameter = |name: String| Found::Maybe(self.parameter(&name));
        match (source, address) {
            ("self", _) => self.own(address, place),
            ("opt" | "sls", STAGE) => Found::Known(self.stage(place)),
            ("opt", "region") => parameter("AWS::Region".to_owned()),
            ("aws", "region") => Found::Known(Tree::symbol(place, self.parameter("AWS::Region"))),
            ("aws", "accountId") => Found::Known(Tree::symbol(place, self.parameter("AWS::AccountId"))),
            ("opt", name) => parameter(name.to_owned()),
            ("env", name) => parameter(format!("env:{name}")),
            ("param", name) => self.param(name, place),
            ("ssm", _) => Found::Maybe(self.stored(address, place)),
            ("cf", _) => self.stack_output(address, place),
            ("construct", _) => constructs::variable(address, place).map_or_else(
                || Found::Missing(format!("`{address}` is no variable of a construct that is known")),
                Found::Known,
            ),
            ("strToBool", _) => Found::Known(self.text(with.unwrap_or_default(), place)),
            ("file", _) => self.file(with.unwrap_or_default(), address, place),
            ("s3" | "git" | "sls" | "output" | "state" | "terraform" | "vault" | "doppler" | "secrets", _) => {
                Found::Maybe(Expr::unknown(format!("`${{{source}:{address}}}` is known only at deployment")))
            }
            _ => Found::Missing(format!("`{source}` is no source of variables that is known")),
        }
    }

    fn parameter(&self, name: &str) -> Expr {
        Expr::Parameter { scope: self.file.path.clone(), name: name.into() }
    }

    fn stage(&self, place: &Place) -> Tree {
        Tree::symbol(place, self.parameter(STAGE))
    }

    /// The stage that is deployed when none is asked for.
    pub(super) fn default_stage(&self) -> String {
        let written = self.root.at(&["provider", "stage"]);
        let text = written.and_then(Tree::text).unwrap_or("dev");
        if !text.contains("${") {
            return text.to_owned();
        }
        // `stage: ${opt:stage, 'dev'}` asks for itself first; what follows is the default.
        let pieces = pieces(text);
        let [Piece::Variable(inner)] = pieces[..] else { return "dev".to_owned() };
        let place = &self.root.place;
        let others = alternatives(inner).into_iter().filter(|a| !is_stage(a));
        let known = others.filter_map(|a| match self.alternative(&a, place) {
            Found::Known(tree) => tree.text().map(str::to_owned),
            _ => None,
        });
        known.into_iter().next().unwrap_or_else(|| "dev".to_owned())
    }

    fn stored(&self, address: &str, place: &Place) -> Expr {
        // Version 1 asks for decryption with `~true` at the end.
        let name = address.split('~').next().unwrap_or(address);
        if let Some(secret) = name.strip_prefix("/aws/reference/secretsmanager/") {
            return Expr::Secret(Box::new(self.expr(secret, place)));
        }
        Expr::Ssm(Box::new(self.expr(name, place)))
    }

    fn stack_output(&self, address: &str, place: &Place) -> Found {
        let parts = split(address, '.');
        let [stack @ .., output] = parts.as_slice() else { return Found::Missing("it names no output".to_owned()) };
        let stack = stack.join(".");
        match self.expr(output, place).as_literal() {
            Some(output) if !stack.is_empty() => {
                let stack = Box::new(self.expr(&stack, place));
                Found::Maybe(Expr::StackOutput { stack, output: output.into() })
            }
            _ => Found::Missing("it names no stack and output".to_owned()),
        }
    }

    /// A text in a variable, with the variables in it, as a symbolic string.
    pub(super) fn expr(&self, text: &str, place: &Place) -> Expr {
        expression(&self.text(text, place)).unwrap_or_else(|| Expr::unknown("it is no text"))
    }

    /// Parameters of a stage: `params.prod.x`, or `stages.prod.params.x`; those of `default` else.
    fn param(&self, name: &str, place: &Place) -> Found {
        let mut cases = Vec::new();
        let mut fallback = None;
        let sections = [("params", None), ("stages", Some("params"))];
        for (section, inner) in sections {
            for (stage, values) in self.root.get(section).map(Tree::entries).unwrap_or_default() {
                let values = inner.map_or(Some(values), |inner| values.get(inner));
                let Some(value) = values.and_then(|v| v.get(name)) else { continue };
                let value = self.tree(value);
                if &*stage.text == "default" {
                    fallback = Some(value);
                } else {
                    cases.push((stage.text.clone(), value));
                }
            }
        }
        let given = self.parameter(name);
        match self.choose(&self.parameter(STAGE), cases, fallback, place) {
            Some(tree) => Found::Known(or_else(Some(given), tree)),
            None => Found::Maybe(given),
        }
    }

    /// A value of the configuration itself.
    fn own(&self, address: &str, place: &Place) -> Found {
        let address = if address.is_empty() { String::new() } else { address.to_owned() };
        match address.as_str() {
            "provider.stage" => return Found::Known(self.stage(place)),
            "service.name" if self.root.at(&["service", "name"]).is_none() => return self.own("service", place),
            "service" if let Some(name) = self.root.at(&["service", "name"]) => return Found::Known(self.tree(name)),
            "provider.region" if self.root.at(&["provider", "region"]).is_none() => {
                return Found::Known(Tree::symbol(place, self.parameter("AWS::Region")));
            }
            _ => {}
        }
        let key = format!("self:{address}");
        self.guarded(key, place, || {
            let found = self.walk(self.root, &self.steps(&address, place), place);
            found.map_or_else(
                || Found::Missing(format!("there is no `{address}` in `{}`", self.file.path)),
                Found::Known,
            )
        })
    }

    /// Looks something up unless that is being looked up already.
    pub(super) fn guarded(&self, key: String, place: &Place, look_up: impl FnOnce() -> Found) -> Found {
        if self.state.borrow().open.contains(&key) {
            self.tell("variable-cycle", place, format!("`${{{key}}}` is defined by itself; it is taken as unknown"));
            return Found::Known(Tree::symbol(place, Expr::unknown("it is defined by itself")));
        }
        self.state.borrow_mut().open.push(key);
        let found = look_up();
        self.state.borrow_mut().open.pop();
        found
    }

    /// The steps of an address; a step may be a symbolic string.
    pub(super) fn steps(&self, address: &str, place: &Place) -> Vec<Expr> {
        let parts = split(address, '.').into_iter().filter(|part| !part.is_empty());
        let steps = parts.flat_map(|part| match self.expr(part, place) {
            Expr::Literal(text) => text.split('.').map(Expr::literal).collect(),
            other => vec![other],
        });
        steps.collect()
    }

    /// The value at the end of an address.
    pub(super) fn walk(&self, from: &Tree, steps: &[Expr], place: &Place) -> Option<Tree> {
        let resolved;
        let from =
            if from.text().is_some_and(|t| t.contains("${")) || from.single().is_some_and(|(k, _)| k == "Fn::Sub") {
                resolved = self.tree(from);
                &resolved
            } else {
                from
            };
        let Some((step, rest)) = steps.split_first() else {
            return (from.node != Node::Null).then(|| self.tree(from));
        };
        // A step into what a missing file holds is a name there.
        if let (Node::Symbol(Expr::Parameter { scope, name }), Some(step)) = (&from.node, step.as_literal())
            && **scope != *self.file.path
        {
            let name = if name.is_empty() { step.to_owned() } else { format!("{name}.{step}") };
            let inner = Expr::Parameter { scope: scope.clone(), name: name.into() };
            return self.walk(&Tree::symbol(&from.place, inner), rest, place);
        }
        if let Some(name) = step.as_literal() {
            let item = || from.items().get(name.parse::<usize>().ok()?);
            return self.walk(from.get(name).or_else(item)?, rest, place);
        }
        let cases = from.entries().iter().filter_map(|(key, value)| {
            let case = unify(step, &key.text)?;
            Some((Arc::from(case), self.walk(value, rest, place)?))
        });
        let cases: Vec<(Arc<str>, Tree)> = cases.collect();
        self.choose(&variable_part(step), cases, None, place)
    }

    /// The case that the key names. Texts stay a choice; of maps and lists, that of the default stage is taken.
    pub(super) fn choose(
        &self,
        key: &Expr,
        cases: Vec<(Arc<str>, Tree)>,
        fallback: Option<Tree>,
        place: &Place,
    ) -> Option<Tree> {
        let texts: Option<Vec<(Expr, Expr)>> =
            cases.iter().map(|(case, value)| Some((Expr::literal(case.clone()), expression(value)?))).collect();
        let default = fallback.as_ref().map(expression);
        match (texts, default) {
            (Some(texts), default @ (None | Some(Some(_)))) if !texts.is_empty() => {
                let default = default.flatten().map(Box::new);
                Some(Tree::symbol(place, Expr::Lookup { key: Box::new(key.clone()), cases: texts, default }))
            }
            _ => {
                let stage = self.default_stage();
                let own = cases.iter().position(|(case, _)| **case == *stage);
                let first = (!cases.is_empty() && fallback.is_none()).then_some(0);
                own.or(first).and_then(|at| cases.into_iter().nth(at)).map(|(_, value)| value).or(fallback)
            }
        }
    }
}

/// The text that a value is for a stage.
pub(super) fn at_stage(tree: &Tree, stage: &str) -> Option<String> {
    expr_at_stage(&expression(tree)?, stage)
}

pub(super) fn expr_at_stage(expr: &Expr, stage: &str) -> Option<String> {
    match expr {
        Expr::Literal(text) => Some(text.to_string()),
        Expr::Parameter { name, .. } if &**name == STAGE => Some(stage.to_owned()),
        Expr::Concat(all) => all.iter().map(|e| expr_at_stage(e, stage)).collect(),
        Expr::OrElse { default, .. } => expr_at_stage(default, stage),
        Expr::Lookup { key, cases, default } => {
            let key = expr_at_stage(key, stage)?;
            let case = cases.iter().find(|(case, _)| case.as_literal() == Some(&key)).map(|(_, value)| value);
            expr_at_stage(case.or(default.as_deref())?, stage)
        }
        _ => None,
    }
}

fn is_stage(alternative: &Alternative<'_>) -> bool {
    match alternative {
        Alternative::Source("opt" | "sls", _, STAGE) | Alternative::Source("self", _, "provider.stage") => true,
        Alternative::Nested(text) => matches!(*text, "${opt:stage}" | "${sls:stage}" | "${self:provider.stage}"),
        _ => false,
    }
}

/// The symbolic string that a value is, if it is no map or list.
pub(super) fn expression(tree: &Tree) -> Option<Expr> {
    match &tree.node {
        Node::Scalar(text, _) => Some(Expr::literal(text.clone())),
        Node::Symbol(expr) => Some(expr.clone()),
        Node::Null => Some(Expr::literal("")),
        Node::List(_) | Node::Map(_) => None,
    }
}

fn default(of: Expr, default: Expr) -> Expr {
    Expr::OrElse { of: Box::new(of), default: Box::new(default) }
}

/// What deployment may give, else a value. A value that is no text counts by itself.
fn or_else(maybe: Option<Expr>, tree: Tree) -> Tree {
    match (maybe, expression(&tree)) {
        (Some(of @ Expr::Parameter { .. }), Some(value)) => Tree::symbol(&tree.place, default(of, value)),
        _ => tree,
    }
}

/// The name that stands for the symbolic part of a step, when the step is `prefix${x}suffix`.
pub(super) fn unify<'n>(step: &Expr, name: &'n str) -> Option<&'n str> {
    let Expr::Concat(all) = step else { return Some(name) };
    let (first, last) = (all.first()?, all.last()?);
    let name = first.as_literal().map_or(Some(name), |text| name.strip_prefix(text))?;
    last.as_literal().map_or(Some(name), |text| name.strip_suffix(text))
}

/// The one symbolic part of a step.
pub(super) fn variable_part(step: &Expr) -> Expr {
    match step {
        Expr::Concat(all) => all.iter().find(|e| e.as_literal().is_none()).unwrap_or(step).clone(),
        other => other.clone(),
    }
}
