//! The backend that the guide describes: one process for a shop, or several on one Redis for many.
//!
//! Orders are kept until a client confirms them. Each new one is announced with `changes:pending` to its shop's
//! clients in the `/sync` namespace, and what nobody has fetched is announced again, across restarts and processes.

mod checks;
mod clients;
mod configuration;
mod confirmation;
mod http;
mod intake;
mod keys;
mod metrics;
mod redis;
mod refused;
mod samples;
mod shops;
mod socket;
mod store;
#[cfg(test)]
mod tests;
mod upkeep;
mod wrong_keys;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

pub use configuration::{Configuration, Options};
pub use keys::{Keys, KeysError, Shop};
pub use redis::RedisPlace;
pub use store::Database;

use redis::{Carrier, Redis};
use shops::Shops;
use store::Store;

/// How long open connections may take to end when the backend stops.
const GOODBYE: Duration = Duration::from_secs(2);

/// A running backend. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Backend {
    address: SocketAddr,
    shops: Arc<Shops>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    upkeep: JoinSet<()>,
}

/// Why it did not start; technical words.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The database cannot be opened.
    #[error("the database cannot be used: {0}")]
    Database(String),
    /// Redis does not answer or does not let us in.
    #[error("Redis cannot be used: {0}")]
    Redis(String),
    /// There is no key to take.
    #[error("there is no API key")]
    NoKey,
}

impl Backend {
    /// Starts it on the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(configuration: impl Into<Configuration>) -> Result<Self, StartError> {
        let Configuration {
            listen,
            keys,
            database,
            redis,
            imitate_deployed,
        } = configuration.into();
        if keys.is_empty() {
            return Err(StartError::NoKey);
        }
        let store = Store::open(database)
            .await
            .map_err(|error| StartError::Database(error.to_string()))?;
        let unreached = |error: String| StartError::Redis(error);
        let carrier = match &redis {
            None => Carrier::Alone,
            Some(place) => Redis::connect(place)
                .await
                .map(Carrier::Redis)
                .map_err(|error| unreached(error.to_string()))?,
        };
        let cannot_listen = |error| StartError::Listen(listen, error);
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let (layer, io) = socket::layer(carrier.clone());
        let shops = Arc::new(Shops::new(keys, store, io, carrier, imitate_deployed));
        socket::open_namespace(&shops)
            .await
            .map_err(|error| unreached(error.to_string()))?;
        let router = http::router(Arc::clone(&shops)).layer(layer);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            let until_stopped = async {
                // A dropped sender means the same as a word from it.
                let _ = stopped.await;
            };
            let serving = axum::serve(listener, service).with_graceful_shutdown(until_stopped);
            if let Err(error) = serving.await {
                tracing::error!(%error, "the backend stopped serving");
            }
        });
        let upkeep = upkeep::start(&shops);
        tracing::info!("WebSocket sync notification service initialized");
        Ok(Self {
            address,
            shops,
            stop,
            served,
            upkeep,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes believable orders in Spanish for the first shop, as `POST /orders?sample=N` does, and announces them;
    /// their ids.
    ///
    /// # Errors
    /// When the database fails; technical words.
    pub async fn make_sample_orders(&self, count: usize) -> Result<Vec<String>, String> {
        let shop = self.shops.first().ok_or("there is no shop")?;
        self.shops
            .make_sample_orders(&shop, count, OffsetDateTime::now_utc())
            .await
            .map_err(|error| error.to_string())
    }

    /// Announces what nobody has fetched and what is due at that moment, as happens every few seconds by itself.
    pub async fn announce_due(&self, now: OffsetDateTime) {
        self.shops.announce_due(now).await;
    }

    /// Stops it and waits until it has: clients are told at once, calls under way are answered.
    pub async fn stop(self) {
        let Self {
            shops,
            stop,
            mut served,
            mut upkeep,
            address: _,
        } = self;
        upkeep.shutdown().await;
        // First: whom the sockets' end makes come again must not find this process. Nobody listens to this any more
        // when the server has ended by itself.
        let _ = stop.send(());
        shops.close().await;
        if tokio::time::timeout(GOODBYE, &mut served).await.is_err() {
            served.abort();
        }
        shops.close_store().await;
    }
}
