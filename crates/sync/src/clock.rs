//! Now, as a parameter: monotonic for waits, wall for what people read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use campana_contract::Timestamp;

/// One reading of both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Since the clock was made; never goes back. Stands still while the computer sleeps on some systems.
    pub monotonic: Duration,
    /// What the clock on the wall says; people and time servers set it.
    pub wall: Timestamp,
}

/// Reads both clocks.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Now;
}

/// The computer's clocks; the monotonic one is tokio's, so that paused time holds in tests.
#[derive(Debug)]
pub struct SystemClock(tokio::time::Instant);

impl SystemClock {
    /// Starts the monotonic clock; needs a running tokio runtime only when time is paused.
    pub fn new() -> Self {
        Self(tokio::time::Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Now {
            monotonic: self.0.elapsed(),
            wall: Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)),
        }
    }
}
