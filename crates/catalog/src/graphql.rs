//! Data sources of GraphQL APIs: `data/appsync.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use vocabulary::{FlowKind, NodeKind};

/// How a request to a data source says what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestForm {
    /// It does what the data source is for, whatever it says.
    Call,
    /// It names an operation.
    Operation,
    /// It holds SQL statements.
    Sql,
    /// It is an HTTP request.
    Http,
}

/// A type of data source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSource {
    /// Ways to the property that names what is behind it.
    pub target: Vec<String>,
    /// In a SAM API: the group of data sources of this type, and the property of each; empty when there is none.
    pub sam: Vec<String>,
    /// The kinds that the target can be; none: there is nothing behind it.
    pub wants: Vec<NodeKind>,
    /// How a request says what it does.
    pub form: RequestForm,
    /// Operations that read.
    #[serde(default)]
    pub read: Vec<String>,
    /// Operations that write.
    #[serde(default)]
    pub write: Vec<String>,
    /// Operations that call.
    #[serde(default)]
    pub invoke: Vec<String>,
    /// Operations that send.
    #[serde(default)]
    pub publish: Vec<String>,
    /// Operations that use a service.
    #[serde(default, rename = "use")]
    pub uses: Vec<String>,
    /// Operations that name their tables themselves.
    #[serde(default)]
    pub batch: Vec<String>,
    /// Pieces of a path that make a writing operation one that reads.
    #[serde(default)]
    pub search: Vec<String>,
    /// What flows when no operation is named.
    #[serde(default)]
    pub otherwise: Option<FlowKind>,
    /// The property and value with which a request does not wait; `always` when none does.
    #[serde(default, rename = "async")]
    pub no_wait: Vec<String>,
    /// Functions of the runtime's module for this type, each with the operation that it makes.
    #[serde(default)]
    pub functions: BTreeMap<String, String>,
}

impl DataSource {
    /// What flows when a request names this operation.
    pub fn flow(&self, operation: &str) -> Option<FlowKind> {
        let has = |list: &[String]| list.iter().any(|o| o == operation);
        let kinds = [
            (&self.read, FlowKind::Read),
            (&self.write, FlowKind::Write),
            (&self.invoke, FlowKind::Invoke),
            (&self.publish, FlowKind::Publish),
            (&self.uses, FlowKind::Use),
        ];
        kinds.into_iter().find(|(list, _)| has(list)).map(|(_, kind)| kind)
    }
}

static ALL: LazyLock<BTreeMap<String, DataSource>> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/appsync.toml")).expect("the catalog's own table is well formed")
});

/// The type of data source of a name (`AMAZON_DYNAMODB`).
pub fn data_source(type_name: &str) -> Option<&'static DataSource> {
    ALL.get(type_name)
}

/// Every type of data source, by name.
pub fn data_sources() -> impl Iterator<Item = (&'static str, &'static DataSource)> {
    ALL.iter().map(|(name, source)| (name.as_str(), source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_flows() {
        let check = |type_name: &str, operation: &str, expected: Option<FlowKind>| {
            assert_eq!(data_source(type_name).and_then(|s| s.flow(operation)), expected, "{type_name} {operation}");
        };
        check("AMAZON_DYNAMODB", "GetItem", Some(FlowKind::Read));
        check("AMAZON_DYNAMODB", "TransactWriteItems", Some(FlowKind::Write));
        check("AMAZON_DYNAMODB", "getItem", None);
        check("AWS_LAMBDA", "Invoke", Some(FlowKind::Invoke));
        check("NONE", "GetItem", None);
        check("SOMETHING", "GetItem", None);
    }

    #[test]
    fn functions_make_operations_that_are_known() {
        let known = |s: &DataSource, o: &str| s.form == RequestForm::Sql || s.flow(o).is_some();
        for (name, source) in data_sources() {
            assert!(source.functions.values().all(|o| known(source, o)), "{name}");
            assert!(source.batch.iter().all(|o| source.flow(o).is_some()), "{name}");
        }
    }
}
