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
    /// The JSON body. Identifiers go back with the token that they came with.
    pub fn to_json(&self) -> String {
        let orders: Vec<String> = self.orders.iter().map(ConfirmedOrder::to_json).collect();
        let customers: Vec<&str> = self.customers.iter().map(Id::token).collect();
        format!(
            r#"{{"confirmedOrders":[{}],"confirmedCustomerIds":[{}]}}"#,
            orders.join(","),
            customers.join(",")
        )
    }
}

impl ConfirmedOrder {
    fn to_json(&self) -> String {
        let id = self.id.token();
        match self.shift_order_number {
            Some(number) => format!(r#"{{"orderId":{id},"shiftOrderNumber":{number}}}"#),
            None => format!(r#"{{"orderId":{id}}}"#),
        }
    }
}
