//! Who may open an inbox, and what is refused.

use std::fs;

use super::*;
use crate::inbox::{InboxError, files};

#[test]
fn a_second_receiver_is_refused_until_the_first_is_gone() {
    let (folder, inbox) = inbox();
    let second = Inbox::open(folder.path());
    assert!(matches!(second, Err(InboxError::InUse(_))), "{second:?}");
    drop(inbox);
    Inbox::open(folder.path()).unwrap();
}

#[test]
fn one_beside_it_lists_and_marks_seen() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let mut beside = Inbox::open_beside(folder.path()).unwrap();
    assert_eq!(only(&beside).id.key(), "a");
    assert!(see(&mut beside, "a", 1));
    sound(&beside);
    assert_eq!(only(&inbox).attention, Attention::Seen);
}

#[test]
fn one_beside_nothing_is_refused_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let beside = Inbox::open_beside(folder.path());
    assert!(matches!(beside, Err(InboxError::Unusable(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_a_newer_campana_wrote_is_refused_and_left_alone() {
    let (folder, inbox) = inbox();
    let newer = "CREATE TABLE news (row INTEGER PRIMARY KEY); PRAGMA user_version = 99";
    inbox.connection.execute_batch(newer).unwrap();
    drop(inbox);
    for opened in [
        Inbox::open(folder.path()),
        Inbox::open_beside(folder.path()),
    ] {
        assert!(matches!(opened, Err(InboxError::Newer(99))), "{opened:?}");
    }
    assert!(files::database(folder.path()).exists());
}

#[test]
fn a_commit_waits_for_the_disk() {
    let (_folder, inbox) = inbox();
    let pragma = |name: &str| -> String {
        inbox
            .connection
            .query_row(&format!("PRAGMA {name}"), [], |row| {
                row.get::<_, rusqlite::types::Value>(0)
            })
            .map(|value| format!("{value:?}"))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)");
    assert_eq!(pragma("fullfsync"), "Integer(1)");
    assert_eq!(pragma("checkpoint_fullfsync"), "Integer(1)");
    assert_eq!(pragma("foreign_keys"), "Integer(1)");
}

#[cfg(unix)]
#[test]
fn only_this_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("campana/data");
    let mut inbox = Inbox::open(&folder).unwrap();
    store(&mut inbox, &[told("a", 0)]);
    inbox.back_up_if_due(Timestamp(NOON)).unwrap();
    let rights = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(rights(&folder), 0o700);
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(rights(&file), 0o600, "{}", file.display());
    }
}
