//! Another address, the same shop: what came from the one belongs to the other from now on.

use rusqlite::{Transaction, TransactionBehavior, params};

use super::profiles::PROFILE_OF;
use super::{Inbox, InboxError};

impl Inbox {
    /// Whether a page of this source was ever stored.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn knows(&self, source: &str) -> Result<bool, InboxError> {
        let query = "SELECT EXISTS (SELECT 1 FROM sources WHERE source = ?1)";
        Ok(self
            .connection
            .query_row(query, [source], |row| row.get(0))?)
    }

    /// Everything of the source `from` belongs to `to`: an order that rang or was seen there is the same one
    /// here. Where both have the same identifier, each keeps its own.
    ///
    /// # Errors
    /// When the inbox cannot be written; nothing is moved then.
    pub fn move_source(&mut self, from: &str, to: &str) -> Result<(), InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in tables_by_source(&transaction)? {
            transaction.execute(
                &format!("UPDATE OR IGNORE \"{table}\" SET source = ?2 WHERE source = ?1"),
                [from, to],
            )?;
        }
        transaction.execute(
            "UPDATE OR IGNORE facts SET name = ?2 WHERE name = ?1",
            params![format!("{PROFILE_OF}{from}"), format!("{PROFILE_OF}{to}")],
        )?;
        transaction.commit()?;
        Ok(())
    }
}

/// Every table whose rows say where they came from.
fn tables_by_source(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<String>> {
    transaction
        .prepare(
            "SELECT name FROM sqlite_schema AS tables WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
             AND EXISTS (SELECT 1 FROM pragma_table_info(tables.name) AS members WHERE members.name = 'source')",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}
