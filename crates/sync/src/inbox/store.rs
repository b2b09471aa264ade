//! Storing what arrived.

use std::collections::HashMap;

use campana_contract::{Confirmation, CustomerVersion, ElementKind, Order, Page};
use campana_contract::{PendingOrders, SetAside, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::aside::{forget_refusals, keep_newest, kind_word};
use super::behind::WithoutWords;
use super::element::{store_customer, store_order};
use super::error::{is_about_element, without_values};
use super::row::{OrderRow, hash};
use super::{
    Arrival, Attention, Inbox, InboxError, KnownOrder, Stored, StoredAside, StoredCustomer, salvage,
};

/// How long first contact lasts at most, in milliseconds.
const FIRST_CONTACT: i64 = 60 * 60 * 1000;

impl Inbox {
    /// Stores a page in one transaction, a savepoint for each element, orders and alerts together.
    ///
    /// # Errors
    /// Nothing of the page is stored then.
    pub fn store(
        &mut self,
        source: &str,
        page: &Page,
        arrival: Arrival,
    ) -> Result<Stored, InboxError> {
        self.store_answer(source, &Confirmation::default(), page, arrival)
    }

    /// Stores the page that answered a confirmation, as [`Inbox::store`] does, and notes in the same transaction
    /// what the server accepted.
    ///
    /// # Errors
    /// Nothing of the page is stored then, and nothing noted.
    pub fn store_answer(
        &mut self,
        source: &str,
        accepted: &Confirmation,
        page: &Page,
        arrival: Arrival,
    ) -> Result<Stored, InboxError> {
        let is_repaired = self.damage.is_some();
        let mut writing = Writing::begin(&mut self.connection, source, arrival)?;
        // First: a version that came with the answer is none that was confirmed.
        note_accepted(&writing.transaction, source, accepted, arrival.received_at)?;
        if is_repaired {
            // Asking for this page took longer than telling people.
            salvage::told(&writing.transaction)?;
        }
        let is_first_contact = writing.begin_or_continue_first_contact()?;
        for order in &page.orders {
            writing.store_order(order, false, is_first_contact)?;
        }
        for customer in &page.customers {
            writing.store_customer(customer)?;
        }
        for element in &page.set_aside {
            writing.set_aside(element)?;
        }
        if is_first_contact && !page.is_full() {
            writing.end_first_contact()?;
        }
        let stored = writing.commit(&mut self.without_words)?;
        self.damage = None;
        self.note_stored(arrival)?;
        Ok(stored)
    }

    /// Stores rows of `orders:pending` as partial orders: only those whose id is unknown. A pull's row
    /// replaces them later, and is not news then unless it differs in what the partial one told.
    ///
    /// # Errors
    /// Nothing is stored then.
    pub fn store_partial(
        &mut self,
        source: &str,
        orders: &[Order],
        arrival: Arrival,
    ) -> Result<Stored, InboxError> {
        let mut writing = Writing::begin(&mut self.connection, source, arrival)?;
        let is_first_contact = writing.is_first_contact()?;
        for order in orders {
            if OrderRow::find(&writing.transaction, source, order.id.key())?.is_none() {
                writing.store_order(order, true, is_first_contact)?;
            }
        }
        let stored = writing.commit(&mut self.without_words)?;
        self.note_stored(arrival)?;
        Ok(stored)
    }

    /// Takes note of a page that was committed, and makes sure that it went where the next start will look.
    fn note_stored(&mut self, arrival: Arrival) -> Result<(), InboxError> {
        self.expect_in_place(arrival.received_at)?;
        self.note_held()
    }

    /// The rows whose id is unknown here or whose `updatedAt` is newer than what is stored.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn news_among<'a>(
        &self,
        source: &str,
        pending: &'a PendingOrders,
    ) -> Result<Vec<&'a Order>, InboxError> {
        let mut known = self
            .connection
            .prepare_cached("SELECT updated_at FROM orders WHERE source = ?1 AND id = ?2")?;
        let mut news = Vec::new();
        for order in &pending.orders {
            let stored: Option<Option<i64>> = known
                .query_row([source, order.id.key()], |row| row.get(0))
                .optional()?;
            let is_news = match (stored, order.updated_at) {
                (None, _) => true,
                (Some(Some(stored)), Some(told)) => told.0 > stored,
                // Without both times nothing says that it is newer; a pull tells.
                (Some(_), _) => false,
            };
            if is_news {
                news.push(order);
            }
        }
        Ok(news)
    }

    /// What is known of these orders, by [`Id::key`](campana_contract::Id::key) and `updatedAt`; those
    /// that are not there are left out.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn known_among(
        &self,
        source: &str,
        versions: &[(String, Option<Timestamp>)],
    ) -> Result<HashMap<String, KnownOrder>, InboxError> {
        let mut known = HashMap::new();
        for (id, updated_at) in versions {
            let Some(row) = OrderRow::find(&self.connection, source, id)? else {
                continue;
            };
            let order = KnownOrder {
                is_current: row.updated_at >= updated_at.map(|at| at.0),
                rings: match row.attention {
                    Attention::Ringing(kind) => Some(kind),
                    Attention::FromBefore | Attention::Seen => None,
                },
            };
            known.insert(id.clone(), order);
        }
        Ok(known)
    }

    /// Notes what the server accepted.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn confirmed(
        &mut self,
        source: &str,
        confirmation: &Confirmation,
        at: Timestamp,
    ) -> Result<(), InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        note_accepted(&transaction, source, confirmation, at)?;
        transaction.commit()?;
        Ok(())
    }
}

fn note_accepted(
    transaction: &Transaction<'_>,
    source: &str,
    accepted: &Confirmation,
    at: Timestamp,
) -> rusqlite::Result<()> {
    if accepted.is_empty() {
        return Ok(());
    }
    {
        let mut note = transaction
            .prepare_cached("UPDATE orders SET confirmed_at = ?3 WHERE source = ?1 AND id = ?2")?;
        for order in &accepted.orders {
            note.execute(params![source, order.id.key(), at.0])?;
        }
    }
    let orders = accepted.orders.iter().map(|order| &order.id);
    forget_refusals(transaction, source, ElementKind::Order, orders)?;
    forget_refusals(
        transaction,
        source,
        ElementKind::Customer,
        accepted.customers.iter(),
    )
}

/// A page while it is being stored.
struct Writing<'a> {
    transaction: Transaction<'a>,
    source: &'a str,
    arrival: Arrival,
    stored: Stored,
    /// What was stored, by its row: it is not found by its words yet.
    without_words: Vec<(i64, &'a Order)>,
}

impl<'a> Writing<'a> {
    fn begin(
        connection: &'a mut Connection,
        source: &'a str,
        arrival: Arrival,
    ) -> Result<Self, InboxError> {
        Ok(Self {
            transaction: connection.transaction_with_behavior(TransactionBehavior::Immediate)?,
            source,
            arrival,
            stored: Stored::default(),
            without_words: Vec::new(),
        })
    }

    fn commit(self, without_words: &mut WithoutWords) -> Result<Stored, InboxError> {
        self.transaction.commit()?;
        without_words.add(&self.without_words);
        Ok(self.stored)
    }

    fn is_first_contact(&self) -> Result<bool, InboxError> {
        let contact: Option<(i64, Option<i64>)> = self
            .transaction
            .query_row(
                "SELECT first_contact_began_at, first_contact_ended_at FROM sources
                 WHERE source = ?1",
                [self.source],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(match contact {
            None => true,
            Some((_, Some(_))) => false,
            Some((began, None)) => self.arrival.received_at.0.saturating_sub(began) < FIRST_CONTACT,
        })
    }

    fn begin_or_continue_first_contact(&self) -> Result<bool, InboxError> {
        let is_first_contact = self.is_first_contact()?;
        if is_first_contact {
            self.transaction.execute(
                "INSERT INTO sources (source, first_contact_began_at) VALUES (?1, ?2)
                 ON CONFLICT (source) DO NOTHING",
                params![self.source, self.arrival.received_at.0],
            )?;
        } else {
            self.end_first_contact()?;
        }
        Ok(is_first_contact)
    }

    fn end_first_contact(&self) -> Result<(), InboxError> {
        self.transaction.execute(
            "UPDATE sources SET first_contact_ended_at = ?2
             WHERE source = ?1 AND first_contact_ended_at IS NULL",
            params![self.source, self.arrival.received_at.0],
        )?;
        Ok(())
    }

    /// Runs `store` in a savepoint of its own: what it wrote goes if the element is at fault, and
    /// the error comes back as the inner one; what is not the element's fault ends the whole page.
    fn alone<T>(
        &mut self,
        store: impl FnOnce(&Connection, &str, Arrival) -> rusqlite::Result<T>,
    ) -> Result<Result<T, rusqlite::Error>, InboxError> {
        self.now("SAVEPOINT element")?;
        let done = match store(&self.transaction, self.source, self.arrival) {
            Ok(done) => Ok(done),
            Err(error) if is_about_element(&error) => {
                self.now("ROLLBACK TO element")?;
                Err(error)
            }
            Err(error) => return Err(error.into()),
        };
        self.now("RELEASE element")?;
        Ok(done)
    }

    fn now(&self, what: &str) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached(what)?
            .execute([])
            .map(|_| ())
    }

    fn store_order(
        &mut self,
        order: &'a Order,
        is_partial: bool,
        is_first_contact: bool,
    ) -> Result<(), InboxError> {
        let done = self.alone(|savepoint, source, arrival| {
            store_order(
                savepoint,
                source,
                arrival,
                order,
                is_partial,
                is_first_contact,
            )
        })?;
        match done {
            Ok((stored, row)) => {
                self.stored.orders.push(stored);
                self.without_words.extend(row.map(|row| (row, order)));
            }
            Err(error) => self.set_aside(&SetAside {
                kind: ElementKind::Order,
                hash: hash(&order.body),
                raw: Some(order.body.clone()),
                size: order.body.len(),
                reason: format!("could not be stored: {}", reason(&error)),
            })?,
        }
        Ok(())
    }

    fn store_customer(&mut self, customer: &CustomerVersion) -> Result<(), InboxError> {
        let done =
            self.alone(|savepoint, source, _| store_customer(savepoint, source, customer))?;
        match done {
            Ok(is_news) => self.stored.customers.push(StoredCustomer {
                id: customer.id.clone(),
                is_news,
            }),
            Err(error) => self.set_aside(&SetAside {
                kind: ElementKind::Customer,
                hash: customer.hash.clone(),
                raw: None,
                size: 0,
                reason: format!("could not be stored: {}", reason(&error)),
            })?,
        }
        Ok(())
    }

    fn set_aside(&mut self, element: &SetAside) -> Result<(), InboxError> {
        let done = self.alone(|savepoint, source, arrival| {
            let at = arrival.server_time.unwrap_or(arrival.received_at);
            let added = savepoint.execute(
                "INSERT INTO set_aside (source, kind, hash, raw, size, reason, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (source, kind, hash) DO NOTHING",
                params![
                    source,
                    kind_word(element.kind),
                    element.hash,
                    element.raw,
                    i64::try_from(element.size).unwrap_or(i64::MAX),
                    element.reason,
                    at.0,
                ],
            )?;
            keep_newest(savepoint)?;
            Ok(added)
        })?;
        // One that cannot even be set aside is told each time that it comes.
        if !matches!(done, Ok(0)) {
            self.stored.set_aside.push(StoredAside {
                kind: element.kind,
                hash: element.hash.clone(),
                reason: element.reason.clone(),
            });
        }
        Ok(())
    }
}

/// The cause without what was stored.
fn reason(error: &rusqlite::Error) -> String {
    error.sqlite_error().map_or_else(
        || without_values(error).to_owned(),
        |sqlite| format!("{:?} ({})", sqlite.code, sqlite.extended_code),
    )
}
