//! Waiting longer after each failure, never the same twice, never giving up.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;

const SHORTEST: Duration = Duration::from_secs(1);
/// As long as the trouble is young, and always while nobody is there.
const SHORT: Duration = Duration::from_secs(4);
const LONGEST: Duration = Duration::from_secs(30);
/// A wait is no longer than this part of the trouble so far: whoever was away for a minute is missed for
/// seconds, not for half a minute.
const PART: u32 = 10;

/// Who bears the attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Burden {
    /// Nobody: the server is not there.
    Nobody,
    /// The server, which answers and is in trouble.
    Server,
}

/// Exponential backoff with jitter, from 1 s to 4 s, and up to 30 s where the server bears it for long.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
    since: Option<Duration>,
}

impl Backoff {
    /// How long to wait after one more failure: between half and the whole of the doubled wait, so that
    /// many shops do not return to a restarted server at the same moment.
    pub(super) fn next(&mut self, now: Duration, burden: Burden, random: &mut StdRng) -> Duration {
        let trouble = now.saturating_sub(*self.since.get_or_insert(now));
        let longest = match burden {
            Burden::Nobody => SHORT,
            Burden::Server => (trouble / PART).clamp(SHORT, LONGEST),
        };
        let whole = SHORTEST
            .saturating_mul(1 << self.failures.min(5))
            .min(longest);
        self.failures = self.failures.saturating_add(1);
        whole.mul_f64(random.random_range(0.5..=1.0)).max(SHORTEST)
    }

    /// Begins anew at the shortest wait.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// The waits of a trouble in which every attempt fails at once, until it has lasted so long.
    fn waits(backoff: &mut Backoff, burden: Burden, until: Duration) -> Vec<Duration> {
        let mut random = StdRng::seed_from_u64(7);
        let mut now = Duration::ZERO;
        let mut waits = Vec::new();
        while now < until {
            let wait = backoff.next(now, burden, &mut random);
            now += wait;
            waits.push(wait);
        }
        waits
    }

    #[test]
    fn waits_grow_with_the_trouble_from_one_to_thirty_seconds_and_stay_there() {
        let mut backoff = Backoff::default();
        let waits = waits(&mut backoff, Burden::Server, Duration::from_secs(3600));
        assert!(waits.iter().all(|w| *w >= SHORTEST && *w <= LONGEST));
        assert!(waits[waits.len() / 2..].iter().all(|w| *w >= LONGEST / 2));
        assert!(waits.len() < 250, "{}", waits.len());
        let mut passed = Duration::ZERO;
        for wait in waits {
            assert!(
                wait <= SHORT.max(passed / PART),
                "{wait:?} after {passed:?}"
            );
            passed += wait;
        }
        backoff.reset();
        let mut random = StdRng::seed_from_u64(7);
        let now = Duration::from_secs(4000);
        assert_eq!(backoff.next(now, Burden::Server, &mut random), SHORTEST);
    }

    #[test]
    fn who_is_not_there_is_looked_for_every_few_seconds_and_no_more_often() {
        let hour = Duration::from_secs(3600);
        let waits = waits(&mut Backoff::default(), Burden::Nobody, hour);
        assert!(waits.iter().all(|w| *w >= SHORTEST && *w <= SHORT));
        assert!(waits[5..].iter().all(|w| *w >= SHORT / 2));
    }
}
