//! The samples of the contract, read whole.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::{
    Amount, CustomizationAction, CustomizationKind, ErrorBody, Half, OrderStatus, OrderType, Page,
    PaymentMethod, PaymentStatus, PendingOrders, Timestamp,
};

const PULL: &str = include_str!("../samples/pull-changes.json");
const PENDING: &str = include_str!("../samples/orders-pending.json");
const INVALID_KEY: &str = include_str!("../samples/error-invalid-key.json");

#[test]
fn reads_the_sample_of_a_pull() {
    let page = Page::parse(PULL.as_bytes()).unwrap();
    assert_eq!((page.order_elements, page.customer_elements), (1, 1));
    assert!(page.set_aside.is_empty());
    assert!(!page.is_full());
    let order = &page.orders[0];
    assert_eq!(order.id.key(), "3f1c2b9e-7a54-4a0e-9d2f-0c5f4e1a7b21");
    assert_eq!(order.id.token(), "\"3f1c2b9e-7a54-4a0e-9d2f-0c5f4e1a7b21\"");
    assert_eq!(order.shift_order_number, None);
    assert_eq!(order.order_type, OrderType::Delivery);
    assert_eq!(order.status, OrderStatus::Pending);
    assert_eq!(order.subtotal, Some(Amount(38_900)));
    assert_eq!(order.total, Some(Amount(41_450)));
    assert_eq!(order.created_at, Some(Timestamp(1_795_546_501_733)));
    assert_eq!(
        order.estimated_delivery_time,
        Some(Timestamp(1_795_549_200_000))
    );
    assert_eq!(order.notes.as_deref(), Some("Tocar el timbre dos veces"));
    assert!(order.is_from_whatsapp);
    assert!(!order.is_finished());
    let customer = order.customer.as_ref().unwrap();
    assert_eq!(customer.first_name.as_deref(), Some("Lucía"));
    assert_eq!(customer.phone.as_deref(), Some("5213312345678"));
    assert_eq!(order.items.len(), 2);
    let pizza = &order.items[0];
    assert_eq!(pizza.product.as_deref(), Some("Pizza"));
    assert_eq!(pizza.variant.as_deref(), Some("Grande"));
    assert_eq!(pizza.final_price, Some(Amount(28_900)));
    assert_eq!(pizza.notes.as_deref(), Some("Bien dorada"));
    assert_eq!(pizza.modifiers[0].price, Some(Amount(4_000)));
    let without = &pizza.customizations[2];
    assert_eq!(without.half, Half::Second);
    assert_eq!(without.action, CustomizationAction::Remove);
    assert_eq!(without.kind, CustomizationKind::Ingredient);
    assert_eq!(without.name.as_deref(), Some("Piña"));
    assert_eq!(order.items[1].variant, None);
    let delivery = order.delivery.as_ref().unwrap();
    assert_eq!(delivery.street.as_deref(), Some("Av. Hidalgo"));
    assert_eq!(delivery.latitude, Some(20.54321));
    assert_eq!(order.payments[0].method, PaymentMethod::Cash);
    assert_eq!(order.payments[0].status, PaymentStatus::Pending);
    assert_eq!(order.payments[0].amount, Some(Amount(41_450)));
    assert_eq!(
        page.customers[0].id.key(),
        "c2a9f3aa-1111-4a6b-9f6d-7f5f7f0a9911"
    );
    assert_eq!(page.customers[0].hash.len(), 64);
}

#[test]
fn keeps_the_whole_order_unknown_members_included() {
    let page = Page::parse(PULL.as_bytes()).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&page.orders[0].body).unwrap();
    let sent: serde_json::Value = serde_json::from_str(PULL).unwrap();
    assert_eq!(kept, sent["pending_orders"][0]);
}

#[test]
fn reads_the_sample_of_the_pending_rows() {
    let pending = PendingOrders::parse(&serde_json::from_str(PENDING).unwrap());
    assert_eq!(pending.count, 1);
    let row = &pending.orders[0];
    assert_eq!(row.updated_at, Some(Timestamp(1_795_546_501_733)));
    assert!(row.items.is_empty());
    assert_eq!((&row.customer, &row.delivery), (&None, &None));
}

#[test]
fn reads_the_sample_of_a_refusal() {
    let body = ErrorBody::parse(INVALID_KEY.as_bytes()).unwrap();
    assert_eq!(body.code.as_deref(), Some("TECH007"));
    assert!(body.says_key_wrong());
    assert!(!body.says_key_missing());
}
