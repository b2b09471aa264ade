//! What retention removes, and what it never touches.

use std::time::Duration;

use campana_contract::{Confirmation, ConfirmedOrder};
use serde_json::json;

use super::super::{Reading, Search};
use super::*;

const DAY: i64 = 24 * HOUR;
const KEEP: Duration = Duration::from_secs(90 * 24 * 60 * 60);

fn confirm(inbox: &mut Inbox, stored: &Stored) {
    let orders = stored.orders.iter().map(|order| ConfirmedOrder {
        id: order.id.clone(),
        shift_order_number: order.shift_order_number,
    });
    let confirmation = Confirmation {
        orders: orders.collect(),
        customers: Vec::new(),
    };
    inbox
        .confirmed(SHOP, &confirmation, Timestamp(NOON))
        .unwrap();
}

/// An order that is made now, so that the shop's time goes on.
fn later(inbox: &mut Inbox, days: i64) -> Timestamp {
    let now = NOON + days * DAY;
    let made = time::OffsetDateTime::from_unix_timestamp(now / 1000).unwrap();
    let made = made
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    let order = with(told("newest", 0), "/createdAt", json!(made));
    inbox.store(SHOP, &page(&[order]), at(days * DAY)).unwrap();
    inbox.do_all_behind().unwrap();
    Timestamp(now)
}

fn retain_all(inbox: &mut Inbox, watched: Option<&str>, now: Timestamp) -> usize {
    let mut steps = 1;
    while inbox.retain(KEEP, watched, now).unwrap() {
        steps += 1;
        assert!(steps < 1_000, "it ends");
    }
    steps
}

fn emptied(inbox: &Inbox) -> Vec<String> {
    let orders = inbox.orders(LONG_AGO).unwrap();
    let mut ids: Vec<String> = orders
        .iter()
        .filter(|order| order.order.is_none())
        .map(|order| order.id.key().to_owned())
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn only_what_was_seen_and_confirmed_long_ago_is_emptied() {
    let (folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[told("done", 0), told("unseen", 0)]);
    confirm(&mut inbox, &stored);
    store(&mut inbox, &[told("unconfirmed", 0)]);
    see(&mut inbox, "done", 1);
    see(&mut inbox, "unconfirmed", 1);
    let now = later(&mut inbox, 89);
    retain_all(&mut inbox, None, now);
    assert_eq!(emptied(&inbox), Vec::<String>::new(), "not old enough");
    let now = later(&mut inbox, 91);
    retain_all(&mut inbox, None, now);
    assert_eq!(emptied(&inbox), ["done"]);
    retain_all(&mut inbox, Some("https://otra.example"), now);
    assert_eq!(emptied(&inbox), ["done"]);
    retain_all(&mut inbox, Some(SHOP), now);
    assert_eq!(emptied(&inbox), ["done", "unconfirmed"], "only watched");
    sound(&inbox);
    let found = |text: &str| {
        let search = Search {
            text: text.into(),
            limit: 9,
            ..Search::default()
        };
        Reading::open(folder.path())
            .unwrap()
            .search(&search)
            .unwrap()
            .total
    };
    assert_eq!(found("hidalgo"), 2, "its words are gone");
    assert_eq!(found(""), 4, "it is not");
    drop(inbox);
    assert_eq!(Inbox::open(folder.path()).unwrap().damage(), None);
}

#[test]
fn an_emptied_order_that_comes_again_is_no_news_and_a_newer_one_rings() {
    let (_folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[told("a", 0)]);
    confirm(&mut inbox, &stored);
    see(&mut inbox, "a", 1);
    let now = later(&mut inbox, 91);
    retain_all(&mut inbox, None, now);
    assert_eq!(emptied(&inbox), ["a"]);
    let again = store(&mut inbox, &[told("a", 0)]);
    assert_eq!(change_and_alert(&again), (Change::Unchanged, None));
    assert_eq!(emptied(&inbox), ["a"]);
    let changed = store(&mut inbox, &[with(told("a", 1), "/total", json!(130))]);
    assert_eq!(
        change_and_alert(&changed),
        (Change::Updated, Some(AlertKind::Changed))
    );
    assert_eq!(emptied(&inbox), Vec::<String>::new());
    sound(&inbox);
}

#[test]
fn a_clock_that_is_years_ahead_empties_nothing() {
    let (_folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[told("a", 0)]);
    confirm(&mut inbox, &stored);
    see(&mut inbox, "a", 1);
    retain_all(&mut inbox, None, Timestamp(NOON + 3_650 * DAY));
    assert_eq!(emptied(&inbox), Vec::<String>::new());
}

#[test]
fn many_are_emptied_in_small_steps_and_the_disk_gets_its_space_back() {
    let (folder, mut inbox) = inbox();
    let long = "x ".repeat(4_000);
    let orders: Vec<_> = (0..450)
        .map(|number| with(told(&format!("o{number}"), 0), "/notes", json!(long)))
        .collect();
    let stored = store(&mut inbox, &orders);
    confirm(&mut inbox, &stored);
    inbox.mark_all_seen(Timestamp(NOON)).unwrap();
    let now = later(&mut inbox, 91);
    let pages = |inbox: &Inbox| -> i64 {
        inbox
            .connection
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap()
    };
    let before = pages(&inbox);
    assert!(inbox.retain(KEEP, None, now).unwrap());
    assert_eq!(emptied(&inbox).len(), 200);
    assert!(retain_all(&mut inbox, None, now) > 3);
    assert_eq!(emptied(&inbox).len(), 450);
    assert!(
        pages(&inbox) * 4 < before,
        "{} of {before} pages",
        pages(&inbox)
    );
    sound(&inbox);
    drop(inbox);
    assert_eq!(Inbox::open(folder.path()).unwrap().damage(), None);
}

#[test]
fn what_was_emptied_does_not_come_back_from_the_backup() {
    let (folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[told("a", 0)]);
    confirm(&mut inbox, &stored);
    see(&mut inbox, "a", 1);
    let now = later(&mut inbox, 91);
    inbox.back_up_if_due(now).unwrap();
    retain_all(&mut inbox, None, now);
    inbox
        .connection
        .execute_batch("UPDATE orders SET body = 'spoilt' WHERE id = 'newest'")
        .unwrap();
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    assert!(inbox.damage().is_some());
    assert_eq!(emptied(&inbox), ["a"]);
    sound(&inbox);
}

/// 2019-01-01T00:00:00Z, where a computer whose battery is empty may begin.
const YEARS_AGO: Timestamp = Timestamp(1_546_300_800_000);

/// Stores, confirms and sees an order while the computer's clock is years behind.
fn received_years_ago(inbox: &mut Inbox, order: Value, server_time: Option<Timestamp>) {
    let arrival = Arrival {
        received_at: YEARS_AGO,
        server_time,
    };
    let id = order["id"].as_str().unwrap().to_owned();
    let stored = inbox.store(SHOP, &page(&[order]), arrival).unwrap();
    inbox.do_all_behind().unwrap();
    confirm(inbox, &stored);
    inbox.mark_seen(SHOP, &id, 1, YEARS_AGO).unwrap();
}

#[test]
fn a_clock_that_was_years_behind_for_an_hour_costs_no_order_of_today() {
    let without_time = |id| with(told(id, 0), "/createdAt", Value::Null);
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("before", 0)]);
    received_years_ago(&mut inbox, told("made", 0), None);
    received_years_ago(&mut inbox, without_time("dated"), Some(Timestamp(NOON)));
    received_years_ago(&mut inbox, without_time("between"), None);
    let now = later(&mut inbox, 1);
    retain_all(&mut inbox, None, now);
    assert_eq!(emptied(&inbox), Vec::<String>::new());
    let now = later(&mut inbox, 200);
    retain_all(&mut inbox, None, now);
    assert_eq!(emptied(&inbox), ["between", "dated", "made"]);
}

#[test]
fn a_clock_that_was_years_ahead_for_an_hour_costs_no_order_of_today() {
    let (_folder, mut inbox) = inbox();
    let stored = store(&mut inbox, &[told("a", 0)]);
    confirm(&mut inbox, &stored);
    see(&mut inbox, "a", 1);
    let arrival = Arrival {
        received_at: Timestamp(NOON + 3_650 * DAY),
        server_time: Some(Timestamp(NOON)),
    };
    let order = with(told("b", 0), "/createdAt", Value::Null);
    inbox.store(SHOP, &page(&[order]), arrival).unwrap();
    retain_all(&mut inbox, None, arrival.received_at);
    assert_eq!(emptied(&inbox), Vec::<String>::new());
}

#[test]
fn what_retention_removed_cannot_be_read_from_the_files_any_more() {
    let (folder, mut inbox) = inbox();
    let orders: Vec<_> = (0..50)
        .map(|number| with(told(&format!("o{number}"), 0), "/notes", json!("zqxjkvw")))
        .collect();
    let stored = store(&mut inbox, &orders);
    assert!(inbox.back_up_if_due(Timestamp(NOON)).unwrap());
    confirm(&mut inbox, &stored);
    inbox.mark_all_seen(Timestamp(NOON)).unwrap();
    let now = later(&mut inbox, 91);
    retain_all(&mut inbox, None, now);
    assert!(inbox.back_up_if_due(now).unwrap());
    drop(inbox);
    for file in [files::database(folder.path()), files::backup(folder.path())] {
        let bytes = std::fs::read(&file).unwrap();
        let left = bytes.windows(7).filter(|seven| *seven == b"zqxjkvw");
        assert_eq!(left.count(), 0, "{}", file.display());
    }
}
