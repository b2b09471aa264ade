//! What reaches the engine, and what it wants done.

use std::collections::HashMap;
use std::sync::Arc;

use campana_contract::{Confirmation, ElementKind, Order, Refusal};

use crate::configuration::ProfileChoice;
use crate::http::{Answer, Call, HttpFailure, Profile};
use crate::inbox::{KnownOrder, Stored};
use crate::link::{Closed, Transport};
use crate::report::Report;

/// Tells which request or connection an answer belongs to; what is of an older one is discarded.
pub type Generation = u64;

/// Which backend it is ([`Address::source`](crate::address::Address::source)); empty while there is no address.
pub type Source = Arc<str>;

/// One thing that happened.
#[derive(Debug)]
pub enum Input {
    /// The settings changed, or are known for the first time.
    Configure(Setup, Source),
    /// *Sincronizar ahora*.
    SyncNow,
    /// The computer's network changed.
    NetworkChanged,
    /// The connection of this generation says something.
    Link(Generation, LinkInput),
    /// The exchange of this generation ended.
    Exchanged(Generation, Result<Answer, ExchangeFailure>),
    /// The page of this generation was stored, or was not.
    Stored(Generation, Result<Stored, NotStored>),
    /// These partial orders were stored, or were not.
    PartialStored(Vec<Order>, Result<Stored, NotStored>),
    /// The inbox's thread failed; technical words.
    InboxFailed(String),
    /// Time passed.
    Tick,
}

/// What there is to work with. Address and key themselves stay with the driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// No address.
    NotConfigured,
    /// An address without a key.
    KeyMissing,
    /// The keyring does not hand the key out.
    KeyUnavailable,
    /// Everything there; `confirms`: Campana is the one that receives the orders.
    Ready {
        /// Whether confirmations are sent.
        confirms: bool,
        /// How the backend spells pull and confirm.
        profile: ProfileChoice,
        /// What worked at this backend before; only [`ProfileChoice::Auto`] asks for it.
        remembered: Option<Profile>,
    },
}

/// What a connection says.
#[derive(Debug)]
pub enum LinkInput {
    /// The namespace answered.
    Joined,
    /// `changes:pending`.
    Changes,
    /// `orders:pending` came; what it brings is being compared with the inbox.
    Answered,
    /// What `orders:pending` brought; `news` are the rows that the inbox does not know in this version.
    Pending {
        /// Unknown or newer ones.
        news: Vec<Order>,
    },
    /// Any other event, by name.
    Other(String),
    /// The namespace refused.
    Refused(Refusal),
    /// The connection is no more.
    Closed(Closed),
}

/// An exchange failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeFailure {
    /// How.
    pub failure: HttpFailure,
    /// This computer has no way to any network.
    pub no_network: bool,
}

/// A page could not be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotStored {
    /// Why.
    pub failure: StoreFailure,
    /// Which of its orders the inbox holds all the same, as far as it can be read.
    pub known: HashMap<String, KnownOrder>,
}

impl From<StoreFailure> for NotStored {
    /// Nothing could be read either.
    fn from(failure: StoreFailure) -> Self {
        Self {
            failure,
            known: HashMap::new(),
        }
    }
}

/// Why a page could not be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreFailure {
    /// The disk is full.
    DiskFull,
    /// Anything else; technical words.
    Unwritable(String),
}

/// One thing to do.
#[derive(Debug)]
pub enum Effect {
    /// Open a connection; an older one is closed.
    Open(Generation, Transport),
    /// Close the connection.
    Close,
    /// Emit `sync:orders` on it.
    Ask,
    /// Carry out an exchange, spelled so.
    Exchange(Generation, Profile, Call),
    /// Give up the exchange.
    Abandon,
    /// Store the answer's page, in one transaction.
    Store(Generation, Answer),
    /// Store rows of `orders:pending` as partial orders.
    StorePartial(Vec<Order>),
    /// Note in the inbox what the server accepted.
    NoteConfirmed(Confirmation),
    /// Note in the inbox that the server refuses the confirmation of this identifier.
    NoteRefused(ElementKind, String),
    /// Remember that this profile works at the present backend.
    RememberProfile(Profile),
    /// Tell it.
    Report(Report),
}
