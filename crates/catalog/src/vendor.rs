//! The libraries of vendors: the rules that a few words on each of them stand for.

use crate::library::{Argument, CallFlow, Rule};
use serde::Deserialize;
use std::collections::BTreeMap;
use vocabulary::{FlowKind, Mode, NodeKind};

/// A product that a vendor's library calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    /// A host of it, which `data/products.tsv` tells the name of.
    host: String,
    /// Functions that call it; `stripe.**` for all below a path.
    #[serde(default)]
    calls: Vec<String>,
    /// What makes clients. Each of their methods calls the product, also of what their attributes are.
    #[serde(default)]
    clients: Vec<String>,
    /// What makes clients whose methods give further ones: `drive.files().list().execute()`.
    #[serde(default)]
    chains: Vec<String>,
    /// What calls nothing, though it is below a path of `calls`.
    #[serde(default)]
    quiet: Vec<String>,
}

impl Product {
    pub(crate) fn rules(&self) -> Vec<Rule> {
        let address = Argument::Text(format!("https://{}", self.host));
        let flow = CallFlow {
            kind: FlowKind::Invoke,
            mode: Mode::Sync,
            wants: vec![NodeKind::External],
            target: Some(address.clone()),
            prefix: Vec::new(),
            service: String::new(),
            operation: Argument::Field("way".into()),
            statement: None,
            server: false,
            table: None,
            routine: None,
            when_changed: false,
            begins: String::new(),
            bare: false,
            opened: None,
            path: None,
            inside: None,
            document: None,
        };
        let with = BTreeMap::from([("address".to_owned(), address)]);
        let client = |of: &[String], class: &str| Rule {
            of: of.to_vec(),
            gives: Some(class.to_owned()),
            with: with.clone(),
            ..Rule::default()
        };
        vec![
            Rule { of: self.calls.clone(), flow: Some(flow), ..Rule::default() },
            client(&self.clients, "vendor.client"),
            client(&self.chains, "vendor.chain"),
            Rule { of: self.quiet.clone(), does: Some(crate::Action::Unknown), ..Rule::default() },
        ]
    }

    #[cfg(test)]
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Products {
        product: Vec<Product>,
    }

    #[test]
    fn every_host_has_a_name() {
        let all: Products = toml::from_str(include_str!("../data/libraries/python/vendors.toml")).unwrap();
        for product in all.product {
            assert!(crate::product_of_host(product.host()).is_some(), "{} is not in products.tsv", product.host());
        }
    }
}
