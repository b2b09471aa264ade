//! The tables. Each step is applied once, in this order; what was applied is never changed here.
//!
//! `version` counts changes; `handed_out` is the version that the last page held. What is pending and was not yet
//! fetched in its present version is announced again at `announce_at` (milliseconds since 1970), which has happened
//! `announced` times. `news_at` (the same) is when its shop's clients last had to hear of it: made, changed or due.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// For SQLite; its `user_version` is the number of steps that were applied.
const SQLITE: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS orders (
         sequence INTEGER PRIMARY KEY AUTOINCREMENT,
         id TEXT NOT NULL UNIQUE,
         body TEXT NOT NULL,
         pending INTEGER NOT NULL DEFAULT 1,
         version INTEGER NOT NULL DEFAULT 1,
         handed_out INTEGER
     ) STRICT;
     CREATE TABLE IF NOT EXISTS customers (
         sequence INTEGER PRIMARY KEY AUTOINCREMENT,
         id TEXT NOT NULL UNIQUE,
         body TEXT NOT NULL,
         pending INTEGER NOT NULL DEFAULT 1,
         version INTEGER NOT NULL DEFAULT 1,
         handed_out INTEGER
     ) STRICT;",
    "ALTER TABLE orders RENAME TO orders_of_one_shop;
     ALTER TABLE customers RENAME TO customers_of_one_shop;
     CREATE TABLE orders (
         sequence INTEGER PRIMARY KEY AUTOINCREMENT,
         shop TEXT NOT NULL,
         id TEXT NOT NULL,
         body TEXT NOT NULL,
         pending INTEGER NOT NULL DEFAULT 1,
         version INTEGER NOT NULL DEFAULT 1,
         handed_out INTEGER,
         announce_at INTEGER,
         announced INTEGER NOT NULL DEFAULT 0,
         news_at INTEGER NOT NULL,
         UNIQUE (shop, id)
     ) STRICT;
     CREATE TABLE customers (
         sequence INTEGER PRIMARY KEY AUTOINCREMENT,
         shop TEXT NOT NULL,
         id TEXT NOT NULL,
         body TEXT NOT NULL,
         pending INTEGER NOT NULL DEFAULT 1,
         version INTEGER NOT NULL DEFAULT 1,
         handed_out INTEGER,
         UNIQUE (shop, id)
     ) STRICT;
     INSERT INTO orders (sequence, shop, id, body, pending, version, handed_out, announce_at, news_at)
         SELECT sequence, 'default', id, body, pending, version, handed_out,
                CASE WHEN pending AND handed_out IS NOT version THEN 0 END, 0
         FROM orders_of_one_shop;
     INSERT INTO customers (sequence, shop, id, body, pending, version, handed_out)
         SELECT sequence, 'default', id, body, pending, version, handed_out FROM customers_of_one_shop;
     DROP TABLE orders_of_one_shop;
     DROP TABLE customers_of_one_shop;
     CREATE INDEX orders_pending ON orders (shop, sequence) WHERE pending;
     CREATE INDEX customers_pending ON customers (shop, sequence) WHERE pending;
     CREATE INDEX orders_news ON orders (news_at);
     CREATE INDEX orders_to_announce ON orders (announce_at) WHERE announce_at IS NOT NULL;",
];

/// The steps that were not yet applied.
pub(super) fn missing(
    steps: &'static [&'static str],
    applied: i64,
) -> Result<&'static [&'static str], StoreError> {
    usize::try_from(applied)
        .ok()
        .and_then(|applied| steps.get(applied..))
        .ok_or(StoreError::Newer(applied))
}

/// Applies what is missing.
pub(super) fn bring_sqlite_up_to_date(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = i64::try_from(SQLITE.len()).unwrap_or(i64::MAX);
    for step in missing(SQLITE, applied)? {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
