//! What was set aside can be read.

use campana_contract::{Confirmation, ConfirmedOrder, ElementKind, Id};

use super::*;
use crate::inbox::{Aside, AsideReason, Reading, UnreadableOrder};

#[test]
fn a_refused_confirmation_is_listed_until_one_is_accepted() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    for (kind, id) in [
        (ElementKind::Order, "a"),
        (ElementKind::Order, "a"),
        (ElementKind::Customer, "a"),
    ] {
        inbox
            .confirmation_refused(SHOP, kind, id, Timestamp(NOON))
            .unwrap();
    }
    let refused = |kind| Aside {
        source: SHOP.to_owned(),
        kind,
        reason: AsideReason::NotConfirmable { id: "a".to_owned() },
        at: Timestamp(NOON),
    };
    let listed = inbox.set_aside().unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.contains(&refused(ElementKind::Order)));
    assert!(listed.contains(&refused(ElementKind::Customer)));
    let confirmation = Confirmation {
        orders: vec![ConfirmedOrder {
            id: Id::from_token("\"a\"").unwrap(),
            shift_order_number: None,
        }],
        customers: Vec::new(),
    };
    inbox
        .confirmed("https://otra.example", &confirmation, Timestamp(NOON))
        .unwrap();
    assert_eq!(inbox.set_aside().unwrap().len(), 2, "another shop's");
    inbox
        .confirmed(SHOP, &confirmation, Timestamp(NOON))
        .unwrap();
    assert_eq!(inbox.set_aside().unwrap(), [refused(ElementKind::Customer)]);
}

#[test]
fn an_unreadable_element_is_listed_without_its_text() {
    let (_folder, mut inbox) = inbox();
    let page = Page::parse(br#"{"orders":[{"customer":{"firstName":"Ana"}}]}"#).unwrap();
    inbox.store(SHOP, &page, at(0)).unwrap();
    let listed = inbox.set_aside().unwrap();
    assert_eq!(listed.len(), 1);
    assert!(matches!(&listed[0].reason,
        AsideReason::Unreadable { hash, size, .. } if hash.len() == 64 && *size > 0));
    assert!(!format!("{listed:?}").contains("Ana"));
}

#[test]
fn an_inbox_of_version_1_gets_the_table_and_keeps_its_orders() {
    let folder = version_1();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(only(&inbox).id.key(), "a");
    assert_eq!(inbox.set_aside().unwrap(), Vec::new());
}

fn unreadable(numbers: std::ops::Range<usize>) -> Page {
    let elements: Vec<String> = numbers.map(|n| format!(r#"{{"total":{n}}}"#)).collect();
    Page::parse(format!(r#"{{"orders":[{}]}}"#, elements.join(",")).as_bytes()).unwrap()
}

#[test]
fn unreadable_elements_are_bounded_and_the_newest_stay() {
    let (_folder, mut inbox) = inbox();
    for hundred in 0..7 {
        let page = unreadable(hundred * 100..(hundred + 1) * 100);
        let arrival = at(i64::try_from(hundred).unwrap());
        assert_eq!(
            inbox.store(SHOP, &page, arrival).unwrap().set_aside.len(),
            100
        );
    }
    let listed = inbox.set_aside().unwrap();
    assert_eq!(listed.len(), 500);
    assert!(listed.iter().all(|aside| aside.at >= Timestamp(NOON + 2)));
}

#[test]
fn an_unreadable_element_goes_after_three_months_of_the_servers_time() {
    let (folder, mut inbox) = inbox();
    let first = unreadable(0..1);
    inbox.store(SHOP, &first, at(0)).unwrap();
    inbox
        .mark_unreadable_seen(&[hash_of(&first)], Timestamp(NOON))
        .unwrap();
    for (day, left) in [("2027-02-20", 1), ("2027-02-24", 0)] {
        let made = json!(format!("{day}T18:00:00.000Z"));
        // The computer's clock says nothing about it.
        let order = with(told(day, 0), "/createdAt", made);
        inbox.store(SHOP, &page(&[order]), at(0)).unwrap();
        drop(inbox);
        inbox = Inbox::open(folder.path()).unwrap();
        assert_eq!(inbox.set_aside().unwrap().len(), left, "{day}");
    }
}

#[test]
fn an_unreadable_order_that_nobody_has_seen_stays_however_old_it_is() {
    let (folder, mut inbox) = inbox();
    let customer = br#"{"orders":[],"customers":[{"firstName":"Ana"}]}"#;
    inbox.store(SHOP, &unreadable(0..1), at(0)).unwrap();
    inbox
        .store(SHOP, &Page::parse(customer).unwrap(), at(0))
        .unwrap();
    let late = with(
        told("late", 0),
        "/createdAt",
        json!("2027-11-24T18:00:00.000Z"),
    );
    store(&mut inbox, &[late]);
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(unseen(&inbox).len(), 1);
    assert_eq!(
        inbox.set_aside().unwrap().len(),
        1,
        "the customer makes no sound and goes"
    );
}

const OTHER_SHOP: &str = "https://otra.example";
const NEVER: Timestamp = Timestamp(i64::MAX);

fn unseen(inbox: &Inbox) -> Vec<UnreadableOrder> {
    inbox.unreadable_orders(NEVER).unwrap()
}

fn hash_of(page: &Page) -> String {
    page.set_aside[0].hash.clone()
}

#[test]
fn an_unreadable_order_is_unseen_until_it_is_marked_and_shown_for_a_while_after() {
    let (_folder, mut inbox) = inbox();
    let (first, second) = (unreadable(1..2), unreadable(2..3));
    inbox.store(SHOP, &first, at(1)).unwrap();
    inbox.store(SHOP, &second, at(2)).unwrap();
    let hashes = |orders: Vec<UnreadableOrder>| -> Vec<String> {
        orders.into_iter().map(|order| order.hash).collect()
    };
    assert_eq!(
        hashes(unseen(&inbox)),
        [hash_of(&second), hash_of(&first)],
        "newest first"
    );
    let marked = inbox.mark_unreadable_seen(
        &[hash_of(&first), "unknown".to_owned()],
        Timestamp(NOON + 9),
    );
    assert_eq!(marked.unwrap(), 1);
    assert_eq!(hashes(unseen(&inbox)), [hash_of(&second)]);
    let shown = inbox.unreadable_orders(Timestamp(NOON + 9)).unwrap();
    assert_eq!(
        shown[1],
        UnreadableOrder {
            hash: hash_of(&first),
            received_at: Timestamp(NOON + 1),
            seen_at: Some(Timestamp(NOON + 9)),
            text: Some(r#"{"total":1}"#.to_owned()),
        }
    );
    assert_eq!(
        inbox.unreadable_orders(Timestamp(NOON + 10)).unwrap().len(),
        1,
        "it was seen before that"
    );
    let again = inbox.mark_unreadable_seen(&[hash_of(&first)], Timestamp(NOON + 99));
    assert_eq!(again.unwrap(), 0);
    let shown = inbox.unreadable_orders(Timestamp(NOON)).unwrap();
    assert_eq!(shown[1].seen_at, Some(Timestamp(NOON + 9)));
    assert_eq!(
        inbox.store(SHOP, &first, at(3)).unwrap().set_aside,
        [],
        "the same again is no news"
    );
    assert_eq!(hashes(unseen(&inbox)), [hash_of(&second)]);
}

#[test]
fn an_unreadable_order_of_two_sources_is_one_and_seen_in_both() {
    let (folder, mut inbox) = inbox();
    let page = unreadable(1..2);
    inbox.store(SHOP, &page, at(1)).unwrap();
    inbox
        .mark_unreadable_seen(&[hash_of(&page)], Timestamp(NOON + 2))
        .unwrap();
    inbox.store(OTHER_SHOP, &page, at(5)).unwrap();
    let found = unseen(&inbox);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].received_at, Timestamp(NOON + 1));
    assert_eq!(found[0].seen_at, None, "nobody saw the other one");
    assert_eq!(inbox.unseen_unreadable().unwrap().len(), 1);
    inbox
        .mark_unreadable_seen(&[hash_of(&page)], Timestamp(NOON + 7))
        .unwrap();
    assert_eq!(unseen(&inbox), []);
    let reading = Reading::open(folder.path()).unwrap();
    let found = reading.unreadable_orders(LONG_AGO).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].seen_at, Some(Timestamp(NOON + 7)));
}

#[test]
fn a_customer_who_cannot_be_read_is_no_unreadable_order() {
    let (_folder, mut inbox) = inbox();
    let page = Page::parse(br#"{"orders":[],"customers":[{"firstName":"Ana"}]}"#).unwrap();
    inbox.store(SHOP, &page, at(0)).unwrap();
    assert_eq!(inbox.set_aside().unwrap().len(), 1);
    assert_eq!(inbox.unreadable_orders(LONG_AGO).unwrap(), []);
    assert_eq!(inbox.unseen_unreadable().unwrap(), []);
}

#[test]
fn the_text_of_an_unreadable_order_is_cut_after_two_thousand_letters() {
    let (_folder, mut inbox) = inbox();
    let raw = format!(r#"{{"notes":"{}"}}"#, "ñ".repeat(3000));
    let page = Page::parse(format!(r#"{{"orders":[{raw},"bare"]}}"#).as_bytes()).unwrap();
    inbox.store(SHOP, &page, at(0)).unwrap();
    let texts: Vec<_> = unseen(&inbox).into_iter().map(|one| one.text).collect();
    assert_eq!(texts[0], None, "a text that was not kept");
    let beginning: String = raw.chars().take(2000).collect();
    assert_eq!(texts[1], Some(beginning));
}

#[test]
fn what_an_inbox_of_version_6_set_aside_counts_as_seen_and_what_comes_later_does_not() {
    let folder = version_6();
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(unseen(&inbox), []);
    let shown = inbox.unreadable_orders(LONG_AGO).unwrap();
    assert_eq!(shown[0].seen_at, Some(Timestamp(NOON)));
    inbox.store(SHOP, &unreadable(1..2), at(1)).unwrap();
    assert_eq!(unseen(&inbox).len(), 1);
    sound(&inbox);
}
