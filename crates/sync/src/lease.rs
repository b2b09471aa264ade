//! Leases: when a part was last alive. A part whose lease is old hangs, or has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::Clock;

/// A part renews its lease at least this often, unless it hangs.
pub const RENEWED_EVERY: Duration = Duration::from_secs(10);

/// When one part was last alive. Reading it blocks on nothing. Cheap to clone.
#[derive(Clone)]
pub struct Lease(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    /// Milliseconds of the monotonic clock.
    renewed: AtomicU64,
}

impl Lease {
    /// A lease that begins now.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let lease = Self(Arc::new(Shared {
            clock,
            renewed: AtomicU64::new(0),
        }));
        lease.renew();
        lease
    }

    /// The part is alive.
    pub fn renew(&self) {
        self.0.renewed.store(self.now(), Ordering::Relaxed);
    }

    /// How long ago the part was alive.
    pub fn age(&self) -> Duration {
        let renewed = self.0.renewed.load(Ordering::Relaxed);
        Duration::from_millis(self.now().saturating_sub(renewed))
    }

    fn now(&self) -> u64 {
        let now = self.0.clock.now().monotonic.as_millis();
        u64::try_from(now).unwrap_or(u64::MAX)
    }
}
