//! The engine: decides when to connect, pull, confirm and wait, and what the status is.
//!
//! Pure: inputs go in with the time, effects come out. No clock, no socket and no file inside, so that a
//! day of faults runs in milliseconds. The rules are those of `docs/architecture.md`.

mod answers;
mod backoff;
mod connection;
mod hints;
mod input;
mod key;
mod memory;
mod profile;
mod pulling;
mod round;
mod standing;
mod storing;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::time::Duration;

use campana_contract::Timestamp;
use rand::rngs::StdRng;

pub use input::{
    Effect, ExchangeFailure, Generation, Input, LinkInput, NotStored, Setup, Source, StoreFailure,
};
pub(crate) use profile::speaks_otherwise;

use crate::clock::Now;
use crate::http::{Call, HttpFailure};
use crate::report::Report;
use crate::status::Status;
use connection::{Connection, Liveness, Step};
use hints::Hints;
use key::Key;
use memory::Memories;
use profile::Search;
use pulling::{InRound, Pulling, WITH_LINK, WITHOUT_LINK};
use round::ItemKey;
use storing::Writes;

/// The wall clock may drift from the monotonic one by this much; more means that the computer slept.
const SLEPT: Duration = Duration::from_secs(15);
/// Sleep is noticed this soon after waking.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// A confirmation that the server refuses is tried again after this.
const REFUSED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The engine's whole state.
#[derive(Debug)]
pub struct Engine {
    random: StdRng,
    setup: Setup,
    connection: Connection,
    pulling: Pulling,
    hints: Hints,
    key: Key,
    search: Search,
    memories: Memories,
    writes: Writes,
    /// Confirmations that were set aside, and when.
    refused: HashMap<ItemKey, Duration>,
    status: Option<Status>,
    /// Since when no orders arrive.
    outage: Option<Timestamp>,
    last_sync: Option<Timestamp>,
    last: Option<Now>,
}

impl Engine {
    /// An engine that waits for [`Input::Configure`]. `random` only spreads its waits.
    pub fn new(random: StdRng) -> Self {
        Self {
            random,
            setup: Setup::NotConfigured,
            connection: Connection::new(),
            pulling: Pulling::new(),
            hints: Hints::default(),
            key: Key::default(),
            search: Search::new(Setup::NotConfigured),
            memories: Memories::default(),
            writes: Writes::default(),
            refused: HashMap::new(),
            status: None,
            outage: None,
            last_sync: None,
            last: None,
        }
    }

    /// An engine in place of this one, which panicked. Generations go on: an answer to a request of this one is
    /// known as such.
    #[must_use]
    pub fn start_over(self, random: StdRng) -> Self {
        let Self {
            mut pulling,
            mut connection,
            ..
        } = self;
        pulling.forget();
        connection.forget();
        Self {
            pulling,
            connection,
            ..Self::new(random)
        }
    }

    /// Takes one input; what is to be done, in this order.
    pub fn handle(&mut self, input: Input, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.notice_sleep(now, &mut effects);
        match input {
            Input::Configure(setup, source) => self.configure(setup, source, now, &mut effects),
            Input::SyncNow => self.sync_now(now, &mut effects),
            Input::NetworkChanged => {
                self.key.hurry(now.monotonic);
                self.connection.hurry(now.monotonic);
                self.pulling.renew(now.monotonic);
            }
            Input::Link(generation, event) => {
                if matches!(event, LinkInput::Pending { .. }) {
                    self.compared(now);
                }
                if self.connection.is_present(generation) {
                    self.link(event, now, &mut effects);
                }
            }
            Input::Exchanged(generation, result) => {
                self.exchanged(generation, result, now, &mut effects);
            }
            Input::Stored(generation, result) => {
                self.stored(generation, result, now, &mut effects);
            }
            Input::PartialStored(rows, result) => {
                self.rows_stored(&rows, result, now, &mut effects);
            }
            Input::InboxFailed(why) => {
                self.note_storage_failure(StoreFailure::Unwritable(why), now);
            }
            Input::Tick => {}
        }
        self.go_on(now, &mut effects);
        self.tell_status(now, &mut effects);
        effects
    }

    /// By when to call [`Self::handle`] with [`Input::Tick`], on the monotonic clock.
    pub fn next_wake(&self) -> Option<Duration> {
        let Setup::Ready { .. } = self.setup else {
            return None;
        };
        let now = self.last?.monotonic;
        let pull = self
            .may_pull()
            .then(|| self.pulling.next_wake(now, self.interval()))
            .flatten();
        [
            Some(now + LOOK_AGAIN),
            self.connection.next_wake(self.is_in_round(now)),
            self.key.retry(),
            self.search.next_wake(),
            self.pulling.exchange_due(),
            self.writes.next_wake(),
            pull,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn is_ready(&self) -> bool {
        matches!(self.setup, Setup::Ready { .. })
    }

    fn confirms(&self) -> bool {
        matches!(self.setup, Setup::Ready { confirms: true, .. })
    }

    fn may_pull(&self) -> bool {
        self.key.may_pull() && !self.search.is_waiting()
    }

    /// Whether a round is under way, or begins at `at`.
    fn is_in_round(&self, at: Duration) -> bool {
        self.may_pull() && self.pulling.is_in_round(at, self.interval())
    }

    fn notice_sleep(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let Some(last) = self.last.replace(now) else {
            return;
        };
        let gap = now.monotonic.saturating_sub(last.monotonic);
        let wall = i128::from(now.wall.0) - i128::from(last.wall.0);
        let monotonic = i128::try_from(gap.as_millis()).unwrap_or(i128::MAX);
        let jump = (wall - monotonic).unsigned_abs();
        // On Windows the monotonic clock goes on in sleep: a tick that comes far too late tells of it.
        let is_gap = gap > LOOK_AGAIN + SLEPT;
        if (jump <= SLEPT.as_millis() && !is_gap) || !self.is_ready() {
            return;
        }
        if is_gap {
            self.writes.postpone(now.monotonic);
        }
        self.key.hurry(now.monotonic);
        if self.key.may_connect() {
            effects.push(Effect::Close);
            self.connection.renew(now.monotonic);
            self.abandon(effects);
            self.pulling.renew(now.monotonic);
        }
    }

    /// Gives up the exchange that is under way, if any. What was hinted and asked for is still owed.
    fn abandon(&mut self, effects: &mut Vec<Effect>) {
        if let Some(in_round) = self.pulling.abandon() {
            effects.push(Effect::Abandon);
            self.hints.give_back(in_round.promise);
        }
    }

    fn configure(&mut self, setup: Setup, source: Source, now: Now, effects: &mut Vec<Effect>) {
        self.setup = setup;
        effects.push(Effect::Close);
        effects.push(Effect::Abandon);
        let asked = self.pulling.forget();
        self.connection.forget();
        self.hints = Hints::default();
        self.key = Key::default();
        self.search = Search::new(setup);
        self.refused.clear();
        self.last_sync = None;
        if source != *self.memories.source() {
            self.outage = None;
        }
        tell(effects, self.memories.turn_to(source));
        if self.is_ready() {
            self.connection.hurry(now.monotonic);
            self.pulling.want();
            if asked {
                self.pulling.ask();
            }
        }
    }

    fn sync_now(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if !self.is_ready() {
            return;
        }
        self.refused.clear();
        if self.key.is_refused() {
            if self.key.try_again(now.monotonic, true) {
                self.begin_trial(now, effects);
            }
        } else if self.connection.joined_since().is_none() {
            self.connection.hurry(now.monotonic);
        }
        self.pulling.ask();
    }

    fn begin_trial(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.search.key_in_doubt();
        effects.push(Effect::Close);
        self.connection.renew(now.monotonic);
        self.pulling.renew(now.monotonic);
    }

    fn link(&mut self, event: LinkInput, now: Now, effects: &mut Vec<Effect>) {
        let at = now.monotonic;
        let hint = |effects: &mut Vec<Effect>, name: &str| {
            tell(
                effects,
                [Report::Hint {
                    name: name.to_owned(),
                }],
            );
        };
        match event {
            LinkInput::Joined => {
                self.connection.joined(at);
                self.key.link_did_not_refuse();
                self.search.key_accepted();
                self.pulling.want();
                if let Some(in_round) = self.pulling.give_up_hanging(at) {
                    effects.push(Effect::Abandon);
                    self.hints.give_back(in_round.promise);
                }
            }
            LinkInput::Changes => {
                hint(effects, campana_contract::event::CHANGES_PENDING);
                self.hints.changes(at);
                self.pulling.want();
            }
            LinkInput::Answered => {
                hint(effects, campana_contract::event::ORDERS_PENDING);
                self.connection.answered();
                self.compare(now);
            }
            LinkInput::Pending { news } => {
                let ids = news.iter().map(|order| order.id.key().to_owned());
                self.hints.pending(at, ids);
                if !news.is_empty() {
                    self.pulling.announce(&news);
                    self.pulling.want();
                    if self.pulling.limited.is_some() {
                        self.store_rows(news, now, effects);
                    }
                }
            }
            LinkInput::Other(name) => hint(effects, &name),
            LinkInput::Refused(refusal) if refusal.is_about_key() => {
                self.key_refused(now, effects);
            }
            LinkInput::Refused(refusal) => {
                effects.push(Effect::Close);
                if self.connection.joined_since().is_some() {
                    self.pulling.want();
                }
                self.connection.refused(at, &refusal, &mut self.random);
                self.key.link_did_not_refuse();
            }
            LinkInput::Closed(closed) => {
                effects.push(Effect::Close);
                let was_joined = self.connection.joined_since().is_some();
                self.connection.closed(at, closed, &mut self.random);
                self.key.link_did_not_refuse();
                if was_joined {
                    // Tells at once whether only the link is gone, or the server.
                    self.pulling.want();
                }
            }
        }
    }

    fn key_refused(&mut self, now: Now, effects: &mut Vec<Effect>) {
        self.key.refused(now.monotonic);
        self.search.key_in_doubt();
        effects.push(Effect::Close);
        self.connection.switch_off();
        self.abandon(effects);
    }

    /// Does what is due: connect, ask, pull.
    fn go_on(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if !self.is_ready() {
            return;
        }
        let at = now.monotonic;
        self.mind_writes(now, effects);
        if let Some(in_round) = self.pulling.take_overdue(at) {
            effects.push(Effect::Abandon);
            let failed = ExchangeFailure {
                failure: HttpFailure::TimedOut,
                no_network: false,
            };
            self.exchange_failed(in_round, failed, now, effects);
        }
        self.refused.retain(|_, since| at < *since + REFUSED_FOR);
        if self.key.try_again(at, false) {
            self.begin_trial(now, effects);
        }
        if self.key.may_connect() {
            self.connection.switch_on(at);
        }
        loop {
            let in_round = self.is_in_round(at);
            let Some(step) = self.connection.step(at, in_round, &mut self.random) else {
                break;
            };
            match step {
                Step::Open(generation, transport) => {
                    effects.push(Effect::Open(generation, transport));
                }
                Step::Ask => effects.push(Effect::Ask),
                Step::GiveUp => {
                    effects.push(Effect::Close);
                    self.pulling.want();
                }
            }
        }
        if self.search.waits_in_vain(self.connection.is_opening(), at) {
            self.key_refused(now, effects);
        }
        if self.may_pull()
            && let Some(round) = self.pulling.begin(at, self.interval())
        {
            let in_round = InRound::new(round, self.hints.take_promise(), at);
            self.send(in_round, Call::Pull, effects);
        }
    }

    fn send(&mut self, in_round: InRound, call: Call, effects: &mut Vec<Effect>) {
        let generation = self.pulling.exchange(in_round);
        effects.push(Effect::Exchange(generation, self.search.present(), call));
    }

    /// The fallback timer's interval.
    fn interval(&self) -> Duration {
        let announced = self.connection.joined_since().is_some()
            && self.connection.liveness() == Liveness::Proven
            && !self.hints.broken();
        if announced { WITH_LINK } else { WITHOUT_LINK }
    }
}

fn tell(effects: &mut Vec<Effect>, reports: impl IntoIterator<Item = Report>) {
    effects.extend(reports.into_iter().map(Effect::Report));
}
