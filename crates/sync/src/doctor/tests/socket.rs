//! Socket.IO, the namespace, the carrier, the question; and the pull beside them.

use campana_contract::{NotUnderstood, Refusal};

use super::support::*;
use super::*;
use crate::configuration::ProfileChoice;
use crate::http::{HttpFailure, LookFailure, Profile};
use crate::link::{Closed, LinkEvent};

async fn codes(scene: Scene, of: &[Check]) -> Vec<Code> {
    let findings = scene.examine().await;
    let code = |check: &Check| findings.iter().find(|f| f.check == *check).unwrap().code;
    of.iter().map(code).collect()
}

const SOCKET: [Check; 5] = [
    Check::SocketIo,
    Check::Namespace,
    Check::Transport,
    Check::SocketKey,
    Check::RoundTrip,
];

#[tokio::test(start_paused = true)]
async fn a_plain_web_server_is_no_backend() {
    let mut scene = Scene::good();
    scene.look = Ok((404, "<html>".into()));
    scene.web_socket = closed(Closed::Unreachable("404".into()));
    scene.polling = scene.web_socket.clone();
    scene.pull = Pulled::Fails(HttpFailure::NotUnderstood(NotUnderstood::NotJson));
    let findings = scene.examine().await;
    let told: Vec<_> = findings[6..13]
        .iter()
        .map(|f| (f.check, f.code, f.because))
        .collect();
    let expected = [
        (Check::SocketIo, NotThere, None),
        (Check::Namespace, Skipped, Some(Check::SocketIo)),
        (Check::Transport, Skipped, Some(Check::SocketIo)),
        (Check::SocketKey, Skipped, Some(Check::SocketIo)),
        (Check::RoundTrip, Skipped, Some(Check::SocketIo)),
        (Check::Pull, NotUnderstood, None),
        (Check::Profile, Skipped, Some(Check::Pull)),
    ];
    assert_eq!(told, expected);
    assert_eq!(findings[6].detail.as_deref(), Some("HTTP 404"));
    assert_eq!(findings[6].fault(), Some(Fault::Server));
}

#[tokio::test(start_paused = true)]
async fn a_redirect_says_where_to_and_is_not_followed() {
    let mut scene = Scene::good();
    scene.look = Ok((308, String::new()));
    scene.location = Some("https://otra.mx/socket.io/".into());
    scene.web_socket = closed(Closed::Unreachable("308".into()));
    scene.polling = scene.web_socket.clone();
    let redirected = HttpFailure::Redirected {
        status: 308,
        location: Some("https://otra.mx/sync/pull-changes".into()),
    };
    scene.pull = Pulled::Fails(redirected);
    let findings = scene.examine().await;
    for check in [Check::SocketIo, Check::Pull] {
        let finding = findings.iter().find(|f| f.check == check).unwrap();
        assert_eq!(finding.code, Redirected);
        assert!(
            finding
                .detail
                .as_ref()
                .unwrap()
                .starts_with("https://otra.mx/")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_answers_by_web_socket_alone_is_socket_io_all_the_same() {
    let mut scene = Scene::good();
    scene.look = Err(LookFailure::TimedOut);
    assert_eq!(
        codes(scene, &SOCKET[..3]).await,
        [Answers, There, WebSocket]
    );
}

#[tokio::test(start_paused = true)]
async fn polling_alone_is_a_warning() {
    let mut scene = Scene::good();
    scene.web_socket = closed(Closed::Unreachable("400".into()));
    let finding = scene.finding(Check::Transport).await;
    assert_eq!(
        (finding.code, finding.outcome),
        (OnlyPolling, Outcome::Warning)
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_namespace_says_whether_the_root_answers() {
    let open = Scene::good().look;
    let only_web_socket = Ok((
        400,
        r#"{"code":0,"message":"Transport unknown"}"#.to_owned(),
    ));
    for (look, root, code) in [
        (open.clone(), "40{\"sid\":\"x\"}", OnlyRoot),
        (open.clone(), "2\u{1e}40{\"sid\":\"x\"}", OnlyRoot),
        (open.clone(), "44{\"message\":\"no\"}", OnlyRoot),
        (open.clone(), "6", Missing),
        (open, "", Missing),
        (only_web_socket, "", Missing),
    ] {
        let mut scene = Scene::good();
        scene.web_socket = refused(Refusal::InvalidNamespace);
        (scene.look, scene.root) = (look, root);
        let expected = [Answers, code, Skipped, Skipped, Skipped];
        assert_eq!(codes(scene, &SOCKET).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_what_the_server_objects_to() {
    for (refusal, code, fault) in [
        (Refusal::InvalidKey, KeyRefused, Fault::Key),
        (Refusal::KeyRequired, KeyNotReceived, Fault::Key),
        (Refusal::AuthenticationFailed, CannotCheck, Fault::Server),
        (Refusal::Other("shop closed".into()), Refused, Fault::Server),
    ] {
        let mut scene = Scene::good();
        scene.web_socket = refused(refusal.clone());
        let findings = scene.examine().await;
        let finding = findings
            .iter()
            .find(|f| f.check == Check::SocketKey)
            .unwrap();
        assert_eq!((finding.code, finding.fault()), (code, Some(fault)));
        assert_eq!(finding.detail.as_deref(), Some(refusal.message()));
        let after = findings
            .iter()
            .find(|f| f.check == Check::RoundTrip)
            .unwrap();
        assert_eq!(after.because, Some(Check::SocketKey));
        let pull = findings.iter().find(|f| f.check == Check::Pull).unwrap();
        assert_eq!(pull.code, Accepted, "the pull is tried by itself");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_repeats_the_key_is_not_quoted() {
    let mut scene = Scene::good();
    scene.web_socket = refused(Refusal::Other(format!("{KEY} is\nunknown")));
    let finding = scene.finding(Check::SocketKey).await;
    assert_eq!(finding.detail.as_deref(), Some("… is unknown"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_too_soon_stops_at_the_namespace() {
    let lost = Closed::Lost("reset".into());
    for (says, code) in [
        (closed(lost), Closed),
        (closed(Closed::JoinTimedOut), TimedOut),
        (Says::default(), TimedOut),
        (
            Says {
                hangs_up: true,
                ..Says::default()
            },
            Closed,
        ),
    ] {
        let mut scene = Scene::good();
        (scene.web_socket, scene.polling) = (says.clone(), says);
        let expected = [Answers, code, Skipped, Skipped, Skipped];
        assert_eq!(codes(scene, &SOCKET).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_without_an_answer_is_a_warning() {
    let mut silent = joined();
    silent.answers = None;
    let mut breaking = joined();
    breaking.answers = Some(LinkEvent::Closed(Closed::Lost("too long".into())));
    for (says, code) in [(silent, NoAnswer), (breaking, Code::Closed)] {
        let mut scene = Scene::good();
        scene.web_socket = says;
        let finding = scene.finding(Check::RoundTrip).await;
        assert_eq!((finding.code, finding.outcome), (code, Outcome::Warning));
    }
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_fails_says_how() {
    let refused = |missing| HttpFailure::KeyRefused {
        status: 401,
        missing,
    };
    for (failure, code, fault) in [
        (refused(false), KeyRefusedHere, Fault::Key),
        (refused(true), KeyNotReceived, Fault::Key),
        (status(404), NotThere, Fault::Server),
        (status(503), ServerError, Fault::Server),
        (HttpFailure::TooLarge, TooLarge, Fault::Server),
        (HttpFailure::TimedOut, TimedOut, Fault::Unreachable),
        (
            HttpFailure::BrokenOff("reset".into()),
            BrokenOff,
            Fault::Unreachable,
        ),
        (
            HttpFailure::Unreachable("gone".into()),
            Code::Unreachable,
            Fault::Unreachable,
        ),
    ] {
        let mut scene = Scene::good();
        scene.pull = Pulled::Fails(failure);
        let finding = scene.finding(Check::Pull).await;
        assert_eq!((finding.code, finding.fault()), (code, Some(fault)));
    }
    let mut scene = Scene::good();
    scene.web_socket = support::refused(Refusal::InvalidKey);
    scene.pull = Pulled::Fails(refused(false));
    assert_eq!(
        codes(scene, &[Check::SocketKey, Check::Pull]).await,
        [KeyRefused, KeyRefused]
    );
}

fn status(status: u16) -> HttpFailure {
    HttpFailure::Status {
        status,
        reason: "no".into(),
        retry_after: None,
        well_formed: true,
    }
}

fn key_refused() -> HttpFailure {
    HttpFailure::KeyRefused {
        status: 401,
        missing: false,
    }
}

#[tokio::test(start_paused = true)]
async fn the_profile_is_found_in_its_order() {
    let not_json = HttpFailure::NotUnderstood(NotUnderstood::NotJson);
    for guide in [status(404), status(405), not_json, key_refused()] {
        let mut scene = Scene::good();
        scene.pulls = vec![(Profile::Guide, Pulled::Fails(guide))];
        let finding = scene.finding(Check::Profile).await;
        assert_eq!(
            (finding.code, finding.detail.as_deref()),
            (Adopted, Some("unified"))
        );
    }
    let mut scene = Scene::good();
    scene.pull = Pulled::Fails(status(404));
    scene.pulls = vec![(Profile::UnifiedLegacy, Pulled::Answered)];
    let finding = scene.finding(Check::Profile).await;
    assert_eq!(finding.detail.as_deref(), Some("unified-legacy"));
}

#[tokio::test(start_paused = true)]
async fn nothing_else_leads_to_the_next_profile() {
    let no_list = HttpFailure::NotUnderstood(NotUnderstood::NoList);
    for (guide, code) in [
        (status(500), ServerError),
        (HttpFailure::TimedOut, TimedOut),
        (no_list, Code::NotUnderstood),
    ] {
        let mut scene = Scene::good();
        scene.pulls = vec![(Profile::Guide, Pulled::Fails(guide))];
        assert_eq!(scene.finding(Check::Pull).await.code, code);
    }
    // The socket refused the key as well: the refusal is meant.
    let mut scene = Scene::good();
    scene.web_socket = refused(Refusal::InvalidKey);
    scene.pulls = vec![(Profile::Guide, Pulled::Fails(key_refused()))];
    assert_eq!(scene.finding(Check::Pull).await.code, KeyRefused);
}

#[tokio::test(start_paused = true)]
async fn a_chosen_profile_is_the_only_one_tried() {
    let mut scene = Scene::good();
    scene.profile = ProfileChoice::Fixed(Profile::Unified);
    assert_eq!(codes(scene, &[Check::Profile]).await, [Fixed]);
    let mut scene = Scene::good();
    scene.profile = ProfileChoice::Fixed(Profile::Unified);
    scene.pulls = vec![(Profile::Unified, Pulled::Fails(status(404)))];
    assert_eq!(codes(scene, &[Check::Pull]).await, [NotThere]);
}

#[tokio::test(start_paused = true)]
async fn where_no_profile_fits_a_refused_key_says_more_than_nothing_there() {
    let mut scene = Scene::good();
    scene.pull = Pulled::Fails(status(404));
    scene.pulls = vec![(Profile::Unified, Pulled::Fails(key_refused()))];
    assert_eq!(codes(scene, &[Check::Pull]).await, [KeyRefusedHere]);
}
