//! Writes the event log from what passes through the driver. Decides nothing, waits for nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use campana_contract::{ElementKind, Timestamp, event};
use secrecy::{ExposeSecret, SecretString};

use crate::activity::{Activity, ActivityKind, Log, codes};
use crate::clock::{Clock, Now};
use crate::configuration::{Configuration, Key};
use crate::engine::{ExchangeFailure, Generation, NotStored, StoreFailure};
use crate::http::{Answer, Call, Profile};
use crate::inbox::{Change, Stored};
use crate::link::{LinkEvent, Transport};
use crate::report::Report;
use crate::status::{Cause, Status, StatusKind};

/// The longest detail, in characters.
const LONGEST: usize = 64;

/// The log as the driver and its handles share it.
#[derive(Clone)]
pub(super) struct SharedLog(Arc<Mutex<Log>>);

impl SharedLog {
    pub(super) fn new(log: Log) -> Self {
        Self(Arc::new(Mutex::new(log)))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Log> {
        // A ring of whole entries is sound whatever a thread that panicked was doing with it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is remembered between the beginning of something and its end.
pub(super) struct Recorder {
    log: SharedLog,
    clock: Arc<dyn Clock>,
    key: Option<SecretString>,
    /// When the present connection was opened; `None` when it has ended.
    opened: Option<Duration>,
    /// Attempts since the last join.
    attempts: u64,
    /// When the question that is out was asked.
    asked: Option<Duration>,
    exchange: Option<InFlight>,
    storing: HashMap<Generation, Duration>,
    status: Option<(StatusKind, Option<Cause>)>,
    next_attempt: Option<Timestamp>,
}

/// An exchange that has not ended.
struct InFlight {
    generation: Generation,
    began: Duration,
    profile: Profile,
    /// What is confirmed; `None` for a pull.
    confirms: Option<u64>,
}

impl Recorder {
    pub(super) fn new(log: SharedLog, clock: Arc<dyn Clock>) -> Self {
        Self {
            log,
            clock,
            key: None,
            opened: None,
            attempts: 0,
            asked: None,
            exchange: None,
            storing: HashMap::new(),
            status: None,
            next_attempt: None,
        }
    }

    pub(super) fn note(&self, kind: ActivityKind) {
        self.add(self.entry(kind));
    }

    /// Whether a page is on its way, or just being stored.
    pub(super) fn is_busy(&self) -> bool {
        self.exchange.is_some() || !self.storing.is_empty()
    }

    pub(super) fn asked_for(&self, what: &str) {
        self.add(Activity {
            detail: Some(what.to_owned()),
            ..self.entry(ActivityKind::Asked)
        });
    }

    pub(super) fn configured(&mut self, configuration: Option<&Configuration>) {
        let detail = match configuration.map(|configuration| &configuration.key) {
            None => "not_configured",
            Some(Key::Missing) => "key_missing",
            Some(Key::Unavailable) => "key_unavailable",
            Some(Key::Present(_)) => "ready",
        };
        self.key = configuration.and_then(|configuration| match &configuration.key {
            Key::Present(key) => Some(key.clone()),
            Key::Missing | Key::Unavailable => None,
        });
        self.attempts = 0;
        self.add(Activity {
            detail: Some(detail.to_owned()),
            ..self.entry(ActivityKind::Configured)
        });
    }

    pub(super) fn connecting(&mut self, transport: Transport) {
        self.closed_by_campana();
        self.opened = Some(self.now().monotonic);
        self.attempts += 1;
        let carrier = match transport {
            Transport::WebSocket => "web_socket",
            Transport::Polling => "polling",
        };
        self.add(Activity {
            detail: Some(carrier.to_owned()),
            number: Some(self.attempts),
            ..self.entry(ActivityKind::Connecting)
        });
    }

    /// The connection is given up from this side, unless it had ended already.
    pub(super) fn closed_by_campana(&mut self) {
        if self.opened.is_some() {
            self.ended(ActivityKind::Closed, true, "by_campana");
        }
    }

    pub(super) fn link(&mut self, event: &LinkEvent) {
        match event {
            LinkEvent::Joined => {
                self.attempts = 0;
                self.add(Activity {
                    milliseconds: self.since(self.opened),
                    ..self.entry(ActivityKind::Joined)
                });
            }
            LinkEvent::Changes => self.hint(event::CHANGES_PENDING, 0),
            LinkEvent::Other { name, bytes } => self.hint(name, *bytes),
            LinkEvent::Pending(pending) => match self.asked.take() {
                None => self.hint(event::ORDERS_PENDING, pending.bytes),
                asked => self.add(Activity {
                    bytes: Some(count(pending.bytes)),
                    milliseconds: self.since(asked),
                    number: Some(count(pending.count)),
                    ..self.entry(ActivityKind::Question)
                }),
            },
            LinkEvent::Refused(refusal) => {
                self.ended(ActivityKind::Refused, false, codes::of_refusal(refusal));
            }
            LinkEvent::Closed(closed) => {
                self.ended(ActivityKind::Closed, false, codes::of_end(closed))
            }
        }
    }

    pub(super) fn question(&mut self) {
        self.unanswered();
        self.asked = Some(self.now().monotonic);
    }

    /// Nothing answered the question that is out, and nothing will.
    fn unanswered(&mut self) {
        if let Some(asked) = self.asked.take() {
            self.add(Activity {
                went_well: false,
                detail: Some("no_answer".to_owned()),
                milliseconds: self.since(Some(asked)),
                ..self.entry(ActivityKind::Question)
            });
        }
    }

    pub(super) fn exchange(&mut self, generation: Generation, profile: Profile, call: &Call) {
        self.exchange = Some(InFlight {
            generation,
            began: self.now().monotonic,
            profile,
            confirms: match call {
                Call::Pull => None,
                Call::Confirm(confirmation) => Some(count(confirmation.len())),
            },
        });
    }

    pub(super) fn exchanged(
        &mut self,
        generation: Generation,
        result: &Result<Answer, ExchangeFailure>,
    ) {
        let is_present = |flight: &mut InFlight| flight.generation == generation;
        let Some(flight) = self.exchange.take_if(is_present) else {
            return;
        };
        let entry = self.exchange_entry(&flight);
        self.add(match result {
            Ok(answer) => Activity {
                bytes: Some(count(answer.bytes)),
                number: flight.confirms.or(Some(count(answer.page.order_elements))),
                ..entry
            },
            Err(failed) => Activity {
                went_well: false,
                detail: Some(format!(
                    "{} {}",
                    flight.profile.name(),
                    codes::of_failure(&failed.failure)
                )),
                number: flight.confirms,
                ..entry
            },
        });
    }

    /// The exchange is given up, unless it had ended already.
    pub(super) fn abandoned(&mut self) {
        if let Some(flight) = self.exchange.take() {
            self.add(Activity {
                went_well: false,
                detail: Some(format!("{} abandoned", flight.profile.name())),
                number: flight.confirms,
                ..self.exchange_entry(&flight)
            });
        }
    }

    pub(super) fn storing(&mut self, generation: Generation) {
        self.storing.insert(generation, self.now().monotonic);
    }

    pub(super) fn stored(
        &mut self,
        generation: Option<Generation>,
        result: &Result<Stored, NotStored>,
    ) {
        let began = generation.and_then(|generation| self.storing.remove(&generation));
        let entry = Activity {
            milliseconds: self.since(began),
            ..self.entry(ActivityKind::Store)
        };
        self.add(match result {
            Ok(stored) if stored == &Stored::default() => return,
            Ok(stored) => {
                let is_news = |change| matches!(change, Change::New | Change::Updated);
                let news = stored.orders.iter().filter(|order| is_news(order.change));
                Activity {
                    number: Some(count(news.count())),
                    ..entry
                }
            }
            Err(failed) => Activity {
                went_well: false,
                detail: Some(
                    match failed.failure {
                        StoreFailure::DiskFull => "disk_full",
                        StoreFailure::Unwritable(_) => "unwritable",
                    }
                    .to_owned(),
                ),
                ..entry
            },
        });
    }

    pub(super) fn report(&mut self, report: &Report) {
        match report {
            Report::Status(status) => self.status(status),
            Report::Unreadable { again: true, .. } => {}
            Report::Unreadable {
                kind, hash: what, ..
            }
            | Report::ConfirmationRefused { kind, id: what, .. } => {
                let detail = match kind {
                    ElementKind::Order => format!("order {what}"),
                    ElementKind::Customer => "customer".to_owned(),
                };
                self.add(Activity {
                    went_well: false,
                    detail: Some(self.harmless(&detail)),
                    ..self.entry(ActivityKind::SetAside)
                });
            }
            Report::Order { .. }
            | Report::Alert { .. }
            | Report::Confirmed { .. }
            | Report::Hint { .. }
            | Report::Unstored(_)
            | Report::Damaged(_)
            | Report::Round { .. } => {}
        }
    }

    fn status(&mut self, status: &Status) {
        let now = (status.kind, status.cause);
        let is_syncing = status.kind == StatusKind::Syncing;
        if !is_syncing && self.status.replace(now) != Some(now) {
            let name = |code: serde_json::Value| code.as_str().unwrap_or_default().to_owned();
            let mut detail = name(serde_json::json!(status.kind));
            if let Some(cause) = status.cause {
                detail = format!("{detail} {}", name(serde_json::json!(cause)));
            }
            let is_good = matches!(status.kind, StatusKind::InSync | StatusKind::Connecting);
            self.add(Activity {
                went_well: is_good,
                detail: Some(detail),
                ..self.entry(ActivityKind::Status)
            });
        }
        let is_news = self.next_attempt != status.next_attempt;
        self.next_attempt = status.next_attempt;
        if let Some(next) = status.next_attempt.filter(|_| is_news) {
            let wait = next.0.saturating_sub(self.now().wall.0).max(0);
            self.add(Activity {
                // A wait of half a second is one that is soon over, not none.
                number: u64::try_from(wait.saturating_add(999) / 1000).ok(),
                ..self.entry(ActivityKind::Retry)
            });
        }
    }

    fn hint(&self, name: &str, bytes: usize) {
        self.add(Activity {
            detail: Some(self.harmless(name)),
            bytes: (bytes > 0).then(|| count(bytes)),
            ..self.entry(ActivityKind::Hint)
        });
    }

    fn ended(&mut self, kind: ActivityKind, went_well: bool, detail: &str) {
        self.unanswered();
        let opened = self.opened.take();
        self.add(Activity {
            went_well,
            detail: Some(detail.to_owned()),
            milliseconds: self.since(opened),
            ..self.entry(kind)
        });
    }

    fn exchange_entry(&self, flight: &InFlight) -> Activity {
        let kind = match flight.confirms {
            None => ActivityKind::Pull,
            Some(_) => ActivityKind::Confirm,
        };
        Activity {
            detail: Some(flight.profile.name().to_owned()),
            milliseconds: self.since(Some(flight.began)),
            ..self.entry(kind)
        }
    }

    fn entry(&self, kind: ActivityKind) -> Activity {
        Activity {
            at: self.now().wall,
            kind,
            went_well: true,
            detail: None,
            bytes: None,
            milliseconds: None,
            number: None,
        }
    }

    fn add(&self, activity: Activity) {
        self.log.lock().add(activity);
    }

    fn now(&self) -> Now {
        self.clock.now()
    }

    fn since(&self, began: Option<Duration>) -> Option<u64> {
        let took = self.now().monotonic.saturating_sub(began?);
        u64::try_from(took.as_millis()).ok()
    }

    /// What a server chose (a name, an identifier): without the key, in one line, not long.
    fn harmless(&self, text: &str) -> String {
        let key = self
            .key
            .as_ref()
            .map_or("", |key| key.expose_secret().trim());
        let text = match key {
            "" => text.to_owned(),
            key => text.replace(key, "…"),
        };
        let line = |letter: char| if letter.is_control() { ' ' } else { letter };
        text.chars().map(line).take(LONGEST).collect()
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
