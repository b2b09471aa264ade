//! Where the API key lives: the system's keyring, one entry for each backend.

mod memory;
mod system;

use async_trait::async_trait;
use secrecy::SecretString;

pub use memory::MemoryKeyStore;
pub use system::SystemKeyring;

/// Keeps one key for each source ([`crate::address::Address::source`]), so that a key never goes to
/// another backend than the one that it was entered for.
#[async_trait]
pub trait KeyStore: Send + Sync + 'static {
    /// The key of this source; `None` when there is none.
    async fn get(&self, source: &str) -> Result<Option<SecretString>, KeyStoreError>;
    /// Keeps the key, replacing an older one.
    async fn set(&self, source: &str, key: &SecretString) -> Result<(), KeyStoreError>;
    /// Forgets the key; fine when there is none.
    async fn remove(&self, source: &str) -> Result<(), KeyStoreError>;
}

/// Why the keyring did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// The system has none.
    #[error("this system has no keyring")]
    NoKeyring,
    /// It is locked and was not unlocked in time.
    #[error("the keyring is locked")]
    Locked,
    /// It refused.
    #[error("the keyring denied access")]
    Denied,
}

/// The variable of the environment that may name the key.
pub const KEY_VARIABLE: &str = "CAMPANA_API_KEY";

/// The key that the environment names ([`KEY_VARIABLE`]), without the blanks around it.
pub fn key_from_environment() -> Option<SecretString> {
    let key = std::env::var(KEY_VARIABLE).ok()?;
    let key = key.trim();
    (!key.is_empty()).then(|| SecretString::from(key))
}
