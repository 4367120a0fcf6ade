//! AppSync APIs of `serverless-appsync-plugin`: version 2 (`appSync:`) and version 1 (`custom.appSync`), as the
//! resources that the plugin makes. See <https://github.com/sid88in/serverless-appsync-plugin>.

use super::functions::is_function;
use super::plugins::by_id;
use super::{Service, alphanumeric, function_id};
use crate::appsync::text::SUBSTITUTED;
use crate::tree::{Key, Node, Tree};
use facts::Place;

/// One API while it is compiled.
struct Api<'a, 's> {
    service: &'a mut Service<'s>,
    tree: &'s Tree,
    /// What the logical ids of all but the first API end with.
    suffix: String,
    /// The folder of mapping templates that are named without one; version 1 has `mapping-templates`.
    folder: Option<&'static str>,
}

/// Adds the APIs of a service.
pub(super) fn all(service: &mut Service<'_>) {
    let config = service.config;
    let written = config.get("appSync").map(|tree| (tree, None));
    let old = config.at(&["custom", "appSync"]).map(|tree| (tree, Some("mapping-templates")));
    let apis = [written, old].into_iter().flatten();
    let apis = apis.flat_map(|(tree, folder)| tree.one_or_many().into_iter().map(move |one| (one, folder)));
    for (i, (tree, folder)) in apis.enumerate() {
        let suffix = if i == 0 { String::new() } else { i.to_string() };
        Api { service, tree, suffix, folder }.read();
    }
}

impl Api<'_, '_> {
    fn read(&mut self) {
        let place = self.tree.place.clone();
        let mut properties = Vec::new();
        properties.extend(self.tree.get("name").map(|name| ("Name", name.clone())));
        properties.extend(self.authentication());
        let additional = self.tree.get("additionalAuthentications");
        let additional = additional.or_else(|| self.tree.get("additionalAuthenticationProviders"));
        let providers = additional
            .map(Tree::items)
            .unwrap_or_default()
            .iter()
            .map(|one| Tree::map(&one.place, authentication(one)));
        properties.push(("AdditionalAuthenticationProviders", Tree::list(&place, providers.collect())));
        let id = self.id("GraphQlApi");
        let title = self.tree.get("name").and_then(Tree::text).unwrap_or(&id).into();
        let key = Key { text: title, place: place.clone() };
        self.service.add(&id, &key, "AWS::AppSync::GraphQLApi", Tree::map(&place, properties));
        self.schema();
        for (key, tree) in named(self.tree.get("dataSources")) {
            self.data_source(&key, tree);
        }
        let functions = self.tree.get("pipelineFunctions").or_else(|| self.tree.get("functionConfigurations"));
        for (key, tree) in named(functions) {
            self.function(&key, tree);
        }
        let resolvers = self.tree.get("resolvers").or_else(|| self.tree.get("mappingTemplates"));
        for (key, tree) in named(resolvers) {
            self.resolver(&key, tree);
        }
    }

    fn id(&self, name: &str) -> String {
        format!("{name}{}", self.suffix)
    }

    fn api_id(&self, place: &Place) -> (&'static str, Tree) {
        ("ApiId", Tree::attribute(place, &self.id("GraphQlApi"), "ApiId"))
    }

    fn authentication(&self) -> Vec<(&'static str, Tree)> {
        authentication(self.tree.get("authentication").unwrap_or(self.tree))
    }

    /// Schemas are files; the first one is named.
    fn schema(&mut self) {
        let place = &self.tree.place;
        let written = self.tree.get("schema").cloned().unwrap_or_else(|| Tree::scalar(place, "schema.graphql"));
        for (i, file) in written.one_or_many().into_iter().enumerate() {
            let id = format!("{}{}", self.id("GraphQlSchema"), if i == 0 { String::new() } else { format!("Part{i}") });
            let key = Key { text: id.as_str().into(), place: file.place.clone() };
            let properties = [self.api_id(place), ("DefinitionS3Location", file.clone())];
            self.service.add(&id, &key, "AWS::AppSync::GraphQLSchema", Tree::map(place, properties));
        }
    }

    fn data_source_id(&self, name: &str) -> String {
        self.id(&format!("GraphQlDs{}", alphanumeric(name)))
    }

    fn data_source(&mut self, key: &Key, tree: &Tree) {
        let place = &key.place;
        let kind = tree.get("type").and_then(Tree::text).unwrap_or("NONE").to_owned();
        let config = tree.get("config");
        let get = |name: &str| config.and_then(|c| c.get(name)).cloned();
        let mut properties = vec![self.api_id(place), ("Name", Tree::scalar(place, key.text.clone()))];
        properties.push(("Type", Tree::scalar(place, kind.as_str())));
        let settings = match kind.as_str() {
            "AWS_LAMBDA" => {
                let arn = get("functionName").map(|name| self.function_arn(&name));
                let arn = arn.or_else(|| get("functionArn")).or_else(|| get("lambdaFunctionArn"));
                arn.map(|arn| ("LambdaConfig", Tree::map(place, [("LambdaFunctionArn", by_id(self.service, &arn))])))
            }
            "AMAZON_DYNAMODB" => {
                get("tableName").map(|table| ("DynamoDBConfig", Tree::map(place, [("TableName", table)])))
            }
            "RELATIONAL_DATABASE" => {
                let names = [
                    ("dbClusterIdentifier", "DbClusterIdentifier"),
                    ("awsSecretStoreArn", "AwsSecretStoreArn"),
                    ("databaseName", "DatabaseName"),
                ];
                let endpoint = names.into_iter().filter_map(|(written, name)| Some((name, get(written)?)));
                let endpoint = Tree::map(place, endpoint.collect::<Vec<_>>());
                Some(("RelationalDatabaseConfig", Tree::map(place, [("RdsHttpEndpointConfig", endpoint)])))
            }
            "HTTP" => get("endpoint").map(|url| ("HttpConfig", Tree::map(place, [("Endpoint", url)]))),
            "AMAZON_EVENTBRIDGE" => {
                get("eventBusArn").map(|bus| ("EventBridgeConfig", Tree::map(place, [("EventBusArn", bus)])))
            }
            "AMAZON_OPENSEARCH_SERVICE" | "AMAZON_ELASTICSEARCH" => get("endpoint")
                .or_else(|| {
                    get("domain")
                        .map(|domain| Tree::attribute(place, domain.text().unwrap_or_default(), "DomainEndpoint"))
                })
                .map(|url| ("OpenSearchServiceConfig", Tree::map(place, [("Endpoint", url)]))),
            _ => None,
        };
        properties.extend(settings);
        let id = self.data_source_id(&key.text);
        self.service.add(&id, key, "AWS::AppSync::DataSource", Tree::map(place, properties));
    }

    /// The key of a function of the service, or a name or ARN.
    fn function_arn(&self, name: &Tree) -> Tree {
        match name.text() {
            Some(key) if is_function(self.service, key) => Tree::attribute(&name.place, &function_id(key), "Arn"),
            _ => name.clone(),
        }
    }

    /// The name of a data source, which may be declared on the spot.
    fn source_of(&mut self, owner: &Key, tree: &Tree) -> Option<(&'static str, Tree)> {
        // `Query.member: members` says nothing but the source.
        let short = tree.text().is_some().then_some(tree);
        let written = tree.get("dataSource").or(short)?;
        let name = if let Some(name) = written.text() {
            name.to_owned()
        } else {
            let key = Key { text: owner.text.clone(), place: written.place.clone() };
            self.data_source(&key, written);
            owner.text.to_string()
        };
        Some(("DataSourceName", Tree::attribute(&written.place, &self.data_source_id(&name), "Name")))
    }

    fn function_configuration_id(&self, name: &str) -> String {
        self.id(&format!("GraphQlFunctionConfiguration{}", alphanumeric(name)))
    }

    fn function(&mut self, key: &Key, tree: &Tree) {
        let place = &key.place;
        let mut properties = vec![self.api_id(place), ("Name", Tree::scalar(place, key.text.clone()))];
        properties.extend(self.source_of(key, tree));
        properties.extend(self.templates(&key.text, "pipelineFunctions", tree));
        let id = self.function_configuration_id(&key.text);
        self.service.add(&id, key, "AWS::AppSync::FunctionConfiguration", Tree::map(place, properties));
    }

    fn resolver(&mut self, key: &Key, tree: &Tree) {
        let place = &key.place;
        let (kind, field) = key.text.split_once('.').unwrap_or(("", ""));
        let kind = tree.get("type").and_then(Tree::text).unwrap_or(kind).to_owned();
        let field = tree.get("field").and_then(Tree::text).unwrap_or(field).to_owned();
        if kind.is_empty() || field.is_empty() {
            return;
        }
        let functions = tree.get("functions").map(Tree::one_or_many).unwrap_or_default();
        let mut properties = vec![self.api_id(place)];
        properties.push(("TypeName", Tree::scalar(place, kind.as_str())));
        properties.push(("FieldName", Tree::scalar(place, field.as_str())));
        if functions.is_empty() {
            properties.extend(self.source_of(key, tree));
        } else {
            properties.push(("Kind", Tree::scalar(place, "PIPELINE")));
            let ids: Vec<Tree> = functions.iter().enumerate().map(|(i, f)| self.step(key, i, f)).collect();
            properties.push(("PipelineConfig", Tree::map(place, [("Functions", Tree::list(place, ids))])));
        }
        properties.extend(self.templates(&format!("{kind}.{field}"), "resolvers", tree));
        let id = self.id(&format!("GraphQlResolver{}{}", alphanumeric(&kind), field));
        let key = Key { text: format!("{kind}.{field}").into(), place: place.clone() };
        self.service.add(&id, &key, "AWS::AppSync::Resolver", Tree::map(place, properties));
    }

    /// A function of a pipeline: a name, or declared on the spot.
    fn step(&mut self, resolver: &Key, index: usize, written: &Tree) -> Tree {
        let name = if let Some(name) = written.text() {
            name.to_owned()
        } else {
            let name = format!("{}{index}", resolver.text);
            self.function(&Key { text: name.as_str().into(), place: written.place.clone() }, written);
            name
        };
        Tree::attribute(&written.place, &self.function_configuration_id(&name), "FunctionId")
    }

    /// Mapping templates and code, as files of the service.
    fn templates(&self, name: &str, section: &str, tree: &Tree) -> Vec<(&'static str, Tree)> {
        let place = &tree.place;
        // Names of the API and of the resolver that are put into the texts.
        let own = [self.tree.get("substitutions"), tree.get("substitutions")];
        let own: Vec<(Key, Tree)> = own.into_iter().flatten().flat_map(|s| s.entries().iter().rev().cloned()).collect();
        let with = |file: Tree| {
            if own.is_empty() {
                return file;
            }
            let names = Tree { place: file.place.clone(), node: Node::Map(own.iter().rev().cloned().collect()) };
            let place = file.place.clone();
            Tree::call(&place, SUBSTITUTED, Tree::list(&place, vec![file, names]))
        };
        if let Some(code) = tree.get("code") {
            return vec![("CodeS3Location", with(code.clone()))];
        }
        let location = self.tree.get("mappingTemplatesLocation");
        let folder = location.and_then(|l| l.get(section)).or(location).and_then(Tree::text).or(self.folder);
        let file = |side: &str| {
            let written = tree.get(side);
            let named = match (written.and_then(Tree::text), self.folder) {
                // Version 1 looks for a file of the field's name; version 2 calls the function as it is.
                (Some("false"), _) | (None, None) => return None,
                (Some(path), _) => path.to_owned(),
                (None, Some(_)) => format!("{name}.{side}.vtl"),
            };
            let path = folder.map_or_else(|| named.clone(), |folder| format!("{folder}/{named}"));
            Some(with(Tree::scalar(written.map_or(place, |w| &w.place), path)))
        };
        let request = file("request").map(|path| ("RequestMappingTemplateS3Location", path));
        let response = file("response").map(|path| ("ResponseMappingTemplateS3Location", path));
        request.into_iter().chain(response).collect()
    }
}

/// The entries of a map, of a list of maps, or of a list of things with a name.
fn named(tree: Option<&Tree>) -> Vec<(Key, &Tree)> {
    let mut out = Vec::new();
    for part in tree.map(Tree::one_or_many).unwrap_or_default() {
        let own = part.get("name").and_then(Tree::text);
        let field = part.get("field").and_then(Tree::text).filter(|_| own.is_none());
        match own.or(field) {
            Some(name) if part.get("type").is_some() || part.get("dataSource").is_some() => {
                out.push((Key { text: name.into(), place: part.place.clone() }, part));
            }
            _ => {
                let entries =
                    part.entries().iter().filter(|(_, value)| matches!(value.node, Node::Map(_) | Node::Scalar(..)));
                out.extend(entries.map(|(key, value)| (key.clone(), value)));
            }
        }
    }
    out
}

/// How callers prove who they are.
fn authentication(tree: &Tree) -> Vec<(&'static str, Tree)> {
    let place = &tree.place;
    let kind = tree.get("type").or_else(|| tree.get("authenticationType"));
    let mut out: Vec<(&'static str, Tree)> =
        kind.map(|kind| ("AuthenticationType", kind.clone())).into_iter().collect();
    let config = tree.get("config").unwrap_or(tree);
    let pool = config.get("userPoolId").or_else(|| config.at(&["userPoolConfig", "userPoolId"]));
    out.extend(pool.map(|pool| ("UserPoolConfig", Tree::map(place, [("UserPoolId", pool.clone())]))));
    let authorizer = tree.get("lambdaAuthorizerConfig").unwrap_or(config);
    let function = authorizer.get("functionName").and_then(Tree::text);
    let arn = function.map(|key| Tree::attribute(place, &function_id(key), "Arn"));
    let arn = arn.or_else(|| authorizer.get("functionArn").or_else(|| authorizer.get("lambdaFunctionArn")).cloned());
    out.extend(arn.map(|arn| ("LambdaAuthorizerConfig", Tree::map(place, [("AuthorizerUri", arn)]))));
    out
}
