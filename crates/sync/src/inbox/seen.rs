//! What people are shown, and what they have seen.

use campana_contract::Timestamp;
use rusqlite::{Transaction, TransactionBehavior, params};

use super::row::{COLUMNS, OrderRow};
use super::{AlertKind, Attention, Inbox, InboxError, InboxOrder, mark, tickets};

/// A version of an order, as *Visto* marks it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderVersion {
    /// The backend that it came from ([`Address::source`](crate::address::Address::source)).
    pub source: String,
    /// [`campana_contract::Id::key`].
    pub id: String,
    /// [`InboxOrder::version`].
    pub version: i64,
}

impl Inbox {
    /// Unseen orders, those from before, and those seen since `seen_since`; newest first, of every source.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn orders(&self, seen_since: Timestamp) -> Result<Vec<InboxOrder>, InboxError> {
        let mut statement = self.connection.prepare_cached(&listing())?;
        let mut orders = Vec::new();
        for row in statement.query_map([seen_since.0], OrderRow::read)? {
            orders.extend(tickets::with_order(&self.connection, row?)?);
        }
        Ok(orders)
    }

    /// Marks this version of an order seen; a newer one goes on ringing. False when there is no such order.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_seen(
        &mut self,
        source: &str,
        id: &str,
        version: i64,
        at: Timestamp,
    ) -> Result<bool, InboxError> {
        let order = OrderVersion {
            source: source.to_owned(),
            id: id.to_owned(),
            version,
        };
        Ok(self.mark_these_seen(&[order], at)? == 1)
    }

    /// Marks these versions of orders seen, all or none; newer ones go on ringing. How many of them there are.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_these_seen(
        &mut self,
        orders: &[OrderVersion],
        at: Timestamp,
    ) -> Result<usize, InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut known = 0;
        for order in orders {
            known += usize::from(mark_one(&transaction, order, at)?);
        }
        transaction.commit()?;
        self.note_held()?;
        Ok(known)
    }

    /// Lets an order that was seen ring again, as somebody who has not seen it would hear it. It becomes a
    /// version of its own: who still looks at the one before marks nothing. False when there is no such
    /// order, or retention removed what was in it.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_unseen(&mut self, source: &str, id: &str) -> Result<bool, InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(mut row) = OrderRow::find(&transaction, source, id)? else {
            return Ok(false);
        };
        let Some(order) = row.order() else {
            return Ok(false);
        };
        if row.attention != Attention::Seen {
            return Ok(true);
        }
        row.version = row.version.saturating_add(1);
        row.rings_for = row.version;
        row.attention = Attention::Ringing(if order.is_cancelled() {
            AlertKind::Cancelled
        } else {
            AlertKind::NewOrder
        });
        row.changes.clear();
        row.write(&transaction)?;
        transaction.commit()?;
        self.note_held()?;
        Ok(true)
    }

    /// Marks seen what is from before the first contact; how many that were. What rings goes on ringing.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_from_before_seen(&mut self, at: Timestamp) -> Result<usize, InboxError> {
        self.mark_where(FROM_BEFORE, at)
    }

    /// Marks everything seen that rings or is from before; how many that were.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_all_seen(&mut self, at: Timestamp) -> Result<usize, InboxError> {
        self.mark_where(UNSEEN, at)
    }

    fn mark_where(&mut self, which: &str, at: Timestamp) -> Result<usize, InboxError> {
        let marked = self.connection.execute(&marking(which), params![at.0])?;
        self.note_held()?;
        Ok(marked)
    }

    /// The mark says what the inbox holds now (see [`mark`]).
    pub(super) fn note_held(&mut self) -> Result<(), InboxError> {
        if let Some(mark) = &mut self.mark {
            mark.set(mark::held_by(&self.connection)?);
        }
        Ok(())
    }
}

fn marking(which: &str) -> String {
    format!(
        "UPDATE orders SET attention = 'seen', changes = '', seen_version = version, seen_at = ?1
         WHERE {which}"
    )
}

/// What people are shown. With `OR`, SQLite would read every order that ever came.
fn listing() -> String {
    format!(
        "SELECT {COLUMNS} FROM orders WHERE row IN
             (SELECT row FROM orders INDEXED BY orders_unseen WHERE {UNSEEN}
              UNION SELECT row FROM orders INDEXED BY orders_seen_at WHERE seen_at >= ?1)
         ORDER BY received_at DESC, row DESC"
    )
}

/// Those that nobody has seen, as their index has them.
const UNSEEN: &str = "attention <> 'seen'";
/// Those of them that are from before; without the first half, SQLite would not see that the index has them.
const FROM_BEFORE: &str = "attention <> 'seen' AND attention = 'from_before'";

/// Whether there is such an order.
fn mark_one(
    transaction: &Transaction<'_>,
    order: &OrderVersion,
    at: Timestamp,
) -> Result<bool, InboxError> {
    let Some(mut row) = OrderRow::find(transaction, &order.source, &order.id)? else {
        return Ok(false);
    };
    let version = order.version.min(row.version);
    if row.attention == Attention::Seen || version < 1 || row.seen_version >= Some(version) {
        return Ok(true);
    }
    row.seen_at = Some(at.0);
    if version >= row.rings_for {
        // Whatever came after it changed nothing that matters.
        row.attention = Attention::Seen;
        row.changes.clear();
        row.seen_version = Some(row.version);
    } else {
        row.seen_version = Some(version);
    }
    row.write(transaction)?;
    Ok(true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    /// How many steps of SQLite's machine a statement takes where so many orders were seen and none is unseen.
    fn steps(sql: &str, history: i64) -> i32 {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(folder.path()).unwrap();
        let fill = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
             INSERT INTO orders (source, id, id_token, version, body, body_hash, is_partial, attention,
                 rings_for, changes, received_at, stored_at, seen_version, seen_at, made_at)
             SELECT 's', n, n, 1, '', '', 0, 'seen', 1, '', n, n, 1, n, n FROM numbers";
        inbox.connection.execute(fill, [history]).unwrap();
        let mut statement = inbox.connection.prepare(sql).unwrap();
        let mut rows = statement.query([history + 1]).unwrap();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        statement.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn what_is_shown_and_marked_costs_the_same_however_long_the_history_is() {
        for sql in [listing(), marking(FROM_BEFORE), marking(UNSEEN)] {
            let (few, many) = (steps(&sql, 100), steps(&sql, 10_000));
            assert!(
                many <= few + few / 10,
                "{many} steps among 10,000 orders, {few} among 100: {sql}"
            );
        }
    }
}
