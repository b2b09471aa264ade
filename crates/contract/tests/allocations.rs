//! What reading a page costs, counted.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use allocation_counter::measure;
use campana_contract::Page;

const ORDER: &str = r#"{"id":"N","shiftOrderNumber":7,"orderType":"DELIVERY","orderStatus":"PENDING","total":503.5,"notes":"Tocar el timbre","createdAt":"2026-11-24T19:00:00.000Z","updatedAt":"2026-11-24T19:00:00.000Z","customer":{"firstName":"Lucía","lastName":"Núñez","whatsappPhoneNumber":"5213312345678"},"orderItems":[{"id":"1","finalPrice":339,"product":{"name":"Pizza"},"productVariant":{"name":"Familiar"},"productModifiers":[{"name":"Orilla rellena","price":40}],"selectedPizzaCustomizations":[]}],"payments":[{"paymentMethod":"CASH","amount":503.5,"status":"PENDING"}]}"#;

fn page(orders: usize) -> String {
    let orders: Vec<String> = (0..orders)
        .map(|number| ORDER.replace("\"N\"", &format!("\"{number}\"")))
        .collect();
    format!(r#"{{"pending_orders":[{}]}}"#, orders.join(","))
}

fn allocations(text: &str) -> u64 {
    measure(|| drop(Page::parse(text.as_bytes()).unwrap())).count_total
}

#[test]
fn what_is_not_kept_of_an_order_is_not_copied() {
    let (one, hundred) = (allocations(&page(1)), allocations(&page(100)));
    let each = (hundred - one) / 99;
    // Its 13 texts and amounts that are kept, the lists and objects on the way, the text itself.
    assert!(each <= 40, "{each} allocations for an order");
    let unknown = ORDER.replace(
        "\"notes\"",
        "\"unknown\":\"Tocar\",\"other\":\"el timbre\",\"notes\"",
    );
    let with_unknown = page(100).replace(&ORDER[10..], &unknown[10..]);
    assert!(with_unknown.len() > page(100).len());
    let more = allocations(&with_unknown) - hundred;
    assert!(
        more <= 100,
        "{more} allocations for two more members of each of a hundred orders"
    );
}
