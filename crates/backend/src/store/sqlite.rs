//! The store in SQLite, for one process.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    DUE_LIMIT, FIRST_PAUSE, LONGEST_PAUSE, News, Page, StoreError, milliseconds, page_limit, schema,
};
use crate::confirmation::{Confirmation, ConfirmedOrder, Kind, NotConfirmed};
use crate::intake::{Change, Changed, CustomerBody, NewOrder};
use crate::keys::Shop;

/// How long to wait for another program that has the file, a backup for example.
const BUSY: Duration = Duration::from_secs(5);

/// An open database.
#[derive(Debug)]
pub(crate) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens the file, or a database in memory.
    pub(super) fn open(file: Option<&Path>) -> Result<Self, StoreError> {
        let mut connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        schema::bring_sqlite_up_to_date(&mut connection)?;
        Ok(Self { connection })
    }

    fn begin(&mut self) -> Result<Transaction<'_>, rusqlite::Error> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
    }

    pub(super) fn add(
        &mut self,
        shop: &Shop,
        orders: &[NewOrder],
        now: &OffsetDateTime,
    ) -> Result<(), StoreError> {
        let now = milliseconds(*now);
        let announce_at = now.saturating_add(FIRST_PAUSE);
        let transaction = self.begin()?;
        for order in orders {
            let inserted = transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO orders (shop, id, body, news_at, announce_at)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![shop.name(), order.id, order.body, now, announce_at])?;
            if inserted == 0 {
                return Err(StoreError::Taken(order.id.clone()));
            }
            if let Some(customer) = &order.customer {
                update_customer(&transaction, shop, customer)?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    pub(super) fn edit(
        &mut self,
        shop: &Shop,
        id: &str,
        change: &Change,
        now: &OffsetDateTime,
    ) -> Result<Option<bool>, StoreError> {
        let transaction = self.begin()?;
        let Some(before) = body_of(&transaction, shop, id)? else {
            return Ok(None);
        };
        let (order, customer) = match change.clone().of(before, *now) {
            Changed::Nothing => return Ok(Some(false)),
            Changed::TooLate => return Err(StoreError::TooLate),
            Changed::To(order, customer) => (order, customer),
        };
        if let Some(customer) = customer {
            update_customer(&transaction, shop, &customer)?;
        }
        let body = Value::Object(order).to_string();
        let now = milliseconds(*now);
        let announce_at = now.saturating_add(FIRST_PAUSE);
        transaction.execute(
            "UPDATE orders SET body = ?3, pending = 1, version = version + 1, news_at = ?4, announce_at = ?5,
                 announced = 0
             WHERE shop = ?1 AND id = ?2",
            params![shop.name(), id, body, now, announce_at],
        )?;
        transaction.commit()?;
        Ok(Some(true))
    }

    pub(super) fn confirm(
        &mut self,
        shop: &Shop,
        confirmation: &Confirmation,
        strict: &bool,
    ) -> Result<Vec<NotConfirmed>, StoreError> {
        let transaction = self.begin()?;
        let mut not_confirmed = confirmation.unreadable.clone();
        for order in &confirmation.orders {
            if clear_flag(&transaction, "orders", shop, &order.id)? {
                set_number(&transaction, shop, order)?;
            } else {
                not_confirmed.push(NotConfirmed::unknown(Kind::Order, &order.id));
            }
        }
        for id in &confirmation.customers {
            if !clear_flag(&transaction, "customers", shop, id)? {
                not_confirmed.push(NotConfirmed::unknown(Kind::Customer, id));
            }
        }
        if *strict && !not_confirmed.is_empty() {
            return Err(StoreError::CannotConfirm(not_confirmed));
        }
        transaction.commit()?;
        Ok(not_confirmed)
    }

    pub(super) fn hand_out(&mut self, shop: &Shop) -> Result<Page, StoreError> {
        let transaction = self.begin()?;
        let orders = hand_out(
            &transaction,
            shop,
            "orders",
            "UPDATE orders SET handed_out = version, announce_at = NULL WHERE sequence = ?1",
        )?;
        let customers = hand_out(
            &transaction,
            shop,
            "customers",
            "UPDATE customers SET handed_out = version WHERE sequence = ?1",
        )?;
        transaction.commit()?;
        Ok(Page {
            orders,
            customers,
            ..Page::default()
        })
    }

    pub(super) fn pending(&mut self, shop: &Shop) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body FROM orders WHERE shop = ?1 AND pending ORDER BY sequence",
        )?;
        let bodies = statement.query_map([shop.name()], |row| row.get(0))?;
        Ok(bodies.collect::<Result<_, _>>()?)
    }

    pub(super) fn take_due(&mut self, now: &OffsetDateTime) -> Result<Vec<Shop>, StoreError> {
        let transaction = self.begin()?;
        let shops = {
            let mut statement = transaction.prepare_cached(
                "UPDATE orders SET announced = announced + 1, announce_at = ?1 + ?2 * min(announced + 2, ?3), news_at = ?1
                 WHERE sequence IN (SELECT sequence FROM orders WHERE announce_at <= ?1 ORDER BY announce_at LIMIT ?4)
                 RETURNING shop",
            )?;
            let now = milliseconds(*now);
            let arguments = params![now, FIRST_PAUSE, LONGEST_PAUSE, DUE_LIMIT];
            let shops = statement.query_map(arguments, |row| row.get::<_, String>(0))?;
            shops.collect::<Result<Vec<_>, _>>()?
        };
        transaction.commit()?;
        Ok(each_once(shops))
    }

    pub(super) fn news_since(&mut self, since: &OffsetDateTime) -> Result<Vec<News>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT shop, sequence, version FROM orders WHERE news_at >= ?1")?;
        let news = statement.query_map([milliseconds(*since)], |row| {
            Ok(News {
                shop: Shop::stored(&row.get::<_, String>(0)?),
                sequence: row.get(1)?,
                version: row.get(2)?,
            })
        })?;
        Ok(news.collect::<Result<_, _>>()?)
    }

    pub(super) fn count_pending(&mut self) -> Result<i64, StoreError> {
        let count = "SELECT count(*) FROM orders WHERE pending";
        Ok(self.connection.query_row(count, [], |row| row.get(0))?)
    }
}

/// The shops of these names, each once.
pub(super) fn each_once(mut names: Vec<String>) -> Vec<Shop> {
    names.sort_unstable();
    names.dedup();
    names.iter().map(|name| Shop::stored(name)).collect()
}

fn body_of(
    transaction: &Transaction<'_>,
    shop: &Shop,
    id: &str,
) -> Result<Option<Map<String, Value>>, StoreError> {
    let body: Option<String> = transaction
        .prepare_cached("SELECT body FROM orders WHERE shop = ?1 AND id = ?2")?
        .query_row([shop.name(), id], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

/// An order's customer counts as updated until it is confirmed.
fn update_customer(
    transaction: &Transaction<'_>,
    shop: &Shop,
    customer: &CustomerBody,
) -> Result<(), rusqlite::Error> {
    transaction
        .prepare_cached(
            "INSERT INTO customers (shop, id, body) VALUES (?1, ?2, ?3) ON CONFLICT (shop, id) DO UPDATE
             SET body = excluded.body, pending = 1, version = version + 1",
        )?
        .execute([shop.name(), &customer.id, &customer.body])?;
    Ok(())
}

/// Whether there is one with that id.
fn clear_flag(
    transaction: &Transaction<'_>,
    table: &str,
    shop: &Shop,
    id: &str,
) -> Result<bool, rusqlite::Error> {
    let known = transaction
        .prepare_cached(&format!(
            "UPDATE {table} SET pending = pending AND (handed_out IS NOT version) WHERE shop = ?1 AND id = ?2"
        ))?
        .execute([shop.name(), id])?;
    Ok(known > 0)
}

fn set_number(
    transaction: &Transaction<'_>,
    shop: &Shop,
    confirmed: &ConfirmedOrder,
) -> Result<(), StoreError> {
    let Some(number) = confirmed.number else {
        return Ok(());
    };
    if let Some(mut order) = body_of(transaction, shop, &confirmed.id)? {
        order.insert("shiftOrderNumber".into(), number.into());
        transaction
            .prepare_cached("UPDATE orders SET body = ?3 WHERE shop = ?1 AND id = ?2")?
            .execute(params![
                shop.name(),
                confirmed.id,
                Value::Object(order).to_string()
            ])?;
    }
    Ok(())
}

/// The oldest pending bodies; remembers which version it gave, and writes only where that is another one.
fn hand_out(
    transaction: &Transaction<'_>,
    shop: &Shop,
    table: &str,
    given: &str,
) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = transaction.prepare_cached(&format!(
        "SELECT sequence, body, handed_out IS NOT version FROM {table}
         WHERE shop = ?1 AND pending ORDER BY sequence LIMIT ?2"
    ))?;
    let rows = statement
        .query_map(params![shop.name(), page_limit()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<Vec<(i64, String, bool)>, _>>()?;
    let mut remember = transaction.prepare_cached(given)?;
    let mut bodies = Vec::with_capacity(rows.len());
    for (sequence, body, is_new) in rows {
        if is_new {
            remember.execute([sequence])?;
        }
        bodies.push(body);
    }
    Ok(bodies)
}
