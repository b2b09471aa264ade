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
