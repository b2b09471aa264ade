//! Whether hints can be believed: do they announce what is made, and does what they announce come?

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

/// A hint counts for an order if it came this soon after the order was made.
const ANNOUNCED_WITHIN: Duration = Duration::from_secs(10);
/// `Date` has whole seconds, and clocks of one server differ a little.
const SLACK: Duration = Duration::from_secs(2);
/// Hints of one moment are one hint.
const SAME_MOMENT: Duration = Duration::from_secs(1);
/// Doubled and late hints are no sign of another receiver when they follow so soon.
const COUNT_EVERY: Duration = Duration::from_secs(10);
const REMEMBERED: usize = 512;

/// What was learnt about hints on the present connection and backend.
#[derive(Debug, Default)]
pub(super) struct Hints {
    times: VecDeque<Duration>,
    unannounced: u32,
    unanswered: bool,
    expected: HashSet<String>,
    empty_handed: u32,
    last_fruitful: Option<Duration>,
    last_counted: Option<Duration>,
}

/// What a round that began after a hint has to answer for.
#[derive(Debug, Default)]
pub(super) struct Promise {
    hinted: bool,
    expected: HashSet<String>,
}

impl Hints {
    /// `changes:pending` came.
    pub(super) fn changes(&mut self, now: Duration) {
        self.unanswered = true;
        self.heard(now);
    }

    /// `orders:pending` named these unknown ids.
    pub(super) fn pending(&mut self, now: Duration, ids: impl Iterator<Item = String>) {
        self.expected.extend(ids);
        if !self.expected.is_empty() {
            self.heard(now);
        }
    }

    fn heard(&mut self, now: Duration) {
        if self
            .times
            .back()
            .is_some_and(|last| now < *last + SAME_MOMENT)
        {
            return;
        }
        if self.times.len() == REMEMBERED {
            self.times.pop_front();
        }
        self.times.push_back(now);
    }

    /// A round begins: what was hinted until now is what it must bring.
    pub(super) fn take_promise(&mut self) -> Promise {
        Promise {
            hinted: std::mem::take(&mut self.unanswered),
            expected: std::mem::take(&mut self.expected),
        }
    }

    /// A round failed: what was promised is still owed.
    pub(super) fn give_back(&mut self, promise: Promise) {
        self.unanswered |= promise.hinted;
        self.expected.extend(promise.expected);
    }

    /// A round ended well. `brought` are the ids of its pages, `news` whether any of it was new.
    pub(super) fn round_ended(
        &mut self,
        now: Duration,
        promise: &Promise,
        brought: &HashSet<String>,
        news: bool,
    ) {
        if news {
            self.last_fruitful = Some(now);
            if promise.expected.is_subset(brought) {
                self.empty_handed = 0;
                return;
            }
        }
        let missing = promise.expected.iter().any(|id| !brought.contains(id));
        let recently = |at: Option<Duration>| at.is_some_and(|at| now < at + COUNT_EVERY);
        let empty = promise.hinted && !news && !recently(self.last_fruitful);
        if (missing || empty) && !recently(self.last_counted) {
            self.last_counted = Some(now);
            self.empty_handed += 1;
        }
    }

    /// Three times in a row somebody else had taken what was announced.
    pub(super) fn another_receiver(&self) -> bool {
        self.empty_handed >= 3
    }

    /// A pull found an order that was made at `made` while the connection had been joined since `joined`.
    pub(super) fn found(&mut self, now: Duration, joined: Duration, made: Duration) {
        if made < joined + SLACK {
            return;
        }
        let from = made.saturating_sub(SLACK);
        let until = made + ANNOUNCED_WITHIN;
        if self.times.iter().any(|at| *at >= from && *at <= until) {
            self.unannounced = 0;
        } else if now > until {
            self.unannounced += 1;
        }
    }

    /// Twice in a row nothing announced an order: hints do not work here.
    pub(super) fn broken(&self) -> bool {
        self.unannounced >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn two_unannounced_orders_in_a_row_break_the_trust_and_an_announced_one_mends_it() {
        let mut hints = Hints::default();
        hints.found(s(100), s(0), s(60));
        assert!(!hints.broken());
        hints.found(s(200), s(0), s(160));
        assert!(hints.broken());
        hints.changes(s(261));
        hints.found(s(262), s(0), s(260));
        assert!(!hints.broken());
    }

    #[test]
    fn orders_made_before_joining_or_just_now_prove_nothing() {
        let mut hints = Hints::default();
        for _ in 0..3 {
            hints.found(s(100), s(90), s(60));
            hints.found(s(100), s(0), s(95));
        }
        assert!(!hints.broken());
    }

    fn empty_round(hints: &mut Hints, at: u64) {
        hints.changes(s(at));
        let promise = hints.take_promise();
        hints.round_ended(s(at), &promise, &HashSet::new(), false);
    }

    #[test]
    fn three_hints_with_nothing_behind_them_show_another_receiver() {
        let mut hints = Hints::default();
        for at in [10, 30, 50] {
            assert!(!hints.another_receiver());
            empty_round(&mut hints, at);
        }
        assert!(hints.another_receiver());
    }

    #[test]
    fn a_burst_of_hints_counts_once() {
        let mut hints = Hints::default();
        for at in 10..18 {
            empty_round(&mut hints, at);
        }
        assert!(!hints.another_receiver());
    }

    #[test]
    fn an_order_that_comes_ends_the_suspicion() {
        let mut hints = Hints::default();
        for at in [10, 30, 50] {
            empty_round(&mut hints, at);
        }
        hints.changes(s(70));
        let promise = hints.take_promise();
        hints.round_ended(s(70), &promise, &HashSet::from(["1".to_owned()]), true);
        assert!(!hints.another_receiver());
    }
}
