//! The demo: a backend inside the process, sample orders now and then, everything in a temporary
//! folder, no keyring.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use campana_backend::{Backend, Options, StartError};
use campana_shell::controller::{Command, Input};
use campana_sync::address::Address;
use campana_sync::configuration::Receiver;
use campana_sync::key_store::{KeyStore, KeyStoreError, MemoryKeyStore};
use campana_sync::places::Places;
use campana_sync::settings::{Loaded, Settings};
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

/// From one sample order to the next.
const PACE: Duration = Duration::from_secs(20);
/// With so many unseen no more are made: whoever looks has enough to look at.
const ENOUGH: u32 = 12;

/// A running demo; its folder goes with it.
#[derive(Debug)]
pub struct Demo {
    backend: Backend,
    folder: TempDir,
    key: SecretString,
}

/// The demo does not start; technical words.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No temporary folder.
    #[error("no temporary folder: {0}")]
    Folder(#[from] std::io::Error),
    /// No backend.
    #[error(transparent)]
    Backend(#[from] StartError),
}

impl Demo {
    /// Starts the backend on a free port of this computer alone, with a random key.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn start() -> Result<Self, DemoError> {
        let folder = tempfile::Builder::new().prefix("campana-demo-").tempdir()?;
        let key = SecretString::from(format!("{:032x}", rand::random::<u128>()));
        let options = Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            key: key.clone(),
            database: None,
        };
        let backend = Backend::start(options).await?;
        Ok(Self {
            backend,
            folder,
            key,
        })
    }

    /// The temporary folders.
    pub fn places(&self) -> Places {
        Places {
            data: self.folder.path().join("data"),
            config: self.folder.path().join("config"),
        }
    }

    /// Settings that point at the demo's backend.
    pub fn settings(&self) -> Loaded {
        Loaded {
            settings: Settings {
                address: Some(self.address()),
                receiver: Some(Receiver::Campana),
                ..Settings::default()
            },
            ..Loaded::default()
        }
    }

    /// Its keys: in memory, the backend's own already there.
    ///
    /// # Errors
    /// Never; a store in memory does what is asked.
    pub async fn key_store(&self) -> Result<MemoryKeyStore, KeyStoreError> {
        let address = Address::parse(&self.address());
        let source = address.map_or_else(|_| self.address(), |address| address.source());
        let keys = MemoryKeyStore::default();
        keys.set(&source, &self.key).await?;
        Ok(keys)
    }

    fn address(&self) -> String {
        format!("http://{}", self.backend.address())
    }

    /// Makes an order at once and another one every now and then, as long as the app lives.
    pub async fn make_orders(self, inputs: UnboundedSender<Input>) {
        let mut ticks = tokio::time::interval(PACE);
        loop {
            ticks.tick().await;
            let (reply, answer) = oneshot::channel();
            let asked = inputs.send(Input::Command(Command::View(None, reply)));
            let (Ok(()), Ok(view)) = (asked, answer.await) else {
                return;
            };
            if view.unseen >= ENOUGH {
                continue;
            }
            if let Err(reason) = self.backend.make_sample_orders(1).await {
                tracing::warn!(%reason, "no sample order");
            }
        }
    }
}
