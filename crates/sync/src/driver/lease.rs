//! Leases: when each part was last alive. A part whose lease is old hangs or has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// Each part renews its lease at least this often, unless it hangs.
pub const RENEWED_EVERY: Duration = Duration::from_secs(5);

/// A part that renews a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The loop between the engine and everything else.
    Driver,
    /// The thread that writes the inbox; a disk that hangs lets its lease grow old.
    Inbox,
}

/// The leases of a driver. Reading one blocks on nothing. Cheap to clone.
#[derive(Clone)]
pub struct Leases(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    /// Milliseconds of the monotonic clock, by [`Part`].
    renewed: [AtomicU64; 2],
}

impl Leases {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let leases = Self(Arc::new(Shared {
            clock,
            renewed: Default::default(),
        }));
        leases.renew(Part::Driver);
        leases.renew(Part::Inbox);
        leases
    }

    pub(super) fn renew(&self, part: Part) {
        self.renewed(part).store(self.now(), Ordering::Relaxed);
    }

    /// How long ago the part was alive.
    pub fn age(&self, part: Part) -> Duration {
        let renewed = self.renewed(part).load(Ordering::Relaxed);
        Duration::from_millis(self.now().saturating_sub(renewed))
    }

    fn renewed(&self, part: Part) -> &AtomicU64 {
        let [driver, inbox] = &self.0.renewed;
        match part {
            Part::Driver => driver,
            Part::Inbox => inbox,
        }
    }

    fn now(&self) -> u64 {
        let now = self.0.clock.now().monotonic.as_millis();
        u64::try_from(now).unwrap_or(u64::MAX)
    }
}
