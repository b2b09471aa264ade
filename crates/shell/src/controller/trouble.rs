//! Trouble that lasts: when people are told of it, and the alarm about it.

use std::time::Duration;

use campana_sync::status::StatusKind;
use tokio::time::Instant;

use super::notices::About;
use super::{Controller, words};
use crate::desktop::Alarm;
use crate::projection;
use crate::view::StatusView;

/// So long it sounds at first: whoever is there has heard it, and a shop may be closed.
const SOUNDS: Duration = Duration::from_secs(180);
/// Then it sounds again this often, as a reminder, and flashes meanwhile.
const AGAIN: Duration = Duration::from_secs(15 * 60);
const REMINDER: Duration = Duration::from_secs(20);
/// So long it is heard when it begins, whatever rings.
const WORD: Duration = Duration::from_secs(5);

/// How the alarm about a trouble stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has just begun: it is heard even where orders ring.
    Word(Alarm),
    /// It sounds.
    Sounds(Alarm),
    /// It can only be seen.
    Shows,
}

/// A time of trouble. It ends when orders come again, not while the engine tries.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    present: Option<(Instant, StatusKind)>,
    told: Vec<StatusKind>,
    /// The alarms of this time of trouble, and since when.
    begun: Vec<(Alarm, Instant)>,
    quieted: Vec<Alarm>,
}

impl Trouble {
    /// The status is now this. What was told of and is over now.
    pub fn status(&mut self, code: StatusKind, now: Instant) -> Vec<StatusKind> {
        match code {
            StatusKind::Offline
            | StatusKind::KeyMissing
            | StatusKind::KeyRefused
            | StatusKind::Limited
            | StatusKind::StorageFailed => {
                let since = self.present.map_or(now, |(since, _)| since);
                self.present = Some((since, code));
                Vec::new()
            }
            StatusKind::InSync | StatusKind::PollingOnly | StatusKind::NotConfigured => {
                std::mem::take(self).told
            }
            StatusKind::Connecting | StatusKind::Syncing => Vec::new(),
        }
    }

    /// When [`Trouble::due`] has something to say, or the alarm changes.
    pub fn deadline(&self, patience: Duration, now: Instant) -> Option<Instant> {
        let (since, code) = self.present?;
        let is_new = !self.told.contains(&code) || self.begun().is_none();
        if is_new {
            return Some(since + patience);
        }
        if self.is_quieted() {
            return None;
        }
        let (_, at) = self.begun()?;
        let round = at + AGAIN * rounds(at, now);
        [at + WORD, at + SOUNDS, round + REMINDER, round + AGAIN]
            .into_iter()
            .filter(|change| *change > now)
            .min()
    }

    /// The alarm of what has lasted long enough begins.
    pub fn begin(&mut self, patience: Duration, now: Instant) {
        if let Some((since, code)) = self.present
            && now >= since + patience
            && self.begun().is_none()
        {
            self.begun.push((alarm_of(code), now));
        }
    }

    /// The trouble that people should be told of now; each kind once in a time of trouble.
    pub fn due(&mut self, patience: Duration, now: Instant) -> Option<StatusKind> {
        let (since, code) = self.present?;
        if now < since + patience {
            return None;
        }
        let is_new = !self.told.contains(&code);
        is_new.then(|| {
            self.told.push(code);
            code
        })
    }

    fn begun(&self) -> Option<(Alarm, Instant)> {
        let alarm = alarm_of(self.present?.1);
        self.begun.iter().copied().find(|(of, _)| *of == alarm)
    }

    fn is_quieted(&self) -> bool {
        self.present
            .is_some_and(|(_, code)| self.quieted.contains(&alarm_of(code)))
    }

    /// How its alarm stands; `None` where there is none, or somebody silenced it.
    pub fn phase(&self, now: Instant) -> Option<Phase> {
        let (alarm, at) = self.begun().filter(|_| !self.is_quieted())?;
        let lasts = now.saturating_duration_since(at);
        let in_round = now.saturating_duration_since(at + AGAIN * rounds(at, now));
        Some(if lasts < WORD {
            Phase::Word(alarm)
        } else if lasts < SOUNDS || in_round < REMINDER {
            Phase::Sounds(alarm)
        } else {
            Phase::Shows
        })
    }

    /// Somebody knows; the trouble itself stays.
    pub fn quiet(&mut self) {
        if let Some((alarm, _)) = self.begun() {
            self.quieted.push(alarm);
        }
    }

    /// The alarm begins anew once a pause is over.
    pub fn begin_anew(&mut self) {
        self.begun.clear();
    }
}

/// What a trouble sounds like.
fn alarm_of(code: StatusKind) -> Alarm {
    match code {
        StatusKind::KeyMissing | StatusKind::KeyRefused => Alarm::KeyRefused,
        StatusKind::Offline
        | StatusKind::Limited
        | StatusKind::StorageFailed
        | StatusKind::NotConfigured
        | StatusKind::Connecting
        | StatusKind::InSync
        | StatusKind::Syncing
        | StatusKind::PollingOnly => Alarm::ConnectionLost,
    }
}

/// How many reminders have begun.
fn rounds(at: Instant, now: Instant) -> u32 {
    let lasts = now.saturating_duration_since(at).as_secs();
    u32::try_from(lasts / AGAIN.as_secs()).unwrap_or(u32::MAX)
}

impl Controller {
    /// Trouble shorter than this is seen in the tray only.
    pub(super) fn patience(&self) -> Duration {
        let seconds = self.state.preferences.alerts.connection_lost_seconds;
        Duration::from_secs(seconds.into())
    }

    /// The status changed: trouble may begin or be over.
    pub(super) fn follow_trouble(&mut self, now: Instant) {
        let status = projection::status(&self.state.status);
        let over = self.trouble.status(status.kind, now);
        if over.is_empty() {
            return;
        }
        self.end_notices(&About::Trouble);
        let comes_again = matches!(status.kind, StatusKind::InSync | StatusKind::PollingOnly);
        if comes_again && self.state.pause.is_none() {
            let said = words::trouble_over(&over, &status, &self.catalogue);
            self.notify(said, About::Recovery);
        }
    }

    /// Tells of the trouble that has lasted long enough.
    pub(super) fn tell_trouble(&mut self) {
        if self.trouble.due(self.patience(), self.now.at).is_some() {
            let status: StatusView = projection::status(&self.state.status);
            let said = words::trouble(&status, &self.catalogue);
            self.notify(said, About::Trouble);
        }
    }

    /// *Silenciar*.
    pub(super) fn quiet_trouble(&mut self) {
        tracing::debug!("the alarm about the trouble is silenced");
        self.trouble.quiet();
    }
}
