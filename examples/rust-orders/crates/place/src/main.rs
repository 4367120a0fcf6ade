//! Takes an order: keeps it, and puts its work into the queue.

use lambda_http::{Body, Error, Request, RequestPayloadExt, Response, run, service_fn};
use order_store::{Orders, Store};
use serde_json::{Value, json};
use std::sync::Arc;

struct App {
    orders: Orders,
    queue: aws_sdk_sqs::Client,
    queue_url: String,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_from_env().await;
    let app = Arc::new(App {
        orders: Orders::from_environment(&config),
        queue: aws_sdk_sqs::Client::new(&config),
        queue_url: std::env::var("WORK_QUEUE")?,
    });
    run(service_fn(move |request| {
        let app = Arc::clone(&app);
        async move { app.place(request).await }
    }))
    .await
}

impl App {
    async fn place(&self, request: Request) -> Result<Response<Body>, Error> {
        let Some(order) = request.payload::<Value>()? else {
            return Ok(Response::builder().status(400).body(Body::Empty)?);
        };
        let id = order["id"].as_str().unwrap_or_default();
        self.orders.save(id, "placed").await?;
        self.queue
            .send_message()
            .queue_url(&self.queue_url)
            .message_body(json!({ "id": id }).to_string())
            .send()
            .await?;
        Ok(Response::builder().status(202).body(Body::Empty)?)
    }
}
