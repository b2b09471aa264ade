//! Watches a history for properties that do not hold.

use std::collections::{HashMap, HashSet, VecDeque};

use campana_contract::{Confirmation, Order, Page};
use campana_sync::inbox::AlertKind;
use campana_sync::status::StatusKind;

use crate::property::{Property, Violation};

/// The heartbeat's and the question's longest wait: 60 s to the next question, 10 s to its answer,
/// and as much again as a slow disk and the network may take.
const DEAD_LINK: u64 = 80_000;
/// After the round that a hint came into, so long until the next.
const NEXT_PULL: u64 = 2_000;
const MINUTE: u64 = 60_000;
/// An answer's order rings within this: the engine waits for the disk for 10 s.
const HEARD_WITHIN: u64 = 12_000;
/// Connections that are opened in a minute by backoff alone: an attempt every 2 s at the most, each by both
/// carriers, and the short waits of the beginning.
const OPENINGS: usize = 66;
/// Likewise calls: an attempt every 2 s, and what a search for the profile and a confirmation add.
const CALLS: usize = 66;
/// What one event from outside may cause.
const EACH: usize = 4;

/// An order of one of the two shops.
pub(crate) type Name = (usize, String);

/// What is known from watching.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) violation: Option<Violation>,
    /// Versions on disk.
    pub(crate) committed: HashMap<Name, i64>,
    committed_customers: HashSet<Name>,
    /// The newest version that was received; the latest page's alone decide what may be confirmed.
    pub(crate) received: HashMap<Name, i64>,
    last_page: HashMap<Name, i64>,
    confirmed: HashSet<Name>,
    /// Orders that had to be let go: received while the disk failed, then taken by another program.
    pub(crate) excused: HashSet<Name>,
    alerted: HashSet<(Name, i64)>,
    /// Rang from memory in a life or with an address that ended before the disk took them.
    forgiven: HashSet<(Name, i64)>,
    /// The versions of the page that was just stored, or could not be.
    pub(crate) at_hand: HashMap<Name, i64>,
    /// The newest versions that were given to the disk.
    given: HashMap<Name, i64>,
    /// Versions that this life's engine was told to be on disk.
    known: HashMap<Name, i64>,
    /// Orders of answers that neither the disk nor the memory has told yet, and since when.
    unheard: HashMap<Name, u64>,
    /// Since when each page is being stored.
    storing: VecDeque<u64>,
    /// Told in this life.
    pub(crate) told: HashSet<Name>,
    pub(crate) status: Option<StatusKind>,
    in_sync_since: Option<u64>,
    owed: Option<u64>,
    idle_since: Option<u64>,
    opened: VecDeque<u64>,
    called: VecDeque<u64>,
    caused: VecDeque<u64>,
    handled_at: u64,
    handled: u32,
}

impl Checks {
    /// The first violation is the one that counts.
    pub(crate) fn fail(&mut self, property: Property, at: u64, what: impl Into<String>) {
        if self.violation.is_none() {
            self.violation = Some(Violation {
                property,
                what: what.into(),
                at,
            });
        }
    }

    /// Something came from outside that may cause connections and calls.
    pub(crate) fn cause(&mut self, now: u64) {
        self.caused.push_back(now);
    }

    /// The engine takes an input.
    pub(crate) fn handling(&mut self, now: u64) {
        if self.handled_at == now {
            self.handled += 1;
        } else {
            (self.handled_at, self.handled) = (now, 0);
        }
        if self.handled > 2_000 {
            self.fail(Property::NoSpinning, now, "no time passes any more");
        }
    }

    pub(crate) fn opened(&mut self, now: u64) {
        self.opened.push_back(now);
        let (count, allowed) = (
            within_a_minute(&mut self.opened, now),
            OPENINGS + EACH * within_a_minute(&mut self.caused, now),
        );
        if count > allowed {
            let what = format!("{count} connections opened within a minute");
            self.fail(Property::NoSpinning, now, what);
        }
    }

    /// A call is sent while `under_way` tells whether another one is.
    pub(crate) fn called(&mut self, now: u64, under_way: bool) {
        if under_way {
            self.fail(Property::OnePullAtATime, now, "a second call is sent");
        }
        self.owed = None;
        self.called.push_back(now);
        let (count, allowed) = (
            within_a_minute(&mut self.called, now),
            CALLS + EACH * within_a_minute(&mut self.caused, now),
        );
        if count > allowed {
            let what = format!("{count} calls sent within a minute");
            self.fail(Property::NoSpinning, now, what);
        }
    }

    /// A confirmation is sent.
    pub(crate) fn confirming(&mut self, now: u64, shop: usize, confirmation: &Confirmation) {
        for order in &confirmation.orders {
            let name = (shop, order.id.key().to_owned());
            let committed = self.committed.get(&name).copied();
            match (committed, self.last_page.get(&name).copied()) {
                (None, _) => {
                    let what = format!("{} is confirmed and not committed", name.1);
                    self.fail(Property::StoredBeforeConfirmed, now, what);
                }
                (Some(committed), Some(page)) if committed >= page => {}
                (Some(committed), page) => {
                    let what = format!(
                        "{} is confirmed: committed is {committed}, in the last page was {page:?}",
                        name.1
                    );
                    self.fail(Property::VersionConfirmed, now, what);
                }
            }
            self.confirmed.insert(name);
        }
        for customer in &confirmation.customers {
            let name = (shop, customer.key().to_owned());
            if !self.committed_customers.contains(&name) {
                let what = format!("customer {} is confirmed and not committed", name.1);
                self.fail(Property::StoredBeforeConfirmed, now, what);
            }
        }
    }

    /// An answer is about to reach the engine, which may ring it from memory at once.
    pub(crate) fn answered(&mut self, mono: u64, shop: usize, page: &Page) {
        self.at_hand.clear();
        for order in &page.orders {
            let (name, version) = ((shop, order.id.key().to_owned()), version_of(order));
            if !self.committed.contains_key(&name) && !self.told.contains(&name) {
                self.unheard.entry(name.clone()).or_insert(mono);
            }
            let newest = self.received.entry(name.clone()).or_insert(version);
            *newest = version.max(*newest);
            self.at_hand.insert(name, version);
        }
        self.writing(shop, &page.orders);
    }

    /// These are about to be given to the disk, or to ring from memory while it hangs.
    pub(crate) fn writing(&mut self, shop: usize, orders: &[Order]) {
        for order in orders {
            let (name, version) = ((shop, order.id.key().to_owned()), version_of(order));
            let newest = self.given.entry(name).or_insert(version);
            *newest = version.max(*newest);
        }
    }

    /// The disk answered: what it was given is told now, or never was new.
    pub(crate) fn disk_answered(&mut self) {
        self.unheard.clear();
    }

    /// A page is given to the disk.
    pub(crate) fn storing(&mut self, mono: u64) {
        if self.storing.is_empty() {
            // What came before was in an answer that the engine gave up.
            self.unheard.values_mut().for_each(|since| *since = mono);
        }
        self.storing.push_back(mono);
    }

    /// The oldest of them is stored, or is not.
    pub(crate) fn stored(&mut self) {
        self.storing.pop_front();
    }

    /// A complete page reached the engine.
    pub(crate) fn received(&mut self, shop: usize, page: &Page) {
        self.last_page.clear();
        for order in &page.orders {
            let name = (shop, order.id.key().to_owned());
            let version = version_of(order);
            self.last_page.insert(name.clone(), version);
            let newest = self.received.entry(name).or_insert(version);
            *newest = version.max(*newest);
        }
    }

    /// The inbox took this version of an order (`None`: it kept what it had).
    pub(crate) fn committed(&mut self, now: u64, shop: usize, order: &Order, news: bool) {
        let name = (shop, order.id.key().to_owned());
        let version = version_of(order);
        let before = self.committed.get(&name).copied();
        if news && before.is_some_and(|before| version < before) {
            let what = format!("{}: {version} over {before:?}", name.1);
            self.fail(Property::NewestVersionKept, now, what);
        }
        let newest = before.map_or(version, |before| before.max(version));
        let received = self.received.entry(name.clone()).or_insert(newest);
        *received = newest.max(*received);
        self.known.insert(name.clone(), newest);
        self.committed.insert(name, newest);
    }

    pub(crate) fn committed_customer(&mut self, shop: usize, id: &str) {
        self.committed_customers.insert((shop, id.to_owned()));
    }

    /// The shell is told to alert.
    pub(crate) fn alerted(
        &mut self,
        now: u64,
        shop: usize,
        id: &str,
        again: bool,
        kind: AlertKind,
    ) {
        let name = (shop, id.to_owned());
        self.told.insert(name.clone());
        self.unheard.remove(&name);
        if again {
            return;
        }
        let at_hand = self.at_hand.get(&name).or_else(|| self.given.get(&name));
        let version = at_hand.copied().unwrap_or_default();
        let holds = |by: &HashMap<Name, i64>| by.get(&name).is_some_and(|held| *held >= version);
        if holds(&self.committed) && !holds(&self.known) {
            // While the disk hangs, nobody can look up what an earlier life stored.
            return;
        }
        let alert = (name, version);
        if self.alerted.contains(&alert) && !self.forgiven.remove(&alert) {
            let what = format!("{id} alerts twice ({kind:?})");
            self.fail(Property::AlertedOnce, now, what);
        }
        self.alerted.insert(alert);
    }

    /// Another backend is asked: the orders of the earlier one that are being stored ring when the disk answers.
    pub(crate) fn address_changed(&mut self) {
        self.unheard.clear();
    }

    /// A life ended.
    pub(crate) fn died(&mut self) {
        // What rang from memory alone is forgotten.
        let unstored = self.alerted.iter().filter(|(name, version)| {
            self.committed
                .get(name)
                .is_none_or(|committed| committed < version)
        });
        self.forgiven.extend(unstored.cloned());
        self.known.clear();
        self.unheard.clear();
        self.given.clear();
        self.told.clear();
        self.storing.clear();
        self.status = None;
        self.in_sync_since = None;
        self.owed = None;
        self.idle_since = None;
    }

    /// The inbox as a new life finds it.
    pub(crate) fn found(&mut self, now: u64, found: &HashMap<Name, i64>) {
        let lost: Vec<String> = self
            .committed
            .iter()
            .filter(|(name, version)| found.get(name).is_none_or(|found| found < version))
            .map(|(name, _)| name.1.clone())
            .collect();
        if !lost.is_empty() {
            let what = format!("committed and gone: {}", lost.join(", "));
            self.fail(Property::SoundAfterDeath, now, what);
        }
        self.committed.clone_from(found);
        for (name, version) in found {
            let received = self.received.entry(name.clone()).or_insert(*version);
            *received = (*received).max(*version);
        }
    }

    /// The versions of the page that came last.
    pub(crate) fn last_page(&self) -> HashMap<Name, i64> {
        self.last_page.clone()
    }

    /// Another program took these: what the disk refused until now is out of reach.
    pub(crate) fn taken_by_others(&mut self, shop: usize, ids: Vec<String>) {
        for id in ids {
            let name = (shop, id);
            if !self.committed.contains_key(&name) {
                self.excused.insert(name);
            }
        }
    }

    pub(crate) fn status(&mut self, mono: u64, kind: StatusKind) {
        if kind == StatusKind::InSync {
            self.in_sync_since.get_or_insert(mono);
        } else {
            self.in_sync_since = None;
        }
        self.status = Some(kind);
    }

    /// Since when the status has been green without a break.
    pub(crate) fn in_sync_since(&self) -> Option<u64> {
        self.in_sync_since
    }

    /// A hint reached Campana.
    pub(crate) fn hinted(&mut self, mono: u64, busy: bool) {
        if busy {
            self.owed.get_or_insert(mono);
        }
    }

    /// Settings or a death change what is owed.
    pub(crate) fn nothing_owed(&mut self) {
        self.owed = None;
    }

    /// Looks at what must hold at any time. `mono` leaves sleep out; `dead_since`: no connection lives.
    pub(crate) fn look(&mut self, now: u64, mono: u64, busy: bool, dead_since: Option<u64>) {
        if let (Some(green), Some(dead)) = (self.in_sync_since, dead_since) {
            let since = green.max(dead);
            if mono.saturating_sub(since) > DEAD_LINK {
                let what = format!("green, and dead for {} s", (mono - since) / 1000);
                self.fail(Property::TruthfulStatus, now, what);
            }
        }
        let late = self
            .unheard
            .iter()
            .find(|(_, since)| mono.saturating_sub(**since) > HEARD_WITHIN);
        // An answer that the engine gave up, for sleep or new settings, comes again and never reached the disk.
        if let Some((name, _)) = late
            && !self.storing.is_empty()
        {
            let what = format!("{} came and is not heard", name.1);
            self.fail(Property::HeardInTime, now, what);
        }
        let is_green = self.in_sync_since.is_some();
        let hangs = |since: &u64| mono.saturating_sub(*since) > HEARD_WITHIN;
        if is_green && self.storing.front().is_some_and(hangs) {
            let what = "green, and the disk takes no page";
            self.fail(Property::HeardInTime, now, what);
        }
        if busy {
            self.idle_since = None;
            return;
        }
        let idle = *self.idle_since.get_or_insert(mono);
        let is_trouble = matches!(
            self.status,
            None | Some(
                StatusKind::Offline
                    | StatusKind::StorageFailed
                    | StatusKind::KeyMissing
                    | StatusKind::KeyRefused
                    | StatusKind::NotConfigured
            )
        );
        if self.owed.is_some() && !is_trouble && mono.saturating_sub(idle) > NEXT_PULL {
            let what = "a hint came during a pull, and no other pull followed";
            self.fail(Property::NoHintLost, now, what);
        }
    }
}

/// The time that a version carries, whatever became of the parsed member.
pub(crate) fn version_of(order: &Order) -> i64 {
    order
        .updated_at
        .or_else(|| Order::parse(&order.body).ok()?.updated_at)
        .map_or(0, |at| at.0)
}

fn within_a_minute(times: &mut VecDeque<u64>, now: u64) -> usize {
    while times.front().is_some_and(|at| now > *at + MINUTE) {
        times.pop_front();
    }
    times.len()
}
