//! The backend that the guide describes, real enough to run a shop's demo.
//!
//! Orders are kept in SQLite until a client confirms them; each new one is announced with
//! `changes:pending` to the whole `/sync` namespace, and one that was made while nobody was
//! connected is announced again for a while.

mod http;
mod refused;
mod samples;
mod shop;
mod socket;
mod store;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use shop::Shop;
use store::Store;

/// How long open connections may take to end when the backend stops.
const GOODBYE: Duration = Duration::from_secs(2);

/// How to run it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `CLOUD_API_KEY`.
    pub key: SecretString,
    /// The SQLite file; in memory when there is none.
    pub database: Option<PathBuf>,
}

/// A running backend. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Backend {
    address: SocketAddr,
    shop: Arc<Shop>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
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
}

impl Backend {
    /// Starts it on the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Self::start_with(options, &shop::AGAIN_AFTER).await
    }

    async fn start_with(options: Options, again_after: &[Duration]) -> Result<Self, StartError> {
        let database = options.database;
        let store = tokio::task::spawn_blocking(move || Store::open(database.as_deref()))
            .await
            .map_err(|error| StartError::Database(error.to_string()))?
            .map_err(|error| StartError::Database(error.to_string()))?;
        let cannot_listen = |error| StartError::Listen(options.listen, error);
        let listener = tokio::net::TcpListener::bind(options.listen)
            .await
            .map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let (layer, io) = socket::layer();
        let shop = Arc::new(Shop::new(store, options.key, io, again_after));
        socket::open_namespace(&shop);
        let router = http::router(Arc::clone(&shop)).layer(layer);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            let until_stopped = async {
                // A dropped sender means the same as a word from it.
                let _ = stopped.await;
            };
            let serving = axum::serve(listener, router).with_graceful_shutdown(until_stopped);
            if let Err(error) = serving.await {
                tracing::error!(%error, "the backend stopped serving");
            }
        });
        tracing::info!("WebSocket sync notification service initialized");
        Ok(Self {
            address,
            shop,
            stop,
            served,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes believable orders in Spanish, as `POST /orders?sample=N` does, and announces them; their ids.
    ///
    /// # Errors
    /// When the database fails; technical words.
    pub async fn make_sample_orders(&self, count: usize) -> Result<Vec<String>, String> {
        self.shop
            .make_sample_orders(count)
            .await
            .map_err(|error| error.to_string())
    }

    /// Stops it and waits until it has.
    pub async fn stop(self) {
        let Self {
            shop,
            stop,
            mut served,
            address: _,
        } = self;
        shop.close().await;
        // Nobody listens any more when it has ended by itself.
        let _ = stop.send(());
        if tokio::time::timeout(GOODBYE, &mut served).await.is_err() {
            served.abort();
        }
    }
}
