//! The backup, as far as it is not about damage.

use std::fs;
use std::path::Path;

use super::*;
use crate::inbox::{InboxError, TicketWay};

const MINUTE: i64 = 60_000;

fn backed_up(inbox: &mut Inbox, minute: i64) {
    assert!(
        inbox
            .back_up_if_due(Timestamp(NOON + minute * MINUTE))
            .unwrap()
    );
}

/// What the only column of the only row says.
fn of_backup(folder: &Path, query: &str) -> i64 {
    let backup = Connection::open(files::backup(folder)).unwrap();
    backup.query_row(query, [], |row| row.get(0)).unwrap()
}

/// The inbox is gone; what its backup brings back.
fn brought_back(folder: &Path) -> Inbox {
    files::remove(&files::database(folder)).unwrap();
    Inbox::open(folder).unwrap()
}

#[cfg(unix)]
fn identity(file: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&fs::metadata(file).unwrap())
}

#[cfg(unix)]
#[test]
fn a_backup_gets_what_it_lacks_and_is_not_made_anew() {
    let (folder, mut inbox) = inbox();
    let many: Vec<Value> = (0..250).map(|n| told(&format!("o{n}"), 0)).collect();
    store(&mut inbox, &many);
    backed_up(&mut inbox, 0);
    let first = identity(&files::backup(folder.path()));
    store(&mut inbox, &[with(told("o7", 1), "/total", json!(500))]);
    store(&mut inbox, &[told("late", 0)]);
    see(&mut inbox, "o8", 1);
    backed_up(&mut inbox, 1);
    assert_eq!(identity(&files::backup(folder.path())), first);
    drop(inbox);
    let inbox = brought_back(folder.path());
    let orders = inbox.orders(LONG_AGO).unwrap();
    assert_eq!(orders.len(), 251);
    let version = |id: &str| orders.iter().find(|o| o.id.key() == id).unwrap();
    assert_eq!(version("o7").version, 2);
    assert_eq!(version("o8").attention, Attention::Seen);
    sound(&inbox);
}

#[test]
fn only_what_changed_is_copied() {
    let (folder, mut inbox) = inbox();
    let many: Vec<Value> = (0..20).map(|n| told(&format!("o{n}"), 0)).collect();
    store(&mut inbox, &many);
    backed_up(&mut inbox, 0);
    // A row that nobody copies again keeps what is done to it here.
    let backup = Connection::open(files::backup(folder.path())).unwrap();
    let spoil = "UPDATE orders SET id_token = 'spoilt' WHERE id <> 'o3'";
    assert_eq!(backup.execute(spoil, []).unwrap(), 19);
    drop(backup);
    store(&mut inbox, &[with(told("o3", 1), "/total", json!(500))]);
    backed_up(&mut inbox, 1);
    let spoilt = "SELECT count(*) FROM orders WHERE id_token = 'spoilt'";
    assert_eq!(of_backup(folder.path(), spoilt), 19);
    let left = "SELECT count(*) FROM changes";
    let left: i64 = inbox.connection.query_row(left, [], |r| r.get(0)).unwrap();
    assert_eq!(left, 1, "what the backup has is not told again");
}

#[test]
fn what_is_removed_is_removed_from_the_backup() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let ticket = inbox
        .begin_ticket(SHOP, "a", TicketWay::Printer, Timestamp(NOON))
        .unwrap();
    backed_up(&mut inbox, 0);
    let tickets = "SELECT count(*) FROM tickets";
    assert_eq!(of_backup(folder.path(), tickets), 1);
    inbox.forget_ticket(ticket.unwrap()).unwrap();
    backed_up(&mut inbox, 1);
    assert_eq!(of_backup(folder.path(), tickets), 0);
}

#[test]
fn a_damaged_backup_is_made_anew_and_accuses_nobody() {
    for at in [0, 4096] {
        let (folder, mut inbox) = inbox();
        let many: Vec<Value> = (0..60).map(|n| told(&format!("o{n}"), 0)).collect();
        store(&mut inbox, &many);
        backed_up(&mut inbox, 0);
        let file = files::backup(folder.path());
        let mut bytes = fs::read(&file).unwrap();
        bytes[at..].fill(0xA5);
        fs::write(&file, bytes).unwrap();
        store(&mut inbox, &[told("late", 0)]);
        backed_up(&mut inbox, 1);
        assert_eq!(
            of_backup(folder.path(), "SELECT count(*) FROM orders"),
            61,
            "damaged from byte {at} on"
        );
        drop(inbox);
        assert_eq!(Inbox::open(folder.path()).unwrap().damage(), None);
    }
}

#[test]
fn an_old_backup_that_took_the_place_of_a_newer_one_is_made_anew() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    backed_up(&mut inbox, 0);
    let file = files::backup(folder.path());
    let old = fs::read(&file).unwrap();
    store(&mut inbox, &[told("b", 0)]);
    backed_up(&mut inbox, 1);
    fs::write(&file, old).unwrap();
    store(&mut inbox, &[told("c", 0)]);
    backed_up(&mut inbox, 2);
    assert_eq!(of_backup(folder.path(), "SELECT count(*) FROM orders"), 3);
}

#[test]
fn after_a_salvage_the_backup_follows_the_new_file() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    for minute in 0..5 {
        see(&mut inbox, "a", 1);
        store(&mut inbox, &[told("a", u32::try_from(minute).unwrap())]);
        inbox
            .back_up_if_due(Timestamp(NOON + minute * MINUTE))
            .unwrap();
    }
    drop(inbox);
    let mut inbox = brought_back(folder.path());
    store(&mut inbox, &[told("c", 0)]);
    backed_up(&mut inbox, 20);
    drop(inbox);
    let inbox = brought_back(folder.path());
    let mut keys: Vec<String> = inbox
        .orders(LONG_AGO)
        .unwrap()
        .iter()
        .map(|order| order.id.key().to_owned())
        .collect();
    keys.sort();
    assert_eq!(keys, ["a", "b", "c"]);
}

#[test]
fn a_backup_that_is_dropped_half_way_leaves_the_one_before() {
    let (folder, mut inbox) = inbox();
    let many: Vec<Value> = (0..400).map(|n| told(&format!("o{n}"), 0)).collect();
    store(&mut inbox, &many[..200]);
    backed_up(&mut inbox, 0);
    store(&mut inbox, &many);
    let reading = crate::inbox::Reading::open(folder.path()).unwrap();
    let mut half = reading.begin_backup(Timestamp(NOON + MINUTE)).unwrap();
    assert_eq!(reading.go_on(&mut half).unwrap(), None);
    drop(half);
    assert_eq!(of_backup(folder.path(), "SELECT count(*) FROM orders"), 200);
    backed_up(&mut inbox, 1);
    assert_eq!(of_backup(folder.path(), "SELECT count(*) FROM orders"), 400);
}

#[test]
fn what_was_written_while_a_backup_was_made_goes_into_the_next() {
    let (folder, mut inbox) = inbox();
    let many: Vec<Value> = (0..300).map(|n| told(&format!("o{n}"), 0)).collect();
    store(&mut inbox, &many);
    let reading = crate::inbox::Reading::open(folder.path()).unwrap();
    let mut copying = reading.begin_backup(Timestamp(NOON)).unwrap();
    inbox.backup_begun(Timestamp(NOON));
    reading.go_on(&mut copying).unwrap();
    see(&mut inbox, "o1", 1);
    store(&mut inbox, &[told("late", 0)]);
    let until = loop {
        if let Some(until) = reading.go_on(&mut copying).unwrap() {
            break until;
        }
    };
    inbox.backed_up(until).unwrap();
    backed_up(&mut inbox, 1);
    drop((reading, inbox));
    let inbox = brought_back(folder.path());
    let orders = inbox.orders(LONG_AGO).unwrap();
    assert_eq!(orders.len(), 301);
    let seen = |o: &&InboxOrder| o.attention == Attention::Seen;
    assert_eq!(orders.iter().filter(seen).count(), 1);
}

#[test]
fn a_large_inbox_is_read_through_after_it_was_opened() {
    let (folder, mut inbox) = inbox();
    let many: Vec<Value> = (0..450).map(|n| told(&format!("o{n}"), 0)).collect();
    store(&mut inbox, &many);
    drop(inbox);
    let inbox = Inbox::open_to(folder.path(), false).unwrap();
    assert!(!inbox.is_checked());
    let read_through = || {
        let reading = crate::inbox::Reading::open(folder.path())?;
        let mut after = i64::MIN;
        let mut steps = 0;
        while let Some(last) = reading.check_some(after)? {
            after = last;
            steps += 1;
        }
        Ok::<_, InboxError>(steps)
    };
    assert_eq!(read_through().unwrap(), 3);
    let spoil = "UPDATE orders SET body = replace(body, '120', '999') WHERE id = 'o300'";
    inbox.connection.execute(spoil, []).unwrap();
    let found = read_through();
    assert!(matches!(found, Err(InboxError::Damaged(_))), "{found:?}");
}

/// Orders that are unreadable, and when each was seen.
fn seen_at(inbox: &Inbox) -> Vec<Option<Timestamp>> {
    let mut orders = inbox.unreadable_orders(LONG_AGO).unwrap();
    orders.sort_by_key(|order| order.received_at);
    orders.into_iter().map(|order| order.seen_at).collect()
}

/// Stores an unreadable order, and returns its hash.
fn set_aside(inbox: &mut Inbox, milliseconds: i64) -> String {
    let page = format!(r#"{{"orders":[{{"total":{milliseconds}}}]}}"#);
    let page = Page::parse(page.as_bytes()).unwrap();
    inbox.store(SHOP, &page, at(milliseconds)).unwrap();
    page.set_aside[0].hash.clone()
}

#[test]
fn an_unreadable_order_comes_back_from_the_backup_as_seen_or_unseen_as_it_was() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let seen = set_aside(&mut inbox, 1);
    set_aside(&mut inbox, 2);
    backed_up(&mut inbox, 0);
    // Marked after the first backup: the change itself has to reach the next one.
    inbox
        .mark_unreadable_seen(&[seen], Timestamp(NOON + 5))
        .unwrap();
    backed_up(&mut inbox, 1);
    drop(inbox);
    let inbox = brought_back(folder.path());
    assert_eq!(seen_at(&inbox), [Some(Timestamp(NOON + 5)), None]);
    sound(&inbox);
}

#[test]
fn an_unreadable_order_that_was_seen_in_the_backup_alone_stays_seen() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let seen = set_aside(&mut inbox, 1);
    drop(inbox);
    let old = fs::read(files::database(folder.path())).unwrap();
    let mut inbox = Inbox::open(folder.path()).unwrap();
    inbox
        .mark_unreadable_seen(&[seen], Timestamp(NOON + 5))
        .unwrap();
    backed_up(&mut inbox, 0);
    drop(inbox);
    fs::write(files::database(folder.path()), old).unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert!(inbox.damage().is_some(), "the file was set back");
    assert_eq!(seen_at(&inbox), [Some(Timestamp(NOON + 5))]);
}

/// The shape of an earlier backup: the column of version 7 is not there.
fn make_earlier(backup: &Path) {
    let backup = Connection::open(backup).unwrap();
    backup
        .execute_batch("ALTER TABLE set_aside DROP COLUMN seen_at; PRAGMA user_version = 6")
        .unwrap();
}

#[test]
fn a_backup_of_an_earlier_version_is_made_anew() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    backed_up(&mut inbox, 0);
    make_earlier(&files::backup(folder.path()));
    store(&mut inbox, &[told("b", 0)]);
    backed_up(&mut inbox, 1);
    let version = "PRAGMA user_version";
    assert_eq!(of_backup(folder.path(), version), schema::current());
    set_aside(&mut inbox, 1);
    backed_up(&mut inbox, 2);
    let unseen = "SELECT count(*) FROM set_aside WHERE seen_at IS NULL";
    assert_eq!(of_backup(folder.path(), unseen), 1);
}

#[test]
fn what_an_earlier_version_set_aside_and_backed_up_is_saved_as_seen() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    set_aside(&mut inbox, 1);
    backed_up(&mut inbox, 0);
    make_earlier(&files::backup(folder.path()));
    drop(inbox);
    let inbox = brought_back(folder.path());
    assert_eq!(seen_at(&inbox), [Some(Timestamp(NOON + 1))]);
}
