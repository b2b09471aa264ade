//! The integrity check.

use super::row::{COLUMNS, OrderRow};
use super::{Inbox, InboxError};

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
