//! Where orders are kept.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, Error};

/// What is asked of a store, so that tests can do without a table.
pub trait Store {
    async fn save(&self, id: &str, status: &str) -> Result<(), Error>;
    async fn status(&self, id: &str) -> Result<Option<String>, Error>;
}

/// Orders in a table.
pub struct Orders {
    client: Client,
    table: String,
}

impl Orders {
    /// The table that the environment names.
    pub fn from_environment(config: &aws_config::SdkConfig) -> Self {
        let table = std::env::var("ORDERS_TABLE").expect("ORDERS_TABLE is set by the template");
        Self { client: Client::new(config), table }
    }
}

impl Store for Orders {
    async fn save(&self, id: &str, status: &str) -> Result<(), Error> {
        self.client
            .put_item()
            .table_name(&self.table)
            .item("id", AttributeValue::S(id.to_owned()))
            .item("status", AttributeValue::S(status.to_owned()))
            .send()
            .await?;
        Ok(())
    }

    async fn status(&self, id: &str) -> Result<Option<String>, Error> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("id", AttributeValue::S(id.to_owned()))
            .send()
            .await?;
        Ok(found.item().and_then(|item| item.get("status")?.as_s().ok().cloned()))
    }
}
