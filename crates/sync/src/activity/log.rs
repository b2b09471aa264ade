//! The latest activities, in memory, and which of them are not yet in the inbox.

use std::collections::VecDeque;

use super::{Activity, ActivityKind};

/// So many are kept, in memory and in the inbox.
pub const KEPT: usize = 500;

/// A ring of the latest [`KEPT`] activities.
#[derive(Debug, Default)]
pub struct Log {
    entries: VecDeque<Activity>,
    /// So many of the newest are not in the inbox.
    unsaved: usize,
}

impl Log {
    /// A ring that begins with what the inbox has, oldest first.
    pub fn continuing(saved: Vec<Activity>) -> Self {
        let mut log = Self {
            entries: saved.into(),
            unsaved: 0,
        };
        log.forget_oldest();
        log
    }

    /// Adds one. A hint that equals the newest entry is counted there, as long as that is not saved: a
    /// burst must not push out everything else.
    pub fn add(&mut self, activity: Activity) {
        if self.unsaved > 0
            && let Some(last) = self.entries.back_mut()
            && is_repeated(last, &activity)
        {
            last.number = Some(last.number.unwrap_or(1).saturating_add(1));
            let bytes = last.bytes.unwrap_or(0) + activity.bytes.unwrap_or(0);
            last.bytes = (bytes > 0).then_some(bytes);
            return;
        }
        self.entries.push_back(activity);
        self.unsaved += 1;
        self.forget_oldest();
    }

    /// The newest ones, at most `limit`, oldest first.
    pub fn latest(&self, limit: usize) -> Vec<Activity> {
        let before = self.entries.len().saturating_sub(limit);
        self.entries.iter().skip(before).cloned().collect()
    }

    /// Whether something is not in the inbox.
    pub fn is_unsaved(&self) -> bool {
        self.unsaved > 0
    }

    /// Hands out what is not in the inbox; it counts as saved from now on.
    pub fn take_unsaved(&mut self) -> Vec<Activity> {
        let unsaved = self.latest(self.unsaved);
        self.unsaved = 0;
        unsaved
    }

    fn forget_oldest(&mut self) {
        while self.entries.len() > KEPT {
            self.entries.pop_front();
        }
        self.unsaved = self.unsaved.min(self.entries.len());
    }
}

fn is_repeated(last: &Activity, next: &Activity) -> bool {
    last.kind == ActivityKind::Hint && next.kind == last.kind && next.detail == last.detail
}
