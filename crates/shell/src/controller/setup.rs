//! Settings and key: finding, saving, removing. It waits for disks and keyrings, never in the controller's task.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use campana_contract::Timestamp;
use campana_sync::address::{Address, AddressError};
use campana_sync::certificate_authority::{CertificateAuthority, Unusable};
use campana_sync::configuration::{Key, ProfileChoice, Receiver};
use campana_sync::http::Profile;
use campana_sync::key_store::{KeyStore, KeyStoreError};
use campana_sync::settings::Settings;
use secrecy::{ExposeSecret, SecretString};

use super::input::error;
use crate::engine::Engine;
use crate::view::{CommandError, KeyPlace, ProfileView, ReceiverChoice, SettingsForm, ShopChoice};

/// A key longer than this is a mistake at pasting.
const LONGEST_KEY: usize = 4096;

/// A key and where it is.
#[derive(Clone, Debug)]
pub struct FoundKey {
    /// Where.
    pub place: KeyPlace,
    /// The key, or why there is none.
    pub key: Key,
}

/// The keys that live outside the keyring, each with the source that it belongs to.
#[derive(Clone, Debug, Default)]
pub(super) struct LooseKeys {
    /// From the environment; before any address is known, it belongs to the first one.
    pub environment: Option<(Option<String>, SecretString)>,
    /// Entered on a system without a keyring.
    pub memory: Vec<(String, SecretString)>,
}

impl LooseKeys {
    fn of(&self, source: &str) -> Option<FoundKey> {
        let found = |place, key: &SecretString| FoundKey {
            place,
            key: Key::Present(key.clone()),
        };
        // What was entered by hand is newer than what the environment said at the start.
        let memory = self.memory.iter().find(|(of, _)| of == source);
        let environment = self
            .environment
            .as_ref()
            .filter(|(of, _)| of.as_deref().is_none_or(|of| of == source));
        memory
            .map(|(_, key)| found(KeyPlace::Memory, key))
            .or_else(|| environment.map(|(_, key)| found(KeyPlace::Environment, key)))
    }

    /// Forgets what belongs to this source.
    pub fn forget(&mut self, source: &str) {
        self.memory.retain(|(of, _)| of != source);
        let belongs =
            |(of, _): &(Option<String>, SecretString)| of.as_deref().is_none_or(|of| of == source);
        if self.environment.as_ref().is_some_and(belongs) {
            self.environment = None;
        }
    }
}

/// Looks for the key of this source.
pub(super) async fn find_key(store: &dyn KeyStore, loose: &LooseKeys, source: &str) -> FoundKey {
    if let Some(found) = loose.of(source) {
        return found;
    }
    let (place, key) = match store.get(source).await {
        Ok(Some(key)) => (KeyPlace::Keyring, Key::Present(key)),
        Ok(None) | Err(KeyStoreError::NoKeyring) => (KeyPlace::Missing, Key::Missing),
        Err(KeyStoreError::Locked) => (KeyPlace::Locked, Key::Unavailable),
        Err(KeyStoreError::Denied) => (KeyPlace::Denied, Key::Unavailable),
    };
    FoundKey { place, key }
}

/// What was saved.
pub struct Saved {
    /// The backend.
    pub address: Address,
    /// Its key.
    pub key: FoundKey,
    /// A new key was entered: what the environment said of this backend holds no more.
    pub is_new_key: bool,
    /// Everything but the key.
    pub settings: Settings,
}

/// What saving needs.
pub(super) struct Saving {
    pub store: Arc<dyn KeyStore>,
    pub loose: LooseKeys,
    pub folder: PathBuf,
    pub settings: Settings,
    pub form: SettingsForm,
    /// The backend until now and its key.
    pub before: Option<(String, Key)>,
    pub engine: Arc<dyn Engine>,
    pub now: Timestamp,
}

impl Saving {
    /// The key first, then the file: a file without its key would be a promise.
    ///
    /// # Errors
    /// What the person can do something about; nothing is half saved but a key in its keyring.
    pub async fn run(mut self) -> Result<Saved, CommandError> {
        let address = address(&self.form)?;
        let source = address.source();
        let entered = entered_key(&self.form)?;
        let is_new_key = entered.is_some();
        allow(&self.form, &address, &self.settings)?;
        if let Some(Some(path)) = chosen_authority(&self.form) {
            check_authority(authority(&self.folder, &path)).await?;
        }
        let moving = self.moving(&source, entered.as_ref()).await?;
        let key = match entered {
            Some(key) => keep(self.store.as_ref(), &source, key).await?,
            None => find_key(self.store.as_ref(), &self.loose, &source).await,
        };
        if matches!(key.key, Key::Missing) {
            return Err(error("key-missing", Some("key")));
        }
        match chosen_authority(&self.form) {
            Some(chosen) => self.settings.certificate_authority = chosen,
            // It may be written by hand, perhaps while Campana runs.
            None => {
                if let Ok(present) = Settings::read(&self.folder) {
                    self.settings.certificate_authority = present.certificate_authority;
                }
            }
        }
        self.settings.plain_http_allowed = address.goes_in_the_clear().then(|| source.clone());
        self.settings.address = Some(source);
        self.settings.receiver = self.form.receiver.map(receiver);
        self.settings.profile = profile(self.form.profile);
        if let Some((from, to)) = &moving {
            // From here on nothing more enters under the address before.
            self.engine.configure(None);
            self.engine.move_source(from, to).await.map_err(|failure| {
                tracing::error!(%failure, "the history does not go along");
                error("storage-failed", None)
            })?;
        }
        let settings = match write(self.settings, self.folder).await {
            Ok(settings) => settings,
            Err(failure) => {
                if let Some((from, to)) = &moving
                    && let Err(failure) = self.engine.move_source(to, from).await
                {
                    tracing::error!(%failure, "the history does not go back");
                }
                return Err(failure);
            }
        };
        Ok(Saved {
            address,
            key,
            is_new_key,
            settings,
        })
    }

    /// Which history goes where with this saving.
    ///
    /// # Errors
    /// When somebody has to be asked first: orders came from here, and it may be another shop now.
    async fn moving(
        &self,
        source: &str,
        entered: Option<&SecretString>,
    ) -> Result<Option<(String, String)>, CommandError> {
        let Some((before, key)) = &self.before else {
            return Ok(None);
        };
        let is_same_address = before == source;
        let is_same_key = match (key, entered) {
            (Key::Present(before), Some(entered)) => {
                before.expose_secret() == entered.expose_secret()
            }
            (Key::Missing | Key::Unavailable, _) | (_, None) => true,
        };
        if is_same_address && is_same_key {
            return Ok(None);
        }
        match self.engine.knows(before).await {
            Ok(true) => {}
            // Nothing ever came from there.
            Ok(false) => return Ok(None),
            Err(failure) => {
                tracing::error!(%failure, "whether orders came from the address before");
                return Err(error("storage-failed", None));
            }
        }
        match (self.form.shop, is_same_address) {
            (None, _) => Err(error("shop-unknown", Some("shop"))),
            (Some(ShopChoice::Same), true) | (Some(ShopChoice::Other), false) => Ok(None),
            (Some(ShopChoice::Same), false) => Ok(Some((before.clone(), source.to_owned()))),
            (Some(ShopChoice::Other), true) => {
                let apart = format!("{before}#before-{}", self.now.0);
                Ok(Some((before.clone(), apart)))
            }
        }
    }
}

/// What is sent to this address may be sent.
///
/// # Errors
/// When it would go over the internet in the clear, and neither the form nor the settings allow that.
pub(super) fn allow(
    form: &SettingsForm,
    address: &Address,
    settings: &Settings,
) -> Result<(), CommandError> {
    if settings.refuses(address) && !form.plain_http {
        return Err(error("address-plain-http", Some("address")));
    }
    Ok(())
}

/// The own certificate authority of the form: `None` to leave the one that there is, the inner `None` for
/// none.
pub(super) fn chosen_authority(form: &SettingsForm) -> Option<Option<PathBuf>> {
    let path = form.certificate_authority.as_ref()?.trim();
    Some((!path.is_empty()).then(|| path.into()))
}

/// A relative path begins where the settings are.
pub(super) fn authority(folder: &Path, path: &Path) -> CertificateAuthority {
    CertificateAuthority::in_file(folder.join(path))
}

async fn check_authority(authority: CertificateAuthority) -> Result<(), CommandError> {
    let read = tokio::task::spawn_blocking(move || authority.read().map(|_| ()));
    let failure = match read.await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(failure)) => failure,
        Err(_) => return Err(error("internal", None)),
    };
    let code = match failure.why {
        Unusable::Unreadable(_) => "certificate-authority-unreadable",
        Unusable::Malformed(_) => "certificate-authority-malformed",
    };
    Err(error(code, Some("certificate_authority")))
}

/// Writes the settings; what they are then.
///
/// # Errors
/// When they cannot be written.
pub(super) async fn write(settings: Settings, folder: PathBuf) -> Result<Settings, CommandError> {
    let saving = move || settings.save(&folder).map(|()| settings);
    match tokio::task::spawn_blocking(saving).await {
        Ok(Ok(settings)) => Ok(settings),
        Ok(Err(failure)) => {
            tracing::error!(%failure, "the settings cannot be saved");
            Err(error("settings-unwritable", None))
        }
        Err(_) => Err(error("internal", None)),
    }
}

async fn keep(
    store: &dyn KeyStore,
    source: &str,
    key: SecretString,
) -> Result<FoundKey, CommandError> {
    let place = match store.set(source, &key).await {
        Ok(()) => KeyPlace::Keyring,
        Err(KeyStoreError::NoKeyring) => KeyPlace::Memory,
        Err(failure) => return Err(keyring_error(failure)),
    };
    Ok(FoundKey {
        place,
        key: Key::Present(key),
    })
}

/// Forgets the key of this source in the keyring.
pub(super) async fn remove_key(store: &dyn KeyStore, source: &str) -> Result<(), CommandError> {
    match store.remove(source).await {
        Ok(()) | Err(KeyStoreError::NoKeyring) => Ok(()),
        Err(failure) => Err(keyring_error(failure)),
    }
}

fn keyring_error(failure: KeyStoreError) -> CommandError {
    let code = match failure {
        KeyStoreError::NoKeyring | KeyStoreError::Denied => "keyring-denied",
        KeyStoreError::Locked => "keyring-locked",
    };
    error(code, Some("key"))
}

/// The address of the form.
///
/// # Errors
/// What is wrong with it.
pub(super) fn address(form: &SettingsForm) -> Result<Address, CommandError> {
    Address::parse(&form.address).map_err(|wrong| {
        let code = match wrong {
            AddressError::Empty => "address-empty",
            AddressError::NotAUrl => "address-not-a-url",
            AddressError::Scheme => "address-scheme",
            AddressError::Credentials => "address-credentials",
        };
        error(code, Some("address"))
    })
}

/// The key of the form without the spaces that pasting brings; it has to fit into a header.
///
/// # Errors
/// When it cannot be a key.
pub(super) fn entered_key(form: &SettingsForm) -> Result<Option<SecretString>, CommandError> {
    let Some(entered) = &form.key else {
        return Ok(None);
    };
    let key = entered.expose_secret().trim();
    if key.is_empty() {
        return Err(error("key-missing", Some("key")));
    }
    if key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(error("key-unusable", Some("key")));
    }
    Ok(Some(SecretString::from(key)))
}

fn receiver(choice: ReceiverChoice) -> Receiver {
    match choice {
        ReceiverChoice::Campana => Receiver::Campana,
        ReceiverChoice::Till => Receiver::Till,
    }
}

pub(super) fn profile(choice: ProfileView) -> ProfileChoice {
    match choice {
        ProfileView::Auto => ProfileChoice::Auto,
        ProfileView::Guide => ProfileChoice::Fixed(Profile::Guide),
        ProfileView::Unified => ProfileChoice::Fixed(Profile::Unified),
        ProfileView::UnifiedLegacy => ProfileChoice::Fixed(Profile::UnifiedLegacy),
    }
}
