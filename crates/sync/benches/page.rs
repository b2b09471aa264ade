//! The inner parts of a page's way: reading it, storing it, storing it again.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a measure may stop at the first surprise"
)]

use std::hint::black_box;
use std::path::Path;

use campana_contract::{PAGE_LIMIT, Page, Timestamp};
use campana_sync::inbox::{Arrival, Inbox};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tempfile::TempDir;

const ARRIVAL: Arrival = Arrival {
    received_at: Timestamp(1_795_510_800_000),
    server_time: None,
};
/// In memory, an fsync costs nothing.
const MEMORY: &str = "/dev/shm";

const ORDER: &str = r#"{"id":"ORDER","shiftOrderNumber":null,"orderType":"DELIVERY","orderStatus":"PENDING","subtotal":478,"total":503.5,"customerId":"CUSTOMER","estimatedDeliveryTime":"2026-11-24T19:45:00.000Z","scheduledAt":null,"notes":"Tocar el timbre dos veces","isFromWhatsApp":true,"finalizedAt":null,"shiftId":null,"userId":null,"tableId":null,"customer":{"id":"CUSTOMER","whatsappPhoneNumber":"5213312345678","firstName":"Lucía","lastName":"Núñez","email":null,"birthDate":null,"fullChatHistory":[],"relevantChatHistory":[],"lastInteraction":"2026-11-24T19:00:00.000Z","totalOrders":4,"totalSpent":1241,"isActive":true,"isBanned":false,"banReason":null,"addresses":[],"createdAt":"2026-11-24T19:00:00.000Z","updatedAt":"2026-11-24T19:00:00.000Z"},"orderItems":[{"id":"I-1","orderId":"ORDER","productId":"P-1","productVariantId":"PV-4","basePrice":299,"finalPrice":339,"preparationStatus":"PENDING","preparationNotes":"Sin piña","product":{"id":"P-1","name":"Pizza"},"productVariant":{"id":"PV-4","name":"Familiar"},"productModifiers":[{"id":"M-2","name":"Orilla rellena de queso","price":40}],"selectedPizzaCustomizations":[{"half":"HALF_1","action":"ADD","pizzaCustomization":{"name":"Hawaiana","type":"FLAVOR","ingredients":"jamón, piña","toppingValue":4}},{"half":"HALF_2","action":"ADD","pizzaCustomization":{"name":"Mexicana","type":"FLAVOR","ingredients":"chorizo, jalapeño, cebolla","toppingValue":4}}]},{"id":"I-2","orderId":"ORDER","productId":"P-9","productVariantId":null,"basePrice":50,"finalPrice":50,"preparationStatus":"PENDING","preparationNotes":null,"product":{"id":"P-9","name":"Agua de jamaica 1 L"},"productVariant":null,"productModifiers":[],"selectedPizzaCustomizations":[]}],"deliveryInfo":{"id":"D-1","orderId":"ORDER","name":"Casa","fullAddress":null,"street":"Av. Hidalgo","number":"12","interiorNumber":"3B","neighborhood":"Centro","city":"Tototlán","state":"Jalisco","zipCode":"47730","country":"México","recipientName":"Lucía Núñez","recipientPhone":"3312345678","deliveryInstructions":"Portón verde","latitude":20.54321,"longitude":-102.79321,"createdAt":"2026-11-24T19:00:00.000Z","updatedAt":"2026-11-24T19:00:00.000Z"},"payments":[{"id":"Y-1","orderId":"ORDER","paymentMethod":"CASH","amount":503.5,"status":"PENDING","stripePaymentId":null,"metadata":null,"createdAt":"2026-11-24T19:00:00.000Z","updatedAt":"2026-11-24T19:00:00.000Z"}],"createdAt":"2026-11-24T19:00:00.000Z","updatedAt":"2026-11-24T19:00:00.000Z"}"#;

/// A page of as many different orders as a server hands out.
fn page() -> String {
    let orders: Vec<String> = (0..PAGE_LIMIT)
        .map(|number| {
            ORDER
                .replace("ORDER", &format!("0b5ad62e-77f4-4c8e-9d3c-{number:012}"))
                .replace("CUSTOMER", &format!("9a1c3b60-02ef-4d8a-b1f7-{number:012}"))
        })
        .collect();
    format!(
        r#"{{"pending_orders":[{}],"updated_customers":[]}}"#,
        orders.join(",")
    )
}

fn empty_inbox() -> (Inbox, TempDir) {
    let memory = Path::new(MEMORY);
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    };
    (Inbox::open(folder.path()).unwrap(), folder)
}

fn pages(criterion: &mut Criterion) {
    let text = page();
    criterion.bench_function("read a page", |bencher| {
        bencher.iter(|| Page::parse(black_box(text.as_bytes())).unwrap());
    });
    let page = Page::parse(text.as_bytes()).unwrap();
    criterion.bench_function("store a new page", |bencher| {
        bencher.iter_batched(
            empty_inbox,
            |(mut inbox, folder)| {
                inbox.store("shop", &page, ARRIVAL).unwrap();
                (inbox, folder)
            },
            BatchSize::PerIteration,
        );
    });
    let (mut inbox, _folder) = empty_inbox();
    inbox.store("shop", &page, ARRIVAL).unwrap();
    criterion.bench_function("store a known page", |bencher| {
        bencher.iter(|| inbox.store("shop", black_box(&page), ARRIVAL).unwrap());
    });
}

criterion_group!(benches, pages);
criterion_main!(benches);
