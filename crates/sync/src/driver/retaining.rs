//! When retention takes its small steps: soon after the start and hourly, behind the pages.

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::inbox_thread::InboxThread;
use crate::clock::Now;

/// After the start, or after the owner chose another span.
const SOON: Duration = Duration::from_secs(20);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const BETWEEN_ROUNDS: Duration = Duration::from_secs(60 * 60);
/// From one step to the next, so that the disk is free in between.
const BETWEEN_STEPS: Duration = Duration::from_millis(250);

/// How far retention is.
#[derive(Default)]
pub(super) struct Retaining {
    /// `None` for ever.
    keep: Option<Duration>,
    next: Duration,
    /// The step that is under way; whether more are needed.
    step: Option<oneshot::Receiver<bool>>,
}

impl Retaining {
    /// Keeps so many days from now on; 0 is for ever.
    pub(super) fn keep(&mut self, days: u32, now: Duration) {
        let keep = (days > 0).then(|| DAY * days);
        if keep != self.keep {
            self.keep = keep;
            self.next = now + SOON;
        }
    }

    /// How long until [`Self::go_on`] is to be called.
    pub(super) fn wait(&self, now: Duration) -> Option<Duration> {
        self.keep.map(|_| self.next.saturating_sub(now))
    }

    /// Takes the next step, unless a page is on its way or the step before is still being taken.
    pub(super) fn go_on(
        &mut self,
        inbox: &InboxThread,
        now: Now,
        watched: Option<String>,
        is_busy: bool,
    ) {
        self.next = now.monotonic + BETWEEN_STEPS;
        match self.step.as_mut().map(oneshot::Receiver::try_recv) {
            Some(Err(TryRecvError::Empty)) => return,
            Some(Ok(false) | Err(TryRecvError::Closed)) => {
                self.step = None;
                self.next = now.monotonic + BETWEEN_ROUNDS;
                return;
            }
            Some(Ok(true)) => self.step = None,
            None => {}
        }
        if is_busy {
            return;
        }
        let Some(keep) = self.keep else { return };
        let wall = now.wall;
        let taken = inbox.run(move |inbox| inbox.retain(keep, watched.as_deref(), wall));
        let (more, is_taken) = oneshot::channel();
        self.step = Some(is_taken);
        tokio::spawn(async move {
            let needed = taken.await.unwrap_or_else(|error| {
                tracing::warn!(%error, "retention waits for its next round");
                false
            });
            // The driver may have ended.
            let _ = more.send(needed);
        });
    }
}
