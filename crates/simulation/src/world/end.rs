//! The end of a history: every fault is over, and what was promised must have come true.

use campana_sync::inbox::{Attention, InboxError};
use campana_sync::status::StatusKind;

use super::World;
use crate::property::Property;

/// A call that times out, the longest backoff, a connection that dies while it opens, the disk's queue.
const BOUND: u64 = 175_000;
/// A refused key rests 5 min; `Retry-After` is obeyed as long.
const AFTER_REST: u64 = 330_000;
/// An order that is announced is there within this.
const ANNOUNCED: u64 = 30_000;
/// One that is not, is found by the fallback timer.
const UNANNOUNCED: u64 = 330_000;
/// Green, and an order that was made stays away: the next question, its answer, a call that times out
/// and the disk's queue; once more for an answer from before.
const MISSING: u64 = 240_000;
/// Without questions the fallback timer finds it.
const MISSING_WITHOUT_QUESTIONS: u64 = 720_000;

impl World<'_> {
    pub(super) fn end(&mut self) -> Result<(), InboxError> {
        self.faults.http = None;
        self.faults.joining = None;
        self.faults.hints = None;
        self.faults.disk = None;
        self.faults.keys_refused = 0;
        self.servers[0].answer_truly();
        self.now = self.now.max(self.awake_at).max(self.faults.last);
        let shop = self.history.shop;
        let is_changed = self.settings.shop != 0
            || !self.settings.key_is_right
            || self.settings.confirms != shop.confirms;
        if is_changed {
            self.settings.shop = 0;
            self.settings.key_is_right = true;
            self.settings.confirms = shop.confirms;
            self.configure();
        }
        self.note(|| "every fault is over".to_owned());
        // Long-polling that proves nothing is tried anew after five minutes.
        let unproven = if shop.answers_questions && shop.has_websocket {
            0
        } else {
            AFTER_REST
        };
        let rest = match self.faults.told_to_wait {
            Some(at) if self.now < at + AFTER_REST => AFTER_REST,
            Some(_) | None => 0,
        };
        self.pass_until(self.now + BOUND + rest + unproven)?;
        let wait = if shop.announces {
            ANNOUNCED
        } else {
            UNANNOUNCED
        };
        for _ in 0..2 {
            let time = self.true_time();
            let id = self.servers[0].place(time);
            self.note(|| format!("a last order: {id}"));
            self.announce(0);
            self.pass_until(self.now + wait)?;
        }
        if self.checks.violation.is_none() {
            self.judge_status();
            self.judge_inbox()?;
        }
        Ok(())
    }

    fn judge_status(&mut self) {
        let shop = self.history.shop;
        let is_limited = !shop.confirms && self.servers[0].overflows();
        let may_poll = !shop.announces || (!shop.has_websocket && !shop.answers_questions);
        let status = self.checks.status;
        let is_right = match status {
            Some(StatusKind::Limited) => is_limited,
            Some(StatusKind::InSync) => !is_limited,
            Some(StatusKind::PollingOnly) => !is_limited && may_poll,
            Some(_) | None => false,
        };
        if !is_right {
            let property = if is_limited {
                Property::HiddenOrdersTold
            } else {
                Property::BackInSync
            };
            self.fail(property, format!("in the end the status is {status:?}"));
        }
    }

    fn judge_inbox(&mut self) -> Result<(), InboxError> {
        let inventory = self.inventory()?;
        let is_limited = !self.history.shop.confirms && self.servers[0].overflows();
        let answers = self.history.shop.answers_questions;
        let mut found = Vec::new();
        for order in self.servers[0].orders() {
            let name = (0, order.id.clone());
            let held = inventory.get(&name).map(|held| held.version);
            let is_hidden = is_limited && !self.servers[0].is_on_first_page(&order.id);
            if order.lost_edit && !order.pending {
                self.outcome.lost_edits += 1;
            } else if order.pending && held.is_none() && (answers || !is_hidden) {
                found.push((Property::NothingLost, format!("{} is pending", order.id)));
            } else if order.pending && !is_hidden && held < Some(order.updated_at) {
                let what = format!("{} is pending in a newer version", order.id);
                found.push((Property::NothingLost, what));
            }
        }
        for (name, version) in &self.checks.received {
            let held = inventory.get(name).map(|held| held.version);
            // What the other shop still holds as pending comes again when its address does.
            let comes_again = self.servers[name.0]
                .pending()
                .any(|order| order.id == name.1);
            if held.is_none() && !comes_again && !self.checks.excused.contains(name) {
                found.push((Property::NothingLost, format!("{} was received", name.1)));
            }
            let committed = self.checks.committed.get(name).copied();
            if held < committed {
                let what = format!("{}: {held:?} of {committed:?} ({version})", name.1);
                found.push((Property::NewestVersionKept, what));
            }
        }
        for (name, held) in &inventory {
            if matches!(held.attention, Attention::Ringing(_)) && !self.checks.told.contains(name) {
                found.push((Property::Heard, format!("{} rings unheard", name.1)));
            }
        }
        found.sort_by(|(_, one), (_, other)| one.cmp(other));
        for (property, what) in found {
            self.fail(property, what);
        }
        if self.outcome.deaths > 0
            && let Some(inbox) = self.disk.inbox()
        {
            let contradictions = inbox.check()?;
            if !contradictions.is_empty() {
                self.fail(Property::SoundAfterDeath, contradictions.join("; "));
            }
        }
        Ok(())
    }

    /// Green means that orders made now arrive: one that stays away makes it a lie.
    pub(super) fn look_for_missing_orders(&mut self) {
        let mono = self.mono();
        if self.checks.in_sync_since().is_none() {
            self.missing.clear();
            return;
        }
        if mono < self.looked_at + 5_000 {
            return;
        }
        self.looked_at = mono;
        let shop = self.settings.shop;
        let bound = if self.history.shop.answers_questions {
            MISSING
        } else {
            MISSING_WITHOUT_QUESTIONS
        };
        let mut missing = std::collections::HashMap::new();
        for order in self.servers[shop].pending() {
            let name = (shop, order.id.clone());
            if self.checks.committed.get(&name).copied() < Some(order.updated_at) {
                let since = self.missing.get(&name).copied().unwrap_or(mono);
                missing.insert(name, since);
            }
        }
        let longest = missing.iter().min_by_key(|(_, since)| **since);
        if let Some((name, since)) = longest
            && mono - since > bound
        {
            let property = if self.servers[shop].overflows() {
                Property::HiddenOrdersTold
            } else {
                Property::TruthfulStatus
            };
            let what = format!(
                "green, and {} stays away for {} s",
                name.1,
                (mono - since) / 1000
            );
            self.fail(property, what);
        }
        self.missing = missing;
    }
}
