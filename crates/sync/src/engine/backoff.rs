//! Waiting longer after each failure, never the same twice, never giving up.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// Exponential backoff with jitter, 1 s to 30 s.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait after one more failure: between half and the whole of the doubled wait, so that
    /// many shops do not return to a restarted server at the same moment.
    pub(super) fn next(&mut self, random: &mut StdRng) -> Duration {
        let whole = SHORTEST
            .saturating_mul(1 << self.failures.min(5))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        whole.mul_f64(random.random_range(0.5..=1.0)).max(SHORTEST)
    }

    /// Begins anew at the shortest wait.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn waits_grow_from_one_to_thirty_seconds_and_stay_there() {
        let mut random = StdRng::seed_from_u64(7);
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..20).map(|_| backoff.next(&mut random)).collect();
        assert!(waits.iter().all(|w| *w >= SHORTEST && *w <= LONGEST));
        assert!(waits[10..].iter().all(|w| *w >= LONGEST / 2));
        backoff.reset();
        assert_eq!(backoff.next(&mut random), SHORTEST);
    }
}
