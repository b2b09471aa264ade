//! The answer to a pull.

use std::fmt::Write as _;

use serde_json::Value;

use crate::confirmation::NotConfirmed;

/// What a pull brings: at most [`campana_contract::PAGE_LIMIT`] of each, oldest first, as they are stored.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// JSON, each.
    pub(crate) orders: Vec<String>,
    /// JSON, each.
    pub(crate) customers: Vec<String>,
    /// What the call named and could not confirm.
    pub(crate) not_confirmed: Vec<NotConfirmed>,
}

impl Page {
    /// The body of the answer. What could not be confirmed is told only where there is something to tell.
    pub(crate) fn json(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            r#"{{"pending_orders":[{}],"updated_customers":[{}]"#,
            self.orders.join(","),
            self.customers.join(",")
        );
        if !self.not_confirmed.is_empty() {
            let told: Value = self.not_confirmed.iter().map(NotConfirmed::told).collect();
            let _ = write!(text, r#","not_confirmed":{told}"#);
        }
        text.push('}');
        text
    }
}
