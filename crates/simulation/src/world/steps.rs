//! What each step of a history does to the world.

use campana_sync::engine::{Input, LinkInput};
use campana_sync::inbox::{Arrival, Attention, Inbox, InboxError};
use campana_sync::link::{Closed, Transport};
use rand::RngExt as _;

use super::{Happening, Job, Settings, World};
use crate::history::{Event, Torn};
use crate::property::Property;

/// Within so long the link's own watch over the server's pings tells of a dead WebSocket.
const HEARTBEAT: std::ops::Range<u64> = 20_000..45_000;
/// The server gives up a client that sleeps longer.
const SERVER_GIVES_UP: u64 = 45_000;

impl World<'_> {
    pub(super) fn step(&mut self, event: Event) -> Result<(), InboxError> {
        let (now, time, shop) = (self.now, self.true_time(), self.settings.shop);
        match event {
            Event::Orders { count } => {
                for _ in 0..count {
                    self.servers[shop].place(time);
                    self.announce(shop);
                }
            }
            Event::Edit { order, matters } => {
                if self.servers[shop].edit(order, matters, time) {
                    self.announce(shop);
                }
            }
            Event::Cancel { order } => {
                if self.servers[shop].cancel(order, time) {
                    self.announce(shop);
                }
            }
            Event::OthersConfirm { count } => {
                let taken = self.servers[shop].others_confirm(count);
                self.checks.taken_by_others(shop, taken);
            }
            Event::BadElement => self.servers[shop].add_bad_element(),
            Event::Poison { order } => self.servers[shop].poison(order),
            Event::StalePage => self.servers[shop].answer_from_before(),
            Event::Http { fault, lasts } => self.faults.http = Some((fault, self.until(lasts))),
            Event::Joining { fault, lasts } => {
                self.faults.joining = Some((fault, self.until(lasts)));
            }
            Event::Hints { fault, lasts } => self.faults.hints = Some((fault, self.until(lasts))),
            Event::Disk { fault, lasts } => self.faults.disk = Some((fault, self.until(lasts))),
            Event::KeysRefused { lasts } => self.faults.keys_refused = self.until(lasts),
            Event::Drop => self.end_connection(Closed::Lost("simulated".into())),
            Event::Kick => self.end_connection(Closed::Kicked),
            Event::DieSilently => self.die_silently(),
            Event::IdleHint => self.send_hint(shop),
            Event::Crash { writing, away } => self.crash(writing, away)?,
            Event::Sleep { lasts } => {
                let awake_at = self.until(lasts).max(self.awake_at);
                self.slept += awake_at - now.max(self.awake_at);
                self.awake_at = awake_at;
                if lasts > SERVER_GIVES_UP {
                    self.die_silently();
                }
            }
            Event::ClockJump { by } => {
                self.clock_set += by;
                self.checks.cause(now);
            }
            Event::NetworkChanged => self.tell(Input::NetworkChanged),
            Event::SyncNow => self.tell(Input::SyncNow),
            Event::See { order } => self.see(order)?,
            Event::EnterKey { right } => self.set(Settings {
                key_is_right: right,
                ..self.settings
            }),
            Event::Receiver { campana } => self.set(Settings {
                confirms: campana,
                ..self.settings
            }),
            Event::Address { other } => self.set(Settings {
                shop: usize::from(other),
                ..self.settings
            }),
        }
        Ok(())
    }

    fn until(&mut self, lasts: u64) -> u64 {
        let until = self.now + lasts;
        self.faults.last = self.faults.last.max(until);
        until
    }

    fn end_connection(&mut self, how: Closed) {
        self.let_connection_die();
        self.say_later(LinkInput::Closed(how), 1);
    }

    fn die_silently(&mut self) {
        self.let_connection_die();
        let is_dead_websocket = self
            .connection
            .as_ref()
            .is_some_and(|c| c.dead && c.transport == Transport::WebSocket);
        if is_dead_websocket {
            let missed = LinkInput::Closed(Closed::Lost("missed heartbeat".into()));
            let delay = self.random.random_range(HEARTBEAT);
            self.say_later(missed, delay);
        }
    }

    /// While the computer sleeps, nobody does anything at it.
    fn tell(&mut self, input: Input) {
        if self.now >= self.awake_at {
            self.checks.cause(self.now);
            self.handle(input);
        }
    }

    fn set(&mut self, settings: Settings) {
        if self.now >= self.awake_at {
            if settings.shop != self.settings.shop {
                self.checks.address_changed();
            }
            self.settings = settings;
            self.configure();
        }
    }

    /// Somebody sees one of the orders that ring.
    fn see(&mut self, order: u32) -> Result<(), InboxError> {
        if self.now < self.awake_at {
            return Ok(());
        }
        let at = self.wall();
        let mut ringing: Vec<_> = self
            .inventory()?
            .into_iter()
            .filter(|(_, held)| matches!(held.attention, Attention::Ringing(_)))
            .collect();
        ringing.sort_by(|(one, _), (other, _)| one.cmp(other));
        let chosen = usize::try_from(order)
            .ok()
            .and_then(|order| order.checked_rem(ringing.len()))
            .and_then(|index| ringing.get(index));
        if let (Some(((shop, id), held)), Some(inbox)) = (chosen, self.disk.inbox()) {
            inbox.mark_seen(&Self::source(*shop), id, held.count, at)?;
        }
        Ok(())
    }

    fn crash(&mut self, torn: Torn, away: u64) -> Result<(), InboxError> {
        if self.client.is_none() || self.now < self.awake_at {
            return Ok(());
        }
        self.client = None;
        self.outcome.deaths += 1;
        self.lose_connection();
        self.call = None;
        let received_at = self.wall();
        let writing = match self.jobs.pop_front() {
            Some(Job::Store(_, shop, answer, _)) => {
                let arrival = Arrival {
                    received_at,
                    server_time: answer.server_time,
                };
                Some(move |inbox: &mut Inbox| {
                    // It is torn: nobody is told how it went.
                    let _ = inbox.store(&Self::source(shop), &answer.page, arrival);
                    let _ = inbox.go_on_behind();
                })
            }
            Some(Job::Partial(..) | Job::Confirmed(..) | Job::News(..)) | None => None,
        };
        self.jobs.clear();
        self.disk.die(torn, writing)?;
        self.life += 1;
        self.disk_free_at = self.now;
        self.checks.died();
        let at = self.until(away).max(self.now + 1);
        self.at(at, Happening::Restart);
        Ok(())
    }

    pub(super) fn restart(&mut self) -> Result<(), InboxError> {
        if !self.disk.start()? {
            self.fail(Property::SoundAfterDeath, "the inbox is damaged");
            return Ok(());
        }
        let found = self
            .inventory()?
            .into_iter()
            .map(|(name, held)| (name, held.version))
            .collect();
        self.checks.found(self.now, &found);
        self.begin_life();
        Ok(())
    }
}
