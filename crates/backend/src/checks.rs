//! What is wrong with an order that comes in: the members that the contract names have to be of their kind. What it
//! does not name is taken as it is, and nothing has to be there.

use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use crate::intake::identifier;

/// The most characters of a text.
const TEXT_LIMIT: usize = 2_000;
/// The most items or payments of an order.
const LIST_LIMIT: usize = 500;
/// The most that an amount can be; more is a mistake, and a number is exact up to here.
const AMOUNT_LIMIT: f64 = 1e12;
/// The most faults that are told of one order.
const FAULT_LIMIT: usize = 20;

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// A JSON pointer, from the top of the body.
    pub(crate) at: String,
    /// What should be there.
    pub(crate) reason: String,
}

impl Fault {
    pub(crate) fn new(at: &str, reason: impl Into<String>) -> Self {
        Self {
            at: at.to_owned(),
            reason: reason.into(),
        }
    }
}

/// What a member has to be; `null` is always as good as no member, except for an identifier.
enum Kind {
    Identifier,
    Text,
    Amount,
    WholeNumber,
    YesOrNo,
    Moment,
    OneOf(&'static [&'static str]),
    Object(&'static [Member]),
    List(&'static [Member]),
}

type Member = (&'static str, Kind);

const ORDER: &[Member] = &[
    ("id", Kind::Identifier),
    ("shiftOrderNumber", Kind::WholeNumber),
    (
        "orderType",
        Kind::OneOf(&["DINE_IN", "TAKE_AWAY", "DELIVERY"]),
    ),
    (
        "orderStatus",
        Kind::OneOf(&[
            "PENDING",
            "IN_PROGRESS",
            "IN_PREPARATION",
            "READY",
            "IN_DELIVERY",
            "DELIVERED",
            "COMPLETED",
            "CANCELLED",
        ]),
    ),
    ("subtotal", Kind::Amount),
    ("total", Kind::Amount),
    ("customerId", Kind::Text),
    ("estimatedDeliveryTime", Kind::Moment),
    ("scheduledAt", Kind::Moment),
    ("finalizedAt", Kind::Moment),
    ("notes", Kind::Text),
    ("isFromWhatsApp", Kind::YesOrNo),
    ("createdAt", Kind::Moment),
    ("updatedAt", Kind::Moment),
    ("customer", Kind::Object(CUSTOMER)),
    ("orderItems", Kind::List(ITEM)),
    ("deliveryInfo", Kind::Object(DELIVERY)),
    ("payments", Kind::List(PAYMENT)),
];

const CUSTOMER: &[Member] = &[
    ("id", Kind::Identifier),
    ("firstName", Kind::Text),
    ("lastName", Kind::Text),
    ("whatsappPhoneNumber", Kind::Text),
    ("email", Kind::Text),
];

const ITEM: &[Member] = &[
    ("id", Kind::Identifier),
    ("basePrice", Kind::Amount),
    ("finalPrice", Kind::Amount),
    ("preparationNotes", Kind::Text),
    ("product", Kind::Object(NAMED)),
    ("productVariant", Kind::Object(NAMED)),
    ("productModifiers", Kind::List(MODIFIER)),
    ("selectedPizzaCustomizations", Kind::List(CUSTOMIZATION)),
];

const NAMED: &[Member] = &[("id", Kind::Identifier), ("name", Kind::Text)];

const MODIFIER: &[Member] = &[
    ("id", Kind::Identifier),
    ("name", Kind::Text),
    ("price", Kind::Amount),
];

const CUSTOMIZATION: &[Member] = &[
    ("half", Kind::OneOf(&["FULL", "HALF_1", "HALF_2"])),
    ("action", Kind::OneOf(&["ADD", "REMOVE"])),
];

const DELIVERY: &[Member] = &[
    ("name", Kind::Text),
    ("fullAddress", Kind::Text),
    ("street", Kind::Text),
    ("number", Kind::Text),
    ("interiorNumber", Kind::Text),
    ("neighborhood", Kind::Text),
    ("city", Kind::Text),
    ("state", Kind::Text),
    ("zipCode", Kind::Text),
    ("country", Kind::Text),
    ("recipientName", Kind::Text),
    ("recipientPhone", Kind::Text),
    ("deliveryInstructions", Kind::Text),
];

const PAYMENT: &[Member] = &[
    ("id", Kind::Identifier),
    (
        "paymentMethod",
        Kind::OneOf(&[
            "CASH",
            "CREDIT_CARD",
            "DEBIT_CARD",
            "TRANSFER",
            "STRIPE",
            "PAYPAL",
            "OTHER",
        ]),
    ),
    ("amount", Kind::Amount),
    (
        "status",
        Kind::OneOf(&["PENDING", "PAID", "FAILED", "REFUNDED", "CANCELLED"]),
    ),
];

/// What is wrong with an order, or with the members of a change; `at` is where it stands in the body.
pub(crate) fn faults_in(order: &Map<String, Value>, at: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    look_at(order, ORDER, at, &mut faults);
    faults.truncate(FAULT_LIMIT);
    faults
}

fn look_at(
    object: &Map<String, Value>,
    members: &'static [Member],
    at: &str,
    faults: &mut Vec<Fault>,
) {
    for (name, kind) in members {
        let Some(value) = object.get(*name) else {
            continue;
        };
        let at = format!("{at}/{name}");
        match (kind, value) {
            (Kind::Identifier, value) => {
                if identifier(value).is_none() {
                    faults.push(Fault::new(
                        &at,
                        "an identifier is a text of 1 to 200 characters",
                    ));
                }
            }
            (_, Value::Null) => {}
            (Kind::Object(members), Value::Object(object)) => look_at(object, members, &at, faults),
            (Kind::List(members), Value::Array(list)) if list.len() <= LIST_LIMIT => {
                for (index, element) in list.iter().enumerate() {
                    let at = format!("{at}/{index}");
                    match element.as_object() {
                        Some(object) => look_at(object, members, &at, faults),
                        None => faults.push(Fault::new(&at, "a JSON object")),
                    }
                }
            }
            (kind, value) => {
                if let Some(reason) = objection(kind, value) {
                    faults.push(Fault::new(&at, reason));
                }
            }
        }
    }
}

/// What a value should be that is not `null`, if it is not.
fn objection(kind: &Kind, value: &Value) -> Option<String> {
    let (sound, reason) = match kind {
        Kind::Identifier => (true, String::new()),
        Kind::Text => (
            value
                .as_str()
                .is_some_and(|text| text.chars().count() <= TEXT_LIMIT),
            format!("a text of at most {TEXT_LIMIT} characters"),
        ),
        Kind::Amount => (
            amount(value).is_some_and(|amount| (0.0..=AMOUNT_LIMIT).contains(&amount)),
            "an amount: a number that is not negative, or the same as a decimal text".into(),
        ),
        Kind::WholeNumber => (value.as_i64().is_some(), "a whole number".into()),
        Kind::YesOrNo => (value.is_boolean(), "true or false".into()),
        Kind::Moment => (
            value
                .as_str()
                .is_some_and(|text| OffsetDateTime::parse(text, &Rfc3339).is_ok()),
            "a moment as of RFC 3339".into(),
        ),
        Kind::OneOf(names) => (
            value.as_str().is_some_and(|text| names.contains(&text)),
            format!("one of {}", names.join(", ")),
        ),
        Kind::Object(_) => (false, "a JSON object".into()),
        Kind::List(_) => (false, format!("a list of at most {LIST_LIMIT}")),
    };
    (!sound).then_some(reason)
}

fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            // Only digits and a point: `parse` would take `inf` and `1e9` too.
            let plain = |letter: char| letter.is_ascii_digit() || letter == '.';
            text.chars().all(plain).then(|| text.parse().ok()).flatten()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
