//! Failures: the key, the connection, the disk.

use std::time::Duration;

use campana_contract::Refusal;

use super::world::{Joining, READY, World, key_refused};
use crate::engine::{Input, LinkInput};
use crate::http::HttpFailure;
use crate::link::{Closed, Transport};
use crate::report::Report;
use crate::status::{Cause, StatusKind};

#[test]
fn a_refused_key_is_said_at_once_and_left_in_peace() {
    let mut world = World::new();
    world.joining = Joining::Refuses(Refusal::InvalidKey);
    world.failure = Some(key_refused());
    world.configure(READY);
    assert_eq!(world.status().0, StatusKind::KeyRefused);
    let (opened, pulls) = (world.opened.len(), world.pulls.len());
    assert!(opened <= 1 && pulls <= 1);
    world.pass_seconds(299);
    assert_eq!((world.opened.len(), world.pulls.len()), (opened, pulls));
    world.pass_seconds(2);
    assert_eq!(world.opened.len(), opened + 1);
    assert_eq!(
        world.pulls.len(),
        pulls,
        "no pull with a key that the socket refused"
    );
}

#[test]
fn a_key_that_worked_and_is_refused_is_tried_again_after_a_minute_and_found_mended() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.failure = Some(key_refused());
    world.joining = Joining::Refuses(Refusal::InvalidKey);
    world.hint();
    assert_eq!(world.status().0, StatusKind::KeyRefused);
    assert!(world.connection.is_none());
    world.failure = None;
    world.joining = Joining::Joins;
    world.order("a");
    world.pass_seconds(61);
    assert_eq!(world.status().0, StatusKind::InSync);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn asking_tries_a_refused_key_again_every_ten_seconds_at_most() {
    let mut world = World::new();
    world.joining = Joining::Refuses(Refusal::InvalidKey);
    world.configure(READY);
    let opened = world.opened.len();
    for _ in 0..30 {
        world.put(Input::SyncNow);
        world.pass_seconds(1);
    }
    assert!((2..=3).contains(&(world.opened.len() - opened)));
}

#[test]
fn the_other_carrier_is_tried_at_once_and_then_in_turn() {
    for only in [Transport::WebSocket, Transport::Polling] {
        let mut world = World::new();
        world.joining = Joining::OnlyBy(only);
        world.configure(READY);
        world.pass_seconds(1);
        assert_eq!(world.connection.unwrap().1, only);
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn a_lost_connection_comes_back_and_brings_what_was_made_meanwhile() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.joining = Joining::Unreachable;
    world.failure = Some(HttpFailure::Unreachable("refused".into()));
    world.say(LinkInput::Closed(Closed::Lost("gone".into())));
    assert_eq!(
        world.status(),
        (StatusKind::Offline, Some(Cause::ServerUnreachable))
    );
    world.pass_seconds(3600);
    let tries = world.opened.len();
    assert!((100..600).contains(&tries), "{tries} attempts in an hour");
    world.order("a");
    world.joining = Joining::Joins;
    world.failure = None;
    world.pass_seconds(31);
    assert_eq!(world.status().0, StatusKind::InSync);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn two_pulls_that_time_out_tear_down_a_connection_that_claims_to_be_up() {
    let mut world = World::started();
    world.pass_seconds(20);
    let opened = world.opened.len();
    world.failure = Some(HttpFailure::TimedOut);
    world.hint();
    world.pass_seconds(3);
    assert!(world.opened.len() > opened);
}

#[test]
fn a_server_that_used_to_answer_and_falls_silent_is_given_up() {
    let mut world = World::started();
    world.pass_seconds(20);
    let opened = world.opened.len();
    world.answers_questions = false;
    world.pass_seconds(75);
    assert!(world.opened.len() > opened);
}

#[test]
fn a_full_disk_rings_from_memory_confirms_nothing_and_recovers_without_ringing_twice() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.disk_full = true;
    world.order("a");
    world.hint();
    assert_eq!(
        world.status(),
        (StatusKind::StorageFailed, Some(Cause::DiskFull))
    );
    assert_eq!(world.alerts(), ["a"]);
    assert!(world.confirms.is_empty());
    assert!(
        world
            .reports
            .iter()
            .any(|r| matches!(r, Report::Unstored(o) if o.len() == 1))
    );
    world.disk_full = false;
    world.pass_seconds(60);
    assert_eq!(world.alerts(), ["a"]);
    assert_eq!(world.confirms.len(), 1);
    assert!(matches!(
        world.reports.iter().rev().find(|r| matches!(r, Report::Unstored(_))),
        Some(Report::Unstored(orders)) if orders.is_empty()
    ));
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn an_overloaded_check_of_the_key_is_an_ordinary_failure() {
    let mut world = World::new();
    world.joining = Joining::Refuses(Refusal::AuthenticationFailed);
    world.configure(READY);
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::LinkDown))
    );
    world.pass_seconds(10);
    assert!(world.opened.len() > 2);
}

#[test]
fn long_polling_that_breaks_over_its_questions_is_kept_without_them() {
    let mut world = World::new();
    world.joining = Joining::OnlyBy(Transport::Polling);
    world.questions_break = true;
    world.configure(READY);
    world.pass_seconds(240);
    assert!(world.connection.is_some());
    assert_eq!(world.questions, 2);
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::NoHints))
    );
    world.pass_seconds(3600);
    assert!(world.connection.is_some());
    assert!(
        (4..=14).contains(&world.questions),
        "one is tried every five minutes: {}",
        world.questions
    );
    world.order("a");
    world.hint();
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn a_server_that_was_away_for_hours_is_back_in_sync_within_seconds() {
    for seconds in 0..20 {
        let mut world = World::started();
        world.pass_seconds(60);
        world.joining = Joining::Unreachable;
        world.failure = Some(HttpFailure::Unreachable("refused".into()));
        world.say(LinkInput::Closed(Closed::Lost("gone".into())));
        world.pass_seconds(7200 + seconds);
        world.joining = Joining::Joins;
        world.failure = None;
        world.pass_seconds(5);
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn an_attempt_that_hangs_from_an_outage_is_given_up_once_a_pull_works() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.joining = Joining::Silent;
    world.failure = Some(HttpFailure::TimedOut);
    world.say(LinkInput::Closed(Closed::Lost("gone".into())));
    world.pass_seconds(10);
    world.joining = Joining::Joins;
    world.failure = None;
    world.pass_seconds(5);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn a_connection_that_fails_while_pulls_work_is_not_hurried_by_them() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.joining = Joining::Unreachable;
    world.say(LinkInput::Closed(Closed::Lost("gone".into())));
    let before = (world.opened.len(), world.pulls.len());
    for _ in 0..360 {
        world.put(Input::Tick);
        world.pass_seconds(10);
    }
    let opened = world.opened.len() - before.0;
    // Two carriers an attempt.
    assert!((200..600).contains(&opened), "{opened} attempts in an hour");
    assert!((55..65).contains(&(world.pulls.len() - before.1)));
}

#[test]
fn a_server_that_comes_and_goes_is_not_hammered() {
    let mut world = World::started();
    world.pass_seconds(60);
    let before = (world.opened.len(), world.pulls.len());
    for round in 0..3600 {
        world.failure = (round % 2 == 0).then(|| HttpFailure::Unreachable("refused".into()));
        if world.connection.is_some() {
            world.say(LinkInput::Closed(Closed::Lost("gone".into())));
        }
        world.pass_seconds(1);
    }
    let (opened, pulls) = (world.opened.len() - before.0, world.pulls.len() - before.1);
    assert!(opened <= 60 * 60, "{opened} connections in an hour");
    assert!(pulls <= 2 * 60 * 60, "{pulls} pulls in an hour");
}

#[test]
fn a_pull_that_hangs_from_an_outage_is_given_up_once_the_connection_is_back() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.hold = true;
    world.joining = Joining::Unreachable;
    world.say(LinkInput::Closed(Closed::Lost("gone".into())));
    world.pass_seconds(10);
    // Whether orders still come is not known: the pull hangs.
    assert_eq!(world.status().0, StatusKind::Connecting);
    world.hold = false;
    world.joining = Joining::Joins;
    world.order("a");
    world.pass_seconds(5);
    assert_eq!(world.status().0, StatusKind::InSync);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn a_slow_pull_ends_although_connections_come_and_go() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.order("a");
    world.hold = true;
    let pulls = world.pulls.len();
    world.hint();
    for _ in 0..3 {
        world.say(LinkInput::Closed(Closed::Lost("gone".into())));
        world.pass_seconds(8);
    }
    assert_eq!(world.pulls.len(), pulls + 2, "given up once");
    world.deliver();
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn a_connection_that_is_lost_as_soon_as_it_is_there_waits_longer_each_time() {
    let mut world = World::started();
    world.pass_seconds(60);
    let before = (world.opened.len(), world.pulls.len());
    for _ in 0..6000 {
        if world.connection.is_some() {
            world.say(LinkInput::Closed(Closed::Lost("gone".into())));
        }
        world.pass(Duration::from_millis(100));
    }
    let (opened, pulls) = (world.opened.len() - before.0, world.pulls.len() - before.1);
    assert!(
        (20..120).contains(&opened),
        "{opened} connections in ten minutes"
    );
    assert!(pulls <= 2 * opened + 10, "{pulls} pulls in ten minutes");
}
