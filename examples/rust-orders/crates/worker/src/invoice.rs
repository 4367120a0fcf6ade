//! Invoices, as files in a bucket.

use aws_sdk_s3::Client;
use lambda_runtime::Error;

pub struct Invoices {
    client: Client,
    bucket: String,
}

impl Invoices {
    pub fn new(config: &aws_config::SdkConfig) -> Self {
        let bucket = std::env::var("INVOICES").unwrap_or_else(|_| "invoices".to_string());
        Self { client: Client::new(config), bucket }
    }

    pub async fn write(&self, id: &str) -> Result<(), Error> {
        let body = format!("Invoice for order {id}\n").into_bytes();
        self.client.put_object().bucket(&self.bucket).key(format!("{id}.txt")).body(body.into()).send().await?;
        Ok(())
    }
}
