//! Keys that are gone when the program ends: the demo's, and those of a system without a keyring.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use secrecy::SecretString;

use super::{KeyStore, KeyStoreError};

/// Keeps keys in memory only.
#[derive(Debug, Default)]
pub struct MemoryKeyStore {
    keys: Mutex<HashMap<String, SecretString>>,
}

impl MemoryKeyStore {
    fn with<R>(&self, work: impl FnOnce(&mut HashMap<String, SecretString>) -> R) -> R {
        // A map of whole values is sound whatever a thread that panicked was doing with it.
        work(&mut self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl KeyStore for MemoryKeyStore {
    async fn get(&self, source: &str) -> Result<Option<SecretString>, KeyStoreError> {
        Ok(self.with(|keys| keys.get(source).cloned()))
    }

    async fn set(&self, source: &str, key: &SecretString) -> Result<(), KeyStoreError> {
        self.with(|keys| keys.insert(source.to_owned(), key.clone()));
        Ok(())
    }

    async fn remove(&self, source: &str) -> Result<(), KeyStoreError> {
        self.with(|keys| keys.remove(source));
        Ok(())
    }
}
