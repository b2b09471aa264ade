//! Orders of which only a row of `orders:pending` told.

use super::*;

/// The row without customer, items and delivery.
fn row(id: &str) -> Value {
    let mut row = told(id, 0);
    for member in ["customer", "orderItems", "deliveryInfo", "payments"] {
        row.as_object_mut().unwrap().remove(member);
    }
    row
}

fn store_rows(inbox: &mut Inbox, rows: &[Value]) -> Stored {
    let rows: Vec<Order> = rows.iter().map(order).collect();
    inbox.store_partial(SHOP, &rows, at(0)).unwrap()
}

#[test]
fn it_rings_and_the_pull_completes_it_without_ringing_again() {
    let (_folder, mut inbox) = inbox();
    let stored = store_rows(&mut inbox, &[row("a")]);
    let new = (Change::New, Some(AlertKind::NewOrder));
    assert_eq!(change_and_alert(&stored), new);
    let stored = store(&mut inbox, &[told("a", 0)]);
    assert_eq!(change_and_alert(&stored), (Change::Updated, None));
    let found = only(&inbox);
    assert_eq!(found.attention, ringing(AlertKind::NewOrder));
    assert_eq!(found.order.unwrap().items.len(), 2);
    sound(&inbox);
}

#[test]
fn one_that_was_seen_stays_seen_unless_what_it_told_differs() {
    for (total, attention) in [(120, Attention::Seen), (125, ringing(AlertKind::Changed))] {
        let (_folder, mut inbox) = inbox();
        store_rows(&mut inbox, &[row("a")]);
        see(&mut inbox, "a", 1);
        store(&mut inbox, &[with(told("a", 0), "/total", json!(total))]);
        assert_eq!(only(&inbox).attention, attention);
        sound(&inbox);
    }
}

#[test]
fn a_row_never_overwrites_what_a_pull_brought() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let newer = with(row("a"), "/updatedAt", json!("2026-11-24T18:30:00Z"));
    assert_eq!(store_rows(&mut inbox, &[newer]), Stored::default());
    assert_eq!(only(&inbox).order.unwrap().items.len(), 2);
}
