//! When the engine pulls.

use std::time::Duration;

use super::world::{READY, World, order};
use crate::clock::Now;
use crate::engine::{Input, LinkInput, Setup};
use crate::http::HttpFailure;

#[test]
fn an_order_that_is_hinted_is_pulled_stored_confirmed_and_rings() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.order("a");
    world.hint();
    assert_eq!(world.alerts(), ["a"]);
    assert_eq!(world.confirms.last().unwrap().1, ["a"]);
    assert!(world.pending.is_empty());
}

#[test]
fn a_trigger_during_a_pull_leads_to_exactly_one_more() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.hold = true;
    let before = world.pulls.len();
    world.hint();
    world.order("late");
    for _ in 0..10 {
        world.hint();
    }
    assert_eq!(world.pulls.len(), before + 1);
    world.deliver();
    world.pass_seconds(5);
    assert_eq!(world.pulls.len(), before + 2);
    assert_eq!(world.alerts(), ["late"]);
}

#[test]
fn a_thousand_hints_in_a_second_are_a_handful_of_pulls() {
    let mut world = World::started();
    world.pass_seconds(20);
    let before = world.pulls.len();
    for n in 0..1000 {
        if n % 100 == 0 {
            world.order(&format!("o{n}"));
        }
        world.hint();
        world.pass(Duration::from_millis(1));
    }
    world.pass_seconds(2);
    let pulls = world.pulls.len() - before;
    // Ten of these hints have an order behind them.
    assert!(pulls <= 10, "{pulls} pulls");
    assert_eq!(world.alerts().len(), 10);
}

#[test]
fn hints_with_nothing_behind_them_are_pulled_for_three_times_a_second() {
    let mut world = World::started();
    world.pass_seconds(20);
    let before = world.pulls.len();
    for _ in 0..10_000 {
        world.hint();
        world.pass(Duration::from_millis(1));
    }
    world.pass_seconds(2);
    let pulls = world.pulls.len() - before;
    assert!(pulls <= 35, "{pulls} pulls in ten seconds");
}

#[test]
fn an_order_does_not_wait_because_another_came_just_before() {
    let mut world = World::started();
    world.pass_seconds(20);
    for id in ["a", "b", "c"] {
        world.order(id);
        world.hint();
        world.pass(Duration::from_millis(50));
        assert_eq!(world.alerts().last(), Some(&id));
    }
}

#[test]
fn the_timer_pulls_every_five_minutes_with_a_connection_and_every_minute_without() {
    let mut world = World::started();
    world.pass_seconds(60);
    let before = world.pulls.len();
    world.pass_seconds(3600);
    assert_eq!(world.pulls.len() - before, 12);
    let mut world = World::new();
    world.joining = super::world::Joining::Unreachable;
    world.configure(super::world::READY);
    world.pass_seconds(60);
    let before = world.pulls.len();
    world.pass_seconds(3600);
    assert_eq!(world.pulls.len() - before, 60);
}

#[test]
fn ten_idle_minutes_wake_the_engine_every_ten_seconds() {
    let mut world = World::started();
    world.pass_seconds(60);
    let before = world.wakes;
    world.pass_seconds(600);
    let wakes = world.wakes - before;
    // To notice sleep; besides, a question a minute with its answer, and the fallback timer.
    assert!(wakes <= 85, "{wakes} times");
}

#[test]
fn pending_orders_that_are_known_lead_to_no_pull_and_unknown_ones_to_one() {
    let mut world = World::started();
    world.pass_seconds(20);
    let before = world.pulls.len();
    world.say(LinkInput::Pending { news: Vec::new() });
    world.pass_seconds(2);
    assert_eq!(world.pulls.len(), before);
    world.order("a");
    let news = vec![order("a", world.now.wall)];
    world.say(LinkInput::Pending { news });
    assert_eq!(world.pulls.len(), before + 1);
}

#[test]
fn waking_from_sleep_reconnects_and_pulls() {
    let mut world = World::started();
    world.pass_seconds(20);
    let (pulls, opened) = (world.pulls.len(), world.opened.len());
    world.now = Now {
        wall: campana_contract::Timestamp(world.now.wall.0 + 3_600_000),
        ..world.now
    };
    world.put(Input::Tick);
    assert_eq!(world.opened.len(), opened + 1);
    assert!(world.pulls.len() > pulls);
}

#[test]
fn answers_of_an_earlier_configuration_are_discarded() {
    let mut world = World::new();
    world.order("a");
    world.hold = true;
    world.configure(super::world::READY);
    world.configure(Setup::NotConfigured);
    world.deliver();
    assert!(world.disk.is_empty() && world.alerts().is_empty());
}

#[test]
fn a_server_that_wants_to_be_left_alone_is() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.failure = Some(HttpFailure::Status {
        status: 503,
        reason: "busy".into(),
        retry_after: Some(Duration::from_secs(120)),
        well_formed: false,
    });
    world.hint();
    let before = world.pulls.len();
    world.hint();
    world.pass_seconds(100);
    assert_eq!(world.pulls.len(), before);
    world.put(Input::SyncNow);
    assert_eq!(world.pulls.len(), before + 1);
    world.put(Input::SyncNow);
    world.pass_seconds(5);
    assert_eq!(
        world.pulls.len(),
        before + 1,
        "insisting helps every ten seconds"
    );
    world.pass_seconds(6);
    assert_eq!(world.pulls.len(), before + 2);
}

#[test]
fn a_trigger_shortens_the_wait_after_a_failure_to_a_second() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.failure = Some(HttpFailure::TooLarge);
    world.hint();
    world.pass_seconds(300);
    let before = world.pulls.len();
    world.pass(Duration::from_millis(100));
    world.failure = None;
    world.order("a");
    world.hint();
    world.pass(Duration::from_secs(1));
    assert_eq!(world.pulls.len(), before + 1);
    assert_eq!(world.alerts(), ["a"]);
}

#[test]
fn a_connection_asks_what_is_pending_when_the_round_that_runs_has_brought_it() {
    let mut world = World::new();
    world.orders(0..250);
    world.hold = true;
    world.configure(READY);
    for _ in 0..2 {
        assert_eq!(world.questions, 0, "the round is under way");
        world.step();
    }
    world.deliver();
    world.pass_seconds(1);
    assert_eq!(world.alerts().len(), 250);
    assert_eq!(world.questions, 1, "then it asks at once");
}

#[test]
fn a_round_that_hangs_keeps_a_connection_from_asking_for_twenty_seconds_at_most() {
    let mut world = World::new();
    world.hold = true;
    world.configure(READY);
    world.pass_seconds(19);
    assert_eq!(world.questions, 0);
    world.pass_seconds(2);
    assert_eq!(world.questions, 1);
}
