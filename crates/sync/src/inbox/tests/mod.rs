//! The inbox's behaviour, on real files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod activity;
mod aside;
mod backup;
mod behind;
mod damage;
mod damage_rounds;
mod first_contact;
#[cfg(target_os = "linux")]
mod full_disk;
mod history;
mod judging;
mod killed;
mod moving;
mod opening;
mod partial;
mod profiles;
mod retention;
mod seeing;
mod storing;
mod tickets;

use campana_contract::{Order, Page, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use rusqlite::{Connection, params};

use super::{AlertKind, Arrival, Attention, Change, Inbox, InboxOrder, Stored, files, row, schema};

const SHOP: &str = "https://tienda.example";
const HOUR: i64 = 60 * 60 * 1000;
/// 2026-11-24T18:00:00Z.
const NOON: i64 = 1_795_543_200_000;
const LONG_AGO: Timestamp = Timestamp(0);

fn at(milliseconds: i64) -> Arrival {
    Arrival {
        received_at: Timestamp(NOON + milliseconds),
        server_time: None,
    }
}

/// An order as a server tells it: made at noon, changed `minute` minutes later.
fn told(id: &str, minute: u32) -> Value {
    json!({
        "id": id, "shiftOrderNumber": 7, "orderType": "DELIVERY", "orderStatus": "PENDING",
        "subtotal": 100, "total": 120, "notes": "Sin cebolla", "scheduledAt": null,
        "createdAt": "2026-11-24T18:00:00.000Z",
        "updatedAt": format!("2026-11-24T18:{minute:02}:00.000Z"),
        "customer": {"firstName": "Ana", "totalOrders": 3},
        "orderItems": [
            {"id": "1", "finalPrice": 60, "product": {"name": "Pizza"},
             "selectedPizzaCustomizations": [{"half": "FULL", "action": "ADD",
                 "pizzaCustomization": {"name": "Mexicana", "type": "FLAVOR"}}]},
            {"id": "2", "finalPrice": 40, "product": {"name": "Agua"}},
        ],
        "deliveryInfo": {"street": "Hidalgo", "number": "214"},
        "payments": [],
    })
}

fn with(mut order: Value, pointer: &str, value: Value) -> Value {
    *order.pointer_mut(pointer).expect("the member is there") = value;
    order
}

fn order(value: &Value) -> Order {
    Order::parse(&value.to_string()).expect("it has an id")
}

fn page(orders: &[Value]) -> Page {
    Page {
        orders: orders.iter().map(order).collect(),
        order_elements: orders.len(),
        ..Page::default()
    }
}

/// An inbox whose first contact with [`SHOP`] is over.
fn inbox() -> (TempDir, Inbox) {
    let folder = tempfile::tempdir().unwrap();
    let mut inbox = Inbox::open(folder.path()).unwrap();
    inbox.store(SHOP, &page(&[]), at(-HOUR)).unwrap();
    (folder, inbox)
}

/// Stores, and does what is done behind the page.
fn store(inbox: &mut Inbox, orders: &[Value]) -> Stored {
    let stored = inbox.store(SHOP, &page(orders), at(0)).unwrap();
    inbox.do_all_behind().unwrap();
    stored
}

fn only(inbox: &Inbox) -> InboxOrder {
    let mut orders = inbox.orders(LONG_AGO).unwrap();
    assert_eq!(orders.len(), 1);
    orders.remove(0)
}

fn see(inbox: &mut Inbox, id: &str, version: i64) -> bool {
    inbox
        .mark_seen(SHOP, id, version, Timestamp(NOON + 1))
        .unwrap()
}

fn change_and_alert(stored: &Stored) -> (Change, Option<AlertKind>) {
    assert_eq!(stored.orders.len(), 1);
    (stored.orders[0].change, stored.orders[0].alert)
}

fn sound(inbox: &Inbox) {
    assert_eq!(inbox.check().unwrap(), Vec::<String>::new());
}

fn ringing(kind: AlertKind) -> Attention {
    Attention::Ringing(kind)
}

/// An inbox of version 6 with an order that was set aside.
fn version_6() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = Connection::open(files::database(folder.path())).unwrap();
    file.pragma_update(None, "auto_vacuum", "INCREMENTAL")
        .unwrap();
    for step in &schema::STEPS[..6] {
        file.execute_batch(step).unwrap();
    }
    file.execute(
        "INSERT INTO set_aside (source, kind, hash, raw, size, reason, received_at)
         VALUES (?1, 'order', '5e1f', '{\"total\":7}', 11, 'no id', ?2)",
        params![SHOP, NOON],
    )
    .unwrap();
    file.pragma_update(None, "user_version", 6).unwrap();
    folder
}

/// What the first Campana wrote: its tables and an order that rings.
fn version_1() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = Connection::open(files::database(folder.path())).unwrap();
    file.execute_batch(schema::VERSION_1).unwrap();
    let body = told("a", 0).to_string();
    file.execute(
        "INSERT INTO orders (source, id, id_token, version, body, body_hash, is_partial, attention,
            rings_for, changes, received_at, stored_at)
         VALUES (?1, 'a', '\"a\"', 1, ?2, ?3, 0, 'new_order', 1, '', ?4, ?4)",
        params![SHOP, body, row::hash(&body), NOON],
    )
    .unwrap();
    file.pragma_update(None, "user_version", 1).unwrap();
    folder
}
