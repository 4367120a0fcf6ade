//! What the directives of an Amplify schema make: tables, fields with their resolvers, the API itself.

use super::{Schema, config_of};
use crate::appsync::schema::{Directive, Field, Type, types};
use crate::tree::{self, Tree};
use facts::{
    Certainty, Declarations, End, Evidence, Expr, FlowKind, Instance, Link, Mode, NodeKind, Output, Parameter, Part,
    Place, Resource, ResourceRef, Scope, SourceFile, Sources,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The logical id of the API in the stack that Amplify makes.
const API: &str = "GraphQLAPI";

/// Directives of a field that reads the table of its type.
const JOINS: &[&str] = &["connection", "hasOne", "hasMany", "belongsTo", "manyToMany"];

/// Directives of the newer transformer alone.
const NEWER: &[&str] = &["hasOne", "hasMany", "belongsTo", "manyToMany", "index", "primaryKey"];

/// Adds what a schema makes. The first file of a schema in several does so for all of them.
pub(super) fn read(schema: &Schema<'_>, file: &SourceFile, sources: &dyn Sources, out: &mut Declarations) {
    let files = schema.files(sources);
    if files.first() != Some(&file.path) {
        return;
    }
    let mut all: Vec<(Arc<str>, Type)> = Vec::new();
    for path in &files {
        let Ok(one) = sources.read(path) else { continue };
        all.extend(types(&one.text).into_iter().map(|t| (path.clone(), t)));
    }
    let tables = all.iter().filter(|(_, t)| directive(&t.directives, "model").is_some()).map(|(_, t)| t.name.clone());
    let models = Models {
        schema,
        scope: file.path.clone(),
        tables: tables.collect(),
        english: newer(schema, &all, sources),
        sources,
    };
    models.declare(out);
    for (path, one) in &all {
        models.type_(path, one, out);
    }
    for (path, one) in relations(&all) {
        models.type_(&path, &one, out);
    }
    models.stacks(out);
}

/// The models that `@manyToMany` makes: one for each relation, at its first field.
fn relations(all: &[(Arc<str>, Type)]) -> Vec<(Arc<str>, Type)> {
    let mut out: Vec<(Arc<str>, Type)> = Vec::new();
    for (path, one) in all {
        for field in &one.fields {
            let Some(name) = relation(field) else { continue };
            if out.iter().any(|(_, known)| known.name == name) {
                continue;
            }
            let model = Directive { name: "model".into(), arguments: BTreeMap::new() };
            out.push((path.clone(), Type { name, directives: vec![model], fields: Vec::new(), line: field.line }));
        }
    }
    out
}

/// The name of the relation that a field is one side of.
fn relation(field: &Field) -> Option<Arc<str>> {
    let name = directive(&field.directives, "manyToMany")?.arguments.get("relationName")?;
    let mut letters = name.chars();
    let first = letters.next()?.to_ascii_uppercase();
    Some(std::iter::once(first).chain(letters).collect::<String>().into())
}

/// The table of a model that the resolvers of an API's own stacks use, by the name of its data source.
pub(crate) fn model_table(stack: &str, name: &str, sources: &dyn Sources) -> Option<Expr> {
    let (backend, rest) = super::backend(stack)?;
    let (api, _) = rest.strip_prefix("api/")?.split_once('/')?;
    let schema = Schema { backend, api };
    let wanted = name.strip_suffix("Table")?;
    let files = schema.files(sources);
    let scope = files.first()?.clone();
    let model = files
        .iter()
        .filter_map(|f| sources.read(f).ok())
        .any(|f| types(&f.text).iter().any(|t| *t.name == *wanted && directive(&t.directives, "model").is_some()));
    model.then(|| Expr::resource(scope, name))
}

fn directive<'d>(all: &'d [Directive], name: &str) -> Option<&'d Directive> {
    all.iter().find(|d| *d.name == *name)
}

/// Whether the newer transformer is meant: it is set, or the schema uses what only it knows.
fn newer(schema: &Schema<'_>, all: &[(Arc<str>, Type)], sources: &dyn Sources) -> bool {
    let own = |d: &Directive| NEWER.contains(&&*d.name);
    let uses = |t: &Type| t.directives.iter().chain(t.fields.iter().flat_map(|f| &f.directives)).any(own);
    if all.iter().any(|(_, t)| uses(t)) {
        return true;
    }
    let path = format!("{}cli.json", schema.backend.trim_end_matches("backend/"));
    let root = sources.read(&path).ok().and_then(|f| tree::read(&f, &mut Vec::new()));
    let version = root.as_ref().and_then(|r| r.at(&["features", "graphqltransformer", "transformerversion"]));
    version.and_then(Tree::text) == Some("2")
}

struct Models<'m> {
    schema: &'m Schema<'m>,
    scope: Arc<str>,
    tables: BTreeSet<Arc<str>>,
    english: bool,
    sources: &'m dyn Sources,
}

impl Models<'_> {
    fn at(&self, id: &str) -> ResourceRef {
        ResourceRef { scope: self.scope.clone(), id: id.into() }
    }

    fn attribute(&self, id: &str, name: &str) -> Expr {
        Expr::Resource { scope: self.scope.clone(), id: id.into(), attribute: Some(name.into()) }
    }

    fn parameter(&self, name: &str) -> Expr {
        Expr::Parameter { scope: self.scope.clone(), name: name.into() }
    }

    /// The stack, its API, and what the API asks for permission.
    fn declare(&self, out: &mut Declarations) {
        let place = Place::new(self.scope.clone(), 1, 1);
        let parameter = || Parameter { default: None, looked_up: false, place: place.clone() };
        let mut outputs = BTreeMap::new();
        let mut output = |name: String, value: Expr, export: Option<Expr>| {
            outputs.insert(name.into(), Output { value, export, place: place.clone() });
        };
        output("GraphQLAPIIdOutput".into(), self.attribute(API, "ApiId"), None);
        output("GraphQLAPIEndpointOutput".into(), self.attribute(API, "GraphQLUrl"), None);
        for name in &self.tables {
            let table = format!("{name}Table");
            // Other stacks import the table by these names.
            for (what, value) in [("Name", self.at(&table).expr()), ("StreamArn", self.attribute(&table, "StreamArn"))]
            {
                let tail = Expr::literal(format!(":GetAtt:{table}:{what}"));
                let export = Expr::concat([self.attribute(API, "ApiId"), tail]);
                output(format!("GetAtt{table}{what}"), value, Some(export));
            }
        }
        out.scopes.push(Scope {
            id: self.scope.clone(),
            name: Some(Expr::literal(self.schema.api)),
            stack: None,
            description: None,
            parameters: ["env", "AuthCognitoUserPoolId"].into_iter().map(|n| (n.into(), parameter())).collect(),
            outputs,
            place: place.clone(),
        });
        let dash = Expr::literal("-");
        let names = vec![Expr::concat([Expr::literal(self.schema.api), dash, self.parameter("env")])];
        out.resources.push(self.resource(API, "AWS::AppSync::GraphQLApi", NodeKind::GraphqlApi, names, place));
        self.auth(out);
    }

    fn resource(&self, id: &str, type_name: &str, kind: NodeKind, names: Vec<Expr>, place: Place) -> Resource {
        Resource {
            at: self.at(id),
            type_name: type_name.into(),
            kind: Some(kind),
            title: None,
            names,
            details: BTreeMap::new(),
            condition: None,
            implicit: false,
            place,
        }
    }

    /// The user pool that the project's settings name for the API.
    fn auth(&self, out: &mut Declarations) {
        let path = config_of(self.schema.backend);
        let Some(root) = self.sources.read(&path).ok().and_then(|f| tree::read(&f, &mut Vec::new())) else { return };
        let Some(settings) = root.at(&["api", self.schema.api, "output", "authConfig"]) else { return };
        let first = settings.get("defaultAuthentication").into_iter();
        let more = settings.get("additionalAuthenticationProviders").map(Tree::items).unwrap_or_default();
        let pools = first.chain(more).filter_map(|one| one.at(&["userPoolConfig", "userPoolId"]));
        for pool in pools {
            let Some(name) = pool.text() else { continue };
            let attribute = Some("Outputs.UserPoolId".into());
            let what = Expr::Resource { scope: path.as_str().into(), id: name.into(), attribute };
            let to = End {
                service: "".into(),
                what,
                part: None,
                wants: vec![NodeKind::UserPool],
                place: pool.place.clone(),
            };
            let mut link = self.link(None, to, FlowKind::Auth, None, &pool.place, "userPoolId");
            link.from.place = pool.place.clone();
            out.links.push(link);
        }
    }

    fn type_(&self, path: &Arc<str>, one: &Type, out: &mut Declarations) {
        let place = Place::new(path.clone(), one.line, 1);
        if let Some(model) = directive(&one.directives, "model") {
            let names = [Expr::literal(format!("{}-", one.name)), self.attribute(API, "ApiId"), Expr::literal("-")];
            let names = vec![Expr::concat(names.into_iter().chain([self.parameter("env")]))];
            let id = format!("{}Table", one.name);
            out.resources.push(self.resource(&id, "AWS::DynamoDB::Table", NodeKind::Table, names, place.clone()));
            self.generated(one, model, &place, out);
        }
        for field in &one.fields {
            self.field(one, field, &Place::new(path.clone(), field.line, 1), out);
        }
    }

    /// The queries and mutations of a model.
    fn generated(&self, one: &Type, model: &Directive, place: &Place, out: &mut Declarations) {
        let plural = plural(&one.name, self.english);
        let fields = [
            ("Query", "queries", "get", format!("get{}", one.name), "GetItem", FlowKind::Read),
            ("Query", "queries", "list", format!("list{plural}"), "Scan", FlowKind::Read),
            ("Mutation", "mutations", "create", format!("create{}", one.name), "PutItem", FlowKind::Write),
            ("Mutation", "mutations", "update", format!("update{}", one.name), "UpdateItem", FlowKind::Write),
            ("Mutation", "mutations", "delete", format!("delete{}", one.name), "DeleteItem", FlowKind::Write),
        ];
        let what = format!("type {} @model", one.name);
        for (kind, group, key, name, operation, flow) in fields {
            let inside = format!("{group}.");
            let limited = model.arguments.keys().any(|k| k.starts_with(&inside));
            let name = match model.arguments.get(&format!("{group}.{key}")).map(String::as_str) {
                Some("null") => continue,
                Some(own) => own.to_owned(),
                None if limited || model.arguments.get(group).is_some_and(|g| g == "null") => continue,
                None => name,
            };
            let part = format!("{kind}.{name}");
            out.links.push(self.link(Some(&part), self.table(&one.name, place), flow, Some(operation), place, &what));
        }
        let indexes = one.directives.iter().filter(|d| matches!(&*d.name, "key" | "index"));
        let fields = one.fields.iter().flat_map(|f| f.directives.iter().filter(|d| &*d.name == "index"));
        for index in indexes.chain(fields) {
            let Some(name) = index.arguments.get("queryField").filter(|n| *n != "null") else { continue };
            let part = format!("Query.{name}");
            let to = self.table(&one.name, place);
            out.links.push(self.link(Some(&part), to, FlowKind::Read, Some("Query"), place, &what));
        }
    }

    fn table(&self, name: &str, place: &Place) -> End {
        let what = self.at(&format!("{name}Table")).expr();
        End { service: "".into(), what, part: None, wants: vec![NodeKind::Table], place: place.clone() }
    }

    /// A field with a resolver of its own.
    fn field(&self, one: &Type, field: &Field, place: &Place, out: &mut Declarations) {
        let part = format!("{}.{}", one.name, field.name);
        for directive in &field.directives {
            let what = format!("{} @{}", field.name, directive.name);
            match (&*directive.name, directive.arguments.get("name"), directive.arguments.get("url")) {
                ("function", Some(name), _) => {
                    let wants = vec![NodeKind::Function];
                    let to =
                        End { service: "".into(), what: self.function(name), part: None, wants, place: place.clone() };
                    out.links.push(self.link(Some(&part), to, FlowKind::Invoke, None, place, &what));
                }
                ("http", _, Some(url)) => {
                    let wants = vec![NodeKind::External, NodeKind::RestApi, NodeKind::HttpApi];
                    let to = End { service: "".into(), what: self.text(url), part: None, wants, place: place.clone() };
                    let method = directive.arguments.get("method").map_or("GET", String::as_str);
                    out.links.push(self.link(Some(&part), to, FlowKind::Invoke, Some(method), place, &what));
                }
                (join, ..) if JOINS.contains(&join) && self.tables.contains(&field.of) => {
                    let to = self.table(&relation(field).unwrap_or_else(|| field.of.clone()), place);
                    out.links.push(self.link(Some(&part), to, FlowKind::Read, Some("Query"), place, &what));
                }
                _ => {}
            }
        }
    }

    /// The function of the project that a directive names, or the one that is deployed by that name.
    fn function(&self, name: &str) -> Expr {
        let bare = name.split("-${env}").next().unwrap_or(name);
        let folder = format!("{}function/{bare}/", self.schema.backend);
        let path = format!("{folder}{bare}-cloudformation-template.json");
        if self.sources.is_file(&path) {
            return Expr::resource(path, "LambdaFunction");
        }
        self.text(name)
    }

    /// A text with `${env}` and the like in it.
    fn text(&self, text: &str) -> Expr {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else { break };
            pieces.extend([Expr::literal(before), self.parameter(name)]);
            rest = tail;
        }
        pieces.push(Expr::literal(rest));
        Expr::concat(pieces)
    }

    /// A flow from the API, or from one of its fields.
    fn link(
        &self,
        field: Option<&str>,
        to: End,
        kind: FlowKind,
        label: Option<&str>,
        place: &Place,
        what: &str,
    ) -> Link {
        let part = field.map(|name| Part { kind: NodeKind::Field, name: name.into() });
        let what: Arc<str> = what.into();
        Link {
            from: End {
                service: "".into(),
                what: self.at(API).expr(),
                part,
                wants: vec![NodeKind::GraphqlApi],
                place: place.clone(),
            },
            to,
            kind,
            mode: Mode::Sync,
            certainty: Certainty::Declared,
            label: label.map(Into::into),
            condition: None,
            filter: None,
            event: None,
            evidence: Evidence { place: place.clone(), what, via: Vec::new() },
        }
    }

    /// The API's own stacks, which are given the API.
    fn stacks(&self, out: &mut Declarations) {
        let folder = format!("{}api/{}/stacks", self.schema.backend, self.schema.api);
        for path in self.sources.below(&folder).iter().filter(|p| p.ends_with(".json") || p.ends_with(".yaml")) {
            let stem = path.rsplit('/').next().and_then(|n| n.split('.').next()).unwrap_or(path);
            let parameters = [
                ("AppSyncApiId", self.attribute(API, "ApiId")),
                ("AppSyncApiName", Expr::literal(self.schema.api)),
                ("env", self.parameter("env")),
            ];
            out.instances.push(Instance {
                owner: self.at(stem),
                scope: path.clone(),
                parameters: parameters.into_iter().map(|(k, v)| (k.into(), v)).collect(),
                place: Place::new(path.clone(), 1, 1),
            });
        }
    }
}

/// The plural in names of lists: the older transformer only adds an `s`, the newer one knows more of English.
fn plural(name: &str, english: bool) -> String {
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    match name.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        Some(stem) if english => format!("{stem}ies"),
        _ if english && ends(&["ss", "us", "x", "ch", "sh"]) => format!("{name}es"),
        _ if english && ends(&["s"]) => name.to_owned(),
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn names_of_lists() {
        let check = |name: &str, older: &str, newer: &str| {
            assert_eq!((plural(name, false).as_str(), plural(name, true).as_str()), (older, newer), "{name}");
        };
        check("Order", "Orders", "Orders");
        check("Story", "Storys", "Stories");
        check("Day", "Days", "Days");
        check("Box", "Boxs", "Boxes");
        check("OrderTags", "OrderTagss", "OrderTags");
        check("Status", "Statuss", "Statuses");
    }
}
