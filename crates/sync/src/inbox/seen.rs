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
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM orders WHERE attention <> 'seen' OR seen_at >= ?1
             ORDER BY received_at DESC, row DESC"
        ))?;
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
        self.mark_where("attention = 'from_before'", at)
    }

    /// Marks everything seen that rings or is from before; how many that were.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_all_seen(&mut self, at: Timestamp) -> Result<usize, InboxError> {
        self.mark_where("attention <> 'seen'", at)
    }

    fn mark_where(&mut self, which: &str, at: Timestamp) -> Result<usize, InboxError> {
        let marked = self.connection.execute(
            &format!(
                "UPDATE orders SET attention = 'seen', changes = '', seen_version = version,
                     seen_at = ?1
                 WHERE {which}"
            ),
            params![at.0],
        )?;
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
