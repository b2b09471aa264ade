//! What `watch` prints, and what it does when the engine ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use async_trait::async_trait;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::http::{Answer, Exchange, HttpFailure, Request};
use campana_sync::link::{Connector, Link, LinkEvent, Target};
use tokio::sync::mpsc::Sender;

use super::*;

struct Panics;

impl Connector for Panics {
    fn open(&self, _target: Target, _events: Sender<LinkEvent>) -> Box<dyn Link> {
        panic!("planted")
    }
}

#[async_trait]
impl Exchange for Panics {
    async fn exchange(&self, _request: Request) -> Result<Answer, HttpFailure> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn watching_an_engine_that_panics_again_and_again_ends_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let parts = Parts {
        inbox: Inbox::open(folder.path()).unwrap(),
        connector: Arc::new(Panics),
        exchange: Arc::new(Panics),
        clock: Arc::new(SystemClock::new()),
    };
    let configuration = Configuration {
        address: Address::parse("http://127.0.0.1:5000").unwrap(),
        key: Key::Present("secreta".into()),
        receiver: Some(Receiver::Campana),
        profile: ProfileChoice::Auto,
        certificate_authority: None,
    };
    let (handle, reports) = driver::start(parts, Some(configuration));
    let output = Output::new(Catalogue::new(Language::Es));
    let following = follow(&handle, reports, true, &output);
    let done = tokio::time::timeout(Duration::from_secs(20), following).await;
    assert!(matches!(done, Ok(Err(Failure::EngineEnded))), "{done:?}");
    assert_eq!(Failure::EngineEnded.code(), 7);
}

fn status(kind: StatusKind) -> Status {
    Status::new(kind, Timestamp(0))
}

fn unreadable(kind: ElementKind, again: bool) -> Report {
    Report::Unreadable {
        kind,
        hash: "5e1f".into(),
        reason: "no readable id".into(),
        again,
    }
}

/// The event of each line that is printed for a report, and the verdict of a status.
fn printed(told: &mut Told, report: Report) -> Vec<(String, Option<String>)> {
    let word = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let reports = told.take(report);
    let lines = reports.iter().filter_map(|r| json_for(r, told.around));
    lines
        .map(|line| (word(&line["event"]).unwrap(), word(&line["verdict"])))
        .collect()
}

fn event(name: &str) -> (String, Option<String>) {
    (name.to_owned(), None)
}

fn verdict(code: &str) -> (String, Option<String>) {
    ("status".to_owned(), Some(code.to_owned()))
}

#[test]
fn an_unreadable_order_changes_the_verdict_in_a_line_of_its_own() {
    let mut told = Told::default();
    let in_sync = || Report::Status(status(StatusKind::InSync));
    assert_eq!(printed(&mut told, in_sync()), [verdict("in_sync")]);
    assert_eq!(printed(&mut told, in_sync()), [], "nothing changed");
    let customer = unreadable(ElementKind::Customer, false);
    assert_eq!(printed(&mut told, customer), [event("set_aside")]);
    let order = || unreadable(ElementKind::Order, false);
    assert_eq!(
        printed(&mut told, order()),
        [event("set_aside"), verdict("unreadable")]
    );
    assert_eq!(printed(&mut told, order()), [event("set_aside")]);
    let offline = Report::Status(status(StatusKind::Offline));
    assert_eq!(printed(&mut told, offline), [verdict("offline")]);
    assert_eq!(printed(&mut told, in_sync()), [verdict("unreadable")]);
}

#[test]
fn an_unreadable_order_of_an_earlier_run_is_in_the_first_verdict() {
    let mut told = Told::default();
    let order = unreadable(ElementKind::Order, true);
    assert_eq!(printed(&mut told, order), [event("set_aside")]);
    let in_sync = Report::Status(status(StatusKind::InSync));
    assert_eq!(printed(&mut told, in_sync), [verdict("unreadable")]);
}

#[test]
fn a_refused_confirmation_is_a_verdict() {
    let mut told = Told::default();
    let fine = status(StatusKind::InSync);
    printed(&mut told, Report::Status(fine.clone()));
    let refused = Status {
        confirmations_refused: 1,
        ..fine
    };
    assert_eq!(
        printed(&mut told, Report::Status(refused)),
        [verdict("confirmations_refused")]
    );
}
