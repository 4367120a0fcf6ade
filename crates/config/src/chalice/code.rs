//! What the decorators in the code of a Chalice app say: routes, and functions with what starts them.

use crate::paths;
use crate::tree::{Key, Tree};
use facts::code::{Arg, ArgName, Call, FunctionId, Literal, Stmt, Unit, Value, ValueId};
use facts::{Expr, Language, Place, Sources};
use std::collections::BTreeMap;

/// Values inside one another that are looked at.
const MAX_DEPTH: u32 = 12;

/// The file that Chalice loads.
const APP: &str = "app";

/// A route of the app.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) place: Place,
}

/// A function that is deployed by itself.
#[derive(Debug)]
pub(super) struct Function {
    /// What Chalice calls it.
    pub(super) name: String,
    /// `app.send_mails`
    pub(super) handler: String,
    /// The SAM event that starts it, and the property that says what that is, with its value.
    pub(super) event: Option<(&'static str, &'static str, Option<Tree>)>,
    pub(super) place: Place,
}

/// All that the code of a project says.
#[derive(Debug, Default)]
pub(super) struct Project {
    /// The name of the app in its module.
    pub(super) app: String,
    pub(super) routes: Vec<Route>,
    pub(super) functions: Vec<Function>,
    /// Whom the routes ask for permission, by the name in the code.
    pub(super) authorizers: BTreeMap<String, Authorizer>,
}

/// Whom a route asks for permission.
#[derive(Debug)]
pub(super) enum Authorizer {
    /// The function of the app with this handler.
    Function(String),
    /// User pools, by their ARNs.
    UserPools(Tree),
}

impl Project {
    /// Reads `app.py` and the blueprints that it registers; `None` where it makes no app.
    pub(super) fn read(
        language: &dyn Language,
        folder: &str,
        sources: &dyn Sources,
        variables: &[(Key, Tree)],
    ) -> Option<Self> {
        let unit = summary(language, folder, APP, sources)?;
        let app = unit.globals.keys().find(|name| Module { unit: &unit, variables }.is_made(name, "Chalice"))?;
        let mut project = Self { app: app.to_string(), ..Self::default() };
        let module = Module { unit: &unit, variables };
        project.add(&module, APP, "");
        for (blueprint, prefix) in module.registered() {
            if let Some(unit) = summary(language, folder, &blueprint, sources) {
                project.add(&Module { unit: &unit, variables }, &blueprint, &prefix);
            }
        }
        Some(project)
    }

    fn add(&mut self, module: &Module<'_>, name: &str, prefix: &str) {
        let outer = &module.unit.functions[0];
        for function in module.unit.functions.iter().filter(|f| f.parent == Some(FunctionId::MODULE)) {
            for decorator in &function.decorators {
                let Some(Value::Call(call)) = outer.values.get(decorator.0 as usize) else { continue };
                let Call { callee, args, position, .. } = &**call;
                let Some(Value::Attr { base, name: word }) = outer.values.get(callee.0 as usize) else { continue };
                if !module.is_app(*base, 0) {
                    continue;
                }
                let place = Place::new(module.unit.path.clone(), position.line, position.column);
                if &**word == "route" {
                    self.routes(module, args, prefix, &place);
                    let asked =
                        argument(args, None, "authorizer").and_then(|asked| module.authorizer(asked, name, &place, 0));
                    self.authorizers.extend(asked);
                } else if let Some(made) = catalog::chalice_decorator(word) {
                    let given = argument(args, made.position, made.argument);
                    let value = given.and_then(|value| module.value(value, &place, 0));
                    let own = argument(args, None, "name").and_then(|name| module.value(name, &place, 0));
                    let own = own.as_ref().and_then(Tree::text).map(str::to_owned);
                    self.functions.push(Function {
                        name: own.unwrap_or_else(|| function.name.to_string()),
                        handler: format!("{name}.{}", function.name),
                        event: (!made.event.is_empty()).then_some((made.event, made.property, value)),
                        place,
                    });
                }
            }
        }
    }

    fn routes(&mut self, module: &Module<'_>, args: &[Arg], prefix: &str, place: &Place) {
        let path = argument(args, Some(0), "path").and_then(|path| module.value(path, place, 0));
        let Some(path) = path.as_ref().and_then(Tree::text) else { return };
        let path = format!("{}/{}", prefix.trim_end_matches('/'), path.trim_start_matches('/'));
        let methods = argument(args, None, "methods").and_then(|methods| module.value(methods, place, 0));
        let methods: Vec<String> = match &methods {
            Some(methods) => methods.items().iter().filter_map(Tree::text).map(str::to_owned).collect(),
            None => vec!["GET".to_owned()],
        };
        self.routes.extend(methods.into_iter().map(|method| Route {
            method,
            path: path.clone(),
            place: place.clone(),
        }));
    }
}

/// The summary of a module of the project.
fn summary(language: &dyn Language, folder: &str, module: &str, sources: &dyn Sources) -> Option<Unit> {
    let path = module.replace('.', "/");
    let ends = [".py", "/__init__.py"].into_iter();
    let mut files = ends.filter_map(|end| paths::below(folder, &format!("{path}{end}")));
    let file = files.find(|path| sources.is_file(path))?;
    let unit = language.summarise(&*sources.read(&file).ok()?);
    (!unit.functions.is_empty()).then_some(unit)
}

/// The body of a module, as it is seen without running it.
struct Module<'u> {
    unit: &'u Unit,
    /// The variables of the stage, which are set while the app is deployed too.
    variables: &'u [(Key, Tree)],
}

impl Module<'_> {
    fn at(&self, id: ValueId) -> Option<&Value> {
        self.unit.functions[0].values.get(id.0 as usize)
    }

    /// Whether a name of the module is made by calling this class of Chalice.
    fn is_made(&self, name: &str, class: &str) -> bool {
        self.unit.globals.get(name).is_some_and(|value| self.makes(*value, class))
    }

    fn makes(&self, value: ValueId, class: &str) -> bool {
        let Some(Value::Call(call)) = self.at(value) else { return false };
        match self.at(call.callee) {
            Some(Value::Imported(it)) => &*it.module == "chalice" && &*it.name == class,
            Some(Value::Attr { base, name }) => {
                &**name == class && matches!(self.at(*base), Some(Value::Module(module)) if &**module == "chalice")
            }
            _ => false,
        }
    }

    /// Whether a value is the app or a blueprint.
    fn is_app(&self, value: ValueId, depth: u32) -> bool {
        match self.at(value) {
            Some(Value::Global(name)) if depth < MAX_DEPTH => {
                self.unit.globals.get(name).is_some_and(|value| self.is_app(*value, depth + 1))
            }
            _ => self.makes(value, "Chalice") || self.makes(value, "Blueprint"),
        }
    }

    /// The modules whose blueprints are registered, with the prefix of each.
    fn registered(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for statement in &self.unit.functions[0].body {
            let Stmt::Eval(value) = statement else { continue };
            let Some(Value::Call(call)) = self.at(*value) else { continue };
            let Call { callee, args, position, .. } = &**call;
            if !matches!(self.at(*callee), Some(Value::Attr { name, .. }) if &**name == "register_blueprint") {
                continue;
            }
            let blueprint = argument(args, Some(0), "blueprint").and_then(|value| self.at(value));
            let Some(Value::Imported(it)) = blueprint else { continue };
            let module = &it.module;
            let place = Place::new(self.unit.path.clone(), position.line, position.column);
            let prefix = argument(args, Some(2), "url_prefix").and_then(|value| self.value(value, &place, 0));
            let prefix = prefix.as_ref().and_then(Tree::text).unwrap_or_default().to_owned();
            out.push((module.to_string(), prefix));
        }
        out
    }

    /// Whom a value asks for permission, with a name; nobody that the app deploys or has a user pool of otherwise.
    fn authorizer(&self, id: ValueId, module: &str, place: &Place, depth: u32) -> Option<(String, Authorizer)> {
        match self.at(id)? {
            Value::Global(name) if depth < MAX_DEPTH => {
                self.authorizer(*self.unit.globals.get(name)?, module, place, depth + 1)
            }
            Value::Function(function) => {
                let name = &self.unit.functions.get(function.0 as usize)?.name;
                Some((name.to_string(), Authorizer::Function(format!("{module}.{name}"))))
            }
            Value::Call(call) if self.makes(id, "CognitoUserPoolAuthorizer") => {
                let pools = self.value(argument(&call.args, None, "provider_arns")?, place, depth)?;
                let name = argument(&call.args, Some(0), "name").and_then(|name| self.value(name, place, depth));
                let name = name.as_ref().and_then(Tree::text).unwrap_or("authorizer").to_owned();
                Some((name, Authorizer::UserPools(pools)))
            }
            _ => None,
        }
    }

    /// A value as a template would say it; `None` for one that is no text, list or map.
    fn value(&self, id: ValueId, place: &Place, depth: u32) -> Option<Tree> {
        if depth > MAX_DEPTH {
            return None;
        }
        let inner = |id: &ValueId| self.value(*id, place, depth + 1);
        match self.at(id)? {
            Value::Literal(Literal::Text(text)) => Some(Tree::scalar(place, text.clone())),
            Value::Literal(Literal::Int(number)) => Some(Tree::scalar(place, number.to_string())),
            Value::Concat(pieces) => {
                let pieces: Option<Vec<Tree>> = pieces.iter().map(inner).collect();
                let texts =
                    pieces?.iter().map(|piece| piece.text().map(Expr::literal)).collect::<Option<Vec<Expr>>>()?;
                Some(Tree::scalar(place, Expr::concat(texts).as_literal()?))
            }
            Value::List(items) => Some(Tree::list(place, items.iter().filter_map(inner).collect())),
            Value::Map(entries) => {
                let entries: Vec<(Tree, Tree)> =
                    entries.iter().filter_map(|(key, value)| Some((inner(&(*key)?)?, inner(value)?))).collect();
                let entries = entries.iter().filter_map(|(key, value)| Some((key.text()?, value.clone())));
                Some(Tree::map(place, entries))
            }
            Value::Global(name) => self.value(*self.unit.globals.get(name)?, place, depth + 1),
            Value::Call(call) => self.expression(call, place, depth),
            // A variable that the stage sets.
            Value::Index { base, key } => {
                let key = inner(key)?;
                let is_variables = matches!(self.at(*base), Some(Value::Attr { name, .. }) if &**name == "environ");
                let own = self.variables.iter().find(|(known, _)| Some(&*known.text) == key.text());
                own.filter(|_| is_variables).map(|(_, value)| value.clone())
            }
            _ => None,
        }
    }
}

impl Module<'_> {
    /// The text of a schedule that is written as a call: `Rate(5, unit=Rate.MINUTES)`, `Cron(0, 18, "?", "*", "MON-FRI", "*")`.
    fn expression(&self, call: &Call, place: &Place, depth: u32) -> Option<Tree> {
        let class = match self.at(call.callee)? {
            Value::Imported(it) if &*it.module == "chalice" || &*it.module == "chalice.app" => &it.name,
            Value::Attr { base, name } if matches!(self.at(*base), Some(Value::Module(m)) if &**m == "chalice") => name,
            _ => return None,
        };
        let text = |id: ValueId| self.value(id, place, depth + 1)?.text().map(str::to_owned);
        let text = match &**class {
            "Rate" => {
                let number = text(argument(&call.args, Some(0), "value")?)?;
                let Value::Attr { name: unit, .. } = self.at(argument(&call.args, Some(1), "unit")?)? else {
                    return None;
                };
                let unit = unit.to_ascii_lowercase();
                let unit = if number == "1" { unit.trim_end_matches('s') } else { &unit };
                format!("rate({number} {unit})")
            }
            "Cron" => {
                let names = ["minutes", "hours", "day_of_month", "month", "day_of_week", "year"];
                let given = names.iter().enumerate().map(|(at, name)| text(argument(&call.args, Some(at), name)?));
                format!("cron({})", given.collect::<Option<Vec<String>>>()?.join(" "))
            }
            _ => return None,
        };
        Some(Tree::scalar(place, text))
    }
}

/// An argument of a call, by position or by name.
fn argument(args: &[Arg], position: Option<usize>, name: &str) -> Option<ValueId> {
    let named = args.iter().find(|arg| matches!(&arg.name, ArgName::Name(own) if &**own == name));
    let mut by_position = args.iter().filter(|arg| arg.name == ArgName::Position);
    named.or_else(|| by_position.nth(position?)).map(|arg| arg.value)
}
