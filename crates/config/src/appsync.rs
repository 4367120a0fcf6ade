//! AppSync: the fields of an API, and what each does to what is behind its data source.
//!
//! `sources` finds data sources; `text` and `tokens` read mapping templates and resolver code; `request`, `walk` and
//! `imports` find what a request says in them, `sql` what its statements say; `acts` and `http` make flows of it;
//! `schema` reads GraphQL schemas.

mod acts;
mod http;
mod imports;
mod request;
pub(crate) mod schema;
mod sources;
pub(crate) mod text;
mod tokens;
mod walk;

use crate::template::{Declared, Template, end};
use crate::tree::Tree;
use acts::Act;
use facts::{Alias, Certainty, Declarations, Diagnostic, End, Evidence, Expr, FlowKind, Link, Mode, NodeKind, Part};
use request::Request;
use schema::Schemas;
use sources::{DataSources, Source, api_of};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use text::{Lines, Text, Written};
use tokens::Language;

/// Fields and functions of one pipeline, and of one SAM API; more are left out.
const MAX_STEPS: usize = 100;

/// Adds the fields of the template's AppSync APIs and what they do.
pub(crate) fn read(template: &Template<'_>, out: &mut Declarations) {
    let ours = |r: &&Declared<'_>| r.type_name.starts_with("AWS::AppSync::") || r.type_name == SAM_API;
    if !template.resources.values().any(|r| ours(&r)) {
        return;
    }
    let reader = Reader {
        template,
        lines: Lines::of(template.file),
        sources: DataSources::of(template),
        schemas: Schemas::of(template, out),
        used: RefCell::default(),
        steps: RefCell::default(),
    };
    for declared in template.resources.values() {
        match declared.type_name {
            "AWS::AppSync::Resolver" => reader.resolver(declared, out),
            SAM_API => reader.sam(declared, out),
            _ => {}
        }
    }
    reader.used_and_not(out);
}

const SAM_API: &str = "AWS::Serverless::GraphQLApi";

struct Reader<'m, 't> {
    template: &'m Template<'t>,
    lines: Lines<'m>,
    sources: DataSources<'t>,
    schemas: Schemas,
    /// The data sources that fields use.
    used: RefCell<BTreeSet<Arc<str>>>,
    /// What functions of pipelines do: each is read once, though many pipelines may have it.
    steps: RefCell<BTreeMap<Arc<str>, Arc<Done>>>,
}

/// A field with the resolver behind it.
struct Field<'f> {
    end: End,
    /// The API that it is of.
    api: Expr,
    id: &'f str,
    type_name: &'f str,
    condition: Option<Expr>,
}

/// What one request does, with the evidence of each act; or why that is not known.
type Done = Result<Vec<(Act, Evidence)>, (String, facts::Place)>;

impl<'t> Reader<'_, 't> {
    /// A resolver: one request, or a pipeline of functions.
    fn resolver(&self, declared: &Declared<'t>, out: &mut Declarations) {
        let (Some(api), Some(kind), Some(name)) =
            (declared.property(&["ApiId"]), declared.property(&["TypeName"]), declared.property(&["FieldName"]))
        else {
            return;
        };
        let (kind, name) = (self.template.names.expr(kind).to_string(), self.template.names.expr(name).to_string());
        let owner = api_of(self.template, api);
        self.schemas.expect(&owner, &kind, &name, &declared.key.place, out);
        let field = self.field(declared, owner, format!("{kind}.{name}").into());
        out.parts.push(field.end.clone());
        let functions = declared.property(&["PipelineConfig", "Functions"]);
        let Some(functions) = functions else {
            let done = self.step(&field.api, declared, out);
            return Self::links(&field, &done, out);
        };
        for function in functions.one_or_many().into_iter().take(MAX_STEPS) {
            let done = match self.template.names.expr(function) {
                Expr::Resource { id, .. } => self.function(&field.api, &id, out),
                _ => None,
            };
            let unknown = || {
                let why = "a function of the pipeline is not in the template".to_owned();
                Arc::new(Err((why, function.place.clone())))
            };
            Self::links(&field, &done.unwrap_or_else(unknown), out);
        }
    }

    fn field<'f>(&self, declared: &Declared<'f>, api: Expr, name: Arc<str>) -> Field<'f> {
        let mut end = end(api.clone(), &[NodeKind::GraphqlApi], declared.tree);
        end.part = Some(Part { kind: NodeKind::Field, name });
        end.place = declared.key.place.clone();
        let condition = self.template.resource_condition(declared);
        Field { end, api, id: declared.id, type_name: declared.type_name, condition }
    }

    /// What a function of a pipeline does.
    fn function(&self, api: &Expr, id: &Arc<str>, out: &mut Declarations) -> Option<Arc<Done>> {
        let declared = self.template.resources.get(&**id)?;
        if declared.type_name != "AWS::AppSync::FunctionConfiguration" {
            return None;
        }
        if let Some(done) = self.steps.borrow().get(id) {
            return Some(done.clone());
        }
        let done = self.step(api, declared, out);
        self.steps.borrow_mut().insert(id.clone(), done.clone());
        Some(done)
    }

    /// What the request of a resolver or of a function does.
    fn step(&self, api: &Expr, declared: &Declared<'t>, out: &mut Declarations) -> Arc<Done> {
        let property = |name: &str| declared.property(&[name]).filter(|t| !text::is_absent(t));
        let texts = [
            (property("Code").map(Written::Inline), Language::Js),
            (property("CodeS3Location").map(Written::Location), Language::Js),
            (property("RequestMappingTemplate").map(Written::Inline), Language::Vtl),
            (property("RequestMappingTemplateS3Location").map(Written::Location), Language::Vtl),
        ];
        let written = texts.into_iter().find_map(|(written, language)| Some((written?, language)));
        let Some(name) = declared.property(&["DataSourceName"]) else {
            return Arc::new(Err(("it names no data source".to_owned(), declared.key.place.clone())));
        };
        let what = format!("{} ({})", declared.id, declared.type_name);
        let evidence = Evidence { place: declared.key.place.clone(), what: what.into(), via: Vec::new() };
        let value = self.template.names.expr(name);
        let Some((id, source)) = self.sources.find(api, &value) else {
            if let Some(source) = DataSources::of_model(self.template, &value, &name.place) {
                return self.request(&source, written, &evidence, out);
            }
            return self.elsewhere(written, &value, name, &evidence, out);
        };
        self.used.borrow_mut().insert(id.clone());
        self.request(source, written, &evidence, out)
    }

    /// What is asked of a data source that another file may declare: the request shows what it is written for.
    fn elsewhere(
        &self,
        written: Option<(Written<'t>, Language)>,
        value: &Expr,
        name: &Tree,
        evidence: &Evidence,
        out: &mut Declarations,
    ) -> Arc<Done> {
        let kind = match &written {
            // Only a function can be asked without a template.
            None => catalog::data_source("AWS_LAMBDA"),
            Some((written, language)) => {
                let text = text::read(self.template, written, *language, &mut Declarations::default());
                text.and_then(|text| acts::written_for(&text.content, *language))
            }
        };
        let Some(kind) = kind else {
            return Arc::new(Err((
                format!("the data source `{value:.80}` is not in the template"),
                name.place.clone(),
            )));
        };
        let done = self.request(&Source::elsewhere(kind, value, &name.place), written, evidence, out);
        let Ok(acts) = &*done else { return done };
        let mark = |(act, evidence): &(Act, Evidence)| {
            let indirect = act.to == *value;
            (Act { indirect, ..act.clone() }, evidence.clone())
        };
        Arc::new(Ok(acts.iter().map(mark).collect()))
    }

    fn request(
        &self,
        source: &Source<'t>,
        written: Option<(Written<'t>, Language)>,
        evidence: &Evidence,
        out: &mut Declarations,
    ) -> Arc<Done> {
        let text = written.and_then(|(w, language)| text::read(self.template, &w, language, out));
        if source.kind.wants.is_empty() {
            // Nothing is behind it; the text is still looked at for what is wrong with it.
            if let Some(text) = &text {
                self.faults(text, &Request::read(&text.content, text.language, &source.kind.functions), out);
            }
            return Arc::new(Ok(Vec::new()));
        }
        let request = text.as_ref().map(|t| Request::read(&t.content, t.language, &source.kind.functions));
        let both = text.as_ref().zip(request.as_ref());
        if let Some((text, request)) = both {
            self.faults(text, request, out);
        }
        let environment = self.environment(&source.api);
        let reader = acts::Reader { template: self.template, source, text: both, environment: &environment };
        let acts = reader.acts().into_iter().map(|act| {
            let evidence = match (act.at, &text) {
                (Some(at), Some(text)) => {
                    Evidence { place: text.place(&self.lines, at), what: text.line(at).into(), via: Vec::new() }
                }
                _ => evidence.clone(),
            };
            (act, evidence)
        });
        Arc::new(Ok(acts.collect()))
    }

    fn faults(&self, text: &Text<'_>, request: &Request, out: &mut Declarations) {
        if let Some((at, fault)) = request.faults.first() {
            let message = format!("{fault}; the template is read as if its branches were complete");
            out.diagnostics.push(Diagnostic::warning("vtl-syntax", text.place(&self.lines, *at), message));
        }
    }

    /// The variables that an API gives to its code.
    fn environment(&self, api: &Expr) -> BTreeMap<Arc<str>, Expr> {
        let Expr::Resource { id, .. } = api else { return BTreeMap::new() };
        let variables = self.template.resources.get(&**id).and_then(|r| r.property(&["EnvironmentVariables"]));
        let entries = variables.map(Tree::entries).unwrap_or_default();
        entries.iter().map(|(key, value)| (key.text.clone(), self.template.names.expr(value))).collect()
    }

    fn links(field: &Field<'_>, done: &Done, out: &mut Declarations) {
        let acts = match done {
            Ok(acts) => acts,
            Err((why, place)) => {
                let what = format!("{} ({})", field.id, field.type_name);
                let evidence = Evidence { place: place.clone(), what: what.into(), via: Vec::new() };
                let to = End {
                    service: "".into(),
                    what: Expr::unknown(why.as_str()),
                    part: None,
                    wants: Vec::new(),
                    place: place.clone(),
                };
                out.links.push(link(field, to, FlowKind::Use, Mode::Sync, None, evidence));
                return;
            }
        };
        for (act, evidence) in acts {
            let to = End {
                service: "".into(),
                what: act.to.clone(),
                part: act.part.clone(),
                wants: act.wants.clone(),
                place: evidence.place.clone(),
            };
            let link = link(field, to, act.kind, act.mode, act.label.clone(), evidence.clone());
            if act.indirect {
                out.indirect.push(link);
            } else {
                out.links.push(link);
            }
        }
    }

    /// A SAM API: its fields stand in the resource itself.
    fn sam(&self, declared: &Declared<'t>, out: &mut Declarations) {
        let api = self.template.at(declared.id).expr();
        let mut left = MAX_STEPS * MAX_STEPS;
        for (type_name, fields) in declared.property(&["Resolvers"]).map(Tree::entries).unwrap_or_default() {
            for (key, resolver) in fields.entries() {
                let name = resolver.get("FieldName").and_then(Tree::text).unwrap_or(&key.text);
                self.schemas.expect(&api, &type_name.text, name, &key.place, out);
                let mut field = self.field(declared, api.clone(), format!("{}.{name}", type_name.text).into());
                field.end.place = key.place.clone();
                out.parts.push(field.end.clone());
                for step in
                    resolver.get("Pipeline").map(Tree::items).unwrap_or_default().iter().take(MAX_STEPS.min(left))
                {
                    left = left.saturating_sub(1);
                    let done = self.sam_function(declared, step, out);
                    Self::links(&field, &done, out);
                }
            }
        }
    }

    fn sam_function(&self, api: &Declared<'t>, step: &'t Tree, out: &mut Declarations) -> Arc<Done> {
        let unknown = |why: &str| Arc::new(Err((why.to_owned(), step.place.clone())));
        let name = self.template.names.expr(step);
        let owner = self.template.at(api.id).expr();
        let own = name.as_literal().and_then(|name| api.property(&["Functions", name]).map(|f| (name.to_owned(), f)));
        let Some((name, function)) = own else {
            let done = match &name {
                Expr::Resource { id, .. } => self.function(&owner, id, out),
                _ => None,
            };
            return done.unwrap_or_else(|| unknown("a function of the pipeline is not in the template"));
        };
        let key: Arc<str> = format!("{}.{name}", api.id).into();
        if let Some(done) = self.steps.borrow().get(&key) {
            return done.clone();
        }
        let source = function.get("DataSource");
        if source.and_then(Tree::text).is_some_and(|name| name.eq_ignore_ascii_case("none")) {
            return Arc::new(Ok(Vec::new()));
        }
        let source = source.and_then(|s| match s.text() {
            Some(text) => self.sources.of_api(api.id, text),
            None => self.sources.find(&owner, &self.template.names.expr(s)),
        });
        let Some((id, source)) = source else { return unknown("its data source is not in the template") };
        self.used.borrow_mut().insert(id.clone());
        let written = function.get("InlineCode").map(Written::Inline);
        let written = written.or_else(|| function.get("CodeUri").map(Written::Location));
        let what = format!("{name} ({})", api.type_name);
        let evidence = Evidence { place: function.place.clone(), what: what.into(), via: Vec::new() };
        let done = self.request(source, written.map(|w| (w, Language::Js)), &evidence, out);
        self.steps.borrow_mut().insert(key, done.clone());
        done
    }

    /// What an API opens a database with; and the data sources that no field of the template uses, which only allow.
    fn used_and_not(&self, out: &mut Declarations) {
        let used = self.used.borrow();
        for (id, source) in self.sources.iter() {
            let from = End {
                service: "".into(),
                what: source.api.clone(),
                part: None,
                wants: vec![NodeKind::GraphqlApi],
                place: source.place.clone(),
            };
            let what = format!("{id} (AWS::AppSync::DataSource)");
            let evidence = Evidence { place: source.place.clone(), what: what.into(), via: Vec::new() };
            let link = |to: End, kind: FlowKind, certainty: Certainty| Link {
                from: from.clone(),
                to,
                kind,
                mode: Mode::Sync,
                certainty,
                label: None,
                condition: None,
                filter: None,
                event: None,
                evidence: evidence.clone(),
            };
            if !source.kind.wants.is_empty() && source.target != Expr::literal("") {
                let (name, of, to) = (source.name.clone(), source.api.clone(), source.target.clone());
                out.aliases.push(Alias { at: self.template.at(id), name, of, to });
            }
            if let (true, Some(secret)) = (used.contains(id), source.secret) {
                let to = end(self.template.names.expr(secret), &[NodeKind::Secret], secret);
                out.links.push(link(to, FlowKind::Read, Certainty::Declared));
            }
            if !used.contains(id) && !source.kind.wants.is_empty() && source.service.is_none() {
                let wants = source.kind.wants.clone();
                let to = End {
                    service: "".into(),
                    what: source.target.clone(),
                    part: None,
                    wants,
                    place: source.place.clone(),
                };
                let kind = source.kind.otherwise.unwrap_or(FlowKind::Use);
                out.links.push(link(to, kind, Certainty::Granted));
            }
        }
    }
}

fn link(field: &Field<'_>, to: End, kind: FlowKind, mode: Mode, label: Option<Arc<str>>, evidence: Evidence) -> Link {
    Link {
        from: field.end.clone(),
        to,
        kind,
        mode,
        certainty: Certainty::Declared,
        label,
        condition: field.condition.clone(),
        filter: None,
        event: None,
        evidence,
    }
}

#[cfg(test)]
mod tests {
    use crate::template::CloudFormation;
    use facts::{ConfigFrontend, Declarations, MemorySources, SourceFile};

    /// How many flows the one resolver of a template has whose request is of a data source of a type.
    fn flows(type_name: &str, request: &str) -> usize {
        let source = serde_json::json!({ "ApiId": "a", "Name": "s", "Type": type_name,
            "DynamoDBConfig": { "TableName": "t" },
            "OpenSearchServiceConfig": { "Endpoint": "https://search.example.com" },
            "HttpConfig": { "Endpoint": "https://states.eu-west-1.amazonaws.com" },
            "RelationalDatabaseConfig": { "RdsHttpEndpointConfig": { "DbClusterIdentifier": "d" } } });
        let field = serde_json::json!({ "ApiId": "a", "TypeName": "Query", "FieldName": "f", "DataSourceName": "s",
            "RequestMappingTemplate": request });
        let template = serde_json::json!({ "Resources": {
            "Source": { "Type": "AWS::AppSync::DataSource", "Properties": source },
            "Field": { "Type": "AWS::AppSync::Resolver", "Properties": field },
        } });
        let file = SourceFile::new("template.json", template.to_string());
        let mut out = Declarations::default();
        CloudFormation.extract(&file, &MemorySources::default(), &mut out);
        out.links.len()
    }

    #[test]
    fn a_request_of_many_tables_is_cut() {
        let tables: Vec<String> = (0..1000).map(|i| format!("\"t{i}\": {{}}")).collect();
        let tables = tables.join(", ");
        let request = format!("{{\"operation\": \"BatchGetItem\", \"tables\": {{ {tables} }} }}");
        assert_eq!(flows("AMAZON_DYNAMODB", &request), 64);
    }

    #[test]
    fn hostile_requests_end() {
        let pieces = [
            "#if",
            "{\"operation\": \"GetItem\"",
            "\"operation\": \"POST\", \"path\": \"$x\",",
            "{\"operation\": \"BatchGetItem\", \"tables\": {\"$a(\": 1",
            "\"statements\": [\"SELECT * FROM a\", ",
            "\"method\": \"GET\", \"resourcePath\": \"/\", ",
            "\"body\": \"{Action=a&\",",
            "#set($a = \"$a\") $a \u{e9}\u{fffd}",
            "\"statements\": [\"$sql\"], \"operation\": \"$sql\",",
        ];
        for type_name in ["AMAZON_DYNAMODB", "AMAZON_OPENSEARCH_SERVICE", "HTTP", "RELATIONAL_DATABASE"] {
            for piece in pieces {
                let start = format!("#set($sql = \"{}\")", "SELECT * FROM a; ".repeat(500));
                let text = format!("{start}{}", piece.repeat(200_000 / piece.len()));
                assert!(flows(type_name, &text) <= 64, "{type_name} {piece}");
            }
        }
    }
}
