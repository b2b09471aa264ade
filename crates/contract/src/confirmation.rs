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

/// How a server calls the number that the shop gave an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderNumber {
    /// `shiftOrderNumber`.
    ShiftOrderNumber,
    /// `dailyNumber`, on older servers.
    DailyNumber,
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
    pub fn to_json(&self, number: OrderNumber) -> String {
        let orders = self.orders.iter().map(|order| order.to_json(number));
        let orders: Vec<String> = orders.collect();
        let customers: Vec<&str> = self.customers.iter().map(Id::token).collect();
        format!(
            r#"{{"confirmedOrders":[{}],"confirmedCustomerIds":[{}]}}"#,
            orders.join(","),
            customers.join(",")
        )
    }
}

impl ConfirmedOrder {
    fn to_json(&self, name: OrderNumber) -> String {
        let id = self.id.token();
        let name = match name {
            OrderNumber::ShiftOrderNumber => "shiftOrderNumber",
            OrderNumber::DailyNumber => "dailyNumber",
        };
        match self.shift_order_number {
            Some(number) => format!(r#"{{"orderId":{id},"{name}":{number}}}"#),
            None => format!(r#"{{"orderId":{id}}}"#),
        }
    }
}
