//! Orders and customers of all shops: which are not yet confirmed, and which have to be announced again. SQLite for
//! one process, PostgreSQL for several.

mod page;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
mod sqlite;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
#[cfg(feature = "postgres")]
use std::time::Duration;

use campana_contract::PAGE_LIMIT;
#[cfg(feature = "postgres")]
use secrecy::SecretString;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::confirmation::{Confirmation, NotConfirmed};
use crate::intake::{Change, NewOrder};
use crate::keys::Shop;
pub(crate) use page::Page;
#[cfg(feature = "postgres")]
use postgres::Postgres;
use sqlite::Sqlite;

/// How long one piece of work on the database may take.
#[cfg(feature = "postgres")]
const PATIENCE: Duration = Duration::from_secs(10);
/// The first pause before what nobody has fetched is announced again; each further one is longer by as much, …
const FIRST_PAUSE: i64 = 60_000;
/// … up to so many of them.
const LONGEST_PAUSE: i64 = 5;
/// The most orders that one look takes as due.
const DUE_LIMIT: i64 = 1_000;

/// Where orders are kept.
#[derive(Clone, Debug)]
pub enum Database {
    /// In memory, until the backend ends.
    Memory,
    /// A file of SQLite, for this process alone.
    File(PathBuf),
    /// PostgreSQL, by its URL.
    #[cfg(feature = "postgres")]
    Postgres(SecretString),
}

/// What the store cannot do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("there is an order with the id {0} already")]
    Taken(String),
    #[error("the order is delivered already")]
    TooLate,
    #[error("not confirmed: {0:?}")]
    CannotConfirm(Vec<NotConfirmed>),
    #[error("what is stored cannot be read: {0}")]
    Spoilt(#[from] serde_json::Error),
    #[error("the database has a newer form ({0}) than this program knows")]
    Newer(i64),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[cfg(feature = "postgres")]
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
    #[error("the work was given up")]
    GivenUp(#[from] tokio::task::JoinError),
    #[cfg(feature = "postgres")]
    #[error("the database did not answer in time")]
    Slow,
}

/// A version of an order of which a shop's clients have to hear.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct News {
    pub(crate) shop: Shop,
    sequence: i64,
    version: i64,
}

/// The backend's memory.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Sqlite(Arc<Mutex<Sqlite>>),
    #[cfg(feature = "postgres")]
    Postgres(Postgres),
}

fn milliseconds(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The most elements of a list in a page.
fn page_limit() -> i64 {
    i64::try_from(PAGE_LIMIT).unwrap_or(i64::MAX)
}

/// The same piece of work, beside the runtime's threads for SQLite.
macro_rules! on_store {
    ($store:expr, $work:ident($($argument:expr),*)) => {
        match $store {
            Store::Sqlite(sqlite) => {
                let sqlite = Arc::clone(sqlite);
                tokio::task::spawn_blocking(move || {
                    // What a panic left open was rolled back: the database itself is sound.
                    let mut sqlite = sqlite.lock().unwrap_or_else(PoisonError::into_inner);
                    sqlite.$work($(&$argument),*)
                })
                .await?
            }
            #[cfg(feature = "postgres")]
            Store::Postgres(postgres) => {
                tokio::time::timeout(PATIENCE, postgres.$work($(&$argument),*))
                    .await
                    .map_err(|_| StoreError::Slow)?
            }
        }
    };
}

impl Store {
    /// Opens it, and makes what it needs in it.
    pub(crate) async fn open(database: Database) -> Result<Self, StoreError> {
        match database {
            Database::Memory => Self::open_sqlite(None).await,
            Database::File(file) => Self::open_sqlite(Some(file)).await,
            #[cfg(feature = "postgres")]
            Database::Postgres(url) => Postgres::open(&url).await.map(Self::Postgres),
        }
    }

    async fn open_sqlite(file: Option<PathBuf>) -> Result<Self, StoreError> {
        let opened = tokio::task::spawn_blocking(move || Sqlite::open(file.as_deref())).await??;
        Ok(Self::Sqlite(Arc::new(Mutex::new(opened))))
    }

    /// Takes new orders, all or none, and their customers.
    pub(crate) async fn add(
        &self,
        shop: Shop,
        orders: Vec<NewOrder>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        on_store!(self, add(shop, orders, now))
    }

    /// Changes an order: pending and to be announced again. `None` if there is no such order, `Some(false)` if it is
    /// so already.
    pub(crate) async fn edit(
        &self,
        shop: Shop,
        id: String,
        change: Change,
        now: OffsetDateTime,
    ) -> Result<Option<bool>, StoreError> {
        on_store!(self, edit(shop, id, change, now))
    }

    /// Applies a confirmation, then hands out the page that is pending. What was changed since it was last handed out
    /// stays pending. `strict`: one identifier that cannot be confirmed makes all of it fail.
    pub(crate) async fn confirm_and_hand_out(
        &self,
        shop: Shop,
        confirmation: Confirmation,
        strict: bool,
    ) -> Result<Page, StoreError> {
        let confirmed = if confirmation.names_nothing() {
            let unreadable = confirmation.unreadable;
            if strict && !unreadable.is_empty() {
                return Err(StoreError::CannotConfirm(unreadable));
            }
            unreadable
        } else {
            let of = shop.clone();
            on_store!(self, confirm(of, confirmation, strict))?
        };
        let mut page = on_store!(self, hand_out(shop))?;
        page.not_confirmed = confirmed;
        Ok(page)
    }

    /// The bodies of all pending orders, oldest first.
    pub(crate) async fn pending(&self, shop: Shop) -> Result<Vec<Map<String, Value>>, StoreError> {
        let bodies: Vec<String> = on_store!(self, pending(shop))?;
        bodies
            .iter()
            .map(|body| Ok(serde_json::from_str(body)?))
            .collect()
    }

    /// The shops with something that nobody has fetched and that is due to be announced again. Whoever asks has the
    /// announcing of it: no other process gets the same answer, and the next pause has begun.
    pub(crate) async fn take_due(&self, now: OffsetDateTime) -> Result<Vec<Shop>, StoreError> {
        on_store!(self, take_due(now))
    }

    /// What was made, changed or due again since then.
    pub(crate) async fn news_since(&self, since: OffsetDateTime) -> Result<Vec<News>, StoreError> {
        on_store!(self, news_since(since))
    }

    /// How many orders are pending, in all shops.
    pub(crate) async fn count_pending(&self) -> Result<i64, StoreError> {
        on_store!(self, count_pending())
    }

    /// Ends what is open.
    pub(crate) async fn close(&self) {
        match self {
            // Nothing is open between two pieces of work.
            Self::Sqlite(_) => {}
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.close().await,
        }
    }
}
