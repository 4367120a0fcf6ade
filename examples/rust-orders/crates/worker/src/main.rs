//! Works orders off: charges, writes the invoice, and says so.

mod invoice;

use aws_lambda_events::sqs::SqsEvent;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use order_store::{Orders, Store};

const PAYMENTS: &str = "https://payments.example.com";

#[tokio::main]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_from_env().await;
    let orders = Orders::from_environment(&config);
    let events = aws_sdk_eventbridge::Client::new(&config);
    let invoices = invoice::Invoices::new(&config);
    run(service_fn(|event: LambdaEvent<SqsEvent>| work(event, &orders, &events, &invoices))).await
}

async fn work(
    event: LambdaEvent<SqsEvent>,
    orders: &impl Store,
    events: &aws_sdk_eventbridge::Client,
    invoices: &invoice::Invoices,
) -> Result<(), Error> {
    for record in event.payload.records {
        let id = record.body.unwrap_or_default();
        if orders.status(&id).await?.as_deref() == Some("done") {
            continue;
        }
        reqwest::Client::new().post(format!("{PAYMENTS}/charges/{id}")).send().await?.error_for_status()?;
        invoices.write(&id).await?;
        orders.save(&id, "done").await?;
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(std::env::var("EVENT_BUS")?)
            .source("orders")
            .detail_type("OrderInvoiced")
            .detail(format!(r#"{{"id": "{id}"}}"#))
            .build();
        events.put_events().entries(entry).send().await?;
    }
    Ok(())
}
