//! What the status is, derived from everything else.

use std::time::Duration;

use campana_contract::Timestamp;

use super::connection::Liveness;
use super::input::{Effect, Setup};
use super::pulling::Stage;
use super::{Engine, tell};
use crate::clock::Now;
use crate::report::Report;
use crate::status::{Cause, Status, StatusKind};

impl Engine {
    pub(super) fn tell_status(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let (kind, cause, detail) = self.standing();
        let since = self.since(kind, now.wall);
        let status = Status {
            kind,
            cause,
            since,
            next_attempt: self.next_attempt(kind).map(|at| on_the_wall(at, now)),
            last_sync: self.last_sync,
            another_receiver: self.hints.another_receiver() && self.confirms() && self.is_ready(),
            confirmations_refused: u32::try_from(self.refused.len()).unwrap_or(u32::MAX),
            detail,
        };
        if self.status.as_ref() != Some(&status) {
            self.status = Some(status.clone());
            tell(effects, [Report::Status(status)]);
        }
    }

    /// When this state began. While no orders arrive, that is the beginning of the outage, whatever its causes in between
    /// and however often the engine tried.
    fn since(&mut self, kind: StatusKind, now: Timestamp) -> Timestamp {
        match kind {
            StatusKind::Offline | StatusKind::KeyMissing | StatusKind::KeyRefused => {
                return *self.outage.get_or_insert(now);
            }
            StatusKind::Connecting | StatusKind::Syncing => {}
            StatusKind::NotConfigured
            | StatusKind::InSync
            | StatusKind::PollingOnly
            | StatusKind::Limited
            | StatusKind::StorageFailed => self.outage = None,
        }
        match &self.status {
            Some(status) if status.kind == kind => status.since,
            Some(_) | None => now,
        }
    }

    fn standing(&self) -> (StatusKind, Option<Cause>, Option<String>) {
        match self.setup {
            Setup::NotConfigured => return (StatusKind::NotConfigured, None, None),
            Setup::KeyMissing => return (StatusKind::KeyMissing, None, None),
            Setup::KeyUnavailable => {
                let cause = Some(Cause::KeyringUnavailable);
                return (StatusKind::KeyMissing, cause, None);
            }
            Setup::Ready { .. } => {}
        }
        if self.key.is_refused() {
            return (StatusKind::KeyRefused, None, None);
        }
        if let Some(failing) = &self.pulling.failing {
            let kind = if failing.storage {
                StatusKind::StorageFailed
            } else {
                StatusKind::Offline
            };
            return (kind, Some(failing.cause), Some(failing.detail.clone()));
        }
        if let Some(cause) = self.pulling.limited {
            return (StatusKind::Limited, Some(cause), None);
        }
        match self.connection.joined_since() {
            Some(joined) => self.joined_standing(joined),
            None => self.unjoined_standing(),
        }
    }

    fn joined_standing(&self, joined: Duration) -> (StatusKind, Option<Cause>, Option<String>) {
        let is_current = self.pulling.complete.is_some_and(|at| at >= joined);
        let works_visibly = match &self.pulling.stage {
            Stage::Idle => false,
            Stage::Exchanging(in_round) | Stage::Storing(in_round) => {
                in_round.round.asked_for || in_round.round.pages > 1
            }
        };
        if !is_current || works_visibly {
            return (StatusKind::Syncing, None, None);
        }
        match self.connection.liveness() {
            Liveness::Proven if !self.hints.broken() => (StatusKind::InSync, None, None),
            Liveness::Proven | Liveness::Unprovable => {
                (StatusKind::PollingOnly, Some(Cause::NoHints), None)
            }
            Liveness::Unproven => (StatusKind::Connecting, None, None),
        }
    }

    fn unjoined_standing(&self) -> (StatusKind, Option<Cause>, Option<String>) {
        // That orders still come is true once a pull worked without the connection.
        let lost = self.connection.lost_since();
        let orders_come = self
            .pulling
            .complete
            .is_some_and(|at| lost.is_none_or(|lost| at >= lost));
        if !self.connection.has_failed() || !orders_come {
            return (StatusKind::Connecting, None, None);
        }
        let detail = self.connection.detail().map(str::to_owned);
        let cause = Some(self.connection.cause());
        (StatusKind::PollingOnly, cause, detail)
    }

    /// When the state may change by itself, for the states in which people wait for it.
    fn next_attempt(&self, kind: StatusKind) -> Option<Duration> {
        match kind {
            StatusKind::KeyRefused => self.key.retry(),
            StatusKind::Offline | StatusKind::StorageFailed => {
                self.pulling.failing.as_ref().map(|f| f.retry())
            }
            StatusKind::NotConfigured
            | StatusKind::Connecting
            | StatusKind::InSync
            | StatusKind::Syncing
            | StatusKind::PollingOnly
            | StatusKind::Limited
            | StatusKind::KeyMissing => None,
        }
    }
}

fn on_the_wall(at: Duration, now: Now) -> Timestamp {
    let ahead = at.saturating_sub(now.monotonic).as_millis();
    let wall = i64::try_from(ahead).map_or(i64::MAX, |ahead| now.wall.0.saturating_add(ahead));
    // Whole seconds: a wait that is computed anew must not look like another wait.
    Timestamp(wall - wall.rem_euclid(1000))
}
