//! What is done behind the pages: words, and the WAL's way into the file.

use std::time::Duration;

use super::super::{Reading, Search};
use super::*;

fn of(folder: &TempDir, text: &str) -> usize {
    let search = Search {
        text: text.to_owned(),
        limit: 1,
        ..Search::default()
    };
    let mut reading = Reading::open(folder.path()).unwrap();
    reading.search(&search).unwrap().total as usize
}

/// Stores as a page is stored, without what is done behind it.
fn store_alone(inbox: &mut Inbox, orders: &[Value]) {
    inbox.store(SHOP, &page(orders), at(0)).unwrap();
}

fn orders(numbers: std::ops::Range<u32>) -> Vec<Value> {
    numbers.map(|n| told(&format!("o{n}"), 0)).collect()
}

fn noting(order: &Value, notes: &str) -> Value {
    with(order.clone(), "/notes", json!(notes))
}

fn pages_in_wal(inbox: &Inbox) -> i64 {
    let sizes = "PRAGMA wal_checkpoint(NOOP)";
    let left = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?);
    inbox.connection.query_row(sizes, [], left).unwrap()
}

#[test]
fn words_that_a_death_left_out_are_kept_after_the_next_start() {
    let (folder, mut inbox) = inbox();
    store_alone(&mut inbox, &orders(0..250));
    assert_eq!(of(&folder, "hidalgo"), 0);
    drop(inbox);
    let mut inbox = Inbox::open(folder.path()).unwrap();
    inbox.do_all_behind().unwrap();
    assert_eq!(of(&folder, "hidalgo"), 250);
    sound(&inbox);
}

#[test]
fn more_orders_than_are_held_in_memory_are_found_as_well() {
    let (folder, mut inbox) = inbox();
    for page in 0..25 {
        store_alone(&mut inbox, &orders(page * 100..page * 100 + 100));
    }
    inbox.do_all_behind().unwrap();
    assert_eq!(of(&folder, "hidalgo"), 2_500);
    sound(&inbox);
}

#[test]
fn of_two_versions_the_newer_is_found_however_soon_it_came() {
    let (folder, mut inbox) = inbox();
    store_alone(&mut inbox, &[noting(&told("a", 0), "verde")]);
    store_alone(&mut inbox, &[noting(&told("a", 1), "rojo")]);
    inbox.do_all_behind().unwrap();
    assert_eq!((of(&folder, "verde"), of(&folder, "rojo")), (0, 1));
    store_alone(&mut inbox, &[noting(&told("a", 2), "azul")]);
    inbox.do_all_behind().unwrap();
    assert_eq!((of(&folder, "rojo"), of(&folder, "azul")), (0, 1));
    sound(&inbox);
}

#[test]
fn an_order_that_was_emptied_before_its_words_were_kept_is_not_found_by_them() {
    let (folder, mut inbox) = inbox();
    store_alone(&mut inbox, &[told("a", 0)]);
    see(&mut inbox, "a", 1);
    let newest = with(
        told("b", 0),
        "/createdAt",
        json!("2026-12-24T18:00:00.000Z"),
    );
    store_alone(&mut inbox, &[noting(&newest, "nuevo")]);
    let month = Timestamp(NOON + 30 * 24 * HOUR);
    inbox
        .retain(Duration::from_secs(60), Some(SHOP), month)
        .unwrap();
    inbox.do_all_behind().unwrap();
    assert_eq!((of(&folder, "cebolla"), of(&folder, "nuevo")), (0, 1));
    sound(&inbox);
}

#[test]
fn what_is_kept_without_waiting_for_the_disk_leaves_the_next_page_waiting_for_it() {
    let (_folder, mut inbox) = inbox();
    store_alone(&mut inbox, &[told("a", 0)]);
    inbox.do_all_behind().unwrap();
    let full: i64 = inbox
        .connection
        .query_row("PRAGMA synchronous", [], |row| row.get(0))
        .unwrap();
    assert_eq!(full, 2);
}

#[test]
fn a_long_wal_goes_into_the_file_behind_the_pages_and_in_no_commit() {
    let (_folder, mut inbox) = inbox();
    let mut longest = 0;
    for page in 0..20 {
        let before = pages_in_wal(&inbox);
        store_alone(&mut inbox, &orders(page * 100..page * 100 + 100));
        let after = pages_in_wal(&inbox);
        assert!(after > before, "the commit copied nothing");
        inbox.do_all_behind().unwrap();
        longest = longest.max(pages_in_wal(&inbox));
    }
    assert!(longest < 1_000, "{longest} pages are left behind the pages");
    sound(&inbox);
}
