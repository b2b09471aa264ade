//! Keeps the computer awake while Campana runs, if the settings say so.

use std::sync::mpsc::{Receiver, Sender, channel};

use keepawake::{Builder, KeepAwake};

/// What the system shows to somebody who asks what keeps it awake.
const REASON: &str = "Orders arrive at any time";

/// Asks the system on a thread of its own, which may wait as long as the system likes. The system
/// forgets it by itself when the app ends.
#[derive(Debug, Default)]
pub(super) struct Wakefulness {
    orders: Option<Sender<bool>>,
    is_asked: bool,
}

impl Wakefulness {
    /// From now on the computer does not fall asleep by itself, or may again. What fails is logged only.
    pub fn keep_awake(&mut self, should_keep: bool) {
        if should_keep == self.is_asked {
            return;
        }
        self.is_asked = should_keep;
        if self.orders.is_none() {
            self.orders = start();
        }
        if let Some(orders) = &self.orders
            && orders.send(should_keep).is_err()
        {
            tracing::warn!("nobody keeps the computer awake");
        }
    }
}

fn start() -> Option<Sender<bool>> {
    let (sender, orders) = channel();
    std::thread::Builder::new()
        .name("wakefulness".into())
        .spawn(move || work(&orders))
        .inspect_err(|error| tracing::warn!(%error, "nobody keeps the computer awake"))
        .ok()
        .map(|_| sender)
}

fn work(orders: &Receiver<bool>) {
    let mut held: Option<KeepAwake> = None;
    while let Ok(should_keep) = orders.recv() {
        if should_keep == held.is_some() {
            continue;
        }
        held = if should_keep { hold() } else { None };
        tracing::debug!(is_held = held.is_some(), "the computer is kept awake");
    }
}

fn hold() -> Option<KeepAwake> {
    let mut builder = Builder::default();
    builder
        .reason(REASON)
        .app_name("Campana")
        .app_reverse_domain("mx.campana")
        .idle(true)
        // Some Linux desktops heed only this lock before they sleep by themselves; elsewhere it would
        // keep the computer from sleeping even when somebody wants it to.
        .sleep(cfg!(target_os = "linux"));
    builder
        .create()
        .inspect_err(|error| tracing::warn!(%error, "the computer may fall asleep"))
        .ok()
}
