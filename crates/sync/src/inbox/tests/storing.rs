//! What a page does to the disk.

use campana_contract::{
    Confirmation, ConfirmedOrder, CustomerVersion, ElementKind, Id, PendingOrders, SetAside,
};

use super::*;
use crate::inbox::{Facet, InboxError};

#[test]
fn a_new_order_rings_and_is_there_after_a_restart() {
    let (folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[told("a", 0)]);
    assert_eq!(
        change_and_alert(&stored),
        (Change::New, Some(AlertKind::NewOrder))
    );
    assert_eq!(stored.orders[0].shift_order_number, Some(7));
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    let found = only(&inbox);
    assert_eq!(found.order, Some(order(&told("a", 0))));
    assert_eq!(found.attention, ringing(AlertKind::NewOrder));
    assert_eq!(found.version, 1);
    sound(&inbox);
}

#[test]
fn the_same_page_again_changes_nothing_and_rings_nothing() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let before = only(&inbox);
    let stored = store(&mut inbox, &[told("a", 0)]);
    assert_eq!(change_and_alert(&stored), (Change::Unchanged, None));
    assert_eq!(only(&inbox), before);
}

#[test]
fn an_older_version_never_overwrites_a_newer_one() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[with(told("a", 9), "/total", json!(150))]);
    let before = only(&inbox);
    let stored = store(&mut inbox, &[told("a", 5)]);
    assert_eq!(change_and_alert(&stored), (Change::Older, None));
    assert_eq!(only(&inbox), before);
    // Nor after a version that told no time.
    store(&mut inbox, &[with(told("a", 9), "/updatedAt", Value::Null)]);
    let stored = store(&mut inbox, &[told("a", 5)]);
    assert_eq!(change_and_alert(&stored), (Change::Older, None));
}

#[test]
fn the_same_id_in_two_sources_are_two_orders() {
    let (_folder, mut inbox) = inbox();
    let other = "https://otra.example";
    inbox.store(other, &page(&[]), at(0)).unwrap();
    store(&mut inbox, &[told("a", 0)]);
    let stored = inbox.store(other, &page(&[told("a", 0)]), at(0)).unwrap();
    assert_eq!(
        change_and_alert(&stored),
        (Change::New, Some(AlertKind::NewOrder))
    );
    assert!(see(&mut inbox, "a", 1));
    let still: Vec<_> = inbox
        .orders(Timestamp(i64::MAX))
        .unwrap()
        .into_iter()
        .map(|order| order.source)
        .collect();
    assert_eq!(still, [other]);
}

#[test]
fn a_number_as_id_keeps_its_token() {
    let (_folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[with(told("a", 0), "/id", json!(12))]);
    assert_eq!(stored.orders[0].id.token(), "12");
    assert_eq!(only(&inbox).id.token(), "12");
    assert_eq!(only(&inbox).id.key(), "12");
}

#[test]
fn a_bad_element_is_set_aside_once_and_its_neighbours_are_stored() {
    let (_folder, mut inbox) = inbox();
    inbox
        .connection
        .execute_batch(
            "CREATE TRIGGER refuse BEFORE INSERT ON orders WHEN NEW.id = 'bad'
             BEGIN SELECT RAISE(ABORT, 'refused'); END;",
        )
        .unwrap();
    let orders = [told("a", 0), told("bad", 0), told("b", 0)];
    let stored = store(&mut inbox, &orders);
    let ids: Vec<_> = stored.orders.iter().map(|order| order.id.key()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(stored.set_aside.len(), 1);
    assert!(!stored.set_aside[0].reason.contains("Sin cebolla"));
    assert_eq!(inbox.orders(LONG_AGO).unwrap().len(), 2);
    assert_eq!(store(&mut inbox, &orders).set_aside, []);
}

#[test]
fn what_could_not_be_read_is_kept_and_told_once() {
    let (_folder, mut inbox) = inbox();
    let mut page = page(&[told("a", 0)]);
    page.set_aside.push(SetAside {
        kind: ElementKind::Order,
        hash: "5e1f".into(),
        raw: Some("{\"total\":1}".into()),
        size: 11,
        reason: "no id".into(),
    });
    let stored = inbox.store(SHOP, &page, at(0)).unwrap();
    assert_eq!(stored.set_aside[0].hash, "5e1f");
    assert_eq!(inbox.store(SHOP, &page, at(1)).unwrap().set_aside, []);
    let raw: String = inbox
        .connection
        .query_row("SELECT raw FROM set_aside", [], |row| row.get(0))
        .unwrap();
    assert_eq!(raw, "{\"total\":1}");
}

#[test]
fn a_full_disk_stores_nothing_of_the_page_and_later_everything() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("kept", 0)]);
    let pages: i64 = inbox
        .connection
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let set_limit = |inbox: &Inbox, limit: i64| {
        let sql = format!("PRAGMA max_page_count = {limit}");
        inbox
            .connection
            .query_row(&sql, [], |row| row.get::<_, i64>(0))
            .unwrap();
    };
    set_limit(&inbox, pages + 2);
    let many: Vec<Value> = (0..80).map(|n| told(&format!("o{n}"), 0)).collect();
    let refused = inbox.store(SHOP, &page(&many), at(0));
    assert!(matches!(refused, Err(InboxError::DiskFull)), "{refused:?}");
    assert_eq!(only(&inbox).id.key(), "kept");
    set_limit(&inbox, 1_000_000);
    let stored = store(&mut inbox, &many);
    assert!(
        stored
            .orders
            .iter()
            .all(|order| order.change == Change::New)
    );
    assert_eq!(inbox.orders(LONG_AGO).unwrap().len(), 81);
    sound(&inbox);
}

#[test]
fn a_change_that_matters_rings_and_says_what_changed() {
    let cases = [
        ("/orderType", json!("TAKE_AWAY"), Facet::Type),
        ("/orderItems/1/finalPrice", json!(45), Facet::Items),
        ("/orderItems/0/product/name", json!("Calzone"), Facet::Items),
        (
            "/orderItems/0/selectedPizzaCustomizations/0/half",
            json!("HALF_1"),
            Facet::Items,
        ),
        ("/total", json!(121), Facet::Total),
        ("/notes", json!("Con cebolla"), Facet::Notes),
        ("/deliveryInfo/number", json!("216"), Facet::Address),
        (
            "/scheduledAt",
            json!("2026-11-24T20:00:00Z"),
            Facet::ScheduledTime,
        ),
        ("/orderStatus", json!("CANCELLED"), Facet::Cancelled),
    ];
    for (pointer, value, facet) in cases {
        let (_folder, mut inbox) = inbox();
        store(&mut inbox, &[told("a", 0)]);
        see(&mut inbox, "a", 1);
        let stored = store(&mut inbox, &[with(told("a", 1), pointer, value)]);
        let kind = if facet == Facet::Cancelled {
            AlertKind::Cancelled
        } else {
            AlertKind::Changed
        };
        assert_eq!(
            change_and_alert(&stored),
            (Change::Updated, Some(kind)),
            "{pointer}"
        );
        let found = only(&inbox);
        assert_eq!(found.attention, ringing(kind), "{pointer}");
        assert_eq!(found.changes, [facet], "{pointer}");
        sound(&inbox);
    }
}

#[test]
fn a_change_that_matters_to_nobody_stays_silent_and_seen() {
    let swapped = {
        let mut order = told("a", 1);
        order["orderItems"].as_array_mut().unwrap().reverse();
        order
    };
    let cases = [
        with(told("a", 1), "/shiftOrderNumber", json!(8)),
        with(told("a", 1), "/customer/totalOrders", json!(4)),
        with(told("a", 1), "/orderStatus", json!("IN_PREPARATION")),
        with(told("a", 1), "/orderItems/0/id", json!("99")),
        with(told("a", 1), "/total", json!("120.00")),
        told("a", 1),
        swapped,
    ];
    for case in cases {
        let (_folder, mut inbox) = inbox();
        store(&mut inbox, &[told("a", 0)]);
        see(&mut inbox, "a", 1);
        let stored = store(&mut inbox, std::slice::from_ref(&case));
        assert_eq!(change_and_alert(&stored), (Change::Updated, None), "{case}");
        let found = only(&inbox);
        assert_eq!(found.attention, Attention::Seen, "{case}");
        assert_eq!(found.version, 2);
        sound(&inbox);
    }
}

#[test]
fn of_a_customer_only_a_new_hash_is_news() {
    let (_folder, mut inbox) = inbox();
    let mut store = |hash: &str| {
        let page = Page {
            customers: vec![CustomerVersion {
                id: Id::from_token("\"c\"").unwrap(),
                hash: hash.into(),
            }],
            customer_elements: 1,
            ..Page::default()
        };
        inbox.store(SHOP, &page, at(0)).unwrap().customers[0].is_news
    };
    assert_eq!([store("1"), store("1"), store("2")], [true, false, true]);
}

fn accepted(ids: &[&str]) -> Confirmation {
    let confirmed = |id: &&str| ConfirmedOrder {
        id: Id::from_token(&format!("\"{id}\"")).unwrap(),
        shift_order_number: None,
    };
    Confirmation {
        orders: ids.iter().map(confirmed).collect(),
        customers: Vec::new(),
    }
}

#[test]
fn a_confirmation_counts_for_the_present_version_alone() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    inbox
        .confirmed(SHOP, &accepted(&["a"]), Timestamp(NOON))
        .unwrap();
    assert_eq!(only(&inbox).confirmed_at, Some(Timestamp(NOON)));
    store(&mut inbox, &[told("a", 1)]);
    assert_eq!(only(&inbox).confirmed_at, None);
}

#[test]
fn what_was_accepted_is_noted_with_the_page_that_answered_and_not_for_a_version_that_it_brings() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    let answer = page(&[told("b", 1), told("c", 0)]);
    inbox
        .store_answer(SHOP, &accepted(&["a", "b"]), &answer, at(3))
        .unwrap();
    let orders = inbox.orders(LONG_AGO).unwrap();
    let confirmed_at = |id: &str| {
        let order = orders.iter().find(|order| order.id.key() == id);
        order.unwrap().confirmed_at
    };
    assert_eq!(confirmed_at("a"), Some(Timestamp(NOON + 3)));
    assert_eq!(confirmed_at("b"), None, "its new version was not");
    assert_eq!(confirmed_at("c"), None);
}

#[test]
fn a_page_that_cannot_be_stored_takes_what_was_accepted_along() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let pages: i64 = inbox
        .connection
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    inbox
        .connection
        .pragma_update(None, "max_page_count", pages)
        .unwrap();
    let many: Vec<Value> = (0..200).map(|n| told(&format!("o{n}"), 0)).collect();
    let refused = inbox.store_answer(SHOP, &accepted(&["a"]), &page(&many), at(1));
    assert!(matches!(refused, Err(InboxError::DiskFull)), "{refused:?}");
    assert_eq!(only(&inbox).confirmed_at, None);
}

#[test]
fn news_among_pending_rows_are_unknown_ids_and_newer_times() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 5), told("b", 5)]);
    let pending = PendingOrders {
        count: 3,
        orders: [told("a", 5), told("b", 6), told("c", 0)]
            .iter()
            .map(order)
            .collect(),
        ..PendingOrders::default()
    };
    let news = inbox.news_among(SHOP, &pending).unwrap();
    let ids: Vec<_> = news.iter().map(|order| order.id.key()).collect();
    assert_eq!(ids, ["b", "c"]);
}
