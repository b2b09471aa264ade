//! The checks, against scripted ports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unnecessary_wraps,
    reason = "a test may stop at the first surprise"
)]

mod bounds;
mod disk;
mod key;
mod reach;
mod socket;
mod support;
mod texts;

use super::Code::*;
use super::Outcome;
use super::*;
use support::{Pulled, Scene};

#[tokio::test(start_paused = true)]
async fn all_is_well_where_all_is_well_and_told_in_order() {
    let findings = Scene::good().examine().await;
    let checks: Vec<_> = findings.iter().map(|finding| finding.check).collect();
    assert_eq!(checks, Check::ALL);
    let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    let expected = [
        Readable,
        InKeyring,
        Code::Writable,
        Found,
        Open,
        Encrypted,
        Answers,
        There,
        Code::WebSocket,
        Accepted,
        Answered,
        Accepted,
        Adopted,
        Right,
    ];
    assert_eq!(codes, expected);
    assert!(
        findings
            .iter()
            .all(|f| f.outcome == Outcome::Ok && f.fault().is_none())
    );
    assert!(findings.iter().all(|f| f.because.is_none()));
}

#[tokio::test(start_paused = true)]
async fn each_line_is_told_as_soon_as_it_is_known() {
    let mut scene = Scene::good();
    scene.pull = Pulled::Never;
    let (findings, so_far) = scene.examine_until(Check::RoundTrip).await;
    assert_eq!(
        findings.len(),
        11,
        "the pull hangs, everything before it is told"
    );
    assert!(so_far < Duration::from_secs(1), "{so_far:?}");
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_apart_is_a_warning_in_its_direction() {
    for (server_is_ahead, code, detail) in [
        (3_600, Behind, "−60 min"),
        (-3_600, Ahead, "+60 min"),
        (-86_400 * 3, Ahead, "+4320 min"),
        (60, Right, "−60 s"),
    ] {
        let mut scene = Scene::good();
        scene.server_is_ahead = Some(server_is_ahead);
        let finding = scene.finding(Check::Clock).await;
        assert_eq!(
            (finding.code, finding.detail.as_deref()),
            (code, Some(detail))
        );
    }
    let mut scene = Scene::good();
    scene.server_is_ahead = None;
    assert_eq!(scene.finding(Check::Clock).await.code, NotTold);
}
