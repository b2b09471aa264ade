//! The table of activities: bounded, and of no weight for anything else.

use campana_contract::Timestamp;
use rusqlite::{TransactionBehavior, params};

use super::{Inbox, InboxError};
use crate::activity::{Activity, ActivityKind, KEPT};

impl Inbox {
    /// The newest activities, at most `limit`, oldest first.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn activity(&self, limit: usize) -> Result<Vec<Activity>, InboxError> {
        let mut select = self.connection.prepare(
            "SELECT at, kind, went_well, detail, bytes, milliseconds, number
             FROM activity ORDER BY row DESC LIMIT ?1",
        )?;
        let figure = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = select.query([limit])?;
        let mut newest_first = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            // What a newer Campana knows besides is left out.
            let Some(kind) = ActivityKind::from_name(&kind) else {
                continue;
            };
            newest_first.push(Activity {
                at: Timestamp(row.get(0)?),
                kind,
                went_well: row.get(2)?,
                detail: row.get(3)?,
                bytes: figure(row.get(4)?),
                milliseconds: figure(row.get(5)?),
                number: figure(row.get(6)?),
            });
        }
        newest_first.reverse();
        Ok(newest_first)
    }

    /// Adds these, oldest first, and lets the oldest rows go.
    ///
    /// # Errors
    /// Nothing is added then.
    pub fn add_activity(&mut self, activities: &[Activity]) -> Result<(), InboxError> {
        let figure =
            |value: Option<u64>| value.map(|value| i64::try_from(value).unwrap_or(i64::MAX));
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO activity (at, kind, went_well, detail, bytes, milliseconds, number)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for activity in activities {
                insert.execute(params![
                    activity.at.0,
                    activity.kind.name(),
                    activity.went_well,
                    activity.detail,
                    figure(activity.bytes),
                    figure(activity.milliseconds),
                    figure(activity.number),
                ])?;
            }
            transaction.execute(
                "DELETE FROM activity WHERE row <= (SELECT max(row) FROM activity) - ?1",
                [i64::try_from(KEPT).unwrap_or(i64::MAX)],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }
}
