//! What happens to orders that ring and that nobody sees: louder, then the window comes to the front.

use std::collections::HashMap;
use std::time::Duration;

use campana_sync::settings::Alerts;
use tokio::time::Instant;

/// From louder to the front.
const TO_FRONT: Duration = Duration::from_secs(60);
/// A window that comes forward takes the keyboard from whoever types: not for each order of a rush.
const FRONT_AGAIN: Duration = Duration::from_secs(300);
/// Without sound it is all that there is.
const MUTE_FRONT_AGAIN: Duration = Duration::from_secs(60);

/// By what it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    louder: Option<Duration>,
    is_mute: bool,
}

impl Rules {
    /// By the settings, and by whether the alarm can be heard.
    pub fn new(alerts: &Alerts, is_mute: bool) -> Self {
        let minutes = u64::from(alerts.louder_minutes);
        Self {
            louder: (minutes > 0).then(|| Duration::from_secs(minutes * 60)),
            is_mute,
        }
    }

    /// How long an order rings before the window comes to the front.
    fn front(self) -> Option<Duration> {
        if self.is_mute {
            return Some(Duration::ZERO);
        }
        self.louder.map(|louder| louder + TO_FRONT)
    }

    fn front_again(self) -> Duration {
        if self.is_mute {
            MUTE_FRONT_AGAIN
        } else {
            FRONT_AGAIN
        }
    }
}

/// The orders that ring, and for how long they have been heard.
#[derive(Debug, Default)]
pub(super) struct Escalation {
    ringing: HashMap<String, Ringing>,
    last_front: Option<Instant>,
}

#[derive(Debug)]
struct Ringing {
    since: Instant,
    came_forward: bool,
}

impl Escalation {
    /// These ring now. What rings on keeps its time; a pause makes it begin anew.
    pub fn follow(&mut self, orders: impl IntoIterator<Item = String>, now: Instant) {
        let mut before = std::mem::take(&mut self.ringing);
        self.ringing = orders
            .into_iter()
            .map(|order| {
                let kept = before.remove(&order);
                let ringing = kept.unwrap_or(Ringing {
                    since: now,
                    came_forward: false,
                });
                (order, ringing)
            })
            .collect();
        if self.ringing.is_empty() {
            self.last_front = None;
        }
    }

    /// Whether anything rings.
    pub fn rings(&self) -> bool {
        !self.ringing.is_empty()
    }

    /// Whether something has been unseen for so long that it is to be louder.
    pub fn is_louder(&self, rules: Rules, now: Instant) -> bool {
        let is_due = |ringing: &Ringing| {
            rules
                .louder
                .is_some_and(|louder| now >= ringing.since + louder)
        };
        self.ringing.values().any(is_due)
    }

    /// Whether the window has come, or should have come, to the front for something that still rings.
    pub fn needs_somebody(&self, rules: Rules) -> bool {
        let came_forward = |ringing: &Ringing| ringing.came_forward;
        self.rings() && (rules.is_mute || self.ringing.values().any(came_forward))
    }

    /// When [`Escalation::is_louder`] or [`Escalation::comes_forward`] next has another answer.
    pub fn deadline(&self, rules: Rules, now: Instant) -> Option<Instant> {
        let louder = self
            .ringing
            .values()
            .filter_map(|ringing| rules.louder.map(|louder| ringing.since + louder))
            .filter(|at| *at > now)
            .min();
        [louder, self.front_due(rules)].into_iter().flatten().min()
    }

    fn front_due(&self, rules: Rules) -> Option<Instant> {
        let front = rules.front()?;
        // Without sound the window is all that there is: it comes again and again.
        let waiting = self
            .ringing
            .values()
            .filter(|one| rules.is_mute || !one.came_forward);
        let first = waiting.map(|ringing| ringing.since + front).min()?;
        let again = self.last_front.map(|last| last + rules.front_again());
        Some(again.map_or(first, |again| again.max(first)))
    }

    /// Whether the window comes to the front now. An order that can be heard brings it once.
    pub fn comes_forward(&mut self, rules: Rules, now: Instant) -> bool {
        let is_due = self.front_due(rules).is_some_and(|due| now >= due);
        let Some(front) = rules.front().filter(|_| is_due) else {
            return false;
        };
        for ringing in self.ringing.values_mut() {
            ringing.came_forward |= now >= ringing.since + front;
        }
        self.last_front = Some(now);
        true
    }
}
