//! Pages, confirmations, and confirmations that the server refuses.

use std::time::Duration;

use super::world::{World, order, order_kind, ready, server_error};
use crate::engine::{Input, LinkInput};
use crate::report::Report;
use crate::status::{Cause, StatusKind};

#[test]
fn everything_that_waited_comes_in_pages_and_is_confirmed() {
    let mut world = World::new();
    world.orders(0..250);
    world.configure(super::world::READY);
    assert_eq!(world.disk.len(), 250);
    assert!(world.pending.is_empty());
    assert_eq!(
        world.confirms.iter().map(|c| c.1.len()).collect::<Vec<_>>(),
        [100, 100, 50]
    );
    assert_eq!(world.pulls.len(), 1);
}

#[test]
fn one_bad_confirmation_is_found_within_sixteen_calls_and_set_aside() {
    for bad in ["o0", "o57", "o99"] {
        let mut world = World::new();
        world.orders(0..100);
        world.poison = vec![bad.into()];
        world.configure(super::world::READY);
        world.pass_seconds(5);
        assert!(world.confirms.len() <= 16, "{} calls", world.confirms.len());
        assert_eq!(world.pending.len(), 1);
        assert!(world.reports.iter().any(|report| matches!(report,
            Report::ConfirmationRefused { kind, id, .. } if *kind == order_kind() && id == bad)));
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn a_confirmation_that_was_set_aside_is_tried_again_when_somebody_asks_or_the_order_changes() {
    let mut world = World::new();
    world.orders(0..3);
    world.poison = vec!["o1".into()];
    world.configure(super::world::READY);
    world.pass_seconds(600);
    let calls = world.confirms.len();
    world.pass_seconds(600);
    assert_eq!(world.confirms.len(), calls, "it rests");
    world.put(Input::SyncNow);
    assert!(world.confirms.len() > calls);
    world.poison.clear();
    let at = campana_contract::Timestamp(world.now.wall.0 + 1);
    world.pending[0] = order("o1", at);
    world.hint();
    world.pass_seconds(1);
    assert!(world.pending.is_empty());
}

#[test]
fn a_lone_failure_without_any_success_is_the_servers() {
    let mut world = World::new();
    world.order("a");
    world.confirm_failure = Some(server_error());
    world.configure(super::world::READY);
    assert_eq!(
        world.confirms.iter().map(|c| c.1.len()).collect::<Vec<_>>(),
        [1, 0],
        "the order, then an empty call as proof"
    );
    assert_eq!(
        world.status(),
        (StatusKind::Offline, Some(Cause::ServerError))
    );
    assert!(
        !world
            .reports
            .iter()
            .any(|r| matches!(r, Report::ConfirmationRefused { .. }))
    );
    world.confirm_failure = None;
    world.pass_seconds(5);
    assert!(world.pending.is_empty());
}

#[test]
fn a_lone_order_whose_confirmation_alone_is_refused_is_set_aside() {
    let mut world = World::new();
    world.order("a");
    world.poison = vec!["a".into()];
    world.configure(super::world::READY);
    assert!(
        world
            .reports
            .iter()
            .any(|r| matches!(r, Report::ConfirmationRefused { .. }))
    );
    world.pass_seconds(20);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn nothing_is_confirmed_before_somebody_said_who_receives_and_hidden_orders_are_admitted() {
    let mut world = World::new();
    world.orders(0..100);
    world.configure(ready(false));
    world.pass_seconds(20);
    assert!(world.confirms.is_empty());
    assert_eq!(
        world.status(),
        (StatusKind::Limited, Some(Cause::ConfirmationOff))
    );
    let news = vec![order("hidden", world.now.wall)];
    world.say(LinkInput::Pending { news });
    assert_eq!(world.partial, ["hidden"]);
}

#[test]
fn a_server_that_accepts_and_clears_nothing_is_not_asked_for_ever() {
    let mut world = World::new();
    world.orders(0..120);
    world.accepts_without_clearing = true;
    world.configure(super::world::READY);
    world.pass_seconds(20);
    assert!(world.confirms.len() <= 2);
    assert_eq!(
        world.status(),
        (StatusKind::Limited, Some(Cause::PageStuck))
    );
}

#[test]
fn a_page_that_waited_long_for_the_disk_is_pulled_again_before_it_is_confirmed() {
    let mut world = World::new();
    world.order("a");
    world.slow_disk = Duration::from_secs(11);
    world.configure(super::world::READY);
    assert_eq!(world.pulls.len(), 2);
    assert_eq!(world.confirms.len(), 1);
    assert!(world.confirms[0].0 >= world.pulls[1]);
}

#[test]
fn orders_that_change_with_every_page_do_not_keep_a_round_going_for_ever() {
    for confirms in [true, false] {
        let mut world = World::new();
        world.orders(0..100);
        world.restless = true;
        world.accepts_without_clearing = true;
        world.configure(ready(confirms));
        assert!(world.pulls.len() + world.confirms.len() <= 6);
    }
}

#[test]
fn a_version_that_was_overtaken_while_its_page_was_on_the_way_is_not_confirmed() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.order("a");
    world.order("b");
    world.hold = true;
    world.hint();
    let newer = campana_contract::Timestamp(world.now.wall.0 + 5);
    world.pending[0] = order("a", newer);
    let news = vec![order("a", newer)];
    world.say(LinkInput::Pending { news });
    world.deliver();
    assert_eq!(world.confirms[0].1, ["b"]);
    world.pass_seconds(2);
    assert_eq!(world.disk["a"], Some(newer));
    assert!(world.pending.is_empty());
}

#[test]
fn an_older_version_than_the_inbox_holds_is_confirmed_only_when_it_comes_again() {
    let mut world = World::started();
    world.pass_seconds(20);
    world.order("a");
    let newer = campana_contract::Timestamp(world.now.wall.0 + 5);
    world.disk.insert("a".into(), Some(newer));
    world.hint();
    assert_eq!(world.confirms, Vec::new());
    world.pass_seconds(301);
    assert_eq!(world.confirms[0].1, ["a"]);
}

#[test]
fn an_order_that_a_full_page_hides_rings_as_soon_as_it_is_announced() {
    let mut world = World::new();
    world.orders(0..100);
    world.configure(ready(false));
    world.pass_seconds(20);
    let limited = (StatusKind::Limited, Some(Cause::ConfirmationOff));
    assert_eq!(world.status(), limited);
    for id in ["late", "later"] {
        world.order(id);
        world.hint();
        world.pass_seconds(6);
        assert!(world.partial.iter().any(|partial| partial == id), "{id}");
        assert_eq!(world.alerts().last(), Some(&id));
    }
    assert!(!world.kinds().contains(&StatusKind::InSync));
}

#[test]
fn a_full_page_does_not_make_it_ask_without_end() {
    let mut world = World::new();
    world.orders(0..150);
    world.loses_partial = true;
    world.configure(ready(false));
    world.pass_seconds(60);
    let (questions, pulls) = (world.questions, world.pulls.len());
    world.pass_seconds(600);
    assert!(world.questions - questions <= 125);
    assert!(world.pulls.len() - pulls <= 125);
}
