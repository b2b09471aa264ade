//! What a client has safely stored (contract, section 3).

use crate::Id;

/// The body of a confirming call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// Orders.
    pub orders: Vec<ConfirmedOrder>,
    /// Customers.
    pub customers: Vec<Id>,
}

/// One confirmed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmedOrder {
    /// Its identifier, sent back with its original token.
    pub id: Id,
    /// Left out where there is none: `null` would erase the server's number.
    pub shift_order_number: Option<i64>,
}

impl Confirmation {
    /// Whether nothing is confirmed.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.customers.is_empty()
    }
    /// How many ids it names.
    pub fn len(&self) -> usize {
        self.orders.len() + self.customers.len()
    }
    /// The JSON body.
    pub fn to_json(&self) -> String {
        String::new()
    }
}
