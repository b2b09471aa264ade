//! The guide's troubleshooting, carried out: each thing that must be right between this computer and
//! the backend, in an order in which the first that is wrong explains the rest.
//!
//! Nothing is ever confirmed, and the inbox's orders are not touched. Every step is bounded in time,
//! whatever the server does, and so is the whole. Campana may be running meanwhile.

mod check;
mod disk;
mod finding;
mod handshake;
mod link;
mod network;
mod pull;
mod reach;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use campana_contract::Timestamp;
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

pub use check::{Check, Code, Fault, Outcome};
pub use finding::Finding;
pub use network::{Network, SystemNetwork};

use crate::address::{Address, AddressError};
use crate::certificate_authority::CertificateAuthority;
use crate::clock::Clock;
use crate::configuration::ProfileChoice;
use crate::http::{Exchange, HttpFailure};
use crate::key_store::KeyStoreError;
use crate::link::Connector;

/// For everything together, from when the key is there.
const AT_MOST: Duration = Duration::from_secs(120);
/// Clocks that are less apart agree: certificates and the age of orders come out right all the same.
const CLOCKS_AGREE: Duration = Duration::from_secs(120);

/// What the checks are carried out with.
#[derive(Clone)]
pub struct Doctor {
    /// Pulls.
    pub exchange: Arc<dyn Exchange>,
    /// Joins the namespace.
    pub connector: Arc<dyn Connector>,
    /// Names, ports, and what answers there.
    pub network: Arc<dyn Network>,
    /// Compared with the server's.
    pub clock: Arc<dyn Clock>,
    /// The bytes that are free at a path.
    pub free_space: fn(&Path) -> io::Result<u64>,
}

/// What is examined.
pub struct Subject {
    /// The address as it was given, read.
    pub address: Result<Address, AddressError>,
    /// Looks for the key of that address; not awaited when there is no address.
    pub key: BoxFuture<'static, Result<FoundKey, NoKey>>,
    /// How the backend spells pull and confirm.
    pub profile: ProfileChoice,
    /// Whom to trust besides the system's authorities.
    pub certificate_authority: Option<CertificateAuthority>,
    /// The data folder, which need not exist yet.
    pub data: PathBuf,
}

/// A key, and where it was.
#[derive(Clone, Debug)]
pub struct FoundKey {
    /// The key.
    pub key: SecretString,
    /// Where it was.
    pub place: KeyPlace,
}

/// Where a key was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// The system's keyring.
    Keyring,
    /// `CAMPANA_API_KEY`.
    Environment,
    /// In memory until Campana ends, on a system without a keyring.
    Memory,
    /// Just typed, not yet saved.
    Typed,
}

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKey {
    /// Nobody entered one.
    Missing,
    /// The keyring did not do it.
    Keyring(KeyStoreError),
}

impl Doctor {
    /// With this computer's network and clock.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        exchange: Arc<dyn Exchange>,
        connector: Arc<dyn Connector>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, HttpFailure> {
        Ok(Self {
            exchange,
            connector,
            network: Arc::new(SystemNetwork::new()?),
            clock,
            free_space: |path| fs4::available_space(path),
        })
    }

    /// Carries out every check of [`Check::ALL`] in its order, each told as soon as it is known; those
    /// that an earlier failure makes pointless are told as skipped.
    pub async fn examine(&self, subject: Subject, tell: impl FnMut(Finding) + Send) {
        let mut examination = Examination {
            doctor: self,
            tell,
            key: None,
            authority: subject.certificate_authority.clone(),
            begun: Instant::now(),
            end: Instant::now() + AT_MOST,
            server_time: None,
        };
        examination.run(subject).await;
    }
}

/// One run through the checks.
struct Examination<'a, T> {
    doctor: &'a Doctor,
    tell: T,
    key: Option<SecretString>,
    authority: Option<CertificateAuthority>,
    /// When the present check began.
    begun: Instant,
    /// When all must be over.
    end: Instant,
    /// The server's clock, and this computer's when that was told.
    server_time: Option<(Timestamp, Timestamp)>,
}

/// A check failed; it was told, and is why later ones are skipped.
struct Stopped(Check);

impl<T: FnMut(Finding) + Send> Examination<'_, T> {
    async fn run(&mut self, subject: Subject) {
        let address = self.address(subject.address);
        let key = match &address {
            Ok(_) => self.keyring(subject.key).await,
            Err(Stopped(because)) => {
                self.skip(&[Check::Keyring], *because);
                None
            }
        };
        self.key.clone_from(&key);
        self.end = Instant::now() + AT_MOST;
        self.disk(&subject.data).await;
        match address {
            Ok(address) => self.network(&address, key, subject.profile).await,
            Err(Stopped(because)) => self.skip(&Check::ALL[3..], because),
        }
    }

    async fn network(
        &mut self,
        address: &Address,
        key: Option<SecretString>,
        profile: ProfileChoice,
    ) {
        let look = match self.reach(address).await {
            Ok(look) => look,
            Err(Stopped(because)) => return self.skip_after(because),
        };
        let socket = self.socket(address, key.as_ref(), &look).await;
        match key {
            Some(key) => self.pull(address, key, profile, &socket).await,
            None => self.skip(&[Check::Pull, Check::Profile], Check::Keyring),
        }
        self.clock(&socket);
    }

    fn address(&mut self, given: Result<Address, AddressError>) -> Result<Address, Stopped> {
        match given {
            Ok(address) => {
                self.finding(Check::Address, Code::Readable, Some(address.source()));
                Ok(address)
            }
            Err(error) => {
                let code = match error {
                    AddressError::Empty => Code::Empty,
                    AddressError::NotAUrl => Code::NotAUrl,
                    AddressError::Scheme => Code::Scheme,
                    AddressError::Credentials => Code::Credentials,
                };
                self.finding(Check::Address, code, None);
                Err(Stopped(Check::Address))
            }
        }
    }

    async fn keyring(
        &mut self,
        key: BoxFuture<'static, Result<FoundKey, NoKey>>,
    ) -> Option<SecretString> {
        let (code, key) = match key.await {
            Ok(found) if !is_usable(&found.key) => (Code::Unusable, None),
            Ok(found) => {
                let code = match found.place {
                    KeyPlace::Keyring => Code::InKeyring,
                    KeyPlace::Environment => Code::InEnvironment,
                    KeyPlace::Memory => Code::InMemory,
                    KeyPlace::Typed => Code::Typed,
                };
                (code, Some(found.key))
            }
            Err(NoKey::Missing) => (Code::Missing, None),
            Err(NoKey::Keyring(KeyStoreError::NoKeyring)) => (Code::NoKeyring, None),
            Err(NoKey::Keyring(KeyStoreError::Locked)) => (Code::Locked, None),
            Err(NoKey::Keyring(KeyStoreError::Denied)) => (Code::Denied, None),
        };
        self.finding(Check::Keyring, code, None);
        key
    }

    async fn disk(&mut self, folder: &Path) {
        let (code, free) = disk::examine(folder, self.doctor.free_space).await;
        self.finding(Check::Disk, code, free);
    }

    fn clock(&mut self, socket: &link::Socket) {
        let Some((server, here)) = self.server_time else {
            return match socket.stopped {
                Some(because) => self.skip(&[Check::Clock], because),
                None => self.finding(Check::Clock, Code::NotTold, None),
            };
        };
        let ahead = here.0.saturating_sub(server.0);
        let apart = Duration::from_millis(ahead.unsigned_abs());
        let code = match (apart <= CLOCKS_AGREE, ahead > 0) {
            (true, _) => Code::Right,
            (false, true) => Code::Ahead,
            (false, false) => Code::Behind,
        };
        let sign = if ahead < 0 { '−' } else { '+' };
        let detail = match apart.as_secs() {
            // The header counts whole seconds.
            0 | 1 => "0 s".to_owned(),
            seconds if seconds <= CLOCKS_AGREE.as_secs() => format!("{sign}{seconds} s"),
            seconds => format!("{sign}{} min", (seconds + 30) / 60),
        };
        self.finding(Check::Clock, code, Some(detail));
    }

    /// Notes the server's clock; `Date` counts whole seconds, so half a one is added.
    fn server_says(&mut self, time: Option<Timestamp>) {
        if let Some(time) = time {
            let here = self.doctor.clock.now().wall;
            self.server_time
                .get_or_insert((Timestamp(time.0.saturating_add(500)), here));
        }
    }

    /// By when a step that may take so long must be over.
    fn by(&self, at_most: Duration) -> Instant {
        (Instant::now() + at_most).min(self.end)
    }

    fn finding(&mut self, check: Check, code: Code, detail: Option<String>) {
        let took = self.begun.elapsed();
        let detail = detail.map(|detail| finding::harmless(&detail, self.key.as_ref()));
        (self.tell)(Finding::new(check, code, detail, took));
        self.begun = Instant::now();
    }

    fn skip(&mut self, checks: &[Check], because: Check) {
        for check in checks {
            (self.tell)(Finding::skipped(*check, because));
        }
    }

    /// Everything that comes after `because`.
    fn skip_after(&mut self, because: Check) {
        let after = Check::ALL.iter().skip_while(|check| **check != because);
        let after: Vec<_> = after.skip(1).copied().collect();
        self.skip(&after, because);
    }
}

/// Whether a header can carry it.
fn is_usable(key: &SecretString) -> bool {
    let key = key.expose_secret().trim();
    !key.is_empty() && reqwest::header::HeaderValue::try_from(key).is_ok()
}
