//! What HTTP and the socket share: the orders, the keys, who is connected, and how something new is announced.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use campana_contract::event::{CHANGES_PENDING, NAMESPACE};
use governor::clock::MonotonicClock;
use serde_json::Value;
use socketioxide::BroadcastError;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::clients::{Clients, ConnectedClient};
use crate::confirmation::Confirmation;
use crate::intake::{self, Change, NewOrder};
use crate::keys::{Keys, Shop};
use crate::metrics::{Metrics, Way};
use crate::redis::{Carrier, Redis};
use crate::samples;
use crate::socket::SocketIo;
use crate::store::{News, Page, Store, StoreError};
use crate::wrong_keys::WrongKeys;

/// Members of an order that the answer to `sync:orders` leaves out.
const NOT_IN_ROWS: [&str; 4] = ["customer", "orderItems", "deliveryInfo", "payments"];

/// Why a key was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyRefused {
    #[error("API key required for this operation")]
    Missing,
    #[error("Invalid API key")]
    Wrong,
    #[error("Too many wrong API keys")]
    TooMany(Duration),
}

/// The running backend.
pub(crate) struct Shops {
    keys: Keys,
    wrong_keys: WrongKeys,
    store: Store,
    io: SocketIo,
    carrier: Carrier,
    pub(crate) clients: Clients,
    pub(crate) metrics: Metrics,
    /// What was new when it was last looked for without Redis.
    told_here: Mutex<HashSet<News>>,
    /// One identifier that cannot be confirmed makes the whole call fail, as it does on deployed servers.
    imitate_deployed: bool,
}

impl std::fmt::Debug for Shops {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shops").finish_non_exhaustive()
    }
}

impl Shops {
    pub(crate) fn new(
        keys: Keys,
        store: Store,
        io: SocketIo,
        carrier: Carrier,
        imitate_deployed: bool,
    ) -> Self {
        Self {
            keys,
            wrong_keys: WrongKeys::new(MonotonicClock),
            store,
            io,
            carrier,
            clients: Clients::new(Uuid::new_v4().to_string()),
            metrics: Metrics::new(),
            told_here: Mutex::default(),
            imitate_deployed,
        }
    }

    pub(crate) fn io(&self) -> &SocketIo {
        &self.io
    }

    /// The first shop; there is always one.
    pub(crate) fn first(&self) -> Option<Shop> {
        self.keys.first().cloned()
    }

    pub(crate) fn redis(&self) -> Option<&Redis> {
        self.carrier.redis()
    }

    /// The shop that a key opens. Wrong ones are counted by the address from which they come.
    pub(crate) fn admit(
        &self,
        key: Option<&str>,
        from: IpAddr,
        way: Way,
    ) -> Result<Shop, KeyRefused> {
        let key = key
            .filter(|key| !key.is_empty())
            .ok_or(KeyRefused::Missing)?;
        if let Some(shop) = self.keys.shop_of(key) {
            return Ok(shop.clone());
        }
        self.metrics.wrong_key(way);
        match self.wrong_keys.came_from(from) {
            Ok(()) => Err(KeyRefused::Wrong),
            Err(wait) => Err(KeyRefused::TooMany(wait)),
        }
    }

    /// Forgets the addresses whose wrong keys were long ago.
    pub(crate) fn forget_wrong_keys(&self) {
        self.wrong_keys.forget_old();
    }

    /// Tells a shop's clients, in every process, that something is pending.
    pub(crate) async fn announce(&self, shop: &Shop) {
        self.metrics.announcements.inc();
        let Some(namespace) = self.io.of(NAMESPACE) else {
            return;
        };
        // An array without elements is sent as no argument at all, as the official server does; `&()` would be a null.
        let told = namespace
            .to(shop.room())
            .emit(CHANGES_PENDING, &[(); 0])
            .await;
        match told {
            Ok(()) => {}
            Err(BroadcastError::Adapter(error)) => {
                tracing::debug!(%error, "the other processes were not told");
                self.announce_here(shop).await;
            }
            Err(error) => tracing::debug!(%error, "an announcement did not reach everybody"),
        }
    }

    /// Tells a shop's clients of this process that something is pending.
    async fn announce_here(&self, shop: &Shop) {
        if let Some(namespace) = self.io.of(NAMESPACE) {
            let here = namespace.to(shop.room()).local();
            if let Err(error) = here.emit(CHANGES_PENDING, &[(); 0]).await {
                tracing::debug!(%error, "an announcement did not reach everybody here");
            }
        }
    }

    /// Announces again what nobody has fetched and what is due, in whichever process asks first.
    pub(crate) async fn announce_due(&self, now: OffsetDateTime) {
        match self.store.take_due(now).await {
            Ok(shops) => {
                for shop in shops {
                    tracing::debug!(shop = shop.name(), "announcing again");
                    self.metrics.announced_again.inc();
                    self.announce(&shop).await;
                }
            }
            Err(error) => tracing::warn!(%error, "cannot tell what is to be announced again"),
        }
    }

    /// Announces what was made, changed or due again since then to the clients of this process, each version once: what stands in
    /// for Redis while it is away.
    pub(crate) async fn announce_news_here(&self, since: OffsetDateTime) {
        let news: HashSet<News> = match self.store.news_since(since).await {
            Ok(news) => news.into_iter().collect(),
            Err(error) => {
                tracing::warn!(%error, "cannot tell what is new");
                return;
            }
        };
        let shops: BTreeSet<Shop> = {
            let mut told = self
                .told_here
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let shops = news.difference(&told).map(|one| one.shop.clone()).collect();
            *told = news;
            shops
        };
        for shop in shops {
            self.announce_here(&shop).await;
        }
    }

    /// Takes orders and announces each; their ids.
    pub(crate) async fn add_orders(
        &self,
        shop: &Shop,
        orders: Vec<NewOrder>,
        now: OffsetDateTime,
    ) -> Result<Vec<String>, StoreError> {
        let ids: Vec<String> = orders.iter().map(|order| order.id.clone()).collect();
        self.store.add(shop.clone(), orders, now).await?;
        self.metrics
            .orders
            .inc_by(u64::try_from(ids.len()).unwrap_or_default());
        tracing::debug!(shop = shop.name(), orders = ids.len(), "orders taken");
        for _ in &ids {
            self.announce(shop).await;
        }
        Ok(ids)
    }

    /// Takes orders as a process does that dies before it announces them.
    #[cfg(test)]
    pub(crate) async fn add_unannounced(
        &self,
        shop: &Shop,
        orders: Vec<NewOrder>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.store.add(shop.clone(), orders, now).await
    }

    /// Makes believable orders and announces each; their ids.
    pub(crate) async fn make_sample_orders(
        &self,
        shop: &Shop,
        count: usize,
        now: OffsetDateTime,
    ) -> Result<Vec<String>, StoreError> {
        let orders: Value = {
            let mut random = rand::rng();
            (0..count)
                .map(|_| samples::order(&mut random, now))
                .collect()
        };
        // A sample without a fault, as a test holds.
        let orders = intake::new_orders(orders, now).unwrap_or_default();
        self.add_orders(shop, orders, now).await
    }

    /// Changes an order and announces it. `false` if there is no such order.
    pub(crate) async fn change_order(
        &self,
        shop: &Shop,
        id: String,
        change: Change,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let changed = self.store.edit(shop.clone(), id, change, now).await?;
        if changed == Some(true) {
            self.metrics.changes.inc();
            self.announce(shop).await;
        }
        Ok(changed.is_some())
    }

    /// Confirms, then answers the page that is pending.
    pub(crate) async fn confirm_and_pull(
        &self,
        shop: &Shop,
        confirmation: Confirmation,
    ) -> Result<Page, StoreError> {
        let named = confirmation.orders.len() + confirmation.customers.len();
        let named = named + confirmation.unreadable.len();
        let page = self
            .store
            .confirm_and_hand_out(shop.clone(), confirmation, self.imitate_deployed)
            .await?;
        let not_confirmed = page.not_confirmed.len();
        if not_confirmed > 0 {
            tracing::info!(shop = shop.name(), not_confirmed, "not confirmed");
        }
        let count = |number| u64::try_from(number).unwrap_or_default();
        self.metrics
            .confirmed
            .inc_by(count(named.saturating_sub(not_confirmed)));
        self.metrics.not_confirmed.inc_by(count(not_confirmed));
        Ok(page)
    }

    /// The pending orders as rows, oldest first.
    pub(crate) async fn rows(&self, shop: &Shop) -> Result<Vec<Value>, StoreError> {
        let mut orders = self.store.pending(shop.clone()).await?;
        for order in &mut orders {
            order.retain(|name, _| !NOT_IN_ROWS.contains(&name.as_str()));
            order.insert("deletedAt".into(), Value::Null);
        }
        Ok(orders.into_iter().map(Value::Object).collect())
    }

    /// How many orders are pending in all shops; fails when the orders cannot be read.
    pub(crate) async fn count_pending(&self) -> Result<i64, StoreError> {
        self.store.count_pending().await
    }

    /// A shop's clients, in every process.
    pub(crate) async fn clients_of(&self, shop: &Shop) -> Vec<ConnectedClient> {
        self.clients.of(shop, self.redis()).await
    }

    /// Ends every connection of the socket, so that its client knows at once and comes again.
    pub(crate) async fn close(&self) {
        if let Some(redis) = self.redis() {
            self.clients.say_goodbye(redis).await;
        }
        self.io.close().await;
    }

    /// Ends what is open in the database.
    pub(crate) async fn close_store(&self) {
        self.store.close().await;
    }
}
