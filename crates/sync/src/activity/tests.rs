#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;

fn activity(kind: ActivityKind, at: i64, detail: &str) -> Activity {
    Activity {
        at: Timestamp(at),
        kind,
        went_well: true,
        detail: Some(detail.to_owned()),
        bytes: None,
        milliseconds: None,
        number: None,
    }
}

fn times(log: &Log) -> Vec<i64> {
    log.latest(KEPT).iter().map(|entry| entry.at.0).collect()
}

#[test]
fn the_names_are_those_that_are_serialised_and_are_read_back() {
    for kind in ActivityKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        assert_eq!(ActivityKind::from_name(kind.name()), Some(kind));
    }
    assert_eq!(ActivityKind::from_name("dance"), None);
}

#[test]
fn only_the_latest_are_kept() {
    let mut log = Log::default();
    for at in 0..2_000 {
        log.add(activity(ActivityKind::Pull, at, "guide"));
    }
    assert_eq!(times(&log), (1_500..2_000).collect::<Vec<_>>());
    assert_eq!(log.latest(2).len(), 2);
    assert_eq!(log.latest(1)[0].at.0, 1_999);
    assert_eq!(log.take_unsaved().len(), KEPT);
}

#[test]
fn what_was_handed_out_to_be_saved_is_not_handed_out_again() {
    let mut log = Log::continuing(vec![activity(ActivityKind::Joined, 1, "x")]);
    assert!(!log.is_unsaved());
    log.add(activity(ActivityKind::Pull, 2, "guide"));
    let unsaved = log.take_unsaved();
    assert_eq!(
        unsaved.iter().map(|entry| entry.at.0).collect::<Vec<_>>(),
        [2]
    );
    assert!(!log.is_unsaved());
    assert_eq!(log.take_unsaved(), []);
    assert_eq!(times(&log), [1, 2]);
}

#[test]
fn a_burst_of_equal_hints_is_one_entry() {
    let mut log = Log::default();
    for at in 0..10_000 {
        let mut hint = activity(ActivityKind::Hint, at, "menu");
        hint.bytes = Some(3);
        log.add(hint);
    }
    log.add(activity(ActivityKind::Hint, 10_000, "changes:pending"));
    log.take_unsaved();
    // What is saved is not changed any more.
    log.add(activity(ActivityKind::Hint, 10_001, "changes:pending"));
    assert_eq!(times(&log), [0, 10_000, 10_001]);
    let burst = &log.latest(KEPT)[0];
    assert_eq!((burst.number, burst.bytes), (Some(10_000), Some(30_000)));
}
