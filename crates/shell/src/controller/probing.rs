//! *Probar conexión* in the words of the settings window.

use std::path::PathBuf;

use async_trait::async_trait;
use campana_sync::address::Address;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::configuration::{Key, ProfileChoice};
use campana_sync::doctor::{Doctor, Finding, FoundKey, KeyPlace, NoKey, Outcome, Subject};
use campana_sync::key_store::KeyStoreError;
use serde::Serialize;

use super::setup;
use crate::view::{self, CheckOutcome, CheckView};

/// Tries an address and a key.
#[async_trait]
pub trait Prober: Send + Sync + 'static {
    /// Tries, and tells each finding as soon as it is known.
    async fn probe(&self, probe: Probe, tell: Box<dyn FnMut(Finding) + Send>);
}

/// What is tried.
pub struct Probe {
    /// The backend.
    pub address: Address,
    /// Its key, or why there is none.
    pub key: Result<FoundKey, NoKey>,
    /// How it spells pull and confirm.
    pub profile: ProfileChoice,
    /// Whom to trust besides the system's authorities.
    pub certificate_authority: Option<CertificateAuthority>,
}

/// Examines the way to the backend, and this computer.
pub struct DoctorProber {
    /// Carries out the checks.
    pub doctor: Doctor,
    /// The folder of the inbox.
    pub data: PathBuf,
}

#[async_trait]
impl Prober for DoctorProber {
    async fn probe(&self, probe: Probe, tell: Box<dyn FnMut(Finding) + Send>) {
        let subject = Subject {
            address: Ok(probe.address),
            key: Box::pin(std::future::ready(probe.key)),
            profile: probe.profile,
            certificate_authority: probe.certificate_authority,
            data: self.data.clone(),
        };
        self.doctor.examine(subject, tell).await;
    }
}

/// A key that was looked for, as the checks tell of it.
pub(super) fn key(found: setup::FoundKey) -> Result<FoundKey, NoKey> {
    let place = match found.place {
        view::KeyPlace::Keyring => KeyPlace::Keyring,
        view::KeyPlace::Memory => KeyPlace::Memory,
        view::KeyPlace::Environment => KeyPlace::Environment,
        view::KeyPlace::Missing => return Err(NoKey::Missing),
        view::KeyPlace::Locked => return Err(NoKey::Keyring(KeyStoreError::Locked)),
        view::KeyPlace::Denied => return Err(NoKey::Keyring(KeyStoreError::Denied)),
    };
    match found.key {
        Key::Present(key) => Ok(FoundKey { key, place }),
        Key::Missing | Key::Unavailable => Err(NoKey::Missing),
    }
}

/// The line for a finding.
pub(super) fn check_line(finding: &Finding) -> CheckView {
    CheckView {
        check: name(finding.check),
        outcome: match finding.outcome {
            Outcome::Ok => CheckOutcome::Ok,
            Outcome::Warning => CheckOutcome::Warning,
            Outcome::Failed => CheckOutcome::Failed,
            Outcome::Skipped => CheckOutcome::Skipped,
        },
        code: name(finding.code),
        because: finding.because.map(name),
        detail: finding.detail.clone(),
    }
}

/// The stable name, as it is serialised.
fn name(code: impl Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}
