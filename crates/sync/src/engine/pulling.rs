//! When to pull: triggers, timers, failures. What a pull is made of is [`super::round`]'s.

use std::collections::HashSet;
use std::time::Duration;

use campana_contract::{Order, Timestamp};
use rand::rngs::StdRng;

use super::backoff::{Backoff, Burden};
use super::hints::Promise;
use super::input::Generation;
use super::round::Round;
use crate::status::Cause;

/// Between pulls while nothing announces anything.
pub(super) const WITHOUT_LINK: Duration = Duration::from_secs(60);
/// Between pulls while a connection announces what happens.
pub(super) const WITH_LINK: Duration = Duration::from_secs(5 * 60);
/// Rounds that hints ask for begin this far apart: a burst of a thousand is a handful of pulls.
const APART: Duration = Duration::from_millis(300);
/// After a round that brought news the next may begin so soon: where orders come, each is wanted at once.
const APART_AFTER_NEWS: Duration = Duration::from_millis(20);
/// A trigger shortens the wait after a failure to this.
const SHORTENED: Duration = Duration::from_secs(1);
/// `Retry-After` is obeyed this long.
const OBEYED: Duration = Duration::from_secs(5 * 60);
/// An exchange of which nothing was heard for so long, while the connection was lost and came back, hangs.
const HANGS: Duration = Duration::from_secs(5);
/// So often such an exchange is given up, lest a slow one never end where connections come and go.
const GIVEN_UP_EVERY: Duration = Duration::from_secs(60);
/// An exchange that has not ended by then never will: longer than all of its own time limits together.
const EXCHANGE_AT_MOST: Duration = Duration::from_secs(45);
/// How often *Sincronizar ahora* overrides `Retry-After`.
const OVERRIDE_EVERY: Duration = Duration::from_secs(10);

/// The pulling side of the engine.
#[derive(Debug)]
pub(super) struct Pulling {
    pub(super) generation: Generation,
    pub(super) stage: Stage,
    /// A trigger that no request answers yet.
    wanted: bool,
    /// Somebody asks, and no round has begun for it yet.
    asked: bool,
    pub(super) failing: Option<Failing>,
    backoff: Backoff,
    started: Option<Duration>,
    finished: Option<Duration>,
    /// The last round that ended well brought news.
    brought_news: bool,
    overridden: Option<Duration>,
    given_up: Option<Duration>,
    pub(super) timeouts: u32,
    /// When the request of the latest complete page was sent.
    pub(super) complete: Option<Duration>,
    /// The server's page is full and stays so.
    pub(super) limited: Option<Cause>,
    /// Orders that the last round brought in an older version than the inbox holds.
    pub(super) older: HashSet<String>,
}

/// How far the present round is.
#[derive(Debug)]
pub(super) enum Stage {
    Idle,
    /// An exchange is out.
    Exchanging(InRound),
    /// Its page is being stored.
    Storing(InRound),
}

/// The present round and what it has to answer for.
#[derive(Debug)]
pub(super) struct InRound {
    pub(super) round: Round,
    pub(super) promise: Promise,
    /// When the exchange was sent.
    pub(super) requested: Duration,
    /// The exchange confirms.
    pub(super) confirming: bool,
    /// When its answer came.
    pub(super) received: Duration,
    /// The server's clock at that moment.
    pub(super) server_time: Option<Timestamp>,
}

impl InRound {
    pub(super) fn new(round: Round, promise: Promise, now: Duration) -> Self {
        Self {
            round,
            promise,
            requested: now,
            confirming: false,
            received: now,
            server_time: None,
        }
    }
}

/// The last pull failed.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) cause: Cause,
    pub(super) detail: String,
    /// The inbox failed, not the server.
    pub(super) storage: bool,
    at: Duration,
    retry: Duration,
    not_before: Duration,
}

impl Pulling {
    pub(super) fn new() -> Self {
        Self {
            generation: 0,
            stage: Stage::Idle,
            wanted: false,
            asked: false,
            failing: None,
            backoff: Backoff::default(),
            started: None,
            finished: None,
            brought_news: false,
            overridden: None,
            given_up: None,
            timeouts: 0,
            complete: None,
            limited: None,
            older: HashSet::new(),
        }
    }

    /// Forgets everything that belongs to a backend; generations go on, so that late answers are known as such.
    /// Returns whether a person still waits for a round.
    pub(super) fn forget(&mut self) -> bool {
        let in_round = match &self.stage {
            Stage::Idle => None,
            Stage::Exchanging(in_round) | Stage::Storing(in_round) => Some(in_round),
        };
        let asked = self.asked || in_round.is_some_and(|in_round| in_round.round.asked_for);
        *self = Self {
            generation: self.generation + 1,
            ..Self::new()
        };
        asked
    }

    /// Something asks for a pull that begins from now on.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// A person asks for it.
    pub(super) fn ask(&mut self) {
        self.wanted = true;
        self.asked = true;
    }

    /// Waits begin anew: the computer slept, or its network changed.
    pub(super) fn renew(&mut self, now: Duration) {
        self.backoff.reset();
        if let Some(failing) = &mut self.failing {
            failing.retry = now;
            failing.not_before = now;
        }
        self.wanted = true;
    }

    /// Begins a round if one is due. `interval` is the fallback timer's.
    pub(super) fn begin(&mut self, now: Duration, interval: Duration) -> Option<Round> {
        if !matches!(self.stage, Stage::Idle) || now < self.due(now, interval) {
            return None;
        }
        if self.asked && self.failing.as_ref().is_some_and(|f| now < f.not_before) {
            self.overridden = Some(now);
        }
        self.started = Some(now);
        let older = std::mem::take(&mut self.older);
        Some(Round::new(std::mem::take(&mut self.asked), older))
    }

    /// Whether a round is under way, or is due now.
    pub(super) fn is_in_round(&self, now: Duration, interval: Duration) -> bool {
        !matches!(self.stage, Stage::Idle) || now >= self.due(now, interval)
    }

    /// When the next round is due.
    pub(super) fn due(&self, now: Duration, interval: Duration) -> Duration {
        if let Some(failing) = &self.failing {
            let may_override = self
                .overridden
                .is_none_or(|last| now >= last + OVERRIDE_EVERY);
            if self.asked && (may_override || now >= failing.not_before) {
                return now;
            }
            let retry = if self.wanted {
                failing.retry.min(failing.at + SHORTENED)
            } else {
                failing.retry
            };
            return retry.max(failing.not_before);
        }
        let Some(started) = self.started else {
            return Duration::ZERO;
        };
        if self.asked {
            return now;
        }
        if self.wanted {
            let apart = if self.brought_news {
                APART_AFTER_NEWS
            } else {
                APART
            };
            return started + apart;
        }
        self.finished.unwrap_or(started) + interval
    }

    /// When [`Self::begin`] has something to do next; `None` while a round runs.
    pub(super) fn next_wake(&self, now: Duration, interval: Duration) -> Option<Duration> {
        matches!(self.stage, Stage::Idle).then(|| {
            let due = self.due(now, interval);
            match (&self.failing, self.asked, self.overridden) {
                (Some(_), true, Some(last)) => due.min(last + OVERRIDE_EVERY),
                _ => due,
            }
        })
    }

    /// An exchange is sent: it answers every trigger until now.
    pub(super) fn exchange(&mut self, mut in_round: InRound) -> Generation {
        in_round.round.requesting();
        self.generation += 1;
        self.wanted = false;
        self.stage = Stage::Exchanging(in_round);
        self.generation
    }

    /// `orders:pending` names these versions.
    pub(super) fn announce(&mut self, news: &[Order]) {
        match &mut self.stage {
            Stage::Idle => {}
            Stage::Exchanging(in_round) | Stage::Storing(in_round) => {
                for order in news {
                    in_round.round.announce(order.id.key(), order.updated_at);
                }
            }
        }
    }

    /// Takes the round out of its stage if `generation` is the present exchange.
    pub(super) fn take(&mut self, generation: Generation) -> Option<InRound> {
        if generation != self.generation {
            return None;
        }
        match std::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::Idle => None,
            Stage::Exchanging(in_round) | Stage::Storing(in_round) => Some(in_round),
        }
    }

    /// Gives up the exchange that is under way, if any: its answer will be discarded, and what it was for is wanted
    /// again.
    pub(super) fn abandon(&mut self) -> Option<InRound> {
        if !matches!(self.stage, Stage::Exchanging(_)) {
            return None;
        }
        let in_round = self.take(self.generation)?;
        self.generation += 1;
        self.wanted = true;
        self.asked |= in_round.round.asked_for;
        Some(in_round)
    }

    /// The connection came back: an exchange that was sent long before and still has no answer was sent over
    /// what is gone. Takes its round out; the next one is wanted at once.
    pub(super) fn give_up_hanging(&mut self, now: Duration) -> Option<InRound> {
        let hangs =
            matches!(&self.stage, Stage::Exchanging(in_round) if now >= in_round.requested + HANGS);
        let may = self
            .given_up
            .is_none_or(|last| now >= last + GIVEN_UP_EVERY);
        if !hangs || !may {
            return None;
        }
        self.given_up = Some(now);
        self.abandon()
    }

    /// By when the exchange that is under way must have ended.
    pub(super) fn exchange_due(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Exchanging(in_round) => Some(in_round.requested + EXCHANGE_AT_MOST),
            Stage::Idle | Stage::Storing(_) => None,
        }
    }

    /// Takes out the round of an exchange that is past its deadline; its answer will be discarded.
    pub(super) fn take_overdue(&mut self, now: Duration) -> Option<InRound> {
        if self.exchange_due().is_none_or(|due| now < due) {
            return None;
        }
        let in_round = self.take(self.generation)?;
        self.generation += 1;
        Some(in_round)
    }

    /// The inbox takes writes again: what it could not take is wanted at once.
    pub(super) fn inbox_works(&mut self, now: Duration) {
        if self.failing.as_ref().is_some_and(|failing| failing.storage) {
            self.renew(now);
        }
    }

    /// The round ended well.
    pub(super) fn succeeded(&mut self, now: Duration, brought_news: bool) {
        self.stage = Stage::Idle;
        self.finished = Some(now);
        self.brought_news = brought_news;
        self.failing = None;
        self.backoff.reset();
        self.timeouts = 0;
    }

    /// The round failed.
    pub(super) fn failed(&mut self, now: Duration, failure: Failed, random: &mut StdRng) {
        self.stage = Stage::Idle;
        self.finished = Some(now);
        self.note_failure(now, failure, random);
    }

    /// Something failed, whether or not a round is under way; only a round that ends well makes up for it.
    pub(super) fn note_failure(&mut self, now: Duration, failure: Failed, random: &mut StdRng) {
        let retry = now + self.backoff.next(now, failure.burden, random);
        self.failing = Some(Failing {
            cause: failure.cause,
            detail: failure.detail,
            storage: failure.storage,
            at: now,
            retry,
            not_before: now
                + failure
                    .retry_after
                    .unwrap_or_default()
                    .min(OBEYED)
                    .max(SHORTENED),
        });
    }
}

impl Failing {
    /// When it is tried again by itself.
    pub(super) fn retry(&self) -> Duration {
        self.retry.max(self.not_before)
    }
}

/// Why a round failed.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) cause: Cause,
    pub(super) detail: String,
    pub(super) storage: bool,
    pub(super) burden: Burden,
    pub(super) retry_after: Option<Duration>,
}
