//! What was set aside can be read.

use campana_contract::{Confirmation, ConfirmedOrder, ElementKind, Id};

use super::*;
use crate::inbox::{Aside, AsideReason};

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
    inbox.store(SHOP, &unreadable(0..1), at(0)).unwrap();
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
