//! Data sources: what is behind a field.

use crate::amplify;
use crate::links::walk;
use crate::template::{Declared, Template};
use crate::tree::Tree;
use catalog::DataSource;
use facts::{Expr, NodeKind, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A data source.
pub(super) struct Source<'t> {
    pub(super) kind: &'static DataSource,
    /// What is behind it.
    pub(super) target: Expr,
    /// Where that is named.
    pub(super) place: Place,
    /// The service whose API an HTTP endpoint is.
    pub(super) service: Option<&'static str>,
    /// The secret with which a database is opened.
    pub(super) secret: Option<&'t Tree>,
    /// The API that it belongs to.
    pub(super) api: Expr,
    pub(super) name: Expr,
}

impl Source<'_> {
    /// A data source of another file: of the type that a request to it is written for.
    pub(super) fn elsewhere(kind: &'static DataSource, name: &Expr, place: &Place) -> Self {
        Self {
            kind,
            target: name.clone(),
            place: place.clone(),
            service: None,
            secret: None,
            api: Expr::literal(""),
            name: name.clone(),
        }
    }
}

/// The data sources of a template.
pub(super) struct DataSources<'t> {
    by_id: BTreeMap<Arc<str>, Source<'t>>,
}

impl<'t> DataSources<'t> {
    /// Those that are resources of their own.
    pub(super) fn of(template: &Template<'t>) -> Self {
        let declared = template.resources.values().filter(|r| r.type_name == "AWS::AppSync::DataSource");
        let mut by_id: BTreeMap<Arc<str>, Source<'t>> = BTreeMap::new();
        for resource in declared {
            if let Some(source) = plain(template, resource) {
                by_id.insert(resource.id.into(), source);
            }
        }
        for api in template.resources.values().filter(|r| r.type_name == "AWS::Serverless::GraphQLApi") {
            of_sam(template, api, &mut by_id);
        }
        Self { by_id }
    }

    /// The data source that a value names for an API.
    pub(super) fn find(&self, api: &Expr, name: &Expr) -> Option<(&Arc<str>, &Source<'t>)> {
        if let Expr::Resource { id, .. } = name {
            return self.by_id.get_key_value(id);
        }
        let mut same = self.by_id.iter().filter(|(_, s)| s.name == *name);
        let mut own = same.clone().filter(|(_, s)| s.api == *api);
        own.next().or_else(|| same.next())
    }

    /// The data source that Amplify makes of a model, for a stack of its API.
    pub(super) fn of_model(template: &Template<'_>, name: &Expr, place: &Place) -> Option<Source<'t>> {
        let target = amplify::model_table(&template.file.path, name.as_literal()?, template.sources)?;
        Some(Source {
            kind: catalog::data_source("AMAZON_DYNAMODB")?,
            target,
            place: place.clone(),
            service: None,
            secret: None,
            api: Expr::literal(""),
            name: name.clone(),
        })
    }

    /// The data source of a SAM API by its key there.
    pub(super) fn of_api(&self, api: &str, key: &str) -> Option<(&Arc<str>, &Source<'t>)> {
        self.by_id.get_key_value(&*format!("{api}.{key}"))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Source<'t>)> {
        self.by_id.iter()
    }
}

fn plain<'t>(template: &Template<'t>, resource: &Declared<'t>) -> Option<Source<'t>> {
    let properties = resource.properties()?;
    let first = |source: &DataSource| source.target.iter().find_map(|way| walk(properties, way).first().copied());
    let kind = match resource.property(&["Type"]).and_then(Tree::text) {
        Some(name) => catalog::data_source(name)?,
        // A type that only deployment knows shows in the configuration that is there.
        None => catalog::data_sources().map(|(_, source)| source).find(|s| first(s).is_some())?,
    };
    let target = first(kind);
    let configuration = ["RelationalDatabaseConfig", "RdsHttpEndpointConfig", "AwsSecretStoreArn"];
    let what = target.map_or_else(|| Expr::literal(""), |t| template.names.expr(t));
    let what = if kind.wants.contains(&NodeKind::Search) { without_scheme(what) } else { what };
    Some(Source {
        kind,
        service: service(&what).filter(|_| kind.form == catalog::RequestForm::Http),
        target: what,
        place: target.map_or(&resource.key.place, |t| &t.place).clone(),
        secret: resource.property(&configuration),
        api: resource.property(&["ApiId"]).map_or_else(|| Expr::literal(""), |a| api_of(template, a)),
        name: resource.property(&["Name"]).map_or_else(|| Expr::literal(""), |n| template.names.expr(n)),
    })
}

/// The one value behind `https://`: what an endpoint is of.
fn without_scheme(address: Expr) -> Expr {
    match &address {
        Expr::Concat(pieces) => match pieces.as_slice() {
            [Expr::Literal(scheme), one] if &**scheme == "https://" => one.clone(),
            _ => address,
        },
        _ => address,
    }
}

fn of_sam<'t>(template: &Template<'t>, api: &Declared<'t>, out: &mut BTreeMap<Arc<str>, Source<'t>>) {
    for (_, kind) in catalog::data_sources() {
        let [group, property] = kind.sam.as_slice() else { continue };
        let declared = api.property(&["DataSources", group]).map(Tree::entries).unwrap_or_default();
        for (key, tree) in declared {
            let Some(target) = tree.get(property) else { continue };
            let source = Source {
                kind,
                target: template.names.expr(target),
                place: target.place.clone(),
                service: None,
                secret: None,
                api: template.at(api.id).expr(),
                name: tree.get("Name").map_or_else(|| Expr::literal(key.text.clone()), |n| template.names.expr(n)),
            };
            out.insert(format!("{}.{}", api.id, key.text).into(), source);
        }
    }
}

/// The API that a value names; which attribute of it does not matter.
pub(super) fn api_of(template: &Template<'_>, tree: &Tree) -> Expr {
    match template.names.expr(tree) {
        Expr::Resource { scope, id, .. } => Expr::resource(scope, id),
        other => other,
    }
}

/// The client name of the service whose API an address is: `https://states.eu-west-1.amazonaws.com`.
fn service(address: &Expr) -> Option<&'static str> {
    let text = match address {
        Expr::Literal(text) => text.to_string(),
        Expr::Concat(pieces) => {
            let piece = |p: &Expr| p.as_literal().map_or_else(|| "*".to_owned(), str::to_owned);
            pieces.iter().map(piece).collect()
        }
        _ => return None,
    };
    let host = text.split_once("://")?.1.split('/').next()?;
    let own = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let (name, region) = own.split_once('.').unwrap_or((own, ""));
    // `sync-states`, `runtime.sagemaker` and hosts of single APIs are no services by this name.
    let name = if name == "sync-states" { "states" } else { name };
    (!region.contains('.')).then(|| catalog::service_of_host(name))?
}
