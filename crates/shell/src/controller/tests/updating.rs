//! New versions: when they are looked for, and that none is installed while anything rings.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use campana_sync::inbox::{Attention, InboxOrder};
use campana_sync::report::Report;
use campana_sync::status::StatusKind;

use super::support::{Beginning, Shop, ringing, wire_order};
use crate::controller::{Command, Input};
use crate::updates::{UpdateFailure, Updates, Way};
use crate::view::{UpdateStage, UpdatesView};

const HOUR: Duration = Duration::from_secs(60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

type Answer<T> = Mutex<Result<T, UpdateFailure>>;

/// Updates without network and disk.
pub(super) struct FakeUpdates {
    way: Way,
    newest: Answer<Option<String>>,
    package: Answer<()>,
    replacing: Answer<()>,
    /// The package takes so long to come, and to be put in place.
    takes: Duration,
    installing: Duration,
    looks: AtomicUsize,
    fetched: AtomicUsize,
    installed: AtomicUsize,
}

#[async_trait]
impl Updates for FakeUpdates {
    fn way(&self) -> Way {
        self.way
    }
    async fn check(&self) -> Result<Option<String>, UpdateFailure> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        self.newest.lock().unwrap().clone()
    }
    async fn download(&self) -> Result<(), UpdateFailure> {
        tokio::time::sleep(self.takes).await;
        self.fetched.fetch_add(1, Ordering::Relaxed);
        self.package.lock().unwrap().clone()
    }
    async fn install(&self) -> Result<(), UpdateFailure> {
        tokio::time::sleep(self.installing).await;
        self.installed.fetch_add(1, Ordering::Relaxed);
        self.replacing.lock().unwrap().clone()
    }
}

fn fake(way: Way) -> FakeUpdates {
    FakeUpdates {
        way,
        newest: Mutex::new(Ok(Some("0.2.0".into()))),
        package: Mutex::new(Ok(())),
        replacing: Mutex::new(Ok(())),
        takes: Duration::ZERO,
        installing: Duration::ZERO,
        looks: AtomicUsize::new(0),
        fetched: AtomicUsize::new(0),
        installed: AtomicUsize::new(0),
    }
}

fn count(of: &AtomicUsize) -> usize {
    of.load(Ordering::Relaxed)
}

async fn open(updates: FakeUpdates) -> (Shop, Arc<FakeUpdates>) {
    let updates = Arc::new(updates);
    let mut beginning = Beginning::complete();
    beginning.updates = Some(updates.clone());
    let shop = beginning.start().await;
    shop.status(StatusKind::InSync, None).await;
    (shop, updates)
}

async fn shown(shop: &Shop) -> UpdatesView {
    shop.view().await.updates.unwrap()
}

/// Somebody looks, and then wants it.
async fn wanted(updates: FakeUpdates) -> (Shop, Arc<FakeUpdates>) {
    let (shop, updates) = open(updates).await;
    shop.command(Command::CheckForUpdates).await;
    shop.command(Command::InstallUpdate).await;
    (shop, updates)
}

async fn see_all(shop: &Shop) {
    shop.command(Command::MarkAllSeen {
        orders: None,
        reply: None,
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_new_version_is_looked_for_soon_after_the_start_and_daily() {
    let (shop, updates) = open(fake(Way::InPlace)).await;
    shop.pass(MINUTE / 2).await;
    assert_eq!(count(&updates.looks), 0, "not all shops at once");
    shop.pass(5 * MINUTE).await;
    assert_eq!(count(&updates.looks), 1);
    let view = shown(&shop).await;
    assert_eq!(view.available.as_deref(), Some("0.2.0"));
    assert!(view.checked_at.is_some() && view.installs);
    shop.pass(23 * HOUR).await;
    assert_eq!(count(&updates.looks), 1);
    shop.pass(4 * HOUR).await;
    assert_eq!(count(&updates.looks), 2);
    shop.pass(10 * 27 * HOUR).await;
    assert!((11..=13).contains(&count(&updates.looks)));
    assert_eq!(count(&updates.fetched), 0, "nobody asked for it");
    assert!(!shop.screen().has_started_anew);
}

#[tokio::test(start_paused = true)]
async fn a_look_that_failed_is_told_and_made_again_within_hours() {
    let (shop, updates) = open(fake(Way::InPlace)).await;
    *updates.newest.lock().unwrap() = Err(UpdateFailure::Unreachable("no route".into()));
    shop.pass(6 * MINUTE).await;
    let view = shown(&shop).await;
    assert_eq!(view.failure.as_deref(), Some("update-unreachable"));
    assert_eq!(view.checked_at, None);
    *updates.newest.lock().unwrap() = Ok(None);
    shop.pass(3 * HOUR).await;
    let view = shown(&shop).await;
    assert_eq!((view.failure, view.available), (None, None));
    assert_eq!(count(&updates.looks), 2);
}

#[tokio::test(start_paused = true)]
async fn while_orders_ring_or_a_page_is_stored_nothing_is_looked_for_by_itself() {
    let (shop, updates) = open(fake(Way::InPlace)).await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(HOUR).await;
    assert_eq!(count(&updates.looks), 0);
    shop.status(StatusKind::Syncing, None).await;
    see_all(&shop).await;
    shop.pass(HOUR).await;
    assert_eq!(count(&updates.looks), 0);
    shop.status(StatusKind::InSync, None).await;
    assert_eq!(count(&updates.looks), 1, "as soon as it is quiet");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_wants_is_fetched_installed_and_started_after_the_engine_ended() {
    let (shop, updates) = wanted(fake(Way::InPlace)).await;
    assert_eq!(count(&updates.installed), 1);
    assert!(shop.engine().is_shut_down);
    let screen = shop.screen();
    assert!(screen.has_started_anew && !screen.has_quit);
}

#[tokio::test(start_paused = true)]
async fn with_orders_that_ring_nothing_is_installed() {
    let (shop, updates) = open(fake(Way::InPlace)).await;
    shop.command(Command::CheckForUpdates).await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.command(Command::InstallUpdate).await;
    let view = shown(&shop).await;
    assert_eq!(view.failure.as_deref(), Some("update-orders-wait"));
    assert_eq!(view.stage, UpdateStage::Idle);
    assert_eq!(count(&updates.fetched), 0);
    // Silenced, but nobody has seen it.
    shop.command(Command::Pause(None)).await;
    shop.command(Command::InstallUpdate).await;
    assert_eq!(count(&updates.fetched), 0);
    see_all(&shop).await;
    shop.command(Command::InstallUpdate).await;
    assert_eq!(count(&updates.installed), 1);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_comes_during_the_download_is_waited_for() {
    let mut updates = fake(Way::InPlace);
    updates.takes = 2 * MINUTE;
    let (shop, updates) = wanted(updates).await;
    assert_eq!(shown(&shop).await.stage, UpdateStage::Downloading);
    shop.pass(MINUTE).await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(MINUTE).await;
    assert_eq!(shown(&shop).await.stage, UpdateStage::Waiting);
    assert!(shop.screen().rings);
    see_all(&shop).await;
    assert!(shop.screen().has_started_anew);
    assert_eq!(count(&updates.installed), 1);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_comes_while_it_is_put_in_place_is_waited_for() {
    let mut updates = fake(Way::InPlace);
    updates.installing = MINUTE;
    let (shop, updates) = wanted(updates).await;
    assert_eq!(shown(&shop).await.stage, UpdateStage::Installing);
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(MINUTE).await;
    assert_eq!(count(&updates.installed), 1);
    assert!(shop.screen().rings);
    assert!(!shop.screen().has_started_anew);
    see_all(&shop).await;
    assert!(shop.screen().has_started_anew);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_look_at_the_order_is_not_surprised_by_a_restart_later() {
    let mut updates = fake(Way::InPlace);
    updates.takes = 2 * MINUTE;
    let (shop, updates) = wanted(updates).await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(4 * MINUTE).await;
    let view = shown(&shop).await;
    assert_eq!(view.failure.as_deref(), Some("update-orders-wait"));
    see_all(&shop).await;
    shop.pass(HOUR).await;
    assert_eq!(count(&updates.installed), 0);
    assert!(!shop.screen().has_started_anew && shop.screen().alarm.is_none());
}

#[tokio::test(start_paused = true)]
async fn orders_that_only_memory_has_are_not_given_up_for_a_new_version() {
    let (shop, updates) = open(fake(Way::InPlace)).await;
    shop.command(Command::CheckForUpdates).await;
    let order = wire_order("a1");
    shop.input(Input::Report(Report::Unstored(vec![order])))
        .await;
    shop.command(Command::InstallUpdate).await;
    assert_eq!(count(&updates.fetched), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_genuine_or_cannot_be_put_in_place_is_told_and_campana_goes_on() {
    let updates = fake(Way::InPlace);
    *updates.package.lock().unwrap() = Err(UpdateFailure::NotGenuine("of another key".into()));
    let (shop, updates) = wanted(updates).await;
    assert_eq!(
        shown(&shop).await.failure.as_deref(),
        Some("update-not-genuine")
    );
    assert_eq!(count(&updates.installed), 0);
    *updates.package.lock().unwrap() = Ok(());
    *updates.replacing.lock().unwrap() = Err(UpdateFailure::NotInstalled("read-only".into()));
    shop.command(Command::InstallUpdate).await;
    let view = shown(&shop).await;
    assert_eq!(view.failure.as_deref(), Some("update-not-installed"));
    assert_eq!(view.available.as_deref(), Some("0.2.0"));
    assert!(!shop.engine().is_shut_down && !shop.screen().has_started_anew);
}

#[tokio::test(start_paused = true)]
async fn an_installer_that_ends_the_app_begins_after_the_engine_ended() {
    let updates = fake(Way::Installer);
    *updates.replacing.lock().unwrap() = Err(UpdateFailure::NotInstalled("refused".into()));
    let (shop, _) = wanted(updates).await;
    assert!(shop.engine().is_shut_down);
    assert!(
        shop.screen().has_started_anew,
        "without it nobody would ring"
    );
}

#[tokio::test(start_paused = true)]
async fn where_campana_came_as_a_package_it_only_tells_of_a_new_version() {
    let (shop, updates) = wanted(fake(Way::Package)).await;
    let view = shown(&shop).await;
    assert_eq!(view.available.as_deref(), Some("0.2.0"));
    assert!(!view.installs);
    assert_eq!(count(&updates.fetched), 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_newer_version_there_is_nothing_to_install() {
    let updates = fake(Way::InPlace);
    *updates.newest.lock().unwrap() = Ok(None);
    let (shop, updates) = wanted(updates).await;
    assert_eq!(shown(&shop).await.available, None);
    assert_eq!(count(&updates.fetched), 0);
}

#[tokio::test(start_paused = true)]
async fn where_none_are_built_in_and_in_the_demo_nobody_looks() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::CheckForUpdates).await;
    shop.command(Command::InstallUpdate).await;
    assert_eq!(shop.view().await.updates, None);

    let updates = Arc::new(fake(Way::InPlace));
    let mut demo = Beginning::complete();
    demo.demo = true;
    demo.updates = Some(updates.clone());
    let shop = demo.start().await;
    shop.command(Command::CheckForUpdates).await;
    shop.pass(48 * HOUR).await;
    assert_eq!(shop.view().await.updates, None);
    assert_eq!(count(&updates.looks), 0);
}

#[tokio::test(start_paused = true)]
async fn orders_from_before_and_seen_ones_keep_nothing_waiting() {
    let seen = InboxOrder {
        attention: Attention::Seen,
        ..ringing("a1")
    };
    let before = InboxOrder {
        attention: Attention::FromBefore,
        ..ringing("a2")
    };
    let updates = Arc::new(fake(Way::InPlace));
    let mut beginning = Beginning::complete().with_orders(vec![seen, before]);
    beginning.updates = Some(updates.clone());
    let shop = beginning.start().await;
    shop.pass(6 * MINUTE).await;
    assert_eq!(count(&updates.looks), 1);
}
