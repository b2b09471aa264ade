//! How a command can fail: an exit code for scripts, a sentence for people.

use std::io;
use std::path::PathBuf;

use campana_sync::address::AddressError;
use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::doctor::Fault;
use campana_sync::inbox::InboxError;
use campana_sync::key_store::KeyStoreError;

/// The exit code of wrong usage.
pub(super) const USAGE: u8 = 2;

/// Why a command did not do what it was told.
#[derive(Debug)]
pub(super) enum Failure {
    NoAddress,
    Address(AddressError),
    /// Key and orders would go over the internet in the clear.
    PlainHttp,
    Settings(String),
    NoOrder(String),
    KeyMissing,
    Keyring(KeyStoreError),
    KeyRefused,
    Unreachable(Option<String>),
    CertificateRefused(Option<String>),
    CertificateAuthority(String),
    ServerError(Option<String>),
    Inbox(InboxError),
    NoInbox(PathBuf),
    Storage(String),
    Unsound(usize),
    /// The engine panicked again and again.
    EngineEnded,
    /// So many checks ended with a warning, none failed.
    Warnings(usize),
    /// So many checks failed, the first of them by this.
    Ailing(Fault, usize),
    Output(io::Error),
}

impl Failure {
    /// 1 warnings, 2 usage, 3 key, 4 server unreachable, 5 server error, 6 local storage, 7 Campana itself.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Warnings(_) => 1,
            Self::Ailing(fault, _) => match fault {
                Fault::Usage => USAGE,
                Fault::Key => 3,
                Fault::Unreachable => 4,
                Fault::Server => 5,
                Fault::Storage => 6,
            },
            Self::NoAddress
            | Self::Address(_)
            | Self::PlainHttp
            | Self::CertificateAuthority(_)
            | Self::NoOrder(_) => USAGE,
            Self::KeyMissing | Self::Keyring(_) | Self::KeyRefused => 3,
            Self::Unreachable(_) | Self::CertificateRefused(_) => 4,
            Self::ServerError(_) => 5,
            Self::Inbox(_)
            | Self::NoInbox(_)
            | Self::Storage(_)
            | Self::Settings(_)
            | Self::Unsound(_)
            | Self::Output(_) => 6,
            Self::EngineEnded => 7,
        }
    }

    /// What happened and what to do.
    pub(super) fn sentence(&self, catalogue: &Catalogue) -> String {
        let with = |key: &str, name: &str, value: &str| {
            catalogue.text_with(key, &[(name, Argument::Text(value))])
        };
        let counted = |key: &str, number: usize| {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            catalogue.text_with(key, &[("number", Argument::Number(number))])
        };
        let detail = |key: &str, detail: &Option<String>| {
            let text = catalogue.text(key);
            match detail {
                Some(detail) => format!("{text} ({detail})"),
                None => text,
            }
        };
        match self {
            Self::NoAddress => catalogue.text("cli-no-address"),
            Self::Address(AddressError::Empty) => catalogue.text("cli-no-address"),
            Self::Address(AddressError::NotAUrl) => catalogue.text("cli-address-not-a-url"),
            Self::Address(AddressError::Scheme) => catalogue.text("cli-address-scheme"),
            Self::Address(AddressError::Credentials) => catalogue.text("cli-address-credentials"),
            Self::PlainHttp => catalogue.text("cli-address-plain-http"),
            Self::Settings(words) => with("cli-settings-unreadable", "detail", words),
            Self::NoOrder(id) => with("cli-no-order", "id", id),
            Self::KeyMissing => catalogue.text("cli-key-missing"),
            Self::Keyring(error) => with("cli-keyring", "detail", &error.to_string()),
            Self::KeyRefused => catalogue.text("cli-key-refused"),
            Self::Unreachable(words) => detail("cli-unreachable", words),
            Self::CertificateRefused(words) => detail("cli-certificate-refused", words),
            Self::CertificateAuthority(words) => with("cli-certificate-authority", "detail", words),
            Self::ServerError(words) => detail("cli-server-error", words),
            Self::Inbox(InboxError::InUse(path)) => {
                with("cli-inbox-in-use", "path", &path.display().to_string())
            }
            Self::Inbox(InboxError::DiskFull) => catalogue.text("cli-disk-full"),
            Self::Inbox(error) => with("cli-inbox-unusable", "detail", &error.to_string()),
            Self::NoInbox(path) => with("cli-no-inbox", "path", &path.display().to_string()),
            Self::Storage(words) => with("cli-inbox-unusable", "detail", words),
            Self::Unsound(findings) => counted("cli-inbox-unsound", *findings),
            Self::EngineEnded => catalogue.text("cli-engine-ended"),
            Self::Warnings(number) => counted("doctor-warnings", *number),
            Self::Ailing(_, number) => counted("doctor-failures", *number),
            Self::Output(error) => with("cli-output", "detail", &error.to_string()),
        }
    }
}

impl From<InboxError> for Failure {
    fn from(error: InboxError) -> Self {
        Self::Inbox(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
