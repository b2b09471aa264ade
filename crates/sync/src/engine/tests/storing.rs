//! Deadlines: a disk that hangs, an exchange without an end, a computer that sleeps.

use super::world::*;
use crate::engine::{Input, LinkInput, StoreFailure};
use crate::report::Report;
use crate::status::{Cause, StatusKind};

const FAILED: (StatusKind, Option<Cause>) =
    (StatusKind::StorageFailed, Some(Cause::InboxUnwritable));

fn in_sync() -> World {
    let mut world = World::started();
    world.pass_seconds(1);
    assert_eq!(world.status().0, StatusKind::InSync);
    world
}

fn rounds(world: &World, wanted: bool) -> usize {
    let is_asked =
        |r: &&Report| matches!(r, Report::Round { asked_for, .. } if *asked_for == wanted);
    world.reports.iter().filter(is_asked).count()
}

#[test]
fn a_page_that_the_disk_does_not_take_in_time_rings_from_memory_and_is_not_confirmed() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(9);
    assert_eq!(world.alerts(), Vec::<&str>::new());
    world.pass_seconds(2);
    assert_eq!((world.alerts(), world.unstored()), (vec!["a"], vec!["a"]));
    assert_eq!(world.status(), FAILED);
    world.pass_seconds(120);
    assert_eq!(world.alerts(), ["a"]);
    assert_eq!(world.status(), FAILED);
    assert_eq!(world.confirms, Vec::new());
}

#[test]
fn what_comes_while_the_disk_hangs_rings_at_once_and_nothing_more_is_given_to_it() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(11);
    world.order("b");
    world.hint();
    world.pass_seconds(2);
    assert_eq!(world.alerts(), ["a", "b"]);
    assert_eq!(world.unstored(), ["a", "b"]);
    world.pass_seconds(600);
    assert_eq!(world.given_to_the_disk(), 1);
}

#[test]
fn a_late_commit_is_reconciled_and_confirmed_without_a_second_alert() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(60);
    world.disk_answers();
    assert_eq!(world.unstored(), Vec::<&str>::new());
    world.pass_seconds(2);
    assert_eq!(world.alerts(), ["a"]);
    let confirmed: Vec<_> = world.confirms.iter().flat_map(|(_, ids)| ids).collect();
    assert_eq!(confirmed, ["a"]);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn a_page_that_the_disk_refuses_late_goes_on_ringing_from_memory() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(60);
    world.disk_full = true;
    world.disk_answers();
    assert_eq!(world.unstored(), ["a"]);
    let full = (StatusKind::StorageFailed, Some(Cause::DiskFull));
    assert_eq!(world.status(), full);
    world.disk_full = false;
    world.pass_seconds(60);
    assert_eq!(
        (world.alerts(), world.unstored()),
        (vec!["a"], Vec::<&str>::new())
    );
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn rows_of_what_is_pending_ring_too_while_the_disk_hangs() {
    let mut world = World::new();
    world.configure(ready(false));
    world.orders(0..101);
    world.hint();
    world.pass_seconds(2);
    assert_eq!(world.status().0, StatusKind::Limited);
    world.disk_hangs = true;
    world.order("hidden");
    let news = world.pending.last().cloned();
    world.say(LinkInput::Pending {
        news: news.into_iter().collect(),
    });
    world.pass_seconds(11);
    assert!(world.unstored().contains(&"hidden"));
    assert_eq!(world.status(), FAILED);
    world.disk_answers();
    world.pass_seconds(10);
    assert_eq!(world.unstored(), Vec::<&str>::new());
    assert_eq!(world.status().0, StatusKind::Limited);
}

#[test]
fn a_page_of_an_earlier_backend_that_hangs_keeps_no_order_of_the_new_one_unheard() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.put(Input::Configure(READY, "https://other.test".into()));
    world.pass_seconds(11);
    assert_eq!(world.alerts(), ["a"]);
    assert_eq!(world.status(), FAILED);
    world.disk_answers();
    world.pass_seconds(2);
    assert_eq!(world.status().0, StatusKind::InSync);
    assert_eq!(world.unstored(), Vec::<&str>::new());
}

#[test]
fn an_order_that_rang_from_memory_rings_once_whatever_settings_of_the_shop_change() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(11);
    assert_eq!(world.alerts(), ["a"]);
    world.configure(READY);
    world.pass_seconds(30);
    assert_eq!(
        (world.alerts(), world.unstored()),
        (vec!["a"], vec!["a"]),
        "and it stays in view"
    );
    world.disk_answers();
    world.pass_seconds(5);
    assert_eq!(
        (world.alerts(), world.unstored()),
        (vec!["a"], Vec::<&str>::new())
    );
}

#[test]
fn an_old_page_rings_for_nothing_while_the_disk_hangs() {
    let mut world = in_sync();
    let old = order("a", world.now.wall);
    world.pass_seconds(1);
    world.order("a");
    world.hint();
    world.pass_seconds(2);
    assert_eq!(world.alerts(), ["a"]);
    world.disk_hangs = true;
    world.pending = vec![old];
    world.hint();
    world.pass_seconds(30);
    assert_eq!(world.status(), FAILED);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn an_order_that_only_a_row_announces_is_heard_while_the_disk_hangs() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    // The inbox does not say whether it knows the row.
    world.say(LinkInput::Answered);
    world.pass_seconds(9);
    assert_eq!(world.status().0, StatusKind::InSync);
    world.pass_seconds(6);
    assert_eq!(world.status(), FAILED);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn of_two_versions_that_a_disk_that_hangs_was_given_the_newest_rings() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(1);
    let mut cancelled = order("a", world.now.wall);
    cancelled.status = campana_contract::OrderStatus::Cancelled;
    world.pending = vec![cancelled];
    world.configure(READY);
    world.pass_seconds(30);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn an_order_that_rang_from_memory_rings_on_when_its_backend_is_asked_again() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(11);
    world.put(Input::Configure(
        crate::engine::Setup::KeyMissing,
        "https://other.test".into(),
    ));
    assert_eq!(world.unstored(), Vec::<&str>::new());
    world.configure(READY);
    world.pass_seconds(30);
    assert_eq!(world.unstored(), ["a"]);
    let again: Vec<bool> = world
        .reports
        .iter()
        .filter_map(|report| match report {
            Report::Alert { again, .. } => Some(*again),
            _ => None,
        })
        .collect();
    assert_eq!(again, [false, true]);
}

#[test]
fn an_exchange_that_never_ends_is_given_up_and_tried_again() {
    let mut world = in_sync();
    world.hold = true;
    world.order("a");
    world.hint();
    let before = world.pulls.len();
    world.pass_seconds(44);
    assert_eq!(world.pulls.len(), before);
    world.pass_seconds(2);
    let offline = (StatusKind::Offline, Some(Cause::ServerUnreachable));
    assert_eq!(world.status(), offline);
    world.deliver();
    world.pass_seconds(5);
    assert_eq!(world.alerts(), ["a"]);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn an_engine_in_place_of_another_takes_no_answer_of_that_one() {
    let mut world = in_sync();
    world.hold = true;
    world.order("a");
    world.hint();
    world.start_over();
    world.deliver();
    assert_eq!(world.alerts(), Vec::<&str>::new());
    world.configure(READY);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn a_round_that_a_person_asked_for_is_not_lost_with_the_sleep_that_breaks_it_off() {
    let mut world = in_sync();
    world.hold = true;
    world.put(Input::SyncNow);
    world.now.wall.0 += 3_600_000;
    world.hold = false;
    world.pass_seconds(12);
    assert_eq!(rounds(&world, true), 1);
}

#[test]
fn a_round_that_a_person_asked_for_outlives_a_change_of_the_settings() {
    let mut world = in_sync();
    world.hold = true;
    world.put(Input::SyncNow);
    world.hold = false;
    world.configure(READY);
    world.pass_seconds(2);
    assert_eq!(rounds(&world, true), 1);
}

#[test]
fn sleep_is_noticed_where_the_monotonic_clock_goes_on_in_it() {
    let mut world = in_sync();
    let opened = world.opened.len();
    world.now.monotonic += std::time::Duration::from_secs(3600);
    world.now.wall.0 += 3_600_000;
    world.put(Input::Tick);
    assert_eq!(world.opened.len(), opened + 1);
}

#[test]
fn a_page_that_was_being_stored_when_the_computer_fell_asleep_has_its_time_after_waking() {
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.now.monotonic += std::time::Duration::from_secs(3600);
    world.now.wall.0 += 3_600_000;
    world.put(Input::Tick);
    assert_ne!(world.status(), FAILED);
    world.disk_answers();
    assert_eq!(
        (world.alerts(), world.unstored()),
        (vec!["a"], Vec::<&str>::new())
    );
}

#[test]
fn an_inbox_that_failed_is_said_at_once_and_asked_again() {
    let mut world = in_sync();
    world.put(Input::InboxFailed("its thread ended".into()));
    assert_eq!(world.status(), FAILED);
    world.pass_seconds(5);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn what_the_disk_took_although_it_said_late_that_it_did_not_rings_there_alone() {
    use crate::engine::NotStored;
    use crate::inbox::{AlertKind, KnownOrder};
    let mut world = in_sync();
    world.disk_hangs = true;
    world.order("a");
    world.hint();
    world.pass_seconds(11);
    let generation = world.generation_at_the_disk();
    let known = KnownOrder {
        is_current: true,
        rings: Some(AlertKind::NewOrder),
    };
    world.put(Input::Stored(
        generation,
        Err(NotStored {
            failure: StoreFailure::Unwritable("an error after the commit".into()),
            known: std::collections::HashMap::from([("a".to_owned(), known)]),
        }),
    ));
    assert_eq!(world.unstored(), Vec::<&str>::new());
}
