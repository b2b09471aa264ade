//! What a client says it has: the body of `POST …/pull-changes`.

use serde_json::{Value, json};

use crate::intake::identifier;

/// An order that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfirmedOrder {
    pub(crate) id: String,
    /// The shop's number for it, where the call says one; `Some(None)` erases it.
    pub(crate) number: Option<Option<i64>>,
}

/// Which list an identifier was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Order,
    Customer,
}

/// Something that a call names and that cannot be confirmed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotConfirmed {
    pub(crate) kind: Kind,
    /// As the call has it.
    pub(crate) id: Value,
    pub(crate) reason: &'static str,
}

impl NotConfirmed {
    /// There is none with this identifier.
    pub(crate) fn unknown(kind: Kind, id: &str) -> Self {
        Self {
            kind,
            id: id.into(),
            reason: "unknown",
        }
    }

    /// As the answer tells it.
    pub(crate) fn told(&self) -> Value {
        let name = match self.kind {
            Kind::Order => "orderId",
            Kind::Customer => "customerId",
        };
        json!({name: self.id, "reason": self.reason})
    }
}

/// A whole call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Confirmation {
    pub(crate) orders: Vec<ConfirmedOrder>,
    pub(crate) customers: Vec<String>,
    /// What cannot even be read.
    pub(crate) unreadable: Vec<NotConfirmed>,
}

impl Confirmation {
    /// Reads a body. Anything but an object names nothing.
    pub(crate) fn read(body: &Value) -> Self {
        let list = |name: &str| body.get(name).and_then(Value::as_array);
        let mut confirmation = Self::default();
        for element in list("confirmedOrders").into_iter().flatten() {
            match confirmed_order(element) {
                Ok(order) => confirmation.orders.push(order),
                Err(not_confirmed) => confirmation.unreadable.push(not_confirmed),
            }
        }
        for element in list("confirmedCustomerIds").into_iter().flatten() {
            match identifier(element) {
                Some(id) => confirmation.customers.push(id.to_owned()),
                None => confirmation.unreadable.push(NotConfirmed {
                    kind: Kind::Customer,
                    id: element.clone(),
                    reason: "not an identifier",
                }),
            }
        }
        confirmation
    }

    pub(crate) fn names_nothing(&self) -> bool {
        self.orders.is_empty() && self.customers.is_empty()
    }
}

fn confirmed_order(element: &Value) -> Result<ConfirmedOrder, NotConfirmed> {
    let given = element.get("orderId");
    let not_confirmed = |reason| NotConfirmed {
        kind: Kind::Order,
        id: given.cloned().unwrap_or_default(),
        reason,
    };
    let id = given
        .and_then(identifier)
        .ok_or_else(|| not_confirmed("not an identifier"))?;
    let number = element
        .get("shiftOrderNumber")
        .or_else(|| element.get("dailyNumber"));
    let number = match number {
        None => None,
        Some(Value::Null) => Some(None),
        Some(number) => {
            Some(Some(number.as_i64().ok_or_else(|| {
                not_confirmed("the number of an order is a whole number")
            })?))
        }
    };
    Ok(ConfirmedOrder {
        id: id.to_owned(),
        number,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_cannot_be_read_does_not_block_the_others() {
        let body = json!({
            "confirmedOrders": [
                {"orderId": "a"}, {"orderId": "b", "shiftOrderNumber": 12}, {"orderId": "c", "dailyNumber": null},
                {"orderId": 12}, {"orderId": ""}, "d", {"orderId": "e", "shiftOrderNumber": "12"},
            ],
            "confirmedCustomerIds": ["f", 7],
        });
        let read = Confirmation::read(&body);
        let order = |id: &str, number| ConfirmedOrder {
            id: id.into(),
            number,
        };
        let expected = [
            order("a", None),
            order("b", Some(Some(12))),
            order("c", Some(None)),
        ];
        assert_eq!(read.orders, expected);
        assert_eq!(read.customers, ["f"]);
        let told: Vec<Value> = read.unreadable.iter().map(NotConfirmed::told).collect();
        assert_eq!(told[0]["orderId"], 12);
        assert_eq!(told[3]["orderId"], "e");
        assert_eq!(told[4]["customerId"], 7);
        assert_eq!(told.len(), 5);
    }

    #[test]
    fn anything_but_an_object_names_nothing() {
        for body in [json!([]), json!(null), json!({"confirmedOrders": {}})] {
            assert_eq!(Confirmation::read(&body), Confirmation::default());
        }
    }
}
