//! The status never lies.

use campana_contract::Refusal;

use super::world::{Joining, READY, World, order};
use crate::engine::{LinkInput, Setup};
use crate::http::HttpFailure;
use crate::link::{Closed, Transport};
use crate::status::{Cause, StatusKind};

#[test]
fn without_address_or_key_it_says_so_and_does_nothing() {
    let mut world = World::new();
    for (setup, kind, cause) in [
        (Setup::NotConfigured, StatusKind::NotConfigured, None),
        (Setup::KeyMissing, StatusKind::KeyMissing, None),
        (
            Setup::KeyUnavailable,
            StatusKind::KeyMissing,
            Some(Cause::KeyringUnavailable),
        ),
    ] {
        world.configure(setup);
        assert_eq!(world.status(), (kind, cause));
    }
    world.pass_seconds(600);
    assert!(world.opened.is_empty() && world.pulls.is_empty());
}

#[test]
fn green_needs_a_complete_pull_that_began_after_joining() {
    let mut world = World::new();
    world.hold = true;
    world.configure(READY);
    assert_eq!(world.status().0, StatusKind::Syncing);
    world.deliver();
    world.pass_seconds(1);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn a_websocket_to_a_server_that_answers_no_question_becomes_green_by_its_heartbeat() {
    let mut world = World::new();
    world.answers_questions = false;
    world.configure(READY);
    world.pass_seconds(5);
    assert_eq!(world.status().0, StatusKind::Connecting);
    world.pass_seconds(6);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn polling_to_a_server_that_answers_no_question_is_polling_only() {
    let mut world = World::new();
    world.answers_questions = false;
    world.joining = Joining::OnlyBy(Transport::Polling);
    world.configure(READY);
    world.pass_seconds(15);
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::NoHints))
    );
}

#[test]
fn a_backend_without_the_namespace_is_polled_and_says_so() {
    let mut world = World::new();
    world.joining = Joining::Refuses(Refusal::InvalidNamespace);
    world.configure(READY);
    world.pass_seconds(5);
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::NamespaceMissing))
    );
}

#[test]
fn orders_that_nothing_announces_demote_to_polling_only() {
    let mut world = World::started();
    world.pass_seconds(60);
    for id in ["a", "b"] {
        world.order(id);
        world.pass_seconds(300);
    }
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::NoHints))
    );
    world.order("c");
    world.hint();
    world.pass_seconds(1);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn hints_whose_orders_somebody_else_takes_are_told() {
    let mut world = World::started();
    world.pass_seconds(60);
    for n in 0..3 {
        assert!(!world.another_receiver());
        let news = vec![order(&format!("o{n}"), world.now.wall)];
        world.say(LinkInput::Pending { news });
        world.pass_seconds(60);
    }
    assert!(world.another_receiver());
}

#[test]
fn the_causes_of_being_offline_are_told_apart() {
    for (failure, cause) in [
        (HttpFailure::TimedOut, Cause::ServerUnreachable),
        (HttpFailure::TooLarge, Cause::AnswerTooLarge),
        (
            HttpFailure::NotUnderstood(campana_contract::NotUnderstood::NoList),
            Cause::AnswerNotUnderstood,
        ),
        (
            HttpFailure::Redirected {
                status: 302,
                location: None,
            },
            Cause::Redirected,
        ),
        (super::world::server_error(), Cause::ServerError),
    ] {
        let mut world = World::new();
        world.failure = Some(failure);
        world.configure(READY);
        assert_eq!(world.status(), (StatusKind::Offline, Some(cause)));
        world.failure = None;
        world.pass_seconds(31);
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn a_certificate_that_only_the_connection_refuses_is_told_as_such() {
    let mut world = World::new();
    world.joining = Joining::CertificateRefused;
    world.configure(READY);
    world.pass_seconds(5);
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::CertificateRefused))
    );
}

#[test]
fn a_pull_tells_what_is_wrong_with_certificates() {
    for (failure, cause) in [
        (
            HttpFailure::CertificateRefused("expired".into()),
            Cause::CertificateRefused,
        ),
        (
            HttpFailure::CertificateAuthorityUnusable("no file".into()),
            Cause::CertificateAuthorityUnusable,
        ),
    ] {
        let mut world = World::new();
        world.failure = Some(failure);
        world.configure(READY);
        assert_eq!(world.status(), (StatusKind::Offline, Some(cause)));
        world.failure = None;
        world.pass_seconds(5);
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn that_orders_still_come_is_said_once_a_pull_worked_without_the_connection() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.hold = true;
    world.joining = Joining::Unreachable;
    world.say(LinkInput::Closed(Closed::Lost("gone".into())));
    world.pass_seconds(4);
    assert_eq!(world.status().0, StatusKind::Connecting);
    world.deliver();
    assert_eq!(
        world.status(),
        (StatusKind::PollingOnly, Some(Cause::LinkDown))
    );
}

#[test]
fn an_outage_has_one_beginning_whatever_its_causes_in_between() {
    let mut world = World::started();
    world.pass_seconds(20);
    assert_eq!(world.status().0, StatusKind::InSync);
    world.joining = Joining::Unreachable;
    world.failure = Some(HttpFailure::Unreachable("nobody there".into()));
    world.put(crate::engine::Input::NetworkChanged);
    world.say(LinkInput::Closed(Closed::Unreachable("cut".into())));
    world.pass_seconds(30);
    assert_eq!(world.status().0, StatusKind::Offline);
    let began = world.since();
    world.failure = Some(super::world::key_refused());
    world.pass_seconds(120);
    assert_eq!(world.status().0, StatusKind::KeyRefused);
    assert_eq!(world.since(), began);
    world.failure = Some(HttpFailure::Unreachable("nobody there".into()));
    world.pass_seconds(900);
    assert_eq!(world.since(), began);
    world.joining = Joining::Joins;
    world.failure = None;
    world.pass_seconds(900);
    assert_eq!(world.status().0, StatusKind::InSync);
    assert!(world.since() > began);
}
