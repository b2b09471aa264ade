//! When trouble has lasted so long that people are told of it.

use std::time::Duration;

use tokio::time::Instant;

use crate::view::StatusCode;

/// Shorter trouble is seen in the tray only.
const PATIENCE: Duration = Duration::from_secs(60);

/// A time of trouble. It ends when orders come again, not while the engine tries.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    present: Option<(Instant, StatusCode)>,
    told: Vec<StatusCode>,
}

impl Trouble {
    /// The status is now this.
    pub fn status(&mut self, code: StatusCode, now: Instant) {
        match code {
            StatusCode::Offline
            | StatusCode::KeyMissing
            | StatusCode::KeyRefused
            | StatusCode::Limited
            | StatusCode::StorageFailed => {
                let since = self.present.map_or(now, |(since, _)| since);
                self.present = Some((since, code));
            }
            StatusCode::InSync | StatusCode::PollingOnly | StatusCode::NotConfigured => {
                *self = Self::default();
            }
            StatusCode::Connecting | StatusCode::Syncing => {}
        }
    }

    /// When [`Trouble::due`] has something to say.
    pub fn deadline(&self) -> Option<Instant> {
        let (since, code) = self.present?;
        (!self.told.contains(&code)).then_some(since + PATIENCE)
    }

    /// The trouble that people should be told of now; each kind once in a time of trouble.
    pub fn due(&mut self, now: Instant) -> Option<StatusCode> {
        let deadline = self.deadline()?;
        let (_, code) = self.present?;
        (now >= deadline).then(|| {
            self.told.push(code);
            code
        })
    }
}
