//! Which profile is spoken, and how it is found.

use std::collections::HashMap;

use campana_contract::{NotUnderstood, Refusal};

use super::world::{Joining, READY, World, key_refused, order_kind, ready_with, status};
use crate::configuration::ProfileChoice;
use crate::engine::{Input, LinkInput};
use crate::http::{HttpFailure, Profile};
use crate::link::Closed;
use crate::report::Report;
use crate::status::{Cause, StatusKind};

const NOT_JSON: HttpFailure = HttpFailure::NotUnderstood(NotUnderstood::NotJson);

/// Everything that leads from one profile to the next.
fn leading_on() -> [HttpFailure; 4] {
    [status(404), status(405), NOT_JSON, key_refused()]
}

fn spelled(world: &World) -> Vec<Profile> {
    world
        .exchanges
        .iter()
        .map(|(profile, _)| *profile)
        .collect()
}

#[test]
fn each_profile_is_found_with_one_call_for_each_wrong_one_and_nothing_bad_is_said() {
    for elsewhere in leading_on() {
        for (wrong, profile) in Profile::ALL.into_iter().enumerate() {
            let mut world = World::new();
            world.speaks(profile, &elsewhere);
            world.order("a");
            world.configure(READY);
            world.pass_seconds(20);
            assert_eq!(world.status().0, StatusKind::InSync, "{elsewhere:?}");
            assert_eq!(world.alerts(), ["a"]);
            assert_eq!(world.confirms[0].1, ["a"]);
            assert_eq!(world.remembered, Some(profile));
            let spelled = spelled(&world);
            assert_eq!(spelled[..wrong], Profile::ALL[..wrong]);
            assert!(spelled[wrong..].iter().all(|later| *later == profile));
            let kinds = world.kinds();
            assert!(!kinds.contains(&StatusKind::KeyRefused), "{kinds:?}");
            assert!(!kinds.contains(&StatusKind::Offline), "{kinds:?}");
        }
    }
}

#[test]
fn what_worked_is_tried_first_after_a_restart() {
    for profile in Profile::ALL {
        let mut world = World::new();
        world.speaks(profile, &status(404));
        let setup = ready_with(ProfileChoice::Auto, Some(profile));
        world.configure(setup);
        world.pass_seconds(600);
        assert!(spelled(&world).iter().all(|each| *each == profile));
        assert_eq!(world.remembered, None, "it is remembered already");
    }
}

#[test]
fn a_remembered_profile_that_stops_working_leads_to_the_others() {
    for failure in leading_on() {
        let mut world = World::new();
        world.speaks(Profile::UnifiedLegacy, &status(404));
        let setup = ready_with(ProfileChoice::Auto, Some(Profile::UnifiedLegacy));
        world.configure(setup);
        world.pass_seconds(20);
        world.speaks(Profile::Unified, &failure);
        world.exchanges.clear();
        world.order("a");
        world.hint();
        assert_eq!(world.alerts(), ["a"]);
        assert_eq!(world.remembered, Some(Profile::Unified));
        assert_eq!(
            spelled(&world)[..3],
            [Profile::UnifiedLegacy, Profile::Guide, Profile::Unified]
        );
        assert!(!world.kinds().contains(&StatusKind::KeyRefused));
    }
}

#[test]
fn silence_and_every_other_error_say_nothing_about_profiles() {
    let failures = [
        HttpFailure::TimedOut,
        HttpFailure::Unreachable("refused".into()),
        HttpFailure::BrokenOff("reset".into()),
        HttpFailure::TooLarge,
        HttpFailure::NotUnderstood(NotUnderstood::NoList),
        HttpFailure::Redirected {
            status: 302,
            location: None,
        },
        status(400),
        status(429),
        status(500),
        status(503),
    ];
    for failure in failures {
        let mut world = World::new();
        world.failure = Some(failure.clone());
        world.configure(READY);
        world.pass_seconds(600);
        let spelled = spelled(&world);
        assert!(spelled.len() > 10);
        assert!(
            spelled.iter().all(|each| *each == Profile::Guide),
            "{failure:?}"
        );
        assert_eq!(world.remembered, None);
    }
}

#[test]
fn a_failure_in_the_middle_of_a_search_leaves_it_where_it_is() {
    let mut world = World::new();
    world.speaks(Profile::Unified, &status(404));
    world.hold = true;
    world.configure(READY);
    world.failure = Some(HttpFailure::TimedOut);
    world.step();
    world.step();
    assert_eq!(
        world.status(),
        (StatusKind::Offline, Some(Cause::ServerUnreachable))
    );
    world.failure = None;
    world.hold = false;
    world.pass_seconds(5);
    assert_eq!(
        spelled(&world)[..3],
        [Profile::Guide, Profile::Unified, Profile::Unified]
    );
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn a_chosen_profile_is_spoken_and_no_other() {
    for profile in Profile::ALL {
        for failure in leading_on() {
            let mut world = World::new();
            world.instead = HashMap::from([(profile, failure)]);
            let remembered = Some(Profile::Unified);
            let fixed = ready_with(ProfileChoice::Fixed(profile), remembered);
            world.configure(fixed);
            world.pass_seconds(600);
            assert!(spelled(&world).iter().all(|each| *each == profile));
            let kind = world.status().0;
            let wanted = [StatusKind::Offline, StatusKind::KeyRefused];
            assert!(wanted.contains(&kind), "{kind:?}");
            world.instead.clear();
            world.pass_seconds(301);
            assert_eq!(world.status().0, StatusKind::InSync);
            assert_eq!(world.remembered, None, "nothing was found out");
        }
    }
}

#[test]
fn a_wrong_key_is_said_as_soon_as_the_connection_says_so_and_costs_one_pull() {
    let mut world = World::new();
    world.joining = Joining::Silent;
    world.failure = Some(key_refused());
    world.configure(READY);
    world.pass_seconds(1);
    assert_eq!(world.pulls.len(), 1);
    assert_eq!(world.status().0, StatusKind::Connecting, "not yet known");
    world.say(LinkInput::Refused(Refusal::InvalidKey));
    assert_eq!(world.status().0, StatusKind::KeyRefused);
    world.joining = Joining::Refuses(Refusal::InvalidKey);
    world.pass_seconds(299);
    assert_eq!((world.opened.len(), world.pulls.len()), (1, 1));
}

#[test]
fn a_pull_that_was_refused_the_key_goes_on_when_the_connection_accepts_it() {
    let mut world = World::new();
    world.joining = Joining::Silent;
    world.speaks(Profile::Unified, &key_refused());
    world.order("a");
    world.configure(READY);
    world.put(Input::SyncNow);
    world.pass_seconds(2);
    assert_eq!(spelled(&world), [Profile::Guide]);
    world.say(LinkInput::Joined);
    world.pass_seconds(1);
    assert_eq!(world.alerts(), ["a"]);
    assert_eq!(world.remembered, Some(Profile::Unified));
    assert_eq!(world.status().0, StatusKind::InSync);
    assert!(!world.kinds().contains(&StatusKind::KeyRefused));
    assert!(world.reports.iter().any(|report| matches!(
        report,
        Report::Round {
            asked_for: true,
            complete: true,
            ..
        }
    )));
}

#[test]
fn a_refused_key_is_said_when_the_connection_gives_no_word_on_it() {
    for end in [None, Some(Closed::JoinTimedOut)] {
        let mut world = World::new();
        world.joining = Joining::Silent;
        world.failure = Some(key_refused());
        world.configure(READY);
        world.pass_seconds(3);
        if let Some(closed) = &end {
            // By WebSocket, then by polling.
            world.say(LinkInput::Closed(closed.clone()));
            assert_eq!(world.status().0, StatusKind::Connecting);
            world.say(LinkInput::Closed(closed.clone()));
        } else {
            world.pass_seconds(6);
            assert_eq!(world.status().0, StatusKind::Connecting);
            world.pass_seconds(1);
        }
        assert_eq!(world.status().0, StatusKind::KeyRefused);
        assert_eq!(world.pulls.len(), 1);
        assert!(world.connection.is_none());
        world.pass_seconds(200);
        assert_eq!(world.pulls.len(), 1);
    }
}

#[test]
fn what_the_connection_once_thought_of_a_key_counts_no_more_once_it_was_refused() {
    let mut world = World::started();
    world.pass_seconds(60);
    world.failure = Some(key_refused());
    world.joining = Joining::Refuses(Refusal::InvalidKey);
    world.say(LinkInput::Closed(Closed::Kicked));
    world.pass_seconds(31);
    assert_eq!(world.status().0, StatusKind::KeyRefused);
    world.joining = Joining::Unreachable;
    world.exchanges.clear();
    world.pass_seconds(90);
    assert_eq!(spelled(&world), [Profile::Guide], "the trial's one pull");
    assert_eq!(world.status().0, StatusKind::KeyRefused);
}

#[test]
fn a_key_that_only_the_connection_accepts_is_refused_after_each_profile_was_tried_once() {
    let mut world = World::new();
    world.failure = Some(key_refused());
    world.configure(READY);
    assert_eq!(world.status().0, StatusKind::KeyRefused);
    assert_eq!(spelled(&world), Profile::ALL);
    world.pass_seconds(3600);
    let hour = world.exchanges.len();
    assert!(hour <= 3 * 13, "{hour} calls in an hour");
    world.failure = None;
    world.pass_seconds(301);
    assert_eq!(world.status().0, StatusKind::InSync);
}

#[test]
fn a_key_is_said_to_be_refused_where_one_profile_asks_for_it_and_the_others_do_not_exist() {
    for asks in Profile::ALL {
        let mut world = World::new();
        world.speaks(asks, &status(404));
        world.instead.insert(asks, key_refused());
        world.configure(READY);
        assert_eq!(world.status().0, StatusKind::KeyRefused, "{asks:?}");
        assert_eq!(spelled(&world), Profile::ALL);
        assert!(!world.kinds().contains(&StatusKind::Offline));
    }
}

#[test]
fn where_nothing_is_found_the_likeliest_profile_says_why() {
    for (remembered, cause) in [
        (None, Cause::ServerError),
        (Some(Profile::Unified), Cause::AnswerNotUnderstood),
    ] {
        let mut world = World::new();
        world.instead = HashMap::from([
            (Profile::Guide, status(404)),
            (Profile::Unified, NOT_JSON),
            (Profile::UnifiedLegacy, status(405)),
        ]);
        let setup = ready_with(ProfileChoice::Auto, remembered);
        world.configure(setup);
        assert_eq!(world.status(), (StatusKind::Offline, Some(cause)));
        assert_eq!(world.exchanges.len(), 3);
        assert_eq!(world.remembered, None);
        let likeliest = remembered.unwrap_or(Profile::Guide);
        world.pass_seconds(5);
        let later = &spelled(&world)[3..];
        assert!(!later.is_empty() && later.iter().all(|each| *each == likeliest));
    }
}

#[test]
fn a_server_that_speaks_no_profile_is_not_asked_more_often_than_others() {
    for failure in [status(404), status(405), NOT_JSON] {
        let mut world = World::started();
        world.pass_seconds(60);
        world.failure = Some(failure);
        world.exchanges.clear();
        for _ in 0..600 {
            world.hint();
            world.pass_seconds(1);
        }
        let minute = world.exchanges.len() / 10;
        assert!(minute <= 75, "{minute} calls a minute under hints");
        world.exchanges.clear();
        world.pass_seconds(600);
        let minute = world.exchanges.len() / 10;
        assert!(minute <= 15, "{minute} calls a minute without");
        assert_eq!(world.status().0, StatusKind::Offline);
        world.failure = None;
        world.pass_seconds(31);
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn after_a_failed_confirmation_a_unified_server_is_asked_for_a_page_first() {
    for profile in Profile::ALL {
        let mut world = World::new();
        world.speaks(profile, &status(404));
        world.orders(0..100);
        world.poison = vec!["o57".into()];
        let setup = ready_with(ProfileChoice::Auto, Some(profile));
        world.configure(setup);
        world.pass_seconds(20);
        let calls: Vec<_> = world.exchanges.iter().map(|(_, named)| *named).collect();
        let confirming = calls.iter().flatten().count();
        assert!(confirming <= 16, "{confirming} confirmations");
        let pages = calls.len() - confirming;
        if profile.pulls_by_confirming() {
            // 100 fails, 50 fail, and so on: each is followed by a call with empty lists.
            assert_eq!(calls[..5], [None, Some(100), None, Some(50), Some(50)]);
            assert!((7..=10).contains(&pages), "{pages} pages: {calls:?}");
        } else {
            assert_eq!(pages, 1);
        }
        assert_eq!(world.pending.len(), 1);
        assert_eq!(world.not_confirmable, ["o57"]);
        assert!(world.reports.iter().any(|report| matches!(report,
            Report::ConfirmationRefused { kind, id, .. } if *kind == order_kind() && id == "o57")));
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn a_bad_confirmation_never_keeps_later_orders_away() {
    for profile in Profile::ALL {
        let mut world = World::new();
        world.speaks(profile, &status(404));
        world.order("bad");
        world.poison = vec!["bad".into()];
        let setup = ready_with(ProfileChoice::Auto, Some(profile));
        world.configure(setup);
        world.pass_seconds(20);
        for late in ["b", "c"] {
            world.order(late);
            world.hint();
            world.pass_seconds(1);
            assert!(world.alerts().contains(&late));
            assert!(world.confirms.iter().any(|(_, ids)| ids == &[late]));
        }
        assert_eq!(world.pending.len(), 1);
        assert_eq!(world.status().0, StatusKind::InSync);
    }
}

#[test]
fn a_unified_server_whose_calls_with_empty_lists_fail_too_is_at_fault_itself() {
    let mut world = World::new();
    world.order("a");
    world.confirm_failure = Some(status(500));
    world.hold = true;
    let setup = ready_with(ProfileChoice::Fixed(Profile::Unified), None);
    world.configure(setup);
    world.step();
    world.failure = Some(status(500));
    world.step();
    world.step();
    let calls: Vec<_> = world.exchanges.iter().map(|(_, named)| *named).collect();
    assert_eq!(calls, [None, Some(1), None]);
    assert_eq!(
        world.status(),
        (StatusKind::Offline, Some(Cause::ServerError))
    );
    assert!(world.not_confirmable.is_empty());
    world.failure = None;
    world.confirm_failure = None;
    world.hold = false;
    world.pass_seconds(2);
    assert!(world.pending.is_empty());
}
