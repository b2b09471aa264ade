//! The connection as the engine sees it: when to open one, by which carrier, and whether it is alive.

use std::time::Duration;

use campana_contract::Refusal;
use rand::rngs::StdRng;

use super::backoff::{Backoff, Burden};
use super::input::Generation;
use crate::link::{Closed, Transport};
use crate::status::Cause;

/// A connection that held this long starts the backoff over.
const HELD: Duration = Duration::from_secs(30);
/// Longer than the link's own timeouts together: it died without a word.
const OPENING_AT_MOST: Duration = Duration::from_secs(30);
/// An attempt of which nothing was heard for so long may hang from before an outage's end.
const HANGS: Duration = Duration::from_secs(2);
/// How often the engine asks whether the server is there.
const ASK_EVERY: Duration = Duration::from_secs(60);
/// How soon it may ask again where only the answer tells of new orders.
const ASK_AGAIN: Duration = Duration::from_secs(5);
/// So long the first question of a connection waits for a round that is under way: what the round brings need
/// not be in the answer, which lists all that is pending.
const ROUND_FIRST: Duration = Duration::from_secs(20);
/// How long the answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Where long-polling proves nothing, WebSocket is tried again after this: one failure at a bad moment
/// must not cost it for the day.
const WEBSOCKET_AGAIN: Duration = Duration::from_secs(5 * 60);
/// So often a question may end a long-polling connection before no more are asked on one.
const TOO_OFTEN_BROKEN: u32 = 2;

/// The one connection, or the wait for the next.
#[derive(Debug)]
pub(super) struct Connection {
    generation: Generation,
    state: State,
    backoff: Backoff,
    /// The carrier of the next attempt.
    transport: Transport,
    /// An attempt failed since the last join.
    failed: bool,
    /// When the last joined one ended.
    lost: Option<Duration>,
    /// What the last failure was.
    cause: Cause,
    /// The same in technical words.
    detail: Option<String>,
    /// This backend has answered `sync:orders` before: from now on silence means dead.
    answers: bool,
    /// It has been asked and did not answer: the next connection need not wait to know that.
    does_not_answer: bool,
    /// Long-polling connections in a row that ended over a question: the answer is too long for the carrier.
    broken_by_asking: u32,
}

#[derive(Debug)]
enum State {
    Off,
    Waiting { until: Duration },
    Opening { since: Duration },
    Joined(Joined),
}

/// A connection that the namespace let in.
#[derive(Debug)]
struct Joined {
    since: Duration,
    /// A question is out since then.
    asked: Option<Duration>,
    /// No question was asked on this connection yet.
    unasked: bool,
    next_question: Duration,
    /// The last question was answered on this connection.
    answered: bool,
    /// A question was not answered, and never was one here: the carrier's heartbeat must do.
    silent: bool,
}

/// What the connection wants done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Open(Generation, Transport),
    Ask,
    /// Close it: it died without a word.
    GiveUp,
}

/// How far a joined connection can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    /// No answer yet, and no reason to do without.
    Unproven,
    /// It answers, or its heartbeat is enough.
    Proven,
    /// Long-polling to a server that answers no question: nothing proves that hints would come.
    Unprovable,
}

/// What a connection's end is called, and its technical words.
fn trouble(closed: Closed) -> (Cause, String) {
    let words = match closed {
        Closed::CertificateRefused(why) => return (Cause::CertificateRefused, why),
        Closed::CertificateAuthorityUnusable(why) => {
            return (Cause::CertificateAuthorityUnusable, why);
        }
        Closed::ConnectTimedOut => "no connection in time".to_owned(),
        Closed::JoinTimedOut => "the namespace did not answer in time".to_owned(),
        Closed::Kicked => "the server ended the session".to_owned(),
        Closed::Unreachable(why) | Closed::Lost(why) => why,
    };
    (Cause::LinkDown, words)
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            generation: 0,
            state: State::Off,
            backoff: Backoff::default(),
            transport: Transport::WebSocket,
            failed: false,
            lost: None,
            cause: Cause::LinkDown,
            detail: None,
            answers: false,
            does_not_answer: false,
            broken_by_asking: 0,
        }
    }

    /// Forgets everything that was learnt about the backend; generations go on.
    pub(super) fn forget(&mut self) {
        *self = Self {
            generation: self.generation,
            ..Self::new()
        };
    }

    /// Whether `generation` is the present connection, and not one that was given up.
    pub(super) fn is_present(&self, generation: Generation) -> bool {
        generation == self.generation
            && matches!(self.state, State::Opening { .. } | State::Joined(_))
    }

    /// Since when it is joined.
    pub(super) fn joined_since(&self) -> Option<Duration> {
        match &self.state {
            State::Joined(joined) => Some(joined.since),
            State::Off | State::Waiting { .. } | State::Opening { .. } => None,
        }
    }

    /// Whether one is on its way to the namespace's answer.
    pub(super) fn is_opening(&self) -> bool {
        matches!(self.state, State::Opening { .. })
    }

    /// Whether an attempt failed since the last join.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// When the last joined one ended, if there ever was one.
    pub(super) fn lost_since(&self) -> Option<Duration> {
        self.lost
    }

    /// What the last failure is called; meaningful after one.
    pub(super) fn cause(&self) -> Cause {
        self.cause
    }

    /// The last failure, in technical words.
    pub(super) fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// How far it can be believed; meaningful while it is joined.
    pub(super) fn liveness(&self) -> Liveness {
        match &self.state {
            State::Joined(joined) if joined.answered => Liveness::Proven,
            State::Joined(joined) if joined.silent => match self.transport {
                Transport::WebSocket => Liveness::Proven,
                Transport::Polling => Liveness::Unprovable,
            },
            State::Joined(_) | State::Off | State::Waiting { .. } | State::Opening { .. } => {
                Liveness::Unproven
            }
        }
    }

    /// The namespace answered.
    pub(super) fn joined(&mut self, now: Duration) {
        self.failed = false;
        self.detail = None;
        self.state = State::Joined(Joined {
            since: now,
            asked: None,
            unasked: true,
            next_question: now,
            answered: false,
            silent: self.does_not_answer,
        });
    }

    /// `orders:pending` came.
    pub(super) fn answered(&mut self) {
        self.answers = true;
        self.does_not_answer = false;
        self.broken_by_asking = 0;
        if let State::Joined(joined) = &mut self.state {
            joined.asked = None;
            joined.answered = true;
            joined.silent = false;
        }
    }

    /// The carrier says that it ended, or never began.
    pub(super) fn closed(&mut self, now: Duration, how: Closed, random: &mut StdRng) {
        if let (State::Joined(joined), Closed::Lost(_)) = (&self.state, &how)
            && joined.asked.is_some()
            && self.transport == Transport::Polling
        {
            self.broken_by_asking += 1;
        }
        let (cause, words) = trouble(how);
        self.over(now, cause, words, random);
    }

    /// It is over, whoever says so. By its own carrier's fault the other one is tried, at once the first time.
    pub(super) fn over(
        &mut self,
        now: Duration,
        cause: Cause,
        detail: String,
        random: &mut StdRng,
    ) {
        self.note_loss(now);
        let was_joined = match &self.state {
            State::Joined(joined) => {
                if now >= joined.since + HELD {
                    self.backoff.reset();
                }
                true
            }
            State::Off | State::Waiting { .. } | State::Opening { .. } => false,
        };
        self.cause = cause;
        self.detail = Some(detail);
        let until = if was_joined {
            self.transport = Transport::WebSocket;
            now + self.backoff.next(now, Burden::Server, random)
        } else {
            match self.transport {
                Transport::WebSocket => {
                    self.transport = Transport::Polling;
                    now
                }
                Transport::Polling => {
                    self.failed = true;
                    self.transport = Transport::WebSocket;
                    now + self.backoff.next(now, Burden::Server, random)
                }
            }
        };
        self.state = State::Waiting { until };
    }

    /// The namespace refused for a reason other than the key.
    pub(super) fn refused(&mut self, now: Duration, refusal: &Refusal, random: &mut StdRng) {
        self.note_loss(now);
        self.failed = true;
        self.cause = match refusal {
            Refusal::InvalidNamespace => Cause::NamespaceMissing,
            Refusal::KeyRequired
            | Refusal::InvalidKey
            | Refusal::AuthenticationFailed
            | Refusal::Other(_) => Cause::LinkDown,
        };
        self.detail = Some(refusal.message().to_owned());
        self.state = State::Waiting {
            until: now + self.backoff.next(now, Burden::Server, random),
        };
    }

    /// None is wanted for now.
    pub(super) fn switch_off(&mut self) {
        self.state = State::Off;
    }

    /// One is wanted: from now on, if none was.
    pub(super) fn switch_on(&mut self, now: Duration) {
        if let State::Off = self.state {
            self.state = State::Waiting { until: now };
        }
    }

    /// One is wanted, at once.
    pub(super) fn hurry(&mut self, now: Duration) {
        match &mut self.state {
            State::Off | State::Waiting { .. } => self.state = State::Waiting { until: now },
            State::Joined(joined) => joined.next_question = now,
            State::Opening { .. } => {}
        }
    }

    /// The server's page hides newer orders: only the answer to a question names them.
    pub(super) fn ask_soon(&mut self, now: Duration) {
        if let State::Joined(joined) = &mut self.state {
            let asked = joined.next_question.saturating_sub(ASK_EVERY);
            joined.next_question = joined.next_question.min(now.max(asked + ASK_AGAIN));
        }
    }

    /// The server, which was gone, answers again: the wait for the next attempt is over, and an attempt that
    /// hangs from before is given up. True when there is one to close. The backoff goes on, so that a
    /// server that comes and goes is not hammered.
    pub(super) fn server_is_back(&mut self, now: Duration) -> bool {
        match self.state {
            State::Waiting { .. } => {
                self.state = State::Waiting { until: now };
                false
            }
            State::Opening { since } if now >= since + HANGS => {
                self.transport = Transport::WebSocket;
                self.state = State::Waiting { until: now };
                true
            }
            State::Off | State::Opening { .. } | State::Joined(_) => false,
        }
    }

    /// Gives up what there is and begins anew, at once.
    pub(super) fn renew(&mut self, now: Duration) {
        self.note_loss(now);
        self.backoff.reset();
        self.transport = Transport::WebSocket;
        self.state = State::Waiting { until: now };
    }

    fn note_loss(&mut self, now: Duration) {
        if let State::Joined(_) = self.state {
            self.lost = Some(now);
        }
    }

    /// A question would only end the present connection.
    fn breaks_by_asking(&self) -> bool {
        self.transport == Transport::Polling && self.broken_by_asking >= TOO_OFTEN_BROKEN
    }

    /// What is due now, if anything. `in_round`: a round is under way, or begins now.
    pub(super) fn step(
        &mut self,
        now: Duration,
        in_round: bool,
        random: &mut StdRng,
    ) -> Option<Step> {
        let mut dead = None;
        let breaks = self.breaks_by_asking();
        if self
            .websocket_again()
            .is_some_and(|websocket_again| now >= websocket_again)
        {
            self.failed = true;
            self.transport = Transport::WebSocket;
            // What was too long for the carrier may be short by now.
            self.broken_by_asking = self.broken_by_asking.min(TOO_OFTEN_BROKEN - 1);
            self.state = State::Waiting { until: now };
            return Some(Step::GiveUp);
        }
        match &mut self.state {
            State::Waiting { until } if now >= *until => {
                self.generation += 1;
                self.state = State::Opening { since: now };
                return Some(Step::Open(self.generation, self.transport));
            }
            State::Opening { since } if now >= *since + OPENING_AT_MOST => {
                dead = Some("no word from the connection");
            }
            State::Joined(joined) => match joined.asked {
                Some(asked) if now >= asked + ANSWER_WITHIN => {
                    if self.answers {
                        dead = Some("the server no longer answers sync:orders");
                    } else {
                        joined.asked = None;
                        joined.silent = true;
                        self.does_not_answer = true;
                    }
                }
                None if breaks => joined.silent = true,
                None if now >= joined.question_due(in_round) => {
                    joined.asked = Some(now);
                    joined.unasked = false;
                    joined.next_question = now + ASK_EVERY;
                    return Some(Step::Ask);
                }
                Some(_) | None => {}
            },
            State::Off | State::Waiting { .. } | State::Opening { .. } => {}
        }
        dead.map(|why| {
            self.over(now, Cause::LinkDown, why.to_owned(), random);
            Step::GiveUp
        })
    }

    /// When WebSocket is tried again although long-polling is joined.
    fn websocket_again(&self) -> Option<Duration> {
        match &self.state {
            State::Joined(joined) if self.liveness() == Liveness::Unprovable => {
                Some(joined.since + WEBSOCKET_AGAIN)
            }
            State::Joined(_) | State::Off | State::Waiting { .. } | State::Opening { .. } => None,
        }
    }

    /// When [`Self::step`] has something to do next, if nothing else happens until then.
    pub(super) fn next_wake(&self, in_round: bool) -> Option<Duration> {
        let own = self.next_step(in_round);
        match (own, self.websocket_again()) {
            (Some(own), Some(websocket)) => Some(own.min(websocket)),
            (own, websocket) => own.or(websocket),
        }
    }

    fn next_step(&self, in_round: bool) -> Option<Duration> {
        match &self.state {
            State::Off => None,
            State::Waiting { until } => Some(*until),
            State::Opening { since } => Some(*since + OPENING_AT_MOST),
            State::Joined(joined) if joined.silent && self.breaks_by_asking() => None,
            State::Joined(joined) => Some(
                joined
                    .asked
                    .map_or(joined.question_due(in_round), |asked| asked + ANSWER_WITHIN),
            ),
        }
    }
}

impl Joined {
    /// When the next question is to be asked, while none is out.
    fn question_due(&self, in_round: bool) -> Duration {
        if self.unasked && in_round {
            self.next_question.max(self.since + ROUND_FIRST)
        } else {
            self.next_question
        }
    }
}
