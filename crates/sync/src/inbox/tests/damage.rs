//! Damaged files, and the backup.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::*;
use crate::inbox::{Facet, InboxError, files};

fn overwrite(file: &Path, from: u64, length: usize) {
    let mut file = OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&vec![0xA5; length]).unwrap();
}

fn keys(inbox: &Inbox) -> Vec<String> {
    let mut keys: Vec<_> = inbox
        .orders(LONG_AGO)
        .unwrap()
        .iter()
        .map(|order| order.id.key().to_owned())
        .collect();
    keys.sort();
    keys
}

#[test]
fn a_file_that_is_no_database_is_replaced_by_the_backup() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    see(&mut inbox, "b", 1);
    assert!(inbox.back_up_if_due(Timestamp(NOON + 5)).unwrap());
    drop(inbox);
    overwrite(&files::database(folder.path()), 0, 4096);
    let inbox = Inbox::open(folder.path()).unwrap();
    let damage = inbox.damage().unwrap().clone();
    assert_eq!(damage.saved, 2);
    assert_eq!(damage.missing_since, Some(Timestamp(NOON + 5)));
    let name = damage.kept_at.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("inbox.damaged-20"), "{name}");
    assert_eq!(fs::read(&damage.kept_at).unwrap()[..4], [0xA5; 4]);
    assert_eq!(keys(&inbox), ["a", "b"]);
    let unseen = inbox.orders(Timestamp(i64::MAX)).unwrap();
    assert_eq!(unseen.len(), 1);
    assert_eq!(unseen[0].attention, ringing(AlertKind::NewOrder));
    sound(&inbox);
}

#[test]
fn a_file_whose_header_forbids_writing_is_salvaged() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    drop(inbox);
    // The write version: more than 2 is a format that may only be read.
    overwrite(&files::database(folder.path()), 18, 1);
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert!(inbox.damage().is_some());
    store(&mut inbox, &[told("b", 0)]);
    assert_eq!(keys(&inbox), ["a", "b"]);
}

#[test]
fn damage_is_told_at_each_start_until_a_page_was_stored() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    drop(inbox);
    overwrite(&files::database(folder.path()), 0, 4096);
    for _ in 0..2 {
        let inbox = Inbox::open(folder.path()).unwrap();
        let damage = inbox.damage().unwrap();
        assert_eq!(damage.missing_since, None);
        assert!(damage.kept_at.exists());
    }
    let mut inbox = Inbox::open(folder.path()).unwrap();
    store(&mut inbox, &[]);
    assert_eq!(inbox.damage(), None);
    drop(inbox);
    assert_eq!(Inbox::open(folder.path()).unwrap().damage(), None);
}

#[test]
fn a_file_that_is_set_back_is_noticed_and_nothing_of_its_backup_is_lost() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let old = fs::read(files::database(folder.path())).unwrap();
    store(&mut inbox, &[told("b", 0)]);
    inbox.back_up_if_due(Timestamp(NOON)).unwrap();
    inbox.store(SHOP, &page(&[told("c", 0)]), at(2)).unwrap();
    drop(inbox);
    fs::write(files::database(folder.path()), old).unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage().unwrap().missing_since, Some(Timestamp(NOON)));
    assert_eq!(keys(&inbox), ["a", "b"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_removed_or_replaced_while_it_is_open_loses_nothing() {
    for replaced in [false, true] {
        let (folder, mut inbox) = inbox();
        let database = files::database(folder.path());
        store(&mut inbox, &[told("a", 0)]);
        files::remove(&database).unwrap();
        if replaced {
            fs::write(&database, [b'x'; 9000]).unwrap();
        }
        let stored = inbox.store(SHOP, &page(&[told("b", 0)]), at(1));
        assert!(matches!(stored, Err(InboxError::Damaged(_))), "{stored:?}");
        inbox.close_damaged();
        let inbox = Inbox::open(folder.path()).unwrap();
        assert_eq!(keys(&inbox), ["a", "b"]);
        assert_eq!(
            inbox.damage().unwrap().missing_since,
            Some(Timestamp(NOON + 1))
        );
        sound(&inbox);
    }
}

#[test]
fn what_only_the_wal_holds_is_saved_when_the_head_of_the_file_is_destroyed() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    see(&mut inbox, "b", 1);
    // As a killed program leaves it.
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let database = files::database(copy.path());
    fs::write(&database, vec![0xA5; 40_000]).unwrap();
    // Its own head, so that SQLite refuses all of it.
    overwrite(&files::beside(&database, "-wal"), 0, 32);
    let inbox = Inbox::open(copy.path()).unwrap();
    assert_eq!(keys(&inbox), ["a", "b"]);
    let ringing = inbox.orders(Timestamp(i64::MAX)).unwrap();
    assert_eq!(ringing.len(), 1);
    assert_eq!(ringing[0].id.key(), "a");
    sound(&inbox);
}

#[test]
fn rows_around_a_damaged_page_are_saved_and_the_newest_version_wins() {
    let (folder, mut inbox) = inbox();
    let orders: Vec<Value> = (0..60).map(|n| told(&format!("o{n:02}"), 0)).collect();
    store(&mut inbox, &orders);
    inbox.back_up_if_due(Timestamp(NOON)).unwrap();
    let later: Vec<Value> = (0..60).map(|n| told(&format!("p{n:02}"), 0)).collect();
    store(&mut inbox, &later);
    store(&mut inbox, &[with(told("o59", 1), "/total", json!(500))]);
    drop(inbox);
    let file = files::database(folder.path());
    // One page in the middle of the table's leaves.
    let damaged_page = {
        let bytes = fs::read(&file).unwrap();
        let needle = b"\"id\":\"p30\"";
        let found = bytes
            .windows(needle.len())
            .position(|window| window == needle)
            .unwrap();
        u64::try_from(found / 4096 * 4096).unwrap()
    };
    overwrite(&file, damaged_page, 4096);

    let inbox = Inbox::open(folder.path()).unwrap();
    let damage = inbox.damage().unwrap();
    assert_eq!(damage.missing_since, Some(Timestamp(NOON)));
    let keys = keys(&inbox);
    assert_eq!(damage.saved, keys.len());
    // The backup has every `o`; of the `p` only those on the damaged page (at most four fit) are lost.
    assert_eq!(keys.iter().filter(|key| key.starts_with('o')).count(), 60);
    let saved = keys.iter().filter(|key| key.starts_with('p')).count();
    assert!((55..60).contains(&saved), "{saved}");
    let newest = inbox
        .orders(LONG_AGO)
        .unwrap()
        .into_iter()
        .find(|order| order.id.key() == "o59")
        .unwrap();
    assert_eq!(
        (newest.version, newest.attention),
        (2, ringing(AlertKind::NewOrder))
    );
    sound(&inbox);
}

#[test]
fn a_damaged_file_without_a_backup_says_that_everything_may_be_missing() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    drop(inbox);
    fs::write(
        files::database(folder.path()),
        b"this is no database at all",
    )
    .unwrap();
    let mut inbox = Inbox::open(folder.path()).unwrap();
    let damage = inbox.damage().unwrap();
    assert_eq!((damage.saved, damage.missing_since), (0, None));
    assert_eq!(store(&mut inbox, &[told("a", 0)]).orders.len(), 1);
}

#[test]
fn a_lost_file_comes_back_from_the_backup() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    inbox.back_up_if_due(Timestamp(NOON)).unwrap();
    drop(inbox);
    files::remove(&files::database(folder.path())).unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage().unwrap().saved, 1);
    assert_eq!(keys(&inbox), ["a"]);
}

#[test]
fn a_crash_during_salvage_is_made_good_at_the_next_start() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    inbox.back_up_if_due(Timestamp(NOON)).unwrap();
    drop(inbox);
    overwrite(&files::database(folder.path()), 0, 4096);
    // Complete, and not yet in its place.
    crate::inbox::salvage::salvage(folder.path()).unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage().unwrap().saved, 1);
    let mut inbox = inbox;
    store(&mut inbox, &[]);
    drop(inbox);
    // Incomplete: it is thrown away and the sound inbox stays.
    fs::write(files::salvaged(folder.path()), b"").unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(keys(&inbox), ["a"]);
    assert!(!files::salvaged(folder.path()).exists());
}

#[test]
fn a_changed_body_is_found_by_the_check() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    inbox
        .connection
        .execute("UPDATE orders SET body = replace(body, '120', '999')", [])
        .unwrap();
    let found = inbox.check().unwrap();
    assert_eq!(found.len(), 1);
    assert!(!found[0].contains("Ana"));
}

#[test]
fn a_backup_is_made_when_orders_came_and_at_most_once_a_minute() {
    let (folder, mut inbox) = inbox();
    assert!(!inbox.back_up_if_due(Timestamp(NOON)).unwrap());
    store(&mut inbox, &[told("a", 0)]);
    assert!(inbox.back_up_if_due(Timestamp(NOON + 1)).unwrap());
    assert!(!inbox.back_up_if_due(Timestamp(NOON + HOUR)).unwrap());
    inbox.store(SHOP, &page(&[told("b", 0)]), at(2)).unwrap();
    assert!(!inbox.back_up_if_due(Timestamp(NOON + 60_000)).unwrap());
    assert!(inbox.back_up_if_due(Timestamp(NOON + 60_001)).unwrap());
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("backup"))
        .collect();
    assert_eq!(names, ["inbox.backup.sqlite3"]);
    drop(inbox);
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert!(!inbox.back_up_if_due(Timestamp(NOON + HOUR)).unwrap());
}

#[test]
fn a_good_backup_is_not_replaced_by_a_damaged_one() {
    let (folder, mut inbox) = inbox();
    let orders: Vec<Value> = (0..40).map(|n| told(&format!("o{n:02}"), 0)).collect();
    store(&mut inbox, &orders);
    assert!(inbox.back_up_if_due(Timestamp(NOON)).unwrap());
    let changed = with(told("o20", 1), "/total", json!(500));
    inbox
        .store(SHOP, &page(&[changed, told("late", 0)]), at(1))
        .unwrap();
    let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory";
    inbox.connection.execute_batch(checkpoint).unwrap();
    let file = files::database(folder.path());
    let bytes = fs::read(&file).unwrap();
    let needle = b"\"id\":\"o20\"";
    let found = bytes
        .windows(needle.len())
        .position(|window| window == needle);
    overwrite(
        &file,
        u64::try_from(found.unwrap() / 4096 * 4096).unwrap(),
        4096,
    );
    let backed_up = inbox.back_up_if_due(Timestamp(NOON + HOUR));
    assert!(
        matches!(backed_up, Err(InboxError::Damaged(_))),
        "{backed_up:?}"
    );
    inbox.close_damaged();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage().unwrap().missing_since, Some(Timestamp(NOON)));
    assert_eq!(keys(&inbox).len(), 41);
    sound(&inbox);
}

#[test]
fn a_change_of_an_order_without_a_body_is_heard() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    see(&mut inbox, "a", 1);
    inbox
        .connection
        .execute("UPDATE orders SET body = NULL", [])
        .unwrap();
    assert_eq!(only(&inbox).order, None);
    let stored = store(&mut inbox, &[told("a", 1)]);
    let changed = (Change::Updated, Some(AlertKind::Changed));
    assert_eq!(change_and_alert(&stored), changed);
    assert_eq!(only(&inbox).changes, Vec::<Facet>::new());
    sound(&inbox);
}

#[test]
fn a_body_that_is_gone_comes_back_silently() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    see(&mut inbox, "a", 1);
    inbox
        .connection
        .execute("UPDATE orders SET body = NULL", [])
        .unwrap();
    for id in ["a", "b"] {
        let stored = store(&mut inbox, &[told(id, 0)]);
        assert_eq!(change_and_alert(&stored), (Change::Updated, None));
    }
    let orders = inbox.orders(LONG_AGO).unwrap();
    assert!(orders.iter().all(|order| order.order.is_some()));
    let ringing = inbox.orders(Timestamp(i64::MAX)).unwrap();
    assert_eq!(ringing.len(), 1);
    assert_eq!(ringing[0].attention, self::ringing(AlertKind::NewOrder));
    sound(&inbox);
}

#[test]
fn a_version_that_is_damaged_is_no_newer_campana() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    drop(inbox);
    for version in [69_u8, 0] {
        let mut bytes = fs::read(files::database(folder.path())).unwrap();
        bytes[63] = version;
        fs::write(files::database(folder.path()), bytes).unwrap();
        let mut inbox = Inbox::open(folder.path()).unwrap();
        assert_eq!(keys(&inbox), ["a"]);
        assert!(inbox.damage().is_some());
        store(&mut inbox, &[]);
    }
}

#[test]
fn errors_of_the_disk_have_names() {
    let said = |code: i32| {
        let error = rusqlite::ffi::Error::new(code);
        InboxError::from(rusqlite::Error::SqliteFailure(error, Some("Ana".into())))
    };
    assert!(matches!(said(13), InboxError::DiskFull));
    assert!(matches!(said(11), InboxError::Damaged(_)));
    assert!(matches!(said(26), InboxError::Damaged(_)));
    let other = said(10);
    assert!(matches!(other, InboxError::Unusable(_)));
    assert!(!other.to_string().contains("Ana"));
}

#[test]
fn damaged_files_are_bounded_and_the_latest_stay() {
    let (folder, inbox) = inbox();
    drop(inbox);
    let file = |day: u64| {
        let name = format!("inbox.damaged-202611{day:02}T000000Z.sqlite3");
        folder.path().join(name)
    };
    for day in 1..6 {
        let written = std::time::UNIX_EPOCH + std::time::Duration::from_secs(day * 86_400);
        let made = fs::File::create(file(day)).unwrap();
        made.set_modified(written).unwrap();
        fs::write(files::beside(&file(day), "-wal"), "").unwrap();
    }
    drop(Inbox::open(folder.path()).unwrap());
    let kept: Vec<u64> = (1..6).filter(|day| file(*day).exists()).collect();
    assert_eq!(kept, [3, 4, 5]);
    assert!(!files::beside(&file(1), "-wal").exists());
    assert!(files::beside(&file(5), "-wal").exists());
}

#[test]
fn a_damaged_file_of_which_nobody_was_told_stays() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    drop(inbox);
    overwrite(&files::database(folder.path()), 0, 4096);
    let made = fs::OpenOptions::new()
        .write(true)
        .open(files::database(folder.path()))
        .unwrap();
    made.set_modified(std::time::UNIX_EPOCH).unwrap();
    drop(made);
    let mut inbox = Inbox::open(folder.path()).unwrap();
    let kept = inbox.damage().unwrap().kept_at.clone();
    assert!(kept.exists());
    store(&mut inbox, &[told("a", 0)]);
    drop(inbox);
    drop(Inbox::open(folder.path()).unwrap());
    assert!(!kept.exists(), "it is fifty years old");
}
