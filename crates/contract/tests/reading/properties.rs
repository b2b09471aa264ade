//! What must hold for every answer, however strange.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::{ErrorBody, Id, Order, Page, PendingOrders};
use proptest::collection::vec;
use proptest::prelude::*;

/// JSON text of any shape, with what is grammatical and yet cannot be held.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just(r#""\ud83d""#.to_owned()),
        Just(r#""\udc00\u0000\"\\""#.to_owned()),
        Just("1e999".to_owned()),
        Just("-0.0e-0".to_owned()),
        any::<f64>().prop_map(|number| serde_json::json!(number).to_string()),
        "[0-9]{1,60}".prop_map(|digits| format!("1{digits}")),
        any::<String>().prop_map(|text| serde_json::json!(text).to_string()),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(|list| format!("[{}]", list.join(" , "))),
            vec((name(), inner), 0..6).prop_map(object),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "id",
            "total",
            "notes",
            "createdAt",
            "customer",
            "orderItems",
            "deliveryInfo",
            "payments",
            "product",
            "shiftOrderNumber",
            "isFromWhatsApp",
            "orderType",
            "orders",
            "pending_orders",
            "customers",
            "data",
            "error",
            "message",
            "count",
            "fullChatHistory",
        ])
        .prop_map(|name| format!("\"{name}\"")),
        Just(r#""\ud800""#.to_owned()),
        any::<String>().prop_map(|text| serde_json::json!(text).to_string()),
    ]
}

fn object(members: Vec<(String, String)>) -> String {
    let members: Vec<String> = members
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        "[1-9][0-9]{0,50}",
        "[a-z0-9-]{1,40}".prop_map(|text| format!("\"{text}\"")),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..400)) {
        let _ = Page::parse(&bytes);
        let _ = ErrorBody::parse(&bytes);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = Order::parse(text);
            let _ = Id::from_token(text);
        }
    }

    #[test]
    fn no_cut_or_damaged_page_makes_it_panic(json in json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut body = format!(r#"{{"orders":[{json}]}}"#).into_bytes();
        let at = at.index(body.len());
        let _ = Page::parse(&body[..at]);
        body[at] = byte;
        let _ = Page::parse(&body);
    }

    #[test]
    fn no_json_makes_it_panic(json in json()) {
        let _ = Page::parse(json.as_bytes());
        let _ = ErrorBody::parse(json.as_bytes());
        let _ = Order::parse(&json);
        let _ = Id::from_token(&json);
        if let Ok(value) = serde_json::from_str(&json) {
            let _ = PendingOrders::parse(&value);
        }
    }

    #[test]
    fn no_order_with_a_readable_id_is_dropped(
        id in id(),
        members in vec((name(), json()), 0..8),
        at in any::<prop::sample::Index>(),
        before in vec(json(), 0..4),
        after in vec(json(), 0..4),
    ) {
        let mut members: Vec<_> = members.into_iter().filter(|(name, _)| name != "\"id\"").collect();
        let at = at.index(members.len() + 1);
        members.insert(at, ("\"id\"".to_owned(), id.clone()));
        let place = before.len();
        let elements: Vec<String> = before.into_iter().chain([object(members)]).chain(after).collect();
        let body = format!(r#"{{"pending_orders":[{}],"updated_customers":[{}]}}"#, elements.join(","), elements.join(","));
        let page = Page::parse(body.as_bytes()).unwrap();
        prop_assert_eq!(page.order_elements, elements.len());
        prop_assert_eq!(page.orders.len() + page.customers.len() + page.set_aside.len(), 2 * elements.len());
        let order = page.orders.iter().find(|order| order.id.token() == id);
        prop_assert!(order.is_some(), "element {} of {}", place, body);
        for order in &page.orders {
            let body: serde_json::Value = serde_json::from_str(&order.body).unwrap();
            prop_assert!(body.is_object());
            prop_assert!(!order.body.contains("fullChatHistory\":"));
            // What was kept reads as the same order again.
            let again = Order::parse(&order.body).unwrap();
            prop_assert_eq!(again.id.key(), order.id.key());
        }
    }
}
