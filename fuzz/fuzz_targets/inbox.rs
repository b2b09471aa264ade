//! A page on its way into the inbox and out of it again.
#![no_main]

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;

use campana_contract::{Page, Timestamp};
use campana_sync::inbox::{Arrival, Change, Inbox};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

/// After so many pages a new inbox is begun, so that checking it stays quick.
const PAGES: usize = 20;
/// 2026-11-24T18:00:00Z.
const NOON: Timestamp = Timestamp(1_795_543_200_000);

/// An inbox, the pages that went into it, and where it is.
struct Shop {
    inbox: Inbox,
    pages: usize,
    _folder: TempDir,
}

impl Shop {
    fn open() -> Self {
        // Every commit waits for the disk: one in memory makes that quick.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            TempDir::new_in(memory)
        } else {
            TempDir::new()
        };
        let folder = folder.expect("a folder");
        Self {
            inbox: Inbox::open(folder.path()).expect("an inbox"),
            pages: 0,
            _folder: folder,
        }
    }
}

thread_local! {
    static SHOP: RefCell<Option<Shop>> = const { RefCell::new(None) };
}

fuzz_target!(|body: &[u8]| {
    if let Ok(page) = Page::parse(body) {
        SHOP.with_borrow_mut(|shop| {
            if shop.as_ref().is_none_or(|shop| shop.pages >= PAGES) {
                *shop = None;
            }
            let shop = shop.get_or_insert_with(Shop::open);
            shop.pages += 1;
            // Each page comes from a backend of its own: what an earlier one left has no part in it.
            put(
                &mut shop.inbox,
                &format!("https://{}.example", shop.pages),
                &page,
            );
        });
    }
});

fn put(inbox: &mut Inbox, source: &str, page: &Page) {
    let arrival = Arrival {
        received_at: NOON,
        server_time: None,
    };
    let listed = |inbox: &Inbox| {
        let mut orders = inbox
            .orders(Timestamp(i64::MIN))
            .expect("the inbox can be read");
        orders.retain(|order| order.source == source);
        orders
    };
    inbox
        .store(source, page, arrival)
        .expect("every page can be stored");
    let kept = listed(inbox);
    for order in &page.orders {
        let same = kept.iter().filter(|other| other.id.key() == order.id.key());
        let same: Vec<_> = same.collect();
        assert_eq!(same.len(), 1, "each order is there once");
        assert!(same[0].order.is_some(), "what was kept can be read");
    }
    let ids: HashSet<&str> = page.orders.iter().map(|order| order.id.key()).collect();
    assert_eq!(kept.len(), ids.len(), "nothing else is there");

    let again = inbox
        .store(source, page, arrival)
        .expect("every page can be stored");
    assert!(again.orders.iter().all(|order| order.change != Change::New));
    assert!(again.set_aside.is_empty(), "set aside once only");
    let customers: HashSet<&str> = page.customers.iter().map(|it| it.id.key()).collect();
    // Two versions of one element in a page take turns, as they would if two pages brought them.
    if ids.len() == page.orders.len() && customers.len() == page.customers.len() {
        assert!(
            again
                .orders
                .iter()
                .all(|order| order.change == Change::Unchanged)
        );
        assert!(again.orders.iter().all(|order| order.alert.is_none()));
        assert!(again.customers.iter().all(|customer| !customer.is_news));
        assert_eq!(listed(inbox), kept, "the same page changes nothing");
    }
    assert_eq!(
        inbox.check().expect("the inbox can be checked"),
        Vec::<String>::new()
    );
}
