//! A shop's computer, its network, two backends and a person, in virtual time.

mod client;
mod end;
mod network;
mod steps;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;
use std::time::Duration;

use campana_contract::{Confirmation, PendingOrders, Timestamp};
use campana_sync::clock::Now;
use campana_sync::engine::{Engine, ExchangeFailure, Generation, Input, LinkInput};
use campana_sync::http::{Answer, Call, Profile};
use campana_sync::inbox::InboxError;
use campana_sync::link::Transport;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::checks::Checks;
use crate::disk::Disk;
use crate::history::{DiskFault, HintFault, History, HttpFault, JoinFault};
use crate::property::{Property, Violation};
use crate::sabotage::{Sabotage, Saboteur};
use crate::server::Server;

/// 2026-11-24T18:00:00Z: the true time when a history begins.
const NOON: i64 = 1_795_543_200_000;
/// No history is longer in events.
const EVENTS: u64 = 400_000;

/// What became of a history.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The first property that did not hold.
    pub violation: Option<Violation>,
    /// Orders that were made.
    pub orders: u64,
    /// Edits that this wire lost (contract, section 3): confirmed in an earlier version.
    pub lost_edits: u64,
    /// Deaths.
    pub deaths: u64,
    /// Virtual milliseconds.
    pub lasted: u64,
    /// What happened, line by line, if it was asked for.
    pub trace: Vec<String>,
}

/// How to run a history.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A planted bug.
    pub sabotage: Option<Sabotage>,
    /// Keep a trace.
    pub trace: bool,
}

/// Runs a history in a new folder below `place`.
///
/// # Errors
/// When the real disk below `place` fails.
pub fn run(history: &History, options: Options, place: &Path) -> Result<Outcome, InboxError> {
    let mut world = World::new(history, options, place)?;
    world.live()?;
    Ok(world.outcome())
}

struct World<'a> {
    history: &'a History,
    random: StdRng,
    now: u64,
    /// Milliseconds that the computer slept.
    slept: u64,
    awake_at: u64,
    /// What people added to the computer's clock.
    clock_set: i64,
    agenda: BTreeMap<(u64, u64), Happening>,
    entries: u64,
    servers: [Server; 2],
    faults: Faults,
    settings: Settings,
    client: Option<Client>,
    disk: Disk,
    jobs: VecDeque<Job>,
    disk_free_at: u64,
    connection: Option<Connection>,
    /// No connection lives since then, by the clock that stands still in sleep.
    dead_since: Option<u64>,
    call: Option<InFlight>,
    life: u64,
    checks: Checks,
    saboteur: Saboteur,
    /// What the inbox remembers of each shop.
    profiles: [Option<Profile>; 2],
    options: Options,
    outcome: Outcome,
    /// Orders that are not here although the status is green, and since when.
    missing: HashMap<crate::checks::Name, u64>,
    looked_at: u64,
}

/// The running program.
struct Client {
    engine: Engine,
    /// The tick that is due; earlier entries mean nothing any more.
    tick: u64,
    storing: bool,
}

/// What the owner chose.
#[derive(Clone, Copy)]
struct Settings {
    shop: usize,
    key_is_right: bool,
    confirms: bool,
}

/// What goes wrong, until when.
#[derive(Default)]
struct Faults {
    http: Option<(HttpFault, u64)>,
    joining: Option<(JoinFault, u64)>,
    hints: Option<(HintFault, u64)>,
    disk: Option<(DiskFault, u64)>,
    keys_refused: u64,
    /// When a refused key or `Retry-After` was last met.
    told_to_wait: Option<u64>,
    last: u64,
}

/// The connection as the network has it.
struct Connection {
    generation: Generation,
    transport: Transport,
    shop: usize,
    joined: bool,
    dead: bool,
}

/// A call that waits for its answer.
struct InFlight {
    generation: Generation,
}

/// Something that will happen.
enum Happening {
    Step(usize),
    Restart,
    /// A request reaches a server.
    Reaches {
        shop: usize,
        call: Call,
        reply: Option<Reply>,
    },
    Answered {
        life: u64,
        generation: Generation,
        result: Box<Result<Answer, ExchangeFailure>>,
    },
    /// The namespace decides about a connection.
    Joining {
        generation: Generation,
    },
    Says {
        life: u64,
        generation: Generation,
        event: Box<LinkInput>,
    },
    Pending {
        life: u64,
        generation: Generation,
        rows: PendingOrders,
    },
    DiskDone {
        life: u64,
    },
    Tick {
        life: u64,
        number: u64,
    },
}

/// How the server answers a request that reached it.
struct Reply {
    life: u64,
    generation: Generation,
    breaks_off: bool,
    delay: u64,
}

/// Work for the inbox, one after the other.
enum Job {
    Store(Generation, usize, Box<Answer>, bool),
    Partial(usize, Vec<campana_contract::Order>),
    Confirmed(usize, Confirmation),
    News(Generation, usize, PendingOrders),
}

impl<'a> World<'a> {
    fn new(history: &'a History, options: Options, place: &Path) -> Result<Self, InboxError> {
        let shop = history.shop;
        let other = crate::history::Shop {
            pending_at_first: 3,
            ..shop
        };
        let mut world = Self {
            history,
            random: StdRng::seed_from_u64(history.seed ^ 0x5eed),
            now: 0,
            slept: 0,
            awake_at: 0,
            clock_set: 0,
            agenda: BTreeMap::new(),
            entries: 0,
            servers: [Server::new(shop, 'a', NOON), Server::new(other, 'b', NOON)],
            faults: Faults::default(),
            settings: Settings {
                shop: 0,
                key_is_right: true,
                confirms: shop.confirms,
            },
            client: None,
            disk: Disk::new(place)?,
            jobs: VecDeque::new(),
            disk_free_at: 0,
            connection: None,
            dead_since: Some(0),
            call: None,
            life: 0,
            checks: Checks::default(),
            saboteur: Saboteur::new(options.sabotage),
            profiles: [None; 2],
            options,
            outcome: Outcome::default(),
            missing: HashMap::new(),
            looked_at: 0,
        };
        let mut at = 0;
        for (index, step) in history.steps.iter().enumerate() {
            at += step.after;
            world.at(at, Happening::Step(index));
            world.faults.last = world.faults.last.max(at);
        }
        Ok(world)
    }

    fn live(&mut self) -> Result<(), InboxError> {
        self.begin_life();
        let mut events = 0;
        loop {
            let until = if self.steps_are_over() {
                Some(self.faults.last)
            } else {
                None
            };
            match self.next(until) {
                Some(happening) => self.happen(happening)?,
                None => break,
            }
            events += 1;
            if events > EVENTS {
                self.fail(Property::NoSpinning, "it does not come to an end");
            }
            if self.checks.violation.is_some() {
                return Ok(());
            }
        }
        self.end()
    }

    /// Lets everything happen until then.
    fn pass_until(&mut self, until: u64) -> Result<(), InboxError> {
        while self.checks.violation.is_none() {
            let Some(happening) = self.next(Some(until)) else {
                self.now = self.now.max(until);
                return Ok(());
            };
            self.happen(happening)?;
        }
        Ok(())
    }

    fn steps_are_over(&self) -> bool {
        !self
            .agenda
            .values()
            .any(|happening| matches!(happening, Happening::Step(_) | Happening::Restart))
    }

    /// Takes what happens next, and goes on to its time; `None` if that is after `until`.
    fn next(&mut self, until: Option<u64>) -> Option<Happening> {
        loop {
            let entry = self.agenda.first_entry()?;
            let at = entry.key().0;
            if until.is_some_and(|until| at > until) {
                return None;
            }
            let happening = entry.remove();
            self.now = self.now.max(at);
            if self.now < self.awake_at && happening.needs_the_computer() {
                self.at(self.awake_at, happening);
                continue;
            }
            return Some(happening);
        }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), InboxError> {
        match happening {
            Happening::Step(index) => {
                if let Some(step) = self.history.steps.get(index) {
                    let event = step.event.clone();
                    self.note(|| format!("step: {event:?}"));
                    self.step(event)?;
                }
            }
            Happening::Restart => self.restart()?,
            Happening::Reaches { shop, call, reply } => self.reaches(shop, &call, reply),
            Happening::Answered {
                life,
                generation,
                result,
            } => self.answered(life, generation, *result),
            Happening::Joining { generation } => self.joining(generation),
            Happening::Says {
                life,
                generation,
                event,
            } => self.says(life, generation, *event),
            Happening::Pending {
                life,
                generation,
                rows,
            } => self.pending(life, generation, rows),
            Happening::DiskDone { life } => {
                if life == self.life {
                    match (self.fault(&self.faults.disk), self.faults.disk) {
                        (Some(DiskFault::Hangs), Some((_, until))) => {
                            self.at(until, Happening::DiskDone { life });
                        }
                        _ => self.disk_done(),
                    }
                }
            }
            Happening::Tick { life, number } => {
                let is_due = |client: &Client| client.tick == number;
                if life == self.life && self.client.as_ref().is_some_and(is_due) {
                    self.handle(Input::Tick);
                }
            }
        }
        if self.client.is_some() && self.now >= self.awake_at {
            let (now, mono, busy) = (self.now, self.mono(), self.is_busy());
            self.checks.look(now, mono, busy, self.dead_since);
            self.look_for_missing_orders();
        }
        Ok(())
    }

    fn at(&mut self, at: u64, happening: Happening) {
        self.entries += 1;
        self.agenda.insert((at, self.entries), happening);
    }

    /// Milliseconds that passed for the computer, sleep left out.
    fn mono(&self) -> u64 {
        self.now.max(self.awake_at).saturating_sub(self.slept)
    }

    fn true_time(&self) -> i64 {
        NOON + i64::try_from(self.now).unwrap_or(i64::MAX)
    }

    fn wall(&self) -> Timestamp {
        Timestamp(self.true_time() + self.clock_set)
    }

    fn clock(&self) -> Now {
        Now {
            monotonic: Duration::from_millis(self.mono() + 1_000_000),
            wall: self.wall(),
        }
    }

    fn is_busy(&self) -> bool {
        self.call.is_some() || self.client.as_ref().is_some_and(|client| client.storing)
    }

    fn latency(&mut self) -> u64 {
        self.random.random_range(3..60)
    }

    fn fault<T: Copy>(&self, fault: &Option<(T, u64)>) -> Option<T> {
        fault.and_then(|(fault, until)| (self.now < until).then_some(fault))
    }

    fn fail(&mut self, property: Property, what: impl Into<String>) {
        self.checks.fail(property, self.now, what);
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        if self.options.trace {
            let line = line();
            let at = self.now;
            let (minutes, seconds, rest) = (at / 60_000, at / 1000 % 60, at % 1000);
            self.outcome
                .trace
                .push(format!("{minutes:>4}:{seconds:02}.{rest:03} {line}"));
        }
    }

    fn source(shop: usize) -> String {
        format!("https://shop-{shop}.example")
    }

    fn shop_of(source: &str) -> usize {
        usize::from(source.contains("shop-1"))
    }

    /// What the inbox holds.
    fn inventory(&mut self) -> Result<HashMap<crate::checks::Name, Held>, InboxError> {
        let Some(inbox) = self.disk.inbox() else {
            return Ok(HashMap::new());
        };
        let orders = inbox.orders(Timestamp(i64::MIN))?;
        let committed = &self.checks.committed;
        Ok(orders
            .into_iter()
            .map(|order| {
                let name = (Self::shop_of(&order.source), order.id.key().to_owned());
                let held = Held {
                    // Of one that retention emptied only what was committed is known.
                    version: match &order.order {
                        Some(order) => crate::checks::version_of(order),
                        None => committed.get(&name).copied().unwrap_or(0),
                    },
                    attention: order.attention,
                    count: order.version,
                };
                (name, held)
            })
            .collect())
    }

    fn outcome(mut self) -> Outcome {
        self.outcome.violation = self.checks.violation;
        self.outcome.lasted = self.now;
        self.outcome.orders = self
            .servers
            .iter()
            .map(|server| u64::try_from(server.orders().len()).unwrap_or(u64::MAX))
            .sum();
        self.outcome
    }
}

/// An order as the inbox holds it.
#[derive(Clone, Copy, Debug)]
struct Held {
    version: i64,
    attention: campana_sync::inbox::Attention,
    count: i64,
}

impl Happening {
    fn needs_the_computer(&self) -> bool {
        match self {
            Self::Step(_) | Self::Reaches { .. } | Self::Joining { .. } => false,
            Self::Restart
            | Self::Answered { .. }
            | Self::Says { .. }
            | Self::Pending { .. }
            | Self::DiskDone { .. }
            | Self::Tick { .. } => true,
        }
    }
}
