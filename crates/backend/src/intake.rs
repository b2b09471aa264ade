//! Orders as the shop's other programs send them: what is taken, what is filled in, and what a change makes of an
//! order. No I/O.

use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};
use uuid::Uuid;

use crate::checks::{Fault, faults_in};

/// The most characters of an identifier.
const IDENTIFIER_LIMIT: usize = 200;
/// Where an order has come to its end otherwise, it cannot be cancelled.
const ENDED: [&str; 2] = ["DELIVERED", "COMPLETED"];
const CANCELLED: &str = "CANCELLED";

/// An order that can be stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewOrder {
    pub(crate) id: String,
    /// JSON.
    pub(crate) body: String,
    pub(crate) customer: Option<CustomerBody>,
}

/// A customer, as an order brought it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CustomerBody {
    pub(crate) id: String,
    /// JSON.
    pub(crate) body: String,
}

/// What is to become of an order.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// These members take the place of the old ones.
    Members(Map<String, Value>),
    Cancel,
}

/// What a change leads to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Changed {
    /// It is so already.
    Nothing,
    /// The order as it is then, and its customer where the change brought one.
    To(Map<String, Value>, Option<CustomerBody>),
    /// It cannot be changed so any more.
    TooLate,
}

/// A moment as the wire spells it: UTC, with milliseconds.
pub(crate) fn wire_time(at: OffsetDateTime) -> String {
    let shape =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    at.to_offset(UtcOffset::UTC)
        .format(shape)
        .unwrap_or_default()
}

/// The text of an identifier that can be one.
pub(crate) fn identifier(value: &Value) -> Option<&str> {
    value.as_str().filter(|id| {
        !id.is_empty()
            && id.chars().count() <= IDENTIFIER_LIMIT
            && !id.chars().any(char::is_control)
    })
}

/// Reads the orders of one call, all or none.
///
/// # Errors
/// Every fault of every order.
pub(crate) fn new_orders(given: Value, now: OffsetDateTime) -> Result<Vec<NewOrder>, Vec<Fault>> {
    let several = given.is_array();
    let orders = if let Value::Array(orders) = given {
        orders
    } else {
        vec![given]
    };
    let mut taken = Vec::with_capacity(orders.len());
    let mut faults = Vec::new();
    for (index, order) in orders.into_iter().enumerate() {
        let at = if several {
            format!("/{index}")
        } else {
            String::new()
        };
        match new_order(order, &at, now) {
            Ok(order) => taken.push(order),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() {
        Ok(taken)
    } else {
        Err(faults)
    }
}

fn new_order(order: Value, at: &str, now: OffsetDateTime) -> Result<NewOrder, Vec<Fault>> {
    let Value::Object(mut order) = order else {
        return Err(vec![Fault::new(at, "an order is a JSON object")]);
    };
    let faults = faults_in(&order, at);
    if !faults.is_empty() {
        return Err(faults);
    }
    let made = Value::from(wire_time(now));
    for (name, value) in [
        ("id", Value::from(Uuid::new_v4().to_string())),
        ("orderStatus", Value::from("PENDING")),
        ("createdAt", made.clone()),
        ("updatedAt", made),
    ] {
        order.entry(name).or_insert(value);
    }
    let id = order.get("id").and_then(identifier).map(str::to_owned);
    let Some(id) = id else {
        return Err(vec![Fault::new(&format!("{at}/id"), "not an identifier")]);
    };
    Ok(NewOrder {
        id,
        customer: customer_in(&order),
        body: Value::Object(order).to_string(),
    })
}

/// The customer of an order that is sound.
fn customer_in(order: &Map<String, Value>) -> Option<CustomerBody> {
    let customer = order.get("customer")?;
    let id = customer.get("id").and_then(identifier)?;
    Some(CustomerBody {
        id: id.to_owned(),
        body: customer.to_string(),
    })
}

/// Reads a change.
///
/// # Errors
/// Every fault of it.
pub(crate) fn change(given: Value, id: &str) -> Result<Change, Vec<Fault>> {
    let Value::Object(members) = given else {
        return Err(vec![Fault::new("", "a change is a JSON object")]);
    };
    let mut faults = faults_in(&members, "");
    if members.get("id").is_some_and(|given| *given != id) {
        faults.push(Fault::new("/id", "an order keeps its identifier"));
    }
    if faults.is_empty() {
        Ok(Change::Members(members))
    } else {
        Err(faults)
    }
}

impl Change {
    /// The order after the change, with a later `updatedAt`.
    pub(crate) fn of(self, mut order: Map<String, Value>, now: OffsetDateTime) -> Changed {
        let status = order.get("orderStatus").and_then(Value::as_str);
        let members = match (self, status) {
            (Self::Cancel, Some(CANCELLED)) => return Changed::Nothing,
            (Self::Cancel, Some(status)) if ENDED.contains(&status) => return Changed::TooLate,
            (Self::Cancel, _) => Map::from_iter([("orderStatus".to_owned(), CANCELLED.into())]),
            (Self::Members(members), _) => members,
        };
        let before = order
            .get("updatedAt")
            .and_then(Value::as_str)
            .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
        let at = before
            .and_then(|before| before.checked_add(Duration::MILLISECOND))
            .map_or(now, |after| after.max(now));
        order.insert("updatedAt".into(), wire_time(at).into());
        let customer = customer_in(&members);
        order.extend(members);
        Changed::To(order, customer)
    }
}

#[cfg(test)]
#[path = "tests/intake.rs"]
mod tests;
