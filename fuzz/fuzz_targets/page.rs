//! The body of an answer to a pull.
#![no_main]

use campana_contract::{ElementKind, Page};
use campana_fuzz::{bounded, holds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(page) = bounded(body, || Page::parse(body)) else {
        return;
    };
    let set_aside = |kind| page.set_aside.iter().filter(|it| it.kind == kind).count();
    assert_eq!(
        page.orders.len() + set_aside(ElementKind::Order),
        page.order_elements
    );
    assert_eq!(
        page.customers.len() + set_aside(ElementKind::Customer),
        page.customer_elements
    );
    page.orders.iter().for_each(holds);
    assert_eq!(Page::parse(body), Ok(page), "reading twice reads the same");
});
