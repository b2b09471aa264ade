#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::sync::{Arc, Mutex};

use campana_shell::heartbeat::Heartbeat;
use campana_shell::icon::{Mark, TrayIcon};
use campana_shell::tray::TrayView;
use campana_sync::clock::SystemClock;
use campana_sync::lease::Lease;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::{Icon, work};

fn view(unseen: u32) -> TrayView {
    TrayView {
        icon: TrayIcon {
            mark: Mark::None,
            unseen,
            lit: false,
            demo: false,
        },
        label: None,
        tooltip: String::new(),
        menu: Vec::new(),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("refused")]
struct Refused;

/// What a system saw of its tray.
#[derive(Clone, Default)]
struct System(Arc<Mutex<Seen>>, Arc<Notify>);

#[derive(Default)]
struct Seen {
    panics: bool,
    /// How many of the next drawings fail.
    failures: u32,
    /// When each drawing was tried.
    tried: Vec<Instant>,
    drawn: Vec<u32>,
}

impl Icon for System {
    type Error = Refused;

    async fn draw(&mut self, view: &TrayView) -> Result<(), Refused> {
        let mut seen = self.0.lock().unwrap();
        seen.tried.push(Instant::now());
        if std::mem::take(&mut seen.panics) {
            drop(seen);
            panic!("planted");
        }
        if seen.failures > 0 {
            seen.failures -= 1;
            return Err(Refused);
        }
        seen.drawn.push(view.icon.unseen);
        Ok(())
    }

    async fn lost(&mut self) {
        self.1.notified().await;
    }
}

impl System {
    fn drawn(&self) -> Vec<u32> {
        self.0.lock().unwrap().drawn.clone()
    }

    async fn draws(&self, expected: &[u32]) {
        while self.drawn() != expected {
            assert!(self.drawn().len() <= expected.len(), "{:?}", self.drawn());
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
}

fn start() -> (System, watch::Sender<Option<TrayView>>) {
    let (sender, views) = watch::channel(None);
    let system = System::default();
    let lease = Lease::new(Arc::new(SystemClock::new()));
    tokio::spawn(work(system.clone(), views, Heartbeat::new("tray", lease)));
    (system, sender)
}

#[tokio::test(start_paused = true)]
async fn a_drawing_that_fails_is_tried_again_with_the_latest_view() {
    let (system, views) = start();
    views.send_replace(Some(view(1)));
    system.draws(&[1]).await;
    system.0.lock().unwrap().failures = 1;
    views.send_replace(Some(view(2)));
    tokio::task::yield_now().await;
    views.send_replace(Some(view(3)));
    system.draws(&[1, 3]).await;
}

#[tokio::test(start_paused = true)]
async fn a_tray_that_goes_on_failing_is_tried_less_often_up_to_a_minute() {
    let (system, views) = start();
    system.0.lock().unwrap().failures = 10;
    views.send_replace(Some(view(1)));
    system.draws(&[1]).await;
    let tried = system.0.lock().unwrap().tried.clone();
    let pauses = tried.windows(2).map(|two| (two[1] - two[0]).as_secs());
    assert_eq!(
        pauses.collect::<Vec<_>>(),
        [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_while_drawing_ends_nothing() {
    let (system, views) = start();
    system.0.lock().unwrap().panics = true;
    views.send_replace(Some(view(1)));
    system.draws(&[1]).await;
    views.send_replace(Some(view(2)));
    system.draws(&[1, 2]).await;
}

#[tokio::test(start_paused = true)]
async fn an_icon_that_was_lost_is_drawn_again() {
    let (system, views) = start();
    views.send_replace(Some(view(1)));
    system.draws(&[1]).await;
    system.1.notify_one();
    system.draws(&[1, 1]).await;
}
