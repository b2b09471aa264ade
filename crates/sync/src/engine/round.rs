//! One round: pages and confirmations until nothing new comes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use campana_contract::{Confirmation, ConfirmedOrder, ElementKind, Id, Page, Timestamp};

use crate::inbox::{Change, Stored};

/// A confirmation is sent only this long after its page arrived: it carries no version, and a later one
/// could clear the flag of a newer version that nobody has pulled.
const FRESH: Duration = Duration::from_secs(10);
/// Keeps the body far under the 100 kB that servers take.
const BATCH: usize = 400;
/// Calls from the first failure on.
const CALLS_AFTER_FAILURE: u32 = 16;
/// So often one element counts as news in a round: a body that differs each time would never end it.
const NEWS_AT_MOST: u32 = 3;
/// Pages that were too old to be confirmed once they were stored.
const STALE_PAGES: u32 = 3;

/// What an order or customer is called in a confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Order(ConfirmedOrder),
    Customer(Id),
}

/// Identity within one backend.
pub(super) type ItemKey = (ElementKind, String);

impl Item {
    pub(super) fn key(&self) -> ItemKey {
        match self {
            Self::Order(order) => (ElementKind::Order, order.id.key().to_owned()),
            Self::Customer(id) => (ElementKind::Customer, id.key().to_owned()),
        }
    }
}

/// The state of one round.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Somebody pressed *Sincronizar ahora* for it.
    pub(super) asked_for: bool,
    /// Orders that were not known before.
    pub(super) new_orders: usize,
    /// Anything new or newer came.
    pub(super) news: bool,
    /// Ids of all its orders.
    pub(super) brought: HashSet<String>,
    /// Pages that were stored.
    pub(super) pages: u32,
    /// When the request of the latest stored page was sent.
    pub(super) requested: Duration,
    received: Duration,
    full: bool,
    progress: bool,
    latest: Vec<Item>,
    /// `updatedAt` of the orders of the latest page.
    versions: HashMap<String, Option<Timestamp>>,
    /// Versions that were announced since its request was sent.
    announced: HashMap<String, Option<Timestamp>>,
    /// Orders of which the server handed out an older version than the inbox holds.
    older: HashSet<String>,
    older_before: HashSet<String>,
    confirmed: HashSet<ItemKey>,
    news_of: HashMap<ItemKey, u32>,
    in_flight: Vec<Item>,
    suspects: Vec<Vec<Item>>,
    lone: VecDeque<Item>,
    calls_left: Option<u32>,
    succeeded: bool,
    /// A call with empty lists was sent since the first confirmation failed.
    asked_empty: bool,
    /// The next call must be one with empty lists.
    needs_page: bool,
    stale: u32,
}

/// What the round wants next.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    Pull,
    Confirm(Confirmation),
    Done(End),
}

/// How a round ended.
#[derive(Debug, PartialEq)]
pub(super) enum End {
    /// Everything that the server has is here.
    Complete,
    /// The page is full and does not move on.
    Stuck,
    /// Confirmations fail, and so does an empty one: the server is at fault.
    ServerError,
}

impl Round {
    /// A round that begins now; `asked_for` by a person, `older_before` from the round before.
    pub(super) fn new(asked_for: bool, older_before: HashSet<String>) -> Self {
        Self {
            asked_for,
            older_before,
            ..Self::default()
        }
    }

    /// The orders that came in an older version than the inbox holds.
    pub(super) fn older(&self) -> &HashSet<String> {
        &self.older
    }

    /// A request for a page is sent: it will bring every version that was announced until now.
    pub(super) fn requesting(&mut self) {
        self.announced.clear();
    }

    /// `orders:pending` names versions while the round runs. Confirming an older one of them would clear
    /// the flag of a version that nobody has pulled.
    pub(super) fn announce(&mut self, id: &str, updated_at: Option<Timestamp>) {
        self.announced.insert(id.to_owned(), updated_at);
    }

    /// A page of this round is on disk. `refused` are confirmations that were set aside.
    pub(super) fn stored(
        &mut self,
        page: &Page,
        stored: &Stored,
        arrived: Arrived,
        refused: &mut HashMap<ItemKey, Duration>,
    ) {
        let earlier: HashSet<ItemKey> = self.latest.iter().map(Item::key).collect();
        let mut news = false;
        let mut seen = HashSet::new();
        self.latest.clear();
        self.versions = page
            .orders
            .iter()
            .map(|order| (order.id.key().to_owned(), order.updated_at))
            .collect();
        for order in &stored.orders {
            let item = Item::Order(ConfirmedOrder {
                id: order.id.clone(),
                shift_order_number: order.shift_order_number,
            });
            let key = item.key();
            self.brought.insert(key.1.clone());
            let is_news = matches!(order.change, Change::New | Change::Updated);
            news |= is_news && self.note_news(&key, refused);
            self.new_orders += usize::from(order.change == Change::New);
            if order.change == Change::Older {
                self.older.insert(key.1.clone());
                if !self.older_before.contains(&key.1) {
                    // A newer version was announced while this page was on its way, and must come first.
                    // If the next round brings the older one again, it is what the server has.
                    seen.insert(key);
                    continue;
                }
            }
            if seen.insert(key) {
                self.latest.push(item);
            }
        }
        for customer in &stored.customers {
            let item = Item::Customer(customer.id.clone());
            let key = item.key();
            news |= customer.is_news && self.note_news(&key, refused);
            if seen.insert(key) {
                self.latest.push(item);
            }
        }
        // Also a page that was pulled proves that calls with empty lists succeed.
        self.succeeded |= self.asked_empty;
        self.news |= news;
        self.pages += 1;
        self.requested = arrived.requested;
        self.received = arrived.received;
        self.full = page.is_full();
        // A server that accepts confirmations and clears nothing would otherwise be confirmed for ever.
        let vanished = earlier
            .iter()
            .any(|key| self.confirmed.contains(key) && !seen.contains(key));
        self.progress = news || vanished;
    }

    /// Something is new: what was said about its confirmation holds no longer. False when it has been
    /// news too often to go on for it.
    fn note_news(&mut self, key: &ItemKey, refused: &mut HashMap<ItemKey, Duration>) -> bool {
        let times = self.news_of.entry(key.clone()).or_default();
        *times += 1;
        let counts = *times <= NEWS_AT_MOST;
        if counts {
            self.confirmed.remove(key);
            refused.remove(key);
        }
        counts
    }

    /// The server accepted the confirmation in flight; what it accepted.
    pub(super) fn accepted(&mut self) -> Vec<Item> {
        self.succeeded = true;
        self.calls_left = self.calls_left.map(|calls| calls.saturating_sub(1));
        let items = std::mem::take(&mut self.in_flight);
        self.confirmed.extend(items.iter().map(Item::key));
        items
    }

    /// The server answered the confirmation in flight with a well-formed error. `needs_page`: the page
    /// that it would have brought is lost with it, so the next call confirms nothing.
    pub(super) fn rejected(&mut self, needs_page: bool) -> Option<End> {
        self.needs_page = needs_page;
        let calls = self.calls_left.get_or_insert(CALLS_AFTER_FAILURE);
        *calls = calls.saturating_sub(1);
        let mut items = std::mem::take(&mut self.in_flight);
        match items.len() {
            0 => return Some(End::ServerError),
            1 => self.lone.extend(items),
            count => {
                let second = items.split_off(count / 2);
                self.suspects.push(second);
                self.suspects.push(items);
            }
        }
        None
    }

    /// What to do next. `confirms`: Campana is the receiver.
    pub(super) fn next(
        &mut self,
        now: Duration,
        confirms: bool,
        refused: &HashMap<ItemKey, Duration>,
    ) -> Next {
        if !confirms {
            return if self.full && self.progress {
                Next::Pull
            } else {
                Next::Done(self.end())
            };
        }
        if std::mem::take(&mut self.needs_page) {
            self.asked_empty = true;
            return Next::Pull;
        }
        let must_prove = !self.lone.is_empty() && !self.succeeded && !self.asked_empty;
        let exhausted = match self.calls_left {
            Some(0) => true,
            Some(1) => must_prove,
            Some(_) | None => false,
        };
        let batch = if exhausted {
            Vec::new()
        } else {
            self.next_batch(refused)
        };
        if batch.is_empty() {
            if must_prove {
                self.asked_empty = true;
                return self.confirm(Vec::new());
            }
            return Next::Done(self.end());
        }
        if now > self.received + FRESH {
            self.suspects.push(batch);
            self.stale += 1;
            return if self.stale > STALE_PAGES {
                Next::Done(self.end())
            } else {
                Next::Pull
            };
        }
        self.confirm(batch)
    }

    /// The confirmations that failed alone although others succeeded: they are to be set aside.
    pub(super) fn set_aside(&mut self) -> Vec<Item> {
        if self.succeeded {
            std::mem::take(&mut self.lone).into()
        } else {
            Vec::new()
        }
    }

    fn next_batch(&mut self, refused: &HashMap<ItemKey, Duration>) -> Vec<Item> {
        while let Some(suspects) = self.suspects.pop() {
            let present: Vec<Item> = suspects
                .into_iter()
                .filter_map(|suspect| {
                    let key = suspect.key();
                    self.latest.iter().find(|item| item.key() == key).cloned()
                })
                .filter(|item| {
                    let key = item.key();
                    !self.confirmed.contains(&key) && !self.is_outdated(&key)
                })
                .collect();
            if !present.is_empty() {
                return present;
            }
        }
        let alone: HashSet<ItemKey> = self.lone.iter().map(Item::key).collect();
        self.latest
            .iter()
            .filter(|item| {
                let key = item.key();
                !self.confirmed.contains(&key)
                    && !refused.contains_key(&key)
                    && !alone.contains(&key)
                    && !self.is_outdated(&key)
            })
            .take(BATCH)
            .cloned()
            .collect()
    }

    /// A newer version than the latest page's was announced.
    fn is_outdated(&self, (kind, id): &ItemKey) -> bool {
        *kind == ElementKind::Order
            && match (self.announced.get(id), self.versions.get(id)) {
                (Some(Some(announced)), Some(Some(here))) => announced > here,
                _ => false,
            }
    }

    fn confirm(&mut self, items: Vec<Item>) -> Next {
        let mut confirmation = Confirmation::default();
        for item in &items {
            match item {
                Item::Order(order) => confirmation.orders.push(order.clone()),
                Item::Customer(id) => confirmation.customers.push(id.clone()),
            }
        }
        self.in_flight = items;
        Next::Confirm(confirmation)
    }

    fn end(&self) -> End {
        if self.full { End::Stuck } else { End::Complete }
    }
}

/// When a page was asked for, and when it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived {
    pub(super) requested: Duration,
    pub(super) received: Duration,
}
