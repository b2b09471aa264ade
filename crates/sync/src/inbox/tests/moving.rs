//! Another address of the same shop.

use super::*;
use crate::http::Profile;

const NEW: &str = "https://nueva.example";

#[test]
fn what_was_seen_or_rang_at_the_address_before_does_neither_anew() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("seen", 0), told("rings", 0)]);
    see(&mut inbox, "seen", 1);
    inbox.remember_profile(SHOP, Profile::Unified).unwrap();
    assert!(inbox.knows(SHOP).unwrap() && !inbox.knows(NEW).unwrap());

    inbox.move_source(SHOP, NEW).unwrap();
    assert!(!inbox.knows(SHOP).unwrap() && inbox.knows(NEW).unwrap());
    assert_eq!(inbox.profiles().unwrap().get(NEW), Some(&Profile::Unified));
    let again = page(&[told("seen", 0), told("rings", 0), told("fresh", 0)]);
    let stored = inbox.store(NEW, &again, at(1)).unwrap();
    let alerts: Vec<_> = stored.orders.iter().map(|order| order.alert).collect();
    assert_eq!(alerts, [None, None, Some(AlertKind::NewOrder)]);
    let orders = inbox.orders(LONG_AGO).unwrap();
    assert_eq!(orders.len(), 3);
    assert!(orders.iter().all(|order| order.source == NEW));
    sound(&inbox);
}

#[test]
fn an_identifier_that_both_have_stays_with_each() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("both", 0), told("only", 0)]);
    see(&mut inbox, "both", 1);
    inbox.store(NEW, &page(&[told("both", 0)]), at(1)).unwrap();
    inbox.move_source(SHOP, NEW).unwrap();
    let mut found: Vec<_> = inbox
        .orders(LONG_AGO)
        .unwrap()
        .into_iter()
        .map(|order| (order.id.key().to_owned(), order.source, order.attention))
        .collect();
    found.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let rings = ringing(AlertKind::NewOrder);
    assert_eq!(
        found,
        [
            ("both".into(), NEW.into(), rings),
            ("both".into(), SHOP.into(), Attention::Seen),
            ("only".into(), NEW.into(), rings),
        ]
    );
    sound(&inbox);
}

#[test]
fn a_shop_that_is_set_apart_begins_anew_at_the_same_address() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    inbox
        .move_source(SHOP, &format!("{SHOP}#before-1"))
        .unwrap();
    assert!(!inbox.knows(SHOP).unwrap());
    let old = with(
        told("b", 0),
        "/createdAt",
        json!("2026-11-20T18:00:00.000Z"),
    );
    let stored = store(&mut inbox, &[old]);
    assert_eq!(change_and_alert(&stored), (Change::New, None));
    sound(&inbox);
}
