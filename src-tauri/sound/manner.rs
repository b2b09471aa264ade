//! How an alarm sounds under the present settings.

use std::time::Duration;

use campana_shell::desktop::Alarm;
use campana_sync::settings::{Alerts, Repeat};

use super::loudness;
use super::tune::Tune;

/// An alarm and the settings that it obeys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'a> {
    pub alarm: Alarm,
    pub alerts: &'a Alerts,
}

impl Manner<'_> {
    /// What is to be heard.
    pub fn tune(&self) -> Tune {
        match self.alarm {
            Alarm::Orders { .. } => Tune::Chime(self.alerts.chime),
            Alarm::ConnectionLost => Tune::ConnectionLost,
            Alarm::KeyRefused => Tune::KeyRefused,
        }
    }

    /// How loud.
    pub fn percent(&self) -> u8 {
        if self.is_urgent() {
            loudness::urgent(self.alerts.volume)
        } else {
            self.alerts.volume
        }
    }

    /// From one beginning to the next; `None` when it sounds once.
    pub fn period(&self) -> Option<Duration> {
        let is_dense = self.is_urgent() && loudness::needs_rhythm(self.alerts.volume);
        let shortest = self.tune().period(is_dense);
        match self.alerts.repeat {
            Repeat::Once => None,
            Repeat::Continuous => Some(shortest),
            Repeat::Interval => {
                let seconds = Duration::from_secs(self.alerts.repeat_seconds.into());
                Some(shortest.max(if is_dense { seconds / 2 } else { seconds }))
            }
        }
    }

    fn is_urgent(&self) -> bool {
        self.alarm == Alarm::Orders { louder: true }
    }
}
