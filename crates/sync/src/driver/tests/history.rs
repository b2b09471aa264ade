//! Reading beside what is written, and retention's pace.

use campana_contract::{Confirmation, ConfirmedOrder};
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::clock::Now;
use crate::driver::retaining::Retaining;
use crate::inbox::{Arrival, Search};

fn everything() -> Search {
    Search {
        limit: 50,
        ..Search::default()
    }
}

#[tokio::test]
async fn the_history_is_read_while_pages_come_and_never_after_the_end() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    assert_eq!(handle.search(everything()).await.unwrap().total, 0);
    shop.order("a");
    shop.hint();
    until(&mut reports, is_alert("a", false)).await;
    assert_eq!(handle.search(everything()).await.unwrap().total, 1);
    let order = handle.order("http://127.0.0.1:5000", "a").await.unwrap();
    assert_eq!(order.unwrap().id.key(), "a");
    handle.shut_down().await;
    assert!(handle.search(everything()).await.is_err());
    let left = std::fs::read_dir(folder.path()).unwrap();
    let beside = left
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with("-wal") || name.ends_with("-shm"));
    assert_eq!(beside.count(), 0, "one whole file is left");
}

// Windows lets nobody remove a file that is open.
#[cfg(unix)]
#[tokio::test]
async fn the_history_is_that_of_the_file_that_took_a_lost_ones_place() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.order("a");
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_alert("a", false)).await;
    until(&mut reports, |r| matches!(r, Report::Confirmed { .. })).await;
    assert_eq!(handle.search(everything()).await.unwrap().total, 1);
    for name in ["inbox.sqlite3", "inbox.sqlite3-wal", "inbox.sqlite3-shm"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    shop.order("b");
    shop.hint();
    until(&mut reports, |r| matches!(r, Report::Damaged(_))).await;
    handle.sync_now();
    until(&mut reports, |r| matches!(r, Report::Confirmed { .. })).await;
    let found = handle.search(everything()).await.unwrap();
    let mut ids: Vec<&str> = found.orders.iter().map(|order| order.id.key()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a", "b"]);
}

#[tokio::test]
async fn a_large_inbox_rings_before_it_was_read_through_and_is_salvaged_if_it_is_damaged() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    drop(old_orders(&folder, 450));
    let file = folder.path().join("inbox.sqlite3");
    let spoil = "UPDATE orders SET body = replace(body, 'o300', 'o999') WHERE id = 'o300'";
    let spoilt = rusqlite::Connection::open(&file).and_then(|inbox| inbox.execute(spoil, []));
    assert_eq!(spoilt.unwrap(), 1);
    shop.order("a");
    let inbox = Inbox::open_to(folder.path(), false).unwrap();
    let (handle, mut reports) = shop.run_with(inbox);
    let (mut rang, mut is_damaged) = (false, false);
    until(&mut reports, |report| {
        rang |= is_alert("a", false)(report);
        is_damaged |= matches!(report, Report::Damaged(_));
        rang && is_damaged
    })
    .await;
    handle.sync_now();
    until(&mut reports, |r| matches!(r, Report::Round { .. })).await;
    let found = handle.search(everything()).await.unwrap();
    assert!(found.total >= 451, "{}", found.total);
}

/// An inbox with so many orders that were seen and confirmed, the last of them made a year after the others came.
fn old_orders(folder: &TempDir, number: usize) -> Inbox {
    const SOURCE: &str = "http://127.0.0.1:5000";
    let mut inbox = Inbox::open(folder.path()).unwrap();
    let arrival = Arrival {
        received_at: Timestamp(0),
        server_time: None,
    };
    let orders: Vec<String> = (0..number).map(|n| format!(r#"{{"id":"o{n}"}}"#)).collect();
    let newest = r#"{"id":"newest","createdAt":"1971-01-01T00:00:00Z"}"#;
    let text = format!(r#"{{"orders":[{},{newest}]}}"#, orders.join(","));
    let page = Page::parse(text.as_bytes()).unwrap();
    let stored = inbox.store(SOURCE, &page, arrival).unwrap();
    inbox.mark_all_seen(Timestamp(0)).unwrap();
    let confirmed = stored.orders.iter().map(|order| ConfirmedOrder {
        id: order.id.clone(),
        shift_order_number: None,
    });
    let confirmation = Confirmation {
        orders: confirmed.collect(),
        customers: Vec::new(),
    };
    inbox
        .confirmed(SOURCE, &confirmation, Timestamp(0))
        .unwrap();
    inbox
}

#[tokio::test]
async fn retention_goes_in_small_steps_soon_and_hourly_and_never_in_front_of_a_page() {
    let folder = TempDir::new().unwrap();
    let (reports, _told) = unbounded_channel();
    let inbox = inbox_thread(old_orders(&folder, 250), reports);
    let mut retaining = Retaining::default();
    let mut now = Now {
        monotonic: Duration::from_secs(5),
        wall: Timestamp(400 * 24 * 60 * 60 * 1000),
    };
    assert_eq!(retaining.wait(now.monotonic), None, "for ever");
    retaining.keep(90, now.monotonic);
    let hour = Duration::from_secs(60 * 60);
    let soon = retaining.wait(now.monotonic).unwrap();
    assert!(soon < Duration::from_secs(60), "{soon:?}");
    now.monotonic += soon;
    retaining.go_on(&inbox, now, None, true);
    let left = || {
        inbox.run(|inbox| {
            Ok(inbox
                .orders(Timestamp(0))?
                .iter()
                .filter(|o| o.order.is_some())
                .count())
        })
    };
    assert_eq!(left().await.unwrap(), 251, "a page is on its way");
    let mut calls = 0;
    while retaining.wait(now.monotonic).unwrap() < hour / 2 {
        now.monotonic += retaining.wait(now.monotonic).unwrap();
        retaining.go_on(&inbox, now, None, false);
        // The step is done, and its end told, before time goes on.
        assert!(left().await.unwrap() >= 51 || calls > 0);
        tokio::task::yield_now().await;
        calls += 1;
        assert!(calls < 1_000, "the round ends");
    }
    assert_eq!(left().await.unwrap(), 1, "the newest was just made");
    assert!(calls > 2, "not all at once");
    retaining.keep(90, now.monotonic);
    assert!(retaining.wait(now.monotonic).unwrap() > hour / 2);
    retaining.keep(7, now.monotonic);
    assert!(
        retaining.wait(now.monotonic).unwrap() < hour / 2,
        "another choice holds soon"
    );
    retaining.keep(0, now.monotonic);
    assert_eq!(retaining.wait(now.monotonic), None);
}
