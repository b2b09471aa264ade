//! Retention: what was seen and confirmed long ago loses what is in it. Its identity stays, so that the
//! same order is no news when it comes again.

use std::time::Duration;

use campana_contract::Timestamp;
use rusqlite::{TransactionBehavior, params};

use super::{Inbox, InboxError, words};

/// Orders of one step: a page that comes meanwhile waits for no more.
const STEP: usize = 200;
/// Pages of the file that a step gives back, and of the index that it tidies.
const PAGES: u32 = 200;

impl Inbox {
    /// A small step of removing what is older than `keep`; true while more of them are needed. Of `watched`,
    /// a source that is never confirmed, seen is enough.
    ///
    /// # Errors
    /// When the inbox cannot be written; nothing is removed then.
    pub fn retain(
        &mut self,
        keep: Duration,
        watched: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, InboxError> {
        let emptied = self.minding_words(|inbox| inbox.empty(keep, watched, now))?;
        if emptied == STEP {
            return Ok(true);
        }
        self.give_back()
    }

    fn empty(
        &mut self,
        keep: Duration,
        watched: Option<&str>,
        now: Timestamp,
    ) -> Result<usize, InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        // A clock that is years ahead must not take everything: the newest order says what time it may be.
        let newest: Option<i64> =
            transaction.query_row("SELECT max(made_at) FROM orders", [], |row| row.get(0))?;
        let Some(newest) = newest else {
            return Ok(0);
        };
        let until = newest
            .min(now.0)
            .saturating_sub(i64::try_from(keep.as_millis()).unwrap_or(i64::MAX));
        // Rows are numbered as they come: one after this came within the span, whatever the clock said then.
        let first_recent: Option<i64> = transaction
            .prepare_cached("SELECT min(row) FROM orders WHERE made_at BETWEEN ?1 AND ?2")?
            .query_row([until, now.0], |row| row.get(0))?;
        let rows: Vec<i64> = transaction
            .prepare_cached(
                "SELECT row FROM orders INDEXED BY orders_full
                 WHERE body IS NOT NULL AND attention = 'seen' AND stored_at < ?1 AND seen_at < ?1
                     AND made_at < ?1 AND row < ?4 AND (confirmed_at IS NOT NULL OR source = ?2)
                 ORDER BY stored_at LIMIT ?3",
            )?
            .query_map(
                params![
                    until,
                    watched,
                    STEP as i64,
                    first_recent.unwrap_or(i64::MAX)
                ],
                |row| row.get(0),
            )?
            .collect::<Result<_, _>>()?;
        for row in &rows {
            words::forget(&transaction, *row)?;
            transaction
                .prepare_cached(
                    "DELETE FROM tickets WHERE (source, id) =
                         (SELECT source, id FROM orders WHERE row = ?1)",
                )?
                .execute([row])?;
            transaction
                .prepare_cached(
                    "UPDATE orders SET body = NULL, changes = '', emptied_at = ?2 WHERE row = ?1",
                )?
                .execute([*row, now.0])?;
        }
        if !rows.is_empty() {
            // What is forgotten stands in the index until it is tidied.
            words::tidy(&transaction, PAGES)?;
        }
        transaction.commit()?;
        Ok(rows.len())
    }

    /// Gives pages that hold nothing any more back to the disk; true while there are more.
    fn give_back(&self) -> Result<bool, InboxError> {
        let free = || -> Result<i64, InboxError> {
            Ok(self
                .connection
                .query_row("PRAGMA freelist_count", [], |row| row.get(0))?)
        };
        let before = free()?;
        if before == 0 {
            return Ok(false);
        }
        let mut vacuum = self
            .connection
            .prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        let after = free()?;
        // The file of an early Campana keeps its pages, and fills them again.
        Ok(after > 0 && after < before)
    }
}
