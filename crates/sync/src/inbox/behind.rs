//! What is done behind the pages, so that no confirmation waits for it: the words of their orders, and the WAL's way
//! into the file.

use std::collections::BTreeMap;

use campana_contract::Order;
use rusqlite::{Connection, TransactionBehavior};

use super::{Inbox, InboxError, words};

/// Orders of one step: a page that comes meanwhile waits for no more.
const STEP: usize = 100;
/// The words of more orders are not held in memory; they are taken from the orders again.
const MOST_HELD: usize = 2_000;
/// Pages in the WAL that the file lacks, from which on they are copied: SQLite's own number.
const LONG_WAL: i64 = 1_000;
/// From which on the commit itself copies them: nothing was done behind the pages for long.
pub(super) const LONGEST_WAL: i64 = 8 * LONG_WAL;

/// The orders whose words are not kept yet. The database has their rows, in the transaction that stored them.
#[derive(Debug)]
pub(super) struct WithoutWords {
    /// The words of those that were stored lately, by row.
    held: BTreeMap<i64, String>,
    /// The database may have more of them.
    more: bool,
}

impl WithoutWords {
    /// Of an inbox that was just opened.
    pub(super) fn new() -> Self {
        Self {
            held: BTreeMap::new(),
            more: true,
        }
    }

    /// These rows were stored, and noted as being without words.
    pub(super) fn add(&mut self, stored: &[(i64, &Order)]) {
        if self.held.len() + stored.len() > MOST_HELD {
            self.held.clear();
            self.more = true;
            return;
        }
        let words = stored.iter().map(|(row, order)| (*row, words::of(order)));
        self.held.extend(words);
    }
}

impl Inbox {
    /// Takes the next small step of what is done behind the pages; false when there is none for now. If it fails, it
    /// is still to be done, at the latest after the next start.
    ///
    /// # Errors
    /// When the inbox cannot be read or written.
    pub fn go_on_behind(&mut self) -> Result<bool, InboxError> {
        if self.without_words.more || !self.without_words.held.is_empty() {
            self.minding_words(Self::keep_some_words)?;
            return Ok(true);
        }
        if pages_to_copy(&self.connection)? >= LONG_WAL {
            // What a reader keeps it from is copied another time.
            self.connection
                .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        Ok(false)
    }

    /// Does all that is to be done behind the pages.
    ///
    /// # Errors
    /// When the inbox cannot be read or written.
    pub fn do_all_behind(&mut self) -> Result<(), InboxError> {
        while self.go_on_behind()? {}
        Ok(())
    }

    fn keep_some_words(&mut self) -> Result<(), InboxError> {
        // Words can be taken again from what is on disk: nobody waits until they are.
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        let kept = keep_some(&mut self.connection, &mut self.without_words);
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        kept
    }
}

fn keep_some(
    connection: &mut Connection,
    without_words: &mut WithoutWords,
) -> Result<(), InboxError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if without_words.held.is_empty() {
        let rows: Vec<(i64, Option<String>)> = transaction
            .prepare_cached(
                "SELECT row, body FROM orders_without_words LEFT JOIN orders USING (row)
                 ORDER BY row LIMIT ?1",
            )?
            .query_map([STEP as i64], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, body) in &rows {
            let order = body.as_deref().and_then(|body| Order::parse(body).ok());
            words::keep_if_missing(&transaction, *row, order.as_ref().map(words::of).as_deref())?;
        }
        transaction.commit()?;
        without_words.more = rows.len() == STEP;
        return Ok(());
    }
    let some: Vec<i64> = without_words.held.keys().take(STEP).copied().collect();
    for row in &some {
        let words = without_words.held.get(row).map(String::as_str);
        words::keep_if_missing(&transaction, *row, words)?;
    }
    transaction.commit()?;
    for row in &some {
        without_words.held.remove(row);
    }
    Ok(())
}

/// Pages in the WAL that the file lacks.
fn pages_to_copy(connection: &Connection) -> rusqlite::Result<i64> {
    let (pages, copied): (i64, i64) = connection
        .prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
        .query_row([], |row| Ok((row.get(1)?, row.get(2)?)))?;
    Ok(pages - copied)
}
