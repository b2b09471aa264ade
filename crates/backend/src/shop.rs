//! What HTTP and the socket share: the orders, the key, and how a new order is announced.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use campana_contract::event::{CHANGES_PENDING, NAMESPACE};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use socketioxide::SocketIo;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::refused::Refused;
use crate::samples;
use crate::store::{Confirmed, Store};

/// The pauses before an order that was made while nobody was connected is announced again.
pub(crate) const AGAIN_AFTER: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(60),
    Duration::from_secs(2 * 60),
    Duration::from_secs(3 * 60),
    Duration::from_secs(5 * 60),
];

/// The running shop.
#[derive(Debug)]
pub(crate) struct Shop {
    store: Arc<Mutex<Store>>,
    key: SecretString,
    io: SocketIo,
    again_after: Vec<Duration>,
}

impl Shop {
    /// `again_after`: the pauses before what nobody heard is announced again.
    pub(crate) fn new(
        store: Store,
        key: SecretString,
        io: SocketIo,
        again_after: &[Duration],
    ) -> Self {
        Self {
            again_after: again_after.to_vec(),
            store: Arc::new(Mutex::new(store)),
            key,
            io,
        }
    }

    pub(crate) fn io(&self) -> &SocketIo {
        &self.io
    }

    /// Compares in a time that tells nothing of the key but its length.
    pub(crate) fn key_is_right(&self, key: &str) -> bool {
        let expected = self.key.expose_secret().as_bytes();
        expected.ct_eq(key.as_bytes()).into()
    }

    /// Works on the database beside the runtime's own threads.
    async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, crate::store::StoreError> + Send + 'static,
    ) -> Result<T, Refused> {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || {
            // A transaction that a panic left open was rolled back: the store itself is sound.
            work(&mut store.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await?
        .map_err(Refused::from)
    }

    /// How many clients are in the namespace.
    pub(crate) fn connected_clients(&self) -> usize {
        self.io
            .of(NAMESPACE)
            .map_or(0, |namespace| namespace.sockets().len())
    }

    /// Tells everybody in the namespace that something is pending.
    async fn announce(&self) {
        let Some(namespace) = self.io.of(NAMESPACE) else {
            return;
        };
        // An array without elements is sent as no argument at all, as the official server does; `&()` would be a null.
        if let Err(error) = namespace.emit(CHANGES_PENDING, &[(); 0]).await {
            tracing::debug!(%error, "an announcement did not reach everybody");
        }
    }

    /// Takes orders and announces each; their ids.
    pub(crate) async fn add_orders(
        self: &Arc<Self>,
        orders: Vec<Value>,
    ) -> Result<Vec<String>, Refused> {
        let now = OffsetDateTime::now_utc();
        let ids = self.with_store(move |store| store.add(orders, now)).await?;
        let unheard = self.connected_clients() == 0;
        for _ in &ids {
            self.announce().await;
        }
        if unheard && !ids.is_empty() {
            self.announce_again(ids.clone());
        }
        Ok(ids)
    }

    /// Announces orders that nobody heard of, a few times more while they are pending.
    fn announce_again(self: &Arc<Self>, ids: Vec<String>) {
        // Weak: a backend that stops must not wait for the next announcement to free its database.
        let shop = Arc::downgrade(self);
        let pauses = self.again_after.clone();
        tokio::spawn(async move {
            for pause in pauses {
                tokio::time::sleep(pause).await;
                let Some(shop) = shop.upgrade() else {
                    return;
                };
                let of_these = ids.clone();
                match shop
                    .with_store(move |store| store.any_pending(&of_these))
                    .await
                {
                    Ok(true) => shop.announce().await,
                    Ok(false) => return,
                    Err(error) => tracing::warn!(%error, "cannot tell whether orders are pending"),
                }
            }
        });
    }

    /// Makes believable orders and announces each; their ids.
    pub(crate) async fn make_sample_orders(
        self: &Arc<Self>,
        count: usize,
    ) -> Result<Vec<String>, Refused> {
        let now = OffsetDateTime::now_utc();
        let orders = {
            let mut random = rand::rng();
            (0..count)
                .map(|_| samples::order(&mut random, now))
                .collect()
        };
        self.add_orders(orders).await
    }

    /// Changes an order and announces it. `false` if there is no such order.
    pub(crate) async fn edit_order(
        &self,
        id: String,
        change: Map<String, Value>,
    ) -> Result<bool, Refused> {
        let now = OffsetDateTime::now_utc();
        let found = self
            .with_store(move |store| store.edit(&id, change, now))
            .await?;
        if found {
            self.announce().await;
        }
        Ok(found)
    }

    /// Confirms, then answers the page that is pending.
    pub(crate) async fn confirm_and_pull(&self, confirmed: Confirmed) -> Result<String, Refused> {
        self.with_store(move |store| {
            store.confirm(&confirmed)?;
            store.page()
        })
        .await
    }

    /// The pending orders as rows.
    pub(crate) async fn rows(&self) -> Result<Vec<Value>, Refused> {
        self.with_store(|store| store.rows()).await
    }

    /// Fails when the orders cannot be read.
    pub(crate) async fn check(&self) -> Result<(), Refused> {
        self.with_store(|store| store.check()).await
    }

    /// Ends every connection of the socket.
    pub(crate) async fn close(&self) {
        self.io.close().await;
    }
}
