//! Which tickets were printed. One is noted before it is sent to a printer: what was begun and has no end
//! may be on paper or not, and is never printed a second time by itself.

use campana_contract::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::row::OrderRow;
use super::{Inbox, InboxError, InboxOrder};

/// What is known of the tickets of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tickets {
    /// So many were printed.
    pub printed: u32,
    /// Another one was begun, and nothing tells how that ended.
    pub unsure: bool,
}

/// Who wanted a ticket, and from what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketWay {
    /// Campana, when the order arrived, from the ticket printer.
    Automatic,
    /// A person, from the ticket printer.
    Printer,
    /// A person, from the system's print dialog.
    Dialog,
}

impl TicketWay {
    fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Printer => "printer",
            Self::Dialog => "dialog",
        }
    }
}

/// A ticket that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BegunTicket {
    row: i64,
    /// There is, or may be, one on paper already.
    pub is_duplicate: bool,
}

impl Inbox {
    /// Notes that a ticket of this order is about to be printed; on disk when this returns. `None` when it
    /// is to be printed by itself and was begun before, or when there is no such order.
    ///
    /// # Errors
    /// When the inbox cannot be written; nothing may be printed then.
    pub fn begin_ticket(
        &mut self,
        source: &str,
        id: &str,
        way: TicketWay,
        at: Timestamp,
    ) -> Result<Option<BegunTicket>, InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        if OrderRow::find(&transaction, source, id)?.is_none() {
            return Ok(None);
        }
        let earlier: i64 = transaction.query_row(
            "SELECT count(*) FROM tickets WHERE source = ?1 AND id = ?2",
            [source, id],
            |row| row.get(0),
        )?;
        let is_duplicate = earlier > 0;
        if is_duplicate && way == TicketWay::Automatic {
            return Ok(None);
        }
        transaction.execute(
            "INSERT INTO tickets (source, id, way, begun_at) VALUES (?1, ?2, ?3, ?4)",
            params![source, id, way.word(), at.0],
        )?;
        let row = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(Some(BegunTicket { row, is_duplicate }))
    }

    /// The ticket is printed.
    ///
    /// # Errors
    /// When the inbox cannot be written; the ticket counts as one that may be printed then.
    pub fn end_ticket(&mut self, ticket: BegunTicket, at: Timestamp) -> Result<(), InboxError> {
        self.connection.execute(
            "UPDATE tickets SET ended_at = ?2 WHERE row = ?1",
            params![ticket.row, at.0],
        )?;
        Ok(())
    }

    /// Nothing of the ticket reached the printer.
    ///
    /// # Errors
    /// When the inbox cannot be written; the ticket counts as one that may be printed then.
    pub fn forget_ticket(&mut self, ticket: BegunTicket) -> Result<(), InboxError> {
        self.connection
            .execute("DELETE FROM tickets WHERE row = ?1", [ticket.row])?;
        Ok(())
    }
}

/// The order of this row with its tickets; `None` when its identifier cannot be read.
pub(super) fn with_order(
    connection: &Connection,
    row: OrderRow,
) -> rusqlite::Result<Option<InboxOrder>> {
    let tickets = of(connection, &row.source, &row.id)?;
    Ok(row
        .into_inbox_order()
        .map(|order| InboxOrder { tickets, ..order }))
}

fn of(connection: &Connection, source: &str, id: &str) -> rusqlite::Result<Tickets> {
    let counted = connection
        .prepare_cached(
            "SELECT count(ended_at), count(*) FROM tickets WHERE source = ?1 AND id = ?2",
        )?
        .query_row([source, id], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })
        .optional()?;
    let (printed, begun) = counted.unwrap_or_default();
    Ok(Tickets {
        printed: u32::try_from(printed).unwrap_or(u32::MAX),
        unsure: begun > printed,
    })
}
