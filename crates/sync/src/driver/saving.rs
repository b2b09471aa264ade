//! Takes the event log to the inbox, in batches and behind the pages. That it cannot is no trouble.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::inbox_thread::InboxThread;
use super::recorder::SharedLog;

/// The least time between two batches.
const BETWEEN: Duration = Duration::from_secs(5);
/// A page goes first, but not for longer.
const AT_THE_LATEST: Duration = Duration::from_secs(30);
/// How soon to look again whether the page is through.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// When the log was saved, and how that went.
pub(super) struct Saving {
    log: SharedLog,
    /// When the last batch was handed over.
    last: Duration,
    /// When to try next.
    next: Duration,
    writing: Option<JoinHandle<()>>,
    is_failing: Arc<AtomicBool>,
}

impl Saving {
    pub(super) fn new(log: SharedLog) -> Self {
        Self {
            log,
            last: Duration::ZERO,
            next: BETWEEN,
            writing: None,
            is_failing: Arc::default(),
        }
    }

    /// How long until [`Self::save`] is to be called; `None` while there is nothing to save.
    pub(super) fn wait(&self, now: Duration) -> Option<Duration> {
        let is_unsaved = self.log.lock().is_unsaved();
        is_unsaved.then(|| self.next.saturating_sub(now))
    }

    /// Hands over what is unsaved, unless a page is on its way or the batch before is still being written.
    pub(super) fn save(&mut self, inbox: &InboxThread, now: Duration, is_busy: bool) {
        let is_late = now >= self.last + AT_THE_LATEST;
        let is_writing = self.writing.as_ref().is_some_and(|w| !w.is_finished());
        if is_writing || (is_busy && !is_late) {
            self.next = now + LOOK_AGAIN;
            return;
        }
        self.last = now;
        self.next = now + BETWEEN;
        self.save_all(inbox);
    }

    /// Hands over what is unsaved, now.
    pub(super) fn save_all(&mut self, inbox: &InboxThread) {
        let batch = self.log.lock().take_unsaved();
        let writing = inbox.run(move |inbox| inbox.add_activity(&batch));
        let is_failing = Arc::clone(&self.is_failing);
        self.writing = Some(tokio::spawn(async move {
            let written = writing.await;
            let failed_before = is_failing.swap(written.is_err(), Ordering::Relaxed);
            if let Err(error) = written
                && !failed_before
            {
                // The memory has it; each further failure would only be said again.
                tracing::warn!(%error, "the event log is not saved");
            }
        }));
    }
}
