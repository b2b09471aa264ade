//! Orders like those of `campana-backend`, as many as wanted.

use std::net::SocketAddr;

use anyhow::{Context as _, ensure};
use campana_backend::{Backend, Options};
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

/// A hundred different ones are enough to be believable.
const TEMPLATES: usize = 100;
/// For the backend that makes them; it lives for a moment only.
const KEY: &str = "for-a-moment";

/// An order and its customer as a page holds them.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its identifier.
    pub id: String,
    /// JSON.
    pub body: String,
    /// Identifier and JSON; somebody who eats in the shop is no customer.
    pub customer: Option<(String, String)>,
}

/// Makes orders.
#[derive(Debug)]
pub struct Orders {
    templates: Vec<Made>,
    made: usize,
}

impl Orders {
    /// Has the backend make the templates.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn new() -> anyhow::Result<Self> {
        let options = Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            key: SecretString::from(KEY),
            database: None,
        };
        let backend = Backend::start(options).await?;
        backend
            .make_sample_orders(TEMPLATES)
            .await
            .map_err(anyhow::Error::msg)?;
        let url = format!("http://{}/sync/pull-changes", backend.address());
        let client = reqwest::Client::builder().no_proxy().build()?;
        let answer = client.get(url).bearer_auth(KEY).send().await?;
        let page: Value = serde_json::from_slice(&answer.bytes().await?)?;
        backend.stop().await;
        let orders = page
            .get("pending_orders")
            .and_then(Value::as_array)
            .context("the backend gives no orders")?;
        ensure!(
            orders.len() == TEMPLATES,
            "the backend gives too few orders"
        );
        let templates = orders.iter().map(template).collect::<anyhow::Result<_>>()?;
        Ok(Self { templates, made: 0 })
    }

    /// A new order of a new customer.
    pub fn make(&mut self) -> Made {
        let place = self.made % self.templates.len();
        self.made += 1;
        let template = self.templates.get(place).cloned();
        let Some(template) = template else {
            unreachable!("a place among the templates")
        };
        let id = Uuid::new_v4().to_string();
        let mut body = template.body.replace(&template.id, &id);
        let customer = template.customer.map(|(old, text)| {
            let new = Uuid::new_v4().to_string();
            body = body.replace(&old, &new);
            (new.clone(), text.replace(&old, &new))
        });
        Made { id, body, customer }
    }

    /// As many.
    pub fn make_many(&mut self, count: usize) -> Vec<Made> {
        (0..count).map(|_| self.make()).collect()
    }
}

fn template(order: &Value) -> anyhow::Result<Made> {
    let id = |value: &Value| value.get("id").and_then(Value::as_str).map(str::to_owned);
    let customer = order.get("customer").filter(|customer| !customer.is_null());
    Ok(Made {
        id: id(order).context("an order without identifier")?,
        body: order.to_string(),
        customer: customer.and_then(|customer| Some((id(customer)?, customer.to_string()))),
    })
}

/// A page as the server answers it.
pub fn page_of<'a>(
    orders: impl Iterator<Item = &'a str>,
    customers: impl Iterator<Item = &'a str>,
) -> String {
    let mut page = String::from(r#"{"pending_orders":["#);
    for (index, order) in orders.enumerate() {
        page.push_str(if index == 0 { "" } else { "," });
        page.push_str(order);
    }
    page.push_str(r#"],"updated_customers":["#);
    for (index, customer) in customers.enumerate() {
        page.push_str(if index == 0 { "" } else { "," });
        page.push_str(customer);
    }
    page.push_str("]}");
    page
}
