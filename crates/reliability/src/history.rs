//! What the engine said, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// A status, in the codes of `campana_sync::status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Since the history began.
    pub at: Duration,
    /// `in_sync`, `offline` and so on.
    pub kind: String,
    /// `server_unreachable` and so on, where it gave one.
    pub cause: Option<String>,
}

impl Said {
    /// Whether it is the green one.
    pub fn is_in_sync(&self) -> bool {
        self.kind == "in_sync"
    }

    /// `offline/server_unreachable`, or the state alone.
    pub fn code(&self) -> String {
        match &self.cause {
            Some(cause) => format!("{}/{cause}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// Everything that was said since the beginning.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Each change of state or cause.
    pub said: Vec<Said>,
    /// How often each order began to ring.
    pub alerts: BTreeMap<String, u32>,
    /// Orders that were stored.
    pub stored: BTreeSet<String>,
}

impl History {
    /// Whether the last word was the green one.
    pub fn is_in_sync(&self) -> bool {
        self.said.last().is_some_and(Said::is_in_sync)
    }

    /// The first status from this moment on that `wanted` likes.
    pub fn first(&self, from: Duration, wanted: impl Fn(&Said) -> bool) -> Option<&Said> {
        self.said
            .iter()
            .find(|said| said.at >= from && wanted(said))
    }

    /// When the status was green between these moments, if it ever was.
    pub fn green_within(&self, from: Duration, until: Duration) -> Option<Duration> {
        self.said.iter().enumerate().find_map(|(index, said)| {
            let ended = self
                .said
                .get(index + 1)
                .map_or(Duration::MAX, |next| next.at);
            let overlaps = said.at < until && ended > from;
            (said.is_in_sync() && overlaps).then(|| said.at.max(from))
        })
    }

    /// How often orders began to ring once too often.
    pub fn doubled(&self) -> usize {
        let more = self.alerts.values().map(|times| times.saturating_sub(1));
        more.map(|times| usize::try_from(times).unwrap_or(usize::MAX))
            .sum()
    }
}

/// A history that goes on; cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    began: Instant,
    history: Arc<watch::Sender<History>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            history: Arc::new(watch::Sender::default()),
        }
    }
}

impl Recorder {
    /// How old the history is.
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Notes a status; one that says the same as the last is no news.
    pub fn status(&self, kind: &str, cause: Option<&str>) {
        let at = self.now();
        self.history.send_if_modified(|history| {
            let is_same = history
                .said
                .last()
                .is_some_and(|last| last.kind == kind && last.cause.as_deref() == cause);
            if !is_same {
                history.said.push(Said {
                    at,
                    kind: kind.to_owned(),
                    cause: cause.map(str::to_owned),
                });
            }
            !is_same
        });
    }

    /// Notes that an order began to ring.
    pub fn alert(&self, id: &str) {
        self.history.send_modify(|history| {
            *history.alerts.entry(id.to_owned()).or_default() += 1;
        });
    }

    /// Notes that an order was stored.
    pub fn stored(&self, id: &str) {
        self.history.send_modify(|history| {
            history.stored.insert(id.to_owned());
        });
    }

    /// What was said until now.
    pub fn history(&self) -> History {
        self.history.borrow().clone()
    }

    /// Waits until the history is as wanted; `false` when it is not in time.
    pub async fn until(&self, at_most: Duration, wanted: impl FnMut(&History) -> bool) -> bool {
        let mut changes = self.history.subscribe();
        let waiting = changes.wait_for(wanted);
        matches!(tokio::time::timeout(at_most, waiting).await, Ok(Ok(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(at: u64, kind: &str) -> Said {
        Said {
            at: Duration::from_secs(at),
            kind: kind.to_owned(),
            cause: None,
        }
    }

    #[test]
    fn a_green_that_began_before_and_ended_within_counts_as_green_within() {
        let history = History {
            said: vec![said(1, "in_sync"), said(5, "offline"), said(9, "in_sync")],
            ..History::default()
        };
        let within = |from, until| {
            history.green_within(Duration::from_secs(from), Duration::from_secs(until))
        };
        assert_eq!(within(3, 8), Some(Duration::from_secs(3)));
        assert_eq!(within(5, 9), None);
        assert_eq!(within(6, 10), Some(Duration::from_secs(9)));
    }

    #[test]
    fn the_same_status_twice_is_said_once_and_an_order_that_rings_twice_is_doubled() {
        let recorder = Recorder::default();
        recorder.status("offline", Some("server_error"));
        recorder.status("offline", Some("server_error"));
        recorder.status("offline", Some("server_unreachable"));
        assert_eq!(recorder.history().said.len(), 2);
        for id in ["a", "b", "b", "b"] {
            recorder.alert(id);
        }
        assert_eq!(recorder.history().doubled(), 2);
    }
}
