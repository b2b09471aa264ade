//! The system's keyring: Secret Service, Windows Credential Manager, macOS Keychain.

#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use super::{KeyStore, KeyStoreError};

/// What the entries are filed under.
const SERVICE: &str = "Campana";
/// Reading happens by itself, so nobody may be there to unlock the keyring.
const TO_READ: Duration = Duration::from_secs(10);
/// Somebody is at the settings window and may have to type a password.
const TO_WRITE: Duration = Duration::from_secs(60);

/// The one turn for all calls of this program: two writes land in the order in which they were asked
/// for, and a question that nobody answers holds one thread, not one more for each attempt.
static TURN: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// The system's keyring. Each call runs on a thread of its own, because a keyring that asks for its
/// password blocks for as long as the question stands; whoever comes meanwhile waits no longer than its
/// own time and finds the keyring locked.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemKeyring {}

#[async_trait]
impl KeyStore for SystemKeyring {
    async fn get(&self, source: &str) -> Result<Option<SecretString>, KeyStoreError> {
        on_a_thread(source, TO_READ, |entry| match entry.get_password() {
            Ok(key) => Ok(Some(SecretString::from(key))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn set(&self, source: &str, key: &SecretString) -> Result<(), KeyStoreError> {
        let key = key.clone();
        on_a_thread(source, TO_WRITE, move |entry| {
            entry.set_password(key.expose_secret())
        })
        .await
    }

    async fn remove(&self, source: &str) -> Result<(), KeyStoreError> {
        on_a_thread(source, TO_WRITE, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }
}

async fn on_a_thread<R: Send + 'static>(
    source: &str,
    limit: Duration,
    work: impl FnOnce(&Entry) -> keyring::Result<R> + Send + 'static,
) -> Result<R, KeyStoreError> {
    let source = source.to_owned();
    in_turn(&TURN, limit, move || {
        Entry::new(SERVICE, &source)
            .and_then(|entry| work(&entry))
            .map_err(|error| meaning(&error))
    })
    .await
}

/// Runs `work` on a thread of its own when the turn has come, and waits no longer than `limit` for both.
/// The thread keeps its turn until it is done, also when nobody waits for it any more; work whose turn
/// came too late is not begun.
async fn in_turn<R: Send + 'static>(
    turn: &Arc<Semaphore>,
    limit: Duration,
    work: impl FnOnce() -> Result<R, KeyStoreError> + Send + 'static,
) -> Result<R, KeyStoreError> {
    let turn = Arc::clone(turn);
    let in_time = timeout(limit, async move {
        // Nobody ever closes it.
        let Ok(permit) = turn.acquire_owned().await else {
            return Err(KeyStoreError::Denied);
        };
        let (answer, answered) = oneshot::channel();
        let call = move || {
            let result = work();
            // The turn ends first: who gets the answer may call again at once.
            drop(permit);
            // Whoever asked may have given up.
            let _ = answer.send(result);
        };
        let thread = std::thread::Builder::new().name("keyring".into());
        if let Err(error) = thread.spawn(call) {
            tracing::warn!(%error, "no thread for the keyring");
            return Err(KeyStoreError::Denied);
        }
        // Without an answer the thread panicked inside the keyring's library.
        answered.await.unwrap_or(Err(KeyStoreError::Denied))
    });
    in_time.await.unwrap_or(Err(KeyStoreError::Locked))
}

/// What an error means to the person in front of it. Its text is logged: keyring's errors name the
/// storage, never the secret; those that carry data are reduced to their kind.
fn meaning(error: &Error) -> KeyStoreError {
    match error {
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => KeyStoreError::NoKeyring,
        Error::NoStorageAccess(why) => {
            tracing::warn!(%why, "the keyring gives no access");
            KeyStoreError::Locked
        }
        Error::PlatformFailure(why) => {
            tracing::warn!(%why, "the keyring failed");
            KeyStoreError::Denied
        }
        Error::NoEntry
        | Error::BadEncoding(_)
        | Error::BadDataFormat(..)
        | Error::BadStoreFormat(_)
        | Error::TooLong(..)
        | Error::Invalid(..)
        | Error::Ambiguous(_)
        | _ => {
            tracing::warn!("the keyring holds something that Campana did not put there");
            KeyStoreError::Denied
        }
    }
}
