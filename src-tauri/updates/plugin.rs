//! New versions by `tauri-plugin-updater`: it compares versions, verifies and installs. The list of versions is
//! fetched by Campana's own client, since the plugin reads it without a bound.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use campana_shell::updates::{UpdateFailure, Updates, Way};
use campana_sync::http::{HttpFailure, Limits, document};
use serde_json::Value;
use tauri::utils::config::BundleType;
use tauri::utils::platform::bundle_type;
use tauri::{AppHandle, Runtime};
use tauri_plugin_updater::{Error, Update, UpdaterExt};
use tokio::sync::oneshot;

use super::{Source, is_allowed};

/// How much is waited for and taken.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// For the list of versions.
    pub list: Limits,
    /// For the whole package.
    pub package: Duration,
    /// Without a byte of the package.
    pub silence: Duration,
    /// Bytes of the package, which is kept in memory.
    pub bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            list: Limits {
                bytes: 1024 * 1024,
                ..Limits::default()
            },
            package: Duration::from_secs(60 * 60),
            silence: Duration::from_secs(60),
            bytes: 300 * 1024 * 1024,
        }
    }
}

/// The real ones.
pub struct PluginUpdates<R: Runtime> {
    app: AppHandle<R>,
    source: Source,
    way: Way,
    /// The file that is replaced; `None` leaves the plugin to find it.
    program: Option<PathBuf>,
    bounds: Bounds,
    found: Mutex<Option<Update>>,
    /// Of `found`, and verified.
    package: Mutex<Option<Vec<u8>>>,
    #[cfg(test)]
    pub(super) trusts_any_certificate: bool,
}

impl<R: Runtime> PluginUpdates<R> {
    /// For this program as it was installed.
    pub fn new(app: AppHandle<R>, source: Source) -> Self {
        let (way, program) = installation();
        Self::for_program(app, source, way, program, Bounds::default())
    }

    pub(super) fn for_program(
        app: AppHandle<R>,
        source: Source,
        way: Way,
        program: Option<PathBuf>,
        bounds: Bounds,
    ) -> Self {
        Self {
            app,
            source,
            way,
            program,
            bounds,
            found: Mutex::default(),
            package: Mutex::default(),
            #[cfg(test)]
            trusts_any_certificate: false,
        }
    }

    /// The list of versions, from the first address that has one.
    async fn list(&self) -> Result<Option<Value>, UpdateFailure> {
        let mut failure = UpdateFailure::Unreachable("no address".into());
        for address in &self.source.addresses {
            let list = match document(address, self.bounds.list, None).await {
                Ok(Some(list)) => list,
                Ok(None) => return Ok(None),
                Err(why) => {
                    failure = of_list(&why);
                    continue;
                }
            };
            match serde_json::from_slice(&list) {
                Ok(list) => return Ok(Some(list)),
                Err(why) => failure = UpdateFailure::Answer(why.to_string()),
            }
        }
        Err(failure)
    }

    /// What the list has for this computer, with the version if it is newer than this one. That the package is
    /// signed for the announced version is required of everything that comes of it.
    fn newer(&self, list: Value) -> (Option<String>, Result<Option<Update>, Error>) {
        let newer = Arc::new(Mutex::new(None));
        let noted = newer.clone();
        let bounds = self.bounds;
        let only_https = Arc::new(AtomicBool::new(true));
        let https = only_https.clone();
        let mut builder = self
            .app
            .updater_builder()
            .pubkey(self.source.public_key.clone())
            .version_comparator(move |present, release| {
                let is_newer = release.version > present;
                if is_newer {
                    *kept(&noted) = Some(release.version.to_string());
                }
                is_newer
            });
        if let Some(program) = &self.program {
            builder = builder.executable_path(program);
        }
        #[cfg(test)]
        let trusts_any_certificate = self.trusts_any_certificate;
        let addresses = self.source.addresses.clone();
        let update = builder.endpoints(addresses).and_then(|builder| {
            builder
                .configure_client(move |client| {
                    let client = client
                        .connect_timeout(bounds.list.connect)
                        .read_timeout(bounds.silence)
                        .https_only(https.load(Ordering::Relaxed));
                    #[cfg(test)]
                    let client = client.tls_danger_accept_invalid_certs(trusts_any_certificate);
                    client
                })
                .build()?
                .restore_update(list)
        });
        if let Ok(Some(update)) = &update {
            only_https.store(update.download_url.scheme() == "https", Ordering::Relaxed);
        }
        let version = kept(&newer).take();
        (version, update)
    }

    async fn fetch(&self, update: Update) -> Result<Vec<u8>, UpdateFailure> {
        let most = self.bounds.bytes;
        let (stop, too_large) = oneshot::channel();
        let (mut stop, mut bytes) = (Some(stop), 0_u64);
        let on_chunk = move |chunk: usize, whole: Option<u64>| {
            bytes = bytes.saturating_add(u64::try_from(chunk).unwrap_or(u64::MAX));
            if bytes.max(whole.unwrap_or(0)) > most
                && let Some(stop) = stop.take()
            {
                // Whoever waits for it is gone once the download ended.
                let _ = stop.send(());
            }
        };
        let downloading = async move {
            // Large, and of the plugin's making.
            Box::pin(update.download(on_chunk, || {})).await
        };
        tokio::select! {
            biased;
            Ok(()) = too_large => Err(UpdateFailure::TooLarge(most)),
            package = downloading => package.map_err(of_package),
            () = tokio::time::sleep(self.bounds.package) => {
                Err(UpdateFailure::BrokenOff("not whole in time".into()))
            }
        }
    }
}

#[async_trait]
impl<R: Runtime> Updates for PluginUpdates<R> {
    fn way(&self) -> Way {
        self.way
    }

    async fn check(&self) -> Result<Option<String>, UpdateFailure> {
        let Some(list) = self.list().await? else {
            *kept(&self.found) = None;
            *kept(&self.package) = None;
            return Ok(None);
        };
        let (version, update) = self.newer(list);
        if self.way == Way::Package && version.is_some() {
            return Ok(version);
        }
        let update = update.map_err(of_package)?;
        if let Some(update) = &update
            && !is_allowed(&update.download_url)
        {
            return Err(UpdateFailure::NotSecure(update.download_url.to_string()));
        }
        let mut found = kept(&self.found);
        let signed = |update: &Option<Update>| update.as_ref().map(|one| one.signature.clone());
        if signed(&found) != signed(&update) {
            *kept(&self.package) = None;
        }
        let version = update.as_ref().map(|update| update.version.clone());
        *found = update;
        Ok(version)
    }

    async fn download(&self) -> Result<(), UpdateFailure> {
        if kept(&self.package).is_some() {
            return Ok(());
        }
        let found = kept(&self.found).clone();
        let update = found.ok_or_else(|| UpdateFailure::BrokenOff("nothing was found".into()))?;
        let package = self.fetch(update).await?;
        *kept(&self.package) = Some(package);
        Ok(())
    }

    async fn install(&self) -> Result<(), UpdateFailure> {
        let (update, package) = (kept(&self.found).clone(), kept(&self.package).take());
        let (Some(update), Some(package)) = (update, package) else {
            return Err(UpdateFailure::NotInstalled("nothing was fetched".into()));
        };
        let installing = tokio::task::spawn_blocking(move || update.install(package));
        match installing.await {
            Ok(installed) => installed.map_err(of_package),
            Err(failure) => Err(UpdateFailure::NotInstalled(failure.to_string())),
        }
    }
}

fn kept<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How this program was installed, and the file of an `AppImage`. A package of the system is the system's to
/// replace: the plugin would ask for the password of an administrator and pass dependencies by.
fn installation() -> (Way, Option<PathBuf>) {
    match bundle_type() {
        Some(BundleType::AppImage) => match std::env::var_os("APPIMAGE") {
            Some(image) if !image.is_empty() => (Way::InPlace, Some(image.into())),
            Some(_) | None => (Way::Package, None),
        },
        Some(BundleType::App) => (Way::InPlace, None),
        Some(BundleType::Nsis | BundleType::Msi) => (Way::Installer, None),
        Some(BundleType::Deb | BundleType::Rpm | BundleType::Dmg) | None => (Way::Package, None),
    }
}

fn of_list(failure: &HttpFailure) -> UpdateFailure {
    let words = failure.to_string();
    match failure {
        HttpFailure::Redirected { .. } => UpdateFailure::NotSecure(words),
        HttpFailure::Unreachable(_)
        | HttpFailure::CertificateRefused(_)
        | HttpFailure::CertificateAuthorityUnusable(_)
        | HttpFailure::TimedOut
        | HttpFailure::BrokenOff(_) => UpdateFailure::Unreachable(words),
        HttpFailure::KeyRefused { .. }
        | HttpFailure::Status { .. }
        | HttpFailure::TooLarge
        | HttpFailure::NotUnderstood(_) => UpdateFailure::Answer(words),
    }
}

fn of_package(error: Error) -> UpdateFailure {
    let words = error.to_string();
    if let Error::Reqwest(error) = error {
        return if error.is_redirect() {
            UpdateFailure::NotSecure(words)
        } else if error.is_connect() {
            UpdateFailure::Unreachable(words)
        } else {
            UpdateFailure::BrokenOff(words)
        };
    }
    let is_forged = matches!(
        error,
        Error::Minisign(_)
            | Error::Base64(_)
            | Error::SignatureUtf8(_)
            | Error::SignedVersionMismatch { .. }
            | Error::MissingSignedVersion
    );
    if is_forged {
        UpdateFailure::NotGenuine(words)
    } else if matches!(error, Error::InsecureTransportProtocol) {
        UpdateFailure::NotSecure(words)
    } else if matches!(error, Error::TargetNotFound(_) | Error::TargetsNotFound(_)) {
        UpdateFailure::NothingForThisComputer(words)
    } else if matches!(
        error,
        Error::Network(_) | Error::Serialization(_) | Error::Semver(_)
    ) {
        UpdateFailure::Answer(words)
    } else {
        UpdateFailure::NotInstalled(words)
    }
}
