//! Pull and confirm over HTTP, as a port: bounded in time and size, never following a redirect.

mod answer;
mod client;
mod document;
mod look;

pub(crate) use answer::body as body_within;
#[cfg(feature = "fuzzing")]
pub use answer::read as read_response;
pub use client::HttpClient;
pub(crate) use client::{client_for, not_sent as failure_of};
pub use document::document;
pub use look::{Look, LookFailure, TlsProblem};

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use campana_contract::{Confirmation, Page, Timestamp};
use secrecy::SecretString;

use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;

/// Carries out calls.
#[async_trait]
pub trait Exchange: Send + Sync + 'static {
    /// One HTTP exchange; ends within 40 s whatever the server does. Dropping the future gives it up.
    async fn exchange(&self, request: Request) -> Result<Answer, HttpFailure>;
}

/// One exchange.
#[derive(Clone, Debug)]
pub struct Request {
    /// The backend.
    pub address: Address,
    /// The key; goes into a header marked sensitive.
    pub key: SecretString,
    /// How this backend spells pull and confirm.
    pub profile: Profile,
    /// What is wanted.
    pub call: Call,
    /// Whom to trust besides the system's authorities.
    pub certificate_authority: Option<CertificateAuthority>,
}

/// What is wanted of the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// The pending changes.
    Pull,
    /// Confirm (the lists may be empty); the answer is a page like any other.
    Confirm(Confirmation),
}

/// How a backend spells pull and confirm (contract, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `GET` and `POST /sync/pull-changes`, `Authorization: Bearer`.
    Guide,
    /// `POST /api/sync/pull-changes` for both, `X-API-Key`.
    Unified,
    /// The same, `X-Sync-Api-Key`; an order's number is called `dailyNumber`.
    UnifiedLegacy,
}

impl Profile {
    /// Each, the usual one first.
    pub const ALL: [Self; 3] = [Self::Guide, Self::Unified, Self::UnifiedLegacy];

    /// Its stable name, in the settings, on the command line and in the inbox.
    pub fn name(self) -> &'static str {
        match self {
            Self::Guide => "guide",
            Self::Unified => "unified",
            Self::UnifiedLegacy => "unified-legacy",
        }
    }

    /// The profile of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// Pull and confirm are one call: a confirmation that fails costs the page too.
    pub fn pulls_by_confirming(self) -> bool {
        match self {
            Self::Guide => false,
            Self::Unified | Self::UnifiedLegacy => true,
        }
    }
}

/// A complete, understood answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it held; shared, for whoever stores it and whoever confirms it.
    pub page: Arc<Page>,
    /// The server's clock (`Date` header).
    pub server_time: Option<Timestamp>,
    /// Bytes of the body, decompressed.
    pub bytes: usize,
}

/// Why an exchange brought no page. The words are technical, without key and personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFailure {
    /// No connection: name, route, port or TLS.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// The server's certificate cannot be trusted; nothing was sent.
    #[error("the certificate was refused: {0}")]
    CertificateRefused(String),
    /// The own certificate authority cannot be used; nothing was sent.
    #[error("the certificate authority cannot be used: {0}")]
    CertificateAuthorityUnusable(String),
    /// No whole answer in time.
    #[error("no whole answer in time")]
    TimedOut,
    /// The connection broke in the middle of the answer.
    #[error("the answer broke off: {0}")]
    BrokenOff(String),
    /// 401, 403, or 500 with a body about the key.
    #[error("the key was refused ({status})")]
    KeyRefused {
        /// The HTTP status.
        status: u16,
        /// The body says that no key came rather than a wrong one.
        missing: bool,
    },
    /// Any other answer than 2xx.
    #[error("the server answered {status}: {reason}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// Its reason, with the server's own code and words where there are any.
        reason: String,
        /// `Retry-After`, as long as it said.
        retry_after: Option<Duration>,
        /// The body is JSON with the contract's error in it, not a proxy's page.
        well_formed: bool,
    },
    /// 3xx, not followed: the key goes to no other place.
    #[error("the server sends elsewhere ({status}){}", .location.as_ref().map(|to| format!(": {to}")).unwrap_or_default())]
    Redirected {
        /// The HTTP status.
        status: u16,
        /// Where to, if it said so.
        location: Option<String>,
    },
    /// More than 32 MiB.
    #[error("the answer is larger than 32 MiB")]
    TooLarge,
    /// 2xx, but not what the contract says.
    #[error("{0}")]
    NotUnderstood(campana_contract::NotUnderstood),
}

/// The bounds of one exchange; the defaults are the design's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect.
    pub connect: Duration,
    /// For the whole answer.
    pub whole: Duration,
    /// Bytes of the body, decompressed.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            bytes: 32 * 1024 * 1024,
        }
    }
}

#[cfg(test)]
mod tests;
