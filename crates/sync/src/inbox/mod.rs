//! The inbox: what the backend handed out, on disk before it is confirmed.

mod activity;
mod arrival;
mod aside;
mod backup;
mod behind;
mod check;
mod element;
mod error;
mod facets;
mod files;
mod history;
mod mark;
mod moving;
mod open;
mod profiles;
mod retention;
mod row;
mod salvage;
mod schema;
mod seen;
mod store;
#[cfg(test)]
mod tests;
mod tickets;
mod words;

use std::path::PathBuf;

use campana_contract::{ElementKind, Id, Order, Timestamp};
use rusqlite::Connection;

pub use aside::{Aside, AsideReason, UnreadableOrder};
pub use backup::Copying;
pub use error::InboxError;
pub(crate) use facets::{is_change, is_change_of_partial};
pub(crate) use files::{FILES, expect_writable, is_received_into};
pub use history::{Found, Reading, Search};
pub use seen::OrderVersion;
pub use tickets::{BegunTicket, TicketWay, Tickets};

/// The version of SQLite that keeps it.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// When and how a page arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// This computer's clock.
    pub received_at: Timestamp,
    /// The server's clock, if it told.
    pub server_time: Option<Timestamp>,
}

/// What a committed page did to the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Each readable order of the page whose present version is now on disk, or was before.
    pub orders: Vec<StoredOrder>,
    /// Each readable customer of the page, likewise.
    pub customers: Vec<StoredCustomer>,
    /// What was set aside now for the first time.
    pub set_aside: Vec<StoredAside>,
}

/// An order of a committed page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOrder {
    /// Its identifier.
    pub id: Id,
    /// Goes back in the confirmation.
    pub shift_order_number: Option<i64>,
    /// What the page did to it.
    pub change: Change,
    /// The alert that was raised in the same transaction.
    pub alert: Option<AlertKind>,
}

/// An order as the inbox knows it when it could not store a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownOrder {
    /// The version that was to be stored is there, or a newer one.
    pub is_current: bool,
    /// Why it rings, if it does.
    pub rings: Option<AlertKind>,
}

/// What a page did to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// Not known before.
    New,
    /// A newer version of a known one.
    Updated,
    /// The version that was known.
    Unchanged,
    /// An older version than the known one: not stored, and not to be confirmed as news.
    Older,
}

impl Change {
    /// Whether something was stored for it.
    pub fn is_news(self) -> bool {
        matches!(self, Self::New | Self::Updated)
    }
}

/// Why an order rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlertKind {
    /// It is new.
    NewOrder,
    /// It changed in a way that matters.
    Changed,
    /// It was cancelled.
    Cancelled,
}

/// A customer of a committed page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCustomer {
    /// Its identifier.
    pub id: Id,
    /// Whether identifier and hash were not known before.
    pub is_news: bool,
}

/// An element that was set aside for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAside {
    /// The list that it stood in.
    pub kind: ElementKind,
    /// SHA-256 in hex of its raw text.
    pub hash: String,
    /// Why, in technical words.
    pub reason: String,
}

/// A part of an order whose change matters to the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Facet {
    Type,
    Items,
    Total,
    Notes,
    Address,
    ScheduledTime,
    Cancelled,
}

/// How an order stands towards the people of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attention {
    /// Rings until somebody has seen it.
    Ringing(AlertKind),
    /// From before this shop's first contact: in the quiet group, not yet seen.
    FromBefore,
    /// Somebody has seen its present version.
    Seen,
}

/// An order in the inbox.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxOrder {
    /// The backend that it came from ([`Address::source`](crate::address::Address::source)).
    pub source: String,
    /// The order; `None` when retention removed its body or only its id is known.
    pub order: Option<Order>,
    /// Its identifier.
    pub id: Id,
    /// Counts the versions that this inbox stored, from 1, and how often it was marked unseen: what *Visto* marks.
    pub version: i64,
    /// How it stands.
    pub attention: Attention,
    /// What changed since somebody saw it, when it rings as changed or cancelled.
    pub changes: Vec<Facet>,
    /// When it first came.
    pub received_at: Timestamp,
    /// When it was last marked seen.
    pub seen_at: Option<Timestamp>,
    /// When the server accepted the confirmation of its present version.
    pub confirmed_at: Option<Timestamp>,
    /// When the server made it, else when it first came.
    pub made_at: Timestamp,
    /// What was printed of it.
    pub tickets: Tickets,
}

/// A damaged inbox was replaced by what could be saved of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where the damaged file lies now.
    pub kept_at: PathBuf,
    /// Orders saved from it and from the backup.
    pub saved: usize,
    /// From when orders may be missing: the backup's moment, or `None` when there was no backup.
    pub missing_since: Option<Timestamp>,
}

/// The open inbox. Every method blocks on the disk; none touches the network.
#[derive(Debug)]
pub struct Inbox {
    connection: Connection,
    folder: PathBuf,
    damage: Option<Damage>,
    backup: backup::State,
    places: files::Places,
    is_checked: bool,
    /// When it turned out that its file was moved.
    moved_at: Option<Timestamp>,
    without_words: behind::WithoutWords,
    // Last, so that the folder is free only when the database is closed.
    mark: Option<mark::Mark>,
}
