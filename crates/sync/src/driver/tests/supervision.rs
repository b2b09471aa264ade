//! Panics, a disk that hangs, and who notices.

use std::sync::mpsc;

use super::*;
use crate::clock::Now;

/// The system's clock, and what the test adds.
struct MovedClock {
    clock: SystemClock,
    moved: Mutex<Duration>,
}

impl MovedClock {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            clock: SystemClock::new(),
            moved: Mutex::default(),
        })
    }

    fn forward(&self, seconds: u64) {
        *self.moved.lock().unwrap() += Duration::from_secs(seconds);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Now {
        let (now, moved) = (self.clock.now(), *self.moved.lock().unwrap());
        Now {
            monotonic: now.monotonic + moved,
            wall: Timestamp(now.wall.0 + i64::try_from(moved.as_millis()).unwrap()),
        }
    }
}

/// Lets the inbox's thread hang until the sender is dropped.
fn hang(handle: &Handle) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    drop(handle.inbox.run(move |_| {
        let _ = released.recv();
        Ok(())
    }));
    release
}

async fn condition(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "{what}");
        tokio::task::yield_now().await;
    }
}

/// Waits until a page with so many orders came from the server.
async fn pulled(handle: &Handle, orders: u64) {
    condition("a page comes", || {
        let is_pull = |a: &crate::activity::Activity| {
            a.kind == ActivityKind::Pull && a.number == Some(orders)
        };
        handle.activity(50).iter().any(is_pull)
    })
    .await;
}

fn is_unstored(wanted: usize) -> impl Fn(&Report) -> bool {
    move |report| matches!(report, Report::Unstored(orders) if orders.len() == wanted)
}

fn confirms(id: &'static str) -> impl Fn(&Report) -> bool {
    move |report| matches!(report, Report::Confirmed { orders, .. } if orders.iter().any(|o| o == id))
}

#[tokio::test]
async fn an_order_rings_while_the_disk_hangs_and_is_confirmed_once_it_is_stored() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let clock = MovedClock::new();
    let inbox = Inbox::open(folder.path()).unwrap();
    let (handle, mut reports) = shop.run_by(inbox, clock.clone());
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let disk = hang(&handle);
    shop.order("a");
    shop.hint();
    pulled(&handle, 1).await;
    clock.forward(11);
    handle.network_changed();
    let seen = until(&mut reports, is_status(StatusKind::StorageFailed)).await;
    assert!(seen.iter().any(is_alert("a", false)) && seen.iter().any(is_unstored(1)));
    assert_eq!(shop.confirmed.lock().unwrap().len(), 0);
    drop(disk);
    let mut seen = until(&mut reports, confirms("a")).await;
    seen.extend(until(&mut reports, is_status(StatusKind::InSync)).await);
    assert!(seen.iter().any(is_unstored(0)));
    assert!(!seen.iter().any(is_alert("a", false)), "it rang already");
}

#[tokio::test]
async fn the_lease_of_the_driver_is_renewed_while_the_inbox_hangs() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let clock = MovedClock::new();
    let inbox = Inbox::open(folder.path()).unwrap();
    let (handle, mut reports) = shop.run_by(inbox, clock.clone());
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let (lease, minute) = (handle.lease(), Duration::from_secs(60));
    let disk = hang(&handle);
    // It has taken the job by then: it renews no more.
    shop.hint();
    pulled(&handle, 0).await;
    clock.forward(60);
    assert!(lease.age() >= minute);
    handle.network_changed();
    condition("the driver lives", || lease.age() < minute).await;
    drop(disk);
}

#[tokio::test]
async fn an_exchange_that_panics_is_one_that_failed_and_is_tried_again() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.exchanges_that_panic.store(1, SeqCst);
    shop.order("a");
    let (_handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::Offline)).await;
    let seen = until(&mut reports, is_status(StatusKind::InSync)).await;
    assert!(seen.iter().any(is_alert("a", false)));
}

#[tokio::test]
async fn a_panic_in_the_inboxs_thread_is_said_at_once_and_the_inbox_opened_again() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let failed = handle.inbox.run(|_| -> Result<(), _> { panic!("planted") });
    assert!(failed.await.is_err());
    until(&mut reports, is_status(StatusKind::StorageFailed)).await;
    shop.order("a");
    shop.hint();
    let seen = until(&mut reports, confirms("a")).await;
    assert!(seen.iter().any(is_alert("a", false)));
    until(&mut reports, is_status(StatusKind::InSync)).await;
}

#[tokio::test]
async fn a_search_that_panics_ends_no_other() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, _reports) = shop.run(&folder);
    let failed = handle
        .inbox
        .read(|_| -> Result<(), _> { panic!("planted") });
    assert!(failed.await.is_err());
    let found = handle.search(crate::inbox::Search::default()).await;
    assert_eq!(found.unwrap().total, 0);
}

#[tokio::test]
async fn a_driver_that_panics_starts_again_and_an_order_made_meanwhile_is_heard() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (_handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    shop.connections_that_panic.store(2, SeqCst);
    let lost = LinkEvent::Closed(crate::link::Closed::Lost("gone".into()));
    shop.connection().send(lost).await.unwrap();
    shop.order("a");
    let seen = until(&mut reports, is_alert("a", false)).await;
    assert!(seen.iter().any(is_status(StatusKind::Connecting)));
    until(&mut reports, is_status(StatusKind::InSync)).await;
}

#[tokio::test]
async fn a_driver_that_panics_again_and_again_is_given_up_and_whoever_holds_it_is_told() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    shop.connections_that_panic.store(usize::MAX, SeqCst);
    let (handle, mut reports) = shop.run(&folder);
    let ended = tokio::time::timeout(Duration::from_secs(20), handle.ended());
    assert_eq!(ended.await.unwrap(), Ended::Panicked);
    until(&mut reports, is_status(StatusKind::Offline)).await;
    handle.shut_down().await;
    shop.connections_that_panic.store(0, SeqCst);
    drop((handle, reports));
    let (_handle, mut reports) = loop_until_free(&shop, &folder).await;
    until(&mut reports, is_status(StatusKind::InSync)).await;
}

#[tokio::test]
async fn a_driver_that_was_told_to_end_says_so() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, _reports) = shop.run(&folder);
    handle.shut_down().await;
    assert_eq!(handle.ended().await, Ended::AsTold);
}

// Windows lets nobody remove a file that is open.
#[cfg(unix)]
#[tokio::test]
async fn the_order_that_met_a_damage_rings_before_the_salvage() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    // The salvage waits for whoever reads.
    let (release, released) = mpsc::channel::<()>();
    let (begun, begins) = oneshot::channel();
    let reader = handle.clone();
    let reading = tokio::spawn(async move {
        let read = move |_: &mut crate::inbox::Reading| {
            begun.send(()).unwrap();
            let _ = released.recv();
            Ok(())
        };
        reader.inbox.read(read).await
    });
    begins.await.unwrap();
    for name in ["inbox.sqlite3", "inbox.sqlite3-wal", "inbox.sqlite3-shm"] {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    shop.order("a");
    shop.hint();
    let mut seen = until(&mut reports, is_status(StatusKind::StorageFailed)).await;
    assert!(seen.iter().any(is_alert("a", false)) && seen.iter().any(is_unstored(1)));
    assert!(!seen.iter().any(|r| matches!(r, Report::Damaged(_))));
    drop(release);
    reading.await.unwrap().unwrap();
    seen = until(&mut reports, confirms("a")).await;
    assert!(seen.iter().any(|r| matches!(r, Report::Damaged(_))));
    assert!(!seen.iter().any(is_alert("a", false)), "it rang already");
}
