//! The table of activities.

use super::*;
use crate::activity::{Activity, ActivityKind, KEPT};

fn pull(at: i64) -> Activity {
    Activity {
        at: Timestamp(at),
        kind: ActivityKind::Pull,
        went_well: at % 2 == 0,
        detail: Some("guide".to_owned()),
        bytes: Some(1_204),
        milliseconds: None,
        number: Some(3),
    }
}

#[test]
fn activities_come_back_as_they_were_oldest_first() {
    let (folder, mut inbox) = inbox();
    let activities = [pull(1), pull(2), pull(3)];
    inbox.add_activity(&activities[..2]).unwrap();
    inbox.add_activity(&activities[2..]).unwrap();
    assert_eq!(inbox.activity(KEPT).unwrap(), activities);
    assert_eq!(inbox.activity(2).unwrap(), activities[1..]);
    let beside = Inbox::open_beside(folder.path()).unwrap();
    assert_eq!(beside.activity(1).unwrap(), activities[2..]);
}

#[test]
fn old_activities_go() {
    let (_folder, mut inbox) = inbox();
    for chunk in 0..30 {
        let chunk: Vec<_> = (chunk * 50..(chunk + 1) * 50).map(pull).collect();
        inbox.add_activity(&chunk).unwrap();
    }
    let kept = inbox.activity(usize::MAX).unwrap();
    assert_eq!(kept.len(), KEPT);
    assert_eq!((kept[0].at.0, kept[KEPT - 1].at.0), (1_000, 1_499));
}

#[test]
fn an_inbox_of_version_1_gets_the_table_and_keeps_its_orders() {
    let folder = version_1();
    let beside = Inbox::open_beside(folder.path());
    assert!(beside.is_err(), "beside a running one nothing is changed");
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(inbox.activity(KEPT).unwrap(), []);
    inbox.add_activity(&[pull(1)]).unwrap();
    let order = only(&inbox);
    assert_eq!(
        (order.id.key(), order.attention),
        ("a", ringing(AlertKind::NewOrder))
    );
    sound(&inbox);
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.activity(KEPT).unwrap(), [pull(1)]);
}
