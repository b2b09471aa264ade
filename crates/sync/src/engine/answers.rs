//! What the engine makes of answers.

use std::time::Duration;

use campana_contract::Page;

use super::backoff::Burden;
use super::input::{Effect, ExchangeFailure, Generation};
use super::pulling::{Failed, InRound, Stage};
use super::round::{End, Item, Next};
use super::{Engine, tell};
use crate::clock::Now;
use crate::http::{Answer, Call, HttpFailure};
use crate::inbox::{Change, Stored};
use crate::report::Report;
use crate::status::Cause;

/// Answers that mean: something in this confirmation is wrong.
const ABOUT_THE_CONFIRMATION: [u16; 5] = [400, 404, 409, 422, 500];

impl Engine {
    pub(super) fn exchanged(
        &mut self,
        generation: Generation,
        result: Result<Answer, ExchangeFailure>,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let Some(mut in_round) = self.pulling.take(generation) else {
            return;
        };
        match result {
            Ok(answer) => {
                if in_round.confirming {
                    note_confirmed(&in_round.round.accepted(), effects);
                    in_round.confirming = false;
                }
                self.key.worked();
                let adopted = self.search.worked();
                effects.extend(adopted.map(Effect::RememberProfile));
                self.pulling.timeouts = 0;
                // The first answer after an outage: it proves that the server is there again.
                let was_gone = in_round.round.pages == 0
                    && self.pulling.failing.as_ref().is_some_and(|f| !f.storage);
                if was_gone && self.connection.server_is_back(now.monotonic) {
                    effects.push(Effect::Close);
                }
                self.store(in_round, answer, now, effects);
            }
            Err(failed) => self.exchange_failed(in_round, failed, now, effects),
        }
    }

    pub(super) fn exchange_failed(
        &mut self,
        in_round: InRound,
        failed: ExchangeFailure,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let Some((mut in_round, failed)) = self.search_on(in_round, failed, now, effects) else {
            return;
        };
        if let HttpFailure::KeyRefused { .. } = failed.failure {
            self.pulling.stage = Stage::Idle;
            self.key_refused(now, effects);
            self.let_go(in_round, effects);
            return;
        }
        if in_round.confirming && is_about_the_confirmation(&failed.failure) {
            in_round.confirming = false;
            let needs_page = self.search.present().pulls_by_confirming();
            match in_round.round.rejected(needs_page) {
                None => self.advance(in_round, now, effects),
                Some(end) => self.end(in_round, end, now, effects),
            }
            return;
        }
        self.key.undecided();
        if failed.failure == HttpFailure::TimedOut {
            self.pulling.timeouts += 1;
            if self.pulling.timeouts >= 2 && self.connection.joined_since().is_some() {
                self.pulling.timeouts = 0;
                effects.push(Effect::Close);
                self.connection.over(
                    now.monotonic,
                    Cause::LinkDown,
                    "pulls time out although the connection claims to be up".to_owned(),
                    &mut self.random,
                );
            }
        } else {
            self.pulling.timeouts = 0;
        }
        let retry_after = match &failed.failure {
            HttpFailure::Status { retry_after, .. } => *retry_after,
            HttpFailure::Unreachable(_)
            | HttpFailure::CertificateRefused(_)
            | HttpFailure::CertificateAuthorityUnusable(_)
            | HttpFailure::TimedOut
            | HttpFailure::BrokenOff(_)
            | HttpFailure::KeyRefused { .. }
            | HttpFailure::Redirected { .. }
            | HttpFailure::TooLarge
            | HttpFailure::NotUnderstood(_) => None,
        };
        let failure = Failed {
            cause: cause(&failed),
            detail: failed.failure.to_string(),
            storage: false,
            burden: burden(&failed.failure),
            retry_after,
        };
        self.pulling
            .failed(now.monotonic, failure, &mut self.random);
        if in_round.round.pages == 0 {
            self.let_go(in_round, effects);
        } else {
            // What was hinted came with its first page.
            tell(effects, [ended(&in_round, false)]);
        }
    }

    /// An order that nothing announced although the connection was there shows that hints do not work.
    pub(super) fn judge_hints(&mut self, in_round: &InRound, page: &Page, stored: &Stored) {
        let (Some(joined), Some(server_time)) =
            (self.connection.joined_since(), in_round.server_time)
        else {
            return;
        };
        for new in stored.orders.iter().filter(|o| o.change == Change::New) {
            let made = page
                .orders
                .iter()
                .find(|order| order.id == new.id)
                .and_then(|order| order.created_at);
            // `Date` has whole seconds: an order of this very second seems to be of the future.
            let age = made.map(|made| u64::try_from(server_time.0 - made.0).unwrap_or(0));
            if let Some(made) =
                age.and_then(|age| in_round.received.checked_sub(Duration::from_millis(age)))
            {
                self.hints.found(in_round.received, joined, made);
            }
        }
    }

    /// The round ends without what it was for; what was hinted is still owed.
    pub(super) fn let_go(&mut self, in_round: InRound, effects: &mut Vec<Effect>) {
        tell(effects, [ended(&in_round, false)]);
        self.hints.give_back(in_round.promise);
    }

    /// The round goes on, or ends.
    pub(super) fn advance(&mut self, mut in_round: InRound, now: Now, effects: &mut Vec<Effect>) {
        if !self.key.may_pull() {
            // The key was refused while the page was being stored: nothing more goes out with it.
            self.pulling.want();
            self.let_go(in_round, effects);
            return;
        }
        let confirms = self.confirms();
        match in_round.round.next(now.monotonic, confirms, &self.refused) {
            Next::Pull => {
                in_round.requested = now.monotonic;
                self.send(in_round, Call::Pull, effects);
            }
            Next::Confirm(confirmation) => {
                in_round.requested = now.monotonic;
                in_round.confirming = true;
                self.send(in_round, Call::Confirm(confirmation), effects);
            }
            Next::Done(end) => self.end(in_round, end, now, effects),
        }
    }

    fn end(&mut self, mut in_round: InRound, end: End, now: Now, effects: &mut Vec<Effect>) {
        for item in in_round.round.set_aside() {
            let (kind, id) = item.key();
            effects.push(Effect::NoteRefused(kind, id.clone()));
            self.refused.insert((kind, id.clone()), now.monotonic);
            let reason = "the server refuses its confirmation".to_owned();
            tell(effects, [Report::ConfirmationRefused { kind, id, reason }]);
        }
        if end == End::ServerError {
            let failed = Failed {
                cause: Cause::ServerError,
                detail: "the server accepts no confirmation".to_owned(),
                storage: false,
                burden: Burden::Server,
                retry_after: None,
            };
            self.pulling.failed(now.monotonic, failed, &mut self.random);
            self.let_go(in_round, effects);
            return;
        }
        self.pulling.older = in_round.round.older().clone();
        let complete = end == End::Complete;
        let round = &in_round.round;
        self.pulling.succeeded(now.monotonic, round.news);
        self.pulling.limited = match end {
            End::Complete | End::ServerError => None,
            End::Stuck if self.confirms() => Some(Cause::PageStuck),
            End::Stuck => Some(Cause::ConfirmationOff),
        };
        if self.pulling.limited.is_some() {
            self.connection.ask_soon(now.monotonic);
        }
        if complete {
            self.pulling.complete = Some(round.requested);
            self.last_sync = Some(now.wall);
        }
        self.hints
            .round_ended(now.monotonic, &in_round.promise, &round.brought, round.news);
        tell(effects, [ended(&in_round, complete)]);
    }
}

fn ended(in_round: &InRound, complete: bool) -> Report {
    Report::Round {
        new_orders: in_round.round.new_orders,
        complete,
        asked_for: in_round.round.asked_for,
    }
}

fn note_confirmed(items: &[Item], effects: &mut Vec<Effect>) {
    if items.is_empty() {
        return;
    }
    let mut confirmation = campana_contract::Confirmation::default();
    for item in items {
        match item {
            Item::Order(order) => confirmation.orders.push(order.clone()),
            Item::Customer(id) => confirmation.customers.push(id.clone()),
        }
    }
    let orders = confirmation.orders.iter().map(|o| o.id.key().to_owned());
    let customers = confirmation.customers.iter().map(|id| id.key().to_owned());
    let report = Report::Confirmed {
        orders: orders.collect(),
        customers: customers.collect(),
    };
    effects.push(Effect::NoteConfirmed(confirmation));
    tell(effects, [report]);
}

fn is_about_the_confirmation(failure: &HttpFailure) -> bool {
    matches!(failure, HttpFailure::Status { status, well_formed: true, .. }
        if ABOUT_THE_CONFIRMATION.contains(status))
}

/// Whether trying again is a burden to the server, or only knocks at a door behind which nobody is: a gateway
/// answers for a server that is away.
fn burden(failure: &HttpFailure) -> Burden {
    match failure {
        HttpFailure::Unreachable(_)
        | HttpFailure::CertificateRefused(_)
        | HttpFailure::CertificateAuthorityUnusable(_)
        | HttpFailure::TimedOut
        | HttpFailure::BrokenOff(_)
        | HttpFailure::Status {
            status: 502..=504, ..
        } => Burden::Nobody,
        HttpFailure::Status { .. }
        | HttpFailure::KeyRefused { .. }
        | HttpFailure::Redirected { .. }
        | HttpFailure::TooLarge
        | HttpFailure::NotUnderstood(_) => Burden::Server,
    }
}

fn cause(failed: &ExchangeFailure) -> Cause {
    match &failed.failure {
        HttpFailure::Unreachable(_) if failed.no_network => Cause::NoNetwork,
        HttpFailure::Unreachable(_) | HttpFailure::TimedOut => Cause::ServerUnreachable,
        HttpFailure::CertificateRefused(_) => Cause::CertificateRefused,
        HttpFailure::CertificateAuthorityUnusable(_) => Cause::CertificateAuthorityUnusable,
        HttpFailure::BrokenOff(_) | HttpFailure::Status { .. } | HttpFailure::KeyRefused { .. } => {
            Cause::ServerError
        }
        HttpFailure::Redirected { .. } => Cause::Redirected,
        HttpFailure::TooLarge => Cause::AnswerTooLarge,
        HttpFailure::NotUnderstood(_) => Cause::AnswerNotUnderstood,
    }
}
