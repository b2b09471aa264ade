//! The payload of `orders:pending`.

use serde_json::Value;

use crate::Order;
use crate::page::ELEMENTS;

/// The rows that the server says are pending: without customer, items or delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PendingOrders {
    /// How many are pending, by the server's word or else by counting.
    pub count: usize,
    /// The rows that could be read.
    pub orders: Vec<Order>,
    /// Bytes of all rows as JSON.
    pub bytes: usize,
}

impl PendingOrders {
    /// Reads the payload: `{"count": n, "orders": [...]}`, a bare array, a missing `count`; anything
    /// else reads as nothing pending.
    pub fn parse(payload: &Value) -> Self {
        let rows = match payload {
            Value::Array(rows) => Some(rows),
            Value::Object(_) => ["orders", "pending_orders"]
                .iter()
                .find_map(|name| payload.get(name)?.as_array()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
        let rows = rows.map_or(&[][..], Vec::as_slice);
        let (mut orders, mut bytes) = (Vec::new(), 0);
        for (place, row) in rows.iter().enumerate() {
            let text = row.to_string();
            bytes += text.len();
            // Only a hint: a pull brings the others.
            if place < ELEMENTS {
                orders.extend(Order::parse(&text).ok());
            }
        }
        Self {
            count: count(payload).unwrap_or(rows.len()),
            orders,
            bytes,
        }
    }
}

fn count(payload: &Value) -> Option<usize> {
    let count = payload.get("count")?;
    let number = match count {
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            count.as_u64()
        }
    };
    usize::try_from(number?).ok()
}
