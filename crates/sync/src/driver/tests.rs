#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first surprise"
)]

mod activity;
mod history;
mod supervision;

use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use campana_contract::{Confirmation, ElementKind, Page, Timestamp};
use tempfile::TempDir;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};

use super::*;
use crate::address::Address;
use crate::clock::SystemClock;
use crate::configuration::ProfileChoice;
use crate::http::{Answer, Call, HttpFailure, Request};
use crate::inbox::{AlertKind, Change, InboxError};
use crate::link::{Link, LinkEvent, Target};
use crate::status::StatusKind;

/// A scripted carrier and a scripted server behind the driver's ports; the inbox is a real one.
#[derive(Default)]
struct Shop {
    /// Raw orders that are pending at the server.
    pending: Mutex<Vec<String>>,
    /// What the next exchanges meet instead.
    failures: Mutex<VecDeque<HttpFailure>>,
    confirmed: Mutex<Vec<Confirmation>>,
    connections: Mutex<Vec<Sender<LinkEvent>>>,
    /// A pull is not answered while this is held.
    gate: tokio::sync::Mutex<()>,
    /// So many of the next exchanges panic, and attempts to connect.
    exchanges_that_panic: AtomicUsize,
    connections_that_panic: AtomicUsize,
}

/// Whether there was one left, which is taken.
fn takes_one(counter: &AtomicUsize) -> bool {
    let less = |count: usize| count.checked_sub(1);
    counter.fetch_update(SeqCst, SeqCst, less).is_ok()
}

struct Joined {
    events: Sender<LinkEvent>,
}

impl Link for Joined {
    fn ask(&self) {
        let answer = LinkEvent::Pending(campana_contract::PendingOrders::default());
        self.events.try_send(answer).unwrap();
    }
}

struct Carrier(Arc<Shop>);

impl Connector for Carrier {
    fn open(&self, _target: Target, events: Sender<LinkEvent>) -> Box<dyn Link> {
        assert!(!takes_one(&self.0.connections_that_panic), "planted");
        events.try_send(LinkEvent::Joined).unwrap();
        self.0.connections.lock().unwrap().push(events.clone());
        Box::new(Joined { events })
    }
}

struct Server(Arc<Shop>);

#[async_trait]
impl Exchange for Server {
    async fn exchange(&self, request: Request) -> Result<Answer, HttpFailure> {
        let _open = self.0.gate.lock().await;
        assert!(!takes_one(&self.0.exchanges_that_panic), "planted");
        if let Some(failure) = self.0.failures.lock().unwrap().pop_front() {
            return Err(failure);
        }
        if let Call::Confirm(confirmation) = request.call {
            self.0.pending.lock().unwrap().clear();
            self.0.confirmed.lock().unwrap().push(confirmation);
        }
        let orders = self.0.pending.lock().unwrap().join(",");
        let page = Page::parse(format!(r#"{{"orders":[{orders}]}}"#).as_bytes()).unwrap();
        Ok(Answer {
            page: Arc::new(page),
            server_time: None,
            bytes: 0,
        })
    }
}

impl Shop {
    fn order(&self, id: &str) {
        let raw = format!(r#"{{"id":"{id}","total":100,"updatedAt":"2026-11-24T19:00:00Z"}}"#);
        self.pending.lock().unwrap().push(raw);
    }

    fn hint(&self) {
        self.connection().try_send(LinkEvent::Changes).unwrap();
    }

    fn connection(&self) -> Sender<LinkEvent> {
        self.connections.lock().unwrap().last().unwrap().clone()
    }

    fn run(self: &Arc<Self>, folder: &TempDir) -> (Handle, UnboundedReceiver<Report>) {
        self.run_with(Inbox::open(folder.path()).unwrap())
    }

    fn run_with(self: &Arc<Self>, inbox: Inbox) -> (Handle, UnboundedReceiver<Report>) {
        self.run_by(inbox, Arc::new(SystemClock::new()))
    }

    fn run_by(
        self: &Arc<Self>,
        inbox: Inbox,
        clock: Arc<dyn Clock>,
    ) -> (Handle, UnboundedReceiver<Report>) {
        let parts = Parts {
            inbox,
            connector: Arc::new(Carrier(Arc::clone(self))),
            exchange: Arc::new(Server(Arc::clone(self))),
            clock,
        };
        start(parts, Some(configuration("http://127.0.0.1:5000")))
    }
}

/// An inbox's thread without a driver.
fn inbox_thread(inbox: Inbox, reports: UnboundedSender<Report>) -> InboxThread {
    InboxThread::start(inbox, reports, mpsc::unbounded_channel().0)
}

fn configuration(address: &str) -> Configuration {
    Configuration {
        address: Address::parse(address).unwrap(),
        key: Key::Present("secreta".into()),
        receiver: Some(Receiver::Campana),
        profile: ProfileChoice::Auto,
        certificate_authority: None,
    }
}

async fn until(
    reports: &mut UnboundedReceiver<Report>,
    mut wanted: impl FnMut(&Report) -> bool,
) -> Vec<Report> {
    let mut seen = Vec::new();
    let all = async {
        loop {
            let report = reports.recv().await.expect("the driver goes on");
            let found = wanted(&report);
            seen.push(report);
            if found {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all)
        .await
        .expect("what is waited for comes");
    seen
}

fn is_status(kind: StatusKind) -> impl Fn(&Report) -> bool {
    move |report| matches!(report, Report::Status(status) if status.kind == kind)
}

fn is_alert(id: &'static str, wanted: bool) -> impl Fn(&Report) -> bool {
    move |report| matches!(report, Report::Alert { order_id, again, .. } if order_id == id && *again == wanted)
}

#[tokio::test]
async fn an_order_is_on_disk_and_rings_before_it_is_confirmed() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    shop.order("a");
    shop.hint();
    let seen = until(&mut reports, |r| matches!(r, Report::Confirmed { .. })).await;
    let place = |wanted: &dyn Fn(&Report) -> bool| seen.iter().position(wanted);
    let stored = place(&|r| {
        matches!(
            r,
            Report::Order {
                change: Change::New,
                ..
            }
        )
    });
    let rang = place(&is_alert("a", false));
    assert!(stored.is_some() && stored < rang && rang < Some(seen.len() - 1));
    handle.shut_down().await;
    let inbox = Inbox::open_beside(folder.path()).unwrap();
    let orders = inbox.orders(Timestamp(0)).unwrap();
    assert_eq!(orders[0].attention, Attention::Ringing(AlertKind::NewOrder));
    assert!(orders[0].confirmed_at.is_some());
}

#[tokio::test]
async fn what_nobody_has_seen_rings_again_in_the_next_run_and_what_was_seen_does_not() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.order("a");
    shop.order("b");
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let orders = handle.orders(Timestamp(0)).await.unwrap();
    let a = orders.iter().find(|o| o.id.key() == "a").unwrap();
    handle.mark_seen(&a.source, "a", a.version).await.unwrap();
    handle.shut_down().await;
    drop((handle, reports));
    let (_handle, mut reports) = loop_until_free(&shop, &folder).await;
    let seen = until(&mut reports, is_status(StatusKind::Connecting)).await;
    assert!(seen.iter().any(is_alert("b", true)));
    assert!(!seen.iter().any(is_alert("a", true)));
}

/// The inbox's thread lets go of the folder a moment after the last handle is gone.
async fn loop_until_free(
    shop: &Arc<Shop>,
    folder: &TempDir,
) -> (Handle, UnboundedReceiver<Report>) {
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while let Err(InboxError::InUse(_)) = Inbox::open(folder.path()) {
        assert!(std::time::Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
    shop.run(folder)
}

#[tokio::test]
async fn an_answer_for_an_earlier_backend_is_not_stored_as_the_new_ones() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.order("a");
    let gate = shop.gate.lock().await;
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::Syncing)).await;
    handle.configure(Some(configuration("http://127.0.0.2:5000")));
    drop(gate);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let orders = handle.orders(Timestamp(0)).await.unwrap();
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].source, "http://127.0.0.2:5000");
    assert_eq!(shop.confirmed.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_connection_that_ends_without_a_word_is_replaced() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (_handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let lost = LinkEvent::Closed(crate::link::Closed::Lost("gone".into()));
    shop.connection().send(lost).await.unwrap();
    until(&mut reports, is_status(StatusKind::Connecting)).await;
    until(&mut reports, is_status(StatusKind::InSync)).await;
    assert_eq!(shop.connections.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refused_key_closes_the_connection_and_a_new_key_is_tried_at_once() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    for _ in Profile::ALL {
        let refused = HttpFailure::KeyRefused {
            status: 401,
            missing: false,
        };
        shop.failures.lock().unwrap().push_back(refused);
    }
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::KeyRefused)).await;
    handle.configure(Some(configuration("http://127.0.0.1:5000")));
    until(&mut reports, is_status(StatusKind::InSync)).await;
}

#[tokio::test]
async fn shutting_down_returns_when_everything_is_on_disk() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.order("a");
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_alert("a", false)).await;
    let order = handle.orders(Timestamp(0)).await.unwrap().remove(0);
    let marking = handle.mark_seen(&order.source, "a", order.version);
    marking.await.unwrap();
    handle.shut_down().await;
    let inbox = Inbox::open_beside(folder.path()).unwrap();
    assert_eq!(
        inbox.orders(Timestamp(0)).unwrap()[0].attention,
        Attention::Seen
    );
    assert_eq!(inbox.check().unwrap(), Vec::<String>::new());
}

fn is_unreadable(wanted: bool) -> impl Fn(&Report) -> bool {
    move |report| matches!(report, Report::Unreadable { kind: ElementKind::Order, again, .. } if *again == wanted)
}

#[tokio::test]
async fn an_unreadable_order_rings_once_in_each_run_until_somebody_has_seen_it() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.pending
        .lock()
        .unwrap()
        .push(r#"{"total":7}"#.to_owned());
    let (handle, mut reports) = shop.run(&folder);
    let mut first = until(&mut reports, is_status(StatusKind::InSync)).await;
    shop.hint();
    shop.order("a");
    first.extend(until(&mut reports, is_alert("a", false)).await);
    assert_eq!(first.iter().filter(|r| is_unreadable(false)(r)).count(), 1);
    assert!(!first.iter().any(is_unreadable(true)));
    let told = first.iter().find(|r| is_unreadable(false)(r)).unwrap();
    let Report::Unreadable { hash, reason, .. } = told.clone() else {
        panic!("{told:?}");
    };
    handle.shut_down().await;
    drop((handle, reports));

    // The server keeps nothing back: what rings now is what the inbox remembers.
    shop.pending.lock().unwrap().clear();
    let (handle, mut reports) = loop_until_free(&shop, &folder).await;
    let second = until(&mut reports, is_status(StatusKind::Connecting)).await;
    let again = Report::Unreadable {
        kind: ElementKind::Order,
        hash: hash.clone(),
        reason,
        again: true,
    };
    assert_eq!(second.iter().filter(|r| **r == again).count(), 1);
    let listed = handle.unreadable_orders(Timestamp(i64::MAX)).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].text.as_deref(), Some(r#"{"total":7}"#));
    handle.mark_unreadable_seen(vec![hash]).await.unwrap();
    let listed = handle.unreadable_orders(Timestamp(i64::MAX)).await.unwrap();
    assert_eq!(listed, []);
    handle.shut_down().await;
    drop((handle, reports));

    let (_handle, mut reports) = loop_until_free(&shop, &folder).await;
    let third = until(&mut reports, is_status(StatusKind::InSync)).await;
    assert!(!third.iter().any(is_unreadable(true)), "somebody saw it");
}
