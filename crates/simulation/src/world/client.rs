//! Campana's process: the engine, and what the driver does with its effects.

use std::time::Duration;

use campana_contract::{ElementKind, Order, Page, Timestamp};
use campana_sync::configuration::ProfileChoice;
use campana_sync::engine::{Effect, Engine, Input, LinkInput, NotStored, Setup, StoreFailure};
use campana_sync::inbox::{Arrival, Attention, Change, Stored, StoredOrder};
use campana_sync::report::Report;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{Client, Happening, Job, World};
use crate::history::DiskFault;
use crate::property::Property;
use crate::sabotage::Sabotage;

/// Retention's span in the simulated world, where days are short.
const KEPT: Duration = Duration::from_secs(10 * 60);

impl World<'_> {
    pub(super) fn begin_life(&mut self) {
        self.life += 1;
        self.checks.cause(self.now);
        self.client = Some(Client {
            engine: Engine::new(StdRng::seed_from_u64(self.history.seed ^ self.life)),
            tick: 0,
            storing: false,
        });
        self.tell_what_still_rings();
        self.configure();
    }

    fn tell_what_still_rings(&mut self) {
        let now = self.wall();
        let orders = self.disk.inbox().map(|inbox| inbox.orders(now));
        for order in orders.and_then(Result::ok).unwrap_or_default() {
            if let Attention::Ringing(kind) = order.attention {
                self.carry_out(
                    Effect::Report(Report::Alert {
                        order_id: order.id.key().to_owned(),
                        kind,
                        again: true,
                    }),
                    false,
                );
            }
        }
    }

    /// The settings as they are now reach the engine.
    pub(super) fn configure(&mut self) {
        self.checks.cause(self.now);
        self.checks.nothing_owed();
        let setup = Setup::Ready {
            confirms: self.settings.confirms,
            profile: ProfileChoice::Auto,
            remembered: self.profiles[self.settings.shop],
        };
        let source = Self::source(self.settings.shop).into();
        self.handle(Input::Configure(setup, source));
    }

    pub(super) fn handle(&mut self, input: Input) {
        let busy = self.is_busy();
        for input in self.saboteur.input(input, busy) {
            self.checks.handling(self.now);
            let clock = self.clock();
            let Some(client) = &mut self.client else {
                return;
            };
            for effect in client.engine.handle(input, clock) {
                self.carry_out(effect, busy);
            }
        }
        self.schedule_tick();
    }

    fn schedule_tick(&mut self) {
        let Some(client) = &mut self.client else {
            return;
        };
        client.tick += 1;
        let number = client.tick;
        let Some(wake) = client.engine.next_wake() else {
            return;
        };
        let wake = u64::try_from(wake.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        let at = wake.saturating_sub(1_000_000).saturating_add(self.slept);
        let life = self.life;
        self.at(at.max(self.now + 1), Happening::Tick { life, number });
    }

    fn carry_out(&mut self, effect: Effect, busy: bool) {
        let lie = self.saboteur.lie_about(&effect);
        for effect in self.saboteur.effect(effect, busy) {
            match effect {
                Effect::Open(generation, transport) => self.open(generation, transport),
                Effect::Close => self.lose_connection(),
                Effect::Ask => self.ask(),
                Effect::Exchange(generation, profile, call) => {
                    self.exchange(generation, profile, call);
                }
                Effect::RememberProfile(profile) => {
                    self.profiles[self.settings.shop] = Some(profile);
                }
                // For people to read only.
                Effect::NoteRefused(..) => {}
                Effect::Abandon => self.call = None,
                Effect::Store(generation, answer) => {
                    let shop = self.settings.shop;
                    let mono = self.mono();
                    self.checks.received(shop, &answer.page);
                    self.checks.storing(mono);
                    if let Some(client) = &mut self.client {
                        client.storing = true;
                    }
                    let lied = lie.is_some();
                    self.give(Job::Store(generation, shop, Box::new(answer), lied));
                    if let Some(stored) = &lie {
                        self.checks.at_hand = self.checks.last_page();
                        self.checks.disk_answered();
                        self.handle(Input::Stored(generation, Ok(stored.clone())));
                        self.checks.at_hand.clear();
                    }
                }
                Effect::StorePartial(orders) => {
                    let shop = self.settings.shop;
                    self.checks.writing(shop, &orders);
                    self.give(Job::Partial(shop, orders));
                }
                Effect::NoteConfirmed(confirmation) => {
                    self.give(Job::Confirmed(self.settings.shop, confirmation));
                }
                Effect::Report(report) => self.report(report),
            }
        }
    }

    fn report(&mut self, report: Report) {
        let now = self.now;
        match &report {
            Report::Status(status) => {
                let mono = self.mono();
                self.checks.status(mono, status.kind);
                self.note(|| format!("status: {:?} {:?}", status.kind, status.cause));
            }
            Report::Alert {
                order_id,
                kind,
                again,
            } => {
                let shop = usize::from(order_id.starts_with('b'));
                self.checks.alerted(now, shop, order_id, *again, *kind);
                self.note(|| format!("alert: {order_id} {kind:?} again={again}"));
            }
            Report::Unreadable {
                kind, hash: what, ..
            }
            | Report::ConfirmationRefused { kind, id: what, .. } => self.note(|| match kind {
                ElementKind::Order => format!("set aside: order {what}"),
                ElementKind::Customer => format!("set aside: customer {what}"),
            }),
            Report::Order { .. }
            | Report::Confirmed { .. }
            | Report::Hint { .. }
            | Report::Unstored(_)
            | Report::Damaged(_)
            | Report::Round { .. } => {}
        }
    }

    /// Work for the inbox; it is done when the disk has done what came before.
    pub(super) fn give(&mut self, job: Job) {
        let slow = match self.fault(&self.faults.disk) {
            Some(DiskFault::Slow { by }) => by,
            Some(
                DiskFault::Full | DiskFault::Busy | DiskFault::ErrorAfterCommit | DiskFault::Hangs,
            )
            | None => 0,
        };
        let takes = self.random.random_range(1..5) + slow;
        self.disk_free_at = self.disk_free_at.max(self.now) + takes;
        self.jobs.push_back(job);
        let life = self.life;
        self.at(self.disk_free_at, Happening::DiskDone { life });
    }

    pub(super) fn disk_done(&mut self) {
        let Some(job) = self.jobs.pop_front() else {
            return;
        };
        let fault = self.fault(&self.faults.disk);
        let failure = match fault {
            Some(DiskFault::Full) => Some(StoreFailure::DiskFull),
            Some(DiskFault::Busy) => Some(StoreFailure::Unwritable("busy".into())),
            Some(DiskFault::ErrorAfterCommit | DiskFault::Hangs | DiskFault::Slow { .. })
            | None => None,
        };
        let fails_late = matches!(fault, Some(DiskFault::ErrorAfterCommit));
        let late = |stored| {
            if fails_late {
                Err(StoreFailure::Unwritable("simulated".into()))
            } else {
                Ok(stored)
            }
        };
        match job {
            Job::Store(generation, shop, answer, lied) => {
                let page = answer.page;
                self.checks.stored();
                let result = match failure {
                    Some(failure) => Err(failure),
                    None => self.store(shop, &page, answer.server_time).and_then(late),
                };
                let result = result.map_err(|failure| self.not_stored(shop, &page.orders, failure));
                self.note(|| match &result {
                    Ok(stored) => format!("stored {generation}: {} orders", stored.orders.len()),
                    Err(failed) => format!("not stored {generation}: {:?}", failed.failure),
                });
                if let Some(client) = &mut self.client {
                    client.storing = self.jobs.iter().any(|job| matches!(job, Job::Store(..)));
                }
                if !lied {
                    self.take_at_hand(shop, &page.orders);
                    self.handle(Input::Stored(generation, result));
                    self.checks.at_hand.clear();
                }
            }
            Job::Partial(shop, orders) => {
                let result = match failure {
                    Some(failure) => Err(failure),
                    None => self.store_partial(shop, &orders).and_then(late),
                };
                let result = result.map_err(|failure| self.not_stored(shop, &orders, failure));
                self.take_at_hand(shop, &orders);
                self.handle(Input::PartialStored(orders, result));
                self.checks.at_hand.clear();
            }
            Job::Confirmed(shop, confirmation) => {
                let at = self.wall();
                if failure.is_none()
                    && let Some(inbox) = self.disk.inbox()
                {
                    // For people to read only, as in the driver.
                    let _ = inbox.confirmed(&Self::source(shop), &confirmation, at);
                }
            }
            Job::News(generation, shop, rows) => {
                let news = self.disk.inbox().map(|inbox| {
                    let news = inbox.news_among(&Self::source(shop), &rows);
                    news.map(|news| news.into_iter().cloned().collect())
                });
                let news: Vec<Order> = news.and_then(Result::ok).unwrap_or_default();
                if !news.is_empty() {
                    self.checks.cause(self.now);
                }
                self.note(|| format!("link {generation}: pending, {} unknown", news.len()));
                self.handle(Input::Link(generation, LinkInput::Pending { news }));
            }
        }
    }

    fn take_at_hand(&mut self, shop: usize, orders: &[Order]) {
        self.checks.disk_answered();
        self.checks.at_hand = orders
            .iter()
            .map(|order| {
                let name = (shop, order.id.key().to_owned());
                (name, crate::checks::version_of(order))
            })
            .collect();
    }

    fn not_stored(&mut self, shop: usize, orders: &[Order], failure: StoreFailure) -> NotStored {
        let versions: Vec<_> = orders
            .iter()
            .map(|order| (order.id.key().to_owned(), order.updated_at))
            .collect();
        let known = self
            .disk
            .inbox()
            .map(|inbox| inbox.known_among(&Self::source(shop), &versions));
        NotStored {
            failure,
            known: known.and_then(Result::ok).unwrap_or_default(),
        }
    }

    fn store(
        &mut self,
        shop: usize,
        page: &Page,
        server_time: Option<campana_contract::Timestamp>,
    ) -> Result<Stored, StoreFailure> {
        let arrival = Arrival {
            received_at: self.wall(),
            server_time,
        };
        if self.saboteur.is(Sabotage::LosePage) {
            return Ok(Stored::default());
        }
        let (kept, withheld): (Vec<Order>, Vec<Order>) =
            page.orders.iter().cloned().partition(|order| {
                let name = (shop, order.id.key().to_owned());
                let is_update = self
                    .checks
                    .committed
                    .get(&name)
                    .is_some_and(|committed| *committed < crate::checks::version_of(order));
                !(is_update && self.saboteur.is(Sabotage::ConfirmUnstoredVersion))
            });
        let page = &Page {
            orders: kept,
            ..page.clone()
        };
        let Some(inbox) = self.disk.inbox() else {
            return Err(StoreFailure::Unwritable("no inbox".into()));
        };
        let mut stored = inbox
            .store(&Self::source(shop), page, arrival)
            .map_err(|error| StoreFailure::Unwritable(error.to_string()))?;
        if let Err(error) = inbox.do_all_behind() {
            self.fail(
                Property::SoundAfterDeath,
                format!("behind the page: {error}"),
            );
            return Ok(stored);
        }
        if let Err(error) = inbox.back_up_if_due(arrival.received_at) {
            self.fail(Property::SoundAfterDeath, format!("no backup: {error}"));
        }
        self.retain(arrival.received_at);
        self.note_committed(shop, &page.orders, &stored);
        for customer in &stored.customers {
            self.checks.committed_customer(shop, customer.id.key());
        }
        stored
            .orders
            .extend(withheld.into_iter().map(|order| StoredOrder {
                id: order.id,
                shift_order_number: None,
                change: Change::Updated,
                alert: None,
            }));
        Ok(stored)
    }

    /// The owner keeps what was seen and confirmed for no longer than a simulated while.
    fn retain(&mut self, now: Timestamp) {
        let Some(inbox) = self.disk.inbox() else {
            return;
        };
        if let Err(error) = inbox.retain(KEPT, None, now) {
            self.fail(Property::SoundAfterDeath, format!("no retention: {error}"));
        }
    }

    fn store_partial(&mut self, shop: usize, orders: &[Order]) -> Result<Stored, StoreFailure> {
        let arrival = Arrival {
            received_at: self.wall(),
            server_time: None,
        };
        let Some(inbox) = self.disk.inbox() else {
            return Err(StoreFailure::Unwritable("no inbox".into()));
        };
        let stored = inbox
            .store_partial(&Self::source(shop), orders, arrival)
            .map_err(|error| StoreFailure::Unwritable(error.to_string()))?;
        self.note_committed(shop, orders, &stored);
        Ok(stored)
    }

    fn note_committed(&mut self, shop: usize, orders: &[Order], stored: &Stored) {
        let now = self.now;
        for done in &stored.orders {
            let is_news = match done.change {
                Change::New | Change::Updated => true,
                Change::Unchanged => false,
                Change::Older => continue,
            };
            if let Some(order) = orders.iter().find(|order| order.id == done.id) {
                self.checks.committed(now, shop, order, is_news);
            }
        }
    }
}
