//! The values of an order in all the spellings that servers have for them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::{
    Amount, Half, Order, OrderStatus, OrderType, PaymentMethod, PendingOrders, Timestamp,
};
use serde_json::{Value, json};

fn order(raw: &str) -> Order {
    Order::parse(raw).unwrap()
}

#[test]
fn texts_and_numbers_stand_for_each_other() {
    let order = order(
        r#"{"id":"a","dailyNumber":"7","total":"414.50","subtotal":"3.89e2","tableId":4,
            "isFromWhatsApp":"true","deliveryInfo":{"zipCode":47730,"latitude":"20.5"},
            "orderItems":[{"finalPrice":"12"}],"payments":[{"amount":"1.005"}]}"#,
    );
    assert_eq!(order.shift_order_number, Some(7));
    assert_eq!(order.total, Some(Amount(41_450)));
    assert_eq!(order.subtotal, Some(Amount(38_900)));
    assert_eq!(order.table_id.as_deref(), Some("4"));
    assert!(order.is_from_whatsapp);
    let delivery = order.delivery.unwrap();
    assert_eq!(delivery.zip_code.as_deref(), Some("47730"));
    assert_eq!(delivery.latitude, Some(20.5));
    assert_eq!(order.items[0].final_price, Some(Amount(1_200)));
    assert_eq!(order.payments[0].amount, Some(Amount(101)));
}

#[test]
fn amounts_are_exact_or_absent() {
    for (text, hundredths) in [
        ("0", Some(0)),
        ("1.005", Some(101)),
        ("1.00499999999999999", Some(100)),
        ("0.005", Some(1)),
        ("0.0049", Some(0)),
        ("-3.5", Some(-350)),
        ("4.145e2", Some(41_450)),
        ("41450E-2", Some(41_450)),
        ("1e-400", Some(0)),
        ("0e999", Some(0)),
        ("9007199254740993", None),
        ("1e999", None),
        ("1e15", None),
    ] {
        let expected = hundredths.map(Amount);
        assert_eq!(
            order(&format!(r#"{{"id":1,"total":{text}}}"#)).total,
            expected,
            "{text}"
        );
        assert_eq!(
            order(&format!(r#"{{"id":1,"total":"{text}"}}"#)).total,
            expected,
            "{text}"
        );
    }
    for text in [
        "", " ", "abc", "1,50", "$5", ".", "-", "1e", "--1", "0x10", "1.2.3",
    ] {
        assert_eq!(
            order(&format!(r#"{{"id":1,"total":"{text}"}}"#)).total,
            None,
            "{text}"
        );
    }
}

#[test]
fn moments_are_read_with_any_offset_and_fraction() {
    for (text, milliseconds) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1970-01-01T00:00:00.5Z", Some(500)),
        ("1970-01-01T00:00:00.123456789Z", Some(123)),
        ("1969-12-31T23:59:59.9999Z", Some(-1)),
        ("1969-12-31T18:00:01-06:00", Some(1_000)),
        ("mañana", None),
        ("2026-13-01T00:00:00Z", None),
    ] {
        let order = order(&format!(r#"{{"id":1,"createdAt":"{text}"}}"#));
        assert_eq!(order.created_at, milliseconds.map(Timestamp), "{text}");
    }
}

#[test]
fn unknown_words_are_kept_as_they_came() {
    let no_type = order(r#"{"id":"a"}"#);
    let order = order(
        r#"{"id":"a","orderType":"Drone","orderStatus":"ready","orderItems":[
            {"selectedPizzaCustomizations":[{"half":"THIRD_1"}]}],"payments":[{"paymentMethod":"BITCOIN"}]}"#,
    );
    assert_eq!(order.order_type, OrderType::Other("Drone".into()));
    assert_eq!(order.status, OrderStatus::Ready);
    assert_eq!(
        order.items[0].customizations[0].half,
        Half::Other("THIRD_1".into())
    );
    assert_eq!(
        order.payments[0].method,
        PaymentMethod::Other("BITCOIN".into())
    );
    assert_eq!(no_type.order_type, OrderType::Other(String::new()));
}

#[test]
fn a_delivery_without_an_address_is_none() {
    let raw = r#"{"id":"a","deliveryInfo":{"orderId":"a","createdAt":"2026-11-24T18:55:02.000Z"}}"#;
    assert_eq!(order(raw).delivery, None);
    let raw = r#"{"id":"a","deliveryInfo":{"recipientName":"Ana"}}"#;
    assert_eq!(
        order(raw).delivery.unwrap().recipient_name.as_deref(),
        Some("Ana")
    );
}

#[test]
fn a_line_that_cannot_be_understood_still_is_a_line() {
    let items = order(r#"{"id":"a","orderItems":[null,{},"Taco",{"product":"Agua"}]}"#).items;
    let products: Vec<_> = items.iter().map(|item| item.product.as_deref()).collect();
    assert_eq!(products, [None, Some("Taco"), Some("Agua")]);
}

#[test]
fn pending_rows_come_in_several_shapes() {
    let pending = |payload: Value| {
        let pending = PendingOrders::parse(&payload);
        (pending.count, pending.orders.len())
    };
    assert_eq!(pending(json!({"count": 5, "orders": [{"id": 1}]})), (5, 1));
    assert_eq!(pending(json!({"count": "5", "orders": []})), (5, 0));
    assert_eq!(pending(json!({"orders": [{"id": 1}, {"no": 1}]})), (2, 1));
    assert_eq!(pending(json!([{"id": 1}, {"id": "2"}])), (2, 2));
    for nothing in [
        json!(null),
        json!("x"),
        json!({}),
        json!({"count": -1}),
        json!([]),
    ] {
        assert_eq!(pending(nothing), (0, 0));
    }
}
