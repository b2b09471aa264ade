//! Which notifications alerts become: one each, one for all in a burst.

use std::collections::VecDeque;
use std::time::Duration;

use campana_sync::inbox::AlertKind;
use tokio::time::Instant;

/// Alerts of one page come at once; so long is waited for the others of a burst.
const GATHER: Duration = Duration::from_millis(300);
/// The span in which alerts are a burst, and how many single notifications it may hold.
const BURST: Duration = Duration::from_secs(1);
const MOST_SINGLE: usize = 3;
/// An order whose content cannot be read is told of without it after this.
const PATIENCE: Duration = Duration::from_secs(2);

/// Alerts that wait to be told.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    fresh: Vec<(String, AlertKind)>,
    again: Vec<String>,
    missed: Vec<String>,
    gather_until: Option<Instant>,
    told: VecDeque<Instant>,
    /// Orders rang already when the alerts that wait began to.
    pub rang_before: bool,
}

/// What is to be told now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Each of these orders for itself.
    Single(Vec<(String, AlertKind)>),
    /// All of these at once.
    Group(Group, Vec<String>),
}

/// What orders that are told of together have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// They came at once.
    Burst,
    /// They ring since an earlier run.
    StillRinging,
    /// They came during a pause.
    Missed,
}

impl Alerts {
    /// An order began to ring, or still rings from an earlier run (`again`).
    pub fn add(&mut self, order: String, kind: AlertKind, again: bool, now: Instant) {
        if again {
            self.again.push(order);
        } else {
            // The newest reason of an order is the one that counts.
            self.fresh.retain(|(known, _)| *known != order);
            self.fresh.push((order, kind));
        }
        self.gather_until.get_or_insert(now + GATHER);
    }

    /// These came during a pause that is over.
    pub fn add_missed(&mut self, orders: impl IntoIterator<Item = String>, now: Instant) {
        self.missed.extend(orders);
        if !self.missed.is_empty() {
            self.gather_until.get_or_insert(now + GATHER);
        }
    }

    /// Nothing waits to be told.
    pub fn is_empty(&self) -> bool {
        self.gather_until.is_none()
    }

    /// When [`Alerts::due`] has something to say.
    pub fn deadline(&self, is_content_read: bool) -> Option<Instant> {
        let wait = if is_content_read {
            Duration::ZERO
        } else {
            PATIENCE
        };
        self.gather_until.map(|until| until + wait)
    }

    /// What is to be told now; `is_content_read` when the orders of all alerts were read.
    pub fn due(&mut self, now: Instant, is_content_read: bool) -> Vec<Telling> {
        if self
            .deadline(is_content_read)
            .is_none_or(|until| now < until)
        {
            return Vec::new();
        }
        self.gather_until = None;
        self.told.retain(|at| now.duration_since(*at) < BURST);
        let mut tellings = Vec::new();
        let again = std::mem::take(&mut self.again);
        if !again.is_empty() {
            tellings.push(Telling::Group(Group::StillRinging, again));
        }
        let missed = std::mem::take(&mut self.missed);
        if !missed.is_empty() {
            tellings.push(Telling::Group(Group::Missed, missed));
        }
        let fresh = std::mem::take(&mut self.fresh);
        let count = fresh.len();
        if count == 0 {
            return tellings;
        }
        if self.told.len() + count > MOST_SINGLE && count > 1 {
            let fresh = fresh.into_iter().map(|(order, _)| order);
            tellings.push(Telling::Group(Group::Burst, fresh.collect()));
        } else {
            tellings.push(Telling::Single(fresh));
        }
        self.told.extend(std::iter::repeat_n(now, count));
        tellings
    }

    /// Nobody wants to be told now; the orders that were to be told as having just come.
    pub fn forget(&mut self) -> Vec<String> {
        let forgotten = std::mem::take(self);
        let fresh = forgotten.fresh.into_iter().map(|(order, _)| order);
        fresh.chain(forgotten.missed).collect()
    }
}
