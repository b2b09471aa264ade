use serde_json::json;
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-24 18:55:01.733 UTC);

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn places(given: Value) -> Vec<String> {
    new_orders(given, NOW)
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|fault| fault.at)
        .collect()
}

#[test]
fn fills_in_what_is_missing_and_keeps_what_it_does_not_know() {
    let taken = new_orders(json!({"total": "120.50", "mesero": {"turno": 2}}), NOW);
    let body: Value = serde_json::from_str(&taken.unwrap_or_default()[0].body).unwrap_or_default();
    assert_eq!(body["mesero"]["turno"], 2);
    assert_eq!(body["total"], "120.50");
    assert_eq!(body["orderStatus"], "PENDING");
    assert_eq!(body["createdAt"], "2026-11-24T18:55:01.733Z");
    assert!(Uuid::parse_str(body["id"].as_str().unwrap_or_default()).is_ok());
}

#[test]
fn says_where_each_fault_is() {
    let wrong = json!([
        {"id": "a", "orderType": "PICK_UP", "total": -1, "createdAt": "ayer",
         "orderItems": [{"finalPrice": "gratis", "product": "Pizza"}, 7],
         "payments": [{"paymentMethod": "CASH", "status": "DONE"}], "notes": 12, "isFromWhatsApp": "sí"},
        {"id": "b", "total": 10, "customer": {"id": 4}, "scheduledAt": null},
        {"id": ""},
        12,
    ]);
    let expected = [
        "/0/orderType",
        "/0/total",
        "/0/notes",
        "/0/isFromWhatsApp",
        "/0/createdAt",
        "/0/orderItems/0/finalPrice",
        "/0/orderItems/0/product",
        "/0/orderItems/1",
        "/0/payments/0/status",
        "/1/customer/id",
        "/2/id",
        "/3",
    ];
    assert_eq!(places(wrong), expected);
}

#[test]
fn an_amount_is_a_number_or_a_decimal_text() {
    for sound in [
        json!(0),
        json!(12.5),
        json!("12.50"),
        json!("0"),
        json!(null),
    ] {
        assert_eq!(places(json!({"total": sound})), [""; 0], "{sound}");
    }
    for wrong in [
        json!("inf"),
        json!("-1"),
        json!("1e3"),
        json!(""),
        json!("."),
        json!(1e13),
        json!([1]),
    ] {
        assert_eq!(places(json!({"total": wrong})), ["/total"], "{wrong}");
    }
}

#[test]
fn an_identifier_is_a_text_without_control_characters() {
    for wrong in [
        json!(12),
        json!(""),
        json!("a\u{0}b"),
        json!("x".repeat(201)),
        json!(null),
    ] {
        assert_eq!(places(json!({"id": wrong})), ["/id"], "{wrong}");
    }
    assert_eq!(places(json!({"id": "é".repeat(200)})), [""; 0]);
}

#[test]
fn a_change_is_always_later_than_the_version_before() {
    let order = object(json!({"id": "a", "updatedAt": "2026-11-24T18:55:01.733Z", "notes": null}));
    let change = |order| Change::Members(object(json!({"notes": "Sin piña"}))).of(order, NOW);
    let Changed::To(after, _) = change(order) else {
        unreachable!("there is a change")
    };
    assert_eq!(after["updatedAt"], "2026-11-24T18:55:01.734Z");
    assert_eq!(after["notes"], "Sin piña");
}

#[test]
fn a_change_keeps_the_identifier_and_the_kinds() {
    assert!(change(json!({"id": "a", "notes": "x"}), "a").is_ok());
    let faults = change(json!({"id": "b", "total": "x"}), "a").err();
    let places: Vec<String> = faults.into_iter().flatten().map(|fault| fault.at).collect();
    assert_eq!(places, ["/total", "/id"]);
    assert!(change(json!([]), "a").is_err());
}

#[test]
fn cancels_once_and_never_what_was_delivered() {
    let with = |status: &str| object(json!({"id": "a", "orderStatus": status}));
    let Changed::To(after, _) = Change::Cancel.of(with("READY"), NOW) else {
        unreachable!("there is a change")
    };
    assert_eq!(after["orderStatus"], "CANCELLED");
    assert_eq!(Change::Cancel.of(after, NOW), Changed::Nothing);
    assert_eq!(Change::Cancel.of(with("DELIVERED"), NOW), Changed::TooLate);
    assert_eq!(Change::Cancel.of(with("COMPLETED"), NOW), Changed::TooLate);
}
