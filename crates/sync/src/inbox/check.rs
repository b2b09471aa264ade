//! The integrity check.

use rusqlite::{OptionalExtension, params};

use super::row::{COLUMNS, OrderRow};
use super::{Inbox, InboxError, Reading, open};

/// Orders that are read in one go.
const SOME: usize = 200;

impl Reading {
    /// Reads the orders of the next rows after this one: that each can be read, has the text that came, and is found
    /// by its name. The row to go on after; `None` when there are no more.
    ///
    /// # Errors
    /// [`InboxError::Damaged`] when one is not.
    pub fn check_some(&self, after: i64) -> Result<Option<i64>, InboxError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM orders NOT INDEXED WHERE row > ?1 ORDER BY row LIMIT ?2"
        ))?;
        let mut by_name = self
            .connection
            .prepare_cached("SELECT row FROM orders WHERE source = ?1 AND id = ?2")?;
        let mut last = None;
        for order in statement.query_map(params![after, SOME as i64], OrderRow::read)? {
            let order = order?;
            open::expect_own_text(&order)?;
            let found = by_name.query_row([&order.source, &order.id], |row| row.get(0));
            if found.optional()? != Some(order.row) {
                return Err(InboxError::Damaged(
                    "an order is not found by its name".into(),
                ));
            }
            last = Some(order.row);
        }
        Ok(last)
    }
}

impl Inbox {
    /// What an integrity check finds; empty means sound.
    ///
    /// # Errors
    /// When it cannot be carried out.
    pub fn check(&self) -> Result<Vec<String>, InboxError> {
        let mut found = Vec::new();
        let mut integrity = self.connection.prepare("PRAGMA integrity_check")?;
        for line in integrity.query_map([], |row| row.get::<_, String>(0))? {
            let line = line?;
            if line != "ok" {
                found.push(line);
            }
        }
        let mut orders = self
            .connection
            .prepare(&format!("SELECT {COLUMNS} FROM orders ORDER BY row"))?;
        let mut rows = orders.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            match OrderRow::read(row) {
                // The row's number and not the order's identifier: a report goes to strangers.
                Ok(order) => found.extend(
                    order
                        .contradictions()
                        .into_iter()
                        .map(|what| format!("order in row {number}: {what}")),
                ),
                Err(_) => found.push(format!("order in row {number}: cannot be read")),
            }
        }
        Ok(found)
    }
}
