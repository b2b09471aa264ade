//! A history: what happens to one shop, step by step. Text on disk, so that one that failed can be
//! kept, read and replayed however the generator changes.

mod generate;

use serde::{Deserialize, Serialize};

/// A shop and what happens to it. The seed feeds what the steps leave open: latencies, jitter, which
/// byte a crash tears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Of everything random.
    pub seed: u64,
    /// What stays the same throughout.
    pub shop: Shop,
    /// In their order.
    pub steps: Vec<Step>,
}

/// What kind of backend it is, and how it stands at the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Clears a confirmed order only if it did not change since it was handed out, as `crates/backend`
    /// does; deployed servers clear it all the same, which is how this wire can lose an edit.
    pub guards_versions: bool,
    /// Answers `sync:orders`.
    pub answers_questions: bool,
    /// Announces what happens.
    pub announces: bool,
    /// Has WebSocket; else only long-polling.
    pub has_websocket: bool,
    /// Campana receives the orders; else it only watches.
    pub confirms: bool,
    /// How it spells pull and confirm; Campana has to find out.
    #[serde(default)]
    pub spelling: Spelling,
    /// Orders that are pending before Campana first comes.
    pub pending_at_first: u16,
}

/// How a backend spells pull and confirm (contract, section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// As the guide does.
    #[default]
    Guide,
    /// In one call.
    Unified,
    /// In one call, with the older names.
    UnifiedLegacy,
}

/// Something that happens, so long after the step before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds.
    pub after: u64,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What can happen. Orders are named by a number that counts round, so that it means something
/// whatever steps are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Customers order.
    Orders {
        /// So many.
        count: u16,
    },
    /// An order changes at the server.
    Edit {
        /// Which.
        order: u32,
        /// In a way that people must hear of.
        matters: bool,
    },
    /// An order is cancelled.
    Cancel {
        /// Which.
        order: u32,
    },
    /// Another program confirms the oldest pending orders.
    OthersConfirm {
        /// So many.
        count: u16,
    },
    /// The server holds an element without an id from now on.
    BadElement,
    /// Every confirmation that names this order fails as a whole from now on.
    Poison {
        /// Which.
        order: u32,
    },
    /// The next answer is one from before: a cache, or a replica that lags.
    StalePage,
    /// HTTP goes wrong.
    Http {
        /// How.
        fault: HttpFault,
        /// For so many milliseconds.
        lasts: u64,
    },
    /// New connections go wrong.
    Joining {
        /// How.
        fault: JoinFault,
        /// For so many milliseconds.
        lasts: u64,
    },
    /// Announcements go wrong.
    Hints {
        /// How.
        fault: HintFault,
        /// For so many milliseconds.
        lasts: u64,
    },
    /// The disk goes wrong.
    Disk {
        /// How.
        fault: DiskFault,
        /// For so many milliseconds.
        lasts: u64,
    },
    /// The connection ends, and Campana is told.
    Drop,
    /// The connection dies without a word: no packet arrives any more.
    DieSilently,
    /// The server throws Campana out of the namespace.
    Kick,
    /// A hint that nothing was behind.
    IdleHint,
    /// Campana dies, and is started again.
    Crash {
        /// What becomes of the page that is just being written.
        writing: Torn,
        /// For so many milliseconds.
        away: u64,
    },
    /// The computer sleeps.
    Sleep {
        /// For so many milliseconds.
        lasts: u64,
    },
    /// Somebody sets the computer's clock.
    ClockJump {
        /// By so many milliseconds, either way.
        by: i64,
    },
    /// The system says that the network changed.
    NetworkChanged,
    /// *Sincronizar ahora*.
    SyncNow,
    /// Somebody sees an order.
    See {
        /// Which of those that the inbox shows.
        order: u32,
    },
    /// The owner enters a key.
    EnterKey {
        /// The right one.
        right: bool,
    },
    /// The server refuses every key for so many milliseconds.
    KeysRefused {
        /// For so many milliseconds.
        lasts: u64,
    },
    /// The owner says who receives the orders.
    Receiver {
        /// Campana.
        campana: bool,
    },
    /// The owner enters the address of the other shop, or that of this one again.
    Address {
        /// The other shop's.
        other: bool,
    },
}

/// How HTTP goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum HttpFault {
    /// No connection.
    Unreachable,
    /// The request reaches nobody; nothing comes.
    Silent,
    /// The server does what it was asked; its answer is lost and nothing comes.
    AnswerLost,
    /// The server does what it was asked; its answer breaks off.
    BrokenOff,
    /// The server does what it was asked after the request was given up.
    AppliedLate,
    /// Nothing comes, and the request's own time limits do not end it.
    NeverEnds,
    /// The answer is right and late by so many milliseconds.
    Slow {
        /// Milliseconds.
        by: u64,
    },
    /// Another answer than 2xx.
    Status {
        /// The status.
        status: u16,
        /// The body is the contract's error.
        well_formed: bool,
        /// `Retry-After` in seconds.
        retry_after: Option<u64>,
    },
    /// 2xx with something else in it.
    NotUnderstood,
    /// More than 32 MiB.
    TooLarge,
}

/// How new connections go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinFault {
    /// No connection.
    Unreachable,
    /// It connects, and the namespace never answers.
    Silent,
    /// The server fails while it checks the key.
    AuthenticationFailed,
    /// There is no `/sync`.
    NoNamespace,
    /// It joins and is thrown out at once.
    KickedAtOnce,
}

/// How announcements go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum HintFault {
    /// None is sent.
    Lost,
    /// Each comes twice, apart.
    Doubled,
    /// Each is late by so many milliseconds.
    Late {
        /// Milliseconds.
        by: u64,
    },
}

/// How the disk goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum DiskFault {
    /// It is full.
    Full,
    /// Another program holds the database.
    Busy,
    /// The page is committed, and the disk reports an error all the same.
    ErrorAfterCommit,
    /// Nothing is done until it is over.
    Hangs,
    /// Everything takes so many milliseconds longer.
    Slow {
        /// Milliseconds.
        by: u64,
    },
}

/// What becomes of the page that is being written when Campana dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "torn", rename_all = "snake_case")]
pub enum Torn {
    /// Nothing of it is written.
    NotBegun,
    /// It is written up to here, in 65,536ths of its bytes.
    At {
        /// How far.
        part: u16,
    },
    /// It is committed, and nobody was told.
    Committed,
}
