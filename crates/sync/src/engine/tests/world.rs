//! A shop's backend, inbox and clock in memory, answering the engine at once.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use campana_contract::{ElementKind, Id, Order, PAGE_LIMIT, Page, Refusal, Timestamp};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::clock::Now;
use crate::configuration::ProfileChoice;
use crate::engine::{
    Effect, Engine, ExchangeFailure, Generation, Input, LinkInput, Setup, StoreFailure,
};
use crate::http::{Answer, Call, HttpFailure, Profile};
use crate::inbox::{AlertKind, Change, Stored, StoredOrder};
use crate::link::{Closed, Transport};
use crate::report::Report;
use crate::status::{Cause, StatusKind};

/// What the namespace does with a new connection.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Joining {
    Joins,
    Refuses(Refusal),
    Unreachable,
    CertificateRefused,
    /// Nothing is heard of it, unless a test says it.
    Silent,
    OnlyBy(Transport),
}

/// Everything outside the engine.
pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) now: Now,
    pub(super) joining: Joining,
    pub(super) answers_questions: bool,
    /// Questions end the connection, as answers do that are too long for long-polling.
    pub(super) questions_break: bool,
    /// What the next pulls and confirmations meet instead of an answer; the last one stays if `stays`.
    pub(super) failure: Option<HttpFailure>,
    pub(super) confirm_failure: Option<HttpFailure>,
    /// What the calls of profiles meet that the server does not speak.
    pub(super) instead: HashMap<Profile, HttpFailure>,
    /// Confirmations that name one of these fail as a whole.
    pub(super) poison: Vec<String>,
    pub(super) accepts_without_clearing: bool,
    /// Every page brings a newer version of what is pending.
    pub(super) restless: bool,
    pub(super) pending: Vec<Order>,
    pub(super) disk: HashMap<String, Option<Timestamp>>,
    pub(super) disk_full: bool,
    /// Partial orders cannot be stored.
    pub(super) loses_partial: bool,
    /// What is to be stored waits until [`World::disk_answers`].
    pub(super) disk_hangs: bool,
    hanging: Vec<Effect>,
    /// How long the next page takes to be stored.
    pub(super) slow_disk: Duration,
    /// Answers wait until [`World::deliver`].
    pub(super) hold: bool,
    held: Vec<Input>,
    happening: VecDeque<Input>,
    busy: bool,
    pub(super) connection: Option<(Generation, Transport)>,
    pub(super) opened: Vec<(Duration, Transport)>,
    pub(super) pulls: Vec<Duration>,
    pub(super) confirms: Vec<(Duration, Vec<String>)>,
    /// Every exchange: its profile, and how many orders it confirms.
    pub(super) exchanges: Vec<(Profile, Option<usize>)>,
    pub(super) remembered: Option<Profile>,
    pub(super) questions: usize,
    /// How often the engine asked to be woken.
    pub(super) wakes: usize,
    pub(super) reports: Vec<Report>,
    pub(super) partial: Vec<String>,
    pub(super) not_confirmable: Vec<String>,
}

pub(super) const READY: Setup = ready(true);

pub(super) const fn ready(confirms: bool) -> Setup {
    Setup::Ready {
        confirms,
        profile: ProfileChoice::Auto,
        remembered: None,
    }
}

pub(super) const fn ready_with(profile: ProfileChoice, remembered: Option<Profile>) -> Setup {
    Setup::Ready {
        confirms: true,
        profile,
        remembered,
    }
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            engine: Engine::new(StdRng::seed_from_u64(1)),
            now: Now {
                monotonic: Duration::from_secs(1000),
                wall: Timestamp(1_800_000_000_000),
            },
            joining: Joining::Joins,
            answers_questions: true,
            questions_break: false,
            failure: None,
            confirm_failure: None,
            instead: HashMap::new(),
            poison: Vec::new(),
            accepts_without_clearing: false,
            restless: false,
            pending: Vec::new(),
            disk: HashMap::new(),
            disk_full: false,
            loses_partial: false,
            disk_hangs: false,
            hanging: Vec::new(),
            slow_disk: Duration::ZERO,
            hold: false,
            held: Vec::new(),
            happening: VecDeque::new(),
            busy: false,
            connection: None,
            opened: Vec::new(),
            pulls: Vec::new(),
            confirms: Vec::new(),
            exchanges: Vec::new(),
            remembered: None,
            questions: 0,
            wakes: 0,
            reports: Vec::new(),
            partial: Vec::new(),
            not_confirmable: Vec::new(),
        }
    }

    /// A world whose engine has been given a ready configuration.
    pub(super) fn started() -> Self {
        let mut world = Self::new();
        world.configure(READY);
        world
    }

    /// The settings of this shop change.
    pub(super) fn configure(&mut self, setup: Setup) {
        self.put(Input::Configure(setup, "https://shop.test".into()));
    }

    /// Hands the input in, and then whatever its effects lead to, in the order in which it happens.
    pub(super) fn put(&mut self, input: Input) {
        self.happening.push_back(input);
        if self.happening.len() > 1 || self.busy {
            return;
        }
        self.busy = true;
        while let Some(input) = self.happening.pop_front() {
            for effect in self.engine.handle(input, self.now) {
                self.carry_out(effect);
            }
        }
        self.busy = false;
    }

    /// Another engine takes the place of the one that is there.
    pub(super) fn start_over(&mut self) {
        let random = || StdRng::seed_from_u64(1);
        let engine = std::mem::replace(&mut self.engine, Engine::new(random()));
        self.engine = engine.start_over(random());
    }

    /// The connection says something.
    pub(super) fn say(&mut self, event: LinkInput) {
        let generation = self.connection.map_or(0, |connection| connection.0);
        self.put(Input::Link(generation, event));
    }

    pub(super) fn hint(&mut self) {
        self.say(LinkInput::Changes);
    }

    /// Lets time pass, waking the engine exactly when it asked for it.
    pub(super) fn pass(&mut self, time: Duration) {
        let until = self.now.monotonic + time;
        while let Some(wake) = self.engine.next_wake().filter(|wake| *wake <= until) {
            self.forward(wake.max(self.now.monotonic + Duration::from_millis(1)));
            self.wakes += 1;
            self.put(Input::Tick);
        }
        self.forward(until);
    }

    pub(super) fn pass_seconds(&mut self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    fn forward(&mut self, to: Duration) {
        let passed = to.saturating_sub(self.now.monotonic);
        self.now.monotonic += passed;
        self.now.wall.0 += i64::try_from(passed.as_millis()).unwrap();
    }

    /// The server speaks this profile alone.
    pub(super) fn speaks(&mut self, profile: Profile, otherwise: &HttpFailure) {
        let others = Profile::ALL.into_iter().filter(|other| *other != profile);
        self.instead = others.map(|other| (other, otherwise.clone())).collect();
    }

    /// Answers what was held back; what that leads to is held back again.
    pub(super) fn step(&mut self) {
        for answer in std::mem::take(&mut self.held) {
            self.put(answer);
        }
    }

    /// The disk goes on, with what it was given first.
    pub(super) fn disk_answers(&mut self) {
        self.disk_hangs = false;
        for effect in std::mem::take(&mut self.hanging) {
            self.carry_out(effect);
        }
    }

    /// How much waits for a disk that hangs.
    pub(super) fn given_to_the_disk(&self) -> usize {
        self.hanging.len()
    }

    /// Of the page that waits for a disk that hangs.
    pub(super) fn generation_at_the_disk(&self) -> Generation {
        let page = self.hanging.iter().find_map(|effect| match effect {
            Effect::Store(generation, _) => Some(*generation),
            _ => None,
        });
        page.unwrap()
    }

    /// Orders that ring from memory alone, as they were last told.
    pub(super) fn unstored(&self) -> Vec<&str> {
        let last = self.reports.iter().rev().find_map(|report| match report {
            Report::Unstored(orders) => Some(orders.as_slice()),
            _ => None,
        });
        let orders = last.unwrap_or_default();
        orders.iter().map(|order| order.id.key()).collect()
    }

    /// Answers what was held back.
    pub(super) fn deliver(&mut self) {
        self.hold = false;
        for answer in std::mem::take(&mut self.held) {
            self.put(answer);
        }
    }

    pub(super) fn order(&mut self, id: &str) {
        let at = self.now.wall;
        self.pending.push(order(id, at));
    }

    pub(super) fn orders(&mut self, ids: std::ops::Range<usize>) {
        for id in ids {
            self.order(&format!("o{id}"));
        }
    }

    pub(super) fn status(&self) -> (StatusKind, Option<Cause>) {
        self.reports
            .iter()
            .rev()
            .find_map(|report| match report {
                Report::Status(status) => Some((status.kind, status.cause)),
                _ => None,
            })
            .unwrap()
    }

    /// Every kind of status that was told.
    /// Since when the present status holds.
    pub(super) fn since(&self) -> Timestamp {
        let mut told = self.reports.iter().rev();
        let since = told.find_map(|report| match report {
            Report::Status(status) => Some(status.since),
            _ => None,
        });
        since.unwrap()
    }

    pub(super) fn kinds(&self) -> Vec<StatusKind> {
        self.reports
            .iter()
            .filter_map(|report| match report {
                Report::Status(status) => Some(status.kind),
                _ => None,
            })
            .collect()
    }

    pub(super) fn another_receiver(&self) -> bool {
        self.reports
            .iter()
            .rev()
            .find_map(|report| match report {
                Report::Status(status) => Some(status.another_receiver),
                _ => None,
            })
            .unwrap()
    }

    pub(super) fn alerts(&self) -> Vec<&str> {
        self.reports
            .iter()
            .filter_map(|report| match report {
                Report::Alert { order_id, .. } => Some(order_id.as_str()),
                _ => None,
            })
            .collect()
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Open(generation, transport) => {
                self.opened.push((self.now.monotonic, transport));
                self.connection = Some((generation, transport));
                let event = match &self.joining {
                    Joining::Silent => return,
                    Joining::Joins => LinkInput::Joined,
                    Joining::OnlyBy(only) if *only == transport => LinkInput::Joined,
                    Joining::Refuses(refusal) => LinkInput::Refused(refusal.clone()),
                    Joining::CertificateRefused => {
                        LinkInput::Closed(Closed::CertificateRefused("another name".into()))
                    }
                    Joining::OnlyBy(_) | Joining::Unreachable => {
                        LinkInput::Closed(Closed::Unreachable("refused".into()))
                    }
                };
                self.say(event);
            }
            Effect::Close => self.connection = None,
            Effect::Ask => {
                self.questions += 1;
                if self.questions_break {
                    let lost = Closed::Lost("too long".into());
                    self.say(LinkInput::Closed(lost));
                } else if self.answers_questions {
                    let news = self.news();
                    self.say(LinkInput::Answered);
                    self.say(LinkInput::Pending { news });
                }
            }
            Effect::Exchange(generation, profile, call) => {
                match &call {
                    Call::Pull => self.pulls.push(self.now.monotonic),
                    Call::Confirm(confirmation) => self.confirms.push((
                        self.now.monotonic,
                        confirmation
                            .orders
                            .iter()
                            .map(|o| o.id.key().to_owned())
                            .collect(),
                    )),
                }
                self.exchanges.push((profile, confirmed(&call)));
                let answer = Input::Exchanged(generation, self.result(profile, call));
                if self.hold {
                    self.held.push(answer);
                } else {
                    self.put(answer);
                }
            }
            Effect::Abandon => self.held.clear(),
            Effect::Store(..) | Effect::StorePartial(_) if self.disk_hangs => {
                self.hanging.push(effect);
            }
            Effect::Store(generation, answer) => {
                let slow = std::mem::take(&mut self.slow_disk);
                self.forward(self.now.monotonic + slow);
                let stored = if self.disk_full {
                    Err(StoreFailure::DiskFull.into())
                } else {
                    Ok(self.store(&answer.page))
                };
                self.put(Input::Stored(generation, stored));
            }
            Effect::StorePartial(orders) => {
                self.partial
                    .extend(orders.iter().map(|o| o.id.key().to_owned()));
                if !self.loses_partial {
                    let stored = self.store(&Page {
                        orders: orders.clone(),
                        ..Page::default()
                    });
                    self.put(Input::PartialStored(orders, Ok(stored)));
                }
            }
            Effect::NoteConfirmed(_) => {}
            Effect::NoteRefused(_, id) => self.not_confirmable.push(id),
            Effect::RememberProfile(profile) => self.remembered = Some(profile),
            Effect::Report(report) => self.reports.push(report),
        }
    }

    fn news(&self) -> Vec<Order> {
        let mut news = self.pending.clone();
        news.retain(|o| self.disk.get(o.id.key()) != Some(&o.updated_at));
        news
    }

    fn result(&mut self, profile: Profile, call: Call) -> Result<Answer, ExchangeFailure> {
        let failed = |failure| ExchangeFailure {
            failure,
            no_network: false,
        };
        if let Some(failure) = &self.failure {
            return Err(failed(failure.clone()));
        }
        if let Some(failure) = self.instead.get(&profile) {
            return Err(failed(failure.clone()));
        }
        if let Call::Confirm(confirmation) = call {
            if let Some(failure) = &self.confirm_failure {
                return Err(failed(failure.clone()));
            }
            let ids: Vec<&str> = confirmation.orders.iter().map(|o| o.id.key()).collect();
            if self.poison.iter().any(|bad| ids.contains(&bad.as_str())) {
                return Err(failed(server_error()));
            }
            for id in &ids {
                assert!(
                    self.disk.contains_key(*id),
                    "{id} was confirmed and not stored"
                );
            }
            if !self.accepts_without_clearing {
                self.pending.retain(|o| !ids.contains(&o.id.key()));
            }
        }
        if self.restless {
            for order in &mut self.pending {
                order.updated_at = order.updated_at.map(|at| Timestamp(at.0 + 1));
            }
        }
        let orders: Vec<Order> = self.pending.iter().take(PAGE_LIMIT).cloned().collect();
        Ok(Answer {
            page: Arc::new(Page {
                order_elements: orders.len(),
                orders,
                ..Page::default()
            }),
            server_time: Some(self.now.wall),
            bytes: 0,
        })
    }

    fn store(&mut self, page: &Page) -> Stored {
        let orders = page.orders.iter().map(|order| {
            let held = self.disk.get(order.id.key()).copied();
            let change = match held {
                None => Change::New,
                Some(at) if at < order.updated_at => Change::Updated,
                Some(at) if at > order.updated_at => Change::Older,
                Some(_) => Change::Unchanged,
            };
            if change != Change::Older {
                self.disk
                    .insert(order.id.key().to_owned(), order.updated_at);
            }
            StoredOrder {
                id: order.id.clone(),
                shift_order_number: None,
                change,
                alert: (change == Change::New).then_some(AlertKind::NewOrder),
            }
        });
        Stored {
            orders: orders.collect(),
            ..Stored::default()
        }
    }
}

pub(super) fn order(id: &str, at: Timestamp) -> Order {
    let raw = format!(r#"{{"id":"{id}"}}"#);
    let mut order = Order::parse(&raw).unwrap();
    order.created_at = Some(at);
    order.updated_at = Some(at);
    assert_eq!(order.id, Id::from_token(&format!("\"{id}\"")).unwrap());
    order
}

fn confirmed(call: &Call) -> Option<usize> {
    match call {
        Call::Pull => None,
        Call::Confirm(confirmation) => Some(confirmation.len()),
    }
}

pub(super) fn server_error() -> HttpFailure {
    status(500)
}

pub(super) fn status(status: u16) -> HttpFailure {
    HttpFailure::Status {
        status,
        reason: "SYNC_ERROR".into(),
        retry_after: None,
        well_formed: true,
    }
}

pub(super) fn key_refused() -> HttpFailure {
    HttpFailure::KeyRefused {
        status: 401,
        missing: false,
    }
}

pub(super) const fn order_kind() -> ElementKind {
    ElementKind::Order
}
