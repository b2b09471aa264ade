//! How this shop is connected: the settings, the address and the key.

use std::path::PathBuf;
use std::sync::Arc;

use campana_sync::address::Address;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::configuration::Key;
use campana_sync::settings::Settings;
use tokio::time::Instant;

use super::Environment;
use super::setup::LooseKeys;

/// The settings as they hold, and what was found for them.
pub(super) struct Connection {
    pub settings: Settings,
    /// The folder of the settings file.
    pub folder: PathBuf,
    /// The settings as the file holds them; one saving at a time.
    pub written: Arc<tokio::sync::Mutex<Settings>>,
    /// The environment's, which goes before the settings'.
    pub certificate_authority: Option<CertificateAuthority>,
    pub loose_keys: LooseKeys,
    pub address: Option<Address>,
    pub key: Key,
    /// When the key is looked for again.
    pub key_retry: Option<Instant>,
    pub is_first_key: bool,
}

impl Connection {
    /// As the settings and the environment say; the key is not looked for yet.
    pub fn new(settings: Settings, folder: PathBuf, environment: Environment) -> Self {
        let written = environment.address.as_ref().or(settings.address.as_ref());
        let address = written.and_then(|text| {
            let parsed = Address::parse(text);
            if let Err(wrong) = &parsed {
                tracing::warn!(%wrong, "the backend's address cannot be used");
            }
            parsed.ok()
        });
        let source = address.as_ref().map(Address::source);
        Self {
            written: Arc::new(tokio::sync::Mutex::new(settings.clone())),
            settings,
            folder,
            certificate_authority: environment.certificate_authority,
            loose_keys: LooseKeys {
                environment: environment.key.map(|key| (source, key)),
                memory: Vec::new(),
            },
            address,
            key: Key::Missing,
            key_retry: None,
            is_first_key: true,
        }
    }
}
