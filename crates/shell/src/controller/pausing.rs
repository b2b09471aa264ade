//! The pause: silences sound and toasts, nothing else, and cannot be forgotten.

use std::collections::HashSet;
use std::time::Duration;

use campana_contract::Timestamp;
use tokio::time::Instant;

use super::notices::About;
use super::{Controller, words};

/// People are reminded of a pause without an end this often.
const REMINDER: Duration = Duration::from_secs(3600);

/// What a pause is about beyond its end by the wall clock.
#[derive(Debug, Default)]
pub(super) struct Pausing {
    /// When it ends by the monotonic clock.
    ends: Option<Instant>,
    /// When somebody is reminded of it.
    reminder: Option<Instant>,
    /// Orders that began to ring since.
    missed: HashSet<String>,
}

impl Pausing {
    /// When [`Controller::on_pause_time`] has something to do.
    pub fn deadline(&self) -> Option<Instant> {
        [self.ends, self.reminder].into_iter().flatten().min()
    }

    /// An order began to ring.
    pub fn miss(&mut self, order: String) {
        self.missed.insert(order);
    }

    /// How many of those that came ring still.
    pub fn still_missed(&mut self, rings: impl Fn(&str) -> bool) -> u32 {
        self.missed.retain(|order| rings(order));
        u32::try_from(self.missed.len()).unwrap_or(u32::MAX)
    }
}

impl Controller {
    /// Silences sound and toasts; what came in a pause that goes on stays counted.
    pub(super) fn pause(&mut self, minutes: Option<u32>) {
        let now = self.now.at;
        let span = minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
        let until = span.map(|span| {
            let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
            Timestamp(self.now.wall.0.saturating_add(millis))
        });
        self.pausing.ends = span.map(|span| now + span);
        self.pausing.reminder = span.is_none().then(|| now + REMINDER);
        for untold in self.alerts.forget() {
            self.pausing.miss(untold);
        }
        self.state.pause = Some(until);
        self.trouble.begin_anew();
        self.end_rehearsal();
        self.end_notices(&About::Pause);
    }

    /// The pause is over; what came meanwhile is told as one.
    pub(super) fn resume(&mut self) {
        if self.state.pause.take().is_none() {
            return;
        }
        let missed = std::mem::take(&mut self.pausing).missed;
        self.alerts.add_missed(missed, self.now.at);
        self.end_notices(&About::Pause);
    }

    pub(super) fn on_pause_time(&mut self, now: Instant) {
        let wall = self.now.wall;
        // By either clock: the monotonic one stands still while some computers sleep.
        let is_over = |until: Option<Timestamp>| until.is_some_and(|until| wall >= until);
        if self.state.pause.is_some_and(is_over) || self.pausing.ends.is_some_and(|end| now >= end)
        {
            self.resume();
        }
        if self.pausing.reminder.is_some_and(|at| now >= at) {
            self.pausing.reminder = Some(now + REMINDER);
            let said = words::still_paused(self.state.missed, &self.catalogue);
            self.notify(said, About::Pause);
            self.desk.chime();
        }
    }
}
