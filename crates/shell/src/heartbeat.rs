//! The heartbeat of a part of the app: it renews the part's lease while the part works.

use campana_sync::lease::{Lease, RENEWED_EVERY};
use tokio::time::{Interval, MissedTickBehavior};

/// The heartbeat of one part.
pub struct Heartbeat {
    name: &'static str,
    lease: Lease,
    ticks: Interval,
}

impl Heartbeat {
    /// Begins at once. `name` is for logs. Needs a runtime of tokio.
    pub fn new(name: &'static str, lease: Lease) -> Self {
        let mut ticks = tokio::time::interval(RENEWED_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { name, lease, ticks }
    }

    /// Does the part's work and renews the lease meanwhile. Work that blocks its thread, and work that panics, renews it no
    /// more.
    pub async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = self.ticks.tick() => {
                    self.lease.renew();
                    #[cfg(debug_assertions)]
                    planted(self.name);
                }
            }
        }
    }
}

/// In builds for tests: `CAMPANA_TEST_PANIC` names a file, which names the part that panics now, once.
#[cfg(debug_assertions)]
#[allow(clippy::panic, reason = "a test wants it")]
fn planted(name: &str) {
    let Some(file) = std::env::var_os("CAMPANA_TEST_PANIC") else {
        return;
    };
    let wanted = std::fs::read_to_string(&file).unwrap_or_default();
    if wanted.trim() == name && std::fs::remove_file(&file).is_ok() {
        panic!("planted in {name}");
    }
}
