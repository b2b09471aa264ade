//! The event log: what the link, the pulls and the confirmations did lately, for people who look for
//! a fault. It holds stable codes, names of events, figures and identifiers of orders where nothing else
//! would tell what is meant; no key, and nothing of what an order or a customer says.

pub(crate) mod codes;
mod log;
#[cfg(test)]
mod tests;

use campana_contract::Timestamp;
use serde::Serialize;

pub use log::{KEPT, Log};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// When, by this computer's clock.
    pub at: Timestamp,
    /// What.
    pub kind: ActivityKind,
    /// Whether it went as it should.
    pub went_well: bool,
    /// A stable code (a carrier, a profile, a cause) or the name of an event.
    pub detail: Option<String>,
    /// Of what came.
    pub bytes: Option<u64>,
    /// How long it took, or how long a connection held.
    pub milliseconds: Option<u64>,
    /// Of orders or confirmations, attempts, seconds to wait, or equal events in a row, by kind.
    pub number: Option<u64>,
}

/// What happened. Its `snake_case` name is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// Campana began to work.
    Started,
    /// Campana ended, and had time to say so.
    Ended,
    /// It got something to work with, or other settings; the detail says what.
    Configured,
    /// Somebody, or the network, wants it to go on at once.
    Asked,
    /// A connection is being opened, by this carrier; the number counts attempts since the last success.
    Connecting,
    /// The namespace let it in.
    Joined,
    /// The namespace refused.
    Refused,
    /// The connection ended.
    Closed,
    /// An event came; the detail is its name, the number how many equal ones came in a row.
    Hint,
    /// `sync:orders` was answered by `orders:pending`, or was not; the number is how many are pending.
    Question,
    /// A pull ended; the number is the orders in its page.
    Pull,
    /// A confirmation ended; the number is what it named.
    Confirm,
    /// A page that was not empty was stored, or any was not; the number is what was new or changed in it.
    Store,
    /// An element that cannot be read, or a confirmation that the server refuses, was set aside.
    SetAside,
    /// The status changed; that it is just syncing does not count.
    Status,
    /// It waits so many seconds before it tries again.
    Retry,
}

impl ActivityKind {
    /// Each of them.
    pub const ALL: [Self; 16] = [
        Self::Started,
        Self::Ended,
        Self::Configured,
        Self::Asked,
        Self::Connecting,
        Self::Joined,
        Self::Refused,
        Self::Closed,
        Self::Hint,
        Self::Question,
        Self::Pull,
        Self::Confirm,
        Self::Store,
        Self::SetAside,
        Self::Status,
        Self::Retry,
    ];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Ended => "ended",
            Self::Configured => "configured",
            Self::Asked => "asked",
            Self::Connecting => "connecting",
            Self::Joined => "joined",
            Self::Refused => "refused",
            Self::Closed => "closed",
            Self::Hint => "hint",
            Self::Question => "question",
            Self::Pull => "pull",
            Self::Confirm => "confirm",
            Self::Store => "store",
            Self::SetAside => "set_aside",
            Self::Status => "status",
            Self::Retry => "retry",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
