//! The status: what is true now, why, and since when.

use campana_contract::Timestamp;
use serde::Serialize;

/// What the tray says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The state.
    pub kind: StatusKind,
    /// Why, for the states that have a reason.
    pub cause: Option<Cause>,
    /// Since when this state holds.
    pub since: Timestamp,
    /// When the engine tries again by itself.
    pub next_attempt: Option<Timestamp>,
    /// When a complete pull was last stored.
    pub last_sync: Option<Timestamp>,
    /// Another program seems to receive this shop's orders.
    pub another_receiver: bool,
    /// How many orders and customers are stored whose confirmation the server refuses.
    pub confirmations_refused: u32,
    /// Technical words for the person who repairs it; no key, no personal data.
    pub detail: Option<String>,
}

impl Status {
    /// A status of this kind since then, with nothing else to say.
    pub const fn new(kind: StatusKind, since: Timestamp) -> Self {
        Self {
            kind,
            cause: None,
            since,
            next_attempt: None,
            last_sync: None,
            another_receiver: false,
            confirmations_refused: 0,
            detail: None,
        }
    }
}

/// The states, as design names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(
        rename = "StatusCode",
        export_to = "../../../ui/src/backend/bindings.ts"
    )
)]
#[allow(missing_docs, reason = "the names say it")]
pub enum StatusKind {
    NotConfigured,
    Connecting,
    /// Orders made now arrive here within seconds.
    InSync,
    Syncing,
    /// Orders still come, every minute.
    PollingOnly,
    /// Newer orders may be hidden behind a full page that cannot end.
    Limited,
    Offline,
    KeyMissing,
    KeyRefused,
    StorageFailed,
}

/// Why a state is not the good one. Its `snake_case` name is the stable code towards the UI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Cause {
    /// This computer has no network.
    NoNetwork,
    /// Nobody answers at the address, or not in time.
    ServerUnreachable,
    /// The server's certificate is for another name, from an unknown authority or out of date: nothing was
    /// sent.
    CertificateRefused,
    /// The file with the own certificate authority cannot be read or used.
    CertificateAuthorityUnusable,
    /// The server answers with an error.
    ServerError,
    /// The server answers something else than the contract says.
    AnswerNotUnderstood,
    /// The server sends elsewhere.
    Redirected,
    /// The answer is larger than 32 MiB.
    AnswerTooLarge,
    /// The backend has no `/sync` namespace.
    NamespaceMissing,
    /// The link is down; pulls work.
    LinkDown,
    /// The link is up but announces nothing.
    NoHints,
    /// Nothing is confirmed (Campana only watches, or nobody said who receives), so a full page stays full.
    ConfirmationOff,
    /// The server keeps a full page although it was confirmed.
    PageStuck,
    /// The disk is full.
    DiskFull,
    /// The inbox cannot be written.
    InboxUnwritable,
    /// The address is of plain http outside the local network, and nobody allowed that.
    AddressPlainHttp,
    /// The system's keyring gave no answer or denied it.
    KeyringUnavailable,
}
