//! The connection and the calls, with what goes wrong on the way.

use std::sync::Arc;
use std::time::Duration;

use campana_contract::{NotUnderstood, PendingOrders, Refusal, Timestamp};
use campana_sync::engine::{ExchangeFailure, Generation, Input, LinkInput};
use campana_sync::http::{Answer, Call, HttpFailure, Profile};
use campana_sync::link::{Closed, Transport};
use rand::RngExt as _;

use super::{Connection, Happening, InFlight, Job, Reply, World};
use crate::history::{HintFault, HttpFault, JoinFault, Spelling};
use crate::server;

/// What the client waits for an answer.
const GIVEN_UP: u64 = 30_000;
/// What the link waits for the namespace.
const JOIN: u64 = 15_000;
/// What a server without its Redis takes to refuse.
const AUTHENTICATION: u64 = 9_000;
/// What the link waits to emit.
const EMIT: u64 = 5_000;
/// An answer of a call that was given up reaches the engine all the same so often.
const STRAY: f64 = 0.25;

impl World<'_> {
    pub(super) fn open(&mut self, generation: Generation, transport: Transport) {
        self.checks.opened(self.now);
        self.lose_connection();
        self.connection = Some(Connection {
            generation,
            transport,
            shop: self.settings.shop,
            joined: false,
            dead: false,
        });
        let at = self.now + 2 * self.latency();
        self.at(at, Happening::Joining { generation });
    }

    /// No connection lives from now on.
    pub(super) fn lose_connection(&mut self) {
        self.connection = None;
        let mono = self.mono();
        self.dead_since.get_or_insert(mono);
    }

    /// The present one dies without a word.
    pub(super) fn let_connection_die(&mut self) {
        let mono = self.mono();
        if let Some(connection) = &mut self.connection
            && connection.joined
        {
            connection.dead = true;
            self.dead_since.get_or_insert(mono);
        }
    }

    pub(super) fn joining(&mut self, generation: Generation) {
        let Some(connection) = &self.connection else {
            return;
        };
        if connection.generation != generation || connection.joined {
            return;
        }
        let closed = |how| (LinkInput::Closed(how), 1);
        let refused = |why, after| (LinkInput::Refused(why), after);
        let unreachable = || closed(Closed::Unreachable("nobody there".into()));
        let fault = self.fault(&self.faults.joining);
        let no_carrier =
            connection.transport == Transport::WebSocket && !self.history.shop.has_websocket;
        let (event, after) = match fault {
            _ if no_carrier => unreachable(),
            Some(JoinFault::Unreachable) => unreachable(),
            Some(JoinFault::Silent) => (LinkInput::Closed(Closed::JoinTimedOut), JOIN),
            Some(JoinFault::AuthenticationFailed) => {
                refused(Refusal::AuthenticationFailed, AUTHENTICATION)
            }
            Some(JoinFault::NoNamespace) => refused(Refusal::InvalidNamespace, 1),
            Some(JoinFault::KickedAtOnce) | None if self.refuses_key() => {
                self.faults.told_to_wait = Some(self.now);
                refused(Refusal::InvalidKey, 1)
            }
            Some(JoinFault::KickedAtOnce) => {
                self.join();
                self.say_later(LinkInput::Joined, 1);
                closed(Closed::Kicked)
            }
            None => {
                self.join();
                (LinkInput::Joined, 1)
            }
        };
        let delay = after + self.latency();
        self.say_later(event, delay);
    }

    fn join(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.joined = true;
        }
        self.dead_since = None;
    }

    fn refuses_key(&self) -> bool {
        !self.settings.key_is_right || self.now < self.faults.keys_refused
    }

    /// The present connection says something, `delay` from now.
    pub(super) fn say_later(&mut self, event: LinkInput, delay: u64) {
        let Some(connection) = &self.connection else {
            return;
        };
        let says = Happening::Says {
            life: self.life,
            generation: connection.generation,
            event: Box::new(event),
        };
        self.at(self.now + delay, says);
    }

    pub(super) fn says(&mut self, life: u64, generation: Generation, event: LinkInput) {
        if !self.is_heard(life, generation) {
            return;
        }
        let is_dead = self.connection.as_ref().is_some_and(|c| c.dead);
        match &event {
            LinkInput::Closed(_) | LinkInput::Refused(_) => self.lose_connection(),
            _ if is_dead => return,
            LinkInput::Changes => {
                self.checks.cause(self.now);
                let (mono, busy) = (self.mono(), self.is_busy());
                self.checks.hinted(mono, busy);
            }
            LinkInput::Joined
            | LinkInput::Answered
            | LinkInput::Pending { .. }
            | LinkInput::Other(_) => {}
        }
        self.note(|| format!("link {generation}: {event:?}"));
        self.handle(Input::Link(generation, event));
    }

    fn is_heard(&self, life: u64, generation: Generation) -> bool {
        life == self.life
            && self
                .connection
                .as_ref()
                .is_some_and(|connection| connection.generation == generation)
    }

    /// Something changed at this shop: the server announces it.
    pub(super) fn announce(&mut self, shop: usize) {
        if self.history.shop.announces {
            self.send_hint(shop);
        }
    }

    pub(super) fn send_hint(&mut self, shop: usize) {
        let lives = |connection: &Connection| {
            connection.joined && !connection.dead && connection.shop == shop
        };
        if !self.connection.as_ref().is_some_and(lives) {
            return;
        }
        let latency = self.latency();
        match self.fault(&self.faults.hints) {
            Some(HintFault::Lost) => {}
            Some(HintFault::Late { by }) => self.say_later(LinkInput::Changes, latency + by),
            Some(HintFault::Doubled) => {
                let apart = self.random.random_range(0..3_000);
                self.say_later(LinkInput::Changes, latency);
                self.say_later(LinkInput::Changes, latency + apart);
            }
            None => self.say_later(LinkInput::Changes, latency),
        }
    }

    /// Campana emits `sync:orders`.
    pub(super) fn ask(&mut self) {
        let Some(connection) = &self.connection else {
            return;
        };
        let (generation, shop) = (connection.generation, connection.shop);
        if connection.dead {
            if connection.transport == Transport::Polling {
                let lost = LinkInput::Closed(Closed::Lost("could not be sent in time".into()));
                self.say_later(lost, EMIT);
            }
        } else if connection.joined && self.history.shop.answers_questions {
            let rows = self.servers[shop].rows();
            let pending = Happening::Pending {
                life: self.life,
                generation,
                rows,
            };
            let at = self.now + 2 * self.latency();
            self.at(at, pending);
        }
    }

    pub(super) fn pending(&mut self, life: u64, generation: Generation, rows: PendingOrders) {
        let is_dead = self.connection.as_ref().is_some_and(|c| c.dead);
        if self.is_heard(life, generation) && !is_dead {
            let shop = self.settings.shop;
            self.handle(Input::Link(generation, LinkInput::Answered));
            self.give(Job::News(generation, shop, rows));
        }
    }

    pub(super) fn exchange(&mut self, generation: Generation, profile: Profile, call: Call) {
        let (now, shop) = (self.now, self.settings.shop);
        self.checks.called(now, self.call.is_some());
        if let Call::Confirm(confirmation) = &call {
            self.checks.confirming(now, shop, confirmation);
        }
        self.note(|| format!("call {generation}: {profile:?} {call:?}"));
        self.call = Some(InFlight { generation });
        let latency = self.latency();
        let reply = |breaks_off, delay| Reply {
            life: self.life,
            generation,
            breaks_off,
            delay,
        };
        let reaches = |reply| Happening::Reaches { shop, call, reply };
        match self.fault(&self.faults.http) {
            None if profile != self.spoken() => {
                let nothing_there = HttpFailure::Status {
                    status: 404,
                    reason: "Not Found".into(),
                    retry_after: None,
                    well_formed: false,
                };
                self.answer_later(generation, Err(nothing_there), 2 * latency);
            }
            None if self.refuses_key() => {
                self.faults.told_to_wait = Some(now);
                let refused = HttpFailure::KeyRefused {
                    status: 401,
                    missing: false,
                };
                self.answer_later(generation, Err(refused), 2 * latency);
            }
            None => self.at(now + latency, reaches(Some(reply(false, latency)))),
            Some(HttpFault::Slow { by }) => {
                self.at(now + latency, reaches(Some(reply(false, latency + by))));
            }
            Some(HttpFault::BrokenOff) => {
                self.at(now + latency, reaches(Some(reply(true, latency))));
            }
            Some(HttpFault::AnswerLost) => {
                self.at(now + latency, reaches(None));
                self.answer_later(generation, Err(HttpFailure::TimedOut), GIVEN_UP);
            }
            Some(HttpFault::AppliedLate) => {
                let at = now + GIVEN_UP + 500 * latency;
                self.faults.last = self.faults.last.max(at);
                self.at(at, reaches(None));
                self.answer_later(generation, Err(HttpFailure::TimedOut), GIVEN_UP);
            }
            Some(HttpFault::Silent) => {
                self.answer_later(generation, Err(HttpFailure::TimedOut), GIVEN_UP);
            }
            Some(HttpFault::NeverEnds) => {}
            Some(HttpFault::Unreachable) => {
                let failure = HttpFailure::Unreachable("nobody there".into());
                self.answer_later(generation, Err(failure), latency);
            }
            Some(HttpFault::Status {
                status,
                well_formed,
                retry_after,
            }) => {
                if retry_after.is_some() {
                    self.faults.told_to_wait = Some(now);
                }
                let failure = HttpFailure::Status {
                    status,
                    reason: "simulated".into(),
                    retry_after: retry_after.map(Duration::from_secs),
                    well_formed,
                };
                self.answer_later(generation, Err(failure), 2 * latency);
            }
            Some(HttpFault::NotUnderstood) => {
                let failure = HttpFailure::NotUnderstood(NotUnderstood::NoList);
                self.answer_later(generation, Err(failure), 2 * latency);
            }
            Some(HttpFault::TooLarge) => {
                self.answer_later(generation, Err(HttpFailure::TooLarge), 2 * latency);
            }
        }
    }

    fn spoken(&self) -> Profile {
        match self.history.shop.spelling {
            Spelling::Guide => Profile::Guide,
            Spelling::Unified => Profile::Unified,
            Spelling::UnifiedLegacy => Profile::UnifiedLegacy,
        }
    }

    fn answer_later(
        &mut self,
        generation: Generation,
        result: Result<Answer, HttpFailure>,
        delay: u64,
    ) {
        let result = result.map_err(|failure| ExchangeFailure {
            failure,
            no_network: false,
        });
        let answered = Happening::Answered {
            life: self.life,
            generation,
            result: Box::new(result),
        };
        self.at(self.now + delay, answered);
    }

    /// A request is at the server.
    pub(super) fn reaches(&mut self, shop: usize, call: &Call, reply: Option<Reply>) {
        let accepted = match call {
            Call::Pull => true,
            Call::Confirm(confirmation) => {
                let received = &self.checks.received;
                self.servers[shop].confirm(confirmation, |id| {
                    received.get(&(shop, id.to_owned())).copied()
                })
            }
        };
        let result = if accepted {
            let page = self.servers[shop].page();
            Ok(Answer {
                bytes: page.len(),
                page: Arc::new(server::read(&page)),
                // `Date` has whole seconds.
                server_time: Some(Timestamp(self.true_time() / 1000 * 1000)),
            })
        } else {
            Err(HttpFailure::Status {
                status: 500,
                reason: "SYNC_ERROR".into(),
                retry_after: None,
                well_formed: true,
            })
        };
        let Some(reply) = reply.filter(|reply| reply.life == self.life) else {
            return;
        };
        let result = if reply.breaks_off {
            Err(HttpFailure::BrokenOff("simulated".into()))
        } else {
            result
        };
        self.answer_later(reply.generation, result, reply.delay);
    }

    pub(super) fn answered(
        &mut self,
        life: u64,
        generation: Generation,
        result: Result<Answer, ExchangeFailure>,
    ) {
        if life != self.life {
            return;
        }
        let is_awaited = |call: &InFlight| call.generation == generation;
        if self.call.as_ref().is_some_and(is_awaited) {
            self.call = None;
            if let Ok(answer) = &result {
                let (mono, shop) = (self.mono(), self.settings.shop);
                self.checks.answered(mono, shop, &answer.page);
            }
        } else if !self.random.random_bool(STRAY) {
            return;
        }
        self.note(|| match &result {
            Ok(answer) => format!("answer {generation}: {} orders", answer.page.orders.len()),
            Err(failed) => format!("answer {generation}: {}", failed.failure),
        });
        self.handle(Input::Exchanged(generation, result));
        self.checks.at_hand.clear();
    }
}
